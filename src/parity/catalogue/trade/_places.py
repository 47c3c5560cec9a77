"""Country codes of the trade systems -> ISO3."""

from __future__ import annotations

from functools import cache

import polars as pl

from parity.catalogue._snapshot import load_table

# United Nations trade statistics number some customs territories otherwise than ISO 3166 does: France with
# Monaco, Norway with Svalbard, Switzerland with Liechtenstein, the United States with Puerto Rico, India, and
# "Other Asia, not elsewhere specified", which stands for Taiwan.
COMTRADE = {251: "FRA", 490: "TWN", 579: "NOR", 699: "IND", 757: "CHE", 842: "USA"}
# Partner 0 is the world; it is not a country and would double everything.
WORLD = 0
# Eurostat's letters that are not ISO 3166: Serbia after 2005, Kosovo.
COMEXT = {"XS": "SRB", "XK": "XKX"}


@cache
def by_number() -> pl.DataFrame:
    """Return columns ``number`` and ``iso3`` of UN Comtrade and BACI."""
    listed = load_table("countries").select("number", "iso3")
    special = pl.DataFrame(
        {"number": list(COMTRADE), "iso3": list(COMTRADE.values())},
        schema={"number": pl.Int32, "iso3": pl.String},
    )
    known = listed.drop_nulls().filter(~pl.col("number").is_in(list(COMTRADE)))
    return pl.concat([known, special]).unique("number", keep="first", maintain_order=True)


@cache
def by_letters() -> pl.DataFrame:
    """Return columns ``letters`` and ``iso3`` of Eurostat's COMEXT."""
    listed = load_table("countries").select(letters="iso2", iso3="iso3").drop_nulls()
    special = pl.DataFrame({"letters": list(COMEXT), "iso3": list(COMEXT.values())})
    return pl.concat([listed.filter(~pl.col("letters").is_in(list(COMEXT))), special])
