"""Cost of reading the catalogue, finding a country, asking in SQL, reading a user's table."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import Measurement, best_of
from parity.catalogue import _countries, files, find_country, load_table, query

ROWS, COLUMNS = 100_000, 100
SEED = 0
FIND_COLD = """
import time, polars
from parity.catalogue import find_country
start = time.perf_counter()
find_country("South Korea")
print(time.perf_counter() - start)
"""


def _in_new_process(code: str) -> float:
    times = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    ]
    return min(times)


def _unknown_name() -> None:
    """Find a country by pattern: the slowest way that still finds one."""
    _countries._patterns.cache_clear()
    find_country("The Grand Duchy of Luxembourg")


def _read_large_table() -> float:
    values = np.random.default_rng(SEED).normal(size=(ROWS, COLUMNS)).round(6)
    frame = pl.DataFrame(values, schema=[f"x{number}" for number in range(COLUMNS)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.csv"
        files.write_table(path, frame)
        return best_of(lambda: files.read_table(path), repeats=2)


def run() -> list[Measurement]:
    rows = load_table("observations").height
    sql = "select indicator, count(*) from observations group by indicator"
    return [
        Measurement(
            f"load_table('observations'), {rows:,} rows", best_of(lambda: load_table("observations"))
        ),
        Measurement("find_country, first call", _in_new_process(FIND_COLD), limit=0.03, note="new process"),
        Measurement("find_country, next calls", best_of(lambda: find_country("South Korea"))),
        Measurement("find_country, by pattern", best_of(_unknown_name), note="patterns compiled anew"),
        Measurement("query, every table filled in", best_of(lambda: query(sql)), limit=1.0),
        Measurement(f"read_table, CSV of {ROWS:,} x {COLUMNS}", _read_large_table(), limit=10.0),
    ]
