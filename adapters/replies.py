"""A reply where a platform cannot show it as it is: a page where none can be opened, a message that is too short."""

from bot.cards import Button, Card, Reply, Style, Submission

__all__ = ["WHOLE", "again", "origin", "without_page"]

WHOLE = "Show everything"


def without_page(reply: Reply) -> Reply:
    """A page as a card with a button that opens it, where no form can be opened."""
    if reply.page is None:
        return reply
    begun = reply.page
    opening = Button(
        label="Open the form",
        intent=begun.intent,
        subject=begun.subject,
        token=begun.token,
        opens_form=True,
        style=Style.PRIMARY,
    )
    return Reply(cards=(Card(title=begun.page.title, body=begun.page.intro, buttons=(opening,)),))


def again(reply: Reply, asked_for: Submission | None, *, opens_form: bool) -> Button | None:
    """What shows everything where a message is too short: the case the answer is about, or the same question."""
    if reply.about:
        return Button(label=WHOLE, intent="say", subject=reply.about, opens_form=opens_form)
    if asked_for is None:
        return None
    if asked_for.intent == "say":
        return Button(label=WHOLE, intent="say", subject=asked_for.text("text"), opens_form=opens_form)
    return Button(
        label=WHOLE,
        intent=asked_for.intent,
        subject=asked_for.subject,
        version=asked_for.version_seen or 0,
        token=asked_for.token,
        opens_form=opens_form,
    )


def origin(reply: Reply, asked_for: Submission | None) -> tuple[str, str]:
    """What asks for an answer once more, as (intent, subject), when a button on it was pressed and it is out of date.

    It is the case the answer is about, or the question for a list; both empty when asking might be an act.
    """
    if reply.about:
        return ("say", reply.about)
    if asked_for is None or reply.headline or reply.page or asked_for.token or asked_for.version_seen:
        return ("", "")
    return ("say", asked_for.text("text")) if asked_for.intent == "say" else (asked_for.intent, asked_for.subject)
