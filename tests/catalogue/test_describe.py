"""Cards and listings."""

from __future__ import annotations

import pytest

from parity.catalogue import describe, listing, load_table, rows_of, sparkline, tables
from parity.errors import NoAnswerError, ParityError


def test_card_of_an_indicator_tells_all():
    card = describe("GTMI", ("Russia",))
    assert (card.id, card.kind) == ("gtmi", "indicator")
    assert card.facts["unit"] == "index, 0 to 1"
    assert "missing, not zero" in card.facts["absent"]
    (source,) = card.sources
    assert (source.publisher, source.licence) == ("World Bank", "CC-BY-4.0")
    assert source.citation.startswith("World Bank (2026). GovTech")
    assert card.coverage["year"].to_list() == [2020, 2022]
    assert card.series["iso3"].unique().to_list() == ["RUS"]


def test_card_states_the_rule_for_absence():
    assert "zero, except TWN" in describe("ic_imports_from_taiwan").facts["absent"]


@pytest.mark.parametrize("name", tables())
def test_card_of_a_table_describes_its_columns(name):
    card = describe(f"table:{name}")
    assert card.kind == "table"
    assert set(load_table(name).columns) <= set(card.facts)


def test_card_of_a_source_lists_its_indicators():
    card = describe("worldbank-wgi")
    assert card.facts["indicators"].split(", ") == [f"wgi_{d}" for d in ("cc", "ge", "pv", "rl", "rq", "va")]


def test_unknown_name_gets_suggestions():
    with pytest.raises(ParityError, match=r"nothing called 'gtmii'.*'gtmi'"):
        describe("gtmii")


def test_country_without_a_value_is_no_answer():
    with pytest.raises(NoAnswerError, match="Russia has no value of 'Use of Claude'"):
        describe("claude_usage", ("RUS",))


def test_series_are_of_indicators_only():
    with pytest.raises(ParityError, match="not an indicator"):
        describe("groups", ("RUS",))


@pytest.mark.parametrize("kind", ["tables", "indicators", "sources"])
def test_listing_has_a_row_for_each(kind):
    frame = listing(kind)
    assert frame.height == (len(tables()) if kind == "tables" else load_table(kind).height)


def test_rows_of_an_indicator_and_a_source():
    assert set(rows_of("gtmi")["indicator"]) == {"gtmi"}
    assert set(rows_of("top500")["source"]) == {"top500"}
    assert rows_of("groups").equals(load_table("groups"))


@pytest.mark.parametrize(
    ("values", "drawn"), [([], ""), ([3], "▁"), ([1, 1], "▁▁"), ([0, 7], "▁█"), ([0, 1, 2, 7], "▁▂▃█")]
)
def test_sparkline(values, drawn):
    assert sparkline(values) == drawn
