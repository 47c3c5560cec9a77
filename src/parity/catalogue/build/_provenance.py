"""Provenance of hand-written tables: their entries, how they are known, and how days are written in them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from parity import dates
from parity.catalogue._facts import UNVERIFIED
from parity.errors import ParityError

# file: copied or counted by script; read: read in a page; background: from general knowledge, unverified.
BASES = ("file", "read", UNVERIFIED)

_UNREAD = re.compile(
    r"^(unverified|inference|CONFLICT|start da(te|y) unverified)|; unverified:"
    r"|TOPS(, die and bandwidth)? unverified|INT8 130 unverified"
)
_BY_SCRIPT = re.compile(r"^(by script|own arithmetic)|hardware table$|in eCFR table")


def kind_of(words: str) -> str:
    """Return in one word how a row is known, from the words that its source record has for it."""
    if _UNREAD.search(words):
        return UNVERIFIED
    return "file" if _BY_SCRIPT.search(words) else "read"


def with_kind(frame: pl.DataFrame, day: date, words: str = "basis", name: str = "basis_kind") -> pl.DataFrame:
    """Add the kind of basis, and the day on which what is not unverified was read."""
    kind = frame[words].fill_null("").map_elements(kind_of, return_dtype=pl.String)
    checked = pl.when(pl.lit(kind) != UNVERIFIED).then(pl.lit(day))
    return frame.with_columns(pl.lit(kind).alias(name), checked=checked)


def last_day(text: str) -> tuple[date | None, str | None]:
    """Return the last day that a date written as day, month or year covers, and its precision."""
    if not text:
        return None, None
    return dates.read(text, ahead=True), ("year", "month", "day")[text.count("-")]


def written(file: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the entries of a hand-written file beside this one, each with its name, day and basis.

    The file's own ``checked`` holds for every entry that names no other day; what is unverified has none.
    """
    entries = tomllib.loads(Path(__file__).with_name(file).read_text(encoding="utf-8"))
    shared = {"checked": entries.pop("checked"), "basis": "read"}
    for name, entry in entries.items():
        row = shared | entry
        yield name, row | {"checked": None} if row["basis"] == UNVERIFIED else row


def require_provenance(table: str, frame: pl.DataFrame, name: str) -> None:
    """Refuse a row without source, day or known basis that does not say that it is unverified."""
    unsure = pl.col("basis") == UNVERIFIED
    faults = {
        "has an unknown basis": ~pl.col("basis").is_in(BASES).fill_null(value=False),
        "has no source": ~unsure & (pl.col("source").fill_null("").str.strip_chars() == ""),
        "has no day on which it was checked": ~unsure & pl.col("checked").is_null(),
    }
    refuse(table, frame, faults, pl.col(name))


def refuse(table: str, frame: pl.DataFrame, faults: Mapping[str, pl.Expr], row: pl.Expr) -> None:
    """Refuse the first row that has one of some faults, called by what tells it from others."""
    for fault, wrong in faults.items():
        if called := frame.filter(wrong).select(row.cast(pl.String)).to_series().to_list():
            raise ParityError(f"{table}: {called[0]} {fault}")
