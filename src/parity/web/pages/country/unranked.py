"""A country without a rank: why it has none, what is known of it, and the sections that need no rank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.ask.standing import built
from parity.brief.measured import groups
from parity.brief.question import about, unranked
from parity.catalogue import load_table, vintage
from parity.index import UNKNOWN
from parity.show.document import Column, Document, Table
from parity.views.names import countries
from parity.web import shown
from parity.web.pages.country.sections import cards

if TYPE_CHECKING:
    from markupsafe import Markup

    from parity.web.pages.country.state import CountryState

_COLUMNS = (
    Column("title", "Indicator", role="key"),
    Column("value", "Value", role="value", mixed=True),
    Column("unit", "Unit"),
    Column("year", "Year", role="time"),
    Column("flag", "Kind"),
    Column("source", "Source"),
)


def view_unranked(code: str) -> dict[str, Any]:
    """Return why a country has no rank, and the values that are known of it."""
    return {"about": about(code), "reason": _reason(code), "known": _known(code)}


def rest_part(state: CountryState) -> Mapping[str, Any]:
    """Return the groups of a brief that need no rank."""
    country, said = about(state.country), unranked(state.country)
    document = Document(f"{country.name} ({country.iso3})", (), data=vintage())
    return {"sections": cards(document, groups(said), country, lag=said.lag.on is not None)}


def _reason(code: str) -> str:
    found = built()
    name, screen = countries()[code], found.index.spec.steps.screen
    if screen is not None and code in screen.exclude:
        return f"The spec of the index leaves {name} out by name."
    cells = _cells(code)
    if cells.is_empty():
        fewest = found.index.spec.index.units.min_population
        return f"The index ranks countries of at least {fewest:,.0f} people, and a few smaller ones by name."
    whole = cells.height
    there = whole - cells.filter(pl.col("flag").is_in(UNKNOWN)).height
    zeros = cells.filter(flag="structural_zero").height
    needed = "" if screen is None else f" and the index asks for at least {screen.min_available:.0%}"
    return (
        f"Of its {whole} indicators {there} have an answer ({there / whole:.0%}), {zeros} of them because no "
        f"record is taken as zero{needed}. A rank on so little would be a guess."
    )


def _cells(code: str) -> pl.DataFrame:
    cells = built().cells
    return pl.DataFrame() if cells is None else cells.filter(iso3=code)


def _known(code: str) -> Markup:
    """Return the latest values that are known of a country, as they are published."""
    titles = load_table("indicators").filter(pl.col("use") != "optional").select("indicator", "title", "unit")
    frame = (
        load_table("observations")
        .filter(pl.col("iso3") == code, pl.col("value").is_not_null())
        .sort("indicator", "year")
        .unique("indicator", keep="last", maintain_order=True)
        .join(titles, on="indicator", how="inner", maintain_order="left")
    )
    title = f"What is known of {countries()[code]}"
    command = f"parity data sql \"select * from observations where iso3 = '{code}'\""
    note = "The latest value of each indicator, as published; no error is published for most."
    table = Table(frame.select(column.name for column in _COLUMNS), _COLUMNS, title)
    return shown.table(Document(title, (table,), data=vintage(), command=command), table, "known", note)
