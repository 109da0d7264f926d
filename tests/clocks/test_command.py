"""``duenotice clocks`` as somebody at a terminal meets it."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from tests.clocks.packs import TOML
from tests.policy.sixth import JUNIPER_FILE

KEYS = [
    "clock",
    "event",
    "due",
    "open_until_utc",
    "kind",
    "stated",
    "assumed",
    "rule",
    "source",
    "closed_day",
    "rolled_to",
    "proof",
]


def run(*options: str) -> Result:
    return CliRunner().invoke(app, ["clocks", *options])


def answer(*options: str) -> dict[str, list[dict[str, Any]]]:
    result = run(*options, "--json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, list[dict[str, Any]]] = json.loads(result.stdout)
    return found


@pytest.fixture
def elm(tmp_path: Path) -> str:
    path = tmp_path / "elm" / "2023-03-06.toml"
    path.parent.mkdir()
    path.write_text(TOML, encoding="utf-8")
    return str(path)


def test_a_removal_in_chicopee_can_be_appealed_for_fifteen_days_and_is_kept_for_a_year() -> None:
    found = answer("chicopee", "--on", "content_removed=2026-01-16T23:30-05:00")

    appeal, retain = found["clocks"]
    assert list(appeal) == KEYS
    assert (appeal["clock"], appeal["event"], appeal["kind"]) == ("appeal_by", "content_removed", "right")
    assert (appeal["due"], appeal["open_until_utc"]) == ("2026-01-31", "2026-02-01T05:00:00Z")
    assert (appeal["closed_day"], appeal["rolled_to"], appeal["stated"]) == ("Saturday", None, True)
    assert any("does not say what starts the 15 days" in assumed for assumed in appeal["assumed"])
    assert appeal["proof"][0] == "Day 0 is Friday 16 January 2026, the day the content was removed."
    assert (retain["clock"], retain["due"], retain["kind"]) == ("retain_through", "2027-01-16", "retention")
    assert found["silent"] == []


def test_a_block_in_chicopee_opens_reinstatement_after_forty_five_days_and_has_no_end() -> None:
    found = answer("chicopee", "--on", "block_applied=2026-01-16")

    (opens,) = [clock for clock in found["clocks"] if clock["clock"] == "reinstatement_from"]
    assert (opens["due"], opens["open_until_utc"], opens["kind"]) == ("2026-03-02", None, "opens")
    assert [(one["clock"], one["event"]) for one in found["silent"]] == [("retain_through", "block_applied")]
    assert list(found["silent"][0]) == ["clock", "event", "why"]


def test_an_event_from_which_nothing_runs_is_answered_in_words() -> None:
    said = CliRunner().invoke(app, ["clocks", "chicopee", "--on", "notice_sent=2026-01-16"])

    assert (said.exit_code, said.stdout.splitlines()[-1]) == (0, "Nothing in this policy runs from that.")


def test_a_counter_notice_at_ecrl_is_counted_in_the_business_days_of_the_statute() -> None:
    opens, by = answer("ecrl", "--on", "counter_notice_received=2026-10-05", "--closed", "2026-10-07=Flood")["clocks"]

    assert (opens["clock"], opens["due"], opens["kind"]) == ("restore_content_from", "2026-10-20", "opens")
    assert (by["clock"], by["due"], by["stated"]) == ("restore_content_by", "2026-10-26", False)
    assert "Columbus Day (Monday 12 October 2026)" in " ".join(by["proof"])


def test_several_events_are_answered_in_the_order_they_were_asked() -> None:
    found = answer("chicopee", "--on", "appeal_received=2026-02-02", "--on", "content_removed=2026-01-16")

    assert [clock["event"] for clock in found["clocks"]] == ["appeal_received", "content_removed", "content_removed"]


def test_an_instant_in_universal_time_is_dated_where_the_library_is(elm: str) -> None:
    assert answer(elm, "--on", "appeal_received=2026-01-17T04:30Z")["clocks"][0]["due"] == "2026-01-31"
    in_guam = answer(elm, "--on", "appeal_received=2026-01-17T04:30Z", "--zone", "Pacific/Guam")["clocks"][0]
    assert (in_guam["due"], in_guam["open_until_utc"]) == ("2026-02-01", "2026-02-01T14:00:00Z")


def test_holidays_and_closed_days_are_skipped_in_business_days_and_can_be_left_out(elm: str) -> None:
    asked = (elm, "--on", "question_received=2026-01-16")

    assert answer(*asked)["clocks"][0]["due"] == "2026-01-21"
    assert answer(*asked, "--no-holidays")["clocks"][0]["due"] == "2026-01-20"
    snow = answer(*asked, "--closed", "2026-01-20=Snow", "--closed", "2026-01-21")["clocks"][0]
    assert snow["due"] == "2026-01-23"
    assert "Snow (Tuesday 20 January 2026)" in snow["proof"][1]
    assert "closed that day (Wednesday 21 January 2026)" in snow["proof"][1]


def test_the_library_s_own_name_for_a_closed_day_counts_more_than_the_package_s(elm: str) -> None:
    asked = answer(elm, "--on", "question_received=2026-01-16", "--closed", "2026-01-19=Staff day")

    assert "Staff day (Monday 19 January 2026)" in asked["clocks"][0]["proof"][1]


def test_the_roll_practice_is_shown_with_both_dates_and_only_when_asked_for(elm: str) -> None:
    rolled = answer(elm, "--on", "appeal_received=2026-01-16", "--roll")["clocks"][0]

    assert (rolled["due"], rolled["rolled_to"], rolled["closed_day"]) == ("2026-02-02", "2026-02-02", "Saturday")
    assert "Saturday 31 January 2026" in rolled["proof"][-1]
    assert "Library practice, not in policy" in rolled["proof"][-1]


def test_a_clock_counted_in_board_meetings_needs_their_dates(elm: str) -> None:
    asked = (elm, "--on", "appeal_received=2026-01-16")

    assert "Add the Board's meeting dates" in answer(*asked)["silent"][0]["why"]
    met = answer(*asked, "--meeting", "2026-02-10", "--meeting", "2026-03-10")
    board = met["clocks"][1]
    assert (board["clock"], board["due"], board["closed_day"]) == ("decide_appeal_by.board", "2026-03-10", None)


def test_a_person_reads_the_date_its_source_its_proof_and_what_was_assumed(elm: str) -> None:
    result = run(elm, "--on", "content_removed=2026-01-16", "--on", "reinstatement_requested=2026-01-16")

    assert result.exit_code == 0
    assert "Elm Public Library: Social Media Policy, in force from 6 March 2023" in result.stdout
    assert "appeal_by: through Saturday 31 January 2026 (right)" in result.stdout
    assert "A patron may appeal (Social Media Policy, Section 2, item 4)" in result.stdout
    assert "1. Day 0 is Friday 16 January 2026, the day the content was removed." in result.stdout
    assert "Assumed: the policy does not say from when the days run" in result.stdout
    assert (
        "decide_reinstatement_by, after reinstatement was asked for: silent. no time for an answer is given"
        in result.stdout
    )


def test_the_worked_proof_in_the_documentation_is_what_the_program_prints() -> None:
    page = (Path(__file__).parents[2] / "docs" / "clocks.md").read_text(encoding="utf-8")
    proof = page.partition("## One proof")[2].partition("```\n")[2].partition("```")[0]

    printed = run("chicopee", "--on", "content_removed=2026-01-16T23:30-05:00").stdout

    assert proof.startswith("appeal_by: through")
    assert proof in printed


def test_everything_that_is_wrong_is_said_at_once_without_a_traceback() -> None:
    result = run(
        *("nowhere", "--on", "content_deleted=2026-01-16", "--on", "content_removed=soon", "--zone", "Chicopee"),
        *("--closed", "monday=Snow", "--meeting", "next week"),
    )

    assert result.exit_code == 2
    assert result.stdout == ""
    for told in (
        "no policy called “nowhere”",
        "'content_deleted' is no event that starts a clock",
        "'soon' is not a date. Write it as 2026-01-16",
        "no time zone called 'Chicopee'",
        "'monday' is not a date. Write --closed 2026-01-19=Snow",
        "'next week' is no meeting. Write --meeting 2026-02-10",
    ):
        assert told in result.stderr
    assert "Traceback" not in result.stderr


def test_one_mistake_is_one_sentence_with_what_to_do() -> None:
    result = run("chicopee", "--on", "content_removed=16 January")

    assert result.exit_code == 2
    assert result.stderr == (
        "duenotice: '16 January' is not a date. Write it as 2026-01-16, or with a time as 2026-01-16T23:30-05:00.\n"
    )


def test_a_pack_file_that_is_not_there_or_is_broken_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("since = ", encoding="utf-8")

    missing = run(str(tmp_path / "none.toml"), "--on", "content_removed=2026-01-16")
    assert (missing.exit_code, "There is no file" in missing.stderr) == (2, True)
    unreadable = run(str(broken), "--on", "content_removed=2026-01-16")
    assert (unreadable.exit_code, "not a readable TOML file" in unreadable.stderr) == (2, True)


def test_the_boards_rule_and_a_calendar_of_closed_days_can_be_given_too(elm: str, tmp_path: Path) -> None:
    closures = tmp_path / "closed.ics"
    day = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20260120\r\nSUMMARY:Closed: painters\r\nEND:VEVENT"
    closures.write_text(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{day}\r\nEND:VCALENDAR\r\n", "utf-8")

    board = answer(elm, "--on", "appeal_received=2026-01-16", "--meeting", "second Tuesday, except March")["clocks"]
    reply = answer(elm, "--on", "question_received=2026-01-16", "--closed", str(closures))["clocks"]

    assert [clock["due"] for clock in board if clock["clock"] == "decide_appeal_by.board"] == ["2026-04-14"]
    assert "Closed: painters (Tuesday 20 January 2026)" in reply[0]["proof"][1]


def test_what_happened_at_a_further_level_of_appeal_starts_that_levels_dates() -> None:
    first = answer(str(JUNIPER_FILE), "--on", "appeal_received=2026-03-20")["clocks"]
    board = answer(str(JUNIPER_FILE), "--on", "appeal_received.board=2026-03-20", "--meeting", "2026-04-14")["clocks"]

    assert [clock["clock"] for clock in first] == ["decide_appeal_by"]
    assert [(clock["clock"], clock["due"]) for clock in board] == [
        ("decide_appeal_by.board", "2026-04-21"),
        ("papers_by.board", "2026-04-07"),
    ]


def test_a_level_of_appeal_there_is_not_is_refused_with_those_there_are() -> None:
    refused = run(str(JUNIPER_FILE), "--on", "appeal_received.mayor=2026-03-20")

    assert refused.exit_code == 2
    assert "'mayor' is no further level of appeal of this policy. Its further levels: board." in refused.stderr
