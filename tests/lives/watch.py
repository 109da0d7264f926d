"""What must be true after every step of every life. Nothing here asks the program whether it was right."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.cards import Identity, Reply, Submission
from bot.cases.block import DecidedBlock, Decision, Done
from bot.cases.clock import ClockState
from bot.cases.correction import Correction
from bot.cases.follow_up import FollowUp
from bot.cases.incident import ConfirmedRemoval, Incident, Outcome
from bot.cases.notice import Notice
from bot.people import Person, Standing
from bot.policy.terms import Role, Track
from bot.ports import Message, MessageState, Reminder, Shelves
from bot.records.ledger import Entry, payload_holds, verify
from tests.lives import answers
from tests.lives.kept import MANY, Kept, read, request_of
from tests.lives.world import SECRET, Who, World

AT_WORK = {Role.EDITOR, Role.LIBRARIAN_IN_CHARGE, Role.DIRECTOR, Role.DUTY_PERSON}
HISTORY = AT_WORK | {Role.RECORDS_OFFICER, Role.COUNSEL, Role.AUDITOR}
KEEPERS = {Role.DIRECTOR, Role.BOARD_CHAIR, Role.RECORDS_OFFICER, Role.COUNSEL, Role.AUDITOR}
WALLED: Mapping[Track, set[Role]] = {
    Track.CHILD_SAFETY: {Role.DIRECTOR, Role.DUTY_PERSON},
    Track.STAFF_CONDUCT: {Role.DIRECTOR},
    Track.TRUSTEE_CONDUCT: {Role.BOARD_CHAIR},
}


def roles(person: Person | None, day: date) -> set[Role]:
    """The roles somebody holds on a day, counted here once more."""
    if person is None or person.standing is not Standing.MEMBER:
        return set()
    held = {g.role for g in person.grants if g.since <= day and (g.until is None or g.until >= day)}
    return held | ({Role.DIRECTOR} if Role.ACTING_DIRECTOR in held else set())


def edits(person: Person, account: UUID, day: date) -> bool:
    return any(
        g.role is Role.EDITOR
        and g.since <= day
        and (g.until is None or g.until >= day)
        and (not g.accounts or account in g.accounts)
        for g in person.grants
    )


@dataclass
class Watch:
    """Follows a world from step to step."""

    world: World
    libraries: tuple[UUID, ...]
    kept: dict[UUID, Kept] = field(default_factory=dict)
    posts: int = 0
    edits: int = 0
    told: dict[UUID, date] = field(default_factory=dict)
    known: set[tuple[UUID, str]] = field(default_factory=set)
    confidential: set[tuple[UUID, str]] = field(default_factory=set)
    """The reports that were behind a wall from their first moment; of others, channels know that they exist."""

    def __post_init__(self) -> None:
        self.look_again()

    def look_again(self) -> None:
        """Take what is on file now as the beginning of the next step."""
        self.kept = {library: self._read(library) for library in self.libraries}

    def _read(self, library: UUID) -> Kept:
        known = self.kept[library].entries if library in self.kept else ()
        kept: Kept = self.world.run(self.world.kept.ask(library, lambda shelves: read(shelves, known=known)))
        return kept

    # -- after a submission ------------------------------------------------------------------------------------------

    def sent(self, who: Who, sent: Submission, reply: Reply) -> None:
        """Check what a submission came to."""
        before, after = self._step()
        was, now = before[who.library], after[who.library]
        for other in set(self.libraries) - {who.library}:
            assert before[other] == after[other], f"{who} changed something of another library with {sent.intent}"
        shown = repr(reply)
        assert not any(card.title.startswith("Something went wrong") for card in reply.cards), (sent, reply)
        self._secrets_stay(who, shown, was, now)
        plain = replace(reply, cards=tuple(card for card in reply.cards if not says_only_that(card.title)))
        self._walled_stays(who, sent, repr(plain), now)
        self._acts_are_in_the_ledger(was, now)
        self._looks_are_in_the_ledger(reply, was, now)
        self._had_authority(_person(was, who.identity), was, now)

    def _step(self) -> tuple[dict[UUID, Kept], dict[UUID, Kept]]:
        before = self.kept
        after = {library: self._read(library) for library in self.libraries}
        self.kept = after
        self.world.refs = {library: sorted(kept.cases()) for library, kept in after.items()}
        for library, kept in after.items():
            for ref, incident in kept.incidents.items():
                if incident.track in WALLED and (library, ref) not in self.known:
                    self.confidential.add((library, ref))
                self.known.add((library, ref))
        for library in self.libraries:
            self._nothing_is_lost(before[library], after[library])
            self._what_went_is_gone(before[library], after[library])
            self._is_legal(after[library])
            answers.legal(after[library])
            self._chain_holds(library, before[library], after[library])
            self._dates_are_kept(after[library])
        self._channels_are_clean()
        return before, after

    def _secrets_stay(self, who: Who, shown: str, was: Kept, now: Kept) -> None:
        for word in set(SECRET.findall(shown)):
            if who in self.world.typed_by.get(word, ()):
                continue
            readable = any(word in words for kept in (was, now) for words in self._readable(who, kept))
            assert readable, f"{who.user}@{who.tenant} was shown {word}: {_around(shown, word)}"

    def _readable(self, who: Who, kept: Kept) -> Iterator[str]:
        """Every text somebody may be shown, by the roles they hold that day."""
        person = _person(kept, who.identity)
        day = self._day(kept)
        held = roles(person, day)
        if person is None or person.standing is not Standing.MEMBER:
            return
        papers: list[Notice | Correction | FollowUp] = [*kept.notices.values(), *kept.corrections.values()]
        papers += kept.follow_ups.values()
        brought = {one.case for one in kept.follow_ups.values() if one.to == person.id}
        for incident in kept.incidents.values():
            if opens(incident, person, held) or incident.ref in brought:
                author = kept.authors.get(incident.author)
                yield repr((incident, author.handle if author else ""))
                yield repr([paper for paper in papers if paper.case == incident.ref])
        for block in kept.blocks.values():
            request = request_of(block)
            asked = request.requested_by == person.id
            if asked or held & HISTORY:
                named = [kept.authors[author].handle for author in request.authors]
                claims = [(c.support, c.instruction, c.good_contributions, c.investigation) for c in request.grounds]
                decided = block.reason if isinstance(block, DecidedBlock) else ""
                yield repr((named, claims, request.reason, decided))
                yield repr([paper for paper in papers if paper.case == block.ref])
            if asked or Role.DIRECTOR in held:
                yield repr([claim.offline_incident for claim in request.grounds])
        yield from answers.readable(person, held, kept)
        if held & KEEPERS:
            yield repr((list(kept.holds.values()), list(kept.disposals.values())))
        if held & HISTORY:
            yield repr((list(kept.authors.values()), list(kept.links.values())))

    def _walled_stays(self, who: Who, sent: Submission, shown: str, kept: Kept) -> None:
        person = _person(kept, who.identity)
        day = self._day(kept)
        asked = repr((sent.subject, sent.values)).upper()
        for incident in kept.incidents.values():
            walled = (who.library, incident.ref) in self.confidential
            if walled and incident.ref in shown and incident.ref not in asked:
                may = person is not None and opens(incident, person, roles(person, day))
                assert may, f"{who.user} was shown {incident.ref}: {_around(shown, incident.ref)}"

    def _acts_are_in_the_ledger(self, was: Kept, now: Kept) -> None:
        new = Counter(_header(entry)["record"] for entry in now.entries[len(was.entries) :])
        for name, records in now.records().items():
            earlier = was.records()[name]
            changed = sum(earlier.get(key) != record for key, record in records.items())
            assert changed <= new[name], f"{changed} of {name} changed, {new[name]} of them are in the ledger"
        begun = [entry.payload or b"" for entry in now.entries if _header(entry)["record"] == "author"]
        for author in now.authors.keys() - was.authors.keys():
            assert any(str(author).encode() in payload for payload in begun), "a handle is on file without an event"

    def _looks_are_in_the_ledger(self, reply: Reply, was: Kept, now: Kept) -> None:
        new = {entry.case for entry in now.entries[len(was.entries) :]}
        for card in reply.cards:
            kind, _, ref = card.title.partition(" ")
            ref = ref.rpartition(" ")[2]
            if kind in {"Report", "Block", "Appeal", "Request", "Memo"} and ref in now.cases():
                assert ref in new, f"{ref} was opened and the ledger does not say so"

    def _had_authority(self, person: Person | None, was: Kept, now: Kept) -> None:
        day = self._day(was)
        held = roles(person, day)
        for ref, block in now.blocks.items():
            if isinstance(block, DecidedBlock) and was.blocks.get(ref) != block:
                assert Role.DIRECTOR in held, f"{ref} was decided by somebody who is not the Director: {person}"
                assert person is not None
                assert block.decided_by == person.id
                assert block.requested == was.blocks[ref], f"the request of {ref} was lost or decided again"
        for done in now.executions.values():
            if was.executions.get(done.id) != done:
                assert person is not None
                assert edits(person, done.account, day), f"{person.name} confirmed on an account of others"
        for ref, incident in now.incidents.items():
            removal, earlier = incident.removal, was.incidents.get(ref)
            if isinstance(removal, ConfirmedRemoval):
                if earlier is not None and isinstance(earlier.removal, ConfirmedRemoval):
                    assert removal.confirmed_by == earlier.removal.confirmed_by
                    if removal.done_on == earlier.removal.done_on:
                        continue
                assert person is not None
                assert incident.account is not None
                assert edits(person, incident.account, day), f"{person.name} confirmed {ref}, not an editor of it"
        self._set_up_by(person, held, was, now)
        answers.had_authority(person, held, day, was, now)

    def _set_up_by(self, person: Person | None, held: set[Role], was: Kept, now: Kept) -> None:
        if was.people != now.people:
            assert held & {Role.ADMINISTRATOR, Role.DIRECTOR, Role.BOARD_CHAIR}, f"people were changed by {person}"
        if was.library != now.library:
            assert held & {Role.ADMINISTRATOR, Role.DIRECTOR}, f"setup was changed by {person}"

    # -- after a round -----------------------------------------------------------------------------------------------

    def rounded(self, *, calm: bool) -> None:
        """Check what a round came to; ``calm`` says the chat answered and the program lived."""
        before, after = self._step()
        for library, kept in after.items():
            was = before[library]
            for name in kept.records().keys() - {"clock"}:
                assert was.records()[name] == kept.records()[name], f"a round changed a {name}"
            answers.nothing_was_answered(was, kept)
            if calm:
                late = [clock for clock in kept.clocks.values() if clock.next_at and clock.next_at <= self.world.now]
                assert not late, f"a round left a reminder behind: {late}"
                self._reached_clocks_were_told(library, kept)

    def _reached_clocks_were_told(self, library: UUID, kept: Kept) -> None:
        keys = {post.key for post in self.world.chat.posts} | {message.key for message in kept.trouble}
        keys |= {m.key for m in self._queued(library)}
        told = {one.clock for key in keys for one in self._reminders(library, key)}
        ended = {ClockState.PASSED, ClockState.OPENED, ClockState.RUN}
        for clock in kept.clocks.values():
            assert clock.state not in ended or clock.id in told, f"nobody was told that {clock.name} ended"

    def _queued(self, library: UUID) -> tuple[Message, ...]:
        """What is still on its way: today's messages to channels and people, by the keys they would have."""

        def look(shelves: Shelves) -> tuple[Message, ...]:
            day = self.world.now.astimezone(ZoneInfo(shelves.registry.library().zone)).date()
            to = ["social-media", "decisions", "records", *(str(p.id) for p in shelves.registry.people())]
            keys = [f"daily:{one}:{day}{n}" for one in to for n in ("", *(f":{n}" for n in range(2, 9)))]
            found = (shelves.messages.by_key(key) for key in keys)
            return tuple(one for one in found if one and one.state is MessageState.QUEUED)

        queued: tuple[Message, ...] = self.world.run(self.world.kept.ask(library, look))
        return queued

    def _reminders(self, library: UUID, key: str) -> tuple[Reminder, ...]:
        if not key.startswith("daily:"):
            return ()
        found: tuple[Reminder, ...] = self.world.run(
            self.world.kept.ask(library, lambda shelves: shelves.clocks.reminders(key))
        )
        return found

    # -- always ------------------------------------------------------------------------------------------------------

    def _nothing_is_lost(self, was: Kept, now: Kept) -> None:
        for name, records in was.records().items():
            for key in records.keys() - now.records()[name].keys():
                ref = answers.case_of(records[key])
                with_a_case = name == "link" and now.stones.keys() > was.stones.keys()
                assert with_a_case or ref in now.stones, f"a {name} of {ref} has gone"
        answers.what_was_answered_stays(was, now)
        for ref, block in was.blocks.items():
            if isinstance(block, DecidedBlock) and ref not in now.stones:
                assert now.blocks[ref] == block, f"{ref} was decided and changed afterwards"
        for ref, incident in was.incidents.items():
            if ref in now.stones:
                continue
            later = now.incidents[ref]
            assert (later.reported_by, later.reported_at) == (incident.reported_by, incident.reported_at)
            assert isinstance(later.removal, ConfirmedRemoval) or not isinstance(incident.removal, ConfirmedRemoval)

    def _is_legal(self, kept: Kept) -> None:
        for incident in kept.incidents.values():
            if incident.track is Track.CHILD_SAFETY:
                held_back = (incident.text, incident.evidence)
                assert held_back == ("", ()), f"{incident.ref} holds a copy of child abuse"
            if incident.closed_on and incident.outcome in {Outcome.LEFT_UP, Outcome.GONE}:
                held = (incident.text, incident.author, incident.evidence)
                assert held == ("", None, ()), f"{incident.ref} stays up and something of it is kept: {held}"
            if incident.track is Track.COMPLAINT:
                assert incident.removal is None, f"{incident.ref} is a complaint and was taken down"
            if isinstance(incident.removal, ConfirmedRemoval):
                assert incident.outcome.removes
                kept_copy = incident.text or incident.evidence or incident.copy_impossible
                assert kept_copy, f"{incident.ref} was taken down without a copy or why there is none"
        for done in kept.executions.values():
            block = kept.blocks[done.block]
            assert isinstance(block, DecidedBlock), f"{done.block} was carried out undecided"
            approved = block.decision is Decision.APPROVED
            assert approved or done.done is Done.LIFTED, f"{done.block} was denied and made"
            assert done.account in block.requested.accounts
        for sha in self._vault_files(kept.library.id):
            used = any(sha in {one.sha256 for one in incident.evidence} for incident in kept.incidents.values())
            used = used or self._is_a_paper(kept.library.id, sha)
            assert used or sha in self._released(kept.library.id), f"a file is kept that no report retains: {sha}"

    def _what_went_is_gone(self, was: Kept, now: Kept) -> None:
        """What was disposed of was due, was kept by nothing, and stands nowhere any more."""
        new = now.stones.keys() - was.stones.keys()
        if not new:
            return
        answers.may_go(new, self._day(was), was, now)
        entries: tuple[Entry, ...] = self.world.run(
            self.world.kept.ask(now.library.id, lambda shelves: shelves.book.entries(after=0, limit=MANY))
        )
        for entry in entries:
            of_a_case = bool(entry.case) and not entry.case.startswith("H-")
            gone = entry.case in new and entry.seq <= len(was.entries)
            assert not gone or entry.payload is None, f"{entry.case} went and can still be read"
            assert not of_a_case or entry.case in now.stones or entry.payload is not None, f"{entry.case} lost an entry"
        words = answers.said(was, new) - answers.said(now, now.cases())
        stand = [word for word in words if word in self.world.everything(now.library.id)]
        assert not stand, f"{stand} of {new} still stand somewhere"

    def _vault_files(self, library: UUID) -> list[str]:
        return [sha for of, sha in self.world.vault._kept if of == library]  # noqa: SLF001 - the disk, looked at

    def _is_a_paper(self, library: UUID, sha: str) -> bool:
        """Test whether what a patron or a trustee wrote is kept as this file."""
        uses: bool = self.world.run(self.world.kept.ask(library, lambda shelves: shelves.appeals.uses_file(sha)))
        return uses

    def _released(self, library: UUID) -> Iterable[str]:
        released: tuple[str, ...] = self.world.run(
            self.world.kept.ask(library, lambda shelves: shelves.book.released_files())
        )
        return released

    def _chain_holds(self, library: UUID, was: Kept, now: Kept) -> None:
        new = now.entries[len(was.entries) :]
        head, flaw = self.world.run(self.world.kept.chain(library, verify))
        assert flaw is None, flaw
        assert head.seq == len(now.entries)
        assert [entry.seq for entry in now.entries] == list(range(1, head.seq + 1))
        ends = now.entries[-1].hash if now.entries else head.hash
        assert ends == head.hash, "an earlier entry of the ledger is another one now"
        for entry in new:
            assert entry.library == library
            assert not SECRET.search(entry.header.decode()), f"a header says {entry.header.decode()}"
            if entry.payload is None or entry.salt is None:
                assert (entry.payload, entry.salt) == (None, None)
                assert entry.case in now.stones, f"what was done to {entry.case} is not on file any more"
                continue
            assert payload_holds(commitment=entry.commitment, payload=entry.payload, salt=entry.salt)
            others = [word for word in SECRET.findall(entry.payload.decode()) if not self._of(word, library)]
            assert not others, f"{others} of another library is in this ledger"

    def _of(self, word: str, library: UUID) -> bool:
        return any(who.library == library for who in self.world.typed_by.get(word, ()))

    def _dates_are_kept(self, kept: Kept) -> None:
        for clock in kept.clocks.values():
            told = self.told.get(clock.id)
            if told is not None:
                assert clock.due >= told, f"{clock.case} {clock.name}: {told} was told, now it is {clock.due}"
                assert clock.told_due is not None
                assert clock.told_due >= told
            if clock.told_due is not None:
                self.told[clock.id] = clock.told_due
            running = clock.state is ClockState.RUNNING
            assert not running or clock.next_at is not None, f"{clock.case} {clock.name} runs and reminds nobody"
            assert running or clock.next_at is None, f"{clock.case} {clock.name} stopped and still reminds"
            task = kept.tasks.get(clock.task)
            assert task is None or (task.state.value == "open") == running, f"{clock.name} does not follow its task"

    def _channels_are_clean(self) -> None:
        chat = self.world.chat
        for post in (*chat.posts[self.posts :], *chat.edits[self.edits :]):
            words = SECRET.findall(repr(post.card))
            assert not words, f"{post.to} was told {words}: {post.card}"
            library = next(kept for kept in self.kept.values() if str(kept.library.id) == post.to.tenant)
            if post.to.channel:
                for incident in library.incidents.values():
                    walled = (library.library.id, incident.ref) in self.confidential
                    heard = walled and incident.ref in repr(post.card)
                    assert not heard, f"#{post.to.channel} heard of {incident.ref}, {incident.track}"
                assert "Child safety" not in repr(post.card), f"#{post.to.channel} heard what a report is about"
        twice = [key for key, times in Counter((p.to.tenant, p.key) for p in chat.posts).items() if times > 1]
        assert not twice, f"posted twice: {twice}"
        self.posts, self.edits = len(chat.posts), len(chat.edits)

    def _day(self, kept: Kept) -> date:
        return self.world.now.astimezone(ZoneInfo(kept.library.zone)).date()


def says_only_that(title: str) -> bool:
    """Test whether a card names a reference and says nothing of it: that it is closed to you, or could not be told."""
    return title == "Messages that did not arrive" or title.endswith("opens only to those who work on it")


def opens(incident: Incident, person: Person, held: set[Role]) -> bool:
    """Test whether somebody with these roles may open a report."""
    if incident.reported_by == person.id:
        return True
    if incident.about_director:
        return Role.BOARD_CHAIR in held
    return bool(held & WALLED.get(incident.track, HISTORY))


def _person(kept: Kept, identity: Identity) -> Person | None:
    return next((person for person in kept.people.values() if identity in person.identities), None)


def _header(entry: Entry) -> dict[str, str]:
    found: dict[str, str] = json.loads(entry.header)
    return found


def _around(shown: str, word: str) -> str:
    place = shown.index(word)
    return f"…{shown[max(0, place - 300) : place + 120]}…"
