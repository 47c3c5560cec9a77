"""How far judges agree: Cohen's kappa and Krippendorff's alpha, with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parity.audit.intervals import z_of
from parity.errors import NoAnswerError
from parity.estimate import Estimate
from parity.stats import interval_ends

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of two judges, or of all.

    Attributes
    ----------
    judges
        Their names.
    n
        Answers that both labelled; of more judges, that two or more did.
    share
        Share of those with the same label by all who labelled them.
    kappa, alpha
        Cohen's kappa, which is of two judges alone, and Krippendorff's alpha (nominal).
    """

    judges: tuple[str, ...]
    n: int
    share: Estimate
    kappa: Estimate
    alpha: Estimate


def cohen_kappa(table: Array) -> Array:
    """Return Cohen's kappa.

    Parameters
    ----------
    table
        Counts, shape (..., k, k): labels of the first judge by labels of the second.

    Returns
    -------
    numpy.ndarray
        Shape (...); NaN where both judges used one and the same label throughout.

    References
    ----------
    Cohen (1960), Educational and Psychological Measurement 20:37-46.
    """
    total = table.sum(axis=(-2, -1))
    observed = np.trace(table, axis1=-2, axis2=-1) / total
    expected = (table.sum(axis=-1) * table.sum(axis=-2)).sum(axis=-1) / total**2
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected < 1, (observed - expected) / (1 - expected), np.nan)


def _parts(counts: Array) -> Array:
    """Return what agreement is made of, by unit: 1, whether all agree, disagreement, labels; they add up."""
    judged = counts.sum(axis=1)
    # Disagreeing ordered pairs within units, each unit weighted by 1 / (judges - 1).
    disagreement = (judged**2 - (counts**2).sum(axis=1)) / (judged - 1)
    return np.column_stack([np.ones_like(judged), counts.max(axis=1) == judged, disagreement, counts])


def _measured(total: Array) -> tuple[Array, Array]:
    """Return the share of units that all agree on, and alpha, from sums of parts, shape (..., 3 + k)."""
    totals = total[..., 3:]
    n = totals.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = (n**2 - (totals**2).sum(axis=-1)) / (n - 1)
        alpha = np.where(expected > 0, 1 - total[..., 2] / expected, np.nan)
        return np.asarray(total[..., 1] / total[..., 0]), alpha


def agreement(
    judges: tuple[str, str],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    cluster: NDArray[np.int64],
    *,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> Agreement:
    """Measure the agreement of two judges, resampling prompts for the intervals.

    Parameters
    ----------
    judges
        Their names.
    first, second
        Labels as numbers from 0, shape (n_answers,).
    cluster
        Number of the answer's prompt, from 0, same shape: answers to one prompt are alike, so
        prompts are what is resampled.
    level
        Probability that the intervals cover.
    draws, seed
        Bootstrap draws and their seed.

    Raises
    ------
    NoAnswerError
        If no answer was labelled by both.
    """
    if not len(first):
        raise NoAnswerError(f"no answer was labelled by both '{judges[0]}' and '{judges[1]}'")
    k = int(max(first.max(), second.max())) + 1
    n_clusters = int(cluster.max()) + 1
    cells = np.bincount(cluster * k * k + first * k + second, minlength=n_clusters * k * k)
    tables = _resampled(cells.reshape(n_clusters, k * k).astype(float), draws, seed).reshape(-1, k, k)
    n, same = tables.sum(axis=(1, 2)), np.trace(tables, axis1=1, axis2=2)
    totals = tables.sum(axis=1) + tables.sum(axis=2)
    # Two labels that differ are two ordered pairs that do.
    share, alpha = _measured(np.column_stack([n, same, 2 * (n - same), totals]))
    found = (_estimate(each, level, n_clusters) for each in (share, cohen_kappa(tables), alpha))
    return Agreement(judges, len(first), *found)


def joint_agreement(
    judges: tuple[str, ...],
    counts: Array,
    cluster: NDArray[np.int64],
    *,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> Agreement:
    """Measure the agreement of three judges or more together, resampling prompts for the intervals.

    Krippendorff's alpha is that of nominal labels, gaps allowed.

    Parameters
    ----------
    judges
        Their names.
    counts
        How many judges gave an answer a label, shape (n_answers, k); answers with fewer than two labels
        do not count.
    cluster
        Number of the answer's prompt, from 0, shape (n_answers,).
    level, draws, seed
        As for `agreement`.

    Raises
    ------
    NoAnswerError
        If no answer was labelled by two of them.

    References
    ----------
    Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section on nominal data.
    """
    several = counts.sum(axis=1) > 1
    counts, cluster = counts[several], cluster[several]
    if not len(counts):
        raise NoAnswerError("no answer was labelled by two judges")
    n_clusters = int(cluster.max()) + 1
    sums = np.zeros((n_clusters, 3 + counts.shape[1]))
    np.add.at(sums, cluster, _parts(counts))
    share, alpha = _measured(_resampled(sums, draws, seed))
    none = Estimate(None, reason="it is of two judges alone")
    found = (_estimate(each, level, n_clusters) for each in (share, alpha))
    return Agreement(judges, len(counts), next(found), none, next(found))


def _resampled(sums: Array, draws: int, seed: int) -> Array:
    """Return the total over clusters, then those of resampled clusters; shape (1 + draws, c) from (n, c)."""
    n = len(sums)
    weights = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), draws)
    return np.concatenate([sums.sum(axis=0, keepdims=True), weights.astype(float) @ sums])


def _estimate(values: Array, level: float, clusters: int) -> Estimate:
    """Return the first value with the interval of the others, wider where few clusters were resampled."""
    from scipy.special import stdtrit

    if np.isnan(values[0]):
        return Estimate(None, reason="every label is the same")
    value, ends = float(values[0]), interval_ends(values[1:], level)
    if clusters > 1:
        # Resampling n clusters spreads by (n - 1) / n too little, and its quantiles are those of a normal.
        wider = stdtrit(clusters - 1, 0.5 + level / 2) / z_of(level) * np.sqrt(clusters / (clusters - 1))
        ends = np.clip(value + wider * (ends - value), -1.0, 1.0)
    return Estimate(value, float(ends[0]), float(ends[1]), level)
