"""What was said in public about countries and AI."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from parity.catalogue.build._provenance import PROVENANCE, PROVENANCE_FIELDS, require_provenance, written
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import DataType, Table

FILE = "public_claims.toml"
SCHEMA: dict[str, DataType] = {
    "id": pl.String,
    "said": pl.Date,
    "precision": pl.String,
    "who": pl.String,
    "sentence": pl.String,
    **PROVENANCE,
}


def _build(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    rows = [
        {column: row.get(column) for column in SCHEMA}
        | {"id": name, "precision": row.get("precision", "day")}
        for name, row in written(FILE)
    ]
    frame = pl.DataFrame(rows, schema=SCHEMA)
    require_provenance("public_claims", frame, "id")
    return frame.sort("said", "id")


TABLE = Table(
    name="public_claims",
    title="Statements made in public about countries and AI, in our wording",
    schema=SCHEMA,
    fields={
        "id": "Short name",
        "said": "Day on which it was said or printed; the last one where only month or year are known",
        "precision": "day, month or year",
        "who": "Who says so",
        "sentence": "What is said, in our wording",
        **PROVENANCE_FIELDS,
    },
    key=("id",),
    build=_build,
)
