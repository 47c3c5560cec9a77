"""A journal survives what a crash leaves behind, and refuses what it must not mix."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from parity.catalogue.journal import Journal
from parity.errors import ParityError

RUN = b"one run"
PIECES = {3: b"three", 0: b"", 1 << 40: bytes(range(256)) * 100}


def written(path: Path) -> Path:
    with Journal(path, RUN) as journal:
        for key, payload in PIECES.items():
            journal.append(key, payload)
    return path


def kept(path: Path, run: bytes = RUN) -> dict[int, bytes]:
    with Journal(path, run) as journal:
        return dict(journal.records())


def test_records_come_back_in_order(tmp_path: Path) -> None:
    found = kept(written(tmp_path / "j"))
    assert found == PIECES
    assert list(found) == list(PIECES)


def test_a_new_journal_is_empty_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "j"
    assert kept(path) == {}
    with Journal(path, RUN) as journal:
        journal.append(1, b"a")
    with Journal(path, RUN) as journal:
        assert dict(journal.records()) == {1: b"a"}
        journal.append(2, b"b")
    assert kept(path) == {1: b"a", 2: b"b"}


@pytest.mark.parametrize("cut", [1, 10, 25_599, 25_601, 25_620])
def test_a_record_cut_short_is_dropped_and_the_rest_stays(tmp_path: Path, cut: int) -> None:
    path = written(tmp_path / "j")
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - cut)
    expected = dict(list(PIECES.items())[:2])
    assert kept(path) == expected
    with Journal(path, RUN) as journal:
        journal.append(7, b"seven")
    assert kept(path) == expected | {7: b"seven"}


def test_a_changed_byte_ends_the_journal_there(tmp_path: Path) -> None:
    path = written(tmp_path / "j")
    content = bytearray(path.read_bytes())
    content[content.index(b"three")] ^= 1
    path.write_bytes(content)
    assert kept(path) == {}


def test_a_record_under_another_number_is_not_whole(tmp_path: Path) -> None:
    path = written(tmp_path / "j")
    content = bytearray(path.read_bytes())
    start = content.index(b"three") - 32
    assert content[start] == 3
    content[start] = 4
    path.write_bytes(content)
    assert kept(path) == {}


@pytest.mark.parametrize("length", range(20))
def test_a_crash_while_the_file_was_made(tmp_path: Path, length: int) -> None:
    path = written(tmp_path / "j")
    path.write_bytes(path.read_bytes()[:length])
    assert kept(path) == {}


def test_another_run_is_refused_and_nothing_lost(tmp_path: Path) -> None:
    path = written(tmp_path / "j")
    with pytest.raises(ParityError, match="belongs to a run with another spec"):
        Journal(path, b"another run")
    assert kept(path) == PIECES


def test_another_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "thesis.txt"
    path.write_text("years of work")
    with pytest.raises(ParityError, match="is not a journal"):
        Journal(path, RUN)
    assert path.read_text() == "years of work"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParityError, match="cannot be opened"):
        Journal(tmp_path, RUN)


def test_two_runs_do_not_share_a_journal(tmp_path: Path) -> None:
    path = tmp_path / "j"
    with Journal(path, RUN), pytest.raises(ParityError, match="another run is writing"):
        Journal(path, RUN)
    assert kept(path) == {}


def test_kill_9_leaves_every_record_that_was_told(tmp_path: Path) -> None:
    """A process that is killed while it appends has lost nothing that it said was written."""
    path = tmp_path / "j"
    program = (
        "import sys\nfrom parity.catalogue.journal import Journal\n"
        f"with Journal({str(path)!r}, {RUN!r}) as journal:\n"
        "    for key in range(10**6):\n        journal.append(key, bytes([key % 256]) * 5000)\n"
        "        print(key, flush=True)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    for line in child.stdout:
        if int(line) >= 20:
            break
    os.kill(child.pid, signal.SIGKILL)
    told = [20, *(int(line) for line in child.stdout if line.strip().isdecimal())][-1]
    child.stdout.close()
    child.wait()
    deadline = time.monotonic() + 10
    while True:
        try:
            found = kept(path)
            break
        except ParityError:  # the system may take a moment to give the lock back
            assert time.monotonic() < deadline
    assert set(found) >= set(range(told))
    assert all(payload == bytes([key % 256]) * 5000 for key, payload in found.items())
