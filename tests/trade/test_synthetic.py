"""The synthetic control against pysyncon, a general optimiser and closed forms."""

from __future__ import annotations

import numpy as np
import pandas
import pysyncon
import pytest

from parity.trade._placebo import fit, simplex_weights

# pysyncon minimises with SLSQP, which stops at about this distance from the optimum.
WEIGHT_TOLERANCE = 5e-4
# Our optimum is exact up to rounding: nobody else's may be lower by more than this.
LOSS_TOLERANCE = 1e-9


def walk(rng: np.random.Generator, periods: int, donors: int) -> tuple[np.ndarray, np.ndarray]:
    series = rng.normal(size=(periods, donors)).cumsum(axis=0)
    return series @ rng.dirichlet(np.ones(donors)) + rng.normal(0, 0.3, periods), series


def loss(target: np.ndarray, donors: np.ndarray, weights: np.ndarray, penalty: float = 0.0) -> float:
    return float(np.square(target - donors @ weights).sum() + penalty * np.square(weights).sum())


@pytest.mark.parametrize(("periods", "donors"), [(20, 8), (30, 12), (12, 5)])
def test_the_weights_are_those_of_pysyncon(periods: int, donors: int) -> None:
    target, series = walk(np.random.default_rng(periods), periods, donors)
    Z0, Z1 = pandas.DataFrame(series), pandas.Series(target, name="treated")
    # pysyncon divides each predictor by its spread; weights equal to the variances undo that.
    undo = pandas.concat([Z0, Z1], axis=1).var(axis=1).to_numpy()
    reference = pysyncon.Synth()
    reference.fit(X0=Z0, X1=Z1, Z0=Z0, Z1=Z1, custom_V=undo)
    ours = simplex_weights(target, series)
    assert ours == pytest.approx(np.asarray(reference.W), abs=WEIGHT_TOLERANCE)
    assert loss(target, series, ours) <= loss(target, series, np.asarray(reference.W)) + LOSS_TOLERANCE


@pytest.mark.parametrize("penalty", [0.0, 0.5, 20.0])
def test_no_general_optimiser_finds_a_lower_loss(penalty: float) -> None:
    from scipy.optimize import minimize

    target, series = walk(np.random.default_rng(3), 10, 15)
    ours = simplex_weights(target, series, penalty)
    found = minimize(
        lambda w: loss(target, series, w, penalty),
        np.full(15, 1 / 15),
        bounds=[(0, 1)] * 15,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        options={"ftol": 1e-14, "maxiter": 2000},
    )
    assert loss(target, series, ours, penalty) <= found.fun + 1e-7
    assert ours.min() >= 0
    assert ours.sum() == pytest.approx(1)


def test_a_mixture_of_donors_is_found_again() -> None:
    series = np.random.default_rng(1).normal(size=(30, 6)).cumsum(axis=0)
    truth = np.array([0.5, 0.0, 0.3, 0.0, 0.2, 0.0])
    assert simplex_weights(series @ truth, series) == pytest.approx(truth, abs=1e-8)


def test_a_strong_penalty_gives_equal_weights() -> None:
    target, series = walk(np.random.default_rng(2), 12, 7)
    assert simplex_weights(target, series, 1e9) == pytest.approx(np.full(7, 1 / 7), abs=1e-6)


def test_levels_do_not_matter_and_the_gap_is_the_change() -> None:
    rng = np.random.default_rng(5)
    donors = rng.normal(size=(14, 9)).cumsum(axis=0)
    outcome = donors[:, :3].mean(axis=1) + 40
    outcome[10:] += 0.7
    found = fit(outcome, donors + rng.normal(0, 5, 9), 10, 0.0)
    assert found.gap[10:] == pytest.approx(np.full(4, 0.7), abs=1e-6)
    assert found.rmspe == pytest.approx(0, abs=1e-6)
