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
from parity.catalogue.build._provenance import KIND, KIND_FIELDS, with_kind
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import DataType, Table

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


def _frame(listed: Iterable[Row], schema: Mapping[str, DataType]) -> pl.DataFrame:
    """Return rows as a table: text, with an empty cell as null, dates and numbers read."""
    text = dict.fromkeys(schema, pl.String) | {
        name: dtype for name, dtype in schema.items() if dtype not in (pl.Date, pl.String)
    }
    frame = pl.DataFrame([{"source": SOURCE} | row for row in listed], schema=text)
    strings = frame.with_columns(pl.selectors.string().replace("", None))
    return strings.with_columns(
        pl.col(name).str.to_date("%Y-%m-%d") for name, dtype in schema.items() if dtype == pl.Date
    )


def _timeline(raw: Raw, _: Built) -> pl.DataFrame:
    listed = []
    absent = ("basis", "checked")
    for row in events(raw):
        text = f"{row['instrument']} {row['citation']} {row['summary']}"
        named = [iso3 for iso3, words in reading()["mentions"].items() if re.search(words, text)]
        cells = {name: row.get(name, "") for name in TIMELINE_FIELDS if name not in absent}
        listed.append(cells | {"countries": ";".join(named)})
    frame = _frame(
        [{key: value for key, value in row.items() if key != "source" or value} for row in listed],
        TIMELINE_SCHEMA,
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
        RULES_SCHEMA,
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
    return with_kind(_frame(listed, THRESHOLDS_SCHEMA), _read_on(raw))


def _destinations(raw: Raw, _: Built) -> pl.DataFrame:
    return with_kind(_frame(destinations(raw), DESTINATIONS_SCHEMA), _read_on(raw))


def _country_groups(raw: Raw, _: Built) -> pl.DataFrame:
    listed = [*rows(raw, "country_groups.csv", "iso3", "group", "from", "to"), *reading()["disputed_group"]]
    renamed = [
        {"iso3": row["iso3"], "group": row["group"], "date_from": row["from"], "date_to": row["to"]}
        | {"citation": row["citation"], "basis": row["basis"]}
        for row in listed
    ]
    return with_kind(_frame(renamed, GROUPS_SCHEMA), _read_on(raw))


def _chpl(raw: Raw, _: Built) -> pl.DataFrame:
    listed = rows(raw, "chpl.csv", "hs6", "tier", "description", "list_date")
    marked = [row | {"accelerators": bool(ACCELERATORS.search(row["description"]))} for row in listed]
    return with_kind(_frame(marked, CHPL_SCHEMA), _read_on(raw))


SOURCE_FIELD = {"source": "Key of the source"}
PERIOD = {
    "date_from": "First day in force; null: always",
    "date_to": "First day no longer in force; null: open",
}
TIMELINE_FIELDS = {
    "id": "Key of the event; the same as the rule's where it is one",
    "date_effective": "Day of effect; null where none is known",
    "date_published": "Day of publication",
    "jurisdiction": "US, EU, UK, JP or CN",
    "instrument": "What it is",
    "citation": "Where it is published",
    "status": "in force, superseded, rescinded, letter or reported",
    "source_class": "Kind of source: rule text, letter, filing, guidance, press",
    "summary": "What it does",
    "source_url": "Page read",
    "verification": "How far the text was read",
    "countries": "ISO3 codes that the event speaks of, separated by semicolons",
    "basis": KIND_FIELDS["basis_kind"],
    "checked": KIND_FIELDS["checked"],
} | SOURCE_FIELD
TIMELINE_SCHEMA: dict[str, DataType] = dict.fromkeys(TIMELINE_FIELDS, pl.String) | {
    "date_effective": pl.Date,
    "date_published": pl.Date,
    "checked": pl.Date,
}
RULES_FIELDS = (
    {
        "rule_id": "Key of the rule",
        "title": "What it is",
        "jurisdiction": "US, EU, UK or JP",
        "regime": "Provisions that it belongs to; each regime's requirement stands for itself",
        "kind": "rule, letter, reported (a letter known from the press) or guidance",
    }
    | PERIOD
    | {
        "citation": "Where it is published",
        "source_url": "Page read",
        "verification": "How far the text was read",
        "checked_to": "Day to which later rules were looked for",
        "basis": KIND_FIELDS["basis_kind"],
        "checked": KIND_FIELDS["checked"],
    }
    | SOURCE_FIELD
)
RULES_SCHEMA: dict[str, DataType] = dict.fromkeys(RULES_FIELDS, pl.String) | dict.fromkeys(
    (*PERIOD, "checked"), pl.Date
)
THRESHOLDS_FIELDS = {
    "position": "Order in the rule data",
    "rule_id": "Rule that the test belongs to",
    "paragraph": "Paragraph of the control list or of the rule",
    "clause": "Tests of one clause must all hold; one clause of a paragraph is enough",
    "quantity": "Figure tested; a column of the table of accelerators where the test is about one",
    "operator": ">=, >, <=, <, == or in",
    "value": "Number to compare with; 1 and 0 for yes and no",
    "text": "Words to compare with, separated by |, or a limit that is no number",
    "unit": "Unit of the value",
    "role": "control, exclude, letter, guidance or review (judged); exception, procedure (shown); others",
    "about": "accelerator, transaction or other (not judged)",
    "unless": "Paragraph that is named in this one's place where both are met",
    "exception": "Licence exception that the test belongs to",
    "basis": "How the number is known",
    "source_url": "Page read",
    **KIND_FIELDS,
} | SOURCE_FIELD
THRESHOLDS_SCHEMA: dict[str, DataType] = dict.fromkeys(THRESHOLDS_FIELDS, pl.String) | {
    "position": pl.Int32,
    "value": pl.Float64,
    **KIND,
}
DESTINATIONS_FIELDS = (
    {
        "position": "Order in the rule data",
        "rule_id": "Rule that the row applies",
        "layer": "rule, letter, guidance, alias (ruled as another destination) or elsewhere (not US)",
        "scope": "Destinations and headquarters covered, in the grammar of docs/methods/chips.md",
        "transaction": "Kind of transaction, where it is not an export",
        "item": "Items covered, in the grammar of docs/methods/chips.md",
        "item_text": "Items in the words of the rule data",
    }
    | PERIOD
    | {
        "requirement": "What is required",
        "review_policy": "How an application is looked at; null where no policy is known",
        "review_verified": "Whether the wording of the policy was read",
        "exception": "Codes of licence exceptions that may apply, separated by semicolons",
        "exception_terms": "Terms of the exception",
        "enforced": "yes, no (codified only), reported or guidance",
        "limit": "What the data leave open about this row",
        "note": "What to know about it",
        "basis": "How the row is known",
        "citation": "Where it is published",
        **KIND_FIELDS,
    }
    | SOURCE_FIELD
)
DESTINATIONS_SCHEMA: dict[str, DataType] = (
    dict.fromkeys(DESTINATIONS_FIELDS, pl.String)
    | dict.fromkeys(PERIOD, pl.Date)
    | {"position": pl.Int32, "review_verified": pl.Boolean, **KIND}
)
GROUPS_FIELDS = {"iso3": "Country", "group": "Country group of the US rules"} | PERIOD
GROUPS_FIELDS |= {"citation": "Where it is published", "basis": "How the membership is known"}
GROUPS_FIELDS |= KIND_FIELDS | SOURCE_FIELD
GROUPS_SCHEMA: dict[str, DataType] = (
    dict.fromkeys(GROUPS_FIELDS, pl.String) | dict.fromkeys(PERIOD, pl.Date) | KIND
)
CHPL_FIELDS = {
    "hs6": "Code of the Harmonized System",
    "tier": "Tier of the list",
    "description": "What the code covers, in our words",
    "list_date": "Day of the list",
    "basis": "How the entry is known",
    "accelerators": "Whether processors or accelerator boards are declared under it (own reading)",
    **KIND_FIELDS,
} | SOURCE_FIELD
CHPL_SCHEMA: dict[str, DataType] = dict.fromkeys(CHPL_FIELDS, pl.String) | {
    "list_date": pl.Date,
    "accelerators": pl.Boolean,
    **KIND,
}

RULES = Table("rules", "Export-control rules", RULES_SCHEMA, RULES_FIELDS, ("rule_id",), _rules)
THRESHOLDS = Table(
    "thresholds", "Tests of each rule", THRESHOLDS_SCHEMA, THRESHOLDS_FIELDS, ("position",), _thresholds
)
DESTINATIONS = Table(
    "destinations",
    "Who each rule covers, and what it requires",
    DESTINATIONS_SCHEMA,
    DESTINATIONS_FIELDS,
    ("position",),
    _destinations,
)
COUNTRY_GROUPS = Table(
    "country_groups",
    "Country groups of the US rules, dated",
    GROUPS_SCHEMA,
    GROUPS_FIELDS,
    ("group", "iso3"),
    _country_groups,
)
CHPL = Table(
    "chpl", "Common High Priority List: HS codes and tiers", CHPL_SCHEMA, CHPL_FIELDS, ("hs6",), _chpl
)
TIMELINE = Table("timeline", "Export-control events", TIMELINE_SCHEMA, TIMELINE_FIELDS, ("id",), _timeline)
