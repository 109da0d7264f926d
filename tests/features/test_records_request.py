"""A public-records request behind a hold runs to the law's day, shown as the law's, until it was answered."""

from pathlib import Path

import pytest

from tests.features.test_five_policies import Desk, library_under
from tests.features.under import days, opens, sees
from tests.policy.holds import holds


async def asked_for(desk: Desk, ref: str, **came: str) -> str:
    kim = desk.somebody("kim")
    await kim.says("hold")
    await kim.fills(scope="One case", cause="A public-records request")
    await kim.fills(which=ref)
    await kim.fills(reason="somebody asked for the file", **came)
    return kim.ref


@holds("chicopee:C52", "cook_memorial:K09", "worcester:W15")
@pytest.mark.parametrize(
    ("name", "due", "law"),
    [
        ("chicopee", "2026-03-16", "M.G.L. c. 66, s. 10"),
        ("worcester", "2026-03-16", "M.G.L. c. 66, s. 10"),
        ("cook_memorial", "2026-03-09", "5 ILCS 140/3(d)"),
    ],
)
async def test_a_records_request_holds_the_case_and_runs_to_the_day_of_the_law(
    tmp_path: Path, name: str, due: str, law: str
) -> None:
    desk = await library_under(name, tmp_path)
    report = await desk.somebody("sam").removes(clauses="spam", done_on="2026-03-02")
    hold = await asked_for(desk, report, came_in="2026-03-02")

    clock = (await desk.house.clocks(hold))["answer_records_by"]
    assert (clock.due.isoformat(), clock.stated) == (due, False)
    kim = desk.somebody("kim")
    await kim.says(f"show {hold}")
    assert "The days are not in the policy" in sees(kim)
    assert law in sees(kim)
    assert "source: Posts fall under the freedom-of-information" in sees(kim)
    await kim.says(f"show {report}")
    assert "On hold since 2 March 2026" in sees(kim)

    await opens(kim, hold, "The request was answered")
    await kim.fills(what="It was answered")
    assert (await desk.house.clocks(hold))["answer_records_by"].state.value == "met"
    assert not kim.sees("The request was answered")
    assert kim.sees("Release")


async def test_releasing_the_hold_does_not_stop_the_laws_days_and_the_director_is_reminded(tmp_path: Path) -> None:
    desk = await library_under("cook_memorial", tmp_path)
    report = await desk.somebody("sam").removes(clauses="spam", done_on="2026-03-02")
    hold = await asked_for(desk, report, came_in="2026-03-02")
    await desk.somebody("kim").releases(hold)
    await days(desk, 9)

    assert (await desk.house.clocks(hold))["answer_records_by"].state.value == "running"
    rows = [row.cells for one in desk.house.messenger.posts if one.card.table for row in one.card.table.rows]
    assert ("9 March 2026, overdue", "Answer the records request by", hold) in rows


@pytest.mark.parametrize("name", ["ecrl", "portsmouth"])
async def test_a_policy_that_says_nothing_of_records_requests_counts_no_day(tmp_path: Path, name: str) -> None:
    desk = await library_under(name, tmp_path)
    hold = await asked_for(desk, await desk.somebody("sam").removes(clauses="spam", done_on="2026-03-02"))

    assert await desk.house.clocks(hold) == {}


async def test_another_cause_asks_for_no_day(tmp_path: Path) -> None:
    desk = await library_under("chicopee", tmp_path)
    ref = await desk.somebody("kim").holds(await desk.somebody("sam").removes(done_on="2026-03-02"))

    assert await desk.house.clocks(ref) == {}
