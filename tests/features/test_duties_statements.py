"""The statements a policy wants posted: where each stands, in whose words, since when, and asked for again in time."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.cards import Button
from bot.policy.document import bind as document_bound
from bot.policy.shelf import read_pack
from tests.features.keeping_up import (
    WHERE,
    attestations,
    bind,
    duties_of,
    in_days,
    invented,
    opens,
    ref_of,
    rows,
    task_days,
    upkeeps,
)
from tests.features.test_five_policies import Desk, library_under
from tests.people import TODAY, shown, title
from tests.policy.documents import document
from tests.policy.holds import holds

POSTED = {
    "chicopee": [("Official-account line", "Facebook"), ("Official-account line", "Instagram")],
    "cook_memorial": [
        ("Line that posts can be disclosed", "Facebook"),
        ("Line that posts can be disclosed", "Instagram"),
    ],
    "ecrl": [
        ("Statement on when people are blocked", "Facebook"),
        ("Statement on when people are blocked", "Instagram"),
        ("Statement on when people are blocked", "the website"),
    ],
}
NOT_OURS = ("chicopee", "cook_memorial", "ecrl", "portsmouth", "worcester")


@holds("chicopee:C06", "cook_memorial:K41", "ecrl:E24", "ecrl:E25")
@pytest.mark.parametrize("name", POSTED)
async def test_every_statement_is_asked_for_where_the_policy_wants_it_and_nowhere_else(
    name: str, tmp_path: Path
) -> None:
    desk = await duties_of(name, tmp_path)
    label = POSTED[name][0][0]

    asked = [(duty, where) for duty, where in await rows(desk.somebody("alex")) if duty.startswith(label)]

    assert [where for _, where in asked] == [
        next(full for _, full in asked if full.startswith(where)) for _, where in POSTED[name]
    ]
    for _, where in POSTED[name]:
        ref = await ref_of(desk.somebody("alex"), label, where)
        [(state, due)] = await task_days(desk, ref)
        assert (state, due) == ("open", in_days(TODAY, 14))


@holds("chicopee:C06", "cook_memorial:K41", "ecrl:E24")
@pytest.mark.parametrize("name", POSTED)
async def test_an_editor_confirms_since_when_and_where_it_stands_and_is_asked_again_in_a_year(
    name: str, tmp_path: Path
) -> None:
    desk = await duties_of(name, tmp_path)
    await bind(desk, name)
    sam, (label, where) = desk.somebody("sam"), POSTED[name][0]
    statement = next(one for one in read_pack(name).statements if one.label.startswith(label))
    ref = await ref_of(sam, label, where)

    await opens(sam, label, where)
    assert f"To post: {invented(statement.rule)}" in shown(sam.reply)
    assert "library practice, not in policy" in shown(sam.reply)
    if name == "ecrl":
        assert read_pack(name).rule("E24").label in shown(sam.reply), "the rule that wants it posted, beside its words"
    await sam.fills(on="2026-02-20", link=WHERE)

    [kept] = await attestations(desk)
    assert (kept.on.isoformat(), kept.link, kept.seen) == ("2026-02-20", WHERE, invented(statement.rule))
    assert [state for state, _ in await task_days(desk, ref)] == ["done", "open"]
    clocks = await desk.house.look(lambda shelves: shelves.clocks.of_case(ref))
    assert sorted((clock.state.value, clock.due.isoformat()) for clock in clocks) == [
        ("met", "2026-03-16"),
        ("running", "2027-02-22"),
    ]
    state, due = next(
        value for (duty, at), value in (await rows(sam)).items() if duty == statement.label and where in at
    )
    assert state == "confirmed by Sam Okafor for 20 February 2026"
    assert due == "22 February 2027", "20 February 2027 is a Saturday"
    await sam.says("tasks")
    assert ref not in shown(sam.reply), "what is asked again in a year is nobody's task today"


@holds("chicopee:C06")
async def test_a_statement_that_nobody_confirms_is_reminded_of_in_the_channel_and_not_every_day(tmp_path: Path) -> None:
    desk = await duties_of("chicopee", tmp_path)
    ref = await ref_of(desk.somebody("alex"), "Official-account line", "Facebook")

    await desk.house.go_to(in_days(TODAY, 34))

    told = [
        posted.card.title
        for posted in desk.house.messenger.posts
        if posted.to.channel == "social-media" and ref in repr(posted.card)
    ]
    assert any("16 March" in one for one in told), told
    assert not any("17 March" in one for one in told), "what is due once a year is not repeated every day"
    assert any("23 March" in one for one in told), told
    state, due = next(iter((await rows(desk.somebody("alex"))).values()))
    assert (state, due) == ("not confirmed yet", "16 March 2026, overdue")


@pytest.mark.parametrize("name", POSTED)
async def test_words_that_are_not_bound_are_never_made_up(name: str, tmp_path: Path) -> None:
    desk = await duties_of(name, tmp_path)
    sam, (label, where) = desk.somebody("sam"), POSTED[name][0]

    await opens(sam, label, where)

    assert "The library's own document is not bound" in shown(sam.reply)
    assert "To post" not in shown(sam.reply)
    await sam.fills(link=WHERE)
    [kept] = await attestations(desk)
    assert kept.seen == ""


async def test_a_statement_whose_words_changed_is_no_longer_on_file_as_the_policy_asks(tmp_path: Path) -> None:
    desk = await duties_of("cook_memorial", tmp_path)
    await bind(desk, "cook_memorial")
    sam = desk.somebody("sam")
    await opens(sam, "Line that posts can be", "Facebook")
    await sam.fills(link=WHERE)

    await bind(desk, "cook_memorial", words=" And more.")

    found = await rows(sam)
    [state] = [value[0] for (duty, where), value in found.items() if duty.startswith("Line that p") and "Face" in where]
    assert state == "confirmed by Sam Okafor for 2 March 2026; the words have changed since"


@holds("chicopee:C06")
async def test_only_an_editor_of_the_account_or_who_sets_up_confirms_and_a_refusal_keeps_nothing(
    tmp_path: Path,
) -> None:
    desk = await duties_of("chicopee", tmp_path)
    ref = await ref_of(desk.somebody("sam"), "Official-account line", "Facebook")
    confirm = Button(label="Confirm", intent="duty.confirm", subject=ref, opens_form=True)

    for user in ("robin", "jo", "pat", "kim"):
        reply = await desk.house.somebody(user, library=desk.house.library, tenant="chicopee").press(confirm)
        assert "This is confirmed by an editor of the account" in shown(reply)
        assert "policy" in shown(reply).casefold()
    refused = [event.header for event in await desk.house.since(case=ref) if event.what == "refused"]
    assert [header["rule"] for header in refused] == ["C06"] * 4
    await desk.somebody("terry").press(confirm)
    assert "for the library's staff" in shown(desk.somebody("terry").reply)
    assert await attestations(desk) == ()

    await desk.somebody("alex").press(confirm)
    await desk.somebody("alex").fills(link=WHERE)
    assert len(await attestations(desk)) == 1


async def test_a_day_to_come_is_not_confirmed_and_what_was_typed_stays(tmp_path: Path) -> None:
    desk = await duties_of("chicopee", tmp_path)
    sam = desk.somebody("sam")
    await opens(sam, "Official-account line", "Facebook")

    await sam.fills(on=in_days(TODAY, 1).isoformat(), link=WHERE)

    assert sam.page.values["link"] == (WHERE,)
    assert await attestations(desk) == ()


@holds("chicopee:C12", "cook_memorial:K24", "ecrl:E10", "portsmouth:P14", "worcester:W31")
@pytest.mark.parametrize("name", NOT_OURS)
async def test_a_line_the_policy_does_not_ask_to_post_is_asked_for_only_once_the_library_chose_it(
    name: str, tmp_path: Path
) -> None:
    desk = await duties_of(name, tmp_path)
    alex, label = desk.somebody("alex"), "Line that patrons speak for themselves"
    assert not [duty for duty, _ in await rows(alex) if duty.startswith(label)]

    await alex.says("setup")
    await alex.presses("Library practice")
    await alex.fills(key="A line on each account")
    await alex.fills(value="stands on each account", approved_by="Board of Trustees")

    found = {where: value for (duty, where), value in (await rows(alex)).items() if duty.startswith(label)}
    assert {where.partition(" ")[0] for where in found} == {"Facebook", "Instagram"}
    assert {value[0] for value in found.values()} == {"not confirmed yet"}
    sam = desk.somebody("sam")
    ref = await ref_of(sam, label, "Facebook")
    assert len(await task_days(desk, ref)) == 1
    await opens(sam, label, "Facebook")
    assert "to post it is library practice, not in policy" in shown(sam.reply)
    rule = next(one for one in read_pack(name).statements if one.code == "views_not_ours").rule
    assert read_pack(name).rule(rule).label in shown(sam.reply)
    await sam.fills(link=WHERE)
    assert [state for state, _ in await task_days(desk, ref)] == ["done", "open"]


@holds("chicopee:C07")
async def test_the_public_list_is_made_from_the_registry_and_a_change_of_it_asks_to_renew_the_list(
    tmp_path: Path,
) -> None:
    desk = await duties_of("chicopee", tmp_path)
    alex = desk.somebody("alex")
    await opens(alex, "List of the official accounts")
    assert "Facebook · Chicopee Public Library: https://www.facebook.com/chicopeelibraryma" in shown(alex.reply)
    await alex.fills(link=WHERE)
    ref = await ref_of(alex, "List of the official accounts")
    assert [state for state, _ in await task_days(desk, ref)] == ["done", "open"]

    await alex.says("setup")
    await alex.presses("Official account")
    await alex.fills(platform="YouTube", name="Chicopee Reads", url="https://youtube.example/chicopee")

    states = await task_days(desk, ref)
    assert [state for state, _ in states] == ["done", "void", "open"]
    assert states[-1][1] == in_days(TODAY, 1)
    await desk.house.deliver()
    assert any("the list is to be renewed" in posted.card.body for posted in desk.house.messenger.posts)
    found = await rows(alex)
    assert found["List of the official accounts", "the website"][0].endswith("the words have changed since")
    assert ("Official-account line", "YouTube · Chicopee Reads") in found, "a new account is asked for its statement"

    await opens(alex, "List of the official accounts")
    assert "YouTube · Chicopee Reads: https://youtube.example/chicopee" in shown(alex.reply)
    await alex.fills(link=WHERE)
    assert (await rows(alex))["List of the official accounts", "the website"][0].endswith("for 2 March 2026")


@holds("chicopee:C07")
async def test_an_account_that_is_closed_leaves_the_list_and_is_asked_for_nothing(tmp_path: Path) -> None:
    desk = await duties_of("chicopee", tmp_path)
    alex = desk.somebody("alex")
    ref = await ref_of(alex, "Official-account line", "Instagram")

    await alex.says("setup")
    await alex.presses("Close an account")
    await alex.fills(account="Instagram", closed_on="2026-02-28")

    assert [state for state, _ in await task_days(desk, ref)] == ["void"]
    assert not [where for _, where in await rows(alex) if where.startswith("Instagram")]
    await opens(alex, "List of the official accounts")
    assert "Instagram" not in shown(alex.reply)
    ended = [upkeep.ref for upkeep in await upkeeps(desk) if upkeep.ended_on == TODAY]
    assert ended == [ref]


async def test_the_list_can_be_taken_away_as_a_file(tmp_path: Path) -> None:
    desk = await duties_of("chicopee", tmp_path)
    alex = desk.somebody("alex")
    await alex.says(f"show {await ref_of(alex, 'List of the official accounts')}")

    [document] = alex.reply.cards[0].documents
    made = await desk.house.desk.document(str(desk.house.library), alex.identity, document.case, document.name)

    assert made.raw.decode().splitlines() == [
        "Official accounts of Chicopee Public Library",
        "Facebook · Chicopee Public Library: https://www.facebook.com/chicopeelibraryma",
        "Instagram · chicopeelibrary: https://www.instagram.com/chicopeelibrary/",
    ]


@holds("worcester:W02")
async def test_a_platform_that_closed_for_everybody_is_said_once_and_never_nagged_about(tmp_path: Path) -> None:
    desk = await library_under("worcester", tmp_path)
    alex, sam = desk.somebody("alex"), desk.somebody("sam")
    await alex.says("setup")
    await alex.presses("Official account")
    await alex.fills(platform="Google+", name="Worcester Public Library")
    await alex.says("duties")
    await alex.presses("Take them up")

    assert "Google+ closed for everybody on 2 April 2019" in shown(alex.reply)
    assert not [where for _, where in await rows(alex) if "Google+" in where]
    await desk.house.go_to(TODAY + timedelta(days=40))
    assert not [posted for posted in desk.house.messenger.posts if "Google+" in repr(posted.card)]

    await opens(sam, "See which of the accounts", "Facebook")
    await sam.fills(state="It is in use")
    assert title(sam.reply).startswith("U-")
    assert "It is in use" in shown(sam.reply)
    await alex.says("setup")
    await alex.presses("Close an account")
    assert "Closed for everybody by its platform: Google+" in shown(alex.reply)
    await alex.fills(account="Google+", closed_on="2019-04-02")
    await alex.says("duties")
    assert "Google+" not in shown(alex.reply)


async def test_until_somebody_takes_them_up_the_list_says_what_is_missing_and_nobody_is_asked(tmp_path: Path) -> None:
    desk = await library_under("chicopee", tmp_path)
    alex, robin = desk.somebody("alex"), desk.somebody("robin")

    await alex.says("setup")
    assert "4 of 4 are not on file as the policy asks." in shown(alex.reply)
    assert "Nobody has taken the duties up yet" in shown(alex.reply)
    await robin.says("duties")
    assert not robin.sees("Take them up")
    await robin.press(Button(label="Take them up", intent="duty.take_up"))
    assert "Setup is for the administrator and the Director" in shown(robin.reply)
    assert await upkeeps(desk) == ()

    await alex.presses("Take them up")
    assert len(await upkeeps(desk)) == 4
    await alex.press(Button(label="Take them up", intent="duty.take_up"))
    assert "has been taken up already" in shown(alex.reply)
    assert len(await upkeeps(desk)) == 4


async def test_a_channel_shows_what_is_kept_up_without_a_name(tmp_path: Path) -> None:
    desk = await duties_of("chicopee", tmp_path)
    alex = desk.somebody("alex")
    await opens(alex, "List of the official accounts")
    await alex.fills(link=WHERE)
    await alex.says("setup")
    await alex.presses("Official account")
    await alex.fills(platform="YouTube", name="Chicopee Reads")
    await desk.house.deliver()

    cards = [
        posted.card for posted in desk.house.messenger.posts if posted.to.channel and "U-2026" in posted.card.title
    ]

    assert cards
    for name in ("Alex", "Sam", WHERE):
        assert name not in repr(cards)


async def test_words_bound_after_somebody_confirmed_are_not_called_changed(tmp_path: Path) -> None:
    desk = await duties_of("cook_memorial", tmp_path)
    sam = desk.somebody("sam")
    await opens(sam, "Line that posts can be", "Facebook")
    await sam.fills(link=WHERE)

    await bind(desk, "cook_memorial")

    assert not [state for state, _ in (await rows(sam)).values() if "changed" in state]


EXACTLY = {
    ("chicopee", "official_account"): "official Facebook account for the Chicopee Public Library in Chicopee, MA.",
    ("cook_memorial", "public_disclosure"): (
        "any articles and content posted or submitted for posting are subject to public disclosure"
    ),
}


@holds("chicopee:C06", "cook_memorial:K41")
@pytest.mark.parametrize(("name", "code"), EXACTLY)
async def test_what_is_to_be_posted_is_the_documents_words_without_the_instruction_around_them(
    name: str, code: str, tmp_path: Path
) -> None:
    desk = await really_bound(name, tmp_path)
    sam, label = desk.somebody("sam"), next(one.label for one in read_pack(name).statements if one.code == code)

    await opens(sam, label, "Facebook")

    assert f"To post: {EXACTLY[name, code]}\n" in f"{shown(sam.reply)}\n"
    await sam.fills(link=WHERE)
    assert EXACTLY[name, code] in {one.seen for one in await attestations(desk)}


@holds("ecrl:E24", "ecrl:E25")
async def test_a_statement_of_two_sentences_is_shown_to_its_end_and_without_quotation_marks(tmp_path: Path) -> None:
    desk = await really_bound("ecrl", tmp_path)
    sam = desk.somebody("sam")

    await sam.says(f"show {await ref_of(sam, 'Statement on when people', 'Facebook')}")

    [posted] = [fact.value for card in sam.reply.cards for fact in card.facts if fact.label == "To post"]
    assert posted.startswith("Due to ECRL’s social media policies")
    assert posted.endswith("policies-and-procedures.")
    assert "will be blocked. ECRL policies" in posted
    assert not set(posted) & set('“”"')


async def really_bound(name: str, folder: Path) -> Desk:
    """A library that has taken its duties up and bound its own document."""
    bound, pack = document_bound(read_pack(name), document(name)), read_pack(name)
    desk = await duties_of(name, folder)
    words = {one.key: bound.statements[one.code] for one in pack.statements}
    await desk.house.store.act(
        desk.house.library,
        lambda shelves: shelves.registry.put_sentences(pack.version, {**bound.sentences, **words}, bound.document),
    )
    return desk
