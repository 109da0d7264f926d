"""Teams' deliveries: proved, handled by the desk, and answered only after what they say is on disk.

botbuilder's turn runs on an aiohttp handler of our own. The package's own handler answers 500 to every invoke with a
body, its client rebuilds a list of codes for every turn and fetches a token for each with a blocking call, and its
proof of a token answers 500 where it means no; so proof, connections and tokens are ours (see ``proof``, ``connector``,
``credentials``), and the turn and its context are botbuilder's.
"""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from botbuilder.core import CloudAdapterBase, InvokeResponse, TurnContext
from botbuilder.schema import (
    Activity,
    ActivityTypes,
    Attachment,
    ChannelAccount,
    ConversationAccount,
    ConversationReference,
    ResourceResponse,
)
from botframework.connector.auth import AuthenticateRequestResult, BotFrameworkAuthentication, ClaimsIdentity
from typing_extensions import override

from adapters.deliveries import Deliveries
from adapters.teams import inbound
from adapters.teams.connector import Connector
from adapters.teams.proof import Claims, NotProved, Proof, Unreachable
from adapters.teams.settings import LOOPBACK, TeamsSettings
from bot.refusal import Refusal

__all__ = ["ADAPTIVE", "TeamsAdapter", "routes"]

log = logging.getLogger("duenotice.teams")

ADAPTIVE = "application/vnd.microsoft.card.adaptive"
CHANNEL_ID = "msteams"
MOST_BYTES = 1024 * 1024
BODY = "duenotice.body"
"""Where a turn carries the activity as Teams wrote it."""
ELSEWHERE = ("Forwarded", "X-Forwarded-For", "Origin")
"""Headers of a request that another computer sent through this one, or a page in a browser."""
NAMED = {"type": str, "channelId": str, "serviceUrl": str, "conversation": dict, "from": dict}

Answer = Mapping[str, Any]
Handle = Callable[[Mapping[str, Any]], Awaitable[Answer]]
HandleSince = Callable[[Mapping[str, Any], float], Awaitable[Answer]]
"""The same, with the second the activity arrived."""
KnowsTenant = Callable[[str], Awaitable[bool]]


class NotTaken(Exception):  # noqa: N818 - an answer to a caller
    """A delivery that is not taken: the status it is answered with, and why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Client:
    """What botbuilder calls a connector client, bound to one address; it speaks through our connector."""

    def __init__(self, connector: Connector, service_url: str, *, at_most: float) -> None:
        self._connector = connector
        self._service_url = service_url
        self._at_most = at_most
        self.conversations = self

    async def send_to_conversation(self, conversation: str, activity: Activity) -> ResourceResponse:
        """Post an activity; its receipt always has an id."""
        made = await self._connector.post(self._service_url, conversation, wired(activity), at_most=self._at_most)
        return ResourceResponse(id=made)

    async def update_activity(self, conversation: str, message: str, activity: Activity) -> ResourceResponse:
        """Replace an activity."""
        await self._connector.update(self._service_url, conversation, message, wired(activity), at_most=self._at_most)
        return ResourceResponse(id=message)


def wired(activity: Activity) -> dict[str, Any]:
    """A message as it travels: what we set, and nothing else."""
    said: dict[str, Any] = {"type": activity.type, "from": {"id": activity.from_property.id}}
    if activity.summary:
        said["summary"] = activity.summary
    if activity.text:
        said |= {"text": activity.text, "textFormat": "plain"}
    if activity.attachments:
        said["attachments"] = [_attached(one) for one in activity.attachments]
    if activity.suggested_actions:
        said["suggestedActions"] = activity.suggested_actions
    return said


def _attached(one: Attachment) -> dict[str, Any]:
    made = {"contentType": one.content_type, "content": one.content}
    named = {"name": one.name, "contentUrl": one.content_url}
    return made | {name: value for name, value in named.items() if value}


class Clients:
    """Makes clients; nothing is fetched or opened for one."""

    def __init__(self, connector: Connector, *, at_most: float) -> None:
        self._connector = connector
        self._at_most = at_most

    async def create(self, service_url: str, audience: str) -> Client:
        """A client for one address."""
        del audience
        return Client(self._connector, service_url, at_most=self._at_most)


class Door(BotFrameworkAuthentication):  # type: ignore[misc]  # botbuilder is untyped
    """What botbuilder calls authentication: ours has proved the caller before a turn begins."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    @override
    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:
        raise NotProved("every activity is proved before its turn")

    @override
    async def authenticate_streaming_request(
        self, auth_header: str, channel_id_header: str
    ) -> AuthenticateRequestResult:
        raise NotProved("nothing is streamed")

    @override
    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> Clients:
        return self._clients

    @override
    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> None:
        """Nobody signs in through the bot."""

    def proved(self, app_id: str) -> AuthenticateRequestResult:
        """What a turn begins with, for a caller that was proved."""
        result = AuthenticateRequestResult()
        result.claims_identity = ClaimsIdentity({"aud": app_id}, is_authenticated=True)
        result.connector_factory = self._clients
        return result


@dataclass(frozen=True, kw_only=True, slots=True)
class Receiving:
    """What a delivery is checked against and handled with."""

    settings: TeamsSettings
    proof: Proof
    knows_tenant: KnowsTenant
    handle: HandleSince
    now: Callable[[], float]


class TeamsAdapter(CloudAdapterBase):  # type: ignore[misc]  # botbuilder is untyped
    """Turns of botbuilder over our own proof and connections.

    It has no ``on_turn_error``: an error of a proactive turn must reach whoever counts the reminder as delivered.
    """

    def __init__(self, settings: TeamsSettings, connector: Connector, *, at_most: float) -> None:
        """``at_most`` is how many seconds a message may wait for its turn in a conversation."""
        self._door = Door(Clients(connector, at_most=at_most))
        super().__init__(self._door)
        self._settings = settings

    async def turn(self, body: Mapping[str, Any], handle: Handle) -> Answer | None:
        """One turn with an activity that was proved; gives the answer to an invoke."""

        async def logic(context: TurnContext) -> None:
            answer = await handle(context.turn_state[BODY])
            if context.activity.type == ActivityTypes.invoke:
                response = Activity(
                    type=ActivityTypes.invoke_response, value=InvokeResponse(status=200, body=dict(answer))
                )
                await self.send_activities(context, [response])

        async def begin(context: TurnContext) -> None:
            context.turn_state[BODY] = body
            await logic(context)

        proved = self._door.proved(self._settings.app_id)
        response = await self.process_activity(proved, _activity(body), begin)
        return response.body if response else None

    async def post(self, service_url: str, conversation: str, message: Mapping[str, Any]) -> str:
        """Post a message, proactively or not, and return the id Teams gave it.

        :raises TryLater, NotPosted, OutcomeUnknown: as the connector says
        """
        activity = self._message(conversation, message)
        receipts: list[ResourceResponse] = []

        async def say(context: TurnContext) -> None:
            receipts.extend(await self.send_activities(context, [activity]))

        await self.continue_conversation(self._reference(service_url, conversation), say, self._settings.app_id)
        return str(receipts[0].id)

    async def update(self, service_url: str, conversation: str, posted: str, message: Mapping[str, Any]) -> None:
        """Replace a message.

        :raises TryLater, NotPosted, OutcomeUnknown: as the connector says
        """
        activity = self._message(conversation, message)
        activity.id = posted

        async def say(context: TurnContext) -> None:
            await self.update_activity(context, activity)

        await self.continue_conversation(self._reference(service_url, conversation), say, self._settings.app_id)

    def _reference(self, service_url: str, conversation: str) -> ConversationReference:
        return ConversationReference(
            channel_id=CHANNEL_ID,
            service_url=service_url,
            bot=ChannelAccount(id=self._settings.bot),
            conversation=ConversationAccount(id=conversation),
        )

    def _message(self, conversation: str, said: Mapping[str, Any]) -> Activity:
        cards = [Attachment(content_type=ADAPTIVE, content=said["card"])] if "card" in said else None
        if file := said.get("file"):
            cards = [
                Attachment(
                    content_type=file["contentType"],
                    content=file["content"],
                    name=file["name"],
                    content_url=file.get("contentUrl"),
                )
            ]
        return Activity(
            type=ActivityTypes.message,
            from_property=ChannelAccount(id=self._settings.bot),
            conversation=ConversationAccount(id=conversation),
            summary=said.get("summary"),
            text=said.get("text"),
            attachments=cards,
            suggested_actions=said.get("suggested"),
        )


def _activity(body: Mapping[str, Any]) -> Activity:
    """The activity as far as botbuilder needs it; the rest is read from what Teams wrote."""
    conversation, sender = body["conversation"], body["from"]
    return Activity(
        type=body["type"],
        id=body.get("id"),
        name=body.get("name"),
        channel_id=body["channelId"],
        service_url=body["serviceUrl"],
        from_property=ChannelAccount(id=sender.get("id"), aad_object_id=sender.get("aadObjectId")),
        conversation=ConversationAccount(
            id=conversation.get("id"), conversation_type=conversation.get("conversationType")
        ),
        reply_to_id=body.get("replyToId"),
        value=body.get("value"),
        channel_data=body.get("channelData"),
    )


def routes(adapter: TeamsAdapter, receiving: Receiving) -> web.RouteTableDef:
    """The one route Teams sends to."""
    table = web.RouteTableDef()
    deliveries: Deliveries[Answer | None] = Deliveries(receiving.now)

    @table.post("/api/messages")
    async def messages(request: web.Request) -> web.Response:
        since = receiving.now()
        try:
            body = await _received(request, receiving)
        except NotTaken as no:
            log.warning("a delivery was not taken (%s): %s", no.status, no)
            return web.Response(status=no.status)
        answer = await deliveries.once(
            inbound.delivery(body), lambda: adapter.turn(body, lambda told: receiving.handle(told, since))
        )
        return web.Response(status=200) if answer is None else web.json_response(answer, dumps=_dumped)

    return table


def _dumped(said: object) -> str:
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace").decode()


async def _received(request: web.Request, receiving: Receiving) -> Mapping[str, Any]:
    """The activity of a request, once everything about it is proved.

    :raises NotTaken: it is not
    """
    claims = await _proved(request, receiving)
    body = await _read(request)
    if claims is not None:
        if body["channelId"] != CHANNEL_ID or CHANNEL_ID not in claims.channels:
            raise NotTaken(403, "the key does not speak for that channel")
        if body["serviceUrl"] != claims.service_url:
            raise NotTaken(403, "the serviceUrl is not the token's")
    if not receiving.settings.trusts(body["serviceUrl"]):
        raise NotTaken(403, "the serviceUrl is none of Microsoft's")
    tenant = inbound.tenant(body)
    try:
        known = bool(tenant) and await receiving.knows_tenant(tenant)
    except Refusal as no:
        raise NotTaken(503, f"the record cannot be reached: {no.why}") from no
    if not known:
        raise NotTaken(403, "the tenant has no library here")
    return body


async def _proved(request: web.Request, receiving: Receiving) -> Claims | None:
    """What the caller's token says; ``None`` for the test client, which has none.

    :raises NotTaken: the caller proves nothing
    """
    if not receiving.settings.app_id:
        if receiving.settings.development and not _from_elsewhere(request):
            return None
        raise NotTaken(401, "there are no credentials, and this did not come from a program on this computer")
    try:
        return await receiving.proof.of(request.headers.get("Authorization", ""))
    except NotProved as no:
        raise NotTaken(401, str(no)) from no
    except Unreachable as no:
        raise NotTaken(503, "the keys of Teams cannot be read") from no


def _from_elsewhere(request: web.Request) -> bool:
    return request.remote not in LOOPBACK or any(name in request.headers for name in ELSEWHERE)


async def _read(request: web.Request) -> Mapping[str, Any]:
    try:
        raw = await request.content.read(MOST_BYTES + 1)
        while len(raw) <= MOST_BYTES and (more := await request.content.read(MOST_BYTES + 1 - len(raw))):
            raw += more
        if len(raw) > MOST_BYTES:
            raise NotTaken(413, "a delivery larger than 1 MB")
        body = json.loads(raw)
    except (ValueError, RecursionError) as wrong:
        raise NotTaken(400, "a delivery that is no JSON") from wrong
    if not isinstance(body, dict):
        raise NotTaken(400, "a delivery that is no activity")
    missing = [name for name, kind in NAMED.items() if not isinstance(body.get(name), kind) or not body[name]]
    missing += [f"{name}.id" for name in ("conversation", "from") if name not in missing and not _has_id(body[name])]
    if missing:
        raise NotTaken(400, f"an activity without {', '.join(missing)}")
    return body


def _has_id(account: Mapping[str, Any]) -> bool:
    return isinstance(account.get("id"), str) and bool(account["id"])
