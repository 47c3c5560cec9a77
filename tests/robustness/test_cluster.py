"""A Dask cluster gives the same bits as one process, whatever happens to it on the way."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from parity.catalogue.journal import Journal
from parity.errors import ParityError
from parity.robustness import Options, Robustness, Workers, analyse
from tests.robustness.cases import ASSUMPTIONS, data, spec

pytest.importorskip("distributed", reason="needs the extra 'cluster'")

DRAWS = 400_000
BASE = 1 << 13
SECONDS = 60


def started(module: str, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", f"distributed.cli.{module}", "--host", "127.0.0.1", *words]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def worker(address: str) -> subprocess.Popen[str]:
    """One worker process, which a nanny would start again."""
    found = started("dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
    assert found.stderr is not None
    for line in found.stderr:
        if "Registered to" in line:
            return found
    raise AssertionError("the worker did not start")


def stopped(process: subprocess.Popen[str]) -> None:
    process.kill()
    assert process.stderr is not None
    process.stderr.close()
    process.wait(SECONDS)


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Address of a real scheduler in a process of its own."""
    process = started("dask_scheduler", "--port", "0", "--no-dashboard")
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"Scheduler at:\s+(tcp://\S+)", line):
            yield found[1]
            break
    stopped(process)


@pytest.fixture
def workers(scheduler: str) -> Iterator[list[subprocess.Popen[str]]]:
    """Two worker processes."""
    found = [worker(scheduler), worker(scheduler)]
    yield found
    for process in found:
        stopped(process)


def run(workers: Workers, **options: object) -> Robustness:
    return analyse(spec(ASSUMPTIONS), data(), Options(DRAWS, base=BASE, workers=workers, **options))


@pytest.fixture(scope="module")
def alone() -> Robustness:
    return run(Workers(count=1))


def same_bits(one: Robustness, other: Robustness) -> None:
    for name in ("ranks", "scores", "above", "used"):
        np.testing.assert_array_equal(getattr(one.counts, name), getattr(other.counts, name))
    assert one.sensitivity is not None
    assert other.sensitivity is not None
    for name in ("first", "total", "first_interval", "total_interval"):
        np.testing.assert_array_equal(
            getattr(one.sensitivity.indices, name), getattr(other.sensitivity.indices, name)
        )


@pytest.mark.usefixtures("workers")
def test_same_bits_as_one_process(scheduler: str, alone: Robustness) -> None:
    same_bits(run(Workers(cluster=scheduler)), alone)


def test_a_worker_killed_on_the_way_costs_time_only(
    scheduler: str, workers: list[subprocess.Popen[str]], alone: Robustness
) -> None:
    def kill_one(done: int, of: int) -> None:
        if done == 2 and workers[0].poll() is None:
            workers[0].send_signal(signal.SIGKILL)
            workers[0].wait(SECONDS)

    found = run(Workers(cluster=scheduler), progress=kill_one)
    assert workers[0].poll() is not None
    same_bits(found, alone)


def test_every_worker_killed_and_others_come(
    scheduler: str, workers: list[subprocess.Popen[str]], alone: Robustness
) -> None:
    """The arrays that the workers held are sent again."""

    def kill_all(done: int, of: int) -> None:
        if done == 2 and len(workers) == 2:
            for process in workers:
                process.send_signal(signal.SIGKILL)
                process.wait(SECONDS)
            workers.append(worker(scheduler))

    same_bits(run(Workers(cluster=scheduler), progress=kill_all), alone)
    assert len(workers) == 3


@pytest.mark.usefixtures("workers")
def test_a_client_killed_goes_on_from_its_journal(scheduler: str, tmp_path: Path, alone: Robustness) -> None:
    """kill -9 in the middle: the second client does only what is left, and finds the same."""
    journal = tmp_path / "run.journal"
    program = (
        "import os, signal\n"
        "from tests.robustness.test_cluster import Path, Workers, run\n"
        f"def stop(done, of):\n    if done == 5:\n        os.kill(os.getpid(), signal.SIGKILL)\n"
        f"run(Workers(cluster={scheduler!r}), journal=Path({str(journal)!r}), progress=stop)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    first = subprocess.run(
        [sys.executable, "-c", program], env=environment, timeout=SECONDS, check=False, capture_output=True
    )
    assert first.returncode == -signal.SIGKILL
    told: list[int] = []
    found = run(Workers(cluster=scheduler), journal=journal, progress=lambda done, of: told.append(done))
    same_bits(found, alone)
    size = journal.stat().st_size
    # A third run finds everything done: the journal does not grow.
    same_bits(run(Workers(count=1), journal=journal), alone)
    assert journal.stat().st_size == size


def test_a_journal_of_another_run_is_refused(tmp_path: Path) -> None:
    with Journal(tmp_path / "j", b"something else"):
        pass
    with pytest.raises(ParityError, match="belongs to a run with another spec"):
        run(Workers(count=1), journal=tmp_path / "j")


def test_nobody_at_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parity.robustness._bag._CONNECT_SECONDS", 1)
    with pytest.raises(ParityError, match="has no TLS: whoever reaches it can run code"):
        Workers(cluster="tcp://10.0.0.1:8786")
    assert Workers(cluster="tcp://10.0.0.1:8786", insecure=True).cluster
    assert Workers(cluster="tls://10.0.0.1:8786").cluster
    with pytest.raises(ParityError, match=r"no Dask scheduler answers at 'tcp://127\.0\.0\.1:9'"):
        run(Workers(cluster="tcp://127.0.0.1:9"))
