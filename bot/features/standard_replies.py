"""Standard replies: words the library agreed on for what comes up often, each with an owner and a day to look again.

They are offered when somebody answers a question, and belong to the library's record.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from bot.cards import Button, Card, Field, FieldKind, Note, Option, Page, Reply, Row, Style, Submission, Table
from bot.cases.follow_up import FollowUpKind
from bot.cases.standard_reply import StandardReply
from bot.clocks.calendar import short_date
from bot.features.following_up import cited, duty
from bot.people import CASEWORK, Power
from bot.refusal import Mistake, Refusal
from bot.work import Work

DUTY = "standard_replies"
REVIEW = timedelta(days=365)
"""When an agreed reply is looked at again, unless somebody chooses another day. Library practice."""
SIMILAR = 3
"""After so many answers in the same words, they are worth agreeing on. Library practice."""


def show(sent: Submission, work: Work) -> Reply:
    """The agreed replies, and answers that were given so often that they might become one."""
    del sent
    work.require(Power.SEE_LISTS)
    known = work.shelves.papers.replies()
    used = Counter(one.words for one in work.shelves.papers.follow_ups_of(FollowUpKind.ANSWERED))
    rows = tuple(
        Row(
            cells=(one.title, work.name(one.owner), _state(one, work), str(used[one.text])),
            buttons=_buttons(one, work),
        )
        for one in known
    )
    agreed = {one.text for one in known}
    often = [words for words, times in used.items() if times >= SIMILAR and words not in agreed]
    notes = [Note(text=f"Answered {used[words]} times in these words: {words[:200]}") for words in often[:5]]
    agrees = may_agree(work)
    new = Button(label="Agree on a reply", intent="reply.keep", style=Style.PRIMARY, opens_form=True)
    return Reply(
        cards=(
            Card(
                title="Standard replies",
                body="" if rows else "None is agreed on yet.",
                table=Table(columns=("Reply", "Owner", "Look again", "Used"), rows=rows) if rows else None,
                notes=(*cited(DUTY, work), *notes),
                buttons=(new,) if agrees else (),
            ),
        )
    )


def _state(one: StandardReply, work: Work) -> str:
    if one.retired_on:
        return f"retired on {short_date(one.retired_on)}"
    return f"{short_date(one.review_on)}{', due' if one.overdue(work.today) else ''}"


def _buttons(one: StandardReply, work: Work) -> tuple[Button, ...]:
    if one.retired_on or not may_agree(work):
        return ()
    return (
        Button(label="Look again", intent="reply.keep", subject=str(one.id), opens_form=True),
        Button(label="Retire", intent="reply.retire", subject=str(one.id)),
    )


def may_agree(work: Work) -> bool:
    """Test whether the actor agrees on replies: whom the policy names for it, else whoever deals with reports."""
    found = duty(DUTY, work)
    if found is None or not found.to:
        return work.may(Power.FOLLOW_UP)
    return work.actor.has(*found.to, on=work.today)


def _require(work: Work) -> None:
    """Refuse whoever does not agree on replies.

    :raises Refusal: with the clause, where the policy names who does
    """
    found = duty(DUTY, work)
    if found is None or not found.to:
        work.require(Power.FOLLOW_UP)
    elif not may_agree(work):
        who = " or ".join(work.title(role) for role in found.to)
        raise Refusal(
            f"A set answer is agreed on by the {who}. Tell them the words you would use. Nothing was changed.",
            under=work.book.cite(found.rule, on=work.today),
        )


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """The title, the words, who owns them, and when to look again."""
    _require(work)
    known = _known(sent.subject, work)
    owners = [one for one in work.people if one.same_as is None and one.has(*CASEWORK, on=work.today)]
    return (
        Page(
            title="Standard reply",
            intro="In the library's own words: no name of a patron, and nothing a patron wrote.",
            fields=(
                Field(
                    name="title",
                    label="For what?",
                    required=True,
                    initial=(known.title,) if known else (),
                    max_length=75,
                ),
                Field(
                    name="text",
                    label="The reply",
                    kind=FieldKind.LONG_TEXT,
                    required=True,
                    initial=(known.text,) if known else (),
                    max_length=3000,
                ),
                Field(
                    name="owner",
                    label="Who looks after it?",
                    kind=FieldKind.PERSON,
                    required=True,
                    options=tuple(Option(value=str(one.id), label=one.name) for one in owners),
                    initial=(str(known.owner),) if known else (),
                ),
                Field(
                    name="review_on",
                    label="Look at it again on",
                    kind=FieldKind.DATE,
                    required=True,
                    initial=((work.today + REVIEW).isoformat(),),
                ),
            ),
            notes=cited(DUTY, work),
        ),
    )


def keep(sent: Submission, work: Work) -> Reply:
    """Keep an agreed reply, or its newer words; what it said before stays in the ledger.

    :raises Mistake: its day to be looked at again has passed already
    """
    _require(work)
    known = _known(sent.subject, work)
    day = sent.day("review_on")
    if day is None or day <= work.today:
        raise Mistake("When is it looked at again?", beside={"review_on": "Choose a day that is still to come."})
    work.save(
        StandardReply(
            id=known.id if known else uuid4(),
            library=work.library.id,
            title=sent.text("title"),
            text=sent.text("text"),
            owner=UUID(sent.text("owner")),
            review_on=day,
            kept_by=work.actor.id,
            kept_at=work.now,
        ),
        before=known,
    )
    said = f"Kept. {work.name(UUID(sent.text('owner')))} looks at it again on {short_date(day)}."
    return Reply(cards=show(sent, work).cards, headline=said)


def retire(sent: Submission, work: Work) -> Reply:
    """Offer an agreed reply no more; it stays on file."""
    _require(work)
    known = _known(sent.subject, work)
    if known is None:
        raise Mistake("Which reply? “replies” lists them.")
    if known.retired_on:
        raise Refusal(f"It was retired on {short_date(known.retired_on)} already.")
    work.save(replace(known, retired_on=work.today), before=known)
    return Reply(cards=show(sent, work).cards, headline="Retired. It is offered no more, and stays on file.")


def _known(subject: str, work: Work) -> StandardReply | None:
    return next((one for one in work.shelves.papers.replies() if str(one.id) == subject), None)


def tell_of_the_week(work: Work) -> None:
    """Remind the owner of a reply whose day to be looked at again has come, once a week until somebody does."""
    year, week, _ = work.today.isocalendar()
    for one in work.shelves.papers.replies():
        if one.overdue(work.today):
            words = f"Please look again at the standard reply “{one.title}”: “replies” opens it."
            work.tell_word_to(one.owner, words, key=f"reply:{one.id}:{year}-{week}")
