"""Chicopee's tracks: concerns go to the Director, no time to reply is promised, trustees go to the chair."""

from dataclasses import replace

import pytest

from bot.cases.follow_up import FollowUpKind
from tests.features.under import opens
from tests.people import HANDLE, LINK, WHY, WORDS, House, said, shown
from tests.policy.holds import holds
from tests.records.taken import file_of, of_kind


@holds("chicopee:C09")
@pytest.mark.parametrize("track", ["Question", "Complaint"])
async def test_no_time_to_reply_is_counted_where_none_is_promised_and_still_somebody_is_asked(
    house: House, track: str
) -> None:
    ref = await house.robin.reports(track=track)

    assert await house.clocks(ref) == {}
    assert await house.tasks(ref) == [("answer", "open")]
    await house.pass_days(1)
    [rows] = [one.card.table.rows for one in house.channel("social-media") if one.card.table]
    assert [row.cells[2] for row in rows] == [ref]


@holds("chicopee:C03")
async def test_feedback_is_no_reason_to_take_something_down(house: House) -> None:
    await house.sam.begins_report()
    await house.sam.fills(account="Facebook", links=LINK, text=WORDS, outcome="Removed")
    await house.sam.fills(clauses="Offensive", observations="insults", handles=HANDLE, done_on="2026-03-02")
    assert "Courts treat “offensive” alone as taking sides" in shown(house.sam.reply)
    await house.sam.answers_first(praised="no")

    assert "It stays up: it would come down for its opinion only" in shown(house.sam.reply)
    assert "source: Giving patrons the chance of feedback" in shown(house.sam.reply)


@holds("chicopee:C25")
async def test_a_ground_that_says_nothing_of_views_asks_nothing_more(house: House) -> None:
    await house.sam.begins_report()
    assert house.sam.page.page.title == "The item"
    [outcome] = [asked for asked in house.sam.page.page.fields if asked.name == "outcome"]
    assert outcome.initial == ("left_up",)
    await house.sam.fills(account="Facebook", links=LINK, text=WORDS, outcome="Removed")
    await house.sam.fills(clauses="Advertising", observations="sells", handles=HANDLE)

    assert house.sam.reply.page is None


async def test_a_concern_is_the_directors_to_answer_and_can_become_an_appeal(house: House) -> None:
    ref = await house.robin.reports(track="Concern")
    assert [(task.role.value, task.kind.value) for task in await house.look(lambda s: s.tasks.of_case(ref))] == [
        ("director", "answer")
    ]
    await house.dana.says(f"show {ref}")
    assert house.dana.sees("Put it on file as an appeal")
    await house.dana.presses("Answered, or none needed")
    assert [option.value for option in house.dana.page.page.fields[0].options][-2:] == ["other", "none"]
    await house.dana.fills(kind="Something else")
    await house.dana.fills(words="I called back.", open="yes")

    assert (await house.incident(ref)).closed_on is None
    assert await house.tasks(ref) == [("answer", "done"), ("answer", "open")]
    assert "Answered, 2 March 2026: I called back." in shown(house.dana.reply)


async def test_an_editor_who_finds_that_a_complaint_stays_up_leaves_it_waiting_for_its_answer(house: House) -> None:
    ref = await house.robin.reports(track="Complaint", outcome="Please look")
    await house.sam.says("home")
    await house.sam.presses("Say what was done", case=ref)
    await house.sam.fills(outcome="Left up", child_abuse="no")

    kept = await house.incident(ref)
    assert (kept.closed_on, kept.text) == (None, WORDS)
    assert await house.tasks(ref) == [("look", "done"), ("answer", "open")]


async def test_only_those_who_work_on_cases_enter_an_answer(house: House) -> None:
    ref = await house.robin.reports(track="Complaint")
    await house.robin.says(f"answer {ref}")

    assert "entered by editors, the Librarian in Charge, the Director or the duty person" in shown(house.robin.reply)
    assert house.robin.reply.page is None


async def test_the_day_of_an_answer_lies_between_the_item_and_today(house: House) -> None:
    ref = await house.robin.reports(track="Question", posted_on="2026-03-01")
    await opens(house.sam, ref, "Answered, or none needed")
    await house.sam.fills(kind="A fact")
    await house.sam.fills(words="At nine.", answered_on="2026-02-27")

    assert "Choose a day between" in house.sam.page.errors["answered_on"]
    assert house.sam.page.values["words"] == ("At nine.",)


@holds("chicopee:C58")
async def test_nothing_of_a_personal_account_can_be_sent_along_by_a_client_that_tries(house: House) -> None:
    await house.robin.begins_report("Conduct of staff")
    sent = house.robin.sending(where="On the person's own account", about_director="no", public_concern="No")
    forged = {**sent.values, "text": (WORDS,), "links": (LINK,), "pictures": ("x.y",), "account": ("unlisted",)}
    await house.robin.sends(replace(sent, values=forged))

    kept = await house.incident(house.robin.ref)
    assert (kept.text, kept.link, kept.evidence) == ("", "", ())
    assert LINK not in shown(house.robin.reply)


async def test_a_confidential_report_is_reminded_of_to_the_director_alone_and_never_in_a_channel(house: House) -> None:
    ref = await house.robin.reports_conduct()
    await house.pass_days(10)

    told = [posted for posted in house.posted if ref in said(posted.card)]
    assert {(posted.to.channel, posted.to.user) for posted in told} == {("", "dana")}
    assert len(told) > 2


async def test_a_report_about_the_director_is_looked_at_by_the_chair_and_names_no_reporter(house: House) -> None:
    ref = await house.robin.reports_conduct(about_director="yes")
    await house.pass_days(4)
    assert {posted.to.user for posted in house.posted if ref in said(posted.card)} == {"terry"}
    await opens(house.terry, ref, "Look at it")
    await house.terry.fills(public_concern="No", unit="No", representative="There is no unit")
    await house.terry.fills(found="quibble: talked about", step="Talked about")

    assert "Robin" not in shown(house.terry.reply)
    assert (await house.incident(ref)).closed_on is not None
    await house.dana.says(f"show {ref}")
    assert "opens only to those who work on it" in shown(house.dana.reply)


async def test_trustee_conduct_is_the_chairs_and_never_the_directors(house: House) -> None:
    ref = await house.robin.reports_conduct(track="Conduct of a trustee")
    await house.pass_days(5)

    assert {posted.to.user for posted in house.posted if ref in said(posted.card)} == {"terry"}
    await house.dana.says("tasks")
    assert ref not in shown(house.dana.reply)


async def test_an_impostor_account_is_reported_to_the_platform_and_looked_at_again(house: House) -> None:
    await house.robin.begins_report("Account that pretends")
    await house.robin.fills(account="An account that is not ours", links=LINK, text=WORDS)
    ref = house.robin.ref
    await opens(house.sam, ref, "The platform was told")
    await house.sam.fills(platform="Facebook", number="FB-77", answer="They look into it.")

    assert "Platform: Facebook; Its number: FB-77" in shown(house.sam.reply)
    assert await house.tasks(ref) == [("tell_platform", "done"), ("look", "open")]


@pytest.mark.parametrize("user", ["pat", "dana"])
async def test_of_child_safety_only_that_an_authority_was_told_is_kept_and_nothing_is_described(
    house: House, user: str
) -> None:
    await house.robin.says("report")
    await house.robin.fills(track="May break a rule", child_abuse="yes")
    await house.robin.fills(account="Facebook", links=LINK)
    ref = house.robin.ref
    somebody = house.somebody(user)
    await opens(somebody, ref, "The authorities were told")
    given = next(asked for asked in somebody.page.page.fields if asked.name == "given")
    assert given.kind.value == "choice"
    await somebody.fills(authority="NCMEC", number="CT-1", given="The link")

    [kept] = await house.look(lambda shelves: shelves.papers.follow_ups(ref))
    assert (kept.kind, kept.particulars["Which"]) == (FollowUpKind.AUTHORITY_TOLD, "NCMEC CyberTipline")
    await house.sam.says(f"authorities {ref}")
    assert "opens only to those who work on it" in shown(house.sam.reply)


@holds("chicopee:C33", "chicopee:C37")
async def test_what_a_block_ground_weighs_is_shown_as_not_on_file_and_stops_nothing(house: House) -> None:
    ref = await house.sam.asks_for_block(grounds=("Would not do", "Goes on online with what staff"), reason=WHY)
    await house.dana.says(f"show {ref}")

    read = shown(house.dana.reply)
    assert "“Would not do what staff asked”: the instruction that was refused." in read
    assert "“Goes on online with what staff asked them to stop offline”: the offline incident." in read


@holds("chicopee:C01", "chicopee:C50")
async def test_of_an_author_only_the_handle_is_ever_asked(house: House) -> None:
    await house.sam.removes(done_on="2026-03-02")

    names = {field.name for reply in house.sam.seen if reply.page for field in reply.page.page.fields}
    assert not names & {"name", "email", "phone", "address", "card", "birthday", "followers", "profile"}


async def test_the_rota_says_who_is_on_duty_and_keeps_what_stood_before(house: House) -> None:
    await house.alex.says("rota")
    await house.alex.presses("Enter a duty")
    await house.alex.fills(person="Kim", role="Duty person", since="2026-03-02", until="2026-03-01")
    assert "until" in house.alex.page.errors
    await house.alex.fills(until="2026-03-04")
    assert "2 March 2026 | 4 March 2026 | duty person | Kim Abara" in shown(house.alex.reply)
    assert "Today, duty person: Kim Abara." in shown(house.alex.reply)
    await house.pass_days(3)
    await house.alex.says("rota")

    assert "Today, duty person: Pat Moreau." in shown(house.alex.reply)
    await house.robin.says("rota")
    assert not house.robin.sees("Enter a duty")


# -- what comes down, and blocks -------------------------------------------------------------------------------------


@holds("chicopee:C27", "chicopee:C28")
@pytest.mark.parametrize("outcome", ["Removed", "Hidden"])
async def test_what_is_removed_or_hidden_is_kept_with_a_reason_about_that_very_item(house: House, outcome: str) -> None:
    await house.sam.begins_report()
    await house.sam.fills(account="Facebook", links=LINK, text="", outcome=outcome)
    await house.sam.fills(clauses="Advertising", why="Advertising or spam", observations=(), done_on="2026-03-02")
    assert "the title of a rule alone is no reason" in house.sam.page.errors["observations"]
    await house.sam.fills(observations="sells")
    assert "A removal needs a copy of what was removed." in shown(house.sam.reply)
    await house.sam.fills(text=WORDS)
    await house.sam.fills()

    kept = await house.incident(house.sam.ref)
    assert (kept.text, kept.outcome.value) == (WORDS, outcome.casefold())


@holds("chicopee:C31")
@pytest.mark.parametrize("user", ["sam", "pat", "kim", "alex", "terry", "robin"])
async def test_nobody_but_the_director_decides_on_a_block_and_nobody_can_be_named_for_it(
    house: House, user: str
) -> None:
    ref = await house.sam.asks_for_block()
    await house.dana.says("home")
    approve = house.dana.button("Approve", case=ref)
    somebody = house.somebody(user)
    await somebody.press(approve)

    assert "Only the Library Director can decide this" in shown(somebody.reply)
    assert (await house.block(ref)).version == 1
    await house.dana.says("delegate")
    assert "lets nobody decide in the Director's place" in shown(house.dana.reply)


async def test_what_turns_out_to_show_abuse_of_a_child_is_asked_about_in_no_channel_any_more(house: House) -> None:
    ref = await house.robin.reports(track="Complaint")
    await house.deliver()
    await house.robin.says("report")
    await house.robin.fills(track="May break a rule", child_abuse="yes")
    await house.robin.fills(account="Facebook", links=LINK)
    mark = len(house.posted)
    await house.pass_days(5)

    assert await house.tasks(ref) == [("answer", "void")]
    assert [posted for posted in house.posted[mark:] if posted.to.channel and ref in said(posted.card)] == []


async def test_an_answer_is_kept_although_a_hold_keeps_the_report_open(house: House) -> None:
    ref = await house.robin.reports(track="Question")
    await house.kim.holds(ref)
    await opens(house.sam, ref, "Answered, or none needed")
    await house.sam.fills(kind="A fact")
    await house.sam.fills(words="At nine.")

    kept = await house.incident(ref)
    assert (kept.closed_on, kept.text) == (None, WORDS)
    assert "A hold stands on the report, so it stays open." in shown(house.sam.reply)
    assert [one.kind for one in await house.look(lambda shelves: shelves.papers.follow_ups(ref))] == [
        FollowUpKind.ANSWERED
    ]


async def test_a_threat_stays_somebodys_task_after_the_police_were_told_until_it_is_closed(house: House) -> None:
    ref = await house.robin.reports(track="Threat")
    await opens(house.pat, ref, "The authorities were told")
    await house.pat.fills(authority="Police", given="flibber: the link")
    assert await house.tasks(ref) == [("deal_with", "open")]
    await house.pat.says(f"show {ref}")
    await house.pat.presses("Close: it stays up")

    assert await house.tasks(ref) == [("deal_with", "void")]
    assert (await house.incident(ref)).text == ""


async def test_what_was_done_is_in_the_file_of_the_report_and_of_child_safety_nothing_is_told(house: House) -> None:
    ref = await house.robin.reports(track="Question")
    await opens(house.sam, ref, "Answered, or none needed")
    await house.sam.fills(kind="A fact")
    await house.sam.fills(words="At nine.")
    [told] = of_kind(await file_of(house.dana, ref), "follow_up")
    assert (told["kind"], told["words"], told["particulars"]) == (
        "answered",
        "At nine.",
        {"Kind": "A fact that was asked for"},
    )
    await house.robin.says("report")
    await house.robin.fills(track="May break a rule", child_abuse="yes")
    await house.robin.fills(account="Facebook", links=f"{LINK}/2")
    walled = house.robin.ref
    await opens(house.dana, walled, "The authorities were told")
    await house.dana.fills(authority="Police", number="26-118", given="The link")

    [kept] = of_kind(await file_of(house.dana, walled), "follow_up")
    assert kept["particulars"] == "left out of this copy"
