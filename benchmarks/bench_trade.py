"""Cost of the questions about trade, on the catalogue's flows and on tables as large as BACI's.

The large tables are made here, in the layout of BACI (t, i, j, k, v, q), and deleted again. Each
question runs in a process of its own, so that its peak of memory can be told. The largest
table takes five gigabytes of disk and some minutes to make, and is made only when asked for:
``BACI_MILLIONS="2.5 25 250" python -m benchmarks trade``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import Measurement

# Millions of rows; BACI itself has about 250.
SIZES = tuple(float(size) for size in os.environ.get("BACI_MILLIONS", "2.5 25").split())
# Years, and codes of goods, of the first edition of BACI.
YEARS, PRODUCTS = range(1995, 2023), 5000
# Chips are sold by more countries to more countries in every year than other goods are; so that
# tables of any size are as dense in them, the number of these grows with the root of the size.
CHIPS, CHIPS_SHARE = (854231, 854232, 854233, 854239), 0.01
SELLERS, BUYERS, SMALLEST = 40, 60, 2.5
QUESTIONS = {
    "depend": "depend RUS --codes chpl1",
    "diversion": "diversion --sanctioned RUS --reporter EU --codes chpl1 --candidates ARM,KAZ,KGZ",
    "substitute": "substitute RUS --codes chpl",
    "depend, all goods": "depend RUS --codes total",
    "diversion, all goods": "diversion --sanctioned RUS --reporter EU --codes total",
}
# The aims at any size up to 250 million rows: a minute and 4 GB.
SECONDS, MEGABYTES = 60.0, 4096
RUN = """
import json, sys, time
from parity.cli.main import main
start = time.perf_counter()
sys.stdout = open("/dev/null", "w")
try:
    main(sys.argv[1:])
except SystemExit as stop:
    assert not stop.code, stop.code
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
peak = int(status["VmHWM"].split()[0]) / 1024
sys.__stdout__.write(json.dumps([time.perf_counter() - start, time.process_time(), peak]))
"""


def made(folder: Path, millions: float) -> Path:
    """Write a table of so many million rows in BACI's layout, sorted as BACI is, and return its path."""
    from parity.catalogue import load_table

    rng = np.random.default_rng(0)
    places = _places()
    listed = load_table("hs_codes").filter(pl.col("hs").str.len_chars() == 6)["hs"].cast(pl.Int32)
    products = np.unique(np.concatenate([listed.to_numpy(), rng.integers(10121, 970699, PRODUCTS)]))
    parts = []
    for year in YEARS:
        cells = _cells(rng, round(millions * 1e6 / len(YEARS)), len(places), products, millions)
        exporter, rest = np.divmod(cells, len(places) * len(products))
        importer, product = np.divmod(rest, len(products))
        apart = exporter != importer
        columns = {
            "t": np.full(cells.size, year, np.int32),
            "i": places[exporter],
            "j": places[importer],
            "k": products[product].astype(np.int32),
            "v": np.exp(rng.normal(3, 2, cells.size)),
            "q": np.exp(rng.normal(1, 2, cells.size)),
        }
        parts.append(folder / f"{year}.parquet")
        pl.DataFrame({name: column[apart] for name, column in columns.items()}).write_parquet(parts[-1])
    whole = folder / "baci.parquet"
    pl.concat([pl.scan_parquet(path) for path in parts]).sink_parquet(whole)
    for path in parts:
        path.unlink()
    return whole


def _places() -> np.ndarray:
    """Return numbers of countries, those that the questions are about among the sellers of chips."""
    from parity.catalogue import members
    from parity.catalogue.trade._cells import by_number

    known = by_number().unique("iso3", keep="first", maintain_order=True)
    asked_about = [*members("EU"), "RUS", "ARM", "KAZ", "KGZ", "CHN", "TWN", "USA", "JPN", "KOR"]
    return known.sort(~pl.col("iso3").is_in(asked_about), maintain_order=True)["number"].to_numpy()


def _cells(
    rng: np.random.Generator, rows: int, places: int, products: np.ndarray, millions: float
) -> np.ndarray:
    """Return which cells of exporters by importers by products are filled in a year, in order."""
    growth = np.sqrt(millions / SMALLEST)
    chips, of_chips = np.flatnonzero(np.isin(products, CHIPS)), round(rows * CHIPS_SHARE)
    sellers, buyers = (rng.integers(min(places, int(n * growth)), size=of_chips) for n in (SELLERS, BUYERS))
    dense = (sellers * places + buyers) * len(products) + rng.choice(chips, of_chips)
    others = rng.integers(places * places * len(products), size=rows - of_chips)
    return np.unique(np.concatenate([dense, others]))


def asked(title: str, words: str, limit: float | None = None) -> list[Measurement]:
    """Return wall time, processor time (which other work leaves alone) and memory of a command."""
    command = [sys.executable, "-c", RUN, "trade", *words.split()]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    wall, processor, megabytes = json.loads(done.stdout)
    return [
        Measurement(title, wall, limit=limit),
        Measurement(f"{title}: processor", processor, note="both cores together"),
        Measurement(f"{title}: memory", megabytes, "MB", MEGABYTES),
    ]


def of_size(millions: float) -> list[Measurement]:
    """Return what every question costs on a table of a size, and importing the smallest."""
    found = []
    with tempfile.TemporaryDirectory() as name:
        table, size = made(Path(name), millions), f"{millions:g} million rows of BACI"
        for title, words in QUESTIONS.items():
            found += asked(f"{title}, {size}", f"{words} --data {table}", SECONDS)
        if millions == SMALLEST:
            found += asked(f"import, {size}", f"import baci {table} --out {name}/flows.parquet")
    return found


def run() -> list[Measurement]:
    """Return the costs; see the top of the file for larger tables."""
    question = "diversion --sanctioned RUS --reporter EU"
    return [
        *asked("diversion, the catalogue's flows", question, 5.0),
        *asked("diversion --robust, the catalogue's flows", f"{question} --robust", 30.0),
        *(one for millions in SIZES for one in of_size(millions)),
    ]
