"""The Teams manifest, its icons, the code and the documentation say the same, and Teams takes the package."""

import io
import json
import re
import struct
import tomllib
import zipfile
import zlib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.catalogue import FEATURES, understand
from bot.cli import app
from bot.cli.manifest import NO_HOST, NO_ID, filled, packed, wrong_with
from bot.refusal import Refusal
from tests.platforms.fake_entra import APP_ID

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "manifest/teams"
TEMPLATE: dict[str, Any] = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
FILLED = filled(host="bot.library.example", app_id=APP_ID)
DOCS = (ROOT / "docs/teams.md").read_text(encoding="utf-8")
SCHEMA = ROOT.parent / "shared/schemas/teams-manifest.1.29.json"
SCOPES = {"personal", "team", "groupChat"}
WHITE = b"\xff\xff\xff"


def pixels(raw: bytes) -> tuple[int, int, int, list[bytes]]:
    """Width, height and lines of a picture whose lines are not filtered, and the bytes of one of its dots."""
    assert raw.startswith(b"\x89PNG\r\n\x1a\n")
    width, height, depth, kind = struct.unpack(">IIBB", raw[16:26])
    assert depth == 8
    dot = {2: 3, 6: 4}[kind]
    at, packed_lines = 8, b""
    while at < len(raw):
        length, name = struct.unpack(">I4s", raw[at : at + 8])
        packed_lines += raw[at + 8 : at + 8 + length] if name == b"IDAT" else b""
        at += 12 + length
    lines = zlib.decompress(packed_lines)
    step = width * dot + 1
    assert not any(lines[line * step] for line in range(height)), "a filtered line"
    return width, height, dot, [lines[line * step + 1 : (line + 1) * step] for line in range(height)]


def test_teams_takes_the_manifest_as_it_is_filled_in() -> None:
    if not SCHEMA.exists():
        pytest.skip("the schema of Teams' manifest is not beside the project")
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    checker = jsonschema.validators.validator_for(schema)(schema)
    for manifest in (TEMPLATE, FILLED):
        assert not [error.message for error in checker.iter_errors(manifest)]


def test_what_the_schema_cannot_say_holds_too() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", FILLED["version"])
    assert FILLED["manifestVersion"] == "1.29"
    assert "/v1.29/" in FILLED["$schema"]
    assert 1 <= len(FILLED["name"]["short"]) <= 30
    assert FILLED["name"]["full"] != FILLED["name"]["short"]
    assert len(FILLED["description"]["short"]) <= 80 < len(FILLED["description"]["full"])
    assert all(FILLED["developer"][name].startswith("https://") for name in FILLED["developer"] if name != "name")
    assert FILLED["defaultInstallScope"] in FILLED["bots"][0]["scopes"]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda made: made.update(version="0.1.0rc1"), "version"),
        (lambda made: made.update(id=NO_ID), "botId"),
        (lambda made: made.update(defaultInstallScope="meeting"), "defaultInstallScope"),
        (lambda made: made["bots"][0]["commandLists"].pop(), "commandLists"),
        (lambda made: made["bots"][0]["commandLists"][0]["commands"].extend([{"title": "due"}] * 11), "at most 10"),
        (lambda made: made["name"].update(full=made["name"]["short"]), "name"),
        (lambda made: made.update(validDomains=["*.library.example"]), "validDomains"),
        (lambda made: made.update(validDomains=["bot.library.example/x"]), "validDomains"),
    ],
    ids=["version", "one id", "scope", "a list for each scope", "too many", "names", "any domain", "a path"],
)
def test_what_teams_would_refuse_is_said_before_the_package_is_written(
    spoil: Callable[[dict[str, Any]], object], why: str
) -> None:
    made = json.loads(json.dumps(FILLED))
    assert wrong_with(made) == []
    spoil(made)
    with pytest.raises(Refusal, match=re.escape(why)):
        packed(made)


def test_the_package_has_the_version_of_the_program() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert FILLED["version"] == version(project["name"]) == project["version"]


def test_the_app_is_one_bot_with_the_same_id_everywhere() -> None:
    [bot], [extension] = FILLED["bots"], FILLED["composeExtensions"]
    assert {FILLED["id"], bot["botId"], extension["botId"]} == {APP_ID}
    assert set(bot["scopes"]) == SCOPES
    assert bot["supportsFiles"], "pictures and documents go through the 1:1 chat"


def test_only_the_hosts_own_name_is_a_valid_domain() -> None:
    assert FILLED["validDomains"] == ["bot.library.example"]
    assert not [one for one in FILLED["validDomains"] if "*" in one or "/" in one or ":" in one]


def test_nothing_is_asked_for_beyond_the_chat_itself() -> None:
    more = {"permissions", "devicePermissions", "authorization", "webApplicationInfo", "staticTabs", "activities"}
    assert more & FILLED.keys() == set()


def test_each_scope_has_its_own_commands_short_enough_for_every_client() -> None:
    lists = FILLED["bots"][0]["commandLists"]
    assert sorted(scope for one in lists for scope in one["scopes"]) == sorted(SCOPES)
    for one in lists:
        titles = [command["title"] for command in one["commands"]]
        assert 1 <= len(titles) <= 10
        assert len(titles) == len(set(titles))
        assert all(1 <= len(command["title"]) <= 32 for command in one["commands"])
        assert all(1 <= len(command["description"]) <= 128 for command in one["commands"])


def test_no_description_promises_who_wrote_a_message() -> None:
    assert "author" not in json.dumps(FILLED["composeExtensions"])


def test_every_suggested_command_is_understood_and_documented() -> None:
    for one in FILLED["bots"][0]["commandLists"]:
        for command in one["commands"]:
            intent, rest = understand(command["title"])
            assert (intent in FEATURES, rest) == (True, ""), command["title"]
            assert f"`{command['title']}`" in DOCS


def test_the_message_extension_opens_a_form_the_desk_knows() -> None:
    [command] = FILLED["composeExtensions"][0]["commands"]
    assert (command["type"], command["fetchTask"], command["context"]) == ("action", True, ["message"])
    assert FEATURES[command["id"]].form is not None
    assert len(command["title"]) <= 32
    assert len(command["description"]) <= 128
    assert f"**{command['title']}**" in DOCS


def test_the_icons_have_the_sizes_and_the_colours_teams_demands() -> None:
    width, height, dot, lines = pixels((FOLDER / FILLED["icons"]["color"]).read_bytes())
    assert (width, height, dot) == (192, 192, 3), "a solid square; Teams rounds its corners itself"
    assert len({line[:3] for line in (lines[0], lines[-1])} | {lines[0][-3:]}) == 1, "one colour up to the corners"
    assert f"#{lines[0][:3].hex()}" == FILLED["accentColor"]

    width, height, dot, lines = pixels((FOLDER / FILLED["icons"]["outline"]).read_bytes())
    assert (width, height, dot) == (32, 32, 4)
    dots = [line[at : at + 4] for line in lines for at in range(0, len(line), 4)]
    assert {one[:3] for one in dots if one[3]} == {WHITE}, "white and transparent, nothing else"
    assert any(one[3] == 0 for one in dots)


def test_the_package_holds_the_manifest_and_its_icons_and_is_the_same_every_time() -> None:
    package = packed(FILLED)
    assert package == packed(filled(host="BOT.library.example", app_id=APP_ID.upper()))
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        assert opened.namelist() == ["manifest.json", "color.png", "outline.png"]
        assert opened.testzip() is None
        said = opened.read("manifest.json").decode()
        assert opened.read("color.png") == (FOLDER / "color.png").read_bytes()
    assert json.loads(said) == FILLED
    assert NO_ID not in said
    assert NO_HOST not in said


def test_the_command_writes_the_package_for_this_library(tmp_path: Path) -> None:
    file = tmp_path / "ours.zip"
    options = ["--host", "bot.library.example", "--library", "Elm Library", "--website", "https://elm.example"]
    answer = CliRunner().invoke(app, ["manifest", "teams", str(file), *options], env={"MICROSOFT_APP_ID": APP_ID})
    assert answer.exit_code == 0, answer.output
    with zipfile.ZipFile(file) as opened:
        developer = json.loads(opened.read("manifest.json"))["developer"]
    assert developer == {"name": "Elm Library"} | dict.fromkeys(
        ("websiteUrl", "privacyUrl", "termsOfUseUrl"), "https://elm.example"
    )


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"host": "", "app_id": APP_ID}, "--host"),
        ({"host": "https://bot.library.example", "app_id": APP_ID}, "--host"),
        ({"host": "bot.library.example:8080", "app_id": APP_ID}, "--host"),
        ({"host": "localhost", "app_id": APP_ID}, "--host"),
        ({"host": "10.0.0.1", "app_id": APP_ID}, "--host"),
        ({"host": "bot.library.example", "app_id": ""}, "MICROSOFT_APP_ID"),
        ({"host": "bot.library.example", "app_id": NO_ID}, "MICROSOFT_APP_ID"),
        ({"host": "bot.library.example", "app_id": APP_ID, "library": "x" * 33}, "--library"),
        ({"host": "bot.library.example", "app_id": APP_ID, "website": "http://x.example"}, "--website"),
    ],
)
def test_a_package_that_could_not_work_is_not_written_and_the_reason_says_what_to_do(
    said: dict[str, str], why: str
) -> None:
    with pytest.raises(Refusal, match=why):
        filled(**said)


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(Refusal) as no:
        filled(host="", app_id="")
    assert len(no.value.why.splitlines()) == 2


def test_the_kit_that_is_no_longer_supported_is_used_in_one_module_only() -> None:
    said = re.compile(r"^\s*(?:from|import) (?:botbuilder|botframework|msrest|msal)\b", re.MULTILINE)
    modules = [path for folder in ("adapters", "bot", "storage") for path in (ROOT / folder).rglob("*.py")]
    using = [path.relative_to(ROOT).as_posix() for path in modules if said.search(path.read_text(encoding="utf-8"))]
    assert using == ["adapters/teams/app.py"]


def test_the_documentation_leads_there_in_numbered_steps() -> None:
    part = DOCS.split("## From nothing", maxsplit=1)[1].split("\n## ", maxsplit=1)[0]
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", part, flags=re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert "duenotice manifest teams" in part
    for setting in ("MICROSOFT_APP_ID", "MICROSOFT_APP_PASSWORD", "MICROSOFT_APP_TENANT_ID"):
        assert setting in part
