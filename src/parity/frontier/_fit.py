"""The two-parameter logistic fit on arrays.

score(m, b) = floor_b + (ceiling_b - floor_b) sigmoid(a_b (C_m - D_b)), by penalised
least squares; method of A. Ho et al., "A Rosetta Stone for AI Benchmarks" (2025).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from parity.errors import ParityError
from parity.frontier._options import FitOptions

if TYPE_CHECKING:
    from parity.frontier._kernel import Rules, Scores

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Problem:
    """Scores as arrays, with the rules of the fit.

    Attributes
    ----------
    row, column
        Number of the model and of the test of each score, shape (n_scores,); sorted by
        both, no pair twice.
    y
        Scores, shape (n_scores,).
    floor, span
        Score at chance, and distance from there to the ceiling, shape (n_tests,).
    n_models
        Number of models.
    anchor
        Number of the test with slope 1 and difficulty 0.
    options
        Options of the fit.
    """

    row: Integers
    column: Integers
    y: Floats
    floor: Floats
    span: Floats
    n_models: int
    anchor: int
    options: FitOptions

    @property
    def n_tests(self) -> int:
        """Number of tests."""
        return self.floor.size

    @property
    def n_free(self) -> int:
        """Number of estimated parameters: the anchor's slope is not one."""
        return self.n_models + 2 * self.n_tests - 1


@dataclass(frozen=True, slots=True)
class Solution:
    """Parameters as the search leaves them: the penalty, not the anchor, fixes their origin.

    Attributes
    ----------
    theta
        Abilities, then difficulty and slope of each test, shape (n_models + 2 n_tests,).
    n_models
        Number of models.
    objective
        Penalised loss reached.
    steps
        Steps taken.
    converged
        Whether the search ended before the most steps.
    """

    theta: Floats
    n_models: int
    objective: float
    steps: int
    converged: bool

    @property
    def ability(self) -> Floats:
        """Capabilities, shape (n_models,)."""
        return self.theta[: self.n_models]

    @property
    def difficulty(self) -> Floats:
        """Difficulties, shape (n_tests,)."""
        return self.theta[self.n_models :: 2]

    @property
    def slope(self) -> Floats:
        """Slopes, shape (n_tests,)."""
        return self.theta[self.n_models + 1 :: 2]


def solve(
    problem: Problem,
    *,
    start: Floats | None = None,
    weight: Floats | None = None,
    y: Floats | None = None,
    held: Solution | None = None,
    tolerance: float | None = None,
) -> Solution:
    """Fit capabilities, difficulties and slopes.

    Parameters
    ----------
    problem
        Scores and rules.
    start
        Parameters to begin with, shape (n_models + 2 n_tests,); a plain start if ``None``.
    weight
        Weight of each score, shape (n_scores,); 1 if ``None``.
    y
        Scores in place of the problem's, shape (n_scores,).
    held
        Keep difficulties and slopes as in this solution and fit the capabilities alone.
    tolerance
        Relative change of the objective that ends the search; the options' if ``None``.

    Returns
    -------
    Solution
        The parameters reached.

    Raises
    ------
    ParityError
        If the search has not converged after the options' most steps.
    """
    from parity.frontier import _kernel

    options = problem.options
    rules = _rules(problem, held)
    theta, objective, steps, converged = _kernel.solve(
        _scores(problem, weight, y),
        _start(problem, held) if start is None else np.clip(start, rules.low, rules.high),
        rules,
        options.tolerance if tolerance is None else tolerance,
        options.steps,
    )
    if not converged:
        raise ParityError(
            f"the fit has not converged after {steps} steps; allow more steps or a larger tolerance"
        )
    return Solution(theta, problem.n_models, objective, steps, converged)


def predict(problem: Problem, theta: Floats) -> Floats:
    """Return the fitted score of every score's model and test, shape (n_scores,)."""
    models = problem.n_models
    gap = theta[problem.row] - theta[models + 2 * problem.column]
    curve = 1.0 / (1.0 + np.exp(-theta[models + 2 * problem.column + 1] * gap))
    return np.asarray(problem.floor[problem.column] + problem.span[problem.column] * curve)


def _scores(problem: Problem, weight: Floats | None, y: Floats | None) -> Scores:
    from parity.frontier._kernel import Scores

    return Scores(
        pointer=np.searchsorted(problem.row, np.arange(problem.n_models + 1)).astype(np.int64),
        column=problem.column,
        y=problem.y if y is None else y,
        weight=np.ones(problem.y.size) if weight is None else weight,
        floor=problem.floor,
        span=problem.span,
    )


def _rules(problem: Problem, held: Solution | None) -> Rules:
    from parity.frontier import _kernel

    options, models = problem.options, problem.n_models
    size = models + 2 * problem.n_tests
    low, high = np.full(size, -options.reach), np.full(size, options.reach)
    low[models + 1 :: 2], high[models + 1 :: 2] = options.flattest, options.steepest
    fixed = models + 2 * problem.anchor + 1
    low[fixed] = high[fixed] = 1.0
    if held is not None:
        low[models:] = high[models:] = held.theta[held.n_models :]
    # The penalty divides by the parameters of the whole fit; what is held carries none.
    penalty = np.where(low < high, options.penalty / problem.n_free, 0.0)
    kinds = {"linear": _kernel.LINEAR, "soft_l1": _kernel.SOFT_L1, "huber": _kernel.HUBER}
    return _kernel.Rules(low, high, penalty, kinds[options.loss], options.loss_scale)


def _start(problem: Problem, held: Solution | None) -> Floats:
    start = np.zeros(problem.n_models + 2 * problem.n_tests)
    start[problem.n_models + 1 :: 2] = 1.0
    if held is not None:
        start[problem.n_models :] = held.theta[held.n_models :]
    return start
