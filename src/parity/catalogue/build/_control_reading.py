"""Our reading of the export-control rule data: the wording of each cell -> what the evaluator reads."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from parity.catalogue.build._raw import Raw
from parity.errors import ParityError

SOURCE = "export-controls"
LETTERS = "chips-2026"
Row = dict[str, Any]


@cache
def reading() -> Mapping[str, Any]:
    """Return the content of ``controls.toml``."""
    return tomllib.loads(Path(__file__).with_name("controls.toml").read_text(encoding="utf-8"))


@cache
def more() -> Mapping[str, Any]:
    """Return the content of ``controls_more.toml``."""
    return tomllib.loads(Path(__file__).with_name("controls_more.toml").read_text(encoding="utf-8"))


def events(raw: Raw) -> list[Row]:
    """Return the events of the timeline: those of the rule data, and later ones of the letters table."""
    listed = rows(raw, "timeline.csv", "id", "date_effective", "jurisdiction", "source_class")
    frame = raw.folder(LETTERS).csv("letters.csv", "id", "kind", "date", "effective", "scope", "effect")
    found = {
        row["id"]: {key: value or "" for key, value in row.items()} for row in frame.iter_rows(named=True)
    }
    return [*listed, *(_event(found[name]) for name in more()["events"])]


def _event(row: Row) -> Row:
    """Return a row of the letters table as an event."""
    place = row["id"].partition("_")[0].upper()
    return {
        "id": row["id"],
        "date_effective": _whole(row["effective"]),
        "date_published": _whole(row["date"]),
        "jurisdiction": place if place in ("EU", "UK", "JP", "KR", "TW", "MY") else "US",
        "instrument": f"{row['effect']}: {row['scope']}",
        "citation": row["citation"],
        "status": row["status"],
        "source_class": "rule_text" if row["kind"] == "rule" else "press_report",
        "summary": row["note"] or row["effect"],
        "source_url": row["source_url"],
        "verification": "unverified"
        if row["basis"] == "background"
        else f"{row['basis']} on {more()['checked']}",
        "source": LETTERS,
    }


def _whole(day: str) -> str:
    """Return a whole day; a month or a year alone is none."""
    return day if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else ""


def read(kind: str, wording: str) -> Any:
    """Return what a wording means.

    ``kind``: table of ``controls.toml``.
    """
    known = reading()[kind]
    if wording not in known:
        raise ParityError(f"{SOURCE}: {kind}: '{wording}' is new wording; add its reading to controls.toml")
    return known[wording]


def by_prefix(kind: str, name: str) -> str:
    """Return the entry whose key a name starts with; empty where there is none."""
    return next((value for key, value in reading()[kind].items() if name.startswith(key)), "")


def rows(raw: Raw, file: str, *required: str) -> list[Row]:
    """Return a file of the rule data as rows of text, an empty cell as an empty text."""
    frame = raw.folder(SOURCE).csv(file, *required)
    return [{key: value or "" for key, value in row.items()} for row in frame.iter_rows(named=True)]


def thresholds(raw: Raw) -> list[Row]:
    """Return the tests of every rule, the levels of reference devices as numbers."""
    listed = []
    stated = {row["rule_id"] for row in more()["condition"]}
    for row in rows(raw, "thresholds.csv", "rule_id", "item_paragraph", "quantity", "combine", "role"):
        said = row["rule_id"] in stated and row["quantity"] in reading()["transaction_quantities"]
        if row["unit"] != "reference_device" and not said:
            listed.append(_test(row))
    examples = {row["device"]: row for row in rows(raw, "worked_examples.csv", "device")}
    listed += [test for level in reading()["level"] for test in _level(level, examples)]
    listed += [test for letter in reading()["named"] for test in _named(letter)]
    listed += _to_makers(listed)
    designed_there = _letter_test("us_gp10_2025_05", "prc", "maker_country", "in")
    listed.append(designed_there | {"text": "CHN", "role": "guidance", "basis": "secondary"})
    listed += [_letter_test(**{key: row[key] for key in _ADDRESS}) | row for row in more()["test"]]
    listed += [_condition(row) for row in more()["condition"]]
    return [row | {"position": position} for position, row in enumerate(listed)]


def _test(row: Row) -> Row:
    quantity, about = _quantity(row["quantity"])
    role = read("roles", row["role"])
    value, text = _value(row["value"])
    return {
        "rule_id": row["rule_id"],
        "paragraph": row["item_paragraph"],
        "clause": row["combine"].removeprefix("all_of:"),
        "quantity": quantity,
        "operator": row["operator"],
        "value": value,
        "text": text,
        "unit": row["unit"],
        "role": role,
        "about": about,
        "unless": reading()["unless"].get(row["item_paragraph"], ""),
        "exception": by_prefix("exception_of", row["item_paragraph"]) if role in _OF_EXCEPTIONS else "",
        "basis": row["basis"],
        "source_url": row["source_url"],
    }


_OF_EXCEPTIONS = ("exception", "procedure", "cap")


def _quantity(wording: str) -> tuple[str, str]:
    """Return the name of a quantity and what it says something about."""
    if wording in reading()["quantities"]:
        return reading()["quantities"][wording], "accelerator"
    if wording in reading()["transaction_quantities"]:
        return reading()["transaction_quantities"][wording], "transaction"
    return wording, "other"


def _value(wording: str) -> tuple[float | None, str]:
    if wording in ("true", "false"):
        return float(wording == "true"), ""
    try:
        return float(wording), ""
    except ValueError:
        return None, wording


def _level(level: Row, examples: Mapping[str, Row]) -> Iterator[Row]:
    """Yield "at the level of that device" as numbers."""
    device = examples[level["device"]]
    for number, (quantity, column) in enumerate(level["figures"].items()):
        clause = "level" if level["join"] == "all" else f"level_{number}"
        yield _letter_test(level["rule_id"], clause, quantity, ">=") | {
            "value": float(device[column]),
            "basis": f"filing text; level of {level['device']}",
        }


def _named(letter: Row) -> Iterator[Row]:
    """Yield "these products of that maker"."""
    yield _letter_test(letter["rule_id"], "named", "product", "in") | {"text": "|".join(letter["products"])}
    yield _letter_test(letter["rule_id"], "named", "maker", "in") | {"text": letter["maker"]}


_ADDRESS = ("rule_id", "clause", "quantity", "operator")


def _condition(row: Row) -> Row:
    """Return a requirement of a review policy: one that a ruling shows and does not judge."""
    return _letter_test(row["rule_id"], "condition", "condition", "") | {
        "text": row["text"],
        "role": "review",
        "about": "transaction",
        "basis": "read",
        "source_url": row["source_url"],
    }


def _to_makers(listed: list[Row]) -> list[Row]:
    """Return one more test per clause of a letter: it binds the firm that it went to."""
    clauses = {(row["rule_id"], row["clause"]) for row in listed if row["clause"] != "named"}
    addressed = sorted(pair for pair in clauses if pair[0] in reading()["letter_to"])
    return [
        _letter_test(rule_id, clause, "maker", "in") | {"text": reading()["letter_to"][rule_id]}
        for rule_id, clause in addressed
    ]


_LETTER: Row = dict.fromkeys(("text", "unit", "unless", "exception", "source_url"), "")
_LETTER |= {"value": None, "role": "letter", "about": "accelerator", "basis": "filing text"}


def _letter_test(rule_id: str, clause: str, quantity: str, operator: str) -> Row:
    test = {"rule_id": rule_id, "paragraph": clause, "clause": clause}
    return _LETTER | test | {"quantity": quantity, "operator": operator}


def destinations(raw: Raw) -> list[Row]:
    """Return who is in scope of what, from when to when."""
    listed = []
    for row in rows(raw, "destinations.csv", "rule_id", "scope", "item", "requirement", "enforced"):
        listed += [one for whole in _cut(row) for one in _amended(row, whole)]
    listed += [_inferred(row) for row in reading()["inferred_destination"]]
    listed += [_ADDED | row for row in more()["row"]]
    return [row | {"position": position} for position, row in enumerate(listed)]


_ADDED: Row = dict.fromkeys(
    ("transaction", "review_policy", "exception", "exception_terms", "limit", "note"), ""
)
_ADDED |= {"review_verified": True}


def _amended(row: Row, built: Row) -> list[Row]:
    """Return a row as it is, or as the rows that replace it."""
    for entry in more()["amended"]:
        if (entry["rule_id"], entry["scope"]) == (row["rule_id"], row["scope"]):
            return [
                built | changed | {"basis": f"{built['basis']}; {entry['why']}"} for changed in entry["rows"]
            ]
    return [built]


def _cut(row: Row) -> list[Row]:
    """Return a row of the rule data as one row, or as two where its policy has a date of its own."""
    whole = _destination(row)
    since = reading()["review_since"].get(row["review_policy"])
    if since is None:
        return [whole]
    return [
        whole | {"review_policy": "", "date_to": since.isoformat()},
        whole | {"date_from": since.isoformat()},
    ]


def _destination(row: Row) -> Row:
    layer = read("requirements", row["requirement"])
    item = read("items", row["item"])
    review, terms = read("reviews", row["review_policy"])
    exception, remark = read("exceptions", row["licence_exception"])
    return {
        "rule_id": row["rule_id"],
        "layer": "letter" if row["rule_id"].startswith("us_letter") else layer,
        "scope": reading()["scopes"].get(row["scope"], row["scope"]),
        "transaction": reading()["transactions"].get(row["scope"], ""),
        "item": item,
        "item_text": row["item"],
        "date_from": row["date_from"],
        "date_to": row["date_to"],
        "requirement": row["requirement"],
        "review_policy": review,
        "review_verified": "review" not in row["basis"] or "unverified" not in row["basis"],
        "exception": exception,
        "exception_terms": "; ".join(filter(None, (terms, remark))),
        "enforced": read("enforced", row["enforced"]),
        "limit": reading()["limits"].get(item, "") if layer == "rule" else "",
        "note": "",
        "basis": row["basis"],
        "citation": row["citation"],
    }


def _inferred(row: Row) -> Row:
    given = {key: row[key] for key in ("rule_id", "scope", "item", "basis", "citation")}
    dates = {key: row[key].isoformat() for key in ("date_from", "date_to")}
    words = {"item_text": "as the letter says", "requirement": "licence_required"}
    return (
        _ADDED | given | dates | words | {"layer": "letter", "review_policy": "not_stated", "enforced": "yes"}
    )


def checked_to(raw: Raw) -> str:
    """Return the day to which later rules were looked for: that of the latest check in the letters table."""
    frame = raw.folder(LETTERS).csv("letters.csv", "id", "kind", "date")
    days = [row["date"] for row in frame.iter_rows(named=True) if row["kind"] == "check"]
    return str(max(days))
