"""Reporting: what is asked, what is kept, who is asked to act."""

from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest

from bot.cards import Turn
from bot.cases.incident import ConfirmedRemoval, Outcome
from bot.refusal import Mistake
from tests.people import HANDLE, LINK, PICTURE, TODAY, WHY, WORDS, House, facts, shown, title

REMOVES = ("Removed", "Hidden", "Removed in part", "Declined to publish")
STAYS = ("Complaint or criticism", "Question", "Concern about what we did", "Error in our own post")


# -- what is asked ---------------------------------------------------------------------------------------------------


async def test_the_first_page_asks_only_for_the_track_and_whether_a_child_could_be_abused(house: House) -> None:
    await house.robin.says("report")

    assert [field.name for field in house.robin.page.page.fields] == ["track", "child_abuse"]
    assert not house.robin.page.page.takes_files


async def test_an_item_that_stays_is_never_asked_for_its_author_or_a_rule(house: House) -> None:
    await house.robin.begins_report()

    asked = {field.name for field in house.robin.page.page.fields}
    assert house.robin.page.values["outcome"] == ("left_up",)
    assert not asked & {"handles", "handle", "author", "clauses", "observations"}
    for outcome in ("Left up", "Please look", "Gone"):
        ref = await house.robin.reports(outcome=outcome, links=f"{LINK}/{outcome[0]}", text="")
        assert (await house.incident(ref)).author is None


@pytest.mark.parametrize("outcome", REMOVES)
async def test_a_removal_asks_for_rule_reason_and_an_optional_handle(house: House, outcome: str) -> None:
    await house.robin.begins_report()
    await house.robin.fills(account="Facebook", links=LINK, text=WORDS, outcome=outcome)

    asked = {field.name: field.required for field in house.robin.page.page.fields}
    assert asked["clauses"] is True
    assert asked["handles"] is False
    assert ("part" in asked) is (outcome == "Removed in part")
    kinds = [option.label for field in house.robin.page.page.fields for option in field.options]
    assert "sells or advertises something" in kinds
    assert "insults a person" in kinds


@pytest.mark.parametrize("track", STAYS)
async def test_nothing_is_taken_down_on_a_track_that_stays_up(house: House, track: str) -> None:
    await house.robin.begins_report(track)

    offered = next(field for field in house.robin.page.page.fields if field.name == "outcome").options
    assert [option.label for option in offered] == ["Left up", "Please look", "Gone (author or platform)"]


async def test_a_complaint_cannot_be_removed_by_a_client_that_sends_it_anyway(house: House) -> None:
    await house.robin.begins_report("Complaint")
    forged = house.robin.sending(account="Facebook", links=LINK, text=WORDS)
    await house.robin.sends(replace(forged, values={**forged.values, "outcome": ("removed",)}))

    assert house.robin.page.errors["outcome"] == "Choose from the list."
    await house.robin.says("reports")
    assert title(house.robin.reply) == "No reports"


async def test_an_editor_cannot_settle_a_complaint_by_removing_it(house: House) -> None:
    ref = await house.robin.reports(track="Complaint", outcome="Please look")
    await house.sam.says("home")
    await house.sam.presses("Say what was done", case=ref)

    offered = house.sam.page.page.fields[0].options
    assert [option.label for option in offered] == ["Left up", "Gone (author or platform)"]


# -- what must be there ----------------------------------------------------------------------------------------------


async def test_an_item_has_a_link_or_somebody_says_there_is_none(house: House) -> None:
    await house.robin.begins_report()
    await house.robin.fills(account="Facebook", text=WORDS)
    assert "there is no link" in house.robin.page.errors["links"]
    assert house.robin.page.values["text"] == (WORDS,)

    await house.robin.fills(no_link="yes")

    assert facts(house.robin.reply)["Status"] == "left up"


async def test_a_bare_clause_title_is_no_reason(house: House) -> None:
    await house.robin.begins_report()
    await house.robin.fills(account="Facebook", links=LINK, text=WORDS, outcome="Removed")

    for why in ("", "spam", "Advertising or spam", "  advertising   OR spam. "):
        await house.robin.fills(clauses="Advertising", why=why)
        assert "the title of a rule alone is no reason" in house.robin.page.errors["observations"]
    await house.robin.says("reports")
    assert title(house.robin.reply) == "No reports"


async def test_ticked_observations_make_a_sentence_and_words_are_added(house: House) -> None:
    await house.robin.removes(observations=("sells", "links to", "insults"), why=WHY)

    assert facts(house.robin.reply)["Reason"] == (
        f"It sells or advertises something, links to something else and insults a person. {WHY}"
    )


async def test_a_removal_without_a_copy_is_refused_and_keeps_what_was_typed(house: House) -> None:
    await house.robin.begins_report()
    await house.robin.fills(account="Facebook", links=LINK, text="", outcome="Removed")
    await house.robin.fills(clauses="Advertising", observations="sells")

    assert "copy" in house.robin.page.errors[""]
    assert house.robin.page.values["links"] == (LINK,)


async def test_a_picture_is_copy_enough(house: House) -> None:
    await house.robin.begins_report()
    picture = await house.robin.attaches()
    await house.robin.fills(account="Facebook", links=LINK, text="", outcome="Removed", pictures=picture)
    await house.robin.fills(clauses="Advertising", observations="sells")

    [kept] = (await house.incident(house.robin.ref)).evidence
    assert await house.desk.picture(str(house.library), house.sam.identity, house.robin.ref, kept.sha256) == (
        PICTURE,
        "image/png",
    )
    assert house.vault.read(house.library, kept.sha256) == (PICTURE, "image/png")


async def test_a_picture_of_a_report_that_was_sent_back_and_given_up_does_not_stay(house: House) -> None:
    await house.robin.begins_report()
    picture = await house.robin.attaches()
    await house.robin.fills(account="Facebook", links=LINK, text="", outcome="Removed", pictures=picture)
    await house.robin.fills(clauses="Advertising", observations="sells", handles="x" * 101)
    assert "at most 100 characters" in shown(house.robin.reply)
    await house.pass_days(1)

    with pytest.raises(Mistake):
        house.vault.read(house.library, sha256(PICTURE).hexdigest())


async def test_a_copy_that_is_impossible_says_why(house: House) -> None:
    await house.robin.begins_report()
    await house.robin.fills(account="Facebook", links=LINK, text="", outcome="Removed")
    await house.robin.fills(clauses="Advertising", observations="sells", no_copy="It was gone")

    assert facts(house.robin.reply)["No copy because"] == "It was gone before a copy could be made"


async def test_another_reason_for_no_copy_has_to_be_written(house: House) -> None:
    await house.robin.begins_report()
    await house.robin.fills(account="Facebook", links=LINK, text="", outcome="Removed")
    await house.robin.fills(clauses="Advertising", observations="sells", no_copy="Another reason")

    assert house.robin.reply.page is not None


async def test_off_topic_is_judged_against_our_own_post_and_says_what_it_misses(house: House) -> None:
    await house.robin.begins_report()
    await house.robin.fills(account="Facebook", links=LINK, text=WORDS, outcome="Removed")
    await house.robin.fills(clauses="Off topic", observations="does not speak")
    assert "Say which post of ours it stands under" in house.robin.page.errors["host_post"]

    await house.robin.fills(host_post="Story hour on Saturday")
    await house.robin.fills(clauses="Off topic", observations="does not speak")
    assert "Say what it speaks of instead" in house.robin.page.errors["why"]

    await house.robin.fills(why=WHY)
    await house.robin.answers_first()
    assert facts(house.robin.reply)["Under our post"] == "Story hour on Saturday"


async def test_an_editor_settling_off_topic_names_our_post_too(house: House) -> None:
    ref = await house.robin.reports(outcome="Please look")
    await house.sam.says("home")
    await house.sam.presses("Say what was done", case=ref)
    await house.sam.fills(outcome="Removed", child_abuse="no")
    await house.sam.fills(clauses="Off topic", observations="does not speak", why=WHY)
    assert "Say which post of ours it stands under" in house.sam.page.errors["host_post"]
    assert (await house.incident(ref)).removal is None

    await house.sam.fills(host_post="Story hour on Saturday")
    await house.sam.answers_first()
    assert facts(house.sam.reply)["Under our post"] == "Story hour on Saturday"


async def test_a_day_that_has_not_come_is_refused(house: House) -> None:
    await house.robin.begins_report()
    await house.robin.fills(account="Facebook", links=LINK, text=WORDS, posted_on="2026-03-03")

    assert house.robin.page.errors["posted_on"] == "Choose 2 March 2026 or an earlier day."


async def test_a_part_that_was_removed_is_named(house: House) -> None:
    await house.robin.removes(outcome="Removed in part", part="the last line")

    assert facts(house.robin.reply)["Which part"] == "the last line"


# -- who confirms ----------------------------------------------------------------------------------------------------


async def test_a_clerk_asks_and_only_an_editor_of_that_account_confirms(house: House) -> None:
    ref = await house.robin.removes(account="Facebook", done_on=TODAY.isoformat())

    assert facts(house.robin.reply)["Status"] == "said to be removed; an editor has yet to confirm"
    assert await house.clocks(ref) == {}
    assert await house.tasks(ref) == [("confirm_removal", "open")]
    await house.jo.says("home")
    assert not house.jo.sees("Done today", case=ref), "Jo edits Instagram only"
    await house.sam.confirms(ref, on=date(2026, 2, 27))
    removal = (await house.incident(ref)).removal
    assert isinstance(removal, ConfirmedRemoval)
    assert removal.done_on == date(2026, 2, 27)
    assert (await house.clocks(ref))["appeal_by"].due == date(2026, 3, 14)


async def test_what_a_clerk_has_not_done_is_asked_for(house: House) -> None:
    await house.robin.removes()

    assert facts(house.robin.reply)["Status"] == "asked: removed; an editor has yet to do it"


async def test_an_editor_who_reports_has_confirmed_by_that(house: House) -> None:
    ref = await house.sam.removes()

    assert facts(house.sam.reply)["Status"] == "removed on 2 March 2026"
    assert await house.tasks(ref) == [("send_notice", "open")]


async def test_an_editor_of_another_account_only_asks(house: House) -> None:
    ref = await house.jo.removes(account="Facebook", done_on=TODAY.isoformat())

    assert await house.tasks(ref) == [("confirm_removal", "open")]


async def test_a_confirmation_cannot_lie_ahead(house: House) -> None:
    ref = await house.robin.removes()
    await house.sam.says("home")
    await house.sam.presses("Done earlier", case=ref)
    await house.sam.fills(done_on="2026-03-03")

    assert house.sam.page.errors["done_on"] == "Choose 2 March 2026 or an earlier day."
    assert await house.clocks(ref) == {}


async def test_an_editor_claims_a_please_look_and_settles_it(house: House) -> None:
    ref = await house.robin.reports(outcome="Please look")
    await house.sam.says("home")
    await house.sam.presses("I'll look", case=ref)
    assert facts(house.sam.reply)["Looking at it"] == "Sam Okafor"
    assert facts(house.sam.reply)["Status"] == "somebody is looking at it"

    await house.sam.presses("Say what was done")
    await house.sam.fills(outcome="Removed", child_abuse="no")
    await house.sam.fills(clauses="Advertising", observations="sells", handles=HANDLE)

    assert facts(house.sam.reply)["Status"] == "removed on 2 March 2026"
    assert facts(house.sam.reply)["Author"] == f"{HANDLE} on Facebook"
    assert await house.tasks(ref) == [("look", "done"), ("send_notice", "open")]


async def test_a_second_editor_is_told_that_somebody_is_looking(house: House) -> None:
    ref = await house.robin.reports(account="Instagram", outcome="Please look")
    for editor in (house.sam, house.jo):
        await editor.says("home")
    await house.sam.presses("I'll look", case=ref)

    await house.jo.presses("I'll look", case=ref)

    assert (await house.incident(ref)).claimed_by == (await house.person("Sam")).id
    assert "Looking at it: Sam Okafor" in shown(house.jo.reply)


# -- left up, gone, closed -------------------------------------------------------------------------------------------


async def test_what_is_left_up_keeps_its_link_and_outcome_and_nothing_of_its_words(house: House) -> None:
    await house.robin.begins_report()
    picture = await house.robin.attaches()
    await house.robin.fills(account="Facebook", links=LINK, text=WORDS, pictures=picture)
    ref = house.robin.ref

    kept = await house.incident(ref)
    assert (kept.link, kept.outcome, kept.closed_on) == (LINK, Outcome.LEFT_UP, TODAY)
    assert (kept.text, kept.evidence, kept.author) == ("", (), None)


async def test_a_left_up_complaint_loses_its_words_when_it_is_closed(house: House) -> None:
    ref = await house.robin.reports(track="Complaint")
    assert (await house.incident(ref)).text == WORDS
    await house.pat.says(f"show {ref}")

    await house.pat.presses("Close: it stays up")

    kept = await house.incident(ref)
    assert (kept.link, kept.outcome, kept.text) == (LINK, Outcome.LEFT_UP, "")
    assert WORDS not in shown(house.pat.reply)


async def test_what_the_author_or_the_platform_took_down_is_gone_and_starts_no_clock(house: House) -> None:
    ref = await house.robin.reports(outcome="Gone")

    assert facts(house.robin.reply)["Status"] == "gone (author or platform)"
    assert await house.clocks(ref) == {}
    assert (await house.incident(ref)).text == ""


async def test_a_removed_item_cannot_be_closed_as_left_up(house: House) -> None:
    ref = await house.sam.removes()

    await house.sam.says(f"close {ref}")

    assert "can't be closed as left up" in shown(house.sam.reply)
    assert (await house.incident(ref)).text == WORDS


async def test_a_hidden_item_gets_no_date_where_the_policy_is_silent(house: House) -> None:
    ref = await house.sam.removes(outcome="Hidden")

    assert await house.clocks(ref) == {}
    said = shown(house.sam.reply)
    assert "missing: Appeal possible until: the policy gives no date." in said
    assert "missing: Record kept at least through: the policy gives no date." in said


# -- one record per item ---------------------------------------------------------------------------------------------


async def test_a_second_report_of_the_same_link_joins_the_first(house: House) -> None:
    first = await house.robin.reports(outcome="Please look")

    second = await house.kim.reports(
        links=LINK.replace("https://facebook.com", "http://www.facebook.com") + "/#c1", words="flibber saw it too"
    )

    assert second == first
    assert f"Already on file: your report was added to {first}." in shown(house.kim.reply)
    assert "Reported again by Kim Abara: flibber saw it too" in shown(house.kim.reply)
    assert await house.tasks(first) == [("look", "open")], "a report that it stays does not undo that somebody looks"


async def test_a_second_report_does_not_bring_back_words_that_were_not_kept(house: House) -> None:
    ref = await house.robin.reports()

    await house.kim.reports()

    assert (await house.incident(ref)).text == ""


async def test_a_second_reports_picture_of_what_stays_is_not_kept_either(house: House) -> None:
    await house.robin.reports()
    await house.kim.begins_report()
    picture = await house.kim.attaches()
    await house.kim.fills(account="Facebook", links=LINK, text=WORDS, pictures=picture)
    await house.pass_days(1)

    with pytest.raises(Mistake):
        house.vault.read(house.library, sha256(PICTURE).hexdigest())


async def test_a_report_that_asks_for_removal_joins_and_opens_a_left_up_item_again(house: House) -> None:
    ref = await house.robin.reports()

    assert await house.kim.removes() == ref
    kept = await house.incident(ref)
    assert (kept.text, kept.closed_on) == (WORDS, None)
    assert await house.tasks(ref) == [("confirm_removal", "open")]


async def test_several_links_and_handles_of_one_author_make_one_record_each_with_one_reason(house: House) -> None:
    links = [f"{LINK}/{number}" for number in (1, 2, 3)]
    handles = [HANDLE, "@quibbleworth2", "@quibbleworth3"]

    await house.sam.removes(links="\n".join(links), handles="\n".join(handles), why=WHY)

    refs = ["I-2026-0001", "I-2026-0002", "I-2026-0003"]
    assert house.sam.reply.headline == f"Saved as {', '.join(refs)}."
    kept = [await house.incident(ref) for ref in refs]
    assert [one.link for one in kept] == links
    assert len({one.batch for one in kept}) == 1
    reasons = {one.removal.asked.reason for one in kept if isinstance(one.removal, ConfirmedRemoval)}
    assert len(reasons) == 1
    assert len({one.author for one in kept}) == 3
    await house.dana.says(f"history {HANDLE}")
    said = shown(house.dana.reply)
    assert "Same person, suspected: @quibbleworth2 on Facebook" in said
    assert "Same person, suspected: @quibbleworth3 on Facebook" in said
    assert facts(house.dana.reply)["Confirmed removals that stand"] == "1", "suspected handles are not counted"


async def test_an_account_that_is_not_ours_is_an_impostor_and_nothing_can_be_removed_there(house: House) -> None:
    ref = await house.robin.reports(account="An account that is not ours", outcome="Please look")
    assert facts(house.robin.reply)["What"] == "Account that pretends to be ours"
    assert facts(house.robin.reply)["Account"] == "not one of ours"
    await house.pat.says("home")
    assert house.pat.sees("I'll look", case=ref), "the Librarian in Charge looks at what no editor edits"

    await house.robin.begins_report()
    await house.robin.fills(account="An account that is not ours", links=LINK, text=WORDS, outcome="Removed")
    await house.robin.fills(clauses="Advertising", observations="sells")
    assert "Choose one of our accounts" in house.robin.page.errors["account"]


# -- going back and out ----------------------------------------------------------------------------------------------


async def test_going_back_keeps_what_was_typed(house: House) -> None:
    await house.robin.begins_report()
    await house.robin.fills(account="Facebook", links=LINK, text=WORDS, outcome="Removed")
    await house.robin.turns(Turn.BACK, why=WHY)

    assert house.robin.page.number == 2
    assert house.robin.page.values["text"] == (WORDS,)
    await house.robin.fills()
    assert house.robin.page.values["why"] == (WHY,)


async def test_a_cancelled_form_leaves_nothing(house: House) -> None:
    mark = await house.mark()
    await house.robin.begins_report()
    await house.robin.turns(Turn.CANCEL)

    assert house.robin.reply.headline == "Cancelled. Nothing was saved."
    assert await house.acts_since(mark) == []


@pytest.mark.parametrize("said", ["n/a", "not a link", "see the post", f"{LINK}\nsee above", "https://["])
async def test_what_is_no_link_is_not_kept_as_one_and_nothing_typed_is_lost(house: House, said: str) -> None:
    await house.robin.begins_report()
    await house.robin.fills(account="Facebook", links=said, text=WORDS, outcome="Please look")
    assert "is no link" in house.robin.page.errors["links"]
    assert house.robin.page.values["links"] == (said,)
    assert house.robin.page.values["text"] == (WORDS,)
    await house.robin.fills(links="", no_link="yes")
    assert house.robin.ref


async def test_a_link_needs_no_scheme(house: House) -> None:
    ref = await house.robin.reports(links="facebook.com/tatterdemalion/1\nhttps://www.facebook.com/tatterdemalion/2")
    assert ref
