"""Aggregation by comparing units pair by pair: good on one member does not make up for bad on another."""

from __future__ import annotations

import numpy as np

from parity.index._tree import FloatArray

# Cells of the comparison held at a time.
_CHUNK = 4_000_000


def outranking(values: FloatArray, reference: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the share of weight on which each unit beats each reference unit, ties counting half.

    Members that either unit lacks are left out, and the weights of the others add up to 1.
    OECD and JRC (2008), section 6.9.

    Parameters
    ----------
    values
        Units, shape (n, k).
    reference
        Units compared with, shape (m, k).
    weights
        Shape (k,), relative.

    Returns
    -------
    numpy.ndarray
        Shape (n, m), from 0 to 1; NaN for a pair without a member in common.
    """
    won = np.empty((len(values), len(reference)))
    step = max(1, _CHUNK // max(1, reference.size))
    for start in range(0, len(values), step):
        rows = slice(start, start + step)
        difference = values[rows, np.newaxis, :] - reference
        points = np.where(difference > 0, 1.0, np.where(difference == 0, 0.5, 0.0))
        both = np.where(np.isnan(difference), 0.0, weights)
        with np.errstate(invalid="ignore", divide="ignore"):
            won[rows] = (points * both).sum(axis=-1) / both.sum(axis=-1)
    return won


def net_outranking(values: FloatArray, reference: FloatArray, weights: FloatArray) -> FloatArray:
    """Return each unit's shares won over the reference, added up: shape (n,).

    A unit ties with its own double in the reference; half a point for it is taken off, so
    that an index and its replay agree. NaN for a unit without any member.
    """
    won = outranking(values, reference, weights)
    return _scored(values, np.nansum(won, axis=1) - 0.5)


def copeland(values: FloatArray, reference: FloatArray, weights: FloatArray) -> FloatArray:
    """Return pairs won minus pairs lost against the reference: shape (n,).

    A pair is won with more than half of the weight; a unit ties with its own double.
    NaN for a unit without any member. Copeland (1951).
    """
    won = outranking(values, reference, weights)
    # Halves that are sums of weights carry rounding: a tie must stay one.
    return _scored(values, np.nansum(np.sign(np.round(won - 0.5, 12)), axis=1))


def _scored(values: FloatArray, scores: FloatArray) -> FloatArray:
    return np.where(np.isnan(values).all(axis=1), np.nan, scores)
