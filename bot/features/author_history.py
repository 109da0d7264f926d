"""What is on file about a handle: what came down, what was overturned, blocks, links. Never what was left up."""

from collections.abc import Iterable
from uuid import UUID

from bot.cards import Button, Card, Fact, Note, Reply, Row, Submission, Table, Tone
from bot.cases.account import Author, one_person, tidy_handle
from bot.cases.follow_up import FollowUpKind
from bot.cases.incident import ConfirmedRemoval, Incident, counts
from bot.clocks.calendar import short_date
from bot.people import Power
from bot.refusal import Mistake
from bot.views import incidents
from bot.views.blocks import status as block_status
from bot.work import Work


def show(sent: Submission, work: Work) -> Reply:
    """Show an author's history to somebody who may see it."""
    work.require(Power.SEE_HISTORY)
    if not sent.subject.strip():
        raise Mistake("Whose history? Write the handle, for example “history @reader42”.")
    try:
        author = work.shelves.authors.get(UUID(sent.subject))
        found: tuple[Author, ...] = (author,) if author else ()
    except ValueError:
        found = named(sent.subject, work)
    found = tuple(author for author in found if _on_file(author, work))
    if not found:
        raise Mistake(
            f"Nothing is on file about {sent.subject.strip()}. What was left up is never kept under a handle."
        )
    work.look(f"author {found[0].id}")
    return Reply(cards=tuple(card(author, work) for author in found))


def _on_file(author: Author, work: Work) -> bool:
    """Test whether anything stands under a handle; one that only came up with what stays up is not on file."""
    links = work.shelves.authors.links()
    return (
        any(link.stands and author.id in {link.first, link.second} for link in links)
        or bool(work.shelves.incidents.of_authors((author.id,)))
        or bool(work.shelves.blocks.of_authors((author.id,)))
    )


def named(said: str, work: Work) -> tuple[Author, ...]:
    """The authors a person may mean: ``@reader42``, ``Facebook: @reader42`` or ``@reader42 on Facebook``."""
    handle, on, platform = said.partition(" on ")
    before, colon, after = said.partition(":")
    if colon and after.strip():
        handle, platform = after, before
    elif not on:
        platform = ""
    known = work.shelves.authors.named(tidy_handle(handle))
    return tuple(a for a in known if not platform or a.platform.casefold() == platform.strip().casefold())


def author_called(said: str, work: Work) -> Author | None:
    """The one author a subject names, by id or handle; ``None`` when it names none or several."""
    if not said.strip():
        return None
    try:
        return work.shelves.authors.get(UUID(said))
    except ValueError:
        found = named(said, work)
        return found[0] if len(found) == 1 else None


def card(author: Author, work: Work) -> Card:
    """The history of an author and of every handle confirmed to be theirs."""
    links = work.shelves.authors.links()
    same = one_person(author.id, links)
    maybe = one_person(author.id, links, suspected=True) - same
    removals = [i for i in work.shelves.incidents.of_authors(same) if isinstance(i.removal, ConfirmedRemoval)]
    blocks = work.shelves.blocks.of_authors(same)
    sustained = [incident for incident in removals if incident.sustained]
    counted = [incident for incident in sustained if counts(incident, work.book.on(incident.judged_on))]
    facts = [
        Fact(label="Confirmed removals that stand", value=str(len(sustained))),
        *_not_counted(len(sustained) - len(counted)),
        Fact(label="Overturned", value=str(len(removals) - len(sustained))),
        *_overridden(removals, work),
        Fact(label="Blocks asked for", value=str(len(blocks))),
    ]
    facts += [Fact(label="Same person, confirmed", value=_label(one, work)) for one in sorted(same - {author.id})]
    facts += [Fact(label="Same person, suspected", value=_label(one, work)) for one in sorted(maybe)]
    rows = [
        Row(
            cells=(
                incident.ref,
                incidents.status(incident),
                incident.removal.asked.reason.sentence if isinstance(incident.removal, ConfirmedRemoval) else "",
            ),
            buttons=(Button(label="Open", intent="case.show", subject=incident.ref),),
        )
        for incident in removals
        if work.may_see(incident)
    ]
    rows += [
        Row(
            cells=(block.ref, block_status(block, work.shelves.blocks.executions(block.ref), work), ""),
            buttons=(Button(label="Open", intent="case.show", subject=block.ref),),
        )
        for block in blocks
    ]
    ask = Button(label="Ask for a block", intent="block.request", subject=str(author.id), opens_form=True)
    buttons = [
        *((ask,) if work.book.speaks_of_blocks(on=work.today) else ()),
        Button(label="Link a handle", intent="author.link", subject=str(author.id), opens_form=True),
    ]
    notes = [Note(text="What was left up is never counted here, and overturned removals do not count.")]
    for link in links:
        if author.id in {link.first, link.second}:
            other = link.second if link.first == author.id else link.first
            if link.stands:
                said = f"{link.confidence.value}, by {work.name(link.linked_by)}. {link.basis}"
                notes.append(Note(text=f"{_label(other, work)}: {said}"))
                buttons.append(
                    Button(
                        label=f"Undo the link to {_label(other, work)}",
                        intent="author.unlink",
                        subject=str(link.id),
                        opens_form=True,
                    )
                )
            else:
                undone = short_date(work.calendar.local_date(link.undone_at)) if link.undone_at else ""
                notes.append(
                    Note(
                        text=f"{_label(other, work)}: link undone on {undone}. {link.undone_because}", tone=Tone.WARNING
                    )
                )
    return Card(
        title=f"History of {author.label}",
        facts=tuple(facts),
        notes=tuple(notes),
        table=Table(columns=("Case", "What became of it", "Reason"), rows=tuple(rows)) if rows else None,
        buttons=tuple(buttons),
    )


def _not_counted(number: int) -> tuple[Fact, ...]:
    """Removals that only protected somebody, such as of personal information."""
    return (Fact(label="Of these not counted, as they protected somebody", value=str(number)),) if number else ()


def _overridden(removals: Iterable[Incident], work: Work) -> tuple[Fact, ...]:
    """Protected complaints that the Director had taken down under another rule: of this author, and in all."""
    every = work.shelves.papers.follow_ups_of(FollowUpKind.OVERRIDDEN)
    if not every:
        return ()
    refs = {incident.ref for incident in removals}
    mine = sum(one.case in refs for one in every)
    return (Fact(label="Complaints overridden", value=f"{mine} of this author, {len(every)} in all"),)


def _label(author: UUID, work: Work) -> str:
    known = work.shelves.authors.get(author)
    return known.label if known else "a handle no longer on file"
