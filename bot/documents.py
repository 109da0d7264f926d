"""Files that leave the desk, for one person at a time: retained pictures, and documents made when asked for.

A document is one row of ``DOCUMENTS`` and a maker in ``features``. Its maker checks first that the person may have it,
and reads everything in one moment of the record. What is handed over is in the ledger before it leaves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from bot.cards import File, Submission
from bot.catalogue import REFERENCE
from bot.features import attestations, certificate, export, half_sheet, letters_on_paper, memos_to_trustees
from bot.people import Standing
from bot.refusal import Mistake, Refusal
from bot.work import Work


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """One kind of document: ``make`` is given the case, which one of several (often empty), and the work."""

    make: Callable[[str, str, Work], File]
    event: str = "case.viewed"


DOCUMENTS: Mapping[str, Kind] = {
    "file.zip": Kind(make=export.whole_file, event="case.exported"),
    "accounts.txt": Kind(make=attestations.list_file),
    "certificate.pdf": Kind(make=certificate.paper),
    "half-sheet.pdf": Kind(make=half_sheet.sheet, event="appeal.half_sheet"),
    "letter.pdf": Kind(make=letters_on_paper.letter),
    "memo.pdf": Kind(make=memos_to_trustees.paper),
}
"""Every document, by the name a card offers it under.

Of several of a kind each has a name of its own: ``memo.NUMBER.pdf`` is found as ``memo.pdf``, and its maker is told the
part between.
"""


def document(work: Work, name: str) -> File | Refusal:
    """Make a document about the case that was asked for; or the refusal, so that it can be kept."""
    begins, _, rest = name.partition(".")
    which, _, ends = rest.rpartition(".")
    kind = DOCUMENTS.get(f"{begins}.{ends}")
    try:
        _ = work.actor
        if kind is None:
            raise Mistake("There is no such document. Open the case again; its card shows those there are.")
        return kind.make(work.sent.subject.upper(), which, work)
    except Refusal as no:
        return no


def note_document(work: Work, name: str, made: File | Refusal) -> None:
    """Keep that somebody was handed a document, or was refused it."""
    if isinstance(made, Refusal):
        if not isinstance(made, Mistake):
            note_refusal(work, work.sent, made)
        return
    begins, _, ends = name.partition(".")
    event = DOCUMENTS[f"{begins}.{ends.rpartition('.')[2]}"].event
    ref = work.sent.subject.upper()
    case = ref if REFERENCE.fullmatch(ref) else ""
    seal = made.seal or sha256(made.raw).hexdigest()
    work.append(action=event, case=case, payload={"how": work.sent.intent, "what": name, "seal": seal})


def picture(work: Work, file: str) -> Refusal | None:
    """Keep that somebody looked at a retained picture of a case; or give the refusal, which is kept as well."""
    case = work.sent.subject
    try:
        retained = work.retained(case)
    except Refusal as no:
        if not isinstance(no, Mistake):
            note_refusal(work, work.sent, no)
        return no
    if file not in {kept.sha256 for kept in retained}:
        return Mistake("That picture is not kept there.")
    work.append(action="case.viewed", case=case, payload={"how": "case.picture", "file": file})
    return None


def note_refusal(work: Work, sent: Submission, no: Refusal) -> None:
    """Keep that somebody was refused something, without what they asked to see."""
    known = work.shelves.registry.by_identity(sent.actor)
    acts = known is not None and known.standing is Standing.MEMBER
    case = sent.subject.upper() if REFERENCE.fullmatch(sent.subject) else ""
    payload = {"asked": sent.intent} | ({"by": str(known.id)} if known is not None and not acts else {})
    work.append(action="refused", case=case, payload=payload, rule=no.under.rule if no.under else "", actor=acts)
