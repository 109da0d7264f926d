"""Writing a pack for a library nobody has a pack for."""

import json
import tomllib
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.cli.policy_draft import period_of
from bot.clocks.arithmetic import due_dates
from bot.clocks.calendar import Calendar
from bot.policy.pack import Pack
from bot.policy.terms import Action, Event, Role, Stance, Unit
from bot.policy.values import Span
from bot.refusal import Mistake

LEAST = """
name = "Larch Public Library"
short = "Larch"
zone = "America/Chicago"
state = "WI"
since = 2025-05-01
adopted = "Approved on 1 May 2025"
"""

FULL = f"""{LEAST}
[[grounds]]
label = "Spam and advertising"
section = "What comes down"
needle = "spam or advertising"
modality = "will"

[[grounds]]
label = "Spam and advertising again"
section = "What comes down"
needle = "spam or advertising"

[block]
label = "A person may be blocked"
section = "Blocks"

[[block_grounds]]
label = "Three breaches"
section = "Blocks"
occasions = 3

[deciders.block]
label = "The Director blocks"
section = "Blocks"
needle = "decided by the Director"
roles = ["director"]

[notices.block]
label = "The person hears of a block"
section = "Blocks"
duty = "required"

[appeal]
label = "A person may appeal"
section = "Appeals"
filed_with = "director"
decided_by = "director"
final = false
window_from = "notice"

[appeal.window]
label = "Ten business days to appeal"
section = "Appeals"
period = "10 business days"

[appeal.decision]
label = "An answer in two weeks"
section = "Appeals"
period = "2 weeks"

[appeal_board]
label = "Then to the Board"
section = "Appeals"
final = true

[appeal_board.decision]
label = "At its next meeting, and five days"
section = "Appeals"
period = "5 days after the next regular Board meeting"

[appeal_board.papers]
label = "Papers a week before"
section = "Appeals"
period = "1 week before the next meeting"

[reinstatement]
label = "Back after ninety days"
section = "Blocks"
period = "90 days"
asked_of = "director"

[retention]
label = "Kept two years at the least"
section = "Records"
period = "2 years"
at_least = true

[reply]
label = "An answer in a day"
section = "Questions"
period = "1 business day"

[complaints]
label = "Complaints stay up"
section = "What comes down"
needle = "complaints are never"
report_to = ["director"]
"""


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, ["policy", *words], input=typed, env={"COLUMNS": "160"})


def made(folder: Path, answers: str) -> Pack:
    file = folder / "answers.toml"
    file.write_text(answers, "utf-8")
    assert run("new", str(folder / "larch"), "--answers", str(file)).exit_code == 0
    return Pack.read(folder / "larch" / "2025-05-01.toml")


def test_a_library_that_answers_nothing_but_its_name_gets_a_pack_that_is_silent_everywhere(tmp_path: Path) -> None:
    pack = made(tmp_path, LEAST)

    assert (pack.version, pack.about.name) == ("larch 2025-05-01", "Larch Public Library")
    assert {pack.block.stance, pack.appeal.stance, pack.reinstatement.stance} == {Stance.SILENT}
    assert {clock.stance for clock in pack.clocks} == {Stance.SILENT}
    assert {pack.decider(action).stance for action in Action} == {Stance.SILENT}
    assert run("check", str(tmp_path / "larch" / "2025-05-01.toml")).exit_code == 0


def test_what_is_answered_stands_in_the_pack_and_the_rest_is_silent(tmp_path: Path) -> None:
    pack = made(tmp_path, FULL)

    assert [ground.code for ground in pack.grounds] == ["spam_and_advertising", "spam_and_advertising_again"]
    assert pack.grounds[0].rule == pack.grounds[1].rule
    assert pack.block_ground("three_breaches").occasions == 3
    assert pack.decider(Action.BLOCK).roles == (Role.DIRECTOR,)
    assert pack.decider(Action.REMOVE).stance is Stance.SILENT
    assert pack.notice(Action.BLOCK).duty == "required"
    assert pack.notice(Action.REMOVE).stance is Stance.SILENT
    assert pack.appeal.against == (Action.REMOVE, Action.BLOCK)
    assert [level.level for level in pack.appeal.levels] == ["", "board"]
    assert pack.complaints.protected


def test_the_dates_of_a_new_pack_can_be_counted(tmp_path: Path) -> None:
    pack = made(tmp_path, FULL)
    calendar = Calendar(zone="America/Chicago", meetings=(date(2026, 2, 10),))

    def due(event: Event, level: str = "") -> dict[str, date]:
        dated, _ = due_dates(event, on=date(2026, 1, 16), pack=pack, calendar=calendar, level=level)
        return {one.clock: one.due for one in dated}

    assert due(Event.NOTICE_SENT) == {"appeal_by": date(2026, 1, 30)}
    assert due(Event.APPEAL_RECEIVED) == {"decide_appeal_by": date(2026, 1, 30)}
    assert due(Event.APPEAL_RECEIVED, "board") == {
        "decide_appeal_by.board": date(2026, 2, 15),
        "papers_by.board": date(2026, 2, 3),
    }
    assert due(Event.BLOCK_APPLIED) == {"reinstatement_from": date(2026, 4, 16)}
    assert due(Event.CONTENT_HIDDEN) == {"retain_through": date(2028, 1, 16)}
    assert due(Event.QUESTION_RECEIVED) == {"reply_by": date(2026, 1, 19)}


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    made(tmp_path, LEAST)
    file = tmp_path / "larch" / "2025-05-01.toml"
    before = file.read_bytes()

    again = run("new", str(tmp_path / "larch"), "--answers", str(tmp_path / "answers.toml"))

    assert again.exit_code == 2
    assert "is there already, and nothing was changed" in again.stderr
    assert file.read_bytes() == before


def test_answers_that_cannot_be_used_are_all_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "answers.toml"
    file.write_text(LEAST.replace('"WI"', '"Wisconsin"').replace('short = "Larch"\n', "") + 'colour = "red"\n', "utf-8")

    refused = run("new", str(tmp_path / "larch"), "--answers", str(file))

    assert refused.exit_code == 2
    for place in ("- state:", "- short:", "- colour:"):
        assert place in refused.stderr
    assert not (tmp_path / "larch").exists()


TYPED = """Larch Public Library

Wisconsin
WI
Chicago
America/Chicago



May first
2025-05-01
Approved on 1 May 2025
Spam and advertising
What comes down
spam or advertising

A person may be blocked
Blocks

Three breaches
Blocks

3
12 months
yes


director
no

Blocks
decided by the Director



required
Blocks

A person may appeal
Appeals

remove, block
mayor
director
director
no
soon
10 business days
Appeals

not_heard
notice


90 days
Blocks

2 years
Records

yes

"""


def test_somebody_at_a_terminal_is_asked_again_until_an_answer_can_be_used(tmp_path: Path) -> None:
    asked = run("new", str(tmp_path / "larch"), typed=TYPED + "\n" * 12)

    assert asked.exit_code == 0, asked.output
    for said in (
        "Write two letters, as in MA.",
        "There is no time zone called 'Chicago'",
        "Write the day as in 2026-01-01.",
        "Write one of: reporter, editor",
        "'soon' is not a period.",
    ):
        assert said in asked.stdout
    pack = Pack.read(tmp_path / "larch" / "2025-05-01.toml")
    assert pack.about.short == "Larch"
    assert pack.decider(Action.BLOCK).roles == (Role.DIRECTOR,)
    assert pack.notice(Action.BLOCK).duty == "required"
    assert [clock.period for clock in pack.clocks if clock.has_length] == [
        "10 business days",
        "90 days",
        "at least 2 years",
    ]
    assert not (tmp_path / "larch.answers.json").exists()


def test_what_was_typed_before_somebody_stopped_is_kept_and_can_be_used(tmp_path: Path) -> None:
    half = TYPED.partition("\nA person may be blocked")[0]

    stopped = run("new", str(tmp_path / "larch"), typed=half)

    kept = tmp_path / "larch.answers.json"
    assert stopped.exit_code == 1
    assert f"--answers {kept}" in stopped.output
    assert json.loads(kept.read_text("utf-8"))["grounds"][0]["label"] == "Spam and advertising"
    assert run("new", str(tmp_path / "larch"), "--answers", str(kept)).exit_code == 0
    written = tomllib.loads((tmp_path / "larch" / "2025-05-01.toml").read_text("utf-8"))
    assert written["block"]["stance"] == "silent"


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("15 days", {"n": 15, "unit": "days"}),
        ("1 business day", {"n": 1, "unit": "business_days"}),
        ("next meeting", {"n": 1, "unit": "meetings"}),
        ("the next regular Board meeting", {"n": 1, "unit": "meetings"}),
        ("10 days after the next meeting", {"n": 1, "unit": "meetings", "after_that": {"n": 10, "unit": "days"}}),
        ("1 week before next meeting", {"n": 1, "unit": "meetings", "before_that": {"n": 1, "unit": "weeks"}}),
    ],
)
def test_a_period_is_read_as_a_librarian_writes_it(words: str, period: dict[str, object]) -> None:
    assert period_of(words) == period


@pytest.mark.parametrize(
    "words", ["soon", "ten days", "after the next meeting", "5 fortnights before the next meeting"]
)
def test_what_is_no_period_is_refused(words: str) -> None:
    with pytest.raises(Mistake, match="is not a period"):
        period_of(words)


REST = """yes
12 months
Warning
Steps

1


A month
Steps

2
30 days
For good
Steps

3

yes

yes
Complaints
Speech

yes

yes
That posts are public
Statements

account, website
All posts
are public

yes
Passwords are changed
Security

director
1 year


yes

Days

yes
Two rules
Grounds

Blocks


"""


def test_the_groups_most_policies_say_nothing_of_are_asked_one_by_one_and_can_be_skipped(tmp_path: Path) -> None:
    asked = run("new", str(tmp_path / "larch"), typed=f"{TYPED}\n{REST}" + "\n" * 5)

    assert asked.exit_code == 0, asked.output
    pack = Pack.read(tmp_path / "larch" / "2025-05-01.toml")
    assert [(step.occasion, step.term.value) for step in pack.sanctions.steps] == [
        (1, "none"),
        (2, "fixed"),
        (3, "permanent"),
    ]
    assert pack.sanctions.look_back is not None
    assert pack.sanctions.look_back.said == "12 months"
    assert [(one.label, one.effect) for one in pack.protections] == [("Complaints", "veto")]
    [statement] = pack.statements
    assert (statement.where, statement.begins, statement.ends) == (("account", "website"), "All posts", "are public")
    [duty] = pack.duties
    assert duty.every is not None
    assert (duty.to, duty.every.said) == ((Role.DIRECTOR,), "1 year")
    assert pack.days.closed_last_day == "next_open"
    assert [tie.label for tie in pack.ties] == ["Two rules"]
    [ground] = [one for one in pack.block_grounds if one.label == "Three breaches"]
    assert ground.look_back is not None
    assert (ground.occasions, ground.look_back.said, ground.investigation) == (3, "12 months", True)
    assert pack.appeal.late == "not_heard"


def test_answers_in_a_file_may_name_a_panel_a_longer_block_and_a_law_for_records(tmp_path: Path) -> None:
    said = {
        **MINIMAL,
        "deciders": {
            "block": {
                "label": "Who decides a block",
                "section": "Blocks",
                "needle": "decided by",
                "roles": ["director", "librarian_in_charge"],
                "panel": True,
                "up_to": "1 year",
                "longer": ["board_chair"],
            }
        },
        "retention_by_law": {"label": "Kept as the law says", "section": "Records", "authority": "State schedule"},
    }
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(said), "utf-8")

    written = run("new", str(tmp_path / "larch"), "--answers", str(file))

    assert written.exit_code == 0, written.output
    pack = Pack.read(tmp_path / "larch" / "2026-01-01.toml")
    assert pack.decider(Action.BLOCK, length=Span(n=6, unit=Unit.MONTHS)).body == "panel"
    assert pack.decider(Action.BLOCK, length=Span(n=2, unit=Unit.YEARS)).roles == (Role.BOARD_CHAIR,)
    [kept] = pack.retention
    assert (kept.stance.value, kept.authority) == ("delegated", "State schedule")


MINIMAL = {
    "name": "Larch Public Library",
    "short": "Larch",
    "zone": "America/Chicago",
    "state": "IL",
    "adopted": "Approved on 1 January 2026",
    "since": "2026-01-01",
}
