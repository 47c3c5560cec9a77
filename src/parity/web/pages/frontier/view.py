"""What the frontier page shows: the answer of `parity lag`, and the controls that ask it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parity.ask import frontier as shared
from parity.ask.capability import DOMAINS, CapabilityList
from parity.ask.lag import SINCE, Lag
from parity.dates import number_of
from parity.errors import ParityError
from parity.frontier import ScenarioOptions
from parity.show.document import Document, Group, Note, Text, walk
from parity.web import shown
from parity.web.page import Choice
from parity.web.pages.frontier.names import choices
from parity.web.state import asked, query_of, state_of

FrontierState = state_of(
    (Lag, "of", "behind", "on", "domain", "include_derived", "projection"),
    (Lag, "days", "utilisation", "share", "accelerators", "scope"),
    (CapabilityList, "by"),
    of="",
)
FIRST_DAY = SINCE
"""First day of the slider; lags are averaged from then on."""
BY = {"country": "Country", "developer": "Developer", "openness": "Openness of weights", "domain": "Domain"}
_WHAT = ("by", "domain", "include_derived")
_WHO = ("of", "behind", "on", "include_derived")
_AHEAD = ("of", "behind", "include_derived", "domain", "projection")
_ASSUMED = (*_WHO, "domain", "days", "utilisation", "share", "accelerators", "scope")


def choose(state: Any) -> Choice | None:
    """Return the sides, where none is chosen."""
    if state.of:
        return None
    return Choice("How far behind is who?", "of", "a country, bloc or developer", choices(derived=False))


def view(state: Any) -> Mapping[str, Any]:
    """Return the page: its controls, and the lag with its figure and its table."""
    common = {
        "sides": choices(derived=state.include_derived),
        "domains": {name: name.capitalize() for name in DOMAINS},
        "by": BY,
        "usual": ScenarioOptions(),
        "first": number_of(FIRST_DAY),
        "last": number_of(shared.last_day()),
        "at": number_of(state.on or shared.last_day()),
        "part_address": {
            "models": query_of(only(state, *_WHAT)),
            "parameters": query_of(only(state, *_WHO)),
            "scenario": query_of(only(state, *_ASSUMED)),
            "ahead": query_of(only(state, *_AHEAD)),
        },
    }
    try:
        answer = asked(Lag, only(state, *_WHO, "domain")).answer()
    except ParityError as problem:
        told = {"told": str(problem), "finding": "No lag can be told", "lag": None, "compares": False}
        return common | told
    document = answer.document()
    note = next(block.text for block in document.blocks if isinstance(block, Note))
    return common | {
        "told": "",
        "finding": document.headline,
        "explained": next(block.text for block in document.blocks if isinstance(block, Text)),
        "lag": answer.result.lag,  # type: ignore[union-attr]
        "figure": shown.figure(document, answer.chart()),
        "measures": shown.table(document, document.tables()[0], "measures", note),
        "compares": shared.pair(state.of, state.behind).by == "country",
    }


def models_part(state: Any) -> Mapping[str, Any]:
    """Return the figure of all models."""
    document = asked(CapabilityList, state).answer().document()
    return {"figure": shown.figure(document, document.charts()[0])}


def parameters_part(state: Any) -> Mapping[str, Any]:
    """Return the lag by parameter, for countries."""
    document = asked(Lag, only(state, *_WHO), parameters=True).answer().document()
    return {"figure": shown.figure(document, document.charts()[0])}


def scenario_part(state: Any) -> Mapping[str, Any]:
    """Return what a country's accelerators could train, under the assumptions of the address."""
    document = asked(Lag, state, scenario=True, projection=False).answer().document()
    return {"table": shown.table(document, document.tables()[-1], "scenario", _last_note(document))}


def ahead_part(state: Any) -> Mapping[str, Any]:
    """Return the trend carried forward with its backtest, where it is asked for."""
    if not state.projection:
        return {"figure": None, "texts": []}
    document = asked(Lag, only(state, *_AHEAD)).answer().document()
    texts = [block.text for block in walk(document.blocks) if isinstance(block, Text)][1:]
    charts = [chart for chart in document.charts() if chart.name == "ahead"]
    return {"figure": shown.figure(document, charts[0]) if charts else None, "texts": texts}


def _last_note(document: Document) -> str:
    """Return the assumptions: the note of the last group."""
    group = [block for block in document.blocks if isinstance(block, Group)][-1]
    return next(block.text for block in group.blocks if isinstance(block, Note))


def only(state: Any, *fields: str) -> Any:
    """Return a state with some fields alone: what a part depends on."""
    return FrontierState.model_construct(**{name: getattr(state, name) for name in fields})
