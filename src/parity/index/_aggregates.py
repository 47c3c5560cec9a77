r"""Aggregation of the members of a group: means, comparisons, distance, benefit of the doubt.

Every mean takes ``values`` of shape (..., k) and ``weights`` that broadcast with
them, and returns shape (...): NaN where no member with a weight is there. Weights are
relative. A whole batch of draws is just one more leading axis.
"""

from __future__ import annotations

import numpy as np

from parity.errors import ParityError
from parity.stats import BoolArray, FloatArray, IntArray


def _present(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the weights with 0 for a missing member, shape (..., k)."""
    return np.where(np.isnan(values), 0.0, weights)


def arithmetic(values: FloatArray, weights: FloatArray) -> FloatArray:
    r"""Return the weighted arithmetic mean, :math:`\sum w x / \sum w`."""
    shares = _present(values, weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: FloatArray = (shares * np.nan_to_num(values, nan=0.0)).sum(axis=-1) / shares.sum(axis=-1)
    return mean


def total(values: FloatArray, weights: FloatArray) -> FloatArray:
    r"""Return the weighted sum, :math:`\sum w x`; NaN if a member with a weight is missing."""
    found: FloatArray = np.where(weights > 0, weights * values, 0.0).sum(axis=-1)
    return found


def ordered(values: FloatArray, order_weights: FloatArray) -> FloatArray:
    """Return the ordered weighted average: the first weight goes to a unit's best member.

    Yager (1988). NaN if a member is missing: the order would not be known.
    """
    ranked = -np.sort(-values, axis=-1)
    mean: FloatArray = (ranked * order_weights).sum(axis=-1) / order_weights.sum()
    return mean


def geometric(values: FloatArray, weights: FloatArray) -> FloatArray:
    r"""Return the weighted geometric mean, :math:`\exp(\sum w \ln x / \sum w)`.

    NaN if a value is not above 0.
    """
    # The log of 0 stands as the least number there is; weighted, it may leave the range.
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        mean = np.exp(arithmetic(np.log(values), weights))
    return _undefined(mean, values <= 0)


def harmonic(values: FloatArray, weights: FloatArray) -> FloatArray:
    r"""Return the weighted harmonic mean, :math:`\sum w / \sum (w/x)`.

    NaN if a value is 0, or values of both signs cancel.
    """
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        mean = 1.0 / arithmetic(1.0 / values, weights)
    return np.where(np.isinf(mean), np.nan, _undefined(mean, values == 0))


def power(values: FloatArray, weights: FloatArray, exponent: float) -> FloatArray:
    r"""Return the weighted power mean, :math:`(\sum w x^p / \sum w)^{1/p}`.

    With exponent 0 it is the geometric mean. NaN if a value is not above 0.
    """
    if exponent == 0:
        return geometric(values, weights)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        mean = arithmetic(np.power(values, exponent), weights) ** (1.0 / exponent)
    return _undefined(mean, values <= 0)


def _undefined(mean: FloatArray, outside: np.ndarray) -> FloatArray:
    return np.where(outside.any(axis=-1), np.nan, mean)


def median(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the weighted median: half of the weight lies on either side.

    Where a value ends exactly at half of the weight, the mean of it and the next is
    taken, so that equal weights give the usual median.
    """
    shares = np.broadcast_to(_present(values, weights), values.shape)
    order = np.argsort(np.where(shares > 0, values, np.inf), axis=-1)
    ranked = np.take_along_axis(values, order, axis=-1)
    reached = np.take_along_axis(shares, order, axis=-1).cumsum(axis=-1)
    half = reached[..., -1:] / 2
    slack = 1e-12 * reached[..., -1:]
    last = values.shape[-1] - 1
    below = np.minimum((reached < half - slack).sum(axis=-1, keepdims=True), last)
    above = np.minimum((reached <= half + slack).sum(axis=-1, keepdims=True), last)
    middle = np.take_along_axis(ranked, below, axis=-1) + np.take_along_axis(ranked, above, axis=-1)
    return np.where(half[..., 0] > 0, middle[..., 0] / 2, np.nan)


def mazziotta_pareto(values: FloatArray, weights: FloatArray, sign: float) -> FloatArray:
    r"""Return the Mazziotta-Pareto index, :math:`M + s\,S^2/M`.

    M and S are the (weighted) mean and standard deviation over the members of one unit;
    sign -1 penalises imbalance where more is better, +1 where more is worse. Made for
    z-scores with mean 100 and standard deviation 10. Mazziotta and Pareto (2016).
    """
    mean = arithmetic(values, weights)
    variance = arithmetic((values - mean[..., np.newaxis]) ** 2, weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(mean == 0, np.nan, mean + sign * variance / mean)


# Cells of the comparison held at a time.
_CHUNK = 2_000_000


def outranking(values: FloatArray, reference: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the share of weight on which each unit beats each reference unit, ties counting half.

    Members that either unit lacks are left out, and the weights of the others add up to 1.
    OECD and JRC (2008), section 6.9.

    Each pair is added up once, from the side of the unit that comes first, and the other
    side gets the rest: the two add up to 1 to the last digit. A unit that is not in the
    reference comes last.

    ``values``: units, shape (n, k). ``reference``: units compared with, shape (m, k). Returns: shape (n,
    m), from 0 to 1; half for a unit and itself; NaN for a pair without a member in common.
    """
    shares = (weights / weights.sum()).astype(np.longdouble)
    places = _places(values, reference)[:, np.newaxis]
    others = np.arange(len(reference))
    won = np.empty((len(values), len(reference)))
    step = max(1, _CHUNK // max(1, reference.size))
    for start in range(0, len(values), step):
        rows = slice(start, start + step)
        difference = values[rows, np.newaxis, :] - reference
        later = places[rows] > others
        difference[later] *= -1
        ahead = _share_ahead(difference, shares)
        won[rows] = np.where(later, 1 - ahead, ahead)
        won[rows][places[rows] == others] = 0.5
    return won


def _share_ahead(difference: FloatArray, shares: np.ndarray) -> FloatArray:
    """Return the share of weight with a positive difference and half of that with none, over the last axis.

    Added up in extended precision and rounded once, like the sums of the reference
    software: where a pair stands at half and half, the last digit decides.
    """

    def total(which: BoolArray) -> FloatArray:
        return np.asarray(np.where(which, shares, 0).sum(axis=-1), dtype=np.float64)

    ahead = total(difference > 0) + total(difference == 0) / 2
    lacking = np.isnan(difference)
    if not lacking.any():
        return ahead
    with np.errstate(invalid="ignore", divide="ignore"):
        return ahead / total(~lacking)


def _places(values: FloatArray, reference: FloatArray) -> IntArray:
    """Return where each unit stands in the reference, shape (n,); m for one that does not."""
    known = {row.tobytes(): place for place, row in reversed(list(enumerate(reference)))}
    return np.array([known.get(row.tobytes(), len(reference)) for row in values], dtype=np.intp)


def net_outranking(values: FloatArray, reference: FloatArray, weights: FloatArray) -> FloatArray:
    """Return each unit's shares won over the reference, added up: shape (n,).

    The half point against itself is taken off. NaN for a unit without any member.
    """
    won = outranking(values, reference, weights)
    return _scored(values, np.nansum(won, axis=1) - 0.5)


def copeland(
    values: FloatArray, reference: FloatArray, weights: FloatArray, tolerance: float = 0.0
) -> FloatArray:
    """Return pairs won minus pairs lost against the reference: shape (n,).

    A pair is won with more than half of the weight. NaN for a unit without any member.
    Copeland (1951).

    ``tolerance``: a share of weight that is no further from half counts as a tie. With 0, sums that are
    half but for their last digit decide a pair, as they do in COINr.
    """
    lead = outranking(values, reference, weights) - 0.5
    signs = np.where(np.abs(lead) <= tolerance, 0.0, np.sign(lead))
    return _scored(values, np.nansum(signs, axis=1))


def _scored(values: FloatArray, scores: FloatArray) -> FloatArray:
    return np.where(np.isnan(values).all(axis=1), np.nan, scores)


def topsis(values: FloatArray, reference: FloatArray, weights: FloatArray) -> FloatArray:
    r"""Return closeness to the ideal, :math:`d^-/(d^+ + d^-)`, shape (n,), from 0 to 1.

    Distances are Euclidean, of weighted members, from the best and the worst value of each in the reference.
    Hwang and Yoon (1981). NaN for a unit that lacks a member.

    ``values``: units, shape (n, k). ``reference``: units that set the best and the worst, shape (m, k).
    """
    shares = weights / weights.sum()
    used = shares > 0
    # Unlike nanmax, these say nothing of a member that no unit has.
    best, worst = np.fmax.reduce(reference[:, used]), np.fmin.reduce(reference[:, used])
    far = np.sqrt((((values[:, used] - best) * shares[used]) ** 2).sum(axis=1))
    near = np.sqrt((((values[:, used] - worst) * shares[used]) ** 2).sum(axis=1))
    with np.errstate(invalid="ignore", divide="ignore"):
        closeness: FloatArray = near / (far + near)
    return closeness


def wroclaw(values: FloatArray, reference: FloatArray, weights: FloatArray) -> FloatArray:
    r"""Return Hellwig's measure of development, :math:`1 - D_i / (\bar D + 2 s_D)`, shape (n,).

    :math:`D_i` is the weighted Euclidean distance from the best value of each member in the reference, mean
    and
    standard deviation (divided by m) are over the reference. Hellwig (1968), the Wroclaw taxonomic method; 1
    for a unit that is best in all. NaN for a unit that lacks a member.
    """
    shares = weights / weights.sum()
    used = shares > 0
    best = np.fmax.reduce(reference[:, used])

    def distance(rows: FloatArray) -> FloatArray:
        found: FloatArray = np.sqrt((shares[used] * (rows[:, used] - best) ** 2).sum(axis=1))
        return found

    known = distance(reference)
    known = known[~np.isnan(known)]
    if not len(known):
        return np.full(len(values), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        measure: FloatArray = 1 - distance(values) / (known.mean() + 2 * known.std())
    return measure


def benefit_of_the_doubt(
    values: FloatArray, reference: FloatArray, share: tuple[float, float] | None = None
) -> tuple[FloatArray, FloatArray]:
    r"""Score units by data envelopment without inputs.

    .. math:: \max_{w \ge 0} \sum_i w_i x_i \quad\text{subject to}\quad
              \sum_i w_i x_{ji} \le 1 \text{ for every unit } j \text{ of the reference}

    Cherchye, Moesen, Rogge and Van Puyenbroeck (2007). A member that the unit lacks gets
    no weight; one that a reference unit lacks does not constrain.

    ``values``: units to score, shape (n, k); not negative. ``reference``: units that set the frontier,
    shape (m, k); not negative. A unit better than all of them scores above 1. ``share``: least and
    greatest share of each member in the unit's score. Returns: Scores, shape (n,), NaN for a unit without
    members, or with too few for the shares; and weights, shape (n, k).
    """
    from scipy.optimize import linprog

    if (values < 0).any() or (reference < 0).any():
        raise ParityError("benefit_of_the_doubt needs scores of 0 or more; normalise with lower = 0")
    members = values.shape[1]
    if share is not None and not share[0] * members <= 1 <= share[1] * members:
        raise ParityError(
            f"benefit_of_the_doubt: shares from {share[0]:g} to {share[1]:g} of {members} members "
            "cannot add up to 1; widen share = [least, greatest]"
        )
    frontier = np.nan_to_num(np.unique(reference, axis=0), nan=0.0)
    scores, weights = np.full(len(values), np.nan), np.zeros(values.shape)
    for row, unit in enumerate(values):
        there = ~np.isnan(unit)
        if share is not None and not share[0] * there.sum() <= 1 <= share[1] * there.sum():
            continue
        # Without a positive value there is nothing to weigh: the score is 0.
        if not (unit[there] > 0).any():
            scores[row] = 0.0 if there.any() else np.nan
            continue
        bounds, limits = _constraints(unit[there], frontier[:, there], share)
        found = linprog(-unit[there], A_ub=bounds, b_ub=limits, bounds=(0, None), method="highs")
        if found.success:
            scores[row], weights[row, there] = -found.fun, found.x
    return scores, weights


def _constraints(
    unit: FloatArray, frontier: FloatArray, share: tuple[float, float] | None
) -> tuple[FloatArray, FloatArray]:
    if share is None:
        return frontier, np.ones(len(frontier))
    own = np.diag(unit)
    least = share[0] * np.tile(unit, (len(unit), 1)) - own
    most = own - share[1] * np.tile(unit, (len(unit), 1))
    return np.vstack([frontier, least, most]), np.concatenate(
        [np.ones(len(frontier)), np.zeros(2 * len(unit))]
    )


def against_rivals(values: FloatArray, reference: FloatArray, rivals: int, draws: int = 100) -> FloatArray:
    """Return the mean score against so many units of the reference drawn with replacement, shape (n,).

    One far unit no longer sets the frontier for all; a score may be above 1. Cazals, Florens and Simar
    (2002); Vidoli, Fusco and Mazziotta (2015), robust benefit of the doubt.
    """
    generator = np.random.default_rng(0)
    chosen = generator.integers(len(reference), size=(draws, rivals))
    scores = [benefit_of_the_doubt(values, reference[rows])[0] for rows in chosen]
    mean: FloatArray = np.mean(scores, axis=0)
    return mean


def directional(values: FloatArray, reference: FloatArray, towards: FloatArray) -> FloatArray:
    r"""Return :math:`1/(1 + \beta)`, where :math:`\beta` steps in a direction reach the frontier, shape (n,).

    .. math:: \max \beta \quad\text{subject to}\quad x + \beta g \le \sum_j \lambda_j x_j,\;
              \sum_j \lambda_j \le 1,\; \lambda \ge 0

    Fusco (2015). With the unit's own values as direction it is the benefit of the doubt.

    ``towards``: direction g, in the unit of the scores, shape (k,).
    """
    from scipy.optimize import linprog

    if (values < 0).any() or (reference < 0).any():
        raise ParityError("benefit_of_the_doubt needs scores of 0 or more; normalise with lower = 0")
    if not towards.sum() > 0:
        raise ParityError("towards: at least one member needs a number above 0")
    frontier = np.nan_to_num(np.unique(reference, axis=0), nan=0.0)
    scores = np.full(len(values), np.nan)
    aim = np.concatenate([[-1.0], np.zeros(len(frontier))])
    for row, unit in enumerate(values):
        if np.isnan(unit).any():
            continue
        bounds = np.vstack([np.column_stack([towards, -frontier.T]), np.append(0.0, np.ones(len(frontier)))])
        free = [(None, None), *[(0, None)] * len(frontier)]
        found = linprog(aim, A_ub=bounds, b_ub=np.append(-unit, 1.0), bounds=free, method="highs")
        if found.success and found.x[0] > -1:
            scores[row] = 1 / (1 + found.x[0])
    return scores
