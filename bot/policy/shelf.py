"""The policies that come with the program: which there are, and their files as bytes, wherever it is installed."""

from importlib.resources import files
from importlib.resources.abc import Traversable

from bot.policy.pack import Pack
from bot.refusal import Refusal

EXAMPLES = ".examples.toml"


def pack_names() -> tuple[str, ...]:
    """The names of the policies that come with the program, in order of the alphabet."""
    return tuple(sorted(folder.name for folder in _packs().iterdir() if folder.is_dir() and _versions(folder)))


def pack_bytes(name: str) -> tuple[bytes, ...]:
    """Every version of a policy as it stands in its file, oldest first; a library keeps these bytes by their hash.

    :raises Refusal: no policy has that name
    """
    return tuple(version.read_bytes() for version in _versions(_folder(name)))


def versions(name: str) -> tuple[tuple[str, bytes], ...]:
    """Every version of a pack with its bytes, oldest first: ``("chicopee 2023-03-06", …)``.

    :raises Refusal: no pack of that name comes with the program
    """
    return tuple((Pack.parse(raw, name=name).version, raw) for raw in pack_bytes(name))


def read_versions(name: str) -> tuple[Pack, ...]:
    """Every version of a policy, oldest first.

    :raises Refusal: no policy has that name, or a file breaks the format
    """
    return tuple(Pack.parse(raw, name=name) for raw in pack_bytes(name))


def read_pack(name: str) -> Pack:
    """The newest version of a policy.

    :raises Refusal: no policy has that name, or its file breaks the format
    """
    return read_versions(name)[-1]


def all_packs() -> tuple[Pack, ...]:
    """The newest version of every policy that comes with the program."""
    return tuple(read_pack(name) for name in pack_names())


def _packs() -> Traversable:
    return files("bot.policy").joinpath("packs")


def _folder(name: str) -> Traversable:
    known = pack_names()
    if name not in known:
        raise Refusal(f"There is no policy called “{name}”. Choose one of {', '.join(known[:-1])} or {known[-1]}.")
    return _packs().joinpath(name)


def _versions(folder: Traversable) -> tuple[Traversable, ...]:
    """The version files of a folder; a file name is the ISO day it came into force, so names sort by day."""
    tomls = (file for file in folder.iterdir() if file.name.endswith(".toml") and not file.name.endswith(EXAMPLES))
    return tuple(sorted(tomls, key=lambda file: file.name))
