"""The measures' results that verdicts read, each made once."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Literal

import polars as pl

from parity.ask import frontier as shared
from parity.catalogue import load_table

if TYPE_CHECKING:
    from parity.frontier import Capability, Frontier, Lag

By = Literal["country", "openness"]

# More countries than this are counted, not named.
MANY = 6


def capability() -> Capability:
    """Return the fit of the carried benchmark scores, as `parity lag` has it."""
    return shared.capability()


def frontier_of(by: By = "country", *, derived: bool = False) -> Frontier:
    """Return the frontiers of countries, or of open and closed weights."""
    return shared.board(by, derived=derived)


@cache
def lag_of(country: str, other: str, on: dt.date, by: By = "country", *, derived: bool = False) -> Lag:
    """Return the lag of one country, or kind of weights, behind another on a day."""
    from parity.frontier import lag

    return lag(frontier_of(by, derived=derived), country, other, on=on)


def last_year(on: dt.date, *, stated: bool) -> int:
    """Return the last year whose figures a text of a day can mean.

    Figures of a year are out after it: a text of January speaks of the year before, unless it names the year.
    """
    return on.year if stated or on.month == 12 else on.year - 1


def name(iso3: str) -> str:
    """Return the usual name of a country."""
    from parity.catalogue import find_country

    return find_country(iso3).name


def names(countries: tuple[str, ...]) -> str:
    """Return the names of countries, separated by commas; their number where they are many."""
    if len(countries) > MANY:
        return f"{len(countries)} countries"
    return ", ".join(name(iso3) for iso3 in countries)


@cache
def series(indicator: str) -> pl.DataFrame:
    """Return an indicator's observations."""
    return load_table("observations").filter(pl.col("indicator") == indicator)


@cache
def indicator(code: str) -> dict[str, str]:
    """Return title, unit and source of an indicator."""
    row = load_table("indicators").row(by_predicate=pl.col("indicator") == code, named=True)
    return {key: str(row[key]) for key in ("title", "unit", "source", "kind", "absent")}
