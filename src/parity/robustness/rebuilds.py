"""Rebuilds of an index for measures that need whole indices and not their ranks alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from parity.index import Index, build
from parity.robustness import Assumptions
from parity.robustness._draws import (
    Factor,
    chosen,
    chunk_seed,
    columns_of,
    factors_of,
    latin_points,
    sobol_points,
)
from parity.robustness._recipe import OWN_DATA, Recipe, sharing_order
from parity.stats import FloatArray

# A stream of its own: these draws are none of a robustness run's.
_STREAM = 0xB10C
# Most replicates of the data that `every_choice` spreads its builds over: each costs a build from scratch.
_REPLICATES = 3


def rebuilds(index: Index, draws: int, seed: int | None = None) -> Iterator[tuple[Index, FloatArray]]:
    """Yield rebuilds of an index under the assumptions of its spec.

    The steps and data are drawn a third as often as the weights: they cost a build each. Of a panel the
    whole is rebuilt, and its last year yielded.

    ``index``: built index, whose spec has a ``[robustness]`` table; without one, nothing is yielded.
    ``seed``: seed; by default that of the spec. Yields: a variant of steps and data, and the weights of
    its draws, shape (draws, n_nodes).
    """
    made = _recipe(index, seed)
    if made is None or draws < 1:
        return
    recipe, factors = made
    dimensions = sum(factor.dimensions for factor in factors)
    points = sobol_points(draws, dimensions, chunk_seed(recipe.seed, _STREAM, 0))
    builds = max(1, draws // 3)
    kinds = chosen(factors, points[:builds])
    numbers = np.zeros(builds, dtype=np.int64)
    strides = iter(recipe.strides)
    for factor, picked in zip(factors, kinds, strict=True):
        if factor in recipe.factors:
            numbers += next(strides) * picked
    for number in np.unique(numbers):
        # Which builds are this one, and the draws that are theirs.
        theirs = np.isin(np.arange(draws) % builds, np.flatnonzero(numbers == number))
        variant = recipe.build(int(number)) if recipe.factors else build(recipe.spec, recipe.data[OWN_DATA])
        yield variant.of_year(last_year(index)), _weights(variant, factors, points[theirs])


def every_choice(index: Index, each: int, *, most: int = 48) -> Iterator[tuple[Index, FloatArray]]:
    """Yield a build of every combination of step choices, with some draws of the weights for each.

    More even than `rebuilds` where the choices are few, for their share of the draws is exact; and
    quicker, for neighbours share steps. Replicates of the data are taken in turn.

    Yields: as `rebuilds`.
    """
    made = _recipe(index, None)
    if made is None or each < 1:
        return
    recipe, factors = made
    variants = _every_choice(recipe)
    if len(variants) > most:
        yield from rebuilds(index, 3 * most)
        return
    dimensions = sum(factor.dimensions for factor in factors)
    points = latin_points(each * len(variants), dimensions, chunk_seed(recipe.seed, _STREAM, 1))
    last, data, key = None, recipe.data[OWN_DATA], None
    for place, variant in enumerate(variants):
        if recipe.data_key(variant) != key:
            data, key = recipe.data_of(variant), recipe.data_key(variant)
        last = recipe.build(variant, None, data, last)
        yield last.of_year(last_year(index)), _weights(last, factors, points[place :: len(variants)])


def last_year(index: Index) -> int | None:
    """Return the last year of a panel; ``None`` without years."""
    return None if index.years is None else int(index.years.max())


def _recipe(index: Index, seed: int | None) -> tuple[Recipe, tuple[Factor, ...]] | None:
    """Return what the rebuilds are made from, and all factors; ``None`` without assumptions."""
    assumptions = Assumptions.of(index.spec)
    if assumptions.empty:
        return None
    plain = index.spec.model_copy(update={"robustness": {}})
    factors = factors_of(plain, assumptions)
    recipe = Recipe(
        spec=plain,
        assumptions=assumptions.model_copy(update={"vintages": None}),
        factors=tuple(one for one in factors if one.rule is None and one.kind != "vintages"),
        data={OWN_DATA: index.stages["raw"].table},
        seed=assumptions.seed if seed is None else seed,
    )
    return recipe, factors


def _every_choice(recipe: Recipe) -> list[int]:
    """Return one variant for every combination of choices, spread over replicates of the data."""
    blocks: dict[tuple[int, ...], list[int]] = {}
    for variant in sharing_order(recipe):
        blocks.setdefault(recipe.data_key(variant), []).append(variant)
    taken = list(blocks.values())[:_REPLICATES]
    size = len(taken[0])
    return [taken[place * len(taken) // size][place] for place in range(size)]


def _weights(variant: Index, factors: tuple[Factor, ...], points: FloatArray) -> FloatArray:
    """Return the weights of some draws, shape (draws, n_nodes)."""
    weights = np.repeat(variant.weights[np.newaxis], len(points), axis=0)
    for factor, where in zip(factors, columns_of(factors), strict=True):
        if factor.rule is not None:
            factor.rule.apply(weights, points[:, where])
    return weights
