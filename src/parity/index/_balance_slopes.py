"""How importances change with weights, where that has a formula."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from parity.index._options import WeightOptions
from parity.index._scores import Scoring
from parity.index._tree import BoolArray, FloatArray, IntArray


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

    Parameters
    ----------
    scoring
        Rules (see `has_formula`) and weights.
    indicators
        Normalised indicators, shape (n, n_indicators).
    elements
        Nodes whose weights move, shape (k,).
    asked
        Nodes whose importance is wanted and how it is measured; m nodes in all.
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
