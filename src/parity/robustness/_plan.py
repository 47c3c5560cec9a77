"""The plan of a run: data variants built once, weights drawn for each draw, scores from both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from parity.errors import ParityError
from parity.index import Index, IndexSpec, Tree
from parity.index.core import Rule, fit_scoring
from parity.robustness import _kernel
from parity.robustness._draws import Drawn, Factor, columns_of
from parity.robustness._recipe import Built, Recipe, build_all, extract, rules_of, specs_of
from parity.robustness._weights import WeightRule, pick
from parity.stats import FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What a draw is made from."""

    recipe: Recipe  # where the variants come from
    factors: tuple[Factor, ...]  # all assumptions
    units: NDArray[np.object_]  # codes of the units, shape (units,)
    tree: Tree  # structure of the index
    # Nodes of ``tree`` that a draw has, leaves first and the index last; below a leaf nothing moves but with
    # the variant.
    kept: IntArray
    # Variants as the compiled loop takes them; ``leaves`` alone is used where ``compiled`` is false.
    kernel: _kernel.Tree
    compiled: bool  # whether every group that moves is a power mean, which the compiled loop knows
    weights: FloatArray  # weights before they are drawn, shape (variants, nodes - 1)
    # How weights are drawn, with the columns of the cube that each takes.
    rules: tuple[tuple[WeightRule, IntArray], ...]
    # Of the base build, shape (units,); 0 and NaN for a unit without.
    base_ranks: NDArray[np.int64]
    base_scores: FloatArray

    @property
    def dimensions(self) -> int:
        """Dimensions of the cube."""
        return sum(factor.dimensions for factor in self.factors)

    def realise(self, points: FloatArray) -> Drawn:
        """Turn points of the cube, shape (draws, dimensions), into draws."""
        variants = np.zeros(len(points), dtype=np.int64)
        strides = iter(self.recipe.strides)
        for factor, columns in zip(self.factors, columns_of(self.factors), strict=True):
            if factor.rule is None:
                variants += next(strides) * pick(points[:, columns[0]], len(factor.labels))
        weights = self.weights[variants]
        for rule, columns in self.rules:
            rule.apply(weights, points[:, columns])
        return Drawn(variants, weights)

    def scores(self, drawn: Drawn) -> FloatArray:
        """Return the scores of draws, shape (units, draws)."""
        if self.compiled:
            scores = _kernel.scores_of(self.kernel, drawn.variants, drawn.weights)
        else:
            scores = np.column_stack(
                [self._score(v, w) for v, w in zip(drawn.variants, drawn.weights, strict=True)]
            )
        self.check(int(np.isnan(scores).sum()))
        return scores

    def check(self, without: int) -> None:
        """Refuse draws in which units have no score although no value is missing."""
        if without and self.kernel.complete.all():
            raise ParityError(
                "[robustness] some draws have no score: their weights bring a group to zero or below, which "
                "the geometric, harmonic or power mean above it does not take; normalise to a positive range"
            )

    def spec_of(self, variant: int, weights: FloatArray) -> IndexSpec:
        """Return the spec of one draw: every weight as drawn."""
        full = np.ones(self.tree.n_nodes)
        full[:-1] = self.recipe.build(variant).weights[:-1]
        full[self.kept[:-1]] = weights
        return with_weights(self.recipe.spec_of(variant), self.tree, full)

    def _score(self, variant: int, weights: FloatArray) -> FloatArray:
        """Score one draw by the index engine itself, shape (units,)."""
        given = np.append(weights, 1.0)
        tree = replace(self.tree, weights=given)
        spec = with_weights(self.recipe.spec_of(int(variant)), self.tree, given)
        indicators = self.kernel.leaves[variant].T
        scoring = fit_scoring(indicators, None, spec, tree, list(self.units))
        scores: FloatArray = scoring.scores(indicators)[:, -1]
        return scores


def with_weights(spec: IndexSpec, tree: Tree, weights: FloatArray) -> IndexSpec:
    """Return the spec with every weight given, shape (nodes,), none from the data."""
    by_code = dict(zip(tree.codes, weights.tolist(), strict=True))
    body = spec.model_dump(by_alias=True, exclude_unset=True)
    body.get("steps", {}).pop("weight", None)
    for element in [*body["indicator"], *body.get("group", [])]:
        element["weight"] = by_code[element["code"]]
        element.pop("member_weights", None)
    return IndexSpec.model_validate(body)


_POWERS = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0}
_RESCALES = {"minmax": _kernel.MINMAX, "zscore": _kernel.ZSCORE}
_MOST_BYTES = 2 << 30


def make_plan(recipe: Recipe, factors: tuple[Factor, ...], base: Index) -> Plan:
    """Build the variants and lay them out as arrays."""
    tree = base.tree
    specs = specs_of(recipe)
    rules = rules_of(recipe, specs)
    leaves, groups = _cut(tree, factors)
    compiled = all(_known(rule[g - tree.n_indicators]) for rule in rules for g in groups)
    if not compiled:
        leaves, groups = np.arange(tree.n_indicators), np.array(tree.groups)
    _check_size(recipe.size, len(leaves), len(base.units))
    _check_panel(base, compiled, rules, groups - tree.n_indicators)
    year = None if base.years is None else int(base.years.max())
    built = build_all(recipe, specs, leaves, year)
    units, places = _units([extract(base, leaves, year), *built])
    kept = np.concatenate([leaves, groups])
    alone = len(np.unique(kept)) == 1
    place = np.full(tree.n_nodes, -1, dtype=np.intp)
    place[kept] = np.arange(len(kept))
    scores = np.stack([_on_units(b, at, len(units)) for b, at in zip(built, places[1:], strict=True)])
    ranks, base_scores = _base(base, year, units)
    columns = columns_of(factors)
    return Plan(
        recipe=recipe,
        factors=factors,
        units=units,
        tree=tree,
        kept=kept,
        kernel=_kernel_tree(tree, leaves, groups, rules, scores, compiled),
        compiled=compiled,
        # Where the index is its own group, its weight is 1.
        weights=np.ones((len(built), 1)) if alone else np.stack([one.weights[kept[:-1]] for one in built]),
        rules=tuple((f.rule.at(place), columns[k]) for k, f in enumerate(factors) if f.rule is not None),
        base_ranks=ranks,
        base_scores=base_scores,
    )


def _cut(tree: Tree, factors: Sequence[Factor]) -> tuple[IntArray, IntArray]:
    """Return the highest nodes below which no weight moves, and the groups above them.

    Where nothing moves, the index itself is the leaf, and is its own group.
    """
    moves = np.zeros(tree.n_nodes, dtype=bool)
    for factor in factors:
        if factor.rule is not None:
            moves[factor.rule.nodes] = True
    below = np.zeros(tree.n_nodes, dtype=bool)
    for group in tree.groups:
        members = tree.children(group)
        below[group] = (moves[members] | below[members]).any()
    top = tree.n_nodes - 1
    if not below[top]:
        return np.array([top]), np.array([top])
    leaves = np.flatnonzero(~below[:-1] & below[tree.parents[:-1]])
    return leaves, np.flatnonzero(below)


def _known(rule: Rule) -> bool:
    """Tell whether the compiled loop knows how a group is made."""
    again = rule.normalise
    scaled = again is None or (again.method in _RESCALES and again.constant == "missing")
    return scaled and (
        (rule.aggregate.method in _POWERS and rule.aggregate.zero == "error")
        or rule.aggregate.method == "power"
    )


def _units(built: Sequence[Built]) -> tuple[NDArray[np.object_], list[IntArray]]:
    """Return all units that have a score anywhere, and the place of each build's units among them."""
    number: dict[str, int] = {}
    places = [
        np.array([number.setdefault(u, len(number)) for u in one.units], dtype=np.intp) for one in built
    ]
    if not number:
        raise ParityError("no unit has a score, so there is no ranking to test")
    return np.array(list(number), dtype=object), places


def _on_units(built: Built, place: IntArray, units: int) -> FloatArray:
    """Return scores of nodes on the common units, shape (nodes, units)."""
    scores = np.full((len(built.scores), units), np.nan)
    scores[:, place] = built.scores
    return scores


def _base(base: Index, year: int | None, units: NDArray[np.object_]) -> tuple[NDArray[np.int64], FloatArray]:
    """Return rank (0 for none) and score of each unit in the base build."""
    rows = [row for row in range(len(base.units)) if year is None or base.years[row] == year]  # type: ignore[index]
    by_unit = {str(base.units[row]): row for row in rows}
    at = np.array([by_unit.get(unit, -1) for unit in units], dtype=np.intp)
    ranks = np.where(at >= 0, np.nan_to_num(base.ranks[at, -1]), 0).astype(np.int64)
    return ranks, np.where(at >= 0, base.scores[at, -1], np.nan)


def _kernel_tree(
    tree: Tree,
    leaves: IntArray,
    groups: IntArray,
    rules: Sequence[Sequence[Rule]],
    scores: FloatArray,
    compiled: bool,
) -> _kernel.Tree:
    count, places = len(leaves), {int(node): k for k, node in enumerate([*leaves, *groups])}
    alone = len(groups) == 1 and groups[0] == leaves[0]
    members = [
        np.array([0]) if alone else np.array([places[int(m)] for m in tree.children(int(g))]) for g in groups
    ]
    shape = (len(rules), len(groups))
    powers, outer, least = np.ones(shape), np.ones(shape), np.zeros(shape)
    rescale = np.zeros((*shape, 3))
    if compiled and not alone:
        chosen = [[rule[int(g) - tree.n_indicators] for g in groups] for rule in rules]
        powers = np.array(
            [[_POWERS.get(rule.aggregate.method, rule.aggregate.power) for rule in row] for row in chosen]
        )
        least = np.array([[rule.aggregate.min_available for rule in row] for row in chosen])
        rescale = np.array([[_rescale(rule) for rule in row] for row in chosen])
        for inner, group in enumerate(members):
            for member in group[group >= count]:
                outer[:, member - count] = powers[:, inner]
            _to_domain(scores, group[group < count], powers[:, inner])
    return _kernel.Tree(
        leaves=scores,
        complete=np.array([not np.isnan(variant).any() for variant in scores]),
        start=np.cumsum([0, *map(len, members)]).astype(np.int64),
        members=np.concatenate(members).astype(np.int64),
        powers=powers,
        outer=outer,
        least=least,
        rescale=rescale,
    )


def _rescale(rule: Rule) -> tuple[float, float, float]:
    again = rule.normalise
    if again is None:
        return (_kernel.KEEP, 0.0, 0.0)
    if again.method == "minmax":
        return (_kernel.MINMAX, again.lower, again.upper)
    return (_kernel.ZSCORE, again.mean, again.sd)


def _to_domain(scores: FloatArray, leaves: IntArray, powers: FloatArray) -> None:
    """Take leaves to the domain in which their group takes its mean, in place."""
    for variant, power in enumerate(powers):
        if power == 0:
            scores[variant, leaves] = np.log(scores[variant, leaves])
        elif power != 1:
            scores[variant, leaves] **= power


def _check_size(variants: int, leaves: int, units: int) -> None:
    if variants * leaves * units * 8 > _MOST_BYTES:
        raise ParityError(
            f"[robustness] {variants:,} combinations of alternatives for {units:,} units would take more "
            f"than {_MOST_BYTES >> 30} GB; name fewer alternatives, replicates or draws of imputation"
        )


def _check_panel(base: Index, compiled: bool, rules: Sequence[Sequence[Rule]], groups: IntArray) -> None:
    rescaled = any(rule[g].normalise is not None for rule in rules for g in groups)
    if base.years is not None and (rescaled or not compiled):
        raise ParityError(
            "this spec compares units across years above the weights that vary (a group is normalised again, "
            "or is made by a method without a formula for one unit); give the data of one year"
        )
