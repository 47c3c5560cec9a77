"""Resampling: which scores happened to come out, and which benchmarks happen to exist.

* ``scores``: every score becomes its fitted value plus a standardised residual drawn from all of them,
  scaled to the score's own scatter. Unlike drawing whole rows this gives a model with one or two scores
  the uncertainty that it has.
* ``benchmarks``: every benchmark gets an exponential weight (Bayesian bootstrap, Rubin 1981), so that no
  draw loses a benchmark, its anchor or its connection.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.random import Generator, SeedSequence

from parity.frontier._fit import Floats, Integers, Problem, Solution, solve
from parity.frontier._options import BootstrapOptions, Resample
from parity.frontier._spread import Spread

KINDS: tuple[Resample, ...] = ("scores", "benchmarks")
# Draws that share one stream of random numbers: the same whatever the number of workers.
_CHUNK = 5


class Resampled(NamedTuple):
    """Refits to resampled scores.

    ``theta`` (draws, n_models + 2 n_tests) holds their parameters; ``y`` and ``weight`` (draws, n_scores) are
    what they were fitted to, ``None`` where a kind changes only the other.
    """

    theta: Floats
    y: Floats | None
    weight: Floats | None


def bootstrap(
    problem: Problem,
    solution: Solution,
    scatter: Spread,
    kind: Resample,
    options: BootstrapOptions,
    *,
    score_cluster: Integers | None = None,
    test_cluster: Integers | None = None,
    made: Floats | None = None,
    progress: Callable[[int], None] | None = None,
) -> Resampled:
    """Refit to resampled scores, each refit warm from the solution.

    Parameters
    ----------
    problem, solution, scatter
        Scores, the fit to them, and how they scatter around it.
    kind
        What is resampled; see the module.
    options
        Number of draws, seed, tolerance, workers.
    score_cluster
        Number of the cluster of each score, shape (n_scores,): its scores err together. ``None``:
        each for itself.
    test_cluster
        Number of the cluster of each test, shape (n_tests,): its tests come or go together.
    made
        Parameters of these very refits, shape (draws, n_parameters), where they have been made before:
        only what they were fitted to is drawn again.
    progress
        Called with the number of refits just done.

    Returns
    -------
    Resampled
        Parameters of every refit, with what it was fitted to.
    """
    clusters = score_cluster if kind == "scores" else test_cluster
    firsts = range(0, options.draws, _CHUNK)
    sizes = [min(_CHUNK, options.draws - first) for first in firsts]
    seeds = SeedSequence(options.seed, spawn_key=(KINDS.index(kind),)).spawn(len(sizes))

    def work(task: tuple[int, int, SeedSequence]) -> Resampled:
        first, size, seed = task
        y, weight = _draw(problem, kind, clusters, scatter, size, np.random.default_rng(seed))
        if made is not None:
            return Resampled(made[first : first + size], y, weight)
        theta = [
            solve(
                problem,
                start=solution.theta,
                y=None if y is None else y[k],
                weight=None if weight is None else weight[k],
                tolerance=options.tolerance,
            ).theta
            for k in range(size)
        ]
        return Resampled(np.stack(theta), y, weight)

    parts: list[Resampled] = []
    with ThreadPoolExecutor(options.workers or os.cpu_count()) as pool:
        for part in pool.map(work, zip(firsts, sizes, seeds, strict=True)):
            parts.append(part)
            if progress is not None:
                progress(len(part.theta))
    theta, y, weight = zip(*parts, strict=True)
    return Resampled(np.concatenate(theta), _joined(y), _joined(weight))


def _joined(parts: tuple[Floats | None, ...]) -> Floats | None:
    arrays = [part for part in parts if part is not None]
    return np.concatenate(arrays) if arrays else None


def _draw(
    problem: Problem,
    kind: Resample,
    cluster: Integers | None,
    scatter: Spread,
    draws: int,
    rng: Generator,
) -> tuple[Floats | None, Floats | None]:
    """Return scores and weights of some draws, shape (draws, n_scores) each; ``None`` for those kept."""
    if kind == "scores":
        return _scores(scatter, cluster, draws, rng), None
    tests = np.arange(problem.n_tests) if cluster is None else cluster
    weight = rng.standard_exponential((draws, int(tests.max()) + 1))[:, tests]
    return None, (weight / weight.mean(axis=1, keepdims=True))[:, problem.column]


def _scores(scatter: Spread, cluster: Integers | None, draws: int, rng: Generator) -> Floats:
    """Return fitted scores with drawn residuals; one residual for all scores of a cluster."""
    count = scatter.fitted.size if cluster is None else int(cluster.max()) + 1
    drawn = rng.choice(scatter.standard, (draws, count))
    error = drawn if cluster is None else drawn[:, cluster]
    resampled: Floats = np.clip(scatter.fitted + scatter.score_sd * error, 0.0, 1.0)
    return resampled
