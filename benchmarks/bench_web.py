"""Sliders moved in the browser app, and pages asked for: latency, processor time, memory of two workers."""

from __future__ import annotations

import asyncio
import random
import socket
import subprocess
import sys
import time
import urllib.request

import numpy as np
import psutil

from benchmarks import Measurement

USERS, MOVES = 50, 12
PAUSE = (0.5, 1.5)
"""Seconds between the moves of one user."""
WORKERS = 2
SEED = 5
PILLARS = ("implementation", "innovation", "investment")
SETTLED_MOVES = 4
"""Moves of a user who waits for the intervals too."""
VARIED = 5_000
"""Requests before memory is read."""
CODES = ("RUS", "CHN", "USA", "FRA", "KOR", "JPN", "ISR", "ARE", "CAN", "GBR")
ADDRESSES = (
    "/ranking?w.talent={n}",
    "/ranking/part/settled?w.talent={n}",
    "/country?country={a}",
    "/frontier?of={a}&behind={b}&on={day}",
    "/frontier?of={a}&behind={b}&domain=coding",
    "/chips?to={a}&on={day}",
    "/blocs?bloc=own&add={a}&add={b}",
    "/trade/part/dependence?country={a}",
    "/data?show=gtmi&country={a},{b}",
    "/api/v1/lag?of={a}&behind={b}&include_derived=true",
    "/api/v1/rank?top={n}&variant=scale",
)


def run() -> list[Measurement]:
    port = _free_port()
    command = [sys.executable, "-c", "from parity.cli.main import main; main()", "serve"]
    command += ["--port", str(port), "--workers", str(WORKERS)]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet)
    try:
        _wait(port, process)
        alone = asyncio.run(_users(port, 1, 60, (0.0, 0.0)))
        before = _seconds(process.pid)
        together = asyncio.run(_users(port, USERS, MOVES, PAUSE))
        spent = 1000 * (_seconds(process.pid) - before) / len(together)
        settled = asyncio.run(_users(port, USERS, SETTLED_MOVES, PAUSE, "/ranking/part/settled"))
        asyncio.run(_varied(port))
        memory = max(one.memory_full_info().uss for one in psutil.Process(process.pid).children())
    finally:
        process.terminate()
        process.wait(timeout=60)
    return [
        Measurement("slider, one user, p95", _p95(alone), "ms", 150.0),
        Measurement(f"slider, {USERS} users, p95", _p95(together), "ms", 500.0),
        Measurement("processor time of a slider", spent, "ms"),
        Measurement(f"slider with intervals, {USERS} users, p95", _p95(settled), "ms", 1000.0),
        Measurement(f"own memory of a worker after {VARIED} varied requests", memory / 1e6, "MB", 500.0),
    ]


def _p95(times: list[float]) -> float:
    return float(1000 * np.quantile(times, 0.95))


async def _users(
    port: int, users: int, moves: int, pause: tuple[float, float], path: str = "/ranking"
) -> list[float]:
    found = await asyncio.gather(*(_user(port, seed, moves, pause, path) for seed in range(users)))
    return [seconds for times in found for seconds in times]


async def _varied(port: int) -> None:
    """Ask for many things, four at a time."""
    chance = random.Random(SEED)
    for _ in range(VARIED // 4):
        paths = []
        for address in chance.sample(ADDRESSES, 4):
            a, b = chance.sample(CODES, 2)
            day = f"{chance.randint(2024, 2025)}-{chance.randint(1, 12):02}-15"
            paths.append(address.format(a=a, b=b, n=chance.randint(1, 20), day=day))
        await asyncio.gather(*(_fetch(port, path) for path in paths))


async def _user(port: int, seed: int, moves: int, pause: tuple[float, float], path: str) -> list[float]:
    chance = random.Random(SEED + seed)
    await asyncio.sleep(chance.uniform(0, pause[1]))
    times = []
    for _ in range(moves):
        weights = "&".join(f"w.{pillar}={chance.randint(1, 30) / 2}" for pillar in PILLARS)
        started = time.perf_counter()
        await _fetch(port, f"{path}?{weights}")
        times.append(time.perf_counter() - started)
        await asyncio.sleep(chance.uniform(*pause))
    return times


async def _fetch(port: int, path: str) -> None:
    """Ask as the page's script does; anything but a page is an error."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = (f"GET {path} HTTP/1.1", "Host: localhost", "Parity-Live: 1", "Accept-Encoding: gzip")
    writer.write(("\r\n".join(lines) + "\r\nConnection: close\r\n\r\n").encode())
    answer = await reader.read(-1)
    writer.close()
    if not answer.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"the server answered {answer[:60]!r}")


def _seconds(pid: int) -> float:
    """Return the processor time of a process and those that it started."""
    parent = psutil.Process(pid)
    times = [one.cpu_times() for one in (parent, *parent.children(recursive=True))]
    return sum(one.user + one.system for one in times)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until every worker answers and has done what it does at the start."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ranking", timeout=5):
                break
        except OSError:
            if process.poll() is not None:
                raise RuntimeError("the server stopped") from None
            time.sleep(0.2)
    still = 0
    while still < 4:
        before = _seconds(process.pid)
        time.sleep(0.5)
        still = still + 1 if _seconds(process.pid) - before < 0.05 else 0
