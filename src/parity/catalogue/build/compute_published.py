"""Published totals of compute: of the world, and of countries by their own governments or by others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from parity.catalogue.build._provenance import last_day
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import DataType, Table

SOURCE = "chips-2026"
# Measures that are no amount of compute, or are made from the clusters that the table of clusters holds.
OTHERS = ("sites", "countries", "% of known clusters", "% of world, at least", "GW")


def _build(raw: Raw, _: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    folder = raw.folder(SOURCE)
    given = folder.csv("compute_by_country.csv", "scope", "iso3", "measure", "value", "unit", "as_of")
    kept = given.filter(~pl.col("unit").is_in(OTHERS), ~pl.col("measure").str.contains("KNOWN existing"))
    checked = date.fromisoformat(str(folder.about["retrieved"]))
    rows = [
        {name: row[name] or "" for name in ("iso3", "measure", "unit", "published", "coverage", "source_url")}
        | {name: float(row[name]) if row[name] else None for name in ("value", "low", "high")}
        | {"by": row["source"], "as_of": last_day(row["as_of"])[0], "world": row["scope"] == "world"}
        | {
            "total": row["may_serve_as_world_total"] == "yes",
            "basis": row["basis"],
            "note": row["note"] or "",
        }
        | {"checked": None if row["basis"] == "background" else checked, "source": SOURCE}
        for row in kept.iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


FIELDS = {
    "iso3": "Country; empty for the world",
    "measure": "What is counted; different measures are never added or divided",
    "as_of": "Last day of the period that it is for",
    "value": "Value",
    "low": "Lower end",
    "high": "Upper end",
    "unit": "Unit",
    "by": "Who publishes it",
    "published": "When it was published, as far as known",
    "coverage": "What it leaves out",
    "world": "Whether it is of the world",
    "total": "Whether it may be what a share of the world is a share of",
    "source_url": "Page",
    "basis": "file (by script), read, or background (unverified: the page is where to check it)",
    "checked": "Day on which it was read; null: it was not",
    "note": "What to know before use",
    "source": "Key of the source",
}
SCHEMA: dict[str, DataType] = dict.fromkeys(FIELDS, pl.String) | {
    **dict.fromkeys(("value", "low", "high"), pl.Float64),
    **dict.fromkeys(("as_of", "checked"), pl.Date),
    **dict.fromkeys(("world", "total"), pl.Boolean),
}
TABLE = Table(
    "compute_published",
    "Published totals of compute, of the world and of countries",
    SCHEMA,
    FIELDS,
    ("iso3", "measure", "as_of", "by"),
    _build,
)
