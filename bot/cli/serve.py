"""`duenotice run` and `duenotice practice`."""

import asyncio
import sys
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from bot.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("run")(run)
    app.command("practice")(practice)


def run() -> None:
    """Start the bot: the practice desk while no chat is connected."""
    from bot.__main__ import environment

    settings = environment.read()
    if not settings.chat:
        practice()
        return
    from bot.__main__ import clock, serve
    from bot.connected import connected

    async def open_bot() -> None:
        async with connected(settings, clock=clock, monotonic=monotonic) as app:
            sys.stdout.write(f"{_where(settings)}; port {settings.port}  (Ctrl+C stops it)\n")
            sys.stdout.flush()
            await serve(app, host=settings.host, port=settings.port)

    with suppress(KeyboardInterrupt):
        asyncio.run(open_bot())
    sys.stdout.write("\nStopped. Everything saved is still there.\n")


def _where(settings: "Settings") -> str:
    """Which chats the bot is connected to, in words."""
    said = []
    if any(name.startswith("SLACK_") for name in settings.chat):
        said.append("Slack by Socket Mode" if settings.slack["SLACK_APP_TOKEN"] else "Slack by HTTP on /slack/events")
    if "MICROSOFT_DEVELOPMENT" in settings.chat:
        said.append("Microsoft's test client WITHOUT PROOF of who calls, on /api/messages")
    elif "MICROSOFT_APP_ID" in settings.chat:
        said.append("Teams on /api/messages")
    return f"The bot is connected to {' and '.join(said)}"


def practice() -> None:
    """Open the practice desk in the browser: no account, no token, nothing real."""
    from adapters.practice.guard import loopback
    from bot.__main__ import (
        environment,
        serve,
    )
    from bot.__main__ import practice as desk

    settings = environment.read()
    host = loopback(settings.host)

    async def open_desk() -> None:
        async with desk(settings) as app:
            sys.stdout.write(
                f"The practice desk is open at http://{host}:{settings.port}  (Ctrl+C closes it)\n"
                f"Its records are in {settings.practice}.\n"
            )
            sys.stdout.flush()
            await serve(app, host=host, port=settings.port)

    with suppress(KeyboardInterrupt):
        asyncio.run(open_desk())
    sys.stdout.write("\nClosed. Everything saved is still there.\n")
