"""What ships: schemas, coverage, provenance, and that it can be rebuilt to the byte."""

from __future__ import annotations

import hashlib
import json
import re

import polars as pl
import pytest

from parity.catalogue import load_table, tables, vintage
from parity.catalogue._snapshot import SNAPSHOT, datapackage
from parity.catalogue.build import indicators as build_indicators
from parity.catalogue.build._frame import build
from parity.catalogue.build._registry import TABLES
from parity.errors import ParityError

MAX_BYTES = 8_000_000
SUB_PILLARS = {
    "talent", "infrastructure", "operating_environment", "research", "development", "commercial",
    "government_strategy",
}  # fmt: skip
WIDE_COVERAGE = 110
# Coverage was counted from the raw files by other hands, in the years that it names.
COVERAGE_TOLERANCE = 2


def test_every_table_of_the_package_is_there_and_sound():
    for entry in datapackage()["resources"]:
        content = (SNAPSHOT / entry["path"]).read_bytes()
        assert len(content) == entry["bytes"]
        assert f"sha256:{hashlib.sha256(content).hexdigest()}" == entry["hash"]
        frame = pl.read_parquet(SNAPSHOT / entry["path"])
        assert frame.columns == [field["name"] for field in entry["schema"]["fields"]]
        assert not frame.select(entry["schema"]["primaryKey"]).is_duplicated().any()


def test_package_is_what_the_registry_makes():
    assert list(tables()) == [table.name for table in TABLES]
    on_disk = {path.name for path in SNAPSHOT.iterdir() if path.is_file()}
    assert on_disk == {f"{name}.parquet" for name in tables()} | {"datapackage.json", "SHA256SUMS"}


def test_snapshot_is_small():
    assert sum(path.stat().st_size for path in SNAPSHOT.rglob("*") if path.is_file()) < MAX_BYTES


def test_vintage_is_the_latest_retrieval():
    assert vintage() == f"snapshot {load_table('sources')['retrieved'].max()}"


def test_unknown_table_is_told():
    with pytest.raises(ParityError, match=r"no table 'observation'\. Did you mean 'observations'"):
        load_table("observation")


def test_every_row_has_a_source_with_licence_citation_and_checksums(observations):
    sources = load_table("sources")
    assert set(observations["source"]) <= set(sources["source"])
    for column in ("title", "publisher", "licence", "licence_url", "vintage", "citation", "url"):
        assert (sources[column].str.len_chars() > 0).all(), column
    files = load_table("source_files")
    assert set(files["source"]) == set(sources["source"])
    assert files["sha256"].str.contains("^[0-9a-f]{64}$").all()


def test_only_open_licences_feed_the_observations(observations):
    used = load_table("sources").join(observations.select("source").unique(), on="source", how="semi")
    closed = used.filter(~pl.col("licence").str.contains("^(CC0|CC-BY-[34]|ODbL|PDDL|MIT|OGDL)"))
    assert set(closed["source"]) == {
        "taiwan-statistics",  # single figures, each with its source
        "top500",  # country totals only: free use with attribution
        "top500-2025",
    }


def test_indicators_describe_the_observations(observations):
    table = load_table("indicators")
    assert set(table["indicator"]) == set(observations["indicator"])
    for column, allowed in build_indicators.CHOICES.items():
        assert set(table[column]) <= set(allowed)
    scored = table.filter(pl.col("use") != "denominator")
    assert scored.select("direction", "pillar", "sub_pillar").null_count().sum_horizontal().item() == 0


def test_enough_indicators_with_wide_coverage(observations):
    covered = observations.group_by("indicator").agg(pl.col("iso3").n_unique().alias("countries"))
    table = load_table("indicators").join(covered, on="indicator").filter(pl.col("use") != "denominator")
    wide = table.filter((pl.col("countries") >= WIDE_COVERAGE) | (pl.col("absent") == "zero"))
    assert wide.height >= 30
    by_pillar = wide.group_by("sub_pillar").len()
    assert set(by_pillar["sub_pillar"]) == SUB_PILLARS
    assert by_pillar["len"].min() >= 3


def test_russia_china_and_america_have_every_core_indicator(observations):
    core = load_table("indicators").filter(pl.col("use") == "core")["indicator"]
    for iso3 in ("RUS", "CHN", "USA"):
        assert set(core) <= set(observations.filter(pl.col("iso3") == iso3)["indicator"])


def test_structural_zeros_are_a_rule_not_rows(observations):
    """A country without a model has no row; the rule that makes it a zero is the indicator's."""
    zeros = load_table("indicators").filter(pl.col("absent") == "zero")["indicator"].to_list()
    assert {"notable_models", "gpu_cluster_h100e", "top500_rmax", "cloud_regions"} <= set(zeros)
    stored = observations.filter(pl.col("indicator").is_in(zeros), pl.col("value") == 0)
    # The customs' own zeros, below a thousand dollars; authors none of whose papers was highlighted.
    assert set(stored["source"]) <= {"taiwan-customs-8542", "top-ml-conferences-2024-2025"}
    assert "structural_zero" not in set(observations["flag"])


def test_taiwan_is_no_destination_of_its_own_exports(observations):
    row = load_table("indicators").row(
        by_predicate=pl.col("indicator") == "ic_imports_from_taiwan", named=True
    )
    assert (row["absent"], row["absent_except"]) == ("zero", "TWN")
    assert observations.filter(indicator="ic_imports_from_taiwan", iso3="TWN").is_empty()


def test_governance_keeps_its_standard_errors(observations):
    governance = observations.filter(pl.col("indicator").str.starts_with("wgi_"))
    assert governance["indicator"].n_unique() == 6
    assert governance["se"].null_count() == 0
    assert (governance["se"] > 0).all()
    others = observations.filter(~pl.col("indicator").str.starts_with("wgi_"))
    assert others["se"].null_count() == others.height


def test_gdp_is_population_times_gdp_per_person(observations):
    wide = observations.filter(
        pl.col("indicator").is_in(["population", "gdp_pc_ppp", "gdp_ppp"])
    ).pivot("indicator", index=["iso3", "year"], values="value").drop_nulls()  # fmt: skip
    product = wide["population"] * wide["gdp_pc_ppp"]
    assert ((wide["gdp_ppp"] / product - 1).abs() < 1e-12).all()


@pytest.mark.shared
def test_counts_of_countries_agree_with_the_coverage_file(shared, observations):
    """Countries with a value in the years of the coverage file, counted there independently."""
    coverage = pl.read_csv(shared / "data" / "coverage.csv", infer_schema=False)
    years = pl.col("year").str.extract_all(r"\b(?:19|20)\d\d\b").list.eval(pl.element().cast(pl.Int32))
    # A span in brackets is that of the file; the count is of the span before it.
    windows = coverage.with_columns(years=years).filter(
        ~pl.col("year").str.contains(r"\(|to |any|about|partial|Q"), pl.col("indicator") != "market_cap"
    )
    compared = 0
    for row in windows.iter_rows(named=True):
        rows = observations.filter(pl.col("indicator") == row["indicator"])
        within = rows.filter(pl.col("year").is_between(row["years"][0], row["years"][-1]))
        if within.is_empty():
            continue
        if row["indicator"] in ("fixed_broadband", "internet_users", "electricity_use"):
            continue  # a newer edition than the file counts
        compared += 1
        assert abs(within["iso3"].n_unique() - int(row["countries"])) <= COVERAGE_TOLERANCE, row["indicator"]
    assert compared >= 22


@pytest.mark.shared
def test_rebuild_gives_the_same_bytes(shared):
    content = build(shared / "data" / "raw")
    changed = [name for name, data in content.items() if (SNAPSHOT / name).read_bytes() != data]
    assert changed == []


def test_descriptor_is_frictionless():
    package = json.loads((SNAPSHOT / "datapackage.json").read_text(encoding="utf-8"))
    assert {"name", "title", "version", "licenses", "sources", "resources"} <= set(package)
    for source in package["sources"]:
        assert source["title"]
        assert source["path"].startswith("http")
        assert source["citation"]
        assert all(re.search(r"\S+ sha256:[0-9a-f]{64}$", file) for file in source["files"])
