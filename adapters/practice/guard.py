"""What keeps strangers out of the practice desk, and what is shown instead of a traceback."""

import ipaddress
import logging
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from adapters.practice import render
from bot.refusal import Refusal

log = logging.getLogger("duenotice.practice")

COOKIE = "practice_player"
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def loopback(host: str) -> str:
    """The host, if only this computer can reach it.

    :raises Refusal: others could; the practice desk lets anyone be the Director
    """
    try:
        local = host in LOCAL_NAMES or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise Refusal(
            f"The practice desk opens on this computer only, not on {host}: on its page anybody may be the Director. "
            "Use 127.0.0.1."
        )
    return host


class Problem(Exception):  # noqa: N818 - what the person is told
    """Something that is answered with a kind page instead of the desk."""

    def __init__(self, status: int, title: str, words: str, *, forget_player: bool = False) -> None:
        super().__init__(title)
        self.forget_player = forget_player
        self.status = status
        self.title = title
        self.words = words


PAGES = render.Pages()


@web.middleware
async def guarded(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Let nobody in who is not this computer's own browser on this very page; show no traceback to anybody."""
    try:
        _check_host(request)
        if request.method not in {"GET", "HEAD"}:
            _check_origin(request)
        response = await handler(request)
    except Problem as problem:
        response = _problem(problem.status, problem.title, problem.words)
        if problem.forget_player:
            response.del_cookie(COOKIE, path="/")
    except Refusal as no:
        response = _problem(400, "That could not be done", no.why)
    except web.HTTPRequestEntityTooLarge:
        response = _problem(413, "That is too much at once", "Please shorten it. Nothing was sent.")
    except web.HTTPException as answer:
        if answer.status >= web.HTTPBadRequest.status_code:
            response = _problem(answer.status, "There is no such page", "The address leads nowhere here.")
        else:
            response = answer
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("the practice desk failed on %s, reference %s", request.rel_url.path, reference)
        response = _problem(
            500, "Something went wrong here", f"Try again; if it stays, tell your administrator {reference}."
        )
    if not response.prepared:
        response.headers.update(HEADERS)
        response.headers["Cache-Control"] = "no-cache" if request.path.startswith("/static/") else "no-store"
    return response


def _problem(status: int, title: str, words: str) -> web.Response:
    return web.Response(status=status, text=PAGES.problem(title, words), content_type="text/html")


def _check_host(request: web.Request) -> None:
    try:
        named = urlsplit(f"//{request.headers.get('Host', '')}").hostname
    except ValueError:
        named = None
    if named not in LOCAL_NAMES:
        raise Problem(
            421, "This page has another address", "The practice desk answers to 127.0.0.1 and localhost only."
        )


def _check_origin(request: web.Request) -> None:
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    own = f"{request.scheme}://{request.headers['Host']}"
    if (site is None and origin is None) or site not in {None, "same-origin"} or origin not in {None, own}:
        raise Problem(403, "That came from another page", "Nothing was done. Only this page may send to this desk.")


async def alive(_: web.Request) -> web.Response:
    """Say that the desk is there, to whoever watches over it."""
    return web.Response(text="ok")
