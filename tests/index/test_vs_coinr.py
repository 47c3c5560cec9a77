"""Parity with COINr 1.1.14 on its ASEM example.

Every expected number is COINr's own output (data/reference/coinr, made by its
build_example_coin, Normalise, Aggregate, Impute, Treat, remove_elements and
build_example_purse). Two of its outputs are wrong and are not reproduced: log_GII, and
the optimised weights (see its SOURCE.toml).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from parity.index import Index, build
from tests.index.asem import EXAMPLE, reference, relative_difference, spec, table

pytestmark = pytest.mark.shared

# Both sides work in double precision; only the order of sums differs.
TOLERANCE = 1e-9


@pytest.fixture(scope="module")
def example(shared: Path) -> Index:
    return build(spec(shared, EXAMPLE.format(normalise="", aggregate="")), table(shared, "asem_data"))


@pytest.mark.parametrize(
    "stage", ["raw", "denominated", "imputed", "screened", "treated", "normalised", "aggregated"]
)
def test_every_stage(shared: Path, example: Index, stage: str) -> None:
    expected = reference(shared, f"example_{stage}")
    assert relative_difference(example.stage(stage), expected) <= TOLERANCE


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("minmax", 'method = "minmax"\nlower = 1'),
        ("zscore", 'method = "zscore"\nmean = 10\nsd = 2'),
        ("scaled", 'method = "scaled"'),
        ("dist2max", 'method = "distance_to_maximum"'),
        ("fracmax", 'method = "fraction_of_maximum"'),
        ("rank", 'method = "rank"'),
        ("borda", 'method = "borda"'),
        ("prank", 'method = "percentile_rank"'),
    ],
)
def test_normalisation(shared: Path, name: str, options: str) -> None:
    index = build(spec(shared, EXAMPLE.format(normalise=options, aggregate="")), table(shared, "asem_data"))
    assert relative_difference(index.stage("normalised"), reference(shared, f"normalise_{name}")) <= TOLERANCE


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("amean", 'method = "arithmetic"'),
        ("gmean", 'method = "geometric"'),
        ("hmean", 'method = "harmonic"'),
        ("genmean", 'method = "power"\npower = -2'),
    ],
)
def test_aggregation(shared: Path, name: str, options: str) -> None:
    steps = EXAMPLE.format(normalise="lower = 1", aggregate=options)
    index = build(spec(shared, steps), table(shared, "asem_data"))
    assert relative_difference(index.stage("aggregated"), reference(shared, f"aggregate_{name}")) <= TOLERANCE


def test_copeland_over_all_indicators(shared: Path) -> None:
    steps = EXAMPLE.format(normalise="lower = 1", aggregate='method = "copeland"')
    index = build(spec(shared, steps, flat=True), table(shared, "asem_data"))
    expected = reference(shared, "aggregate_copeland_flat_equalweights")
    found = index.stage("aggregated").select("id", copeland="index")
    assert relative_difference(found, expected) == 0.0


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("mean", 'method = "mean"'),
        ("median", 'method = "median"'),
        ("median_grp_gdp", 'method = "group_median"\nby = "GDP_group"'),
    ],
)
def test_imputation(shared: Path, name: str, options: str) -> None:
    index = build(spec(shared, f"[steps.impute]\n{options}"), table(shared, "asem_data"))
    assert relative_difference(index.stage("imputed"), reference(shared, f"impute_{name}")) <= TOLERANCE


def test_treatment_decisions(shared: Path, example: Index) -> None:
    expected = table(shared, "example_treatment")
    found = next(record.details for record in example.log if record.step == "treat")
    assert found["indicator"].to_list() == expected["iCode"].to_list()
    exact = {
        "passed_0": "check_SkewKurt0.Pass",
        "winsorised": "winsorise.nwin",
        "passed_1": "check_SkewKurt1.Pass",
    }
    for ours, theirs in exact.items():
        assert found[ours].to_list() == expected[theirs].to_list()
    for number in (0, 1):
        for ours, theirs in (("skewness", "Skew"), ("kurtosis", "Kurt")):
            a = found[f"{ours}_{number}"].to_numpy()
            b = expected[f"check_SkewKurt{number}.{theirs}"].cast(pl.Float64).to_numpy()
            np.testing.assert_allclose(a, b, rtol=TOLERANCE)


def test_ranks(shared: Path, example: Index) -> None:
    expected = table(shared, "example_results").sort("uCode")
    assert example.ranks_table().sort("id")["Index"].to_list() == expected["Rank"].to_list()
    scores = example.stage("aggregated").sort("id")["Index"].round(2)
    assert scores.to_list() == expected["Index"].to_list()


def test_panel_with_one_scale_for_all_years(shared: Path) -> None:
    steps = "[steps.screen]\nmin_available = 0.9\n[steps.treat]\n[steps.normalise]\n[steps.aggregate]\n"
    index = build(spec(shared, steps, panel=True), table(shared, "asem_panel"))
    assert relative_difference(index.stage("aggregated"), reference(shared, "panel_aggregated")) <= TOLERANCE
