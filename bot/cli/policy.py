"""``duenotice policy``: what a policy pack says, what is wrong with one, and how to write one."""

import json
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.binding import bind_document
from bot.cli.policy_cases import replay
from bot.cli.policy_check import check, compare, look_over
from bot.cli.policy_files import pack_of, refused
from bot.cli.policy_new import new
from bot.cli.policy_tables import as_object, clocks, rules, silences, values
from bot.refusal import Refusal

NARROWEST = 100
"""The fewest columns in which the tables can still be read."""


def add_to(app: typer.Typer) -> None:
    """Give the command line its ``policy`` commands."""
    policy = typer.Typer(help="Write, read, check and try policy packs.", no_args_is_help=True, rich_markup_mode=None)
    policy.command("new")(new)
    policy.command("show")(show)
    policy.command("check")(check)
    policy.command("lint")(look_over)
    policy.command("bind")(bind_document)
    policy.command("diff")(compare)
    policy.command("replay")(replay)
    app.add_typer(policy, name="policy")


def show(
    pack: Annotated[str, typer.Argument(help="A policy pack by name, as in chicopee, or the path of its TOML file.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Show every rule of a policy with what the program does about it, its values, and where it is silent."""
    try:
        found = pack_of(pack)
    except Refusal as no:
        raise refused(no) from no
    if as_json:
        typer.echo(json.dumps(as_object(found), ensure_ascii=False, indent=2))
        return
    console = Console()
    console.width = max(console.width, NARROWEST)
    console.print(f"{found.about.name}: {found.about.title}", style="bold", highlight=False)
    console.print(f"In force from {found.since.isoformat()}. {found.about.adopted}.", highlight=False)
    for table in (rules(found), values(found), clocks(found), silences(found)):
        console.print(table)
