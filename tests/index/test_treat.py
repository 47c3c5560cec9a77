"""Treatment of outliers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from parity.errors import ParityError
from parity.index._options import TreatOptions
from parity.index._transform import check, learn_transformation, likeliest_power, moments, winsorise
from parity.index._treat import treat
from tests.index.small import built

# SciPy sums in another order; beyond that both are exact formulas.
TOLERANCE = 1e-9
# Both minimise the same flat likelihood; its second derivative limits the agreement.
POWER_TOLERANCE = 1e-5

SKEWED = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 30, 100])


def test_moments_are_scipys(rng: np.random.Generator) -> None:
    for n in (4, 7, 60):
        x = np.exp(rng.standard_normal(n)) * 1e-200
        skewness, kurtosis = moments(np.append(x, np.nan))
        y = x * 1e200
        np.testing.assert_allclose(skewness, stats.skew(y, bias=False), rtol=TOLERANCE)
        np.testing.assert_allclose(kurtosis, stats.kurtosis(y, bias=False), rtol=TOLERANCE)


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0], [3.0, 3.0, 3.0, 3.0], [0.1] * 7, [np.nan] * 5])
def test_no_moments_of_too_few_or_equal_values(values: list[float]) -> None:
    assert np.isnan(moments(np.array(values, dtype=float))).all()
    assert check(np.array(values, dtype=float)).passed is None


def test_three_values_pass_by_their_skewness_alone() -> None:
    skewness, kurtosis = moments(np.array([1.0, 2.0, 10.0]))
    np.testing.assert_allclose(skewness, stats.skew([1, 2, 10], bias=False), rtol=TOLERANCE)
    assert np.isnan(kurtosis)
    assert check(np.array([1.0, 2.0, 10.0])).passed is True


def test_winsorising_takes_points_until_the_test_passes() -> None:
    done = winsorise(SKEWED, check, most=5)
    assert done.points == 1
    assert (done.floor, done.cap) == (-np.inf, 30.0)


def test_tied_points_go_together_and_count_each() -> None:
    x = np.append(np.arange(1.0, 40), [500.0, 500.0])
    done = winsorise(x, check, most=5)
    assert done.points == 2
    assert done.cap == 39.0


def test_low_outliers_are_taken_up() -> None:
    done = winsorise(-SKEWED, check, most=5)
    assert (done.floor, done.cap) == (-30.0, np.inf)


def test_the_limit_holds() -> None:
    x = np.append(np.arange(1.0, 30), [1e3, 1e4, 1e5, 1e6])
    assert winsorise(x, check, most=2).points == 2
    assert winsorise(x, check, most=0).points == 0
    assert check(np.minimum(x, winsorise(x, check, most=np.inf).cap)).passed


@settings(max_examples=100, deadline=None)
@given(arrays(float, st.integers(0, 12), elements=st.floats(-1e6, 1e6) | st.just(np.nan)))
def test_winsorising_ends_and_only_pulls_in(x: np.ndarray) -> None:
    done = winsorise(x, check, most=np.inf, force=True)
    known = x[~np.isnan(x)]
    assert done.points == (known > done.cap).sum() + (known < done.floor).sum()
    # Every cut lies at a value that is there, and what lies within is left alone.
    assert done.cap in known or done.cap == np.inf
    assert done.floor in known or done.floor == -np.inf
    assert done.floor <= done.cap


def test_second_treatment_starts_from_the_data_again() -> None:
    x = np.exp(np.arange(30.0))
    plain = treat(x, TreatOptions(winmax=2))
    margin = 0.01 * (x.max() - x.min())
    np.testing.assert_allclose(plain(x), np.log(x - x.min() + margin), rtol=TOLERANCE)
    assert plain.name == "log"
    combined = treat(x, TreatOptions(winmax=2, combine=True))
    assert combined.name == "winsorise 2 + log"
    assert combined.cap == x[-3]


@pytest.mark.parametrize("transform", ["log", "log_plus", "log_shift_one", "log_gii", "boxcox", "asinh"])
def test_every_transform_keeps_the_order_and_pulls_in_the_tail(transform: str) -> None:
    x = np.append(np.linspace(2, 5, 40), [50.0, 400.0])
    done = treat(x, TreatOptions(first="none", second=transform))
    assert (np.diff(done(x)) > 0).all()
    assert abs(done.checks[-1].skewness) < abs(done.checks[0].skewness)


def test_formulas(rng: np.random.Generator) -> None:
    x = rng.uniform(2, 50, 20)
    low, high = x.min(), x.max()
    options = TreatOptions(power=0.5, scale=3.0)
    expected = {
        "log_shift_one": np.log(x - low + 1),
        "log_gii": np.log((high - 1) * (x - low) / (high - low) + 1),
        "boxcox": (np.sqrt(x - low + 1) - 1) / 0.5,
        "asinh": np.arcsinh(x / 3.0),
    }
    for kind, values in expected.items():
        np.testing.assert_allclose(learn_transformation(kind, x, options)(x), values, rtol=TOLERANCE)


def test_log_gii_where_it_turns_the_order_round_is_noted() -> None:
    x = np.append(np.linspace(0, 0.1, 30), [0.9])
    assert "turns the order round" in treat(x, TreatOptions(first="none", second="log_gii")).note
    with pytest.raises(ParityError, match="above 0"):
        treat(x - 5, TreatOptions(first="none", second="log_gii"))


def test_likeliest_power_is_scipys(rng: np.random.Generator) -> None:
    x = np.exp(rng.standard_normal(80))
    expected = stats.boxcox_normmax(x - x.min() + 1, method="mle", brack=(-3, 3))
    np.testing.assert_allclose(likeliest_power(x), expected, atol=POWER_TOLERANCE)


def test_a_treatment_named_by_hand_is_applied_though_the_test_passes() -> None:
    x = np.arange(1.0, 21)
    assert check(x).passed
    index = built("[steps.treat]", {"a": x, "b": x, "c": x, "d": x}, {
        "a": 'treat = "log"',
        "b": 'treat = { first = "winsorise", second = "none", force = true, winmax = 3 }',
        "c": 'treat = "none"',
    })  # fmt: skip
    details = next(record.details for record in index.log if record.step == "treat")
    assert details["treatment"].to_list() == ["log", "winsorise 3", "", ""]
    treated = index.stage("treated")
    np.testing.assert_allclose(treated["a"], np.log(x - 1 + 0.19), rtol=TOLERANCE)
    # Winsorised down from the top and, once that skews it the other way, up from the bottom.
    assert (treated["b"].to_numpy() != x).sum() == 3
    assert treated["c"].to_list() == treated["d"].to_list() == x.tolist()


def test_an_indicator_is_treated_by_hand_without_the_step() -> None:
    index = built("", {"a": np.arange(1.0, 9), "b": SKEWED[:8]}, {"a": 'treat = "asinh"'})
    assert "treated" in index.stages
    assert index.stage("treated")["b"].to_list() == SKEWED[:8].tolist()


def test_odd_columns_are_left_alone_and_noted() -> None:
    index = built("[steps.treat]", {
        "a": [np.nan] * 6, "b": [2.0] * 6, "c": [1.0, 5.0, *[np.nan] * 4], "d": [0.0] * 6,
    })  # fmt: skip
    record = next(record for record in index.log if record.step == "treat")
    assert any("one value only, or none" in note and "b" in note for note in record.notes)
    assert any(note.startswith("c: not treated: too few values") for note in record.notes)
    assert index.stage("treated")["b"].to_list() == [2.0] * 6


def test_each_year_is_treated_alone_or_all_together() -> None:
    import polars as pl

    from parity.index import build
    from tests.index.small import spec

    table = pl.DataFrame({
        "id": [f"u{i}" for i in range(12)] * 2,
        "year": [2020] * 12 + [2021] * 12,
        "a": [*SKEWED, *range(1, 13)],
    }, strict=False)  # fmt: skip
    head = 'year_column = "year"'
    alone = build(spec("[steps.treat]", {"a": ""}, head=head), table)
    details = next(record.details for record in alone.log if record.step == "treat")
    assert details["winsorised"].to_list() == [1, None]
    together = build(spec('[steps.treat]\nscope = "all"', {"a": ""}, head=head), table)
    assert next(r.details for r in together.log if r.step == "treat").height == 1
    logs = build(spec("[steps.treat]\nwinmax = 0", {"a": ""}, head=head), table)
    assert any("some years only" in note for r in logs.log for note in r.notes)
