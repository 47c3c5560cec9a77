"""Building and replaying: order, log, screening, frozen bounds, panels, ranks."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import rankdata

from parity.errors import ParityError
from parity.index import build
from parity.index.index import rank
from tests.index.small import built, frame, random_columns, spec

NAN = float("nan")

EVERY_STEP = """
[steps.denominate]
[steps.screen]
min_available = 0.5
[steps.impute]
method = "{impute}"
by = "region"
fallback = "median"
[steps.treat]
[steps.normalise]
lower = 1
[steps.aggregate]
method = "{aggregate}"
"""


def data(rng: np.random.Generator, units: int = 30) -> pl.DataFrame:
    columns = random_columns(rng, units, "abcd")
    for values in columns.values():
        values[rng.random(units) < 0.1] = NAN
    return frame(columns).with_columns(
        region=pl.Series(rng.choice(["n", "s"], units)), people=pl.Series(rng.uniform(1, 9, units))
    )


FIELDS = {
    "a": 'group = "g"\ndenominator = "people"\nfactor = 1000',
    "b": 'group = "g"\ndirection = -1',
    "c": 'group = "h"',
    "d": 'group = "h"\nweight = 2',
}
GROUPS = '[[group]]\ncode = "g"\nparent = "t"\n[[group]]\ncode = "h"\nparent = "t"\n[[group]]\ncode = "t"\n'


@pytest.mark.parametrize("impute", ["median", "group_mean", "row_mean", "neighbours", "em"])
@pytest.mark.parametrize("aggregate", ["arithmetic", "geometric", "copeland", "benefit_of_the_doubt"])
def test_a_row_keeps_its_score_whatever_is_added(
    impute: str, aggregate: str, rng: np.random.Generator
) -> None:
    table = data(rng)
    index = build(spec(EVERY_STEP.format(impute=impute, aggregate=aggregate), FIELDS, GROUPS), table)
    new = table.head(4).with_columns(id=pl.lit("new") + pl.col("id"), a=pl.col("a") * 1.7)
    replayed = index.apply(pl.concat([new, table]))
    for unit in index.units:
        np.testing.assert_array_equal(
            replayed.scores[replayed.row(unit)], index.scores[index.row(unit)], err_msg=unit
        )
    assert np.isfinite(replayed.scores[:, -1]).sum() > len(index.units)


def test_replay_is_exact_for_every_stage(rng: np.random.Generator) -> None:
    table = data(rng)
    index = build(
        spec(EVERY_STEP.format(impute="median", aggregate="arithmetic"), FIELDS, GROUPS), table, "v1"
    )
    again = index.apply(table, "v2")
    assert (index.vintage, again.vintage, index.apply(table).vintage) == ("v1", "v2", "v1")
    for stage, block in index.stages.items():
        np.testing.assert_array_equal(block.values, again.stages[stage].values, err_msg=stage)
    np.testing.assert_array_equal(index.ranks, again.ranks)
    assert all(record.message.startswith("replayed") for record in again.log)


def test_the_run_states_every_step() -> None:
    index = built("[steps.normalise]", {"a": [1.0, 2.0]})
    assert {record.step: record.status for record in index.log} == {
        "denominate": "skipped",
        "screen": "skipped",
        "impute": "skipped",
        "treat": "skipped",
        "normalise": "done",
        "weight": "default",
        "aggregate": "default",
    }
    assert index.log[0].text() == "denominate: skipped, not in the spec"


def test_steps_are_taken_in_the_order_of_the_spec() -> None:
    columns = {"a": [1.0, NAN, 3.0], "b": [1.0, NAN, NAN]}
    tail = '[steps.screen]\nmin_available = 0.6\n[steps.impute]\nmethod = "mean"\n'
    assert len(built(tail, columns).units) == 1
    order = '[steps]\norder = ["impute", "screen", "treat", "normalise", "denominate"]\n'
    assert len(built(order + tail, columns).units) == 3


def test_screening_and_what_is_forced() -> None:
    columns = {"a": [1.0, NAN, 0.0, 1.0], "b": [1.0, 2.0, 0.0, 1.0], "c": [1.0, NAN, 0.0, 1.0]}
    index = built('[steps.screen]\nby = "both"\nexclude = ["u3"]', columns)
    assert list(index.units) == ["u0"]
    details = next(record.details for record in index.log if record.step == "screen")
    assert details is not None
    assert details["kept"].to_list() == [True, False, False, False]
    assert details["available"].to_list() == [1, pytest.approx(1 / 3), 1, 1]
    assert details["nonzero"].to_list() == [1, 1, 0, 1]
    assert list(built('[steps.screen]\nby = "zeros"', columns).units) == ["u0", "u1", "u3"]
    assert list(built('[steps.screen]\ninclude = ["u1"]', columns).units) == ["u0", "u1", "u2", "u3"]
    with pytest.raises(ParityError, match="'u9', which is not in the data"):
        built('[steps.screen]\ninclude = ["u9"]', columns)
    with pytest.raises(ParityError, match="leaves no unit"):
        built('[steps.screen]\nexclude = ["u0", "u1", "u2", "u3"]', columns)


def test_denominators() -> None:
    table = frame({"a": [10.0, 20.0], "p": [2.0, 5.0]})
    fields = {"a": 'denominator = "p"\nfactor = 100'}
    assert build(spec("[steps.denominate]", fields), table).stage("denominated")["a"].to_list() == [
        500.0,
        400.0,
    ]
    many = build(spec('[steps.denominate]\noperation = "multiply"', fields), table)
    assert many.stage("denominated")["a"].to_list() == [0.2, 1.0]
    with pytest.raises(ParityError, match="u1 has p 0, by which 'a' is to be divided"):
        build(spec("[steps.denominate]", fields), frame({"a": [1.0, 2.0], "p": [1.0, 0.0]}))
    with pytest.raises(ParityError, match="lack the column 'p'"):
        build(spec("[steps.denominate]", fields), frame({"a": [1.0, 2.0]}))


@settings(max_examples=100, deadline=None)
@given(
    arrays(
        float, st.tuples(st.integers(1, 12), st.integers(1, 4)), elements=st.sampled_from([1.0, 2, 3, NAN])
    )
)
def test_ranks_are_scipys(scores: np.ndarray) -> None:
    found = rank(scores)
    for column in range(scores.shape[1]):
        known = ~np.isnan(scores[:, column])
        assert (found[known, column] == rankdata(-scores[known, column], "min")).all()
        assert np.isnan(found[~known, column]).all()


def test_ranks_come_before_rounding() -> None:
    index = built("", {"a": [1.0000001, 1.0000002, 1.0000002]})
    assert [index.rank(unit) for unit in index.units] == [3, 1, 1]


def test_a_panel_ranks_within_each_year() -> None:
    table = pl.DataFrame(
        {"id": ["x", "y", "x", "y"], "year": ["2020", "2020", "2021", "2021"], "a": [1.0, 2.0, 9.0, 8.0]}
    )
    index = build(spec("", {"a": ""}, head='year_column = "year"'), table)
    assert index.ranks[:, -1].tolist() == [2, 1, 1, 2]
    assert index.score("x") == 9.0
    assert index.score("x", year=2020) == 1.0
    assert index.table().columns == ["id", "year", "node", "level", "score", "rank"]
    with pytest.raises(ParityError, match="no row for 1999"):
        index.row("x", 1999)


def test_pairs_are_compared_within_a_year() -> None:
    table = pl.DataFrame({"id": ["x", "y"] * 2, "year": [1, 1, 2, 2], "a": [1.0, 2.0, 3.0, 4.0]})
    index = build(
        spec('[steps.aggregate]\nmethod = "copeland"', {"a": ""}, head='year_column = "year"'), table
    )
    assert index.scores[:, -1].tolist() == [-1.0, 1.0, -1.0, 1.0]


def test_names_that_are_not_there_are_suggested() -> None:
    index = built("", {"alpha": [1.0, 2.0], "beta": [1.0, 2.0]})
    with pytest.raises(ParityError, match="Did you mean 'alpha'"):
        index.node("alhpa")
    with pytest.raises(ParityError, match="no unit 'u7'"):
        index.score("u7")
    with pytest.raises(ParityError, match="no stage 'treated'; it has 'raw', 'normalised', 'aggregated'"):
        index.stage("treated")


def test_one_unit_and_one_indicator() -> None:
    index = built("[steps.normalise]\n[steps.treat]", {"a": [5.0]})
    assert np.isnan(index.scores).all()
    assert index.rank("u0") is None
