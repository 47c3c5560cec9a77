"""Step functions of the best level so far, and how long one trails another.

Times are days since 1970-01-01, lags are in days; positive when the first trails the second.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from parity.frontier._fit import Flags, Floats, Integers

DAYS_PER_MONTH = 365.25 / 12


class Steps(NamedTuple):
    """The best level so far: it rises to ``level[i]`` on ``date[i]`` (both increasing, shape (n_records,)).

    ``member`` is the number of the model that set each record.
    """

    date: Floats
    level: Floats
    member: Integers

    def at(self, days: Floats) -> Floats:
        """Return the level on each day; minus infinity before the first record."""
        place = np.searchsorted(self.date, days, "right") - 1
        return np.where(place >= 0, self.level[np.maximum(place, 0)], -np.inf)

    def reached(self, levels: Floats) -> tuple[Floats, Flags]:
        """Return the day on which each level was first reached, and whether already by the first record.

        Infinity where it has not been reached.
        """
        place = np.searchsorted(self.level, levels, "left")
        known = place < self.level.size
        day = np.where(known, self.date[np.minimum(place, self.level.size - 1)], np.inf)
        return day, known & (place == 0)


def steps(date: Floats, level: Floats) -> Steps:
    """Return the records of a set of models.

    Parameters
    ----------
    date, level
        Release day and level of each model, shape (n_models,); models without either are passed over.

    Returns
    -------
    Steps
        Every model that was better than all before it. Of models released on one day the best counts.
    """
    known = np.flatnonzero(~np.isnan(date) & ~np.isnan(level))
    order = known[np.lexsort((-level[known], date[known]))]
    best_before = np.concatenate([[-np.inf], np.maximum.accumulate(level[order])[:-1]])
    record = order[level[order] > best_before]
    return Steps(date[record], level[record], record)


def standing(of: Steps, behind: Steps, days: Floats) -> tuple[Floats, Flags]:
    """Return how long ago one had what the other has now.

    With equal levels nobody trails. Where ``of`` leads, the lag is minus that of ``behind``, so
    that exchanging the two changes the sign and nothing else.

    Parameters
    ----------
    of, behind
        The two frontiers, each with a record.
    days
        Days to look at, shape (n_days,).

    Returns
    -------
    tuple
        Lags, shape (n_days,), NaN before either has a record; and whether each is a lower bound
        in size, because the leader had the level already with the first model known.
    """
    own, other = of.at(days), behind.at(days)
    since_other, first_other = behind.reached(own)
    since_own, first_own = of.reached(other)
    lag = np.where(own < other, days - since_other, since_own - days)
    lag = np.where(own == other, 0.0, lag)
    lag = np.where(np.isinf(own) | np.isinf(other), np.nan, lag)
    bound = np.where(own < other, first_other, first_own) & (own != other)
    return lag, bound


def release(of: Steps, behind: Steps, since: float, until: float) -> tuple[Floats, Flags, Integers]:
    """Return how late each record of one came after the other had reached its level.

    Parameters
    ----------
    of, behind
        The two frontiers.
    since, until
        Window of the records; ``behind`` is known until its end.

    Returns
    -------
    tuple
        Lags of the records in the window, shape (n,); whether each is a bound (the other has not
        reached the level yet, so the lead is at least so large); and the models.
    """
    inside = (of.date >= since) & (of.date <= until)
    reached, _ = behind.reached(of.level[inside])
    open_ended = reached > until
    lag = of.date[inside] - np.where(open_ended, until, reached)
    return lag, open_ended, of.member[inside]


def catching_up(of: Steps, behind: Steps, until: float) -> tuple[Floats, Flags, Integers]:
    """Return how long after each record of the other the first reached that level.

    Parameters
    ----------
    of, behind
        The two frontiers.
    until
        Day until which both are known.

    Returns
    -------
    tuple
        Time from each of the other's records to the first's reaching its level, shape (n,); whether
        it has not been reached yet (the time is then at least so long); and the models.
    """
    inside = behind.date <= until
    reached, _ = of.reached(behind.level[inside])
    open_ended = reached > until
    return np.where(open_ended, until, reached) - behind.date[inside], open_ended, behind.member[inside]


def levels_apart(of: Steps, behind: Steps, since: float, until: float, tolerance: float = 0.0) -> float:
    """Return the horizontal distance between two frontiers, averaged over the levels that both have reached.

    Epoch AI's definition of an average lag: over the range of levels in which a line from one frontier to
    the other can be drawn, the time between both. A record within ``tolerance`` below one of the other
    counts as level with it.

    Parameters
    ----------
    of, behind
        The two frontiers.
    since
        Levels that the other had before that day do not count.
    until
        Day until which both are known.
    tolerance
        Difference in level that counts as caught up.

    Returns
    -------
    float
        Days; NaN where the two have no level in common.
    """
    own, other = of.level[of.date <= until], behind.level[behind.date <= until]
    if not own.size or not other.size:
        return float("nan")
    near = np.maximum(np.searchsorted(other, own + tolerance, "right") - 1, 0)
    own = np.maximum.accumulate(np.maximum(own, np.where(other[near] <= own + tolerance, other[near], own)))
    bottom = max(float(own[0]), float(other[0]), float(behind.at(np.array([since - 1e-6]))[0]))
    top = min(float(own[-1]), float(other[-1]))
    if top <= bottom:
        return float("nan")
    # Between the levels of records nothing changes: each stretch counts by its length.
    edges = np.unique(np.clip(np.concatenate([[bottom, top], own, other]), bottom, top))
    middle = (edges[1:] + edges[:-1]) / 2
    reached = of.date[np.searchsorted(own, middle, "left")]
    had = behind.date[np.searchsorted(other, middle, "left")]
    return float(np.average(reached - had, weights=np.diff(edges)))
