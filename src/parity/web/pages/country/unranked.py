"""A country without a rank: why it has none, what is known of it, and the sections that need no rank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.ask.standing import built
from parity.brief.layout._one import WRITERS
from parity.brief.model import Brief, BriefCountry, Sections
from parity.catalogue import load_table, snapshot_date, vintage
from parity.views.names import countries
from parity.web.figure import Column, Figure, Table
from parity.web.pages.country.sections import shown

if TYPE_CHECKING:
    from parity.web.pages.country.state import CountryState

_COLUMNS = (
    Column("title", "Indicator"),
    Column("value", "Value", 2),
    Column("unit", "Unit"),
    Column("year", "Year", 0),
    Column("flag", "Kind"),
    Column("source", "Source"),
)


def about(code: str) -> BriefCountry:
    """Return what a country is and belongs to."""
    from parity.brief.compose import BLOCS
    from parity.catalogue import members

    row = load_table("countries").filter(iso3=code).row(0, named=True)
    return BriefCountry(
        iso3=code,
        name=row["name"],
        income_group=row["income_group"],
        region=row["region"],
        blocs=[bloc for bloc in BLOCS if code in members(bloc)],
    )


def view_unranked(code: str) -> dict[str, Any]:
    """Return why a country has no rank, and the values that are known of it."""
    return {"about": about(code), "reason": _reason(code), "known": _known(code)}


def rest_part(state: CountryState) -> Mapping[str, Any]:
    """Return the sections on a country that need no rank."""
    from parity.brief._measures import chips, control
    from parity.brief._record import claims, pledges
    from parity.brief._trade import trade_section
    from parity.brief.blocs import ties_section

    country, code = about(state.country), state.country
    made: dict[str, Any] = {
        "chips": chips(code),
        "trade": trade_section(code),
        "ties": ties_section(code),
        "control": control(code),
        "pledges": pledges(code, snapshot_date()),
        "claims": claims(code),
    }
    # Those of a rank are left out; the writers of the others do not look at them.
    brief = Brief.model_construct(
        country=country, data=vintage(), sections=Sections.model_construct(None, **made)
    )
    return {
        "name": country.name,
        "sections": [shown(name, WRITERS[name](brief), country) for name in made],
        "vintage": vintage(),
    }


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
    there = whole - cells.filter(flag="missing").height
    zeros = cells.filter(flag="structural_zero").height
    needed = "" if screen is None else f" and the index asks for at least {screen.min_available:.0%}"
    return (
        f"Of its {whole} indicators {there} have an answer ({there / whole:.0%}), {zeros} of them because no "
        f"record is taken as zero{needed}. A rank on so little would be a guess."
    )


def _cells(code: str) -> pl.DataFrame:
    cells = built().cells
    return pl.DataFrame() if cells is None else cells.filter(iso3=code)


def _known(code: str) -> Figure:
    """Return the latest values that are known of a country, as they are published."""
    titles = load_table("indicators").filter(pl.col("use") != "optional").select("indicator", "title", "unit")
    frame = (
        load_table("observations")
        .filter(pl.col("iso3") == code, pl.col("value").is_not_null())
        .sort("indicator", "year")
        .unique("indicator", keep="last", maintain_order=True)
        .join(titles, on="indicator", how="inner", maintain_order="left")
    )
    return Figure(
        name="known",
        title=f"What is known of {countries()[code]}",
        data=[],
        layout={},
        table=Table(_COLUMNS, frame.select(column.name for column in _COLUMNS)),
        source="the publisher named in each row",
        vintage=vintage(),
        command=f"parity data sql \"select * from observations where iso3 = '{code}'\"",
        note="The latest value of each indicator, as published; no error is published for most.",
    )
