"""The round: what is due is reminded of once, what is queued is delivered, what has expired goes.

The clock table is the queue. A round may run in any number of processes at any time; a crash in the middle needs no
recovery, because what was not finished falls due again.
"""

import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from pydantic import TypeAdapter

from bot.cards import Card, Identity, Submission
from bot.features import docket, standard_replies, standing, vacancy
from bot.people import Standing
from bot.policy.terms import Channel
from bot.ports import (
    AccountGone,
    Address,
    Message,
    MessageKind,
    MessageState,
    Messenger,
    NotPosted,
    OutcomeUnknown,
    PostedCard,
    Shelves,
    Store,
    TryLater,
    Vault,
    posted_nothing,
)
from bot.reading import calendar_of
from bot.refusal import Refusal
from bot.reminding import GATHER, plan
from bot.views import messages
from bot.work import Work

log = logging.getLogger("duenotice")

BATCH = 500
LEASE_SECONDS = 60
DRAFT_LIFE = timedelta(days=14)
HANDLED_LIFE = timedelta(days=90)
"""How long a repeat is known again: platforms redeliver for hours, and an old card may be pressed for weeks."""
THREAD_WAIT = 2.0
UPDATE_WAIT = 30.0
MOST_UPDATES = 10
SETTLE_WAIT = timedelta(minutes=1)
"""How long a message whose end nobody saw is left alone before it is looked for; then twice as long each time."""
LONGEST_WAIT = 4
"""Doublings of that wait: sixteen minutes."""
MOST_LOOKS = 700
"""Attempts after which a person has to look: a platform that was away for a week."""
PROGRAM = Identity(platform="program", tenant="", user="")
CARD = TypeAdapter(Card)


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What a round came to."""

    reminded: int = 0
    delivered: int = 0


class Rounds:
    """Runs the round over every library of a store."""

    def __init__(
        self,
        *,
        store: Store,
        vault: Vault,
        messengers: Sequence[Messenger],
        clock: Callable[[], datetime],
        told: Callable[[UUID], None] = lambda _: None,
    ) -> None:
        """``told`` hears, after it is kept, in which library anything was told: pages that show it may be stale."""
        self._store = store
        self._vault = vault
        self._messengers: Mapping[str, Messenger] = {messenger.platform: messenger for messenger in messengers}
        self._clock = clock
        self._told = told
        self._routines_done: set[tuple[UUID, str]] = set()

    async def run(self) -> Done:
        """Do everything that is due now."""
        now = self._clock()
        reminded = 0
        while claimed := await self._store.sweep(now, BATCH, lambda due, shelves: plan(due, shelves, now)):
            reminded += claimed
        for library in await self._store.libraries():
            await self._routine(library, now)
        return Done(reminded=reminded, delivered=await self.deliver())

    async def _routine(self, library: UUID, now: datetime) -> None:
        """Once a day when the library opens: the ledger's head, the week's message, and what expires."""
        day = await self._store.ask(library, lambda shelves: _open_day(shelves, now))
        if not day or (library, day) in self._routines_done:
            return
        await self._store.act(library, lambda shelves: routine(self._work(shelves, library), now))
        self._vault.expire(now - DRAFT_LIFE)
        self._routines_done.add((library, day))

    def _work(self, shelves: Shelves, library: UUID) -> Work:
        sent = Submission(library=str(library), intent="round", actor=PROGRAM, surface="channel")
        return Work(shelves=shelves, sent=sent, now=self._clock(), vault=self._vault)

    async def deliver(self) -> int:
        """Send what is queued and due; returns how many arrived."""
        arrived = 0
        while batch := await self._store.claim_messages(self._clock(), lease_seconds=LEASE_SECONDS, limit=20):
            for message in batch:
                with contextlib.suppress(Lost):
                    arrived += await self._send(message)
            for library in {message.library for message in batch}:
                self._told(library)
        return arrived

    async def _send(self, message: Message) -> bool:
        try:
            message, card, to, under = await self._prepare(message)
        except Refusal as no:
            return await self._end(replace(message, state=MessageState.FAILED, trouble=no.why))
        except Exception:
            log.exception("message %s could not be drawn", message.id)
            trouble = "It could not be drawn; the log says why."
            return await self._end(replace(message, state=MessageState.FAILED, trouble=trouble))
        try:
            posted = await self._post(message, card, to, under)
        except TryLater as later:
            wait = timedelta(seconds=later.seconds)
            trouble = posted_nothing(message.attempts)
            return await self._end(replace(message, next_at=self._clock() + wait, trouble=trouble))
        except NotPosted as no:
            if isinstance(no, AccountGone):
                await self._store.act(message.library, lambda shelves: self._gone(shelves, message, to))
            return await self._end(replace(message, state=MessageState.FAILED, trouble=str(no)))
        except OutcomeUnknown:
            return await self._end(self._unsettled(message, to))
        return await self._finish(message, card, to, posted)

    def _unsettled(self, message: Message, to: Address) -> Message:
        """A message whose end nobody saw: looked for later where looking settles it, else left to a person."""
        unknown = replace(message, trouble="It may or may not have arrived.")
        if self._messengers[to.platform].settles and message.attempts < MOST_LOOKS:
            wait = SETTLE_WAIT * 2 ** min(message.attempts - 1, LONGEST_WAIT)
            return replace(unknown, next_at=self._clock() + wait)
        return replace(unknown, state=MessageState.UNKNOWN)

    def _gone(self, shelves: Shelves, message: Message, to: Address) -> None:
        """Keep that an account is deactivated, found out by a message to it."""
        account = Identity(platform=to.platform, tenant=to.tenant, user=to.user)
        standing.change(account, Standing.DEACTIVATED, self._work(shelves, message.library))

    async def _post(self, message: Message, card: Card, to: Address, under: str) -> str:
        """Post or update; an earlier attempt whose end nobody saw is looked for before it is made again.

        :raises Lost: somebody else has it by now
        """
        if under == WAIT:
            raise TryLater(THREAD_WAIT)
        messenger = self._messengers.get(to.platform)
        if messenger is None:
            raise NotPosted(f"{to.platform} is not connected.")
        if message.kind is MessageKind.UPDATE:
            await self._hold(message)
            try:
                await messenger.update(to, under, card)
            except OutcomeUnknown as unknown:  # to say the same again changes nothing
                if message.attempts < MOST_UPDATES:
                    raise TryLater(UPDATE_WAIT) from unknown
                raise
            return under
        if message.in_doubt and (found := await messenger.find(to, message.key)):
            return found
        await self._hold(message)
        try:
            return await messenger.post(to, card, key=message.key, under=under)
        except OutcomeUnknown:
            if found := await messenger.find(to, message.key):
                return found
            raise

    async def _hold(self, message: Message) -> None:
        """Make sure that it is still ours to post: the messages before it may have taken longer than the lease.

        :raises Lost: another process has claimed it since
        """
        if not await self._store.hold_message(message, self._clock(), lease_seconds=LEASE_SECONDS):
            raise Lost

    async def _end(self, message: Message) -> bool:
        held = await self._store.finish_message(message)
        if held and message.state is not MessageState.QUEUED and message.kind is not MessageKind.TROUBLE:
            await self._store.act(
                message.library, lambda shelves: self._work(shelves, message.library).tell_of_trouble(message)
            )
        return False

    async def _prepare(self, message: Message) -> tuple[Message, Card, Address, str]:
        """Render at the first attempt and keep those bytes for every later one and as the receipt.

        An update shows the case as it stands at every attempt, or a late one would put back what was true before.
        """

        def prepare(shelves: Shelves) -> tuple[Message, Card, Address, str]:
            work = self._work(shelves, message.library)
            to, under = _where(message, work, tuple(self._messengers))
            if message.rendered is not None and message.kind is not MessageKind.UPDATE:
                return message, CARD.validate_json(message.rendered), to, under
            card = messages.render(message, work)
            return replace(message, rendered=CARD.dump_json(card)), card, to, under

        return await self._store.ask(message.library, prepare)

    async def _finish(self, message: Message, card: Card, to: Address, posted: str) -> bool:
        """Keep that a message arrived, where it stands and its event, all at once; false when it was not ours any more.

        A copy that an earlier attempt may have made could show what was true then, so it is brought up to date.
        """
        sent = replace(message, state=MessageState.SENT, sent_at=self._clock(), trouble="")

        def keep(shelves: Shelves) -> bool:
            held = shelves.messages.by_key(message.key)
            if held is None or (held.state, held.attempts) != (MessageState.QUEUED, message.attempts):
                return False
            shelves.messages.put(sent)
            work = self._work(shelves, message.library)
            if message.kind in {MessageKind.CASE, MessageKind.DIRECT}:
                shelves.messages.put_posted(
                    PostedCard(
                        id=uuid4(),
                        library=message.library,
                        about=message.about,
                        kind=message.kind,
                        address=to,
                        message=posted,
                        key=message.key,
                        channel=message.channel,
                        person=message.person,
                    )
                )
            case = "" if message.kind in ABOUT_NO_CASE else message.about
            work.append(
                action=f"told.{message.kind.value}",
                case=case,
                payload={
                    "key": message.key,
                    "to": [to.platform, to.channel, to.user],
                    "message": posted,
                    "reminders": [one.key for one in shelves.clocks.reminders(message.key)],
                },
                actor=False,
            )
            if case and (message.attempts > 1 or messages.render(message, work) != card):
                work.touch(case)
                work.close()
            return True

        return await self._store.act(message.library, keep)


ABOUT_NO_CASE = frozenset(
    {
        MessageKind.UPDATE,
        MessageKind.DAILY,
        MessageKind.HEAD,
        MessageKind.DOCKET,
        MessageKind.VACANCY,
        MessageKind.OFFICE,
    }
)


class Lost(Exception):  # noqa: N818 - no error: the message is in other hands
    """Another process has claimed a message since; it is theirs to send."""


WAIT = "\0wait"
"""Instead of a thread: its card is still on its way."""


def _where(message: Message, work: Work, platforms: Sequence[str]) -> tuple[Address, str]:
    """Where a message goes, and the thread or message it belongs to.

    :raises Refusal: no channel is set up for it, or the person is on none of the connected platforms
    """
    if message.kind is MessageKind.UPDATE:
        posted = messages.posted_card(message, work)
        return posted.address, posted.message
    if message.person is not None:
        person = work.person(message.person)
        if person.standing is not Standing.MEMBER:
            raise Refusal(f"{person.name}'s account in the chat is no member's any more, so nothing is sent to it.")
        identity = next((one for one in person.identities if one.platform in platforms), None)
        if identity is None:
            raise Refusal(f"{person.name} is in none of the connected chats and has to be told on paper.")
        return Address(platform=identity.platform, tenant=identity.tenant, user=identity.user), ""
    place = work.library.channels.get(message.channel) if message.channel else None
    if place is None:
        named = f"#{message.channel.value}" if message.channel else "a channel"
        raise Refusal(f"No channel is set up as {named}; an administrator can choose one in “setup”.")
    to = Address(platform=place.platform, tenant=place.tenant, channel=place.channel)
    if message.kind is not MessageKind.STEP:
        return to, ""
    roots = [posted for posted in work.shelves.messages.posted(message.about) if posted.address == to]
    if roots:
        return to, roots[0].message
    root = work.shelves.messages.by_key(f"case:{message.about}:{message.channel.value if message.channel else ''}")
    if root is not None and root.state is MessageState.FAILED:
        raise Refusal("The card it belongs under did not arrive; both are sent when that is mended.")
    return to, WAIT if root is not None and root.state is MessageState.QUEUED else ""


def _open_day(shelves: Shelves, now: datetime) -> str:
    """Today, if the library has opened today; empty otherwise."""
    calendar = calendar_of(shelves.registry.library())
    today = calendar.local_date(now)
    if calendar.why_closed(today) or now < calendar.moment(today, calendar.opens_at):
        return ""
    return today.isoformat()


def routine(work: Work, now: datetime) -> None:
    """Queue the day's head, who is missed to decide, and what a week or a month begins with; drop what has expired.

    Files go inside the library's act, so that no report can begin to retain one between the look and the removal.
    """
    day = work.today.isoformat()
    queue = work.shelves.messages.queue
    base = Message(
        id=uuid4(),
        library=work.library.id,
        key=f"head:{day}",
        kind=MessageKind.HEAD,
        about=day,
        next_at=now,
        channel=Channel.RECORDS,
    )
    if work.book.packs:
        queue(base)
        if messages.first_open_day_of_week(work.today, work):
            for channel in (Channel.SOCIAL_MEDIA, Channel.DECISIONS):
                queue(
                    replace(
                        base,
                        id=uuid4(),
                        key=f"daily:{channel.value}:{day}",
                        kind=MessageKind.DAILY,
                        next_at=now + GATHER,
                        channel=channel,
                    )
                )
    docket.tell_of_the_month(work)
    vacancy.tell_of_the_day(work)
    standard_replies.tell_of_the_week(work)
    work.shelves.book.expire_drafts(now - DRAFT_LIFE)
    work.shelves.book.expire_handled(now - HANDLED_LIFE)
    for sha in work.shelves.book.released_files():
        if not (work.shelves.incidents.uses_file(sha) or work.shelves.appeals.uses_file(sha)):
            work.vault.remove(work.library.id, sha)
        work.shelves.book.forget_released(sha)
