"""``duenotice policy new``: asks what a library's policy says, and writes a pack with every question answered."""

import json
import tomllib
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

import typer
from pydantic import ValidationError

from bot.cli.policy_answers import Told
from bot.cli.policy_draft import period_of, written
from bot.cli.policy_files import bytes_of, refused
from bot.policy.pack import Pack
from bot.policy.terms import STATES, Action, Role
from bot.refusal import Mistake, Refusal

BEGIN = """I ask what your policy says. Press Enter where it says nothing: that is kept as a silence, and the program
invents nothing in its place. For whatever it does say I ask where it stands, and for a few words of that sentence,
letter for letter, so that it can be found again in your document.
"""
WHO = ", ".join(Role)
T = TypeVar("T")
Said = dict[str, object]


def new(
    folder: Annotated[Path, typer.Argument(help="The folder to write the pack in; its name becomes the pack's.")],
    *,
    answers: Annotated[Path | None, typer.Option(help="Take the answers from this TOML or JSON file instead.")] = None,
) -> None:
    """Write a policy pack: asks the questions, and answers with silence whatever your policy does not say."""
    said: Said = {}
    try:
        if answers:
            said = _from_file(answers)
        else:
            typer.echo(BEGIN)
            _interview(said)
        file = _write(said, folder)
    except typer.Abort:
        _keep(said, folder)
        raise
    except Refusal as no:
        if not answers:
            _keep(said, folder)
        raise refused(no) from no
    typer.echo(f"Written: {file}. Everything you did not answer stands there as silent.")
    typer.echo(f"Next: duenotice policy check {file} --document YOUR-POLICY, then duenotice policy lint {file}.")


def _write(said: Said, folder: Path) -> Path:
    try:
        told = Told.model_validate(said)
    except ValidationError as wrong:
        listed = "\n".join(f"- {', '.join(str(step) for step in e['loc'])}: {e['msg']}." for e in wrong.errors())
        raise Mistake(f"Some answers cannot be used:\n{listed}") from wrong
    text = written(told)
    Pack.parse(text.encode("utf-8"), name=folder.name)
    file = folder / f"{told.since.isoformat()}.toml"
    if file.exists():
        raise Mistake(f"{file} is there already, and nothing was changed. Name another folder, or another day.")
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def _keep(said: Said, folder: Path) -> None:
    """Keep what was typed, so that nothing is lost when somebody stops half-way."""
    if said:
        file = folder.with_name(f"{folder.name}.answers.json")
        file.write_text(json.dumps(said, ensure_ascii=False, indent=2, default=str), encoding="utf-8")
        typer.echo(f"\nWhat you answered is kept in {file}; --answers {file} writes the pack from it.", err=True)


def _from_file(file: Path) -> Said:
    raw = bytes_of(file)
    try:
        read = json.loads(raw) if file.suffix == ".json" else tomllib.loads(raw.decode("utf-8"))
    except ValueError as broken:
        raise Mistake(f"{file} is no file of answers that can be read: {broken}.") from broken
    if not isinstance(read, dict):
        raise Mistake(f'{file} holds no answers. Write one to a line, as in name = "Elm Public Library".')
    return read


def _interview(said: Said) -> None:
    said["name"] = _ask("What is the library called?", _text)
    said["short"] = _ask("And in one word?", _text, str(said["name"]).split()[0])
    said["state"] = _ask("In which state is it? Two letters.", _state)
    said["zone"] = _ask("In which time zone?", _zone, "America/New_York")
    said["executive"] = _ask("What is its Director called?", _text, "Library Director")
    said["board"] = _ask("What is its Board called?", _text, "Board of Trustees")
    said["title"] = _ask("What is the policy called?", _text, "Social Media Policy")
    said["since"] = _ask("From which day is it in force? As in 2026-01-01.", _day)
    said["adopted"] = _ask("When was it approved, in words?", _text, f"Approved on {said['since']}")
    _grounds(said, "grounds", "A ground for taking content down, in your own few words")
    if block := _stated("Does it say that a person may be blocked? In your own few words"):
        said["block"] = block
        _grounds(said, "block_grounds", "A ground for a block")
    said["deciders"] = _each(_decider, (Action.REMOVE, Action.BLOCK, Action.APPEAL, Action.REINSTATE))
    said["notices"] = _each(_notice, (Action.REMOVE, Action.BLOCK))
    _appeal(said)
    for key, question in {
        "reinstatement": "From when may a blocked person ask to come back? As in 45 days",
        "retention": "How long is kept what came down? As in 1 year",
        "reply": "In what time is a question answered? As in 2 business days",
    }.items():
        if period := _period(question, least=key == "retention"):
            said[key] = period
    if complaints := _stated("Does it say that complaints stay up? In your own few words"):
        said["complaints"] = complaints
    _besides(said)


GROUPS = """
The rest most policies do not speak of. Answer yes to a group your policy says something about; Enter skips it."""


def _besides(said: Said) -> None:
    """The groups of questions that most policies do not answer; each can be skipped, and what was typed is kept."""
    typer.echo(GROUPS)
    groups: tuple[tuple[str, str, Callable[[], object | None]], ...] = (
        ("ladder", "Steps that grow with every breach (a ladder of sanctions)?", lambda: _steps(said)),
        ("protections", "Speech it protects?", lambda: _list("What is protected", _protection)),
        ("statements", "Statements to be posted?", lambda: _list("Which statement", _statement)),
        ("duties", "Duties of the library that come again, or have a time?", lambda: _list("Which duty", _duty)),
        ("days", "What becomes of a last day on which you are closed?", _closed_day),
        ("ties", "Two of its rules that pull apart?", _tie),
    )
    for key, question, ask in groups:
        if _ask(f"{question} yes or no", _yes_or_no, "no") and (answer := ask()):
            said[key] = answer
    if "retention" not in said and _ask("Does it leave keeping records to a law? yes or no", _yes_or_no, "no"):
        law = _ask("Which law or schedule?", _text)
        said["retention_by_law"] = {"label": "Records are kept as the law says", "authority": law, **_where()}


def _list(question: str, more: Callable[[Said], None]) -> list[Said]:
    """One thing after the other, until none is given."""
    found: list[Said] = []
    while one := _stated(f"{question}, in your own few words (Enter: no more)"):
        more(one)
        found.append(one)
    return found


def _steps(said: Said) -> list[Said]:
    said["ladder_look_back"] = _ask("How far back do breaches count? As in 12 months, or empty", _a_period, "")

    def more(step: Said) -> None:
        step["occasion"] = _ask("From which breach on? 1 for the first", _number)
        step["length"] = _ask("For how long is the person blocked? As in 30 days, or empty", _a_period, "")
        step["for_good"] = not step["length"] and bool(_ask("For good? yes or no", _yes_or_no, "no"))

    return _list("Which step", more)


def _protection(one: Said) -> None:
    one["stays_up"] = bool(_ask("Does it always stay up? yes or no", _yes_or_no, "no"))


def _statement(one: Said) -> None:
    places = _several(("account", "website"))
    one["where"] = _ask("Where: account, website, or both with a comma", places, "account")
    one["begins"] = _ask("The first few words to post, if not the whole sentence", _needle, "")
    one["ends"] = _ask("The last few words to post", _needle, "") if one["begins"] else ""


def _duty(one: Said) -> None:
    one["to"] = _ask(f"Who does it? Some of {WHO}", _several(Role), "director")
    one["every"] = _ask("How often? As in 1 year, or empty", _a_period, "")
    one["within"] = _ask("In what time? As in 2 business days, or empty", _a_period, "")


def _closed_day() -> Said | None:
    moves = _ask("Does it move to the next open day? yes or no", _yes_or_no, "yes")
    return {
        "label": "What becomes of a last day that is closed",
        "closed_last_day": "next_open" if moves else "stays",
        **_where(),
    }


def _tie() -> list[Said]:
    found: list[Said] = []
    while label := _ask("What do they pull about, in your own few words? (Enter: no more)", _short, ""):
        pair = {name: {"label": f"The {name} of the two: {label}"[:75], **_where()} for name in ("first", "second")}
        found.append({"label": label, **pair})
    return found


def _appeal(said: Said) -> None:
    appeal = _stated("Does it say that a person may appeal? In your own few words")
    if not appeal:
        return
    acts = f"Against what? Some of {', '.join(Action)}"
    appeal["against"] = _ask(acts, _several(Action), "remove, block")
    appeal["filed_with"] = _ask(f"To whom is it sent? One of {WHO}", _one(Role), "director")
    appeal["decided_by"] = _ask(f"Who decides it? One of {WHO}", _one(Role), str(appeal["filed_with"]))
    appeal["final"] = _ask("Is the answer final? yes, no, or empty", _yes_or_no, "")
    if window := _period("In what time has it to be made? As in 15 days"):
        appeal["window"] = window
        late = _one(("", "heard", "good_cause", "not_heard"))
        if said_of_late := _ask("And one that comes late? heard, good_cause, not_heard or empty", late, ""):
            appeal["late"] = said_of_late
        starts = "Does that time run from the act, or from the notice of it? act or notice"
        appeal["window_from"] = _ask(starts, _one(("act", "notice")), "act")
    if decision := _period("In what time is it answered? As in 15 days, or: next meeting"):
        appeal["decision"] = decision
    said["appeal"] = appeal
    if board := _stated("May it then be taken to the Board? In your own few words"):
        for key, question in {
            "window": "In what time? As in 10 days",
            "decision": "In what time does the Board answer? As in: next meeting, or 10 days after the next meeting",
            "papers": "When are its papers due? As in: 5 business days before the next meeting",
        }.items():
            if period := _period(question):
                board[key] = period
        said["appeal_board"] = board


def _each(ask: Callable[[Action], Said | None], actions: Iterable[Action]) -> Said:
    return {action.value: answer for action in actions if (answer := ask(action))}


def _decider(action: Action) -> Said | None:
    roles = _ask(f"Who decides: {_word(action)}? Some of {WHO}", _several(Role), "")
    if not roles:
        return None
    designee = _ask("May they name somebody in their place? yes or no", _yes_or_no, "no")
    found: Said = {"label": f"Who decides: {_word(action)}", "roles": roles, "designee": bool(designee)}
    if len(roles) > 1:
        found["panel"] = bool(_ask("Do they decide together, as a panel? yes or no", _yes_or_no, "no"))
    if action is Action.BLOCK:
        found["up_to"] = _ask("Up to which length? As in 1 year, or empty where for any", _a_period, "")
        if found["up_to"]:
            found["longer"] = _ask(f"And who decides a longer one? Some of {WHO}", _several(Role))
    return found | _where()


def _notice(action: Action) -> Said | None:
    duty = _ask(
        f"Is the person told: {_word(action)}? required, optional or never",
        _one(("", "required", "optional", "never")),
        "",
    )
    return {"label": f"Telling the person: {_word(action)}", "duty": duty, **_where()} if duty else None


def _grounds(said: Said, key: str, question: str) -> None:
    """Ask for one ground after the other; each is kept as it is answered."""
    found: list[Said] = []
    said[key] = found
    while ground := _stated(f"{question} (Enter: no more)"):
        if key == "block_grounds":
            ground["occasions"] = _ask("How many breaches does it need? 0 where it sets no number", _number, "0")
            ground["look_back"] = _ask("How far back do they count? As in 12 months, or empty", _a_period, "")
            ground["investigation"] = bool(_ask("Does it need an investigation? yes or no", _yes_or_no, "no"))
        found.append(ground)


def _stated(question: str) -> Said | None:
    label = _ask(question, _short, "")
    return {"label": label, **_where()} if label else None


def _period(question: str, *, least: bool = False) -> Said | None:
    period = _ask(question, _a_period, "")
    if not period:
        return None
    found: Said = {"label": f"A time: {period}", "period": period, **_where()}
    if least:
        found["at_least"] = bool(_ask("Is that the least? yes or no", _yes_or_no, "yes"))
    return found


def _where() -> Said:
    section = _ask("    Under which heading does that stand?", _text)
    return {"section": section, "needle": _ask("    A few words of that sentence, letter for letter", _needle, "")}


def _ask(question: str, read: Callable[[str], T], default: str | None = None) -> T:
    """Ask until the answer can be used; what is wrong with one is said in a sentence."""
    while True:
        answer: str = typer.prompt(question, default=default, show_default=bool(default))
        try:
            return read(answer.strip())
        except Refusal as no:
            typer.echo(f"    {no.why}")


def _text(answer: str) -> str:
    if not answer:
        raise Mistake("This cannot be left out.")
    return answer


def _short(answer: str) -> str:
    if answer and not 3 <= len(answer) <= 75:  # noqa: PLR2004 - the format's own limits
        raise Mistake("Write 3 to 75 characters: it is what people choose from.")
    return answer


def _needle(answer: str) -> str:
    if len(answer) > 90:  # noqa: PLR2004
        raise Mistake("A few words are enough: at most 90 characters.")
    return answer


def _state(answer: str) -> str:
    if answer.upper() not in STATES:
        raise Mistake("Write two letters, as in MA.")
    return answer.upper()


def _zone(answer: str) -> str:
    try:
        ZoneInfo(answer)
    except (ValueError, OSError, LookupError) as unknown:
        raise Mistake(f"There is no time zone called {answer!r}; write it like America/New_York.") from unknown
    return answer


def _day(answer: str) -> str:
    try:
        return date.fromisoformat(answer).isoformat()
    except ValueError as unreadable:
        raise Mistake("Write the day as in 2026-01-01.") from unreadable


def _number(answer: str) -> int:
    if not answer.isdecimal():
        raise Mistake("Write a number, as in 2.")
    return int(answer)


def _yes_or_no(answer: str) -> bool | None:
    known = {"": None, "yes": True, "y": True, "no": False, "n": False}
    if answer.casefold() not in known:
        raise Mistake("Write yes or no.")
    return known[answer.casefold()]


def _a_period(answer: str) -> str:
    if answer:
        period_of(answer)
    return answer


def _one(known: Iterable[str]) -> Callable[[str], str]:
    names = tuple(str(one) for one in known)

    def read(answer: str) -> str:
        named = answer.casefold().replace(" ", "_")
        if named not in names:
            raise Mistake(f"Write one of: {', '.join(name for name in names if name)}.")
        return named

    return read


def _several(known: Iterable[str]) -> Callable[[str], list[str]]:
    one = _one(known)
    return lambda answer: [one(part.strip()) for part in answer.split(",") if part.strip()]


def _word(action: Action) -> str:
    return action.value.replace("_", " ")
