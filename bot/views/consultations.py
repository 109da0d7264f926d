"""The consultation of the Board as people see it. What a trustee answered opens to whoever answers the appeal only.

The consultation that is put on file, with what was advised, opens to record keepers as well. Everybody else who may
open the appeal sees how and when the Board was asked.
"""

from datetime import date

from bot.cards import Button, Card, Document, Fact, Image, Note, Quote, Tone
from bot.cases.appeal import Appeal, ReceivedAppeal, received
from bot.cases.clock import ClockState
from bot.cases.consultation import WAYS, Advice, Consultation, Memo, View
from bot.clocks.calendar import long_date, short_date
from bot.clocks.open_meetings import RULES, post_by
from bot.people import Person, Power, Standing
from bot.policy.terms import Action, ClockName, Role, Stance
from bot.ports import MessageState
from bot.views.parts import version_of
from bot.work import Work

SEATS = (Role.TRUSTEE, Role.BOARD_CHAIR)
ENTERS = (Role.DIRECTOR, Role.LIBRARIAN_IN_CHARGE)
"""Who enters what a trustee answered on paper."""


def is_asked(appeal: Appeal, work: Work) -> bool:
    """Test whether the policy of the day the appeal came in asks for the Board's advice before the answer."""
    came = received(appeal)
    return work.book.on(came.writing.received_on).appeal.at(came.level).consult == "board"


def left_to_policy(appeal: Appeal, work: Work) -> bool:
    """Test whether the library chose to answer an appeal of this act with what the policy says: it names others only.

    Library practice, for what was hidden where the policy speaks of what was removed. No consultation is asked for.
    """
    came = received(appeal)
    rule = work.book.on(came.writing.received_on).appeal
    chosen = work.book.practice("appeal.hidden")
    hidden = came.act is Action.HIDE and rule.stance is Stance.STATED and Action.HIDE not in rule.against
    return hidden and chosen is not None and chosen.value == "not_heard"


def is_wanted(appeal: Appeal, work: Work) -> bool:
    """Test whether somebody is asked to consult the Board: the policy asks for it, and the appeal is to be heard."""
    return is_asked(appeal, work) and not left_to_policy(appeal, work)


def clause(appeal: Appeal, work: Work) -> tuple[Note, ...]:
    """Where the policy asks for the consultation."""
    came = received(appeal)
    day = came.writing.received_on
    cited = work.book.on(day).appeal.rule_of("consult", level=came.level)
    return (Note.of(work.book.cite(cited, on=day)),) if cited else ()


def trustees(work: Work) -> tuple[Person, ...]:
    """Everybody with a seat on the Board today, in the chat or not, by name."""
    seated = [one for one in work.people if one.same_as is None and one.has(*SEATS, on=work.today)]
    return tuple(sorted(seated, key=lambda one: one.name))


def in_chat(person: Person) -> bool:
    """Test whether a message of this program can reach somebody, who can then answer it."""
    return person.standing is Standing.MEMBER and bool(person.identities)


def answer_due(appeal: Appeal, work: Work) -> date | None:
    """The day by which the appeal is answered; ``None`` where no date runs."""
    running = [
        one.due
        for one in work.shelves.clocks.of_case(appeal.ref)
        if one.name.startswith(ClockName.DECIDE_APPEAL_BY) and one.state is ClockState.RUNNING
    ]
    return min(running, default=None)


def meetings_inside(appeal: Appeal, work: Work) -> tuple[date, ...]:
    """The regular meetings of the Board from today to the day the answer is due; without one, every later meeting."""
    due = answer_due(appeal, work)
    return tuple(day for day in work.calendar.meetings_from(work.today) if due is None or day <= due)


def posting(meeting: date, work: Work) -> str:
    """By when the notice of a meeting is posted, and under which law; that it is not known, where it is not."""
    by = post_by(meeting, work.library.state)
    rule = RULES.get(work.library.state)
    if by is None or rule is None:
        return (
            f"By when its notice is posted is not known here for “{work.library.state or 'no state'}”: "
            "ask the clerk or counsel."
        )
    late = ", which has passed" if by < work.today else ""
    return f"Its notice is posted by {long_date(by)}{late}, at the hour of the meeting ({rule.said}; {rule.source})."


def may_enter(work: Work) -> bool:
    """Test whether the actor hands over memos on paper and enters what comes back."""
    return work.may(Power.DECIDE_APPEAL) or work.actor.has(*ENTERS, on=work.today)


def memo_key(appeal: str, trustee: Person) -> str:
    """What the message that carries a memo is known by, so that it is sent once."""
    return f"memo:{appeal}:{trustee.id}"


def on_card(appeal: Appeal, work: Work) -> tuple[tuple[Fact, ...], tuple[Quote, ...], tuple[Note, ...]]:
    """What the private card of an appeal says about the consultation: facts, what was advised, and what is missing."""
    shelf = work.shelves.appeals
    asked, memos, views, advice = (
        shelf.consultations(appeal.ref),
        shelf.memos(appeal.ref),
        shelf.views(appeal.ref),
        shelf.advice(appeal.ref),
    )
    if not (is_asked(appeal, work) or asked or advice):
        return (), (), ()
    reads = work.reads_advice(appeal)
    single = work.shelves.appeals.views(appeal.ref) if work.reads_views(appeal) else ()
    facts = [Fact(label="The Board is asked", value=_way(asked[-1], work))] if asked else []
    facts += _memos(memos, views, work, names=reads)
    facts += [Fact(label="The Board was consulted", value=_held(one, work, names=reads)) for one in advice]
    quotes = [*(_answered(one, work) for one in single), *(_advised(one) for one in (advice if reads else ()))]
    notes = list(clause(appeal, work)) if is_asked(appeal, work) else []
    waits = isinstance(appeal, ReceivedAppeal) and not appeal.second_of
    if waits and is_wanted(appeal, work) and not advice:
        board = work.book.on(received(appeal).writing.received_on).about.board
        notes.append(Note(text=f"The advice of the {board}.", tone=Tone.MISSING))
    return tuple(facts), tuple(quotes), (*notes, *_undelivered(appeal, memos, work))


def _way(asked: Consultation, work: Work) -> str:
    said = f"{WAYS[asked.way]}, chosen by {work.name(asked.opened_by)} on {short_date(work.local(asked.opened_at))}"
    if asked.meeting_on is None:
        return said
    return f"{WAYS[asked.way]} on {short_date(asked.meeting_on)}. {posting(asked.meeting_on, work)}"


def _memos(memos: tuple[Memo, ...], views: tuple[View, ...], work: Work, *, names: bool) -> list[Fact]:
    """Who got a memo and who has answered; for everybody else only how many."""
    if not memos:
        return []
    answered = {work.person(view.trustee).id: view.given_on for view in views}
    if not names:
        return [Fact(label="Memos", value=f"{len(memos)}, answered: {len(answered)}")]
    facts = []
    for memo in memos:
        trustee = work.person(memo.trustee)
        how = "on paper, to be handed over" if memo.on_paper else f"sent on {short_date(memo.sent_on)}"
        given = answered.get(trustee.id)
        state = f"answered on {short_date(given)}" if given else "not answered yet"
        facts.append(Fact(label=f"Memo to {trustee.name}", value=f"{how}; {state}"))
    return facts


def _held(advice: Advice, work: Work, *, names: bool) -> str:
    who = ", ".join(work.name(trustee) for trustee in advice.trustees)
    said = f"{WAYS[advice.way]}, {short_date(advice.held_on)}"
    by = f"recorded by {work.name(advice.recorded_by)}"
    return f"{said}; with {who}; {by}" if names and who else f"{said}; {by}"


def advice_lines(appeal: Appeal, work: Work) -> tuple[str, ...]:
    """How and when the Board was consulted, one line for each time it is on file."""
    return tuple(
        f"The Board was consulted {_held(one, work, names=True)}." for one in work.shelves.appeals.advice(appeal.ref)
    )


def _answered(view: View, work: Work) -> Quote:
    by = work.person(view.trustee)
    entered = "" if work.person(view.entered_by).id == by.id else f", entered by {work.name(view.entered_by)}"
    words = view.words or "(on paper; the scan is kept here)"
    return Quote(label=f"{by.name} answered, {short_date(view.given_on)}{entered}", text=words)


def _advised(advice: Advice) -> Quote:
    return Quote(label=f"What was advised, {short_date(advice.held_on)}", text=advice.advised)


def _undelivered(appeal: Appeal, memos: tuple[Memo, ...], work: Work) -> tuple[Note, ...]:
    """Memos that did not arrive, for whoever can hand them over instead."""
    if not may_enter(work):
        return ()
    notes = []
    for memo in memos:
        trustee = work.person(memo.trustee)
        message = None if memo.on_paper else work.shelves.messages.by_key(memo_key(appeal.ref, trustee))
        if message is not None and message.state not in {MessageState.QUEUED, MessageState.SENT}:
            text = f"The memo to {trustee.name} may not have arrived. Print it and hand it over."
            notes.append(Note(text=text, tone=Tone.WARNING))
    return tuple(notes)


def images(appeal: Appeal, work: Work) -> tuple[Image, ...]:
    """The scans of what trustees answered on paper, for whoever reads it."""
    views = work.shelves.appeals.views(appeal.ref) if work.reads_views(appeal) else ()
    return tuple(
        Image(case=appeal.ref, sha256=scan.sha256, alt=f"What {work.name(view.trustee)} answered: {scan.name}")
        for view in views
        for scan in view.scans
    )


def buttons(appeal: Appeal, work: Work) -> tuple[Button, ...]:
    """What can be done about the consultation of an appeal that is not answered yet."""
    if not isinstance(appeal, ReceivedAppeal) or not is_asked(appeal, work):
        return ()
    version = version_of(appeal.ref, work)
    shelf = work.shelves.appeals
    offered = []
    if work.answers(appeal):
        if shelf.consultations(appeal.ref):
            offered.append(("Ask the Board another way", "appeal.consult"))
        offered.append(("Record the consultation", "appeal.advice"))
    if may_enter(work) and shelf.memos(appeal.ref):
        offered.append(("Enter a trustee's answer", "appeal.enter_view"))
    return tuple(
        Button(label=label, intent=intent, subject=appeal.ref, version=version, opens_form=True)
        for label, intent in offered
    )


def documents(appeal: Appeal, work: Work) -> tuple[Document, ...]:
    """The memos, one paper for each trustee, for whoever hands them over."""
    if not may_enter(work):
        return ()
    return tuple(
        Document(case=appeal.ref, name=f"memo.{number}.pdf", label=f"Memo for {work.name(memo.trustee)} as PDF")
        for number, memo in enumerate(work.shelves.appeals.memos(appeal.ref), 1)
    )


def pushed_memo(appeal: Appeal, work: Work) -> Card:
    """A memo as it reaches a trustee in person: what is asked and by when. What it is about opens privately."""
    due = answer_due(appeal, work)
    about = work.book.on(received(appeal).writing.received_on).about
    return Card(
        title=f"Memo {appeal.ref}",
        body=f"The {about.executive} asks for your advice on a patron's appeal.",
        facts=(Fact(label="Please answer before", value=short_date(due)),) if due else (),
        notes=cautions(appeal, work),
        buttons=(
            Button(label="Read the memo", intent="appeal.memo", subject=appeal.ref),
            Button(label="Give my view", intent="appeal.view", subject=appeal.ref, opens_form=True),
        ),
    )


def cautions(appeal: Appeal, work: Work) -> tuple[Note, ...]:
    """What every memo and every answer to one carries."""
    executive = work.book.on(received(appeal).writing.received_on).about.executive
    return (
        Note(
            text=f"Answer the {executive} only. Do not write or speak of it with other members of the Board outside a "
            "posted meeting: members who pass on their views to each other may be holding a meeting.",
            tone=Tone.WARNING,
        ),
        Note(text="This memo and your answer may be public records."),
    )


def first_line(appeal: ReceivedAppeal, work: Work) -> str:
    """On the day an appeal came in: whether a regular meeting falls inside the time, and by when its notice is posted.

    Our own words only, fit for a direct message.
    """
    board = work.book.on(appeal.writing.received_on).about.board
    asked = f"The {board} is asked for advice before the answer."
    due = answer_due(appeal, work)
    inside = meetings_inside(appeal, work)
    ahead = work.calendar.meetings_from(work.today)
    if inside and due is not None:
        return (
            f"{asked} The regular meeting of {long_date(inside[0])} falls inside the time, which ends on "
            f"{long_date(due)}. {posting(inside[0], work)}"
        )
    if inside:
        return f"{asked} The next regular meeting is on {long_date(inside[0])}. {posting(inside[0], work)}"
    until = f"before {long_date(due)}, when the answer is due" if due else "ahead"
    known = f"The next is on {long_date(min(ahead))}." if ahead else "“setup” keeps the dates of its meetings."
    return f"{asked} No regular meeting is on file {until}. {known} It can be asked by memos, or at a special meeting."
