"""Who posted it is asked where the policy tells people apart, and a partner's post has its record."""

from pathlib import Path

import pytest

from tests.features.test_five_policies import library_under
from tests.features.under import opens, sees, under
from tests.people import LINK, WORDS
from tests.policy.holds import holds


@holds("cook_memorial:K01", "ecrl:E01")
@pytest.mark.parametrize(
    ("name", "who"),
    [("cook_memorial", "A volunteer"), ("cook_memorial", "A trustee"), ("ecrl", "Somebody of the staff")],
)
async def test_who_posted_it_is_kept_where_the_policy_tells_people_apart(tmp_path: Path, name: str, who: str) -> None:
    desk = await library_under(name, tmp_path)
    sam = desk.somebody("sam")
    ref = await sam.reports(poster=who, outcome="Please look")
    await sam.says(f"show {ref}")
    assert f"Who posted it: {who}" in sees(sam)

    other = await sam.reports(links=f"{LINK}/2")
    await sam.says(f"show {other}")
    assert "Who posted it" not in sees(sam)


@pytest.mark.parametrize("name", ["chicopee", "worcester", "portsmouth"])
async def test_where_the_policy_tells_nobody_apart_nobody_is_asked(tmp_path: Path, name: str) -> None:
    desk = await library_under(name, tmp_path)
    await desk.somebody("sam").begins_report()

    assert "Who posted it?" not in sees(desk.somebody("sam"))


@holds("ecrl:E30", "ecrl:E31", "ecrl:E32")
async def test_a_partners_post_is_kept_with_which_of_the_partners_rules_it_misses(tmp_path: Path) -> None:
    desk = await under("ecrl", tmp_path)
    robin = desk.somebody("robin")
    await robin.begins_report()
    await robin.fills(account="Facebook", links=LINK, text=WORDS, outcome="Please look", poster="A partner")
    for label in ("Partners point back to the library", "Partners link the library's accounts", "Partners keep to"):
        assert label in sees(robin)
    await robin.fills(partner="Friends of the flibber", lacks=("Partners point back", "Partners link"))

    await desk.somebody("sam").says(f"show {robin.ref}")
    read = sees(desk.somebody("sam"))
    assert "Which: Friends of the flibber" in read
    assert "The post does not: Partners point back to the library; Partners link the library's accounts" in read
    assert "source: Partners point back to the library" in read
    assert (await desk.house.incident(robin.ref)).removal is None
    await desk.house.rounds.run()
    assert not [one for one in desk.house.messenger.posts if one.to.channel and "flibber" in repr(one.card)]


@holds("chicopee:C02", "worcester:W06")
@pytest.mark.parametrize(
    ("name", "label"), [("chicopee", "Limits a parent sets for a child"), ("worcester", "Limits a parent sets")]
)
async def test_a_parents_request_to_enforce_limits_closes_with_the_clause(
    tmp_path: Path, name: str, label: str
) -> None:
    desk = await library_under(name, tmp_path)
    sam = desk.somebody("sam")
    ref = await desk.somebody("robin").reports(track="Question")
    await opens(sam, ref, "Answered, or none needed")
    await sam.fills(kind="Limits on a child")
    assert f"{label}" in sees(sam)
    await sam.fills()

    kept = await desk.house.incident(ref)
    assert (kept.closed_on is not None, kept.removal, kept.text) == (True, None, "")
    assert "Kind: Limits on a child: a parent's to enforce, not ours" in sees(sam)
    assert f"source: {label}" in sees(sam)


async def test_a_policy_that_does_not_speak_of_parents_offers_no_such_answer(tmp_path: Path) -> None:
    desk = await under("ecrl", tmp_path)
    ref = await desk.somebody("robin").reports(track="Question")
    await opens(desk.somebody("sam"), ref, "Answered, or none needed")

    assert "Limits on a child" not in sees(desk.somebody("sam"))
