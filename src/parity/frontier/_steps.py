"""Step functions of the best level so far, and how long one trails another.

Times are days since 1970-01-01, lags are in days; positive when the first trails the second.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from parity.frontier._fit import Flags, Floats, Integers

DAYS_PER_MONTH = 365.25 / 12


class Steps(NamedTuple):
    """The best level so far: it rises to ``level[..., i]`` on ``date[..., i]`` (both increasing).

    One frontier has shape (n_records,). Draws of one have shape (n_draws, most_records): where a draw has
    fewer records the rest is infinity, which no day and no level reaches. ``member`` is the number of
    the model that set each record.
    """

    date: Floats
    level: Floats
    member: Integers

    def at(self, days: Floats) -> Floats:
        """Return the level on each day, shape (..., n_days); minus infinity before the first record."""
        place = _place(self.date, days, "right") - 1
        return np.where(place >= 0, np.take_along_axis(self.level, np.maximum(place, 0), -1), -np.inf)

    def reached(self, levels: Floats) -> tuple[Floats, Flags]:
        """Return the day on which each level was first reached, and whether already by the first record.

        Infinity where it has not been reached.
        """
        place = _place(self.level, levels, "left")
        known = place < self.level.shape[-1]
        day = np.take_along_axis(self.date, np.where(known, place, 0), -1)
        return np.where(known, day, np.inf), known & (place == 0)


def _place(values: Floats, at: Floats, side: Literal["left", "right"]) -> Integers:
    """Return the places of some values in sorted ones, along the last axis."""
    if values.ndim == 1:
        return np.searchsorted(values, at, side)
    rows = np.broadcast_to(at, (len(values), np.shape(at)[-1]))
    return np.array([row.searchsorted(wanted, side) for row, wanted in zip(values, rows, strict=True)])


def steps(date: Floats, level: Floats) -> Steps:
    """Return the records of a set of models.

    Parameters
    ----------
    date, level
        Release day and level of each model, shape (n_models,), or of draws of them, shape
        (n_draws, n_models); models without either are passed over.

    Returns
    -------
    Steps
        Every model that was better than all before it. Of models released on one day the best counts.
    """
    unknown = np.isnan(date) | np.isnan(level)
    date, level = np.where(unknown, np.inf, date), np.where(unknown, -np.inf, level)
    order = np.lexsort((-level, date))
    date, level = (np.take_along_axis(values, order, -1) for values in (date, level))
    before = np.maximum.accumulate(level, axis=-1)[..., :-1]
    record = level > np.concatenate([np.full((*level.shape[:-1], 1), -np.inf), before], axis=-1)
    # The records first, in their order, and of every draw as many as the richest has.
    most = int(record.sum(axis=-1).max(initial=0))
    first = np.argsort(~record, axis=-1, kind="stable")[..., :most]
    none = ~np.take_along_axis(record, first, -1)
    date, level = (np.where(none, np.inf, np.take_along_axis(values, first, -1)) for values in (date, level))
    return Steps(date, level, np.take_along_axis(order, first, -1))


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


def release(of: Steps, behind: Steps, since: float, until: float) -> tuple[Floats, Flags]:
    """Return how late each record of one came after the other had reached its level.

    NaN outside of the window; and whether each is a bound: the other has not reached the level by its end, so
    the lead is at least so large. Both of the shape of ``of``.
    """
    reached, _ = behind.reached(of.level)
    inside = (of.date >= since) & (of.date <= until)
    lag = np.where(inside, of.date, np.nan) - np.minimum(reached, until)
    return lag, inside & (reached > until)


def catching_up(of: Steps, behind: Steps, until: float) -> tuple[Floats, Flags, Integers]:
    """Return how long after each record of the other by a day the first reached that level, shape (n,).

    With it, whether it has not been reached yet (the time is then at least so long), and the models.
    """
    inside = behind.date <= until
    reached, _ = of.reached(behind.level[inside])
    open_ended = reached > until
    return np.where(open_ended, until, reached) - behind.date[inside], open_ended, behind.member[inside]


def over(of: Steps, behind: Steps, since: float, until: float) -> Floats:
    """Return the mean standing lag from one day to another, on both of which both have a record."""
    # Between records the lag is linear in time: the middle of each stretch counts by its length.
    # A window of one day is a moment of it.
    middle, weight = _stretches(since, max(until, since + 1e-3), of.date, behind.date)
    return _weighted(standing(of, behind, middle)[0], weight)


def levels_apart(of: Steps, behind: Steps, since: float, until: float, tolerance: float = 0.0) -> Floats:
    """Return the horizontal distance between two frontiers, averaged over the levels that both have reached.

    Epoch AI's definition of an average lag: over the range of levels in which a line from one frontier to
    the other can be drawn, the time between both. A record within ``tolerance`` below one of the other
    counts as level with it.

    Parameters
    ----------
    of, behind
        The two frontiers, or draws of them.
    since
        Levels that the other had before that day do not count.
    until
        Day until which both are known.
    tolerance
        Difference in level that counts as caught up.

    Returns
    -------
    numpy.ndarray
        Days, shape () or (n_draws,); NaN where the two have no level in common.
    """
    day = np.array([until])
    raised = np.maximum(of.level, behind._replace(date=behind.level).at(of.level + tolerance))
    raised = np.where(np.isinf(of.level), np.inf, np.maximum.accumulate(raised, axis=-1))
    own = of._replace(level=raised)
    bottom = np.maximum(own.level[..., :1], behind.level[..., :1])
    bottom = np.maximum(bottom, behind.at(np.array([since - 1e-6])))
    top = np.minimum(own.at(day), behind.at(day))
    # Between the levels of records nothing changes: each stretch counts by its length.
    middle, weight = _stretches(bottom, np.maximum(top, bottom), own.level, behind.level)
    found = _weighted(own.reached(middle)[0] - behind.reached(middle)[0], weight)
    return np.where((top > bottom)[..., 0], found, np.nan)


def _stretches(low: Floats | float, high: Floats | float, *edges: Floats) -> tuple[Floats, Floats]:
    """Return middles and lengths of the stretches between edges, from a lowest to a highest one."""
    ends = [np.broadcast_to(end, (*edges[0].shape[:-1], 1)) for end in (low, high)]
    found = np.sort(np.clip(np.concatenate([*ends, *edges], axis=-1), low, high), axis=-1)
    return (found[..., 1:] + found[..., :-1]) / 2, np.diff(found)


def _weighted(values: Floats, weight: Floats) -> Floats:
    """Return means over the last axis; values without weight may be anything."""
    total = np.where(weight > 0, values, 0.0) * weight
    return np.asarray(total.sum(axis=-1) / np.maximum(weight.sum(axis=-1), 1e-12))
