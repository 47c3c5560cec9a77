"""Countries with codes, names, classes and the latest population and GDP."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from parity.catalogue.build._codes import SOURCE, codes
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import Table

# Not in the file of classes: the World Bank lists Taiwan, China in its table of income groups,
# and Kosovo in the metadata of its indicators.
CLASSES_ELSEWHERE = {
    "TWN": ("High income", "East Asia & Pacific"),
    "XKX": ("Upper middle income", "Europe & Central Asia"),
}
LATEST = ("population", "gdp_pc_ppp", "gdp_ppp")


def _build(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    frame = codes(raw).join(_classes(raw), on="iso3", how="left")
    latest = _latest(built["observations"])
    return frame.join(latest, on="iso3", how="left")


def _classes(raw: Raw) -> pl.DataFrame:
    """Return the World Bank's income group and region of each country."""
    master = raw.folder(SOURCE).csv("countries_master.csv", "wb_income_name", "wb_region_name")
    elsewhere = pl.DataFrame(
        [(iso3, *classes) for iso3, classes in CLASSES_ELSEWHERE.items()],
        schema=["iso3", "income_group", "region"],
        orient="row",
    )
    listed = master.select("iso3", income_group="wb_income_name", region="wb_region_name")
    return pl.concat([listed.filter(~pl.col("iso3").is_in(elsewhere["iso3"].to_list())), elsewhere])


def _latest(observations: pl.DataFrame) -> pl.DataFrame:
    """Return population and GDP of the last year that is not a projection."""
    observed = observations.filter(pl.col("indicator").is_in(LATEST) & (pl.col("flag") == "observed")).sort(
        "year"
    )
    wide = observed.group_by("iso3", "indicator").agg(pl.col("value").last())
    return wide.pivot("indicator", index="iso3", values="value", on_columns=LATEST)


TABLE = Table(
    name="countries",
    title="Countries and territories: codes, names, income group, region, size",
    schema=dict.fromkeys(("iso3", "iso2"), pl.String)
    | {"number": pl.Int32}
    | dict.fromkeys(("name", "official_name", "income_group", "region"), pl.String)
    | dict.fromkeys(LATEST, pl.Float64),
    fields={
        "iso3": "ISO 3166 alpha-3 code (XKX for Kosovo)",
        "iso2": "ISO 3166 alpha-2 code (XK for Kosovo)",
        "number": "ISO 3166 numeric code; empty for Kosovo, which has none",
        "name": "Usual English name",
        "official_name": "Official English name",
        "income_group": "World Bank income group",
        "region": "World Bank region",
        "population": "Inhabitants in the last year that is not a projection",
        "gdp_pc_ppp": "GDP per person, PPP, constant 2021 international dollars, same year rule",
        "gdp_ppp": "GDP, PPP, constant 2021 international dollars, same year rule",
    },
    key=("iso3",),
    build=_build,
)
