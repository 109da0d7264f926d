"""Files of a draft and pictures of a case: whatever the disk takes, everybody else is answered meanwhile."""

import threading
from uuid import UUID

from typing_extensions import override

from tests.fakes import FakeVault
from tests.people import PICTURE, House


class Watched(FakeVault):
    """A vault that knows on which threads it was used."""

    threads: set[int]

    @override
    def quarantine(self, library: UUID, raw: bytes, name: str, *, calendar: bool = False) -> str:
        self.threads.add(threading.get_ident())
        return super().quarantine(library, raw, name, calendar=calendar)

    @override
    def read(self, library: UUID, sha256: str) -> tuple[bytes, str]:
        self.threads.add(threading.get_ident())
        return super().read(library, sha256)


async def test_no_file_is_written_or_read_where_others_wait_for_an_answer(house: House) -> None:
    house.vault = vault = Watched(now=house.time)
    vault.threads = set()
    house.open()
    await house.robin.begins_report("May break a rule")
    token = await house.robin.attaches()
    await house.robin.fills(account="Facebook", links="https://facebook.com/1", pictures=token, outcome="Please look")
    incident = await house.look(lambda shelves: shelves.incidents.by_ref(house.robin.ref))
    assert incident is not None
    [kept] = incident.evidence
    assert len(vault.threads) == 1

    vault.threads.clear()
    raw, _ = await house.desk.picture(str(house.library), house.sam.identity, house.robin.ref, kept.sha256)
    assert raw == PICTURE
    assert vault.threads
    assert threading.get_ident() not in vault.threads
