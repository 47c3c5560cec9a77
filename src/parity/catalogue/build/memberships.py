"""Who belongs to which bloc, since when, and by what source."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import DataType, Table
from parity.errors import ParityError

FILES = ("memberships.toml", "memberships_more.toml")
STATUSES = ("member", "partner", "invited")
PRECISIONS = ("day", "month", "year")
# Destinations that the US rule of January 2025 exempts, from the table of its own paragraphs.
RULE = "AI Diffusion Rule"
RULE_TITLE = "United States and the 18 partners exempted by its AI diffusion rule of January 2025"
RULE_GROUP = "AIA"
SCHEMA: dict[str, DataType] = {
    "bloc": pl.String,
    "title": pl.String,
    "iso3": pl.String,
    "date_from": pl.Date,
    "date_to": pl.Date,
    "precision": pl.String,
    "status": pl.String,
    "disputed": pl.Boolean,
    "source": pl.String,
    "note": pl.String,
}


def _build(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    frame = pl.DataFrame(list(_listed()), schema=SCHEMA)
    frame = pl.concat([frame, _rule(raw)])
    return checked(frame, built["countries"]["iso3"])


def checked(frame: pl.DataFrame, countries: pl.Series) -> pl.DataFrame:
    """Return the table if it is sound.

    Raises
    ------
    ParityError
        If a row lacks a source, names no country or no known status or precision, ends before it
        begins, or overlaps another row of the same country in the same bloc.
    """
    period = pl.col("date_to").is_null() | (pl.col("date_from") < pl.col("date_to"))
    faults = {
        "names no country": ~pl.col("iso3").is_in(countries.to_list()),
        "has no source": pl.col("source").fill_null("").str.strip_chars() == "",
        "has an unknown status": ~pl.col("status").is_in(STATUSES),
        "has an unknown precision": ~pl.col("precision").is_in(PRECISIONS),
        "ends before it begins": ~period,
        "overlaps the row before it": pl.col("date_from")
        < pl.col("date_to")
        .shift(1)
        .fill_null(pl.date(9999, 1, 1))
        .over("bloc", "iso3", order_by="date_from"),
    }
    # The first row of a country in a bloc has none before it.
    second = pl.col("date_from").rank().over("bloc", "iso3") > 1
    faults["overlaps the row before it"] &= second
    for fault, wrong in faults.items():
        found = frame.filter(wrong)
        if found.height:
            row = found.row(0, named=True)
            raise ParityError(f"memberships: {row['iso3']} in {row['bloc']} from {row['date_from']} {fault}")
    return frame


def _listed() -> Iterator[dict[str, Any]]:
    """Yield the rows of the TOML files."""
    for file in FILES:
        text = Path(__file__).with_name(file).read_text(encoding="utf-8")
        for bloc, entry in tomllib.loads(text).items():
            for change in entry["changes"]:
                for iso3 in change["members"]:
                    yield {
                        "bloc": bloc,
                        "title": entry["title"],
                        "iso3": iso3,
                        "date_from": change["from"],
                        "date_to": change.get("to"),
                        "precision": change.get("precision", "day"),
                        "status": change.get("status", "member"),
                        "disputed": change.get("disputed", False),
                        "source": change["source"],
                        "note": change.get("note", ""),
                    }


def _rule(raw: Raw) -> pl.DataFrame:
    """Return the destinations of the US rule, with the citation of each."""
    listed = raw.folder("export-controls").csv(
        "country_groups.csv", "iso3", "group", "from", "to", "citation", "basis"
    )
    return listed.filter(group=RULE_GROUP).select(
        bloc=pl.lit(RULE),
        title=pl.lit(RULE_TITLE),
        iso3="iso3",
        date_from=pl.col("from").str.to_date(),
        date_to=pl.col("to").replace("", None).str.to_date(),
        precision=pl.lit("day"),
        status=pl.lit("member"),
        disputed=pl.lit(value=False),
        source="citation",
        note="basis",
    )


TABLE = Table(
    name="memberships",
    title="Membership of blocs, dated, with a source for every change",
    schema=SCHEMA,
    fields={
        "bloc": "Short name of the bloc",
        "title": "Full name",
        "iso3": "Country",
        "date_from": "First day of the status",
        "date_to": "First day on which it no longer holds; null: open",
        "precision": "How far date_from is sure: day, month or year",
        "status": "member, partner or invited",
        "disputed": "Whether public sources disagree on the status",
        "source": "Declaration, treaty or page that says so",
        "note": "What to know",
    },
    key=("bloc", "iso3", "date_from"),
    build=_build,
)
