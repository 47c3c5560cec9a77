"""The same traps on the real raw files: the snapshot against an independent reading of them."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from parity.catalogue import load_table

pytestmark = pytest.mark.shared

EXACT = 1e-9
# From one list to the next the world's total grows, but never tenfold: a unit misread is a thousandfold.
LARGEST_GROWTH = 3.0


@pytest.fixture(scope="module")
def raw(shared) -> Path:
    return shared / "data" / "raw"


def rows(path: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    """Read a CSV file with the standard library: nothing in common with the transforms."""
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def series(observations: pl.DataFrame, indicator: str, year: int) -> dict[str, float]:
    return dict(observations.filter(indicator=indicator, year=year).select("iso3", "value").rows())


def test_namibia_is_in_github_and_openalex(raw, observations):
    last = [
        float(row["developers"])
        for row in rows(raw / "github-innovation-graph" / "developers.csv")
        if (row["iso2_code"], row["year"], row["quarter"]) == ("NA", "2025", "3")
    ]
    assert series(observations, "gh_developers", 2025)["NAM"] == last[0]
    assert "NAM" in series(observations, "openalex_ai", 2020)


def test_korean_and_american_models_are_counted_once_each(raw, observations):
    counts: Counter[str] = Counter()
    for row in rows(raw / "epoch" / "notable_ai_models.csv"):
        if row["Publication date"].startswith("2024"):
            counts.update({country.strip() for country in row["Country (of organization)"].split(",")})
    found = series(observations, "notable_models", 2024)
    assert found["KOR"] == counts["Korea (Republic of)"]
    assert found["USA"] == counts["United States of America"]
    assert found["CHN"] == counts["China"]
    assert counts["Korea (Republic of)"] > 0


def test_clusters_add_up_to_the_publishers_rule(raw, observations):
    total = 0.0
    for row in rows(raw / "epoch" / "gpu_clusters.csv"):
        kept = row["Status"] == "Existing" and row["Certainty"] != "Unlikely"
        if kept and row["Possible Duplicate"] != "True" and row["Country"] == "Russia":
            total += float(row["H100 equivalents"] or 0)
    assert series(observations, "gpu_cluster_h100e", 2025)["RUS"] == pytest.approx(total, rel=EXACT)


def test_one_vintage_of_investment_is_used(raw, observations):
    folder = raw / "owid-cset-cat"
    first = rows(folder / "private-investment-in-artificial-intelligence-cset.csv")
    later = rows(folder / "private-investment-in-artificial-intelligence-cset_later-vintage.csv")
    column = "Estimated funding raised by privately held AI companies - Field: All"
    known = {(row["Code"], int(row["Year"])): float(row[column]) for row in later if row[column]}
    ours = {
        (iso3, year): value
        for iso3, year, value in observations.filter(indicator="ai_investment")
        .select("iso3", "year", "value").rows()
    }  # fmt: skip
    assert all(known[key] == value for key, value in ours.items())
    earlier = {(row["Code"], int(row["Year"])): float(row["All"]) for row in first if row["All"]}
    assert sum(earlier.get(key, value) != value for key, value in ours.items()) > 100  # they do differ
    flagged = load_table("revisions").filter(indicator="ai_investment")
    assert {("SGP", 2025), ("MLT", 2025)} <= set(flagged.select("iso3", "year").rows())
    assert ((flagged["ratio"] > 2) | (flagged["ratio"] < 0.5)).all()


def test_mac_roman_file_keeps_turkiye(raw, observations):
    path = raw / "microsoft-ai-diffusion" / "AI_Diffusion_Q12026_Update.csv"
    with pytest.raises(UnicodeDecodeError):
        path.read_text(encoding="utf-8")
    by_name = {row["Economy"]: row for row in rows(path, "mac_roman")}
    expected = float(by_name["Türkiye"]["Q1 2026 AI Diffusion"].rstrip("%"))
    assert series(observations, "genai_diffusion", 2026)["TUR"] == expected


def test_units_of_top500_are_one(observations):
    totals = (
        observations.filter(indicator="top500_rmax").group_by("year").agg(pl.col("value").sum()).sort("year")
    )
    growth = totals["value"] / totals["value"].shift(1)
    assert growth.drop_nulls().is_between(1, LARGEST_GROWTH).all()


def test_no_aggregate_is_taken_for_a_country(raw, observations):
    """The world's publications in the source are far more than any country's."""
    for name, indicator in (
        ("annual-scholarly-publications-on-artificial-intelligence.csv", "ai_publications"),
        ("artificial-intelligence-patents-submitted.csv", "ai_patents"),
    ):
        source = rows(raw / "owid-cset-cat" / name)
        world = {int(row["Year"]): float(row["All"]) for row in source if row["Code"] == "OWID_WRL"}
        for year, total in world.items():
            assert max(series(observations, indicator, year).values()) < total
    unions = [
        float(row["developers"])
        for row in rows(raw / "github-innovation-graph" / "developers.csv")
        if (row["iso2_code"], row["year"], row["quarter"]) == ("EU", "2025", "3")
    ]
    assert unions[0] not in series(observations, "gh_developers", 2025).values()


def test_topics_are_censored_so_that_absence_is_no_zero(raw, observations):
    smallest = min(int(row["num_pushers"]) for row in rows(raw / "github-innovation-graph" / "topics.csv"))
    assert smallest > 100
    assert observations.filter(indicator="gh_ai_topic_pushers")["value"].min() > 100


def test_taiwan_and_hong_kong_are_where_the_sources_have_them(observations):
    present = {iso3: set(observations.filter(iso3=iso3)["indicator"]) for iso3 in ("TWN", "HKG")}
    assert {"ai_publications", "gh_developers", "wgi_rl", "population", "genai_diffusion"} <= present["TWN"]
    assert {"wgi_rl", "gh_developers", "internet_users", "population"} <= present["HKG"]
    assert "internet_users" not in present["TWN"]  # no World Bank series
    own = observations.filter(indicator="rd_expenditure", iso3="TWN")
    assert own["source"].unique().to_list() == ["taiwan-statistics"]
    assert not {"ai_publications", "genai_diffusion"} & present["HKG"]


def test_partial_year_of_customs_is_left_out(raw, observations):
    totals = rows(raw / "taiwan-customs-8542" / "taiwan_exports_hs8542_total_by_code.csv")
    assert any("7月" in row["日期"] for row in totals)
    assert observations.filter(indicator="ic_imports_from_taiwan")["year"].max() == 2024


def test_russia_has_no_policies_at_the_oecd_and_no_medals_after_2021(observations):
    assert observations.filter(indicator="oecd_policies", iso3="RUS").is_empty()
    assert observations.filter(indicator="imo_medal_points", iso3="RUS")["year"].max() == 2021


def test_claude_is_absent_where_it_is_not_offered(observations):
    assert observations.filter(pl.col("iso3").is_in(["RUS", "CHN"]), indicator="claude_usage").is_empty()
    assert observations.filter(indicator="claude_usage")["value"].min() > 0


def test_brazil_has_no_researchers_after_2014(observations):
    assert observations.filter(indicator="researchers_per_million", iso3="BRA")["year"].max() == 2014
