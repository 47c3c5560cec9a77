"""Claims about a country rest on its developers: permutation over developers, and a mixed model."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb

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
        Two-sided p: share of arrangements at least as far from zero as the observed one.
    p_one_sided
        Share of arrangements with a difference at least as large.
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
    a country; developers are the unit that is exchanged.
    """
    n, k = len(values), int(in_group.sum())
    if k == 0 or k == n:
        raise NoAnswerError(
            f"a claim about a country compares developers: {k} of {n} are in the group; both sides need one"
        )
    exact = comb(n, k) <= MOST_ARRANGEMENTS
    if exact:
        chosen = np.fromiter((index for group in combinations(range(n), k) for index in group), int).reshape(
            -1, k
        )
    else:
        order = np.argsort(np.random.default_rng(seed).random((MOST_ARRANGEMENTS - 1, n)), axis=1)
        chosen = np.vstack([np.flatnonzero(in_group), order[:, :k]])
    sums = values[chosen].sum(axis=1)
    means = sums / k - (values.sum() - sums) / (n - k)
    observed = float(values[in_group].mean() - values[~in_group].mean())
    slack = 1e-12 * max(1.0, abs(observed))
    return Permutation(
        observed,
        float((np.abs(means) >= abs(observed) - slack).mean()),
        float((means >= observed - slack).mean()),
        len(chosen),
        exact,
        k,
        n - k,
    )


@dataclass(frozen=True, slots=True)
class MixedModel:
    """Random-effects model of models within developers.

    Attributes
    ----------
    coefficients, errors
        Fixed effects and their standard errors, shape (n_effects,).
    between, within
        Variance between developers, and between models of one developer.
    shrunken, shrunken_errors
        Best linear unbiased prediction for each model and its standard error, shape (n_models,).
    degrees
        Degrees of freedom for the fixed effects: developers minus effects.
    """

    coefficients: Array
    errors: Array
    between: float
    within: float
    shrunken: Array
    shrunken_errors: Array
    degrees: int

    def effect(self, level: float = 0.95) -> Estimate:
        """Return the last fixed effect with its t interval; open where no degree of freedom is left."""
        from scipy.stats import t

        value = float(self.coefficients[-1])
        if self.degrees < 1:
            return Estimate(value, level=level, unit="share", reason="no more developers than effects")
        half = float(t.ppf(0.5 + level / 2, self.degrees) * self.errors[-1])
        return Estimate(value, value - half, value + half, level, "share")


def fit_mixed_model(
    values: Array, variances: Array, developer: NDArray[np.int64], design: Array
) -> MixedModel:
    """Fit ``value = design @ b + developer effect + model effect + known error`` by REML.

    Parameters
    ----------
    values
        One estimate a model, shape (n_models,).
    variances
        Its sampling variance, same shape, positive.
    developer
        Number of its developer, same shape.
    design
        Fixed effects, shape (n_models, n_effects).

    References
    ----------
    Konstantopoulos (2011), Research Synthesis Methods 2:61-76 (three-level model with known
    sampling variances).
    """
    from scipy.optimize import minimize

    same = (developer[:, None] == developer[None, :]).astype(float)
    scale = max(float(values.var()), 1e-6)

    def covariance(theta: Array) -> Array:
        between, within = np.exp(theta) * scale
        made: Array = np.diag(variances + within) + between * same
        return made

    def loss(theta: Array) -> float:
        V = covariance(theta)
        W = np.linalg.solve(V, design)
        information = design.T @ W
        b = np.linalg.solve(information, W.T @ values)
        rest = values - design @ b
        logs = np.linalg.slogdet(V)[1] + np.linalg.slogdet(information)[1]
        return float(logs + rest @ np.linalg.solve(V, rest))

    # Variances may be zero: start from several shares and let the log scale run far down.
    starts = [np.log([a, b]) for a in (0.5, 0.01) for b in (0.5, 0.01)]
    bounds = [(-20.0, 5.0)] * 2
    best = min(
        (minimize(loss, start, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-13, "gtol": 1e-9})
         for start in starts),
        key=lambda result: float(result.fun),
    )  # fmt: skip
    return _solved(values, variances, same, design, np.exp(best.x) * scale, len(np.unique(developer)))


def _solved(
    values: Array, variances: Array, same: Array, design: Array, parts: Array, n_developers: int
) -> MixedModel:
    between, within = float(parts[0]), float(parts[1])
    G = between * same + within * np.eye(len(values))
    V = G + np.diag(variances)
    W = np.linalg.solve(V, design)
    spread = np.linalg.inv(design.T @ W)
    b = spread @ (W.T @ values)
    # Prediction error of the BLUP, with the uncertainty of the fixed effects (Henderson).
    gain = np.linalg.solve(V, G).T
    left = design - gain @ design
    error = G - gain @ G + left @ spread @ left.T
    return MixedModel(
        coefficients=b,
        errors=np.sqrt(np.diag(spread)),
        between=between,
        within=within,
        shrunken=design @ b + gain @ (values - design @ b),
        shrunken_errors=np.sqrt(np.maximum(np.diag(error), 0)),
        degrees=n_developers - design.shape[1],
    )
