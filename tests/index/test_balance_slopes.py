"""Derivatives of importances against finite differences."""

from __future__ import annotations

import numpy as np
import pytest

from parity.index import build
from parity.index._balance import has_formula, importance, importance_slopes
from parity.index._options import WeightOptions
from tests.index.small import frame, random_columns, spec

# Central differences of functions of order 1.
STEP, DIFFERENCE = 1e-6, 1e-8
GROUPS = '[[group]]\ncode = "g"\nparent = "t"\n[[group]]\ncode = "h"\nparent = "t"\n[[group]]\ncode = "t"\n'
FIELDS = {code: f'group = "{group}"' for code, group in zip("abcdef", "ggghhh", strict=True)}


@pytest.mark.parametrize("measure", ["correlation", "r_squared"])
@pytest.mark.parametrize("gaps", [0.0, 0.15])
def test_slopes_are_those_of_the_importances(measure: str, gaps: float, rng: np.random.Generator) -> None:
    columns = random_columns(rng, 40, "abcdef")
    for values in columns.values():
        values[rng.random(40) < gaps] = np.nan
    index = build(spec("[steps.normalise]\n", FIELDS, GROUPS), frame(columns))
    options = WeightOptions.model_validate({"method": "optimised", "importance": measure})
    assert has_formula(index.scoring, [options])
    x, tree = index.stages["normalised"].values, index.tree
    elements = np.arange(tree.n_nodes - 1)
    asked = [(np.flatnonzero(tree.levels == level), options) for level in (1, 2)]

    def importances(weights: np.ndarray) -> np.ndarray:
        scores = index.scoring.with_weights(np.append(weights, 1.0)).scores(x)
        return np.concatenate([importance(scores[:, n], scores[:, -1], o, np.ones(len(n))) for n, o in asked])

    weights = rng.uniform(0.5, 2.0, len(elements))
    found = importance_slopes(index.scoring.with_weights(np.append(weights, 1.0)), x, elements, asked)
    aside = STEP * np.eye(len(elements))
    expected = [(importances(weights + row) - importances(weights - row)) / (2 * STEP) for row in aside]
    np.testing.assert_allclose(found, np.transpose(expected), atol=DIFFERENCE)


def test_other_rules_have_no_formula(rng: np.random.Generator) -> None:
    index = build(
        spec('[steps.normalise]\nlower = 1\n[steps.aggregate]\nmethod = "geometric"\n', FIELDS, GROUPS),
        frame(random_columns(rng, 20, "abcdef")),
    )
    assert not has_formula(index.scoring, [WeightOptions()])
