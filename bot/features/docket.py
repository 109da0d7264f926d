"""The disposal list, and disposal: proposed by the custodian, confirmed by somebody else, with a certificate."""

from dataclasses import replace
from functools import partial
from uuid import uuid4

from bot.cards import Field, FieldKind, Note, Option, Page, Reply, Submission
from bot.cases.appeal import received
from bot.cases.disposal import LeftOut, ProposedDisposal, Standing
from bot.cases.reinstatement import requested
from bot.features.dispose import remove, stone_of
from bot.people import Power, custodians, may_see
from bot.policy.terms import Channel, Role
from bot.ports import Message, MessageKind
from bot.refusal import Mistake, Refusal
from bot.views import docket as views
from bot.views import fields
from bot.views.retention import Keeping, opens
from bot.work import Work

MOST_AT_ONCE = 100
"""Records in one proposal. A longer list is dealt with in several, each with its certificate."""
SECOND = (Role.RECORDS_OFFICER, Role.DIRECTOR, Role.BOARD_CHAIR)


def show(sent: Submission, work: Work) -> Reply:
    """The disposal list as it stands today."""
    del sent
    work.require(Power.SEE_DOCKET)
    work.look("docket")
    return Reply(cards=views.the_list(Keeping(work).docket(), work))


def show_why(sent: Submission, work: Work) -> Reply:
    """Why a record is or is not on the list."""
    work.require(Power.SEE_DOCKET)
    ref = sent.subject.strip().upper()
    if not ref:
        raise Mistake("Which one? Write its reference, for example “why kept I-2026-0001”.")
    return Reply(cards=(views.why(_standing(ref, Keeping(work), work), work),), about=ref)


def _standing(ref: str, keeping: Keeping, work: Work) -> Standing:
    found = keeping.standing(_root(ref, work))
    if found is None:
        raise work.missing(ref)
    if not opens(found.ref, work):
        work.incident(found.ref)  # says to whom it opens
    return found


def _root(ref: str, work: Work) -> str:
    """The case a record goes with."""
    if ref.startswith("A-") and (appeal := work.shelves.appeals.by_ref(ref)):
        return received(appeal).against or ref
    if ref.startswith("R-") and (request := work.shelves.reinstatements.by_ref(ref)):
        return requested(request).block or ref
    return ref


def tell_of_the_month(work: Work) -> None:
    """Queue the month's list for the records channel and the custodian, once, unless there is nothing to say.

    That is on the month's first open day, or on the first on which the program is there again.
    """
    if not work.book.packs or not _first_round_of_the_month(work):
        return
    found = Keeping(work).docket()
    if not (found.listed or found.held or found.waiting):
        return
    roles, _ = custodians(on=work.today, book=work.book)
    told = Message(
        id=uuid4(),
        library=work.library.id,
        key=f"docket:{work.today:%Y-%m}:{Channel.RECORDS.value}",
        kind=MessageKind.DOCKET,
        about=work.today.isoformat(),
        next_at=work.now,
        channel=Channel.RECORDS,
    )
    work.shelves.messages.queue(told)
    for person in {person.id for role in roles for person in work.holders(role)}:
        key = f"docket:{work.today:%Y-%m}:{person}"
        work.shelves.messages.queue(replace(told, id=uuid4(), key=key, channel=None, person=person))


def _first_round_of_the_month(work: Work) -> bool:
    days = range(1, work.today.day)
    heads = (f"head:{work.today.replace(day=day).isoformat()}" for day in days)
    return not any(work.shelves.messages.by_key(head) for head in heads)


# -- proposing -------------------------------------------------------------------------------------------------------


def propose_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Which records of the list, under which authority, and why.

    :raises Refusal: nothing is on the list, or the one that was named is not
    """
    _require_proposer(work)
    keeping = Keeping(work)
    listed = keeping.docket()
    free = [one for one in listed.listed if one.ref not in listed.proposed and _theirs(one, work)]
    if not free:
        work.require(Power.PROPOSE_DISPOSAL)
    ref = sent.subject.strip().upper()
    if ref:
        _on_the_list(_standing(ref, keeping, work), work)
    chosen = [one for said in sent.chosen("records") if (one := keeping.standing(said)) and _theirs(one, work)]
    held = listed.held if sent.token else ()  # what was offered before somebody held it is refused, not unknown
    known = (*free[:MOST_AT_ONCE], *chosen, *(one for one in held if _theirs(one, work)))
    offered = list({one.ref: one for one in known}.values())
    if not offered:
        raise Refusal("Nothing is on the disposal list today that is not proposed already. “docket” says why.")
    _, under = custodians(on=work.today, book=work.book)
    more = (
        (Note(text=f"The first {MOST_AT_ONCE} are offered here; the others can be proposed after these."),)
        if len(free) > MOST_AT_ONCE
        else ()
    )
    return (
        Page(
            title="Propose a disposal",
            intro="Somebody else confirms it. Until then nothing is removed, and both of you can put it aside.",
            notes=(*((Note.of(under),) if under else ()), *more),
            fields=(
                Field(
                    name="records",
                    label="Which records?",
                    kind=FieldKind.CHOICES,
                    required=True,
                    options=tuple(_option(one, work) for one in offered),
                    initial=(ref,) if ref else tuple(one.ref for one in free[:MOST_AT_ONCE]),
                ),
                Field(
                    name="authority",
                    label="Number of the authority",
                    required=True,
                    hint="As the state gave it: the approved application, schedule item or certificate.",
                    max_length=120,
                ),
                Field(
                    name="reason",
                    label="Why are they disposed of?",
                    kind=FieldKind.LONG_TEXT,
                    required=True,
                    hint="It stays on the certificate for good. Name no patron.",
                    max_length=1000,
                ),
            ),
            submit="Propose",
        ),
    )


def _require_proposer(work: Work) -> None:
    """Refuse whoever has no record to propose; the Board chair has those that are about the Director."""
    if not work.actor.has(Role.BOARD_CHAIR, on=work.today):
        work.require(Power.PROPOSE_DISPOSAL)


def _theirs(one: Standing, work: Work) -> bool:
    """Test whether a record is the actor's to propose: the custodian's, or about the Director the Board chair's."""
    incident = work.shelves.incidents.by_ref(one.ref) if one.ref.startswith("I-") else None
    if incident is not None and incident.about_director:
        return work.actor.has(Role.BOARD_CHAIR, on=work.today)
    return work.may(Power.PROPOSE_DISPOSAL) and opens(one.ref, work)


def _option(one: Standing, work: Work) -> Option:
    stands = views.what(one.ref, work).rpartition("; ")[2]  # of a block where it stands, not who decided it
    return Option(value=one.ref, label=f"{one.ref} · {stands}"[:75])


def _on_the_list(one: Standing, work: Work) -> None:
    if not _theirs(one, work):
        work.require(Power.PROPOSE_DISPOSAL)
        raise Refusal(f"{one.ref} is about the Director, so the Board chair proposes it. Nothing was changed.")
    if not one.listed(work.today):
        raise Refusal(f"{one.ref} is not on the disposal list: {one.why_not(work.today)}. Nothing was changed.")
    waiting = {record: other.ref for other in work.shelves.docket.waiting() for record in other.records}
    if one.ref in waiting:
        raise Refusal(f"{one.ref} is proposed already, in {waiting[one.ref]}. Nothing was changed.")


def propose(sent: Submission, work: Work) -> Reply:
    """The custodian proposes records of the list for disposal.

    :raises Refusal: one of them is not on the list, or waits in another proposal
    """
    _require_proposer(work)
    keeping = Keeping(work)
    chosen = [_standing(ref, keeping, work) for ref in dict.fromkeys(sent.chosen("records"))]
    if len(chosen) > MOST_AT_ONCE:
        raise Mistake(
            f"One proposal takes at most {MOST_AT_ONCE} records.",
            beside={"records": "Choose fewer; then propose again."},
        )
    for one in chosen:
        _on_the_list(one, work)
    _, under = custodians(on=work.today, book=work.book)
    proposal = work.save(
        ProposedDisposal(
            id=uuid4(),
            library=work.library.id,
            ref=work.next_ref("D"),
            version=0,
            records=tuple(one.ref for one in chosen),
            authority=sent.text("authority"),
            reason=sent.text("reason"),
            proposed_by=work.actor.id,
            proposed_as=work.roles,
            proposed_at=work.now,
            proposed_on=work.today,
            under=under,
            pack=work.pack.version,
        )
    )
    work.tell(Channel.RECORDS, about=proposal.ref, headline="A disposal waits for a second person.")
    others = {person.id: person for role in SECOND for person in work.holders(role) if person.id != work.actor.id}
    work.tell_people(others.values(), about=proposal.ref, headline="A disposal waits for your word, or another's.")
    return Reply(
        cards=(views.private(proposal, work),),
        headline=f"{proposal.ref} waits for a second person.",
        about=proposal.ref,
    )


# -- answering -------------------------------------------------------------------------------------------------------


def _waiting(ref: str, work: Work) -> ProposedDisposal:
    """A proposal that waits for an answer.

    :raises Mistake: there is none with this reference
    :raises Refusal: it was answered before
    """
    found = work.shelves.docket.by_ref(ref.strip().upper())
    if found is None:
        raise work.missing(ref.strip().upper())
    if not isinstance(found, ProposedDisposal):
        raise Refusal(f"{found.ref} was answered before: {views.status(found, work)}. Nothing was changed.")
    return found


def _second(sent: Submission, work: Work) -> ProposedDisposal:
    """The proposal the actor may confirm: somebody with the power who is not the one who proposed it."""
    work.require(Power.CONFIRM_DISPOSAL)
    proposal = _waiting(sent.subject, work)
    proposal.check_second(work.person(work.actor.id).id, proposer=work.person(proposal.proposed_by).id)
    return proposal


def confirm_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """What would be removed now, each to be ticked by the second person."""
    proposal = _second(sent, work)
    keeping = Keeping(work)
    today = {ref: keeping.standing(ref) for ref in proposal.records}
    found = [one for one in today.values() if one is not None]
    kept = [Note(text=f"{one.ref}: {one.why_not(work.today)}.") for one in found if not one.listed(work.today)]
    return (
        Page(
            title=f"Confirm {proposal.ref}",
            intro="What is removed cannot be brought back. A tombstone of each record and the certificate stay.",
            notes=(Note(text=f"Authority: {proposal.authority}. Reason: {proposal.reason}"), *kept),
            fields=(
                Field(
                    name="records",
                    label="Which records may go?",
                    kind=FieldKind.CHOICES,
                    required=True,
                    options=tuple(_option(one, work) for one in found),
                    initial=tuple(one.ref for one in found if one.listed(work.today)),
                ),
                Field(
                    name="seen",
                    label="Have you seen that the authority allows it?",
                    kind=FieldKind.YES_NO,
                    required=True,
                    options=fields.YES_NO,
                ),
            ),
            submit="Dispose of them",
        ),
    )


def confirm(sent: Submission, work: Work) -> Reply:
    """A second person confirms: what may still go is removed in this one act, and the certificate says so.

    Every record is looked at again. A hold that somebody placed meanwhile stops the whole act; whatever else keeps a
    record now leaves that one out, with the reason on the certificate.

    :raises Refusal: it is the same person, a hold stands, or nothing is left to remove
    """
    proposal = _second(sent, work)
    if not sent.yes("seen"):
        raise Mistake(
            "Nothing goes without the authority.", beside={"seen": "Look at the authority first, or put this aside."}
        )
    keeping = Keeping(work)
    ticked = set(sent.chosen("records"))
    going, left_out = [], []
    for ref in proposal.records:
        one = keeping.standing(ref)
        if one is not None and ref in ticked and one.held is not None:
            raise Refusal(f"{ref} is on hold: {one.held.why}. Nothing was removed.")
        why = _left_out(one, proposal, ticked=ref in ticked, work=work)
        if one is None or why:
            left_out.append(LeftOut(ref=ref, why=why))
        else:
            going.append(one)
    removed = remove(going, work)
    certificate = work.save(
        proposal.confirm(removed, tuple(left_out), by=work.actor.id, role=work.roles, at=work.now, on=work.today),
        before=proposal,
    )
    for gone in removed:
        work.shelves.docket.put_tombstone(stone_of(gone, certificate))
        work.append(action="case.disposed", case=gone.ref, record="tombstone", payload={"certificate": certificate.ref})
        work.touch(gone.ref)
    work.tell(Channel.RECORDS, about=certificate.ref, headline=f"Carried out: {len(going)} disposed of.")
    return Reply(
        cards=(views.private(certificate, work),), headline=f"{certificate.ref} is carried out.", about=certificate.ref
    )


def _left_out(one: Standing | None, proposal: ProposedDisposal, *, ticked: bool, work: Work) -> str:
    if one is None:
        return "it is no longer on file"
    if why := one.why_not(work.today):
        return why
    return _unseen(one.ref, proposal, work) if ticked else "the second person did not confirm it"


def _unseen(ref: str, proposal: ProposedDisposal, work: Work) -> str:
    """Why two people may not dispose of a report that opens to neither of them; empty when it does to one."""
    incident = work.shelves.incidents.by_ref(ref) if ref.startswith("I-") else None
    if incident is None:
        return ""
    opens = partial(
        may_see,
        track=incident.track,
        reported_by=incident.reported_by,
        about_director=incident.about_director,
        on=work.today,
    )
    if opens(work.person(work.actor.id)) or opens(work.person(proposal.proposed_by)):
        return ""
    return "it is confidential and opens to neither of the two; somebody to whom it opens can confirm it"


def decline_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Why the records stay."""
    proposal = _mine_or_second(sent, work)
    return (
        Page(
            title=f"Put {proposal.ref} aside",
            intro="Its records stay where they are, and on the list.",
            fields=(
                Field(
                    name="because",
                    label="Why do they stay?",
                    kind=FieldKind.LONG_TEXT,
                    required=True,
                    hint="It stays on file. Name no patron.",
                    max_length=1000,
                ),
            ),
            submit="Put aside",
        ),
    )


def decline(sent: Submission, work: Work) -> Reply:
    """Put a proposal aside; everything stays."""
    proposal = _mine_or_second(sent, work)
    declined = work.save(
        proposal.decline(by=work.actor.id, at=work.now, on=work.today, because=sent.text("because")), before=proposal
    )
    work.tell(Channel.RECORDS, about=declined.ref, headline="Put aside; the records stay.")
    return Reply(cards=(views.private(declined, work),), headline="Put aside. Nothing was removed.", about=declined.ref)


def _mine_or_second(sent: Submission, work: Work) -> ProposedDisposal:
    found = work.shelves.docket.by_ref(sent.subject.strip().upper())
    mine = isinstance(found, ProposedDisposal) and found.proposed_by == work.actor.id
    if not mine:
        work.require(Power.CONFIRM_DISPOSAL)
    return _waiting(sent.subject, work)
