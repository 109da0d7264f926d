"""The answers of one page of a form: filled into its draft, checked against its fields, shown with what is wrong."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.cards import Field, FieldKind, OpenPage, Page, Reply, Submission, Values
from bot.ports import Draft


def filled_in(draft: Draft, pages: tuple[Page, ...], sent: Submission) -> tuple[Draft, dict[str, str]]:
    """The draft with one page's answers, and what is wrong with them.

    An answer that is no answer to its question is not kept, so that the pages can always be worked out from a draft;
    words are kept whatever is wrong with them.
    """
    number = min(max(sent.page, 1), len(pages))
    page = pages[number - 1]
    given = {field.name: sent.values.get(field.name, ()) for field in page.fields}
    errors = check(page, given)
    words = {field.name for field in page.fields if field.kind in {FieldKind.TEXT, FieldKind.LONG_TEXT}}
    kept = {name: answers for name, answers in given.items() if name in words or name not in errors}
    unanswered: Values = dict.fromkeys(given.keys() - kept.keys(), ())
    return replace(draft, page=number, values={**draft.values, **kept, **unanswered}), errors


def opened(draft: Draft, pages: tuple[Page, ...], errors: Mapping[str, str] | None = None) -> Reply:
    """The page a draft stands on, with what was filled in and what is wrong with it."""
    number = min(draft.page, len(pages))
    page = pages[number - 1]
    shown = {field.name: draft.values.get(field.name, field.initial) for field in page.fields}
    return Reply(
        page=OpenPage(
            token=draft.token,
            intent=draft.intent,
            subject=draft.subject,
            page=page,
            number=number,
            of=len(pages),
            values=shown,
            errors=errors or {},
        )
    )


def check(page: Page, given: Values) -> dict[str, str]:
    """What is wrong with the answers of one page, as sentences by field name."""
    wrong = {}
    for field in page.fields:
        problem = _problem(field, tuple(value for value in given.get(field.name, ()) if value.strip()))
        if problem:
            wrong[field.name] = problem
    return wrong


def _problem(field: Field, answers: tuple[str, ...]) -> str:
    if not answers:
        return "Please answer this." if field.required else ""
    offered = {option.value for option in field.options}
    first = answers[0]
    problem = ""
    match field.kind:
        case FieldKind.CHOICE | FieldKind.CHOICES | FieldKind.PERSON if not offered.issuperset(answers):
            problem = "Choose from the list."
        case FieldKind.YES_NO if first not in {"yes", "no"}:
            problem = "Answer yes or no."
        case FieldKind.DATE:
            problem = _date_problem(field, first)
        case FieldKind.TEXT | FieldKind.LONG_TEXT if len(first) > field.max_length:
            problem = f"This takes at most {field.max_length:,} characters; there are {len(first):,}."
        case FieldKind.FILE if len(answers) > field.most:
            problem = f"This takes at most {field.most} files."
        case _:
            pass
    return problem


def _date_problem(field: Field, answer: str) -> str:
    try:
        day = datetime.strptime(answer, "%Y-%m-%d").date()  # noqa: DTZ007 - a local day has no zone
    except ValueError:
        return "Write the day as year-month-day, for example 2026-03-09."
    if field.latest and day > field.latest:
        return f"Choose {field.latest:%-d %B %Y} or an earlier day."
    return ""
