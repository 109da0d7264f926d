"""Set the library up: its policy, people, accounts, channels, closures and practice values."""

from datetime import timedelta
from uuid import UUID

from bot.cards import Button, Card, Fact, Note, Reply, Row, Submission, Table, Tone
from bot.clocks.calendar import short_date
from bot.features import duties
from bot.features.practice_values import QUESTIONS, answer_of, label_of, open_question
from bot.people import Power
from bot.policy.terms import Channel, Role
from bot.work import Work

STEPS: tuple[tuple[str, str], ...] = (
    ("Policy", "setup.pack"),
    ("Name, time zone and closed days", "setup.library"),
    ("Add a person", "setup.person"),
    ("Add several people", "setup.people"),
    ("Link a person's accounts", "setup.link"),
    ("Give or end a role", "setup.role"),
    ("Official account", "setup.account"),
    ("Close an account", "setup.account_closed"),
    ("Channel", "setup.channel"),
    ("Closed day", "setup.closure"),
    ("Library practice", "setup.practice"),
)

DAYS_AHEAD = 366
"""How far the checklist looks for the next closed day."""


def checklist(sent: Submission, work: Work) -> Reply:
    """What is set up and what is missing, with a button for each."""
    del sent
    work.require(Power.SET_UP)
    library = work.library
    packs = work.book.packs
    lines = [
        ("Policy", packs[-1].version if packs else ""),
        ("Time zone", library.zone),
        ("Accounts", ", ".join(account.label for account in work.accounts if account.closed_on is None)),
    ]
    lines += [(f"#{channel.value}", _place(channel, work)) for channel in Channel]
    needed = (Role.DIRECTOR, Role.EDITOR, Role.LIBRARIAN_IN_CHARGE, Role.DUTY_PERSON, Role.RECORDS_OFFICER)
    lines += [
        (work.title(role)[:1].upper() + work.title(role)[1:], ", ".join(p.name for p in work.holders(role)))
        for role in needed
    ]
    without = [account.label for account in work.accounts if not _edited(account.id, work)]
    lines += [("Accounts with an editor", "" if without else "all")]
    ahead = (work.today + timedelta(days=days) for days in range(DAYS_AHEAD))
    closed = next((day for day in ahead if work.calendar.closure(day) is not None), None)
    lines += [("Next closed day", short_date(closed) if closed else "")]
    rows = [Row(cells=(what, "✓" if value else "missing", value or "not set yet")) for what, value in lines]
    rows += [_choice(key, work) for key in QUESTIONS if open_question(key, work)]
    missing = sum(not value for _, value in lines)
    note = (
        f"{missing} of {len(lines)} {'is' if missing == 1 else 'are'} missing."
        if missing
        else "Everything needed is set up."
    )
    return Reply(
        cards=(
            Card(
                title=f"Setup of {library.name}",
                table=Table(columns=("What", "State", "Set to"), rows=tuple(rows)),
                notes=(Note(text=note, tone=Tone.MISSING if missing else Tone.INFO),),
                facts=(Fact(label="Undelivered messages", value=str(len(work.shelves.messages.in_trouble()))),),
                buttons=tuple(Button(label=label, intent=intent, opens_form=True) for label, intent in STEPS),
            ),
            *((duties.card(work),) if packs else ()),
        )
    )


def _place(channel: Channel, work: Work) -> str:
    place = work.library.channels.get(channel)
    return f"{place.platform} {place.channel}" if place else ""


def _choice(key: str, work: Work) -> Row:
    """What the library chose where its policy is silent; nothing chosen is an answer too, and nothing is missing."""
    chosen = work.book.practice(key)
    if chosen is None:
        return Row(cells=(label_of(key), "not chosen", "as silent as the policy"))
    return Row(cells=(label_of(key), "✓", f"{answer_of(key, chosen.value, work)}; {chosen.label}"))


def _edited(account: UUID, work: Work) -> bool:
    return any(person.edits(account, on=work.today) for person in work.people)
