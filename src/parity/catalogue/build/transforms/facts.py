"""Single facts in our own tables, and indicators that another report carries."""

from __future__ import annotations

import polars as pl

from parity.catalogue.build._codes import Names
from parity.catalogue.build._raw import Folder
from parity.catalogue.build.transforms._common import number, require, year

VENTURE = "gii_vc_received"


def taiwan_statistics(folder: Folder, names: Names) -> pl.DataFrame:
    """Return what Taiwan's own offices publish of series whose publishers leave it out."""
    raw = folder.csv("facts.csv", "iso3", "indicator", "year", "value", "url", "checked")
    require(raw["url"].str.starts_with("https://").all(), "every fact names its page")
    return raw.select("indicator", iso3=names.iso3(raw["iso3"]), year=year("year"), value=number("value"))


def innovation_index(folder: Folder, names: Names) -> pl.DataFrame:
    """Return venture deals received, deals per billion dollars of GDP, as WIPO publishes them."""
    raw = folder.csv("gii_2025_selected_indicators.csv", "iso3", "year", "indicator", "value")
    wanted = raw.filter(pl.col("indicator") == VENTURE)
    require(wanted.height > 0, f"the file holds {VENTURE}")
    return wanted.select(
        "indicator", iso3=names.iso3(wanted["iso3"]), year=year("year"), value=number("value")
    ).drop_nulls()
