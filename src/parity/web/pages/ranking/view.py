"""What the ranking page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.ask.intervals import LEVEL
from parity.ask.moves import Move, moves
from parity.ask.rank import Rank
from parity.ask.settings import edited
from parity.ask.standing import Standing, built, ranking
from parity.catalogue import members
from parity.errors import ParityError
from parity.views.rank import interval_chart, world_chart
from parity.web import shown as pieces
from parity.web.groups import groups
from parity.web.pages.ranking.state import RankingState, weights_of_spec

if TYPE_CHECKING:
    from markupsafe import Markup

    from parity.ask.answer import Answer
    from parity.robustness.places import Ranking

VARIANTS = {
    "both": "Scale and intensity",
    "scale": "Scale: absolute size",
    "intensity": "Intensity: per head",
}
NORMALISE = {"minmax": "Min–max", "zscore": "Z-score", "percentile_rank": "Percentile rank"}
AGGREGATE = {"arithmetic": "Arithmetic mean", "geometric": "Geometric mean", "harmonic": "Harmonic mean"}
MOVERS = 12


@dataclass(frozen=True, slots=True)
class Slider:
    """The weight of a pillar or sub-pillar."""

    code: str
    title: str
    value: float
    own: float
    share: float
    most: int
    pillar: bool


def view(state: RankingState) -> Mapping[str, Any]:
    """Return what is there at once: everything but what needs rebuilds of the index."""
    found, problem = _found(state)
    rows = _rows(state, found)
    return {
        "rows": shown(state, rows),
        "all_rows": rows.height,
        "columns": _columns(found),
        "sliders": _sliders(state, found),
        "choices": {"variant": VARIANTS, "normalise": NORMALISE, "aggregate": AGGREGATE},
        "groups": groups(),
        "told": problem,
        "vintage": found.vintage,
        "level": LEVEL,
        "units": len(found.index.units),
        "changed": bool(state.setting()),
        "command": _asked(state).command,
        "indicators": found.index.tree.n_indicators,
        "settled": False,
    }


def settled(state: RankingState) -> Mapping[str, Any]:
    """Return what takes rebuilds: intervals, what moved and why."""
    found, problem = _found(state)
    choice, pinned = state.choice(), state.pinned().choice()
    answer = None if problem else _asked(state).answer()
    places = () if answer is None else answer.result.countries
    ends = [(one.iso3, one.rank_low, one.rank_high) for one in places]
    rows = _rows(state, found, pl.DataFrame(ends, _ENDS, orient="row"))
    moved = [] if problem or choice == pinned else moves(built, pinned, choice)
    return {
        "rows": shown(state, rows),
        "all_rows": rows.height,
        "columns": _columns(found),
        "vintage": found.vintage,
        "level": LEVEL,
        "units": len(found.index.units),
        "figures": [] if answer is None else _figures(state, answer, rows),
        "moves": moved[:MOVERS],
        "moved": len(moved),
        "reasons": {move.iso3: reasons(move) for move in moved[:MOVERS]},
        "against": "the pinned setting" if state.pin else "the index as published",
        "changed": choice != pinned,
        "command": _asked(state).command,
        "settled": True,
    }


_ENDS = {"id": pl.String, "rank_low": pl.Int64, "rank_high": pl.Int64}


def _figures(state: RankingState, answer: Answer[Ranking], rows: pl.DataFrame) -> list[Markup]:
    """Return the figures of the answer: intervals of the rows in their order, and the whole world."""
    document = answer.document()
    told, every = (each.rename({"id": "iso3"}) for each in (shown(state, rows), rows))
    charts = (interval_chart(told, document.title), world_chart(every, document.title))
    return [pieces.figure(document, chart) for chart in charts]


def _asked(state: RankingState) -> Rank:
    """Return the question whose answer the page shows."""
    choice = state.choice()
    return Rank.read(
        {
            "variant": choice.variant,
            "weight": tuple(f"{code}={weight:g}" for code, weight in choice.settings.weights.items()),
            "normalise": choice.settings.normalise,
            "aggregate": choice.settings.aggregate,
        }
    )


def _found(state: RankingState) -> tuple[Standing, str]:
    """Return the index under the setting, or as published with what is wrong with the setting."""
    choice = state.choice()
    try:
        return edited(built(choice.variant), choice.settings), ""
    except ParityError as problem:
        return built(choice.variant), str(problem)


def _rows(state: RankingState, found: Standing, intervals: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return all countries: place, interval, place with the pinned setting, scores of pillars."""
    table = ranking(found)
    index = found.index
    nodes = found.group_nodes()
    scores = pl.DataFrame(
        {"id": list(index.units)}
        | {index.tree.codes[node]: pl.Series(index.scores[:, node], nan_to_null=True) for node in nodes}
    )
    table = table.join(scores, on="id", how="left", maintain_order="left")
    if intervals is None:
        intervals = pl.DataFrame(schema=_ENDS)
    table = table.join(intervals, on="id", how="left", maintain_order="left")
    before = ranking(_found(state.pinned())[0]).select("id", before="rank")
    table = table.join(before, on="id", how="left", maintain_order="left")
    return table.with_columns(moved=pl.col("before") - pl.col("rank"))


def shown(state: RankingState, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that the reader asked for, in their order."""
    if state.group:
        rows = rows.filter(pl.col("id").is_in(members(state.group)))
    if state.find:
        wanted = state.find.strip().lower()
        named = pl.col("name").str.to_lowercase().str.contains(wanted, literal=True)
        rows = rows.filter(named | (pl.col("id").str.to_lowercase() == wanted))
    return rows.sort(state.sort, "rank", descending=[state.down, False], nulls_last=True, maintain_order=True)


def _columns(found: Standing) -> list[tuple[str, str, bool]]:
    """Return code, title and whether it is a pillar, for every group of the index."""
    top = found.index.tree.n_nodes - 1
    parents = found.index.tree.parents
    return [
        (found.index.tree.codes[node], found.title(node), int(parents[node]) == top)
        for node in found.group_nodes()
    ]


def _sliders(state: RankingState, found: Standing) -> list[Slider]:
    own = weights_of_spec()
    weights = own | dict(state.w)
    tree = found.index.tree
    sliders = []
    for code, title, pillar in _columns(found):
        parent = int(tree.parents[tree.position(code)])
        siblings = [tree.codes[node] for node in tree.children(parent)]
        whole = sum(weights[sibling] for sibling in siblings) or 1.0
        most = 24 if pillar else 10
        share = weights[code] / whole
        sliders.append(Slider(code, title, weights[code], own[code], share, most, pillar))
    return sliders


def reasons(move: Move) -> str:
    """Return what moved a country, the largest part first."""
    parts = sorted(move.parts.items(), key=lambda part: -abs(part[1]))
    return "; ".join(f"{title} {places:+.0f}" for title, places in parts if abs(places) >= 0.5)
