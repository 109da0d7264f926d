"""The time a policy gives for a duty, and what it adds to how long a record is kept."""

from datetime import date
from pathlib import Path

import pytest

from bot.policy import shelf
from bot.policy.procedure import RetentionRule
from bot.policy.shelf import pack_bytes
from tests.features.test_five_policies import library_under
from tests.features.under import sees
from tests.people import House

CONCERNS = """
[[duties]]
code = "hear_concern"
label = "Answer a concern"
rule = "C12"
on = "concern"
to = ["director"]
within = { n = 3, unit = "business_days" }
"""


async def test_somebody_is_asked_by_the_day_the_policy_gives_for_the_duty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "OWN", [tmp_path / "packs"])
    folder = tmp_path / "packs" / "linden"
    folder.mkdir(parents=True)
    text = pack_bytes("chicopee")[-1].decode("utf-8").replace("[[duties]]", f"{CONCERNS.lstrip()}\n[[duties]]", 1)
    (folder / "2023-03-06.toml").write_text(text, encoding="utf-8")
    desk = await library_under("linden", tmp_path / "data")

    ref = await desk.somebody("robin").reports(track="Concern")

    [task] = await desk.house.look(lambda shelves: shelves.tasks.of_case(ref))
    assert task.due == date(2026, 3, 5)
    clocks = await desk.house.look(lambda shelves: shelves.clocks.of_case(ref))
    [clock] = [one for one in clocks if one.task == task.id]
    assert clock.stated
    assert clock.rule == "C12"


async def test_how_long_a_record_is_kept_says_that_it_is_the_least(house: House) -> None:
    ref = await house.sam.removes()
    await house.dana.says(f"why kept {ref}")

    assert "The policy's time is the least: at least so long." in sees(house.dana)


def test_a_class_of_records_says_its_schedule_and_only_what_the_policy_says_of_a_floor() -> None:
    stated = RetentionRule(rule="C45", records="Deleted posts", authority="State schedule", schedule="B-4", floor=False)
    assert stated.said == ("The schedule for “Deleted posts”: State schedule, B-4.", "The policy's time is fixed.")
    assert RetentionRule(rule="C45", records="Deleted posts").said == ()
