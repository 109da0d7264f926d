"""What cannot wait, and what opens to a few only."""

from dataclasses import replace
from datetime import date

import pytest

from bot.cards import Turn
from bot.cases.incident import ConfirmedRemoval, Incident
from bot.refusal import Mistake
from tests.people import HANDLE, LINK, TODAY, WORDS, House, facts, said, shown, title

NIGHT = (date(2026, 3, 7), 2, 30)
"""Half past two on a Saturday night; the library is closed until Monday."""
TWENTY_FOUR_HOURS = ("911", "1-800-843-5678")


async def everything_others_see(house: House, ref: str, *users: str) -> str:
    """All that these people find by looking for a case in every way there is."""
    seen = []
    for user in users:
        somebody = house.somebody(user)
        for words in (
            f"show {ref}",
            ref,
            f"due show {ref}",
            "reports",
            "search tatter",
            "search snolly",
            "due",
            "home",
        ):
            await somebody.says(words)
            seen.append(shown(somebody.reply).replace("I read: " + ref, ""))
    return "\n".join(seen)


# -- at once ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("track", ["Threat", "Personal information"])
async def test_threats_and_personal_information_reach_the_duty_person_at_once_at_night(
    house: House, track: str
) -> None:
    house.time.local(*NIGHT)
    ref = await house.robin.reports(track=track, outcome="Please look")

    await house.rounds.run()

    [told] = house.told("pat")
    assert told.card.title == f"Report {ref}"
    assert told.card.body == f"{track}: please look now."
    await house.pat.press(told.card.buttons[0])
    assert WORDS in shown(house.pat.reply)


async def test_with_nobody_on_duty_the_administrator_and_the_chair_hear_of_the_vacancy(house: House) -> None:
    await house.alex.says("setup")
    await house.alex.presses("Give or end a role")
    await house.alex.fills(person="Pat Moreau", role="Duty person", what="End it")
    ref = await house.robin.reports(track="Threat", outcome="Please look")

    await house.rounds.run()

    for user in ("alex", "terry"):
        [told] = house.told(user)
        assert told.card.body.startswith("Nobody holds the office “duty person” today.")
        assert told.card.title == f"Report {ref}"
    assert house.told("pat") == []


async def test_an_ordinary_report_wakes_nobody(house: House) -> None:
    house.time.local(*NIGHT)
    await house.robin.reports(outcome="Please look")

    await house.rounds.run()

    assert [posted for posted in house.posted if posted.to.user] == []


# -- child safety ----------------------------------------------------------------------------------------------------


async def report_child_safety(house: House) -> str:
    await house.robin.says("report")
    await house.robin.fills(track="May break a rule", child_abuse="yes")
    await house.robin.fills(account="Facebook", links=LINK, posted_on=TODAY.isoformat())
    return house.robin.ref


async def test_child_safety_takes_no_file_and_no_words(house: House) -> None:
    await house.robin.says("report")
    await house.robin.fills(track="May break a rule", child_abuse="yes")

    page = house.robin.page.page
    assert not page.takes_files
    assert {field.name for field in page.fields} == {"account", "links", "posted_on"}
    with pytest.raises(Mistake, match="takes no file"):
        await house.robin.attaches()
    for number in TWENTY_FOUR_HOURS:
        assert number in page.intro


async def test_child_safety_keeps_no_words_or_pictures_even_of_a_client_that_sends_them(house: House) -> None:
    await house.robin.begins_report()
    picture = await house.robin.attaches()
    await house.robin.says("report")
    await house.robin.fills(track="May break a rule", child_abuse="yes")
    sent = house.robin.sending(account="Facebook", links=LINK)
    values = {**sent.values, "text": (WORDS,), "pictures": (picture,), "handles": (HANDLE,), "outcome": ("removed",)}
    await house.robin.sends(replace(sent, values=values))

    kept = await house.incident(house.robin.ref)
    assert (kept.text, kept.evidence, kept.author, kept.removal, kept.fingerprint) == ("", (), None, None, "")
    with pytest.raises(Mistake):
        house.vault.read(house.library, picture.partition(".")[2])


async def test_child_safety_alerts_the_director_and_the_duty_person_at_any_hour(house: House) -> None:
    house.time.local(*NIGHT)
    ref = await report_child_safety(house)

    await house.rounds.run()

    for user in ("dana", "pat"):
        [told] = house.told(user)
        assert told.card.body == "Child safety: please act now. Nothing was copied."
        assert LINK not in said(told.card)
        assert told.card.title == f"Report {ref}"
    for number in TWENTY_FOUR_HOURS:
        assert number in house.robin.reply.headline


async def test_child_safety_shows_in_no_channel_list_search_or_reminder_of_others(house: House) -> None:
    ref = await report_child_safety(house)
    await house.pass_days(10)

    assert [posted for posted in house.posted if posted.to.channel and ref in said(posted.card)] == []
    seen = await everything_others_see(house, ref, "sam", "jo", "kim", "terry", "alex")
    assert LINK not in seen
    assert "Child safety" not in seen
    for user in ("robin", "pat", "dana"):
        await house.somebody(user).says(f"show {ref}")
        assert facts(house.somebody(user).reply)["What"] == "Child safety"


async def test_child_safety_prompts_for_no_notice_and_starts_no_clock(house: House) -> None:
    ref = await report_child_safety(house)

    assert await house.tasks(ref) == []
    assert await house.clocks(ref) == {}
    await house.dana.says(f"notice {ref}")
    assert house.dana.reply.page is None


async def test_an_editor_who_finds_it_could_show_abuse_drops_the_copy(house: House) -> None:
    await house.robin.begins_report()
    picture = await house.robin.attaches()
    await house.robin.fills(account="Facebook", links=LINK, text=WORDS, pictures=picture, outcome="Please look")
    ref = house.robin.ref
    await house.deliver()
    await house.sam.says("home")
    await house.sam.presses("Say what was done", case=ref)
    await house.sam.fills(outcome="Removed", child_abuse="yes")
    assert "1-800-843-5678" in house.sam.reply.headline
    await house.pass_days(1)

    kept = await house.incident(ref)
    assert (kept.track.value, kept.text, kept.evidence) == ("child_safety", "", ())
    with pytest.raises(Mistake):
        house.vault.read(house.library, picture.partition(".")[2])
    assert {
        posted.card.body for user in ("dana", "pat") for posted in house.told(user) if ref in posted.card.title
    } == {"Child safety: please act now. Nothing was copied."}
    assert await house.tasks(ref) == [("look", "void")]
    [card] = [posted.card for posted in house.channel("social-media") if posted.card.title == f"Report {ref}"]
    assert [(fact.label, fact.value) for fact in card.facts] == [("What", "Confidential")]
    await house.sam.says(f"show {ref}")
    assert "opens only to those who work on it" in shown(house.sam.reply)


# -- conduct ---------------------------------------------------------------------------------------------------------


async def report_conduct(
    house: House,
    *,
    track: str = "Conduct of staff",
    where: str = "On an account of the library",
    about_director: str = "no",
) -> Incident:
    return await house.incident(
        await house.robin.reports_conduct(track=track, where=where, about_director=about_director)
    )


async def test_conduct_of_staff_goes_to_the_director_and_nobody_else(house: House) -> None:
    kept = await report_conduct(house, about_director="no")
    await house.pass_days(3)

    assert {posted.to.user for posted in house.posted if kept.ref in said(posted.card)} == {"dana"}
    await house.dana.says(f"show {kept.ref}")
    assert WORDS in shown(house.dana.reply)
    seen = await everything_others_see(house, kept.ref, "sam", "jo", "pat", "kim", "terry", "alex")
    assert WORDS not in seen
    assert "Conduct" not in seen


async def test_conduct_of_the_director_goes_to_the_chair_and_hides_who_reported(house: House) -> None:
    kept = await report_conduct(house, about_director="yes")
    await house.rounds.run()

    assert {posted.to.user for posted in house.posted if kept.ref in said(posted.card)} == {"terry"}
    await house.terry.says(f"show {kept.ref}")
    assert WORDS in shown(house.terry.reply)
    assert facts(house.terry.reply)["Reported by"].startswith("hidden")
    assert "Robin" not in shown(house.terry.reply)
    seen = await everything_others_see(house, kept.ref, "dana", "sam", "pat", "kim", "alex")
    assert WORDS not in seen
    assert "Conduct" not in seen
    await house.robin.says(f"show {kept.ref}")
    assert "Robin" in facts(house.robin.reply)["Reported by"]


async def test_conduct_of_a_trustee_goes_to_the_chair(house: House) -> None:
    kept = await report_conduct(house, track="Conduct of a trustee")
    await house.rounds.run()

    assert {posted.to.user for posted in house.posted if kept.ref in said(posted.card)} == {"terry"}
    await house.dana.says(f"show {kept.ref}")
    assert WORDS not in shown(house.dana.reply)


async def test_of_a_personal_account_nothing_is_kept_but_that_it_was_reported(house: House) -> None:
    kept = await report_conduct(house, where="On the person's own account", about_director="no")

    assert (kept.link, kept.text, kept.text_sha256, kept.evidence) == ("", "", "", ())
    read = shown(house.robin.reply)
    assert "no words, link or picture were kept" in read
    assert "source: The library does not watch the personal accounts of its staff" in read
    assert not [event for event in await house.since() if "snolly" in str(event) or "tatter" in str(event)]


async def test_a_refused_look_at_a_walled_report_does_not_say_what_it_is(house: House) -> None:
    kept = await report_conduct(house, about_director="no")
    mark = await house.mark()
    await house.sam.says(f"show {kept.ref}")

    assert title(house.sam.reply) == f"{kept.ref} opens only to those who work on it"
    [event] = await house.since(mark)
    assert event.what == "refused"
    assert "Conduct" not in shown(house.sam.reply)


# -- whatever way it comes in ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["removed by an editor", "joined to another report", "not on our account"])
async def test_a_threat_reaches_the_duty_person_whatever_became_of_it(house: House, how: str) -> None:
    house.time.local(*NIGHT)
    match how:
        case "removed by an editor":
            ref = await house.sam.removes(track="Threat", observations="threatens")
        case "joined to another report":
            ref = await house.robin.reports(outcome="Please look")
            assert await house.kim.reports(track="Threat", outcome="Please look") == ref
        case _:
            ref = await house.robin.reports(track="Threat", account="An account that is not ours")

    await house.rounds.run()

    [told] = house.told("pat")
    assert (told.card.title, told.card.body) == (f"Report {ref}", "Threat: please look now.")


async def test_a_card_from_before_copies_nothing_of_what_is_child_safety_now(house: House) -> None:
    ref = await house.sam.reports(outcome="Please look")
    await house.sam.says("home")
    old = house.sam.button("Say what was done", case=ref)
    await house.sam.press(old)
    await house.sam.fills(child_abuse="yes")

    await house.sam.press(old)

    assert house.sam.reply.page is None
    assert f"{ref} is confidential" in shown(house.sam.reply)


async def test_a_removed_item_that_becomes_child_safety_prompts_for_no_notice(house: House) -> None:
    ref = await house.robin.reports(outcome="Please look")
    await house.sam.says("home")
    old = house.sam.button("Say what was done", case=ref)
    await house.sam.press(old)
    await house.sam.fills(outcome="Removed", child_abuse="no")
    await house.sam.fills(clauses="Advertising", observations="sells")

    await house.sam.press(old)
    await house.sam.fills(child_abuse="yes")

    assert await house.tasks(ref) == [("look", "done"), ("send_notice", "void")]


async def test_a_file_added_before_somebody_saw_what_it_could_show_goes(house: House) -> None:
    await house.robin.begins_report()
    picture = await house.robin.attaches()
    await house.robin.turns(Turn.BACK, account="Facebook", links=LINK, pictures=picture)
    await house.robin.fills(child_abuse="yes")
    await house.robin.fills(account="Facebook", links=LINK)
    await house.pass_days(1)

    with pytest.raises(Mistake):
        house.vault.promote(house.library, picture, house.time())


async def test_what_one_person_copied_goes_when_another_says_what_it_could_show(house: House) -> None:
    await house.kim.begins_report()
    picture = await house.kim.attaches()
    await house.kim.fills(account="Facebook", links=LINK, text=WORDS, outcome="Please look", pictures=picture)
    earlier = house.kim.ref
    await report_child_safety(house)
    await house.pass_days(1)

    kept = await house.incident(earlier)
    assert (kept.track.value, kept.text, kept.evidence) == ("child_safety", "", ())
    with pytest.raises(Mistake):
        house.vault.read(house.library, picture.partition(".")[2])
    assert "open" not in {state for _, state in await house.tasks(earlier)}


async def test_a_confirmed_removal_stays_on_file_behind_the_wall_without_its_copy(house: House) -> None:
    removed = await house.sam.removes()
    await report_child_safety(house)

    kept = await house.incident(removed)
    assert (kept.track.value, kept.text, kept.outcome.value) == ("child_safety", "", "removed")
    assert isinstance(kept.removal, ConfirmedRemoval)
    assert kept.removal.done_on == TODAY
