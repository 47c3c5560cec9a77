"""Rebuilds of an index for measures that need whole indices and not their ranks alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from parity.index import Index, build
from parity.robustness import Assumptions
from parity.robustness._design import chunk_seed, sobol_points
from parity.robustness._draws import chosen, columns_of, factors_of
from parity.robustness._recipe import OWN_DATA, Recipe

# A stream of its own: these draws are none of a robustness run's.
_STREAM = 0xB10C


def rebuilds(index: Index, draws: int, seed: int | None = None) -> Iterator[tuple[Index, np.ndarray]]:
    """Yield rebuilds of an index under the assumptions of its spec.

    The steps and data are drawn a third as often as the weights: they cost a build each.

    Parameters
    ----------
    index
        Built index, whose spec has a ``[robustness]`` table; without one, nothing is yielded.
    draws
        Draws in all.
    seed
        Seed; by default that of the spec.

    Yields
    ------
    tuple of Index and numpy.ndarray
        A variant of steps and data, and the weights of its draws, shape (draws, n_nodes).
    """
    assumptions = Assumptions.of(index.spec)
    if assumptions.empty or draws < 1:
        return
    plain = index.spec.model_copy(update={"robustness": {}})
    factors = factors_of(plain, assumptions)
    recipe = Recipe(
        spec=plain,
        assumptions=assumptions.model_copy(update={"vintages": None}),
        factors=tuple(one for one in factors if one.rule is None and one.kind != "vintages"),
        data={OWN_DATA: index.stages["raw"].table},
        seed=assumptions.seed if seed is None else seed,
    )
    dimensions = sum(factor.dimensions for factor in factors)
    points = sobol_points(draws, dimensions, chunk_seed(recipe.seed, _STREAM, 0))
    builds = max(1, draws // 3)
    kinds = chosen(factors, points[:builds])
    numbers = np.zeros(builds, dtype=np.int64)
    strides = iter(recipe.strides)
    for factor, picked in zip(factors, kinds, strict=True):
        if factor in recipe.factors:
            numbers += next(strides) * picked
    columns = columns_of(factors)
    for number in np.unique(numbers):
        # Which builds are this one, and the draws that are theirs.
        theirs = np.isin(np.arange(draws) % builds, np.flatnonzero(numbers == number))
        variant = recipe.build(int(number)) if recipe.factors else build(plain, recipe.data[OWN_DATA])
        weights = np.repeat(variant.weights[np.newaxis], theirs.sum(), axis=0)
        for factor, where in zip(factors, columns, strict=True):
            if factor.rule is not None:
                factor.rule.apply(weights, points[theirs][:, where])
        yield variant, weights
