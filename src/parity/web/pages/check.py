"""Check a text: its claims highlighted in place, with verdicts and evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import Field

from parity.catalogue import vintage
from parity.claims import FAMILIES, Report
from parity.claims.correction import MOST_CHANGES, fields
from parity.claims.question import MOST_TEXT, Check
from parity.claims.review import MARKS, counts, pieces, quotes
from parity.errors import ParityError
from parity.web import shown
from parity.web.page import Page
from parity.web.state import asked, query_of, state_of

if TYPE_CHECKING:
    from markupsafe import Markup

    from parity.ask.answer import Answer


class CheckState(state_of((Check, "text", "date", "family"))):  # type: ignore[misc]
    """The text, and the fields of its claims that a reader has set: ``reading.2.rank=30``."""

    reading: dict[str, str] = Field(default_factory=dict, max_length=MOST_CHANGES)


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
    answer, told = _checked(state)
    report = None if answer is None else answer.result.report
    # Fields that a form sends back as they were read say nothing: the address leaves them out.
    same = {} if report is None else _as_read(state, report)
    address = query_of(state.model_copy(update={"reading": same}))
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
        "fields": [] if report is None else [fields(one.claim) for one in report.checked],
        "readings": same,
        "quotes": [] if report is None else quotes(state.text, report.checked),
        "table": _table(answer),
    }


def _as_read(state: Any, report: Report) -> dict[str, str]:
    """Return the corrections of the claims that a person has read otherwise."""
    read = {str(n) for n, one in enumerate(report.checked, 1) if one.claim.read_by == "person"}
    return {key: value for key, value in state.reading.items() if key.partition(".")[0] in read}


def _table(answer: Answer[Any] | None) -> Markup | None:
    """Return all verdicts as a table."""
    tables = () if answer is None else answer.document().tables()
    if answer is None or not tables:
        return None
    return shown.table(answer.document(), replace(tables[0], caption="All verdicts as a table"), "claims")


def _checked(state: Any) -> tuple[Answer[Any] | None, str]:
    if not (state.text or "").strip():
        return None, ""
    try:
        set_anew = tuple(f"{key}={value}" for key, value in state.reading.items())
        return asked(Check, state, reading=set_anew).answer(), ""
    except ParityError as problem:
        return None, str(problem)


PAGE = Page(
    slug="check",
    title="Check a text",
    summary="Paste a text on nations and AI: its claims are found and held against the evidence.",
    state=CheckState,
    view=view,
    posted=True,
)
