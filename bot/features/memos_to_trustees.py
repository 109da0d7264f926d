"""A trustee reads the memo that was sent to them, alone, and answers the Director, alone.

A memo opens only to whom it was sent. What a trustee answered is in no message: the Director hears that there is an
answer and opens it. Answers on paper are entered by a named person.
"""

from uuid import UUID, uuid4

from bot.cards import Card, Fact, Field, FieldKind, File, Note, Option, Page, Quote, Reply, Submission, Tone
from bot.cases.appeal import DecidedAppeal, ReceivedAppeal
from bot.cases.consultation import Memo, View
from bot.clocks.calendar import short_date
from bot.features.letters_on_paper import on_paper
from bot.letters import memo as letter
from bot.people import Person, deciders
from bot.policy.terms import Action
from bot.reading import no_such
from bot.refusal import Mistake, Refusal
from bot.views import cases, consultations
from bot.views.consultations import ENTERS, SEATS
from bot.work import Work


def read(sent: Submission, work: Work) -> Reply:
    """Show a trustee the memo that was sent to them; the look is logged."""
    appeal, memo = _mine(sent, work)
    work.look(appeal.ref)
    return Reply(
        cards=(
            Card(
                title=f"Memo {appeal.ref}",
                facts=(Fact(label="Sent on", value=short_date(memo.sent_on)),),
                quotes=(Quote(label="The memo", text=memo.text),),
                notes=consultations.cautions(appeal, work),
                buttons=consultations.pushed_memo(appeal, work).buttons[1:],
            ),
        ),
        about=appeal.ref,
    )


def view_pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """What the trustee advises."""
    appeal = _waiting_mine(sent, work)
    mine = [view for view in work.shelves.appeals.views(appeal.ref) if _is_me(view.trustee, work)]
    again = tuple(
        Note(text=f"You answered on {short_date(view.given_on)}. Saving keeps another.", tone=Tone.WARNING)
        for view in mine[-1:]
    )
    return (
        Page(
            title="Give my view",
            intro="It is advice, not a vote. Only the Director reads it, and record keepers.",
            notes=(*again, *consultations.cautions(appeal, work)),
            fields=(
                Field(
                    name="words", label="What do you advise?", kind=FieldKind.LONG_TEXT, required=True, max_length=5000
                ),
            ),
            submit="Send to the Director",
        ),
    )


def give_view(sent: Submission, work: Work) -> Reply:
    """Keep what a trustee advises; the Director hears that there is an answer, without its words."""
    appeal = _waiting_mine(sent, work)
    _keep(appeal, work.actor.id, sent.text("words"), work)
    return Reply(headline="Kept. Nobody on the Board sees it; the Director has been told that you answered.")


def _keep(appeal: ReceivedAppeal, trustee: UUID, words: str, work: Work, *, sent: Submission | None = None) -> None:
    work.save(
        View(
            id=uuid4(),
            library=work.library.id,
            appeal=appeal.ref,
            trustee=trustee,
            words=words,
            given_on=(sent.day("given_on") if sent else None) or work.today,
            entered_by=work.actor.id,
            entered_at=work.now,
            scans=tuple(work.keep_file(token) for token in sent.chosen("scans")) if sent else (),
        )
    )
    memos, views = work.shelves.appeals.memos(appeal.ref), work.shelves.appeals.views(appeal.ref)
    answered = len({work.person(view.trustee).id for view in views})
    roles, _ = deciders(Action.APPEAL, on=work.today, book=work.book)
    answering = {one.id: one for role in roles for one in work.holders(role) if one.id != work.actor.id}
    work.tell_people(answering.values(), about=appeal.ref, headline=f"A trustee answered: {answered} of {len(memos)}.")


def enter_pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Whose answer it is, from which day, its words or a scan."""
    appeal = _to_enter(sent, work)
    memos = work.shelves.appeals.memos(appeal.ref)
    return (
        Page(
            title="Enter a trustee's answer",
            intro="Enter it as it is written. The scan is kept with it, and your name as whoever entered it.",
            fields=(
                Field(
                    name="trustee",
                    label="Whose answer?",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=tuple(Option(value=str(one.id), label=one.name) for one in _addressed(memos, work)),
                ),
                Field(
                    name="given_on",
                    label="Its date",
                    kind=FieldKind.DATE,
                    required=True,
                    latest=work.today,
                    initial=(work.today.isoformat(),),
                ),
                Field(name="words", label="Its words", kind=FieldKind.LONG_TEXT, max_length=5000),
                Field(
                    name="scans",
                    label="Scan or picture of it",
                    kind=FieldKind.FILE,
                    hint="Words or a scan: one is needed.",
                ),
            ),
        ),
    )


def enter_view(sent: Submission, work: Work) -> Reply:
    """Keep an answer that came on paper, with who entered it."""
    appeal = _to_enter(sent, work)
    if not sent.text("words") and not sent.chosen("scans"):
        raise Mistake("Keep what the trustee answered.", beside={"words": "Write the words, or add a scan of them."})
    first = min(memo.sent_on for memo in work.shelves.appeals.memos(appeal.ref))
    given = sent.day("given_on")
    if given is not None and given < first:
        raise Mistake(
            "It cannot be an answer to the memo.",
            beside={"given_on": f"The memos went out on {short_date(first)}; choose that day or a later one."},
        )
    _keep(appeal, UUID(sent.text("trustee")), sent.text("words"), work, sent=sent)
    return Reply(cards=cases.private(appeal.ref, work), headline="Kept.", about=appeal.ref)


def paper(case: str, which: str, work: Work) -> File:
    """One trustee's memo as a PDF file, to hand over and to get back signed.

    :raises Refusal: whoever asks hands over no memos, or there is no such memo
    """
    _require_entering(work)
    work.appeal(case)
    memos = work.shelves.appeals.memos(case)
    if not which.isdecimal() or not 1 <= int(which) <= len(memos):
        raise Mistake("There is no such memo. Open the appeal again; its card shows those there are.")
    memo = memos[int(which) - 1]
    text = "\n\n".join((memo.text, *letter.TO_WRITE_ON))
    return on_paper(f"{case} memo {which}.pdf", "Advice asked of you", text, work=work, on=memo.sent_on)


def _mine(sent: Submission, work: Work) -> tuple[ReceivedAppeal | DecidedAppeal, Memo]:
    """The appeal of a memo that was sent to the actor, who sits on the Board today.

    :raises Refusal: it was sent to somebody else, or to nobody
    """
    ref = sent.subject.strip().upper()
    memo = next((one for one in work.shelves.appeals.memos(ref) if _is_me(one.trustee, work)), None)
    if memo is None or not work.actor.has(*SEATS, on=work.today):
        raise Refusal("A memo opens only to the trustee it was sent to.")
    appeal = work.shelves.appeals.by_ref(ref)
    if appeal is None:
        raise no_such(ref)
    return appeal, memo


def _waiting_mine(sent: Submission, work: Work) -> ReceivedAppeal:
    appeal, _ = _mine(sent, work)
    if isinstance(appeal, DecidedAppeal):
        raise Refusal(f"This appeal was answered on {short_date(appeal.ruling.on)}, so advice comes too late for it.")
    return appeal


def _is_me(person: UUID, work: Work) -> bool:
    return work.person(person).id == work.actor.id


def _addressed(memos: tuple[Memo, ...], work: Work) -> tuple[Person, ...]:
    """Everybody a memo went to, once."""
    return tuple({work.person(memo.trustee).id: work.person(memo.trustee) for memo in memos}.values())


def _require_entering(work: Work) -> None:
    if not consultations.may_enter(work):
        who = " or the ".join(work.title(role) for role in ENTERS)
        raise Refusal(f"Memos on paper and their answers are for the {who}. Nothing was changed.")


def _to_enter(sent: Submission, work: Work) -> ReceivedAppeal:
    """An appeal that waits and has memos out, for whoever enters answers."""
    _require_entering(work)
    appeal = work.appeal(sent.subject.upper())
    if isinstance(appeal, DecidedAppeal):
        raise Refusal(f"{appeal.ref} was answered on {short_date(appeal.ruling.on)}, so advice comes too late for it.")
    if not work.shelves.appeals.memos(appeal.ref):
        raise Refusal("No memo went out about this appeal, so there is no answer to enter.")
    return appeal
