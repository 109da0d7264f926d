"""Memos go one way, to each trustee alone; what a trustee answers goes to the Director alone."""

from dataclasses import replace

import pytest

from bot.cards import Identity
from bot.people import Grant
from bot.policy.terms import Role
from bot.ports import MessageKind
from bot.refusal import Mistake, Refusal
from bot.training import LIBRARY
from tests.appealing import a_removal_appealed, asks_the_board, heard, sits_on_the_board
from tests.people import HANDLE, PATRON, PICTURE, PLEA, TODAY, WHY, WORDS, House, facts, shown
from tests.printed import printed

VIEW = "flibber: leave it down, it is an advertisement"
OTHER_VIEW = "flibber: put it back, I would say"


async def test_each_trustee_gets_a_memo_of_their_own_and_no_channel_gets_any(house: House) -> None:
    await sits_on_the_board(house, "Quinn Adler", user="quinn")
    ref = await a_removal_appealed(house)

    await asks_the_board(house, ref, "By a memo to each trustee")
    await house.deliver()

    assert "2 sent, each alone" in house.dana.reply.headline
    for user in ("terry", "quinn"):
        [posted] = house.told(user)
        assert posted.card.title == f"Memo {ref}"
        assert posted.under == ""
        assert "Quinn" not in repr(posted.card)
        assert "Terry" not in repr(posted.card)
        assert "Answer the Library Director only." in repr(posted.card)
        assert "public records" in repr(posted.card)
    assert not [
        name for channel in ("decisions", "social-media", "records") for name in house.cards(channel) if "Memo" in name
    ]


async def test_the_memo_holds_what_happened_the_rule_and_the_item_and_nothing_of_the_patron(house: House) -> None:
    ref = await a_removal_appealed(house)
    await asks_the_board(house, ref, "By a memo to each trustee")
    await house.deliver()
    mark = await house.mark()

    await house.terry.press(house.told("terry")[0].card.buttons[0])

    said = shown(house.terry.reply)
    assert "A comment on Facebook · Chicopee Public Library was removed on 2 March 2026." in said
    assert "it came in on 2 March 2026" in said
    assert "Advertising or spam (Social Media Policy" in said
    assert f"The item:\n{WORDS}" in said
    assert "please answer before that day" in said
    assert "The patron is answered by 17 March 2026" in said
    for secret in (PLEA, PATRON, HANDLE, HANDLE.strip("@"), "Robin"):
        assert secret not in said, secret
    assert await house.acts_since(mark, case=ref) == ["case.viewed"]


async def test_a_memo_opens_only_to_the_trustee_it_was_sent_to(house: House) -> None:
    ref = await a_removal_appealed(house)
    await house.terry.says(f"memo {ref}")
    assert "opens only to the trustee it was sent to" in shown(house.terry.reply), "nobody asked them yet"

    await asks_the_board(house, ref, "By a memo to each trustee")
    await sits_on_the_board(house, "Quinn Adler", user="quinn")  # since then
    for user in ("quinn", "robin", "sam", "pat", "dana", "kim", "alex"):
        await house.somebody(user).says(f"memo {ref}")
        assert "opens only to the trustee it was sent to" in shown(house.somebody(user).reply), user
        assert WORDS not in shown(house.somebody(user).reply)
    await house.terry.says(f"memo {ref}")
    assert WORDS in shown(house.terry.reply)
    await house.terry.says(f"show {ref}")
    assert PLEA not in shown(house.terry.reply), "a trustee opens the memo and not the appeal"


async def test_a_view_goes_to_the_director_only_and_no_trustee_learns_of_another(house: House) -> None:
    await sits_on_the_board(house, "Quinn Adler", user="quinn")
    ref = await a_removal_appealed(house)
    await asks_the_board(house, ref, "By a memo to each trustee")
    await house.deliver()
    for user, view in (("terry", VIEW), ("quinn", OTHER_VIEW)):
        await house.somebody(user).press(house.told(user)[0].card.buttons[1])
        await house.somebody(user).fills(words=view)
    await house.deliver()

    assert [posted.card.body for posted in house.told("dana")][-2:] == [
        "A trustee answered: 1 of 2.",
        "A trustee answered: 2 of 2.",
    ]
    assert len(house.told("terry")) == len(house.told("quinn")) == 1
    for posted in house.posted:
        assert "flibber" not in repr(posted)
    for user, reads in {"dana": True, "kim": False, "pat": False, "robin": False}.items():
        await house.somebody(user).says(f"show {ref}")
        said = shown(house.somebody(user).reply)
        assert (VIEW in said) is reads, user
        assert (OTHER_VIEW in said) is reads, user
        keeps_the_file = user in {"dana", "kim"}
        assert ("Quinn" in "".join(facts(house.somebody(user).reply))) is keeps_the_file, user
    assert facts(house.robin.reply)["Memos"] == "2, answered: 2"
    assert house.robin.reply.cards[0].documents == ()
    await house.terry.says(f"memo {ref}")
    assert "Quinn" not in shown(house.terry.reply)
    assert OTHER_VIEW not in shown(house.terry.reply)


async def test_choosing_memos_again_writes_to_nobody_twice(house: House) -> None:
    ref = await a_removal_appealed(house)
    await asks_the_board(house, ref, "By a memo to each trustee")
    await sits_on_the_board(house, "Quinn Adler", user="quinn")
    await asks_the_board(house, ref, "By a memo to each trustee")
    await house.deliver()

    assert (len(house.told("terry")), len(house.told("quinn"))) == (1, 1)
    assert len(await house.look(lambda shelves: shelves.appeals.memos(ref))) == 2


async def test_a_memo_waits_until_somebody_has_said_what_the_appeal_is_about(house: House) -> None:
    ref = await house.robin.files_appeal()
    await asks_the_board(house, ref, "By a memo to each trustee")

    assert "Say first which removal or block" in house.dana.page.errors["way"]
    await house.deliver()
    assert house.told("terry") == []


async def test_a_trustee_in_no_chat_gets_paper_and_a_named_person_enters_the_answer(house: House) -> None:
    await sits_on_the_board(house, "Quinn Adler")
    ref = await a_removal_appealed(house)
    await asks_the_board(house, ref, "By a memo to each trustee")
    assert "print theirs and hand it over: Quinn Adler" in house.dana.reply.headline
    said = facts(house.dana.reply)
    assert said["Memo to Quinn Adler"] == "on paper, to be handed over; not answered yet"
    assert said["Memo to Terry Nowak"] == "sent on 2 March 2026; not answered yet"
    await house.deliver()
    queued = await house.look(lambda shelves: shelves.messages.in_trouble())
    assert [message for message in queued if message.kind is MessageKind.MEMO] == []
    offered = {one.label: one.name for card in house.dana.reply.cards for one in card.documents}
    made = await house.desk.document(str(LIBRARY), house.dana.identity, ref, offered["Memo for Quinn Adler as PDF"])
    assert made.raw.startswith(b"%PDF")

    await house.pat.says(f"show {ref}")
    await house.pat.presses("Enter a trustee's answer")
    await house.pat.fills(trustee="Quinn Adler", given_on="2026-03-02")
    assert "Write the words, or add a scan" in house.pat.page.errors["words"]
    scan = await house.pat.attaches()
    await house.pat.fills(trustee="Quinn Adler", words=OTHER_VIEW, scans=scan)

    [view] = await house.look(lambda shelves: shelves.appeals.views(ref))
    assert (view.words, view.given_on, len(view.scans)) == (OTHER_VIEW, TODAY, 1)
    await house.dana.says(f"show {ref}")
    assert f"Quinn Adler answered, 2 March 2026, entered by Pat Moreau: {OTHER_VIEW}" in shown(house.dana.reply)
    await house.pat.says(f"show {ref}")
    assert OTHER_VIEW not in shown(house.pat.reply), "who enters one paper does not read the others on the card"


@pytest.mark.parametrize("user", ["robin", "sam", "terry", "alex", "kim"])
async def test_nobody_else_enters_an_answer_or_takes_a_memo_on_paper(house: House, user: str) -> None:
    ref = await a_removal_appealed(house)
    await asks_the_board(house, ref, "By a memo to each trustee")
    button = replace(house.dana.button("Enter a trustee's answer"), version=0)
    mark = await house.mark()

    await house.somebody(user).press(button)

    assert "are for the Library Director or the Librarian in Charge" in shown(house.somebody(user).reply)
    assert await house.acts_since(mark) == ["refused"]


async def test_a_memo_on_paper_says_what_the_one_in_the_chat_says_and_nothing_of_the_patron(house: House) -> None:
    await sits_on_the_board(house, "Quinn Adler")
    ref = await a_removal_appealed(house)
    await asks_the_board(house, ref, "By a memo to each trustee")

    [name] = [one.name for one in house.dana.reply.cards[0].documents if "Quinn" in one.label]
    made = await house.desk.document(str(LIBRARY), house.pat.identity, ref, name)
    said = " ".join("\n".join(printed(made.raw)).split())
    assert "To Quinn Adler, Board of Trustees" in said
    assert "A comment on Facebook · Chicopee Public Library was removed on 2 March 2026." in said
    assert WORDS in said
    assert "The rule: Advertising or spam" in said
    assert "The patron is answered by 17 March 2026; please answer before that day." in said
    assert "Answer the Library Director only." in said
    assert "may be public records" in said
    for secret in ("Terry", PATRON, "quibbl", HANDLE.strip("@")):
        assert secret not in said, secret
    for number in ("0", "3", "x", "-1"):
        with pytest.raises(Mistake, match="no such memo"):
            await house.desk.document(str(LIBRARY), house.pat.identity, ref, f"memo.{number}.pdf")
    with pytest.raises(Refusal, match="Memos on paper"):
        await house.desk.document(str(LIBRARY), house.terry.identity, ref, "memo.1.pdf")


async def test_the_scan_of_an_answer_opens_to_the_director_and_not_to_who_entered_it(house: House) -> None:
    ref = await a_removal_appealed(house)
    await asks_the_board(house, ref, "By a memo to each trustee")
    await house.pat.says(f"show {ref}")
    await house.pat.presses("Enter a trustee's answer")
    await house.pat.fills(trustee="Terry Nowak", scans=await house.pat.attaches())

    await house.dana.says(f"show {ref}")
    [image] = house.dana.reply.cards[0].images
    raw, _ = await house.desk.picture(str(LIBRARY), house.dana.identity, ref, image.sha256)
    assert raw == PICTURE
    await house.pat.says(f"show {ref}")
    assert house.pat.reply.cards[0].images == ()
    with pytest.raises(Mistake, match="not kept there"):
        await house.desk.picture(str(LIBRARY), house.pat.identity, ref, image.sha256)


async def test_a_memo_that_did_not_arrive_is_handed_over_instead(house: House) -> None:
    trustee = await sits_on_the_board(house, "Quinn Adler")
    elsewhere = replace(trustee, identities=(Identity(platform="elsewhere", tenant="t", user="quinn"),))
    await house.store.act(house.library, lambda shelves: shelves.registry.put_person(elsewhere))
    ref = await a_removal_appealed(house)
    await asks_the_board(house, ref, "By a memo to each trustee")
    await house.deliver()

    await house.dana.says(f"show {ref}")
    said = shown(house.dana.reply)
    assert "The memo to Quinn Adler may not have arrived. Print it and hand it over." in said
    assert "The memo to Terry Nowak may not have arrived" not in said
    assert "A message did not arrive" in heard(house, "alex")


async def test_an_answer_on_paper_is_not_older_than_the_memo(house: House) -> None:
    ref = await a_removal_appealed(house)
    await asks_the_board(house, ref, "By a memo to each trustee")
    await house.dana.says(f"show {ref}")
    await house.dana.presses("Enter a trustee's answer")
    await house.dana.fills(trustee="Terry Nowak", given_on="2026-03-01", words=VIEW)

    assert "The memos went out on 2 March 2026" in house.dana.page.errors["given_on"]
    assert house.dana.page.values["words"] == (VIEW,)


async def test_who_sits_on_the_board_reads_no_other_members_answer_whatever_else_they_are(house: House) -> None:
    kim = await house.person("Kim")
    seated = replace(kim, grants=(*kim.grants, Grant(role=Role.TRUSTEE, since=TODAY)))
    await house.store.act(house.library, lambda shelves: shelves.registry.put_person(seated))
    ref = await a_removal_appealed(house)
    await asks_the_board(house, ref, "By a memo to each trustee")
    await house.deliver()
    await house.terry.press(house.told("terry")[0].card.buttons[1])
    await house.terry.fills(words=VIEW)

    await house.kim.says(f"show {ref}")
    assert VIEW not in shown(house.kim.reply)
    assert "Terry" not in shown(house.kim.reply)


async def test_what_is_kept_apart_is_in_no_memo(house: House) -> None:
    await house.sam.removes(item={"posted_on": "2026-03-01"})
    kept = await house.incident(house.sam.ref)
    await house.store.act(
        house.library,
        lambda shelves: shelves.incidents.put(replace(kept, about_director=True, version=kept.version + 1)),
    )
    ref = await house.robin.files_appeal(house.sam.ref)
    await asks_the_board(house, ref, "By a memo to each trustee")
    await house.terry.says(f"memo {ref}")

    assert WORDS not in shown(house.terry.reply)
    assert "The item:\nIt is kept apart" in shown(house.terry.reply)


async def test_a_memo_about_a_block_gives_its_grounds_and_its_reason_and_no_handle(house: House) -> None:
    block = await house.sam.asks_for_block()
    await house.dana.approves(block)
    await house.sam.confirms(block)
    ref = await house.robin.files_appeal(block)
    await asks_the_board(house, ref, "By a memo to each trustee")
    await house.terry.says(f"memo {ref}")

    said = shown(house.terry.reply)
    assert "A person was blocked from Facebook · Chicopee Public Library, in force from 2 March 2026." in said
    assert "Repeated breaches of the policy, or one serious breach (Social Media Policy" in said
    assert f"The reason given for the block:\n{WHY}" in said
    assert HANDLE.strip("@") not in said
