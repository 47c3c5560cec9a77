"""Synthetic control: what a series would have done, from a weighted mean of series left alone."""

from __future__ import annotations

from dataclasses import dataclass

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
