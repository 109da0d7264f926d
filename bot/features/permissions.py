"""Agree to what somebody asked, or refuse it; and take back what was agreed."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid4

from bot.cards import Field, FieldKind, Note, Option, Page, Reply, Submission
from bot.cases.permission import ASKED, Consent, For, Permission
from bot.cases.task import TaskKind
from bot.clocks.calendar import short_date
from bot.features.duties import asked_of
from bot.people import Power
from bot.policy.pack import Duty
from bot.policy.terms import Role
from bot.refusal import Mistake, Refusal
from bot.views import permissions as views
from bot.work import Work

ON_PAPER = (Role.COUNSEL,)
"""Offices that are often outside the chat: the Director or the records officer enters their signed answer."""
ENTERS = (Role.DIRECTOR, Role.RECORDS_OFFICER)


def asked_by_policy(asks: For, work: Work) -> Duty:
    """The duty that asks for this permission.

    :raises Refusal: the policy in force has no such rule
    """
    found = views.duty(asks, work)
    if found is None:
        raise Refusal(f"{work.library.name}'s policy has no rule for this, so nothing has to be asked for.")
    return found


def ask(  # noqa: PLR0913 - a request has that many parts
    asks: For,
    work: Work,
    *,
    about: str,
    needs: tuple[Role, ...],
    person: UUID | None = None,
    account: UUID | None = None,
    case: str = "",
    particulars: Mapping[str, str] | None = None,
    since: date | None = None,
    until: date | None = None,
    answers: tuple[Consent, ...] = (),
) -> Permission:
    """Keep a request, and ask each office that has to agree and has not yet."""
    if not about:
        raise Mistake("What is it about?", beside={"about": "Say it in a few words."})
    if since is not None and until is not None and until < since:
        raise Mistake("It ends before it begins.", beside={"until": "Choose its first day, or a later one."})
    asked = work.save(
        Permission(
            id=uuid4(),
            library=work.library.id,
            ref=work.next_ref("P"),
            asks=asks,
            asked_by=work.actor.id,
            asked_at=work.now,
            asked_on=work.today,
            about=about,
            needs=needs,
            person=person,
            account=account,
            case=case,
            particulars=dict(particulars or {}),
            since=since,
            until=until,
            answers=answers,
        )
    )
    for role in asked.waits_for:
        if asks is For.ASSIGN:
            continue
        entered_by = Role.DIRECTOR if role in ON_PAPER else role
        work.ask_for(TaskKind.AGREE, case=asked.ref, role=entered_by, account=account)
        work.tell_role(entered_by, about=asked.ref, headline="You are asked to agree to this, or to refuse it.")
    return asked


def answer_pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Agree or refuse; with the paper, where somebody outside the chat answered.

    :raises Refusal: nobody asked the actor, or it was answered already
    """
    asked = views.called(sent.subject, work)
    role = _office(asked, work)
    shown = views.private(asked, work)
    facts = tuple(Note(text=f"{fact.label}: {fact.value}") for fact in shown.facts)
    return (
        Page(
            title=ASKED[asked.asks][:75],
            intro=asked.about,
            fields=(
                Field(
                    name="agreed",
                    label=f"As {work.title(role)}",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=(Option(value="yes", label="Agreed"), Option(value="no", label="Refused")),
                ),
                Field(name="words", label="Why, or under which condition", kind=FieldKind.LONG_TEXT, max_length=1000),
                *_own_fields(asked, role, work),
            ),
            notes=(*facts, *views.sources(asked.asks, work)),
            submit="Answer",
        ),
    )


def _own_fields(asked: Permission, role: Role, work: Work) -> tuple[Field, ...]:
    if asked.asks is For.ASSIGN:
        known = tuple(Option(value=str(p.id), label=p.name) for p in work.people if p.same_as is None)
        return (Field(name="assigned", label="Who is assigned?", kind=FieldKind.PERSON, options=known),)
    if role not in ON_PAPER:
        return ()
    return (
        Field(name="signed_by", label="Who answered?", required=True, hint="The attorney's name.", max_length=120),
        Field(name="dated", label="Date of the paper", kind=FieldKind.DATE, required=True, latest=work.today),
        Field(
            name="document",
            label="What the paper is, and where it is kept",
            required=True,
            hint="For example: e-mail of 2 March 2026, in the Director's folder on the lawsuit.",
            max_length=300,
        ),
    )


def answer(sent: Submission, work: Work) -> Reply:
    """Keep one answer; when everybody agreed it holds, and one refusal refuses it.

    :raises Refusal: nobody asked the actor, it was answered already, or the same person answered for another office
    """
    asked = views.called(sent.subject, work)
    role = _office(asked, work)
    agreed = sent.text("agreed") == "yes"
    if not agreed and not sent.text("words"):
        raise Mistake("Say why it is refused.", beside={"words": "A sentence is enough."})
    assigned = sent.text("assigned")
    if asked.asks is For.ASSIGN and agreed and not assigned:
        raise Mistake("Who is assigned?", beside={"assigned": "Choose somebody."})
    dated = sent.day("dated")
    paper = f"{sent.text('document')} (dated {short_date(dated)})" if dated else ""
    words = " ".join(part for part in (_assigned(assigned, work), sent.text("words")) if part)
    consent = Consent(
        role=role,
        agreed=agreed,
        by=work.actor.id,
        at=work.now,
        on=dated or work.today,
        words=words,
        signed_by=sent.text("signed_by"),
        document=paper,
    )
    answered = work.save(asked.answer(consent), before=asked)
    _close_tasks(answered, role, work)
    said = "refused" if answered.refused else views.state(answered, work)
    work.tell_people([work.person(asked.asked_by)], about=asked.ref, headline=f"What you asked: {said}.")
    if answered.granted and answered.asks is For.OPEN_ACCOUNT:
        work.ask_for(TaskKind.REGISTER_ACCOUNT, case=asked.ref, role=asked_of(Role.ADMINISTRATOR, work))
    return Reply(cards=(views.private(answered, work),), headline=f"{ASKED[asked.asks]}: {said}.", about=asked.ref)


def _assigned(person: str, work: Work) -> str:
    return f"{work.name(UUID(person))} is assigned." if person else ""


def _close_tasks(answered: Permission, role: Role, work: Work) -> None:
    """Close what this office was asked; once it is refused, what anybody was asked."""
    entered_by = Role.DIRECTOR if role in ON_PAPER else role
    for task in work.shelves.tasks.of_case(answered.ref):
        if task.state.value == "open" and (answered.refused or task.role is entered_by):
            work.end_task(task)


def _office(asked: Permission, work: Work) -> Role:
    """The office in which the actor answers.

    :raises Refusal: it waits for somebody else, or for nobody
    """
    waits = asked.waits_for
    if not waits:
        raise Refusal(f"{asked.ref} is {views.state(asked, work)}; nobody is asked any more. Nothing was changed.")
    asked.check_answers(work.actor.id)
    if asked.asks is For.ASSIGN and asked.person == work.actor.id:
        return waits[0]
    for role in waits:
        enters = (role, *ENTERS) if role in ON_PAPER else (role,)
        if asked.asks is not For.ASSIGN and work.actor.has(*enters, on=work.today):
            return role
    named = " and the ".join(work.title(role) for role in waits)
    who = work.name(asked.person) if asked.asks is For.ASSIGN else f"the {named}"
    under = work.book.cite(asked_by_policy(asked.asks, work).rule, on=work.today)
    raise Refusal(f"This waits for the answer of {who}. Nothing was changed.", under=under)


def end_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Why what was agreed is taken back."""
    asked = views.called(sent.subject, work)
    _check_may_end(asked, work)
    return (
        Page(
            title="End it",
            intro=f"{asked.ref}: {ASKED[asked.asks]}. From today on it no longer holds.",
            fields=(Field(name="because", label="Why?", required=True, max_length=300),),
            submit="End it",
        ),
    )


def end(sent: Submission, work: Work) -> Reply:
    """End what was agreed, from today on.

    :raises Refusal: the actor gave no such permission, or it has ended
    """
    asked = views.called(sent.subject, work)
    _check_may_end(asked, work)
    ended = work.save(asked.end(by=work.actor.id, on=work.today, because=sent.text("because")), before=asked)
    return Reply(cards=(views.private(ended, work),), headline=f"{asked.ref} has ended.", about=asked.ref)


def _check_may_end(asked: Permission, work: Work) -> None:
    work.require(Power.SEE_LISTS)
    if asked.asks not in {For.SPEAK, For.LITIGATION, For.ASSIGN} or not work.actor.has(Role.DIRECTOR, on=work.today):
        raise Refusal(f"The {work.executive} ends what was agreed. Nothing was changed.")
