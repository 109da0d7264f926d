"""Fields that several forms ask for, in one wording."""

from collections.abc import Iterable
from uuid import UUID

from bot.cards import Field, FieldKind, Option
from bot.cases.incident import OBSERVATIONS, OUTCOMES, Outcome
from bot.policy.book import BLOCKS_BY_PRACTICE
from bot.policy.pack import BlockGround, Pack
from bot.policy.terms import Track
from bot.work import Work

YES_NO = (Option(value="yes", label="Yes"), Option(value="no", label="No"))

TRACKS: dict[Track, tuple[str, str]] = {
    Track.VIOLATION: ("May break a rule", "Something a rule of the policy speaks of"),
    Track.COMPLAINT: ("Complaint or criticism", "Stays up; the Director is told"),
    Track.QUESTION: ("Question", "Somebody asks the library something"),
    Track.CONCERN: ("Concern about what we did", "For example about a removal; goes to the Director"),
    Track.COPYRIGHT_NOTICE: ("Copyright notice", "Somebody says their work was posted without permission"),
    Track.THREAT: ("Threat", "The duty person hears of it at once"),
    Track.PERSONAL_INFORMATION: ("Personal information", "The duty person hears of it at once"),
    Track.CHILD_SAFETY: ("Child safety", "Nothing is copied; the Director hears of it at once"),
    Track.STAFF_CONDUCT: (
        "Conduct of staff",
        "Confidential; goes to the Director, or about the Director to the Board chair",
    ),
    Track.TRUSTEE_CONDUCT: ("Conduct of a trustee", "Confidential; goes to the Board chair"),
    Track.IMPOSTOR: ("Account that pretends to be ours", "An account that is not in our registry"),
    Track.CORRECTION: ("Error in our own post", "Something the library should put right"),
}
"""What a person reads for each track, and one line of what happens."""


def tracks() -> Field:
    """What kind of item it is."""
    return Field(
        name="track",
        label="What is it?",
        kind=FieldKind.CHOICE,
        required=True,
        options=tuple(Option(value=track.value, label=label, hint=hint) for track, (label, hint) in TRACKS.items()),
        initial=(Track.VIOLATION.value,),
    )


def met_on(work: Work) -> Field:
    """The day of the meeting, where a body decides and somebody records that."""
    return Field(
        name="met_on",
        label="At which meeting was it decided?",
        kind=FieldKind.DATE,
        required=True,
        latest=work.today,
    )


def child_abuse() -> Field:
    """The question before any file: what could show sexual abuse of a child is never copied."""
    return Field(
        name="child_abuse",
        label="Could this show sexual abuse of a child?",
        kind=FieldKind.YES_NO,
        required=True,
        hint="If so, nothing is copied and nothing is uploaded. Ask yourself before you look again.",
    )


def account(work: Work, *, name: str = "account", only: Iterable[UUID] | None = None) -> Field:
    """One official account; chosen already where there is only one."""
    allowed = None if only is None else set(only)
    known = [a for a in work.accounts if a.closed_on is None and (allowed is None or a.id in allowed)]
    return Field(
        name=name,
        label="On which of our accounts?",
        kind=FieldKind.CHOICE,
        required=True,
        options=tuple(Option(value=str(a.id), label=a.label) for a in known),
        initial=(str(known[0].id),) if len(known) == 1 else (),
    )


def accounts(work: Work, *, name: str = "accounts", label: str = "On which of our accounts?") -> Field:
    """Several official accounts."""
    known = [a for a in work.accounts if a.closed_on is None]
    return Field(
        name=name,
        label=label,
        kind=FieldKind.CHOICES,
        required=True,
        options=tuple(Option(value=str(a.id), label=a.label) for a in known),
        initial=(str(known[0].id),) if len(known) == 1 else (),
    )


def outcome(outcomes: Iterable[Outcome]) -> Field:
    """What became of an item; leaving it up is chosen already."""
    return Field(
        name="outcome",
        label="What became of it?",
        kind=FieldKind.CHOICE,
        required=True,
        options=tuple(Option(value=one.value, label=OUTCOMES[one].capitalize()) for one in outcomes),
        initial=(Outcome.LEFT_UP.value,),
        hint="Leaving up is the default. Removing has to answer for itself.",
    )


def _open_list(*, open_to_others: bool) -> str:
    return "The policy's list is not complete; a ground it does not list says so on the case." if open_to_others else ""


def clauses(pack: Pack) -> Field:
    """The grounds of the policy on which content may come down."""
    return Field(
        name="clauses",
        label="Which rule does it break?",
        kind=FieldKind.CHOICES,
        required=True,
        hint=_open_list(open_to_others=pack.grounds_open),
        options=tuple(
            Option(value=ground.code, label=ground.label, hint=_where(pack, ground.rule, ground.caution))
            for ground in pack.grounds
        ),
    )


def block_grounds(work: Work) -> Field:
    """The grounds of the policy on which an author may be blocked."""
    return Field(
        name="grounds",
        label="On which grounds?",
        kind=FieldKind.CHOICES,
        required=True,
        hint=_open_list(open_to_others=work.pack.block_grounds_open),
        options=tuple(
            Option(
                value=ground.code,
                label=ground.label,
                hint=_where_of_block(ground, work),
            )
            for ground in work.book.block_grounds(on=work.today)
        ),
    )


def observations(*, required: bool = False) -> Field:
    """What can be seen in this very content."""
    return Field(
        name="observations",
        label="What does this content do?",
        kind=FieldKind.CHOICES,
        required=required,
        hint="Tick what you saw, or say it below: either makes the written reason.",
        options=tuple(Option(value=code, label=label) for code, label in OBSERVATIONS.items()),
    )


def host_post() -> Field:
    """The library's own post that the item stands under."""
    return Field(name="host_post", label="Our post it stands under", max_length=200, hint="Its title or subject.")


def reference(name: str, known: str, *, hint: str = "") -> Field:
    """The reference of a case, typed."""
    return Field(
        name=name,
        label="Reference of what it is about",
        initial=(known,) if known else (),
        hint=f"If you know it, for example I-2026-0001 or B-2026-0001. {hint}".strip(),
        max_length=20,
    )


def handles() -> Field:
    """The author's handles, optional."""
    return Field(
        name="handles",
        label="Author's handle",
        kind=FieldKind.LONG_TEXT,
        hint="As shown on the platform, one a line if the same author used several. Leave empty if unknown.",
        max_length=1000,
    )


def _where_of_block(ground: BlockGround, work: Work) -> str:
    more = "" if ground.listed else "not listed in the policy"
    if ground.rule == BLOCKS_BY_PRACTICE:
        return work.book.cite(ground.rule, on=work.today).source
    return _where(work.pack, ground.rule, more)


def _where(pack: Pack, rule: str, more: str) -> str:
    """What to mind about a rule, else where it stands: on a phone there is room for one of the two."""
    return more or pack.rule(rule).source
