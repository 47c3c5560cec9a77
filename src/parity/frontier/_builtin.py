"""The scores that Parity carries, ready to fit."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from parity.catalogue import load_table, vintage


class Carried(NamedTuple):
    """Scores, models and tests of the catalogue, with their vintage."""

    scores: pl.DataFrame
    models: pl.DataFrame
    tests: pl.DataFrame
    data: str


def carried() -> Carried:
    """Return the catalogue's scores: one per model and test, the median of repeated ones."""
    scores = load_table("model_scores").filter(pl.col("test") != "")
    return Carried(
        scores.group_by("model", "test").agg(pl.col("score").median()).sort("model", "test"),
        load_table("models"),
        load_table("benchmarks"),
        vintage(),
    )
