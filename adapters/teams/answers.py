"""What an invoke of Teams is answered with: words for a button, a dialog, or nobody."""

from collections.abc import Mapping
from typing import Any

from adapters.teams import forms, render
from adapters.teams.inbound import Sender
from bot.cards import Card, Reply

__all__ = ["not_here", "noted", "said", "unserved"]

Answer = Mapping[str, Any]
Body = Mapping[str, Any]

NOT_HERE = (
    "This organisation has no library here yet. Whoever runs this bot begins one with `duenotice init --platform teams "
    "--tenant {tenant}`, naming people by their Entra object id; yours is {user}."
)


def noted(words: str) -> Answer:
    """The answer to a button that acts: a line for whoever pressed it."""
    return {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": render.said(words)[:400]}


def said(body: Body, words: str) -> Answer:
    """Words as the answer to whatever kind of invoke this was; nothing for what is no invoke."""
    if body.get("type") != "invoke":
        return {}
    return noted(words) if body.get("name") == "adaptiveCard/action" else forms.notice(words)


def unserved(why: str) -> Reply:
    """Why an account is not served, as a reply."""
    return Reply(cards=(Card(title="This bot is for the library's staff", body=why),))


def not_here(sender: Sender) -> str:
    """What somebody hears whose organisation has no library here, with the ids that begin one."""
    return NOT_HERE.format(tenant=sender.tenant, user=sender.user)
