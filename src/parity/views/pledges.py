"""Pledges in words and tables."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import polars as pl

from parity.show.document import Column, Document, Table
from parity.views.common import document, frame
from parity.views.names import called, written

if TYPE_CHECKING:
    from parity.ask.answer import Answer
    from parity.pledges import Pledges, PledgeStatus

_COLUMNS = (
    Column("due", "Due", role="time"),
    Column("country", "Country"),
    Column("status", "Status"),
    Column("what", "What"),
    Column("id", "Pledge", role="key"),
    Column("who", "Who", hidden=True),
    Column("evidence", "Evidence", hidden=True),
    Column("source", "Source", role="link", hidden=True),
)
_FACTS = (Column("topic", "What", role="key"), Column("text", "On record"))


def several(answer: Answer[Pledges]) -> Document:
    """Return pledges with their status, by due date."""
    rows = answer.result.pledges
    day = rows[0].status_on
    places = {row.country for row in rows}
    of = f" of {called(next(iter(places)))}" if len(places) == 1 else ""
    counts = Counter(row.status for row in rows).most_common()
    told = ", ".join(f"{count} {status}" for status, count in counts)
    headline = f"{len(rows)} pledge{'' if len(rows) == 1 else 's'}{of} on {written(day)}: {told}."
    names = [column.name for column in _COLUMNS]
    table = frame(([getattr(row, name) for name in names] for row in rows), *names)  # type: ignore[misc]
    return document(answer, f"Pledges{of}", headline, [Table(table, _COLUMNS, f"Pledges as of {day}")])


def one(answer: Answer[Pledges]) -> Document:
    """Return one pledge with its evidence and source."""
    (found,) = answer.result.pledges
    headline = f"{called(found.country)}: {found.what}: {found.status} on {written(found.status_on)}."
    return document(answer, f"Pledge {found.id}", headline, [Table(_facts(found), _FACTS)])


def _facts(found: PledgeStatus) -> pl.DataFrame:
    target = None if found.target is None else f"{found.target:,.15g} {found.unit or ''}".strip()
    made = found.made.isoformat()[: {"day": 10, "month": 7, "year": 4}[found.made_precision]]
    rows = {
        "Who": found.who,
        "What": found.what,
        "Target": target,
        "Made": made,
        "Due": f"{found.due}",
        "Status": f"{found.status}: {found.evidence}",
        "Measured": found.measured and f"{found.measured.text()} {found.measured.unit}",
        "Evidence": found.evidence_source,
        "Source": found.source,
    }
    return frame((row for row in rows.items() if row[1]), "topic", "text")
