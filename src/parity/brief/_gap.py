"""Section on the gap to the leader and to the next country above."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from parity.ask.standing import Standing
from parity.brief.model import Gap, GapPart, GapSection, Range
from parity.errors import NoAnswerError
from parity.index import Index
from parity.index.explain import explain
from parity.robustness.parts import EACH, LEVEL, PartIntervals, Rebuild, part_intervals
from parity.robustness.rebuilds import every_choice

SHOWN = 6
# Indices whose rebuilds are kept: the variants of the built-in one.
_KEPT = 3


def gaps(found: Standing, unit: str) -> GapSection:
    """Return what makes the gap to the leader and to the next country above."""
    index = found.index
    scores = index.scores[:, -1]
    own = scores[index.row(unit)]
    above = [i for i in np.argsort(scores, kind="stable") if scores[i] > own]
    if not above:
        return GapSection(gaps=[])
    roles = {int(above[0]): "next above", int(above[-1]): "leader"}
    return GapSection(
        gaps=[gap(found, str(index.units[row]), unit, role) for row, role in reversed(roles.items())]
    )


def gap(found: Standing, other: str, unit: str, role: str, most: int = SHOWN) -> Gap:
    """Return the gap of a country to another one, the largest parts first, with intervals over rebuilds."""
    explanation = explain(found.index, other, unit)
    spread, reason = _spread(found.index, other, unit)
    pillars, below = _pillars(found, explanation.codes, explanation.contributions)
    parts = sorted(
        zip(explanation.codes, map(float, explanation.contributions), strict=True),
        key=lambda part: -abs(part[1]),
    )
    ends = {} if spread is None else {code: (low, high) for code, low, high in spread.table().iter_rows()}
    return Gap(
        role=role,
        iso3=other,
        name=found.name(other),
        gap=explanation.gap,
        gap_range=spread and _range(spread.gap()),
        level=LEVEL,
        reason=reason,
        pillars=pillars,
        pillar_ranges={title: _range(spread.of(below[title])) for title in pillars} if spread else {},
        parts=[_part(found, code, part, ends.get(code, (None, None))) for code, part in parts[:most]],
    )


def _part(
    found: Standing, code: str, contribution: float, ends: tuple[float, float] | tuple[None, None]
) -> GapPart:
    title = found.title(found.index.tree.position(code))
    return GapPart(indicator=code, title=title, contribution=contribution, low=ends[0], high=ends[1])


def _pillars(
    found: Standing, codes: tuple[str, ...], contributions: np.ndarray
) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Return the points of every group above the indicators, the largest first, and its indicators."""
    tree = found.index.tree
    points: dict[str, float] = {}
    below: dict[str, list[str]] = {}
    for code, part in zip(codes, map(float, contributions), strict=True):
        pillar = found.title(int(tree.parents[tree.position(code)]))
        points[pillar] = points.get(pillar, 0.0) + part
        below.setdefault(pillar, []).append(code)
    return dict(sorted(points.items(), key=lambda item: -abs(item[1]))), below


def _spread(index: Index, a: str, b: str) -> tuple[PartIntervals | None, str]:
    """Return the intervals of the parts, or the reason why there are none."""
    try:
        return part_intervals(index, a, b, _rebuilds(index)), ""
    except NoAnswerError as problem:
        return None, str(problem)


def _rebuilds(index: Index) -> Iterator[Rebuild]:
    """Yield the rebuilds of an index: the same for every pair, so made once, when first asked for."""
    yield from _made(index)


@lru_cache(maxsize=_KEPT)
def _made(index: Index) -> tuple[Rebuild, ...]:
    return tuple(every_choice(index, EACH))


def _range(ends: tuple[float, float]) -> Range:
    return Range(low=ends[0], high=ends[1])
