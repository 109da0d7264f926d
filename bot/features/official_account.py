"""The registry of official accounts: put one in, and close one that the library no longer runs."""

from dataclasses import replace
from uuid import UUID, uuid4

from bot.cards import Field, FieldKind, Note, Option, Page, Reply, Submission
from bot.cases import upkeep
from bot.cases.account import OfficialAccount
from bot.cases.permission import For, Permission
from bot.cases.task import TaskKind
from bot.clocks.calendar import short_date
from bot.features import duties
from bot.people import Power
from bot.refusal import Mistake, Refusal
from bot.views import permissions as views
from bot.work import Work


def fields(*, platform: str = "", name: str = "") -> tuple[Field, ...]:
    """What is kept of an account."""
    return (
        Field(
            name="platform",
            label="Platform",
            required=True,
            hint="For example Facebook",
            max_length=40,
            initial=(platform,) if platform else (),
        ),
        Field(
            name="name",
            label="Name of the account",
            required=True,
            max_length=120,
            initial=(name,) if name else (),
        ),
        Field(name="url", label="Address", max_length=300),
    )


def page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """An official account of the library; where the policy asks who agreed, since when there has been one."""
    del sent
    work.require(Power.SET_UP)
    if views.duty(For.OPEN_ACCOUNT, work) is None:
        return (Page(title="Official account", fields=fields()),)
    existed = Field(
        name="existed",
        label="Was it open before this record began?",
        kind=FieldKind.YES_NO,
        required=True,
        hint="A new account is asked for first: “open account”.",
    )
    return (
        Page(
            title="Official account",
            fields=(*fields(), existed),
            notes=views.sources(For.OPEN_ACCOUNT, work),
        ),
    )


def register(sent: Submission, work: Work) -> Reply:
    """Put an official account into the registry.

    :raises Refusal: the policy asks that somebody agrees before an account opens, and this is a new one
    """
    work.require(Power.SET_UP)
    asked = views.duty(For.OPEN_ACCOUNT, work)
    if asked is not None and not sent.yes("existed"):
        raise Refusal(
            f"The {work.executive} and the social media team agree before an account opens. “open account” asks them; "
            "once both have, it is registered from there. Nothing was registered.",
            under=work.book.cite(asked.rule, on=work.today),
        )
    account = keep(sent, work)
    said = " It was open before this record began; who agreed to it is not on file." if asked is not None else ""
    return Reply(headline=f"{account.label} is in the registry.{said}")


def keep(sent: Submission, work: Work) -> OfficialAccount:
    """Keep an account, and ask for what the policy wants of a new one."""
    account = work.save(
        OfficialAccount(
            id=uuid4(),
            library=work.library.id,
            platform=sent.text("platform"),
            name=sent.text("name"),
            url=sent.text("url"),
        )
    )
    work.forget_library()
    duties.renew(work)
    return account


def close_request(agreed: Permission, account: OfficialAccount, work: Work) -> None:
    """Note on a request that its account is registered, so that it registers no second one."""
    registered = replace(
        agreed, account=account.id, ended_by=work.actor.id, ended_on=work.today, ended_because="It was registered."
    )
    work.save(registered, before=agreed)
    work.end_tasks(agreed.ref, TaskKind.REGISTER_ACCOUNT)


def close_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Which account the library no longer runs, and since when."""
    del sent
    work.require(Power.SET_UP)
    known = [account for account in work.accounts if account.closed_on is None]
    dead = [account.label for account in known if not upkeep.is_alive(account)]
    notes = (Note(text=f"Closed for everybody by its platform: {', '.join(dead)}."),) if dead else ()
    return (
        Page(
            title="Close an account",
            intro="It stays on file with everything that happened on it. Nothing new is reported or asked for there.",
            fields=(
                Field(
                    name="account",
                    label="Which one?",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=tuple(Option(value=str(account.id), label=account.label) for account in known),
                ),
                Field(
                    name="closed_on",
                    label="Closed on",
                    kind=FieldKind.DATE,
                    required=True,
                    latest=work.today,
                    initial=(work.today.isoformat(),),
                ),
            ),
            notes=notes,
            submit="Close it",
        ),
    )


def close(sent: Submission, work: Work) -> Reply:
    """Close an account from a day on; what the policy asks for it ends, and the public list is renewed."""
    work.require(Power.SET_UP)
    account = work.account(UUID(sent.text("account")))
    closed_on = sent.day("closed_on")
    if closed_on is None or closed_on > work.today:
        raise Mistake("Since when is it closed?", beside={"closed_on": "Choose today or an earlier day."})
    if account.closed_on is not None:
        raise Mistake(f"It is closed since {short_date(account.closed_on)}.", beside={"account": "Choose another one."})
    work.save(replace(account, closed_on=closed_on), before=account)
    work.forget_library()
    duties.renew(work)
    return Reply(headline=f"{account.label} is closed since {short_date(closed_on)}. It stays on file.")
