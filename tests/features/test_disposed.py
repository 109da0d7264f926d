"""What is left of a record that was disposed of: a tombstone, a certificate, and nothing it said."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.ports import Shelves
from bot.records.ledger import verify
from bot.refusal import Mistake, Refusal
from tests.features.test_disposal import AUTHORITY, a_proposal, certificate
from tests.features.test_docket import A_YEAR_LATER, a_block, a_removal, chooses, on_the_list
from tests.people import BIRCH, HANDLE, LINK, PICTURE, WORDS, House, facts, shown, title
from tests.printed import printed


async def test_a_disposed_record_says_when_under_which_authority_and_on_whose_word_it_went(house: House) -> None:
    ref, proposal = await a_proposal(house)
    await house.kim.confirms_disposal(proposal)

    await house.robin.says(f"show {ref}")

    assert title(house.robin.reply) == f"{ref} was disposed of"
    said = facts(house.robin.reply)
    assert said["Disposed of on"] == "3 March 2027"
    assert said["Authority"] == AUTHORITY
    assert said["On file from"] == "2 March 2026"
    assert said["Kept at least through"] == "2 March 2027"
    assert (said["Proposed by"], said["Confirmed by"]) == ("Dana Whitfield", "Kim Abara")
    assert "Social Media Policy" in shown(house.robin.reply)


async def test_what_is_asked_of_a_disposed_record_is_answered_kindly(house: House) -> None:
    ref = await a_removal(house)
    await house.sam.says(f"show {ref}")
    old = house.sam.button("Ask for a block")
    await house.jump_to(A_YEAR_LATER)
    await house.kim.confirms_disposal(await house.dana.proposes_disposal())

    await house.sam.press(old)
    assert f"{ref} was disposed of on 3 March 2027" in shown(house.sam.reply)
    for words in (f"correct {ref}", f"notice {ref}", f"close {ref}"):
        await house.sam.says(words)
        assert f"{ref} was disposed of on 3 March 2027" in shown(house.sam.reply), words
    await house.dana.says(f"history {HANDLE}")
    assert "Nothing is on file about" in title(house.dana.reply)
    await house.dana.says("search snollygoster")
    assert "Nothing found" in shown(house.dana.reply)


async def test_every_posted_card_is_brought_up_to_date(house: House) -> None:
    ref = await a_removal(house)
    await house.deliver()
    assert [posted for posted in house.channel("social-media") if posted.card.title == f"Report {ref}"]
    await house.jump_to(A_YEAR_LATER)
    proposal = await house.dana.proposes_disposal()
    await house.deliver()
    await house.kim.confirms_disposal(proposal)
    await house.deliver()

    assert f"Report {ref}" not in house.cards("social-media")
    assert f"{ref} was disposed of" in house.cards("social-media")
    assert f"Certificate of disposal {proposal}" in house.cards("records")


async def test_numbers_are_never_given_again(house: House) -> None:
    ref, proposal = await a_proposal(house)
    await house.kim.confirms_disposal(proposal)
    house.time.local(date(2026, 6, 1), 10)

    again = await house.sam.removes(links="https://example.org/2", text="tatter 2", handles="@second")

    assert ref == "I-2026-0001"
    assert again == "I-2026-0002"


async def test_the_chain_still_verifies_and_what_its_entries_said_is_gone_with_the_salt(house: House) -> None:
    ref, proposal = await a_proposal(house)
    before = await house.look(lambda shelves: shelves.book.of_case(ref))
    await house.kim.confirms_disposal(proposal)

    after = await house.look(lambda shelves: shelves.book.of_case(ref))
    assert [one.hash for one in after[: len(before)]] == [one.hash for one in before]
    assert all((one.payload, one.salt) == (None, None) for one in after[: len(before)])
    [removed] = (await certificate(house, proposal)).removed
    assert removed.entries == len(before)
    assert [json.loads(one.payload or b"") for one in after[len(before) :]] == [{"certificate": proposal}]
    head, flaw = await house.store.chain(house.library, verify)
    assert flaw is None
    assert head.seq == await house.mark()


async def test_what_goes_with_a_case_goes_with_it_and_each_has_a_tombstone(house: House) -> None:
    await chooses(house, "Time a record is kept", "2 years")
    await chooses(house, "Who answers a request to come back", "Library Director")
    block = await a_block(house)
    await house.robin.says(f"reinstate {block}")
    await house.robin.fills(words="tatter: may I come back?", sender="Tatterdemalion Jones")
    request = house.robin.ref
    house.time.later(days=50)
    await house.dana.says(f"show {request}")
    await house.dana.presses("Answer it")
    await house.dana.fills(answer="They may come back", reason="flibber: yes")
    await house.dana.says(f"notice {request}")
    await house.dana.fills(how="Letter")
    await house.sam.confirms(block)
    await house.jump_to(date(2028, 6, 1))
    assert await on_the_list(house) == [f"{block} with {request}"], shown(house.dana.reply)

    proposal = await house.dana.proposes_disposal()
    await house.kim.confirms_disposal(proposal)

    assert {one.ref: one.kind for one in (await certificate(house, proposal)).removed} == {
        block: "block",
        request: "request to come back",
    }
    for ref in (block, request):
        await house.dana.says(f"show {ref}")
        assert title(house.dana.reply) == f"{ref} was disposed of"
    assert f"Went with: {block}" in shown(house.dana.reply)


async def test_a_picture_goes_with_its_record_unless_another_one_needs_it(house: House) -> None:
    refs = []
    for number, handle in enumerate(("@one", "@two")):
        await house.sam.begins_report()
        picture = await house.sam.attaches()
        await house.sam.fills(
            account="Facebook", links=f"https://example.org/{number}", text=WORDS, outcome="Removed", pictures=picture
        )
        await house.sam.fills(clauses="Advertising", observations="sells", handles=handle)
        refs.append(house.sam.ref)
        await house.sam.tells_nobody(refs[-1])
    [kept] = (await house.incident(refs[0])).evidence
    await house.jump_to(A_YEAR_LATER)
    first = await house.dana.proposes_disposal(refs[0])
    await house.kim.confirms_disposal(first)
    await house.jump_to(A_YEAR_LATER + timedelta(days=1))

    [removed] = (await certificate(house, first)).removed
    assert (removed.files, removed.kept_files) == ((kept.sha256,), (kept.sha256,))
    assert house.vault.read(house.library, kept.sha256)[0] == PICTURE

    second = await house.dana.proposes_disposal(refs[1])
    await house.kim.confirms_disposal(second)
    assert (await certificate(house, second)).removed[0].kept_files == ()
    await house.jump_to(A_YEAR_LATER + timedelta(days=2))
    with pytest.raises(Mistake):
        house.vault.read(house.library, kept.sha256)


async def test_a_handle_stays_while_anything_about_it_or_about_a_linked_one_is_on_file(house: House) -> None:
    ref = await a_removal(house, done_on="2026-02-25")
    other = await a_removal(house, handles="@second", links="https://example.org/2", text="tatter 2")
    await house.pat.says("link")
    await house.pat.fills(
        first=f"Facebook: {HANDLE}", second="Facebook: @second", confidence="Suspected", basis="flibber"
    )
    await house.jump_to(A_YEAR_LATER)
    await house.kim.confirms_disposal(await house.dana.proposes_disposal(ref))

    def handles(shelves: Shelves) -> list[int]:
        authors = shelves.authors
        return [len(authors.named(handle)) for handle in ("quibbleworth", "second")] + [len(authors.links())]

    assert await house.look(handles) == [1, 1, 1]

    await house.kim.confirms_disposal(await house.dana.proposes_disposal(other))

    assert await house.look(handles) == [0, 0, 0]


async def test_a_handle_that_stood_there_by_mistake_goes_with_the_record(house: House) -> None:
    ref = await a_removal(house, handles="@mistaken")
    await house.sam.says(f"correct {ref}")
    await house.sam.fills(detail="The author's handle")
    await house.sam.fills(value=HANDLE, reason="flibber: I read the wrong line")
    await house.jump_to(A_YEAR_LATER)

    await house.kim.confirms_disposal(await house.dana.proposes_disposal(ref))

    assert await house.look(lambda shelves: shelves.authors.named("mistaken")) == ()
    assert await house.look(lambda shelves: shelves.authors.named("quibbleworth")) == ()


async def test_a_link_that_was_undone_keeps_nobodys_handle(house: House) -> None:
    ref = await a_removal(house)
    await a_removal(house, handles="@second", links="https://example.org/2", text="tatter 2", done_on="2026-03-02")
    await house.pat.says("link")
    await house.pat.fills(
        first=f"Facebook: {HANDLE}", second="Facebook: @second", confidence="Confirmed", basis="flibber"
    )
    await house.pat.presses("Undo the link")
    await house.pat.fills(because="flibber: two people")
    await house.jump_to(A_YEAR_LATER)

    await house.kim.confirms_disposal(await house.dana.proposes_disposal(ref))

    assert await house.look(lambda shelves: shelves.authors.named("quibbleworth")) == ()
    assert len(await house.look(lambda shelves: shelves.authors.named("second"))) == 1
    assert await house.look(lambda shelves: shelves.authors.links()) == ()


async def test_the_next_report_of_the_same_item_is_a_new_one(house: House) -> None:
    ref, proposal = await a_proposal(house)
    await house.kim.confirms_disposal(proposal)

    again = await house.robin.reports(links=LINK, text=WORDS, outcome="Please look")

    assert again != ref
    assert (await house.incident(again)).joined == ()


async def test_a_disposal_in_one_library_touches_nothing_of_another(house: House) -> None:
    birch = house.somebody("birch-editor", library=BIRCH)
    before = await house.store.ask(BIRCH, lambda shelves: shelves.incidents.recent(10))
    _, proposal = await a_proposal(house)
    await house.kim.confirms_disposal(proposal)

    assert await house.store.ask(BIRCH, lambda shelves: shelves.incidents.recent(10)) == before
    await birch.says(f"show {before[0].ref}")
    assert title(birch.reply) == f"Report {before[0].ref}"


async def test_the_certificate_can_be_taken_out_on_paper_by_those_who_may_see_it(house: House) -> None:
    ref, proposal = await a_proposal(house)
    asked = (str(house.library), house.kim.identity, proposal, "certificate.pdf")
    with pytest.raises(Refusal, match="was not carried out"):
        await house.desk.document(*asked)
    await house.kim.confirms_disposal(proposal)
    [removed] = (await certificate(house, proposal)).removed

    assert [one.label for one in house.kim.reply.cards[0].documents] == ["Certificate as PDF"]
    made = await house.desk.document(*asked)
    on_paper = " ".join(printed(made.raw))
    for said in (proposal, AUTHORITY, ref, "Dana Whitfield", "Kim Abara", removed.digest[:20], "kept at least through"):
        assert said in on_paper, said
    with pytest.raises(Refusal, match="opens to the custodian"):
        await house.desk.document(str(house.library), house.robin.identity, proposal, "certificate.pdf")


async def a_report_about_the_director(house: House) -> str:
    await chooses(house, "Time a record is kept", "1 year")
    await house.robin.reports_conduct(about_director="yes", item={"text": "tatter"})
    ref = house.robin.ref
    await house.terry.says(f"show {ref}")
    await house.terry.presses("Close this report")
    await house.jump_to(A_YEAR_LATER)
    return ref


async def test_a_report_about_the_director_is_the_board_chairs_to_propose(house: House) -> None:
    ref = await a_report_about_the_director(house)
    for user in ("dana", "kim"):
        who = house.somebody(user)
        await who.says("docket")
        assert ref not in shown(who.reply)
    await house.dana.says("dispose")
    assert "Nothing is on the disposal list today" in title(house.dana.reply)
    await house.dana.says(f"dispose {ref}")
    assert "opens only to those who work on it" in title(house.dana.reply)

    await house.terry.says("docket")
    await house.terry.presses("Propose disposal")
    await house.terry.fills(authority=AUTHORITY, reason="time is up")
    await house.kim.confirms_disposal(house.terry.ref)

    assert [one.ref for one in (await certificate(house, house.terry.ref)).removed] == [ref]


async def test_a_confidential_report_goes_only_with_somebody_to_whom_it_opens(house: House) -> None:
    await chooses(house, "Time a record is kept", "1 year")
    await house.robin.reports_conduct(about_director="no", item={"text": "tatter"})
    ref = house.robin.ref
    await house.dana.says(f"show {ref}")
    await house.dana.presses("Close this report")
    await house.jump_to(A_YEAR_LATER)
    proposal = await house.dana.proposes_disposal(ref)
    dana = await house.person("Dana")
    none = replace(dana, grants=tuple(replace(one, until=A_YEAR_LATER) for one in dana.grants))
    await house.store.act(house.library, lambda shelves: shelves.registry.put_person(none))
    house.time.later(days=1)

    await house.kim.says(f"show {proposal}")
    assert ref not in shown(house.kim.reply)
    await house.kim.confirms_disposal(proposal)

    assert title(house.kim.reply) == f"Nothing of {proposal} can be disposed of now"
    assert "opens to neither of the two" in shown(house.kim.reply)
    assert await house.look(lambda shelves: shelves.incidents.by_ref(ref)) is not None
