"""What is asked before something comes down, once it is known under which rules.

Where courts look closely at a ground, or the policy has two rules that pull apart, somebody has to say which view they
took. The answers are kept with the case. A ground that carries no caution, such as spam, is not asked about.
"""

from uuid import UUID

from bot.cards import Field, FieldKind, Note, Option, Page, Submission, Tone
from bot.cases.follow_up import FollowUpKind
from bot.cases.incident import ACTIONS, Outcome
from bot.cases.task import TaskKind
from bot.features import attorney_approval, same_words, two_rules, what_grounds_ask
from bot.features.following_up import duty, keep
from bot.features.removals import reason_given
from bot.people import Power, deciders
from bot.policy.pack import Ground, Pack
from bot.policy.terms import Action, Role, Stance
from bot.refusal import Citation, Mistake, Refusal
from bot.work import Work

DUPLICATE = "duplicate"
"""The code under which a policy lists a post that is there twice."""


def page(clauses: tuple[str, ...], pack: Pack, work: Work, sent: Submission) -> Page | None:
    """What these grounds ask before something comes down under them; ``None`` when they ask nothing."""
    grounds = _grounds(clauses, pack)
    ties = two_rules.touched_by((ground.rule for ground in grounds), pack)
    asked: list[Field] = []
    notes = [Note(text=f"{one.label}: {one.caution}", tone=Tone.WARNING) for one in grounds if one.caution]
    vetoed = {one.rule for one in what_grounds_ask.vetoes(pack, sent)}
    if notes and pack.complaints.rule and pack.complaints.rule not in vetoed:
        asked.append(
            Field(
                name="praised",
                label="Would it come down if it praised the library?",
                kind=FieldKind.YES_NO,
                required=True,
                hint="If not, it is its opinion that would bring it down, and it stays up.",
            )
        )
        notes.append(Note.of(work.book.cite(pack.complaints.rule, on=work.today)))
    if protects := duty("protected_speech", work):
        asked.append(protected_speech())
        notes.append(Note.of(work.book.cite(protects.rule, on=work.today)))
    if DUPLICATE in clauses:
        alike = same_words.of_the_form(sent, work)
        notes += same_words.notes(alike, work)
        first = alike.same[0].ref if alike.same and work.may(Power.SEE_HISTORY) else ""
        asked += [
            Field(
                name="same_person",
                label="Is it the same person, not only the same words?",
                kind=FieldKind.YES_NO,
                required=True,
            ),
            Field(
                name="first_post",
                label="Which is the first of them, that stays?",
                required=True,
                initial=(first,) if first else (),
                max_length=300,
            ),
        ]
    asked += what_grounds_ask.fields(grounds, pack, sent, work)
    notes += what_grounds_ask.notes(grounds, pack, sent, work)
    if not all(ground.spam for ground in grounds):
        asked += attorney_approval.question(work)
    asked += two_rules.fields(ties, pack)
    finders, named_by = _finders(sent, work)
    if named_by is not None and _found_by(finders, named_by, work).options:
        asked.append(_found_by(finders, named_by, work))
        notes.append(Note.of(named_by))
    if not asked:
        return None
    return Page(
        title="Before it comes down",
        fields=tuple(asked),
        notes=(*notes, *two_rules.notes(ties, work)),
        submit="Save",
    )


def _finders(sent: Submission, work: Work) -> tuple[frozenset[Role], Citation | None]:
    """Who finds that something comes down, where the actor is none of them, and under what: the policy or practice."""
    action = None if sent.text("detail") else ACTIONS.get(Outcome(sent.text("outcome") or Outcome.REMOVED))
    if action is None:
        return frozenset(), None
    roles, under = deciders(action, on=work.today, book=work.book)
    if not roles and work.pack.decider(Action.REMOVE).stance is not Stance.STATED:
        roles, under = deciders(Action.REMOVE, on=work.today, book=work.book)
    return (frozenset(), None) if work.actor.has(*roles, on=work.today) else (roles, under)


def _found_by(roles: frozenset[Role], named_by: Citation, work: Work) -> Field:
    people = {person.id: person for role in sorted(roles) for person in work.holders(role)}
    whose = "The library's practice" if named_by.practice else "The policy"
    return Field(
        name="found_by",
        label="Who found that it breaks the policy?",
        kind=FieldKind.CHOICE,
        required=True,
        options=tuple(Option(value=str(person.id), label=person.name) for person in people.values()),
        hint=f"{whose} leaves that to them; they are told, and take note of it.",
    )


def protected_speech() -> Field:
    """The question of a policy that leaves alone what the constitutions protect."""
    return Field(
        name="protected",
        label="Does the law protect it as free speech?",
        kind=FieldKind.YES_NO,
        required=True,
        hint="The policy does not apply to what the constitutions protect. Ask counsel when in doubt.",
    )


def check_protected(sent: Submission, work: Work) -> None:
    """Refuse to act against what the law protects, where the policy says that it does not apply to it.

    :raises Refusal: with the clause
    """
    protects = duty("protected_speech", work)
    if protects and sent.text("protected") != "no":
        raise Refusal(
            "Nothing is done about it: the policy does not apply to speech that the law protects.",
            under=work.book.cite(protects.rule, on=work.today),
        )


def pages_after(sent: Submission, work: Work, *, host_post: str, pack: Pack) -> tuple[Page, ...]:
    """The page that follows the reason, once there is one: what its grounds ask, if they ask anything."""
    clauses = sent.chosen("clauses")
    try:
        reason_given(sent, clauses, host_post=host_post, pack=pack)
    except Mistake:
        return ()
    asking = page(clauses, pack, work, sent)
    return (asking,) if asking else ()


def check(sent: Submission, clauses: tuple[str, ...], pack: Pack, work: Work, *, ref: str = "") -> None:
    """Refuse what would take a side between views, what the policy leaves alone, and what is no duplicate.

    ``ref`` is the report it is about; whoever begins one asks about the attorney once it is known.

    :raises Refusal: the policy accepts praise and criticism alike, leaves protected speech alone, or has the attorney
        agree on what touches a lawsuit
    :raises Mistake: something was not answered, or the same words come from different people
    """
    if ref:
        attorney_approval.check_agreed(ref, sent, work)
    what_grounds_ask.refuse_child_safety(_grounds(clauses, pack), work)
    asking = page(clauses, pack, work, sent)
    finders, named_by = _finders(sent, work)
    if named_by is not None and not named_by.practice and not _found_by(finders, named_by, work).options:
        who = " or ".join(sorted(work.title(role) for role in finders))
        raise Refusal(f"Nobody is {who} today, and only they find that something comes down.", under=named_by)
    if asking is None:
        return
    unanswered = [field.name for field in asking.fields if field.required and not sent.text(field.name)]
    if unanswered:
        raise Mistake("Some answers are missing.", beside=dict.fromkeys(unanswered, "Please answer this."))
    names = {field.name for field in asking.fields}
    if "praised" in names and not sent.yes("praised"):
        raise Refusal(
            "It stays up: it would come down for its opinion only. If it is a complaint, report it as one, "
            "and somebody answers it.",
            under=work.book.cite(pack.complaints.rule, on=work.today),
        )
    check_protected(sent, work)
    what_grounds_ask.check(_grounds(clauses, pack), pack, sent, work)
    if "same_person" in names and not sent.yes("same_person"):
        raise Mistake(
            "The same words from different people are no duplicate.",
            beside={"same_person": "If they are different people, each post stands on its own. Choose another rule."},
        )
    two_rules.check(sent, two_rules.touched_by((ground.rule for ground in _grounds(clauses, pack)), pack))


def keep_answers(ref: str, sent: Submission, clauses: tuple[str, ...], pack: Pack, work: Work) -> None:
    """Keep what was answered before something came down."""
    asking = page(clauses, pack, work, sent)
    if asking is None:
        return
    answers = {
        field.label: ", ".join(sent.chosen(field.name)) or sent.text(field.name)
        for field in asking.fields
        if not field.name.startswith(("tie_", "found_by", "holds", "notice_read")) and sent.text(field.name)
    }
    if answers:
        complaints = (pack.complaints.rule,) if sent.text("praised") and pack.complaints.rule else ()
        keep(FollowUpKind.ASKED_FIRST, ref, work, particulars=answers, rules=complaints)
    two_rules.keep(ref, sent, two_rules.touched_by((ground.rule for ground in _grounds(clauses, pack)), pack), work)
    what_grounds_ask.keep_notice(ref, _grounds(clauses, pack), sent, work)
    _keep_decider(ref, sent, work)


def _keep_decider(ref: str, sent: Submission, work: Work) -> None:
    """Keep who is said to have found it, tell them, and ask them to take note."""
    finders, named_by = _finders(sent, work)
    if named_by is None or not sent.text("found_by"):
        return
    person = work.person(UUID(sent.text("found_by")))
    particulars = {"Found to break the policy by": person.name}
    rules = () if named_by.practice else (named_by.rule,)
    if named_by.practice:
        particulars["Who finds that"] = named_by.source
    keep(FollowUpKind.REPORTED_UP, ref, work, particulars=particulars, rules=rules, to=person.id)
    work.tell_people([person], about=ref, headline="It is said that you found this to break the policy.")
    role = next(role for role in sorted(finders) if person.has(role, on=work.today))
    work.ask_for(TaskKind.ACKNOWLEDGE, case=ref, role=role)


def _grounds(clauses: tuple[str, ...], pack: Pack) -> tuple[Ground, ...]:
    return tuple(ground for ground in pack.grounds if ground.code in clauses)
