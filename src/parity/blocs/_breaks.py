"""Breaks in a series: a step or a slope on top of its trend, tested against its own autocorrelation.

Every shape of change is a ramp: the old level up to one period, the new one from a later period on. A step
takes one period, a slope at least a year. The test is the largest likelihood ratio over all shapes, each
against a straight line with errors that follow their predecessor; its null distribution is simulated, given
how autocorrelated the series looks. What the change is, when it was and how large are weighed over all shapes
and autocorrelations.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]

SHORTEST = 4
"""Periods that the level before a change and the one after it must last."""

SLOPE = 4
"""Fewest periods that a slope takes."""

FEWEST = 3 * SHORTEST
"""Fewest periods in which a change can be looked for."""

_RHOS = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
_HIGHEST_RHO = 0.98
STRONG: tuple[float, ...] = tuple((1 / (1 - _RHOS) / (1 / (1 - _RHOS)).sum()).tolist())
"""Prior of autocorrelations without which strong ones are underrated in so short a series: 1 / (1 - rho)."""

_SIMULATED, _CHOSEN, _AT_ONCE, _SEED = 20_000, 7_500, 2_500, 1993
# Steps of expectation and maximisation, and how many series the first guess counts as.
_STEPS, _SERIES = 10, 20
# Share of simulated statistics beyond which the tail is that of F.
_TAIL = 0.02
# Fewest simulated series that a quantile is taken from.
_FEW = 100


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """All shapes that a change can have in t periods, the steps first.

    Attributes
    ----------
    start, end
        Last period of the old level and first of the new one, shape (k,).
    steps
        How many are steps.
    curves
        From 0 to 1, shape (k, t).
    """

    start: IntArray
    end: IntArray
    steps: int
    curves: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class _Whitened:
    """What a series is multiplied with if its errors follow their predecessor with rho.

    Attributes
    ----------
    residual
        Whitens and takes out a straight line, shape (t, t).
    unit
        The shapes likewise, of length one, shape (t, k).
    covariance
        Of errors with unit innovations, shape (t, t).
    constant
        What the restricted log-likelihood has besides the sum of squares.
    """

    residual: FloatArray
    unit: FloatArray
    covariance: FloatArray
    constant: float


@lru_cache(maxsize=8)
def shapes(t: int) -> Shapes:
    """Return the shapes for a series of t periods."""
    steps = [(k - 1, k) for k in range(SHORTEST, t - SHORTEST + 1)]
    slopes = [
        (start, end)
        for start in (0, *range(SHORTEST - 1, t))
        for end in (*range(start + SLOPE, t - SHORTEST + 1), t - 1)
        if end - start >= SLOPE and (start, end) != (0, t - 1)
    ]
    start, end = np.array([*steps, *slopes]).T
    curves = np.clip((np.arange(t) - start[:, np.newaxis]) / (end - start)[:, np.newaxis], 0.0, 1.0)
    return Shapes(start, end, len(steps), curves)


@lru_cache(maxsize=8)
def _whitened(t: int) -> tuple[_Whitened, ...]:
    line = np.column_stack([np.ones(t), np.linspace(-1.0, 1.0, t)])
    found = []
    for rho in _RHOS:
        whiten = np.eye(t) - rho * np.eye(t, k=-1)
        whiten[0, 0] = np.sqrt(1 - rho**2)
        q, r = np.linalg.qr(whiten @ line)
        residual = whiten - q @ (q.T @ whiten)
        unit = residual @ shapes(t).curves.T
        constant = 0.5 * np.log(1 - rho**2) - float(np.log(np.abs(np.diag(r))).sum())
        covariance = np.linalg.inv(whiten.T @ whiten)
        found.append(_Whitened(residual, unit / np.linalg.norm(unit, axis=0), covariance, constant))
    return tuple(found)


def noise(m: int, t: int, rho: FloatArray | float, rng: np.random.Generator) -> FloatArray:
    """Return errors of unit variance that follow their predecessor with rho, shape (m, t)."""
    found = rng.standard_normal((m, t))
    for k in range(1, t):
        found[:, k] = rho * found[:, k - 1] + np.sqrt(1 - np.square(rho)) * found[:, k]
    return found


def _ratios(y: FloatArray) -> tuple[FloatArray, IntArray]:
    """Return the largest likelihood ratios over all shapes and over steps, shape (2, m).

    Beside them stands which rho is the likeliest of a straight line, shape (m,).
    """
    t = y.shape[1]
    steps = shapes(t).steps
    plain, changed = [], []
    for each in _whitened(t):
        left = y @ each.residual.T
        squares = np.maximum((left**2).sum(axis=1), np.finfo(float).tiny)
        explained = (left @ each.unit) ** 2
        best = np.stack([explained.max(axis=1), explained[:, :steps].max(axis=1)])
        rest = np.maximum(squares - best, squares * np.finfo(float).eps)
        plain.append(each.constant - (t - 2) / 2 * np.log(squares))
        changed.append(each.constant - (t - 2) / 2 * np.log(rest))
    without = np.array(plain)
    return 2 * (np.max(changed, axis=0) - without.max(axis=0)), without.argmax(axis=0)


@lru_cache(maxsize=8)
def _null(t: int) -> tuple[tuple[FloatArray, FloatArray], ...]:
    """Return sorted ratios of series without a break, for each rho that they look like."""
    rng = np.random.default_rng([_SEED, t])
    drawn = [
        _ratios(noise(_AT_ONCE, t, rng.uniform(0, _HIGHEST_RHO, _AT_ONCE), rng))
        for _ in range(_SIMULATED // _AT_ONCE)
    ]
    ratios = np.concatenate([one for one, _ in drawn], axis=1)
    looks = np.concatenate([rho for _, rho in drawn])
    alike = (np.abs(looks - k) <= 1 for k in range(len(_RHOS)))
    return tuple((np.sort(ratios[0, near]), np.sort(ratios[1, near])) for near in alike)


def p_values(y: FloatArray) -> FloatArray:
    """Return how often a straight line with autocorrelated errors shows a change this clear.

    Parameters
    ----------
    y
        Series, shape (m, t).

    Returns
    -------
    numpy.ndarray
        p of any change, and p of a step, shape (2, m). Given the rho that a series looks like, over a uniform
        true one; beyond the 98th percentile of the simulated ratios by the tail of F (Davies 1987).

    References
    ----------
    Andrews (1993), Econometrica 61:821-856; Davies (1987), Biometrika 74:33-43.
    """
    from scipy.stats import f as f_distribution

    t = y.shape[1]
    ratios, looks = _ratios(y)
    free = t - 3

    def tail(ratio: FloatArray | float) -> FloatArray:
        return np.asarray(f_distribution.sf(free * np.expm1(np.maximum(ratio, 0) / (t - 2)), 1, free))

    p = np.ones(ratios.shape)
    for k in np.unique(looks):
        here = looks == k
        for row, null in enumerate(_null(t)[k]):
            found = ratios[row, here]
            above = len(null) - np.searchsorted(null, found, side="left")
            far = null[int((1 - _TAIL) * len(null))]
            beyond = _TAIL * tail(found) / tail(far)
            p[row, here] = np.where(found > far, beyond, (above + 1) / (len(null) + 1))
    return np.asarray(np.where(np.ptp(y, axis=1) > 0, p, 1.0))


def _likelihood(y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return restricted log-likelihoods and variances of innovations, each of shape (m, r, 1 + k).

    By rho and by no change, then every shape; a change costs half the logarithm of t (Schwarz 1978).
    """
    t = y.shape[1]
    logs, variances = [], []
    for each in _whitened(t):
        left = y @ each.residual.T
        squares = np.maximum((left**2).sum(axis=1), 1e-300)[:, np.newaxis]
        rest = np.concatenate(
            [squares, np.maximum(squares - (left @ each.unit) ** 2, squares * 1e-12)], axis=1
        )
        logs.append(each.constant - (t - 2) / 2 * np.log(rest))
        logs[-1][:, 1:] -= 0.5 * np.log(t)
        variances.append(rest / (t - 3))
    return np.stack(logs, axis=1), np.stack(variances, axis=1)


def _of_shapes(t: int) -> FloatArray:
    """Return the logarithm of the prior of no change and of every shape, shape (1 + k,)."""
    k, steps = len(shapes(t).start), shapes(t).steps
    return np.asarray(
        np.log(np.r_[0.5, np.full(steps, 0.25 / steps), np.full(k - steps, 0.25 / (k - steps))])
    )


def _exp(log: FloatArray) -> FloatArray:
    """Return probabilities from their logarithms, which add up to one over all axes but the first."""
    axes = tuple(range(1, log.ndim))
    weight = np.exp(log - log.max(axis=axes, keepdims=True))
    return np.asarray(weight / weight.sum(axis=axes, keepdims=True))


def rho_prior(y: FloatArray) -> tuple[float, ...]:
    """Return how likely every autocorrelation is among series like these (empirical Bayes).

    A short series says little about its own autocorrelation; many of them say how autocorrelations are
    spread. A few steps of expectation and maximisation from `STRONG`, which counts as twenty series.

    Parameters
    ----------
    y
        Series, shape (m, t); none of them is fine.
    """
    start = prior = np.array(STRONG)
    if not len(y):
        return STRONG
    given = _likelihood(y)[0] + _of_shapes(y.shape[1])
    of_rho = np.log(_exp(given).sum(axis=2) + 1e-300)
    for _ in range(_STEPS):
        posterior = _exp(of_rho + np.log(prior))
        prior = (posterior.sum(axis=0) + _SERIES * start) / (len(y) + _SERIES)
    return tuple(prior.tolist())


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """Series with what the data say of shapes and autocorrelations, m of them.

    Flat priors on the line, the change and the logarithm of the scatter; beforehand a change is as likely as
    none, a step as a slope, and so are the shapes of either.

    Attributes
    ----------
    y
        Series, shape (m, t).
    prior
        Probability of every rho beforehand.
    best
        Likeliest shape, shape (m,).
    shape
        Probability of every shape if there is a change, shape (m, k).
    rho_variance
        Probability of every rho times the variance of innovations, shape (m, r).
    """

    y: FloatArray
    prior: tuple[float, ...]
    best: IntArray
    shape: FloatArray
    rho_variance: FloatArray

    @classmethod
    def of(cls, y: FloatArray, prior: tuple[float, ...] | None = None) -> Weighed:
        """Weigh series of shape (m, t), by default with the prior of rho that expects it to be strong."""
        prior = prior or STRONG
        likelihood, variance = _likelihood(y)
        weight = _exp(likelihood + _of_shapes(y.shape[1]) + np.log(prior)[:, np.newaxis])
        best = likelihood[:, :, 1:].max(axis=1).argmax(axis=1)
        shape = weight[:, :, 1:].sum(axis=1)
        shape = shape / np.maximum(shape.sum(axis=1, keepdims=True), 1e-300)
        return cls(y, prior, best, shape, (weight * variance).sum(axis=2))

    def error(self, contrast: FloatArray) -> FloatArray:
        """Return the standard error of weighted sums of the series.

        Parameters
        ----------
        contrast
            Weights, shape (t,) or (m, t).

        Returns
        -------
        numpy.ndarray
            Shape (m,); with t - 3 degrees of freedom.
        """
        c = np.broadcast_to(contrast, self.y.shape)
        spread = [((c @ each.covariance) * c).sum(axis=1) for each in _whitened(self.y.shape[1])]
        return np.asarray(np.sqrt((self.rho_variance * np.stack(spread, axis=1)).sum(axis=1)))


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """The likeliest change in each of m series; indices of periods.

    Attributes
    ----------
    kind
        ``step`` where the likeliest shape is one and a test finds one, ``slope`` where neither is so,
        ``step or slope`` where the two do not agree; shape (m,).
    period
        First period of the new level of a step; the last of the old level, where a slope begins. Shape (m,).
    until
        First period of the new level, shape (m,).
    period_ends, until_ends
        Ends of their intervals, shape (2, m).
    contrast
        What takes the level of up to a year before from that of up to a year after, shape (m, t).
    reach
        How many standard errors the interval of that contrast reaches, shape (m,).
    """

    kind: npt.NDArray[np.str_]
    period: IntArray
    until: IntArray
    period_ends: IntArray
    until_ends: IntArray
    contrast: FloatArray
    reach: FloatArray


def changes(weighed: Weighed, p_step: FloatArray, alpha: float = 0.05, level: float = 0.9) -> Changes:
    """Return the likeliest change in each series, with its dates.

    Parameters
    ----------
    weighed
        Series.
    p_step
        p of a step in each, shape (m,).
    alpha
        p up to which a test finds one.
    level
        Probability that the intervals of dates cover.
    """
    t = weighed.y.shape[1]
    known = shapes(t)
    is_step = np.arange(len(known.start)) < known.steps
    best = weighed.best
    looks, tests = is_step[best], p_step <= alpha
    kind = np.where(looks & tests, "step", np.where(looks | tests, "step or slope", "slope"))
    # The dates of a step are weighed over steps, those of a slope over slopes, else over both.
    sure = (looks == tests)[:, np.newaxis]
    weight = np.where(sure & (is_step != looks[:, np.newaxis]), 0.0, weighed.shape)
    weight /= weight.sum(axis=1, keepdims=True)
    # A step is dated by its new level, a slope by where it leaves the old one.
    begins = np.where(is_step, known.end, known.start)
    period, until = begins[best], known.end[best]
    ends = [_ends(at, weight, t, level) for at in (begins, known.end)]
    return Changes(
        kind,
        period,
        until,
        np.stack([np.minimum(ends[0][0], period), np.maximum(ends[0][1], period)]),
        np.stack([np.minimum(ends[1][0], until), np.maximum(ends[1][1], until)]),
        _contrast(best, t),
        _reach(weighed, level),
    )


def _contrast(best: IntArray, t: int) -> FloatArray:
    """Return what takes the level of up to a year before a shape from that of a year after, shape (m, t)."""
    places = np.arange(t)
    start, end = (at[best, np.newaxis] for at in (shapes(t).start, shapes(t).end))
    before = (places <= start) & (places > start - SHORTEST)
    after = (places >= end) & (places < end + SHORTEST)
    return np.asarray(after / after.sum(axis=1, keepdims=True) - before / before.sum(axis=1, keepdims=True))


def _reach(weighed: Weighed, level: float) -> FloatArray:
    """Return how many standard errors an interval at the chosen date reaches, shape (m,).

    Where nothing changes, the date chosen is the one at which chance has moved the series most. Simulated
    series without a change say how far that is; never less than at a date given beforehand.
    """
    from scipy.stats import t as student

    t = weighed.y.shape[1]
    given = float(student.ppf((1 + level) / 2, t - 3))
    return np.asarray(np.maximum(given, _chosen(t, level, weighed.prior)[_ratios(weighed.y)[1]]))


@lru_cache(maxsize=8)
def _chosen(t: int, level: float, prior: tuple[float, ...]) -> FloatArray:
    rng = np.random.default_rng([_SEED, t, 1])
    found, looks = [], []
    for _ in range(_CHOSEN // _AT_ONCE):
        y = noise(_AT_ONCE, t, rng.choice(_RHOS, _AT_ONCE, p=np.array(prior) / sum(prior)), rng)
        weighed = Weighed.of(y, prior)
        contrast = _contrast(weighed.best, t)
        found.append(np.abs((contrast * y).sum(axis=1)) / weighed.error(contrast))
        looks.append(_ratios(y)[1])
    far, like = np.concatenate(found), np.concatenate(looks)
    alike = [np.abs(like - k) <= 1 for k in range(len(_RHOS))]
    return np.array([np.quantile(far[near if near.sum() >= _FEW else ...], level) for near in alike])


def _ends(at: IntArray, weight: FloatArray, t: int, level: float) -> IntArray:
    """Return both ends of the interval with equal tails of a date, shape (2, m)."""
    by_period = weight @ (at[:, np.newaxis] == np.arange(t))
    below = np.cumsum(by_period, axis=1)
    tail = (1 - level) / 2
    return np.stack([(below < tail).sum(axis=1), (below < 1 - tail - 1e-12).sum(axis=1)])
