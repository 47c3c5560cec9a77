"""The measures' results that verdicts read, each made once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

import polars as pl

from parity.ask import frontier as shared
from parity.ask.cache import cached
from parity.catalogue import load_table, none_on_record
from parity.errors import NoAnswerError

if TYPE_CHECKING:
    from parity.estimate import Estimate
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


@cached(512)
def lag_of(country: str, other: str, on: dt.date, by: By = "country", *, derived: bool = False) -> Lag:
    """Return the lag of one country, or kind of weights, behind another on a day."""
    from parity.frontier import lag

    return lag(_frontier_with(country, other, by, derived), country, other, on=on)


@cached(512)
def standing_of(
    country: str, other: str, on: dt.date, by: By = "country", *, derived: bool = False
) -> Estimate:
    """Return the standing lag alone, which takes a fraction of the time; otherwise as `lag_of`."""
    from parity.frontier import standing_lag

    return standing_lag(_frontier_with(country, other, by, derived), country, other, on=on)


def _frontier_with(country: str, other: str, by: By, derived: bool) -> Frontier:
    known = frontier_of(by, derived=derived)
    for group in (country, other):
        if group not in known.groups:
            raise NoAnswerError(none_on_record(f"benchmark score of a model from {group}", "models", group))
    return known


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


@cached(64)
def series(indicator: str) -> pl.DataFrame:
    """Return an indicator's observations."""
    return load_table("observations").filter(pl.col("indicator") == indicator)


@cached(64)
def has_series(indicator: str) -> bool:
    """Return whether the catalogue carries an indicator."""
    return indicator in load_table("indicators")["indicator"].to_list()


def members_of(bloc: str, on: dt.date) -> tuple[str, ...]:
    """Return the members of a bloc on a day, ISO3; none of a bloc without a dated table, or before it."""
    rows = load_table("memberships").filter(
        pl.col("bloc") == bloc,
        pl.col("status") == "member",
        pl.col("date_from") <= on,
        pl.col("date_to").is_null() | (pl.col("date_to") > on),
    )
    return tuple(rows["iso3"].unique().sort())


def per_person(rows: pl.DataFrame, year: int) -> dict[str, int]:
    """Return the places of countries by value per person: ISO3 -> rank."""
    people = series("population").filter(pl.col("year") == year).select("iso3", people="value")
    each = rows.join(people, on="iso3").with_columns(pl.col("value") / pl.col("people"))
    order = each.sort("value", descending=True)["iso3"].to_list()
    return {iso3: place for place, iso3 in enumerate(order, start=1)}


@cached(64)
def indicator(code: str) -> dict[str, str]:
    """Return title, unit and source of an indicator."""
    row = load_table("indicators").row(by_predicate=pl.col("indicator") == code, named=True)
    return {key: str(row[key]) for key in ("title", "unit", "source", "kind", "absent")}
