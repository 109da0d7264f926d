"""Which policies there are to choose from."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.policy import shelf
from bot.policy.shelf import all_packs, look_also_in, pack_bytes, pack_names, read_pack, read_versions
from bot.refusal import Refusal
from tests.policy.sixth import FOLDER, JUNIPER


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    """A library's own folder of packs, empty."""
    folder = tmp_path / "packs"
    look_also_in(folder)
    yield folder
    shelf.OWN.remove(folder)


def test_a_folder_that_is_not_there_yet_offers_nothing(own: Path) -> None:
    assert "juniper" not in pack_names()
    assert not own.exists()


def test_a_pack_in_the_librarys_own_folder_is_offered_like_any_other(own: Path) -> None:
    shutil.copytree(FOLDER, own / "juniper")

    assert pack_names() == ("chicopee", "cook_memorial", "ecrl", "juniper", "portsmouth", "worcester")
    assert read_pack("juniper") == JUNIPER
    assert JUNIPER in all_packs()


def test_a_newer_version_of_a_policy_stands_beside_the_programs(own: Path) -> None:
    newer = pack_bytes("ecrl")[-1].replace(b"since = 2021-02-08", b"since = 2027-01-01")
    (own / "ecrl").mkdir(parents=True)
    (own / "ecrl" / "2027-01-01.toml").write_bytes(newer)

    assert [pack.version for pack in read_versions("ecrl")] == ["ecrl 2021-02-08", "ecrl 2027-01-01"]


def test_a_pack_that_was_changed_on_disk_is_read_as_it_stands_now(own: Path) -> None:
    shutil.copytree(FOLDER, own / "juniper")
    assert read_pack("juniper").about.name == "Juniper Valley Public Library"
    [file] = (own / "juniper").glob("????-??-??.toml")
    file.write_bytes(file.read_bytes().replace(b"Juniper Valley Public Library", b"Juniper Hill Public Library"))

    assert read_pack("juniper").about.name == "Juniper Hill Public Library"


def test_a_file_of_the_same_name_never_takes_the_place_of_the_programs(own: Path) -> None:
    before = pack_bytes("ecrl")
    (own / "ecrl").mkdir(parents=True)
    (own / "ecrl" / "2021-02-08.toml").write_bytes(b"since = 2021-02-08")

    assert pack_bytes("ecrl") == before


def test_a_folder_is_looked_in_once(own: Path) -> None:
    look_also_in(own)

    assert shelf.OWN.count(own) == 1


def test_a_broken_pack_of_ones_own_is_refused_with_its_mistakes(own: Path) -> None:
    (own / "larch").mkdir(parents=True)
    (own / "larch" / "2025-05-01.toml").write_text("since = 2025-05-01", "utf-8")

    with pytest.raises(Refusal, match="The policy pack larch has"):
        read_pack("larch")
