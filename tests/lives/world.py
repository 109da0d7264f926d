"""Two libraries with everybody in them, a chat that may fail, and a program that may die at any moment."""

import re
import zlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID, uuid4

from bot.cards import Button, Card, Field, FieldKind, Identity, OpenPage, Reply, Submission, Turn
from bot.desk import Desk
from bot.founding import Charter, Member, found
from bot.people import Person, Standing
from bot.policy.terms import Channel
from bot.ports import Shelves, Store
from bot.refusal import Refusal
from bot.rounds import Rounds
from bot.training import BOARD, CHARTER, MEMBERS, practised
from tests.fakes import FakeStore, FakeVault
from tests.lives.failing import Chat, Crash, MortalStore

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""Ten in the morning in Chicopee, on a working Monday."""

CHICOPEE = CHARTER.id
BIRCH = UUID("b14c0000-0000-4000-8000-000000000002")
TENANTS = {CHICOPEE: CHARTER.tenant, BIRCH: str(BIRCH)}

OTHER_CHARTER = Charter(
    id=BIRCH,
    name="Birch Public Library",
    pack="chicopee",
    platform="practice",
    tenant=str(BIRCH),
    members=tuple(Member(name=f"Birch {m.name}", user=m.user, roles=m.roles, edits=m.edits) for m in MEMBERS),
    accounts=(("Facebook", "Birch Library", ""), ("Instagram", "birchlibrary", "")),
    channels={channel: f"birch-{channel.value}" for channel in Channel},
    practices={"notice.removal": "not_told"},
    approved_by="the Board of Birch",
)
"""Another library in the same database, with the same user ids in a tenant of its own."""

SECRET = re.compile(r"zq[cb]\d+q")
"""What a person typed, marked so that it is known wherever it turns up, and whose library it is."""


OF_NO_PATRON = (
    *("docket.", "office.", "absence.", "reply.", "duty.", "permission.", "account."),
    *("speak.", "attorney.", "inspection.", "assignment."),
)
"""Forms about the library's own affairs, which say to name no patron: what is typed there is read by many."""
PLAIN = ("Summer reading", "Storytime", "Book sale")
NEUTRAL = {
    "zone": ("America/New_York", "America/Chicago", "Mars/Olympus"),
    "state": ("MA",),
    "meetings": ("2026-04-14",),
    "user": ("", "newcomer", "robin"),
    "value": ("15 days",),
}
"""What is typed into setup, where nothing is secret."""


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who sends something to a library, from an account that may not be one of its own."""

    library: UUID
    tenant: str
    user: str

    @property
    def identity(self) -> Identity:
        return Identity(platform="practice", tenant=self.tenant, user=self.user)


STAFF = tuple(Who(CHICOPEE, TENANTS[CHICOPEE], member.user) for member in (*MEMBERS, *BOARD) if member.user)
GUEST = Who(CHICOPEE, TENANTS[CHICOPEE], "gil")
NOBODY = Who(CHICOPEE, TENANTS[CHICOPEE], "mallory")
OUTSIDER = Who(CHICOPEE, TENANTS[BIRCH], "dana")
"""The Director of the other library, knocking at this one's door."""
THE_OTHERS = tuple(Who(BIRCH, TENANTS[BIRCH], user) for user in ("sam", "dana", "robin"))
EVERYBODY = (*STAFF, GUEST, NOBODY, OUTSIDER, *THE_OTHERS)


async def begin(store: Store) -> None:
    """Found both libraries; the first chose what its policy leaves silent, and has a guest on file.

    The number 1 is used up, because help and hints have it in their examples.
    """
    vault = FakeVault(now=lambda: MONDAY)
    for charter in (practised(), OTHER_CHARTER):
        await found(charter, store=store, vault=vault, now=MONDAY)
        for letter in "IBARDH":
            await store.act(charter.id, partial(_use_up, letter=letter))
    guest = Person(
        id=uuid4(), library=CHICOPEE, name="Gil Guest", identities=(GUEST.identity,), standing=Standing.GUEST
    )
    await store.act(CHICOPEE, lambda shelves: shelves.registry.put_person(guest))


def _use_up(shelves: Shelves, letter: str) -> int:
    return shelves.book.next_number(letter, MONDAY.year)


@dataclass
class World:
    """The program in the middle of its life, with everything anybody was ever shown."""

    kept: Store
    run: Callable[[Coroutine[Any, Any, Any]], Any]
    now: datetime = MONDAY
    chat: Chat = field(default_factory=Chat)
    buttons: list[tuple[UUID, Button]] = field(default_factory=list)
    pages: list[tuple[Who, OpenPage]] = field(default_factory=list)
    sent: list[tuple[Who, Submission]] = field(default_factory=list)
    last: dict[Who, Reply] = field(default_factory=dict)
    typed_by: dict[str, set[Who]] = field(default_factory=dict)
    handles: list[tuple[UUID, str]] = field(default_factory=list)
    links: list[tuple[UUID, str]] = field(default_factory=list)
    refs: dict[UUID, list[str]] = field(default_factory=dict)
    """The cases on file in each library, as whoever looks keeps them."""
    seen_posts: int = 0
    counted: int = 0

    def __post_init__(self) -> None:
        self.store = MortalStore(self.kept)
        self.vault = FakeVault(now=lambda: self.now)
        self.restart()

    def restart(self) -> None:
        """Start the program again: nothing is left of it but what is on disk."""
        self.store.calls_left = 0
        self.desk = Desk(store=self.store, vault=self.vault, clock=lambda: self.now)
        self.rounds = Rounds(store=self.store, vault=self.vault, messengers=(self.chat,), clock=lambda: self.now)

    def send(self, who: Who, sent: Submission) -> Reply:
        """Send something; a program that dies over it is started again, and the platform delivers it again."""
        self.sent.append((who, sent))
        try:
            reply: Reply = self.run(self.desk(sent))
        except Crash:
            self.restart()
            reply = self.run(self.desk(sent))
        self._remember(who, reply)
        return reply

    def say(self, who: Who, text: str) -> tuple[Submission, Reply]:
        """Type something to the bot."""
        for word in SECRET.findall(text):
            self.typed_by.setdefault(word, set()).add(who)
        sent = Submission(library=str(who.library), intent="say", actor=who.identity, values={"text": (text,)})
        return sent, self.send(who, sent)

    def press(self, who: Who, button: Button) -> tuple[Submission, Reply]:
        """Press a button, whoever it was shown to."""
        sent = Submission(
            library=str(who.library),
            intent=button.intent,
            subject=button.subject,
            version_seen=button.version or None,
            token=button.token,
            actor=who.identity,
        )
        return sent, self.send(who, sent)

    def fill(
        self, who: Who, page: OpenPage, whim: Random, *, turn: Turn = Turn.NEXT, wild: float = 0.1
    ) -> tuple[Submission, Reply]:
        """Fill a page in, mostly with what makes sense, and send it."""
        values = {
            one.name: self._answer(who, page, one, whim, wild) for one in page.page.fields if whim.random() > wild / 3
        }
        sent = Submission(
            library=str(who.library),
            intent=page.intent,
            subject=page.subject,
            token=page.token,
            page=page.number,
            turn=turn,
            values=values,
            actor=who.identity,
        )
        for word in SECRET.findall(repr(values)):
            self.typed_by.setdefault(word, set()).add(who)
        return sent, self.send(who, sent)

    def round(self) -> bool:
        """Make the round; ``False`` when the program died over it and was started again."""
        try:
            self.run(self.rounds.run())
        except Crash:
            self.restart()
            return False
        finally:
            for post in self.chat.posts[self.seen_posts :]:
                library = next(one for one, tenant in TENANTS.items() if tenant == post.to.tenant)
                self.buttons += [(library, button) for button in buttons_of(post.card)]
            self.seen_posts = len(self.chat.posts)
        return True

    def everything(self, library: UUID) -> str:
        """All that is kept of a library in memory but what somebody is in the middle of typing; else nothing."""
        if not isinstance(self.kept, FakeStore):
            return ""
        memory = self.kept.memory
        shelves = [vars(memory)[name] for name in vars(memory) if name != "drafts"]
        return repr([one for shelf in shelves for key, one in shelf.items() if library in _flat(key)])

    def secret(self, library: UUID) -> str:
        """A word nobody has typed before."""
        self.counted += 1
        return f"zq{'c' if library == CHICOPEE else 'b'}{self.counted}q"

    def _remember(self, who: Who, reply: Reply) -> None:
        self.last[who] = reply
        for card in reply.cards:
            self.buttons += [(who.library, button) for button in buttons_of(card)]
        if reply.page is not None:
            self.pages.append((who, reply.page))

    def _answer(self, who: Who, page: OpenPage, asked: Field, whim: Random, wild: float) -> tuple[str, ...]:
        if asked.name not in {"done_on", "mine"} and asked.initial and whim.random() < 0.3:
            return asked.initial
        if whim.random() < wild:
            return whim.choice([(), ("",), ("nonsense",), ("2027-02-30",), (f"{self.now:%Y}-12-31",), ("x" * 4000,)])
        options = [option.value for option in asked.options]
        answers: tuple[str, ...]
        match asked.kind:
            case FieldKind.CHOICE | FieldKind.PERSON:
                answers = (self._choice(asked, options, whim),) if options else ()
            case FieldKind.CHOICES:
                answers = tuple(whim.sample(options, min(len(options), whim.choice((1, 1, 2)))))
            case FieldKind.YES_NO:
                rarely = {"child_abuse", "about_director"}
                answers = ("yes" if whim.random() < (0.08 if asked.name in rarely else 0.6) else "no",)
            case FieldKind.DATE:
                answers = self._day(asked, whim)
            case FieldKind.FILE:
                answers = self._picture(who, page, whim)
            case FieldKind.TEXT | FieldKind.LONG_TEXT:
                answers = (self._words(who, page, asked, whim),)
        return answers

    def _choice(self, asked: Field, options: list[str], whim: Random) -> str:
        if asked.name == "track" and whim.random() < 0.6:
            return "violation"
        if asked.name == "outcome" and "removed" in options and whim.random() < 0.5:
            return "removed"
        if asked.name in {"way", "seen"} and whim.random() < 0.5:
            return next((one for one in ("memos", "yes") if one in options), options[0])
        return whim.choice(options)

    def _day(self, asked: Field, whim: Random) -> tuple[str, ...]:
        if asked.name.startswith("early_") and whim.random() < 0.8:
            return ()
        days = whim.choice((0, 0, 0, 1, 2, 30)) if asked.latest else whim.choice((0, 1, -1, 7, -10))
        return ((self.now.date() - timedelta(days=days)).isoformat(),)

    def _picture(self, who: Who, page: OpenPage, whim: Random) -> tuple[str, ...]:
        if whim.random() < 0.5:
            return ()
        raw = b"\x89PNG\r\n\x1a\n" + whim.choice((b"one", b"two", b"three"))
        try:
            value: str = self.run(self.desk.keep_file(str(who.library), page.token, raw, "screen.png"))
        except Refusal:
            return ()
        except Crash:
            self.restart()
            return ()
        return (value,)

    def _words(self, who: Who, page: OpenPage, asked: Field, whim: Random) -> str:
        if page.intent.startswith(OF_NO_PATRON):
            return whim.choice(PLAIN)
        if asked.name in {"against", "block"} or (asked.name, page.intent) == ("which", "hold.place"):
            acts = [ref for ref in self.refs.get(who.library, []) if ref[:2] in {"I-", "B-"}]
            return whim.choice(("", *acts[-4:])) if "eference" in asked.label else self._held(who, asked, whim)
        ours = asked.name == "host_post" or asked.label == "Our post"  # its title is no secret: channels name it
        if page.intent.startswith(("setup", "delegate")) or ours:
            return whim.choice(NEUTRAL.get("value" if page.intent == "setup.practice" else asked.name, PLAIN))
        match asked.name:
            case "links":
                mine = [link for library, link in self.links if library == who.library]
                said = whim.choice(mine) if mine and whim.random() < 0.3 else f"https://fb.example/{self._new(who)}"
                self.links.append((who.library, said))
            case "handles" | "first" | "second" | "value":
                handle = self.handle(who.library, whim)
                said = whim.choice((f"@{handle}", f"Facebook: @{handle}", f"Instagram: @{handle}"))
            case _:
                said = f"It says {self._new(who)} here"
        return said

    def handle(self, library: UUID, whim: Random) -> str:
        """A handle on file, or a new one."""
        mine = [handle for of, handle in self.handles if of == library]
        if mine and whim.random() < 0.5:
            return whim.choice(mine)
        self.handles.append((library, handle := self.secret(library)))
        return handle

    def _held(self, who: Who, asked: Field, whim: Random) -> str:
        """What a hold may be placed on besides a case: an author, or a topic."""
        return f"@{self.handle(who.library, whim)}" if "handle" in asked.label else whim.choice(PLAIN)

    def _new(self, who: Who) -> str:
        return self.secret(who.library)


def _flat(key: object) -> tuple[object, ...]:
    return key if isinstance(key, tuple) else (key,)


def buttons_of(card: Card) -> list[Button]:
    """Every button of a card, those of its table too."""
    rows = card.table.rows if card.table else ()
    return [*card.buttons, *(button for row in rows for button in row.buttons)]


def again(sent: Submission) -> Submission:
    """The same submission, delivered once more under another name."""
    return replace(sent, delivery_id=f"again-{zlib.crc32(repr(sent).encode())}")
