"""Rulings: one from the command line, a million from a table; reach of five countries."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import Measurement, best_of
from parity import chips
from parity.ask import chips as ask
from parity.catalogue import files, load_table

ROWS = 1_000_000
FIRST_DAY, DAYS = date(2019, 1, 1), 2800


def _orders() -> pl.DataFrame:
    """Return rows of any accelerator to any country on any day."""
    rng = np.random.default_rng(0)
    days = [(FIRST_DAY + timedelta(days=day)).isoformat() for day in range(DAYS)]
    return pl.DataFrame(
        {
            "device": rng.choice(ask.accelerators()["name"].to_list(), ROWS),
            "to": rng.choice(load_table("countries")["iso3"].to_list(), ROWS),
            "on": rng.choice(days, ROWS),
        }
    )


def _described() -> pl.DataFrame:
    """Return rows of a million different devices, given by their figures."""
    rng = np.random.default_rng(1)
    return pl.DataFrame(
        {
            "tops": rng.uniform(10, 5000, ROWS),
            "bits": rng.choice([4, 8, 16], ROWS),
            "die_area": rng.uniform(100, 1000, ROWS),
            "to": rng.choice(load_table("countries")["iso3"].to_list(), ROWS),
        }
    )


def _screened(table: pl.DataFrame) -> pl.DataFrame:
    return ask.Screen(table=table).answer().result.rulings


def _from_file(orders: pl.DataFrame) -> float:
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "orders.csv", Path(folder) / "rulings.csv"
        files.write_table(path, orders)
        return best_of(lambda: files.write_table(out, _screened(files.read_table(path))), 1)


def _one_ruling() -> float:
    words = ["chips", "rule", "H20", "--to", "CHN", "--json"]
    command = [sys.executable, "-c", "from parity.cli.main import main; main()", *words]
    return best_of(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True))


def _reach_of_five() -> None:
    book, devices = ask.rulebook(), ask.accelerators()
    for country in ("RUS", "CHN", "IND", "ARE", "DEU"):
        chips.reach(book, devices, country, FIRST_DAY, chips.last_month(book))


def run() -> list[Measurement]:
    orders, described = _orders(), _described()
    named = best_of(lambda: _screened(orders), 1)
    figures = best_of(lambda: _screened(described), 1)
    return [
        Measurement("parity chips rule, whole process", _one_ruling(), limit=1.0),
        Measurement("screen 1,000,000 rows of named devices", named, limit=10.0),
        Measurement("the same from CSV to CSV", _from_file(orders), limit=10.0),
        Measurement("screen 1,000,000 different sets of figures", figures, limit=10.0),
        Measurement("reach of five countries, 92 months", best_of(_reach_of_five, 2)),
    ]
