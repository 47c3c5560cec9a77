"""How far scores scatter around the fitted curves, and how much each score pulls its own curve."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from parity.frontier._fit import Floats, Problem, Solution, predict

# Scatter shrinks towards both ends of the scale, as that of a proportion does, but not to nothing.
_LEAST_VARIANCE = 0.03
# Weight of the common scatter in a test's own, in scores: a test with few scores says little about itself.
_PRIOR_SCORES = 4.0
# Share of a residual's variance that the score's own pull leaves, at least.
_LEAST_LEFT = 0.05


@dataclass(frozen=True, slots=True)
class Spread:
    """Scatter around a fit.

    Attributes
    ----------
    fitted
        Fitted scores, shape (n_scores,).
    leverage
        Pull of each score on its own fitted value, from 0 to 1, shape (n_scores,).
    test_sd
        Standard deviation of a score in the middle of the scale, shape (n_tests,).
    score_sd
        Standard deviation of each score, shape (n_scores,).
    standard
        Residuals over their standard deviation, corrected for leverage and centred, shape (n_scores,).
    """

    fitted: Floats
    leverage: Floats
    test_sd: Floats
    score_sd: Floats
    standard: Floats


def spread(problem: Problem, solution: Solution) -> Spread:
    """Measure the scatter of scores around a fit.

    Parameters
    ----------
    problem
        Scores and rules.
    solution
        The fit of all parameters to them.

    Returns
    -------
    Spread
        Scatter per test and per score.
    """
    fitted = predict(problem, solution.theta)
    leverage = _leverage(problem, solution)
    left = np.maximum(1.0 - leverage, _LEAST_LEFT)
    share = np.sqrt(np.maximum(fitted * (1.0 - fitted), _LEAST_VARIANCE)) / 0.5
    residual = (problem.y - fitted) / share
    square = np.bincount(problem.column, residual**2, problem.n_tests)
    freedom = np.bincount(problem.column, left, problem.n_tests)
    common = square.sum() / freedom.sum()
    test_sd = np.sqrt((square + _PRIOR_SCORES * common) / (freedom + _PRIOR_SCORES))
    standard = residual / np.sqrt(left) / test_sd[problem.column]
    return Spread(fitted, leverage, test_sd, share * test_sd[problem.column], standard - standard.mean())


def _leverage(problem: Problem, solution: Solution) -> Floats:
    """Return the diagonal of J (J'J + penalty)^-1 J', through the Schur complement of the models."""
    jacobian = _jacobian(problem, solution)
    penalty = problem.options.penalty / problem.n_free
    inverse = _inverse_of_tests(problem, jacobian, penalty)
    leverage = np.empty(problem.y.size)
    bounds = np.searchsorted(problem.row, np.arange(problem.n_models + 1))
    for first, last in pairwise(bounds):
        j_model, j_tests = jacobian[first:last, 0], jacobian[first:last, 1:]
        H = j_model @ j_model + penalty
        places = _places(problem.column[first:last])
        block = inverse[np.ix_(places.ravel(), places.ravel())]
        n = last - first
        # Each score's own derivatives by the tests' parameters, laid out over the model's tests.
        own = np.zeros((n, 2 * n))
        own[np.arange(n), 2 * np.arange(n)] = j_tests[:, 0]
        own[np.arange(n), 2 * np.arange(n) + 1] = j_tests[:, 1]
        reduced = own - np.outer(j_model, j_model @ own) / H
        leverage[first:last] = j_model**2 / H + np.einsum("ij,jk,ik->i", reduced, block, reduced)
    return np.clip(leverage, 0.0, 1.0)


def _places(column: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.stack([2 * column, 2 * column + 1], axis=1)


def _jacobian(problem: Problem, solution: Solution) -> Floats:
    """Return the derivatives of each fitted score by ability, difficulty and slope, shape (n_scores, 3)."""
    slope = solution.slope[problem.column]
    gap = solution.ability[problem.row] - solution.difficulty[problem.column]
    p = 1.0 / (1.0 + np.exp(-slope * gap))
    steep = problem.span[problem.column] * p * (1.0 - p)
    by_slope = np.where(problem.column == problem.anchor, 0.0, steep * gap)
    return np.stack([steep * slope, -steep * slope, by_slope], axis=1)


def _inverse_of_tests(problem: Problem, jacobian: Floats, penalty: float) -> Floats:
    """Return the inverse of the Schur complement, shape (2 n_tests, 2 n_tests)."""
    size = 2 * problem.n_tests
    S = penalty * np.eye(size)
    places = _places(problem.column)
    for left in range(2):
        for right in range(2):
            np.add.at(S, (places[:, left], places[:, right]), jacobian[:, 1 + left] * jacobian[:, 1 + right])
    H = np.bincount(problem.row, jacobian[:, 0] ** 2, problem.n_models) + penalty
    coupling = np.zeros((problem.n_models, size))
    for side in range(2):
        coupling[problem.row, places[:, side]] = jacobian[:, 0] * jacobian[:, 1 + side]
    S -= coupling.T @ (coupling / H[:, None])
    S[2 * problem.anchor + 1, 2 * problem.anchor + 1] += 1.0  # held: any positive number will do
    return np.asarray(np.linalg.inv(S), dtype=np.float64)
