"""`duenotice verify`, `doctor` and `cases`: what is on file, and whether it is whole."""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot import settings as environment
from bot.cases.appeal import ANSWERS, DecidedAppeal, received
from bot.cases.block import DecidedBlock, request_of
from bot.cases.reinstatement import DecidedReinstatement, requested
from bot.people import TITLES, holders
from bot.policy.terms import Channel, Role
from bot.ports import Shelves
from bot.reading import calendar_of
from bot.records.kept import dumped
from bot.records.ledger import Flaw, Head, payload_holds, verify
from bot.refusal import Refusal
from bot.settings import Settings
from bot.views import incidents, undelivered

if TYPE_CHECKING:
    from bot.settings import Settings
    from storage.store import SqlStore

Practice = Annotated[bool, typer.Option("--practice", help="Use the practice desk's record.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
CHUNK = 5000
T = TypeVar("T")


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("verify")(verify_chains)
    app.command("doctor")(doctor)
    cases = typer.Typer(help="Reports and blocks on file.", no_args_is_help=True)
    cases.command("list")(list_cases)
    cases.command("show")(show_case)
    app.add_typer(cases, name="cases")


def which(settings: Settings, *, practice: bool) -> str:
    """The database a command is about.

    :raises Refusal: there is none yet
    """
    if practice:
        return _existing(settings.practice_url, "The practice desk has not been opened yet; `duenotice practice` does.")
    if settings.database_is_set or _is_there(settings.database_url):
        return _existing(settings.database_url, f"There is no record at {settings.database_url} yet.")
    if _is_there(settings.practice_url):
        sys.stderr.write("duenotice: no library is set up here; this is the practice desk's record.\n")
        return settings.practice_url
    raise Refusal("There is no record here yet. `duenotice practice` opens the practice desk.")


def _is_there(url: str) -> bool:
    file = url.removeprefix("sqlite:///")
    return file == url or Path(file).exists()


def _existing(url: str, otherwise: str) -> str:
    if not _is_there(url):
        raise Refusal(otherwise)
    return url


def with_store(work: Callable[["SqlStore"], Coroutine[Any, Any, T]], *, practice: bool) -> T:
    """Open the record a command is about, do something with it, and close it."""
    from storage.store import SqlStore

    url = which(environment.read(), practice=practice)

    async def run() -> T:
        store = SqlStore.open(url)
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())


def verify_chains(*, practice: Practice = False) -> None:
    """Check that nothing in any library's ledger was altered, removed or put in between."""
    flaws = with_store(_verify, practice=practice)
    if flaws:
        raise Refusal("\n".join(flaws))


async def _verify(store: "SqlStore") -> list[str]:
    flaws = []
    libraries = await store.libraries()
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as progress:
        for library in libraries:
            name = await store.ask(library, lambda shelves: shelves.registry.library().name)
            progress.add_task(f"Verifying {name}", total=None)
            head, flaw = await store.chain(library, verify)
            flaw = flaw or await _payloads(store, library, head)
            if flaw:
                flaws.append(f"{name}: {flaw.what}. Everything before it verifies. Keep the database as it is.")
            else:
                sys.stdout.write(f"{name}: {head.seq} entries verify. Head {head.hash.hex(' ', 4)}\n")
    if not libraries:
        sys.stdout.write("There is no library here yet, so there is nothing to verify.\n")
    return flaws


async def _payloads(store: "SqlStore", library: UUID, head: Head) -> Flaw | None:
    """Check every payload that is still kept against what was committed to."""

    def check(shelves: Shelves, after: int) -> Flaw | None:
        for entry in shelves.book.entries(after=after, limit=CHUNK):
            if entry.payload is None or entry.salt is None:
                continue
            if not payload_holds(commitment=entry.commitment, payload=entry.payload, salt=entry.salt):
                return Flaw(seq=entry.seq, what=f"the payload of entry {entry.seq} was altered")
        return None

    for after in range(0, head.seq, CHUNK):
        # mypy infers no type for a lambda with a default
        if flaw := await store.ask(library, lambda shelves, after=after: check(shelves, after)):  # type: ignore[misc]
            return flaw
    return None


def doctor(*, practice: Practice = False) -> None:
    """Say in one line each whether what the program needs is there."""
    settings = environment.read()
    lines = [("settings", "", f"data in {settings.data}, port {settings.port}")]
    lines += with_store(_examine, practice=practice)
    if not practice:
        lines += with_store(lambda store: _examine_slack(store, settings), practice=False)
    if not practice and any(name.startswith("MICROSOFT_") for name in settings.chat):
        lines += with_store(lambda store: _examine_teams(store, settings), practice=False)
    for what, trouble, fine in lines:
        sys.stdout.write(f"{'✗' if trouble else '✓'} {what}: {trouble or fine}\n")
    if any(trouble for _, trouble, _ in lines):
        sys.exit(2)


async def _examine(store: "SqlStore") -> list[tuple[str, str, str]]:
    found = [("database", "", "opens, and its schema is this program's")]
    libraries = await store.libraries()
    if not libraries:
        found.append(("libraries", "none yet; `duenotice init` begins one", ""))
    for library in libraries:
        found += await store.ask(library, examine_library)
    return found


async def _examine_slack(store: "SqlStore", settings: Settings) -> list[tuple[str, str, str]]:
    from adapters.slack.doctor import examine, examine_installs
    from bot.__main__ import clock
    from bot.connected import SealedInstalls, slack_settings

    if not any(name.startswith("SLACK_") for name in settings.chat):
        return [("Slack", "", "no token in this terminal, so the bot would not be in Slack")]
    told, now = slack_settings(settings), clock().timestamp()
    if told.bot_token or not settings.secret_key:
        channels = {name: channel for name, (_, channel) in (await _channels_on("slack", store)).items()}
        return await examine(told, channels, now=now)
    installs = SealedInstalls(store, settings.secret_key, clock)
    found = {team: await installs.find(team) for team in await installs.teams()}
    return await examine_installs(told, found, await _channels_by_tenant("slack", store), now=now)


async def _examine_teams(store: "SqlStore", settings: Settings) -> list[tuple[str, str, str]]:
    from adapters.teams.doctor import examine
    from bot.__main__ import clock
    from bot.connected import teams_settings

    channels = await _channels_on("teams", store)
    return await examine(teams_settings(settings), channels, store, now=clock().timestamp())


async def _channels_by_tenant(platform: str, store: "SqlStore") -> dict[str, dict[str, str]]:
    """The channels chosen on a platform: by tenant, our names and the platform's ids."""
    found: dict[str, dict[str, str]] = {}
    for library in await store.libraries():
        for channel, place in (await store.ask(library, lambda shelves: shelves.registry.library())).channels.items():
            if place.platform == platform:
                found.setdefault(place.tenant, {})[channel.value] = place.channel
    return found


async def _channels_on(platform: str, store: "SqlStore") -> dict[str, tuple[str, str]]:
    """The channels chosen on a platform: our names, with the tenant and id of each."""
    channels: dict[str, tuple[str, str]] = {}
    for library in await store.libraries():
        places = (await store.ask(library, lambda shelves: shelves.registry.library())).channels
        channels |= {
            channel.value: (place.tenant, place.channel)
            for channel, place in places.items()
            if place.platform == platform
        }
    return channels


def examine_library(shelves: Shelves) -> list[tuple[str, str, str]]:
    """What is looked at in a library, what is wrong with it, and what is said when nothing is; each message apart."""
    from bot.__main__ import clock

    library = shelves.registry.library()
    name = library.name
    today = calendar_of(library).local_date(clock())
    missing = [f"#{channel.value}" for channel in Channel if channel not in library.channels]
    people = shelves.registry.people()
    vacant = [
        TITLES[role] for role in (Role.DIRECTOR, Role.EDITOR, Role.DUTY_PERSON) if not holders(people, role, on=today)
    ]
    messages = shelves.messages.in_trouble()
    names = {person.id: person.name for person in people}

    def called(person: UUID | None) -> str:
        return names.get(person, "somebody") if person else "the program"

    return [
        (
            f"{name}, policy",
            "" if library.packs else "none adopted; `setup` does",
            ", ".join(library.packs),
        ),
        (f"{name}, channels", f"not chosen: {', '.join(missing)}; `setup`" if missing else "", "all chosen"),
        (f"{name}, offices", f"vacant: {', '.join(vacant)}; `setup`" if vacant else "", "all held"),
        *(
            (
                f"{name}, message for {undelivered.place(one, called)}",
                f"{undelivered.what(one)}: {undelivered.remedy(one)} Type “messages” to the bot",
                "",
            )
            for one in messages
        ),
        *((f"{name}, messages", "", "all delivered or on their way") for _ in range(not messages)),
    ]


def list_cases(*, as_json: AsJson = False, practice: Practice = False, most: int = 100) -> None:
    """List reports, blocks, appeals and requests to come back, each newest first."""

    async def read(store: "SqlStore") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for library in await store.libraries():
            found += await store.ask(library, lambda shelves: _listed(shelves, most))
        return found

    listed = with_store(read, practice=practice)
    if as_json:
        sys.stdout.write(json.dumps(listed, ensure_ascii=False, indent=2) + "\n")
        return
    table = Table("Case", "Library", "Kind", "Status", "Since")
    for case in listed:
        table.add_row(case["ref"], case["library"], case["kind"], case["status"], case["since"])
    Console().print(table)


def _listed(shelves: Shelves, most: int) -> list[dict[str, Any]]:
    name = shelves.registry.library().name
    reports = [
        {
            "ref": incident.ref,
            "library": name,
            "kind": incident.track.value,
            "status": incidents.status(incident),
            "since": incident.reported_on.isoformat(),
            "version": incident.version,
        }
        for incident in shelves.incidents.recent(most)
    ]
    blocks = [
        {
            "ref": block.ref,
            "library": name,
            "kind": "block",
            "status": block.decision.value if isinstance(block, DecidedBlock) else "requested",
            "since": request_of(block).requested_on.isoformat(),
            "version": block.version,
        }
        for block in shelves.blocks.recent(most)
    ]
    letters = [
        {
            "ref": one.ref,
            "library": name,
            "kind": "appeal",
            "status": ANSWERS[one.answer] if isinstance(one, DecidedAppeal) else "waiting for an answer",
            "since": received(one).writing.received_on.isoformat(),
            "version": one.version,
        }
        for one in shelves.appeals.recent(most)
    ]
    requests = [
        {
            "ref": one.ref,
            "library": name,
            "kind": "request to come back",
            "status": "answered" if isinstance(one, DecidedReinstatement) else "waiting for an answer",
            "since": requested(one).writing.received_on.isoformat(),
            "version": one.version,
        }
        for one in shelves.reinstatements.recent(most)
    ]
    return [*reports, *blocks, *letters, *requests]


def show_case(ref: str, *, as_json: AsJson = False, practice: Practice = False) -> None:
    """Show everything on file about one case, its ledger entries included."""
    wanted = ref.strip().upper()

    async def read(store: "SqlStore") -> list[dict[str, Any]]:
        found = [
            await store.ask(library, lambda shelves: _everything(shelves, wanted))
            for library in await store.libraries()
        ]
        return [case for case in found if case]

    found = with_store(read, practice=practice)
    if not found:
        raise Refusal(f"There is no case {wanted} here. `duenotice cases list` shows what there is.")
    if as_json:
        sys.stdout.write(json.dumps(found if len(found) > 1 else found[0], ensure_ascii=False, indent=2) + "\n")
        return
    console = Console()
    for case in found:
        console.print(f"{case['ref']}, {case['library']}", style="bold", highlight=False)
        for entry in case["ledger"]:
            console.print(f"  {entry['seq']:>6}  {entry['at']}  {entry['action']}  {entry['record']}", highlight=False)
        for clock in case["clocks"]:
            console.print(f"  {clock['name']}: {clock['due']} ({clock['state']})", highlight=False)


def _everything(shelves: Shelves, ref: str) -> dict[str, Any]:
    case = (
        shelves.incidents.by_ref(ref)
        or shelves.blocks.by_ref(ref)
        or shelves.appeals.by_ref(ref)
        or shelves.reinstatements.by_ref(ref)
    )
    on = shelves.appeals
    ledger = [{**json.loads(entry.header), "hash": entry.hash.hex()} for entry in shelves.book.of_case(ref)]
    if stone := shelves.docket.tombstone(ref):
        said = dumped(stone)
        library = shelves.registry.library().name
        return {"ref": ref, "library": library, "tombstone": said, "clocks": [], "ledger": ledger}
    if case is None:
        return {}
    return {
        "ref": ref,
        "library": shelves.registry.library().name,
        "case": dumped(case),
        "clocks": [dumped(clock) for clock in shelves.clocks.of_case(ref)],
        "tasks": [dumped(task) for task in shelves.tasks.of_case(ref)],
        "executions": [dumped(done) for done in shelves.blocks.executions(ref)],
        "consultation": [
            dumped(record) for of in (on.consultations, on.memos, on.advice) for record in of(ref)
        ],  # single views are read by whoever answers, and by nobody else
        "restored": [dumped(line) for line in shelves.appeals.restorations(ref)],
        "notices": [dumped(notice) for notice in shelves.papers.notices(ref)],
        "corrections": [dumped(correction) for correction in shelves.papers.corrections(ref)],
        "ledger": ledger,
    }
