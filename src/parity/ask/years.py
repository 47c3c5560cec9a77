"""Ranks as of a year: in the open AI index as of the last one, in its history as of the years before."""

from __future__ import annotations

import datetime as dt
import hashlib

import polars as pl

from parity.ask.cache import cached
from parity.catalogue import derived_table, load_table, snapshot_checksum
from parity.errors import NoAnswerError
from parity.estimate import Estimate
from parity.index import IndexSpec, assemble, builtin_spec

STORED = "rank_years"
INDEX, HISTORY, VARIANT = "open-ai-index", "ai-history", "both"
LEVEL, DRAWS = 0.9, 20_000
"""Probability that an interval covers, and rebuilds of the index behind it."""

FIRST_YEAR, LAST_YEAR = 2020, 2025
"""Years as of which ranks are made: before the first too much is missing to vary them."""

_TABLES = ("observations", "countries")


def year_known(on: dt.date) -> int:
    """Return the year as of which the index is built for a day: the last one that was over.

    Parameters
    ----------
    on
        The day.

    Raises
    ------
    NoAnswerError
        If that lies before the first year that the index is built for.
    """
    year = (on + dt.timedelta(days=1)).year - 1
    if year < FIRST_YEAR:
        raise NoAnswerError(f"the open AI index is built from {FIRST_YEAR} on, not as of {on}")
    return min(year, LAST_YEAR)


def index_of(year: int) -> str:
    """Return the index whose ranks are those as of a year.

    Most series of the open AI index begin in 2023 or later; earlier years have the AI index history, another
    index with a name of its own.
    """
    return INDEX if year >= LAST_YEAR else HISTORY


@cached(32)
def rank_ranges(year: int, index: str | None = None) -> dict[str, Estimate]:
    """Return every country's rank as of a year.

    Parameters
    ----------
    year
        As of its end; years after ``LAST_YEAR`` give that one.
    index
        ``INDEX`` or ``HISTORY``; that of `index_of` by default. Ranks of the two do not compare.

    Returns
    -------
    dict of str to Estimate
        ISO3 -> rank in the variant ``both`` with its 90 % interval over rebuilds of the index.

    Raises
    ------
    NoAnswerError
        If that lies before ``FIRST_YEAR``.
    """
    if year < FIRST_YEAR:
        raise NoAnswerError(f"the open AI index is built from {FIRST_YEAR} on, not as of {year}")
    year = min(year, LAST_YEAR)
    spec = builtin_spec(index or index_of(year), VARIANT)
    rows = stored_ranks(spec, year)
    if rows.is_empty():
        rows = made(spec, year, DRAWS)
    return {
        unit: Estimate(float(rank), float(low), float(high), LEVEL, "rank")
        for unit, rank, low, high in rows.rows()
    }


def stored_ranks(spec: IndexSpec, year: int) -> pl.DataFrame:
    """Return the stored ranks as of a year: ``id``, ``rank``, ``rank_low``, ``rank_high``.

    No rows where none are stored for exactly this spec on the snapshot's data.
    """
    wanted = (pl.col("year") == year, pl.col("digest") == digest(spec, year))
    return derived_table(STORED).filter(*wanted).select("id", "rank", "rank_low", "rank_high")


def made(spec: IndexSpec, year: int, draws: int) -> pl.DataFrame:
    """Return ranks with intervals as of a year from rebuilds made on the spot.

    Parameters
    ----------
    spec
        Spec with a ``[robustness]`` table.
    year
        Year as of which its data are assembled.
    draws
        Rebuilds.

    Returns
    -------
    polars.DataFrame
        ``id``, ``rank``, ``rank_low``, ``rank_high``.
    """
    from parity.robustness import Options, analyse

    as_of = year if year < LAST_YEAR else None
    data = assemble(spec, load_table("observations"), load_table("countries"), as_of)
    found = analyse(spec, data.table, Options(draws=draws, base=0))
    return found.places(LEVEL).select("id", "rank", "rank_low", "rank_high")


def digest(spec: IndexSpec, year: int) -> str:
    """Return what tells a spec as of a year, on the snapshot's data, from every other."""
    told = f"{snapshot_checksum(*_TABLES)}\n{year}\n{spec.to_toml()}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]
