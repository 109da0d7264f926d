"""The part of the small Slack that knows user groups, and files that are sent to it and taken back."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web

Thing = dict[str, Any]


def no(code: str) -> Thing:
    """A refusal, in Slack's words."""
    return {"ok": False, "error": code}


@dataclass
class SlackFile:
    """A file somebody sent to Slack: whole once it was completed, in one conversation."""

    id: str
    name: str
    length: int
    by: str
    raw: bytes = b""
    channel: str = ""
    deleted: bool = False
    created: float = 0.0
    """Seconds since 1970; long ago unless somebody says otherwise."""


@dataclass
class GroupsAndFiles:
    """User groups by id, and files."""

    groups: dict[str, Thing] = field(default_factory=dict)
    sent_files: dict[str, SlackFile] = field(default_factory=dict)
    _file_numbers: Any = field(default_factory=lambda: count(1))
    url: str = ""
    upload_host: str = ""

    def given_to(self, user: str) -> list[bytes]:
        """The files that stand in somebody's conversation with the bot."""
        files = self.sent_files.values()
        return [file.raw for file in files if file.channel == f"D{user}" and not file.deleted]

    def _usergroups_list(self, _: Thing, __: object) -> Thing:
        listed = [{"id": key, **{n: v for n, v in group.items() if n != "users"}} for key, group in self.groups.items()]
        return {"ok": True, "usergroups": listed}

    def _usergroups_users_list(self, asked: Thing, _: object) -> Thing:
        group = self.groups.get(asked["usergroup"])
        return no("no_such_subteam") if group is None else {"ok": True, "users": group["users"]}

    def _files_getUploadURLExternal(self, asked: Thing, team: Any) -> Thing:  # noqa: ANN401, N802 - a workspace; Slack's name
        made = SlackFile(f"F0{next(self._file_numbers)}", asked["filename"], int(asked["length"]), team.bot)
        self.sent_files[made.id] = made
        return {"ok": True, "file_id": made.id, "upload_url": f"{self.upload_host or self.url}/upload/{made.id}"}

    async def upload(self, request: web.Request) -> web.Response:
        """The bytes of a file, to the address that was given for them."""
        file = self.sent_files[request.match_info["file"]]
        file.raw = await request.read()
        return web.Response(status=200 if len(file.raw) == file.length else 400)

    def _files_completeUploadExternal(self, asked: Thing, _: object) -> Thing:  # noqa: N802 - Slack's name
        for one in asked["files"]:
            file = self.sent_files.get(one["id"])
            if file is None or not file.raw:
                return no("file_not_found")
            file.channel = asked.get("channel_id", "")
        return {"ok": True, "files": asked["files"]}

    def _files_list(self, asked: Thing, _: object) -> Thing:
        kept = [file for file in self.sent_files.values() if file.by == asked["user"] and not file.deleted]
        return {"ok": True, "files": [{"id": file.id, "user": file.by, "created": file.created} for file in kept]}

    def _files_delete(self, asked: Thing, _: object) -> Thing:
        file = self.sent_files.get(asked["file"])
        if file is None or file.deleted:
            return no("file_not_found")
        file.deleted = True
        return {"ok": True}
