"""Income groups, regions and states with controls on Russia; blocs are in the table ``memberships``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from parity.catalogue.build._flow_names import listed
from parity.catalogue.build._provenance import PROVENANCE_FIELDS
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import DataType, Table

SCHEMA: dict[str, DataType] = dict.fromkeys(
    ("group", "iso3", "kind", "title", "source", "basis"), pl.String
) | {"checked": pl.Date}
READ = date(2026, 11, 23)


def _build(_: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    countries = built["countries"]
    return pl.concat([*_classes(countries), _controls()]).select(list(SCHEMA))


def _classes(countries: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the World Bank's income groups and regions."""
    for column, kind in (("income_group", "income"), ("region", "region")):
        yield countries.filter(pl.col(column).is_not_null()).select(
            pl.col(column).alias("group"),
            "iso3",
            kind=pl.lit(kind),
            title=pl.lit("World Bank ") + kind + ": " + pl.col(column),
            source=pl.lit("country-codes"),
            basis=pl.lit("file"),
            checked=pl.lit(READ),
        )


def _controls() -> pl.DataFrame:
    """Return the states beside the European Union that impose controls on Russia."""
    rows = [(iso3, entry["source"]) for entry in listed()["controls"] for iso3 in entry["members"]]
    return pl.DataFrame(rows, schema=["iso3", "source"], orient="row").select(
        pl.lit("Controls on Russia").alias("group"),
        "iso3",
        pl.lit("controls").alias("kind"),
        pl.lit("States beside the European Union with controls on Russia").alias("title"),
        "source",
        basis=pl.lit("read"),
        checked=pl.lit(READ),
    )


TABLE = Table(
    name="groups",
    title="Members of income groups and regions, and states with controls on Russia",
    schema=SCHEMA,
    fields={
        "group": "Name of the group",
        "iso3": "Member",
        "kind": "income, region or controls",
        "title": "Full name of the group",
        "source": "Where the membership comes from",
        "basis": PROVENANCE_FIELDS["basis"],
        "checked": PROVENANCE_FIELDS["checked"],
    },
    key=("group", "iso3"),
    build=_build,
)
