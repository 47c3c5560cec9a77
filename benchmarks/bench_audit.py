"""Analysis of a million labels, reading included."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import Measurement, best_of
from parity.audit import analyse, no_models, tidy
from parity.catalogue import files

LABELS = 1_000_000


def labels(n: int) -> pl.DataFrame:
    """Return labels in the plain layout: models x governments x languages x prompts x repeats x judges."""
    rng = np.random.default_rng(0)
    grid = pl.DataFrame({"pair": np.arange(150)}).join(
        pl.DataFrame({"government": list("ABCDEFGH")}), how="cross"
    )
    for column, values in (("language", ["en", "zh", "ru"]), ("repeat", [1, 2, 3]), ("judge", ["x", "y"])):
        grid = grid.join(pl.DataFrame({column: values}), how="cross")
    models = pl.DataFrame({"model": [f"model-{number}" for number in range(-(-n // grid.height))]})
    table = grid.join(models, how="cross").head(n)
    words = np.array(["COMPLETE", "PARTIAL", "DENIAL"])
    return table.with_columns(compliance=pl.Series(words[rng.choice(3, table.height, p=[0.85, 0.1, 0.05])]))


def run() -> list[Measurement]:
    table = labels(LABELS)
    tidied = tidy(table)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "labels.csv"
        table.write_csv(path)
        reading = best_of(lambda: tidy(files.read_table(path)), 3)
    analysing = best_of(lambda: analyse(tidied, no_models(tidied)), 3)
    return [
        Measurement(f"read {LABELS:,} labels from CSV", reading),
        Measurement(f"analyse {LABELS:,} labels", analysing),
        Measurement("both", reading + analysing, limit=10.0, note="rates, contrasts, languages, agreement"),
    ]
