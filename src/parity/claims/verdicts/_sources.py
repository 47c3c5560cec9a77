"""The measures' results that verdicts read, each made once."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Literal

import polars as pl

from parity.catalogue import load_table, vintage

if TYPE_CHECKING:
    from parity.frontier import Capability, Frontier
    from parity.index import Index

# Variants of the open AI index: a rank's interval runs over them, for each is a defensible choice.
VARIANTS = ("both", "scale", "intensity")
# Draws per kind for the interval of a lag.
DRAWS = 60
# The last year of the index's own windows.
LAST_YEAR = 2025


@cache
def capability() -> Capability:
    """Return the fit of the carried benchmark scores, with its bootstrap."""
    from parity.frontier import BootstrapOptions, carried, fit_evidence

    return fit_evidence(carried(), resampling=BootstrapOptions(draws=DRAWS, seed=0))


@cache
def frontier_of(by: Literal["country", "openness"] = "country", *, derived: bool = False) -> Frontier:
    """Return the frontiers of countries, or of open and closed weights."""
    from parity.frontier import frontier

    return frontier(capability().abilities, by, include_derived=derived)


@cache
def index(variant: str, year: int | None) -> Index:
    """Return the open AI index as of a year."""
    from parity.index import assemble, build, builtin_spec

    spec = builtin_spec("open-ai-index", variant)
    data = assemble(spec, load_table("observations"), load_table("countries"), year)
    return build(spec, data.table, vintage())


def index_year(on: dt.date) -> int | None:
    """Return the year as of which the index is built for a day; ``None`` for its own last year."""
    return None if on.year >= LAST_YEAR else on.year


def name(iso3: str) -> str:
    """Return the usual name of a country."""
    from parity.catalogue import find_country

    return find_country(iso3).name


def names(countries: tuple[str, ...]) -> str:
    """Return the names of countries, separated by commas."""
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
