"""`duenotice manifest teams`: the app package a Teams administrator uploads."""

import json
import re
import sys
import zipfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.refusal import Refusal

FOLDER = Path(__file__).parents[2] / "manifest" / "teams"
ICONS = ("color.png", "outline.png")
VERSION = re.compile(r"\d+\.\d+\.\d+")
NO_ID = "00000000-0000-0000-0000-000000000000"
NO_HOST = "duenotice.example"
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
HOST = re.compile(
    r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE
)
MOST_COMMANDS = 10
"""Commands Teams takes for one scope."""
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time every file of the package bears, so that the same answers give the same bytes."""

command = typer.Typer(help="What creates the app on a platform.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.add_typer(command, name="manifest")


@command.callback()
def _manifest() -> None:
    """What creates the app on a platform."""


@command.command("teams")
def teams(
    file: Annotated[Path, typer.Argument(help="The package to write.")] = Path("duenotice-teams.zip"),
    host: Annotated[str, typer.Option(help="The name people reach the bot by, such as bot.library.org.")] = "",
    app_id: Annotated[str, typer.Option(envvar="MICROSOFT_APP_ID", help="The bot's application id.")] = "",
    library: Annotated[str, typer.Option(help="Who runs it, at most 32 characters.")] = "",
    website: Annotated[str, typer.Option(help="The library's website, beginning with https://.")] = "",
) -> None:
    """Write the app package for Microsoft Teams: manifest and icons, filled in for this library."""
    package = packed(filled(host=host.strip(), app_id=app_id.strip(), library=library.strip(), website=website.strip()))
    try:
        file.write_bytes(package)
    except OSError as wrong:
        raise Refusal(f"{file} cannot be written: {wrong.strerror}. Name another file.") from wrong
    sys.stdout.write(f"{file} is ready. In Teams: Apps, Manage your apps, Upload an app.\n")


def filled(*, host: str, app_id: str, library: str = "", website: str = "") -> dict[str, Any]:
    """The manifest with the library's own values.

    :raises Refusal: with every mistake at once
    """
    mistakes = []
    if not ID.fullmatch(app_id) or app_id == NO_ID:
        mistakes.append("Set MICROSOFT_APP_ID to the application id of the bot's registration, or give --app-id.")
    if not HOST.fullmatch(host):
        mistakes.append("Give --host the name people reach the bot by, such as bot.library.org: no https://, no port.")
    developer_name = 32
    if len(library) > developer_name:
        mistakes.append(f"--library takes {developer_name} characters at most; this has {len(library)}.")
    if website and not website.startswith("https://"):
        mistakes.append("--website begins with https://.")
    if not FOLDER.is_dir():
        mistakes.append("The folder manifest/teams is missing; run this in the folder the program was set up in.")
    if mistakes:
        raise Refusal("\n".join(mistakes))
    raw = (FOLDER / "manifest.json").read_text(encoding="utf-8")
    made: dict[str, Any] = json.loads(raw.replace(NO_ID, app_id.lower()).replace(NO_HOST, host.lower()))
    developer: dict[str, str] = made["developer"]
    developer |= {"name": library} if library else {}
    developer |= dict.fromkeys(("websiteUrl", "privacyUrl", "termsOfUseUrl"), website) if website else {}
    made["version"] = version("duenotice")
    return made


def wrong_with(manifest: Mapping[str, Any]) -> list[str]:
    """What Teams would refuse of a manifest although its schema lets it pass, each with what to do.

    Source: Microsoft Teams, "App manifest reference".
    """
    wrong = []
    if not VERSION.fullmatch(manifest["version"]):
        wrong.append(f"version {manifest['version']} is not three numbers; Teams updates the app only by those.")
    [bot], [extension] = manifest["bots"], manifest["composeExtensions"]
    if len({manifest["id"], bot["botId"], extension["botId"]}) > 1:
        wrong.append("id, botId and the message extension's botId are not the same application.")
    if manifest["defaultInstallScope"] not in bot["scopes"]:
        wrong.append("defaultInstallScope is none of the bot's scopes.")
    listed = [scope for one in bot["commandLists"] for scope in one["scopes"]]
    if sorted(listed) != sorted(bot["scopes"]):
        wrong.append("commandLists has not one list for each scope of the bot.")
    for one in bot["commandLists"]:
        titles = [command["title"] for command in one["commands"]]
        if len(titles) > MOST_COMMANDS or len(titles) != len(set(titles)):
            wrong.append(f"commandLists of {', '.join(one['scopes'])}: at most {MOST_COMMANDS}, none of them twice.")
    if manifest["name"]["short"] == manifest["name"]["full"]:
        wrong.append("name.full says no more than name.short.")
    domains = [domain for domain in manifest["validDomains"] if not HOST.fullmatch(domain)]
    return [*wrong, *(f"validDomains: {domain} is not a name alone." for domain in domains)]


def packed(manifest: dict[str, Any]) -> bytes:
    """The package as bytes; the same manifest gives the same bytes.

    :raises Refusal: Teams would not take it, with every reason at once
    """
    from io import BytesIO

    if wrong := wrong_with(manifest):
        raise Refusal("\n".join(f"manifest/teams/manifest.json, {one}" for one in wrong))

    written = BytesIO()
    files = {"manifest.json": json.dumps(manifest, indent=2, ensure_ascii=False).encode() + b"\n"}
    files |= {name: (FOLDER / name).read_bytes() for name in ICONS}
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as package:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            package.writestr(entry, content)
    return written.getvalue()
