"""The server as it is run: a killed worker is replaced, a stop lets requests end, logs are for machines."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from parity.cli.serve import command
from tests.web.conftest import free_port, served

WAIT_SECONDS = 60


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    end = time.monotonic() + WAIT_SECONDS
    while not holds():
        if time.monotonic() > end:
            pytest.fail("it did not come")
        time.sleep(0.05)


def fetched(url: str) -> int:
    """Return the status of an answer; ask once more where the connection is lost."""
    for last in (False, True):
        try:
            with urllib.request.urlopen(url, timeout=WAIT_SECONDS) as answer:
                answer.read()
                return int(answer.status)
        except (urllib.error.URLError, ConnectionError, OSError):
            if last:
                raise
    raise AssertionError


def workers_of(process: subprocess.Popen[bytes]) -> set[int]:
    """Return the processes that answer: those that a supervisor has spawned with its pipe."""
    children = psutil.Process(process.pid).children()
    found = set()
    for one in children:
        with contextlib.suppress(psutil.NoSuchProcess):  # one that has just ended, too
            if "spawn_main" in " ".join(one.cmdline()):
                found.add(one.pid)
    return found


def test_a_killed_worker_is_replaced_and_nobody_sees_more_than_a_retry() -> None:
    port = free_port()
    process = served(port, "--workers", "2")
    statuses: list[int | Exception] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                statuses.append(fetched(f"http://127.0.0.1:{port}/ranking"))
            except OSError as problem:
                statuses.append(problem)

    try:
        before = workers_of(process)
        assert len(before) == 2
        askers = [threading.Thread(target=ask) for _ in range(3)]
        for one in askers:
            one.start()
        until(lambda: len(statuses) > 5)
        lost = min(before)
        os.kill(lost, signal.SIGKILL)
        until(lambda: len(workers_of(process) - before) == 1 and lost not in workers_of(process))
        known = len(statuses)
        until(lambda: len(statuses) > known + 5)
        stop.set()
        for one in askers:
            one.join()
        assert set(statuses) == {200}
    finally:
        stop.set()
        process.terminate()
        process.wait(timeout=WAIT_SECONDS)


def test_a_stop_lets_a_running_request_end(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    with log.open("wb") as lines:
        process = served(port, log=lines)
    found: list[int] = []
    slow = f"http://127.0.0.1:{port}/api/v1/pool?bloc=BRICS&draws=20"

    def ask() -> None:
        with urllib.request.urlopen(slow, timeout=WAIT_SECONDS) as answer:
            found.append(answer.status)

    asker = threading.Thread(target=ask)
    asker.start()
    until(lambda: any(one.status == "ESTABLISHED" for one in psutil.Process(process.pid).net_connections()))
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    asker.join(timeout=WAIT_SECONDS)
    process.wait(timeout=WAIT_SECONDS)
    assert found == [200]

    told = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    (line,) = [one for one in told if one.get("path") == "/api/v1/pool"]
    assert line["status"] == 200
    assert line["method"] == "GET"
    assert line["ms"] > 0
    assert set(line) == {"time", "request", "method", "path", "status", "ms"}
    assert "BRICS" not in log.read_text()


def test_it_warns_who_opens_it_to_other_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[str, int, int, tuple[str, ...]]] = []
    monkeypatch.setattr("parity.web.serve.run", lambda *given: ran.append(given))
    near = CliRunner().invoke(command, [])
    far = CliRunner().invoke(command, ["--host", "0.0.0.0", "--workers", "2"])
    assert "warning" not in near.output
    assert "can be reached from other machines" in far.output
    assert ran == [("127.0.0.1", 8050, 1, ("*",)), ("0.0.0.0", 8050, 2, ("*",))]
