"""The compiled loops: from drawn weights to scores, ranks, histograms and sensitivity sums.

Draws are taken in blocks, so that scores of one block stay in the processor's cache and
every inner loop runs over contiguous numbers that the compiler can vectorise. No loop
sums in an order that depends on the number of threads, which keeps results bit-identical.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from parity.compiled import compiled
from parity.robustness._counts import COUNTED_UNITS, Bins
from parity.stats import BoolArray, FloatArray

BLOCK = 64
"""Draws that are scored together: 51 units x 64 scores fill 26 kB, within the first-level cache."""

KEEP, MINMAX, ZSCORE = range(3)

_compile = compiled()


class Tree(NamedTuple):
    """Fixed parts of every draw: leaf values and how groups combine them.

    Nodes are numbered leaves first, then groups from the bottom up; the last is the index.
    """

    # Values of the leaves in the domain in which their group takes its mean (see ``powers``), shape
    # (variants, leaves, units); NaN where missing.
    leaves: FloatArray
    complete: BoolArray  # whether a variant has no missing value, shape (variants,)
    # Members of group g are ``members[start[g]:start[g + 1]]``, as node numbers.
    start: NDArray[np.int64]
    members: NDArray[np.int64]
    # Exponent of the power mean of a group: 1 arithmetic, 0 geometric, -1 harmonic; shape (variants, groups).
    powers: FloatArray
    outer: FloatArray  # exponent of the group above, 1 for the index, shape (variants, groups)
    least: FloatArray  # smallest share of members that must have a value, shape (variants, groups)
    # What is done to a group's score over the units before it goes up: a code (``KEEP``, ``MINMAX``,
    # ``ZSCORE``) and its two numbers, lower and upper or mean and standard deviation; shape (variants,
    # groups, 3).
    rescale: FloatArray


@_compile
def _convert(values: Any, inner: float, outer: float) -> None:
    """Take values from the domain of one power mean to that of another, in place."""
    if inner == outer:
        return
    for u in range(values.size):
        x = values[u]
        if inner == 0.0:
            x = np.exp(x)
        elif inner == -1.0:
            x = 1.0 / x
        elif inner != 1.0:
            x = x ** (1.0 / inner)
        if outer == 0.0:
            x = np.log(x)
        elif outer == -1.0:
            x = 1.0 / x
        elif outer != 1.0:
            x = x**outer
        values[u] = x


@_compile
def _rescale(values: Any, how: Any) -> None:
    """Normalise a group's scores over the units that have one, in place."""
    kind, low, high = how[0], how[1], how[2]
    n, total, least, most = 0, 0.0, np.inf, -np.inf
    for x in values:
        if x == x:
            n, total, least, most = n + 1, total + x, min(least, x), max(most, x)
    if least == most:
        values[:] = np.nan
        return
    if kind == MINMAX:
        for u in range(values.size):
            values[u] = low + (values[u] - least) / (most - least) * (high - low)
        return
    mean, square = total / n, 0.0
    for x in values:
        if x == x:
            square += (x - mean) ** 2
    sd = np.sqrt(square / (n - 1))
    for u in range(values.size):
        values[u] = low + (values[u] - mean) / sd * high


@_compile
def _mean_complete(nodes: Any, members: Any, weights: Any, out: Any) -> None:
    out[:] = 0.0
    total = 0.0
    for k in range(members.size):
        weight = weights[members[k]]
        if weight == 0.0:
            continue
        total += weight
        row = nodes[members[k]]
        for u in range(out.size):
            out[u] += weight * row[u]
    for u in range(out.size):
        out[u] /= total


@_compile
def _mean_present(nodes: Any, members: Any, weights: Any, least: float, out: Any, total: Any, n: Any) -> None:
    """Average the members that have a value; too few of them give none."""
    out[:] = 0.0
    total[:] = 0.0
    n[:] = 0.0
    for k in range(members.size):
        weight = weights[members[k]]
        row = nodes[members[k]]
        for u in range(out.size):
            present = row[u] == row[u]
            n[u] += 1.0 if present else 0.0
            total[u] += weight if present else 0.0
            # A weight of zero leaves the member out, whatever its value (0 x infinity is not 0).
            out[u] += weight * row[u] if present and weight != 0.0 else 0.0
    for u in range(out.size):
        enough = n[u] > 0.0 and n[u] >= least * members.size and total[u] > 0.0
        out[u] = out[u] / total[u] if enough else np.nan


@_compile
def _score(tree: Any, variant: int, weights: Any, nodes: Any, total: Any, n: Any) -> None:
    """Fill the groups' rows of ``nodes`` (nodes, units) for one draw; the last row is the score."""
    leaf_count = tree.leaves.shape[1]
    # Loops rather than slices: an assignment of slices takes seconds to compile for its messages.
    for leaf in range(leaf_count):
        for u in range(nodes.shape[1]):
            nodes[leaf, u] = tree.leaves[variant, leaf, u]
    for g in range(tree.start.size - 1):
        members = tree.members[tree.start[g] : tree.start[g + 1]]
        out = nodes[leaf_count + g]
        if tree.complete[variant]:
            _mean_complete(nodes, members, weights, out)
        else:
            _mean_present(nodes, members, weights, tree.least[variant, g], out, total, n)
        if tree.rescale[variant, g, 0] == KEEP:
            _convert(out, tree.powers[variant, g], tree.outer[variant, g])
        else:
            _convert(out, tree.powers[variant, g], 1.0)
            _rescale(out, tree.rescale[variant, g])
            _convert(out, 1.0, tree.outer[variant, g])


@_compile
def scores_of(tree: Any, variants: Any, weights: Any) -> FloatArray:
    """Score every draw.

    ``tree``: a ``Tree``. ``variants``: number of the data variant of every draw, shape (draws,).
    ``weights``: weight of every node but the last within its group, shape (draws, nodes - 1). Returns:
    shape (units, draws).
    """
    units = tree.leaves.shape[2]
    out = np.empty((units, variants.size))
    nodes = np.empty((tree.leaves.shape[1] + tree.start.size - 1, units))
    total, n = np.empty(units), np.empty(units)
    for t in range(variants.size):
        _score(tree, variants[t], weights[t], nodes, total, n)
        for u in range(units):
            out[u, t] = nodes[-1, u]
    return out


@_compile
def _count_pairs(scores: Any, ranks: Any, above: Any) -> None:
    """Rank by counting the units above; count for each pair how often one is above the other."""
    units, draws = scores.shape
    for a in range(units):
        for t in range(draws):
            ranks[a, t] += np.int32(scores[a, t] == scores[a, t])
        for b in range(a + 1, units):
            higher, lower = np.int64(0), np.int64(0)
            for t in range(draws):
                wins = np.int32(scores[a, t] > scores[b, t])
                loses = np.int32(scores[a, t] < scores[b, t])
                ranks[b, t] += wins
                ranks[a, t] += loses
                higher += wins
                lower += loses
            above[a, b] += higher
            above[b, a] += lower


@_compile
def _count(scores: Any, ranks: Any, bins: Any, rank_counts: Any, score_counts: Any) -> None:
    """Add a block of draws to the histograms; rank bin 0 holds draws without a score."""
    units, draws = scores.shape
    last_rank, last_score = np.float64(rank_counts.shape[1] - 1), np.float64(score_counts.shape[1] - 1)
    rank_place, score_place = np.empty(draws, dtype=np.int32), np.empty(draws, dtype=np.int32)
    for u in range(units):
        rank_row, score_row = rank_counts[u], score_counts[u]
        start, per_rank = bins.rank_from[u], bins.per_rank[u]
        origin, per_score = bins.score_from[u], bins.per_score[u]
        for t in range(draws):
            place = (ranks[u, t] - start) * per_rank + 1.0
            place = min(max(place, 1.0), last_rank)
            rank_place[t] = np.int32(place if ranks[u, t] > 0 else 0.0)
            place = (scores[u, t] - origin) * per_score + 1.0
            score_place[t] = np.int32(min(max(place, 0.0), last_score))
        for t in range(draws):
            rank_row[rank_place[t]] += 1
            if rank_place[t] > 0:
                score_row[score_place[t]] += 1


@_compile
def _tally(
    tree: Any, variants: Any, weights: Any, bins: Any, rank_counts: Any, score_counts: Any, above: Any
) -> None:
    for start in range(0, variants.size, BLOCK):
        stop = min(start + BLOCK, variants.size)
        scores = scores_of(tree, variants[start:stop], weights[start:stop])
        ranks = np.zeros(scores.shape, dtype=np.int32)
        _count_pairs(scores, ranks, above)
        _count(scores, ranks, bins, rank_counts, score_counts)


def ranks_of(scores: FloatArray, above: NDArray[np.int64] | None = None) -> NDArray[np.int32]:
    """Rank draws: 1 is best, ties share the smallest rank, 0 stands for a unit without a score.

    Few units are counted pair by pair, which the compiler vectorises; many are sorted.

    ``scores``: scores, shape (units, draws). ``above``: how often the row's unit is above the column's,
    added to; shape (units, units), or empty where units are many. Returns: shape (units, draws).
    """
    units = len(scores)
    if units <= COUNTED_UNITS:
        ranks = np.zeros(scores.shape, dtype=np.int32)
        pairs = np.zeros((units, units), dtype=np.int64) if above is None else above
        _count_pairs(np.ascontiguousarray(scores), ranks, pairs)
        return ranks
    return _sorted_ranks(scores)


def _sorted_ranks(scores: FloatArray) -> NDArray[np.int32]:
    """Rank by sorting each draw, its scores side by side in memory; NaN sorts last."""
    columns = np.ascontiguousarray(-scores.T)
    order = np.argsort(columns, axis=1)
    ordered = np.take_along_axis(columns, order, axis=1)
    place = np.broadcast_to(np.arange(1, len(scores) + 1, dtype=np.int32), ordered.shape).copy()
    place[:, 1:][ordered[:, 1:] == ordered[:, :-1]] = 0
    np.maximum.accumulate(place, axis=1, out=place)
    place[np.isnan(ordered)] = 0
    ranks = np.empty_like(place)
    np.put_along_axis(ranks, order, place, axis=1)
    return np.ascontiguousarray(ranks.T)


def tally_scores(
    scores: FloatArray, bins: Bins, rank_counts: Any, score_counts: Any, above: NDArray[np.int64]
) -> None:
    """Rank draws whose scores are known, shape (units, draws), and add them to the histograms."""
    _count(np.ascontiguousarray(scores), ranks_of(scores, above), bins, rank_counts, score_counts)


def tally(
    tree: Tree,
    variants: NDArray[np.int64],
    weights: FloatArray,
    bins: Bins,
    rank_counts: NDArray[np.integer[Any]],
    score_counts: NDArray[np.integer[Any]],
    above: NDArray[np.int64],
) -> None:
    """Score and rank every draw and add it to the histograms.

    ``rank_counts, score_counts``: histograms, added to: shapes (units, 1 + rank bins) and (units, score
    bins + 2). ``above``: pairwise counts, added to; shape (units, units), or empty where units are many.
    """
    if len(rank_counts) <= COUNTED_UNITS:
        _tally(tree, variants, weights, bins, rank_counts, score_counts, above)
        return
    for start in range(0, len(variants), BLOCK):
        part = slice(start, start + BLOCK)
        scores = scores_of(tree, variants[part], weights[part])
        tally_scores(scores, bins, rank_counts, score_counts, above)


@_compile
def outputs_of(scores: Any, ranks: Any, base_ranks: Any, chosen: Any) -> Any:
    """Return every output of every draw.

    ``scores, ranks``: scores and ranks, shape (units, draws). ``base_ranks``: ranks of the base build,
    shape (units,); 0 where a unit has none. ``chosen``: positions of the units whose rank and score are
    outputs, shape (k,). Returns: shape (2 k + 1, draws); Ranks, scores, and the mean absolute rank shift
    over the units ranked in both.
    """
    units, draws = scores.shape
    k = chosen.size
    out = np.empty((2 * k + 1, draws))
    for place in range(k):
        for t in range(draws):
            out[place, t] = ranks[chosen[place], t]
            out[k + place, t] = scores[chosen[place], t]
    for t in range(draws):
        shift, n = 0.0, 0
        for u in range(units):
            if base_ranks[u] > 0 and ranks[u, t] > 0:
                shift += abs(ranks[u, t] - base_ranks[u])
                n += 1
        out[2 * k, t] = shift / n
    return out


@_compile
def add_moments(
    values: Any,
    centre: Any,
    first: int,
    size: int,
    pairs: Any,
    output: Any,
    factor: Any,
    pair: Any,
    lowest: Any,
    highest: Any,
) -> None:
    """Add a block of base points to the sums that the estimators need (see ``_sobol.Moments``).

    ``values``: outputs at A, B, AB_1 ... AB_d and, with pairs, BA_1 ... BA_d, shape (matrices, outputs,
    n). ``centre``: subtracted from every output, shape (outputs,). ``pairs``: pairs (i, j), shape (pairs,
    2). ``output, factor, pair, lowest, highest``: sums of ``Moments``, added to.
    """
    d = factor.shape[2]
    for o in range(centre.size):
        for t in range(values.shape[2]):
            batch = (first + t) // size
            lowest[o] = min(lowest[o], values[0, o, t], values[1, o, t])
            highest[o] = max(highest[o], values[0, o, t], values[1, o, t])
            a, b = values[0, o, t] - centre[o], values[1, o, t] - centre[o]
            sums = output[batch, o]
            sums[0] += a
            sums[1] += b
            sums[2] += a * a
            sums[3] += b * b
            for i in range(d):
                ab = values[2 + i, o, t] - centre[o]
                sums = factor[batch, o, i]
                sums[0] += ab
                sums[1] += b * (ab - a)
                sums[2] += (b - ab) ** 2
                sums[3] += (a - ab) ** 2
            for p in range(pairs.shape[0]):
                ba = values[2 + d + pairs[p, 0], o, t] - centre[o]
                ab = values[2 + pairs[p, 1], o, t] - centre[o]
                pair[batch, o, p] += ba * ab - a * b
