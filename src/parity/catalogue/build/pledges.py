"""Dated words: commitments of governments, national strategies, statements made in public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from parity.catalogue._facts import outcome_of
from parity.catalogue.build._provenance import (
    last_day,
    refuse,
    require_provenance,
    written,
)
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import table

FILES = ("pledges.toml", "pledges_more.toml", "pledges_2026.toml")
OUTCOMES = ("met", "late", "partly", "missed")
PRECISIONS = ("day", "month", "year")


def _build(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    rows = [
        {column: row.get(column) for column in TABLE.schema} | {"id": name, **_outcome(row)}
        for file in FILES
        for name, row in written(file)
    ]
    known = [*built["countries"]["iso3"].to_list(), *built["memberships"]["bloc"].unique().to_list()]
    return checked(pl.DataFrame(rows, schema=TABLE.schema), known)


def _outcome(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is recorded of a pledge, in the table's columns."""
    done = row.get("done_on")
    outcome = row.get("outcome") if done is None else outcome_of(done, row["due"])
    return {
        "made_precision": row.get("made_precision", "day"),
        "outcome": outcome,
        "outcome_on": row.get("outcome_on", done),
        "evidence_basis": row.get("evidence_basis", "read") if outcome else None,
    }


def checked(frame: pl.DataFrame, countries: list[str]) -> pl.DataFrame:
    """Return the table if it is sound."""
    require_provenance("pledges", frame, "id")
    faults = {
        "names neither country nor bloc": ~pl.col("country").is_in(countries),
        "has no page as a source": ~pl.col("source").str.starts_with("http"),
        "is due before it was made": pl.col("due") < pl.col("made"),
        "was moved to an earlier day": pl.col("due_first") >= pl.col("due"),
        "has an unknown precision": ~pl.col("made_precision").is_in(PRECISIONS),
        "has an unknown outcome": pl.col("outcome").is_not_null() & ~pl.col("outcome").is_in(OUTCOMES),
        "has an outcome without evidence": pl.col("outcome").is_not_null()
        & (
            pl.col("evidence").is_null()
            | pl.col("outcome_on").is_null()
            | pl.col("evidence_source").is_null()
        ),
    }
    refuse("pledges", frame, faults, pl.col("id"))
    return frame


TABLE = table("pledges", _build)


STRATEGIES_FILE = "strategies.toml"


def _build_strategies(_: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    rows = []
    for name, row in written(STRATEGIES_FILE):
        day, precision = last_day(str(row.get("published", "")))
        dated = {"published": day, "precision": precision, "none": row.get("none", False)}
        unread = {"checked": None} if row["basis"] == "background" else {}
        rows.append(
            {column: row.get(column) for column in STRATEGIES.schema} | {"id": name, **dated, **unread}
        )
    frame = pl.DataFrame(rows, schema=STRATEGIES.schema)
    require_provenance("strategies", frame, "id")
    return frame.filter(pl.col("iso3").is_in(built["countries"]["iso3"].to_list()))


STRATEGIES = table("strategies", _build_strategies)


PUBLIC_CLAIMS_FILE = "public_claims.toml"


def _build_public_claims(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    rows = [
        {column: row.get(column) for column in PUBLIC_CLAIMS.schema}
        | {"id": name, "precision": row.get("precision", "day")}
        for name, row in written(PUBLIC_CLAIMS_FILE)
    ]
    frame = pl.DataFrame(rows, schema=PUBLIC_CLAIMS.schema)
    require_provenance("public_claims", frame, "id")
    return frame.sort("said", "id")


PUBLIC_CLAIMS = table("public_claims", _build_public_claims)
