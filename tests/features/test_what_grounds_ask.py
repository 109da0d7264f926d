"""What a ground asks before something comes down is what its pack states: conditions, categories, protections."""

from pathlib import Path

import pytest

from bot.policy import shelf
from bot.policy.shelf import read_pack
from tests.features.test_five_policies import Desk, library_under
from tests.features.under import sees, under
from tests.people import HANDLE, LINK, WHY, WORDS, Answer, Somebody
from tests.policy.holds import holds
from tests.policy.sixth import FOLDER


async def takes_down(person: Somebody, clauses: Answer, **item: Answer) -> None:
    await person.begins_report()
    await person.fills(
        account="Facebook", links=LINK, text=WORDS, outcome="Removed", **{"host_post": "Story hour", **item}
    )
    await person.fills(clauses=clauses, observations="insults", why=WHY, handles=HANDLE, done_on="2026-03-02")


async def on_file(desk: Desk) -> int:
    return len(await desk.house.look(lambda shelves: shelves.incidents.recent(9)))


@holds("chicopee:C17", "chicopee:C18", "chicopee:C19", "chicopee:C21")
@pytest.mark.parametrize("code", ["libel_or_misleading", "copyright", "personal_information", "organized_politics"])
async def test_a_condition_of_a_ground_is_asked_and_without_it_the_ground_does_not_hold(
    tmp_path: Path, code: str
) -> None:
    desk = await under("chicopee", tmp_path)
    sam = desk.somebody("sam")
    ground = read_pack("chicopee").ground(code)
    await takes_down(sam, code)
    assert f"{ground.label}: is it {ground.conditions[0]}?" in sees(sam)
    await sam.answers_first(**{f"condition_1_{code}": "no"})
    assert f"holds only for what is {ground.conditions[0]}" in sees(sam)
    assert f"source: {read_pack('chicopee').rule(ground.rule).label}" in sees(sam)
    assert await on_file(desk) == 0

    ref = await sam.removes(clauses=code, done_on="2026-03-02")
    await sam.says(f"show {ref}")
    assert f"is it {ground.conditions[0]}?: yes" in sees(sam)


@holds("chicopee:C25")
async def test_what_people_post_comes_down_only_with_a_word_why_no_lesser_step_is_enough(tmp_path: Path) -> None:
    desk = await under("chicopee", tmp_path)
    sam = desk.somebody("sam")
    await takes_down(sam, "Personal attack")
    await sam.answers_first(flag_leave_up="")
    assert "flag_leave_up" in sam.page.errors
    assert "As a rule, what people post stays up" in sees(sam)
    assert await on_file(desk) == 0
    await sam.fills(flag_leave_up="flibber: an answer was tried twice")

    await sam.says(f"show {sam.ref}")
    assert "Why does it come down all the same?: flibber: an answer was tried twice" in sees(sam)


@holds("cook_memorial:K29", "worcester:W34")
@pytest.mark.parametrize("name", ["cook_memorial", "worcester"])
async def test_the_protected_category_that_was_attacked_is_named(tmp_path: Path, name: str) -> None:
    desk = await library_under(name, tmp_path)
    sam = desk.somebody("sam")
    await takes_down(sam, "Promotes discrimination")
    await sam.fills()
    assert "class_discrimination" in sam.page.errors
    await sam.answers_first(class_discrimination="Other")
    assert "Name the category" in sam.page.errors["basis_discrimination"]
    await sam.fills(class_discrimination=("Religion", "Age"))

    await sam.says(f"show {sam.ref}")
    assert "Which protected category was attacked?: religion, age" in sees(sam)


@holds("cook_memorial:K23")
async def test_an_invited_opinion_comes_down_only_with_a_word_why_all_the_same(tmp_path: Path) -> None:
    desk = await under("cook_memorial", tmp_path)
    sam = desk.somebody("sam")
    await takes_down(sam, "Obscene")
    assert "Protected: Opinions on library subjects." in sees(sam)
    await sam.answers_first(flag_opinions="")

    assert "flag_opinions" in sam.page.errors
    assert await on_file(desk) == 0


@pytest.mark.parametrize(
    ("name", "clauses", "said"),
    [
        ("cook_memorial", "Off topic under", "measured against our post it stands under"),
        ("cook_memorial", "Not related", "measured against the library"),
        ("chicopee", "Link to what", "measured against the discussion"),
        ("ecrl", "Off topic", "measured against the library"),
    ],
)
async def test_what_is_off_topic_says_what_it_is_measured_against(
    tmp_path: Path, name: str, clauses: str, said: str
) -> None:
    desk = await library_under(name, tmp_path)
    sam = desk.somebody("sam")
    await takes_down(sam, clauses)
    assert said in sees(sam)
    await sam.answers_first()
    assert f"Measured {said.removeprefix('measured ')}" in sees(sam)


@pytest.mark.parametrize(("name", "clauses"), [("worcester", "Inappropriate"), ("ecrl", "Taken down or not published")])
async def test_a_catch_all_asks_why_no_listed_rule_fits_and_is_no_condition(
    tmp_path: Path, name: str, clauses: str
) -> None:
    desk = await library_under(name, tmp_path)
    sam = desk.somebody("sam")
    await takes_down(sam, clauses)
    assert "a catch-all. A listed rule, if one fits, is safer." in sees(sam)
    assert "Why does no listed rule fit?" in sees(sam)
    await sam.answers_first()
    assert sam.reply.page is None


@holds("cook_memorial:K28")
async def test_a_ground_of_child_safety_keeps_nothing_in_the_ordinary_way(tmp_path: Path) -> None:
    desk = await under("cook_memorial", tmp_path)
    sam = desk.somebody("sam")
    await takes_down(sam, "Sexual abuse")
    await sam.answers_first()

    assert "Report it as child safety" in sees(sam)
    assert await on_file(desk) == 0


@pytest.fixture
async def juniper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(shelf, "OWN", [FOLDER.parent])
    return await library_under("juniper", tmp_path)


async def test_what_a_policy_never_takes_down_stays_whatever_the_ground(juniper: Desk) -> None:
    sam = juniper.somebody("sam")
    for clauses in ("Sells", "A protected work"):
        await takes_down(sam, clauses)
        assert "Is it this: Any opinion of the library?" in sees(sam)
        await sam.answers_first(veto_opinions="yes")
        assert "It stays up: the policy never has this taken down" in sees(sam)
        assert "source: An opinion of the library is never a reason" in sees(sam)
    assert await on_file(juniper) == 0


async def test_a_ground_that_belongs_on_an_urgent_track_reaches_the_duty_person(juniper: Desk) -> None:
    await juniper.somebody("sam").removes(clauses="Threatens somebody", done_on="2026-03-02")
    await juniper.house.rounds.run()

    assert any("please look now" in one.card.body for one in juniper.house.messenger.to_user("pat"))


async def test_whom_a_policy_has_complaints_reported_to_is_told_without_a_duty_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (FOLDER / "2026-01-01.toml").read_text(encoding="utf-8")
    assert 'code = "report_complaint"' not in text
    other = tmp_path / "packs" / "juniper"
    other.mkdir(parents=True)
    changed = text.replace("protected = true\n", 'protected = true\nreport_to = ["librarian_in_charge"]\n', 1)
    (other / "2026-01-01.toml").write_text(changed, encoding="utf-8")
    monkeypatch.setattr(shelf, "OWN", [other.parent])
    desk = await library_under("juniper", tmp_path / "record")
    ref = await desk.somebody("robin").reports(track="Complaint")
    await desk.house.rounds.run()

    told = [one.card.body for one in desk.house.messenger.to_user("pat")]
    assert "This was reported to you, as the policy asks." in told
    assert ("acknowledge", "open") in await desk.house.tasks(ref)


@pytest.mark.parametrize(
    ("name", "codes"), [("chicopee", ("repeated_off_topic", "other")), ("ecrl", ("commercial_purpose", "solicitation"))]
)
def test_words_that_courts_have_struck_carry_a_caution_on_every_ground_that_rests_on_them(
    name: str, codes: tuple[str, ...]
) -> None:
    pack = read_pack(name)
    cautions = {one.code: one.caution for one in pack.grounds}
    cautions |= {one.code: one.caution for one in pack.block_grounds}

    assert all(cautions[code] for code in codes)
