"""Leads and lags against a regression with unit and period effects."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from parity.trade._judged import event_study

# The regression solves the same normal equations in another order.
TOLERANCE = 1e-9


def panel(seed: int, effect: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    common = rng.normal(0, 0.1, (14, 1)).cumsum(axis=0)
    series = common + rng.normal(0, 0.1, (14, 31)) + rng.normal(0, 2, 31)
    series[10:, 0] += effect
    return series[:, 0], series[:, 1:]


def test_coefficients_are_those_of_the_two_way_regression() -> None:
    outcome, controls = panel(0, 0.5)
    series = np.column_stack([outcome, controls])
    periods, units = series.shape
    period, unit = np.divmod(np.arange(series.size), units)
    columns = [period == p for p in range(1, periods)] + [unit == u for u in range(units)]
    leads = [(period == p) & (unit == 0) for p in range(periods) if p != 9]
    design = np.column_stack([*columns, *leads]).astype(float)
    fitted = sm.OLS(series.ravel(), design).fit().params[-len(leads) :]
    ours = event_study(outcome, controls, 10, 0.9)
    assert np.delete(ours.effect, 9) == pytest.approx(fitted, abs=TOLERANCE)
    assert ours.effect[9] == 0


def test_the_mean_effect_is_the_classic_double_difference() -> None:
    outcome, controls = panel(1, 0.4)
    ours = event_study(outcome, controls, 10, 0.9)
    gap = outcome - controls.mean(axis=1)
    assert ours.mean == pytest.approx(gap[10:].mean() - gap[:10].mean())
    assert ours.p_mean == pytest.approx(1 / 31)
    fallen = event_study(-outcome, -controls, 10, 0.9, fall=True)
    assert fallen.p_mean == pytest.approx(ours.p_mean)


def test_intervals_hold_no_effect_as_often_as_they_say() -> None:
    held = [
        (low <= 0 <= high)
        for seed in range(400)
        for study in [event_study(*panel(seed), 10, 0.9)]
        for low, high in [(study.low[12], study.high[12])]
    ]
    assert np.mean(held) == pytest.approx(0.9, abs=0.05)


def test_a_country_that_was_already_leaving_shows_in_its_leads() -> None:
    outcome, controls = panel(2)
    drifting = outcome + np.linspace(-3, 0, 14)
    assert event_study(drifting, controls, 10, 0.9).p_leads == pytest.approx(1 / 31)
    assert event_study(outcome, controls, 10, 0.9).p_leads > 0.05
