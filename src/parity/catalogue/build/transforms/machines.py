"""Computing machines and chips: TOP500, cloud regions, integrated circuits from Taiwan."""

from __future__ import annotations

import polars as pl

from parity.catalogue.build._codes import Names
from parity.catalogue.build._raw import Folder
from parity.catalogue.build.transforms._common import number, require, total, year

# The lists changed their unit in June 2017.
TFLOPS_PER_UNIT = {"GFlop/s": 1e-3, "TFlop/s": 1.0}
SYSTEMS_PER_LIST = 500
# The internet code of the United Kingdom differs from its ISO 3166 code.
TLD_CODES = {"uk": "GBR"}
CLOUD_YEAR = 2022
CLOUDS = ("aws", "azure", "gcp", "linode", "oracle", "vultr")
EXPORTS = "taiwan_exports_hs8542_by_country_2013_2025.csv"
TOTALS = "taiwan_exports_hs8542_total_by_code.csv"
NOT_COUNTRIES = {"Others": None, "Netherlands Antilles": None}
# The two files must add up to the same exports of a year, in thousands of dollars.
TOTALS_TOLERANCE = 1e-6
YEAR_ONE_OF_TAIWAN = 1911


def top500(folder: Folder, names: Names) -> pl.DataFrame:
    """Return performance and number of systems per country on the November list of each year."""
    raw = folder.csv("top500_2010_2024.csv", "list", "country", "rmax", "flops_unit")
    sizes = raw.group_by("list").len()
    require((sizes["len"] == SYSTEMS_PER_LIST).all(), f"a list has other than {SYSTEMS_PER_LIST} systems")
    november = raw.filter(pl.col("list").str.ends_with("-11"))
    rows = november.select(
        iso3=names.iso3(november["country"]),
        year=year("list"),
        tflops=number("rmax") * pl.col("flops_unit").replace_strict(TFLOPS_PER_UNIT, return_dtype=pl.Float64),
    )
    by_country = rows.group_by("iso3", "year")
    return pl.concat(
        [
            by_country.agg(value=total("tflops"), indicator=pl.lit("top500_rmax").first()),
            by_country.agg(value=pl.len().cast(pl.Float64), indicator=pl.lit("top500_systems").first()),
        ],
        how="diagonal",
    )


def top500_accelerated(folder: Folder, names: Names) -> pl.DataFrame:
    """Return the performance of machines with accelerators on the list of June 2025."""
    raw = folder.csv("top500_2025_06.csv", "iso3", "accelerator", "rmax_tflops", "list")
    require(raw.height == SYSTEMS_PER_LIST, f"a list has other than {SYSTEMS_PER_LIST} systems")
    machines = raw.filter(pl.col("accelerator").fill_null("") != "")
    rows = machines.select(iso3=names.iso3(machines["iso3"]), year=year("list"), value=number("rmax_tflops"))
    by_country = rows.group_by("iso3", "year")
    return by_country.agg(total("value"), indicator=pl.lit("top500_accelerated_rmax").first())


def cloud_regions(folder: Folder, names: Names) -> pl.DataFrame:
    """Return the number of regions of six cloud providers; those without a location are left out."""
    files = folder.files() if folder.files("aws.csv") else ["cloud_regions_2022.csv"]
    raw = pl.concat(folder.csv(file, "region", "country_tld").select("country_tld") for file in files)
    placed = raw.drop_nulls("country_tld")
    rows = placed.select(iso3=names.iso3(placed["country_tld"], also=TLD_CODES))
    return rows.group_by("iso3").agg(
        value=pl.len().cast(pl.Float64),
        indicator=pl.lit("cloud_regions").first(),
        year=pl.lit(CLOUD_YEAR, pl.Int32).first(),
    )


def taiwan(folder: Folder, names: Names) -> pl.DataFrame:
    """Return integrated circuits received from Taiwan, US dollars, in complete years."""
    raw = folder.csv(EXPORTS, "Year", "Country_en", "Export Value (USD)")
    rows = raw.select(
        iso3=names.iso3(raw["Country_en"], also=NOT_COUNTRIES),
        year=year("Year"),
        value=number("Export Value (USD)"),
    )
    complete = complete_years(folder, rows)
    kept = rows.filter(pl.col("year").is_in(complete)).drop_nulls("iso3").group_by("iso3", "year")
    return kept.agg(total("value"), indicator=pl.lit("ic_imports_from_taiwan").first())


def complete_years(folder: Folder, rows: pl.DataFrame) -> list[int]:
    """Return the years of twelve months, after checking the sums against the file of totals.

    That file counts years from 1912 and says where a year is a part: ``114年1月~114年7月``.
    """
    raw = folder.csv(TOTALS, "日期", "美元(千元)")
    totals = (
        raw.group_by("日期").agg(number("美元(千元)").sum().alias("total"))
        .with_columns(
            year=pl.col("日期").str.extract(r"^(\d+)年").cast(pl.Int32) + YEAR_ONE_OF_TAIWAN,
            complete=pl.col("日期").str.contains(r"^\d+年$"),
        )
    )  # fmt: skip
    by_year = rows.group_by("year").agg(total("value") / 1000)
    joined = by_year.join(totals, on="year", how="full")
    agree = (pl.col("value") / pl.col("total") - 1).abs() < TOTALS_TOLERANCE
    require(
        joined.select(agree.fill_null(False).all()).item(),
        "exports by country do not add up to the totals by product",
    )
    return totals.filter(pl.col("complete"))["year"].sort().to_list()
