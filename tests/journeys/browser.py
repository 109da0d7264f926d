"""Drives the installed Chromium over its DevTools protocol, the way a person would: by what is written on things.

Nothing is downloaded. Use it as ``async with chromium(folder) as browser``; ``missing()`` says why it cannot be used.
With ``DUENOTICE_WATCH`` set to a number of seconds it works in a window and waits that long before whatever it does.
"""

import asyncio
import base64
import contextlib
import json
import os
import re
import shutil
from collections.abc import AsyncIterator, Coroutine, Mapping
from pathlib import Path
from typing import cast

from aiohttp import ClientSession, ClientWebSocketResponse

Answer = dict[str, object]
NAMES = ("chromium", "chromium-browser", "google-chrome")
WATCH = "DUENOTICE_WATCH"
UNWATCHED = ("--headless", "--hide-scrollbars")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
)
PATIENCE = 15.0
"""Seconds to wait for something to appear."""

FIND = """
(what, label, place) => {
  const heard = (node) => node.nodeType === Node.TEXT_NODE ? node.data
    : node.nodeType !== Node.ELEMENT_NODE || node.ariaHidden === 'true' || !node.checkVisibility() ? ''
    : [...node.childNodes].map(heard).join('');
  const said = (e) => (e.getAttribute('aria-label') || heard(e) || e.value || '').trim().replace(/\\s+/g, ' ');
  const shown = (e) => e.checkVisibility({visibilityProperty: true}) && !e.closest('[inert]');
  const lid = document.querySelector('dialog[open]') || document;
  if (what === 'press') {
    const all = [...lid.querySelectorAll('button, a, summary, label:has([type=radio], [type=checkbox])')].filter(shown);
    const exact = all.filter((e) => said(e) === label);
    return (exact.length ? exact : all.filter((e) => said(e).startsWith(label))).at(place);
  }
  const labelled = [...lid.querySelectorAll('label, legend')].filter((e) => said(e).startsWith(label));
  const fields = labelled.map((e) => e.control || document.getElementById(e.htmlFor)).filter(Boolean);
  return fields.concat([...lid.querySelectorAll(`[aria-label="${CSS.escape(label)}"]`)])[place];
}
"""


def watched(environment: Mapping[str, str]) -> float | None:
    """How many seconds to wait before each thing that is done, so that a person can follow it; ``None`` without one.

    :raises AssertionError: it is set to something else than seconds
    """
    asked = environment.get(WATCH, "")
    assert re.fullmatch(r"(\d+(\.\d+)?)?", asked), f"{WATCH} is a number of seconds, such as 0.7, and not {asked!r}"
    return float(asked) if asked else None


def flags(pause: float | None) -> tuple[str, ...]:
    """What Chromium is started with: in a window only when somebody watches."""
    return FLAGS if pause is not None else (*UNWATCHED, *FLAGS)


def missing() -> str:
    """Why no browser can be driven here; empty when one can."""
    return "" if _executable() else f"no Chromium is installed ({', '.join(NAMES)})"


def _executable() -> str:
    return next((found for name in NAMES if (found := shutil.which(name))), "")


class Browser:
    """One tab."""

    def __init__(
        self, wire: ClientWebSocketResponse, session: ClientSession, tabs: str, *, pause: float | None = None
    ) -> None:
        self.pause = pause
        self._wire = wire
        self._session = session
        self._tabs = tabs
        self._number = 0

    @contextlib.asynccontextmanager
    async def another(self) -> AsyncIterator["Browser"]:
        """A second tab of the same person, gone when the block ends."""
        async with self._session.put(f"{self._tabs}/new") as answer:
            address = (await answer.json())["webSocketDebuggerUrl"]
        async with _tab(self._session, address, self._tabs, pause=self.pause) as second:
            yield second
            await second.do("Page.close")

    async def do(self, method: str, **params: object) -> Answer:
        """One command of the DevTools protocol.

        :raises AssertionError: the browser refuses it
        """
        return await self._do(method, params, PATIENCE)

    async def _do(self, method: str, params: Mapping[str, object], patience: float) -> Answer:
        self._number += 1
        await self._wire.send_json({"id": self._number, "method": method, "params": params})
        while True:
            answer: Answer = await self._wire.receive_json(timeout=patience)
            if answer.get("id") == self._number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return cast("Answer", answer["result"])

    async def tell(self, expression: str, *, patience: float = PATIENCE) -> object:
        """What an expression of JavaScript comes to.

        :raises AssertionError: it throws
        """
        asked = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        answer = await self._do("Runtime.evaluate", asked, patience)
        assert "exceptionDetails" not in answer, f"{expression}: {answer['exceptionDetails']}"
        return cast("Answer", answer["result"]).get("value")

    async def open(self, url: str) -> None:
        """Go to an address and wait until it has loaded."""
        await self.do("Page.navigate", url=url)
        await self._settled()

    async def press(self, label: str, *, place: int = 0) -> None:
        """Press the button, link, menu or tick whose words are these, else begin with these.

        ``place`` counts from 0 at the top, and from -1 at the bottom, where the newest is.
        """
        await self._click(label, place)
        await self._settled()

    async def go(self, label: str, *, place: int = 0, patience: float = PATIENCE) -> None:
        """Press something that leads to another page, and wait until that page is there."""
        await self._led(self._click(label, place), patience)

    async def send(self, key: str, *, code: int = 0) -> None:
        """Press a key that leads to another page, and wait until that page is there."""
        await self._led(self.key(key, code=code))

    async def _led(self, going: Coroutine[object, object, None], patience: float = PATIENCE) -> None:
        await self.tell("window.before = true")
        await going
        for _ in range(int(patience / 0.02)):
            with contextlib.suppress(AssertionError):
                there = "!window.before && document.readyState === 'complete'"
                if await self.tell(there, patience=patience):
                    return
            await asyncio.sleep(0.02)
        raise AssertionError(f"nothing followed; the page shows: {await self.text()}")

    async def _waits(self) -> None:
        """Give whoever watches the time to read."""
        if self.pause:
            await asyncio.sleep(self.pause)

    async def _click(self, label: str, place: int) -> None:
        await self._waits()
        spot = await self._spot("press", label, place)
        for kind in ("mousePressed", "mouseReleased"):
            await self.do("Input.dispatchMouseEvent", type=kind, **spot, button="left", clickCount=1)

    async def type(self, label: str, text: str) -> None:
        """Write into the field with this label, over what stands there."""
        await self._field(label, "field.focus(); field.select && field.select()")
        await self.do("Input.insertText", text=text)

    async def fill(self, label: str, value: str) -> None:
        """Set a field that is not typed into, such as a date or a list of choices (by the choice's words)."""
        await self._field(
            label,
            f"const wanted = {json.dumps(value)}; const choice = [...(field.options || [])]"
            ".find((option) => option.text.startsWith(wanted)); field.value = choice ? choice.value : wanted; "
            "field.dispatchEvent(new Event('change', {bubbles: true}))",
        )

    async def attach(self, label: str, *files: Path) -> None:
        """Choose files in a file field."""
        await self._field(label, "field.setAttribute('data-attach', '')")
        root = cast("Answer", (await self.do("DOM.getDocument"))["root"])
        found = await self.do("DOM.querySelector", nodeId=root["nodeId"], selector="[data-attach]")
        await self.do("DOM.setFileInputFiles", nodeId=found["nodeId"], files=[str(file) for file in files])

    async def key(self, key: str, *, code: int = 0) -> None:
        """Press one key, for example ``Escape`` (27), ``Tab`` (9), ``Enter`` (13) or a space (32)."""
        await self._waits()
        text = {"text": {"Enter": "\r", " ": " "}[key]} if key in {"Enter", " "} else {}
        for kind in ("keyDown", "keyUp"):
            await self.do("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **text)
        await self._settled()

    async def see(self, text: str) -> None:
        """Wait until the page shows these words.

        :raises AssertionError: it never does
        """
        words = " ".join(text.split())
        shown = ""
        for _ in range(int(PATIENCE / 0.05)):
            shown = " ".join((await self.text()).split())
            if words in shown:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"{words!r} is not on the page, which shows: {shown}")

    async def text(self) -> str:
        """Everything the page shows, as text."""
        return str(await self.tell("document.body ? document.body.innerText : ''"))

    async def size(self, width: int, height: int, *, dark: bool = False, script: bool = True) -> None:
        """Be a window of this size (CSS pixels), light or dark, with or without scripts."""
        await self.do(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 760
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.do("Emulation.setEmulatedMedia", features=[scheme])
        await self.do("Emulation.setScriptExecutionDisabled", value=not script)

    async def screenshot(self, path: Path) -> None:
        """Keep what the window shows as a PNG."""
        shot = await self.do("Page.captureScreenshot", format="png")
        await asyncio.to_thread(path.write_bytes, base64.b64decode(str(shot["data"])))

    async def _field(self, label: str, act: str) -> None:
        await self._waits()
        found = await self._wait(
            f"(() => {{ const field = ({FIND})('field', {json.dumps(label)}, 0); "
            f"if (!field) return false; {act}; return true }})()"
        )
        assert found, f"there is no field {label!r}; the page shows: {await self.text()}"

    async def _spot(self, what: str, label: str, place: int) -> dict[str, float]:
        spot = await self._wait(
            f"(() => {{ const e = ({FIND})({json.dumps(what)}, {json.dumps(label)}, {place}); if (!e) return null; "
            "e.scrollIntoView({block: 'center'}); const box = e.getBoundingClientRect(); "
            "return {x: box.x + Math.min(box.width / 2, 60), y: box.y + Math.min(box.height / 2, 20)} })()"
        )
        assert spot, f"there is nothing to press that says {label!r}; the page shows: {await self.text()}"
        return cast("dict[str, float]", spot)

    async def _wait(self, expression: str) -> object:
        for _ in range(int(PATIENCE / 0.1)):
            if found := await self.tell(expression):
                return found
            await asyncio.sleep(0.1)
        return None

    async def _settled(self) -> None:
        """Wait until the page that a press may have led to is there."""
        await asyncio.sleep(0.05)
        for _ in range(int(PATIENCE / 0.05)):
            with contextlib.suppress(AssertionError):
                if await self.tell("document.readyState") == "complete":
                    return
            await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def chromium(folder: Path) -> AsyncIterator[Browser]:
    """A fresh Chromium with a profile in ``folder``, gone when the block ends.

    :raises AssertionError: none is installed (see ``missing``) or it does not start
    """
    executable = _executable()
    assert executable, missing()
    pause = watched(os.environ)
    process = await asyncio.create_subprocess_exec(
        executable,
        *flags(pause),
        f"--user-data-dir={folder}",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        port = await _port(folder / "DevToolsActivePort")
        async with ClientSession() as session:
            tabs = f"http://127.0.0.1:{port}/json"
            async with session.get(f"{tabs}/list") as answer:
                found = await answer.json()
            address = next(tab["webSocketDebuggerUrl"] for tab in found if tab["type"] == "page")
            async with _tab(session, address, tabs, pause=pause) as browser:
                yield browser
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


@contextlib.asynccontextmanager
async def _tab(
    session: ClientSession, address: str, tabs: str, *, pause: float | None = None
) -> AsyncIterator[Browser]:
    async with session.ws_connect(address, max_msg_size=0) as wire:
        browser = Browser(wire, session, tabs, pause=pause)
        await browser.do("Page.enable")
        await browser.size(1280, 860)
        yield browser


async def _port(file: Path) -> int:
    for _ in range(int(PATIENCE / 0.05)):
        with contextlib.suppress(FileNotFoundError):
            if lines := (await asyncio.to_thread(file.read_text)).splitlines():
                return int(lines[0])
        await asyncio.sleep(0.05)
    raise AssertionError("Chromium did not start")
