"""Breaks against simulated truth: size of the test, power, dates, coverage of intervals."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import f as f_distribution

from parity.blocs._breaks import (
    SHORTEST,
    Fit,
    autocorrelation,
    breaks,
    noise,
    p_values,
    sup_f,
)

PERIODS = 23
SERIES = 2_000
# Rejections of a 5 % test in 2,000 series: three standard errors are 1.5 points.
SIZE = 0.05
SIZE_TOLERANCE = 0.015
# Correlation estimated from 2,000 series of 23 periods.
RHO_TOLERANCE = 0.05
# Coverage of a 90 % interval in 300 series: three standard errors.
COVERAGE_TOLERANCE = 0.052


def by_hand(y: np.ndarray) -> tuple[float, int]:
    """Fit every date by least squares."""
    t, best = len(y), (-1.0, 0)
    whole = ((y - y.mean()) ** 2).sum()
    for k in range(SHORTEST, t - SHORTEST + 1):
        sse = ((y[:k] - y[:k].mean()) ** 2).sum() + ((y[k:] - y[k:].mean()) ** 2).sum()
        best = max(best, ((whole - sse) / (sse / (t - 2)), k))
    return best


def test_sup_f_is_the_largest_over_all_dates() -> None:
    y = np.random.default_rng(0).normal(size=(50, PERIODS))
    f, place = sup_f(y)
    for row in range(len(y)):
        expected = by_hand(y[row])
        assert f[row] == pytest.approx(expected[0])
        assert place[row] == expected[1]


def test_p_is_above_that_of_a_date_known_beforehand() -> None:
    """Looking at all dates costs: the usual F test would find far too many breaks."""
    y = noise(SERIES, PERIODS, 0.0, np.random.default_rng(1))
    f, _ = sup_f(y)
    naive = f_distribution.sf(f, 1, PERIODS - 2)
    assert (naive < SIZE).mean() > 3 * SIZE
    assert (p_values(f, PERIODS, 0.0) >= naive - 1e-3).all()


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.6])
def test_size_under_correlated_errors(rho: float) -> None:
    y = noise(SERIES, PERIODS, rho, np.random.default_rng(2))
    found = autocorrelation(y)
    assert found == pytest.approx(rho, abs=RHO_TOLERANCE)
    rejected = (p_values(sup_f(y)[0], PERIODS, found) < SIZE).mean()
    assert rejected == pytest.approx(SIZE, abs=SIZE_TOLERANCE)


def test_breaks_barely_move_the_correlation_and_never_down() -> None:
    rng = np.random.default_rng(3)
    y = noise(SERIES, PERIODS, 0.4, rng)
    plain = autocorrelation(y)
    y[::10, 11:] += 4.0
    some = autocorrelation(y)
    assert some == pytest.approx(plain, abs=RHO_TOLERANCE)
    y[:, 11:] += 4.0
    assert plain <= some < autocorrelation(y)


def test_finds_dates_and_sizes_one_break() -> None:
    rng = np.random.default_rng(4)
    dated, covered, sized = [], [], []
    for y in noise(300, PERIODS, 0.3, rng):
        y[12:] -= 4.0
        found = breaks(y, 0.3)
        assert found
        one = max(found, key=lambda each: abs(each.change))
        dated.append(one.place == 12)
        covered.append(one.low <= 12 <= one.high)
        from scipy.stats import t

        reach = t.ppf(0.95, one.freedom) * one.error
        sized.append(abs(one.change + 4.0) <= reach)
    assert np.mean(dated) > 0.9
    assert np.mean(covered) > 0.9 - COVERAGE_TOLERANCE
    assert np.mean(sized) > 0.9 - COVERAGE_TOLERANCE


def test_finds_two_breaks_in_order() -> None:
    y = 0.1 * noise(1, 24, 0.0, np.random.default_rng(5))[0]
    y[8:] += 1.0
    y[16:] -= 2.0
    found = breaks(y, 0.0)
    assert [one.place for one in found] == [8, 16]
    assert [one.change for one in found] == pytest.approx([1.0, -2.0], abs=0.2)


def test_no_break_in_a_flat_series() -> None:
    assert breaks(np.zeros(PERIODS), 0.3) == ()
    assert breaks(np.zeros(2 * SHORTEST - 1), 0.0) == ()


def test_the_scatter_is_unbiased_when_errors_hang_together() -> None:
    """With four and eight periods, residuals are far smaller than errors; the fit allows for it."""
    rng = np.random.default_rng(6)
    variances = [Fit.of(y, [4], 0.6).sigma ** 2 for y in noise(SERIES, 12, 0.6, rng)]
    assert np.mean(variances) == pytest.approx(1.0, abs=0.06)


def test_the_error_of_a_contrast_without_correlation_is_the_textbook_one() -> None:
    y = np.random.default_rng(7).normal(size=12)
    contrast = np.r_[np.full(5, -1 / 5), np.full(7, 1 / 7)]
    value, error = Fit.of(y, [5], 0.0).contrast(contrast)
    a, b = y[:5], y[5:]
    pooled = (((a - a.mean()) ** 2).sum() + ((b - b.mean()) ** 2).sum()) / 10
    assert value == pytest.approx(b.mean() - a.mean())
    assert error == pytest.approx(np.sqrt(pooled * (1 / 5 + 1 / 7)))
    assert Fit.of(y, [5], 0.0).freedom == pytest.approx(10)
