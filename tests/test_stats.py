"""Statistics that several measures need, against other packages and by hand."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import toeplitz
from scipy.stats import binomtest, permutation_test
from statsmodels.regression.linear_model import GLS
from statsmodels.stats.contingency_tables import mcnemar as sm_mcnemar
from statsmodels.stats.multitest import multipletests

from parity import stats

EXACT = 1e-12


@pytest.mark.parametrize(("up", "down"), [(12, 2), (7, 1), (0, 0), (5, 5), (30, 4), (1, 0)])
def test_against_one_other_it_is_mcnemar(up: int, down: int) -> None:
    ours = stats.relabelling(np.repeat([[1, 1], [1, 0], [0, 1], [0, 0]], [10, up, down, 20], axis=0))
    assert ours.p == pytest.approx(sm_mcnemar([[10, up], [down, 20]], exact=True).pvalue, abs=EXACT)
    if up + down:
        assert ours.more == pytest.approx(binomtest(up, up + down, alternative="greater").pvalue, abs=EXACT)


@pytest.mark.parametrize("denominator", [1, 3, 7])
@pytest.mark.parametrize("sides", [2, 3, 4])
def test_relabelling_is_the_permutation_test_within_tasks(sides: int, denominator: int) -> None:
    # SciPy permutes each task's outcomes among the sides; one-sided, for it doubles the smaller tail.
    values = np.random.default_rng(sides).integers(0, denominator + 1, (3, sides)) / denominator
    ours = stats.relabelling(values)

    def surplus(first: np.ndarray, *others: np.ndarray) -> float:
        return float((first - np.mean(others, axis=0)).sum().round(9))

    for alternative, p in (("greater", ours.more), ("less", ours.less)):
        theirs = permutation_test(
            tuple(values.T), surplus, permutation_type="samples", alternative=alternative,
            vectorized=False, n_resamples=np.inf,
        )  # fmt: skip
        assert p == pytest.approx(theirs.pvalue, abs=EXACT)


@given(st.lists(st.lists(st.sampled_from([0, 0.25, 0.5, 1]), min_size=3, max_size=3), min_size=1, max_size=6))
@settings(deadline=None, max_examples=60)
def test_relabelling_two_sided_is_every_choice(rows: list[list[float]]) -> None:
    values = np.array(rows)
    moves = 1.5 * values - 0.5 * values.sum(axis=1, keepdims=True)
    every = np.abs([sum(chosen) for chosen in product(*moves)])
    expected = float((every >= abs(moves[:, 0].sum()) - EXACT).mean())
    assert stats.relabelling(values).p == pytest.approx(expected, abs=EXACT)


def test_events_on_others_alone_are_worth_what_chance_makes_of_them() -> None:
    """Three others have three quarters of the events by chance: no surplus of theirs is far from that."""
    none, five = np.zeros((50, 4)), np.zeros((50, 4))
    none[np.arange(11), 1 + np.arange(11) % 3] = 1
    five[:5, 0] = 1
    assert stats.relabelling(none).less == pytest.approx(0.75**11, abs=EXACT)
    assert stats.relabelling(none).p > 0.05
    assert stats.relabelling(five).p == pytest.approx(0.25**5, abs=EXACT)


@pytest.mark.parametrize("n", [1, 2, 7, 40])
def test_adjusted_p_agree_with_statsmodels(n: int) -> None:
    p = np.random.default_rng(n).random(n).round(2) ** 3  # rounding makes ties
    assert np.allclose(stats.holm(p), multipletests(p, method="holm")[1], atol=EXACT)
    assert np.allclose(stats.benjamini_hochberg(p), multipletests(p, method="fdr_bh")[1], atol=EXACT)


def test_discrete_tests_count_with_what_they_can_reach() -> None:
    """Three tests of 3, 5 and 8 fair coins: worked out by hand from the powers of a half."""
    attainable = [[2 * 0.5**3, 1.0], [2 * 0.5**5, 12 * 0.5**5, 1.0], [2 * 0.5**8, 18 * 0.5**8, 1.0]]
    # The least p is one that coin 3 and 5 cannot reach at all; the next adds what is left of 5 and 3.
    found = stats.holm([0.25, 12 / 32, 2 / 256], attainable)
    assert found == pytest.approx([0.25 + 2 / 32, 12 / 32, 2 / 256], abs=EXACT)
    dense = [np.linspace(0, 1, 1001)] * 3
    p = [0.01, 0.2, 0.03]
    assert stats.holm(p, dense) == pytest.approx(stats.holm(p), abs=EXACT)


@pytest.mark.parametrize(("rate", "others"), [(0.05, 3), (0.2, 3), (0.02, 7), (0.1, 7)])
def test_family_wise_error_is_what_is_allowed(rate: float, others: int) -> None:
    """Chance, given the events of each model, that any of 37 without selectivity passes: 3 to 5 %."""
    rng = np.random.default_rng(others)
    families = []
    for _ in range(6):
        y = (rng.random((37, 50, others + 1)) < rate).astype(float)
        attainable = [stats.relabelling(one).attainable for one in y]
        # A p passes the first step where the family's sum of what can be reached stays within 5 %.
        steps = np.unique(np.concatenate(attainable))
        passed = [step for step in steps[steps < 0.05] if stats.holm([step] * 37, attainable)[0] <= 0.05]
        reached = [max((q for q in one if q <= max(passed)), default=0.0) for one in attainable]
        families.append(1 - np.prod(1 - np.array(reached)))
    assert 0.03 < np.mean(families) < 0.05


@pytest.mark.parametrize("rho", [0.0, 0.6])
def test_errors_that_last_are_those_of_generalised_least_squares(
    rho: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one autocorrelation alone it is statsmodels' variance of one value, and that of any contrast."""
    monkeypatch.setattr(stats, "AUTOCORRELATIONS", np.array([rho]))
    rng, n = np.random.default_rng(4), 9
    values, design = rng.normal(size=n), np.column_stack([np.ones(n), np.arange(n)])
    errors = toeplitz(np.where(np.arange(n) > 0, rho ** np.arange(n), 1.0))
    fit = GLS(values, design, sigma=errors).fit()
    contrasts = rng.normal(size=(3, n))
    found = stats.lasting(values, design, contrasts)
    assert found.one == pytest.approx(fit.scale)
    assert found.contrasts == pytest.approx(fit.scale * np.diag(contrasts @ errors @ contrasts.T))
    assert found.degrees == fit.df_resid


def test_untested_rows_stay_out_of_the_family() -> None:
    assert stats.holm([0.01, np.nan, 0.04]) == pytest.approx([0.02, np.nan, 0.04], nan_ok=True)


def test_no_test_is_no_p() -> None:
    assert stats.holm([]).shape == stats.benjamini_hochberg([]).shape == (0,)
    assert np.isnan(stats.benjamini_hochberg([np.nan])).all()


def test_the_smallest_p_counts_the_unit_itself() -> None:
    placebos = np.arange(19.0)
    assert stats.share_as_large(100.0, placebos) == pytest.approx(1 / 20)
    assert stats.share_as_large(18.0, placebos) == pytest.approx(2 / 20)
    assert stats.share_as_large(-1.0, placebos) == 1


def test_a_p_value_is_uniform_when_nothing_was_done() -> None:
    rng = np.random.default_rng(1)
    p = [stats.share_as_large(draw[0], draw[1:]) for draw in rng.normal(size=(4000, 40))]
    for level in (0.05, 0.1, 0.5):
        assert np.mean(np.array(p) <= level) <= level + 3 * np.sqrt(level / 4000)


def test_shapley_is_the_mean_over_all_orders() -> None:
    n = 4
    worth = np.random.default_rng(0).standard_normal((2**n, 2))
    expected = np.zeros((n, 2))
    orders = list(permutations(range(n)))
    for order in orders:
        inside = 0
        for player in order:
            expected[player] += (worth[inside | 1 << player] - worth[inside]) / len(orders)
            inside |= 1 << player
    np.testing.assert_allclose(stats.shapley(worth), expected, atol=EXACT)
    idle = np.repeat(worth[::2], 2, axis=0)  # the first player never matters
    assert (stats.shapley(idle)[0] == 0).all()


def test_drawn_orders_surround_the_exact_values() -> None:
    n = 4
    worth = np.random.default_rng(0).standard_normal(2**n)

    def of(coalitions: np.ndarray) -> np.ndarray:
        return worth[coalitions @ (1 << np.arange(n))]

    np.testing.assert_array_equal(stats.worths_of(of, stats.every_coalition(n)), worth)
    drawn, errors = stats.drawn_shapley(of, n, 200_000, np.random.default_rng(1))
    assert (np.abs(drawn - stats.shapley(worth)) < 5 * errors + EXACT).all()
    assert abs(drawn.sum() - (worth[-1] - worth[0])) < EXACT


@pytest.mark.parametrize("method", ["linear", "nearest"])
def test_quantiles_ignore_what_is_unknown(method: str) -> None:
    draws = np.random.default_rng(2).standard_normal((41, 3, 2))
    draws[:7, 1, 0] = np.nan
    draws[:, 2, 1] = np.nan
    found = stats.quantiles(draws, (0.05, 0.5, 0.95), method)  # type: ignore[arg-type]
    assert found.shape == (3, 3, 2)
    assert np.isnan(found[:, 2, 1]).all()
    known = np.nanquantile(draws[:, :2], (0.05, 0.5, 0.95), axis=0, method=method)  # type: ignore[call-overload]
    np.testing.assert_array_equal(found[:, :2], known)
    np.testing.assert_array_equal(stats.interval_ends(draws, 0.9), stats.quantiles(draws, (0.05, 0.95)))
    assert np.isnan(stats.interval_ends(np.empty((0, 2)), 0.9)).all()
