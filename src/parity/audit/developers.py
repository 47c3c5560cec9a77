"""Claims about a country rest on its developers: permutation over developers, and a mixed model."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, sqrt

import numpy as np
from numpy.typing import NDArray

from parity.errors import NoAnswerError
from parity.estimate import Estimate

Array = NDArray[np.float64]

# Above this many ways to choose the developers, they are sampled.
MOST_ARRANGEMENTS = 200_000


@dataclass(frozen=True, slots=True)
class Permutation:
    """Difference between two groups of developers.

    Attributes
    ----------
    difference
        Mean of the group minus mean of the others, each developer counting once.
    p
        Two-sided p: share of arrangements whose t is at least as far from zero as the observed one.
    p_one_sided
        Share of arrangements whose t is at least as large.
    arrangements
        Number of arrangements looked at.
    exact
        Whether these are all there are.
    n_group, n_others
        Number of developers.
    """

    difference: float
    p: float
    p_one_sided: float
    arrangements: int
    exact: bool
    n_group: int
    n_others: int


def permute_developers(values: Array, in_group: NDArray[np.bool_], seed: int = 0) -> Permutation:
    """Test whether the developers of a group differ from the others.

    Parameters
    ----------
    values
        One number a developer, shape (n_developers,): the mean over its models.
    in_group
        Whether the developer is in the group, same shape.
    seed
        Seed of the sample, used only where there are too many arrangements to look at all.

    Raises
    ------
    NoAnswerError
        If one side has no developer.

    Notes
    -----
    Models of one developer share data, people and rules, so they are not independent evidence about
    a country; developers are the unit that is exchanged. What is compared between arrangements is
    Welch's t, not the bare difference: where one country's developers scatter more than the others',
    the difference finds too much. A single developer has no scatter, and the difference decides.

    References
    ----------
    Janssen (1997), Statistics & Probability Letters 36:9-21 (studentised permutation).
    """
    from scipy.stats import permutation_test

    n, k = len(values), int(in_group.sum())
    if k == 0 or k == n:
        raise NoAnswerError(
            f"a claim about a country compares developers: {k} of {n} are in the group; both sides need one"
        )
    sides = values[in_group], values[~in_group]
    exact = comb(n, k) <= MOST_ARRANGEMENTS
    if min(k, n - k) == 1:
        each = (values - (values.sum() - values) / (n - 1)) * (1 if k == 1 else -1)
        observed = float(sides[0].mean() - sides[1].mean())
    else:
        method = {"n_resamples": MOST_ARRANGEMENTS, "batch": 20_000, "rng": np.random.default_rng(seed)}
        found = permutation_test(sides, _welch, vectorized=True, **method)
        # Of arrangements that were drawn, the observed one is one.
        each = found.null_distribution if exact else np.append(found.null_distribution, found.statistic)
        observed = float(found.statistic)
    slack = 1e-9 * max(1.0, abs(observed))
    return Permutation(
        float(sides[0].mean() - sides[1].mean()),
        float((np.abs(each) >= abs(observed) - slack).mean()),
        float((each >= observed - slack).mean()),
        len(each),
        exact,
        k,
        n - k,
    )


def _welch(one: Array, other: Array, axis: int) -> Array:
    apart: Array = one.mean(axis=axis) - other.mean(axis=axis)
    scatter = sum(side.var(axis=axis, ddof=1) / side.shape[axis] for side in (one, other))
    # Groups of equal values have no scatter: a least keeps their t finite, and large.
    apart /= np.sqrt(scatter + 1e-18)
    return apart


@dataclass(frozen=True, slots=True)
class MixedModel:
    """Mean over models within developers, developers and models being drawn at random.

    Attributes
    ----------
    mean, error
        Mean over developers and its standard error.
    between, within
        Variance between developers, and between models of one developer.
    shrunken, shrunken_errors
        Best linear unbiased prediction for each model and its standard error, shape (n_models,).
    degrees
        Degrees of freedom of the mean: developers minus one.
    """

    mean: float
    error: float
    between: float
    within: float
    shrunken: Array
    shrunken_errors: Array
    degrees: float

    def effect(self, level: float = 0.95) -> Estimate:
        """Return the mean with its t interval; open where no degree of freedom is left."""
        return _told(self.mean, self.error, self.degrees, level)

    def apart(self, other: MixedModel, level: float = 0.95) -> Estimate:
        """Return the difference of two means with Welch's interval; open where one is of a single developer.

        Each side has its own scatter between developers: where one country's scatter more than the
        others', an interval of their common scatter is too narrow.
        """
        own, others = self.error**2, other.error**2
        degrees = min(self.degrees, other.degrees)
        if degrees >= 1:
            degrees = (own + others) ** 2 / (own**2 / self.degrees + others**2 / other.degrees)
        return _told(self.mean - other.mean, sqrt(own + others), degrees, level)


def _told(value: float, error: float, degrees: float, level: float) -> Estimate:
    from scipy.stats import t

    if degrees < 1:
        reason = "a single developer: how developers differ is not known"
        return Estimate(value, level=level, unit="share", reason=reason)
    half = float(t.ppf(0.5 + level / 2, degrees) * error)
    return Estimate(value, value - half, value + half, level, "share")


def fit_mixed_model(values: Array, variances: Array, developer: NDArray[np.int64]) -> MixedModel:
    """Fit ``value = mean + developer effect + model effect + known error`` by REML.

    Parameters
    ----------
    values
        One estimate a model, shape (n_models,).
    variances
        Its sampling variance, same shape, positive.
    developer
        Number of its developer, same shape.

    References
    ----------
    Konstantopoulos (2011), Research Synthesis Methods 2:61-76 (three-level model with known
    sampling variances).
    """
    from scipy.optimize import minimize

    same = (developer[:, None] == developer[None, :]).astype(float)
    scale = max(float(values.var()), 1e-6)

    def loss(theta: Array) -> float:
        V = np.diag(variances + np.exp(theta[1]) * scale) + np.exp(theta[0]) * scale * same
        w = np.linalg.solve(V, np.ones(len(values)))
        rest = values - w @ values / w.sum()
        return float(np.linalg.slogdet(V)[1] + np.log(w.sum()) + rest @ np.linalg.solve(V, rest))

    # Variances may be zero: start from several shares and let the log scale run far down.
    starts = [np.log([a, b]) for a in (0.5, 0.01) for b in (0.5, 0.01)]
    bounds = [(-20.0, 5.0)] * 2
    best = min(
        (minimize(loss, start, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-13, "gtol": 1e-9})
         for start in starts),
        key=lambda result: float(result.fun),
    )  # fmt: skip
    between, within = map(float, np.exp(best.x) * scale)
    G = between * same + within * np.eye(len(values))
    V = G + np.diag(variances)
    w = np.linalg.solve(V, np.ones(len(values)))
    mean = float(w @ values / w.sum())
    # Prediction error of the BLUP, with the uncertainty of the mean (Henderson).
    gain = np.linalg.solve(V, G).T
    left = 1 - gain.sum(axis=1)
    error = np.diag(G - gain @ G) + left**2 / w.sum()
    return MixedModel(
        mean,
        float(w.sum() ** -0.5),
        between,
        within,
        shrunken=mean + gain @ (values - mean),
        shrunken_errors=np.sqrt(np.maximum(error, 0)),
        degrees=len(np.unique(developer)) - 1,
    )
