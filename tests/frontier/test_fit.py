"""The fit against the reference, against SciPy, and under changes that must not matter."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import least_squares

from parity.frontier import FitOptions, fit
from parity.frontier._fit import Problem, predict, solve
from tests.frontier.conftest import Reference, made_up

# Of the reference, as its record states them.
REFERENCE_OBJECTIVE = 6.894761
REFERENCE_SQUARES = 6.747248
CAPABILITY_TOLERANCE = 1e-3
# A test on which few models scored is flat around the optimum; the reference search stopped there.
TEST_TOLERANCE = 2e-3
# SciPy's own tolerance on the objective, relative.
SCIPY_TOLERANCE = 1e-7
SAME = 1e-6


def problem_of(frame: pl.DataFrame, **options: object) -> Problem:
    from parity.frontier._input import arrange

    tests = pl.DataFrame({"test": frame["test"].unique()}).with_columns(
        chance=pl.lit(0.2), maximum=pl.lit(0.98)
    )
    return arrange(frame, tests, FitOptions(anchor="t00", **options))[0]  # type: ignore[arg-type]


def scipy_objective(problem: Problem, loss: str = "linear", start: np.ndarray | None = None) -> float:
    """Minimise the same objective by SciPy's trust-region solver, cold and tight."""
    models, tests = problem.n_models, problem.n_tests
    fixed = models + 2 * problem.anchor + 1
    free = np.delete(np.arange(models + 2 * tests), fixed)
    penalty = problem.options.penalty / problem.n_free
    scale = problem.options.loss_scale

    def full(theta: np.ndarray) -> np.ndarray:
        whole = np.ones(models + 2 * tests)
        whole[free] = theta
        return whole

    def residual(theta: np.ndarray) -> np.ndarray:
        return predict(problem, full(theta)) - problem.y

    low, high = np.full(free.size, -problem.options.reach), np.full(free.size, problem.options.reach)
    is_slope = (free >= models) & ((free - models) % 2 == 1)
    low[is_slope], high[is_slope] = problem.options.flattest, problem.options.steepest

    def stacked(theta: np.ndarray) -> np.ndarray:
        """Return residuals whose squares add up to the robust loss, then the penalty's."""
        r = residual(theta)
        z = (r / scale) ** 2
        if loss == "soft_l1":
            r = np.sign(r) * scale * np.sqrt(2 * (np.sqrt(1 + z) - 1))
        elif loss == "huber":
            r = np.where(z <= 1, r, np.sign(r) * scale * np.sqrt(np.maximum(2 * np.sqrt(z) - 1, 1)))
        return np.concatenate([r, np.sqrt(penalty) * theta])

    begin = np.zeros(free.size) if start is None else start[free]
    begin[is_slope] = np.clip(begin[is_slope], 0.2, 9) if start is not None else 1.0
    found = least_squares(
        stacked, begin, bounds=(low, high), xtol=1e-14, ftol=1e-14, gtol=1e-12, max_nfev=400
    )
    return float(2 * found.cost)


def test_the_reference_optimum_is_reached(reference: Reference) -> None:
    solution = solve(reference.problem)
    anchor = reference.problem.anchor
    shift = solution.difficulty[anchor]
    assert solution.objective <= REFERENCE_OBJECTIVE
    squares = ((predict(reference.problem, solution.theta) - reference.problem.y) ** 2).sum()
    assert squares == pytest.approx(REFERENCE_SQUARES, abs=1e-4)
    np.testing.assert_allclose(solution.ability - shift, reference.capabilities, atol=CAPABILITY_TOLERANCE)
    np.testing.assert_allclose(solution.difficulty - shift, reference.difficulties, atol=TEST_TOLERANCE)
    np.testing.assert_allclose(solution.slope, reference.slopes, rtol=TEST_TOLERANCE)


def test_the_reference_optimum_does_not_depend_on_the_start(reference: Reference) -> None:
    rng = np.random.default_rng(1)
    problem = reference.problem
    tests = np.stack([rng.normal(0, 2, problem.n_tests), rng.uniform(0.3, 3, problem.n_tests)], axis=1)
    start = np.concatenate([rng.normal(0, 2, problem.n_models), tests.ravel()])
    assert solve(problem, start=start).objective == pytest.approx(solve(problem).objective, rel=1e-8)


@pytest.mark.parametrize("loss", ["linear", "soft_l1", "huber"])
@pytest.mark.parametrize("guessing", [False, True])
def test_scipy_finds_nothing_smaller(loss: str, guessing: bool) -> None:
    frame, _ = made_up(14, 6, noise=0.08, seed=3)
    problem = problem_of(frame, loss=loss, loss_scale=0.05, guessing=guessing, ceiling=guessing, steps=3000)
    ours = solve(problem).objective
    assert ours <= scipy_objective(problem, loss) * (1 + SCIPY_TOLERANCE)


def test_bounds_hold_and_are_optimal() -> None:
    frame, _ = made_up(20, 6, noise=0.01, seed=4)
    steep = frame.with_columns(
        score=pl.when(pl.col("test") == "t03").then((pl.col("score") > 0.5).cast(float)).otherwise("score")
    )
    problem = problem_of(steep, steepest=1.5)
    solution = solve(problem)
    assert solution.slope.max() == 1.5
    assert solution.objective <= scipy_objective(problem) * (1 + SCIPY_TOLERANCE)


def test_held_tests_stay_and_models_are_refitted() -> None:
    frame, _ = made_up(seed=5)
    problem = problem_of(frame)
    whole = solve(problem)
    again = solve(problem, held=whole, start=whole.theta + np.r_[np.ones(problem.n_models), np.zeros(24)])
    np.testing.assert_array_equal(again.difficulty, whole.difficulty)
    np.testing.assert_array_equal(again.slope, whole.slope)
    np.testing.assert_allclose(again.ability, whole.ability, atol=1e-5)


def test_weights_count_like_repeated_scores() -> None:
    frame, _ = made_up(10, 5, seed=6)
    problem = problem_of(frame)
    weighted = solve(problem, weight=np.full(problem.y.size, 3.0)).objective
    lighter = problem_of(frame, penalty=0.1 / 3)
    assert weighted == pytest.approx(3 * solve(lighter).objective, rel=1e-8)


def test_a_robust_loss_resists_an_outlier() -> None:
    frame, _ = made_up(30, 10, noise=0.01, seed=7)
    spoiled = frame.with_columns(
        score=pl.when((pl.col("model") == "m029") & (pl.col("test") == "t01"))
        .then(pl.lit(0.0))
        .otherwise("score")
    )
    best = frame["model"] == "m029"
    assert best.any()
    clean = fit(frame, options=FitOptions(anchor="t00"), kinds=()).abilities.point[29]
    plain = fit(spoiled, options=FitOptions(anchor="t00"), kinds=()).abilities.point[29]
    options = FitOptions(anchor="t00", loss="soft_l1", loss_scale=0.02)
    robust = fit(spoiled, options=options, kinds=()).abilities.point[29]
    assert abs(robust - clean) < abs(plain - clean) / 2


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000))
def test_order_of_rows_and_names_do_not_matter(seed: int) -> None:
    frame, _ = made_up(15, 6, seed=8)
    shuffled = frame.sample(fraction=1, shuffle=True, seed=seed)
    renamed = shuffled.with_columns(model=pl.lit("z") + pl.col("model").str.reverse())
    one = fit(frame, options=FitOptions(anchor="t00"), kinds=()).table().select("model", "capability")
    two = fit(renamed, options=FitOptions(anchor="t00"), kinds=()).table().select("model", "capability")
    back = two.with_columns(model=pl.col("model").str.slice(1).str.reverse())
    both = one.join(back, on="model")
    np.testing.assert_allclose(both["capability"], both["capability_right"], atol=SAME)


@settings(max_examples=8, deadline=None)
@given(st.sampled_from([f"t{k:02d}" for k in range(1, 6)]))
def test_another_anchor_changes_the_scale_and_not_the_order(anchor: str) -> None:
    frame, _ = made_up(25, 6, share=0.9, noise=0.01, seed=9)
    one = fit(frame, options=FitOptions(anchor="t00"), kinds=()).abilities.point
    two = fit(frame, options=FitOptions(anchor=anchor), kinds=()).abilities.point
    assert np.corrcoef(one, two)[0, 1] > 0.995


def test_the_scale_hangs_on_two_models() -> None:
    frame, _ = made_up(seed=10)
    scale = (("m005", 100.0), ("m030", 150.0))
    found = fit(frame, options=FitOptions(scale=scale), kinds=()).table()
    numbers = dict(found.select("model", "capability").rows())
    assert numbers["m005"] == pytest.approx(100.0)
    assert numbers["m030"] == pytest.approx(150.0)
    plain = fit(frame, kinds=()).table()
    joined = found.join(plain, on="model")
    assert np.corrcoef(joined["capability"], joined["capability_right"])[0, 1] == pytest.approx(1.0)


def test_true_capabilities_are_recovered() -> None:
    frame, truth = made_up(60, 20, noise=0.02, seed=11)
    found = fit(frame, options=FitOptions(anchor="t00"), kinds=()).abilities.point
    assert np.corrcoef(found, truth)[0, 1] > 0.99


def test_guessing_fits_curves_that_start_at_chance() -> None:
    frame, _ = made_up(20, 6, noise=0.01, seed=12)
    lifted = frame.with_columns(score=0.25 + 0.75 * pl.col("score"))
    tests = pl.DataFrame({"test": lifted["test"].unique(), "chance": 0.25})
    plain = fit(lifted, tests=tests, options=FitOptions(anchor="t00"), kinds=())
    guessed = fit(lifted, tests=tests, options=FitOptions(anchor="t00", guessing=True), kinds=())
    assert guessed.benchmarks()["rmse"].mean() < plain.benchmarks()["rmse"].mean()
