"""Our World in Data: AI publications, patents, investment, laws, views on AI; carbon intensity."""

from __future__ import annotations

import polars as pl

from parity.catalogue.build._codes import Names
from parity.catalogue.build._raw import Folder
from parity.catalogue.build.transforms._common import ESTIMATED, OBSERVED, long, number, require, year

# Codes of the publisher that are not ISO 3166. Every other code that starts so is an aggregate.
CODES = {"OWID_KOS": "XKX"}
AGGREGATE = "OWID_"

PUBLICATIONS = "annual-scholarly-publications-on-artificial-intelligence.csv"
PATENTS = "artificial-intelligence-patents-submitted.csv"
INVESTMENT = "private-investment-in-artificial-intelligence-cset.csv"
PROJECTED = "All (projected) (Projected)"
LAWS = "cumulative-number-artificial-intelligence-bills-passed.csv"
VIEWS = "views-ai-impact-society-next-20-years.csv"
CARBON = "carbon_intensity_electricity.csv"


def cset(folder: Folder, names: Names) -> pl.DataFrame:
    """Return AI publications, patents and private investment."""
    parts = [
        long(_countries(folder, file, names, "All"), {"All": indicator})
        for file, indicator in ((PUBLICATIONS, "ai_publications"), (PATENTS, "ai_patents"))
    ]
    return pl.concat([*parts, _investment(folder, names)], how="diagonal")


def _investment(folder: Folder, names: Names) -> pl.DataFrame:
    """Return private investment of one vintage, the projected year flagged.

    A later download is a revision of the whole series; years of the two are never joined.
    """
    frame = _countries(folder, INVESTMENT, names, "All", PROJECTED)
    both = frame.with_columns(all=number("All"), projected=number(PROJECTED))
    return (
        both.select(
            "iso3",
            "year",
            indicator=pl.lit("ai_investment"),
            value=pl.coalesce("all", "projected"),
            flag=pl.when(pl.col("all").is_null()).then(pl.lit(ESTIMATED)).otherwise(pl.lit(OBSERVED)),
        )
        .drop_nulls("value")
    )  # fmt: skip


def misc(folder: Folder, names: Names) -> pl.DataFrame:
    """Return AI laws passed and views on AI."""
    laws = folder.csv(LAWS).columns[-1]
    ends = laws.rstrip("0123456789")
    require(
        laws.startswith("Cumulative AI-related bills passed into law") and ends != laws,
        f"the count of laws was cumulative and named its last year; its heading is now '{laws}'",
    )
    # The rows are stamped with the year before; the heading says up to when the count goes.
    until = pl.lit(int(laws.removeprefix(ends)), pl.Int32).alias("year")
    bills = long(_countries(folder, LAWS, names, laws).with_columns(until), {laws: "ai_bills"})
    views = long(_countries(folder, VIEWS, names, "Mostly help"), {"Mostly help": "trust_in_ai"})
    return pl.concat([bills, views], how="diagonal")


def ember(folder: Folder, names: Names) -> pl.DataFrame:
    """Return the carbon intensity of electricity."""
    column = "Carbon intensity of electricity - gCO2/kWh"
    return long(_countries(folder, CARBON, names, column), {column: "carbon_intensity"})


def _countries(folder: Folder, file: str, names: Names, *required: str) -> pl.DataFrame:
    """Return a chart's rows for countries, with ``iso3`` and ``year``.

    A row without a code is a region, unless its name is a country's: the publisher leaves out
    the code of the Republic of the Congo now and then.
    """
    raw = folder.csv(file, "Entity", "Code", "Year", *required)
    aggregates = dict.fromkeys(
        code for code in raw["Code"].drop_nulls() if code.startswith(AGGREGATE) and code not in CODES
    )
    by_code = names.iso3(raw["Code"].set(raw["Code"] == "", None), also=CODES | aggregates)
    by_name = raw["Entity"].map_elements(names.get, return_dtype=pl.String)
    without_code = raw["Code"].fill_null("") == ""
    iso3 = by_code.zip_with(~without_code, by_name)
    return raw.with_columns(iso3=iso3, year=year("Year")).drop_nulls("iso3")
