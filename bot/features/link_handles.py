"""Handles of one author: put on file, linked with a basis, and unlinked again."""

from dataclasses import replace
from uuid import uuid4

from bot.cards import Card, Field, FieldKind, Option, Page, Reply, Submission
from bot.cases.account import Author, Confidence, HandleLink, tidy_handle
from bot.features import author_history
from bot.features.holds import check_authors_not_held
from bot.people import Power
from bot.refusal import Mistake
from bot.work import Work


def author_named(handle: str, platform: str, work: Work) -> Author:
    """The author with this handle on a platform, put on file when new."""
    tidy = tidy_handle(handle)
    known = work.shelves.authors.named(tidy, platform)
    if known:
        return known[0]
    return work.save(Author(id=uuid4(), library=work.library.id, platform=platform, handle=tidy))


def platforms(work: Work) -> tuple[str, ...]:
    """The platforms the library has accounts on."""
    return tuple(sorted({account.platform for account in work.accounts if account.closed_on is None}))


def parse_handle(line: str, among: tuple[str, ...], work: Work, *, field: str) -> Author:
    """The author a line names: ``@reader42``, or ``Instagram: @reader42`` where platforms could be mixed up.

    A handle already on file on one of the platforms is that one.

    :raises Mistake: the platform is not clear, or is none of ours
    """
    before, colon, after = line.partition(":")
    if colon and after.strip():
        platform = next((name for name in among if name.casefold() == before.strip().casefold()), None)
        if platform is None:
            raise Mistake("Which platform?", beside={field: f"Write one of: {', '.join(among)}, then a colon."})
        return author_named(after, platform, work)
    if len(among) == 1:
        return author_named(line, among[0], work)
    known = [author for author in work.shelves.authors.named(tidy_handle(line)) if author.platform in among]
    if len(known) == 1:
        return known[0]
    example = f"{among[0]}: {line}" if among else line
    raise Mistake("Which platform?", beside={field: f"Say on which platform, for example “{example}”."})


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """The two handles, how sure, and why."""
    work.require(Power.LINK_HANDLES)
    return (
        Page(
            title="Link two handles of one author",
            intro="Many people agreeing is not one person with many accounts. Say what shows it is one.",
            fields=(
                Field(
                    name="first",
                    label="One handle",
                    required=True,
                    hint="For example Facebook: @reader42",
                    initial=_initial(sent.subject, work),
                ),
                Field(name="second", label="The other handle", required=True),
                Field(
                    name="confidence",
                    label="How sure?",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=(
                        Option(value=Confidence.SUSPECTED.value, label="Suspected"),
                        Option(value=Confidence.CONFIRMED.value, label="Confirmed"),
                    ),
                    initial=(Confidence.SUSPECTED.value,),
                ),
                Field(name="basis", label="What shows it?", kind=FieldKind.LONG_TEXT, required=True, max_length=1000),
            ),
            submit="Link",
        ),
    )


def _initial(subject: str, work: Work) -> tuple[str, ...]:
    found = author_history.author_called(subject, work)
    return (f"{found.platform}: @{found.handle}",) if found else ((subject,) if subject else ())


def link(sent: Submission, work: Work) -> Reply:
    """Hold two handles to be one person."""
    work.require(Power.LINK_HANDLES)
    first, second = (parse_handle(sent.text(name), platforms(work), work, field=name) for name in ("first", "second"))
    if first.id == second.id:
        raise Mistake("Those are the same handle.", beside={"second": "Write the other handle."})
    pair = {first.id, second.id}
    if any(known.stands and {known.first, known.second} == pair for known in work.shelves.authors.links()):
        raise Mistake("These two are linked already.", beside={"second": "They are linked already; nothing to add."})
    work.save(
        HandleLink(
            id=uuid4(),
            library=work.library.id,
            first=first.id,
            second=second.id,
            confidence=Confidence(sent.text("confidence")),
            basis=sent.text("basis"),
            linked_by=work.actor.id,
            linked_at=work.now,
        )
    )
    return Reply(cards=(author_history.card(first, work),), headline=f"Linked {first.label} and {second.label}.")


def unlink_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Why the link no longer stands."""
    work.require(Power.LINK_HANDLES)
    found = _link(sent.subject, work)
    first, second = (work.shelves.authors.get(author) for author in (found.first, found.second))
    names = " and ".join(author.label for author in (first, second) if author)
    return (
        Page(
            title="Undo a link",
            intro=f"{names} were linked because: {found.basis}",
            fields=(Field(name="because", label="Why does it no longer stand?", required=True, max_length=500),),
            submit="Undo the link",
        ),
    )


def unlink(sent: Submission, work: Work) -> Reply:
    """Undo a link; that it was made, and why it was undone, stays on file."""
    work.require(Power.LINK_HANDLES)
    found = _link(sent.subject, work)
    if not found.stands:
        raise Mistake("This link was undone already.")
    check_authors_not_held({found.first, found.second}, work)
    work.save(
        replace(found, undone_by=work.actor.id, undone_at=work.now, undone_because=sent.text("because")), before=found
    )
    author = work.shelves.authors.get(found.first)
    cards: tuple[Card, ...] = (author_history.card(author, work),) if author else ()
    return Reply(cards=cards, headline="The link is undone.")


def _link(subject: str, work: Work) -> HandleLink:
    for known in work.shelves.authors.links():
        if str(known.id) == subject:
            return known
    raise Mistake("I can't find that link. Open the author's history again.")


__all__ = ["author_named", "link", "pages", "parse_handle", "platforms", "unlink", "unlink_page"]


def together(ref: str) -> str:
    """The basis of a link between handles that one report gave as one author's."""
    return f"Reported together as one author's, in {ref}"


def unlink_reported_together(ref: str, work: Work) -> None:
    """Undo the links a report made, because what it reported stays up and says nothing of its author."""
    for link in work.shelves.authors.links():
        if link.stands and link.basis == together(ref):
            undone = replace(link, undone_by=work.actor.id, undone_at=work.now, undone_because="the item stays up")
            work.save(undone, before=link)
