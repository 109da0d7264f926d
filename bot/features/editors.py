"""Who may be made an editor of an account, and by whom, where the policy speaks of it."""

from bot.cards import Field, Note, Submission, Tone
from bot.people import Power
from bot.policy.pack import Duty
from bot.policy.terms import Role
from bot.refusal import Mistake, Refusal
from bot.work import Work

AUTHORIZED = "staff_authorization"
"""The duty under which only the Director authorizes whoever works on an account."""
OFFICERS = "managing_officers"
"""The duty under which named officers, or whom they name, manage the accounts."""


def _duty(code: str, work: Work) -> Duty | None:
    if not work.book.packs:
        return None
    return next((duty for duty in work.pack.duties if duty.code == code), None)


def check_may_authorize(role: Role, work: Work) -> None:
    """Refuse to make somebody an editor where the policy leaves that to the Director and somebody else tries.

    :raises Refusal: with the clause
    """
    asked = _duty(AUTHORIZED, work)
    if asked is None or role is not Role.EDITOR or work.actor.has(Role.DIRECTOR, on=work.today):
        return
    raise Refusal(
        f"The {work.executive} authorizes whoever works on the accounts; only she or he can enter an editor. "
        "Nothing was changed.",
        under=work.book.cite(asked.rule, on=work.today),
    )


def office_field(work: Work) -> tuple[Field, ...]:
    """Where the policy names the officers who manage the accounts: in which of the offices somebody edits."""
    work.require(Power.SET_UP)
    if _duty(OFFICERS, work) is None:
        return ()
    return (
        Field(
            name="office",
            label="For an editor: in which office, or named by which officer?",
            hint="For example: Assistant Director; or: named by the Executive Director on 2 March 2026.",
            max_length=200,
        ),
    )


def without_paper(work: Work) -> tuple[Note, ...]:
    """Name the editors of whom nothing is on file, where the policy asks who authorized them or in which office."""
    asked = _duty(AUTHORIZED, work) or _duty(OFFICERS, work)
    if asked is None:
        return ()
    names = [
        person.name
        for person in work.holders(Role.EDITOR)
        if not any(
            grant.role is Role.EDITOR and grant.document for grant in person.grants if grant.holds_on(work.today)
        )
    ]
    if not names:
        return ()
    said = f"Not on file who authorized them, or in which office: {', '.join(names)}."
    return (Note(text=said, tone=Tone.MISSING), Note.of(work.book.cite(asked.rule, on=work.today)))


def document_of(role: Role, sent: Submission, work: Work) -> str:
    """The paper behind a grant: who authorized it, or in which office it is held; empty where nothing is asked.

    :raises Mistake: the policy names the officers who manage the accounts, and none is named here
    """
    if role is not Role.EDITOR:
        return ""
    if _duty(OFFICERS, work) is not None:
        office = sent.text("office")
        if not office:
            raise Mistake(
                "The policy lets named officers, or whom they name, manage the accounts. Give the role under “Give or "
                "end a role” and say in which office.",
                beside={"office": "Name the office, or the officer who named them."},
            )
        return office
    if _duty(AUTHORIZED, work) is not None:
        return f"authorized by {work.actor.name} on {work.today.isoformat()}"
    return ""
