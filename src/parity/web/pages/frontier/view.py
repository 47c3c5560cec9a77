"""What the frontier page shows: the answer of `parity lag`, and the controls that ask it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parity.ask import frontier as shared
from parity.ask.capability import DOMAINS, CapabilityList
from parity.ask.lag import Lag
from parity.dates import number_of
from parity.errors import ParityError
from parity.show.document import Document, Group, Note, Text, walk
from parity.web import shown
from parity.web.pages.frontier.names import choices
from parity.web.pages.frontier.state import FIRST_DAY, FrontierState
from parity.web.state import query_of

BY = {"country": "Country", "developer": "Developer", "openness": "Openness of weights", "domain": "Domain"}
_WHAT = ("by", "domain", "derived")
_WHO = ("of", "behind", "on", "derived")
_ASSUMED = (*_WHO, "domain", "days", "utilisation", "share", "accelerators", "scope")


def question(state: FrontierState, **more: Any) -> Lag:
    """Return what the page asks."""
    given = {"of": state.of, "behind": state.behind, "include_derived": state.derived}
    if state.on:
        given["on"] = state.on
    if state.domain:
        given["domain"] = state.domain
    return Lag.read(given | more)


def view(state: FrontierState) -> Mapping[str, Any]:
    """Return the page: its controls, and the lag with its figure and its table."""
    common = {
        "sides": choices(derived=state.derived),
        "domains": {"": "All tests together"} | {name: name.capitalize() for name in DOMAINS},
        "by": BY,
        "first": number_of(FIRST_DAY),
        "last": number_of(shared.last_day()),
        "at": number_of(state.on or shared.last_day()),
        "part_address": {
            "models": query_of(only(state, *_WHAT)),
            "parameters": query_of(only(state, *_WHO)),
            "scenario": query_of(only(state, *_ASSUMED)),
            "ahead": query_of(only(state, "of", "behind", "derived", "domain", "ahead")),
        },
    }
    try:
        asked = question(state)
        answer = asked.answer()
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


def models_part(state: FrontierState) -> Mapping[str, Any]:
    """Return the figure of all models."""
    given = {"by": state.by, "domain": state.domain or None, "include_derived": state.derived}
    document = CapabilityList.read(given).answer().document()
    return {"figure": shown.figure(document, document.charts()[0])}


def parameters_part(state: FrontierState) -> Mapping[str, Any]:
    """Return the lag by parameter, for countries."""
    document = _asked(state, parameters=True)
    return {"figure": shown.figure(document, document.charts()[-1])}


def scenario_part(state: FrontierState) -> Mapping[str, Any]:
    """Return what a country's accelerators could train, under the assumptions of the address."""
    given = {
        "days": state.days,
        "utilisation": state.utilisation / 100,
        "share": state.share / 100,
        "accelerators": state.accelerators,
        "scope": state.scope,
    }
    own = {"days": 90, "utilisation": 0.4, "share": 1.0, "accelerators": None, "scope": "all"}
    changed = {name: value for name, value in given.items() if value != own[name]}
    document = _asked(state, scenario=True, **changed)
    return {"table": shown.table(document, document.tables()[-1], "scenario", _last_note(document))}


def ahead_part(state: FrontierState) -> Mapping[str, Any]:
    """Return the trend carried forward with its backtest, where it is asked for."""
    if not state.ahead:
        return {"figure": None, "texts": []}
    document = _asked(state, projection=True)
    texts = [block.text for block in walk(document.blocks) if isinstance(block, Text)][1:]
    charts = [chart for chart in document.charts() if chart.name == "ahead"]
    return {"figure": shown.figure(document, charts[0]) if charts else None, "texts": texts}


def _asked(state: FrontierState, **more: Any) -> Document:
    return question(state, **more).answer().document()


def _last_note(document: Document) -> str:
    """Return the assumptions: the note of the last group."""
    group = [block for block in document.blocks if isinstance(block, Group)][-1]
    return next(block.text for block in group.blocks if isinstance(block, Note))


def only(state: FrontierState, *fields: str) -> FrontierState:
    """Return a state with some fields alone: what a part depends on."""
    return FrontierState.model_construct(**{name: getattr(state, name) for name in fields})
