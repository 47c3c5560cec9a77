"""Resampling: which scores happened to come out, and which benchmarks happen to exist.

* ``scores``: every score becomes its fitted value plus a standardised residual drawn from all of them,
  scaled to the score's own scatter. Unlike drawing whole rows this gives a model with one or two scores
  the uncertainty that it has.
* ``benchmarks``: every benchmark gets an exponential weight (Bayesian bootstrap, Rubin 1981), so that no
  draw loses a benchmark, its anchor or its connection.
* ``rows``: the plain bootstrap, clusters of scores drawn with replacement.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.random import Generator, SeedSequence

from parity.frontier._fit import Floats, Integers, Problem, Solution, solve
from parity.frontier._options import BootstrapOptions, Resample
from parity.frontier._spread import Spread, spread

KINDS: tuple[Resample, ...] = ("scores", "benchmarks", "rows")
# Draws that share one stream of random numbers: the same whatever the number of workers.
_CHUNK = 5


def bootstrap(
    problem: Problem,
    solution: Solution,
    kind: Resample,
    options: BootstrapOptions,
    *,
    score_cluster: Integers | None = None,
    test_cluster: Integers | None = None,
    progress: Callable[[int], None] | None = None,
) -> Floats:
    """Refit to resampled scores, each refit warm from the solution.

    Parameters
    ----------
    problem, solution
        Scores, and the fit to them.
    kind
        What is resampled; see the module.
    options
        Number of draws, seed, tolerance, workers.
    score_cluster
        Number of the cluster of each score, shape (n_scores,): its scores err together. ``None``:
        each for itself.
    test_cluster
        Number of the cluster of each test, shape (n_tests,): its tests come or go together.
    progress
        Called with the number of refits just done.

    Returns
    -------
    numpy.ndarray
        Parameters of every refit, shape (draws, n_models + 2 n_tests). The ability of a model that
        no score of a draw speaks of is NaN.
    """
    clusters = {
        "scores": score_cluster,
        "rows": score_cluster,
        "benchmarks": test_cluster if test_cluster is not None else np.arange(problem.n_tests),
    }[kind]
    scatter = spread(problem, solution) if kind == "scores" else None
    sizes = [min(_CHUNK, options.draws - first) for first in range(0, options.draws, _CHUNK)]
    seeds = SeedSequence(options.seed, spawn_key=(KINDS.index(kind),)).spawn(len(sizes))

    def work(task: tuple[int, SeedSequence]) -> Floats:
        rng = np.random.default_rng(task[1])
        draws = _draws(problem, kind, clusters, scatter, task[0], rng)
        return np.stack([_refit(problem, solution, y, weight, options.tolerance) for y, weight in draws])

    parts = []
    with ThreadPoolExecutor(options.workers or os.cpu_count()) as pool:
        for part in pool.map(work, zip(sizes, seeds, strict=True)):
            parts.append(part)
            if progress is not None:
                progress(len(part))
    return np.concatenate(parts)


def _refit(
    problem: Problem, solution: Solution, y: Floats | None, weight: Floats | None, tolerance: float
) -> Floats:
    theta = solve(problem, start=solution.theta, y=y, weight=weight, tolerance=tolerance).theta
    if weight is not None:
        silent = np.bincount(problem.row, weight, problem.n_models) == 0
        theta[: problem.n_models][silent] = np.nan
    return theta


def _draws(
    problem: Problem,
    kind: Resample,
    cluster: Integers | None,
    scatter: Spread | None,
    draws: int,
    rng: Generator,
) -> Iterator[tuple[Floats | None, Floats | None]]:
    """Yield scores and weights of each draw; ``None`` keeps those of the problem."""
    for _ in range(draws):
        if scatter is not None:
            yield _resampled(scatter, cluster, rng), None
        elif kind == "benchmarks" and cluster is not None:
            weight = rng.standard_exponential(int(cluster.max()) + 1)[cluster]
            yield None, (weight / weight.mean())[problem.column]
        else:
            yield None, _row_weights(problem.y.size, cluster, rng)


def _resampled(scatter: Spread, cluster: Integers | None, rng: Generator) -> Floats:
    """Return fitted scores with drawn residuals; one residual for all scores of a cluster."""
    count = scatter.fitted.size if cluster is None else int(cluster.max()) + 1
    drawn = rng.choice(scatter.standard, count)
    error = drawn if cluster is None else drawn[cluster]
    resampled: Floats = np.clip(scatter.fitted + scatter.score_sd * error, 0.0, 1.0)
    return resampled


def _row_weights(scores: int, cluster: Integers | None, rng: Generator) -> Floats:
    count = scores if cluster is None else int(cluster.max()) + 1
    times = rng.multinomial(count, np.full(count, 1.0 / count)).astype(np.float64)
    return times if cluster is None else times[cluster]
