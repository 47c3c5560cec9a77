"""Pairs whose ties may look changed because accounts stand elsewhere than the people behind them."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl


class Artefact(NamedTuple):
    """Accounts of one country's people that stand in another.

    Attributes
    ----------
    iso3
        Where they stand.
    of
        Whose they are.
    kind
        ``exit`` (of tunnels) or ``moved`` (people went).
    since
        Year, about when it began.
    note, source
        What shows it, and who says so.
    """

    iso3: str
    of: str
    kind: str
    since: int
    note: str
    source: str


def artefacts(table: pl.DataFrame, *countries: str) -> tuple[Artefact, ...]:
    """Return what disturbs the ties of some countries.

    Parameters
    ----------
    table
        Columns ``iso3, of, kind, date_from, note, source, basis``; what nobody has verified decides nothing.
    countries
        One country, or a pair. People who moved disturb the ties of where they went, accounts behind tunnels
        those of both ends.
    """
    rows = table.filter(
        pl.col("basis") != "background",
        pl.col("of").is_not_null(),
        pl.col("iso3").is_in(countries)
        | (pl.col("of").is_in(countries) & ((pl.col("kind") == "exit") | (len(countries) == 1))),
    ).with_columns(since=pl.col("date_from").dt.year())
    return tuple(Artefact(*row) for row in rows.select(*Artefact._fields).sort("iso3").iter_rows())


def doubt(found: tuple[Artefact, ...]) -> str:
    """Return the artefacts in a few words: ``HKG holds accounts of CHN``; empty where there is none."""
    return "; ".join(f"{one.iso3} holds accounts of {one.of}" for one in found)
