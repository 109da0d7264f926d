"""The real program as a child process: started, killed and started again on the same folder, and asked from outside."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
"""Seconds to wait for the program to answer; a busy machine is slow to start it."""


class Program:
    """`duenotice practice` on a folder and a port of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._folder.mkdir(parents=True, exist_ok=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it and wait until it is healthy.

        :raises AssertionError: it ends, or never answers
        """
        with (self._folder / "said.txt").open("ab") as said:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "practice"),
                cwd=ROOT,
                env=self._environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )
        async with ClientSession() as session:
            for _ in range(int(PATIENCE / 0.1)):
                assert self._process.returncode is None, f"it ended: {self.said()}"
                with contextlib.suppress(ClientError):
                    async with session.get(f"{self.url}/healthz") as answer:
                        if answer.ok:
                            return
                await asyncio.sleep(0.1)
        raise AssertionError(f"it never answered: {self.said()}")

    async def kill(self) -> None:
        """End it as a power cut would: nothing of it runs any more."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """Ask it to end, as whatever keeps services running does."""
        await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(how)
            await asyncio.wait_for(self._process.wait(), PATIENCE)

    @property
    def ended_with(self) -> int | None:
        """What it told the shell when it ended: 0 for well."""
        return self._process.returncode if self._process else None

    def said(self) -> str:
        """Everything it has written to its terminal."""
        return (self._folder / "said.txt").read_text()

    async def ask(self, *words: str) -> str:
        """What a `duenotice` command about the practice record prints, beside the running program.

        :raises AssertionError: it fails
        """
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *words, "--practice"),
            cwd=ROOT,
            env=self._environment(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        printed, trouble = await process.communicate()
        assert process.returncode == 0, trouble.decode()
        return printed.decode()

    async def kept(self, ref: str) -> dict[str, Any]:
        """Everything on file about one case."""
        answer: dict[str, Any] = json.loads(await self.ask("cases", "show", ref, "--json"))
        return answer

    def pictures(self) -> list[Path]:
        """Every file of the vault and of the quarantine."""
        return [path for path in (self._folder / "practice").rglob("*") if path.is_file() and _is_picture(path)]

    def _environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("DUENOTICE", "SLACK"))}
        return {**ours, "DUENOTICE_DATA": str(self._folder), "DUENOTICE_PORT": str(self._port)}


def _is_picture(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x89PNG"


@contextlib.asynccontextmanager
async def practising(folder: Path) -> AsyncIterator[Program]:
    """The program, running on ``folder``; ended when the block ends."""
    program = Program(folder)
    try:
        await program.start()
        yield program
    finally:
        await program.stop()
