"""Who is asking, on which local day, under which law, and what of the record they may see."""

from datetime import date, datetime
from functools import cached_property, lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.cards import Submission
from bot.cases.absence import Absence
from bot.cases.account import OfficialAccount, one_person
from bot.cases.appeal import Appeal, ReceivedAppeal, received
from bot.cases.block import Block, DecidedBlock, length_of, request_of
from bot.cases.clock import ClockState
from bot.cases.follow_up import FollowUpKind
from bot.cases.incident import Evidence, Incident
from bot.cases.library import Library
from bot.cases.reinstatement import Reinstatement, requested
from bot.clocks.arithmetic import DueDate, Silence, term_end
from bot.clocks.calendar import Calendar, short_date
from bot.clocks.meetings import BoardCalendar, parse_meetings
from bot.people import READERS, WALLED, Person, Power, Standing, deciders, holders, may_see, require, title_of
from bot.policy.book import PolicyBook
from bot.policy.pack import Pack, Sanction, Span
from bot.policy.terms import Action, ClockName, Role
from bot.ports import Shelves, Vault
from bot.refusal import Mistake, Refusal

WHO: dict[Standing, str] = {
    Standing.GUEST: "Guests can read along, but reports and decisions are for the library's own staff.",
    Standing.STRANGER: "You are from another organisation; reports and decisions are for this library's staff.",
    Standing.BOT: "I only answer people.",
    Standing.DEACTIVATED: "This account has been deactivated, so nothing can be done with it.",
}


@lru_cache(maxsize=64)
def read_pack(name: str, raw: bytes) -> Pack:
    """Read an adopted pack; its bytes never change, so it is read once."""
    return Pack.parse(raw, name=name, adopted=True)


class Reading:
    """Who is asking, on which day, under which law, and what they may see. It keeps nothing."""

    def __init__(self, *, shelves: Shelves, sent: Submission, now: datetime, vault: Vault) -> None:
        self.shelves = shelves
        self.sent = sent
        self.now = now
        self.vault = vault
        self.looked: list[str] = []

    # -- who, when, which law ------------------------------------------------------------------------------------

    @cached_property
    def library(self) -> Library:
        """The library this is about."""
        return self.shelves.registry.library()

    @cached_property
    def calendar(self) -> Calendar:
        """The library's own calendar."""
        return calendar_of(self.library)

    @cached_property
    def today(self) -> date:
        """The local day in the library's zone."""
        return self.calendar.local_date(self.now)

    def forget_library(self) -> None:
        """Read library, calendar, policy, people and accounts again: setup has just changed them."""
        for name in ("library", "calendar", "today", "book", "people", "accounts"):
            self.__dict__.pop(name, None)

    def forget_people(self) -> None:
        """Read the people again: one of them has just changed."""
        self.__dict__.pop("people", None)

    def local(self, at: datetime) -> datetime:
        """An instant as the library's own clocks show it."""
        return at.astimezone(ZoneInfo(self.library.zone))

    @cached_property
    def book(self) -> PolicyBook:
        """The library's packs, sentences and practice values."""
        registry = self.shelves.registry
        adopted = [read_pack(version.rpartition(" ")[0], raw) for version, raw in registry.packs()]
        names = [version.rpartition(" ")[0] for version in self.library.packs] or [pack.name for pack in adopted]
        return PolicyBook(
            packs=tuple(pack for pack in adopted if pack.name == names[-1]),
            practices={practice.key: practice for practice in registry.practices()},
            sentences=registry.sentences(),
        )

    @property
    def pack(self) -> Pack:
        """The pack in force today."""
        return self.book.on(self.today)

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Everybody the library knows."""
        return self.shelves.registry.people()

    @cached_property
    def accounts(self) -> tuple[OfficialAccount, ...]:
        """The library's official accounts."""
        return self.shelves.registry.accounts()

    @cached_property
    def actor(self) -> Person:
        """The person who sent this, whichever platform they used.

        :raises Refusal: the account is nobody's, or not a member's
        """
        known = self.shelves.registry.by_identity(self.sent.actor)
        if known is None:
            raise Refusal(
                "I don't know you yet. Ask your library's administrator to add you in “setup”; "
                "then everything you are allowed to do opens."
            )
        if known.standing is not Standing.MEMBER:
            raise Refusal(WHO[known.standing])
        if known.same_as is not None:
            merged = self.shelves.registry.person(known.same_as)
            return merged or known
        return known

    @property
    def roles(self) -> str:
        """The actor's roles today, as the ledger keeps them."""
        return ",".join(sorted(self.actor.roles_on(self.today)))

    def person(self, person: UUID) -> Person:
        """Somebody the library knows, merged people resolved."""
        found = next((p for p in self.people if p.id == person), None)
        if found is None:
            return Person(id=person, library=self.library.id, name="somebody no longer on file")
        return self.person(found.same_as) if found.same_as else found

    def name(self, person: UUID | None) -> str:
        """What somebody is called."""
        return self.person(person).name if person else "the program"

    def account(self, account: UUID) -> OfficialAccount:
        """An official account.

        :raises Mistake: there is no such account
        """
        for known in self.accounts:
            if known.id == account:
                return known
        raise Mistake("That account is not in the registry. Choose one from the list, or add it in “setup”.")

    def holders(self, role: Role) -> tuple[Person, ...]:
        """Everybody who holds a role today."""
        return holders(self.people, role, on=self.today)

    def away(self, person: Person) -> Absence | None:
        """Why somebody is not here today: the days away that cover it, the longest if there are several."""
        known = [one for one in self.shelves.registry.absences() if one.covers(self.today)]
        theirs = [one for one in known if self.person(one.person).id == person.id]
        return max(theirs, key=lambda one: one.until, default=None)

    def present(self, *roles: Role) -> tuple[Person, ...]:
        """Everybody who holds one of these roles today and is not away."""
        held = {person.id: person for role in roles for person in self.holders(role)}
        return tuple(person for person in held.values() if self.away(person) is None)

    def title(self, role: Role) -> str:
        """What somebody with a role is called here, by the policy in force."""
        return title_of(role, self.pack if self.book.packs else None)

    @property
    def executive(self) -> str:
        """What the Director is called here."""
        return self.title(Role.DIRECTOR)

    # -- authority -----------------------------------------------------------------------------------------------

    def require(
        self, power: Power, *, account: UUID | None = None, law: date | None = None, length: Span | None = None
    ) -> None:
        """Refuse unless the actor may do this today. Called first, before anything about a case is said.

        :param law: the day whose policy says who decides: that of the act that started the procedure
        :param length: how long what is to be decided would last, where that says who decides it
        :raises Refusal: with who may, and the clause where the policy says so
        """
        require(self.actor, power, on=self.today, book=self.book, account=account, law=law, length=length)

    def may(
        self, power: Power, *, account: UUID | None = None, law: date | None = None, length: Span | None = None
    ) -> bool:
        """Test whether the actor may do this today; for choosing what to show, never instead of ``require``."""
        try:
            self.require(power, account=account, law=law, length=length)
        except Refusal:
            return False
        return True

    def may_see(self, incident: Incident) -> bool:
        """Test whether the actor may open a report; whoever it was brought to by name may.

        So may whoever answers an appeal of what was taken down, unless the report is confidential.
        """
        if may_see(
            self.actor,
            track=incident.track,
            reported_by=incident.reported_by,
            about_director=incident.about_director,
            on=self.today,
        ) or any(
            one.kind is FollowUpKind.REPORTED_UP and one.to == self.actor.id
            for one in self.shelves.papers.follow_ups(incident.ref)
        ):
            return True
        walled = incident.track in WALLED or incident.about_director
        return not walled and self._answers_an_appeal_of(incident.ref)

    def may_open_block(self, block: Block) -> bool:
        """Test whether the actor may open a block.

        Whoever asked for it, decides it or has decided it may; so may whoever answers an appeal of it or a request to
        come back, and those who may see an author's history.
        """
        had_a_say = {request_of(block).requested_by, *(vote.by for vote in request_of(block).votes)}
        if isinstance(block, DecidedBlock):
            had_a_say.add(block.decided_by)
        return (
            self.actor.id in had_a_say
            or self.may(Power.SEE_HISTORY)
            or self.may(Power.DECIDE_BLOCK, length=length_of(block))
            or self._answers_an_appeal_of(block.ref)
            or (bool(self.shelves.reinstatements.of_block(block.ref)) and self.may(Power.DECIDE_REINSTATEMENT))
        )

    def _answers_an_appeal_of(self, ref: str) -> bool:
        return any(self.answers(appeal) for appeal in self.shelves.appeals.against(ref))

    def answers(self, appeal: Appeal) -> bool:
        """Test whether the actor answers an appeal, by the policy of the day it came in."""
        came = received(appeal)
        if came.level:
            return self.actor.has(*self.answer_roles(came), on=self.today)
        return self.may(Power.DECIDE_APPEAL, law=came.writing.received_on)

    def reads_views(self, appeal: Appeal) -> bool:
        """Test whether the actor reads what single trustees answered: whoever answers the appeal, and nobody else."""
        return self.answers(appeal)

    def reads_advice(self, appeal: Appeal) -> bool:
        """Test whether the actor reads the consultation on file: whoever answers the appeal, and record keepers.

        Nobody who sits on the Board reads it, unless they answer the appeal themselves.
        """
        seated = self.actor.has(Role.TRUSTEE, Role.BOARD_CHAIR, on=self.today)
        return self.answers(appeal) or (not seated and self.actor.has(*READERS, on=self.today))

    # -- reading -------------------------------------------------------------------------------------------------

    def incident(self, ref: str) -> Incident:
        """A report the actor may open.

        :raises Mistake: there is none with this reference
        :raises Refusal: the actor may not open it
        """
        found = self.shelves.incidents.by_ref(ref)
        if found is None:
            raise self.missing(ref)
        if not self.may_see(found):
            raise Refusal(
                f"{ref} opens only to those who work on it. If you need it, ask the {self.executive}. "
                "That you asked is on file."
            )
        return found

    def block(self, ref: str) -> Block:
        """A block the actor may open, as :meth:`may_open_block` has it.

        :raises Mistake: there is none with this reference
        :raises Refusal: the actor may not open it
        """
        found = self.shelves.blocks.by_ref(ref)
        if found is None:
            raise self.missing(ref)
        if not self.may_open_block(found):
            self.require(Power.SEE_HISTORY)
        return found

    def step_of(self, block: Block) -> Sanction | None:
        """The step of the ladder a block stands on, with the length that was chosen; ``None`` where there is none."""
        asked = request_of(block)
        steps = self.book.on(asked.requested_on).sanctions.steps
        step = next((one for one in steps if asked.step and one.code == asked.step.code), None)
        if step is None or asked.step is None:
            return None
        return step.model_copy(update={"length": asked.step.length})

    def term_end(self, case: str, on: date) -> DueDate | Silence | None:
        """From when a block has run its time, by its step of the ladder; ``None`` where the policy has no ladder."""
        block = self.shelves.blocks.by_ref(case)
        step = self.step_of(block) if block else None
        if block is None or step is None:
            return None
        return term_end(step, on=on, pack=self.book.on(request_of(block).requested_on), calendar=self.calendar)

    def appeal(self, ref: str) -> Appeal:
        """An appeal the actor may open: whoever put it on file may, whoever decides it, and record keepers.

        So may whom the policy lets waive the time of a late one, or answer one that was not answered in time.

        :raises Mistake: there is none with this reference
        :raises Refusal: the actor may not open it
        """
        found = self.shelves.appeals.by_ref(ref)
        if found is None:
            raise self.missing(ref)
        came = received(found)
        if not self.actor.has(*self._called_on(found), on=self.today):
            self._opens(came.logged_by, Power.DECIDE_APPEAL, came.writing.received_on)
        return found

    def _called_on(self, appeal: Appeal) -> frozenset[Role]:
        """Whom the policy calls on about an appeal beside whoever answers the first level."""
        came = received(appeal)
        law = self.book.on(came.writing.received_on).appeal
        rule, following = law.at(came.level), law.after(came.level)
        called = set(self.answer_roles(came)) if came.level else set()
        if came.late_since and rule.waived_by:
            called.add(rule.waived_by)
        if following and rule.if_missed == "escalates" and self.answer_missed(appeal):
            called |= self.answer_roles(came, level=following.level)
        return frozenset(called)

    def answer_missed(self, appeal: Appeal) -> bool:
        """Test whether an appeal waits although the day by which the policy has it answered has passed."""
        return isinstance(appeal, ReceivedAppeal) and any(
            clock.name.startswith(ClockName.DECIDE_APPEAL_BY)
            and clock.state is ClockState.RUNNING
            and clock.due < self.today
            for clock in self.shelves.clocks.of_case(appeal.ref)
        )

    def same_person(self, *authors: UUID) -> frozenset[UUID]:
        """These handles and all that are confirmed to be the same person's."""
        links = self.shelves.authors.links()
        return frozenset(one for author in authors for one in one_person(author, links))

    def answer_roles(self, appeal: ReceivedAppeal, *, level: str = "") -> frozenset[Role]:
        """Who answers an appeal that is at a further level, or records the answer of the body that does.

        What a body decides the Director may record on its behalf; of a panel anybody in it.

        :param level: another level than the one it is at
        """
        if not (level or appeal.level):
            return deciders(Action.APPEAL, on=appeal.writing.received_on, book=self.book)[0]
        rule = self.book.on(appeal.writing.received_on).appeal.at(level or appeal.level)
        recorder = rule.decided_by or (Role.DIRECTOR if rule.panel else Role.BOARD_CHAIR)
        return frozenset({recorder, Role.DIRECTOR, *rule.panel} if rule.body else {recorder})

    def on_file(self, ref: str) -> Incident | Block | Appeal | Reinstatement | None:
        """The case with this reference, whoever asks; ``None`` if there is none."""
        match ref[:1]:
            case "I":
                return self.shelves.incidents.by_ref(ref)
            case "B":
                return self.shelves.blocks.by_ref(ref)
            case "A":
                return self.shelves.appeals.by_ref(ref)
            case "R":
                return self.shelves.reinstatements.by_ref(ref)
            case _:
                return None

    def reinstatement(self, ref: str) -> Reinstatement:
        """A request to come back that the actor may open, as with appeals.

        :raises Mistake: there is none with this reference
        :raises Refusal: the actor may not open it
        """
        found = self.shelves.reinstatements.by_ref(ref)
        if found is None:
            raise self.missing(ref)
        asked = requested(found)
        self._opens(asked.logged_by, Power.DECIDE_REINSTATEMENT, asked.writing.received_on)
        return found

    def missing(self, ref: str) -> Mistake:
        """Say that nothing carries this reference, or that what did was disposed of."""
        stone = self.shelves.docket.tombstone(ref)
        if stone is None:
            return no_such(ref)
        return Mistake(
            f"{ref} was disposed of on {short_date(stone.disposed_on)}, under {stone.certificate}. "
            f"“show {ref}” says what stays of it."
        )

    def _opens(self, logged_by: UUID, decides: Power, came_on: date) -> None:
        if self.actor.id != logged_by and not self.may(decides, law=came_on):
            self.require(Power.SEE_APPEALS)

    def retained(self, ref: str) -> tuple[Evidence, ...]:
        """The files kept with a case that the actor may open.

        :raises Mistake: there is none with this reference
        :raises Refusal: the actor may not open it
        """
        if ref.startswith("A-"):
            appeal = self.appeal(ref)
            papers = received(appeal).writing.scans
            views = self.shelves.appeals.views(ref) if self.reads_views(appeal) else ()
            return (*papers, *(scan for view in views for scan in view.scans))
        if ref.startswith("R-"):
            return requested(self.reinstatement(ref)).writing.scans
        return self.incident(ref).evidence

    def look(self, ref: str) -> None:
        """Note that the actor opened something; the ledger has it before the answer leaves."""
        self.looked.append(ref)


def calendar_of(library: Library) -> Calendar:
    """The calendar of a library, from what setup keeps."""
    return Calendar(
        zone=library.zone,
        closed_weekdays=library.closed_weekdays,
        closures=library.closures,
        meetings=library.meetings,
        state=library.state,
        known_through=library.closures_through,
        board=_board(library.meeting_lines),
        opens_at=library.opens_at,
        closes_at=library.closes_at,
    )


@lru_cache(maxsize=64)
def _board(lines: str) -> BoardCalendar | None:
    return parse_meetings(lines) if lines else None


def no_such(ref: str) -> Mistake:
    """Say that nothing carries this reference."""
    return Mistake(f"There is no {ref or 'such case'} here. “reports” and “blocks” list what there is.")
