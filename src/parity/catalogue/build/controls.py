"""Export-control rules as rows: what is tested, for whom, since when, on whose authority."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl

from parity.catalogue.build._control_reading import (
    SOURCE,
    Row,
    by_prefix,
    checked_to,
    destinations,
    events,
    reading,
    rows,
    thresholds,
)
from parity.catalogue.build._provenance import with_kind
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import Table, table

Built = Mapping[str, pl.DataFrame]
# Entries of the high-priority list under which processors and accelerator boards are declared.
ACCELERATORS = re.compile("processor|processing units|accelerator")
# Kind of a source -> what it is to the evaluator.
KINDS = {
    "is_informed_letter": "letter",
    "company_filing": "letter",
    "press_report": "reported",
    "rule_text": "rule",
    "agency_guidance": "guidance",
}


def _frame(listed: Iterable[Row], table: Table) -> pl.DataFrame:
    """Return rows as a table: text, with an empty cell as null, dates and numbers read."""
    dates = [name for name, dtype in table.schema.items() if dtype == pl.Date]
    text = dict(table.schema) | dict.fromkeys(dates, pl.String)
    frame = pl.DataFrame([{"source": SOURCE} | row for row in listed], schema=text)
    strings = frame.with_columns(pl.selectors.string().replace("", None))
    return strings.with_columns(pl.col(dates).str.to_date("%Y-%m-%d"))


def _timeline(raw: Raw, _: Built) -> pl.DataFrame:
    listed = []
    for row in events(raw):
        text = f"{row['instrument']} {row['citation']} {row['summary']}"
        named = [iso3 for iso3, words in reading()["mentions"].items() if re.search(words, text)]
        cells = {name: row.get(name, "") for name in TIMELINE.schema if name not in ("basis", "checked")}
        listed.append(cells | {"countries": ";".join(named)})
    frame = _frame(
        [{key: value for key, value in row.items() if key != "source" or value} for row in listed],
        TIMELINE,
    )
    return with_kind(frame, _read_on(raw), "verification", "basis")


def _rules(raw: Raw, _: Built) -> pl.DataFrame:
    known = {row["id"]: row for row in events(raw)}
    applied = destinations(raw)
    named = sorted({row["rule_id"] for row in [*applied, *thresholds(raw)]})
    checked = checked_to(raw)
    frame = _frame(
        [
            _rule(rule_id, known[rule_id], [row for row in applied if row["rule_id"] == rule_id])
            | {"checked_to": checked}
            for rule_id in named
        ],
        RULES,
    )
    return with_kind(frame, _read_on(raw), "verification", "basis")


def _read_on(raw: Raw) -> date:
    """Return the day on which the rule data were read."""
    return date.fromisoformat(str(raw.folder(SOURCE).about["retrieved"]))


def _rule(rule_id: str, event: Row, applied: list[Row]) -> Row:
    starts = [row["date_from"] for row in applied if row["date_from"]]
    ends = [row["date_to"] for row in applied]
    return {
        "rule_id": rule_id,
        "title": event["instrument"],
        "jurisdiction": event["jurisdiction"],
        "regime": by_prefix("regime", rule_id),
        "kind": KINDS[event["source_class"]],
        "date_from": event["date_effective"] or min(starts, default=""),
        # A rule has ended where every row that applies it has.
        "date_to": max(ends) if ends and all(ends) else "",
        "citation": event["citation"],
        "source_url": event["source_url"],
        "verification": event["verification"],
    }


def _thresholds(raw: Raw, _: Built) -> pl.DataFrame:
    # A test that names no page of its own comes from the page of its rule.
    pages = {row["id"]: row["source_url"] for row in events(raw)}
    listed = [row | {"source_url": row["source_url"] or pages[row["rule_id"]]} for row in thresholds(raw)]
    return with_kind(_frame(listed, THRESHOLDS), _read_on(raw))


def _destinations(raw: Raw, _: Built) -> pl.DataFrame:
    return with_kind(_frame(destinations(raw), DESTINATIONS), _read_on(raw))


def _country_groups(raw: Raw, _: Built) -> pl.DataFrame:
    listed = [*rows(raw, "country_groups.csv", "iso3", "group", "from", "to"), *reading()["disputed_group"]]
    renamed = [
        {"iso3": row["iso3"], "group": row["group"], "date_from": row["from"], "date_to": row["to"]}
        | {"citation": row["citation"], "basis": row["basis"]}
        for row in listed
    ]
    return with_kind(_frame(renamed, COUNTRY_GROUPS), _read_on(raw))


def _chpl(raw: Raw, _: Built) -> pl.DataFrame:
    listed = rows(raw, "chpl.csv", "hs6", "tier", "description", "list_date")
    marked = [row | {"accelerators": bool(ACCELERATORS.search(row["description"]))} for row in listed]
    return with_kind(_frame(marked, CHPL), _read_on(raw))


RULES = table("rules", _rules)
THRESHOLDS = table("thresholds", _thresholds)
DESTINATIONS = table("destinations", _destinations)
COUNTRY_GROUPS = table("country_groups", _country_groups)
CHPL = table("chpl", _chpl)
TIMELINE = table("timeline", _timeline)
