"""Every draw is a real rebuild: its scores are those of the index engine for that draw's spec."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from parity.index import IndexSpec, build
from parity.robustness._draws import sobol_points
from parity.robustness._kernel import ranks_of
from parity.robustness._plan import Plan
from parity.robustness._run import make
from tests.robustness.cases import ASSUMPTIONS, asem, data, spec

SAME = 1e-9
"""Relative: the compiled loop sums in another order."""
DRAWS = 1000

STEPS = '[steps.normalise]\nlower = 1\n[steps.aggregate]\nmethod = "{}"\n{}'
NOISE = "[[robustness.weights]]\nnoise = 0.5\n"


def largest_difference(case: tuple[IndexSpec, pl.DataFrame], draws: int, seed: int = 0) -> float:
    """Compare draws with builds; ranks must be equal, NaN must be in the same places."""
    plan, _ = make(*case, seed=seed)
    drawn = plan.realise(sobol_points(draws, plan.dimensions, np.random.SeedSequence(seed + 1)))
    scores = plan.scores(drawn)
    ranks = ranks_of(scores)
    worst = 0.0
    for draw in range(draws):
        expected, places = _built(plan, int(drawn.variants[draw]), drawn.weights[draw])
        found = scores[:, draw]
        assert np.array_equal(np.isnan(found), np.isnan(expected))
        gap = np.abs(found - expected) / np.maximum(np.abs(expected), 1)
        worst = max(worst, float(np.nanmax(gap)))
        # Scores that differ by rounding alone may rank either way.
        if np.diff(np.sort(expected[~np.isnan(expected)])).min(initial=np.inf) > SAME:
            np.testing.assert_array_equal(ranks[:, draw], places)
    return worst


def _built(plan: Plan, variant: int, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    index = build(plan.spec_of(variant, weights), plan.recipe.data_of(variant))
    rows = {unit: row for row, unit in enumerate(index.units)}
    at = [rows.get(unit, -1) for unit in plan.units]
    scores = np.where(np.array(at) >= 0, index.scores[at, -1], np.nan)
    return scores, np.where(np.isnan(scores), 0, np.nan_to_num(index.ranks[at, -1])).astype(int)


@pytest.mark.shared
def test_a_thousand_draws_of_the_asem_design(shared: Path) -> None:
    assert largest_difference(asem(shared), DRAWS) < SAME


def test_draws_of_a_synthetic_case() -> None:
    assert largest_difference((spec(), data()), 300) < SAME


@pytest.mark.parametrize(
    "assumptions",
    [
        "[[robustness.weights]]\ndirichlet = 1\n",
        "[[robustness.weights]]\ndirichlet = 2\nconcentration = 3.0\ncentred = true\n",
        "[[robustness.weights]]\nsets = { equal = { a = 1, b = 1, c = 1 }, first = { g = 5, h = 1 } }\n",
        "[robustness.leave_out]\nindicators = true\ngroups = true\n",
        "[robustness.measurement]\nreplicates = 3\nrelative = { a = 0.1, d = 0.3 }\n",
        "[robustness.multiple_imputation]\ndraws = 4\n",
        '[[robustness.choice]]\nfield = "impute"\nvalues = ["mean", "median"]\n'
        '[[robustness.choice]]\nfield = "treat"\nvalues = [false, {}]\n' + NOISE,
        '[[robustness.choice]]\nfield = "indicator.a.direction"\nvalues = [1, -1]\n'
        '[[robustness.choice]]\nfield = "group.h.weight"\nrange = [0.5, 2.0]\npoints = 4\n',
    ],
)
def test_every_kind_of_assumption(assumptions: str) -> None:
    assert largest_difference((spec(assumptions), data()), 60) < SAME


@pytest.mark.parametrize("method", ["arithmetic", "geometric", "harmonic", "median", "power"])
def test_every_mean_with_missing_values(method: str) -> None:
    more = "power = 3\n" if method == "power" else ""
    steps = STEPS.format(method, more + "min_available = 0.6\n")
    assert largest_difference((spec(NOISE, steps), data(0.3)), 60) < SAME


@pytest.mark.parametrize("again", ['"minmax"\nlower = 1', '"zscore"\nmean = 50\nsd = 5'])
def test_groups_that_are_normalised_again(again: str) -> None:
    steps = STEPS.format("geometric", f"[steps.normalise.level.2]\nmethod = {again}\n")
    assert largest_difference((spec(NOISE, steps), data(0)), 60) < SAME


def test_a_method_without_a_formula_is_built_by_the_engine() -> None:
    steps = STEPS.format("copeland", "")
    plan, _ = make(spec(NOISE, steps), data(0))
    assert not plan.compiled
    assert largest_difference((spec(NOISE, steps), data(0)), 20) < SAME


def test_vintages_are_data_of_their_own() -> None:
    newer = data().with_columns(pl.col("a") * 2, pl.col("b") + 1)
    tables = {"old": data(), "new": newer}
    text = '[robustness.vintages]\nfiles = { old = "old.csv", new = "new.csv" }\n'
    plan, _ = make(spec(text), data(), vintages=tables)
    for variant, table in enumerate(tables.values()):
        expected = build(spec(""), table).scores[:, -1]
        np.testing.assert_allclose(plan.kernel.leaves[variant, 0], expected, rtol=SAME)


def test_units_without_a_score_have_no_rank() -> None:
    steps = STEPS.format("arithmetic", "min_available = 1.0\n")
    plan, _ = make(spec(ASSUMPTIONS, steps), data(0.3))
    drawn = plan.realise(sobol_points(64, plan.dimensions, np.random.SeedSequence(0)))
    scores = plan.scores(drawn)
    assert np.array_equal(ranks_of(scores) == 0, np.isnan(scores))
