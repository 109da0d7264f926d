"""Plain words: what people type, what comes of it, and what comes of words nobody knows."""

from collections.abc import Iterable

import pytest

from bot.cards import Button, Card
from bot.catalogue import FEATURES
from tests.people import HANDLE, LINK, WORDS, House, facts, shown, title


@pytest.mark.parametrize(
    ("words", "shows"),
    [
        ("report", "Report an item"),
        ("/report", "Report an item"),
        ("  Report  ", "Report an item"),
        ("please look", "Please look"),
        ("spam", "Spam, already removed"),
        ("complaint", "Complaint, left up"),
        ("block", "Ask for a block"),
        ("history @quibbleworth", "History of @quibbleworth on Facebook"),
        ("show I-2026-0001", "Report I-2026-0001"),
        ("show i-2026-0001", "Report I-2026-0001"),
        ("I-2026-0001", "Report I-2026-0001"),
        ("incident show I-2026-0001", "Report I-2026-0001"),
        ("due", "What is due"),
        ("tasks", "My tasks"),
        ("search snolly", "Found: 1"),
        ("find tatter", "Found: 1"),
        ("search quibble", "Found: 1"),
        ("reports", "The newest reports"),
        ("blocks", "No blocks"),
        ("policy spam", "Advertising or spam"),
        ("help", "What I can do"),
        ("who", "Who is who"),
        ("home", "Chicopee Public Library"),
        ("notice I-2026-0001", "Tell the person, or not"),
        ("correct I-2026-0001", "Correct I-2026-0001"),
        ("link @quibbleworth", "Link two handles of one author"),
    ],
)
async def test_what_can_be_pressed_can_be_typed(house: House, words: str, shows: str) -> None:
    await house.sam.removes()

    await house.sam.says(words)

    page = house.sam.reply.page
    assert shows in ([page.page.title] if page else [card.title for card in house.sam.reply.cards])


@pytest.mark.parametrize("words", ["flibber", "", "  ", "reprot", "hlep", "blok", "what's up?", "x" * 500])
async def test_unknown_words_get_the_nearest_words_and_buttons(house: House, words: str) -> None:
    mark = await house.mark()
    await house.robin.says(words)

    labels = [button.label for card in house.robin.reply.cards for button in card.buttons]
    assert {"Home", "Report an item", "Help"} <= set(labels)
    assert await house.acts_since(mark) == []


@pytest.mark.parametrize(
    ("typo", "meant"),
    [("reprot", "Report an item"), ("hlep", "Help"), ("blok", "Block"), ("histroy @x", "History")],
)
async def test_a_slip_of_the_finger_finds_the_nearest_command(house: House, typo: str, meant: str) -> None:
    await house.robin.says(typo)

    assert meant in shown(house.robin.reply)


@pytest.mark.parametrize("pasted", [LINK, f"saw {LINK} today", f"“{WORDS}”", f'"{WORDS}"', f"> {WORDS}"])
async def test_a_pasted_link_or_a_quoted_comment_offers_a_report_that_is_filled_in(house: House, pasted: str) -> None:
    await house.robin.says(pasted)
    if house.robin.reply.page is None:
        await house.robin.presses("Report")
    await house.robin.fills(track="May break a rule", child_abuse="no")

    if LINK in pasted:
        assert house.robin.page.values["links"] == (LINK,)
        assert house.robin.page.values["words"] == (("saw today",) if "saw" in pasted else ())
    else:
        assert WORDS in house.robin.page.values["text"][0]


@pytest.mark.parametrize("words", ["look", "please look", "complaint"])
async def test_a_link_after_a_quick_word_is_filled_in(house: House, words: str) -> None:
    await house.robin.says(f"{words} {LINK} flibber")

    assert house.robin.page.values["links"] == (LINK,)
    assert house.robin.page.values["words"] == ("flibber",)


async def test_a_quoted_comment_keeps_the_links_that_stand_in_it(house: House) -> None:
    await house.robin.says(f"“{WORDS} https://tatter.example”")
    if house.robin.reply.page is None:
        await house.robin.presses("Report")
    await house.robin.fills(track="May break a rule", child_abuse="no")

    assert house.robin.page.values["links"] == ()
    assert "https://tatter.example" in house.robin.page.values["text"][0]


async def test_every_button_of_every_answer_leads_somewhere(house: House) -> None:
    await house.sam.removes()
    await house.sam.asks_for_block()
    for user in ("robin", "sam", "dana", "pat", "alex", "kim", "terry"):
        somebody = house.somebody(user)
        for words in ("home", "help", "due", "tasks", "reports", "blocks", "flibber"):
            await somebody.says(words)
            for button in buttons(somebody.reply.cards):
                assert button.intent in FEATURES, button
                assert button.label


async def test_home_shows_my_tasks_decisions_waiting_and_what_is_due(house: House) -> None:
    removal = await house.robin.removes()
    block = await house.sam.asks_for_block()

    await house.sam.says("home")
    assert "Confirm what was done to an item" in shown(house.sam.reply)
    assert removal in shown(house.sam.reply)
    assert "Decisions waiting for you" not in shown(house.sam.reply)
    await house.dana.says("home")
    assert "Decisions waiting for you" in shown(house.dana.reply)
    assert block in shown(house.dana.reply)
    await house.terry.says("home")
    assert removal not in shown(house.terry.reply)
    assert block not in shown(house.terry.reply)


async def test_help_says_that_people_act_and_not_the_bot(house: House) -> None:
    await house.robin.says("help")

    assert "I never remove, hide or block anything myself" in shown(house.robin.reply)


async def test_a_case_that_does_not_exist_says_so(house: House) -> None:
    for words in ("show I-2026-0099", "show B-2026-0099", "show A-2026-0001", "due show I-2026-0099"):
        await house.sam.says(words)
        assert "There is no" in title(house.sam.reply) or "No date is running" in title(house.sam.reply)


async def test_a_policy_question_shows_the_rule_and_where_it_stands(house: House) -> None:
    await house.terry.says("policy appeal")

    assert "source: Within 15 days an appeal may be made to the Director (Social Media" in shown(house.terry.reply)
    await house.terry.says("policy zeppelin")
    assert title(house.terry.reply) == "The policy has no rule with those words"


async def test_what_the_policy_leaves_silent_is_said(house: House) -> None:
    await house.robin.says("policy")

    assert "whether hiding counts as deleting it does not say" in shown(house.robin.reply)


# -- what is due -----------------------------------------------------------------------------------------------------


async def test_due_lists_the_earliest_first_and_names_nobody(house: House) -> None:
    await house.sam.removes()
    await house.robin.says("due")

    [card] = house.robin.reply.cards
    assert card.table is not None
    assert [row.cells[1] for row in card.table.rows][-2:] == ["Appeal possible until", "Record kept at least through"]
    assert HANDLE not in shown(house.robin.reply)
    assert WORDS not in shown(house.robin.reply)


async def test_every_date_shows_its_arithmetic_and_its_source(house: House) -> None:
    ref = await house.sam.removes()
    await house.robin.says(f"due show {ref}")

    read = shown(house.robin.reply)
    assert "Day 0 is Monday 2 March 2026, the day the content was removed." in read
    assert "15 calendar days later is Tuesday 17 March 2026; the last day counts and runs to midnight" in read
    assert "1 year later is Tuesday 2 March 2027; kept through that day" in read
    assert "source: Within 15 days an appeal may be made to the Director" in read
    assert "Counted from the day the content was removed: the policy does not say what starts the 15 days." in read


async def test_a_snooze_quiets_one_persons_list_and_moves_no_date(house: House) -> None:
    ref = await house.sam.removes()
    before = await house.clocks(ref)
    await house.kim.says("due")
    await house.kim.presses("Snooze", case=ref)
    for _ in range(3):
        await house.kim.says("due")
        if not house.kim.sees("Snooze", case=ref):
            break
        await house.kim.presses("Snooze", case=ref)
        await house.kim.fills(days="A week")

    assert await house.clocks(ref) == before
    await house.kim.says("due")
    assert ref not in shown(house.kim.reply)
    await house.robin.says("due")
    assert ref in shown(house.robin.reply)
    await house.pass_days(8)
    await house.kim.says("due")
    assert ref in shown(house.kim.reply)


async def test_a_snooze_does_not_quiet_the_channel(house: House) -> None:
    ref = await house.sam.removes()
    await house.kim.says("due")
    appeal = next(
        row for card in house.kim.reply.cards if card.table for row in card.table.rows if "Appeal" in row.cells[1]
    )
    await house.kim.press(row_button(appeal.buttons, "Snooze"))
    await house.kim.fills(days="A week")
    house.time.later(days=5)
    await house.pass_days(6)

    assert any(ref in repr(posted.card) for posted in house.channel("records") if posted.key.startswith("daily"))


async def test_search_finds_only_what_the_person_may_open(house: House) -> None:
    await house.sam.removes()
    for user, finds in {"sam": True, "pat": True, "dana": True, "kim": True, "robin": False, "alex": False}.items():
        await house.somebody(user).says("search snolly")
        assert ("I-2026-0001" in shown(house.somebody(user).reply)) is finds, user
    mine = await house.robin.reports(track="Question", links=f"{LINK}/mine", text=f"{WORDS} mine")
    await house.robin.says("search snolly")
    assert [row.cells[0] for card in house.robin.reply.cards if card.table for row in card.table.rows] == [mine]


async def test_a_search_leaves_the_looked_for_words_out_of_the_ledger(house: House) -> None:
    await house.sam.removes()
    mark = await house.mark()
    await house.sam.says("search snolly")

    [look] = await house.since(mark)
    assert "snolly" not in str(look)
    assert facts(house.sam.reply)["Shown"] == "1"


def row_button(buttons: tuple[Button, ...], label: str) -> Button:
    return next(button for button in buttons if button.label == label)


def buttons(cards: Iterable[Card]) -> list[Button]:
    found: list[Button] = []
    for card in cards:
        found += card.buttons
        found += [button for row in (card.table.rows if card.table else ()) for button in row.buttons]
    return found


async def test_appeal_says_what_the_policy_gives_and_the_ways_on(house: House) -> None:
    await house.robin.says("appeal")

    assert facts(house.robin.reply)["To"] == "Library Director"
    assert facts(house.robin.reply)["Appeal possible until"] == "15 days"
    assert [button.label for button in house.robin.reply.cards[0].buttons] == [
        "Put an appeal on file",
        "Somebody objects at the desk",
        "Appeals",
    ]
