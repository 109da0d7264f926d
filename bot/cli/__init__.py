"""The `duenotice` command. Thin: each command reads its options and calls the program."""

import sys
from importlib import import_module

import typer

from bot.refusal import Refusal

app = typer.Typer(
    name="duenotice",
    help="A library's colleague for social-media incidents, blocks, appeals and due dates.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

for _module in ("serve", "init", "records", "policy", "clocks"):
    import_module(f"bot.cli.{_module}").add_to(app)


def main() -> None:
    """Run the command line; a refusal is one sentence on standard error and exit code 2, never a traceback."""
    try:
        app()
    except Refusal as no:
        sys.stderr.write(f"duenotice: {no.why}\n")
        sys.exit(2)
