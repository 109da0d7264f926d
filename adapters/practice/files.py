"""What the practice desk hands to one player as a file, each time asked of the desk: pictures and documents."""

from urllib.parse import quote

from aiohttp import web

from adapters.practice.guard import Problem
from adapters.practice.inbound import Desk
from bot.cards import Identity
from bot.refusal import Refusal

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


async def picture(request: web.Request, desk: Desk, library: str, actor: Identity) -> web.Response:
    """A retained picture, if the desk says that this player may see it."""
    case, sha256 = request.match_info["case"], request.match_info["sha256"]
    try:
        raw, kind = await desk.picture(library, actor, case, sha256)
    except Refusal as no:
        raise Problem(403, "This picture is not shown", no.why) from no
    if kind not in PICTURES:
        raise Problem(404, "This picture is not shown", "It is of a kind that no browser should open.")
    return web.Response(body=raw, content_type=kind, headers={"Content-Disposition": "inline"})


async def document(request: web.Request, desk: Desk, library: str, actor: Identity) -> web.Response:
    """A document about a case as a download, if the desk gives it to this player."""
    case, name = request.match_info["case"], request.match_info["name"]
    try:
        made = await desk.document(library, actor, case, name)
    except Refusal as no:
        raise Problem(403, "This document is not given out", no.why) from no
    saved_as = f"attachment; filename*=UTF-8''{quote(made.name, safe='')}"
    return web.Response(body=made.raw, content_type=made.media_type, headers={"Content-Disposition": saved_as})
