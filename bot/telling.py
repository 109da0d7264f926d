"""What is told: which messages a piece of work queues, for a channel, for people, for whoever holds an office.

Everything here is queued in the transaction of the act and says nothing personal; the round renders and delivers it.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID, uuid4

from bot.cards import Submission
from bot.people import WALLED, Person
from bot.policy.terms import Channel, Role
from bot.ports import Message, MessageKind, MessageState, Shelves, Vault
from bot.reading import Reading


class Telling(Reading):
    """Reading, and what queues messages."""

    def __init__(self, *, shelves: Shelves, sent: Submission, now: datetime, vault: Vault) -> None:
        super().__init__(shelves=shelves, sent=sent, now=now, vault=vault)
        self._touched: dict[str, None] = {}

    def tell(self, channel: Channel, *, about: str, headline: str = "") -> None:
        """Show a case in a channel; the first time as a card, then as a line in its thread.

        A card that was refused is sent once more, with the lines that belong under it, before the new one.

        ``headline`` is our own neutral words: no handle, no content, no reason. A walled report reaches no channel.
        """
        incident = self.shelves.incidents.by_ref(about) if about.startswith("I-") else None
        if incident is not None and (incident.track in WALLED or incident.about_director):
            return
        root = f"case:{about}:{channel.value}"
        if self._queue(MessageKind.CASE, key=root, about=about, channel=channel, headline=headline):
            return
        card = self.shelves.messages.by_key(root)
        if card is not None and card.state is MessageState.FAILED:
            self.send_again(lambda missed: missed.about == about and missed.channel is channel)
        if headline:
            key = f"step:{about}:{channel.value}:{self.moment()}"
            self._queue(MessageKind.STEP, key=key, about=about, channel=channel, headline=headline)

    def tell_people(self, people: Iterable[Person], *, about: str, headline: str) -> None:
        """Send somebody a neutral card about a case, at any hour."""
        for person in people:
            key = f"direct:{about}:{person.id}:{self.moment()}"
            self._queue(MessageKind.DIRECT, key=key, about=about, person=person.id, headline=headline)

    def send_again(self, which: Callable[[Message], bool] = lambda _: True) -> tuple[Message, ...]:
        """Queue refused messages once more, in their order: none whose end is unknown, no word of trouble."""
        missed = tuple(
            message
            for message in self.shelves.messages.in_trouble()
            if message.state is MessageState.FAILED and message.kind is not MessageKind.TROUBLE and which(message)
        )
        for message in missed:
            self.shelves.messages.put(message.again(self.now))
        return missed

    def tell_of_trouble(self, missed: Message) -> None:
        """Tell the administrators that a message did not arrive, once a day for each place it was for."""
        place = f"#{missed.channel.value}" if missed.channel else self.name(missed.person)
        for person in self.holders(Role.ADMINISTRATOR):
            key = f"trouble:{missed.channel.value if missed.channel else missed.person}:{person.id}:{self.today}"
            said = f"For {place}: {missed.trouble}"
            self._queue(MessageKind.TROUBLE, key=key, about=missed.about, person=person.id, headline=said)

    def tell_word(self, role: Role, words: str, *, key: str = "") -> None:
        """Send everybody who holds a role a line of our own words that belongs to no case, once for each ``key``."""
        said = key or self.moment()
        for person in self.holders(role):
            self._queue(MessageKind.WORD, key=f"word:{said}:{person.id}", about="", person=person.id, headline=words)

    def tell_word_to(self, person: UUID, words: str, *, key: str) -> None:
        """Send one person a line of our own words that belongs to no case, once for each ``key``."""
        self._queue(MessageKind.WORD, key=f"word:{key}:{person}", about="", person=person, headline=words)

    def send_memo(self, person: Person, *, about: str, key: str) -> None:
        """Send somebody a memo about an appeal, in a conversation of their own, once for each ``key``."""
        self._queue(MessageKind.MEMO, key=key, about=about, person=person.id)

    def tell_of_office(self, office: str, *, headline: str) -> None:
        """Tell the administrators and the Board chair something about an office or who holds it.

        Where nobody holds either, the Director is told.
        """
        people = {p.id: p for role in (Role.ADMINISTRATOR, Role.BOARD_CHAIR) for p in self.holders(role)}
        for person in people.values() or self.holders(Role.DIRECTOR):
            key = f"office:{office}:{person.id}:{self.moment()}"
            self._queue(MessageKind.OFFICE, key=key, about=office, person=person.id, headline=headline)

    def tell_role(self, role: Role, *, about: str, headline: str) -> None:
        """Send everybody who holds a role a card; when nobody does, the administrators hear of the vacancy.

        They hear as well when everybody who holds it is away, unless it is about a report, which may be confidential.
        """
        people = self.holders(role)
        self.tell_people(people, about=about, headline=headline)
        if self.present(role) or (people and about.startswith("I-")):
            return
        missing = f"Nobody holds the office “{self.title(role)}” today."
        if people:
            missing = f"Away today: {', '.join(person.name for person in people)}."
        others = {one.id: one for office in (Role.ADMINISTRATOR, Role.BOARD_CHAIR) for one in self.holders(office)}
        told = {person.id for person in people}
        self.tell_people(
            [one for one in others.values() if one.id not in told], about=about, headline=f"{missing} {headline}"
        )

    def moment(self) -> str:
        """Where the ledger stands, in a word that no other copy of the record ever comes to.

        A restored copy goes on from a number the lost one gave as well, in the same chat; the hashes differ.
        """
        head = self.shelves.book.head()
        return f"{head.seq}-{head.hash.hex()[:12]}"

    def _queue(
        self,
        kind: MessageKind,
        *,
        key: str,
        about: str,
        channel: Channel | None = None,
        person: UUID | None = None,
        headline: str = "",
    ) -> bool:
        return self.shelves.messages.queue(
            Message(
                id=uuid4(),
                library=self.library.id,
                key=key,
                kind=kind,
                about=about,
                next_at=self.now,
                channel=channel,
                person=person,
                headline=headline,
            )
        )

    def touch(self, case: str) -> None:
        """Have every posted copy of a case brought up to date."""
        self._touched[case] = None

    def close(self) -> None:
        """Bring every posted copy of what was touched up to date. The desk calls it last, inside the transaction."""
        for case in self._touched:
            for posted in self.shelves.messages.posted(case):
                key = f"update:{posted.id}:{self.shelves.book.head().seq}"
                self._queue(MessageKind.UPDATE, key=key, about=str(posted.id))
