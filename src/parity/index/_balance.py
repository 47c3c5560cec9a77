"""Weights optimised so that elements get the importance in the index that is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from parity.errors import ParityError
from parity.index._balance_search import FEW, nonnegative_weights, signed_weights
from parity.index._options import WeightOptions
from parity.index._scores import Scoring
from parity.index._step import named
from parity.stats import BoolArray, FloatArray, IntArray

# A target counts as met to within this share of importance; the search aims far lower.
MET = 0.005


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Elements of one level whose importance is to be balanced."""

    elements: IntArray  # their positions, shape (k,)
    target: FloatArray  # importance wanted, shape (k,), adding up to 1
    options: WeightOptions  # how importance is measured


def importance(
    elements: FloatArray, index: FloatArray, options: WeightOptions, shares: FloatArray
) -> FloatArray:
    """Return the importance of elements in an index, as shares that add up to 1.

    ``elements``: scores of the elements, shape (n, k); NaN is missing. ``index``: scores of the index,
    shape (n,). ``options``: ``importance``: the correlation between element and index; its square; or
    ``variance_share``, the part of the index's variance that the element brings, its share of the index
    times its covariance with it. ``correlation``: Pearson's, or Spearman's. ``shares``: effective weights
    of the elements, shape (k,). Returns: shape (k,). An element that is constant has importance 0.
    """
    there = ~np.isnan(elements) & ~np.isnan(index)[:, np.newaxis]
    x = np.where(there, elements, 0.0)
    y = np.where(there, index[:, np.newaxis], 0.0)
    if options.correlation == "spearman":
        x, y = _ranks(x, there), _ranks(y, there)
    # A column without any value has no mean and no importance.
    counts = np.maximum(there.sum(axis=0), 1)
    x = np.where(there, x - x.sum(axis=0) / counts, 0.0)
    y = np.where(there, y - y.sum(axis=0) / counts, 0.0)
    together = (x * y).sum(axis=0)
    size = np.sqrt((x**2).sum(axis=0) * (y**2).sum(axis=0))
    found = np.divide(together, size, out=np.zeros(len(size)), where=size > 0)
    if options.importance == "r_squared":
        found = found**2
    elif options.importance == "variance_share":
        found = shares * together / counts
    total = found.sum()
    return np.asarray(found / total if total != 0 else found)


def mean_ranks(values: FloatArray) -> FloatArray:
    """Return ranks from 1 for the least value, ties at their mean, shape (n,)."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[which])


def _ranks(values: FloatArray, there: BoolArray) -> FloatArray:
    """Return mean ranks within each column; 0 where a cell is not there."""
    ranks = np.zeros(values.shape)
    for column, known in enumerate(there.T):
        ranks[known, column] = mean_ranks(values[known, column])
    return ranks


def demands(scoring: Scoring) -> list[Demand]:
    """Return what the rules ask to be balanced, level by level."""
    tree = scoring.tree
    asked: dict[int, list[int]] = {}
    options: dict[int, WeightOptions] = {}
    for node, rule in zip(tree.groups, scoring.rules, strict=True):
        if rule.weight.method == "optimised":
            for child in tree.children(node):
                asked.setdefault(int(tree.levels[child]), []).append(int(child))
                options[int(tree.levels[child])] = rule.weight
    found = []
    for level, elements in sorted(asked.items()):
        wanted = options[level].target
        target = np.ones(len(elements)) if wanted == "equal" else np.array(wanted, dtype=float)
        if len(target) != len(elements) or not (target > 0).all():
            codes = named([tree.codes[element] for element in sorted(elements)], most=20)
            raise ParityError(
                f"optimised weights at level {level}: target needs {len(elements)} positive numbers, "
                f"one for each of {codes}"
            )
        found.append(Demand(np.array(sorted(elements)), target / target.sum(), options[level]))
    return found


def balance(
    scoring: Scoring, indicators: FloatArray, years: IntArray | None
) -> tuple[Scoring, tuple[str, ...]]:
    """Return the scoring with weights balanced where its rules ask for it, and notes.

    Weights are searched that give every element the importance wanted; where none do,
    those whose largest deviation is least. They are 0 or more, unless every rule keeps
    negative ones. After Becker, Saisana, Paruolo and Vandecasteele (2017), whose
    importance is that of correlation.

    ``indicators``: normalised indicators, shape (n, n_indicators). ``years``: year of each row, shape
    (n,), in a panel.
    """
    asked = demands(scoring)
    if not asked:
        return scoring, ()
    elements = np.concatenate([demand.elements for demand in asked])
    parents = scoring.tree.parents[elements]

    def with_weights(weights: FloatArray) -> Scoring:
        full = scoring.weights.copy()
        full[elements] = weights
        return scoring.with_weights(full)

    def deviations(weights: FloatArray) -> FloatArray:
        tried = with_weights(weights)
        scores = tried.scores(indicators, years)
        shares = tried.tree.effective_weights(tried.weights)
        found = [
            importance(scores[:, d.elements], scores[:, -1], d.options, shares[d.elements]) for d in asked
        ]
        return np.concatenate([have - d.target for have, d in zip(found, asked, strict=True)])

    def slopes(weights: FloatArray) -> FloatArray:
        pairs = [(d.elements, d.options) for d in asked]
        return importance_slopes(with_weights(weights), indicators, elements, pairs)

    known = slopes if has_formula(scoring, [d.options for d in asked]) else None
    worst, weights = nonnegative_weights(deviations, parents, known)
    signed = worst
    keep = all(demand.options.negative == "keep" for demand in asked)
    # With many weights the search takes long: only where its result is wanted.
    if worst > MET and (keep or len(elements) <= FEW):
        likely = _likely(scoring, indicators, years, asked)
        signed, either_sign = signed_weights(deviations, parents, likely, known)
        weights = either_sign if keep and signed < worst else weights
    return with_weights(weights), _notes(scoring, asked, deviations(weights), weights, signed)


def _likely(
    scoring: Scoring, indicators: FloatArray, years: IntArray | None, asked: list[Demand]
) -> FloatArray:
    """Return the weights that would meet the targets if all elements were weighed in one sum.

    An index y = sum of w x has covariances C w with its elements; correlations in
    proportion to the target need C w proportional to target times standard deviation.
    """
    scores = scoring.scores(indicators, years)
    likely = []
    for demand in asked:
        x = scores[:, demand.elements]
        x = x[~np.isnan(x).any(axis=1)]
        covariance = np.atleast_2d(np.cov(x.T)) if len(x) > 1 else np.eye(x.shape[1])
        likely.append(np.linalg.pinv(covariance) @ (demand.target * np.sqrt(np.diag(covariance))))
    return np.concatenate(likely)


def _notes(
    scoring: Scoring, asked: list[Demand], off: FloatArray, weights: FloatArray, signed: float
) -> tuple[str, ...]:
    codes = scoring.tree.codes
    notes = []
    start = 0
    for demand in asked:
        part = slice(start, start + len(demand.elements))
        start = part.stop
        worst = float(np.abs(off[part]).max())
        level = int(scoring.tree.levels[demand.elements[0]])
        told = f"level {level}: importance is at most {worst:.2g} from its target"
        if worst > MET:
            told += "; no weights of 0 or more were found that come nearer"
            if signed < worst and len(asked) == 1:
                told += f'; with negative ones {signed:.2g} would be reached (negative = "keep")'
        notes.append(told)
        own = list(zip(demand.elements, weights[part], strict=True))
        for label, wanted in (("no weight is left for", 0.0), ("negative weight for", -1.0)):
            if found := [codes[element] for element, weight in own if np.sign(weight) == wanted]:
                notes.append(f"level {level}: {label} {named(found)}")
    return tuple(notes)


def has_formula(scoring: Scoring, options: Sequence[WeightOptions]) -> bool:
    """Tell whether `importance_slopes` knows the rules: plain arithmetic means, Pearson correlations."""
    plain = all(
        rule.aggregate.method == "arithmetic" and rule.aggregate.min_available <= 0 and rule.normalise is None
        for rule in scoring.rules
    )
    return plain and all(
        option.correlation == "pearson" and option.importance in ("correlation", "r_squared")
        for option in options
    )


def importance_slopes(
    scoring: Scoring,
    indicators: FloatArray,
    elements: IntArray,
    asked: Sequence[tuple[IntArray, WeightOptions]],
) -> FloatArray:
    """Return the derivatives of importances by weights, shape (m, k).

    ``indicators``: normalised indicators, shape (n, n_indicators). ``elements``: nodes whose weights
    move, shape (k,). ``asked``: nodes whose importance is wanted and how it is measured; m nodes in all.
    """
    scores = scoring.scores(indicators)
    changes = _score_slopes(scoring, scores, elements)
    return np.concatenate(
        [_importance_slopes(scores, changes, nodes, options) for nodes, options in asked], axis=0
    )


def _score_slopes(scoring: Scoring, scores: FloatArray, elements: IntArray) -> FloatArray:
    """Return the derivatives of all scores by the weights, shape (n, n_nodes, k); 0 for missing scores."""
    tree = scoring.tree
    there = ~np.isnan(scores)
    known = np.where(there, scores, 0.0)
    place = np.full(tree.n_nodes, -1)
    place[elements] = np.arange(len(elements))
    changes = np.zeros((*scores.shape, len(elements)))
    for group in tree.groups:
        members = tree.children(group)
        weights = scoring.weights[members] * there[:, members]
        total = weights.sum(axis=1, keepdims=True)
        total[total == 0] = 1.0
        changes[:, group] = np.einsum("nc,nck->nk", weights / total, changes[:, members])
        own = np.where(there[:, members], known[:, members] - known[:, [group]], 0.0) / total
        moving = place[members] >= 0
        changes[:, group, place[members][moving]] += own[:, moving]
    return changes


def _importance_slopes(
    scores: FloatArray, changes: FloatArray, nodes: IntArray, options: WeightOptions
) -> FloatArray:
    there = ~np.isnan(scores[:, nodes]) & ~np.isnan(scores[:, [-1]])
    x, y = (_centred(values, there) for values in (scores[:, nodes], scores[:, [-1]]))
    x_along = np.einsum("ne,nek->ek", y, changes[:, nodes])
    # The index's own changes count where both are known, as its centred values (0 elsewhere) see to.
    y_along = np.einsum("ne,nk->ek", x, changes[:, -1])
    x_square, y_square = (x**2).sum(axis=0), (y**2).sum(axis=0)
    size = np.sqrt(x_square * y_square)
    size[size == 0] = np.inf
    r = (x * y).sum(axis=0) / size
    x_slopes = np.einsum("ne,nek->ek", x, changes[:, nodes]) / np.maximum(x_square, 1e-300)[:, np.newaxis]
    y_slopes = np.einsum("ne,nk->ek", y, changes[:, -1]) / np.maximum(y_square, 1e-300)[:, np.newaxis]
    slopes = (x_along + y_along) / size[:, np.newaxis] - r[:, np.newaxis] * (x_slopes + y_slopes)
    if options.importance == "r_squared":
        slopes, r = 2 * r[:, np.newaxis] * slopes, r**2
    total = r.sum()
    if total == 0:
        return np.asarray(slopes)
    return np.asarray((slopes - (r / total)[:, np.newaxis] * slopes.sum(axis=0)) / total)


def _centred(values: FloatArray, there: BoolArray) -> FloatArray:
    """Return values less their mean over what is there, shape of ``there``; 0 elsewhere."""
    kept = np.where(there, values, 0.0)
    mean = kept.sum(axis=0) / np.maximum(there.sum(axis=0), 1)
    return np.asarray(np.where(there, kept - mean, 0.0))
