"""What the page that checks a text shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parity.catalogue import vintage
from parity.claims import FAMILIES, Report
from parity.claims.question import MOST_TEXT, Check
from parity.claims.review import MARKS, counts, pieces
from parity.errors import ParityError
from parity.web.state import asked, query_of, state_of

CheckState = state_of(Check, "text", "date", "family")
# An address of this length works in every browser and passes every server.
MOST_ADDRESS = 6_000
EXAMPLE = (
    "Published 1 January 2025. Russia ranks 31st out of 83 countries in the Global AI Index, well behind "
    "the United States, China, India and Brazil. A bank's deputy head said that Russia is six to nine months "
    "behind the US and China in AI. The world's large chip producers have halted exports to Russia. Prime "
    "Minister Mikhail Mishustin must report on the results by April 2025."
)


def view(state: Any) -> Mapping[str, Any]:
    """Return the text with its claims marked, and what became of each."""
    report, told = _report(state)
    address = query_of(state)
    return {
        "report": report,
        "told": told,
        "pieces": [] if report is None else pieces(state.text, report.checked),
        "marks": MARKS,
        "counts": [] if report is None else counts(report),
        "families": {name: name.capitalize() for name in FAMILIES},
        "most": MOST_TEXT,
        "example": EXAMPLE,
        "share": address if state.text and len(address) <= MOST_ADDRESS else "",
        "vintage": vintage(),
    }


def _report(state: Any) -> tuple[Report | None, str]:
    if not (state.text or "").strip():
        return None, ""
    try:
        found: Report = asked(Check, state).answer().result.report  # type: ignore[union-attr]
    except ParityError as problem:
        return None, str(problem)
    return found, ""
