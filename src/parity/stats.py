"""Statistics that several measures need: one pure function each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import comb, lcm, prod
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]

Worth = Callable[[BoolArray], FloatArray]
"""Worth of coalitions, shape (m, n) of members, as an array of shape (m, ...)."""

# Averages over repeats are fractions; beyond this common denominator they are put on a grid.
_LARGEST_DENOMINATOR = 5040

# Stands for a label that a task has no outcome for: below every sum that outcomes can make.
_ABSENT = np.iinfo(np.int64).min

# Relative difference up to which two p are the same.
_SAME = 1e-9

# Coalitions valued at a time.
_CHUNK = 10_000


def quantiles(
    draws: ArrayLike, at: Sequence[float], method: Literal["linear", "nearest"] = "linear"
) -> FloatArray:
    """Return quantiles over the first axis, ignoring NaN.

    Parameters
    ----------
    draws
        Values of every draw, shape (n_draws, ...).
    at
        Probabilities, shape (q,).
    method
        ``"nearest"`` where the quantiles are to be values that occurred, ranks for example.

    Returns
    -------
    numpy.ndarray
        Shape (q, ...); NaN where no draw is known.
    """
    draws = np.asarray(draws, float)
    flat = draws.reshape(len(draws), prod(draws.shape[1:]))
    unknown = np.isnan(flat)
    whole, some = ~unknown.any(axis=0), ~unknown.all(axis=0)
    found = np.full((len(at), flat.shape[1]), np.nan)
    if len(flat) and whole.any():
        found[:, whole] = np.quantile(flat[:, whole], at, axis=0, method=method)
    part = some & ~whole  # rare, and slow
    if part.any():
        found[:, part] = np.nanquantile(flat[:, part], at, axis=0, method=method)
    return found.reshape(len(at), *draws.shape[1:])


def interval_ends(
    draws: ArrayLike, level: float, method: Literal["linear", "nearest"] = "linear"
) -> FloatArray:
    """Return both ends of the interval with equal tails over the first axis, ignoring NaN.

    Parameters
    ----------
    draws
        Values of every draw, shape (n_draws, ...).
    level
        Probability that the interval covers, in (0, 1).
    method
        As of `quantiles`.

    Returns
    -------
    numpy.ndarray
        Lower and upper ends, shape (2, ...); NaN where no draw is known.
    """
    return quantiles(draws, ((1 - level) / 2, (1 + level) / 2), method)


def with_median(
    draws: ArrayLike, level: float, method: Literal["linear", "nearest"] = "linear"
) -> FloatArray:
    """Return the lower end, the median and the upper end, shape (3, ...); else as `interval_ends`."""
    return quantiles(draws, ((1 - level) / 2, 0.5, (1 + level) / 2), method)


def holm(p: ArrayLike, attainable: Sequence[ArrayLike] | None = None) -> FloatArray:
    """Return p adjusted by Holm's step-down method, which bounds the chance of one false finding.

    Parameters
    ----------
    p
        p of one family, shape (n_tests,); NaN where there was no test, which then does not count.
    attainable
        The values that each p can take, ascending, each as likely to be reached as it says, where tests are
        exact. A test of few events then counts with the largest of them up to the p adjusted, often far
        below it, and not with that p: the bound is the same, and less of it is wasted.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6:65-70; for discrete tests Tarone (1990), Biometrics
    46:515-522, and Westfall and Wolfinger (1997), The American Statistician 51:3-8.
    """
    p = np.asarray(p, float)
    adjusted = np.full(p.shape, np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    ranked = p[order]
    if attainable is None:
        bound = ranked * np.arange(len(order), 0, -1)
    else:
        # reached[k, i]: chance that the k-th test comes to the i-th smallest p.
        reached = np.array([_reached(np.asarray(attainable[k], float), ranked) for k in order])
        bound = np.tril(reached.reshape(len(order), -1)).sum(axis=0)
    adjusted[order] = np.minimum(np.maximum.accumulate(bound), 1.0)
    return adjusted


def _reached(attainable: FloatArray, p: FloatArray) -> FloatArray:
    """Return the largest attainable value up to each p, shape (n,); 0 where there is none."""
    place = np.searchsorted(attainable, p * (1 + _SAME), side="right")
    return np.asarray(np.concatenate([[0.0], attainable])[place])


def benjamini_hochberg(p: ArrayLike) -> FloatArray:
    """Return the false discovery rate at which each p is a finding: for screens rather than claims.

    Parameters
    ----------
    p
        As of `holm`.

    References
    ----------
    Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57:289-300.
    """
    from scipy.stats import false_discovery_control

    p = np.asarray(p, float)
    adjusted = np.full(p.shape, np.nan)
    known = ~np.isnan(p)
    if known.any():
        adjusted[known] = false_discovery_control(p[known], method="bh")
    return adjusted


class Lasting(NamedTuple):
    """What a short series around a design says of its errors, which may follow their predecessors.

    Attributes
    ----------
    weights
        Probability of each autocorrelation in `AUTOCORRELATIONS`, shape (r,).
    contrasts
        Variance of each contrast of the series, shape (m,).
    one
        Variance of one value.
    degrees
        Degrees of freedom left.
    """

    weights: FloatArray
    contrasts: FloatArray
    one: float
    degrees: int


AUTOCORRELATIONS = np.arange(0.0, 0.95, 0.1)
"""Autocorrelations that `lasting` weighs."""


def lasting(values: FloatArray, design: FloatArray, contrasts: FloatArray, strong: float = 0.0) -> Lasting:
    """Weigh how far errors that last make contrasts of a series miss, by restricted likelihood.

    Formulas for independent errors take a value that resembles the last for news: their intervals of shares
    and ratios by year miss twice or four times as often as they say.

    Parameters
    ----------
    values
        Series at equal steps, shape (n,).
    design
        What its mean is made of, shape (n, k) with k < n.
    contrasts
        Weights of the values in each contrast, shape (m, n).
    strong
        Exponent of the prior 1 / (1 - rho): above 0 where strong autocorrelation is to be expected and few
        values would underrate it, below 0 where it is not; see ``docs/methods/calibration.md``.

    References
    ----------
    Patterson and Thompson (1971), Biometrika 58:545-554; McGilchrist (1989), Biometrical Journal 31:157-166.
    """
    n, k = design.shape
    apart = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    logs, one, spread = [], [], []
    for rho in AUTOCORRELATIONS:
        correlation = np.where(apart == 0, 1.0, rho**apart)
        root = np.linalg.cholesky(correlation)
        q, r = np.linalg.qr(np.linalg.solve(root, design))
        left = np.linalg.solve(root, values)
        squares = max(float(left @ left - np.square(q.T @ left).sum()), float(np.finfo(float).tiny))
        half_log_det = np.log(np.diag(root)).sum() + np.log(np.abs(np.diag(r))).sum()
        logs.append(-half_log_det - (n - k) / 2 * np.log(squares) - strong * np.log(1 - rho))
        one.append(squares / (n - k))
        spread.append(one[-1] * ((contrasts @ correlation) * contrasts).sum(axis=1))
    weights = np.exp(np.array(logs) - max(logs))
    weights /= weights.sum()
    return Lasting(weights, weights @ np.array(spread), float(weights @ np.array(one)), n - k)


def share_as_large(observed: ArrayLike, null: FloatArray) -> FloatArray:
    """Return the one-sided p of statistics among draws made under the null hypothesis.

    The observed one counts itself, so the smallest possible value is ``1 / (n_draws + 1)``
    (Phipson and Smyth 2010, Statistical Applications in Genetics and Molecular Biology 9:39).

    Parameters
    ----------
    observed
        Statistics, any shape.
    null
        Draws, shape (n_draws,), without NaN.
    """
    ranked = np.sort(null)
    as_large = len(ranked) - np.searchsorted(ranked, observed, side="left")
    return np.asarray((as_large + 1) / (len(ranked) + 1))


class Relabelling(NamedTuple):
    """p of the randomisation of labels: two-sided, of a surplus of the first, and of a lack of it.

    Beside them all values that the two-sided p can take, ascending.
    """

    p: float
    more: float
    less: float
    attainable: FloatArray


def relabelling(values: FloatArray) -> Relabelling:
    """Return the exact p of the first label of each task being one drawn at random.

    If the label does not matter, each outcome of a task is as likely to be the one with the first label.
    The statistic is the sum over tasks of the first outcome less the mean of the others; its distribution
    over all ways to hand out the labels within tasks is computed by convolution, not sampled. Two-sided:
    the chance of a sum at least as far from nothing. With one other label it is the sign-flip test, and for
    outcomes of 0 and 1 then the exact McNemar test.

    Parameters
    ----------
    values
        Outcomes in [0, 1], shape (n_tasks, n_labels), the label of interest first; NaN where a task has no
        such label.

    References
    ----------
    Fisher (1935), The Design of Experiments, section 21; Pagano and Tritchler (1983), JASA 78:435-440;
    with several others it is the permutation of Cochran's (1950, Biometrika 37:256-266) blocks.
    """
    moves = _moves(values)
    # Tasks whose outcomes are all alike say nothing.
    moves = moves[((moves != 0) & (moves != _ABSENT)).any(axis=1)]
    if not len(moves):
        return Relabelling(1.0, 1.0, 1.0, np.ones(1))
    observed = int(moves[:, 0].sum())
    kinds, counts = np.unique(np.sort(moves, axis=1), axis=0, return_counts=True)
    # chance[t]: the sum is t above the least possible one.
    chance, least = np.ones(1), 0
    for kind, count in zip(kinds, counts, strict=True):
        there = kind[kind != _ABSENT]
        one = np.bincount(there - there.min()) / len(there)
        chance = np.convolve(chance, _power(one, int(count)))
        least += int(count) * int(there.min())
    sums = np.arange(len(chance)) + least
    more, less = (float(min(1.0, chance[tail].sum())) for tail in (sums >= observed, sums <= observed))
    distance, place = np.unique(abs(sums), return_inverse=True)
    of_distance = np.bincount(place, chance)
    tails = np.minimum(np.cumsum(of_distance[::-1])[::-1], 1.0)
    p = float(tails[np.searchsorted(distance, abs(observed))])
    return Relabelling(p, more, less, np.unique(tails[of_distance > 0]))


def _moves(values: FloatArray) -> NDArray[np.int64]:
    """Return what each outcome adds to the sum if it gets the first label, or _ABSENT, as whole numbers.

    The first outcome less the mean of k others is (k + 1) / k of it less 1 / k of the task's total.
    """
    there = ~np.isnan(values)
    whole = _integers(np.where(there, values, 0.0))
    others = there.sum(axis=1, keepdims=True) - 1
    scale = lcm(*(int(k) for k in np.unique(others)))
    moves = ((others + 1) * whole - whole.sum(axis=1, keepdims=True)) * (scale // others) * there
    return np.where(there, moves // max(int(np.gcd.reduce(moves, axis=None)), 1), _ABSENT)


def _power(chance: FloatArray, count: int) -> FloatArray:
    """Return the distribution of the sum of so many independent draws."""
    found = np.ones(1)
    while count:
        if count & 1:
            found = np.convolve(found, chance)
        count >>= 1
        if count:
            chance = np.convolve(chance, chance)
    return found


def _integers(values: FloatArray) -> NDArray[np.int64]:
    """Return the values times their common denominator (or the nearest grid of a large one)."""
    from fractions import Fraction

    denominator = 1
    for value in np.unique(values):
        denominator = lcm(denominator, Fraction(float(value)).limit_denominator(1000).denominator)
        if denominator > _LARGEST_DENOMINATOR:
            denominator = _LARGEST_DENOMINATOR
            break
    return np.rint(values * denominator).astype(np.int64)


def every_coalition(n: int) -> BoolArray:
    """Return all coalitions of n players, shape (2^n, n); row k holds player i where bit i of k is set."""
    numbers = np.arange(2**n)
    return (numbers[:, np.newaxis] >> np.arange(n) & 1).astype(bool)


def shapley(worths: FloatArray) -> FloatArray:
    """Return the exact Shapley values of n players from the worth of every coalition.

    A player's value is what it adds when it joins, averaged over all orders in which the players can;
    the values add up to the worth of all less that of nobody.

    Parameters
    ----------
    worths
        Shape (2^n, ...), in the order of `every_coalition`.

    Returns
    -------
    numpy.ndarray
        Shape (n, ...).

    References
    ----------
    Shapley (1953), A value for n-person games, in Contributions to the Theory of Games II.
    """
    n = len(worths).bit_length() - 1
    inside = every_coalition(n)
    sizes = inside.sum(axis=1)
    chance = np.array([1 / (n * comb(n - 1, size)) for size in range(n)])
    values = np.empty((n, *worths.shape[1:]))
    for player in range(n):
        without = np.flatnonzero(~inside[:, player])
        added = worths[without | 1 << player] - worths[without]
        values[player] = np.tensordot(chance[sizes[without]], added, axes=1)
    return values


def worths_of(worth: Worth, coalitions: BoolArray) -> FloatArray:
    """Return the worth of many coalitions, a bounded number of them valued at a time."""
    starts = range(0, len(coalitions), _CHUNK)
    return np.concatenate([worth(coalitions[start : start + _CHUNK]) for start in starts])


def joining_orders(n: int, coalitions: int, rng: np.random.Generator) -> IntArray:
    """Draw orders in which n players join, each with its reverse (antithetic sampling).

    Parameters
    ----------
    n
        Number of players.
    coalitions
        How many coalitions the orders may pass through, about; at least four pairs are drawn.
    rng
        Source of randomness.

    Returns
    -------
    numpy.ndarray
        Players in the order of joining, shape (2 m, n): m orders, then their reverses.

    References
    ----------
    Castro, Gomez and Tejada (2009); Mitchell, Cooper, Frank and Holmes (2022).
    """
    pairs = max(4, coalitions // (2 * (n + 1)))
    orders = np.array([rng.permutation(n) for _ in range(pairs)])
    return np.concatenate([orders, orders[:, ::-1]])


def joined(orders: IntArray) -> BoolArray:
    """Return the coalitions that orders pass through, from nobody to all, shape (orders, n + 1, n)."""
    place = np.argsort(orders, axis=1)
    return place[:, np.newaxis, :] < np.arange(orders.shape[1] + 1)[:, np.newaxis]


def drawn_shapley(
    worth: Worth, n: int, coalitions: int, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Estimate the Shapley values of n players from drawn orders.

    What the players add in one order adds up to the worth of all, and so do the means.

    Parameters
    ----------
    worth
        Worth of coalitions.
    n, coalitions, rng
        As of `joining_orders`.

    Returns
    -------
    tuple of numpy.ndarray
        Values and their standard errors, each of shape (n, ...).
    """
    orders = joining_orders(n, coalitions, rng)
    step = max(1, _CHUNK // (n + 1))
    parts = (orders[start : start + step] for start in range(0, len(orders), step))
    added = np.concatenate([_added(worth, part) for part in parts])
    pairs = len(orders) // 2
    # An order and its reverse are drawn together: a pair is one observation.
    both = (added[:pairs] + added[pairs:]) / 2
    return both.mean(axis=0), both.std(axis=0, ddof=1) / np.sqrt(pairs)


def _added(worth: Worth, orders: IntArray) -> FloatArray:
    """Return what each player adds when they join in each order, shape (m, n, ...)."""
    m, n = orders.shape
    values = worth(joined(orders).reshape(-1, n))
    steps = np.diff(values.reshape(m, n + 1, *values.shape[1:]), axis=1)
    return np.asarray(steps[np.arange(m)[:, np.newaxis], np.argsort(orders, axis=1)])
