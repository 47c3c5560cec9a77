"""Gapminder: series of the World Bank, ITU, WIPO and UN, carried forward by one publisher."""

from __future__ import annotations

from functools import partial

import polars as pl

from parity.catalogue.build._codes import Names
from parity.catalogue.build._raw import Folder
from parity.catalogue.build.transforms._common import ESTIMATED, OBSERVED, joined, number, require, year

# File -> indicator. The file's last column holds the values.
SERIES = {
    "broadband_subscribers_per_100_people": "fixed_broadband",
    "cell_phones_per_100_people": "mobile_subscriptions",
    "internet_users": "internet_users",
    "electricity_use_per_person": "electricity_use",
    "electricity_generation_total": "electricity_generation",
    "high_technology_exports_percent_of_manufactured_exports": "hightech_exports",
    "patent_applications_total": "patent_applications",
    "patents_granted_total": "patents_granted",
    "patents_in_force_total": "patents_in_force",
    "foreign_direct_investment_net_inflows_percent_of_gdp": "fdi_inflow",
    "market_value_of_listed_companies_percent_of_gdp": "market_cap",
    "expenditure_per_student_tertiary_percent_of_gdp_per_person": "tertiary_spending",
    "gnipercapita_ppp_current_international": "gni_pc_ppp",
    "hdi_human_development_index": "hdi",
    "population": "population",
    "gdp_per_capita_ppp_2021usd": "gdp_pc_ppp",
}
# Gapminder's codes that are not ISO 3166; dissolved states and the Channel Islands have none.
CODES = {"kos": "XKX", "hos": "VAT", "nld_curacao": "CUW"} | dict.fromkeys(
    ("ant", "chanisl", "cheslo", "yug")
)
# Of the publisher's files: before there is no index, after there are projections alone.
YEARS = (2000, 2026)
# From these years on the series are the publisher's projections, not statistics.
PROJECTED_FROM = {"population": 2024, "gdp_pc_ppp": 2024, "gdp_ppp": 2024}


def observations(folder: Folder, names: Names) -> pl.DataFrame:
    """Return every series by country and year, and GDP as population times GDP per person."""
    frame = joined(folder, *(partial(_series, folder, file, name, names) for file, name in SERIES.items()))
    frame = pl.concat([frame, _gdp(frame)])
    first = pl.col("indicator").replace_strict(PROJECTED_FROM, default=None, return_dtype=pl.Int32)
    projected = (pl.col("year") >= first).fill_null(False)
    return frame.with_columns(flag=pl.when(projected).then(pl.lit(ESTIMATED)).otherwise(pl.lit(OBSERVED)))


def _series(folder: Folder, file: str, indicator: str, names: Names) -> pl.DataFrame:
    raw = folder.csv(f"{file}.csv", "time")
    code, _, values = raw.columns
    frame = raw.select(
        iso3=names.iso3(raw[code], also=CODES),
        indicator=pl.lit(indicator),
        year=year("time"),
        value=number(values),
    ).drop_nulls(["iso3", "value"])
    frame = frame.filter(pl.col("year").is_between(*YEARS))
    require(
        frame.height > 0 and frame["year"].min() is not None,
        f"{folder.source}/{file}.csv holds no value for any country",
    )
    return frame


def _gdp(frame: pl.DataFrame) -> pl.DataFrame:
    """Return GDP, PPP, which the source gives per person only."""
    heads, per_head = (
        frame.filter(pl.col("indicator") == name).select("iso3", "year", "value")
        for name in ("population", "gdp_pc_ppp")
    )
    both = heads.join(per_head, on=["iso3", "year"])
    return both.select(
        "iso3",
        pl.lit("gdp_ppp").alias("indicator"),
        "year",
        (pl.col("value") * pl.col("value_right")).alias("value"),
    )
