"""The disposal list, disposals and what stays after them, as people see them."""

from bot.cards import Button, Card, Document, Fact, Note, Row, Style, Table, Tone
from bot.cases.disposal import (
    Certificate,
    DeclinedDisposal,
    Disposal,
    ProposedDisposal,
    Removed,
    Standing,
    Tombstone,
    kind_of,
    proposal_of,
)
from bot.clocks.calendar import long_date, short_date
from bot.people import Power, custodians
from bot.policy.terms import Role
from bot.views import blocks, incidents
from bot.views.parts import fact, open_case, policy_label
from bot.views.retention import Docket, Keeping, confidential, named, opens
from bot.work import Work

SHOWN = 50
NEVER = "No record goes by itself: the custodian proposes, somebody else confirms, and a certificate stays."
PERIOD = "A library can choose a period where its policy is silent, as its practice, in “setup”."


def what(ref: str, work: Work) -> str:
    """What a record is and what became of it, in neutral words; nothing of a confidential report."""
    shelves = work.shelves
    if confidential(ref, work):
        return "confidential"
    if ref.startswith("I-") and (incident := shelves.incidents.by_ref(ref)):
        return incidents.status(incident)
    if ref.startswith("B-") and (block := shelves.blocks.by_ref(ref)):
        return blocks.status(block, shelves.blocks.executions(ref), work)
    return kind_of(ref)


def the_list(docket: Docket, work: Work) -> tuple[Card, ...]:
    """The disposal list with why each record is on it; what is held back, and by what; what has no period.

    A confidential report is named only to somebody to whom it opens.
    """
    shown = Docket(
        listed=tuple(one for one in docket.listed if opens(one.ref, work)),
        held=tuple(one for one in docket.held if opens(one.ref, work)),
        silent=tuple(one for one in docket.silent if opens(one[0], work)),
        waiting=docket.waiting,
    )
    apart = len(docket.listed) - len(shown.listed)
    docket = shown
    cards = [_listed(docket, apart, work)]
    if docket.held:
        cards.append(_held(docket, work))
    if docket.silent:
        cards.append(_silent(docket, work))
    return tuple(cards)


def _listed(docket: Docket, apart: int, work: Work) -> Card:
    rows = tuple(
        Row(
            cells=(
                _refs(one),
                what(one.ref, work),
                _through(one),
                docket.proposed.get(one.ref) or str(one.retention.under if one.retention else ""),
            ),
            buttons=(_why(one.ref),),
        )
        for one in docket.listed[:SHOWN]
    )
    columns = ("Record", "What", "Kept at least through", "Under, or proposed in")
    return Card(
        title=f"Disposal list, {long_date(work.today)}",
        body=_how_many(docket),
        notes=(Note(text=NEVER), _custodian(work), *_more(len(docket.listed)), *_apart(apart)),
        table=Table(columns=columns, rows=rows) if rows else None,
        buttons=(*(open_disposal(one) for one in docket.waiting), *_list_buttons(docket, work)),
    )


def _held(docket: Docket, work: Work) -> Card:
    rows = tuple(
        Row(
            cells=(_refs(one), what(one.ref, work), _through(one), one.why_not(work.today)),
            buttons=(_why(one.ref),),
        )
        for one in docket.held[:SHOWN]
    )
    return Card(
        title=f"Time up, but kept: {len(docket.held)}",
        notes=_more(len(docket.held)),
        table=Table(columns=("Record", "What", "Time up", "Kept because"), rows=rows),
    )


def _silent(docket: Docket, work: Work) -> Card:
    rows = tuple(
        Row(
            cells=(ref, what(ref, work), f"settled on {short_date(settled)}"),
            buttons=(_why(ref),),
        )
        for ref, settled in docket.silent[:SHOWN]
    )
    return Card(
        title=f"No period: {len(docket.silent)}",
        body="The policy names no period of its own for these, so nothing lists them for disposal by itself.",
        notes=(Note(text=PERIOD, tone=Tone.MISSING), *_more(len(docket.silent))),
        table=Table(columns=("Record", "What", "Since"), rows=rows),
    )


def _how_many(docket: Docket) -> str:
    many = len(docket.listed)
    if not many:
        return "Nothing is on the list: no record's time is up, or something else keeps it."
    return f"{_records(many)}: the time is up, and nothing else keeps {'it' if many == 1 else 'them'}."


def _records(many: int) -> str:
    return "1 record" if many == 1 else f"{many} records"


def _more(many: int) -> tuple[Note, ...]:
    return (Note(text=f"{many - SHOWN} more follow once these are dealt with."),) if many > SHOWN else ()


def _apart(many: int) -> tuple[Note, ...]:
    return (Note(text=f"{_records(many)} of the list: confidential, shown to whom it opens."),) if many else ()


def _list_buttons(docket: Docket, work: Work) -> tuple[Button, ...]:
    buttons = []
    proposes = work.may(Power.PROPOSE_DISPOSAL) or work.actor.has(Role.BOARD_CHAIR, on=work.today)
    if proposes and any(one.ref not in docket.proposed for one in docket.listed):
        buttons.append(Button(label="Propose disposal", intent="docket.propose", opens_form=True))
    if work.may(Power.HOLD):
        buttons.append(Button(label="Place a hold", intent="hold.place", opens_form=True))
    return (*buttons, Button(label="Holds", intent="hold.list"))


def _custodian(work: Work) -> Note:
    roles, under = custodians(on=work.today, book=work.book)
    if under is not None:
        return Note.of(under)
    who = " or the ".join(sorted(work.title(role) for role in roles))
    return Note(text=f"The policy names nobody who keeps the records, so the {who} may propose.", tone=Tone.PRACTICE)


def _refs(one: Standing) -> str:
    beside = [ref for ref in one.refs if ref != one.ref]
    return f"{one.ref} with {', '.join(beside)}" if beside else one.ref


def _through(one: Standing) -> str:
    return short_date(one.retention.through) if one.retention else ""


def _why(ref: str) -> Button:
    return Button(label=f"Why {ref}", intent="docket.why", subject=ref)


def open_disposal(disposal: Disposal) -> Button:
    """The button that opens a proposal or a certificate."""
    return Button(label=f"Open {disposal.ref}", intent="case.show", subject=disposal.ref)


def why(one: Standing, work: Work) -> Card:
    """Why a record is or is not on the list: the rule, the arithmetic, and what keeps it."""
    day = work.today
    facts = [
        Fact(label="What", value=what(one.ref, work)),
        *fact("Goes with it", ", ".join(ref for ref in one.refs if ref != one.ref)),
        Fact(label="On the disposal list", value="yes" if one.listed(day) else f"no: {one.why_not(day)}"),
        *fact("Kept at least through", _through(one)),
    ]
    notes = [Note(text=keeper.why.capitalize(), tone=Tone.WARNING) for keeper in one.keepers]
    if one.retention is None:
        notes.append(Note(text=f"No period. {one.silent[:1].upper()}{one.silent[1:]}.", tone=Tone.MISSING))
    else:
        notes += [Note.of(one.retention.under), Note(text=f"Counted under the {policy_label(one.retention.pack)}.")]
        notes += [Note(text=step) for step in (*one.retention.proof, *one.retention.assumed)]
    return Card(
        title=f"How long {one.ref} is kept",
        facts=tuple(facts),
        notes=tuple(notes),
        buttons=(open_case(one.ref), Button(label="Disposal list", intent="docket")),
    )


def monthly(work: Work) -> Card:
    """The month's list as the records channel and the custodian get it; nothing of a confidential report."""
    docket = Keeping(work).docket()
    listed = [one for one in docket.listed if not confidential(one.ref, work)]
    apart = len(docket.listed) - len(listed)
    rows = tuple(
        Row(
            cells=(_refs(one), what(one.ref, work), _through(one), _under(one)),
            buttons=(_why(one.ref),),
        )
        for one in listed[:SHOWN]
    )
    facts = [
        Fact(label="On the list", value=str(len(docket.listed))),
        Fact(label="Time up, but kept", value=str(len(docket.held))),
        *fact("Waiting for a second person", ", ".join(one.ref for one in docket.waiting)),
    ]
    notes = [Note(text=NEVER), *_more(len(listed)), *_apart(apart)]
    return Card(
        title=f"Disposal list of {work.today:%B} {work.today.year}",
        body=_how_many(docket),
        facts=tuple(facts),
        notes=tuple(notes),
        table=Table(columns=("Record", "What", "Kept at least through", "Under"), rows=rows) if rows else None,
        buttons=(Button(label="Open the list", intent="docket"),),
    )


def _under(one: Standing) -> str:
    if one.retention is None:
        return ""
    under = one.retention.under
    return "library practice" if under.practice else f"{under.rule}, {under.source}"


# -- one disposal ----------------------------------------------------------------------------------------------------


def status(disposal: Disposal, work: Work) -> str:
    """Where a disposal stands, in a few words."""
    match disposal:
        case ProposedDisposal():
            return "waits for a second person"
        case Certificate():
            return (
                f"carried out on {short_date(disposal.confirmed_on)}, confirmed by {work.name(disposal.confirmed_by)}"
            )
        case DeclinedDisposal():
            return f"put aside on {short_date(disposal.declined_on)} by {work.name(disposal.declined_by)}"


def pushed(disposal: Disposal, work: Work) -> Card:
    """A disposal as a channel or a direct message shows it: how many records, on whose word, under what."""
    proposal = proposal_of(disposal)
    removed = len(disposal.removed) if isinstance(disposal, Certificate) else len(proposal.records)
    return Card(
        title=_title(disposal),
        facts=(
            Fact(label="Status", value=status(disposal, work)),
            Fact(label="Records", value=str(removed)),
            Fact(label="Authority", value=proposal.authority),
            Fact(label="Proposed by", value=f"{work.name(proposal.proposed_by)}, {short_date(proposal.proposed_on)}"),
        ),
        buttons=(*_answers(disposal), Button(label="Open", intent="case.show", subject=disposal.ref)),
    )


def private(disposal: Disposal, work: Work) -> Card:
    """Everything on file about a disposal. A certificate names what went by reference, days and hashes only."""
    proposal = proposal_of(disposal)
    facts = [
        Fact(label="Status", value=status(disposal, work)),
        Fact(label="Authority", value=proposal.authority),
        Fact(label="Reason", value=proposal.reason),
        Fact(
            label="Proposed by",
            value=f"{work.name(proposal.proposed_by)} ({titles(proposal.proposed_as, work)}), "
            f"{short_date(proposal.proposed_on)}",
        ),
    ]
    notes = [Note.of(proposal.under)] if proposal.under else [_custodian(work)]
    table = None
    match disposal:
        case Certificate():
            who = f"{work.name(disposal.confirmed_by)} ({titles(disposal.confirmed_as, work)})"
            facts.append(Fact(label="Confirmed by", value=f"{who}, {short_date(disposal.confirmed_on)}"))
            notes += [Note(text=f"{one.ref} was left out: {one.why}.") for one in disposal.left_out]
            notes += [Note(text=BACKUPS)]
            columns = ("Record", "Kept through", "Under", "Entries, and their seal", "Files by hash")
            table = Table(columns=columns, rows=tuple(Row(cells=_removed(one)) for one in disposal.removed))
        case DeclinedDisposal():
            facts.append(Fact(label="Why the records stay", value=disposal.because))
            facts.append(Fact(label="Records", value=", ".join(named(ref, work) for ref in proposal.records)))
        case ProposedDisposal():
            keeping = Keeping(work)
            rows = []
            for ref in proposal.records:
                one = keeping.standing(ref)
                stands = "no longer on file" if one is None else one.why_not(work.today) or "on the list"
                why = (_why(ref),) if opens(ref, work) else ()
                rows.append(Row(cells=(named(ref, work), what(ref, work), stands), buttons=why))
            table = Table(columns=("Record", "What", "Today"), rows=tuple(rows))
    paper = Document(case=disposal.ref, name="certificate.pdf", label="Certificate as PDF")
    return Card(
        title=_title(disposal),
        facts=tuple(facts),
        notes=tuple(notes),
        table=table,
        documents=(paper,) if isinstance(disposal, Certificate) else (),
        buttons=_answers(disposal),
    )


BACKUPS = (
    "Copies in backups are the library's to overwrite. The seal is SHA-256 over what the ledger committed to for the "
    "record, in order, before the entry that says it was disposed of."
)


def _title(disposal: Disposal) -> str:
    match disposal:
        case ProposedDisposal():
            return f"Disposal proposed, {disposal.ref}"
        case Certificate():
            return f"Certificate of disposal {disposal.ref}"
        case DeclinedDisposal():
            return f"Disposal put aside, {disposal.ref}"


def _answers(disposal: Disposal) -> tuple[Button, ...]:
    """What can be pressed while it waits. Who may is checked at the press."""
    if not isinstance(disposal, ProposedDisposal):
        return ()
    ref, version = disposal.ref, disposal.version
    return (
        Button(
            label="Confirm", intent="docket.confirm", subject=ref, version=version, style=Style.DANGER, opens_form=True
        ),
        Button(label="Put aside", intent="docket.decline", subject=ref, version=version, opens_form=True),
    )


def _removed(one: Removed) -> tuple[str, ...]:
    kept = f"; still needed elsewhere: {', '.join(one.kept_files)}" if one.kept_files else ""
    files = f"{', '.join(one.files)}{kept}" if one.files else "none"
    of = "" if one.of == one.ref else f", with {one.of}"
    return (
        f"{one.ref} ({one.kind}{of})",
        short_date(one.kept_through),
        str(one.under),
        f"{one.entries}: {one.digest}",
        files,
    )


def titles(roles: str, work: Work) -> str:
    """The roles somebody acted in, in words."""
    return ", ".join(work.title(Role(role)) for role in roles.split(",") if role)


def tombstone(stone: Tombstone, work: Work) -> Card:
    """What stays of a record: that there was one, its days, on whose word it went and under which authority."""
    disposal = work.shelves.docket.by_ref(stone.certificate)
    facts = [
        Fact(label="What", value=stone.kind),
        *fact("Went with", "" if stone.of == stone.ref else stone.of),
        Fact(label="On file from", value=short_date(stone.began_on)),
        Fact(label="Kept at least through", value=short_date(stone.kept_through)),
        Fact(label="Disposed of on", value=short_date(stone.disposed_on)),
    ]
    if isinstance(disposal, Certificate):
        proposal = disposal.proposed
        facts += [
            Fact(label="Authority", value=proposal.authority),
            Fact(label="Proposed by", value=work.name(proposal.proposed_by)),
            Fact(label="Confirmed by", value=work.name(disposal.confirmed_by)),
        ]
    return Card(
        title=f"{stone.ref} was disposed of",
        body="Nothing of what it said is kept. Its number is never given again.",
        facts=(*facts, Fact(label="Entries in the ledger", value=f"{stone.entries}, whose seals still verify")),
        notes=(Note.of(stone.under),),
        buttons=(Button(label=f"Open {stone.certificate}", intent="case.show", subject=stone.certificate),),
    )
