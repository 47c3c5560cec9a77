"""The chips section of a brief, and events."""

from __future__ import annotations

import json

import polars as pl
import pytest

from parity import chips
from parity.catalogue import load_table


@pytest.mark.parametrize("country", ["RUS", "CHN", "USA", "DEU", "NGA"])
def test_section(country: str, book: chips.RuleBook, accelerators: pl.DataFrame) -> None:
    found = chips.section(
        book, accelerators, load_table("clusters"), load_table("compute_published"), country
    )
    body = json.loads(json.dumps(found.as_dict()))
    assert body["lag"]["unit"] == "months"
    assert body["lag"]["value"] is not None or body["lag"]["reason"]
    assert set(body["best"]) == {"free", "exception", "approval", "case_by_case", "domestic"}
    assert body["world"]
    assert body["on"] == "2026-09-30"
    assert found.vintage == book.vintage


def test_section_of_russia(book: chips.RuleBook, accelerators: pl.DataFrame) -> None:
    found = chips.section(book, accelerators, load_table("clusters"), load_table("compute_published"), "RUS")
    assert found.groups == ("D:1", "D:4", "D:5")
    assert set(found.best.values()) == {None}
    assert set(found.terms) == {"denied", "domestic", "open"}
    assert len(found.events) == 5


def test_timeline_of_a_country(book: chips.RuleBook) -> None:
    every, own = chips.timeline(book), chips.timeline(book, "NIC")
    assert every["day"].drop_nulls().is_sorted()
    assert every.height == 84
    # Named in one event, covered as a member of D:5 by the rules.
    assert {"us_ni_2024_03", "us_ac_2023_10"} <= set(own["id"])
    assert "us_ru_2022_02" not in set(own["id"])
