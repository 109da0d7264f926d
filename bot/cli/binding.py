"""`duenotice policy bind`: tie the rules a library works under to the sentences of its own document."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from bot.cli.policy_files import document_text, pack_of
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
    practice: Practice = False,
) -> None:
    """Show the exact sentence of the library's own document wherever a rule is cited."""
    found = pack_of(pack)
    bound = bind(found, document_text(document))
    libraries = with_store(lambda store: _keep(store, found, bound), practice=practice)
    if not libraries:
        raise Refusal(f"No library here works under {pack}. Adopt it in `setup` first.")
    sys.stdout.write(f"{len(bound.sentences)} of {len(found.rules)} rules are bound for {', '.join(libraries)}.\n")
    for what, rules in (("no sentence", bound.missing), ("more than one sentence", bound.several)):
        if rules:
            sys.stdout.write(f"Found {what} for these; they keep their label only:\n")
        for rule in rules:
            sys.stdout.write(f"  {rule}: “{found.rule(rule).needle}” ({found.rule(rule).source})\n")


async def _keep(store: "SqlStore", pack: Pack, bound: Binding) -> list[str]:
    def keep(shelves: Shelves) -> str:
        library = shelves.registry.library()
        if pack.version not in library.packs:
            return ""
        shelves.registry.put_sentences(pack.version, bound.sentences, bound.document)
        return library.name

    async def one(library: UUID) -> str:
        return await store.act(library, keep)

    return [name for library in await store.libraries() if (name := await one(library))]
