"""Files of cases as tests take them out, open them and check them."""

import io
import json
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.cards import File
from bot.records.export import MANIFEST
from tests.people import HANDLE, LINK, WORDS, House, Somebody

MARKUP = "<script>alert(1)</script> <img src=x onerror=alert(2)> javascript:alert(3) \u202egnp.exe"
FORMULA = '=HYPERLINK("http://evil.example")'
OFFLINE = "snollygoster at the desk on Tuesday"
VERIFY = Path(__file__).parents[2] / "bot" / "records" / "verify.py"


async def taken(somebody: Somebody, case: str) -> File:
    """The whole file of a case, as somebody gets it who presses the button."""
    return await somebody.house.desk.document(str(somebody.library), somebody.identity, case, "file.zip")


async def file_of(somebody: Somebody, case: str) -> dict[str, bytes]:
    """The files in it, by their path."""
    return opened((await taken(somebody, case)).raw)


def opened(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = archive.namelist()
        assert len({name.partition("/")[0] for name in names}) == 1
        return {name.partition("/")[2]: archive.read(name) for name in names}


def put(files: dict[str, bytes], folder: Path) -> Path:
    """The files as a folder on disk."""
    for name, raw in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    return folder


def checked(folder: Path, script: Path = VERIFY) -> tuple[int, str]:
    """What the script says of a folder: its exit code and its words."""
    ran = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-I", "-S", str(script), str(folder)], capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.stderr == ""
    return ran.returncode, ran.stdout


def listed_anew(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files with a list that fits them, as somebody would make it who alters both."""
    listed = "".join(f"{sha256(raw).hexdigest()}  {name}\n" for name, raw in files.items() if name != MANIFEST)
    return {**files, MANIFEST: listed.encode()}


def everything(files: dict[str, bytes]) -> str:
    return "\n".join(raw.decode(errors="replace") for raw in files.values())


def of_kind(files: dict[str, bytes], kind: str) -> list[dict[str, Any]]:
    """The records of a kind in ``file.json``."""
    cases = json.loads(files["file.json"])["cases"]
    return [one["record"] for case in cases for one in case["records"] if one["kind"] == kind]


async def a_removal(house: House, **item: str) -> str:
    """A confirmed removal with a picture of what was removed."""
    await house.sam.begins_report("May break a rule")
    picture = await house.sam.attaches()
    await house.sam.fills(account="Facebook", links=LINK, text=WORDS, outcome="Removed", pictures=picture, **item)
    await house.sam.fills(clauses="Advertising", observations=("sells or advertises",), handles=HANDLE)
    return house.sam.ref


async def a_block(house: House) -> tuple[str, str]:
    """A block in force that stands on a removal: (the block, the removal)."""
    removal = await a_removal(house)
    block = await house.sam.asks_for_block(
        grounds=("Goes on online with what staff asked", "Repeated breaches"),
        offline_incident_offline_behavior=OFFLINE,
    )
    await house.dana.approves(block)
    await house.sam.confirms(block)
    return block, removal
