"""The attorney's approval before anybody speaks on a lawsuit involving the library."""

from bot.cards import Field, FieldKind, Page, Reply, Submission
from bot.cases.permission import For
from bot.features import permissions
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
        cards=(views.private(asked, work),),
        headline=f"{asked.ref}: nothing is said before the attorney has agreed.",
        about=asked.ref,
    )


def check_may_answer(ref: str, work: Work) -> None:
    """Refuse to answer a report that touches a lawsuit while the attorney has not agreed.

    :raises Refusal: with the request that waits, or was refused, and where the policy asks for it
    """
    about = [one for one in work.shelves.duties.permissions() if one.asks is For.LITIGATION and one.case == ref]
    if not about or any(one.holds_on(work.today) for one in about):
        return
    last = about[-1]
    under = work.book.cite(permissions.asked_by_policy(For.LITIGATION, work).rule, on=work.today)
    raise Refusal(
        f"This touches a lawsuit, and the attorney's approval ({last.ref}) is {views.state(last, work)}. "
        "It is answered once the attorney has agreed. Nothing was changed.",
        under=under,
    )
