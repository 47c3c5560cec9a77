"""Sobol indices against analytic values and against SALib."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from SALib.analyze import sobol as salib_analyze
from SALib.sample import sobol as salib_sample
from SALib.test_functions import Ishigami, Sobol_G

from parity.robustness import sobol_indices
from parity.robustness._sobol import CONSTANT, TOO_FEW, UNSURE, batch_bounds, indices, merge, moments

N = 2**12
ROUNDING = 1e-9
"""Sums in another order."""
CENTRING = 1e-5
"""SALib centres products on the mean of the whole design, we on that of A and B."""
NEAR = 0.05
"""Distance of a point estimate from the analytic index at N base points."""

ISHIGAMI_A, ISHIGAMI_B = 7.0, 0.1
SOBOL_G_A = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])


def ishigami(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(Ishigami.evaluate(np.pi * (2 * points - 1), ISHIGAMI_A, ISHIGAMI_B))[:, None]


def sobol_g(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(Sobol_G.evaluate(points, SOBOL_G_A))[:, None]


def ishigami_analytic() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ishigami and Homma (1990): closed form of first-order and total indices."""
    a, b, pi = ISHIGAMI_A, ISHIGAMI_B, np.pi
    one, two = 0.5 * (1 + b * pi**4 / 5) ** 2, a**2 / 8
    interaction = b**2 * pi**8 * (1 / 18 - 1 / 50)
    variance = one + two + interaction
    return np.array([one, two, 0]) / variance, np.array([one + interaction, two, interaction]) / variance


def sobol_g_analytic() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Saltelli and Sobol (1995): every factor has partial variance 1 / (3 (1 + a)^2)."""
    partial = 1 / (3 * (1 + SOBOL_G_A) ** 2)
    variance = np.prod(1 + partial) - 1
    total = partial * np.prod(1 + partial) / (1 + partial)
    return partial / variance, total / variance


CASES = [(ishigami, ishigami_analytic, 3), (sobol_g, sobol_g_analytic, 8)]


@pytest.mark.parametrize("estimator", ["saltelli", "jansen"])
@pytest.mark.parametrize(("function", "analytic", "dimensions"), CASES)
def test_analytic_values_lie_in_the_intervals(function, analytic, dimensions, estimator):
    found = sobol_indices(function, range(dimensions), N, seed=0, estimator=estimator)
    first, total = analytic()
    assert np.abs(found.first[0] - first).max() < NEAR
    assert np.abs(found.total[0] - total).max() < NEAR
    # An index that is exactly zero may sit on the end of its interval.
    assert (found.first_interval[0, :, 0] <= first + ROUNDING).all()
    assert (found.first_interval[0, :, 1] >= first - ROUNDING).all()
    assert (found.total_interval[0, :, 0] <= total + ROUNDING).all()
    assert (found.total_interval[0, :, 1] >= total - ROUNDING).all()


@pytest.mark.parametrize(("function", "analytic", "dimensions"), CASES)
def test_intervals_overlap_with_salib(function, analytic, dimensions):
    problem = {
        "num_vars": dimensions,
        "names": [f"x{i}" for i in range(dimensions)],
        "bounds": [[0, 1]] * dimensions,
    }
    points = salib_sample.sample(problem, N, calc_second_order=False, scramble=True, seed=1)
    theirs = salib_analyze.analyze(problem, function(points)[:, 0], calc_second_order=False, seed=1)
    ours = sobol_indices(function, range(dimensions), N, seed=1)
    for point, half, interval in [
        (theirs["S1"], theirs["S1_conf"], ours.first_interval[0]),
        (theirs["ST"], theirs["ST_conf"], ours.total_interval[0]),
    ]:
        assert (interval[:, 0] <= point + half).all()
        assert (interval[:, 1] >= point - half).all()


def test_estimators_equal_salib_on_the_same_design():
    """On SALib's own points every estimate is the same number."""
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    points = salib_sample.sample(problem, 512, calc_second_order=True, scramble=True, seed=2)
    y = ishigami(points)[:, 0]
    theirs = salib_analyze.analyze(problem, y, calc_second_order=True, seed=2)
    rows = y.reshape(512, 8)
    ours = indices(
        moments(rows[:, [0]], rows[:, [7]], rows[:, 1:4].T[:, :, None], rows[:, 4:7].T[:, :, None])
    )
    np.testing.assert_allclose(ours.first[0], theirs["S1"], atol=CENTRING)
    np.testing.assert_allclose(ours.total[0], theirs["ST"], rtol=ROUNDING)
    upper = theirs["S2"][np.triu_indices(3, 1)]
    np.testing.assert_allclose(ours.second[0], upper, atol=CENTRING)


def test_pair_interaction_of_ishigami():
    found = sobol_indices(ishigami, range(3), N, seed=0, pairs=True)
    total = ishigami_analytic()[1]
    expected = np.array([0, total[2], 0])
    assert np.abs(found.second[0] - expected).max() < NEAR
    assert (found.second_interval[0, :, 0] <= expected).all()
    assert (found.second_interval[0, :, 1] >= expected).all()


def test_a_group_of_dimensions_is_one_assumption():
    """x0 + x1 against x2: the group carries two thirds of the variance."""
    found = sobol_indices(lambda x: x.sum(1, keepdims=True), [0, 0, 1], N)
    np.testing.assert_allclose(found.first[0], [2 / 3, 1 / 3], atol=NEAR)
    np.testing.assert_allclose(found.total[0], [2 / 3, 1 / 3], atol=NEAR)


def test_all_outputs_at_once_equal_one_at_a_time():
    both = sobol_indices(lambda x: np.hstack([ishigami(x), sobol_g(np.tile(x, 3)[:, :8])]), range(3), 256)
    one = sobol_indices(ishigami, range(3), 256)
    np.testing.assert_allclose(both.first[0], one.first[0], rtol=ROUNDING)
    np.testing.assert_allclose(both.total_interval[0], one.total_interval[0], rtol=ROUNDING)


def test_a_constant_output_has_no_index_and_says_why():
    found = sobol_indices(lambda x: np.hstack([np.full((len(x), 1), 0.1), x[:, :1]]), [0, 1], 64)
    assert np.isnan(found.first[0]).all()
    assert np.isnan(found.total_interval[0]).all()
    assert found.reasons == (CONSTANT, "")
    assert np.isfinite(found.first[1]).all()


def test_a_nearly_constant_output_has_an_interval_from_the_resamples_that_vary():
    """One point of 64 differs, so that a third of the resamples do not vary at all."""
    found = sobol_indices(lambda x: (x[:, :1] == x[:, 0].max()) * 1.0, [0, 1], 64)
    assert np.isfinite(found.total_interval[0]).all()
    assert found.reasons == ("",)


def test_shares_that_may_be_anything_are_refused():
    found = sobol_indices(lambda x: ((x[:, :1] > 0.97) & (x[:, 1:2] > 0.5)) * 1.0, [0, 1, 2], 64)
    assert found.reasons == (UNSURE,)
    assert np.isnan(found.total).all()


def test_one_base_point_has_no_variance():
    found = sobol_indices(lambda x: x[:, :1], [0, 1], 1)
    assert found.reasons == (TOO_FEW,)
    assert np.isnan(found.first).all()


def test_one_assumption_explains_everything():
    found = sobol_indices(lambda x: x, [0], N)
    np.testing.assert_allclose([found.first[0, 0], found.total[0, 0]], 1, atol=NEAR)


def test_seed_zero_is_a_seed_and_the_level_moves_the_interval():
    def width(level: float, seed: int) -> float:
        low, high = sobol_indices(ishigami, range(3), 256, seed=seed, level=level).first_interval[0, 0]
        return float(high - low)

    assert width(0.9, 0) == width(0.9, 0)
    assert width(0.9, 0) != width(0.9, 1)
    assert width(0.5, 0) < width(0.9, 0) < width(0.99, 0)


def test_merged_chunks_equal_one_pass():
    rng = np.random.default_rng(3)
    a, b, ab = rng.normal(size=(64, 5)), rng.normal(size=(64, 5)), rng.normal(size=(3, 64, 5))
    centre = np.zeros(5)
    whole = moments(a, b, ab, centre=centre, batches=8)
    parts = [
        moments(a[part], b[part], ab[:, part], centre=centre, batches=4)
        for part in (slice(0, 32), slice(32, 64))
    ]
    np.testing.assert_allclose(indices(merge(parts)).total, indices(whole).total, rtol=ROUNDING)
    np.testing.assert_array_equal(batch_bounds(64, 8), np.arange(0, 65, 8))
    np.testing.assert_array_equal(batch_bounds(3, 8), [0, 1, 2, 3])
