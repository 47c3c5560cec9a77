"""Synthetic control, and placebo tests: the same question put where the answer is known to be "nothing".

In time: false dates before the true one give the error with which the unit can be forecast.
In space: the true date, put to every donor, gives the distribution of the statistic by chance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# NNLS visits each donor a few times; the library's default of 3 J is too few for near-ties.
_STEPS_PER_DONOR = 30


@dataclass(frozen=True, slots=True)
class Fit:
    """One synthetic control.

    Attributes
    ----------
    weights
        Weight of each donor, >= 0, sum 1, shape (n_donors,).
    gap
        Outcome minus its counterfactual, shape (n_periods,).
    rmspe
        Root mean squared gap over the periods before.
    """

    weights: Array
    gap: Array
    rmspe: float


def simplex_weights(target: Array, donors: Array, penalty: float = 0.0) -> Array:
    """Return the convex combination of donors nearest to a target.

    Minimises ``|target - donors @ w|^2 + penalty |w|^2`` over the unit simplex. With
    ``D = donors - target`` it is the point of least norm of a convex hull, which one
    non-negative least squares problem gives exactly: ``min |D u|^2 + (sum u - 1)^2, u >= 0``
    has the solution ``u = s w`` (for a fixed direction the sum is a function of ``|D w|``
    that falls with it).

    Parameters
    ----------
    target
        Series to be matched, shape (n_periods,).
    donors
        Series to be combined, shape (n_periods, n_donors).
    penalty
        Ridge on the weights, in squared units of the series; 0 is the classic synthetic
        control of Abadie, Diamond and Hainmueller (2010, JASA 105).

    Returns
    -------
    numpy.ndarray
        Weights, shape (n_donors,).
    """
    from scipy.optimize import nnls

    count = donors.shape[1]
    difference = donors - target[:, None]
    # The row of ones must weigh like the data, or the problem is badly scaled.
    scale = max(float(np.abs(difference).max()), np.sqrt(penalty), np.finfo(float).tiny)
    rows = [difference / scale, np.ones((1, count))]
    if penalty > 0:
        rows.insert(1, np.sqrt(penalty) / scale * np.eye(count))
    matrix = np.vstack(rows)
    right = np.zeros(matrix.shape[0])
    right[-1] = 1.0
    found, _ = nnls(matrix, right, maxiter=_STEPS_PER_DONOR * count)
    return np.asarray(found / found.sum())


def fit(outcome: Array, donors: Array, n_before: int, ridge: float) -> Fit:
    """Fit on the periods before, and return the gap in every period.

    Series are taken as deviations from their own mean before (Ferman and Pinto 2021, Quantitative
    Economics 12): a country need not lie between its donors in size, only move like them. The
    penalty is ``ridge`` times the squared deviations of the median donor, so that it means the
    same for calm and for restless data; without it many donors and few periods give a perfect
    and meaningless fit.

    Parameters
    ----------
    outcome
        Log flow of the unit, shape (n_periods,).
    donors
        Log flows of the donors, shape (n_periods, n_donors).
    n_before
        Number of periods before the date.
    ridge
        Strength of the penalty, relative; 0 for none.
    """
    own = outcome - outcome[:n_before].mean()
    theirs = donors - donors[:n_before].mean(axis=0)
    spread = np.median(np.square(theirs[:n_before]).sum(axis=0))
    weights = simplex_weights(own[:n_before], theirs[:n_before], ridge * float(spread))
    gap = own - theirs @ weights
    return Fit(weights, gap, float(np.sqrt(np.square(gap[:n_before]).mean())))


# A false date needs this many periods before it, and the true one this many in all.
MIN_TRAINING = 4
MIN_BEFORE = 6
# At most this share of the periods before may be spent on false dates.
MAX_TESTED_SHARE = 0.6
# What the other countries say about a country's forecast error counts as much as this many false
# dates of its own: a handful of them may by chance look very calm.
PRIOR_DATES = 4


@dataclass(frozen=True, slots=True)
class Tested:
    """One unit put to the test.

    Attributes
    ----------
    gap
        Log gap in each period, shape (n_periods,).
    weights
        Weights of its donors, shape (n_donors,).
    mean_gap
        Mean log gap after the date.
    scale
        Error of a forecast this far ahead: root mean squared mean gap at false dates, drawn
        towards that of the typical donor.
    false
        Mean gap at each false date, shape (n_false,).
    rmspe
        Root mean squared gap before the date.
    """

    gap: Array
    weights: Array
    mean_gap: float
    scale: float
    false: Array
    rmspe: float

    @property
    def statistic(self) -> float:
        """Mean gap after the date in units of the error of a forecast."""
        return self.mean_gap / self.scale


def false_dates(n_before: int, n_after: int) -> tuple[range, int]:
    """Return the false dates (numbers of periods before them) and the length of their windows.

    Parameters
    ----------
    n_before, n_after
        Periods before and after the true date.
    """
    first = max(MIN_TRAINING, n_before - int(MAX_TESTED_SHARE * n_before))
    window = min(n_after, n_before - first)
    return range(first, n_before - window + 1), window


def assess(
    outcome: Array, donors: Array, n_before: int, ridge: float, typical: float | None = None
) -> Tested:
    """Fit one unit at the true date and at every false one.

    Parameters
    ----------
    outcome
        Log flow of the unit, shape (n_periods,).
    donors
        Log flows of the donors, shape (n_periods, n_donors).
    n_before
        Periods before the true date.
    ridge
        Strength of the penalty on the weights.
    typical
        Squared forecast error of the typical donor, to which the unit's own is drawn
        (as variances are by Smyth 2004); ``None`` for its own alone.
    """
    after = outcome.shape[0] - n_before
    true = fit(outcome, donors, n_before, ridge)
    dates, window = false_dates(n_before, after)
    false = np.array(
        [
            fit(outcome[: date + window], donors[: date + window], date, ridge).gap[date:].mean()
            for date in dates
        ]
    )
    mean_gap = float(true.gap[n_before:].mean())
    return Tested(true.gap, true.weights, mean_gap, _scale(false, typical), false, true.rmspe)


def _scale(false: Array, typical: float | None) -> float:
    own, prior = np.square(false).sum(), 0 if typical is None else PRIOR_DATES
    return float(np.sqrt((own + prior * (typical or 0.0)) / (false.size + prior)))


def in_space(donors: Array, n_before: int, ridge: float) -> tuple[list[Tested], float]:
    """Put the true date to every donor in turn, the others being its donors.

    Returns
    -------
    list of Tested
        The donors.
    float
        Squared forecast error of the typical one (the median).
    """
    others = np.arange(donors.shape[1])
    own = [assess(donors[:, unit], donors[:, others != unit], n_before, ridge) for unit in others]
    typical = float(np.median([one.scale**2 for one in own]))
    return [replace(one, scale=_scale(one.false, typical)) for one in own], typical


def excess(
    level: Array, tested: Tested, placebos: list[Tested], n_before: int
) -> tuple[Array, NDArray[np.float64]]:
    """Return the excess over the counterfactual, and draws of it.

    Each placebo says how far a donor strayed from its own counterfactual when nothing was done
    to it. Its path of gaps, rescaled from the donor's forecast error to the unit's, is one draw
    of how far the unit would have strayed.

    Parameters
    ----------
    level
        Flow of the unit in money, shape (n_periods,).
    tested
        The unit.
    placebos
        The donors.
    n_before
        Periods before the date.

    Returns
    -------
    numpy.ndarray
        Excess in each period after, shape (n_after,).
    numpy.ndarray
        Draws of it, shape (n_placebos, n_after).
    """
    actual = level[n_before:]
    expected = actual * np.exp(-tested.gap[n_before:])
    strayed = np.array([placebo.gap[n_before:] / placebo.scale for placebo in placebos])
    return actual - expected, actual - expected * np.exp(strayed * tested.scale)


def ends(draws: Array, level: float) -> tuple[Array, Array]:
    """Return the interval that holds one more draw with a probability.

    One more draw is as likely to fall in any gap between ``n`` exchangeable ones, so the ends
    are the order statistics number ``(n + 1) (1 - level) / 2`` from either side; the outermost
    ones where there are too few draws for the level.

    Parameters
    ----------
    draws
        Draws, shape (n_draws, ...).
    level
        Probability that the interval covers.
    """
    ranked = np.sort(draws, axis=0)
    count = ranked.shape[0]
    # 40 x 0.05 is 2, and not the 1.9999999999999996 of binary fractions.
    cut = max(int(np.floor(round((count + 1) * (1 - level) / 2, 9))), 1)
    return ranked[cut - 1], ranked[count - cut]


def reached(n_draws: int, level: float) -> float:
    """Return the probability that `ends` covers: the level, or less where the draws are too few for it.

    Parameters
    ----------
    n_draws
        Number of draws.
    level
        Probability wanted.
    """
    return min(level, (n_draws - 1) / (n_draws + 1))
