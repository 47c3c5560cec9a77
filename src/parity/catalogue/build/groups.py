"""Income groups and regions with their members; blocs are in the table ``memberships``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import Table

SCHEMA = dict.fromkeys(("group", "iso3", "kind", "title", "source"), pl.String)


def _build(_: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    countries = built["countries"]
    return pl.concat(_classes(countries)).select(list(SCHEMA))


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


TABLE = Table(
    name="groups",
    title="Members of income groups and regions",
    schema=SCHEMA,
    fields={
        "group": "Name of the group",
        "iso3": "Member",
        "kind": "income or region",
        "title": "Full name of the group",
        "source": "Where the membership comes from",
    },
    key=("group", "iso3"),
    build=_build,
)
