"""Store the ranks of the AI index history as of every year, and of the open AI index as of the last one.

``python -m tools.rank_years`` rewrites ``rank_years.parquet`` in the snapshot's folder ``derived``; part of
``make snapshot``. Claims and pledges are judged by them.
"""

from __future__ import annotations

import polars as pl

from parity.ask.years import (
    DRAWS,
    FIRST_YEAR,
    HISTORY,
    INDEX,
    LAST_YEAR,
    LEVEL,
    STORED,
    VARIANT,
    digest,
    made,
)
from parity.catalogue._seal import write_derived
from parity.index import builtin_spec


def main() -> None:
    """Make and write the table."""
    editions = [*((HISTORY, year) for year in range(FIRST_YEAR, LAST_YEAR + 1)), (INDEX, LAST_YEAR)]
    parts = []
    for index, year in editions:
        spec = builtin_spec(index, VARIANT)
        parts.append(
            made(spec, year, DRAWS).with_columns(
                index=pl.lit(index),
                year=pl.lit(year, pl.Int32),
                level=pl.lit(LEVEL),
                draws=pl.lit(DRAWS),
                digest=pl.lit(digest(spec, year)),
            )
        )
    write_derived(STORED, pl.concat(parts).sort("index", "year", "id"))


if __name__ == "__main__":
    main()
