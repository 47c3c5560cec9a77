"""Our World in Data: AI publications, patents, investment, laws, views on AI; carbon intensity."""

from __future__ import annotations

import re

import polars as pl

from parity.catalogue.build._codes import Names
from parity.catalogue.build._raw import Folder
from parity.catalogue.build.transforms._common import (
    ESTIMATED,
    OBSERVED,
    column_like,
    joined,
    long,
    number,
    year,
)

# Codes of the publisher that are not ISO 3166. Every other code that starts so is an aggregate.
CODES = {"OWID_KOS": "XKX"}
AGGREGATE = "OWID_"

PUBLICATIONS = "annual-scholarly-publications-on-artificial-intelligence.csv"
PATENTS = "artificial-intelligence-patents-submitted.csv"
INVESTMENT = "private-investment-in-artificial-intelligence-cset.csv"
INVESTMENT_LATER = "private-investment-in-artificial-intelligence-cset_later-vintage.csv"
LAWS = "cumulative-number-artificial-intelligence-bills-passed.csv"
VIEWS = "views-ai-impact-society-next-20-years.csv"
CARBON = "carbon_intensity_electricity.csv"
# Headings, as patterns: the site has written them short ("All") and long ("... - Field: All").
ALL_FIELDS = r"(^|Field: )All$"
PROJECTED = r"\(Projected\)$"
LAWS_UNTIL = r"^Cumulative AI-related bills passed into law.* as of (?P<year>\d{4})$"
MOSTLY_HELP = r"(^|: )Mostly help$"
INTENSITY = r"^Carbon intensity of electricity"


def cset(folder: Folder, names: Names) -> pl.DataFrame:
    """Return AI publications, patents and private investment."""
    file = INVESTMENT_LATER if folder.files(INVESTMENT_LATER) else INVESTMENT
    return joined(
        folder,
        lambda: _chart(folder, PUBLICATIONS, names, ALL_FIELDS, "ai_publications"),
        lambda: _chart(folder, PATENTS, names, ALL_FIELDS, "ai_patents"),
        lambda: investment(folder, names, file),
    )


def investment(folder: Folder, names: Names, file: str) -> pl.DataFrame:
    """Return private investment of one vintage, a projected year flagged.

    A later download is a revision of the whole series; years of the two are never joined.
    """
    frame = _countries(folder, file, names)
    known = number(column_like(frame, ALL_FIELDS, file))
    has_projection = any(re.search(PROJECTED, column) for column in frame.columns)
    projected = number(column_like(frame, PROJECTED, file)) if has_projection else pl.lit(None)
    return frame.select(
        "iso3",
        "year",
        indicator=pl.lit("ai_investment"),
        value=pl.coalesce(known, projected),
        flag=pl.when(known.is_null()).then(pl.lit(ESTIMATED)).otherwise(pl.lit(OBSERVED)),
    ).drop_nulls("value")


def misc(folder: Folder, names: Names) -> pl.DataFrame:
    """Return AI laws passed and views on AI."""
    return joined(
        folder,
        lambda: _laws(folder, names),
        lambda: _chart(folder, VIEWS, names, MOSTLY_HELP, "trust_in_ai"),
    )


def _laws(folder: Folder, names: Names) -> pl.DataFrame:
    laws = _countries(folder, LAWS, names)
    heading = column_like(laws, LAWS_UNTIL, LAWS)
    # The rows are stamped with the year before; the heading says up to when the count goes.
    until = int(re.match(LAWS_UNTIL, heading)["year"])  # type: ignore[index]
    return long(laws.with_columns(year=pl.lit(until, pl.Int32)), {heading: "ai_bills"})


def ember(folder: Folder, names: Names) -> pl.DataFrame:
    """Return the carbon intensity of electricity."""
    return _chart(folder, CARBON, names, INTENSITY, "carbon_intensity")


def _chart(folder: Folder, file: str, names: Names, pattern: str, indicator: str) -> pl.DataFrame:
    frame = _countries(folder, file, names)
    return long(frame, {column_like(frame, pattern, file): indicator})


def _countries(folder: Folder, file: str, names: Names) -> pl.DataFrame:
    """Return a chart's rows for countries, with ``iso3`` and ``year``.

    A row without a code is a region, unless its name is a country's: the publisher leaves out
    the code of the Republic of the Congo now and then.
    """
    raw = folder.csv(file, "Entity", "Code", "Year")
    aggregates = dict.fromkeys(
        code for code in raw["Code"].drop_nulls() if code.startswith(AGGREGATE) and code not in CODES
    )
    by_code = names.iso3(raw["Code"].set(raw["Code"] == "", None), also=CODES | aggregates)
    by_name = raw["Entity"].map_elements(names.get, return_dtype=pl.String)
    without_code = raw["Code"].fill_null("") == ""
    iso3 = by_code.zip_with(~without_code, by_name)
    return raw.with_columns(iso3=iso3, year=year("Year")).drop_nulls("iso3")
