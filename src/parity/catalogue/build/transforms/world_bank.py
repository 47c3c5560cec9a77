"""World Bank: development indicators, governance indicators, GovTech maturity."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import polars as pl

from parity.catalogue.build._codes import Names
from parity.catalogue.build._raw import Folder
from parity.catalogue.build.transforms._common import joined, number, require, year

WDI = {
    "GB.XPD.RSDV.GD.ZS": "rd_expenditure",
    "SP.POP.SCIE.RD.P6": "researchers_per_million",
    "NY.GDP.PCAP.CD": "gdp_pc_current",
}
SELECTION = {
    "IT.NET.BBND.P2": "fixed_broadband",
    "IT.NET.USER.ZS": "internet_users",
    "EG.USE.ELEC.KH.PC": "electricity_use",
}
SELECTION_FROM = 2018
HEADER_LINES = 4
# Codes that the World Bank uses, or used, in place of those of ISO 3166. The Channel Islands and
# the Netherlands Antilles have none today; INX stands for "not classified".
CODES = {"TMP": "TLS", "WBG": "PSE", "KSV": "XKX", "ROM": "ROU", "ADO": "AND", "ZAR": "COD"}
CODES_WITHOUT_COUNTRY = dict.fromkeys(("CHI", "ANT", "INX"))
# Code of a dimension in the programming interface: its estimate (EST) or standard error (SE).
WGI_CODE = "GOV_WGI_{}.{}"
DIMENSIONS = ("va", "pv", "ge", "rq", "rl", "cc")


def wdi(folder: Folder, names: Names) -> pl.DataFrame:
    """Return development indicators, from the bulk files or from the pages of the programming interface."""
    if folder.files("*.json"):
        return _from_pages(folder, names, WDI)
    return _named(folder, names, WDI, _bulk, _aggregates_of_bulk(folder))


def _from_pages(folder: Folder, names: Names, series: Mapping[str, str]) -> pl.DataFrame:
    return _named(folder, names, series, _pages, _aggregates_of_api(folder))


def _named(
    folder: Folder,
    names: Names,
    series: Mapping[str, str],
    read: Callable[[Folder, str], pl.DataFrame],
    aggregates: Sequence[str],
) -> pl.DataFrame:
    """Return the series by country: code of each at the publisher -> indicator."""
    parts = (
        partial(lambda code, name: read(folder, code).with_columns(indicator=pl.lit(name)), code, indicator)
        for code, indicator in series.items()
    )
    frame = joined(folder, *parts)
    other = CODES | CODES_WITHOUT_COUNTRY | dict.fromkeys(aggregates)
    return frame.select("indicator", "year", "value", iso3=names.iso3(frame["code"], also=other)).drop_nulls(
        ["iso3", "value"]
    )


def _bulk(folder: Folder, code: str) -> pl.DataFrame:
    """Return code, year, value from a bulk file: four lines of preamble, one column per year."""
    found = folder.files(f"API_{code}_*.csv")
    require(len(found) == 1, f"one file API_{code}_*.csv is expected, found {found}")
    raw = folder.csv(found[0], "Country Code", skip_lines=HEADER_LINES)
    years = [column for column in raw.columns if column.isdigit()]
    require(len(years) > 0, f"{found[0]} has no column named by a year")
    return raw.unpivot(years, index="Country Code", variable_name="year", value_name="value").select(
        code="Country Code", year=year("year"), value=number("value")
    )


def _pages(folder: Folder, code: str) -> pl.DataFrame:
    """Return code, year, value from the rows that the programming interface gave."""
    rows: list[dict[str, Any]] = json.loads(folder.text(f"{code}.json"))
    require(len(rows) > 0, f"{code}.json holds no rows")
    fields = ("countryiso3code", "date", "value")
    require(all(field in rows[0] for field in fields), f"rows of {code}.json lack one of {fields}")
    frame = pl.DataFrame([[row[field] for field in fields] for row in rows], orient="row", schema={
        "code": pl.String, "date": pl.String, "value": pl.Float64
    })  # fmt: skip
    named = frame.filter(pl.col("code").str.len_chars() == 3)
    return named.select("code", "value", year=year("date"))


def _aggregates_of_bulk(folder: Folder) -> list[str]:
    """Return the codes of regions and income groups: rows of the metadata without a region."""
    table = folder.csv("wdi_country_metadata.csv", "Country Code", "Region")
    empty = pl.col("Region").fill_null("") == ""
    return table.filter(empty)["Country Code"].to_list()


def _aggregates_of_api(folder: Folder) -> list[str]:
    rows = json.loads(folder.text("countries.json"))
    return [row["id"] for row in rows if row["region"]["value"].strip() == "Aggregates"]


def wgi_codes() -> list[str]:
    """Return the codes of every estimate and standard error in the programming interface."""
    return [WGI_CODE.format(name.upper(), kind) for name in DIMENSIONS for kind in ("EST", "SE")]


def wgi(folder: Folder, names: Names) -> pl.DataFrame:
    """Return the six governance indicators with their standard errors."""
    frame = _wgi_pages(folder) if folder.files("*.json") else _wgi_file(folder)
    dimensions = set(frame["indicator"])
    require(dimensions == set(DIMENSIONS), f"dimensions {sorted(dimensions)} are not {DIMENSIONS}")
    frame = frame.with_columns(
        iso3=names.iso3(frame["code"], also=CODES | CODES_WITHOUT_COUNTRY),
        indicator="wgi_" + pl.col("indicator"),
    )
    known = frame.drop_nulls(["iso3", "value"]).select("iso3", "indicator", "year", "value", "se")
    require(known["se"].null_count() == 0, "a governance estimate has no standard error")
    require((known["value"].abs() < 5).all(), "governance estimates are standard normal; one is beyond 5")
    return known


def _wgi_file(folder: Folder) -> pl.DataFrame:
    raw = folder.csv("wgi_2018_2024.csv", "iso3", "year", "indicator", "value", "standard_error")
    return raw.select(
        code="iso3",
        indicator=pl.col("indicator").str.strip_prefix("wgi_"),
        year=year("year"),
        value=number("value"),
        se=number("standard_error"),
    )


def wdi_selection(folder: Folder, names: Names) -> pl.DataFrame:
    """Return the newest edition of the indicators that another publisher has carried so far."""
    if folder.files("*.json"):
        return _from_pages(folder, names, SELECTION).filter(pl.col("year") >= SELECTION_FROM)
    raw = folder.csv("wdi_2018_2025.csv", "iso3", "year", "indicator", "value")
    wanted = raw.filter(pl.col("indicator").is_in(SELECTION.values()))
    require(set(wanted["indicator"]) == set(SELECTION.values()), f"the file holds {SELECTION.values()}")
    return wanted.select(
        "indicator", year=year("year"), value=number("value"), iso3=names.iso3(wanted["iso3"])
    ).drop_nulls()


def _wgi_pages(folder: Folder) -> pl.DataFrame:
    parts = []
    for name in DIMENSIONS:
        value, error = (_pages(folder, WGI_CODE.format(name.upper(), kind)) for kind in ("EST", "SE"))
        joined = value.join(error.rename({"value": "se"}), on=["code", "year"])
        parts.append(joined.with_columns(indicator=pl.lit(name)))
    aggregates = _aggregates_of_api(folder)
    return pl.concat(parts).filter(~pl.col("code").is_in(aggregates))


def govtech(folder: Folder, names: Names) -> pl.DataFrame:
    """Return the GovTech Maturity Index of both editions."""
    raw = folder.csv("govtech_gtmi_2020_2022.csv", "Year", "Code", "GTMI")
    frame = raw.select(
        iso3=names.iso3(raw["Code"], also=CODES | CODES_WITHOUT_COUNTRY),
        indicator=pl.lit("gtmi"),
        year=year("Year"),
        value=number("GTMI"),
    ).drop_nulls(["iso3", "value"])
    require(frame["value"].is_between(0, 1).all(), "the GovTech index lies between 0 and 1")
    return frame
