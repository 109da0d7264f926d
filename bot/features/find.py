"""Find reports and blocks: lists, newest first, and search."""

from bot.cards import Button, Card, Fact, Reply, Row, Submission, Table
from bot.cases.incident import Incident
from bot.clocks.calendar import short_date
from bot.people import Power
from bot.refusal import Mistake
from bot.views import blocks, incidents
from bot.views.fields import TRACKS
from bot.work import Work

SHOWN = 25
SHORTEST_SEARCH = 2


def search(sent: Submission, work: Work) -> Reply:
    """Search references, links, our posts, kept words and handles; only what the person may open is listed."""
    work.require(Power.SEE_LISTS)
    words = sent.subject.strip()
    if len(words) < SHORTEST_SEARCH:
        raise Mistake("What are you looking for? Write a word of it, for example “search storytime”.")
    found = [incident for incident in work.shelves.incidents.search(words, SHOWN * 4) if work.may_see(incident)]
    work.look("search")
    if not found:
        return Reply(cards=(Card(title="Nothing found", body="No report you may open contains that."),))
    return Reply(cards=(_incidents(f"Found: {len(found)}", found[:SHOWN]),))


def report_list(sent: Submission, work: Work) -> Reply:
    """The newest reports the person may open."""
    del sent
    work.require(Power.SEE_LISTS)
    found = [incident for incident in work.shelves.incidents.recent(SHOWN * 4) if work.may_see(incident)]
    if not found:
        return Reply(cards=(Card(title="No reports", body="Nothing you may open has been reported yet."),))
    return Reply(cards=(_incidents("The newest reports", found[:SHOWN]),))


def block_list(sent: Submission, work: Work) -> Reply:
    """The newest blocks among those the person may open."""
    del sent
    work.require(Power.SEE_LISTS)
    found = [block for block in work.shelves.blocks.recent(SHOWN * 4) if work.may_open_block(block)]
    if not found:
        return Reply(cards=(Card(title="No blocks", body="Nobody has asked for one that you may open."),))
    rows = tuple(
        Row(
            cells=(block.ref, blocks.status(block, work.shelves.blocks.executions(block.ref), work)),
            buttons=(Button(label="Open", intent="case.show", subject=block.ref),),
        )
        for block in found[:SHOWN]
    )
    return Reply(cards=(Card(title="The newest blocks", table=Table(columns=("Block", "Status"), rows=rows)),))


def _incidents(title: str, found: list[Incident]) -> Card:
    rows = tuple(
        Row(
            cells=(
                incident.ref,
                short_date(incident.reported_on),
                TRACKS[incident.track][0],
                incidents.status(incident),
                incident.host_post.title,
            ),
            buttons=(Button(label="Open", intent="case.show", subject=incident.ref),),
        )
        for incident in found
    )
    return Card(
        title=title,
        facts=(Fact(label="Shown", value=str(len(rows))),),
        table=Table(columns=("Report", "Reported", "What", "Status", "Under our post"), rows=rows),
    )
