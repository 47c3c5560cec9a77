"""Poisson pseudo-maximum likelihood and gravity against statsmodels and simulated truth."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm

from parity.blocs import gravity, ppml
from parity.blocs.gravity import distances, shared_language
from parity.errors import NoAnswerError, ParityError
from tests.blocs.conftest import panel_of

# statsmodels stops at a relative change of 1e-8 in the deviance.
AGREE = 1e-6
# Nominal 95 %: three standard errors over 200 simulations.
COVERAGE = 0.95
COVERAGE_TOLERANCE = 0.05


def counts(seed: int, m: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = np.column_stack([rng.normal(7, 1, m), rng.uniform(0, 1, m), np.ones(m)])
    mean = np.exp(X @ [-0.7, 1.2, 8.0])
    # Over-dispersed, with zeros: Poisson is wrong about the variance and right about the mean.
    return rng.negative_binomial(1.5, 1.5 / (1.5 + mean)).astype(float), X


def test_coefficients_and_robust_errors_against_statsmodels() -> None:
    y, X = counts(0)
    assert (y == 0).any()
    found = ppml(y, X)
    reference = sm.GLM(y, X, family=sm.families.Poisson()).fit(cov_type="HC0", tol=1e-12)
    np.testing.assert_allclose(found.coefficients, reference.params, rtol=AGREE)
    np.testing.assert_allclose(found.covariance, reference.cov_params(), rtol=1e-4)
    np.testing.assert_allclose(found.fitted, reference.fittedvalues, rtol=AGREE)


def test_ties_that_share_a_country_against_the_sum_over_pairs() -> None:
    """The dyadic sandwich, term by term (Aronow, Samii and Assenova 2015)."""
    n = 9
    i, j = np.triu_indices(n, 1)
    rng = np.random.default_rng(1)
    X = np.column_stack([rng.normal(size=len(i)), np.ones(len(i))])
    y = rng.poisson(np.exp(X @ [0.3, 2.0])).astype(float)
    found = ppml(y, X, (i, j))
    mu = found.fitted
    scores = X * (y - mu)[:, np.newaxis]
    meat = np.zeros((2, 2))
    for a in range(len(i)):
        for b in range(len(i)):
            if {i[a], j[a]} & {i[b], j[b]}:
                meat += np.outer(scores[a], scores[b])
    bread = np.linalg.inv((X.T * mu) @ X)
    np.testing.assert_allclose(found.covariance, bread @ meat @ bread, rtol=1e-8)


def test_intervals_cover_the_truth() -> None:
    covered = []
    for seed in range(200):
        y, X = counts(seed + 10)
        found = ppml(y, X)
        error = np.sqrt(found.covariance[0, 0])
        covered.append(abs(found.coefficients[0] + 0.7) < 1.96 * error)
    assert np.mean(covered) == pytest.approx(COVERAGE, abs=COVERAGE_TOLERANCE)


def test_gravity_recovers_distance_and_language() -> None:
    rng = np.random.default_rng(5)
    n = 40
    codes = [f"C{k:02d}" for k in range(n)]
    latitude, longitude = rng.uniform(-60, 70, n), rng.uniform(-180, 180, n)
    speaks = rng.uniform(0, 1, (n, 3))
    size = np.exp(rng.normal(4, 0.7, n))
    far = distances(latitude, longitude)
    common = shared_language(speaks)
    with np.errstate(divide="ignore"):
        mean = np.outer(size, size) * np.exp(-0.6 * np.log(far) + 0.9 * common) * 30
    np.fill_diagonal(mean, 0)
    weights = np.triu(rng.poisson(mean), 1)[np.newaxis].astype(float)
    ties = panel_of(weights + weights.transpose(0, 2, 1), codes)
    capitals = pl.DataFrame({"iso3": codes, "latitude": latitude, "longitude": longitude})
    languages = pl.DataFrame(
        [
            {"iso3": codes[k], "language": str(one), "share": speaks[k, one]}
            for k in range(n)
            for one in range(3)
        ]
    )
    found = gravity(ties, capitals, languages, periods=1)
    truth = {"log distance": -0.6, "shared language": 0.9}
    for row in found.table().iter_rows(named=True):
        assert row["value"] == pytest.approx(truth[row["term"]], abs=0.05)
        assert row["low"] < truth[row["term"]] < row["high"]
    np.testing.assert_allclose(found.fitted.sum(axis=1), found.observed.sum(axis=1), rtol=1e-6)
    close = found.affinity("C00", "C01")
    assert close.low is not None
    assert close.high is not None
    assert close.low < 1 < close.high
    with pytest.raises(NoAnswerError, match="ZZZ is not in the gravity model"):
        found.affinity("C00", "ZZZ")
    totals = gravity(ties, capitals, languages, periods=1, sizes="totals")
    assert dict(totals.table().select("term", "value").rows())["log totals"] == pytest.approx(1, abs=0.2)


def test_distances_on_the_globe() -> None:
    """A quarter of a great circle, and the same place."""
    found = distances(np.array([0.0, 90.0, 0.0]), np.array([0.0, 0.0, 90.0]))
    quarter = np.pi * 6371.0088 / 2
    np.testing.assert_allclose(found, quarter * (1 - np.eye(3)), rtol=1e-12)


def test_shared_language() -> None:
    shares = np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])
    found = shared_language(shares)
    assert found[0, 1] == 0.5
    assert found[0, 2] == 0
    assert found[1, 1] == pytest.approx(1 - 0.75**2)


def test_mistakes() -> None:
    y, X = counts(2)
    with pytest.raises(ParityError, match="not negative"):
        ppml(-y - 1, X)
    with pytest.raises(ParityError, match="depend on each other"):
        ppml(y, np.column_stack([X, X[:, 0]]))
    ties = panel_of(np.ones((2, 3, 3)) - np.eye(3))
    with pytest.raises(ParityError, match="sizes must be"):
        gravity(ties, pl.DataFrame(), pl.DataFrame(), sizes="gdp")
    with pytest.raises(ParityError, match="average 1 to 2"):
        gravity(ties, pl.DataFrame(), pl.DataFrame(), periods=3)
