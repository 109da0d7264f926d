"""Holds as people see them."""

from collections.abc import Iterable
from uuid import UUID

from bot.cards import Button, Card, Fact, Note, Quote, Row, Table, Tone
from bot.cases.block import Block
from bot.cases.clock import ClockState
from bot.cases.hold import CAUSES, SCOPES, Hold, Scope
from bot.cases.incident import Incident
from bot.clocks.calendar import short_date
from bot.people import Power
from bot.views.parts import account_label, author_label, dates, fact, next_date
from bot.views.retention import Keeping, confidential, named
from bot.work import Work

CATCHES = (
    "A topic holds every case in which these words stand as you write them, in upper or lower case: in our post's "
    "title, the link, what was posted, what anybody at the library wrote about it, the rule's label, a notice, a "
    "correction, a block's grounds and reasons, an appeal, or the author's handle. It does not read pictures."
)


def called(ref: str, work: Work) -> Hold | None:
    """The hold with this reference."""
    return next((hold for hold in work.shelves.docket.holds() if hold.ref == ref), None)


def subject(hold: Hold, work: Work) -> str:
    """What a hold is placed on, for those who may know."""
    match hold.scope:
        case Scope.AUTHOR:
            return author_label(UUID(hold.subject), work) if work.may(Power.SEE_HISTORY) else "an author"
        case Scope.ACCOUNT:
            return account_label(UUID(hold.subject), work)
        case Scope.CASE:
            return named(hold.subject, work)
        case Scope.TOPIC:
            return f"“{hold.subject}”"


def status(hold: Hold, work: Work) -> str:
    """Whether it stands, in a few words."""
    if hold.released_on is None:
        return f"stands since {short_date(hold.placed_on)}"
    who = work.name(hold.released_by)
    return f"from {short_date(hold.placed_on)}, released on {short_date(hold.released_on)} by {who}"


def pushed(hold: Hold, work: Work) -> Card:
    """A hold as a channel shows it: neither an author nor words of a topic."""
    case = hold.scope is Scope.CASE and not confidential(hold.subject, work)
    shown = hold.subject if case else SCOPES[hold.scope]
    return Card(
        title=f"Hold {hold.ref}",
        facts=(
            Fact(label="Status", value=status(hold, work)),
            Fact(label="On", value=shown),
            Fact(label="Because of", value=CAUSES[hold.cause]),
            Fact(label="Placed by", value=work.name(hold.placed_by)),
            *next_date(work.shelves.clocks.of_case(hold.ref)),
        ),
        buttons=(Button(label="Open", intent="case.show", subject=hold.ref),),
    )


def private(hold: Hold, work: Work) -> Card:
    """Everything on file about a hold."""
    return Card(
        title=f"Hold {hold.ref}",
        facts=(
            Fact(label="Status", value=status(hold, work)),
            Fact(label="On", value=f"{SCOPES[hold.scope]}: {subject(hold, work)}"),
            Fact(label="Because of", value=CAUSES[hold.cause]),
            Fact(label="Placed by", value=f"{work.name(hold.placed_by)}, {short_date(hold.placed_on)}"),
            *dates(hold.ref, work),
            *fact("Released because", hold.released_because),
        ),
        quotes=(Quote(label="Why", text=hold.reason),),
        notes=(*((Note(text=CATCHES),) if hold.scope is Scope.TOPIC else ()), *_law(hold, work)),
        buttons=_buttons(hold, work) if work.may(Power.HOLD) else (),
    )


def request_runs(hold: Hold, work: Work) -> bool:
    """Test whether a public-records request behind a hold still waits for its answer."""
    return any(clock.state is ClockState.RUNNING for clock in work.shelves.clocks.of_case(hold.ref))


def _law(hold: Hold, work: Work) -> tuple[Note, ...]:
    """Where the policy points to the law whose days run."""
    running = [clock for clock in work.shelves.clocks.of_case(hold.ref) if clock.rule]
    return tuple(Note.of(work.book.cite(clock.rule, on=clock.happened_on)) for clock in running)


def _buttons(hold: Hold, work: Work) -> tuple[Button, ...]:
    answered = Button(label="The request was answered", intent="hold.answered", subject=hold.ref, opens_form=True)
    return (
        *((answered,) if request_runs(hold, work) else ()),
        *((_release(hold),) if hold.stands else ()),
    )


def all_holds(holds: Iterable[Hold], work: Work) -> Card:
    """The holds that stand, newest first, and how many were released."""
    known = sorted(holds, key=lambda hold: hold.placed_at, reverse=True)
    standing = [hold for hold in known if hold.stands]
    rows = tuple(
        Row(
            cells=(
                hold.ref,
                f"{SCOPES[hold.scope]}: {subject(hold, work)}",
                CAUSES[hold.cause],
                f"{short_date(hold.placed_on)}, {work.name(hold.placed_by)}",
            ),
            buttons=(Button(label=f"Open {hold.ref}", intent="case.show", subject=hold.ref),),
        )
        for hold in standing
    )
    place = Button(label="Place a hold", intent="hold.place", opens_form=True)
    return Card(
        title=f"Holds: {len(standing)}",
        body="" if rows else "No hold stands. What a running appeal, block or request keeps needs none.",
        facts=fact("Released", str(len(known) - len(standing)) if len(known) > len(standing) else ""),
        table=Table(columns=("Hold", "On", "Because of", "Placed"), rows=rows) if rows else None,
        buttons=(*((place,) if work.may(Power.HOLD) else ()), Button(label="Disposal list", intent="docket")),
    )


def notes_on(case: Incident | Block, work: Work) -> tuple[Note, ...]:
    """That a case is on hold, for its own card."""
    return tuple(
        Note(
            text=f"On hold since {short_date(hold.placed_on)} ({hold.ref}, {CAUSES[hold.cause]}): "
            "nothing about it may be disposed of or edited.",
            tone=Tone.WARNING,
        )
        for hold in Keeping(work).holds_on(case)
    )


def _release(hold: Hold) -> Button:
    return Button(label="Release", intent="hold.release", subject=hold.ref, version=hold.version, opens_form=True)
