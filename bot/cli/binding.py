"""`duenotice policy bind`: tie the rules a library works under to the sentences of its own document."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.policy_files import document_text, pack_of, refused
from bot.cli.records import Practice, with_store
from bot.policy.document import Binding, bind
from bot.policy.pack import Pack
from bot.ports import Shelves
from bot.refusal import Refusal

if TYPE_CHECKING:
    from storage.store import SqlStore


def bind_document(
    pack: Annotated[str, typer.Argument(help="The policy pack, for example chicopee.")],
    document: Annotated[Path, typer.Argument(help="The policy's own document: text, web page, PDF or Word file.")],
    *,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Bind it even if fewer sentences are found than are bound now.")
    ] = False,
    practice: Practice = False,
) -> None:
    """Show the exact sentence of the library's own document wherever a rule is cited."""
    try:
        found = pack_of(pack)
        bound = bind(found, document_text(document))
        libraries = with_store(lambda store: _keep(store, found, bound, anyway=anyway), practice=practice)
    except Refusal as no:
        raise refused(no) from no
    sys.stdout.write(f"{len(bound.sentences)} of {len(found.rules)} rules are bound for {', '.join(libraries)}.\n")
    for what, rules in (("no sentence", bound.missing), ("more than one sentence", bound.several)):
        if rules:
            sys.stdout.write(f"Found {what} for these; they keep their label only:\n")
        for rule in rules:
            sys.stdout.write(f"  {rule}: “{found.rule(rule).needle}” ({found.rule(rule).source})\n")
    if bound.lost:
        sys.stdout.write(f"Not found where these statements begin and end: {', '.join(bound.lost)}.\n")


async def _keep(store: "SqlStore", pack: Pack, bound: Binding, *, anyway: bool) -> list[str]:
    def under(shelves: Shelves) -> bool:
        return pack.version in shelves.registry.library().packs

    def keep(shelves: Shelves) -> str:
        words = {one.key: bound.statements[one.code] for one in pack.statements if one.code in bound.statements}
        shelves.registry.put_sentences(pack.version, {**bound.sentences, **words}, bound.document)
        return shelves.registry.library().name

    libraries = [library for library in await store.libraries() if await store.ask(library, under)]
    if not libraries:
        raise Refusal(f"No library here works under {pack.version}. Adopt it in `setup` first.")
    for library in () if anyway else libraries:
        _check_none_is_lost(await store.ask(library, lambda shelves: shelves.registry.sentences()), pack, bound)
    return [await store.act(library, keep) for library in libraries]


def _check_none_is_lost(held: Mapping[tuple[str, str], str], pack: Pack, bound: Binding) -> None:
    """Refuse a document in which fewer sentences are found than are bound now: it may be another library's."""
    before = [rule.id for rule in pack.rules if (pack.version, rule.id) in held]
    lost = [rule for rule in before if rule not in bound.sentences]
    if len(bound.sentences) < len(before):
        raise Refusal(
            f"{len(before)} rules are bound now, and in this document {len(bound.sentences)} are found. These would be "
            f"lost: {', '.join(lost)}. Nothing was changed. If this is the right document, add --anyway."
        )
