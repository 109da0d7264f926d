"""Open an official account where the policy asks that somebody agrees first; and register it once it is agreed."""

from bot.cards import Field, FieldKind, Note, Page, Reply, Submission
from bot.cases.permission import For, Permission
from bot.features import official_account, permissions
from bot.people import Power
from bot.policy.terms import Role
from bot.refusal import Refusal
from bot.views import permissions as views
from bot.work import Work

NEEDS = (Role.DIRECTOR, Role.EDITOR)
"""The Director and the social media team; the team are the editors on file."""


def ask_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Which account, why, and who is to run it.

    :raises Refusal: the policy in force does not ask for this
    """
    del sent
    work.require(Power.REPORT)
    permissions.asked_by_policy(For.OPEN_ACCOUNT, work)
    return (
        Page(
            title="Ask to open an account",
            intro=f"Two people agree before it opens: the {work.executive}, and one of the social media team.",
            fields=(
                Field(name="platform", label="Platform", required=True, hint="For example Facebook", max_length=40),
                Field(name="name", label="Name of the account", required=True, max_length=120),
                Field(name="about", label="What is it for?", kind=FieldKind.LONG_TEXT, required=True, max_length=1000),
                Field(name="runs", label="Who is to run it?", required=True, max_length=200),
            ),
            notes=views.sources(For.OPEN_ACCOUNT, work),
            submit="Ask",
        ),
    )


def ask(sent: Submission, work: Work) -> Reply:
    """Keep the request, and ask the Director and the social media team."""
    work.require(Power.REPORT)
    permissions.asked_by_policy(For.OPEN_ACCOUNT, work)
    particulars = {
        "Platform": sent.text("platform"),
        "Name of the account": sent.text("name"),
        "Run by": sent.text("runs"),
    }
    asked = permissions.ask(For.OPEN_ACCOUNT, work, about=sent.text("about"), needs=NEEDS, particulars=particulars)
    return Reply(
        cards=(views.private(asked, work),),
        headline=f"{asked.ref}: the Director and the social media team are asked. The account is not opened yet.",
        about=asked.ref,
    )


def register_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """The account as it was opened.

    :raises Refusal: not everybody has agreed, or it is registered already
    """
    agreed = _agreed(sent.subject, work)
    platform, name = agreed.particulars.get("Platform", ""), agreed.particulars.get("Name of the account", "")
    return (
        Page(
            title="Official account",
            fields=official_account.fields(platform=platform, name=name),
            notes=(Note(text=f"Agreed to as {agreed.ref}."),),
            submit="Register",
        ),
    )


def register(sent: Submission, work: Work) -> Reply:
    """Put an account that was agreed to into the registry.

    :raises Refusal: not everybody has agreed, or it is registered already
    """
    agreed = _agreed(sent.subject, work)
    account = official_account.keep(sent, work)
    official_account.close_request(agreed, account, work)
    return Reply(headline=f"{account.label} is in the registry, agreed to as {agreed.ref}.", about=agreed.ref)


def _agreed(ref: str, work: Work) -> Permission:
    work.require(Power.SET_UP)
    asked = views.called(ref, work)
    if asked.asks is not For.OPEN_ACCOUNT or not asked.granted or asked.ended_on is not None:
        under = work.book.cite(permissions.asked_by_policy(For.OPEN_ACCOUNT, work).rule, on=work.today)
        raise Refusal(f"{asked.ref} is {views.state(asked, work)}. No account was registered.", under=under)
    return asked
