"""The interval of exchangeable draws."""

from __future__ import annotations

import numpy as np
import pytest

from parity.trade import _placebo

# Sums in another order.
ROUNDING = 1e-12


@pytest.mark.parametrize("count", [39, 99, 141])
def test_an_interval_of_draws_holds_one_more_as_often_as_it_says(count: int) -> None:
    rng = np.random.default_rng(2)
    draws = rng.standard_t(3, size=(count, 6000))
    low, high = _placebo.ends(draws, 0.9)
    more = rng.standard_t(3, size=6000)
    held = np.mean((more >= low) & (more <= high))
    assert 0.9 - 0.015 <= held <= 0.9 + 0.03


def test_too_few_draws_for_a_level_say_what_they_reach() -> None:
    rng = np.random.default_rng(4)
    draws = rng.standard_normal((12, 6000))
    low, high = _placebo.ends(draws, 0.9)
    more = rng.standard_normal(6000)
    assert _placebo.reached(12, 0.9) == pytest.approx(11 / 13)
    assert np.mean((more >= low) & (more <= high)) == pytest.approx(11 / 13, abs=0.015)
    assert _placebo.reached(40, 0.9) == 0.9


def test_false_dates_leave_training_and_a_whole_window() -> None:
    dates, window = _placebo.false_dates(12, 2)
    assert (dates.start, dates.stop - 1, window) == (5, 10, 2)
    dates, window = _placebo.false_dates(38, 30)
    assert dates.stop - 1 + window == 38
    assert dates.start >= _placebo.MIN_TRAINING


def test_a_calm_unit_is_drawn_to_the_typical_forecast_error() -> None:
    rng = np.random.default_rng(4)
    donors = rng.normal(0, 0.1, (14, 20)).cumsum(axis=0)
    alone = _placebo.assess(donors[:, 0], donors[:, 1:], 12, 1.0)
    drawn = _placebo.assess(donors[:, 0], donors[:, 1:], 12, 1.0, typical=alone.scale**2)
    assert drawn.scale == pytest.approx(alone.scale)
    wilder = _placebo.assess(donors[:, 0], donors[:, 1:], 12, 1.0, typical=4 * alone.scale**2)
    assert alone.scale < wilder.scale < 2 * alone.scale
