"""Cost of the questions about trade, on the catalogue's flows and on tables as large as BACI's.

The large tables are made here, in the layout of BACI (t, i, j, k, v, q), and deleted again. Each
question runs in a process of its own, so that its peak of memory can be told.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import Measurement

# Rows: a tenth, four tenths and the whole of the largest; BACI itself has about 250 million.
SIZES = (2_500_000, 10_000_000, 25_000_000)
CHUNK = 2_500_000
YEARS = (2010, 2024)
PRODUCTS = 5000
# A few dozen countries sell chips, to half as many again, in every year: as dense as in BACI.
CHIPS, CHIPS_SHARE, SELLERS, BUYERS = (854231, 854232, 854233, 854239), 0.01, 40, 60
QUESTIONS = {
    "depend": "depend RUS --codes chpl1",
    "diversion": "diversion --sanctioned RUS --reporter EU --codes chpl1 --candidates ARM,KAZ,KGZ",
    "substitute": "substitute RUS --codes chpl",
    "depend, all goods": "depend RUS --codes total",
}
# The aims at 250 million rows: a minute and 4 GB.
SECONDS_PER_ROW, MEGABYTES = 60 / 250e6, 4096
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


def made(folder: Path, rows: int) -> Path:
    """Write a table of so many rows in BACI's layout, sorted as BACI is."""
    from parity.catalogue import load_table, members
    from parity.catalogue.trade._places import by_number

    rng = np.random.default_rng(0)
    known = by_number().unique("iso3", keep="first", maintain_order=True)
    first = pl.col("iso3").is_in(
        [*members("EU"), "RUS", "ARM", "KAZ", "KGZ", "CHN", "TWN", "USA", "JPN", "KOR"]
    )
    numbers = known.sort(~first, maintain_order=True)["number"].to_numpy()
    listed = load_table("hs_codes").filter(pl.col("hs").str.len_chars() == 6)["hs"].cast(pl.Int32)
    products = np.unique(np.concatenate([listed.to_numpy(), rng.integers(10121, 970699, PRODUCTS)]))
    parts, chunks = [], rows // CHUNK
    for n in range(chunks):
        asked_about = rng.random(CHUNK) < CHIPS_SHARE
        columns = {
            "t": rng.integers(*YEARS, CHUNK, dtype=np.int32),
            # Each part has exporters of its own, so that no row is there twice.
            "i": np.where(
                asked_about,
                rng.choice(numbers[:SELLERS][n::chunks], CHUNK),
                rng.choice(numbers[n::chunks], CHUNK),
            ),
            "j": np.where(asked_about, rng.choice(numbers[:BUYERS], CHUNK), rng.choice(numbers, CHUNK)),
            "k": np.where(asked_about, rng.choice(CHIPS, CHUNK), rng.choice(products, CHUNK)),
            "v": np.exp(rng.normal(3, 2, CHUNK)),
            "q": np.exp(rng.normal(1, 2, CHUNK)),
        }
        path = folder / f"part{n}.parquet"
        part = pl.DataFrame(columns, schema_overrides={"k": pl.Int32}).unique(["t", "i", "j", "k"])
        part.sort("t", "i", "j", "k").write_parquet(path)
        parts.append(path)
    whole = folder / "baci.parquet"
    pl.concat([pl.scan_parquet(path) for path in parts]).sink_parquet(whole)
    for path in parts:
        path.unlink()
    return whole


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


def of_size(rows: int) -> list[Measurement]:
    found = []
    with tempfile.TemporaryDirectory() as name:
        table, size = made(Path(name), rows), f"{rows / 1e6:g} million rows of BACI"
        for title, words in QUESTIONS.items():
            limit = max(10.0, rows * SECONDS_PER_ROW)
            found += asked(f"{title}, {size}", f"{words} --data {table}", limit)
        if rows == SIZES[0]:
            found += asked(f"import, {size}", f"import baci {table} --out {name}/flows.parquet")
    return found


def run() -> list[Measurement]:
    question = "diversion --sanctioned RUS --reporter EU"
    return [
        *asked("diversion, the catalogue's flows", question, 5.0),
        *asked("diversion --robust, the catalogue's flows", f"{question} --robust", 30.0),
        *(one for rows in SIZES for one in of_size(rows)),
    ]
