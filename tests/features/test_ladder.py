"""A ladder of sanctions, carried by the desk: the step is proposed, a person chooses it, people lift what has run."""

from datetime import date
from pathlib import Path

import pytest

from bot.cases.block import DecidedBlock, RequestedBlock, request_of
from bot.cases.clock import ClockState
from bot.cases.follow_up import FollowUpKind
from bot.policy import shelf
from tests.features.test_five_policies import Desk, library_under
from tests.features.under import days, opens, sees
from tests.people import HANDLE, LINK, WHY, facts, title
from tests.policy.sixth import FOLDER

TWO = "Two breaches or more within a year"
THREAT = "Threatened somebody with harm"


@pytest.fixture
async def juniper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Juniper, whose policy has a ladder of four steps; the Director decides up to a year, the Board beyond."""
    monkeypatch.setattr(shelf, "OWN", [FOLDER.parent])
    return await library_under("juniper", tmp_path)


async def breaches(desk: Desk, *on: str, begin: int = 0) -> list[str]:
    """Removals of one author, each done on its day."""
    sam = desk.somebody("sam")
    return [
        await sam.removes(clauses="advertising", links=f"{LINK}{begin + number}", why=WHY, done_on=day, handles=HANDLE)
        for number, day in enumerate(on)
    ]


async def test_breaches_older_than_the_ground_looks_back_do_not_count(juniper: Desk) -> None:
    await breaches(juniper, "2024-01-05", "2024-02-02")
    sam = juniper.somebody("sam")
    await sam.says(f"block Facebook: {HANDLE}")
    await sam.fills(accounts="Facebook", grounds=TWO)
    assert f"“{TWO}”: 0 of them in the last 12 months." in sees(sam)
    await sam.fills(reason=WHY)

    assert "needs 2 confirmed violations on file of the last 12 months; there are 0" in sees(sam)
    assert "source: Second breach" in sees(sam)
    assert await juniper.house.look(lambda shelves: shelves.blocks.recent(9)) == ()


async def test_the_step_that_was_reached_stands_there_and_the_director_decides_it(juniper: Desk) -> None:
    await breaches(juniper, "2026-01-05", "2026-02-02")
    sam, dana, terry = (juniper.somebody(user) for user in ("sam", "dana", "terry"))
    await sam.says(f"block Facebook: {HANDLE}")
    await sam.fills(accounts="Facebook", grounds=TWO)
    assert sam.page.values["step"] == ("thirty_days",)
    assert "decided by the Library Director" in sees(sam)
    assert "decided by the Board chair" in sees(sam)
    await sam.fills(reason=WHY)
    ref = sam.ref

    assert facts(sam.reply)["Step of the ladder"] == "Thirty days off the pages"
    assert facts(sam.reply)["For"] == "30 days"
    await terry.says("home")
    assert not terry.sees("Approve", case=ref)
    await dana.approves(ref)
    assert "approved by Dana Whitfield" in facts(dana.reply)["Status"]


async def test_a_block_without_end_is_the_boards_and_whoever_records_it_reads_it(juniper: Desk) -> None:
    await breaches(juniper, "2025-06-01", "2025-09-01", "2026-01-05", "2026-02-02")
    sam, dana, terry = (juniper.somebody(user) for user in ("sam", "dana", "terry"))
    ref = await sam.asks_for_block(grounds=TWO)
    assert facts(sam.reply)["For"] == "no end"
    await terry.says(f"show {ref}")
    assert "On file: 4 confirmed removals" in sees(terry)
    await terry.presses("Approve")
    assert "At which meeting was it decided?" in sees(terry)
    await terry.fills(reason=WHY, met_on="2026-03-01")
    assert "It was asked for on 2 March 2026" in terry.page.errors["met_on"]
    await terry.fills(met_on="2026-03-02")

    assert "approved by Terry" in facts(terry.reply)["Status"]
    assert facts(terry.reply)["Decided at the meeting of"] == "2 March 2026"
    decided = await juniper.house.block(ref)
    assert isinstance(decided, DecidedBlock)
    await dana.says(f"show {ref}")
    assert not dana.sees("Approve")


async def test_the_director_cannot_decide_what_the_policy_keeps_for_the_board(juniper: Desk) -> None:
    await breaches(juniper, "2025-06-01", "2025-09-01", "2026-01-05", "2026-02-02")
    sam, dana, terry = (juniper.somebody(user) for user in ("sam", "dana", "terry"))
    ref = await sam.asks_for_block(grounds=TWO)
    await terry.says(f"show {ref}")
    await dana.press(terry.button("Approve"))

    assert title(dana.reply) == "Only the Board chair can decide this"
    assert "source: The Director decides up to a year, the Board beyond" in sees(dana)
    assert isinstance(await juniper.house.block(ref), RequestedBlock)


async def test_a_step_that_is_not_reached_is_refused_and_a_lower_one_needs_a_reason(juniper: Desk) -> None:
    await breaches(juniper, "2025-06-01", "2026-01-05", "2026-02-02")
    sam = juniper.somebody("sam")
    await sam.says(f"block Facebook: {HANDLE}")
    await sam.fills(accounts="Facebook", grounds=TWO)
    await sam.fills(reason=WHY, step="Thirty days")
    assert "The breaches on file lead to “Six months or more, then on asking”." in sam.page.errors["step_why"]
    await sam.fills(step_why="flibber: the first of them was half a joke")
    assert "Another step than the breaches on file lead to: flibber" in sees(sam)

    await sam.says(f"block Facebook: {HANDLE}2")
    await sam.fills(accounts="Facebook", grounds=TWO, handles=f"Facebook: {HANDLE}")
    await sam.fills(reason=WHY, step="Off the pages", step_why="flibber: enough")
    assert "comes with breach 4; 3 breaches count here" in sees(sam)
    assert "Only a severe case may go past steps" in sees(sam)
    assert len(await juniper.house.look(lambda shelves: shelves.blocks.recent(9))) == 1


async def test_a_severe_case_goes_past_steps_under_the_policys_own_rule(juniper: Desk) -> None:
    sam = juniper.somebody("sam")
    await sam.says(f"block Facebook: {HANDLE}")
    await sam.fills(accounts="Facebook", grounds=THREAT)
    assert "A severe case: it may go past steps." in sees(sam)
    await sam.fills(reason=WHY)
    assert "step" in sam.page.errors, "no breach is on file, so no step is proposed"
    await sam.fills(step="Six months", step_length="8 months", step_why="flibber: he said when and where")

    block = await juniper.house.block(sam.ref)
    step = request_of(block).step
    assert step is not None
    assert (step.code, step.n, step.bypass) == ("six_months", 8, "J19")
    assert facts(sam.reply)["For"] == "8 months"
    assert "source: A threat may go straight to the third step" in sees(sam)


@pytest.mark.parametrize(
    ("step", "length", "said"),
    [
        ("Six months", "3 months", "At least 6 months."),
        ("Thirty days", "40 days", "“Thirty days off the pages” lasts 30 days; leave it empty."),
        ("Off the pages", "2 years", "has no length"),
        ("Six months", "a while", "Write a number and a unit"),
    ],
)
async def test_a_length_the_step_does_not_allow_is_mended_beside_it(
    juniper: Desk, step: str, length: str, said: str
) -> None:
    sam = juniper.somebody("sam")
    await sam.says(f"block Facebook: {HANDLE}")
    await sam.fills(accounts="Facebook", grounds=THREAT)
    await sam.fills(reason=WHY, step=step, step_length=length, step_why="flibber: severe")

    assert said in sam.page.errors["step_length"]
    assert sam.page.values["reason"] == (WHY,), "nothing typed is lost"


# -- its time --------------------------------------------------------------------------------------------------------


async def test_thirty_days_are_an_opening_and_people_lift_the_block_when_they_have_run(juniper: Desk) -> None:
    await breaches(juniper, "2026-01-05", "2026-02-02")
    sam, dana = juniper.somebody("sam"), juniper.somebody("dana")
    ref = await sam.asks_for_block(grounds=TWO)
    await dana.approves(ref)
    assert "block_ends.thirty_days" not in await juniper.house.clocks(ref), "it is not in force yet"
    await sam.confirms(ref)
    ends = (await juniper.house.clocks(ref))["block_ends.thirty_days"]
    assert (ends.due, ends.rule, ends.stated) == (date(2026, 4, 1), "J16", True)
    assert "a person lifts it" in " ".join(ends.proof)

    await days(juniper, 29)
    assert ("lift_block", "open") not in await juniper.house.tasks(ref)
    await days(juniper, 2)
    assert (await juniper.house.tasks(ref)).count(("lift_block", "open")) == 1
    assert (await juniper.house.clocks(ref))["block_ends.thirty_days"].state is ClockState.OPENED
    await dana.says(f"show {ref}")
    assert "since lifted" not in facts(dana.reply)["Status"], "nothing lifts by itself"
    await sam.confirms(ref)

    assert "since lifted" in facts(sam.reply)["Status"]
    assert (await juniper.house.clocks(ref))["block_ends.thirty_days"].state is ClockState.MET
    await days(juniper, 3)
    assert (await juniper.house.tasks(ref)).count(("lift_block", "open")) == 0


async def test_what_ends_on_asking_is_reminded_of_and_nobody_is_asked_to_lift_it(juniper: Desk) -> None:
    await breaches(juniper, "2025-06-01", "2026-01-05", "2026-02-02")
    sam, dana = juniper.somebody("sam"), juniper.somebody("dana")
    ref = await sam.asks_for_block(grounds=TWO)
    await dana.approves(ref)
    await sam.confirms(ref)
    assert (await juniper.house.clocks(ref))["block_ends.six_months"].due == date(2026, 9, 2)
    await juniper.house.jump_to(date(2026, 9, 3))

    assert (await juniper.house.clocks(ref))["block_ends.six_months"].state is ClockState.OPENED
    assert ("lift_block", "open") not in await juniper.house.tasks(ref)


async def test_a_corrected_day_counts_the_time_of_a_block_again(juniper: Desk) -> None:
    await breaches(juniper, "2026-01-05", "2026-02-02")
    sam, dana = juniper.somebody("sam"), juniper.somebody("dana")
    ref = await sam.asks_for_block(grounds=TWO)
    await dana.approves(ref)
    await sam.confirms(ref)
    await juniper.house.go_to(date(2026, 3, 6))
    await sam.says(f"correct {ref}")
    await sam.fills(detail="The day it was made on Facebook")
    await sam.fills(value="2026-03-01", reason="flibber: a slip")

    ends = (await juniper.house.clocks(ref))["block_ends.thirty_days"]
    assert "Day 0 is Sunday 1 March 2026" in ends.proof[0]
    assert ends.due == date(2026, 3, 31)


async def test_the_letter_says_how_long_it_lasts(juniper: Desk) -> None:
    await breaches(juniper, "2026-01-05", "2026-02-02")
    sam, dana = juniper.somebody("sam"), juniper.somebody("dana")
    ref = await sam.asks_for_block(grounds=TWO)
    await dana.approves(ref)
    await sam.confirms(ref)
    await sam.says(f"notice {ref}")

    assert "It lasts 30 days. From 1 April 2026 on it has run its time, and we lift it." in sam.page.values["text"][0]


# -- warnings --------------------------------------------------------------------------------------------------------


async def test_after_the_first_breach_somebody_is_asked_to_warn_and_the_words_are_kept(juniper: Desk) -> None:
    [ref] = await breaches(juniper, "2026-03-02")
    sam, pat = juniper.somebody("sam"), juniper.somebody("pat")
    assert ("warn_person", "open") in await juniper.house.tasks(ref)
    await sam.says(f"warn {ref}")
    assert "Only the" in title(sam.reply), "the policy says who decides on a warning"
    await opens(pat, ref, "Warn the person")
    text = pat.page.values["text"][0]
    assert "This is a warning." in text
    assert "If it happens again, the policy provides: Thirty days off the pages." in text
    await pat.fills(text=text, how="Direct message")

    kept = (await juniper.house.look(lambda shelves: shelves.papers.follow_ups(ref)))[-1]
    assert (kept.kind, kept.words, kept.rules[0]) == (FollowUpKind.WARNED, text, "J15")
    assert ("warn_person", "done") in await juniper.house.tasks(ref)
    [second] = await breaches(juniper, "2026-03-02", begin=7)
    assert ("warn_person", "open") not in await juniper.house.tasks(second), "the second breach leads further"
    block = await sam.asks_for_block(grounds=TWO)
    await sam.says(f"show {block}")
    assert f"The person was warned: {ref}." in sees(sam)


async def test_a_policy_without_warnings_gives_none(tmp_path: Path) -> None:
    desk = await library_under("chicopee", tmp_path)
    sam = desk.somebody("sam")
    ref = await sam.removes()
    assert not sam.sees("Warn the person")
    await sam.says(f"warn {ref}")

    assert "has no rule for warning a person" in sees(sam)
    assert sam.reply.page is None


# -- conditions a pack sets, and panels ------------------------------------------------------------------------------


def written(folder: Path, *changes: tuple[str, str]) -> Path:
    """A pack like Juniper's with changes, as a library would write it; returns the folder it is found in."""
    text = (FOLDER / "2026-01-01.toml").read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    home = folder / "packs" / "juniper"
    home.mkdir(parents=True)
    (home / "2026-01-01.toml").write_text(text, encoding="utf-8")
    return home.parent


WARNED = ("counted = true\n", "counted = true\nwarned = true\n")
UP_TO_A_YEAR = """actions = ["block"]
rule = "J20"
roles = ["director"]
up_to = { n = 1, unit = "years" }
"""
PANEL = """actions = ["block"]
rule = "J20"
roles = ["director", "librarian_in_charge", "records_officer"]
body = "panel"
needed = 2
up_to = { n = 1, unit = "years" }
"""


async def test_a_ground_that_needs_a_warning_on_file_waits_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "OWN", [written(tmp_path, WARNED)])
    desk = await library_under("juniper", tmp_path)
    first, _ = await breaches(desk, "2026-01-05", "2026-02-02")
    sam, pat = desk.somebody("sam"), desk.somebody("pat")
    await sam.says(f"block Facebook: {HANDLE}")
    await sam.fills(accounts="Facebook", grounds=TWO)
    assert "A warning of the person." in sees(sam)
    await sam.fills(reason=WHY)
    assert "needs a warning of the person on file first" in sees(sam)

    await pat.says(f"warn {first}")
    await pat.fills(text="Dear reader, this is a warning.", how="Letter")
    assert (await sam.asks_for_block(grounds=TWO)).startswith("B-")


@pytest.fixture
async def panel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A library in which a panel of three decides, and two of them have to agree."""
    monkeypatch.setattr(shelf, "OWN", [written(tmp_path, (UP_TO_A_YEAR, PANEL))])
    desk = await library_under("juniper", tmp_path)
    await breaches(desk, "2026-01-05", "2026-02-02")
    return desk


async def test_of_a_panel_each_votes_once_and_the_vote_that_settles_it_decides(panel: Desk) -> None:
    sam, dana, pat, kim = (panel.somebody(user) for user in ("sam", "dana", "pat", "kim"))
    ref = await sam.asks_for_block(grounds=TWO)
    assert [state for _, state in await panel.house.tasks(ref)] == ["open"] * 3
    await dana.approves(ref, reason="flibber: I agree")

    waiting = await panel.house.block(ref)
    assert isinstance(waiting, RequestedBlock)
    assert [(vote.seat.value, vote.said.value) for vote in waiting.votes] == [("director", "approved")]
    assert "1 of 3 have voted, 2 have to agree; still: Librarian in Charge, records officer." in dana.reply.headline
    assert not dana.sees("Approve")
    assert await panel.house.clocks(ref) == {}
    await opens(kim, ref, "Approve")
    await dana.press(kim.seen[-2].cards[0].buttons[0])
    if dana.reply.page:
        await dana.fills(reason="flibber: again")
    assert "You have voted" in sees(dana)
    assert len(request_of(await panel.house.block(ref)).votes) == 1
    await opens(pat, ref, "Deny")
    await pat.fills(reason="flibber: not yet")
    assert isinstance(await panel.house.block(ref), RequestedBlock)
    await opens(kim, ref, "Approve")
    await kim.fills(reason="flibber: so do I")

    decided = await panel.house.block(ref)
    assert isinstance(decided, DecidedBlock)
    assert decided.decision.value == "approved"
    assert decided.reason == "flibber: I agree\n\nflibber: so do I"
    assert ("make_block", "open") in await panel.house.tasks(ref)
    assert ("decide_block", "open") not in await panel.house.tasks(ref)
    assert facts(kim.reply)["Vote of the Librarian in Charge"] == "against, Pat Moreau, 2 March 2026"


async def test_a_panel_that_can_no_longer_agree_has_denied_it(panel: Desk) -> None:
    sam, pat, kim = (panel.somebody(user) for user in ("sam", "pat", "kim"))
    ref = await sam.asks_for_block(grounds=TWO)
    for person in (pat, kim):
        await opens(person, ref, "Deny")
        await person.fills(reason="flibber: not yet")

    assert facts(kim.reply)["Status"].startswith("denied by the panel")
    assert ("make_block", "open") not in await panel.house.tasks(ref)


async def test_nobody_outside_the_panel_votes(panel: Desk) -> None:
    sam, pat, terry = (panel.somebody(user) for user in ("sam", "pat", "terry"))
    ref = await sam.asks_for_block(grounds=TWO)
    await pat.says(f"show {ref}")
    await terry.press(pat.button("Approve"))

    assert "can decide this" in title(terry.reply)
    assert request_of(await panel.house.block(ref)).votes == ()


# -- whoever decides reads -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["portsmouth", "ecrl"])
async def test_the_board_chair_decides_a_block_where_the_library_chose_that_and_reads_it(
    name: str, tmp_path: Path
) -> None:
    desk = await library_under(name, tmp_path)
    alex, sam, terry = (desk.somebody(user) for user in ("alex", "sam", "terry"))
    await alex.says("setup")
    await alex.presses("Library practice")
    await alex.fills(key="Who decides a block")
    await alex.fills(value="Board chair", approved_by="the Board")
    await sam.says("block")
    await sam.fills(handles=f"Facebook: {HANDLE}", accounts="Facebook", grounds=name_of_a_ground(name))
    asked = {one.name: "flibber: two of us read it" for one in sam.page.page.fields if "investigation_" in one.name}
    await sam.fills(**{**sam.says_which(), "reason": WHY, **asked})
    ref = sam.ref
    await terry.approves(ref)

    assert isinstance(await desk.house.block(ref), DecidedBlock)
    assert "approved by Terry" in facts(terry.reply)["Status"]
    assert HANDLE.removeprefix("@") in sees(terry)


def name_of_a_ground(name: str) -> str:
    return {"portsmouth": "Posts what is objectionable", "ecrl": "Disregards the policies"}[name]


async def test_who_decides_nothing_about_a_block_still_does_not_read_it(juniper: Desk) -> None:
    await breaches(juniper, "2026-01-05", "2026-02-02")
    ref = await juniper.somebody("sam").asks_for_block(grounds=TWO)
    for user in ("terry", "alex", "robin"):
        person = juniper.somebody(user)
        await person.says(f"show {ref}")
        assert WHY not in sees(person), user
