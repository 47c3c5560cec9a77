"""Income groups, regions and blocs with their members."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from parity.catalogue._countries import converter_table
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import Table
from parity.errors import ParityError

# Blocs whose members country_converter lists: our name -> (its column, title).
CONVERTER_BLOCS = {
    "EU": ("EU27", "European Union"),
    "OECD": ("OECD", "Organisation for Economic Co-operation and Development"),
    "G7": ("G7", "Group of Seven"),
    "APEC": ("APEC", "Asia-Pacific Economic Cooperation"),
    "CIS": ("CIS", "Commonwealth of Independent States"),
}
CONVERTER = "country_converter"
SCHEMA = dict.fromkeys(("group", "iso3", "kind", "title", "source"), pl.String)


def _build(_: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    countries = built["countries"]
    parts = [*_classes(countries), *_converter_blocs(), *_listed_blocs()]
    frame = pl.concat(parts).select(list(SCHEMA))
    unknown = set(frame["iso3"]) - set(countries["iso3"])
    if unknown:
        raise ParityError(f"groups: members that are no countries: {sorted(unknown)}")
    return frame


def _classes(countries: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the World Bank's income groups and regions."""
    for column, kind in (("income_group", "income"), ("region", "region")):
        yield countries.filter(pl.col(column).is_not_null()).select(
            pl.col(column).alias("group"),
            "iso3",
            kind=pl.lit(kind),
            title=pl.lit("World Bank ") + kind + ": " + pl.col(column),
            source=pl.lit("country-codes"),
        )


def _converter_blocs() -> Iterator[pl.DataFrame]:
    """Yield blocs whose members the package country_converter lists."""
    current = converter_table()
    for group, (column, title) in CONVERTER_BLOCS.items():
        yield current.filter(pl.col(column).is_not_null()).select(
            pl.lit(group).alias("group"),
            pl.col("ISO3").alias("iso3"),
            kind=pl.lit("bloc"),
            title=pl.lit(title),
            source=pl.lit(CONVERTER),
        )


def _listed_blocs() -> Iterator[pl.DataFrame]:
    """Yield the blocs of ``groups.toml``."""
    listed = tomllib.loads(Path(__file__).with_name("groups.toml").read_text(encoding="utf-8"))
    for group, entry in listed.items():
        yield (
            pl.DataFrame({"iso3": entry["members"]})
            .with_columns(
                group=pl.lit(group),
                kind=pl.lit("bloc"),
                title=pl.lit(entry["title"]),
                source=pl.lit(entry["source"]),
            )
            .select(list(SCHEMA))
        )


TABLE = Table(
    name="groups",
    title="Members of income groups, regions and blocs",
    schema=SCHEMA,
    fields={
        "group": "Name of the group",
        "iso3": "Member",
        "kind": "income, region or bloc",
        "title": "Full name of the group",
        "source": "Where the membership comes from",
    },
    key=("group", "iso3"),
    build=_build,
)
