"""Where the five libraries' own documents are, if they are at hand; they are not part of the program."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "policies"
BEGINS = {"chicopee": "000_", "worcester": "001_", "cook_memorial": "002_", "ecrl": "003_", "portsmouth": "004_"}


def document(name: str) -> str:
    """A library's own policy text, or the test is listed as not run, with the reason."""
    found = sorted(FOLDER.glob(f"{BEGINS[name]}*.txt"))
    if len(found) != 1:
        pytest.skip(f"Not checked against the {name} policy: its document is not at ../shared/policies.")
    return found[0].read_text(encoding="utf-8")
