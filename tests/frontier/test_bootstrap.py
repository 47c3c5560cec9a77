"""Resampling: converged, the same for any number of workers, and wide enough."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from parity.frontier import BootstrapOptions, FitOptions, fit
from parity.frontier._abilities import linked_draws
from parity.frontier._bootstrap import KINDS, bootstrap
from parity.frontier._fit import solve
from parity.frontier._options import Resample
from parity.frontier._spread import spread
from tests.frontier.conftest import Reference, made_up
from tests.frontier.test_fit import problem_of, scipy_objective

# A refit ends when a step changes the objective by less, relative; the rest to the optimum is of that order.
REFIT_TOLERANCE = 1e-8
# Derivatives by differences limit the comparison.
LEVERAGE_TOLERANCE = 1e-6
LEVEL = 0.9
# Least share of true capabilities inside a 90 % interval over the simulated histories.
LEAST_COVERAGE = 0.82


@pytest.mark.parametrize("kind", KINDS)
def test_draws_do_not_depend_on_the_workers(kind: Resample) -> None:
    problem = problem_of(made_up(seed=1)[0])
    solution = solve(problem)
    scatter = spread(problem, solution)
    draws = [
        bootstrap(problem, solution, scatter, kind, BootstrapOptions(draws=23, seed=5, workers=workers)).theta
        for workers in (1, 4)
    ]
    np.testing.assert_array_equal(*draws)
    other = bootstrap(problem, solution, scatter, kind, BootstrapOptions(draws=23, seed=6)).theta
    assert not np.array_equal(draws[0], other, equal_nan=True)


@pytest.mark.parametrize("kind", KINDS)
def test_refits_have_converged(reference: Reference, kind: Resample) -> None:
    problem = reference.problem
    solution = solve(problem)
    refits = bootstrap(
        problem,
        solution,
        spread(problem, solution),
        kind,
        BootstrapOptions(draws=20, tolerance=REFIT_TOLERANCE),
    )
    for k in range(20):
        y = None if refits.y is None else refits.y[k]
        weight = None if refits.weight is None else refits.weight[k]
        quick = solve(problem, start=solution.theta, y=y, weight=weight, tolerance=REFIT_TOLERANCE).objective
        tight = solve(
            problem, start=np.nan_to_num(refits.theta[k]), y=y, weight=weight, tolerance=1e-15
        ).objective
        assert quick - tight <= 2 * REFIT_TOLERANCE * tight


def test_a_warm_refit_is_as_good_as_a_cold_one_by_scipy() -> None:
    from dataclasses import replace

    problem = problem_of(made_up(25, 8, noise=0.06, seed=2)[0])
    solution = solve(problem)
    refits = bootstrap(problem, solution, spread(problem, solution), "scores", BootstrapOptions(draws=20))
    assert refits.y is not None
    for k in range(5):
        resampled = replace(problem, y=refits.y[k])
        warm = solve(resampled, start=solution.theta, tolerance=REFIT_TOLERANCE).objective
        assert warm <= scipy_objective(resampled) * (1 + 1e-6)


def test_leverage_is_the_diagonal_of_the_hat_matrix() -> None:
    problem = problem_of(made_up(12, 5, seed=3)[0])
    solution = solve(problem)
    scatter = spread(problem, solution)
    # The same derivatives by differences, the same matrix dense.
    size, step = solution.theta.size, 1e-6
    fixed = problem.n_models + 2 * problem.anchor + 1

    def fitted(theta: np.ndarray) -> np.ndarray:
        from parity.frontier._fit import predict

        return predict(problem, theta)

    J = np.stack(
        [
            (fitted(solution.theta + step * unit) - fitted(solution.theta - step * unit)) / (2 * step)
            for unit in np.eye(size)
        ],
        axis=1,
    )
    J = np.delete(J, fixed, axis=1)
    H = J.T @ J + problem.options.penalty / problem.n_free * np.eye(size - 1)
    np.testing.assert_allclose(
        scatter.leverage, np.diag(J @ np.linalg.solve(H, J.T)), atol=LEVERAGE_TOLERANCE
    )


def test_a_model_with_one_score_is_uncertain() -> None:
    frame, _ = made_up(30, 10, seed=4)
    lonely = pl.concat(
        [
            frame,
            pl.DataFrame({"model": ["one"], "test": ["t04"], "score": [0.6]}),
        ],
        how="diagonal",
    )
    found = fit(lonely, resampling=BootstrapOptions(draws=60)).table()
    width = found.select("model", width=pl.col("high") - pl.col("low"))
    one = width.filter(model="one")["width"][0]
    assert one > 1.5 * width["width"].median()


def test_scores_of_a_family_err_together() -> None:
    frame, _ = made_up(30, 10, noise=0.08, seed=5)
    twins = pl.concat(
        [frame, frame.filter(pl.col("model") > "m014").with_columns(model=pl.col("model") + "_high")]
    )
    apart = pl.DataFrame({"model": twins["model"].unique()})
    families = apart.with_columns(family=pl.col("model").str.strip_suffix("_high"))
    resampling = BootstrapOptions(draws=100)

    def correlation(models: pl.DataFrame) -> float:
        found = fit(twins, models=models, resampling=resampling, kinds=("scores",)).abilities
        names = found.models["model"].to_list()
        draws = found.draws["scores"]
        pairs = [(names.index(n), names.index(f"{n}_high")) for n in names if f"{n}_high" in names]
        return float(np.mean([np.corrcoef(draws[:, a], draws[:, b])[0, 1] for a, b in pairs]))

    assert correlation(families) > correlation(apart) + 0.3


def test_intervals_cover_the_truth() -> None:
    """Simulated histories: the truth, put on the scale of the fit, lies inside about as often as said."""
    inside = []
    for seed in range(8):
        frame, truth = made_up(40, 14, noise=0.05, seed=100 + seed)
        options = FitOptions(anchor="t00")
        found = fit(
            frame, options=options, resampling=BootstrapOptions(draws=80), kinds=("scores",)
        ).abilities
        low, high = found.interval(LEVEL)
        on_scale = linked_draws(truth[None, :], found.point)[0]
        inside.append(np.mean((low <= on_scale) & (on_scale <= high)))
    assert LEAST_COVERAGE <= np.mean(inside) <= 0.98


def test_linking_undoes_any_shift_and_stretch() -> None:
    rng = np.random.default_rng(0)
    point = rng.normal(size=30)
    draws = np.stack([3 + 2 * point, -1 + 0.5 * point])
    np.testing.assert_allclose(linked_draws(draws, point), np.stack([point, point]), atol=1e-12)


def test_progress_counts_every_refit() -> None:
    done: list[int] = []
    fit(made_up(12, 5, seed=7)[0], resampling=BootstrapOptions(draws=21), progress=done.append)
    assert sum(done) == 42
