"""Build every variant once, in the order in which neighbours share most steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from parity.index import Index, IndexSpec
from parity.index.core import STEPS, Rule, rules
from parity.robustness._draws import Factor
from parity.robustness._recipe import Recipe

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """What a draw needs of a build.

    Attributes
    ----------
    units
        Codes of the units that have a score, m of them.
    scores
        Their scores in some nodes, shape (nodes, m).
    weights
        Weights of all nodes, shape (n_nodes,).
    """

    units: tuple[str, ...]
    scores: Floats
    weights: Floats


def extract(index: Index, nodes: Positions, year: int | None) -> Built:
    """Keep the scores of some nodes; in a panel those of one year."""
    in_year = np.ones(len(index.units), dtype=bool) if index.years is None else index.years == year
    rows = np.flatnonzero(in_year & ~np.isnan(index.scores[:, -1]))
    units = tuple(str(index.units[row]) for row in rows)
    return Built(units, index.scores[np.ix_(rows, nodes)].T.copy(), index.weights)


def specs_of(recipe: Recipe) -> dict[tuple[int, ...], IndexSpec]:
    """Return the specs of all variants by the alternatives that change the spec, the others 0."""
    specs: dict[tuple[int, ...], IndexSpec] = {}
    for variant in range(recipe.size):
        key = recipe.spec_key(variant)
        if key not in specs:
            specs[key] = recipe.spec_of(variant)
    return specs


def rules_of(recipe: Recipe, specs: dict[tuple[int, ...], IndexSpec]) -> list[tuple[Rule, ...]]:
    """Return how each variant makes its groups, in the order of their numbers."""
    made = {key: rules(spec, spec.tree()) for key, spec in specs.items()}
    return [made[recipe.spec_key(variant)] for variant in range(recipe.size)]


def build_all(
    recipe: Recipe, specs: dict[tuple[int, ...], IndexSpec], nodes: Positions, year: int | None
) -> list[Built]:
    """Build every variant; return them in the order of their numbers."""
    found: dict[int, Built] = {}
    last: Index | None = None
    data, key = pl.DataFrame(), None
    for variant in sharing_order(recipe):
        if recipe.data_key(variant) != key:
            data, key = recipe.data_of(variant), recipe.data_key(variant)
        last = recipe.build(variant, specs[recipe.spec_key(variant)], data, last)
        found[variant] = extract(last, nodes, year)
    return [found[variant] for variant in range(recipe.size)]


def sharing_order(recipe: Recipe) -> Iterator[int]:
    """Yield the variants such that what changes the earliest step changes least often."""
    places = sorted(range(len(recipe.factors)), key=lambda place: _first_step(recipe.factors[place], recipe))
    sizes = [len(recipe.factors[place].labels) for place in places]
    strides = recipe.strides
    for number in np.ndindex(*sizes):
        yield int(sum(strides[place] * chosen for place, chosen in zip(places, number, strict=True)))


def _first_step(factor: Factor, recipe: Recipe) -> int:
    """Return the first step that a factor changes, -1 for the data or an indicator."""
    order: Sequence[str] = recipe.spec.steps.before_scores
    step = "impute" if factor.kind == "multiple_imputation" else factor.field.partition(".")[0]
    if step not in STEPS:
        return -1
    return order.index(step) if step in order else len(order)
