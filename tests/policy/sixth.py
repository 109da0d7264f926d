"""A sixth library, invented for the tests: its pack, its own document, and where they are."""

from pathlib import Path

from bot.policy.pack import Pack

FOLDER = Path(__file__).parent / "juniper"
JUNIPER_FILE = FOLDER / "2026-01-01.toml"
JUNIPER = Pack.read(JUNIPER_FILE)
JUNIPER_DOCUMENT = (FOLDER / "document.txt").read_text(encoding="utf-8")
