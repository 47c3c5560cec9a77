"""Steps weight and aggregate: from normalised indicators to scores at every level."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from parity.errors import ParityError
from parity.index import _aggregates
from parity.index._aggregates import (
    against_rivals,
    benefit_of_the_doubt,
    copeland,
    directional,
    net_outranking,
    topsis,
    wroclaw,
)
from parity.index._options import AggregateOptions, NormaliseOptions, WeightOptions
from parity.index._scale import Scale, learn_scale, settled
from parity.index._tree import Tree
from parity.index._weights import member_weights
from parity.index.register import custom, is_custom
from parity.index.spec import IndexSpec
from parity.stats import FloatArray, IntArray

# Methods whose score of a unit rests on the other units of the same year.
RELATIVE = ("copeland", "outranking", "topsis", "wroclaw", "benefit_of_the_doubt")


@dataclass(frozen=True, slots=True)
class Rule:
    """How one group is made from its members."""

    aggregate: AggregateOptions  # aggregation and its parameters
    weight: WeightOptions  # where the members' weights come from
    # How the group's score is normalised afterwards; ``None`` where it is not.
    normalise: NormaliseOptions | None


def rules(spec: IndexSpec, tree: Tree) -> tuple[Rule, ...]:
    """Return the rule of each group: its own options over those of its level over the step's."""
    own = {group.code: group for group in spec.groups}
    steps = spec.steps
    found = []
    for node in tree.groups:
        level, group = int(tree.levels[node]), own.get(tree.codes[node])
        aggregate = AggregateOptions().under(steps.aggregate)
        weight = WeightOptions().under(steps.weight)
        if steps.aggregate is not None:
            aggregate = aggregate.under(steps.aggregate.level.get(level))
        if steps.weight is not None:
            lower = {int(tree.levels[child]) for child in tree.children(node)}
            for below in sorted(lower):
                weight = weight.under(steps.weight.level.get(below))
        again = None if steps.normalise is None else steps.normalise.level.get(level)
        base = NormaliseOptions().under(steps.normalise)
        normalise = None if again is None else base.under(again)
        if group is not None:
            aggregate = aggregate.under(group.aggregate)
            weight = weight.under(group.member_weights)
            normalise = normalise if group.normalise is None else (normalise or base).under(group.normalise)
        found.append(Rule(aggregate, weight, normalise))
    return tuple(found)


def combine(
    scores: FloatArray, weights: FloatArray, options: AggregateOptions, reference: FloatArray | None = None
) -> FloatArray:
    """Return a group's score from its members'.

    ``scores``: shape (n, k); NaN is missing and left out. ``reference``: units that relative methods
    compare with, shape (m, k); the scores themselves by default. Returns: shape (n,); NaN with too few
    members.
    """
    others = scores if reference is None else reference
    if is_custom(options.method):
        found = custom("aggregate", options.method)(scores, weights, **options.options)
        combined = np.asarray(found, dtype=float)
    else:
        combined = _by_method(scores, weights, options, others)
    if options.min_available > 0:
        available = (~np.isnan(scores)).sum(axis=1) / scores.shape[1]
        combined = np.where(available < options.min_available, np.nan, combined)
    return combined


def _by_method(
    scores: FloatArray, weights: FloatArray, options: AggregateOptions, others: FloatArray
) -> FloatArray:
    match options.method:
        case "arithmetic":
            return _aggregates.arithmetic(scores, weights)
        case "sum":
            return _aggregates.total(scores, weights)
        case "owa":
            return _aggregates.ordered(scores, np.array(options.order_weights))
        case "topsis":
            return topsis(scores, others, weights)
        case "wroclaw":
            return wroclaw(scores, others, weights)
        case "geometric":
            mean = _aggregates.geometric(scores, weights)
            nothing = ((scores == 0) & (weights > 0)).any(axis=1) & (options.zero == "zero")
            return np.where(nothing, 0.0, mean)
        case "harmonic":
            return _aggregates.harmonic(scores, weights)
        case "power":
            return _aggregates.power(scores, weights, options.power)
        case "median":
            return _aggregates.median(scores, weights)
        case "mazziotta_pareto":
            return _aggregates.mazziotta_pareto(scores, weights, -1.0 if options.penalty == "low" else 1.0)
        case "copeland":
            return copeland(scores, others, weights, options.tie_tolerance)
        case "outranking":
            return net_outranking(scores, others, weights)
        case _ if options.towards is not None:
            return directional(scores, others, np.array(options.towards))
        case _ if options.rivals is not None:
            return against_rivals(scores, others, options.rivals)
        case _:
            return benefit_of_the_doubt(scores, others, options.share)[0]


@dataclass(frozen=True, slots=True, eq=False)
class Scoring:
    """Everything that turns normalised indicators into scores."""

    tree: Tree  # Structure
    rules: tuple[Rule, ...]  # how each group is made, one per group
    weights: FloatArray  # weights of all nodes, shape (n_nodes,)
    # Learned scale of each group's score; ``None`` where it is not normalised again.
    scales: tuple[Scale | None, ...]
    # Scores of the members that relative methods compare with, by group, with their years; ``None`` where the
    # method looks at one unit alone.
    references: tuple[tuple[FloatArray, IntArray | None] | None, ...]

    def scores(self, indicators: FloatArray, years: IntArray | None = None) -> FloatArray:
        """Return scores of all nodes, shape (n, n_nodes), from normalised indicators, shape (n, k).

        Infinite scores count as missing, of indicators and of groups.
        """
        return _climb(self, indicators, years)

    def with_weights(self, weights: FloatArray) -> Scoring:
        """Return the same scoring with other weights, shape (n_nodes,)."""
        return replace(self, weights=weights)


def _start(tree: Tree, indicators: FloatArray) -> FloatArray:
    scores = np.full((len(indicators), tree.n_nodes), np.nan)
    scores[:, : tree.n_indicators] = np.where(np.isfinite(indicators), indicators, np.nan)
    return scores


def _climb(scoring: Scoring, indicators: FloatArray, years: IntArray | None) -> FloatArray:
    tree = scoring.tree
    scores = _start(tree, indicators)
    for number, node in enumerate(tree.groups):
        members = tree.children(node)
        options = scoring.rules[number].aggregate
        combined = _combine_by_year(
            scores[:, members], scoring.weights[members], options, years, scoring.references[number]
        )
        scale = scoring.scales[number]
        scores[:, node] = combined if scale is None else _scaled(combined, scale)
    return scores


def _scaled(combined: FloatArray, scale: Scale) -> FloatArray:
    """Return a group's scores on its scale, shape (n,); infinite ones count as missing."""
    scores = scale(combined[:, np.newaxis])[:, 0]
    return np.where(np.isfinite(scores), scores, np.nan)


def _combine_by_year(
    scores: FloatArray,
    weights: FloatArray,
    options: AggregateOptions,
    years: IntArray | None,
    reference: tuple[FloatArray, IntArray | None] | None,
) -> FloatArray:
    """Combine; relative methods compare within a year, one not learned with the last before it."""
    others, known = reference or (None, None)
    if others is None or known is None or years is None:
        return combine(scores, weights, options, others)
    combined = np.empty(len(scores))
    learned = np.unique(known)
    place = learned[np.maximum(np.searchsorted(learned, years, side="right") - 1, 0)]
    for year in np.unique(place):
        rows = place == year
        combined[rows] = combine(scores[rows], weights, options, others[known == year])
    return combined


def fit_scoring(
    indicators: FloatArray, years: IntArray | None, spec: IndexSpec, tree: Tree, units: list[str]
) -> Scoring:
    """Learn weights, scales and references, climbing from the indicators to the index.

    ``indicators``: normalised indicators, shape (n, k). ``years``: year of each row, shape (n,), in a
    panel.
    """
    chosen = rules(spec, tree)
    weights = tree.weights.copy()
    scales: list[Scale | None] = []
    references: list[tuple[FloatArray, IntArray | None] | None] = []
    # Rivals are kept in the order of their names, so that the order of the data never counts.
    relative = any(rule.aggregate.method in RELATIVE for rule in chosen)
    order = np.argsort(units, kind="stable") if relative else np.arange(len(units))
    scores = _start(tree, indicators)
    for rule, node in zip(chosen, tree.groups, strict=True):
        members = tree.children(node)
        below = scores[:, members]
        _check(below, rule.aggregate, tree, node, units)
        weights[members] = _weigh(below, weights[members], rule.weight, tree.codes[node])
        reference = None
        if rule.aggregate.method in RELATIVE:
            reference = (below[order], None if years is None else years[order])
        combined = _combine_by_year(below, weights[members], rule.aggregate, years, reference)
        scale = None if rule.normalise is None else _group_scale(combined, rule.normalise, units)
        scores[:, node] = combined if scale is None else _scaled(combined, scale)
        scales.append(scale)
        references.append(reference)
    return Scoring(tree, chosen, weights, tuple(scales), tuple(references))


def _weigh(scores: FloatArray, given: FloatArray, options: WeightOptions, group: str) -> FloatArray:
    try:
        return member_weights(scores, given, options)
    except ParityError as problem:
        raise ParityError(f"weights of the members of '{group}': {problem}") from problem


def _group_scale(scores: FloatArray, options: NormaliseOptions, units: list[str]) -> Scale:
    """Learn the scale of a group's scores, shape (n,), over all years."""
    column = scores[:, np.newaxis]
    posts = options.goalposts or ((0.0, 100.0) if options.method == "scaled" else None)
    needs = {
        "goalposts": ("goalposts = [lower, upper]", posts),
        "distance_to_target": ("target", options.target),
        "distance_to_reference": ("reference = the code of a unit", options.reference),
    }
    name, given = needs.get(options.method, ("", 0))
    if given is None:
        raise ParityError(f"normalise a group by {options.method}: set {name} there")
    if options.method == "distance_to_reference" and options.reference not in units:
        raise ParityError(
            f"normalise a group by distance_to_reference: no unit '{options.reference}'"
            " (in a panel, no unit is in one row only)"
        )
    scale = learn_scale(
        column,
        options,
        goalposts=None if posts is None else np.array(posts, dtype=float)[:, np.newaxis],
        targets=None if options.target is None else np.array([options.target]),
        reference=column[units.index(options.reference)] if options.reference in units else None,
    )
    return settled(column, scale, options, "the scores of a group")


def _check(scores: FloatArray, options: AggregateOptions, tree: Tree, node: int, units: list[str]) -> None:
    """Refuse scores that a mean does not take, naming a unit and a member."""
    expected = {"owa": options.order_weights, "benefit_of_the_doubt": options.towards}.get(options.method)
    if expected is not None and len(expected) != scores.shape[1]:
        name = "order_weights" if options.method == "owa" else "towards"
        raise ParityError(
            f"'{tree.codes[node]}' has {scores.shape[1]} members, and {name} has {len(expected)} numbers"
        )
    match options.method:
        case "geometric" if options.zero != "error":
            wrong, what = scores < 0, "negative"
        case "geometric" | "power":
            wrong, what = scores <= 0, "zero or negative"
        case "harmonic":
            wrong, what = scores == 0, "zero"
        case _:
            return
    if wrong.any():
        row, member = (int(number[0]) for number in np.nonzero(wrong))
        code = tree.codes[tree.children(node)[member]]
        raise ParityError(
            f"the {options.method} mean of '{tree.codes[node]}' does not take {what} scores: {units[row]} "
            f"has {scores[row, member]:g} in '{code}' ({wrong.sum():,} such cells); normalise to a positive "
            "range, for example lower = 1, set zero (geometric), or aggregate otherwise"
        )
