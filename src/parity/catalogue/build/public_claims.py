"""What was said in public about countries and AI."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import DataType, Table

FILE = "public_claims.toml"
SCHEMA: dict[str, DataType] = {
    "id": pl.String,
    "said": pl.Date,
    "precision": pl.String,
    "who": pl.String,
    "sentence": pl.String,
    "source": pl.String,
}


def _build(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    text = Path(__file__).with_name(FILE).read_text(encoding="utf-8")
    rows = [
        {"id": name, "precision": "day"} | {key: row[key] for key in SCHEMA if key in row}
        for name, row in tomllib.loads(text).items()
    ]
    return pl.DataFrame(rows, schema=SCHEMA).sort("said", "id")


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
        "source": "Page where it was read",
    },
    key=("id",),
    build=_build,
)
