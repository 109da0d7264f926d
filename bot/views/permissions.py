"""What somebody asked to be allowed, privately and as a channel shows it."""

from bot.cards import Button, Card, Fact, Note, Tone
from bot.cases.permission import ASKED, Consent, For, Permission
from bot.clocks.calendar import short_date
from bot.people import READERS, Power
from bot.policy.pack import Duty
from bot.policy.terms import Role
from bot.reading import no_such
from bot.refusal import Refusal
from bot.views.parts import account_label, fact, readings
from bot.work import Work


def called(ref: str, work: Work) -> Permission:
    """A permission by its reference.

    :raises Mistake: there is no such reference
    """
    for permission in work.shelves.duties.permissions():
        if permission.ref == ref:
            return permission
    raise no_such(ref)


def duty(asks: For, work: Work) -> Duty | None:
    """The duty of the policy in force that asks for this permission; ``None`` where it asks for none."""
    if not work.book.packs:
        return None
    return next((duty for duty in work.pack.duties if duty.code == asks.value), None)


def may_see(permission: Permission, work: Work) -> bool:
    """Test whether the actor may open it.

    Whoever asked may, whoever it is for, whoever has to agree, those who set the library up and record keepers. An
    inspection opens to the Director and record keepers alone.
    """
    if permission.asks is For.INSPECT:
        return work.actor.has(Role.DIRECTOR, *READERS, on=work.today)
    own = work.actor.id in {permission.asked_by, permission.person}
    return own or work.actor.has(*permission.needs, *READERS, on=work.today) or work.may(Power.SET_UP)


def state(permission: Permission, work: Work) -> str:
    """Where it stands, in words."""
    if permission.refused:
        return "refused"
    if permission.waits_for:
        return f"waits for {' and '.join(work.title(role) for role in permission.waits_for)}"
    if permission.ended_on is not None:
        return f"ended on {short_date(permission.ended_on)}"
    if permission.until is not None and permission.until < work.today:
        return f"ended by itself after {short_date(permission.until)}"
    return "under way" if permission.asks is For.INSPECT else "agreed"


def private(permission: Permission, work: Work) -> Card:
    """Everything on file about it, for somebody who may open it.

    :raises Refusal: the actor may not
    """
    if not may_see(permission, work):
        raise Refusal(f"{permission.ref} opens to whoever asked, whoever has to agree, and record keepers.")
    asked = f"{work.name(permission.asked_by)} on {short_date(permission.asked_on)}"
    facts = [Fact(label="State", value=state(permission, work)), Fact(label="Asked by", value=asked)]
    facts += fact("For", work.name(permission.person) if permission.person else "")
    facts += fact("Account", account_label(permission.account, work) if permission.account else "")
    facts += [Fact(label=label, value=value) for label, value in permission.particulars.items() if value]
    facts += fact("Case", permission.case)
    facts += fact("From", short_date(permission.since) if permission.since else "")
    facts += fact("Until", short_date(permission.until) if permission.until else "")
    notes = [Note(text=answered(consent, work)) for consent in permission.answers]
    if permission.ended_on is not None:
        by = work.name(permission.ended_by)
        notes.append(Note(text=f"Ended on {short_date(permission.ended_on)} by {by}. {permission.ended_because}"))
    return Card(
        title=f"{permission.ref}: {ASKED[permission.asks]}",
        body=permission.about,
        facts=tuple(facts),
        notes=(*notes, *sources(permission.asks, work)),
        buttons=buttons(permission, work),
    )


def sources(asks: For, work: Work) -> tuple[Note, ...]:
    """Where the policy asks for it; and where it does not say who agrees, that this is practice."""
    asked = duty(asks, work)
    if asked is None:
        return ()
    notes = [Note.of(work.book.cite(asked.rule, on=work.today)), *readings(asked.assumed)]
    if not asked.to and asks is For.SPEAK:
        said = "The policy does not say who names them; that it is the Director is library practice, not in policy."
        notes.append(Note(text=said, tone=Tone.PRACTICE))
    return tuple(notes)


def answered(consent: Consent, work: Work) -> str:
    """One answer, in one line."""
    said = "agreed" if consent.agreed else "refused"
    office = work.title(consent.role)
    who = f"{consent.signed_by}, entered by {work.name(consent.by)}" if consent.signed_by else work.name(consent.by)
    paper = f" Paper: {consent.document}." if consent.document else ""
    return f"{who} ({office}) {said} on {short_date(consent.on)}. {consent.words}{paper}".strip()


def buttons(permission: Permission, work: Work) -> tuple[Button, ...]:
    """What can be pressed: answer it, register the account, end it. Who may is checked at the press."""
    ref, version = permission.ref, permission.version
    found = []
    if permission.waits_for:
        found.append(
            Button(label="Agree or refuse", intent="permission.answer", subject=ref, version=version, opens_form=True)
        )
    elif permission.granted and permission.ended_on is None:
        label, intent = _next(permission.asks)
        if intent and (permission.asks is For.INSPECT or permission.holds_on(work.today)):
            found.append(Button(label=label, intent=intent, subject=ref, version=version, opens_form=True))
    return tuple(found)


def _next(asks: For) -> tuple[str, str]:
    match asks:
        case For.OPEN_ACCOUNT:
            return "Register it", "account.register"
        case For.INSPECT:
            return "Enter what was found", "inspection.end"
        case For.SPEAK | For.LITIGATION | For.ASSIGN:
            return "End it", "permission.end"


def pushed(permission: Permission) -> Card:
    """What was asked, as a channel or a direct message shows it: neither for whom nor why."""
    return Card(
        title=f"{permission.ref}: {ASKED[permission.asks]}",
        buttons=(Button(label="Open", intent="case.show", subject=permission.ref),),
    )
