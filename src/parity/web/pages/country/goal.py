"""What it would take to reach a rank: as the brief has it at once, with intervals on request."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Any

import polars as pl

from parity.ask.goal import Goal
from parity.brief.model import GoalSection, Missing
from parity.errors import NoAnswerError, ParityError
from parity.show.document import Document, Note, Table, Text, walk
from parity.views.goal import MOVES, NOTE
from parity.web import shown
from parity.web.pages.country.peers import ranked
from parity.web.pages.country.state import CountryState

PATIENCE = 60
"""Seconds that a request waits for others' searches."""

_lock = Lock()


def stored_goal(section: GoalSection | Missing, country: str, vintage: str) -> dict[str, Any] | None:
    """Return what the brief says it would take to reach the next rank, as a table."""
    if isinstance(section, Missing):
        return None
    names = [column.name for column in MOVES]
    kinds = {name: pl.String if name in ("title", "unit") else pl.Float64 for name in names}
    rows = [
        (move.title, move.spreads, move.now, move.to, move.to_low, move.to_high, move.unit)
        for move in section.moves
    ]
    title = f"To rise from rank {section.rank_now} to {section.rank}: the longest moves"
    document = Document(title, (), data=vintage, command=Goal(country=country, rank=section.rank).command)
    more = f" {section.others} further series move by less." if section.others else ""
    table = Table(pl.DataFrame(rows, kinds, orient="row"), MOVES, title)
    return shown.table(document, table, "goal", NOTE + more)


def goal_part(state: CountryState) -> Mapping[str, Any]:
    """Return what it takes to reach the rank of the address; one request searches, the others wait."""
    if state.country not in ranked() or state.rank is None:
        raise NoAnswerError("choose a ranked country and a rank to reach")
    if not _lock.acquire(timeout=PATIENCE):
        raise ParityError("others are seeking a change right now: try again in a minute")
    try:
        answer = Goal(country=state.country, rank=state.rank).answer()
    finally:
        _lock.release()
    document = answer.document()
    texts = [block.text for block in walk(document.blocks) if isinstance(block, Text)]
    note = next(block.text for block in document.blocks if isinstance(block, Note))
    table = shown.table(document, document.tables()[0], "goal", note)
    return {"told": document.headline, "texts": texts, "table": table}
