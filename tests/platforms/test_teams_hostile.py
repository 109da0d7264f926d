"""Hostile texts from Teams: each is read once, in time that grows with its length, whoever wrote it."""

from collections.abc import Callable
from time import process_time

import pytest

from adapters.teams import inbound
from adapters.teams.markup import text_of, without_mentions
from bot.catalogue import understand

TIMES = 10
ALLOWED = 4 * TIMES
"""Ten times the text may take forty times as long on a busy machine; read again from each of its parts, a hundred."""
BOT = "<at>Due Notice</at>"


def seconds(read: Callable[[str], object], text: str) -> float:
    """The least processor time of three readings."""
    taken = []
    for _ in range(3):
        begun = process_time()
        read(text)
        taken.append(process_time() - begun)
    return min(taken)


def reported(content: str) -> str:
    """A message as the message extension hands it over."""
    return inbound.reported({"value": {"messagePayload": {"body": {"contentType": "html", "content": content}}}})


def typed(text: str) -> str:
    """Words as a message brings them, with as many mentions of the bot as a message may claim."""
    entity = {"type": "mention", "mentioned": {"id": "28:bot"}, "text": BOT}
    return inbound.words({"text": text, "recipient": {"id": "28:bot"}, "entities": [entity] * 5})


@pytest.mark.parametrize(
    ("read", "piece"),
    [
        *(
            (reported, piece)
            for piece in ("<", "<a ", "<!", "<!--", "</", "<?", "&", "<p><", "<a href='", '<img alt="')
        ),
        *((reported, piece) for piece in ("<script>", "<img alt   ", "<a>", "<at>", "\xa0", "\n\n", "<b '>")),
        *((typed, piece) for piece in ("<at>", "<at ", "<at>x", "</at>", " ", "\xa0", "&", "<at></at>", BOT)),
        *((understand, piece) for piece in ("duenotice ", "/", "duenotice/", "http", "http://a ", "report ")),
    ],
)
def test_ten_times_the_text_takes_about_ten_times_as_long(read: Callable[[str], object], piece: str) -> None:
    few = 3000 // len(piece)
    short = seconds(read, piece * few)
    assert seconds(read, piece * few * TIMES) < ALLOWED * max(short, 0.0002)


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("you are <b>fools", "you are fools"),
        ("a < b and c > d", "a < b and c > d"),
        ("1 <2 <a href='x", "1 <2 <a href='x"),
        ("kept <!-- and this is not closed <p>here", "kept <!-- and this is not closed <p>here"),
        ("kept <!-- hidden > --> too", "kept too"),
        ("<p title='a > b'>words</p>", "words"),
        ("<p>one</p><p>two<br/>three</p>", "one\ntwo\nthree"),
        ("a<SCRIPT>alert('<p>')</SCRIPT>b<style>p {}</style>c<script>never closed", "abc"),
        ("<img src='x' alt='a cat &amp; a dog'><img><emoji alt='🙂'></emoji>", "[a cat & a dog][picture]🙂"),
        ("&lt;script&gt;&nbsp;x", "<script> x"),
        ("<!DOCTYPE html><?xml?>x</", "x</"),
        ("<p>" + "x" * 200_000, "x" * 99_997),
    ],
)
def test_markup_goes_and_every_word_that_was_seen_stays(html: str, seen: str) -> None:
    assert text_of(html) == seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("<at>never closed", "<at>never closed"),
        ("<atom>x</at>", "<atom>x</at>"),
        ("<AT id='0'>Robin</AT> said", "Robin said"),
        (f"{BOT} look at {BOT}", "look at Due Notice"),
        (f"\xa0\xa0{BOT} \t report", "report"),
    ],
)
def test_a_mention_of_the_bot_goes_as_often_as_it_was_mentioned_and_others_are_names(text: str, seen: str) -> None:
    assert without_mentions(text, [BOT]) == seen


def test_calling_the_bot_by_its_name_any_number_of_times_is_calling_it_once() -> None:
    assert understand("duenotice " * 2600) == understand("duenotice")
    assert understand("duenotice " * 2600 + "due") == understand("due")
    assert understand("/duenotice /DueNotice report spam\nsecond line") == understand("report spam\nsecond line")
    assert understand("duenotice words nobody knows") == ("home", "words nobody knows")
    assert understand("duenotice https://x.example/1\nnext")[1] == "https://x.example/1\nnext"
