"""Breaks against simulated truth: error rates of the tests, kinds, dates and sizes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from statsmodels.regression.linear_model import GLS

from parity.blocs._breaks import Changes, Weighed, changes, noise, p_values, rho_prior, shapes
from parity.blocs.ties import reach_of

PERIODS = 23
ALPHA, LEVEL = 0.05, 0.9
# 1,000 series: three standard errors of 5 % are 2.1 points, of 90 % 2.8.
SERIES = 1_000
SIZE_TOLERANCE, COVER_TOLERANCE = 0.021, 0.028
QUARTERS = np.arange(PERIODS)


class Simulated(NamedTuple):
    """Series around a known mean, and what is found in them."""

    y: NDArray[np.float64]
    mean: NDArray[np.float64]
    p: NDArray[np.float64]
    weighed: Weighed
    changes: Changes


def simulated(mean: NDArray[np.float64], rho: float, seed: int, m: int = SERIES) -> Simulated:
    mean = np.broadcast_to(mean, (m, PERIODS))
    y = mean + noise(m, PERIODS, rho, np.random.default_rng(seed))
    p, weighed = p_values(y), Weighed.of(y)
    return Simulated(y, mean, p, weighed, changes(weighed, p[1], ALPHA, LEVEL))


def stepped(m: int, size: float, seed: int) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return a trend with a step at a random date, and the date."""
    when = np.random.default_rng(seed).integers(5, PERIODS - 4, m)
    return size * (when[:, np.newaxis] <= QUARTERS) + 0.05 * QUARTERS, when


@pytest.mark.parametrize("rho", [0.0, 0.4, 0.8])
@pytest.mark.parametrize("slope", [0.0, 0.5])
def test_a_straight_line_breaks_as_often_as_it_says(rho: float, slope: float) -> None:
    for p in simulated(slope * QUARTERS, rho, seed=1).p:
        assert (p <= ALPHA).mean() <= ALPHA + SIZE_TOLERANCE
        assert (p <= 0.3).mean() == pytest.approx(0.3, abs=0.12)


def test_p_of_a_step_is_of_the_largest_likelihood_ratio_of_gls() -> None:
    """The same series ranked by statsmodels' GLS, every rho and date tried, come in the same order."""
    y = simulated(np.zeros(PERIODS), 0.4, seed=2, m=12).y
    known = shapes(PERIODS)
    line = np.column_stack([np.ones(PERIODS), QUARTERS])

    def best(series: NDArray[np.float64], curves: list[NDArray[np.float64]]) -> float:
        found = []
        for rho in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
            sigma = rho ** np.abs(np.subtract.outer(QUARTERS, QUARTERS)) / (1 - rho**2)
            # Restricted likelihood: what the line takes out is not counted (Harville 1974).
            taken = np.linalg.slogdet(line.T @ np.linalg.solve(sigma, line))[1]
            constant = -0.5 * (np.linalg.slogdet(sigma)[1] + taken)
            fits = (GLS(series, np.column_stack([line, *curve]), sigma=sigma).fit() for curve in curves)
            found += [constant - (PERIODS - 2) / 2 * np.log(fit.ssr) for fit in fits]
        return max(found)

    steps = [(curve,) for curve in known.curves[: known.steps]]
    ratios = [best(series, steps) - best(series, [()]) for series in y]
    looks_alike = np.argsort(-np.array(ratios))[:4]
    assert set(np.argsort(p_values(y)[1])[:4]) & set(looks_alike) >= set(looks_alike[:2])


@pytest.mark.parametrize("rho", [0.0, 0.6])
def test_a_large_step_is_found_and_dated(rho: float) -> None:
    mean, when = stepped(300, 6.0, seed=3)
    found = simulated(mean, rho, seed=4, m=300)
    assert (found.p[0] <= ALPHA).mean() > 0.85
    assert (found.changes.kind == "step").mean() > 0.9
    low, high = found.changes.period_ends
    assert ((low <= when) & (when <= high)).mean() > LEVEL - COVER_TOLERANCE
    assert (found.changes.period == when).mean() > 0.9


def test_a_long_slope_is_seldom_called_a_step() -> None:
    begins = np.random.default_rng(5).integers(3, PERIODS - 12, SERIES)
    mean = 6 * np.clip((QUARTERS - begins[:, np.newaxis]) / 8, 0, 1)
    found = simulated(mean, 0.4, seed=6)
    assert (found.changes.kind == "step").mean() < 0.1
    slope = found.changes.kind == "slope"
    for truth, (low, high) in (
        (begins, found.changes.period_ends),
        (begins + 8, found.changes.until_ends),
    ):
        assert ((low <= truth) & (truth <= high))[slope].mean() > LEVEL - COVER_TOLERANCE


@pytest.mark.parametrize(("rho", "size"), [(0.0, 0.0), (0.4, 0.0), (0.8, 0.0), (0.4, 3.0), (0.8, 4.0)])
def test_changes_at_the_date_chosen_and_at_one_given_are_covered(rho: float, size: float) -> None:
    mean, _ = stepped(SERIES, size, seed=7)
    found = simulated(mean, rho, seed=8)
    chosen = found.changes.contrast
    given = np.where(QUARTERS >= PERIODS - 4, 0.25, 0.0) - np.where(QUARTERS < 4, 0.25, 0.0)
    for contrast, reach in ((chosen, found.changes.reach), (given, reach_of(found.weighed, LEVEL))):
        off = np.abs(((found.y - found.mean) * contrast).sum(axis=1))
        assert (off <= reach * found.weighed.error(contrast)).mean() > LEVEL - COVER_TOLERANCE


def test_the_error_without_autocorrelation_is_nearly_the_textbook_one() -> None:
    """Many series teach that there is none; one alone is not trusted to."""
    y = simulated(np.zeros(PERIODS), 0.0, seed=9).y
    contrast = np.where(QUARTERS >= PERIODS - 4, 0.25, 0.0) - np.where(QUARTERS < 4, 0.25, 0.0)
    learnt, cautious = (np.median(Weighed.of(y, prior).error(contrast)) for prior in (rho_prior(y), None))
    assert learnt == pytest.approx(np.sqrt(2 / 4), rel=0.2)
    assert cautious > 1.1 * learnt


@pytest.mark.parametrize("rho", [0.0, 0.4, 0.8, 0.9])
def test_intervals_cover_among_series_that_teach_their_autocorrelation(rho: float) -> None:
    y = simulated(0.1 * QUARTERS, rho, seed=10).y
    weighed = Weighed.of(y, rho_prior(y))
    contrast = np.where(QUARTERS >= PERIODS - 4, 0.25, 0.0) - np.where(QUARTERS < 4, 0.25, 0.0)
    off = np.abs((y - 0.1 * QUARTERS) @ contrast)
    covered = (off <= reach_of(weighed, LEVEL) * weighed.error(contrast)).mean()
    assert LEVEL - 1.5 * COVER_TOLERANCE < covered < 0.97


def test_no_break_in_a_constant_series() -> None:
    assert (p_values(np.zeros((1, PERIODS))) == 1).all()
