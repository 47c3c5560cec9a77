"""Explanations: parts that add up to the gap, exact or Shapley."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from parity.errors import NoAnswerError, ParityError
from parity.index import build, explain
from tests.index.small import built, frame, random_columns, spec

# The parts must add up to the gap to this, in score points.
SUM = 1e-9
NAN = float("nan")

FIELDS = {
    code: f'group = "{group}"\nweight = {w}'
    for code, group, w in zip("abcdef", "ggghhh", (1, 2, 1, 3, 1, 1), strict=True)
}
GROUPS = """
[[group]]
code = "g"
parent = "t"
weight = 3
[[group]]
code = "h"
parent = "t"
[[group]]
code = "t"
"""
STEPS = '[steps.normalise]\nlower = 1\n[steps.aggregate]\nmethod = "{}"\n{}'


def table(rng: np.random.Generator, gaps: float = 0.0) -> pl.DataFrame:
    columns = random_columns(rng, 25, "abcdef")
    for values in columns.values():
        values[rng.random(25) < gaps] = NAN
    return frame(columns)


@pytest.mark.parametrize("gaps", [0.0, 0.35])
@pytest.mark.parametrize(
    "method",
    ["arithmetic", "geometric", "harmonic", "power", "median", "mazziotta_pareto", "copeland", "outranking",
     "benefit_of_the_doubt"],
)  # fmt: skip
def test_parts_add_up_to_the_gap(method: str, gaps: float, rng: np.random.Generator) -> None:
    index = build(spec(STEPS.format(method, ""), FIELDS, GROUPS), table(rng, gaps))
    known = [unit for unit in index.units if np.isfinite(index.score(unit))]
    for a, b in zip(known[:4], known[4:8], strict=True):
        found = explain(index, a, b)
        assert found.gap == index.score(a) - index.score(b)
        assert abs(found.contributions.sum() - found.gap) <= SUM
        assert found.method == ("exact" if method == "arithmetic" else "shapley")
        assert found.table()["contribution"].abs().is_sorted(descending=True)


def test_arithmetic_parts_are_weight_times_difference(rng: np.random.Generator) -> None:
    index = build(spec(STEPS.format("arithmetic", ""), FIELDS, GROUPS), table(rng))
    a, b = index.row("u1"), index.row("u2")
    shares = index.tree.effective_weights()[:6]
    expected = shares * (index.scores[a, :6] - index.scores[b, :6])
    np.testing.assert_allclose(explain(index, "u1", "u2").contributions, expected, rtol=1e-12)
    part = explain(index, "u1", "u2", node="g")
    assert part.codes == ("a", "b", "c")
    assert abs(part.contributions.sum() - (index.score("u1", "g") - index.score("u2", "g"))) <= SUM
    assert explain(index, "u1", "u2", node="a").contributions.tolist() == [
        index.scores[a, 0] - index.scores[b, 0]
    ]


def test_a_missing_value_counts_as_the_mean_of_its_group() -> None:
    index = built("", {"a": [50.0, 50.0], "b": [NAN, 50.0]})
    assert explain(index, "u0", "u1").contributions.tolist() == [0.0, 0.0]
    index = built("", {"a": [60.0, 50.0], "b": [NAN, 40.0]})
    assert explain(index, "u0", "u1").contributions.tolist() == [5.0, 10.0]


def test_groups_below_their_threshold_are_not_counted() -> None:
    fields = {"a": 'group = "g"', "b": 'group = "g"', "c": 'group = "h"'}
    data = frame({"a": [90.0, 10.0], "b": [NAN, 20.0], "c": [40.0, 30.0]})
    index = build(
        spec("[steps.aggregate]\nmin_available = 0.5001", fields, GROUPS.replace("weight = 3\n", "")), data
    )
    assert np.isnan(index.score("u0", "g"))
    with pytest.raises(NoAnswerError, match="u0 has no score in 't'"):
        explain(index, "u0", "u1")
    low = "[steps.aggregate]\nmin_available = 0.5\n[steps.aggregate.level.2]\nmin_available = 0.6"
    index = build(spec(low, fields, GROUPS.replace("weight = 3\n", "")), data)
    found = explain(index, "u0", "u1")
    assert abs(found.contributions.sum() - (40.0 - 22.5)) <= SUM
    assert found.contributions[2] == 5.0


def test_a_group_scaled_again_is_still_exact(rng: np.random.Generator) -> None:
    groups = GROUPS.replace('code = "g"\n', 'code = "g"\nnormalise = "zscore"\n').replace(
        '[[group]]\ncode = "t"', '[[group]]\ncode = "t"\nnormalise = { method = "minmax", lower = 0 }'
    )
    index = build(spec(STEPS.format("arithmetic", ""), FIELDS, groups), table(rng, 0.3))
    found = explain(index, "u1", "u2")
    assert found.method == "exact"
    assert abs(found.contributions.sum() - found.gap) <= SUM


def test_many_indicators_are_sampled_with_an_error(rng: np.random.Generator) -> None:
    codes = [f"x{i}" for i in range(50)]
    columns = random_columns(rng, 30, codes)
    index = built('[steps.normalise]\nlower = 1\n[steps.aggregate]\nmethod = "geometric"', columns)
    found = explain(index, "u1", "u2")
    assert found.method == "shapley, sampled"
    assert abs(found.contributions.sum() - found.gap) <= SUM
    assert 0 < found.errors.max() < 0.05 * np.abs(found.contributions).max()
    again = explain(index, "u1", "u2")
    assert (again.contributions == found.contributions).all()


def test_change_over_time() -> None:
    data = pl.DataFrame(
        {"id": ["x", "y"] * 2, "year": [1, 1, 2, 2], "a": [1.0, 2, 3, 4], "b": [4.0, 3, 2, 5]}
    )
    head = 'year_column = "year"'
    index = build(spec("[steps.normalise]", head=head), data)
    found = explain(index, "x", "x", year_a=2, year_b=1)
    assert (found.a, found.b) == ("x 2", "x 1")
    assert found.contributions.tolist() == pytest.approx([100 / 3, -100 / 3])
    pairs = build(spec('[steps.aggregate]\nmethod = "copeland"', head=head), data)
    with pytest.raises(ParityError, match="within one year"):
        explain(pairs, "x", "x", year_a=2, year_b=1)
    assert abs(explain(pairs, "x", "y").contributions.sum() - explain(pairs, "x", "y").gap) <= SUM


def test_the_same_unit_has_no_gap(rng: np.random.Generator) -> None:
    index = build(spec(STEPS.format("geometric", ""), FIELDS, GROUPS), table(rng))
    assert explain(index, "u1", "u1").contributions.tolist() == [0.0] * 6
