"""Speak for the library: asked of the Director, or given by her; who may is a dated list."""

from uuid import UUID

from bot.cards import Card, Field, FieldKind, Option, Page, Reply, Row, Submission, Table
from bot.cases.permission import Consent, For, Permission
from bot.clocks.calendar import short_date
from bot.features import permissions
from bot.people import Power
from bot.policy.terms import Role
from bot.refusal import Mistake
from bot.views import permissions as views
from bot.work import Work

SCOPES = {"occasion": "On one occasion", "spokesperson": "As a spokesperson"}
NEEDS = (Role.DIRECTOR,)


def ask_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """For what, and from when to when; the Director also says who.

    :raises Refusal: the policy in force does not ask for this
    """
    del sent
    work.require(Power.REPORT)
    permissions.asked_by_policy(For.SPEAK, work)
    who = (
        Field(
            name="person",
            label="Who?",
            kind=FieldKind.PERSON,
            required=True,
            options=tuple(Option(value=str(p.id), label=p.name) for p in work.people if p.same_as is None),
        ),
    )
    return (
        Page(
            title="Speak for the library",
            intro="Named by you, it holds at once." if _gives(work) else f"The {work.executive} is asked first.",
            fields=(
                *(who if _gives(work) else ()),
                Field(
                    name="scope",
                    label="How?",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=tuple(Option(value=value, label=label) for value, label in SCOPES.items()),
                ),
                Field(name="about", label="On what?", kind=FieldKind.LONG_TEXT, required=True, max_length=1000),
                Field(
                    name="since", label="From", kind=FieldKind.DATE, required=True, initial=(work.today.isoformat(),)
                ),
                Field(name="until", label="Until", kind=FieldKind.DATE, hint="Empty: until it is ended."),
            ),
            notes=views.sources(For.SPEAK, work),
            submit="Name them" if _gives(work) else "Ask",
        ),
    )


def _gives(work: Work) -> bool:
    return work.actor.has(Role.DIRECTOR, on=work.today)


def ask(sent: Submission, work: Work) -> Reply:
    """Ask the Director; or, if she sends it, keep whom she names."""
    work.require(Power.REPORT)
    permissions.asked_by_policy(For.SPEAK, work)
    gives = _gives(work)
    if sent.text("scope") not in SCOPES:
        raise Mistake("How?", beside={"scope": "Choose one."})
    own = Consent(role=Role.DIRECTOR, agreed=True, by=work.actor.id, at=work.now, on=work.today)
    asked = permissions.ask(
        For.SPEAK,
        work,
        about=sent.text("about"),
        needs=NEEDS,
        person=UUID(sent.text("person")) if gives else work.actor.id,
        particulars={"How": SCOPES[sent.text("scope")]},
        since=sent.day("since") or work.today,
        until=sent.day("until"),
        answers=(own,) if gives else (),
    )
    said = "may speak for the library" if gives else "is asked for; the Director answers first"
    return Reply(
        cards=(views.private(asked, work),),
        headline=f"{work.name(asked.person)}: {said}.",
        about=asked.ref,
    )


def speakers(work: Work) -> tuple[Permission, ...]:
    """Who may speak for the library today."""
    return tuple(one for one in work.shelves.duties.permissions() if one.asks is For.SPEAK and one.holds_on(work.today))


def show(sent: Submission, work: Work) -> Reply:
    """List who may speak for the library today, on what and until when."""
    del sent
    work.require(Power.SEE_LISTS)
    permissions.asked_by_policy(For.SPEAK, work)
    rows = tuple(
        Row(
            cells=(
                work.name(one.person),
                one.particulars.get("How", ""),
                short_date(one.since) if one.since else "",
                short_date(one.until) if one.until else "until ended",
            )
        )
        for one in speakers(work)
    )
    body = "" if rows else f"Nobody speaks for the library today but the {work.executive}."
    return Reply(
        cards=(
            Card(
                title="Who speaks for the library",
                body=body,
                table=Table(columns=("Name", "How", "From", "Until"), rows=rows) if rows else None,
                notes=views.sources(For.SPEAK, work),
            ),
        )
    )
