"""Capability fits: the reference rows, their bootstrap, and growth to 10,000 models x 500 benchmarks."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import Measurement, best_of
from parity.frontier import BootstrapOptions, FitOptions, Resample, carried
from parity.frontier._bootstrap import bootstrap
from parity.frontier._fit import Problem, solve
from parity.frontier._input import arrange
from parity.frontier._spread import spread

REFERENCE = Path(__file__).resolve().parents[2] / "shared" / "data" / "reference" / "epoch" / "scores.csv"
REFITS = 1000
# The reference record: one bootstrap refit by SciPy with a numerical Jacobian, on two cores.
PEER_REFIT = 1.15
NO_TESTS = pl.DataFrame({"test": ["-"]})


def problem_of(scores: pl.DataFrame, anchor: str | None = None) -> Problem:
    return arrange(scores, NO_TESTS, FitOptions(anchor=anchor))[0]


def made_up(n_models: int, n_tests: int, per_model: int) -> Problem:
    """Return scores of models on random tests, noise included."""
    rng = np.random.default_rng(0)
    column = np.sort(
        np.argpartition(rng.random((n_models, n_tests)), per_model - 1, axis=1)[:, :per_model], axis=1
    ).ravel()
    row = np.repeat(np.arange(n_models), per_model)
    ability, difficulty = rng.normal(0, 1, n_models), rng.normal(0, 1, n_tests)
    slope = rng.uniform(0.8, 3, n_tests)
    curve = 1 / (1 + np.exp(-slope[column] * (ability[row] - difficulty[column])))
    y = np.clip(curve + rng.normal(0, 0.05, row.size), 0, 1)
    return Problem(row, column, y, np.zeros(n_tests), np.ones(n_tests), n_models, 0, FitOptions())


def refits(problem: Problem, kind: Resample, draws: int, workers: int | None = None) -> float:
    solution = solve(problem)
    scatter = spread(problem, solution)
    options = BootstrapOptions(draws=draws, workers=workers)
    return best_of(lambda: bootstrap(problem, solution, scatter, kind, options), repeats=3)


def run() -> list[Measurement]:
    rows = []
    cores = os.cpu_count() or 1
    if REFERENCE.is_file():
        scores = pl.read_csv(REFERENCE).select("model", test="benchmark", score="performance")
        problem = problem_of(scores, "Winogrande")
        solve(problem)  # compiled, or read from the cache
        rows.append(
            Measurement(
                "reference fit, 179 models x 38 benchmarks",
                best_of(lambda: solve(problem)),
                note="cold start",
            )
        )
        for kind in ("rows", "scores", "benchmarks"):
            seconds = refits(problem, kind, REFITS)
            note = f"{cores} cores; {PEER_REFIT * REFITS / seconds:,.0f} times the peer"
            rows.append(
                Measurement(f"{REFITS} refits of the reference, {kind}", seconds, limit=5.0, note=note)
            )
        one = refits(problem, "rows", REFITS, workers=1)
        rows.append(Measurement(f"{REFITS} refits of the reference, rows", one, note="one worker"))
    evidence = carried()
    whole = problem_of(evidence.scores, "Winogrande")
    rows.append(
        Measurement(
            f"carried scores, {whole.n_models} models x {whole.n_tests} tests", best_of(lambda: solve(whole))
        )
    )
    for models, tests in ((1_000, 100), (3_000, 200), (10_000, 500)):
        large = made_up(models, tests, 20)
        fit = best_of(lambda large=large: solve(large), repeats=2)
        rows.append(
            Measurement(f"fit, {models:,} models x {tests} benchmarks", fit, note=f"{large.y.size:,} scores")
        )
    large = made_up(10_000, 500, 20)
    rows.append(
        Measurement(
            "20 refits, 10,000 models x 500 benchmarks",
            refits(large, "benchmarks", 20),
            note=f"{cores} cores",
        )
    )
    return rows
