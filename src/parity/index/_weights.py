"""Weights that come from the data."""

from __future__ import annotations

import numpy as np

from parity.errors import ParityError
from parity.index._aggregates import benefit_of_the_doubt
from parity.index._options import WeightOptions
from parity.index._scale import minmax
from parity.index.register import custom, is_custom
from parity.stats import FloatArray


def complete_rows(scores: FloatArray) -> FloatArray:
    """Return the rows, of shape (n, k), that lack nothing."""
    kept: FloatArray = scores[~np.isnan(scores).any(axis=1)]
    if len(kept) < 2:
        raise ParityError("at least two units that lack none of the members are needed")
    return kept


def pairwise_correlation(scores: FloatArray) -> FloatArray:
    """Return Pearson correlations between columns over the rows that both have, shape (k, k).

    NaN where a column is constant over those rows, or fewer than two rows are shared.
    """
    present = ~np.isnan(scores)
    if present.all():
        return correlation(scores)
    k = scores.shape[1]
    result = np.full((k, k), np.nan)
    for i in range(k):
        for j in range(i, k):
            both = present[:, i] & present[:, j]
            if both.sum() >= 2:
                result[i, j] = result[j, i] = correlation(scores[both][:, [i, j]])[0, 1]
    return result


def correlation(scores: FloatArray) -> FloatArray:
    """Return Pearson correlations between columns of complete rows, shape (k, k)."""
    centred = scores - scores.mean(axis=0)
    size = np.sqrt((centred**2).sum(axis=0))
    with np.errstate(invalid="ignore", divide="ignore"):
        unit = np.where(size > 1e-14 * np.abs(scores).max(axis=0, initial=0.0), centred / size, np.nan)
    matrix: FloatArray = np.clip(unit.T @ unit, -1.0, 1.0)
    return matrix


def pca_loadings(scores: FloatArray) -> FloatArray:
    """Return the loadings of the first principal component of standardised columns, shape (k,).

    Over rows that lack nothing; signed so that they add up to more than 0.
    """
    matrix = correlation(complete_rows(scores))
    if np.isnan(matrix).any():
        raise ParityError("pca weights need members that vary over the units that lack nothing")
    first: FloatArray = np.linalg.eigh(matrix)[1][:, -1]
    return first if first.sum() >= 0 else -first


def entropy_weights(scores: FloatArray) -> FloatArray:
    r"""Return weights by how unevenly members are spread over units, shape (k,).

    :math:`w_j \propto 1 + \frac{1}{\ln n}\sum_i p_{ij}\ln p_{ij}` with :math:`p_{ij} = x_{ij}/\sum_i x_{ij}`.
    Zeleny (1982); Hwang and Yoon (1981).
    """
    rows = complete_rows(scores)
    if (rows < 0).any() or not (rows.sum(axis=0) > 0).all():
        raise ParityError("entropy weights need scores of 0 or more, not all 0; normalise with lower = 0")
    shares = rows / rows.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(shares > 0, shares * np.log(shares), 0.0)
    weights: FloatArray = np.maximum(1 + terms.sum(axis=0) / np.log(len(rows)), 0.0)
    return weights


def critic_weights(scores: FloatArray) -> FloatArray:
    r"""Return weights by contrast and conflict, shape (k,).

    :math:`w_j \propto \sigma_j \sum_i (1 - r_{ij})`, on columns brought to the range from 0 to 1.
    Diakoulaki, Mavrotas and Papayannakis (1995).
    """
    rows = complete_rows(scores)
    matrix = correlation(rows)
    if np.isnan(matrix).any():
        raise ParityError("critic weights need members that vary over the units that lack nothing")
    spread: FloatArray = minmax(rows, 0.0, 1.0)(rows).std(axis=0)
    weights: FloatArray = spread * (1 - matrix).sum(axis=0)
    return weights


def merec_weights(scores: FloatArray) -> FloatArray:
    r"""Return weights by what leaving a member out does to a unit's performance, shape (k,).

    :math:`w_j \propto \sum_i |S_i^{(-j)} - S_i|` with :math:`S_i = \ln(1 + \frac1k \sum_j |\ln(\min_j /
    x_{ij})|)`. Keshavarz-Ghorabaee, Amiri, Zavadskas, Turskis and Antucheviciene (2021).
    """
    rows = complete_rows(scores)
    if not (rows > 0).all():
        raise ParityError("merec weights need scores above 0; normalise to a positive range, as lower = 1")
    k = rows.shape[1]
    parts = np.abs(np.log(rows.min(axis=0) / rows))
    whole = parts.sum(axis=1, keepdims=True)
    effects: FloatArray = np.abs(np.log1p((whole - parts) / k) - np.log1p(whole / k)).sum(axis=0)
    return effects


# Mean consistency index of random matrices by size, from 1: Saaty (1980).
_RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)


# Judgements with a higher consistency ratio are to be made anew.
_INCONSISTENT = 0.1


def ahp_weights(comparisons: FloatArray) -> tuple[FloatArray, float]:
    """Return the principal eigenvector of pairwise comparisons, adding up to 1, and the consistency ratio.

    Saaty (1980).

    ``comparisons``: how many times as important the row is as the column, shape (k, k); reciprocal.
    """
    k = len(comparisons)
    if comparisons.shape != (k, k) or not np.allclose(comparisons * comparisons.T, 1, rtol=0.02):
        raise ParityError("comparisons must be square, with 1 / x on the other side of the diagonal from x")
    values, vectors = np.linalg.eig(comparisons)
    first = int(np.argmax(values.real))
    weights: FloatArray = np.abs(vectors[:, first].real)
    index = (values[first].real - k) / (k - 1) if k > 2 else 0.0
    random = _RANDOM_INDEX[min(k, len(_RANDOM_INDEX)) - 1]
    return weights / weights.sum(), index / random if random else 0.0


def favourable_weights(scores: FloatArray) -> FloatArray:
    """Return the mean over units of the weights that suit each best, as shares, shape (k,)."""
    rows = complete_rows(scores)
    _, weights = benefit_of_the_doubt(rows, rows)
    totals = weights.sum(axis=1, keepdims=True)
    shares: FloatArray = np.divide(weights, totals, out=np.zeros_like(weights), where=totals > 0)
    return np.asarray(shares.mean(axis=0))


def member_weights(scores: FloatArray, given: FloatArray, options: WeightOptions) -> FloatArray:
    """Return the weights of a group's members.

    ``scores``: scores of the members, shape (n, k). ``given``: weights as the spec gives them, shape
    (k,). ``options``: where the weights come from. ``optimised`` is not settled here: it needs the whole
    index. Returns: shape (k,), relative.
    """
    if len(given) == 1 or options.method in ("given", "optimised"):
        return given
    if is_custom(options.method):
        weights = np.asarray(custom("weight", options.method)(scores, **options.options), dtype=float)
    else:
        weights = _by_method(scores, options)
    if options.method == "pca" and options.negative == "zero":
        weights = np.maximum(weights, 0.0)
    kept = options.method == "pca" and options.negative == "keep"
    if weights.shape != given.shape or not np.isfinite(weights).all() or not weights.sum() > 0:
        raise ParityError(f"{options.method} gives no usable weights: {np.round(weights, 4).tolist()}")
    if (weights < 0).any() and not kept:
        raise ParityError(
            f"{options.method} gives negative weights ({', '.join(f'{w:.3f}' for w in weights)}): "
            'the members do not point the same way; give weights, or set squared = true or negative = "zero"'
        )
    return weights


def _compared(members: int, options: WeightOptions) -> FloatArray:
    rows = options.comparisons or ()
    if len(rows) != members or any(len(row) != members for row in rows):
        raise ParityError(
            f"ahp needs comparisons, {members} rows of {members} numbers, in the order of the members"
        )
    weights, ratio = ahp_weights(np.array(rows))
    if ratio > _INCONSISTENT:
        raise ParityError(f"the comparisons contradict each other: consistency ratio {ratio:.2f}, above 0.1")
    return weights


def _by_method(scores: FloatArray, options: WeightOptions) -> FloatArray:
    match options.method:
        case "equal":
            return np.ones(scores.shape[1])
        case "pca":
            loadings = pca_loadings(scores)
            return loadings**2 if options.squared else loadings
        case "entropy":
            return entropy_weights(scores)
        case "critic":
            return critic_weights(scores)
        case "merec":
            return merec_weights(scores)
        case "ahp":
            return _compared(scores.shape[1], options)
        case _:
            return favourable_weights(scores)
