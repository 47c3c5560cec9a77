"""Search for weights whose deviations from a target are least."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from parity.index._tree import FloatArray, IntArray

# Deviations of weights, which add up to 1 within each parent; shape (k,) to shape (m,).
Deviations = Callable[[FloatArray], FloatArray]

_SOLVED = 1e-8
# Starts of the search; with more weights than a few, a quarter of them.
_STARTS = 12
FEW = 15
# The seed only spreads the starts: the same question always gets the same answer.
_SEED = 20170805
# What stands for the deviations of weights that cannot be scaled to 1.
_FAR = 1e3


def nonnegative_weights(deviations: Deviations, parents: IntArray) -> tuple[float, FloatArray]:
    """Return the largest deviation and the weights of 0 or more for which it is least.

    Levenberg-Marquardt on the logarithms of the weights, from several starts, finds an
    exact solution where there is one; else sequential quadratic programming lowers the
    largest deviation.

    Parameters
    ----------
    deviations
        What is to become 0.
    parents
        Parent of each of the k weights, shape (k,).
    """
    rng = np.random.default_rng(_SEED)
    k = len(parents)
    many = k <= FEW
    starts = [np.zeros(k), *(rng.normal(scale=1.5, size=k) for _ in range((_STARTS if many else 3) - 1))]

    def to_weights(logs: FloatArray) -> FloatArray:
        return _shares(np.exp(np.clip(logs, -25.0, 25.0)), parents)

    tried = _least_squares(deviations, to_weights, starts)
    if tried[0][0] < _SOLVED:
        return tried[0]
    tried += [_smallest_maximum(deviations, parents, w, low=0.0) for _, w in tried[: 3 if many else 1]]
    return min(tried, key=lambda pair: pair[0])


def signed_weights(deviations: Deviations, parents: IntArray, likely: FloatArray) -> tuple[float, FloatArray]:
    """Return the largest deviation and the weights of either sign for which it is least.

    Parameters
    ----------
    deviations, parents
        As for `nonnegative_weights`.
    likely
        Weights to start from, beside random ones, shape (k,).
    """
    rng = np.random.default_rng(_SEED)
    k = len(parents)
    starts = [likely, *(rng.normal(0.5, 1.0, k) for _ in range(_STARTS if k <= FEW else 1))]
    tried = _least_squares(deviations, lambda weights: _shares(weights, parents), starts)
    tried.append(_smallest_maximum(deviations, parents, tried[0][1], low=-np.inf))
    return min(tried, key=lambda pair: pair[0])


def _least_squares(
    deviations: Deviations, to_weights: Callable[[FloatArray], FloatArray], starts: list[FloatArray]
) -> list[tuple[float, FloatArray]]:
    """Return what least squares finds from each start, the smallest largest deviation first."""
    from scipy.optimize import least_squares

    tried: list[tuple[float, FloatArray]] = []
    for start in starts:
        found = least_squares(lambda x: _known(deviations(to_weights(x))), start)
        weights = to_weights(found.x)
        tried.append((float(np.abs(_known(deviations(weights))).max()), weights))
        if tried[-1][0] < _SOLVED:
            break
    return sorted(tried, key=lambda pair: pair[0])


def _known(off: FloatArray) -> FloatArray:
    return np.nan_to_num(off, nan=_FAR, posinf=_FAR, neginf=-_FAR)


def _shares(weights: FloatArray, parents: IntArray) -> FloatArray:
    """Return weights that add up to 1 within each parent."""
    _, which = np.unique(parents, return_inverse=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(weights / np.bincount(which, weights)[which])


def _smallest_maximum(
    deviations: Deviations, parents: IntArray, start: FloatArray, low: float
) -> tuple[float, FloatArray]:
    """Minimise the largest deviation from a start, as a bound t with -t <= deviation <= t."""
    from scipy.optimize import minimize

    k = len(start)
    least = low if low < 0 else 1e-12

    def to_weights(x: FloatArray) -> FloatArray:
        return _shares(np.maximum(x[:k], least), parents)

    def room(x: FloatArray) -> FloatArray:
        off = _known(deviations(to_weights(x)))
        return np.concatenate([x[k] - off, x[k] + off])

    first = np.maximum(start, 1e-4) if low == 0 else start
    found = minimize(
        lambda x: x[k],
        np.append(first, np.abs(_known(deviations(start))).max()),
        jac=lambda x: np.eye(k + 1)[k],
        constraints=[{"type": "ineq", "fun": room}],
        bounds=[(low, None)] * k + [(0.0, None)],
        method="SLSQP",
        options={"maxiter": 300, "ftol": 1e-10},
    )
    weights = to_weights(found.x)
    if low == 0:
        weights = _shares(np.where(weights < 1e-9, 0.0, weights), parents)
    return float(np.abs(_known(deviations(weights))).max()), weights
