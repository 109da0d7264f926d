"""Who somebody is to the library on a day, and what that lets them do under the policy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from bot.policy.book import PolicyBook
from bot.policy.pack import Pack, Span
from bot.policy.terms import Action, Role, Stance, Track
from bot.refusal import Citation, Refusal


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """One account of a person on one chat platform: Slack team and user, Entra tenant and object, practice name."""

    platform: str
    tenant: str
    user: str


class Standing(StrEnum):
    """What the platform says of an account. Only members act; everybody else is refused in kind words."""

    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "stranger"
    BOT = "bot"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """A role held from one local day to another (both included; no end means until revoked).

    ``accounts`` narrows an editor to named official accounts; empty means all of them. ``document`` is the dated
    paper behind an acting Director or a designee.
    """

    role: Role
    since: date
    until: date | None = None
    accounts: tuple[UUID, ...] = ()
    document: str = ""

    def holds_on(self, day: date) -> bool:
        """Test whether the role is held that day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """One human, on however many platforms. ``same_as`` points at the person this one was merged into."""

    id: UUID
    library: UUID
    name: str
    grants: tuple[Grant, ...] = ()
    identities: tuple[Identity, ...] = ()
    standing: Standing = Standing.MEMBER
    same_as: UUID | None = None

    def roles_on(self, day: date) -> frozenset[Role]:
        """Every role held that day. An acting Director holds the Director's office and is no delegate."""
        held = {grant.role for grant in self.grants if grant.holds_on(day)}
        if Role.ACTING_DIRECTOR in held:
            held.add(Role.DIRECTOR)
        return frozenset(held)

    def has(self, *roles: Role, on: date) -> bool:
        """Test whether the person holds any of these roles that day."""
        return not self.roles_on(on).isdisjoint(roles)

    def edits(self, account: UUID, *, on: date) -> bool:
        """Test whether the person is a listed editor of that official account that day."""
        return any(
            grant.role is Role.EDITOR and grant.holds_on(on) and (not grant.accounts or account in grant.accounts)
            for grant in self.grants
        )


class Power(StrEnum):
    """Something a person may or may not do, whatever the case."""

    REPORT = "report"
    SEE_LISTS = "see_lists"
    SEE_HISTORY = "see_history"
    LINK_HANDLES = "link_handles"
    CONFIRM = "confirm"
    REQUEST_BLOCK = "request_block"
    DECIDE_BLOCK = "decide_block"
    LOG_PAPER = "log_paper"
    SEE_APPEALS = "see_appeals"
    DECIDE_APPEAL = "decide_appeal"
    DECIDE_REINSTATEMENT = "decide_reinstatement"
    WARN = "warn"
    SEND_NOTICE = "send_notice"
    FOLLOW_UP = "follow_up"
    CORRECT = "correct"
    EXPORT = "export"
    SEE_DOCKET = "see_docket"
    HOLD = "hold"
    PROPOSE_DISPOSAL = "propose_disposal"
    CONFIRM_DISPOSAL = "confirm_disposal"
    SET_UP = "set_up"
    DELEGATE = "delegate"
    APPOINT = "appoint"


STAFF = (
    Role.REPORTER,
    Role.EDITOR,
    Role.LIBRARIAN_IN_CHARGE,
    Role.DIRECTOR,
    Role.DESIGNEE,
    Role.DUTY_PERSON,
    Role.RECORDS_OFFICER,
    Role.ADMINISTRATOR,
)
READERS = (Role.RECORDS_OFFICER, Role.COUNSEL, Role.AUDITOR)
CASEWORK = (Role.EDITOR, Role.LIBRARIAN_IN_CHARGE, Role.DIRECTOR, Role.DUTY_PERSON)

HOLDERS: dict[Power, tuple[Role, ...]] = {
    Power.REPORT: STAFF,
    Power.REQUEST_BLOCK: STAFF,
    Power.LOG_PAPER: STAFF,
    Power.SEE_APPEALS: (Role.DIRECTOR, Role.LIBRARIAN_IN_CHARGE, *READERS),
    Power.SEE_LISTS: (*STAFF, *READERS),
    Power.SEE_HISTORY: (*CASEWORK, *READERS),
    Power.LINK_HANDLES: CASEWORK,
    Power.CONFIRM: (Role.EDITOR,),
    Power.SEND_NOTICE: (Role.EDITOR, Role.DIRECTOR),
    Power.FOLLOW_UP: CASEWORK,
    Power.CORRECT: (*CASEWORK, Role.RECORDS_OFFICER),
    Power.EXPORT: (Role.DIRECTOR, *READERS),
    Power.SEE_DOCKET: (Role.DIRECTOR, Role.BOARD_CHAIR, *READERS),
    Power.HOLD: (Role.RECORDS_OFFICER, Role.DIRECTOR, Role.COUNSEL),
    Power.CONFIRM_DISPOSAL: (Role.RECORDS_OFFICER, Role.DIRECTOR, Role.BOARD_CHAIR),
    Power.SET_UP: (Role.ADMINISTRATOR, Role.DIRECTOR),
    Power.DELEGATE: (Role.DIRECTOR,),
    Power.APPOINT: (Role.BOARD_CHAIR, Role.ADMINISTRATOR),
}
"""Who holds a power where the policy does not speak of it. Who decides a block is the policy's, never ours."""

DECIDES: dict[Power, Action] = {
    Power.DECIDE_BLOCK: Action.BLOCK,
    Power.DECIDE_APPEAL: Action.APPEAL,
    Power.DECIDE_REINSTATEMENT: Action.REINSTATE,
    Power.WARN: Action.WARN,
}
"""Powers that the policy gives, or the library as practice where its policy is silent."""

WALLED: dict[Track, tuple[Role, ...]] = {
    Track.CHILD_SAFETY: (Role.DIRECTOR, Role.DUTY_PERSON),
    Track.STAFF_CONDUCT: (Role.DIRECTOR,),
    Track.TRUSTEE_CONDUCT: (Role.BOARD_CHAIR,),
}
"""Tracks that only these roles, and the person who reported, may open."""

TITLES: dict[Role, str] = {
    Role.REPORTER: "member of staff",
    Role.EDITOR: "editor",
    Role.LIBRARIAN_IN_CHARGE: "Librarian in Charge",
    Role.DIRECTOR: "Library Director",
    Role.ACTING_DIRECTOR: "acting Library Director",
    Role.DESIGNEE: "the Director's designee",
    Role.TRUSTEE: "trustee",
    Role.BOARD_CHAIR: "Board chair",
    Role.DUTY_PERSON: "duty person",
    Role.RECORDS_OFFICER: "records officer",
    Role.COUNSEL: "counsel",
    Role.AUDITOR: "auditor",
    Role.ADMINISTRATOR: "administrator",
}


def title_of(role: Role, pack: Pack | None) -> str:
    """What somebody with a role is called at a library: the Director by the title its policy gives."""
    executive = pack.about.executive if pack else TITLES[Role.DIRECTOR]
    if role is Role.DIRECTOR:
        return executive
    return f"acting {executive}" if role is Role.ACTING_DIRECTOR else TITLES[role]


REFUSED: dict[Power, str] = {
    Power.REPORT: "Reports are made by the library's staff",
    Power.REQUEST_BLOCK: "A block is asked for by the library's staff",
    Power.LOG_PAPER: "What a patron wrote is put on file by the library's staff",
    Power.SEE_APPEALS: "Appeals and requests to come back open to whoever logged them, the Director and record keepers",
    Power.SEE_LISTS: "These lists are for the library's staff",
    Power.SEE_HISTORY: "Blocks and histories open to editors, the Librarian in Charge, the Director and record keepers",
    Power.LINK_HANDLES: "Handles are linked by editors, the Librarian in Charge or the Director",
    Power.CONFIRM: "Only an editor of this account confirms what was done on it",
    Power.SEND_NOTICE: "Notices are sent by an editor of the account or the Director",
    Power.FOLLOW_UP: "What was done about a report is entered by editors, the Librarian in Charge, the Director "
    "or the duty person",
    Power.EXPORT: "The whole file of a case is taken out by the Director and record keepers",
    Power.SEE_DOCKET: "The disposal list opens to the custodian, the Director, the Board chair and record keepers",
    Power.HOLD: "Holds are placed and released by the records officer, the Director or counsel",
    Power.CONFIRM_DISPOSAL: "A disposal is confirmed by the records officer, the Director or the Board chair",
    Power.CORRECT: "Corrections are made by editors, the Librarian in Charge, the Director or the records officer",
    Power.SET_UP: "Setup is for the administrator and the Director",
    Power.DELEGATE: "Only the Director can delegate",
    Power.APPOINT: "The Board appoints an acting Director; the Board chair or an administrator enters it",
}


def deciders(
    action: Action, *, on: date, book: PolicyBook, length: Span | None = None
) -> tuple[frozenset[Role], Citation | None]:
    """Who decides an action that day, and under what: the pack's rule, or the library's practice, or nobody yet.

    :param length: how long it is to last, where the policy has the longer ones decided by somebody else; without it
        the one who may decide the longest is meant
    :returns: the roles (empty while the policy is silent and the library has chosen none) and where that stands
    """
    law = book.on(on)
    decider = law.decider(action, length=length)
    if decider.stance is Stance.STATED:
        roles = {*decider.roles, *([Role.DESIGNEE] if decider.designee else [])}
        return frozenset(roles), book.cite(decider.rule, on=on)
    if action is Action.APPEAL and law.appeal.stance is Stance.STATED and law.appeal.decided_by:
        return frozenset({law.appeal.decided_by}), book.cite(law.appeal.rule_of("decided_by"), on=on)
    if action is Action.REINSTATE and law.reinstatement.stance is Stance.STATED and law.reinstatement.decided_by:
        return frozenset({law.reinstatement.decided_by}), book.cite(law.reinstatement.rule, on=on)
    chosen = book.practice(f"decider.{action.value}")
    if chosen is None:
        return frozenset(), None
    who = title_of(Role(chosen.value), book.on(on))
    cited = Citation(
        rule=chosen.key,
        label=f"Who decides: {who}",
        source=chosen.label,
        practice=True,
    )
    return frozenset({Role(chosen.value)}), cited


def asked_first(roles: frozenset[Role]) -> Role:
    """Of several who may decide, whose task it is: the Director's, else that of an office before a designee's."""
    if Role.DIRECTOR in roles:
        return Role.DIRECTOR
    return min(roles - {Role.DESIGNEE}, default=min(roles, default=Role.DIRECTOR))


def custodians(*, on: date, book: PolicyBook) -> tuple[frozenset[Role], Citation | None]:
    """Who has the records in keeping and may propose to dispose of them: whom the pack names, else by practice.

    Where the policy names no custodian it is the records officer or the Director (library practice, not in policy).
    """
    for rule in book.on(on).retention:
        if rule.stance is Stance.STATED and rule.custodian is not None:
            return frozenset({rule.custodian}), book.cite(rule.rule, on=on)
    return frozenset({Role.RECORDS_OFFICER, Role.DIRECTOR}), None


def require(
    person: Person,
    power: Power,
    *,
    on: date,
    book: PolicyBook,
    account: UUID | None = None,
    law: date | None = None,
    length: Span | None = None,
) -> None:
    """Refuse unless the person may do this, that day, under the policy.

    :param law: the day whose policy says who decides, where that is not the same day
    :param length: of what is to be decided, where that says who decides it
    :raises Refusal: with who may, and the clause where the policy says so
    """
    if power in DECIDES:
        _require_decider(person, DECIDES[power], on=on, book=book, law=law or on, length=length)
        return
    if power is Power.PROPOSE_DISPOSAL:
        _require_custodian(person, on=on, book=book)
        return
    roles = HOLDERS[power]
    if account is not None and power in {Power.CONFIRM, Power.SEND_NOTICE}:
        director = power is Power.SEND_NOTICE and person.has(Role.DIRECTOR, on=on)
        allowed = director or person.edits(account, on=on)
    else:
        allowed = person.has(*roles, on=on)
    if not allowed:
        asked_to_see = power in {
            Power.SEE_LISTS,
            Power.SEE_HISTORY,
            Power.SEE_APPEALS,
            Power.SEE_DOCKET,
            Power.EXPORT,
        }
        raise Refusal(f"{REFUSED[power]}." if asked_to_see else f"{REFUSED[power]}. Nothing was changed.")


def _require_custodian(person: Person, *, on: date, book: PolicyBook) -> None:
    roles, under = custodians(on=on, book=book)
    if not person.has(*roles, on=on):
        who = " or the ".join(sorted(title_of(role, book.on(on)) for role in roles))
        raise Refusal(f"Records are proposed for disposal by the {who}. Nothing was changed.", under=under)


def _require_decider(
    person: Person, action: Action, *, on: date, book: PolicyBook, law: date, length: Span | None
) -> None:
    roles, under = deciders(action, on=law, book=book, length=length)
    if not roles:
        silence = book.on(law).decider(action, length=length)
        raise Refusal(
            f"The policy does not say who decides this: {silence.why}. "
            "The library can name somebody in “setup”, as its practice; until then nobody can decide it here."
        )
    if not person.has(*roles, on=on):
        who = " or ".join(sorted(title_of(role, book.on(on)) for role in roles))
        raise Refusal(f"Only the {who} can decide this. Nothing was changed.", under=under)


def may_see(person: Person, *, track: Track, reported_by: UUID, about_director: bool, on: date) -> bool:
    """Test whether a person may open a report.

    Whoever reported it may. Walled tracks open to the roles named for them; what is about the Director goes to the
    Board chair instead (library practice: no seed policy names anybody else). Everything else opens to those who
    work on cases and to record keepers; trustees and administrators as such see no patron's words.
    """
    if person.id == reported_by:
        return True
    if about_director:
        return person.has(Role.BOARD_CHAIR, on=on)
    return person.has(*WALLED.get(track, (*CASEWORK, *READERS)), on=on)


def keeps_walled(person: Person, *, track: Track, about_director: bool, on: date) -> bool:
    """Test whether a walled report is this person's to close: it is never closed by whoever reported it alone."""
    return person.has(*((Role.BOARD_CHAIR,) if about_director else WALLED[track]), on=on)


def holders(people: Iterable[Person], role: Role, *, on: date) -> tuple[Person, ...]:
    """Everybody who holds a role that day and can act, by name."""
    return tuple(
        sorted(
            (p for p in people if p.same_as is None and p.standing is Standing.MEMBER and p.has(role, on=on)),
            key=lambda person: person.name,
        )
    )
