"""A bloc as one unit: sums, ratios, frozen bounds, coverage."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.ask.blocs import everyone
from parity.ask.standing import standing
from parity.blocs import pool
from parity.catalogue import members
from parity.errors import ParityError
from parity.index import Index, build

# Sums of the same numbers in another order differ in their last bits.
EXACT = 1e-9

WEIGHTS = {"law": "population", "spending": "gdp"}


def test_one_country_is_that_country(index: Index) -> None:
    for unit in index.units:
        one = pool(index, [unit], weights=WEIGHTS)
        np.testing.assert_allclose(one.scores, index.scores[index.row(unit)], rtol=0, atol=EXACT)
        assert one.rank() == index.rank(unit)


@pytest.mark.parametrize("variant", ["both", "scale", "intensity"])
def test_one_country_is_that_country_in_the_open_index(variant: str) -> None:
    index = standing(variant=variant).index
    for unit in index.units:
        one = pool(index, [unit])
        np.testing.assert_allclose(one.scores, index.scores[index.row(unit)], rtol=0, atol=EXACT)
        assert one.rank() == index.rank(unit)


def test_order_does_not_matter(index: Index) -> None:
    first = pool(index, ["C01", "C05", "C09"], weights=WEIGHTS)
    for order in itertools.permutations(["C01", "C05", "C09"]):
        np.testing.assert_array_equal(pool(index, order, weights=WEIGHTS).scores, first.scores)


@settings(max_examples=25, deadline=None)
@given(chosen=st.sets(st.integers(0, 19), min_size=1, max_size=8))
def test_pooled_by_hand(index: Index, table: pl.DataFrame, chosen: set[int]) -> None:
    codes = [f"C{k:02d}" for k in chosen]
    found = pool(index, codes, weights=WEIGHTS)
    rows = table.filter(pl.col("id").is_in(codes))
    papers, people = rows["papers.scale"].sum(), rows["population"].sum()
    known = rows.drop_nulls("law")
    assert found.values[0] == pytest.approx(papers, rel=EXACT)
    ratio = found.scored.stages["denominated"].values[0]
    assert ratio[1] == pytest.approx(1e6 * papers / people, rel=EXACT)
    if known.height:
        expected = (known["law"] * known["population"]).sum() / known["population"].sum()
        assert found.values[2] == pytest.approx(expected, rel=EXACT)
    spending = (rows["spending"] * rows["gdp"]).sum() / rows["gdp"].sum()
    assert found.values[3] == pytest.approx(spending, rel=EXACT)
    # Min-max with the bounds of countries: the formula, not the engine.
    column = index.stages["denominated"].values[:, 1]
    score = 100 * (ratio[1] - column.min()) / (column.max() - column.min())
    assert found.score("papers.intensity") == pytest.approx(score, rel=EXACT)


def test_quantities_add_up_over_a_partition(index: Index, table: pl.DataFrame) -> None:
    parts = [list(part) for part in np.array_split(table["id"].to_numpy(), 4)]
    whole = pool(index, list(table["id"]), weights=WEIGHTS)
    assert sum(pool(index, part, weights=WEIGHTS).values[0] for part in parts) == pytest.approx(
        whole.values[0], rel=EXACT
    )
    assert whole.values[0] == pytest.approx(table["papers.scale"].sum(), rel=EXACT)


def test_every_quantity_of_the_open_index_adds_up() -> None:
    found = standing()
    data = everyone(found)
    codes = members("BRICS")
    whole = pool(found.index, codes, data=data)
    for column, indicator in enumerate(found.index.spec.indicators):
        if indicator.kind == "extensive":
            total = data.filter(pl.col("iso3").is_in(codes))[indicator.code].sum()
            assert whole.values[column] == pytest.approx(total, rel=EXACT), indicator.code


def test_two_equal_countries_keep_their_ratios(index: Index, table: pl.DataFrame) -> None:
    twin = table.filter(pl.col("id") == "C04").with_columns(id=pl.lit("C04b"))
    both = pool(index, ["C04", "C04b"], data=pl.concat([table, twin]), weights=WEIGHTS)
    for code in ("papers.intensity", "law", "spending", "rate"):
        assert both.score(code) == pytest.approx(index.score("C04", code), abs=EXACT)
    assert both.values[0] == pytest.approx(2 * pool(index, ["C04"], weights=WEIGHTS).values[0], rel=EXACT)


def test_no_country_moves(index: Index, table: pl.DataFrame) -> None:
    before = index.scores.copy()
    found = pool(index, list(table["id"]), weights=WEIGHTS)
    assert found.base is index
    np.testing.assert_array_equal(index.scores, before)
    # The sum of all lies far beyond the largest: it is scored above 100, nobody is rescaled.
    assert found.score("papers.scale") > 100
    assert found.beyond.tolist() == [True, False, False, False]


def test_ranks_are_among_the_countries_outside(index: Index) -> None:
    codes = ["C02", "C11"]
    found = pool(index, codes, weights=WEIGHTS)
    others = [index.score(unit) for unit in index.units if unit not in codes]
    assert found.rank() == 1 + sum(score > found.score() for score in others)
    assert found.table().filter(node="all")["of"].item() == len(others) + 1


def test_a_member_without_a_value_is_not_zero(index: Index, table: pl.DataFrame) -> None:
    """C03 has no `law`: the ratio is that of the other, and coverage says so."""
    found = pool(index, ["C03", "C08"], weights=WEIGHTS)
    people = table.filter(pl.col("id").is_in(["C03", "C08"]))["population"]
    assert found.values[2] == pytest.approx(table.filter(id="C08")["law"].item(), rel=EXACT)
    assert found.covered[2] == pytest.approx(people[1] / people.sum(), rel=EXACT)
    assert found.covered[0] == 1
    rate = (1 + found.covered[2] + 1) / 3
    assert found.node_coverage[index.node("rate")] == pytest.approx(rate, rel=EXACT)


def test_a_ratio_of_sums_leaves_out_whoever_lacks_the_quantity(spec: object, table: pl.DataFrame) -> None:
    gap = table.with_columns(
        pl.when(pl.col("id") == "C06").then(None).otherwise("papers.intensity").alias("papers.intensity")
    )
    index = build(spec, gap)  # type: ignore[arg-type]
    found = pool(index, ["C06", "C07"], weights=WEIGHTS)
    assert found.score("papers.intensity") == pytest.approx(index.score("C07", "papers.intensity"), abs=EXACT)


def test_a_bloc_where_nobody_has_a_value_is_imputed_like_a_country(index: Index) -> None:
    assert pool(index, ["C03"], weights=WEIGHTS).score("law") == pytest.approx(
        index.score("C03", "law"), abs=EXACT
    )


def test_members_that_the_data_lack_are_named(index: Index) -> None:
    found = pool(index, ["C01", "XXX"], weights=WEIGHTS)
    assert (found.members, found.without_data) == (("C01",), ("XXX",))


def test_a_panel_is_pooled_year_by_year(spec: object, table: pl.DataFrame) -> None:
    later = table.with_columns(pl.col("papers.scale", "papers.intensity") * 3, year=2021)
    both = pl.concat([table.with_columns(year=2020), later])
    text = spec.to_toml().replace('id = "made-up"', 'id = "made-up"\nyear_column = "year"')  # type: ignore[attr-defined]
    index = build(type(spec).from_toml(text), both)  # type: ignore[attr-defined]
    for year in (2020, 2021):
        one = pool(index, ["C05"], year=year, weights=WEIGHTS)
        assert one.score() == pytest.approx(index.score("C05", year=year), abs=EXACT)
        assert one.rank() == index.rank("C05", year=year)
    last = pool(index, ["C05", "C06"], weights=WEIGHTS)
    assert last.year == 2021
    assert last.values[0] == pytest.approx(
        3 * pool(index, ["C05", "C06"], year=2020, weights=WEIGHTS).values[0], rel=EXACT
    )


def test_table(index: Index) -> None:
    found = pool(index, ["C01", "C02"], weights=WEIGHTS, name="Pair")
    table = found.table()
    assert table["node"].to_list() == list(index.tree.codes)
    assert table.filter(node="papers.scale")["value"].item() == pytest.approx(found.values[0])


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ([], "an empty bloc"),
        (["C01", "C02", "C01"], "C01 is listed twice"),
        (["XXX", "YYY"], "none of XXX, YYY has data"),
    ],
)
def test_mistakes(index: Index, chosen: list[str], message: str) -> None:
    with pytest.raises(ParityError, match=message):
        pool(index, chosen, weights=WEIGHTS)


def test_an_indicator_must_say_whether_it_adds_up(table: pl.DataFrame, spec: object) -> None:
    text = spec.to_toml().replace('kind = "extensive"\n', "", 1)  # type: ignore[attr-defined]
    index = build(type(spec).from_toml(text), table)  # type: ignore[attr-defined]
    with pytest.raises(ParityError, match=r"'papers.scale' does not say whether it adds up"):
        pool(index, ["C01"], weights=WEIGHTS)


def test_a_weight_must_be_in_the_data(index: Index) -> None:
    with pytest.raises(ParityError, match="weights: 'law' by 'voters'"):
        pool(index, ["C01"], weights={"law": "voters"})
