"""The attorney's approval before anybody speaks on a lawsuit involving the library, or takes down what touches one."""

from bot.cards import Button, Card, Field, FieldKind, Page, Reply, Submission
from bot.cases.permission import For
from bot.features import permissions
from bot.features.holds import held
from bot.people import Power
from bot.policy.terms import Role
from bot.refusal import Refusal
from bot.views import permissions as views
from bot.work import Work

NEEDS = (Role.COUNSEL,)


def ask_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """On which lawsuit, what is to be said, and by whom.

    :raises Refusal: the policy in force does not ask for this
    """
    work.require(Power.REPORT)
    permissions.asked_by_policy(For.LITIGATION, work)
    given = sent.subject.strip().upper()
    return (
        Page(
            title="Ask the attorney",
            intro="Nothing is said on a lawsuit before the library's attorney has agreed.",
            fields=(
                Field(
                    name="about",
                    label="On which lawsuit, and what is to be said?",
                    kind=FieldKind.LONG_TEXT,
                    required=True,
                    hint="Name no patron here: what you write stays on file.",
                    max_length=1000,
                ),
                Field(name="speaker", label="Who is to say it?", required=True, max_length=120),
                Field(
                    name="case",
                    label="Reference of the report it answers",
                    hint="For example I-2026-0001. Until the attorney agrees, it is not answered.",
                    initial=(given,) if given else (),
                    max_length=20,
                ),
            ),
            notes=views.sources(For.LITIGATION, work),
            submit="Ask",
        ),
    )


def ask(sent: Submission, work: Work) -> Reply:
    """Keep the request. The Director takes it to the attorney and enters the answer with its paper."""
    work.require(Power.REPORT)
    permissions.asked_by_policy(For.LITIGATION, work)
    case = sent.text("case").upper()
    if case:
        work.incident(case)  # refuses what the actor may not open
    asked = permissions.ask(
        For.LITIGATION,
        work,
        about=sent.text("about"),
        needs=NEEDS,
        case=case,
        particulars={"To be said by": sent.text("speaker")},
    )
    return Reply(
        cards=(views.private(asked, work), *(offer_hold(case, work) if case else ())),
        headline=f"{asked.ref}: nothing is said before the attorney has agreed.",
        about=asked.ref,
    )


def question(work: Work) -> tuple[Field, ...]:
    """The question that comes before anything is answered or taken down, where the policy has the attorney agree."""
    if views.duty(For.LITIGATION, work) is None:
        return ()
    return (
        Field(
            name="litigation",
            label="Does it touch a lawsuit involving the library?",
            kind=FieldKind.YES_NO,
            required=True,
            hint="A pending one, or one that is threatened. Then the attorney agrees first.",
        ),
    )


def check_agreed(ref: str, sent: Submission, work: Work) -> bool:
    """Refuse to answer, or to take down, what touches a lawsuit while the attorney has not agreed.

    It does when the form says so, or when the attorney was asked about this report. ``ref`` is empty for an item that
    is not on file yet. Returns whether it touches one.

    :raises Refusal: with the request that waits or was refused, or how to make one, and where the policy asks for it
    """
    about = [one for one in work.shelves.duties.permissions() if one.asks is For.LITIGATION and ref and one.case == ref]
    if any(one.holds_on(work.today) for one in about) or not (about or sent.yes("litigation")):
        return bool(about)
    under = work.book.cite(permissions.asked_by_policy(For.LITIGATION, work).rule, on=work.today)
    if about:
        last = about[-1]
        raise Refusal(
            f"This touches a lawsuit. The attorney's approval, {last.ref}: {views.state(last, work)}. "
            "It goes on once the attorney has agreed. Nothing was changed.",
            under=under,
        )
    then = f"“attorney {ref}” asks" if ref else "Report it with “look”; “attorney” with its reference asks"
    raise Refusal(
        f"This touches a lawsuit, and the attorney has not agreed. {then} for the approval; a hold keeps what is on "
        "file meanwhile. Nothing was changed.",
        under=under,
    )


def offer_hold(ref: str, work: Work) -> tuple[Card, ...]:
    """Offer a hold on what touches a lawsuit to whoever may place one; the records officer is told as well."""
    if held(work.incident(ref), work):
        return ()
    work.tell_role(Role.RECORDS_OFFICER, about=ref, headline="It touches a lawsuit. A hold would keep what is on file.")
    place = Button(label="Place a hold", intent="hold.place", subject=ref, opens_form=True)
    return (
        Card(
            title="Should it be held?",
            body=f"{ref} touches a lawsuit. A hold keeps everything on file of it. "
            "The records officer, the Director or counsel places one.",
            buttons=(place,) if work.may(Power.HOLD) else (),
        ),
    )
