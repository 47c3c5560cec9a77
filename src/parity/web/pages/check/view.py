"""What the page that checks a text shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from parity.catalogue import vintage
from parity.claims import FAMILIES, Checked, Report, Verdict, check
from parity.errors import ParityError
from parity.web.pages.check.state import MOST_TEXT, CheckState
from parity.web.state import query_of

# An address of this length works in every browser and passes every server.
MOST_ADDRESS = 6_000
MARKS = {
    Verdict.SUPPORTED: ("supported", "✓"),
    Verdict.CONTRADICTED: ("contradicted", "✗"),
    Verdict.PARTLY: ("partly", "±"),
    Verdict.DEPENDS: ("depends", "≈"),
    Verdict.CANNOT: ("cannot", "?"),
}
EXAMPLE = (
    "Published 1 January 2025. Russia ranks 31st out of 83 countries in the Global AI Index, well behind "
    "the United States, China, India and Brazil. A bank's deputy head said that Russia is six to nine months "
    "behind the US and China in AI. The world's large chip producers have halted exports to Russia. Prime "
    "Minister Mikhail Mishustin must report on the results by April 2025."
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text under the same claims.

    Attributes
    ----------
    text
        As it was given.
    claims
        Numbers of the claims that it belongs to, the closest first, from 1.
    kind
        Verdict of the closest, as a class of the style sheet; empty outside of claims.
    ends
        Numbers and kinds of the claims that end here.
    """

    text: str
    claims: tuple[int, ...]
    kind: str
    ends: tuple[tuple[int, str], ...]


def view(state: CheckState) -> Mapping[str, Any]:
    """Return the text with its claims marked, and what became of each."""
    report, told = _report(state)
    address = query_of(state)
    return {
        "report": report,
        "told": told,
        "pieces": [] if report is None else pieces(state.text, report.checked),
        "marks": MARKS,
        "counts": [] if report is None else _counts(report),
        "families": {name: name.capitalize() for name in FAMILIES},
        "most": MOST_TEXT,
        "example": EXAMPLE,
        "share": address if state.text and len(address) <= MOST_ADDRESS else "",
        "vintage": vintage(),
    }


def _report(state: CheckState) -> tuple[Report | None, str]:
    if not state.text.strip():
        return None, ""
    try:
        return check(state.text, state.date, families=[state.family] if state.family else ()), ""
    except ParityError as problem:
        return None, str(problem)


def _counts(report: Report) -> list[tuple[str, str, str, int]]:
    """Return class, sign, name and number of claims, for each verdict that was given."""
    found = Counter(one.judgement.verdict for one in report.checked)
    return [(*MARKS[verdict], verdict.value, found[verdict]) for verdict in Verdict if found[verdict]]


def pieces(text: str, checked: Sequence[Checked]) -> list[Piece]:
    """Cut a text where claims begin and end; claims may overlap.

    Parameters
    ----------
    text
        The text.
    checked
        Claims with their verdicts; numbered from 1 in this order.
    """
    spans = [one.claim.span for one in checked]
    cuts = sorted({0, len(text), *(place for span in spans for place in span)})
    found = []
    for start, end in pairwise(cuts):
        over = [n for n, (a, b) in enumerate(spans) if a <= start and end <= b]
        over.sort(key=lambda n: spans[n][1] - spans[n][0])
        ends = [n for n in over if spans[n][1] == end]
        found.append(
            Piece(
                text[start:end],
                tuple(n + 1 for n in over),
                _kind(checked[over[0]]) if over else "",
                tuple((n + 1, _kind(checked[n])) for n in sorted(ends)),
            )
        )
    return found


def _kind(one: Checked) -> str:
    return MARKS[one.judgement.verdict][0]
