"""What tests of the library's own duties share: take them up, read the list, confirm a line, bind invented words."""

from datetime import date, timedelta
from pathlib import Path

from bot.cards import Row
from bot.cases.permission import Permission
from bot.cases.upkeep import Attestation, Upkeep
from bot.policy.shelf import read_pack
from tests.features.test_five_policies import Desk, library_under
from tests.people import Somebody, shown

WHERE = "https://library.example/proof"


async def duties_of(name: str, folder: Path) -> Desk:
    """A library under one policy that has taken its duties up."""
    desk = await library_under(name, folder)
    await desk.somebody("alex").says("duties")
    await desk.somebody("alex").presses("Take them up")
    return desk


def invented(rule: str) -> str:
    """What the library's own document says in these tests, word for word."""
    return f"Let it be posted, as the document says under {rule}."


async def bind(desk: Desk, name: str, *, words: str = "") -> None:
    """Bind an invented document of the library's own."""
    pack = read_pack(name)
    sentences = {rule.id: invented(rule.id) + words for rule in pack.rules}
    sentences |= {statement.key: invented(statement.rule) + words for statement in pack.statements}
    await desk.house.store.act(
        desk.house.library, lambda shelves: shelves.registry.put_sentences(pack.version, sentences, "0" * 64)
    )


async def rows(who: Somebody) -> dict[tuple[str, str], tuple[str, str]]:
    """The list of duties as somebody reads it: (duty, where) to (state, due)."""
    await who.says("duties")
    return {(row.cells[0], row.cells[1]): (row.cells[2], row.cells[3]) for row in _rows(who)}


def _rows(who: Somebody) -> tuple[Row, ...]:
    [card] = who.reply.cards
    return card.table.rows if card.table else ()


async def opens(who: Somebody, duty: str, where: str = "") -> None:
    """Open the page on which a line of the list is confirmed."""
    await who.says("duties")
    row = next(row for row in _rows(who) if row.cells[0].startswith(duty) and where in row.cells[1])
    await who.press(next(button for button in row.buttons if button.label == "Confirm"))


async def ref_of(who: Somebody, duty: str, where: str = "") -> str:
    """The reference of a line of the list."""
    await who.says("duties")
    row = next(row for row in _rows(who) if row.cells[0].startswith(duty) and where in row.cells[1])
    return row.buttons[-1].subject


async def upkeeps(desk: Desk) -> tuple[Upkeep, ...]:
    return await desk.house.look(lambda shelves: shelves.duties.upkeeps())


async def attestations(desk: Desk) -> tuple[Attestation, ...]:
    return await desk.house.look(lambda shelves: shelves.duties.attestations())


async def permission(desk: Desk, ref: str) -> Permission:
    found = await desk.house.look(lambda shelves: shelves.duties.permissions())
    return next(one for one in found if one.ref == ref)


async def task_days(desk: Desk, ref: str) -> list[tuple[str, date]]:
    """The tasks about a reference, in the order they were asked: (state, due)."""
    found = await desk.house.look(lambda shelves: shelves.tasks.of_case(ref))
    return [(task.state.value, task.due) for task in sorted(found, key=lambda task: (task.opened_at, task.due))]


async def ends_role(desk: Desk, person: str, role: str = "Editor") -> None:
    """End somebody's role in setup."""
    alex = desk.somebody("alex")
    await alex.says("setup")
    await alex.presses("Give or end a role")
    await alex.fills(person=person, role=role, what="End it")
    assert "is no longer" in shown(alex.reply)


def in_days(day: date, days: int) -> date:
    return day + timedelta(days=days)
