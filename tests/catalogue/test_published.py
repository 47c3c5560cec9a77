"""What was published, by edition: the right edition, both versions, and what may decide."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from parity.catalogue import deciding, load_table
from parity.catalogue.build._provenance import last_day
from parity.catalogue.build.published import address


@pytest.mark.parametrize(
    ("index", "edition", "iso3", "rank", "countries"),
    [
        ("Global AI Index", "2021", "GBR", 3, 62),
        ("Global AI Index", "2021", "ISR", 5, 62),
        ("Global AI Index", "2023", "GBR", 4, 62),
        ("Global AI Index", "2023", "SGP", 3, 62),
        ("Global AI Index", "2024", "RUS", 31, 83),
        ("Global AI Vibrancy Tool", "2024", "IND", 4, 36),
        ("Global AI Vibrancy Tool", "2025", "IND", 3, 36),
        ("Government AI Readiness Index", "2023", "KAZ", 72, 193),
        ("Global Innovation Index", "2025", "CHE", 1, 139),
        ("Frontier Technologies Readiness Index", "2025", "CHN", 21, 170),
    ],
)
def test_a_rank_belongs_to_its_edition(index, edition, iso3, rank, countries):
    row = deciding(load_table("published_ranks")).filter(index=index, edition=edition, iso3=iso3)
    assert row.select("rank", "countries").rows() == [(rank, countries)]


def test_a_rank_that_a_later_edition_restates_is_kept_as_published():
    ranks = load_table("published_ranks").filter(index="Global AI Vibrancy Tool", iso3="IND")
    assert ranks.sort("published").filter(pl.col("published") > dt.date(2024, 1, 1)).select(
        "edition", "rank", "now"
    ).rows() == [("2024", 4, 7), ("2025", 3, None)]


def test_two_versions_of_one_report_are_both_published():
    found = load_table("published_figures").filter(
        report="AI Index Report", edition="2026", measure="notable_models", period="2025", unit="models"
    )
    values = {iso3: set(rows["value"]) for (iso3,), rows in found.group_by("iso3")}
    assert values["USA"] == {50.0, 59.0}
    assert values["CHN"] == {30.0, 35.0}


def test_a_figure_says_what_newer_editions_give():
    figures = load_table("published_figures").filter(
        measure="private_ai_investment", iso3="USA", period="2023"
    )
    first = figures.filter(edition="2024", comparison="level")
    assert (first["value"].item(), first["now"].item()) == (67.2, 72.36)


def test_scores_of_closed_indices_stay_out():
    closed = load_table("published_ranks").filter(basis="file", index="Global AI Index")
    assert closed.height == 62
    assert closed["score"].null_count() == 62


def test_every_alias_leads_to_an_index():
    ranks, aliases = load_table("published_ranks"), load_table("index_aliases")
    assert set(aliases["index"]) == set(ranks["index"])


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2024-02-09", dt.date(2024, 2, 9), "day"),
        ("2024-02", dt.date(2024, 2, 29), "month"),
        ("2024", dt.date(2024, 12, 31), "year"),
        ("", None, None),
    ],
)
def test_a_day_is_the_last_that_its_text_covers(text, day, precision):
    assert last_day(text) == (day, precision)


def test_a_file_in_a_repository_has_an_address():
    commit = "0" * 40
    assert address(f"a/b@{commit}:x y.csv") == f"https://github.com/a/b/blob/{commit}/x%20y.csv"
    assert address("https://example.org/a") == "https://example.org/a"
