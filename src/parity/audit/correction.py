"""Rates corrected for a judge's errors, from a sample that people have labelled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parity.audit.intervals import clustered_n, robust_variance, z_of
from parity.errors import NoAnswerError, ParityError
from parity.estimate import Estimate
from parity.stats import share_as_large

Array = NDArray[np.float64]
Clusters = NDArray[np.int64]


def ppi_rate(
    human: Array,
    judged: Array,
    judge_all: Array,
    level: float = 0.95,
    tune: bool = True,
    clusters: tuple[Clusters, Clusters] | None = None,
) -> Estimate:
    """Return a rate by prediction-powered inference.

    The judge's rate over everything is corrected by its average error on the sample that people
    labelled. Right only where that sample is drawn at random from what is reported.

    Parameters
    ----------
    human
        People's labels of the sample, 0 or 1, shape (n,).
    judged
        The judge's labels of the same answers, shape (n,).
    judge_all
        The judge's labels of the other answers, shape (N,).
    level
        Probability that the interval covers.
    tune
        Weight the judge by how much it helps (PPI++); otherwise by 1.
    clusters
        Clusters (prompts) of the labelled answers, shape (n,), and of the others, shape (N,), numbered
        from 0 together. They widen the interval, by the cluster-robust error and Student's t, and leave
        the value as it is; where every cluster holds one answer, nothing changes.

    References
    ----------
    Angelopoulos et al. (2023), Science 382:669-674; Angelopoulos, Duchi and Zrnic (2023), PPI++,
    arXiv:2311.01453.
    """
    n, rest = len(human), len(judge_all)
    if n < 2 or rest < 2:
        raise NoAnswerError(
            f"a correction needs at least two answers with and without people's labels, not {n} and {rest}"
        )
    weight = 1.0
    if tune:
        spread = float(np.concatenate([judged, judge_all]).var(ddof=1))
        shared = float(np.cov(human, judged)[0, 1])
        weight = float(np.clip(shared / ((1 + n / rest) * spread), 0, 1)) if spread > 0 else 0.0
    value = weight * float(judge_all.mean()) + float((human - weight * judged).mean())
    error = np.sqrt(weight**2 * judge_all.var() / rest + (human - weight * judged).var() / n)
    half = z_of(level) * float(error)
    if clusters is not None:
        half = max(half, _clustered_half(human - weight * judged, weight * judge_all, clusters, level))
    value, low, high = (min(max(end, 0.0), 1.0) for end in (value, value - half, value + half))
    return Estimate(value, low, high, level, "share")


def _clustered_half(
    corrected: Array, predicted: Array, clusters: tuple[Clusters, Clusters], level: float
) -> float:
    """Return the half-width of the sum of two means that share clusters; 0 where none holds two answers."""
    from scipy.special import stdtrit

    shares = [(values - values.mean()) / len(values) for values in (corrected, predicted)]
    number = np.unique(np.concatenate(clusters), return_inverse=True)[1]
    parts = np.bincount(number, np.concatenate(shares)).astype(float)
    if len(parts) == len(number):
        return 0.0
    if len(parts) < 2:
        return 1.0  # of one prompt nothing is known about how prompts differ
    return float(stdtrit(len(parts) - 1, 0.5 + level / 2)) * float(np.sqrt(robust_variance(parts)))


@dataclass(frozen=True, slots=True)
class JudgeQuality:
    """How a judge does against people.

    Attributes
    ----------
    sensitivity, n_positive
        Share of what people call an event that the judge calls one, and of how many; of answers in
        clusters, how many independent ones they are worth.
    specificity, n_negative
        Share of what people call no event that the judge calls none, and of how many, likewise.
    """

    sensitivity: float
    n_positive: float
    specificity: float
    n_negative: float


def judge_quality(
    human: Array, judged: Array, cluster: Clusters | None = None, level: float = 0.95
) -> JudgeQuality:
    """Return sensitivity and specificity of a judge, from labels of the same answers.

    Parameters
    ----------
    human, judged
        People's and the judge's labels, 0 or 1, shape (n,).
    cluster
        Cluster (prompt) of each answer, shape (n,): the answers then count as many independent ones as
        :func:`parity.audit.intervals.clustered_n` says.
    level
        Probability that the interval to be made will cover.

    Raises
    ------
    NoAnswerError
        If the sample holds no event, or nothing but events.
    """
    positive = human == 1
    if positive.all() or not positive.any():
        raise NoAnswerError(
            f"people found {int(positive.sum())} events and {int((~positive).sum())} others; "
            "both are needed to know how the judge errs"
        )
    own = np.arange(len(human)) if cluster is None else cluster
    sizes = [clustered_n(judged[part], own[part], level) for part in (positive, ~positive)]
    return JudgeQuality(
        float(judged[positive].mean()), sizes[0], float(1 - judged[~positive].mean()), sizes[1]
    )


def rogan_gladen(rate: float, n: float, quality: JudgeQuality, level: float = 0.95) -> Estimate:
    """Return a rate corrected for sensitivity and specificity that are themselves estimated.

    Parameters
    ----------
    rate
        Rate by the judge.
    n
        Number of independent answers behind it; an effective number where answers are clustered.
    quality
        How the judge does against people. They may come from another mix of answers, as long as
        the judge errs alike on both.
    level
        Probability that the interval covers.

    References
    ----------
    Rogan and Gladen (1978), American Journal of Epidemiology 107:71-76; interval of Lang and
    Reiczigel (2014), Preventive Veterinary Medicine 113:13-22, as used for judges by Lee et al.
    (2025), arXiv:2511.21140.
    """
    se, sp = quality.sensitivity, quality.specificity
    if se + sp <= 1:
        raise ParityError(
            f"the judge does not separate events from others (sensitivity {se:.2f}, specificity {sp:.2f}); "
            "no correction can help"
        )
    z = z_of(level)
    n_se, n_sp, n_rate = quality.n_positive + 2, quality.n_negative + 2, n + z**2
    se_ = (quality.n_positive * se + 1) / n_se
    sp_ = (quality.n_negative * sp + 1) / n_sp
    rate_ = (n * rate + z**2 / 2) / n_rate
    gain = se_ + sp_ - 1
    true_ = (rate_ + sp_ - 1) / gain
    errors = se_ * (1 - se_) / n_se, sp_ * (1 - sp_) / n_sp
    shift = 2 * z**2 * (true_ * errors[0] - (1 - true_) * errors[1])
    variance = (rate_ * (1 - rate_) / n_rate + true_**2 * errors[0] + (1 - true_) ** 2 * errors[1]) / gain**2
    half = z * float(np.sqrt(variance))
    value = min(max((rate + sp - 1) / (se + sp - 1), 0.0), 1.0)
    ends = [min(max(true_ + shift + side * half, 0.0), 1.0) for side in (-1, 1)]
    return Estimate(value, min(ends[0], value), max(ends[1], value), level, "share")


def same_population(sample: Array, population: Array, seed: int = 0, draws: int = 10_000) -> float:
    """Return the p that a calibration sample was drawn at random from what is reported.

    Parameters
    ----------
    sample
        Calibration answers in each stratum (judge's label x language x government), shape (k,).
    population
        All answers in the same strata, same shape.
    seed, draws
        Monte Carlo draws of samples of that size, and their seed.

    Returns
    -------
    float
        p of the chi-square statistic under random sampling without replacement. A small one means
        that the sample over- or under-represents strata, as samples of disagreements do.
    """
    n, total = int(sample.sum()), int(population.sum())
    if (sample > population).any():
        return 0.0
    expected = n * population / total

    def statistic(counts: Array) -> Array:
        safe = np.where(expected > 0, expected, 1.0)
        return np.asarray(((counts - expected) ** 2 / safe).sum(axis=-1))

    drawn = np.random.default_rng(seed).multivariate_hypergeometric(
        population.astype(np.int64), n, size=draws, method="marginals"
    )
    return float(share_as_large(statistic(sample) - 1e-9, statistic(drawn.astype(float))))
