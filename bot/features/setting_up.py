"""The forms of setup: policy, library, people, roles, accounts, channels and closures."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from bot.cards import Field, FieldKind, Note, Option, Page, Reply, Submission
from bot.cases.clock import ClockState
from bot.cases.library import Library, Place
from bot.clocks.calendar import seeded_closures, short_date
from bot.clocks.closures import read_ics
from bot.clocks.meetings import parse_meetings
from bot.features import appeal_levels, duties, editors, offices
from bot.people import TITLES, Grant, Identity, Person, Power
from bot.policy import shelf
from bot.policy.terms import Channel, ClockKind, Role
from bot.reading import calendar_of
from bot.refusal import Mistake, Refusal
from bot.work import Work

YEARS_SEEDED = 2
SHOWN = 10
"""How many lines of one kind an answer names."""


def pack_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Which policy the library works under."""
    del sent
    work.require(Power.SET_UP)
    return (
        Page(
            title="Policy",
            intro="The pack is copied into your records as it is today; an update of this program never changes it.",
            fields=(
                Field(
                    name="pack",
                    label="Which policy?",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=tuple(
                        Option(value=name, label=shelf.read_pack(name).about.name)
                        for name in shelf.pack_names()
                        if shelf.read_pack(name).version not in work.library.packs
                    ),
                ),
            ),
            submit="Adopt",
        ),
    )


def adopt_pack(sent: Submission, work: Work) -> Reply:
    """Copy a pack into the library's records; from its first day on it governs.

    :raises Refusal: it is another library's policy, and cases are on file under this one's
    """
    work.require(Power.SET_UP)
    name = sent.text("pack")
    others = {pack.name for pack in work.book.packs} - {name}
    if others and (work.shelves.incidents.recent(1) or work.shelves.blocks.recent(1)):
        raise Refusal(
            "Cases are on file under the policy this library works under, and they stay under it. "
            "A new version of that policy can be adopted; another library's cannot take its place."
        )
    for version, raw in shelf.versions(name):
        work.shelves.registry.adopt(version, raw)
    pack = shelf.read_pack(name)
    work.append(action="pack.adopted", payload={"pack": pack.version, "sha256": pack.sha256}, record="pack")
    work.save(replace(work.library, packs=(*work.library.packs, pack.version)), before=work.library)
    work.forget_library()
    duties.renew(work)
    return Reply(headline=f"{pack.about.name}'s policy of {pack.since.isoformat()} is adopted.")


def library_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Name, zone, state, weekly closed days and the Board's regular meetings."""
    del sent
    work.require(Power.SET_UP)
    library = work.library
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return (
        Page(
            title="The library",
            fields=(
                Field(name="name", label="Name", required=True, initial=(library.name,), max_length=120),
                Field(
                    name="zone",
                    label="Time zone",
                    required=True,
                    initial=(library.zone,),
                    hint="For example America/New_York",
                ),
                Field(
                    name="state",
                    label="State",
                    initial=(library.state,) if library.state else (),
                    hint="Two letters. Its public holidays are entered as closed days for you to edit.",
                    max_length=2,
                ),
                Field(
                    name="closed",
                    label="Closed every",
                    kind=FieldKind.CHOICES,
                    options=tuple(Option(value=str(n), label=day) for n, day in enumerate(days, 1)),
                    initial=tuple(str(day) for day in sorted(library.closed_weekdays)),
                ),
                Field(
                    name="meetings",
                    label="Regular meetings of the Board",
                    kind=FieldKind.LONG_TEXT,
                    hint="Rules or dates, one a line: third Tuesday, except July; 2026-03-17; not 2026-07-21. "
                    "A rule is kept as its dates, this year and the two after it.",
                    initial=("\n".join(day.isoformat() for day in library.meetings),) if library.meetings else (),
                ),
            ),
        ),
    )


def set_library(sent: Submission, work: Work) -> Reply:
    """Keep name, zone and calendar; running clocks are proved again and whoever they moved for is told."""
    work.require(Power.SET_UP)
    library = work.library
    try:
        meetings = parse_meetings(sent.text("meetings")).meetings(_years(work.today, more=1))
    except Mistake as unread:
        raise Mistake("One of the lines cannot be read.", beside={"meetings": unread.why}) from unread
    closures = dict(library.closures)
    state = sent.text("state").upper()
    if state and state != library.state:
        closures = {**seeded_closures(state, _years(work.today)), **closures}
    changed = replace(
        library,
        name=sent.text("name"),
        zone=sent.text("zone"),
        state=state,
        closed_weekdays=frozenset(int(day) for day in sent.chosen("closed")),
        closures=closures,
        meetings=meetings,
    )
    moved = _change_calendar(changed, work)
    return Reply(headline=f"Kept. {moved}")


def _years(today: date, *, more: int = 0) -> range:
    return range(today.year, today.year + YEARS_SEEDED + more)


def _change_calendar(changed: Library, work: Work) -> str:
    """Keep the library as changed and prove every running clock again; say what moved."""
    calendar_of(changed)  # refuses a calendar that cannot be
    work.save(changed, before=work.library)
    work.forget_library()
    moved = []
    for clock in work.shelves.clocks.running(100_000):
        if clock.kind is ClockKind.TASK or clock.event is None or clock.state is not ClockState.RUNNING:
            continue
        work.prove_again(clock)
        after = work.shelves.clocks.get(clock.id)
        if after is not None and after.due != clock.due:
            moved.append(f"{clock.case}: {short_date(clock.due)} → {short_date(after.due)}")
            work.tell(Channel.RECORDS, about=clock.case, headline="A closed day moved a date of this case.")
    appeal_levels.count_from_meetings(work)
    if not moved:
        return "No running date moved."
    return f"{len(moved)} date{'' if len(moved) == 1 else 's'} moved: {'; '.join(moved[:10])}."


def closure_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """A day the library is closed, or open after all."""
    del sent
    work.require(Power.SET_UP)
    coming = sorted(day for day in work.library.closures if day >= work.today)[:20]
    listed = "; ".join(f"{short_date(day)} {work.library.closures[day]}" for day in coming)
    return (
        Page(
            title="Closed day",
            fields=(
                Field(name="day", label="Day", kind=FieldKind.DATE),
                Field(
                    name="name", label="Why", hint="For example snow day. Leave empty to reopen a day.", max_length=80
                ),
                Field(
                    name="calendar",
                    label="Or the words of a calendar file (.ics)",
                    kind=FieldKind.LONG_TEXT,
                    hint="Paste the whole file as text. Its whole days that say they are closed are taken.",
                ),
            ),
            notes=(Note(text=f"Closed days to come: {listed or 'none entered'}"),),
        ),
    )


def set_closure(sent: Submission, work: Work) -> Reply:
    """Add or take back a closed day, or take those of a calendar file; running clocks are proved again."""
    work.require(Power.SET_UP)
    if sent.text("calendar"):
        return _import_closures(sent.text("calendar"), work)
    day = sent.day("day")
    if day is None:
        raise Mistake("Which day?", beside={"day": "Choose the day, or paste a calendar file below."})
    closures = dict(work.library.closures)
    if sent.text("name"):
        closures[day] = sent.text("name")
    else:
        closures.pop(day, None)
    return Reply(headline=f"Kept. {_change_calendar(replace(work.library, closures=closures), work)}")


def _import_closures(calendar: str, work: Work) -> Reply:
    """Add the closed days of a calendar file; what it does not call closed is named and left to a person."""
    try:
        found = read_ics(calendar.encode(), _years(work.today))
    except Mistake as unread:
        raise Mistake("No closed day was taken.", beside={"calendar": unread.why}) from unread
    if not found.closures and not found.others:
        why = " ".join(("No whole day of this year or the next is in it.", *found.left_out[:SHOWN]))
        raise Mistake("No closed day was taken.", beside={"calendar": why})
    moved = _change_calendar(replace(work.library, closures={**found.closures, **work.library.closures}), work)
    others = "; ".join(f"{short_date(day)} {name}" for day, name in [*found.others.items()][:SHOWN])
    asks = f" Not called closed, so not taken: {others}. Add those that are." if others else ""
    left = f" Left out: {' '.join(found.left_out[:SHOWN])}" if found.left_out else ""
    count = len(found.closures)
    return Reply(headline=f"{count} closed day{'' if count == 1 else 's'} taken. {moved}{asks}{left}")


def person_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Somebody's name and chat account."""
    del sent
    work.require(Power.SET_UP)
    return (
        Page(
            title="Add a person",
            fields=(
                Field(name="name", label="Name", required=True, max_length=120),
                Field(
                    name="user",
                    label="Their id on this platform",
                    hint="Leave empty for somebody outside the chat, such as a trustee who gets paper.",
                    max_length=120,
                    names="user",
                ),
                _role_field(Role.ACTING_DIRECTOR),
            ),
        ),
    )


def _role_field(*apart: Role) -> Field:
    """A role; a designee is named with “delegate”, and what stands ``apart`` elsewhere."""
    return Field(
        name="role",
        label="Role",
        kind=FieldKind.CHOICE,
        required=True,
        options=tuple(
            Option(value=role.value, label=TITLES[role][:1].upper() + TITLES[role][1:])
            for role in Role
            if role not in {Role.DESIGNEE, *apart}
        ),
        initial=(Role.REPORTER.value,),
    )


def set_person(sent: Submission, work: Work) -> Reply:
    """Put somebody on file with a first role from today."""
    work.require(Power.SET_UP)
    user = sent.text("user")
    identity = replace(work.sent.actor, user=user) if user else None
    if identity and work.shelves.registry.by_identity(identity):
        raise Mistake("That account is somebody's already.", beside={"user": "Use “setup” to give that person a role."})
    identities: tuple[Identity, ...] = (identity,) if identity else ()
    role = Role(sent.text("role"))
    editors.check_may_authorize(role, work)
    person = work.save(
        Person(
            id=uuid4(),
            library=work.library.id,
            name=sent.text("name"),
            identities=identities,
            grants=(Grant(role=role, since=work.today, document=editors.document_of(role, sent, work)),),
        )
    )
    return Reply(headline=f"{person.name} is on file as {TITLES[role]}.")


def role_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Who holds which role from when to when; for an acting Director also the Board's paper."""
    work.require(Power.SET_UP)
    return (
        Page(
            title="Give or end a role",
            fields=(
                Field(
                    name="person",
                    label="Who?",
                    kind=FieldKind.PERSON,
                    required=True,
                    options=tuple(Option(value=str(p.id), label=p.name) for p in work.people if p.same_as is None),
                ),
                _role_field(),
                Field(
                    name="what",
                    label="What?",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=(
                        Option(value="give", label="Give it"),
                        Option(value="end", label="End it: yesterday was the last day"),
                    ),
                    initial=("give",),
                ),
                Field(name="since", label="From", kind=FieldKind.DATE, initial=(work.today.isoformat(),)),
                Field(name="until", label="Until", kind=FieldKind.DATE, hint="Empty: until ended."),
                Field(
                    name="accounts",
                    label="For an editor: which accounts?",
                    kind=FieldKind.CHOICES,
                    options=tuple(Option(value=str(a.id), label=a.label) for a in work.accounts),
                    hint="None ticked means all.",
                ),
                *editors.office_field(work),
            ),
        ),
        *_paper_page(sent, work),
    )


def _paper_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """The Board's paper behind an acting Director."""
    if sent.text("role") != Role.ACTING_DIRECTOR or sent.text("what") == "end":
        return ()
    intro = "The Board appoints; this only enters it. It ends by itself after its last day."
    return (Page(title="Acting Director", intro=intro, fields=offices.paper_fields(work)),)


def set_role(sent: Submission, work: Work) -> Reply:
    """Give a dated role, or end one; what somebody held before stays on file."""
    work.require(Power.SET_UP)
    person = work.person(UUID(sent.text("person")))
    role = Role(sent.text("role"))
    if sent.text("what") == "end":
        yesterday = work.today - timedelta(days=1)
        grants = tuple(
            replace(grant, until=yesterday) if grant.role is role and grant.holds_on(work.today) else grant
            for grant in person.grants
        )
        if grants == person.grants:
            raise Mistake(f"{person.name} does not hold that role today.", beside={"role": "Choose a role they hold."})
        work.save(replace(person, grants=grants), before=person)
        if role is Role.EDITOR:
            _editor_leaves(person, work, last_day=yesterday)
        return Reply(headline=f"{person.name} is no longer {TITLES[role]}.")
    if role is Role.ACTING_DIRECTOR:
        return offices.appoint(sent, work)
    editors.check_may_authorize(role, work)
    since = sent.day("since") or work.today
    until = sent.day("until")
    if until is not None and until < since:
        raise Mistake("It ends before it begins.", beside={"until": "Choose a day after the first, or leave it empty."})
    grant = Grant(
        role=role,
        since=since,
        until=until,
        accounts=tuple(UUID(account) for account in sent.chosen("accounts")),
        document=editors.document_of(role, sent, work),
    )
    work.save(replace(person, grants=(*person.grants, grant)), before=person)
    if role is Role.EDITOR and until is not None:
        duties.somebody_left(person, grant.accounts, work, last_day=until)
    return Reply(headline=f"{person.name} is {TITLES[role]} from {since.isoformat()}.")


def _editor_leaves(person: Person, work: Work, *, last_day: date) -> None:
    """Have what the policy asks done on every account somebody edited until a day."""
    for grant in person.grants:
        if grant.role is Role.EDITOR and grant.holds_on(work.today):
            duties.somebody_left(person, grant.accounts, work, last_day=last_day)


def channel_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Which real channel is which."""
    del sent
    work.require(Power.SET_UP)
    return (
        Page(
            title="Channel",
            fields=(
                Field(
                    name="which",
                    label="Which one?",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=tuple(Option(value=channel.value, label=f"#{channel.value}") for channel in Channel),
                ),
                Field(name="channel", label="Its id on this platform", required=True, max_length=120, names="channel"),
            ),
        ),
    )


def set_channel(sent: Submission, work: Work) -> Reply:
    """Point one of the three channels at a real one."""
    work.require(Power.SET_UP)
    actor = work.sent.actor
    place = Place(platform=actor.platform, tenant=actor.tenant, channel=sent.text("channel"))
    which = Channel(sent.text("which"))
    work.save(replace(work.library, channels={**work.library.channels, which: place}), before=work.library)
    missed = work.send_again(lambda message: message.channel is which)
    waiting = f" {len(missed)} undelivered for it are sent again." if missed else ""
    return Reply(headline=f"#{which.value} is {place.channel}.{waiting}")
