"""Once a policy is read, nothing that is asked of it touches a disk."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from bot.clocks.arithmetic import due_dates
from bot.clocks.calendar import Calendar
from bot.policy.book import PolicyBook
from bot.policy.document import bind
from bot.policy.shelf import read_pack
from bot.policy.terms import Action, Event
from bot.reading import read_pack as read_adopted
from tests.policy.sixth import JUNIPER, JUNIPER_DOCUMENT, JUNIPER_FILE

WATCHED: list[list[str]] = []


def _watch(event: str, details: tuple[object, ...]) -> None:
    if event == "open" and WATCHED:
        WATCHED[-1].append(str(details[0]))


sys.addaudithook(_watch)  # a hook cannot be taken off again; it only notes something inside `opened_files`


@contextmanager
def opened_files() -> Iterator[list[str]]:
    """Every file that is opened meanwhile."""
    WATCHED.append([])
    try:
        yield WATCHED[-1]
    finally:
        WATCHED.pop()


def test_a_file_that_is_opened_would_be_noticed() -> None:
    with opened_files() as opened:
        JUNIPER_FILE.read_bytes()

    assert opened == [str(JUNIPER_FILE)]


def test_looking_a_clause_up_opens_no_file() -> None:
    bound = bind(JUNIPER, JUNIPER_DOCUMENT)
    book = PolicyBook(
        packs=(read_pack("chicopee"), JUNIPER),
        sentences={(JUNIPER.version, rule): sentence for rule, sentence in bound.sentences.items()},
    )

    with opened_files() as opened:
        cited = [book.cite(rule.id, on=date(2026, 3, 2)) for rule in JUNIPER.rules]
        JUNIPER.decider(Action.BLOCK)
        JUNIPER.notice(Action.REMOVE)
        JUNIPER.ground("threat")
        JUNIPER.sanctions.step_for(3)

    assert opened == []
    assert all(citation.sentence for citation in cited)


def test_counting_a_date_opens_no_file() -> None:
    calendar = Calendar(zone="America/Denver", meetings=(date(2026, 4, 14),))
    due_dates(Event.APPEAL_RECEIVED, on=date(2026, 3, 2), pack=JUNIPER, calendar=calendar, level="board")

    with opened_files() as opened:
        due_dates(Event.APPEAL_RECEIVED, on=date(2026, 3, 3), pack=JUNIPER, calendar=calendar, level="board")

    assert opened == []


def test_an_adopted_policy_is_read_from_its_bytes_once() -> None:
    raw = JUNIPER_FILE.read_bytes()
    first = read_adopted("juniper", raw)

    with opened_files() as opened:
        again = read_adopted("juniper", raw)

    assert again is first
    assert opened == []
