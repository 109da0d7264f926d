"""The `duenotice` command. Thin: each command reads its options and calls the program."""

import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

import typer

from bot import settings as environment
from bot.policy.shelf import look_also_in
from bot.refusal import Refusal

app = typer.Typer(
    name="duenotice",
    help="A library's colleague for social-media incidents, blocks, appeals and due dates.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

for _module in ("serve", "init", "manifest", "records", "export", "backup", "policy", "clocks", "closures"):
    import_module(f"bot.cli.{_module}").add_to(app)


UNUSABLE: Any = typer.BadParameter.__base__
"""What is raised for every unusable option or argument; only its subclass has a public name."""
HELP = "`duenotice --help` lists the commands."


def main() -> None:
    """Run the command line; a refusal is one sentence on standard error and exit code 2, never a traceback."""
    if not sys.argv[1:]:
        sys.argv.append("--help")
    with suppress(Refusal):  # a command that needs the settings says itself what is wrong with them
        look_also_in(environment.read().data / "packs")
    try:
        code = app(standalone_mode=False)
    except Refusal as no:
        sys.stderr.write(f"duenotice: {no.why}\n")
        sys.exit(2)
    except UNUSABLE as wrong:
        said = wrong.format_message().strip()
        sys.stderr.write(said + "\n" if said.startswith("Usage") else f"duenotice: {said.rstrip('.')}. {HELP}\n")
        sys.exit(2)
    except typer.Abort:
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)
