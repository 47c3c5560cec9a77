"""Search for weights whose deviations from a target are least."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from parity.stats import FloatArray, IntArray

# Deviations of weights, which add up to 1 within each parent; shape (k,) to shape (m,).
Deviations = Callable[[FloatArray], FloatArray]
# Their derivatives by the weights; shape (k,) to shape (m, k).
Slopes = Callable[[FloatArray], FloatArray]

_SOLVED = 1e-8
# Starts of the search; with more weights than a few, a quarter of them.
_STARTS = 12
FEW = 15
# The seed only spreads the starts: the same question always gets the same answer.
_SEED = 20170805
# What stands for the deviations of weights that cannot be scaled to 1.
_FAR = 1e3


def nonnegative_weights(
    deviations: Deviations, parents: IntArray, slopes: Slopes | None = None
) -> tuple[float, FloatArray]:
    """Return the largest deviation and the weights of 0 or more for which it is least.

    Levenberg-Marquardt on the logarithms of the weights, from several starts, finds an
    exact solution where there is one; else sequential quadratic programming lowers the
    largest deviation.

    ``deviations``: what is to become 0. ``parents``: parent of each of the k weights, shape (k,).
    ``slopes``: derivatives of the deviations by the weights, shape (m, k); by finite differences if
    ``None``.
    """
    rng = np.random.default_rng(_SEED)
    k = len(parents)
    many = k <= FEW
    starts = [np.zeros(k), *(rng.normal(scale=1.5, size=k) for _ in range((_STARTS if many else 3) - 1))]

    def to_weights(logs: FloatArray) -> FloatArray:
        return _shares(np.exp(np.clip(logs, -25.0, 25.0)), parents)

    by_logs = slopes and (
        lambda logs: _chained(slopes, to_weights(logs), _of_logs(to_weights(logs), parents))
    )
    tried = _least_squares(deviations, to_weights, starts, by_logs)
    if tried[0][0] < _SOLVED:
        return tried[0]
    tried += [_smallest_maximum(deviations, parents, w, 0.0, slopes) for _, w in tried[: 3 if many else 1]]
    return min(tried, key=lambda pair: pair[0])


def signed_weights(
    deviations: Deviations, parents: IntArray, likely: FloatArray, slopes: Slopes | None = None
) -> tuple[float, FloatArray]:
    """Return the largest deviation and the weights of either sign for which it is least.

    ``likely``: weights to start from, beside random ones, shape (k,).
    """
    rng = np.random.default_rng(_SEED)
    k = len(parents)
    starts = [likely, *(rng.normal(0.5, 1.0, k) for _ in range(_STARTS if k <= FEW else 1))]
    by_sizes = slopes and (lambda x: _chained(slopes, _shares(x, parents), _of_sizes(x, parents)))
    tried = _least_squares(deviations, lambda weights: _shares(weights, parents), starts, by_sizes)
    tried.append(_smallest_maximum(deviations, parents, tried[0][1], -np.inf, slopes))
    return min(tried, key=lambda pair: pair[0])


def _chained(slopes: Slopes, weights: FloatArray, inner: FloatArray) -> FloatArray:
    """Return the derivatives of deviations through those of the weights; wild ones count as flat."""
    return np.nan_to_num(slopes(weights) @ inner, nan=0.0, posinf=0.0, neginf=0.0)


def _of_logs(weights: FloatArray, parents: IntArray) -> FloatArray:
    """Return the derivatives of shares by the logarithms of weights, shape (k, k)."""
    same = parents[:, np.newaxis] == parents
    return np.asarray(np.diag(weights) - same * np.outer(weights, weights))


def _of_sizes(sizes: FloatArray, parents: IntArray) -> FloatArray:
    """Return the derivatives of shares by weights of any sum, shape (k, k)."""
    same = parents[:, np.newaxis] == parents
    return np.asarray((np.eye(len(sizes)) - same * _shares(sizes, parents)[:, np.newaxis]) / (same @ sizes))


def _least_squares(
    deviations: Deviations,
    to_weights: Callable[[FloatArray], FloatArray],
    starts: list[FloatArray],
    slopes: Slopes | None = None,
) -> list[tuple[float, FloatArray]]:
    """Return what least squares finds from each start, the smallest largest deviation first."""
    from scipy.optimize import least_squares

    tried: list[tuple[float, FloatArray]] = []
    for start in starts:
        # MINPACK's Levenberg-Marquardt takes no singular values, which would cost more than all the rest.
        method = "lm" if slopes else "trf"
        found = least_squares(
            lambda x: _known(deviations(to_weights(x))), start, jac=slopes or "2-point", method=method
        )
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
    deviations: Deviations, parents: IntArray, start: FloatArray, low: float, slopes: Slopes | None = None
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

    constraint: dict[str, Any] = {"type": "ineq", "fun": room}
    if slopes is not None:

        def room_slopes(x: FloatArray) -> FloatArray:
            inner = _of_sizes(np.maximum(x[:k], least), parents) * (x[:k] > least)
            off = _chained(slopes, to_weights(x), inner)
            return np.block([[-off, np.ones((len(off), 1))], [off, np.ones((len(off), 1))]])

        constraint["jac"] = room_slopes
    first = np.maximum(start, 1e-4) if low == 0 else start
    found = minimize(
        lambda x: x[k],
        np.append(first, np.abs(_known(deviations(start))).max()),
        jac=lambda x: np.eye(k + 1)[k],
        constraints=[constraint],
        bounds=[(low, None)] * k + [(0.0, None)],
        method="SLSQP",
        options={"maxiter": 300, "ftol": 1e-10},
    )
    weights = to_weights(found.x)
    if low == 0:
        weights = _shares(np.where(weights < 1e-9, 0.0, weights), parents)
    return float(np.abs(_known(deviations(weights))).max()), weights
