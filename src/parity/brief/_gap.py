"""Section on the gap to the leader and to the next country above."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np

from parity.ask.explain import gap as measured
from parity.ask.standing import Standing
from parity.brief.model import Gap, GapPart, GapSection, Range

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


def gap(found: Standing, other: str, unit: str, role: str) -> Gap:
    """Return the gap of a country to another one, the largest parts first, with intervals over rebuilds."""
    whole = measured(found, other, unit)
    return Gap(
        role=role,
        iso3=other,
        name=found.name(other),
        gap=whole.gap,
        gap_range=whole.gap_range and Range(**whole.gap_range._asdict()),
        level=whole.level,
        reason=whole.reason,
        pillars=dict(whole.pillars),
        pillar_ranges={title: Range(**ends._asdict()) for title, ends in whole.pillar_ranges.items()},
        parts=[GapPart(**asdict(part)) for part in whole.parts[:SHOWN]],
    )
