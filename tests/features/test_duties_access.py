"""Who runs the accounts and with which access: passwords, two administrators, editors, and looking through."""

from datetime import date
from pathlib import Path

import pytest

from bot.cards import Button
from bot.people import Grant
from bot.policy.shelf import read_pack
from bot.policy.terms import Role
from tests.fakes import FakeStore
from tests.features.keeping_up import attestations, duties_of, ends_role, in_days, opens, ref_of, rows, task_days
from tests.features.test_five_policies import Desk, library_under
from tests.people import TODAY, WHY, shown
from tests.policy.holds import holds

PASSWORDS = "Keep passwords"
ADMINISTRATORS = "Make the team or IT"


async def _safe(desk: Desk, where: str = "Facebook") -> str:
    """Confirm, as its editor, that an account's password is safe; returns the reference."""
    sam = desk.somebody("sam")
    await opens(sam, PASSWORDS, where)
    await sam.fills(safe="yes", left="yes")
    return await ref_of(sam, PASSWORDS, where)


@holds("worcester:W16")
async def test_who_runs_an_account_confirms_its_password_is_safe_and_is_asked_again_in_a_year(tmp_path: Path) -> None:
    desk = await duties_of("worcester", tmp_path)

    ref = await _safe(desk)

    [kept] = await attestations(desk)
    assert (kept.on, kept.upkeep, kept.words, kept.link, kept.seen) == (TODAY, ref, "", "", "")
    assert await task_days(desk, ref) == [("done", in_days(TODAY, 14)), ("open", in_days(TODAY, 365))]
    await desk.house.jump_to(in_days(TODAY, 365))
    await desk.somebody("sam").says("tasks")
    assert ref in shown(desk.somebody("sam").reply)


@holds("worcester:W16")
async def test_a_password_is_never_asked_for_and_there_is_no_place_to_write_one(tmp_path: Path) -> None:
    desk = await duties_of("worcester", tmp_path)
    sam = desk.somebody("sam")

    await opens(sam, PASSWORDS, "Facebook")

    assert {(field.name, field.kind.value) for field in sam.page.page.fields} == {
        ("on", "date"),
        ("safe", "yes_no"),
        ("left", "yes_no"),
    }
    assert "A password is never written down here." in shown(sam.reply)
    sent = sam.sending(safe="yes", left="yes")
    await sam.sends(sent.with_values({**sent.values, "words": ("hunter2-snolly",), "link": ("hunter2-snolly",)}))
    events = await desk.house.since(library=desk.house.library)
    assert not [event for event in events if "hunter2" in repr(event)]


@holds("worcester:W16")
@pytest.mark.parametrize("unsafe", ["safe", "left"])
async def test_a_password_that_is_not_safe_is_not_confirmed(unsafe: str, tmp_path: Path) -> None:
    desk = await duties_of("worcester", tmp_path)
    sam = desk.somebody("sam")
    await opens(sam, PASSWORDS, "Facebook")

    await sam.fills(**{"safe": "yes", "left": "yes", unsafe: "no"})

    assert "Change the password first, then confirm." in shown(sam.reply)
    assert await attestations(desk) == ()


@holds("worcester:W16")
async def test_only_who_runs_the_account_speaks_of_its_password_not_even_the_director(tmp_path: Path) -> None:
    desk = await duties_of("worcester", tmp_path)
    ref = await ref_of(desk.somebody("sam"), PASSWORDS, "Facebook")

    for user in ("dana", "alex", "jo"):
        who = desk.house.somebody(user, library=desk.house.library, tenant="worcester")
        await who.press(Button(label="Confirm", intent="duty.confirm", subject=ref, opens_form=True))
        assert "This is confirmed by an editor of the account" in shown(who.reply), user
    assert await attestations(desk) == ()


@holds("worcester:W16")
async def test_an_editor_who_leaves_has_the_passwords_of_their_accounts_changed_and_of_no_other(tmp_path: Path) -> None:
    desk = await duties_of("worcester", tmp_path)
    facebook, instagram = await _safe(desk, "Facebook"), await _safe(desk, "Instagram")

    await ends_role(desk, "Jo Lindgren")

    assert [state for state, _ in await task_days(desk, facebook)] == ["done", "open"]
    assert await task_days(desk, instagram) == [
        ("done", in_days(TODAY, 14)),
        ("void", in_days(TODAY, 365)),
        ("open", in_days(TODAY, 1)),
    ]
    await desk.house.deliver()
    told = [posted.card for posted in desk.house.messenger.posts if instagram in posted.card.title]
    assert "its passwords are to be changed" in repr(told)
    assert "Jo" not in repr(told), "a channel does not say who left"


@holds("worcester:W16")
async def test_an_editors_last_day_that_is_known_ahead_has_the_passwords_changed_after_it(tmp_path: Path) -> None:
    desk = await duties_of("worcester", tmp_path)
    ref = await _safe(desk, "Facebook")
    alex = desk.somebody("alex")

    await alex.says("setup")
    await alex.presses("Give or end a role")
    await alex.fills(person="Robin Hale", role="Editor", since="2026-03-02", until="2026-04-30", accounts=["Facebook"])

    assert (await task_days(desk, ref))[-1] == ("open", date(2026, 5, 1))


async def test_where_the_policy_says_nothing_of_passwords_nobody_is_asked_when_an_editor_leaves(tmp_path: Path) -> None:
    desk = await duties_of("chicopee", tmp_path)
    before = len(await desk.house.look(lambda shelves: shelves.tasks.open()))

    await ends_role(desk, "Jo Lindgren")

    assert len(await desk.house.look(lambda shelves: shelves.tasks.open())) == before
    assert not [duty for duty, _ in await rows(desk.somebody("alex")) if "assword" in duty]


@holds("portsmouth:P04", "portsmouth:P05")
async def test_two_different_people_administer_an_account_one_of_them_of_the_team_or_it(tmp_path: Path) -> None:
    desk = await duties_of("portsmouth", tmp_path)
    sam = desk.somebody("sam")
    await opens(sam, ADMINISTRATORS, "Facebook")

    await sam.fills(first="Sam Okafor", second="Sam Okafor", tried="yes")
    assert "Choose somebody else than the first." in shown(sam.reply)
    await sam.fills(first="Robin Hale", second="Pat Moreau", tried="yes")
    assert "neither of the social media team nor of IT" in shown(sam.reply)
    await sam.fills(first="Sam Okafor", second="Robin Hale", tried="no")
    assert "Let both sign in first, then confirm." in shown(sam.reply)
    assert await attestations(desk) == ()

    await sam.fills(first="Robin Hale", second="Alex Rivera", tried="yes")
    [kept] = await attestations(desk)
    assert set(kept.names) == {(await desk.house.person("Robin")).id, (await desk.house.person("Alex")).id}
    await sam.says(f"show {kept.upkeep}")
    assert "naming Robin Hale and Alex Rivera" in shown(sam.reply)


@holds("portsmouth:P05", "portsmouth:P04")
async def test_access_is_tried_again_each_year_and_at_once_when_one_of_the_two_leaves(tmp_path: Path) -> None:
    desk = await duties_of("portsmouth", tmp_path)
    sam = desk.somebody("sam")
    refs = {}
    for where, second in (("Facebook", "Alex Rivera"), ("Instagram", "Jo Lindgren")):
        await opens(sam, ADMINISTRATORS, where)
        await sam.fills(first="Sam Okafor", second=second, tried="yes")
        refs[where] = await ref_of(sam, ADMINISTRATORS, where)
        assert (await task_days(desk, refs[where]))[-1] == ("open", in_days(TODAY, 365))

    await ends_role(desk, "Jo Lindgren")

    assert (await task_days(desk, refs["Instagram"]))[-1] == ("open", in_days(TODAY, 1))
    assert (await task_days(desk, refs["Facebook"]))[-1] == ("open", in_days(TODAY, 365))


@holds("ecrl:E03")
async def test_looking_through_is_asked_for_every_week_and_a_gap_is_seen(tmp_path: Path) -> None:
    desk = await duties_of("ecrl", tmp_path)
    sam, label = desk.somebody("sam"), "Look through what is posted"
    ref = await ref_of(sam, label)
    assert await task_days(desk, ref) == [("open", in_days(TODAY, 7))]

    await opens(sam, label)
    assert "How often it is looked at again is library practice, not in policy." in shown(sam.reply)
    await sam.fills(words="Both accounts, comments and messages")

    assert await task_days(desk, ref) == [("done", in_days(TODAY, 7)), ("open", in_days(TODAY, 7))]
    await desk.house.go_to(in_days(TODAY, 9))
    assert (await rows(sam))[label, "the library"] == (
        "confirmed by Sam Okafor for 2 March 2026",
        "9 March 2026, overdue",
    )
    await sam.says("duties")
    assert "are not on file as the policy asks" in shown(sam.reply)
    robin = desk.somebody("robin")
    await robin.press(Button(label="Confirm", intent="duty.confirm", subject=ref, opens_form=True))
    assert "This is confirmed by the editor" in shown(robin.reply)


@holds("chicopee:C61", "cook_memorial:K54", "ecrl:E39", "worcester:W45")
@pytest.mark.parametrize(
    ("name", "adopted"),
    [
        ("chicopee", "policy of 6 March 2023"),
        ("cook_memorial", "policy of 16 February 2021"),
        ("ecrl", "policy of 8 February 2021"),
        ("worcester", "policy of 1 May 2015"),
    ],
)
async def test_the_version_in_force_is_shown_and_the_director_is_asked_each_year_whether_it_is_still_it(
    name: str, adopted: str, tmp_path: Path
) -> None:
    desk = await duties_of(name, tmp_path)
    dana, label = desk.somebody("dana"), "See to it that the version in force"
    await desk.somebody("alex").says("policy")
    assert f"Version in force: {adopted}" in shown(desk.somebody("alex").reply)
    ref = await ref_of(dana, label)
    alex = desk.somebody("alex")
    await alex.press(Button(label="Confirm", intent="duty.confirm", subject=ref, opens_form=True))
    assert f"This is confirmed by the {read_pack(name).about.executive}" in shown(alex.reply)

    await opens(dana, label)
    await dana.fills(state="This version is in force")

    assert (await task_days(desk, ref))[-1] == ("open", in_days(TODAY, 365))
    await alex.says("policy")
    assert "Looked at: This version is in force, confirmed by Dana Whitfield for 2 March 2026" in shown(alex.reply)


@holds("cook_memorial:K03")
async def test_only_the_director_authorizes_who_works_on_the_accounts(tmp_path: Path) -> None:
    desk = await library_under("cook_memorial", tmp_path)
    alex, dana = desk.somebody("alex"), desk.somebody("dana")
    await alex.says("setup")
    await alex.presses("Give or end a role")
    await alex.fills(person="Robin Hale", role="Editor", accounts=["Facebook"])
    assert "The Library Director authorizes whoever works on the accounts" in shown(alex.reply)
    assert "Only staff whom the Director has authorized" in shown(alex.reply)
    await alex.says("setup")
    await alex.presses("Add a person")
    await alex.fills(name="Noor Haddad", user="noor", role="Editor")
    assert "The Library Director authorizes" in shown(alex.reply)
    robin = await desk.house.person("Robin")
    assert not robin.has(Role.EDITOR, on=TODAY)
    people = await desk.house.look(lambda shelves: shelves.registry.people())
    assert not [person for person in people if person.name == "Noor Haddad"]

    await dana.says("setup")
    await dana.presses("Give or end a role")
    await dana.fills(person="Robin Hale", role="Editor", accounts=["Facebook"], until="2026-12-31")

    facebook = await desk.house.account("Facebook")
    assert (await desk.house.person("Robin")).grants[-1] == Grant(
        role=Role.EDITOR,
        since=TODAY,
        until=date(2026, 12, 31),
        accounts=(facebook,),
        document="authorized by Dana Whitfield on 2026-03-02",
    )


async def test_where_the_policy_does_not_say_so_the_administrator_may_name_editors(tmp_path: Path) -> None:
    desk = await library_under("chicopee", tmp_path)
    alex = desk.somebody("alex")
    await alex.says("setup")
    await alex.presses("Give or end a role")
    assert "office" not in {field.name for field in alex.page.page.fields}
    await alex.fills(person="Robin Hale", role="Editor", accounts=["Facebook"])

    assert (await desk.house.person("Robin")).has(Role.EDITOR, on=TODAY)


@holds("ecrl:E29")
async def test_an_editor_holds_one_of_the_named_offices_or_is_named_by_who_does(tmp_path: Path) -> None:
    desk = await library_under("ecrl", tmp_path)
    alex = desk.somebody("alex")
    await alex.says("setup")
    await alex.presses("Give or end a role")
    await alex.fills(person="Robin Hale", role="Editor", accounts=["Facebook"])
    assert "Name the office, or the officer who named them." in shown(alex.reply)
    assert not (await desk.house.person("Robin")).has(Role.EDITOR, on=TODAY)

    await alex.fills(
        person="Robin Hale",
        role="Editor",
        accounts=["Facebook"],
        office="named by the Assistant Director on 2 March 2026",
    )

    grant = (await desk.house.person("Robin")).grants[-1]
    assert (grant.role, grant.document) == (Role.EDITOR, "named by the Assistant Director on 2 March 2026")
    await alex.says("setup")
    await alex.presses("Add a person")
    await alex.fills(name="Noor Haddad", user="noor", role="Editor")
    people = await desk.house.look(lambda shelves: shelves.registry.people())
    assert not [person for person in people if person.name == "Noor Haddad"]


@holds("worcester:W12", "portsmouth:P20", "ecrl:E26", "cook_memorial:K03", "chicopee:C48")
@pytest.mark.parametrize("name", ["worcester", "portsmouth", "ecrl", "cook_memorial", "chicopee"])
async def test_only_a_listed_editor_of_the_account_enters_what_was_done_on_it(name: str, tmp_path: Path) -> None:
    desk = await library_under(name, tmp_path)
    robin, sam = desk.somebody("robin"), desk.somebody("sam")
    ref = await robin.removes(clauses="spam", why=WHY, item={"host_post": "Story hour"})
    task = next(
        task
        for task in await desk.house.look(lambda shelves: shelves.tasks.of_case(ref))
        if task.kind.value == "confirm_removal"
    )

    done = Button(label="Done today", intent="incident.done_today", subject=str(task.id), version=1)
    for user in ("robin", "jo", "dana", "alex", "pat"):
        who = desk.house.somebody(user, library=desk.house.library, tenant=name)
        await who.press(done)
        assert "Only an editor of this account confirms what was done on it" in shown(who.reply), user
    assert ("confirm_removal", "open") in await desk.house.tasks(ref)

    await sam.press(done)
    assert ("confirm_removal", "done") in await desk.house.tasks(ref)


@holds("worcester:W12", "portsmouth:P20", "ecrl:E26")
async def test_an_editor_whose_days_are_over_enters_nothing_more(tmp_path: Path) -> None:
    desk = await library_under("worcester", tmp_path)
    await ends_role(desk, "Sam Okafor")
    robin, sam = desk.somebody("robin"), desk.somebody("sam")
    ref = await robin.removes(clauses="spam", why=WHY, item={"host_post": "Story hour"})
    [task] = [
        task
        for task in await desk.house.look(lambda shelves: shelves.tasks.of_case(ref))
        if task.kind.value == "confirm_removal"
    ]

    await sam.press(Button(label="Done today", intent="incident.done_today", subject=str(task.id), version=1))

    assert "Only an editor of this account" in shown(sam.reply)


@holds("cook_memorial:K03", "ecrl:E29")
@pytest.mark.parametrize(("name", "asks"), [("cook_memorial", True), ("ecrl", True), ("worcester", False)])
async def test_editors_of_whom_nothing_is_on_file_are_named_where_the_policy_asks_for_it(
    name: str,
    asks: bool,  # noqa: FBT001 - pytest gives it by name
    tmp_path: Path,
) -> None:
    desk = await library_under(name, tmp_path)
    dana = desk.somebody("dana")
    await dana.says("duties")

    said = "Not on file who authorized them, or in which office: Jo Lindgren, Sam Okafor."
    assert (said in shown(dana.reply)) is asks
    await ends_role(desk, "Jo Lindgren")
    await dana.says("duties")
    assert "Jo Lindgren" not in shown(dana.reply)


async def test_a_duty_that_comes_again_in_any_librarys_pack_is_asked_for_as_often_as_its_policy_says(
    tmp_path: Path,
) -> None:
    desk = await library_under("worcester", tmp_path)
    assert isinstance(desk.house.store, FakeStore)
    [(version, raw)] = await desk.house.look(lambda shelves: shelves.registry.packs())
    more = '[[duties]]\ncode = "drill"\nlabel = "Try out the plan for a lost account"\nrule = "W16"\n'
    more += 'to = ["librarian_in_charge"]\nevery = { n = 3, unit = "months" }\n'
    stated = 'label = "Keep passwords and access to the accounts safe"\n'
    text = raw.decode().replace(stated, f'{stated}every = {{ n = 90, unit = "days" }}\n') + more
    desk.house.store.memory.packs[desk.house.library, version] = text.encode()
    alex, pat, robin = desk.somebody("alex"), desk.somebody("pat"), desk.somebody("robin")
    await alex.says("duties")
    await alex.presses("Take them up")

    ref = await _safe(desk)
    assert (await task_days(desk, ref))[-1] == ("open", date(2026, 5, 31)), (
        "a day the policy states stays, on a Sunday too"
    )
    await desk.somebody("sam").says(f"show {ref}")
    assert "The policy asks for it every 90 days." in shown(desk.somebody("sam").reply)
    assert "library practice, not in policy" not in shown(desk.somebody("sam").reply)
    await desk.somebody("sam").says(f"due show {ref}")
    assert "due on 31 May 2026." in shown(desk.somebody("sam").reply)
    assert "The policy states it: Whoever runs an account" in shown(desk.somebody("sam").reply)

    drill = await ref_of(pat, "Try out the plan")
    await robin.press(Button(label="Confirm", intent="duty.confirm", subject=drill, opens_form=True))
    assert "This is confirmed by the Librarian in Charge" in shown(robin.reply)
    await opens(pat, "Try out the plan")
    await pat.fills(words="Tried on a spare telephone")
    assert (await task_days(desk, drill))[-1] == ("open", date(2026, 6, 2))
