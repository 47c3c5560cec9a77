"""What models can do, given their scores and what models of their time and country can do.

A frontier is the largest of many uncertain capabilities, and the largest estimate owes something to luck:
read off the estimates it stands too high, the more so the more models there are. Each capability is
therefore drawn towards what is usual of its country and time by as much as its own scores leave open
(empirical Bayes, as in Efron 2011, "Tweedie's formula and selection bias"), and the frontier is the
running maximum of *draws* from that posterior, which owes nothing to luck.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from parity.frontier._abilities import Abilities
from parity.frontier._fit import Flags, Floats
from parity.frontier._options import Resample

DRAWS = 4000
# Width, in days, of the kernel that says which models are of one time.
_TIME = 180.0
# Models of other countries count as so many of the own in what is usual.
_OTHERS = 4.0
# Least standard deviation of capabilities of one time.
_LEAST_SPREAD = 0.1
# Deviations of a refit count up to so many standard deviations.
_MOST = 3.0
# Stream of random numbers, apart from those of resampling and dates.
_STREAM = 98


def posterior(abilities: Abilities, usual: Flags, *, draws: int = DRAWS, seed: int = 0) -> Abilities:
    """Return capabilities drawn towards what is usual of their time, with draws of that posterior.

    Parameters
    ----------
    abilities
        Estimates with resampled draws, ``date`` and perhaps ``country``.
    usual
        Which models say what is usual, shape (n_models,).
    draws
        Number of draws. They are normal with the covariance of the resampled ones, so there may be more.
    seed
        Seed of the draws.

    Returns
    -------
    Abilities
        Posterior means and one kind of draws; the estimates themselves where there is nothing to
        draw from, and for models without a date.
    """
    days = abilities.models["date"].cast(pl.Int32).cast(pl.Float64).fill_null(float("nan")).to_numpy()
    known = np.flatnonzero(~np.isnan(days) & ~np.isnan(abilities.point))
    basis = np.flatnonzero(usual)
    if not abilities.draws or basis.size < 2:
        return abilities
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_STREAM,)))
    drawn = {kind: values[:, known] for kind, values in abilities.draws.items()}
    deviation = _deviations(drawn, abilities.point[known], draws, rng)
    variance = np.zeros(days.size)
    variance[known] = deviation.var(axis=0)
    mean, spread = _usual(abilities, np.asarray(days), known, basis, variance)
    weight = spread**2 / (spread**2 + variance[known])
    point = abilities.point.copy()
    point[known] = mean + weight * (point[known] - mean)
    values = np.tile(point, (draws, 1))
    values[:, known] += deviation * np.sqrt(weight)
    return Abilities(abilities.models, point, {"scores": values}, abilities.domain)


def _deviations(
    kinds: Mapping[Resample, Floats], point: Floats, draws: int, rng: np.random.Generator
) -> Floats:
    """Return normal deviations, shape (draws, n_models), with the larger variance of the kinds per model.

    The kind with more of it gives its covariance; what another kind has beyond it is added.
    """
    total = np.zeros((draws, point.size))
    so_far = np.zeros(point.size)
    for kind in sorted(kinds):
        off = np.nan_to_num(kinds[kind] - point)
        off -= np.median(off, axis=0)
        low, high = np.quantile(off, [0.16, 0.84], axis=0)
        scale = (high - low) / 2
        off = np.clip(off, -_MOST * scale, _MOST * scale)
        variance = off.var(axis=0)
        beyond = np.maximum(variance - so_far, 0.0)
        share = np.sqrt(np.divide(beyond, variance, out=np.zeros_like(beyond), where=variance > 0))
        total += rng.standard_normal((draws, len(off))) @ (off * (share / np.sqrt(len(off))))
        so_far = np.maximum(so_far, variance)
    return total


def _usual(
    abilities: Abilities, days: Floats, known: np.ndarray, basis: np.ndarray, variance: Floats
) -> tuple[Floats, Floats]:
    """Return mean and spread of the capabilities of each model's country and time, shape (n_known,)."""
    near = np.exp(-0.5 * ((days[known, None] - days[None, basis]) / _TIME) ** 2)
    if "country" in abilities.models.columns:
        country = abilities.models["country"].fill_null("").to_numpy()
        same = country[known, None] == country[None, basis]
    else:
        same = np.ones(near.shape, bool)
    near /= np.maximum(near.max(axis=1, keepdims=True), 1e-12)
    others = np.where(same, 0.0, near)
    total = others.sum(axis=1, keepdims=True)
    near = np.where(same, near, others * np.minimum(1.0, _OTHERS / np.maximum(total, 1e-12)))
    near /= near.sum(axis=1, keepdims=True)
    x = abilities.point[basis]
    mean = near @ x
    square = near @ (x**2) - mean**2 - near @ variance[basis]
    return mean, np.sqrt(np.maximum(square, _LEAST_SPREAD**2))
