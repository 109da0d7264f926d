"""The documents a private card offers: each only to whoever would be given it."""

from uuid import UUID

from bot.cards import Document
from bot.cases.appeal import Answer, Appeal, DecidedAppeal
from bot.cases.block import Block, DecidedBlock, in_force_on
from bot.cases.incident import ConfirmedRemoval, Incident
from bot.people import WALLED, Power, keeps_walled
from bot.policy.terms import Role
from bot.refusal import Refusal
from bot.work import Work


def of_incident(incident: Incident, work: Work) -> tuple[Document, ...]:
    """What the card of a report offers."""
    told = isinstance(incident.removal, ConfirmedRemoval) and work.may(Power.SEND_NOTICE, account=incident.account)
    letter = Document(case=incident.ref, name="letter.pdf", label="Letter as PDF")
    return (*((letter,) if told else ()), *((_file(incident.ref),) if may_take_file(incident, work) else ()))


def of_block(block: Block, work: Work) -> tuple[Document, ...]:
    """What the card of a block offers."""
    letter = Document(case=block.ref, name="letter.pdf", label="Letter as PDF")
    accounts = in_force_on(work.shelves.blocks.executions(block.ref)) if isinstance(block, DecidedBlock) else ()
    told = any(_may_tell(account, work) for account in accounts)
    return (*((letter,) if told else ()), *of_any(block.ref, work))


def of_appeal(appeal: Appeal, work: Work) -> tuple[Document, ...]:
    """What the card of an appeal offers, beside the memos to trustees."""
    letter = Document(case=appeal.ref, name="letter.pdf", label="Letter as PDF")
    there_is_one = appeal.answer is not Answer.MISTAKE if isinstance(appeal, DecidedAppeal) else bool(appeal.second_of)
    told = there_is_one and (work.answers(appeal) or work.actor.has(Role.DIRECTOR, on=work.today))
    return (*((letter,) if told else ()), *of_any(appeal.ref, work))


def of_any(ref: str, work: Work) -> tuple[Document, ...]:
    """What the card of any case that is not walled offers: its whole file."""
    return (_file(ref),) if work.may(Power.EXPORT) else ()


def _may_tell(account: UUID, work: Work) -> bool:
    return work.may(Power.SEND_NOTICE, account=account)


def _file(ref: str) -> Document:
    return Document(case=ref, name="file.zip", label="Export the file")


def may_take_file(incident: Incident, work: Work) -> bool:
    """Test whether the actor may take out the whole file of a report.

    Of a walled one, or one about the Director, whoever keeps it may; record keepers may not even open those.
    """
    if incident.track in WALLED or incident.about_director:
        return keeps_walled(work.actor, track=incident.track, about_director=incident.about_director, on=work.today)
    return work.may(Power.EXPORT)


def require_file(incident: Incident, work: Work) -> None:
    """Refuse unless the actor may take out the whole file of a report.

    :raises Refusal: with who may
    """
    if may_take_file(incident, work):
        return
    if incident.track not in WALLED and not incident.about_director:
        work.require(Power.EXPORT)
    raise Refusal(f"The file of {incident.ref} is taken out only by those it is kept for.")
