"""Aggregation by comparing units pair by pair: good on one member does not make up for bad on another."""

from __future__ import annotations

import numpy as np

from parity.index._tree import BoolArray, FloatArray, IntArray

# Cells of the comparison held at a time.
_CHUNK = 2_000_000


def outranking(values: FloatArray, reference: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the share of weight on which each unit beats each reference unit, ties counting half.

    Members that either unit lacks are left out, and the weights of the others add up to 1.
    OECD and JRC (2008), section 6.9.

    Each pair is added up once, from the side of the unit that comes first, and the other
    side gets the rest: the two add up to 1 to the last digit. A unit that is not in the
    reference comes last.

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
        Shape (n, m), from 0 to 1; half for a unit and itself; NaN for a pair without a
        member in common.
    """
    shares = (weights / weights.sum()).astype(np.longdouble)
    places = _places(values, reference)[:, np.newaxis]
    others = np.arange(len(reference))
    won = np.empty((len(values), len(reference)))
    step = max(1, _CHUNK // max(1, reference.size))
    for start in range(0, len(values), step):
        rows = slice(start, start + step)
        difference = values[rows, np.newaxis, :] - reference
        later = places[rows] > others
        difference[later] *= -1
        ahead = _share_ahead(difference, shares)
        won[rows] = np.where(later, 1 - ahead, ahead)
        won[rows][places[rows] == others] = 0.5
    return won


def _share_ahead(difference: FloatArray, shares: np.ndarray) -> FloatArray:
    """Return the share of weight with a positive difference and half of that with none, over the last axis.

    Added up in extended precision and rounded once, like the sums of the reference
    software: where a pair stands at half and half, the last digit decides.
    """

    def total(which: BoolArray) -> FloatArray:
        return np.asarray(np.where(which, shares, 0).sum(axis=-1), dtype=np.float64)

    ahead = total(difference > 0) + total(difference == 0) / 2
    lacking = np.isnan(difference)
    if not lacking.any():
        return ahead
    with np.errstate(invalid="ignore", divide="ignore"):
        return ahead / total(~lacking)


def _places(values: FloatArray, reference: FloatArray) -> IntArray:
    """Return where each unit stands in the reference, shape (n,); m for one that does not."""
    known = {row.tobytes(): place for place, row in reversed(list(enumerate(reference)))}
    return np.array([known.get(row.tobytes(), len(reference)) for row in values], dtype=np.intp)


def net_outranking(values: FloatArray, reference: FloatArray, weights: FloatArray) -> FloatArray:
    """Return each unit's shares won over the reference, added up: shape (n,).

    The half point against itself is taken off. NaN for a unit without any member.
    """
    won = outranking(values, reference, weights)
    return _scored(values, np.nansum(won, axis=1) - 0.5)


def copeland(
    values: FloatArray, reference: FloatArray, weights: FloatArray, tolerance: float = 0.0
) -> FloatArray:
    """Return pairs won minus pairs lost against the reference: shape (n,).

    A pair is won with more than half of the weight. NaN for a unit without any member.
    Copeland (1951).

    Parameters
    ----------
    values, reference, weights
        As for `outranking`.
    tolerance
        A share of weight that is no further from half counts as a tie. With 0, sums that
        are half but for their last digit decide a pair, as they do in COINr.
    """
    lead = outranking(values, reference, weights) - 0.5
    signs = np.where(np.abs(lead) <= tolerance, 0.0, np.sign(lead))
    return _scored(values, np.nansum(signs, axis=1))


def _scored(values: FloatArray, scores: FloatArray) -> FloatArray:
    return np.where(np.isnan(values).all(axis=1), np.nan, scores)
