"""Confirm that something is as the policy asks: a statement stands, a list is published, passwords are safe."""

from uuid import UUID, uuid4

from bot.cards import Field, FieldKind, File, Note, Option, Page, Reply, Submission
from bot.cases.task import TaskKind
from bot.cases.upkeep import ACCOUNT_LIST, CONTINUITY, CREDENTIALS, MONITOR, STATEMENT, Attestation
from bot.clocks.calendar import short_date
from bot.features import duties
from bot.people import Person, Power
from bot.policy.terms import Role
from bot.refusal import Mistake, Refusal
from bot.views import upkeeps
from bot.views.upkeeps import Line
from bot.work import Work

NEVER_A_PASSWORD = "A password is never written down here."  # noqa: S105 - it says that none is asked for
ALIVE = {"alive": "It is in use", "dormant": "It exists and nobody posts there"}
IN_FORCE = {"in_force": "This version is in force", "newer": "There is a newer version"}
STATES = {"registry_check": ALIVE, "policy_review": IN_FORCE}


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """What is confirmed, since when, and where it can be seen.

    :raises Refusal: somebody else confirms it, or it is not asked for any more
    """
    line = _line(sent.subject, work)
    posted, unbound = upkeeps.words(line, work)
    shown = tuple(Note(text=f"{fact.label}: {fact.value}") for fact in posted)
    since = Field(
        name="on",
        label=_asks_since(line.wanted.code),
        kind=FieldKind.DATE,
        required=True,
        initial=(work.today.isoformat(),),
        latest=work.today,
    )
    return (
        Page(
            title=line.wanted.label[:75],
            intro=f"On {upkeeps.place_label(line, work)}." if line.account else "",
            fields=(since, *_fields(line, work)),
            notes=(*shown, *unbound, *upkeeps.source(line, work)),
            submit="Confirm",
        ),
    )


def _asks_since(code: str) -> str:
    if code.startswith(STATEMENT):
        return "It stands there since"
    return "Looked through on" if code == MONITOR else "As of"


def _fields(line: Line, work: Work) -> tuple[Field, ...]:
    code = line.wanted.code
    if code.startswith(STATEMENT):
        label = "Where the list can be read" if code == ACCOUNT_LIST else "Where it can be seen"
        return (Field(name="link", label=label, required=True, hint="Its address.", max_length=300),)
    if code == CREDENTIALS:
        return (
            _yes("safe", "Is the password strong, used for this account alone, and known only to those who run it?"),
            _yes("left", "Was it changed after the last person who knew it left?"),
        )
    if code == CONTINUITY:
        known = tuple(Option(value=str(person.id), label=person.name) for person in work.people if not person.same_as)
        return (
            *(
                Field(name=name, label=label, kind=FieldKind.PERSON, required=True, options=known)
                for name, label in (("first", "Administrator"), ("second", "Second administrator"))
            ),
            _yes("tried", "Have both signed in, and did it work?"),
        )
    answers = STATES.get(code)
    if answers is None:
        label = "What was looked through" if code == MONITOR else "What was done"
        return (Field(name="words", label=label, hint="Name no patron here.", max_length=300),)
    options = tuple(Option(value=value, label=label) for value, label in answers.items())
    return (Field(name="state", label="What is it?", kind=FieldKind.CHOICE, required=True, options=options),)


def _yes(name: str, label: str) -> Field:
    return Field(name=name, label=label, kind=FieldKind.YES_NO, required=True, hint=NEVER_A_PASSWORD)


def confirm(sent: Submission, work: Work) -> Reply:
    """Keep the attestation, and ask again in time.

    :raises Refusal: somebody else confirms it, or it is not asked for any more
    :raises Mistake: what is confirmed is not so
    """
    line = _line(sent.subject, work)
    on = sent.day("on")
    if line.upkeep is None or on is None or on > work.today:
        raise Mistake("Since when?", beside={"on": "Choose today or an earlier day."})
    names = _administrators(line, sent, work) if line.wanted.code == CONTINUITY else ()
    if line.wanted.code == CREDENTIALS:
        _check_safe(sent)
    before = line.last
    kept = work.save(
        Attestation(
            id=uuid4(),
            library=work.library.id,
            upkeep=line.upkeep.ref,
            on=on,
            by=work.actor.id,
            at=work.now,
            words=_words(sent),
            link=sent.text("link"),
            seen=upkeeps.text_of(line, work),
            names=names,
        )
    )
    work.end_tasks(line.upkeep.ref, TaskKind.ATTEST)
    again = upkeeps.again_on(line, kept.on, work)
    duties.ask(line.upkeep, line, work, on=again)
    work.touch(line.upkeep.ref)
    said = "Confirmed again" if before else "Confirmed"
    newer = sent.text("state") == "newer"
    next_step = "Adopt the newer version under “setup”, Policy." if newer else f"Asked again by {short_date(again)}."
    return Reply(
        cards=(upkeeps.private(line.upkeep, work),),
        headline=f"{said}: {line.wanted.label}. {next_step}",
        about=line.upkeep.ref,
    )


def _words(sent: Submission) -> str:
    said = sent.text("state")
    return {**ALIVE, **IN_FORCE}.get(said, "") or sent.text("words")


def _line(ref: str, work: Work) -> Line:
    """What is to be confirmed, if the actor is somebody who may."""
    work.require(Power.SEE_LISTS)
    line = upkeeps.line_of(upkeeps.called(ref.strip().upper(), work), work)
    if not upkeeps.may_confirm(line, work):
        who = upkeeps.who_confirms(line, work)
        under = work.book.cite(line.wanted.rule, on=work.today)
        raise Refusal(f"This is confirmed by {who}. Nothing was changed.", under=under)
    return line


def _check_safe(sent: Submission) -> None:
    wrong = {name: "Change the password first, then confirm." for name in ("safe", "left") if not sent.yes(name)}
    if wrong:
        raise Mistake("It cannot be confirmed as it is. Nothing was kept.", beside=wrong)


def _administrators(line: Line, sent: Submission, work: Work) -> tuple[UUID, ...]:
    """The two people named, one of them of the social media team or of IT (the administrators on file)."""
    if not sent.yes("tried"):
        raise Mistake("It cannot be confirmed as it is.", beside={"tried": "Let both sign in first, then confirm."})
    first, second = (work.person(UUID(sent.text(name))) for name in ("first", "second"))
    if first.id == second.id:
        raise Mistake("One person is not enough.", beside={"second": "Choose somebody else than the first."})
    if not any(_of_team_or_it(person, line, work) for person in (first, second)):
        said = "Choose an editor of the account or an administrator as one of the two."
        raise Mistake(
            f"{first.name} and {second.name} are neither of the social media team nor of IT.", beside={"second": said}
        )
    return first.id, second.id


def _of_team_or_it(person: Person, line: Line, work: Work) -> bool:
    edits = line.account is not None and person.edits(line.account, on=work.today)
    return edits or person.has(Role.ADMINISTRATOR, on=work.today)


def list_file(case: str, _which: str, work: Work) -> File:
    """The list of the official accounts as a text file, for whoever puts it on the website."""
    work.require(Power.SEE_LISTS)
    upkeep = upkeeps.called(case, work)
    if upkeep.code != ACCOUNT_LIST:
        raise Mistake("That is no list of accounts. “duties” shows what there is.")
    return File(name="official-accounts.txt", media_type="text/plain", raw=f"{upkeeps.public_list(work)}\n".encode())
