"""A library with its people, as they use it: they say words, press buttons by what is written on them, fill pages.

``Somebody`` only presses what is shown and only fills what is asked, so a test cannot do what a person could not.
Texts that must never leave a private answer begin with one of the ``SECRETS``; ``House.check`` looks for them.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.cards import (
    Button,
    Card,
    Document,
    Field,
    FieldKind,
    File,
    Identity,
    OpenPage,
    Page,
    Reply,
    Submission,
    Turn,
)
from bot.cases.block import Block
from bot.cases.clock import Clock
from bot.cases.disposal import Certificate
from bot.cases.incident import Incident
from bot.clocks.calendar import Calendar
from bot.desk import Desk
from bot.founding import Charter, Member, found
from bot.people import Person
from bot.policy.terms import Channel, Role
from bot.ports import Messenger, Shelves, Store, Vault
from bot.reading import calendar_of
from bot.records.ledger import payload_holds, verify
from bot.rounds import Rounds
from bot.training import CHARTER, LIBRARY, TITLES
from storage.vault import FolderVault
from tests.fakes import FakeStore
from tests.messenger import FakeMessenger, Posted

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""Monday 2 March 2026, ten in the morning in Chicopee."""
TODAY = date(2026, 3, 2)
ZONE = ZoneInfo("America/New_York")

HANDLE = "@quibbleworth"
WORDS = "snollygoster pills, cheap today"
WHY = "flibbertigibbet: it sells pills under our story hour"
LINK = "https://facebook.com/chicopeelibraryma/posts/tatterdemalion"
PLEA = "quibbling is no crime: please put my comment back"
PATRON = "Tatterdemalion Jones, 3 Elm Street"
SECRETS = ("quibble", "snolly", "flibber", "tatter")
"""Handles, content, reasons and links of the tests begin like this, and none may stand in a channel or a header."""

PICTURE = b"\x89PNG\r\n\x1a\n" + b"snollygoster in a picture"

BIRCH = UUID("b14c4000-0000-4000-8000-000000000002")
BIRCH_CHARTER = Charter(
    id=BIRCH,
    name="Birch Public Library",
    pack="chicopee",
    platform="practice",
    tenant=str(BIRCH),
    members=(
        Member(name="Birch Administrator", user="birch-admin", roles=(Role.ADMINISTRATOR, Role.REPORTER)),
        Member(name="Birch Editor", user="birch-editor", roles=(Role.EDITOR, Role.REPORTER), edits=("Facebook",)),
        Member(name="Birch Director", user="birch-director", roles=(Role.DIRECTOR, Role.REPORTER)),
    ),
    accounts=(("Facebook", "Birch Public Library", "https://facebook.com/birch"),),
    channels={channel: f"birch-{channel.value}" for channel in Channel},
    practices={"notice.removal": "not_told", "notice.block": "not_told"},
    approved_by="the Birch board",
)

T = TypeVar("T")
Answer = str | Iterable[str]


class Time:
    """What time it is in the test. It stands still until somebody acts or lets time pass."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def later(self, **much: float) -> None:
        """Let time pass."""
        self.at += timedelta(**much)

    def local(self, day: date, hour: int, minute: int = 0) -> None:
        """Go to a local time of day in Chicopee."""
        self.at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).astimezone(UTC)


@dataclass(frozen=True)
class Event:
    """One entry of the ledger, opened."""

    header: Mapping[str, Any]
    payload: Mapping[str, Any]

    @property
    def what(self) -> str:
        """The action, and the record it is about."""
        return " ".join(part for part in (self.header["action"], self.header["record"]) if part)


@dataclass
class House:
    """Chicopee's library on a store, with Birch's beside it."""

    store: Store
    vault: Vault
    time: Time
    messenger: FakeMessenger
    people: dict[str, "Somebody"] = field(default_factory=dict)
    library: UUID = LIBRARY

    def __post_init__(self) -> None:
        self.open()

    def open(self, messenger: Messenger | None = None) -> None:
        """Start the program anew over what is on disk."""
        self.desk = Desk(store=self.store, vault=self.vault, clock=self.time)
        self.rounds = Rounds(
            store=self.store, vault=self.vault, messengers=(messenger or self.messenger,), clock=self.time
        )

    def elsewhere(self, store: Store, vault: Vault) -> "House":
        """The same people and the same chat, at the same time, over another record."""
        return House(store=store, vault=vault, time=self.time, messenger=self.messenger)

    def __getattr__(self, user: str) -> "Somebody":
        """Whoever uses this account; ``house.sam`` is the editor."""
        if user not in TITLES:
            raise AttributeError(user)
        return self.somebody(user)

    def somebody(self, user: str, *, library: UUID = LIBRARY, tenant: str = "") -> "Somebody":
        """Whoever uses this account."""
        identity = Identity(platform="practice", tenant=tenant or str(library), user=user)
        return self.people.setdefault(f"{library} {identity.tenant} {user}", Somebody(self, identity, library))

    # -- time ----------------------------------------------------------------------------------------------------

    async def deliver(self) -> None:
        """Make the round now, and again when what waits for the morning's gathering is due."""
        await self.rounds.run()
        self.time.later(minutes=2)
        await self.rounds.deliver()

    async def pass_days(self, days: int) -> None:
        """Let days pass, with each day's round a little after the library opens."""
        today = self.time.at.astimezone(ZONE).date()
        for passed in range(1, days + 1):
            self.time.local(today + timedelta(days=passed), 9, 2)
            await self.deliver()

    async def jump_to(self, day: date) -> None:
        """Be away until a day, and make that day's round as the library opens."""
        self.time.local(day, 9, 2)
        await self.deliver()

    async def go_to(self, day: date) -> None:
        """Let the days pass up to this one."""
        await self.pass_days((day - self.time.at.astimezone(ZONE).date()).days)

    # -- what is kept --------------------------------------------------------------------------------------------

    async def look(self, at: Callable[[Shelves], T]) -> T:
        """Look something up in what is kept."""
        return await self.store.ask(self.library, at)

    async def incident(self, ref: str) -> Incident:
        found = await self.look(lambda shelves: shelves.incidents.by_ref(ref))
        assert isinstance(found, Incident)
        return found

    async def block(self, ref: str) -> Block:
        found = await self.look(lambda shelves: shelves.blocks.by_ref(ref))
        assert found is not None
        return found

    async def clocks(self, ref: str) -> dict[str, Clock]:
        """The clocks of a case by name, without those of tasks."""
        found = await self.look(lambda shelves: shelves.clocks.of_case(ref))
        return {clock.name: clock for clock in found if not clock.name.startswith("task.")}

    async def tasks(self, ref: str) -> list[tuple[str, str]]:
        """What was asked about a case: (kind, state), in the order it was asked."""
        found = await self.look(lambda shelves: shelves.tasks.of_case(ref))
        return [(task.kind.value, task.state.value) for task in sorted(found, key=lambda task: task.opened_at)]

    async def person(self, name: str) -> Person:
        found = await self.look(lambda shelves: shelves.registry.people())
        return next(person for person in found if person.name.startswith(name))

    async def account(self, platform: str) -> UUID:
        found = await self.look(lambda shelves: shelves.registry.accounts())
        return next(account.id for account in found if account.platform == platform)

    async def calendar(self) -> Calendar:
        library = await self.look(lambda shelves: shelves.registry.library())
        return calendar_of(library)

    async def mark(self) -> int:
        """The end of the ledger, for ``since``."""
        return (await self.look(lambda shelves: shelves.book.head())).seq

    async def since(self, mark: int = 0, *, case: str = "", library: UUID | None = None) -> list[Event]:
        """The ledger's entries after a mark, about one case or about everything."""
        entries = await self.store.ask(
            library or self.library, lambda shelves: shelves.book.entries(after=mark, limit=1_000_000)
        )
        events = []
        disposed: dict[str, bool] = {}
        for entry in entries:
            header = json.loads(entry.header)
            if entry.payload is None or entry.salt is None:
                assert (entry.payload, entry.salt) == (None, None)
                about = header["case"]
                if about not in disposed:
                    disposed[about] = await self._disposed(about, library or self.library)
                assert disposed[about], header
            else:
                assert payload_holds(commitment=entry.commitment, payload=entry.payload, salt=entry.salt)
            event = Event(header=header, payload=json.loads(entry.payload or b"{}"))
            if case in {"", event.header["case"]}:
                events.append(event)
        return events

    async def _disposed(self, case: str, library: UUID) -> bool:
        """Test whether what an entry says may be gone: its record was disposed of, or went with one that was."""
        if case and not case.startswith("H-"):
            return await self.store.ask(library, lambda shelves: shelves.docket.tombstone(case)) is not None
        disposals = await self.store.ask(library, lambda shelves: shelves.docket.recent(1_000))
        return any(isinstance(one, Certificate) for one in disposals)

    async def acts_since(self, mark: int, *, case: str = "") -> list[str]:
        """What was done after a mark, in the ledger's words."""
        return [event.what for event in await self.since(mark, case=case)]

    # -- what is shown -------------------------------------------------------------------------------------------

    @property
    def posted(self) -> list[Posted]:
        """Everything the program told Chicopee, in channels and in person."""
        return [posted for posted in self.messenger.posts if posted.to.tenant == CHARTER.tenant]

    def told(self, user: str) -> list[Posted]:
        """What one person was told in person."""
        return self.messenger.to_user(user)

    def channel(self, name: str) -> list[Posted]:
        """What a channel of Chicopee shows."""
        return self.messenger.in_channel(name, tenant=CHARTER.tenant)

    def cards(self, name: str) -> list[str]:
        """The titles of what a channel shows now."""
        return [posted.card.title for posted in self.channel(name)]

    async def check(self) -> None:
        """What holds after anything people may have done.

        The chains verify; no header and no card the program pushed holds a handle, content, a link or a reason; the
        same message was never posted twice; nothing of Birch was shown at Chicopee or the other way round.
        """
        for library in (LIBRARY, BIRCH):
            head, flaw = await self.store.chain(library, verify)
            assert flaw is None
            assert head.seq > 0
            for event in await self.since(library=library):
                said = json.dumps(event.header).casefold()
                assert not [secret for secret in SECRETS if secret in said], said
        for posted in self.messenger.posts:
            for card in posted.cards:
                said = shown(Reply(cards=(card,))).casefold() + repr(card).casefold()
                assert not [secret for secret in SECRETS if secret in said], said
                assert ("birch" in said) <= (posted.to.tenant == str(BIRCH)), said
                assert ("chicopee" in said) <= (posted.to.tenant != str(BIRCH)), said
        once = [(posted.to, posted.key) for posted in self.messenger.posts]
        assert len(once) == len(set(once)), [one for one in once if once.count(one) > 1]
        for somebody in self.people.values():
            for reply in somebody.seen:
                said = shown(reply).casefold()
                assert ("birch" in said) <= (somebody.library == BIRCH), said


@dataclass
class Somebody:
    """One account, with what it was last shown.

    ``taps`` counts what a thumb does: a button, a choice, a tick, a page sent. ``typed`` names the fields that were
    written into.
    """

    house: House
    identity: Identity
    library: UUID
    seen: list[Reply] = field(default_factory=list)
    taps: int = 0
    typed: list[str] = field(default_factory=list)

    @property
    def reply(self) -> Reply:
        """What is before them."""
        return self.seen[-1]

    @property
    def page(self) -> OpenPage:
        """The open page before them."""
        page = self.reply.page
        assert page is not None, shown(self.reply)
        return page

    @property
    def ref(self) -> str:
        """The case the last answer is about."""
        return self.reply.about

    async def sends(self, sent: Submission) -> Reply:
        """Send anything at all, as any client could."""
        reply = await self.house.desk(replace(sent, actor=self.identity, library=str(self.library)))
        assert all(card.title != "Something went wrong here" for card in reply.cards), f"a bug in {sent.intent}"
        self.seen.append(reply)
        self.house.time.later(seconds=10)
        return reply

    async def says(self, words: str, *, surface: str = "private") -> Reply:
        """Type words to the bot."""
        where: Any = surface
        return await self.sends(self._submission("say", values={"text": (words,)}, surface=where))

    async def presses(self, label: str, *, case: str = "") -> Reply:
        """Press a button that is shown, by what is written on it; in a list, in the line of a case."""
        return await self.press(self.button(label, case=case))

    async def presses_in(self, channel: str, label: str, *, about: str) -> Reply:
        """Press a button of a case's card in a channel."""
        cards = [posted.card for posted in self.house.channel(channel) if about in posted.card.title]
        assert cards, f"{channel} shows nothing about {about}: {self.house.cards(channel)}"
        return await self.press(_find(label, Reply(cards=(cards[0],))), surface="channel")

    async def press(self, button: Button, *, surface: str = "private") -> Reply:
        """Press a button that was kept, such as one on a card that has grown old."""
        self.taps += 1
        where: Any = surface
        return await self.sends(
            self._submission(
                button.intent,
                subject=button.subject,
                version_seen=button.version or None,
                token=button.token,
                surface=where,
            )
        )

    def button(self, label: str, *, case: str = "") -> Button:
        """A button that is shown."""
        return _find(label, self.reply, case=case)

    def sees(self, label: str, *, case: str = "") -> bool:
        """Test whether a button is shown."""
        return any(button.label.startswith(label) for button in _buttons(self.reply, case=case))

    def filled(self, answers: Mapping[str, Answer]) -> dict[str, tuple[str, ...]]:
        """The open page with these answers; choices are named by what is written on them."""
        asked = {field.name: field for field in self.page.page.fields}
        assert set(answers) <= set(asked), f"{set(answers) - set(asked)} is not asked; only {sorted(asked)}"
        values = {name: tuple(self.page.values.get(name, ())) for name in asked}
        for name, answer in answers.items():
            given = (answer,) if isinstance(answer, str) else tuple(answer)
            values[name] = tuple(_chosen(asked[name], one) for one in given)
            if asked[name].kind in {FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.DATE}:
                self.typed += [name] if any(given) else []
            else:
                self.taps += len(given)
        return values

    async def fills(self, **answers: Answer) -> Reply:
        """Fill in the open page and send it."""
        return await self.turns(Turn.NEXT, **answers)

    async def turns(self, turn: Turn, **answers: Answer) -> Reply:
        """Fill in the open page and go on, back, or out."""
        page = self.page
        values = self.filled(answers)
        self.taps += 1
        return await self.sends(
            self._submission(
                page.intent, subject=page.subject, token=page.token, page=page.number, values=values, turn=turn
            )
        )

    def sending(self, **answers: Answer) -> Submission:
        """The open page filled in, to be sent when and as often as the test wants."""
        page = self.page
        return self._submission(
            page.intent, subject=page.subject, token=page.token, page=page.number, values=self.filled(answers)
        )

    async def attaches(self, raw: bytes = PICTURE, name: str = "screen.png") -> str:
        """Add a file to the open page; returns what the file field then holds."""
        return await self.house.desk.keep_file(str(self.library), self.page.token, raw, name)

    def document(self, label: str) -> Document:
        """What hands over a document that is shown, by what is written on it."""
        shown = [one for card in self.reply.cards for one in card.documents]
        found = [one for one in shown if one.label == label]
        assert found, f"nothing hands over {label!r}; only {[one.label for one in shown]}"
        return found[0]

    async def takes(self, document: Document) -> File:
        """Press what hands over a document; returns what they are given.

        :raises Refusal: with what they are told instead
        """
        return await self.house.desk.document(str(self.library), self.identity, document.case, document.name)

    def _submission(self, intent: str, **said: Any) -> Submission:  # noqa: ANN401 - the fields of a submission
        return Submission(library=str(self.library), intent=intent, actor=self.identity, **said)

    # -- what people do every day --------------------------------------------------------------------------------

    async def begins_report(self, track: str = "May break a rule") -> Reply:
        """Open a report and answer its first page."""
        await self.says("report")
        return await self.fills(track=track, child_abuse="no")

    async def reports(
        self,
        *,
        track: str = "May break a rule",
        account: str = "Facebook",
        links: str = LINK,
        text: str = WORDS,
        outcome: str = "Left up",
        **more: Answer,
    ) -> str:
        """Report something that stays, is gone, or should be looked at; returns the reference."""
        await self.begins_report(track)
        await self.fills(account=account, links=links, text=text, outcome=outcome, **more)
        assert self.reply.page is None, shown(self.reply)
        return self.ref

    async def removes(
        self,
        *,
        account: str = "Facebook",
        links: str = LINK,
        text: str = WORDS,
        outcome: str = "Removed",
        clauses: Answer = "Advertising",
        observations: Answer = ("sells or advertises",),
        handles: str = HANDLE,
        track: str = "May break a rule",
        item: Mapping[str, Answer] | None = None,
        **more: Answer,
    ) -> str:
        """Report something that was or should be taken down; returns the reference."""
        await self.begins_report(track)
        await self.fills(account=account, links=links, text=text, outcome=outcome, **(item or {}))
        await self.fills(clauses=clauses, observations=observations, handles=handles, **more)
        await self.answers_first()
        assert self.reply.page is None, shown(self.reply)
        return self.ref

    def says_which(self) -> dict[str, Answer]:
        """What the open page asks where two rules pull apart, of protected speech or of complaints, if it does."""
        about = {"protected", "rests_on_complaint"}
        asked = [one for one in self.page.page.fields if one.name.startswith("tie_") or one.name in about]
        return {one.name: _usual(one) for one in asked}

    async def answers_first(self, **answers: Answer) -> Reply:
        """Answer what is asked before something comes down, if anything is: the same for praise, the first rule."""
        if self.reply.page is None or self.reply.page.page.title != "Before it comes down":
            return self.reply
        asked = {one.name: one for one in self.page.page.fields if one.required}
        usual = {name: _usual(one) for name, one in asked.items()}
        return await self.fills(**{**usual, **answers})

    async def reports_conduct(
        self,
        *,
        track: str = "Conduct of staff",
        where: str = "On an account of the library",
        about_director: str = "no",
        public_concern: str = "No",
        item: Mapping[str, Answer] | None = None,
        **more: Answer,
    ) -> str:
        """Report the conduct of staff or of a trustee, in confidence; returns the reference."""
        await self.begins_report(track)
        staff: dict[str, Answer] = {"about_director": about_director} if track == "Conduct of staff" else {}
        if "several" in {one.name for one in self.page.page.fields}:
            more = {"several": "no", **more}
        await self.fills(where=where, public_concern=public_concern, **staff, **more)
        if self.reply.page is not None:
            ours: dict[str, Answer] = {"account": "Facebook"} if where.startswith("On an account") else {}
            await self.fills(**{**ours, "links": LINK, "text": WORDS, **(item or {})})
        assert self.reply.page is None, shown(self.reply)
        return self.ref

    async def asks_for_block(
        self,
        *,
        handles: str = f"Facebook: {HANDLE}",
        accounts: Answer = "Facebook",
        grounds: Answer = "Repeated breaches",
        reason: str = WHY,
        early: Mapping[str, str] | None = None,
        **support: Answer,
    ) -> str:
        """Ask for a block; returns the reference."""
        await self.says("block")
        first: dict[str, Answer] = {"handles": handles, "accounts": accounts, "grounds": grounds}
        for platform, day in (early or {}).items():
            first[f"early_{await self.house.account(platform)}"] = day
        await self.fills(**first)
        await self.fills(**{**self.says_which(), "reason": reason, **support})
        assert self.reply.page is None, shown(self.reply)
        return self.ref

    async def approves(self, ref: str, *, reason: str = WHY, label: str = "Approve") -> Reply:
        """Decide for a block that waits on the home page."""
        await self.says("home")
        await self.presses(label, case=ref)
        return await self.fills(reason=reason)

    async def files_appeal(self, against: str = "", *, words: str = PLEA, sender: str = PATRON, **more: Answer) -> str:
        """Put a patron's written appeal on file; returns the reference."""
        await self.says("appeal log")
        await self.fills(words=words, sender=sender, against=against, **more)
        assert self.reply.page is None, shown(self.reply)
        return self.ref

    async def proposes_disposal(self, *refs: str, authority: str = "RCB-2027-14") -> str:
        """Propose records of the disposal list (all of it, if none is named); returns the reference."""
        await self.says("dispose")
        chosen: dict[str, Answer] = {"records": refs} if refs else {}
        await self.fills(**chosen, authority=authority, reason="their time is up")
        assert self.reply.page is None, shown(self.reply)
        return self.ref

    async def confirms_disposal(self, ref: str, **answers: Answer) -> Reply:
        """Open a proposal and confirm it."""
        await self.says(f"show {ref}")
        await self.presses("Confirm")
        if self.reply.page is None:
            return self.reply
        return await self.fills(**{"seen": "yes", **answers})

    async def holds(self, which: str, *, scope: str = "One case", cause: str = "A lawsuit") -> str:
        """Place a hold; returns the reference."""
        await self.says("hold")
        await self.fills(scope=scope, cause=cause)
        await self.fills(which=which)
        await self.fills(reason="counsel asked for it")
        assert self.reply.page is None, shown(self.reply)
        return self.ref

    async def releases(self, ref: str) -> Reply:
        """Release a hold."""
        await self.says(f"show {ref}")
        await self.presses("Release")
        return await self.fills(because="it is settled")

    async def tells_nobody(self, ref: str) -> Reply:
        """Keep that the person is not told of what was done."""
        await self.says(f"notice {ref}")
        return await self.fills(telling="No", why_not="it was spam")

    async def confirms(self, ref: str, *, on: date | None = None, account: str = "") -> Reply:
        """Confirm, as an editor, what was done: today, or on an earlier day."""
        await self.says("home")
        where = f" on {account}" if account else ""
        if on is None:
            return await self.presses(f"Done today{where}", case=ref)
        await self.presses(f"Done earlier{where}", case=ref)
        return await self.fills(done_on=on.isoformat())


def _usual(asked: Field) -> str:
    if asked.name in {"protected", "rests_on_complaint", "litigation"} or asked.name.startswith("veto_"):
        return "no"
    if asked.kind is FieldKind.YES_NO:
        return "yes"
    if asked.initial:
        return asked.initial[0]
    if asked.name.startswith("flag_"):
        return "an answer was tried first"
    return asked.options[0].value if asked.options else WHY


def _chosen(asked: Field, answer: str) -> str:
    if asked.kind not in {FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.PERSON}:
        return answer
    by_words = [option.value for option in asked.options if option.label.startswith(answer)]
    if by_words:
        return by_words[0]
    assert answer in {option.value for option in asked.options}, f"{answer!r} is not offered under {asked.label!r}"
    return answer


def _buttons(reply: Reply, *, case: str = "") -> list[Button]:
    found = []
    for card in reply.cards:
        rows = card.table.rows if card.table else ()
        found += [button for row in rows if not case or case in row.cells for button in row.buttons]
        if not case or case in card.title:
            found += card.buttons
    return found


def _find(label: str, reply: Reply, *, case: str = "") -> Button:
    known = _buttons(reply, case=case)
    exact = [button for button in known if button.label == label]
    found = exact or [button for button in known if button.label.startswith(label)]
    assert found, f"nothing says {label!r}; there is {[button.label for button in known]} in {shown(reply)}"
    return found[0]


def shown(reply: Reply) -> str:
    """Everything a person reads in an answer, line by line."""
    lines = [reply.headline]
    for card in reply.cards:
        lines += _card_lines(card)
    if reply.page:
        page = reply.page.page
        lines += [page.title, page.intro, *_known(page)]
        lines += [*(note.text for note in page.notes), *reply.page.errors.values()]
        for asked in page.fields:
            lines += [asked.label, asked.hint, *(reply.page.values.get(asked.name, ()))]
            lines += [f"{option.label} {option.hint}".strip() for option in asked.options]
    return "\n".join(line for line in lines if line)


def _known(shown: Card | Page) -> list[str]:
    return [
        *(f"{fact.label}: {fact.value}" for fact in shown.facts),
        *(f"{quote.label}: {quote.text}" for quote in shown.quotes),
    ]


def _card_lines(card: Card) -> list[str]:
    lines = [card.title, card.body, *_known(card)]
    lines += [f"{note.tone.value}: {note.text}" for note in card.notes]
    lines += [image.alt for image in card.images]
    if card.table:
        lines += [" | ".join(card.table.columns)]
        for row in card.table.rows:
            lines += [" | ".join(row.cells), *(button.label for button in row.buttons)]
    return [*lines, *(button.label for button in card.buttons)]


def said(card: Card) -> str:
    """Everything a card holds, its buttons' subjects too."""
    return repr(card)


def facts(reply: Reply) -> dict[str, str]:
    """The facts of the first card by their label."""
    return {fact.label: fact.value for fact in reply.cards[0].facts}


def title(reply: Reply) -> str:
    """The title of the one thing that is shown."""
    return reply.page.page.title if reply.page else reply.cards[0].title


@asynccontextmanager
async def chicopee(
    store: Store, folder: Path, *, vault: Vault | None = None, kind: type[House] = House
) -> AsyncIterator[House]:
    """Chicopee's practice library at START, with Birch's in the same store; checked when the test ends.

    Birch knows the same link, the same words and the same handle, so whatever leaks is found.
    """
    time = Time()
    kept = vault or FolderVault(folder, now=time)
    house = kind(store=store, vault=kept, time=time, messenger=FakeMessenger(now=time))
    if isinstance(store, FakeStore) and BEGUN:
        store.memory, time.at = BEGUN[0].copy(), BEGUN[1]
    else:
        await _begin(house)
    if isinstance(store, FakeStore) and not BEGUN:
        BEGUN.extend((store.memory.copy(), time.at))
    try:
        yield house
        await house.check()
    finally:
        await house.store.close()


BEGUN: list[Any] = []
"""What a store in memory holds at the start, and the time then, so that it is begun once in a run."""


async def _begin(house: House) -> None:
    """Begin both libraries, and take Birch's own case to a block in force."""
    for charter in (CHARTER, BIRCH_CHARTER):
        await found(charter, store=house.store, vault=house.vault, now=house.time())
    editor = house.somebody("birch-editor", library=BIRCH)
    director = house.somebody("birch-director", library=BIRCH)
    await editor.removes(done_on=TODAY.isoformat(), item={"host_post": "birch story hour"})
    block = await editor.asks_for_block(reason=f"birch {WHY}")
    await director.approves(block)
    await editor.confirms(block)
