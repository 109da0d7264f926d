"""Within one transaction the same question is put to the database once, and no answer outlives what it came from."""

from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import event
from typing_extensions import override

from bot.ports import Shelves
from storage import store as stores
from storage.asking import Asking, Question
from storage.store import SqlStore
from tests.builders import ELM, an_author, an_incident
from tests.people import House
from tests.storage.whole_record import a_whole_record


async def test_the_same_question_is_put_once_until_its_table_is_written_to(sqlite_store: SqlStore) -> None:
    put: list[str] = []

    def notes(*said: Any) -> None:  # noqa: ANN401 - what SQLAlchemy tells a listener
        put.append(said[2])

    event.listen(sqlite_store._writer, "before_cursor_execute", notes)  # noqa: SLF001 - its statements

    def asks(shelves: Shelves) -> tuple[int, ...]:
        counts = []

        def looks() -> list[str]:
            found = [one.ref for one in shelves.incidents.recent(5)]
            counts.append(sum("FROM incident" in one for one in put))
            return found

        assert looks() == looks() == []
        shelves.authors.put(an_author(library=ELM.id))
        assert looks() == []
        shelves.incidents.put(an_incident(library=ELM.id, ref="I-2026-0009"))
        assert looks() == ["I-2026-0009"]
        return tuple(counts)

    assert await sqlite_store.act(ELM.id, asks) == (1, 1, 1, 2)


async def test_what_was_undone_is_asked_anew(sqlite_store: SqlStore) -> None:
    def changes_its_mind(shelves: Shelves) -> tuple[int, int]:
        within = 0
        with suppress(LookupError), shelves.savepoint():
            shelves.incidents.put(an_incident(library=ELM.id, ref="I-2026-0009"))
            within = len(shelves.incidents.recent(5))
            raise LookupError
        return within, len(shelves.incidents.recent(5))

    assert await sqlite_store.act(ELM.id, changes_its_mind) == (1, 0)


async def test_through_a_year_of_a_library_no_answer_is_older_than_what_is_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    repeated = 0

    class Doubting(Asking):
        """Asks everything again, and holds the two answers against each other."""

        @override
        def known(self, question: Question) -> None:
            return None

        @override
        def note(self, question: Question, records: tuple[Any, ...]) -> None:
            nonlocal repeated
            before = super().known(question)
            repeated += before is not None
            assert before in (None, records), f"{question[0]} was answered differently a moment ago"
            super().note(question, records)

    monkeypatch.setattr(stores, "Asking", Doubting)
    await a_whole_record(house)
    assert repeated > 500, "little was asked twice, and little was watched"
