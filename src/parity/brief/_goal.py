"""Section on what would change a country's rank."""

from __future__ import annotations

from parity.ask.goal import DRAWS, sought
from parity.ask.intervals import stored_intervals
from parity.ask.standing import Standing
from parity.brief.model import GoalMove, GoalSection, Missing
from parity.errors import NoAnswerError
from parity.robustness.goal_spread import GoalReport

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
    try:
        return _section(sought(found, unit, wanted))
    except NoAnswerError as problem:
        return Missing(reason=f"rank {wanted}: {problem}")


def target(found: Standing, unit: str, now: int) -> int:
    """Return the rank to aim at."""
    stored = stored_intervals(found)
    if stored is None:
        return now - 1
    code = found.index.tree.codes[-1]
    rows = stored.filter(node=code, id=unit)["rank_low"].to_list()
    low = rows[0] if rows else now
    return low - 1 if 1 < low <= now else now - 1


def _section(found: GoalReport) -> GoalSection:
    moves = [
        GoalMove(
            title=move.title,
            unit=move.unit,
            now=move.now,
            to=move.to,
            to_low=move.to_low,
            to_high=move.to_high,
            spreads=move.steps,
        )
        for move in found.base.moves
    ]
    return GoalSection(
        rank_now=found.rank_now,
        rank=found.rank,
        size=found.base.size,
        size_low=found.base.size_low,
        size_high=found.base.size_high,
        level=found.level,
        builds=found.builds,
        out_of_reach=found.out_of_reach or 0.0,
        share=found.base.share,
        draws=DRAWS,
        robust_size=found.robust and found.robust.size,
        robust_reason=found.reason or "",
        moves=moves[:SHOWN],
        others=max(0, len(moves) - SHOWN),
    )
