"""Weights optimised so that elements get the importance in the index that is wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from parity.errors import ParityError
from parity.index._log import named
from parity.index._options import WeightOptions
from parity.index._scores import Scoring
from parity.index._tree import BoolArray, FloatArray, IntArray

# A target counts as met to within this share of importance; the search aims far lower.
MET = 0.005
_SOLVED = 1e-8
# Starts of the search; with more elements than a few, a quarter of them.
_STARTS = 12
_FEW = 15
_SEED = 20170805


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Elements of one level whose importance is to be balanced.

    Attributes
    ----------
    elements
        Their positions, shape (k,).
    target
        Importance wanted, shape (k,), adding up to 1.
    options
        How importance is measured.
    """

    elements: IntArray
    target: FloatArray
    options: WeightOptions


def importance(
    elements: FloatArray, index: FloatArray, options: WeightOptions, shares: FloatArray
) -> FloatArray:
    """Return the importance of elements in an index, as shares that add up to 1.

    Parameters
    ----------
    elements
        Scores of the elements, shape (n, k); NaN is missing.
    index
        Scores of the index, shape (n,).
    options
        ``importance``: the correlation between element and index; its square; or
        ``variance_share``, the part of the index's variance that the element brings,
        its share of the index times its covariance with it. ``correlation``: Pearson's,
        or Spearman's.
    shares
        Effective weights of the elements, shape (k,).

    Returns
    -------
    numpy.ndarray
        Shape (k,). An element that is constant has importance 0.
    """
    there = ~np.isnan(elements) & ~np.isnan(index)[:, np.newaxis]
    x = np.where(there, elements, 0.0)
    y = np.where(there, index[:, np.newaxis], 0.0)
    if options.correlation == "spearman":
        x, y = _ranks(x, there), _ranks(y, there)
    counts = there.sum(axis=0)
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
    """Return what the rules ask to be balanced, level by level.

    Raises
    ------
    ParityError
        If a target does not have one positive number per element.
    """
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
    those whose largest deviation is least. They are never negative. After Becker,
    Saisana, Paruolo and Vandecasteele (2017), whose importance is that of correlation.

    Parameters
    ----------
    scoring
        Rules and weights to start from.
    indicators
        Normalised indicators, shape (n, n_indicators).
    years
        Year of each row, shape (n,), in a panel.

    Raises
    ------
    ParityError
        If a target does not fit the elements.
    """
    asked = demands(scoring)
    if not asked:
        return scoring, ()
    elements = np.concatenate([demand.elements for demand in asked])
    parents = scoring.tree.parents[elements]

    def deviations(weights: FloatArray) -> FloatArray:
        full = scoring.weights.copy()
        full[elements] = weights
        scores = scoring.with_weights(full).scores(indicators, years)
        shares = scoring.tree.effective_weights(full)
        found = [
            importance(scores[:, d.elements], scores[:, -1], d.options, shares[d.elements]) for d in asked
        ]
        return np.concatenate([have - d.target for have, d in zip(found, asked, strict=True)])

    weights = _search(deviations, parents)
    full = scoring.weights.copy()
    full[elements] = weights
    return scoring.with_weights(full), _notes(scoring, asked, deviations(weights), weights)


def _search(deviations: Callable[[FloatArray], FloatArray], parents: IntArray) -> FloatArray:
    """Return weights whose largest deviation is least, adding up to 1 within each parent."""
    from scipy.optimize import least_squares

    # The seed only spreads the starts; the same question always gets the same answer.
    rng = np.random.default_rng(_SEED)
    starts = [np.zeros(len(parents))]
    many = len(parents) <= _FEW
    starts += [rng.normal(scale=1.5, size=len(parents)) for _ in range((_STARTS if many else 3) - 1)]
    tried: list[tuple[float, FloatArray]] = []
    for start in starts:
        found = least_squares(lambda logs: deviations(_shares(np.exp(_tame(logs)), parents)), start)
        weights = _shares(np.exp(_tame(found.x)), parents)
        tried.append((float(np.abs(deviations(weights)).max()), weights))
        if tried[-1][0] < _SOLVED:
            return weights
    tried.sort(key=lambda pair: pair[0])
    tried += [_smallest_maximum(deviations, parents, weights) for _, weights in tried[: 3 if many else 1]]
    return min(tried, key=lambda pair: pair[0])[1]


def _tame(logs: FloatArray) -> FloatArray:
    return np.clip(logs, -25.0, 25.0)


def _shares(weights: FloatArray, parents: IntArray) -> FloatArray:
    """Return weights that add up to 1 within each parent."""
    _, which = np.unique(parents, return_inverse=True)
    return np.asarray(weights / np.bincount(which, weights)[which])


def _smallest_maximum(
    deviations: Callable[[FloatArray], FloatArray], parents: IntArray, start: FloatArray
) -> tuple[float, FloatArray]:
    """Minimise the largest deviation from a start, as a bound t with -t <= deviation <= t."""
    from scipy.optimize import minimize

    k = len(start)
    first = np.append(np.clip(start, 1e-4, 1.0), np.abs(deviations(start)).max())

    def room(x: FloatArray) -> FloatArray:
        off = deviations(_shares(np.maximum(x[:k], 1e-12), parents))
        return np.concatenate([x[k] - off, x[k] + off])

    found = minimize(
        lambda x: x[k],
        first,
        jac=lambda x: np.eye(k + 1)[k],
        constraints=[{"type": "ineq", "fun": room}],
        bounds=[(0.0, 1.0)] * k + [(0.0, None)],
        method="SLSQP",
        options={"maxiter": 300, "ftol": 1e-10},
    )
    weights = _shares(np.maximum(found.x[:k], 1e-12), parents)
    weights = _shares(np.where(weights < 1e-9, 0.0, weights), parents)
    return float(np.abs(deviations(weights)).max()), weights


def _notes(scoring: Scoring, asked: list[Demand], off: FloatArray, weights: FloatArray) -> tuple[str, ...]:
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
        notes.append(told)
        if idle := [
            codes[e] for e, weight in zip(demand.elements, weights[part], strict=True) if weight == 0
        ]:
            notes.append(f"level {level}: no weight is left for {named(idle)}")
    return tuple(notes)
