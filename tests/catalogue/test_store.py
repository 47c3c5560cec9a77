"""The store of updates and the snapshot under damage, races and half-finished writers."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import polars as pl
import pytest

from parity import catalogue
from parity.catalogue import _seal, _snapshot, _store
from parity.errors import DamageError, ParityError
from tests.catalogue.publisher import Publisher, serving
from tests.catalogue.test_refresh import CHART, SOURCE, chart, russia, update

ROOT = Path(__file__).resolve().parents[2]
EDITION = "0123456789abcdef"


@pytest.fixture
def publisher():
    with serving(Publisher(files={CHART: chart()})) as running:
        yield running


@pytest.fixture
def updated(publisher):
    """Return the record and the table of an update."""
    assert update(publisher).status == "updated"
    record = _store.data_folder() / f"{SOURCE}.json"
    return record, next((_store.data_folder() / SOURCE).glob("*/observations.parquet"))


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= 1 << place % 8
    path.write_bytes(content)


RECORDS = {
    "cut": "{",
    "empty": "",
    "a list": "[]",
    "a number": "7",
    "another schema": json.dumps({"retrieved": "2026-12-01", "folder": EDITION, "tables": ["observations"]}),
    "no day": json.dumps({"folder": EDITION, "tables": {}}),
    "a way out": json.dumps({"retrieved": "2026-12-01", "folder": "../../..", "tables": {}}),
    "a table elsewhere": json.dumps(
        {"retrieved": "2026-12-01", "folder": EDITION, "tables": {"../x": "0" * 64}}
    ),
    "not text": b"\xff\xfe\x00",
}


@pytest.mark.parametrize("content", RECORDS.values(), ids=RECORDS)
def test_damaged_record_is_said_and_mended(publisher, updated, content):
    record, _ = updated
    changed = russia()
    record.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert_set_aside(changed)
    assert update(publisher).status == "updated"
    assert russia() == changed
    assert not catalogue.stored().faults


TABLES = {
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-7]),
    "empty": lambda path: path.write_bytes(b""),
    "flipped": lambda path: flip(path, 5000),
    "missing": Path.unlink,
    "no folder": lambda path: shutil.rmtree(path.parent),
    "other content": lambda path: pl.DataFrame({"a": [1]}).write_parquet(path),
}


@pytest.mark.parametrize("damage", TABLES.values(), ids=TABLES)
def test_damaged_edition_is_said_and_mended(publisher, updated, damage):
    _, table = updated
    changed = russia()
    damage(table)
    assert_set_aside(changed)
    outcome = update(publisher)
    assert outcome.status == "updated", "a damaged edition is not 'unchanged'"
    assert russia() == changed
    assert not catalogue.stored().faults


def assert_set_aside(changed: float) -> None:
    """The snapshot answers, and every answer says that an update could not be used."""
    assert russia() != changed
    fault = catalogue.stored().faults[SOURCE]
    assert fault.endswith(
        f"mend it with 'parity data update {SOURCE}', or drop it with 'parity data reset {SOURCE}'"
    )
    assert f"damaged and not used: {SOURCE}" in catalogue.vintage()
    assert (SOURCE, fault) in catalogue.verify()


def test_edition_of_another_version_is_not_used(updated):
    record, table = updated
    pl.read_parquet(table).drop("se").write_parquet(table)
    body = json.loads(record.read_text())
    body["tables"]["observations"] = _store.hashlib.sha256(table.read_bytes()).hexdigest()
    record.write_text(json.dumps(body))
    assert "made by another version of Parity" in catalogue.stored().faults[SOURCE]


def test_reset_brings_the_snapshot_back(updated):
    changed = russia()
    assert catalogue.reset(["epoch"]) == []
    assert russia() == changed
    assert catalogue.reset() == [SOURCE]
    assert russia() != changed
    assert [path.name for path in _store.data_folder().iterdir()] == [".lock"]


def test_many_updates_at_once_leave_one_whole_edition(publisher):
    """Three writers, twelve rounds of other content each, and a reader all the while."""
    done = threading.Event()
    faults: list[object] = []

    def write() -> None:
        for _ in range(12):
            publisher.files[CHART] = chart(add=random.random())
            faults.extend(one.message for one in [update(publisher, timeout=30)] if one.status == "failed")

    def read() -> None:
        while not done.is_set():
            try:
                russia()
            except (ParityError, DamageError) as problem:
                faults.append(problem)

    writers = [threading.Thread(target=write) for _ in range(3)]
    reader = threading.Thread(target=read)
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    assert faults == []
    assert not catalogue.stored().faults
    assert len(list((_store.data_folder() / SOURCE).iterdir())) == 1
    assert update(publisher).status in ("updated", "unchanged")


def test_the_lock_keeps_other_processes_out(monkeypatch):
    """Another process holds the store: one message, and nothing is written."""
    monkeypatch.setattr(_store, "PATIENCE", 0.2)
    holder = (
        "from parity.catalogue._store import locked\n"
        "with locked():\n    print('held', flush=True)\n    input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(ParityError, match="another update holds it"), _store.locked():
            pass
        other.communicate("\n")
    with _store.locked():
        pass


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of the snapshot to damage."""
    folder = tmp_path / "snapshot"
    shutil.copytree(_seal.SNAPSHOT, folder)
    for module in (_seal, _snapshot):
        monkeypatch.setattr(module, "SNAPSHOT", folder)
    _snapshot.datapackage.cache_clear()
    yield folder
    _snapshot.datapackage.cache_clear()


def test_a_flipped_bit_anywhere_is_found(copied):
    """A hundred bits in every file of the snapshot, one at a time; none may pass or end in a traceback."""
    draw = random.Random(20261130)
    for path in sorted(file for file in copied.rglob("*") if file.is_file()):
        whole = path.read_bytes()
        for _ in range(8):
            flip(path, draw.randrange(len(whole)))
            _snapshot.datapackage.cache_clear()
            assert any(fault for _, fault in catalogue.verify()), path.name
            with pytest.raises(DamageError, match="snapshot: "):
                read_all(copied)
            path.write_bytes(whole)
    _snapshot.datapackage.cache_clear()
    assert not any(fault for _, fault in catalogue.verify())


def read_all(folder: Path) -> None:
    for name in catalogue.tables():
        catalogue.load_table(name)
    for path in (folder / "derived").glob("*.parquet"):
        catalogue.derived_table(path.stem)


def test_a_file_that_is_gone_is_said(copied):
    (copied / "observations.parquet").unlink()
    with pytest.raises(DamageError, match=r"snapshot: observations.parquet cannot be read"):
        catalogue.load_table("observations")


CLAIMS = "China's AI ranks second in the world. Selling the H20 to China needs no licence."
CHECKING = """
import sys
from pathlib import Path
from parity.catalogue import _seal, _snapshot, _store
for module in (_seal, _snapshot, _store):
    module.SNAPSHOT = Path(sys.argv[1])
from parity.cli.main import main
main(["check", "-", "--json"])
"""


@pytest.mark.parametrize("table", ["rules", "published_ranks", "accelerators"])
def test_damage_is_never_a_verdict(copied, table):
    """A table that verdicts rest on is broken: one message and no answer, in a process without caches."""
    path = copied / f"{table}.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    done = subprocess.run(
        [sys.executable, "-c", CHECKING, copied], input=CLAIMS, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    (told,) = json.loads(done.stdout).items()
    assert told[0] == "error"
    assert told[1].startswith(f"snapshot: {table}.parquet is not the file that ships")
