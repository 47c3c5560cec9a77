"""The columns of provenance that every hand-written table carries, and how days are written in them."""

from __future__ import annotations

from datetime import date

import polars as pl

from parity import dates
from parity.catalogue.build._table import DataType

# file: copied or counted by script; read: read in a page; background: from general knowledge, unverified.
BASES = ("file", "read", "background")
PROVENANCE: dict[str, DataType] = {
    "source": pl.String,
    "checked": pl.Date,
    "basis": pl.String,
    "note": pl.String,
}
PROVENANCE_FIELDS = {
    "source": "Address of the page or file that states it; null: none was read",
    "checked": "Day on which the row was last held against its source; null: never",
    "basis": "file (copied by script), read (read in a page), background (unverified: decides nothing)",
    "note": "What to know before use",
}


def last_day(text: str) -> tuple[date | None, str | None]:
    """Return the last day that a date written as day, month or year covers, and its precision."""
    if not text:
        return None, None
    return dates.read(text, ahead=True), ("year", "month", "day")[text.count("-")]
