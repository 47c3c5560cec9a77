"""Integrated circuits (HS 8542) that leave Taiwan, by declared destination.

Re-exports are in. The last year of the file had only begun and is left out: taken for a whole
year it would show a fall everywhere.
"""

from __future__ import annotations

import polars as pl

from parity.catalogue.build import _flow_names
from parity.catalogue.build._codes import Names
from parity.catalogue.build._raw import Folder
from parity.catalogue.build.transforms._common import number, require

SOURCE = "taiwan-customs-8542"
BY_COUNTRY = "taiwan_exports_hs8542_by_country_2013_2025.csv"
BY_CODE = "taiwan_exports_hs8542_total_by_code.csv"
# In the file of totals a whole year is "113年" (2024), a year that has begun "114年1月~114年7月(初步值)".
WHOLE_YEAR = r"^(\d{3})年$"
FIRST_YEAR_OF_THE_REPUBLIC = 1911
# The totals are in thousand dollars, the destinations in dollars rounded to the cent.
MAX_ROUNDING = 1e-6


def flows(folder: Folder, names: Names) -> pl.DataFrame:
    """Return reporter, partner, flow, hs, period, original and flag, in US dollars, by six-digit code."""
    raw = folder.csv(BY_COUNTRY, "Year", "Country_en", "HS Code", "Export Value (USD)")
    frame = raw.select(
        _flow_names.partners(names, raw["Country_en"]).alias("partner"),
        hs=pl.col("HS Code").str.slice(0, 6),
        period="Year",
        original=number("Export Value (USD)"),
    )
    require(frame["hs"].str.starts_with("8542").all(), "codes outside heading 8542")
    whole = _whole_years(folder)
    _check_totals(frame, whole)
    kept = frame.filter(pl.col("period").is_in(whole["period"].implode())).drop_nulls("partner")
    summed = kept.group_by("partner", "hs", "period").agg(pl.col("original").sum())
    return summed.filter(pl.col("original") > 0).select(
        pl.lit("TWN").alias("reporter"),
        "partner",
        pl.lit("export").alias("flow"),
        "hs",
        "period",
        "original",
        pl.lit("observed").alias("flag"),
    )


def _whole_years(folder: Folder) -> pl.DataFrame:
    """Return the years that the file of totals has in full, with their totals in dollars."""
    raw = folder.csv(BY_CODE, "日期", "美元(千元)")
    year = pl.col("日期").str.extract(WHOLE_YEAR).cast(pl.Int32) + FIRST_YEAR_OF_THE_REPUBLIC
    thousands = pl.col("美元(千元)").str.replace_all(",", "").cast(pl.Float64)
    return raw.group_by(period=year.cast(pl.String)).agg(total=thousands.sum() * 1000).drop_nulls()


def _check_totals(frame: pl.DataFrame, whole: pl.DataFrame) -> None:
    both = frame.group_by("period").agg(pl.col("original").sum()).join(whole, on="period")
    off = both.filter((pl.col("original") / pl.col("total") - 1).abs() > MAX_ROUNDING)
    require(off.is_empty(), f"destinations do not add up to the totals by code: {off.rows()}")
