"""Read, validate and bind a policy, beside reading its TOML alone: ``python -m bench.policy [--size TURNS]``.

The libraries' own documents are taken from ``../shared/policies`` where they are at hand; else an invented policy alone
is bound. A clause is then looked up, which opens no file.
"""

from pathlib import Path
from statistics import median
from tomllib import loads

from bench.ground import arguments, report, timed
from bot.policy.book import PolicyBook
from bot.policy.document import bind
from bot.policy.pack import Pack
from bot.policy.shelf import pack_bytes, pack_names

ROOT = Path(__file__).parents[1]
DOCUMENTS = ROOT.parent / "shared" / "policies"
BEGINS = {"chicopee": "000_", "worcester": "001_", "cook_memorial": "002_", "ecrl": "003_", "portsmouth": "004_"}
INVENTED = ROOT / "tests" / "policy" / "juniper"
AIM = 5
ALLOWED = 0.05
LOOKED_UP = 1000


def policies() -> dict[str, tuple[bytes, str]]:
    """Each pack's bytes with its document's text, as far as they are at hand."""
    found = {"juniper (invented)": ((INVENTED / "2026-01-01.toml").read_bytes(), text_of(INVENTED / "document.txt"))}
    for name in pack_names():
        documents = sorted(DOCUMENTS.glob(f"{BEGINS[name]}*.txt"))
        found[name] = (pack_bytes(name)[-1], text_of(documents[0]) if documents else "")
    return found


def text_of(file: Path) -> str:
    """The text of a document."""
    return file.read_text(encoding="utf-8")


def measure(name: str, raw: bytes, document: str, turns: int) -> None:
    """Read the TOML alone, and the whole, in turn."""
    ours: list[float] = []
    floor: list[float] = []
    looked: list[float] = []
    for _ in range(turns):
        with timed(floor):
            loads(raw.decode("utf-8"))
        with timed(ours):
            pack = Pack.parse(raw, name=name)
            bound = bind(pack, document)
        book = PolicyBook(
            packs=(pack,), sentences={(pack.version, rule): said for rule, said in bound.sentences.items()}
        )
        rules = [rule.id for rule in pack.rules]
        with timed(looked):
            for number in range(LOOKED_UP):
                book.cite(rules[number % len(rules)], on=pack.since)
    report(f"{name}: read, validate, bind", ours, floor, aim=AIM, floor_is="TOML alone")
    slow = "   MISSED" if median(ours) > ALLOWED else ""
    cited = median(looked) / LOOKED_UP * 1_000_000
    print(f"{'':<4}allowed {ALLOWED * 1000:.0f} ms{slow}; one clause looked up: {cited:.1f} µs", flush=True)


def main() -> None:
    """Measure every policy."""
    asked = arguments(__doc__ or "", size=20, of="turns", databases=False)
    for name, (raw, document) in policies().items():
        measure(name, raw, document, asked.size)


if __name__ == "__main__":
    main()
