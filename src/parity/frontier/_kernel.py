"""Compiled core of the capability fit: damped Newton steps on an arrow matrix.

Scores couple a model only to benchmarks. In the normal matrix every model is
therefore a scalar on the diagonal, every benchmark a 2 x 2 block (difficulty,
slope), and eliminating the models (Schur complement) leaves one dense system
of twice the number of benchmarks.

All parameters stand in one vector: the abilities, then difficulty and slope of
each benchmark in turn.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from parity.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

LINEAR, SOFT_L1, HUBER = 0, 1, 2
# Damping, relative to the largest diagonal met so far: where curvature fades, steps stay short.
_START, _LIGHTEST, _HEAVIEST = 1e-4, 1e-10, 1e10
_RAISE, _LOWER = 4.0, 0.25
_RIDGE = 1e-3  # keeps the damping alive where the diagonal is almost zero
_NEWTON_FROM = 0.03  # relative change below which exact curvature replaces the Gauss-Newton one

_OUTSIDE: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


# Plain loops stand where NumPy expressions would read better: they compile four times faster.
_compiled = partial(compiled, cache=False)


class Scores(NamedTuple):
    """Scores sorted by model, then benchmark; each pair at most once.

    ``pointer`` (n_models + 1) marks each model's run of ``column`` (benchmark
    number), ``y`` and ``weight`` (all n_scores); ``floor`` and ``span``
    (n_benchmarks) are the score at chance and the distance from there to the ceiling.
    """

    pointer: Integers
    column: Integers
    y: Floats
    weight: Floats
    floor: Floats
    span: Floats


class Rules(NamedTuple):
    """Bounds and penalty of each parameter (equal bounds hold it fixed); the loss and its scale."""

    low: Floats
    high: Floats
    penalty: Floats
    loss: int
    scale: float


@_compiled(**_OUTSIDE)
def _loss(square: float, kind: int, scale: float) -> Any:
    """Return rho(r^2) and its derivative for one squared residual."""
    if kind == LINEAR:
        return square, 1.0
    z = square / (scale * scale)
    if kind == SOFT_L1:
        root = math.sqrt(1.0 + z)
        return scale * scale * 2.0 * (root - 1.0), 1.0 / root
    if z <= 1.0:
        return square, 1.0
    root = math.sqrt(z)
    return scale * scale * (2.0 * root - 1.0), 1.0 / root


@_compiled(**_OUTSIDE)
def _objective(scores: Scores, theta: Floats, rules: Rules) -> float:
    """Return the penalised loss."""
    total = 0.0
    for v in range(theta.size):
        total += rules.penalty[v] * theta[v] * theta[v]
    models = scores.pointer.size - 1
    for m in range(models):
        for i in range(scores.pointer[m], scores.pointer[m + 1]):
            b = scores.column[i]
            v = models + 2 * b
            p = 1.0 / (1.0 + math.exp(-theta[v + 1] * (theta[m] - theta[v])))
            residual = scores.floor[b] + scores.span[b] * p - scores.y[i]
            total += scores.weight[i] * _loss(residual * residual, rules.loss, rules.scale)[0]
    return total


@_compiled(**_OUTSIDE)
def _curvature(
    scores: Scores, theta: Floats, rules: Rules, newton: float, H: Floats, g: Floats, cross: Floats
) -> None:
    """Fill half the gradient and half the Hessian; ``newton`` = 0 drops second derivatives.

    ``H`` (n_parameters) is the diagonal; ``cross`` (n_scores, 3) couples a score's ability
    with its difficulty and slope, and those two with each other.
    """
    for v in range(theta.size):
        H[v] = rules.penalty[v]
        g[v] = rules.penalty[v] * theta[v]
    models = scores.pointer.size - 1
    for m in range(models):
        for i in range(scores.pointer[m], scores.pointer[m + 1]):
            b = scores.column[i]
            v = models + 2 * b
            a, gap = theta[v + 1], theta[m] - theta[v]
            p = 1.0 / (1.0 + math.exp(-a * gap))
            residual = scores.floor[b] + scores.span[b] * p - scores.y[i]
            w = scores.weight[i] * _loss(residual * residual, rules.loss, rules.scale)[1]
            first = scores.span[b] * p * (1.0 - p)
            pull = newton * residual * first
            bend = pull * (1.0 - 2.0 * p)
            along, across = first * a, first * gap
            steep = w * (along * along + bend * a * a)
            turn = w * (along * across + bend * a * gap + pull)
            H[m] += steep
            H[v] += steep
            H[v + 1] += w * (across * across + bend * gap * gap)
            g[m] += w * residual * along
            g[v] -= w * residual * along
            g[v + 1] += w * residual * across
            cross[i, 0] = -steep
            cross[i, 1] = turn
            cross[i, 2] = -turn


@_compiled(**_OUTSIDE)
def _release(theta: Floats, g: Floats, rules: Rules, move: Flags) -> None:
    """Mark the parameters off their bounds, or on one and pulled inside."""
    for v in range(theta.size):
        low, high = rules.low[v], rules.high[v]
        move[v] = low < high and (theta[v] > low or g[v] < 0.0) and (theta[v] < high or g[v] > 0.0)


@_compiled(**_OUTSIDE)
def _eliminate(
    scores: Scores,
    H: Floats,
    g: Floats,
    cross: Floats,
    move: Flags,
    damping: Floats,
    S: Floats,
    x: Floats,
) -> bool:
    """Fill the Schur complement (lower triangle) and its right side.

    Returns False if a model's damped diagonal is not positive.
    """
    models = scores.pointer.size - 1
    for v in range(x.size):
        u = models + v
        for k in range(v):
            S[v, k] = 0.0
        S[v, v] = H[u] + damping[u] if move[u] else 1.0
        x[v] = -g[u] if move[u] else 0.0
    for m in range(models):
        diagonal = H[m] + damping[m]
        if not diagonal > 0.0:
            return False
        pivot = 1.0 / diagonal if move[m] else 0.0
        for i in range(scores.pointer[m], scores.pointer[m + 1]):
            v = 2 * scores.column[i]
            if move[models + v] and move[models + v + 1]:
                S[v + 1, v] += cross[i, 2]
            for k in range(2):
                if not move[models + v + k]:
                    continue
                share = cross[i, k] * pivot
                x[v + k] += share * g[m]
                for j in range(scores.pointer[m], i + 1):
                    u = 2 * scores.column[j]
                    if move[models + u]:
                        S[v + k, u] -= share * cross[j, 0]
                    if move[models + u + 1]:
                        S[v + k, u + 1] -= share * cross[j, 1]
    return True


@_compiled(fastmath={"reassoc", "contract", "nsz"}, **_OUTSIDE)
def _dot(left: Floats, right: Floats, n: int) -> float:
    total = 0.0
    for k in range(n):
        total += left[k] * right[k]
    return total


@_compiled(**_OUTSIDE)
def _cholesky_solve(S: Floats, x: Floats) -> bool:
    """Solve S x = x in place from the lower triangle; False if S is not positive definite."""
    n = x.size
    for i in range(n):
        row = S[i]
        for j in range(i):
            row[j] = (row[j] - _dot(row, S[j], j)) / S[j, j]
        pivot = row[i] - _dot(row, row, i)
        if not pivot > 0.0:
            return False
        row[i] = math.sqrt(pivot)
        x[i] = (x[i] - _dot(row, x, i)) / row[i]
    for i in range(n - 1, -1, -1):
        x[i] /= S[i, i]
        for j in range(i):
            x[j] -= S[i, j] * x[i]
    return True


@_compiled(**_OUTSIDE)
def _step(
    scores: Scores,
    H: Floats,
    g: Floats,
    cross: Floats,
    move: Flags,
    damping: Floats,
    S: Floats,
    step: Floats,
) -> bool:
    """Find the damped step of every parameter; False if the system is not positive definite."""
    models = scores.pointer.size - 1
    x = step[models:]
    moving = 0
    for v in range(models, step.size):
        moving += move[v]
        step[v] = 0.0
    # With every benchmark held, each model stands alone.
    if moving > 0 and not (_eliminate(scores, H, g, cross, move, damping, S, x) and _cholesky_solve(S, x)):
        return False
    for m in range(models):
        total = -g[m]
        for i in range(scores.pointer[m], scores.pointer[m + 1]):
            v = 2 * scores.column[i]
            total -= cross[i, 0] * x[v] + cross[i, 1] * x[v + 1]
        step[m] = total / (H[m] + damping[m]) if move[m] else 0.0
    return True


@_compiled(cache=True)
def solve(scores: Scores, start: Floats, rules: Rules, tolerance: float, most: int) -> Any:
    """Minimise the penalised loss from a starting point.

    Parameters
    ----------
    scores, rules
        See the classes of this module.
    start
        Parameters to begin with, within their bounds, shape (n_models + 2 n_benchmarks,).
    tolerance
        Relative change of the objective that ends the search.
    most
        Most steps.

    Returns
    -------
    tuple
        Parameters, objective, steps taken, and whether the search converged.
    """
    theta, trial, step, H, g = start.copy(), start.copy(), start.copy(), start.copy(), start.copy()
    largest, damping = np.zeros(start.size), start.copy()
    move = np.empty(start.size, np.bool_)
    cross = np.empty((scores.y.size, 3))
    variables = 2 * scores.floor.size
    S = np.empty((variables, variables))
    value, strength, newton = _objective(scores, theta, rules), _START, 0.0
    for steps in range(1, most + 1):
        _curvature(scores, theta, rules, newton, H, g, cross)
        _release(theta, g, rules, move)
        for v in range(theta.size):
            largest[v] = max(largest[v], abs(H[v]) + _RIDGE)
        reached = np.inf
        while not reached <= value:
            if strength > _HEAVIEST:  # nothing smaller in any direction: the end of the arithmetic
                return theta, value, steps, True
            for v in range(theta.size):
                damping[v] = strength * largest[v]
            if _step(scores, H, g, cross, move, damping, S, step):
                for v in range(theta.size):
                    trial[v] = min(max(theta[v] + step[v], rules.low[v]), rules.high[v])
                reached = _objective(scores, trial, rules)
            elif newton > 0.0:  # the exact curvature is indefinite here
                newton = 0.0
                _curvature(scores, theta, rules, newton, H, g, cross)
            if not reached <= value:
                strength *= _RAISE
        change = (value - reached) / max(value, 1e-300)
        theta, trial, value = trial, theta, reached
        strength = max(strength * _LOWER, _LIGHTEST)
        if change <= tolerance and (newton > 0.0 or rules.loss != LINEAR):
            return theta, value, steps, True
        newton = 1.0 if change < _NEWTON_FROM and rules.loss == LINEAR else 0.0
    return theta, value, most, False
