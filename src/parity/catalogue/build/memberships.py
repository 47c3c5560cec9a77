"""Members of blocs over time; of income groups and regions; states with controls on Russia."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl

from parity.catalogue._facts import UNVERIFIED
from parity.catalogue.build._flow_names import listed
from parity.catalogue.build._provenance import (
    refuse,
    require_provenance,
    written,
)
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import PROVENANCE, table
from parity.errors import ParityError

FILES = ("memberships.toml", "memberships_regional.toml", "memberships_more.toml", "memberships_2026.toml")
STATUSES = ("member", "partner", "observer", "invited")
PRECISIONS = ("day", "month", "year")
CERTAINTIES = ("sourced", "approximate")
# Destinations that the US rule of January 2025 exempts, from the table of its own paragraphs.
RULE = "AI Diffusion Rule"
RULE_TITLE = "United States and the 18 partners exempted by its AI diffusion rule of January 2025"
RULE_GROUP = "AIA"
RULE_READ = dt.date(2026, 11, 23)
# Statements whose signatories are taken from a list of published memberships -> title. Rows of that list
# which nobody has read in a source stay out, so the lists may be short of some.
PUBLISHED, READ = "published-figures-2026", dt.date(2026, 11, 30)
STATEMENTS = {
    "Seoul Ministerial Statement": "Seoul Ministerial Statement on AI safety: signatories found",
    "Paris AI Statement": "Paris statement on inclusive and sustainable AI: signatories found",
    "New Delhi Declaration on AI Impact": "New Delhi Declaration on AI Impact: signatories found, of 91",
}


def _build(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    frame = pl.DataFrame(list(_listed()), schema=TABLE.schema)
    frame = pl.concat([frame, _rule(raw), _statements(raw, built["countries"]["iso3"])])
    return checked(frame, built["countries"]["iso3"])


def checked(frame: pl.DataFrame, countries: pl.Series) -> pl.DataFrame:
    """Return the table if it is sound."""
    require_provenance("memberships", frame, "bloc")
    period = pl.col("date_to").is_null() | (pl.col("date_from") < pl.col("date_to"))
    faults = {
        "names no country": ~pl.col("iso3").is_in(countries.to_list()),
        "has an unknown status": ~pl.col("status").is_in(STATUSES),
        "has an unknown precision": ~pl.col("precision").is_in(PRECISIONS),
        "has an unknown certainty": ~pl.col("certainty").is_in(CERTAINTIES),
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
    refuse("memberships", frame, faults, pl.format("{} in {} from {}", "iso3", "bloc", "date_from"))
    return frame


def _listed() -> Iterator[dict[str, Any]]:
    """Yield the rows of the TOML files, members' spells cut where they were suspended."""
    for file in FILES:
        for bloc, entry in written(file):
            known = {"bloc": bloc, "title": entry["title"]}
            shared = {"checked": entry["checked"], "basis": entry["basis"]}
            spells = [known | row for change in entry["changes"] for row in _rows(shared | change)]
            for suspension in entry.get("suspensions", ()):
                for row in _rows(shared | suspension):
                    change = cut if row["basis"] != UNVERIFIED else remark
                    spells = list(change(spells, known | row))
            yield from spells


def _rows(change: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a row for each country of an entry."""
    for iso3 in change["members"]:
        yield {
            "iso3": iso3,
            "date_from": change["from"],
            "date_to": change.get("to"),
            "precision": change.get("precision", "day"),
            "status": change.get("status", "member"),
            "suspended": False,
            "disputed": change.get("disputed", False),
            "certainty": change.get("certainty", "sourced"),
            **{column: change.get(column) for column in PROVENANCE},
        }


def cut(spells: Iterable[dict[str, Any]], pause: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield spells of membership, that of one country cut in up to three by a suspension."""
    start, end = pause["date_from"], pause["date_to"]
    found = False
    for spell in spells:
        inside = spell["status"] == "member" and spell["date_from"] <= start
        inside &= spell["date_to"] is None or (end is not None and end <= spell["date_to"])
        if spell["iso3"] != pause["iso3"] or not inside or spell["suspended"]:
            yield spell
            continue
        found = True
        if spell["date_from"] < start:
            yield spell | {"date_to": start}
        yield pause | {"suspended": True}
        if end is not None and end != spell["date_to"]:
            # What says that the suspension was lifted is what dates the rest.
            rest = {
                "precision": "day",
                **{column: pause[column] for column in PROVENANCE},
                "note": "Suspended until this day; member before",
            }
            yield spell | {"date_from": end, "certainty": pause["certainty"]} | rest
    if not found:
        raise ParityError(f"memberships: {pause['iso3']} in {pause['bloc']} was no member on {start}")


def remark(spells: Iterable[dict[str, Any]], pause: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield spells of membership, with a suspension that nobody has verified in the note of its spell."""
    words = f"Suspended from {pause['date_from']} to {pause['date_to']}, unverified"
    for spell in spells:
        inside = spell["iso3"] == pause["iso3"] and spell["date_from"] <= pause["date_from"]
        if inside and (spell["date_to"] is None or pause["date_to"] <= spell["date_to"]):
            yield spell | {"note": "; ".join(filter(None, (spell["note"], words)))}
        else:
            yield spell


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
        suspended=pl.lit(value=False),
        disputed=pl.lit(value=False),
        certainty=pl.lit("sourced"),
        source="citation",
        checked=pl.lit(RULE_READ),
        basis=pl.lit("read"),
        note="basis",
    )


def _statements(raw: Raw, countries: pl.Series) -> pl.DataFrame:
    """Return who signed statements on artificial intelligence, as far as it was read."""
    columns = ("bloc", "iso3", "status", "from", "certainty", "source_url", "basis", "note")
    listed = raw.folder(PUBLISHED).csv("memberships.csv", *columns)
    kept = listed.filter(
        pl.col("bloc").is_in(list(STATEMENTS)),
        pl.col("iso3").is_in(countries.to_list()),
        pl.col("basis") != UNVERIFIED,
        status="signatory",
    )
    sure = pl.when(certainty="exact").then(pl.lit("sourced")).otherwise(pl.lit("approximate"))
    return kept.select(
        bloc="bloc",
        title=pl.col("bloc").replace_strict(STATEMENTS, return_dtype=pl.String),
        iso3="iso3",
        date_from=pl.col("from").str.to_date(),
        date_to=pl.lit(None, pl.Date),
        precision=pl.lit("day"),
        status=pl.lit("member"),
        suspended=pl.lit(value=False),
        disputed=pl.lit(value=False),
        certainty=sure,
        source="source_url",
        checked=pl.lit(READ),
        basis="basis",
        note=pl.col("note").replace("", None),
    )


TABLE = table("memberships", _build)


GROUPS_READ = date(2026, 11, 23)


def _build_groups(_: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    countries = built["countries"]
    return pl.concat([*_classes(countries), _controls()]).select(list(GROUPS.schema))


def _classes(countries: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the World Bank's income groups and regions."""
    for column, kind in (("income_group", "income"), ("region", "region")):
        yield countries.filter(pl.col(column).is_not_null()).select(
            pl.col(column).alias("group"),
            "iso3",
            kind=pl.lit(kind),
            title=pl.lit("World Bank ") + kind + ": " + pl.col(column),
            source=pl.lit("country-codes"),
            basis=pl.lit("file"),
            checked=pl.lit(GROUPS_READ),
        )


def _controls() -> pl.DataFrame:
    """Return the states beside the European Union that impose controls on Russia."""
    rows = [(iso3, entry["source"]) for entry in listed()["controls"] for iso3 in entry["members"]]
    return pl.DataFrame(rows, schema=["iso3", "source"], orient="row").select(
        pl.lit("Controls on Russia").alias("group"),
        "iso3",
        pl.lit("controls").alias("kind"),
        pl.lit("States beside the European Union with controls on Russia").alias("title"),
        "source",
        basis=pl.lit("read"),
        checked=pl.lit(GROUPS_READ),
    )


GROUPS = table("groups", _build_groups)
