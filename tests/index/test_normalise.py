"""Normalisation: formulas, direction, flat columns, frozen scales."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy import stats

from parity.errors import ParityError
from parity.index import build
from tests.index.small import built, frame, spec

EXACT = 1e-12
X = [3.0, 1.0, 10.0, 1.0, float("nan")]


def scores(steps: str, fields: str = "", x: list[float] | None = None) -> list[float | None]:
    index = built(f"[steps.normalise]\n{steps}", {"a": x or X}, {"a": fields})
    return index.stage("normalised")["a"].to_list()


def test_ranks_are_scipys_from_the_lowest() -> None:
    expected = [*stats.rankdata(X[:4], "min"), None]
    assert scores('method = "rank"') == expected
    assert scores('method = "borda"') == [*(np.array(expected[:4]) - 1), None]
    assert scores('method = "percentile_rank"') == [*((np.array(expected[:4]) - 1) / 3), None]


def test_goalposts_in_the_indicators_own_unit() -> None:
    """A value at a goalpost gets its bound, beyond it too; less-is-better turns the posts round."""
    posts = "goalposts = [0, 4]"
    assert scores('method = "goalposts"', posts) == [75.0, 25.0, 100.0, 25.0, None]
    assert scores('method = "goalposts"\nupper = 1', posts + "\ndirection = -1") == [
        0.25,
        0.75,
        0,
        0.75,
        None,
    ]
    assert scores('method = "goalposts"\nclip = false', posts)[2] == 250.0
    assert scores('method = "goalposts"\ngoalposts = [1, 11]') == [20.0, 0.0, 90.0, 0.0, None]
    with pytest.raises(ParityError, match="a lack them"):
        scores('method = "goalposts"')


def test_distance_to_target_up_and_down() -> None:
    """Expected values are those of COINr's own tests of n_dist2targ."""
    steps = 'method = "distance_to_target"'
    assert scores(steps, "target = 10", [0.0, 5.0, 11.0]) == [0.0, 0.5, 1.1]
    assert scores(steps + "\nclip = true", "target = 10", [0.0, 5.0, 11.0]) == [0.0, 0.5, 1.0]
    down = "target = 0\ndirection = -1"
    np.testing.assert_allclose(scores(steps, down, [-1.0, 1.0, 10.0]), [1.1, 0.9, 0.0], atol=EXACT)
    np.testing.assert_allclose(
        scores(steps + "\nclip = true", down, [-1.0, 1.0, 10.0]), [1, 0.9, 0], atol=EXACT
    )
    with pytest.raises(ParityError, match="lack one"):
        scores(steps)


def test_distance_to_reference() -> None:
    found = scores('method = "distance_to_reference"\nreference = "u0"')
    np.testing.assert_allclose(found[:4], [1.0, 0.0, 4.5, 0.0])
    assert scores('method = "distance_to_reference"\nreference = "u0"\nclip = true')[2] == 1.0
    with pytest.raises(ParityError, match="'nobody', which is not in the data"):
        scores('method = "distance_to_reference"\nreference = "nobody"')
    with pytest.raises(ParityError, match="needs reference"):
        scores('method = "distance_to_reference"')


def test_scaled_takes_bounds_as_they_are_after_direction() -> None:
    assert scores('method = "scaled"\ngoalposts = [1, 11]')[0] == 20.0
    assert scores('method = "scaled"', "direction = -1")[0] == -3.0


def test_direction_counts_without_a_step() -> None:
    index = built("", {"a": [1.0, 2.0]}, {"a": "direction = -1"})
    assert index.stage("normalised")["a"].to_list() == [-1.0, -2.0]
    assert next(r for r in index.log if r.step == "normalise").status == "skipped"


@pytest.mark.parametrize("method", ["minmax", "zscore", "distance_to_maximum"])
def test_a_constant_indicator_is_flagged_and_handled_as_the_spec_says(method: str) -> None:
    columns = {"a": [0.1] * 7, "b": [float(i) for i in range(7)]}
    step = f'[steps.normalise]\nmethod = "{method}"\n'
    index = built(step, columns)
    assert index.stage("normalised")["a"].to_list() == [None] * 7
    notes = next(record.notes for record in index.log if record.step == "normalise")
    assert notes == ("a: the same value everywhere, which does not tell units apart",)
    assert (index.scores[:, -1] == index.scores[:, 1]).all()
    middle = built(step + 'constant = "middle"', columns)
    expected = {"minmax": 50.0, "zscore": 0.0, "distance_to_maximum": 0.5}[method]
    assert middle.stage("normalised")["a"].to_list() == [expected] * 7
    with pytest.raises(ParityError, match="a: one value only"):
        built(step + 'constant = "error"', columns)


def test_learned_scales_can_be_read() -> None:
    index = built("[steps.normalise]", {"a": [1.0, 3.0, 5.0], "b": [1.0, 2.0, 3.0]}, {
        "a": "direction = -1", "b": 'normalise = "rank"',
    })  # fmt: skip
    details = next(record.details for record in index.log if record.step == "normalise")
    assert details is not None
    assert details.select("indicator", "method", "centre", "spread").rows() == [
        ("a", "minmax", -5.0, 4.0), ("b", "rank", None, None),
    ]  # fmt: skip


def test_a_year_of_equal_values_is_noted() -> None:
    table = pl.DataFrame({"id": ["x", "y"] * 2, "year": [1, 1, 2, 2], "a": [5.0, 5.0, 1.0, 2.0]})
    head = 'year_column = "year"'
    index = build(spec('[steps.normalise]\nscope = "year"', {"a": ""}, head=head), table)
    notes = next(record.notes for record in index.log if record.step == "normalise")
    assert notes == ("a: no score in a year in which all units have the same value",)


def test_an_empty_indicator_is_flagged_and_left_out() -> None:
    index = built("[steps.normalise]", {"a": [float("nan")] * 3, "b": [1.0, 2.0, 3.0]})
    notes = next(record.notes for record in index.log if record.step == "normalise")
    assert notes == ("a: no value at all; left out of every score",)
    assert index.scores[:, -1].tolist() == [0.0, 50.0, 100.0]


def test_fraction_of_maximum_warns_where_it_breaks() -> None:
    columns = {"a": [0.0, 5.0, 7.0], "b": [1.0, 2.0, 4.0]}
    index = built('[steps.normalise]\nmethod = "fraction_of_maximum"', columns, {"a": "direction = -1"})
    notes = " | ".join(next(record.notes for record in index.log if record.step == "normalise"))
    assert "a: infinite scores, counted as missing" in notes
    assert "a: fraction_of_maximum turns the order" in notes
    assert index.scores[:, -1].tolist() == [0.25, 0.5, 1.0]


def test_an_indicator_has_a_scale_of_its_own() -> None:
    index = built("[steps.normalise]\nlower = 1", {"a": [1.0, 2.0, 4.0], "b": [1.0, 2.0, 4.0]}, {
        "b": 'normalise = "rank"',
    })  # fmt: skip
    assert index.stage("normalised")["a"].to_list() == [1.0, 34.0, 100.0]
    assert index.stage("normalised")["b"].to_list() == [1.0, 2.0, 3.0]


def test_years_share_a_scale_or_have_their_own() -> None:
    table = pl.DataFrame({"id": ["x", "y"] * 2, "year": [1, 1, 2, 2], "a": [0.0, 10.0, 5.0, 20.0]})
    head = 'year_column = "year"'
    shared = build(spec("[steps.normalise]", {"a": ""}, head=head), table)
    assert shared.stage("normalised")["a"].to_list() == [0.0, 50.0, 25.0, 100.0]
    own = build(spec('[steps.normalise]\nscope = "year"', {"a": ""}, head=head), table)
    assert own.stage("normalised")["a"].to_list() == [0.0, 100.0, 0.0, 100.0]
    # A year that was not learned uses the last learned year before it.
    later = pl.DataFrame({"id": ["x"], "year": [3], "a": [12.5]})
    assert own.apply(later).stage("normalised")["a"].to_list() == [50.0]
    assert shared.apply(later).stage("normalised")["a"].to_list() == [62.5]


@pytest.mark.parametrize(
    "options",
    [
        "", 'method = "zscore"', 'method = "rank"', 'method = "percentile_rank"', 'method = "borda"',
        'method = "distance_to_maximum"', 'method = "fraction_of_maximum"',
        'method = "distance_to_reference"\nreference = "u1"',
    ],
)  # fmt: skip
def test_scales_stay_as_learned(options: str, rng: np.random.Generator) -> None:
    x = rng.uniform(1, 9, 6)
    index = built(f"[steps.normalise]\n{options}", {"a": x})
    before = index.stage("normalised")["a"].to_list()
    more = frame({"a": [*x, 50.0, 0.5]}, [*(f"u{i}" for i in range(6)), "new", "low"])
    after = index.apply(more).stage("normalised")["a"].to_list()
    assert after[:6] == before
    assert after[6] >= max(before)
    assert after[7] <= min(before)
