"""Dated commitments of governments and blocs on AI."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import DataType, Table
from parity.errors import ParityError

FILES = ("pledges.toml", "pledges_more.toml")
OUTCOMES = ("met", "partly", "missed")
PRECISIONS = ("day", "month", "year")
SCHEMA: dict[str, DataType] = {
    "id": pl.String,
    "country": pl.String,
    "who": pl.String,
    "what": pl.String,
    "measure": pl.String,
    "target": pl.Float64,
    "unit": pl.String,
    "made": pl.Date,
    "made_precision": pl.String,
    "due": pl.Date,
    "source": pl.String,
    "outcome": pl.String,
    "outcome_on": pl.Date,
    "evidence": pl.String,
    "evidence_source": pl.String,
}


def _build(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    rows = []
    for file in FILES:
        text = Path(__file__).with_name(file).read_text(encoding="utf-8")
        for name, row in tomllib.loads(text).items():
            given = {"made_precision": "day"} | row
            rows.append({column: given.get(column) for column in SCHEMA} | {"id": name})
    known = [*built["countries"]["iso3"].to_list(), *built["memberships"]["bloc"].unique().to_list()]
    return checked(pl.DataFrame(rows, schema=SCHEMA), known)


def checked(frame: pl.DataFrame, countries: list[str]) -> pl.DataFrame:
    """Return the table if it is sound.

    Parameters
    ----------
    frame
        Table of pledges.
    countries
        Codes and blocs that may make one.

    Raises
    ------
    ParityError
        If a pledge lacks a source, is due before it was made, is nobody's, or has an outcome without
        evidence.
    """
    faults = {
        "names neither country nor bloc": ~pl.col("country").is_in(countries),
        "has no source": ~pl.col("source").fill_null("").str.starts_with("http"),
        "is due before it was made": pl.col("due") < pl.col("made"),
        "has an unknown precision": ~pl.col("made_precision").is_in(PRECISIONS),
        "has an unknown outcome": pl.col("outcome").is_not_null() & ~pl.col("outcome").is_in(OUTCOMES),
        "has an outcome without evidence": pl.col("outcome").is_not_null()
        & (
            pl.col("evidence").is_null()
            | pl.col("outcome_on").is_null()
            | pl.col("evidence_source").is_null()
        ),
    }
    for fault, wrong in faults.items():
        found = frame.filter(wrong)
        if found.height:
            raise ParityError(f"pledges: {found['id'][0]} {fault}")
    return frame


TABLE = Table(
    name="pledges",
    title="Dated commitments of governments and blocs on AI",
    schema=SCHEMA,
    fields={
        "id": "Short name",
        "country": "Country (ISO3) or bloc that it binds",
        "who": "Who has to act",
        "what": "What is to be done",
        "measure": "Indicator of Parity that measures it, or open-ai-index for a rank; null: none does",
        "target": "Number to be reached; null: none is stated",
        "unit": "Unit of the target",
        "made": "Day on which it was made or published",
        "made_precision": "What the source names of that day: day, month or year; then it is the first one",
        "due": "Last day",
        "source": "Page that states it",
        "outcome": "met, partly or missed, where a source says so",
        "outcome_on": "Day of that evidence",
        "evidence": "What the source says",
        "evidence_source": "Page of the evidence",
    },
    key=("id",),
    build=_build,
)
