"""How far facts go: which rows may decide, until when a table is complete, what is old or unverified."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from parity.catalogue._snapshot import datapackage, load_table, snapshot_date

UNVERIFIED = "background"
# Tables that people wrote -> their columns of address and of basis.
HAND_WRITTEN = {
    "memberships": ("source", "basis"),
    "pledges": ("source", "basis"),
    "public_claims": ("source", "basis"),
    "strategies": ("source", "basis"),
    "published_figures": ("source", "basis"),
    "published_ranks": ("source", "basis"),
    "known_to": ("source", "basis"),
    "groups": ("source", "basis"),
    "model_facts": ("source", "basis"),
    "tie_artefacts": ("source", "basis"),
    "hs_codes": ("pairing_source", "basis"),
    "rules": ("source_url", "basis"),
    "timeline": ("source_url", "basis"),
    "thresholds": ("source_url", "basis_kind"),
    "destinations": ("citation", "basis_kind"),
    "country_groups": ("citation", "basis_kind"),
    "chpl": ("source", "basis_kind"),
    "accelerators": ("source_url", "basis"),
    "accelerator_figures": ("source_url", "basis_kind"),
    "compute_published": ("source_url", "basis"),
}
# Days after which a row that somebody has checked is old.
OLD = 365


def deciding(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that may decide a verdict: those that somebody has held against a source.

    A row of basis "background" comes from general knowledge: it may be shown as unverified, and decides
    nothing.

    Parameters
    ----------
    rows
        Rows of a table with a column ``basis``.
    """
    return rows.filter(pl.col("basis") != UNVERIFIED)


def outcome_of(done_on: dt.date, due: dt.date) -> str:
    """Return what became of something promised by a day: met on the day itself, late from the day after.

    Parameters
    ----------
    done_on
        Day on which it was done.
    due
        Last day.
    """
    return "met" if done_on <= due else "late"


def known_to(table: str, country: str | None = None, part: str | None = None) -> dt.date | None:
    """Return the day until which a table is complete: what is absent after it says nothing.

    Parameters
    ----------
    table
        A table of the catalogue.
    country
        ISO3 code; by default all countries.
    part
        A bloc of ``memberships``, an index of ``published_ranks``, an indicator of ``observations``.

    Returns
    -------
    datetime.date or None
        The most special entry of the table ``known_to``; of observations the end of the last year with a
        value (the day of the data if that is earlier), of flows the last month or year. ``None`` where the
        table is a collection, or holds nothing.
    """
    if table == "observations":
        return _last_year(part, country)
    if table == "published_ranks" and part is not None:
        found = load_table(table).filter(pl.col("index") == part)["published"].max()
        return found if isinstance(found, dt.date) else None
    row = _entry(table, country, part)
    day: dt.date | None = row["known_to"] if row is not None and row["census"] else None
    return day


def looked_to(table: str) -> dt.date | None:
    """Return the day until which a table was looked after; of a collection, too, which need not hold all.

    Parameters
    ----------
    table
        A table of the catalogue.
    """
    row = _entry(table, None, None)
    return row["known_to"] if row is not None else None


def none_on_record(what: str, table: str, country: str | None = None) -> str:
    """Return the words for something that a table does not hold: how far it reaches is part of them."""
    row = _entry(table, country, None)
    if row is None:
        return f"no {what} is on record"
    if not row["census"]:
        return f"no {what} is on record, in a collection known to {row['known_to']}, which need not hold all"
    return f"no {what} is on record, in a list known to reach {row['known_to']}"


def _entry(table: str, country: str | None, part: str | None) -> dict[str, Any] | None:
    rows = load_table("known_to").filter(
        pl.col("table") == table,
        pl.col("iso3").is_in(["", country or ""]),
        pl.col("part").is_in(["", part or ""]),
    )
    # The entry of a country or part goes before the one of all.
    found = rows.sort("part", "iso3", descending=True).head(1)
    return found.row(0, named=True) if found.height else None


def _last_year(indicator: str | None, country: str | None) -> dt.date | None:
    rows = load_table("observations").filter(pl.col("value").is_not_null())
    if indicator is not None:
        rows = rows.filter(pl.col("indicator") == indicator)
        about = load_table("indicators").filter(pl.col("indicator") == indicator)
        if about.height and about["absent"].item() == "zero":
            country = None
    if country is not None:
        rows = rows.filter(pl.col("iso3") == country)
    year = rows["year"].max()
    return min(dt.date(year, 12, 31), snapshot_date()) if isinstance(year, int) else None


@dataclass(frozen=True, slots=True)
class FactsAudit:
    """What is old or unverified in the hand-written tables.

    Attributes
    ----------
    on
        Day of the audit.
    older_than
        Days after which a row is old.
    tables
        One row per table: ``table``, ``rows``, ``unverified``, ``old``, ``oldest`` (day of the row that was
        checked first), ``known_to``.
    rows
        The rows themselves: ``table``, ``row`` (its key), ``why``, ``checked``, ``source``.
    """

    on: dt.date
    older_than: int
    tables: pl.DataFrame
    rows: pl.DataFrame


def audit_facts(
    on: dt.date, older_than: int = OLD, also: Mapping[str, pl.DataFrame] | None = None
) -> FactsAudit:
    """List what is old or unverified in the tables that people wrote.

    Parameters
    ----------
    on
        Day of the audit.
    older_than
        Days after which a row that was checked is old.
    also
        Facts that stand in no table: name -> ``row``, ``basis``, ``checked`` and ``source``.
    """
    written = {name: _facts_of(name) for name in HAND_WRITTEN} | dict(also or {})
    found = {name: _audited(name, rows, on, older_than) for name, rows in written.items()}
    summary = pl.DataFrame(
        [
            {
                "table": name,
                "rows": frame.height,
                "unverified": frame.filter(pl.col("why") == "unverified").height,
                "old": frame.filter(pl.col("why") == "old").height,
                "oldest": frame["checked"].min(),
                "known_to": known_to(name),
            }
            for name, frame in found.items()
        ],
        schema_overrides={"oldest": pl.Date, "known_to": pl.Date},
    )
    rows = pl.concat(frame.filter(pl.col("why") != "") for frame in found.values())
    return FactsAudit(on, older_than, summary, rows)


def _facts_of(name: str) -> pl.DataFrame:
    address, basis = HAND_WRITTEN[name]
    key = next(entry for entry in datapackage()["resources"] if entry["name"] == name)["schema"]["primaryKey"]
    row = pl.concat_str(pl.col(key).cast(pl.String).fill_null(""), separator=" · ")
    return load_table(name).select(row=row, basis=basis, checked="checked", source=address)


def _audited(name: str, facts: pl.DataFrame, on: dt.date, older_than: int) -> pl.DataFrame:
    old = pl.col("checked") < on - dt.timedelta(days=older_than)
    why = pl.when(pl.col("basis") == UNVERIFIED).then(pl.lit("unverified")).when(old).then(pl.lit("old"))
    return facts.select(
        pl.lit(name).alias("table"),
        "row",
        why.otherwise(pl.lit("")).alias("why"),
        "checked",
        pl.col("source").cast(pl.String),
    )
