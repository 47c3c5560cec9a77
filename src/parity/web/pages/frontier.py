"""Frontier: capability over time, and how many months anybody trails anybody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pydantic import field_validator

from parity.ask import frontier as shared
from parity.ask.capability import DOMAINS, CapabilityList
from parity.ask.lag import SINCE, Lag
from parity.dates import number_of
from parity.errors import ParityError
from parity.frontier import ScenarioOptions
from parity.show.document import Document, Group, Note, Text, walk
from parity.views.names import called
from parity.web import shown
from parity.web.page import Choice, Page
from parity.web.state import asked, named, only, query_of, state_of


class FrontierState(
    state_of(  # type: ignore[misc]
        (Lag, "of", "behind", "on", "domain", "include_derived", "projection"),
        (Lag, "days", "utilisation", "share", "accelerators", "scope"),
        (CapabilityList, "by"),
        behind=None,
    )
):
    """Who is compared with whom, in what, and under which assumptions."""

    _side = field_validator("of", "behind")(named(shared.side))

    def trimmed(self) -> Self:
        """Return the state without a second side that is the usual one."""
        same = bool(self.of) and self.behind == leader_beside(self.of)
        return self.model_copy(update={"behind": None}) if same else self


FIRST_DAY = SINCE
"""First day of the slider; lags are averaged from then on."""
BY = {"country": "Country", "developer": "Developer", "openness": "Openness of weights", "domain": "Domain"}
_WHAT = ("by", "domain", "include_derived")
_WHO = ("of", "behind", "on", "include_derived")
_AHEAD = ("of", "behind", "include_derived", "domain", "projection")
_ASSUMED = (*_WHO, "domain", "days", "utilisation", "share", "accelerators", "scope")


MOST_DEVELOPERS = 30
_BLOCS = ("EU", "BRICS", "G7", "OECD", "ASEAN", "SCO")


def choices(*, derived: bool) -> dict[str, dict[str, str]]:
    """Return the sides to choose from under headings, countries with the highest frontier first."""
    found = shared.board(derived=derived)
    return {
        "Countries": {code: called(code) for code in found.leading(len(found.groups))},
        "Blocs": {bloc: bloc for bloc in _BLOCS},
        "Weights": {kind: f"{kind.capitalize()} weights" for kind in ("open", "closed")},
        "Developers": {name: name for name in shared.developers()[:MOST_DEVELOPERS]},
    }


def leader_beside(of: str) -> str:
    """Return whom a side is compared with where nothing else is chosen: whoever leads the others like it."""
    if of in ("open", "closed"):
        return "closed" if of == "open" else "open"
    if of in shared.developers():
        return next(name for name in shared.developers() if name != of)
    return next(code for code in shared.board().leading(2) if code != of)


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
        "behind": state.behind or "",
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
        answer = _lag(state, *_WHO, "domain").answer()
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
        "compares": shared.pair(state.of, state.behind or leader_beside(state.of)).by == "country",
    }


def models_part(state: Any) -> Mapping[str, Any]:
    """Return the figure of all models."""
    document = asked(CapabilityList, state).answer().document()
    return {"figure": shown.figure(document, document.charts()[0])}


def parameters_part(state: Any) -> Mapping[str, Any]:
    """Return the lag by parameter, for countries."""
    document = _lag(state, *_WHO, parameters=True).answer().document()
    return {"figure": shown.figure(document, document.charts()[0])}


def scenario_part(state: Any) -> Mapping[str, Any]:
    """Return what a country's accelerators could train, under the assumptions of the address."""
    document = _lag(state, *_ASSUMED, scenario=True).answer().document()
    return {"table": shown.table(document, document.tables()[-1], "scenario", _last_note(document))}


def ahead_part(state: Any) -> Mapping[str, Any]:
    """Return the trend carried forward with its backtest, where it is asked for."""
    if not state.projection:
        return {"figure": None, "texts": []}
    document = _lag(state, *_AHEAD).answer().document()
    texts = [block.text for block in walk(document.blocks) if isinstance(block, Text)][1:]
    charts = [chart for chart in document.charts() if chart.name == "ahead"]
    return {"figure": shown.figure(document, charts[0]) if charts else None, "texts": texts}


def _last_note(document: Document) -> str:
    """Return the assumptions: the note of the last group."""
    group = [block for block in document.blocks if isinstance(block, Group)][-1]
    return next(block.text for block in group.blocks if isinstance(block, Note))


def _lag(state: Any, *fields: str, **more: Any) -> Lag:
    """Return the question of some fields of the state."""
    return asked(Lag, only(state, *fields), behind=state.behind or leader_beside(state.of), **more)


PAGE = Page(
    slug="frontier",
    title="Frontier",
    summary="Capability of AI models over time, and how many months one country trails another.",
    state=FrontierState,
    view=view,
    choose=choose,
    sample="of=CHN",
    parts={
        "models": models_part,
        "scenario": scenario_part,
        "ahead": ahead_part,
        "parameters": parameters_part,
    },
    warmed=("models", "parameters", "scenario"),
)
