"""Home, and the list of my tasks."""

from bot.cards import Button, Card, Reply, Submission
from bot.features import undelivered, what_is_due
from bot.people import STAFF
from bot.views import home, lately
from bot.work import Work


def show(sent: Submission, work: Work) -> Reply:
    """Decisions waiting for me, my tasks, the quick ways in, what is due, and what others did on my cases."""
    del sent
    cards = [home.decisions_card(work), home.tasks_card(work), home.overdue_card(work), home.welcome(work)]
    if work.actor.has(*STAFF, on=work.today):
        cards += [what_is_due.card(work, limit=8, tasks=False), lately.card(work)]
    cards += [undelivered.card(work), home.everything_else(work)]
    return Reply(cards=tuple(card for card in cards if card is not None))


def tasks(sent: Submission, work: Work) -> Reply:
    """What I am asked to do."""
    del sent
    cards = [card for card in (home.decisions_card(work), home.tasks_card(work)) if card is not None]
    return Reply(cards=tuple(cards) or (Card(title="Nothing is asked of you", buttons=(_home(),)),))


def _home() -> Button:
    return Button(label="Home", intent="home")
