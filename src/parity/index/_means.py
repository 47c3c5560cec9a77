r"""Means that combine the members of a group, missing members left out.

Every function takes ``values`` of shape (..., k) and ``weights`` that broadcast with
them, and returns shape (...): NaN where no member with a weight is there. Weights are
relative. A whole batch of draws is just one more leading axis.
"""

from __future__ import annotations

import numpy as np

from parity.index._tree import FloatArray


def _present(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the weights with 0 for a missing member, shape (..., k)."""
    return np.where(np.isnan(values), 0.0, weights)


def arithmetic(values: FloatArray, weights: FloatArray) -> FloatArray:
    r"""Return the weighted arithmetic mean, :math:`\sum w x / \sum w`."""
    shares = _present(values, weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: FloatArray = (shares * np.nan_to_num(values, nan=0.0)).sum(axis=-1) / shares.sum(axis=-1)
    return mean


def total(values: FloatArray, weights: FloatArray) -> FloatArray:
    r"""Return the weighted sum, :math:`\sum w x`; NaN if a member with a weight is missing."""
    found: FloatArray = np.where(weights > 0, weights * values, 0.0).sum(axis=-1)
    return found


def ordered(values: FloatArray, order_weights: FloatArray) -> FloatArray:
    """Return the ordered weighted average: the first weight goes to a unit's best member.

    Yager (1988). NaN if a member is missing: the order would not be known.
    """
    ranked = -np.sort(-values, axis=-1)
    mean: FloatArray = (ranked * order_weights).sum(axis=-1) / order_weights.sum()
    return mean


def geometric(values: FloatArray, weights: FloatArray) -> FloatArray:
    r"""Return the weighted geometric mean, :math:`\exp(\sum w \ln x / \sum w)`.

    NaN if a value is not above 0.
    """
    # The log of 0 stands as the least number there is; weighted, it may leave the range.
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        mean = np.exp(arithmetic(np.log(values), weights))
    return _undefined(mean, values <= 0)


def harmonic(values: FloatArray, weights: FloatArray) -> FloatArray:
    r"""Return the weighted harmonic mean, :math:`\sum w / \sum (w/x)`.

    NaN if a value is 0, or values of both signs cancel.
    """
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        mean = 1.0 / arithmetic(1.0 / values, weights)
    return np.where(np.isinf(mean), np.nan, _undefined(mean, values == 0))


def power(values: FloatArray, weights: FloatArray, exponent: float) -> FloatArray:
    r"""Return the weighted power mean, :math:`(\sum w x^p / \sum w)^{1/p}`.

    With exponent 0 it is the geometric mean. NaN if a value is not above 0.
    """
    if exponent == 0:
        return geometric(values, weights)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        mean = arithmetic(np.power(values, exponent), weights) ** (1.0 / exponent)
    return _undefined(mean, values <= 0)


def _undefined(mean: FloatArray, outside: np.ndarray) -> FloatArray:
    return np.where(outside.any(axis=-1), np.nan, mean)


def median(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the weighted median: half of the weight lies on either side.

    Where a value ends exactly at half of the weight, the mean of it and the next is
    taken, so that equal weights give the usual median.
    """
    shares = np.broadcast_to(_present(values, weights), values.shape)
    order = np.argsort(np.where(shares > 0, values, np.inf), axis=-1)
    ranked = np.take_along_axis(values, order, axis=-1)
    reached = np.take_along_axis(shares, order, axis=-1).cumsum(axis=-1)
    half = reached[..., -1:] / 2
    slack = 1e-12 * reached[..., -1:]
    last = values.shape[-1] - 1
    below = np.minimum((reached < half - slack).sum(axis=-1, keepdims=True), last)
    above = np.minimum((reached <= half + slack).sum(axis=-1, keepdims=True), last)
    middle = np.take_along_axis(ranked, below, axis=-1) + np.take_along_axis(ranked, above, axis=-1)
    return np.where(half[..., 0] > 0, middle[..., 0] / 2, np.nan)


def mazziotta_pareto(values: FloatArray, weights: FloatArray, sign: float) -> FloatArray:
    r"""Return the Mazziotta-Pareto index, :math:`M + s\,S^2/M`.

    M and S are the (weighted) mean and standard deviation over the members of one unit;
    sign -1 penalises imbalance where more is better, +1 where more is worse. Made for
    z-scores with mean 100 and standard deviation 10. Mazziotta and Pareto (2016).
    """
    mean = arithmetic(values, weights)
    variance = arithmetic((values - mean[..., np.newaxis]) ** 2, weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(mean == 0, np.nan, mean + sign * variance / mean)
