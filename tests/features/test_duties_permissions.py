"""What the policy lets nobody do unasked: open an account, speak for the library or on a lawsuit, inspect a page."""

from datetime import date
from pathlib import Path

import pytest

from bot.cards import Button
from bot.cases.permission import For
from bot.cases.upkeep import DUTIES, POST_STATEMENTS
from bot.features.editors import AUTHORIZED, OFFICERS
from bot.people import Grant, Person
from bot.policy.shelf import pack_names, read_pack
from bot.policy.terms import Role
from bot.records.ledger import verify
from tests.features.keeping_up import duties_of, in_days, permission, rows, task_days
from tests.features.test_five_policies import Desk, library_under
from tests.people import TODAY, Somebody, shown, title
from tests.policy.holds import holds

PAPER = "e-mail of the attorney, in the Director's folder"
CAUSE = "flibber: three patrons named the same page"


async def _asks_for_account(desk: Desk, user: str = "robin") -> str:
    robin = desk.somebody(user)
    await robin.says("open account")
    await robin.fills(platform="TikTok", name="Portsmouth Reads", about="Teen programs", runs="Robin Hale")
    assert robin.reply.page is None, shown(robin.reply)
    return robin.ref


async def answers_permission(who: Somebody, ref: str, agreed: str = "Agreed", **more: str) -> None:
    await who.says(f"show {ref}")
    await who.presses("Agree or refuse")
    await who.fills(agreed=agreed, **more)


async def _accounts(desk: Desk) -> list[str]:
    found = await desk.house.look(lambda shelves: shelves.registry.accounts())
    return [account.label for account in found]


@holds("portsmouth:P01")
async def test_an_account_opens_once_the_director_and_the_team_have_agreed_in_any_order(tmp_path: Path) -> None:
    desk = await library_under("portsmouth", tmp_path)
    sam, dana, alex = desk.somebody("sam"), desk.somebody("dana"), desk.somebody("alex")
    ref = await _asks_for_account(desk)
    assert "not opened yet" in desk.somebody("robin").reply.headline
    assert sorted(state for state, _ in await task_days(desk, ref)) == ["open", "open"]

    await answers_permission(sam, ref)
    await alex.says(f"show {ref}")
    assert "State: waits for Library Director" in shown(alex.reply)
    await alex.press(Button(label="Register it", intent="account.register", subject=ref, opens_form=True))
    assert "No account was registered." in shown(alex.reply)
    assert "TikTok · Portsmouth Reads" not in await _accounts(desk)

    await answers_permission(dana, ref)
    await alex.says("tasks")
    await alex.presses("Register it", case=ref)
    assert alex.page.values["platform"] == ("TikTok",)
    await alex.fills(url="https://tiktok.example/portsmouth")

    assert "TikTok · Portsmouth Reads" in await _accounts(desk)
    kept = await permission(desk, ref)
    assert [(answer.role, answer.agreed) for answer in kept.answers] == [(Role.EDITOR, True), (Role.DIRECTOR, True)]
    assert kept.account is not None
    assert {state for state, _ in await task_days(desk, ref)} == {"done"}
    await alex.press(Button(label="Register it", intent="account.register", subject=ref, opens_form=True))
    assert "No account was registered." in shown(alex.reply)


@holds("portsmouth:P01")
async def test_one_person_is_not_two_even_in_both_offices(tmp_path: Path) -> None:
    desk = await library_under("portsmouth", tmp_path)
    dana = await desk.house.person("Dana")
    both = Person(
        id=dana.id,
        library=dana.library,
        name=dana.name,
        identities=dana.identities,
        grants=(*dana.grants, Grant(role=Role.EDITOR, since=TODAY)),
    )
    await desk.house.store.act(desk.house.library, lambda shelves: shelves.registry.put_person(both))
    ref = await _asks_for_account(desk, "dana")
    director = desk.somebody("dana")

    await answers_permission(director, ref)
    await director.says(f"show {ref}")
    await director.presses("Agree or refuse")

    assert "Two people have to agree, and you have answered already" in shown(director.reply)
    assert (await permission(desk, ref)).waits_for == (Role.EDITOR,)
    await answers_permission(desk.somebody("sam"), ref)
    assert (await permission(desk, ref)).granted


@holds("portsmouth:P01")
async def test_a_refusal_gives_its_reason_ends_what_was_asked_and_registers_nothing(tmp_path: Path) -> None:
    desk = await library_under("portsmouth", tmp_path)
    ref = await _asks_for_account(desk)
    dana = desk.somebody("dana")

    await answers_permission(dana, ref, "Refused")
    assert "A sentence is enough." in shown(dana.reply)
    await dana.fills(agreed="Refused", words="Nobody has time to run it")

    assert (await permission(desk, ref)).refused
    assert {state for state, _ in await task_days(desk, ref)} == {"done"}
    sam = desk.somebody("sam")
    await sam.press(Button(label="Agree", intent="permission.answer", subject=ref, opens_form=True))
    assert f"{ref} is refused; nobody is asked any more" in shown(sam.reply)
    await desk.house.deliver()
    assert any("What you asked: refused." in posted.card.body for posted in desk.house.messenger.to_user("robin"))


@holds("portsmouth:P01")
@pytest.mark.parametrize("user", ["robin", "alex", "pat", "kim", "terry"])
async def test_nobody_else_agrees_for_them(user: str, tmp_path: Path) -> None:
    desk = await library_under("portsmouth", tmp_path)
    ref = await _asks_for_account(desk)
    who = desk.somebody(user)

    await who.press(Button(label="Agree", intent="permission.answer", subject=ref, opens_form=True))

    assert "This waits for the answer of the Library Director and the editor" in shown(who.reply)
    assert (await permission(desk, ref)).answers == ()


@holds("portsmouth:P01")
async def test_setup_registers_only_an_account_that_was_open_before_the_record_began(tmp_path: Path) -> None:
    desk = await library_under("portsmouth", tmp_path)
    alex = desk.somebody("alex")
    await alex.says("setup")
    await alex.presses("Official account")
    await alex.fills(platform="TikTok", name="Portsmouth Reads", existed="no")
    assert "“open account” asks them" in shown(alex.reply)
    assert "TikTok · Portsmouth Reads" not in await _accounts(desk)

    await alex.says("setup")
    await alex.presses("Official account")
    await alex.fills(platform="Flickr", name="Old pictures", existed="yes")
    assert "who agreed to it is not on file" in shown(alex.reply)
    assert "Flickr · Old pictures" in await _accounts(desk)


@pytest.mark.parametrize("name", sorted(set(pack_names()) - {"portsmouth"}))
async def test_where_the_policy_does_not_ask_for_it_nobody_has_to_agree(name: str, tmp_path: Path) -> None:
    desk = await library_under(name, tmp_path)
    robin, alex = desk.somebody("robin"), desk.somebody("alex")
    await robin.says("open account")
    assert "policy has no rule for this" in shown(robin.reply)
    await alex.says("setup")
    await alex.presses("Official account")
    await alex.fills(platform="TikTok", name="Reads")
    assert "TikTok · Reads" in await _accounts(desk)


@holds("worcester:W18", "worcester:W19")
async def test_nobody_speaks_for_the_library_before_the_director_agreed_and_no_longer_than_she_said(
    tmp_path: Path,
) -> None:
    desk = await library_under("worcester", tmp_path)
    robin, dana, pat = desk.somebody("robin"), desk.somebody("dana"), desk.somebody("pat")
    await robin.says("speak")
    await robin.fills(scope="On one occasion", about="The radio on the book sale", until="2026-03-10")
    ref = robin.ref
    await pat.says("spokespersons")
    assert "Robin Hale" not in shown(pat.reply)
    for user in ("robin", "pat", "alex", "sam"):
        who = desk.somebody(user)
        await who.press(Button(label="Agree", intent="permission.answer", subject=ref, opens_form=True))
        assert f"This waits for the answer of the {read_pack('worcester').about.executive}" in shown(who.reply), user

    await answers_permission(dana, ref, words="The book sale and nothing else")

    await pat.says("who speaks")
    assert "Robin Hale | On one occasion | 2 March 2026 | 10 March 2026" in shown(pat.reply)
    desk.house.time.local(date(2026, 3, 11), 10)
    await pat.says("who speaks")
    assert "Robin Hale" not in shown(pat.reply), "it ends by itself after its last day"


@holds("worcester:W18", "worcester:W19", "chicopee:C55")
@pytest.mark.parametrize("name", ["worcester", "chicopee"])
async def test_the_director_names_a_spokesperson_and_ends_it(name: str, tmp_path: Path) -> None:
    desk = await library_under(name, tmp_path)
    dana, pat = desk.somebody("dana"), desk.somebody("pat")
    await dana.says("speak")
    practice = "that it is the Director is library practice, not in policy" in shown(dana.reply)
    assert practice is (name == "chicopee")
    await dana.fills(person="Pat Moreau", scope="As a spokesperson", about="Press and radio")
    ref = dana.ref

    await pat.says("spokespersons")
    assert "Pat Moreau | As a spokesperson | 2 March 2026 | until ended" in shown(pat.reply)
    await pat.press(Button(label="End it", intent="permission.end", subject=ref, opens_form=True))
    assert f"The {read_pack(name).about.executive} ends what was agreed" in shown(pat.reply)
    await dana.says(f"show {ref}")
    await dana.presses("End it")
    await dana.fills(because="New duties")
    await pat.says("spokespersons")
    assert f"Nobody speaks for the library today but the {read_pack(name).about.executive}." in shown(pat.reply)


@pytest.mark.parametrize("name", ["cook_memorial", "ecrl", "portsmouth"])
async def test_where_the_policy_knows_no_spokesperson_none_is_invented(name: str, tmp_path: Path) -> None:
    desk = await library_under(name, tmp_path)
    robin = desk.somebody("robin")

    for words in ("speak", "spokespersons"):
        await robin.says(words)
        assert "policy has no rule for this" in shown(robin.reply)


async def asks_attorney(desk: Desk, case: str = "") -> str:
    robin = desk.somebody("robin")
    await robin.says("attorney")
    await robin.fills(about="The case on the meeting room", speaker="Robin Hale", case=case)
    assert robin.reply.page is None, shown(robin.reply)
    return robin.ref


@holds("cook_memorial:K18")
async def test_the_attorneys_agreement_is_entered_with_who_signed_it_its_date_and_its_paper(tmp_path: Path) -> None:
    desk = await library_under("cook_memorial", tmp_path)
    dana, sam = desk.somebody("dana"), desk.somebody("sam")
    ref = await asks_attorney(desk)
    await sam.press(Button(label="Agree", intent="permission.answer", subject=ref, opens_form=True))
    assert "This waits for the answer of the counsel" in shown(sam.reply)

    await dana.says("tasks")
    await dana.presses("Agree or refuse", case=ref)
    await dana.fills(agreed="Agreed")
    assert dana.reply.page is not None, "an agreement without its paper is none"
    assert (await permission(desk, ref)).answers == ()
    await dana.fills(agreed="Agreed", signed_by="Lee Duarte, attorney", dated="2026-02-27", document=PAPER)

    [answer] = (await permission(desk, ref)).answers
    assert (answer.on, answer.signed_by) == (date(2026, 2, 27), "Lee Duarte, attorney")
    assert answer.document == f"{PAPER} (dated 27 February 2026)"
    await dana.says(f"show {ref}")
    assert "Lee Duarte, attorney, entered by Dana Whitfield (counsel) agreed on 27 February 2026." in shown(dana.reply)


@holds("cook_memorial:K18")
async def test_a_report_that_touches_a_lawsuit_is_not_answered_before_the_attorney_agreed(tmp_path: Path) -> None:
    desk = await library_under("cook_memorial", tmp_path)
    robin, sam, dana = desk.somebody("robin"), desk.somebody("sam"), desk.somebody("dana")
    question = await robin.reports(track="Question", text="What of the lawsuit?")
    request = await asks_attorney(desk, question)
    answered = {"kind": "A fact", "words": "It is before the court.", "answered_on": TODAY.isoformat()}
    answered["litigation"] = "no"

    await sam.says(f"show {question}")
    await sam.presses("Answered, or none needed")
    await fills_answer(sam, **answered)
    assert "This touches a lawsuit" in shown(sam.reply)
    assert f"The attorney's approval, {request}: waits for counsel" in shown(sam.reply)
    assert (await desk.house.incident(question)).closed_on is None

    await answers_permission(dana, request, "Agreed", signed_by="Lee Duarte", dated="2026-03-02", document=PAPER)
    await sam.says(f"show {question}")
    await sam.presses("Answered, or none needed")
    await fills_answer(sam, **answered)
    assert "its words stay until a hold is placed or somebody closes it" in sam.reply.headline
    kept = await desk.house.incident(question)
    assert (kept.closed_on, kept.text) == (None, "What of the lawsuit?")
    assert (await desk.house.clocks(question))["reply_by"].state.value == "met"
    await dana.says(f"close {question}")
    assert (await desk.house.incident(question)).closed_on == TODAY


async def fills_answer(sam: Somebody, **answered: str) -> None:
    """Fill whatever pages the answer has."""
    for _ in range(3):
        if sam.reply.page is None:
            return
        asked = {field.name for field in sam.page.page.fields}
        await sam.fills(**{name: value for name, value in answered.items() if name in asked})


@holds("portsmouth:P22")
async def test_an_inspection_is_the_directors_and_has_its_cause_on_file_before_anything_is_looked_at(
    tmp_path: Path,
) -> None:
    desk = await library_under("portsmouth", tmp_path)
    dana = desk.somebody("dana")
    for user in ("robin", "sam", "alex", "pat", "kim", "terry"):
        who = desk.somebody(user)
        await who.says("inspect")
        assert "Only the Library Director inspects, and for a cause" in shown(who.reply), user

    await dana.says("inspect")
    assert "The Director may inspect pages, and needs a cause" in shown(dana.reply)
    await dana.fills(scope="The page of the Churchland branch, posts of February")
    assert dana.reply.page is not None, "without a cause nothing begins"
    assert await desk.house.look(lambda shelves: shelves.duties.permissions()) == ()
    await dana.fills(about=CAUSE)
    ref = dana.ref
    assert await task_days(desk, ref) == [("open", in_days(TODAY, 14))]

    await dana.says(f"show {ref}")
    await dana.presses("Enter what was found")
    await dana.fills(because="Nothing against the policy")
    kept = await permission(desk, ref)
    assert (kept.about, kept.ended_because, kept.ended_on) == (CAUSE, "Nothing against the policy", TODAY)
    await dana.press(Button(label="Enter", intent="inspection.end", subject=ref, opens_form=True))
    assert "is no inspection that is under way" in shown(dana.reply)


@holds("portsmouth:P22")
async def test_nobody_but_the_director_and_record_keepers_learns_of_an_inspection(tmp_path: Path) -> None:
    desk = await library_under("portsmouth", tmp_path)
    dana = desk.somebody("dana")
    await dana.says("inspect")
    await dana.fills(about=CAUSE, scope="The page of the Churchland branch")
    ref = dana.ref

    for user in ("robin", "sam", "alex", "pat"):
        who = desk.somebody(user)
        for words in ("duties", "due", "home", "tasks", f"due show {ref}", f"show {ref}"):
            await who.says(words)
            said = shown(who.reply)
            assert CAUSE not in said
            assert "inspection found" not in said, (user, words)
            assert ref not in said or "opens to" in said, (user, words)
    await desk.house.go_to(in_days(TODAY, 20))
    assert not [
        posted
        for posted in desk.house.messenger.posts
        if posted.to.channel and (ref in repr(posted.card) or "inspection" in repr(posted.card))
    ]
    kim = desk.somebody("kim")
    await kim.says(f"show {ref}")
    assert CAUSE in shown(kim.reply), "the records officer keeps records"
    head, flaw = await desk.house.store.chain(desk.house.library, verify)
    assert (flaw, head.seq > 0) == (None, True)
    events = await desk.house.since(case=ref)
    assert "inspection.begin permission" in [event.what for event in events]
    assert not [event for event in events if "flibber" in repr(event.header)], "a header says nothing of the cause"


@pytest.mark.parametrize("name", sorted(set(pack_names()) - {"portsmouth"}))
async def test_where_the_policy_knows_no_inspection_there_is_none(name: str, tmp_path: Path) -> None:
    desk = await library_under(name, tmp_path)
    dana = desk.somebody("dana")

    await dana.says("inspect")

    assert "policy has no rule for this" in shown(dana.reply)


@holds("portsmouth:P03")
async def test_the_team_asks_a_supervisor_who_assigns_somebody_or_declines(tmp_path: Path) -> None:
    desk = await library_under("portsmouth", tmp_path)
    sam, pat, robin = desk.somebody("sam"), desk.somebody("pat"), desk.somebody("robin")
    await robin.says("assign")
    assert "The social media team asks supervisors for this" in shown(robin.reply)
    await sam.says("assign")
    await sam.fills(account="Instagram", supervisor="Pat Moreau", about="Two posts a week")
    ref = sam.ref
    await robin.press(Button(label="Agree", intent="permission.answer", subject=ref, opens_form=True))
    assert "This waits for the answer of Pat Moreau" in shown(robin.reply)

    await desk.house.deliver()
    assert any("asked to assign somebody" in posted.card.body for posted in desk.house.messenger.to_user("pat"))
    await answers_permission(pat, ref, "Agreed")
    assert "Choose somebody." in shown(pat.reply)
    await pat.fills(agreed="Agreed", assigned="Robin Hale")

    [answer] = (await permission(desk, ref)).answers
    assert answer.words == "Robin Hale is assigned."


async def test_what_was_asked_is_pushed_without_a_name_and_without_what_it_is_about(tmp_path: Path) -> None:
    desk = await library_under("worcester", tmp_path)
    robin = desk.somebody("robin")
    await robin.says("speak")
    await robin.fills(scope="On one occasion", about="flibber on the radio", until="2026-03-10")
    await desk.house.go_to(in_days(TODAY, 6))

    pushed = [posted.card for posted in desk.house.messenger.posts if robin.ref in repr(posted.card)]

    assert pushed
    assert not [card for card in pushed if "flibber" in repr(card) or "Robin" in repr(card)]


@pytest.mark.parametrize("name", pack_names())
async def test_the_list_of_duties_names_every_duty_of_the_policy(name: str, tmp_path: Path) -> None:
    desk = await duties_of(name, tmp_path)

    found = {duty for duty, _ in await rows(desk.somebody("robin"))}

    assert {duty.label for duty in read_pack(name).duties} <= found
    assert title(desk.somebody("robin").reply) == "Duties"


def test_the_page_on_packs_names_every_duty_of_the_library_that_the_program_acts_on() -> None:
    page = (Path(__file__).parents[2] / "docs" / "policy-packs.md").read_text(encoding="utf-8")
    table = page.partition("## Duties of the library itself")[2]

    acted_on = {*DUTIES, *(one.value for one in For), POST_STATEMENTS, AUTHORIZED, OFFICERS}
    assert {line.split("`")[1] for line in table.splitlines() if line.startswith("| `")} == acted_on
