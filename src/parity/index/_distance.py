"""Aggregation by distance from the best unit that could be, and from the worst."""

from __future__ import annotations

import numpy as np

from parity.index._tree import FloatArray


def topsis(values: FloatArray, reference: FloatArray, weights: FloatArray) -> FloatArray:
    r"""Return closeness to the ideal, :math:`d^-/(d^+ + d^-)`, shape (n,), from 0 to 1.

    Distances are Euclidean, of weighted members, from the best and the worst value of each in the reference.
    Hwang and Yoon (1981). NaN for a unit that lacks a member.

    Parameters
    ----------
    values
        Units, shape (n, k).
    reference
        Units that set the best and the worst, shape (m, k).
    weights
        Shape (k,), relative.
    """
    shares = weights / weights.sum()
    used = shares > 0
    # Unlike nanmax, these say nothing of a member that no unit has.
    best, worst = np.fmax.reduce(reference[:, used]), np.fmin.reduce(reference[:, used])
    far = np.sqrt((((values[:, used] - best) * shares[used]) ** 2).sum(axis=1))
    near = np.sqrt((((values[:, used] - worst) * shares[used]) ** 2).sum(axis=1))
    with np.errstate(invalid="ignore", divide="ignore"):
        closeness: FloatArray = near / (far + near)
    return closeness


def wroclaw(values: FloatArray, reference: FloatArray, weights: FloatArray) -> FloatArray:
    r"""Return Hellwig's measure of development, :math:`1 - D_i / (\bar D + 2 s_D)`, shape (n,).

    :math:`D_i` is the weighted Euclidean distance from the best value of each member in the reference, mean
    and
    standard deviation (divided by m) are over the reference. Hellwig (1968), the Wroclaw taxonomic method; 1
    for a unit that is best in all. NaN for a unit that lacks a member.

    Parameters
    ----------
    values, reference, weights
        As for `topsis`.
    """
    shares = weights / weights.sum()
    used = shares > 0
    best = np.fmax.reduce(reference[:, used])

    def distance(rows: FloatArray) -> FloatArray:
        found: FloatArray = np.sqrt((shares[used] * (rows[:, used] - best) ** 2).sum(axis=1))
        return found

    known = distance(reference)
    known = known[~np.isnan(known)]
    if not len(known):
        return np.full(len(values), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        measure: FloatArray = 1 - distance(values) / (known.mean() + 2 * known.std())
    return measure
