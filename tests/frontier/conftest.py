"""Scores to fit: Epoch AI's reference rows, and made-up ones whose truth is known."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest

from parity.frontier._fit import Problem
from parity.frontier._input import arrange
from parity.frontier._options import FitOptions

START = dt.date(2023, 1, 1)


class Reference(NamedTuple):
    problem: Problem
    capabilities: np.ndarray
    difficulties: np.ndarray
    slopes: np.ndarray


@pytest.fixture(scope="session")
def reference(shared: Path) -> Reference:
    """Return the reference scores as arrays with the published optimum, in the same order."""
    folder = shared / "data" / "reference" / "epoch"
    scores = pl.read_csv(folder / "scores.csv").select("model", test="benchmark", score="performance")
    problem, models, tests = arrange(scores, pl.DataFrame({"test": ["-"]}), FitOptions(anchor="Winogrande"))
    capability = dict(pl.read_csv(folder / "capabilities.csv").select("model", "estimated_capability").rows())
    known = pl.read_csv(folder / "benchmarks.csv").rows_by_key("benchmark_name", named=True, unique=True)
    return Reference(
        problem,
        np.array([capability[model] for model in models]),
        np.array([known[test]["estimated_difficulty"] for test in tests]),
        np.array([known[test]["estimated_slope"] for test in tests]),
    )


def made_up(
    n_models: int = 40, n_tests: int = 12, share: float = 0.6, noise: float = 0.04, seed: int = 0
) -> tuple[pl.DataFrame, np.ndarray]:
    """Return scores drawn from known capabilities, dated and assigned to countries, and the truth."""
    rng = np.random.default_rng(seed)
    ability = np.sort(rng.normal(0, 1.2, n_models))
    difficulty, slope = rng.normal(0, 1, n_tests), rng.uniform(0.8, 3, n_tests)
    slope[0] = 1.0
    curve = 1 / (1 + np.exp(-slope * (ability[:, None] - difficulty)))
    score = np.clip(curve + rng.normal(0, noise, curve.shape), 0, 1)
    taken = rng.uniform(size=curve.shape) < share
    taken[:, 0] = True
    rows, columns = np.nonzero(taken)
    frame = pl.DataFrame(
        {
            "model": [f"m{k:03d}" for k in rows],
            "test": [f"t{k:02d}" for k in columns],
            "score": score[rows, columns],
            "date": [START + dt.timedelta(days=20 * int(k)) for k in rows],
            "country": [("AAA", "BBB", "CCC")[k % 3] for k in rows],
        }
    )
    return frame, ability
