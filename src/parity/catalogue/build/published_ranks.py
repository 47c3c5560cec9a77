"""Ranks of closed indices, as reported in public."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import DataType, Table

FILE = "published_ranks.toml"
SCHEMA: dict[str, DataType] = {
    "index": pl.String,
    "published": pl.Date,
    "countries": pl.Int32,
    "iso3": pl.String,
    "rank": pl.Int32,
    "source": pl.String,
}


def _build(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    text = Path(__file__).with_name(FILE).read_text(encoding="utf-8")
    rows = [
        {key: edition.get(key) for key in ("index", "published", "countries", "source")}
        | {"iso3": iso3, "rank": rank}
        for edition in tomllib.loads(text)["edition"]
        for iso3, rank in edition["ranks"].items()
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


TABLE = Table(
    name="published_ranks",
    title="Ranks of closed indices, as reported in public",
    schema=SCHEMA,
    fields={
        "index": "Index",
        "published": "Day of the edition, or of the report on it",
        "countries": "Countries that the edition ranks; null: not in the pages that were read",
        "iso3": "Country",
        "rank": "Its rank",
        "source": "Page that states it",
    },
    key=("index", "published", "iso3"),
    build=_build,
)
