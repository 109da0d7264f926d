"""A mistake is told with its line."""

import tomllib
from collections.abc import Iterator

import pytest

from bot.policy.lines import Path as Place
from bot.policy.lines import line_at, lines_of
from bot.policy.shelf import pack_bytes, pack_names
from tests.clocks.packs import TOML
from tests.policy.sixth import JUNIPER_FILE

JUNIPER = JUNIPER_FILE.read_text(encoding="utf-8")
TEXTS = {name: pack_bytes(name)[-1].decode("utf-8") for name in pack_names()} | {"juniper": JUNIPER, "elm": TOML}

TRICKY = """# [[not_a_table]]
since = 2026-01-01 # [[nor_this]]
"quoted key" = '''
[[grounds]]
code = "not a ground"
'''

[about]
name = "An [odd] = name # with a hash"
many = [
  "one, with a comma", # and a comment ]
  { n = 1, unit = "days" },
  [3, 4],
]

[[appeal.further]]
level = "board"

[[appeal.further]]
level = "city"
window.n = 10
"""


def leaves(value: object, at: Place = ()) -> Iterator[Place]:
    if isinstance(value, dict):
        for key, held in value.items():
            yield from leaves(held, (*at, key))
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for number, held in enumerate(value):
            yield from leaves(held, (*at, number))
    else:
        yield at


@pytest.mark.parametrize("name", TEXTS)
def test_the_line_of_every_value_of_a_pack_is_the_one_its_key_stands_on(name: str) -> None:
    lines = TEXTS[name].splitlines()
    known = lines_of(TEXTS[name])
    places = list(leaves(tomllib.loads(TEXTS[name])))

    assert len(places) > 50
    for place in places:
        line = line_at(place, known)
        assert line is not None, place
        assert str(place[-1]) in lines[line - 1], (place, line)


def test_a_bracket_in_a_comment_or_a_text_is_no_table() -> None:
    known = lines_of(TRICKY)

    assert {place: line for place, line in known.items() if not isinstance(place[-1], int)} == {
        ("since",): 2,
        ("quoted key",): 3,
        ("about",): 8,
        ("about", "name"): 9,
        ("about", "many"): 10,
        ("appeal", "further"): 16,
        ("appeal", "further", 0, "level"): 17,
        ("appeal", "further", 1, "level"): 20,
        ("appeal", "further", 1, "window", "n"): 21,
    }


def test_each_element_of_a_list_has_its_own_line() -> None:
    known = lines_of(TRICKY)

    assert [known["about", "many", number] for number in range(3)] == [11, 12, 13]
    assert [known["appeal", "further", number] for number in range(2)] == [16, 19]


def test_what_is_nowhere_has_the_line_of_what_would_hold_it_or_none() -> None:
    known = lines_of(TRICKY)

    assert line_at(("about", "zone"), known) == 8
    assert line_at(("appeal", "further", 1, "rule"), known) == 19
    assert line_at(("clocks",), known) is None
