"""The certificate of a disposal on paper, to sign, file, and send to whoever gave the authority."""

from bot.cards import File
from bot.cases.disposal import Certificate, Removed
from bot.clocks.calendar import short_date
from bot.features.letters_on_paper import on_paper
from bot.people import Power
from bot.refusal import Mistake, Refusal
from bot.views.docket import BACKUPS, titles
from bot.work import Work


def paper(case: str, _which: str, work: Work) -> File:
    """A certificate as a PDF file, dated the day it was carried out.

    :raises Mistake: there is none with this reference
    :raises Refusal: whoever asks may not see it, or the disposal was not carried out
    """
    work.require(Power.SEE_DOCKET)
    found = work.shelves.docket.by_ref(case)
    if found is None:
        raise Mistake(f"There is no disposal {case} here. “docket” lists those that wait.")
    if not isinstance(found, Certificate):
        raise Refusal(f"{case} was not carried out, so there is no certificate.")
    title = f"Certificate of disposal {case}"
    return on_paper(f"{case} certificate.pdf", title, text(found, work), work=work, on=found.confirmed_on)


def text(certificate: Certificate, work: Work) -> str:
    """What the certificate says: on whose word, under which authority, what went, and what was left out."""
    proposal = certificate.proposed
    proposer = f"{work.name(proposal.proposed_by)} ({titles(proposal.proposed_as, work)})"
    second = f"{work.name(certificate.confirmed_by)} ({titles(certificate.confirmed_as, work)})"
    paragraphs = [
        f"Authority: {proposal.authority}\nReason: {proposal.reason}",
        f"Proposed by {proposer} on {short_date(proposal.proposed_on)}.",
        f"Confirmed by {second} on {short_date(certificate.confirmed_on)}.",
        *(_removed(one) for one in certificate.removed),
        *(f"{one.ref} was left out: {one.why}." for one in certificate.left_out),
        BACKUPS,
        "Signed:\n\n\n",
    ]
    return "\n\n".join(paragraphs)


def _removed(one: Removed) -> str:
    days = f"on file from {short_date(one.began_on)}, kept at least through {short_date(one.kept_through)}"
    lines = [
        f"{one.ref}: {one.kind}, {days}",
        str(one.under),
        f"{one.entries} ledger entries, sealed {one.digest}",
        *(f"File {sha}{' (still needed elsewhere)' if sha in one.kept_files else ''}" for sha in one.files),
    ]
    return "\n".join(lines)
