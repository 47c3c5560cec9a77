"""The worked examples of the rule data: figures, paragraphs and statuses that nobody here made up."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from parity import chips
from tests.chips.conftest import Judge

STATUS = "china_status_"
COLUMNS = {
    "china_status_2022_12_31": "2022-12-31",
    "china_status_2023_12_31": "2023-12-31",
    "china_status_2025_01_31": "2025-01-31",
    "china_rule_status_2026_08_01": "2026-08-01",
}
# The examples give figures as a datasheet does, to four digits.
FIGURE_TOLERANCE = 2e-3


@pytest.fixture(scope="module")
def examples(shared: Path) -> list[dict[str, str]]:
    path = shared / "data" / "raw" / "export-controls" / "worked_examples.csv"
    with path.open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["use_as_test"] in ("yes", "arithmetic")]


def test_every_status_at_every_date(examples: list[dict[str, str]], judge: Judge) -> None:
    wrong = [
        (row["device"], day, ruling.verdict, row[column])
        for row in examples
        for column, day in COLUMNS.items()
        if (ruling := judge(row["device"], "CHN", day)).verdict != row[column]
    ]
    assert len(examples) == 21
    # The reported notice of April 2025 covers the faster card as it does the 5090D.
    assert wrong == [("NVIDIA GeForce RTX 5090", "2026-08-01", "letter_licence (reported)", "nac")]


def test_every_paragraph(examples: list[dict[str, str]], judge: Judge) -> None:
    wrong = [
        (row["device"], ruling.paragraph, row["paragraph_after_oct2023"])
        for row in examples
        if (ruling := judge(row["device"], "CHN", "2023-12-31")).paragraph
        != (None if row["paragraph_after_oct2023"] == "none" else row["paragraph_after_oct2023"])
    ]
    assert wrong == []


def test_every_exception(examples: list[dict[str, str]], judge: Judge) -> None:
    for row in examples:
        eligible = judge(row["device"], "CHN", "2023-12-31").exception == "NAC"
        assert eligible == (row["nac_eligible"] == "yes"), row["device"]


def test_statuses_of_examples_with_unverified_figures(shared: Path, judge: Judge) -> None:
    with (shared / "data" / "raw" / "export-controls" / "worked_examples.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["use_as_test"] == "status only"]
    known = [row for row in rows if row["tpp"]]
    assert [row["device"] for row in known] == ["NVIDIA L40S", "NVIDIA A30", "NVIDIA RTX A6000"]
    for row in known:
        for column, day in COLUMNS.items():
            assert judge(row["device"], "CHN", day).verdict == row[column], (row["device"], day)


def test_the_ambiguous_one_follows_its_flag(judge: Judge) -> None:
    dated = ("2022-12-31", "2023-12-31", "2025-01-31", "2026-08-01")
    stated = ("not_controlled", "licence_denial", "licence_denial", "case_by_case_if_conditions_met")
    for day, status in zip(dated, stated, strict=True):
        assert judge("RTX 6000 Ada", "CHN", day, data_center=True).verdict == status
    assert judge("RTX 6000 Ada", "CHN", "2023-12-31", data_center=False).verdict == "nac"
    unsaid = judge("RTX 6000 Ada", "CHN", "2023-12-31")
    assert (unsaid.status, unsaid.license_required, unsaid.exception) == ("controlled", True, None)
    assert "whether it is designed or marketed for data centres" in unsaid.unknown


def test_figures_in_use(examples: list[dict[str, str]], accelerators: pl.DataFrame) -> None:
    for row in examples:
        facts = chips.find_device(row["device"], accelerators).facts
        if row["tpp"]:
            assert facts["tpp"] == pytest.approx(float(row["tpp"]), rel=FIGURE_TOLERANCE)
        if facts["die_area"] is None and row["device"] == "Intel Gaudi 2":
            continue  # the example has the area of another part
        if row["performance_density"]:
            density = facts["tpp"] / facts["die_area"]
            assert density == pytest.approx(float(row["performance_density"]), rel=FIGURE_TOLERANCE)
        else:
            assert facts["die_area"] is None


def test_the_scope_of_2023_is_the_published_count(book: chips.RuleBook, judge: Judge) -> None:
    """CSET counted 44 countries and Macau; Hong Kong is ruled as China."""
    force = book.on(date(2023, 11, 17))
    named = {iso3 for iso3 in book.groups.spans if force.party(iso3).labels & {"D:1", "D:4", "D:5", "MAC"}}
    inside = {iso3 for iso3 in named if judge("NVIDIA A100", iso3, "2023-11-17").license_required}
    assert len(inside - {"MAC", "HKG"}) == 44
    assert {"MAC", "HKG"} <= inside
