"""Place and release holds: what they cover is neither disposed of nor edited while they stand."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID, uuid4

from bot.cards import Field, FieldKind, Note, Option, Page, Reply, Submission
from bot.cases.account import one_person
from bot.cases.hold import CAUSES, SCOPES, Cause, Covered, Hold, Scope, check_topic
from bot.cases.incident import Incident
from bot.features import records_request
from bot.features.author_history import named
from bot.people import Power
from bot.policy.terms import Channel
from bot.refusal import Mistake, Refusal
from bot.views import fields
from bot.views import holds as views
from bot.views.retention import Case, Keeping
from bot.work import Work

TRIED = 500
"""How many of the newest reports and blocks a hold is tried on, to show what it would catch."""
NAMED = 20
NAME_NOBODY = "Name no patron here: what you write stays on file."


def held(case: Case, work: Work) -> bool:
    """Test whether a hold stands on a case, so that what is kept of it has to stay."""
    return bool(Keeping(work).holds_on(case))


def check_not_held(case: Case, work: Work) -> None:
    """Refuse to edit or close what somebody placed a hold on; a patron's paper is held with what it is about.

    :raises Refusal: with the hold, and who may release it
    """
    holds = Keeping(work).holds_on(case)
    if holds:
        raise Refusal(
            f"{case.ref} is on hold ({', '.join(hold.ref for hold in holds)}): what is kept of it has to stay as it "
            "is. The records officer, the Director or counsel can release the hold. Nothing was changed."
        )


def check_authors_not_held(authors: Collection[UUID], work: Work) -> None:
    """Refuse to undo a link by which a hold on one handle holds another.

    :raises Refusal: with the hold, and who may release it
    """
    links = work.shelves.authors.links()
    same = {str(one) for author in authors for one in one_person(author, links)}
    holds = [hold.ref for hold in Keeping(work).holds if hold.scope is Scope.AUTHOR and hold.subject in same]
    if holds:
        raise Refusal(
            f"A hold stands on this author ({', '.join(holds)}), and the link says what it holds. "
            "The records officer, the Director or counsel can release the hold. Nothing was changed."
        )


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """What is held and why; then which one; then what that catches today."""
    work.require(Power.HOLD)
    first = Page(
        title="Place a hold",
        intro="Nothing that is held is disposed of or edited until the hold is released.",
        fields=(
            Field(
                name="scope",
                label="What is held?",
                kind=FieldKind.CHOICE,
                required=True,
                options=tuple(Option(value=scope.value, label=label.capitalize()) for scope, label in SCOPES.items()),
                initial=(Scope.CASE.value,),
            ),
            Field(
                name="cause",
                label="Because of",
                kind=FieldKind.CHOICE,
                required=True,
                options=tuple(Option(value=cause.value, label=label.capitalize()) for cause, label in CAUSES.items()),
            ),
        ),
        submit="Next",
    )
    if not sent.text("scope"):
        return (first,)
    which = Page(title="Which one?", fields=(_which(Scope(sent.text("scope")), sent, work),), submit="Next")
    try:
        hold = _hold(sent, work) if sent.text("which") else None
    except Mistake:  # said beside its field when the page is sent
        hold = None
    if hold is None:
        return first, which
    return (
        first,
        which,
        Page(
            title="What it holds",
            intro=_caught(hold, work),
            notes=(
                *((Note(text=views.CATCHES),) if sent.text("scope") == Scope.TOPIC else ()),
                *records_request.whose_days(sent.text("cause"), work),
            ),
            fields=(
                *records_request.came_in(sent.text("cause"), work),
                Field(
                    name="reason",
                    label="Why is it held?",
                    kind=FieldKind.LONG_TEXT,
                    required=True,
                    hint=NAME_NOBODY,
                    max_length=1000,
                ),
            ),
            submit="Place the hold",
        ),
    )


def _which(scope: Scope, sent: Submission, work: Work) -> Field:
    match scope:
        case Scope.CASE:
            given = sent.subject.strip().upper()
            return Field(
                name="which",
                label="Reference of the case",
                required=True,
                hint="For example I-2026-0001; what goes with it is held too.",
                initial=(given,) if given else (),
                max_length=20,
            )
        case Scope.AUTHOR:
            return Field(
                name="which",
                label="The author's handle",
                required=True,
                hint="For example @reader42 on Facebook. Handles confirmed to be theirs are held too.",
                max_length=200,
            )
        case Scope.ACCOUNT:
            return fields.account(work, name="which")
        case Scope.TOPIC:
            return Field(name="which", label="The words of the topic", required=True, hint=NAME_NOBODY, max_length=100)


def _hold(sent: Submission, work: Work) -> Hold:
    """The hold as filled in so far, not yet kept.

    :raises Mistake: it is placed on nothing that is on file
    """
    scope = Scope(sent.text("scope"))
    return Hold(
        id=uuid4(),
        library=work.library.id,
        ref="",
        version=0,
        scope=scope,
        subject=_subject(scope, sent.text("which"), work),
        cause=Cause(sent.text("cause")),
        reason=sent.text("reason"),
        placed_by=work.actor.id,
        placed_at=work.now,
        placed_on=work.today,
    )


def _subject(scope: Scope, said: str, work: Work) -> str:
    match scope:
        case Scope.CASE:
            return _case(said.upper(), work)
        case Scope.AUTHOR:
            found = named(said, work)
            if len(found) != 1:
                beside = "Write it as it is on file, with its platform, for example @reader42 on Facebook."
                many = "Several handles on file are" if found else "No handle on file is"
                raise Mistake(f"{many} called that.", beside={"which": beside})
            return str(found[0].id)
        case Scope.ACCOUNT:
            return str(work.account(UUID(said)).id)
        case Scope.TOPIC:
            return check_topic(said)


def _case(ref: str, work: Work) -> str:
    if work.on_file(ref) is None:
        no = work.missing(ref)
        raise Mistake(no.why, beside={"which": "Write the reference of a case that is on file."})
    return ref


def _caught(hold: Hold, work: Work) -> str:
    """What a hold would catch today, in words."""
    held = [case for case in _tried(hold, work) if hold.covers(_with_words(hold, case, work))]
    tried = f" among the newest {TRIED} reports and blocks" if hold.scope in {Scope.ACCOUNT, Scope.TOPIC} else ""
    if not held:
        return f"Today it catches nothing{tried}. It also holds whatever comes later."
    refs = [case.ref for case in held if not isinstance(case, Incident) or work.may_see(case)][:NAMED]
    shown = f" ({', '.join(refs)}{', …' if len(held) > len(refs) else ''})" if refs else ""
    return f"Today it catches {len(held)} on file{tried}{shown}. It also holds whatever comes later."


def _with_words(hold: Hold, case: Case, work: Work) -> Covered:
    keeping = Keeping(work)
    covered = keeping.covered(case)
    return replace(covered, words=keeping.words(case)) if hold.scope is Scope.TOPIC else covered


def _tried(hold: Hold, work: Work) -> tuple[Case, ...]:
    shelves = work.shelves
    match hold.scope:
        case Scope.CASE:
            found: Case | None = (
                shelves.incidents.by_ref(hold.subject)
                or shelves.blocks.by_ref(hold.subject)
                or shelves.appeals.by_ref(hold.subject)
                or shelves.reinstatements.by_ref(hold.subject)
            )
            return (Keeping(work).root(found),) if found is not None else ()
        case Scope.AUTHOR:
            same = one_person(UUID(hold.subject), shelves.authors.links())
            return (*shelves.incidents.of_authors(same), *shelves.blocks.of_authors(same))
        case Scope.ACCOUNT | Scope.TOPIC:
            return (*shelves.incidents.recent(TRIED), *shelves.blocks.recent(TRIED))


def place(sent: Submission, work: Work) -> Reply:
    """Place a hold; it stands until somebody releases it."""
    work.require(Power.HOLD)
    hold = work.save(replace(_hold(sent, work), ref=work.next_ref("H")))
    records_request.begin(hold, sent, work)
    work.tell(Channel.RECORDS, about=hold.ref, headline="A hold was placed.")
    return Reply(cards=(views.private(hold, work),), headline=f"{hold.ref} stands.", about=hold.ref)


def release_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Why a hold may end."""
    work.require(Power.HOLD)
    hold = the_hold(sent.subject, work)
    return (
        Page(
            title=f"Release {hold.ref}",
            intro=f"It was placed on {views.subject(hold, work)}: {CAUSES[hold.cause]}.",
            notes=(Note(text="What it held can be edited again, and disposed of once its time is up."),),
            fields=(
                Field(
                    name="because",
                    label="Why may it end?",
                    kind=FieldKind.LONG_TEXT,
                    required=True,
                    hint=NAME_NOBODY,
                    max_length=1000,
                ),
            ),
            submit="Release",
        ),
    )


def release(sent: Submission, work: Work) -> Reply:
    """Release a hold; that it stood, from when to when and why, stays on file."""
    work.require(Power.HOLD)
    hold = the_hold(sent.subject, work)
    freed = work.save(
        hold.release(by=work.actor.id, at=work.now, on=work.today, because=sent.text("because")), before=hold
    )
    work.tell(Channel.RECORDS, about=freed.ref, headline="The hold was released.")
    return Reply(cards=(views.private(freed, work),), headline=f"{freed.ref} is released.", about=freed.ref)


def show_list(sent: Submission, work: Work) -> Reply:
    """The holds that stand."""
    del sent
    work.require(Power.SEE_DOCKET)
    work.look("holds")
    return Reply(cards=(views.all_holds(work.shelves.docket.holds(), work),))


def the_hold(ref: str, work: Work) -> Hold:
    """A hold by its reference.

    :raises Mistake: there is none
    """
    wanted = ref.strip().upper()
    found = views.called(wanted, work)
    if found is None:
        raise work.missing(wanted)
    return found
