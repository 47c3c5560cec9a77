"""What it would take to reach a rank, with intervals, on request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parity.ask.goal import Goal
from parity.errors import NoAnswerError
from parity.show.document import Note, Text, walk
from parity.web import shown
from parity.web.pages.country.peers import ranked
from parity.web.pages.country.state import CountryState


def goal_part(state: CountryState) -> Mapping[str, Any]:
    """Return what it takes to reach the rank of the address."""
    if state.country not in ranked() or state.rank is None:
        raise NoAnswerError("choose a ranked country and a rank to reach")
    answer = Goal(country=state.country, rank=state.rank).answer()
    document = answer.document()
    texts = [block.text for block in walk(document.blocks) if isinstance(block, Text)]
    note = next(block.text for block in document.blocks if isinstance(block, Note))
    table = shown.table(document, document.tables()[0], "goal", note)
    return {"told": document.headline, "texts": texts, "table": table}
