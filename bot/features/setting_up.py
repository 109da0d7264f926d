"""The forms of setup: policy, people, roles and channels."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from bot.cards import Field, FieldKind, Option, Page, Reply, Submission
from bot.cases.library import Place
from bot.features import duties, editors, offices
from bot.people import Grant, Identity, Person, Power
from bot.policy import shelf
from bot.policy.terms import Channel, Role
from bot.refusal import Mistake, Refusal
from bot.work import Work


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
                _role_field(work, Role.ACTING_DIRECTOR),
            ),
        ),
    )


def _role_field(work: Work, *apart: Role) -> Field:
    """A role; a designee is named with “delegate”, and what stands ``apart`` elsewhere."""
    return Field(
        name="role",
        label="Role",
        kind=FieldKind.CHOICE,
        required=True,
        options=tuple(
            Option(value=role.value, label=work.title(role)[:1].upper() + work.title(role)[1:])
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
    return Reply(headline=f"{person.name} is on file as {work.title(role)}.")


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
                _role_field(work),
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
        return Reply(headline=f"{person.name} is no longer {work.title(role)}.")
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
    return Reply(headline=f"{person.name} is {work.title(role)} from {since.isoformat()}.")


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
