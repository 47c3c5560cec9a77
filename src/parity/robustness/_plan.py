"""The plan of a run: data variants built once, weights drawn for each draw, scores from both."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from parity.errors import ParityError
from parity.index import IndexSpec, Tree
from parity.index.core import fit_scoring
from parity.robustness import _kernel
from parity.robustness._draws import Drawn, Factor, columns_of
from parity.robustness._recipe import Recipe
from parity.robustness._weights import WeightRule, pick

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What a draw is made from.

    Attributes
    ----------
    recipe
        Where the variants come from.
    factors
        All assumptions.
    units
        Codes of the units, shape (units,).
    tree
        Structure of the index.
    kept
        Nodes of ``tree`` that a draw has, leaves first and the index last; below a leaf nothing
        moves but with the variant.
    kernel
        Variants as the compiled loop takes them; ``leaves`` alone is used where ``compiled`` is false.
    compiled
        Whether every group that moves is a power mean, which the compiled loop knows.
    weights
        Weights before they are drawn, shape (variants, nodes - 1).
    rules
        How weights are drawn, with the columns of the cube that each takes.
    base_ranks, base_scores
        Of the base build, shape (units,); 0 and NaN for a unit without.
    """

    recipe: Recipe
    factors: tuple[Factor, ...]
    units: NDArray[np.object_]
    tree: Tree
    kept: Positions
    kernel: _kernel.Tree
    compiled: bool
    weights: Floats
    rules: tuple[tuple[WeightRule, Positions], ...]
    base_ranks: NDArray[np.int64]
    base_scores: Floats

    @property
    def dimensions(self) -> int:
        """Dimensions of the cube."""
        return sum(factor.dimensions for factor in self.factors)

    def realise(self, points: Floats) -> Drawn:
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

    def scores(self, drawn: Drawn) -> Floats:
        """Return the scores of draws, shape (units, draws).

        Raises
        ------
        ParityError
            If the weights of a draw bring a group to a score that the mean above does not take.
        """
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

    def spec_of(self, variant: int, weights: Floats) -> IndexSpec:
        """Return the spec of one draw: every weight as drawn."""
        full = np.ones(self.tree.n_nodes)
        full[:-1] = self.recipe.build(variant).weights[:-1]
        full[self.kept[:-1]] = weights
        return with_weights(self.recipe.spec_of(variant), self.tree, full)

    def _score(self, variant: int, weights: Floats) -> Floats:
        """Score one draw by the index engine itself, shape (units,)."""
        given = np.append(weights, 1.0)
        tree = replace(self.tree, weights=given)
        spec = with_weights(self.recipe.spec_of(int(variant)), self.tree, given)
        indicators = self.kernel.leaves[variant].T
        scoring = fit_scoring(indicators, None, spec, tree, list(self.units))
        scores: Floats = scoring.scores(indicators)[:, -1]
        return scores


def with_weights(spec: IndexSpec, tree: Tree, weights: Floats) -> IndexSpec:
    """Return the spec with every weight given, shape (nodes,), none from the data."""
    by_code = dict(zip(tree.codes, weights.tolist(), strict=True))
    body = spec.model_dump(by_alias=True, exclude_unset=True)
    body.get("steps", {}).pop("weight", None)
    for element in [*body["indicator"], *body.get("group", [])]:
        element["weight"] = by_code[element["code"]]
        element.pop("member_weights", None)
    return IndexSpec.model_validate(body)
