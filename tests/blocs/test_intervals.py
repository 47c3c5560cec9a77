"""Intervals over rebuilds, blocs side by side, and over the years."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
import pytest

from parity.ask.blocs import memberships, split
from parity.ask.membership import resolve
from parity.ask.standing import standing
from parity.blocs import compare, contributions, history, intervals, pool
from parity.brief.blocs import Bloc as BlocSection
from parity.brief.blocs import bloc_section
from parity.catalogue import members
from parity.errors import ParityError
from parity.index import Index, IndexSpec, build
from parity.robustness.rebuilds import rebuilds

EXACT = 1e-9
WEIGHTS = {"law": "population", "spending": "gdp"}
THREE = ["C00", "C07", "C12"]


def unchanged(index: Index, draws: int = 3) -> Iterator[tuple[Index, np.ndarray]]:
    yield index, np.repeat(index.weights[np.newaxis], draws, axis=0)


def noisy(index: Index, draws: int = 200) -> Iterator[tuple[Index, np.ndarray]]:
    rng = np.random.default_rng(0)
    yield index, index.weights * rng.uniform(0.5, 1.5, (draws, index.tree.n_nodes))


def test_rebuilds_that_change_nothing_give_the_point(index: Index) -> None:
    whole = pool(index, THREE, weights=WEIGHTS)
    (found,) = intervals([whole], unchanged(index))
    assert found.draws == 3
    for end in found.scores:
        np.testing.assert_allclose(end, whole.scores, atol=EXACT)
    for end in found.ranks:
        np.testing.assert_array_equal(end, whole.ranks)
    parts = contributions(whole)
    for node in (None, "size", "law"):
        for end in found.brings(parts, node):
            np.testing.assert_allclose(end, parts.values[:, index.node(node)], atol=EXACT)
    for end in found.leaving:
        np.testing.assert_allclose(end, parts.leaving, atol=EXACT)


def test_another_scale_changes_nothing_either(index: Index, table: pl.DataFrame, spec: IndexSpec) -> None:
    """Z-scores are min-max scores up to shift and stretch within an indicator, so alone they agree."""
    steps = spec.steps.model_copy(
        update={"normalise": type(spec.steps.normalise)(method="minmax", lower=-7, upper=3)}  # type: ignore[misc]
    )
    other = build(spec.model_copy(update={"steps": steps}), table)
    whole = pool(index, THREE, weights=WEIGHTS)
    (found,) = intervals([whole], unchanged(other))
    np.testing.assert_allclose(found.scores[1], whole.scores, atol=1e-8)
    np.testing.assert_array_equal(found.ranks[1], whole.ranks)


def test_noisy_weights_give_intervals_around_the_point(index: Index) -> None:
    whole = pool(index, THREE, weights=WEIGHTS)
    (found,) = intervals([whole], noisy(index), level=0.9)
    score, rank = found.score(), found.rank()
    assert score.low is not None
    assert score.high is not None
    assert score.value is not None
    assert score.low < score.value < score.high
    assert rank.low is not None
    assert rank.high is not None
    assert rank.low <= rank.high
    assert float(rank.low).is_integer()
    assert score.level == 0.9
    # Indicators have no weights below them: their scores do not move.
    assert found.score("law").low == pytest.approx(found.score("law").high)
    assert found.table().height == index.tree.n_nodes


def test_a_gap_is_taken_draw_by_draw(index: Index) -> None:
    one, other = pool(index, THREE, weights=WEIGHTS), pool(index, ["C05", "C06"], weights=WEIGHTS)
    found = compare([one, other], intervals([one, other], noisy(index)))
    gap, back = found.gap(0, 1), found.gap(1, 0)
    assert gap.value == pytest.approx(one.score() - other.score())
    assert (gap.low, gap.high) == pytest.approx((-back.high, -back.low))  # type: ignore[operator]
    assert found.ahead(0, 1) == pytest.approx(1 - found.ahead(1, 0))  # type: ignore[operator]
    assert found.gap(0, 0).low == found.gap(0, 0).high == 0
    assert compare([one, other]).gap(0, 1).reason == "no draws were made"
    assert found.table().height == 2 * len(index.tree.groups)


def test_errors_of_measurement_reach_a_bloc_of_any_year(index: Index, table: pl.DataFrame) -> None:
    """A rebuild on noisy data moves a bloc of one country in a year as it moves the country."""
    column = "papers.scale"
    noisier = table.with_columns(pl.col(column) * pl.Series(np.linspace(0.7, 1.3, table.height)))
    variant = build(index.spec, noisier)
    drawn = history(
        {"one": ["C07"]}, index, {2020: table}, [(variant, variant.weights[np.newaxis])], weights=WEIGHTS
    )
    same = intervals([pool(index, ["C07"], weights=WEIGHTS)], [(variant, variant.weights[np.newaxis])])[0]
    np.testing.assert_allclose(drawn.samples[2020, "one"], same.samples, atol=EXACT)


def test_blocs_of_two_indices_do_not_compare(index: Index, table: pl.DataFrame, spec: IndexSpec) -> None:
    one, other = pool(index, THREE, weights=WEIGHTS), pool(build(spec, table), THREE, weights=WEIGHTS)
    with pytest.raises(ParityError, match="within one index only"):
        compare([one, other])
    with pytest.raises(ParityError, match="two blocs or more"):
        compare([one])
    with pytest.raises(ParityError, match="at least one draw"):
        intervals([one], [])


def test_over_the_years_a_score_moves_with_the_data_alone(index: Index, table: pl.DataFrame) -> None:
    later = table.with_columns(
        pl.when(pl.col("id") == "C07")
        .then(pl.col("papers.scale") * 2)
        .otherwise("papers.scale")
        .alias("papers.scale")
    )
    found = history({"three": THREE, "two": ["C01", "C02"]}, index, {2020: table, 2021: later})
    rows = found.table().iter_rows(named=True)
    score = {(row["year"], row["bloc"], row["node"]): row["score"] for row in rows}
    assert score[2020, "two", "all"] == score[2021, "two", "all"]
    assert score[2021, "three", "size"] > score[2020, "three", "size"]
    assert score[2021, "three", "rate"] == score[2020, "three", "rate"]
    assert found.gap(2021, "three", "two").value == pytest.approx(
        score[2021, "three", "all"] - score[2021, "two", "all"]
    )
    assert found.ahead(2020, "three", "two") is None
    drawn = history({"three": THREE, "two": ["C01", "C02"]}, index, {2020: table, 2021: later}, noisy(index))
    row = drawn.table().filter(node="all", bloc="three").row(0, named=True)
    assert row["score_low"] < row["score"] < row["score_high"]
    closing = drawn.closing("three", "two")
    gaps = [drawn.gap(year, "three", "two").value for year in (2020, 2021)]
    assert closing.value == pytest.approx(gaps[1] - gaps[0])  # type: ignore[operator]
    # What changed is one indicator: the weights of the others do not matter to the change.
    assert closing.low is not None
    assert closing.high is not None
    assert 0 < closing.low <= closing.value <= closing.high  # type: ignore[operator]
    width = drawn.gap(2021, "three", "two")
    assert closing.high - closing.low < width.high - width.low  # type: ignore[operator]
    with pytest.raises(ParityError, match="at least one bloc and one year"):
        history({}, index, {2020: table})


def test_rebuilds_of_the_open_index() -> None:
    index = standing(variant="scale").index
    made = list(rebuilds(index, 9, seed=1))
    assert sum(len(weights) for _, weights in made) == 9
    again = list(rebuilds(index, 9, seed=1))
    for (_, one), (_, other) in zip(made, again, strict=True):
        np.testing.assert_array_equal(one, other)
    blocs = [pool(index, members(name), name=name) for name in ("BRICS", "G7")]
    for found in intervals(blocs, made):
        rank = found.rank()
        assert rank.low is not None
        assert rank.high is not None
        assert 1 <= rank.low <= rank.high <= len(index.units)


def test_an_index_without_assumptions_has_no_rebuilds(index: Index) -> None:
    assert list(rebuilds(index, 5)) == []


def test_the_section_of_a_brief() -> None:
    found = standing()
    section = bloc_section(found, "RUS", "BRICS", draws=6)
    assert isinstance(section, BlocSection)
    assert list(section.members) == members("BRICS")
    parts = dict(split(found, resolve("BRICS", memberships())).table().select("iso3", "value").rows())
    assert section.brings.value == pytest.approx(parts["RUS"], abs=0.1)
    assert section.place == sorted(parts, key=parts.__getitem__, reverse=True).index("RUS") + 1
    assert section.rank_low is not None
    assert section.rank_high is not None
    assert section.rank_low <= section.rank_high
    outside = bloc_section(found, "USA", "BRICS", draws=6)
    assert not isinstance(outside, BlocSection)
    assert outside.reason == "it is no member of BRICS"
