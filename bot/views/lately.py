"""The last acts of others on the cases somebody had a hand in."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from bot.cards import Button, Card, Row, Table
from bot.cases.appeal import received
from bot.cases.reinstatement import requested
from bot.clocks.calendar import short_date
from bot.people import Power
from bot.views import appeals, blocks, incidents, reinstatements
from bot.work import Work

LOOKED_BACK = 300
"""Entries of the ledger that are looked through; what is older is under “reports”, “blocks”, “appeals” and “due”."""
SHOWN = 5


def card(work: Work) -> Card | None:
    """What others did last on my cases, newest first; ``None`` when nothing was done.

    A case is mine when I reported, logged, asked for, confirmed or decided something about it within the entries
    looked at.
    """
    me = str(work.actor.id)
    acts = list(_acts(work))
    mine = {act["case"] for act in acts if act["actor"] == me}
    last: dict[str, dict[str, Any]] = {}
    for act in acts:
        if act["case"] in mine and act["actor"] != me:
            last[act["case"]] = act
    newest = sorted(last.values(), key=lambda act: -int(act["seq"]))
    rows = tuple(row for act in newest if (row := _row(act, work)))[:SHOWN]
    if not rows:
        return None
    return Card(title="Lately on your cases", table=Table(columns=("When", "Who", "Now", "Case"), rows=rows))


def _acts(work: Work) -> Iterator[dict[str, Any]]:
    """What people changed about cases, oldest first: no looks, no refusals, nothing the program did by itself."""
    after = max(0, work.shelves.book.head().seq - LOOKED_BACK)
    for entry in work.shelves.book.entries(after=after, limit=LOOKED_BACK):
        header: dict[str, Any] = json.loads(entry.header)
        if header["case"] and header["record"] and header["actor"]:
            yield header


def _row(act: dict[str, Any], work: Work) -> Row | None:
    """One case: when and by whom it was last touched, and where it stands; ``None`` if it is closed to me."""
    ref = str(act["case"])
    now = _now(ref, work)
    if not now:
        return None
    when = work.local(datetime.fromisoformat(act["at"]))
    return Row(
        cells=(f"{short_date(when.date())}, {when:%H:%M}", work.name(UUID(act["actor"])), now, ref),
        buttons=(Button(label="Open", intent="case.show", subject=ref),),
    )


def _now(ref: str, work: Work) -> str:
    """Where a case stands; empty if it is closed to me, disposed of, or a matter of the library itself."""
    if incident := work.shelves.incidents.by_ref(ref):
        return incidents.status(incident) if work.may_see(incident) else ""
    if block := work.shelves.blocks.by_ref(ref):
        may = work.may_open_block(block)
        return blocks.status(block, work.shelves.blocks.executions(ref), work) if may else ""
    if appeal := work.shelves.appeals.by_ref(ref):
        return appeals.status(appeal, work) if _opens(received(appeal).logged_by, Power.DECIDE_APPEAL, work) else ""
    if request := work.shelves.reinstatements.by_ref(ref):
        may = _opens(requested(request).logged_by, Power.DECIDE_REINSTATEMENT, work)
        return reinstatements.status(request, work) if may else ""
    return ""


def _opens(logged_by: UUID, decides: Power, work: Work) -> bool:
    """Test whether I may open what a patron wrote: as whoever logged it, decides it or keeps the records."""
    return work.actor.id == logged_by or work.may(decides) or work.may(Power.SEE_APPEALS)
