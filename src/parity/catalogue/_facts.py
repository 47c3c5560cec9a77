"""Whether a row of a hand-written table may decide anything."""

from __future__ import annotations

import polars as pl

UNVERIFIED = "background"


def deciding(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that may decide a verdict: those that somebody has held against a source.

    A row of basis "background" comes from general knowledge: it may be shown as unverified, and decides
    nothing.

    Parameters
    ----------
    rows
        Rows of a table with a column ``basis``.
    """
    return rows.filter(pl.col("basis") != UNVERIFIED)
