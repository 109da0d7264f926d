"""Which words each picture in docs/ was drawn with, so that a picture of older words is found."""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
LARGEST = 60_000
"""Bytes of a picture, so that the page opens on a phone."""


def remember(platform: str, words: Mapping[str, str]) -> None:
    """Keep by hash which words the pictures named in a platform's page are about to be drawn with."""
    kept = {name: _hash(said) for name, said in words.items() if (DOCS / platform / f"{name}.png").exists()}
    (DOCS / platform / "drawn.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def wrong(platform: str, words: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with a platform's pictures, by name: not in its page, no longer sent, too large, of older words."""
    page = (DOCS / f"{platform}.md").read_text(encoding="utf-8")
    drawn = json.loads((DOCS / platform / "drawn.json").read_text(encoding="utf-8"))
    pictures = {one.stem: one for one in (DOCS / platform).glob("*.png")}
    found = {name: "its page does not show it" for name in pictures if f"({platform}/{name}.png)" not in page}
    found |= {name: "it is too large" for name, one in pictures.items() if one.stat().st_size >= LARGEST}
    found |= {name: "nothing is sent that looks so" for name in pictures if name not in words}
    old = {name for name in pictures if name in words and drawn.get(name) != _hash(words[name])}
    return found | dict.fromkeys(old, "it was drawn with other words")


def _hash(said: str) -> str:
    return sha256(said.encode()).hexdigest()[:16]
