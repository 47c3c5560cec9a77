"""What rows of hand-written tables may decide, and the one rule for a date that was kept or missed."""

from __future__ import annotations

from datetime import date

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


def outcome_of(done_on: date, due: date) -> str:
    """Return what became of something promised by a day: met on the day itself, late from the day after.

    Parameters
    ----------
    done_on
        Day on which it was done.
    due
        Last day.
    """
    return "met" if done_on <= due else "late"
