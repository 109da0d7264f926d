"""The policies there are to choose from: those that come with the program, and those in the library's own folder.

A library that wrote its own pack puts it at ``packs/NAME/SINCE.toml`` in its data folder; a newer version of a policy
that comes with the program goes into a folder of the same name. What is chosen is copied by its bytes, so that nothing
that happens to these files later changes anybody's law.
"""

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.policy.pack import Pack
from bot.refusal import Refusal

EXAMPLES = ".examples.toml"
OWN: list[Path] = []
"""The library's own folders of packs, given once when the program starts."""


def look_also_in(folder: Path) -> None:
    """Offer the packs of a library's own folder as well; it may be made later."""
    if folder not in OWN:
        OWN.append(folder)


def pack_names() -> tuple[str, ...]:
    """The names of the policies there are to choose from, in order of the alphabet."""
    return tuple(sorted({folder.name for folder in _folders() if _versions(folder)}))


def pack_bytes(name: str) -> tuple[bytes, ...]:
    """Every version of a policy as it stands in its file, oldest first; a library keeps these bytes by their hash.

    :raises Refusal: no policy has that name
    """
    return tuple(version.read_bytes() for version in _all_versions(name))


def versions(name: str) -> tuple[tuple[str, bytes], ...]:
    """Every version of a pack with its bytes, oldest first: ``("chicopee 2023-03-06", …)``.

    :raises Refusal: there is no pack of that name
    """
    return tuple((_parsed(name, raw).version, raw) for raw in pack_bytes(name))


def read_versions(name: str) -> tuple[Pack, ...]:
    """Every version of a policy, oldest first.

    :raises Refusal: no policy has that name, or a file breaks the format
    """
    return tuple(_parsed(name, raw) for raw in pack_bytes(name))


def read_pack(name: str) -> Pack:
    """The newest version of a policy.

    :raises Refusal: no policy has that name, or its file breaks the format
    """
    return read_versions(name)[-1]


def all_packs() -> tuple[Pack, ...]:
    """The newest version of every policy there is to choose from."""
    return tuple(read_pack(name) for name in pack_names())


@lru_cache(maxsize=64)
def _parsed(name: str, raw: bytes) -> Pack:
    """Read the same bytes once: a file that was changed has others."""
    return Pack.parse(raw, name=name)


def _folders() -> Iterator[Traversable]:
    """Every folder of a policy: the program's first, then the library's own."""
    for shelf in (files("bot.policy").joinpath("packs"), *OWN):
        if shelf.is_dir():
            yield from (folder for folder in shelf.iterdir() if folder.is_dir())


def _all_versions(name: str) -> tuple[Traversable, ...]:
    known = pack_names()
    if name not in known:
        raise Refusal(f"There is no policy called “{name}”. Choose one of {', '.join(known[:-1])} or {known[-1]}.")
    found: dict[str, Traversable] = {}
    for folder in _folders():
        if folder.name == name:
            found = {version.name: version for version in _versions(folder)} | found
    return tuple(found[day] for day in sorted(found))


def _versions(folder: Traversable) -> tuple[Traversable, ...]:
    """The version files of a folder; a file name is the ISO day it came into force, so names sort by day."""
    tomls = (file for file in folder.iterdir() if file.name.endswith(".toml") and not file.name.endswith(EXAMPLES))
    return tuple(sorted(tomls, key=lambda file: file.name))
