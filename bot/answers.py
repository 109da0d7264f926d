"""The answers of one page of a form, checked against its fields."""

from datetime import datetime

from bot.cards import Field, FieldKind, Page, Values


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
