"""National strategies on artificial intelligence, with the day they came out."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from parity.catalogue.build._provenance import (
    PROVENANCE,
    PROVENANCE_FIELDS,
    last_day,
    require_provenance,
    written,
)
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import DataType, Table

FILE = "strategies.toml"
SCHEMA: dict[str, DataType] = {
    "id": pl.String,
    "iso3": pl.String,
    "title": pl.String,
    "none": pl.Boolean,
    "published": pl.Date,
    "precision": pl.String,
    **PROVENANCE,
}


def _build(_: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    rows = []
    for name, row in written(FILE):
        day, precision = last_day(str(row.get("published", "")))
        dated = {"published": day, "precision": precision, "none": row.get("none", False)}
        unread = {"checked": None} if row["basis"] == "background" else {}
        rows.append({column: row.get(column) for column in SCHEMA} | {"id": name, **dated, **unread})
    frame = pl.DataFrame(rows, schema=SCHEMA)
    require_provenance("strategies", frame, "id")
    return frame.filter(pl.col("iso3").is_in(built["countries"]["iso3"].to_list()))


TABLE = Table(
    name="strategies",
    title="National strategies on artificial intelligence, with the day they came out",
    schema=SCHEMA,
    fields={
        "id": "Short name",
        "iso3": "Country",
        "title": "What it is called, in English",
        "none": "Whether the row says that none was found",
        "published": "Day it came out; the last one where only the month is known",
        "precision": "day, month or year; null where there is none",
        **PROVENANCE_FIELDS,
    },
    key=("id",),
    build=_build,
)
