"""Variants that share steps with their neighbours are the same as those built alone."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from parity.index import build
from parity.robustness._recipe import Recipe, build_all, sharing_order, specs_of
from parity.robustness._run import make
from tests.robustness.cases import ASSUMPTIONS, data, spec

MANY = (
    ASSUMPTIONS
    + """
[[robustness.choice]]
field = "treat.winmax"
values = [0, 2]
[[robustness.choice]]
field = "impute"
values = ["mean", "median", false]
[[robustness.choice]]
field = "indicator.b.direction"
values = [1, -1]
[robustness.measurement]
replicates = 2
relative = { a = 0.2 }
"""
)


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    return make(spec(MANY), data())[0].recipe


def test_each_variant_is_what_it_is_alone(recipe: Recipe) -> None:
    nodes = np.arange(recipe.spec.tree().n_nodes)
    together = build_all(recipe, specs_of(recipe), nodes, None)
    assert len(together) == recipe.size == 2 * 2 * 2 * 3 * 2 * 2
    for variant, shared in enumerate(together):
        alone = build(recipe.spec_of(variant), recipe.data_of(variant))
        np.testing.assert_array_equal(shared.scores, alone.scores.T)
        np.testing.assert_array_equal(shared.weights, alone.weights)


def test_every_variant_is_built_once(recipe: Recipe) -> None:
    assert sorted(sharing_order(recipe)) == list(range(recipe.size))


def test_the_earliest_step_changes_least_often(recipe: Recipe) -> None:
    order = list(sharing_order(recipe))
    changes = [
        sum(recipe.alternatives(a)[place] != recipe.alternatives(b)[place] for a, b in pairwise(order))
        for place in range(len(recipe.factors))
    ]
    by_field = {factor.field or factor.kind: n for factor, n in zip(recipe.factors, changes, strict=True)}
    assert by_field["measurement"] < by_field["impute"] < by_field["treat.winmax"] < by_field["normalise"]
    assert by_field["normalise"] < by_field["aggregate.method"]


def test_other_data_are_not_taken_over() -> None:
    first = build(spec(), data())
    other = data().with_columns(a=1 + np.arange(12.0))
    np.testing.assert_array_equal(build(spec(), other, like=first).scores, build(spec(), other).scores)


def test_the_log_tells_every_step_that_was_taken_over() -> None:
    first = build(spec(), data())
    again = build(spec(), data(), like=first)
    assert [record.text() for record in again.log] == [record.text() for record in first.log]
