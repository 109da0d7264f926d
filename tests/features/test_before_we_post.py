"""Before a post of our own goes out the policy's points are ticked; it stops nothing and is kept on request."""

from pathlib import Path

import pytest

from tests.features.test_five_policies import Desk, library_under
from tests.features.under import sees, under
from tests.policy.holds import holds

LABELS = {
    "chicopee": ("Shared posts come mainly from local public bodies", "Editors check facts"),
    "worcester": (
        "A quotation links",
        "A picture names its maker",
        "Editors check facts",
        "Editors read their text again",
    ),
    "cook_memorial": ("Editors check facts",),
    "portsmouth": ("Our posts sound friendly",),
}


async def kept(desk: Desk) -> int:
    return len(await desk.house.look(lambda shelves: shelves.duties.checked_posts(9)))


@holds(
    "chicopee:C04",
    "chicopee:C49",
    "worcester:W10",
    "worcester:W11",
    "worcester:W13",
    "worcester:W14",
    "cook_memorial:K07",
    "portsmouth:P06",
)
@pytest.mark.parametrize("name", LABELS)
async def test_what_the_policy_asks_of_our_own_posts_is_a_list_to_tick_with_its_sources(
    tmp_path: Path, name: str
) -> None:
    desk = await library_under(name, tmp_path)
    sam = desk.somebody("sam")
    await sam.says("checklist")
    assert len(sam.page.page.fields[0].options) == len(LABELS[name])
    for label in LABELS[name]:
        assert label in sees(sam)
    await sam.fills()

    for label in LABELS[name]:
        assert f"source: {label}" in sees(sam)
    assert "Nothing was kept." in sees(sam)
    assert await kept(desk) == 0


@holds("worcester:W10", "worcester:W11", "worcester:W14")
async def test_a_list_is_kept_on_request_with_what_was_left(tmp_path: Path) -> None:
    desk = await under("worcester", tmp_path)
    sam = desk.somebody("sam")
    await sam.says("before we post")
    await sam.fills(keep="yes", done=("Link a quotation", "Read the text"))
    assert {"title"} <= set(sam.page.errors)
    await sam.fills(title="flibber hour", account="Facebook", words="the maker is unknown")

    assert "Kept. 2 of 4 are left." in sees(sam)
    await desk.somebody("robin").says("checklists")
    assert "Worcester" not in desk.somebody("robin").reply.headline
    assert "| 2 March 2026, Sam Okafor | W11, W13 | the maker is unknown" in sees(desk.somebody("robin"))
    await desk.house.rounds.run()
    assert not [one for one in desk.house.messenger.posts if "flibber" in repr(one.card)]


async def test_a_policy_that_asks_nothing_of_our_own_posts_has_no_list(tmp_path: Path) -> None:
    desk = await under("ecrl", tmp_path)
    await desk.somebody("sam").says("checklist")

    assert "asks nothing of our own posts" in sees(desk.somebody("sam"))
