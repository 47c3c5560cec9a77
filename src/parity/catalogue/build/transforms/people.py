"""People: schooling (UNDP) and the Mathematical Olympiad."""

from __future__ import annotations

import re

import polars as pl

from parity.catalogue.build._codes import Names
from parity.catalogue.build._raw import Folder
from parity.catalogue.build.transforms._common import number, require, year

SCHOOLING = {"eys": "expected_years_schooling", "mys": "mean_years_schooling"}
# The copy in the snapshot, and all of the publisher's series, in the encoding of its own.
SCHOOLS, TIME_SERIES = "hdr2324_schooling.csv", "composite_indices.csv"
OLYMPIADS = "imo_country_results_2010_2024.csv"
FIRST_OLYMPIAD = 2010
# Codes of regions and development groups start so.
AGGREGATE = "ZZ"
POINTS = {"awards_gold": 3, "awards_silver": 2, "awards_bronze": 1}


def undp(folder: Folder, names: Names) -> pl.DataFrame:
    """Return expected and mean years of schooling."""
    fresh = bool(folder.files(TIME_SERIES))
    raw = folder.csv(TIME_SERIES, "iso3", encoding="latin-1") if fresh else folder.csv(SCHOOLS, "iso3")
    aggregates = dict.fromkeys(code for code in raw["iso3"] if code.startswith(AGGREGATE))
    frame = raw.with_columns(iso3=names.iso3(raw["iso3"], also=aggregates)).drop_nulls("iso3")
    columns = [column for column in raw.columns if re.fullmatch(r"[em]ys_20[12]\d", column)]
    require(len(columns) > 0, "columns were named eys_YEAR and mys_YEAR")
    series = frame.unpivot(columns, index="iso3", variable_name="column", value_name="value")
    return series.select(
        "iso3",
        indicator=pl.col("column").str.slice(0, 3).replace_strict(SCHOOLING),
        year=pl.col("column").str.slice(4).cast(pl.Int32),
        value=number("value"),
    ).drop_nulls("value")


def olympiad(folder: Folder, names: Names) -> pl.DataFrame:
    """Return medal points of a country's team: gold 3, silver 2, bronze 1.

    A year in which a country did not take part has no row; Russia has none after 2021, when its
    contestants took part without a flag.
    """
    raw = folder.csv(OLYMPIADS, "year", "country", *POINTS).filter(year("year") >= FIRST_OLYMPIAD)
    points = pl.sum_horizontal(
        (number(column) * worth for column, worth in POINTS.items()), ignore_nulls=False
    )
    return raw.select(
        iso3=names.iso3(raw["country"]), indicator=pl.lit("imo_medal_points"), year=year("year"), value=points
    ).drop_nulls("value")
