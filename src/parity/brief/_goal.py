"""Section on what would change a country's rank."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from parity.ask.intervals import stored_intervals
from parity.ask.standing import Standing
from parity.brief.model import GoalMove, GoalSection, Missing
from parity.catalogue import load_table
from parity.errors import NoAnswerError
from parity.robustness._goal_spread import GoalSpread, goal_spread
from parity.robustness.goal import Goal, Rebuild, goal, yearly_spreads
from parity.robustness.rebuilds import rebuilds

# As `parity goal` has it by default, so that the same command gives the same numbers.
DRAWS = 120
SHOWN = 5


def goal_section(found: Standing, unit: str) -> GoalSection | Missing:
    """Return the smallest change that brings a country to a rank that is better beyond doubt.

    The rank to reach is the one just above its rank interval: a smaller step could be there already. It
    is the one above its rank where no interval is stored or nobody is above the interval.

    Parameters
    ----------
    found
        The built index.
    unit
        The country.
    """
    now = found.index.rank(unit)
    if now is None or now == 1:
        return Missing(reason="no country stands above it" if now else "it has no rank")
    wanted = target(found, unit, now)
    spreads = yearly_spreads(found.index, unit, load_table("observations"))
    made = _rebuilds(found.variant)
    try:
        answer = goal(found.index, unit, wanted, spreads, made)
    except NoAnswerError as problem:
        return Missing(reason=f"rank {wanted}: {problem}")
    return _section(answer, goal_spread(answer, made))


def target(found: Standing, unit: str, now: int) -> int:
    """Return the rank to aim at."""
    stored = stored_intervals(found)
    if stored is None:
        return now - 1
    code = found.index.tree.codes[-1]
    rows = stored.filter(node=code, id=unit)["rank_low"].to_list()
    low = rows[0] if rows else now
    return low - 1 if 1 < low <= now else now - 1


def _section(answer: Goal, spread: GoalSpread) -> GoalSection:
    ends = {series: (low, high) for series, low, high in spread.table().iter_rows()}
    moves = [
        GoalMove(
            title=row["title"],
            unit=row["unit"],
            now=row["from"],
            to=row["to"],
            to_low=ends[row["series"]][0],
            to_high=ends[row["series"]][1],
            spreads=row["steps"],
        )
        for row in answer.base.table().iter_rows(named=True)
    ]
    size = spread.size() or (None, None)
    return GoalSection(
        rank_now=answer.rank_now,
        rank=answer.rank,
        size=answer.base.size,
        size_low=size[0],
        size_high=size[1],
        level=spread.level,
        builds=spread.builds,
        out_of_reach=spread.out_of_reach,
        share=None if math.isnan(answer.base.share) else answer.base.share,
        draws=DRAWS,
        robust_size=answer.robust and answer.robust.size,
        robust_reason=answer.reason,
        moves=moves[:SHOWN],
        others=max(0, int(np.count_nonzero(answer.base.steps)) - SHOWN),
    )


@cache
def _rebuilds(variant: str) -> list[Rebuild]:
    """Return rebuilds of the built-in index: the same for every country, so made once."""
    from parity.ask.standing import built

    return list(rebuilds(built(variant).index, DRAWS))
