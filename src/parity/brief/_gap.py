"""Section on the gap to the leader and to the next country above."""

from __future__ import annotations

import numpy as np

from parity.brief.model import Gap, GapPart, GapSection
from parity.brief.standing import Standing
from parity.index.explain import explain

SHOWN = 6


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
    """Return the gap of a country to another one, the largest parts first."""
    explanation = explain(found.index, other, unit)
    tree = found.index.tree
    parts = [
        (found.title(tree.position(code)), code, float(part))
        for code, part in zip(explanation.codes, explanation.contributions, strict=True)
    ]
    pillars: dict[str, float] = {}
    for _, code, part in parts:
        pillar = found.title(int(tree.parents[tree.position(code)]))
        pillars[pillar] = pillars.get(pillar, 0.0) + part
    return Gap(
        role=role,
        iso3=other,
        name=found.name(other),
        gap=explanation.gap,
        pillars=dict(sorted(pillars.items(), key=lambda item: -abs(item[1]))),
        parts=[
            GapPart(indicator=code, title=title, contribution=part)
            for title, code, part in sorted(parts, key=lambda item: -abs(item[2]))[:most]
        ],
    )
