"""The program is told to end, by whoever sits before it or by what keeps services running: it closes, and says so."""

from pathlib import Path

from tests.journeys.program import practising


async def test_asked_to_end_it_closes_and_says_that_everything_saved_is_still_there(tmp_path: Path) -> None:
    async with practising(tmp_path) as program:
        await program.stop()
        assert program.said().endswith("\nClosed. Everything saved is still there.\n")
        assert program.ended_with == 0
