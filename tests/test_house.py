"""The rules of the house: what holds for every file of the project, whoever wrote it."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.catalogue import FEATURES, understand
from bot.cli import app
from bot.clocks.arithmetic import HAPPENED
from bot.features.help_page import COMMANDS
from bot.policy.terms import ClockName, Event
from bot.views.parts import CLOCKS

ROOT = Path(__file__).parents[1]
LONGEST = 450
"""Lines of a module. Past that a newcomer no longer knows which room they are in."""

LONGER = {
    "bot/ports.py": "everything the core needs from the world, in one place",
    "storage/migrations/versions/0001_everything.py": "one step of the tables' history, never edited again",
    "storage/tables.py": "the list of all tables, one after another",
    "tests/fakes.py": "a working fake of every port, side by side",
    "tests/journeys/test_slack.py": "the same few journeys over HTTP and a web socket, with each fault beside them",
    "tests/people.py": "the one language that tests of features, journeys and lives are written in",
    "tests/platforms/test_practice_page.py": "everything the page must and must not do",
    "tests/storage/test_every_store.py": "one contract suite for every store",
}
"""Modules that are longer, and why that is easier to read than two rooms."""

NOT_SAID = {
    "a path of one machine": r"/(work|farm|root|opt/pypi)/|/tmp/\w",
    "a package registry's address": r"files\.pythonhosted|pypi\.org/simple|registry\.npmjs|deb\.debian\.org",
    "how the repository came about": r"\b(claude|anthropic|openai|chatgpt|copilot|llm|language model|sub-?agents?)\b",
    "unfinished work": r"\b(TODO|FIXME|XXX)\b",
}


def _tracked() -> list[Path]:
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "-z"],  # noqa: S607 - the git the developer uses
            cwd=ROOT,
            capture_output=True,
            check=True,
            text=True,
        )
        names = listed.stdout.split("\0")
        return [ROOT / name for name in names if name and (ROOT / name).is_file()]
    return []


FILES = _tracked()
MODULES = [path for path in FILES if path.suffix == ".py"]
PAGES = [path for path in FILES if path.suffix == ".md"]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@pytest.fixture(autouse=True)
def _files_are_known() -> None:
    if not FILES:
        pytest.skip("The files of the project are not known: this is no git checkout, or there is no git.")


def test_imports_point_the_way_the_contracts_say() -> None:
    command = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert command is not None

    checked = subprocess.run(  # noqa: S603 - the tool of our own environment
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stdout


def _asked_of(path: Path) -> Iterator[str]:
    """The features a feature imports, anywhere in it."""
    for node in ast.walk(ast.parse(_text(path))):
        if isinstance(node, ast.ImportFrom) and node.module == "bot.features":
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bot.features."):
            yield str(node.module).rpartition(".")[2]


def test_no_feature_asks_another_that_asks_it_in_turn() -> None:
    features = {path.stem: set(_asked_of(path)) for path in MODULES if path.parent == ROOT / "bot" / "features"}
    try:
        order = list(TopologicalSorter(features).static_order())
    except CycleError as circle:
        pytest.fail(" → ".join(circle.args[1]))
    assert order.index("appeal_levels") < order.index("appeals") < order.index("decide_appeal")


@pytest.mark.parametrize("what", NOT_SAID)
def test_no_file_says(what: str) -> None:
    said = re.compile(NOT_SAID[what], re.IGNORECASE if what.startswith("how") else 0)
    found = [
        f"{_name(path)}:{number}: {line.strip()[:100]}"
        for path in FILES
        if path != Path(__file__)
        for number, line in enumerate(_text(path).splitlines(), 1)
        if said.search(line)
    ]
    assert found == []


def test_the_words_that_are_looked_for_would_be_found() -> None:
    examples = {
        "a path of one machine": "see /work" + "/main/x",
        "a package registry's address": "https://pypi.org" + "/simple/",
        "how the repository came about": "as Claude" + " wrote",
        "unfinished work": "# TODO" + ": later",
    }
    assert examples.keys() == NOT_SAID.keys()
    for what, example in examples.items():
        flags = re.IGNORECASE if what.startswith("how") else 0
        assert re.search(NOT_SAID[what], example, flags), what


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        _name(path) for path in MODULES if _text(path).strip() and ast.get_docstring(ast.parse(_text(path))) is None
    ]
    assert silent == []


def test_no_module_is_so_long_that_nobody_finds_their_way() -> None:
    long = {_name(path) for path in MODULES if len(_text(path).splitlines()) > LONGEST}
    assert long - LONGER.keys() == set()
    assert LONGER.keys() - long == set(), "these are short again and need no exception"


def test_every_exception_from_a_check_gives_its_reason_once_in_a_module() -> None:
    exception = re.compile(r"# (?:noqa: |type: ignore\[)(?P<check>[\w-]+(?:, ?[\w-]+)*)\]?(?P<why>\s+[-#] .+)?$")
    without = set()
    for path in MODULES:
        lines = _text(path).splitlines()
        found = [
            (match, above)
            for above, line in zip(["", *lines], lines, strict=False)
            if (match := exception.search(line))
        ]
        explained = {match["check"] for match, above in found if match["why"] or above.strip().startswith("# ")}
        without |= {f"{_name(path)}: {match['check']}" for match, _ in found if match["check"] not in explained}
    assert without == set()


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", _text(page))
    lost = [
        link
        for link in links
        if not link.startswith(("http://", "https://", "#")) and not (page.parent / link.partition("#")[0]).exists()
    ]
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_file_a_page_names_is_there(page: Path) -> None:
    named = re.findall(r"`((?:bot|adapters|storage|tests|bench|docs|\.ci)/[\w./-]*)`", _text(page))
    placeholder = re.compile(r"/(NAME|SINCE)\b")
    assert [name for name in named if not placeholder.search(name) and not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_make_command_of_a_page_is_one(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", _text(ROOT / "Makefile"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b(?=[`\s]*(?:`|#|$))", _text(page), re.MULTILINE)) <= targets


def test_every_command_of_the_readme_is_one() -> None:
    written = re.findall(r"duenotice((?: [a-z]+)+)", _text(ROOT / "README.md"))
    assert written
    for words in sorted(set(written)):
        asked = words.split()
        known = ["policy", "cases"]
        path = asked[:2] if asked[0] in known else asked[:1]
        answer = CliRunner().invoke(app, [*path, "--help"])
        assert answer.exit_code == 0, f"duenotice {' '.join(path)}"


def test_no_two_features_are_asked_for_with_the_same_words() -> None:
    words = Counter(word for feature in FEATURES.values() for word in feature.words)
    assert [word for word, times in words.items() if times > 1] == []


def test_whatever_can_be_typed_is_named_in_help() -> None:
    offered = {understand(word)[0] for words, _ in COMMANDS for word in words.split(" · ")}
    typed = {intent for intent, feature in FEATURES.items() if feature.words}
    kept_out = {"help", "incident.close"}
    """Help itself; and closing, which is a button on the report it closes."""
    assert typed - offered - kept_out == set()


def test_every_word_in_help_is_understood() -> None:
    assert [word for words, _ in COMMANDS for word in words.split(" · ") if not understand(word)[0]] == []


def test_every_clock_and_every_event_has_its_words() -> None:
    assert {clock.value for clock in ClockName} - CLOCKS.keys() == set()
    assert set(Event) - HAPPENED.keys() == set()


def test_versions_are_pinned_and_name_no_address() -> None:
    pins = _text(ROOT / ".ci" / "constraints.txt").splitlines()
    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!-]+", pin)] == []


def test_whatever_the_project_asks_for_is_pinned() -> None:
    project = tomllib.loads(_text(ROOT / "pyproject.toml"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    names = {re.split(r"[\[>=<;~! ]", one)[0].lower().replace("_", "-") for one in asked}
    pinned = {
        pin.partition("==")[0].lower().replace("_", "-") for pin in _text(ROOT / ".ci" / "constraints.txt").splitlines()
    }
    assert names - pinned == set()
