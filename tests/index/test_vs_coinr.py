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

from parity.index import Index, audit, build
from parity.index._statistics import correlations, statistics
from parity.index.audit import removal_effects
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


def test_statistics(shared: Path, example: Index) -> None:
    """COINr rounds its table to three significant digits."""
    expected = table(shared, "example_stats_raw")
    found = statistics(example.stages["raw"].values, example.spec.codes)
    assert found["indicator"].to_list() == expected["iCode"].to_list()
    columns = {
        "min": "Min", "max": "Max", "mean": "Mean", "median": "Median", "sd": "Std", "skewness": "Skew",
        "kurtosis": "Kurt", "available": "N.Avail", "nonzero": "N.NonZero", "distinct": "N.Unique",
        "same": "N.Same", "share_available": "Frc.Avail", "share_nonzero": "Frc.NonZero",
        "share_distinct": "Frc.Unique", "share_same": "Frc.Same",
    }  # fmt: skip
    for ours, theirs in columns.items():
        rounded = expected[theirs].cast(pl.Float64).to_numpy()
        # Half a unit in the third digit, which is as much as rounding can move a number.
        half = 0.5 * 10.0 ** (np.floor(np.log10(np.maximum(np.abs(rounded), 1e-300))) - 2)
        assert (np.abs(found[ours].to_numpy() - rounded) <= half * (1 + TOLERANCE)).all()
    flags = {
        "few": "Flag.Avail",
        "zeros": "Flag.NonZero",
        "repeated": "Flag.Unique",
        "outliers": "Flag.SkewKurt",
    }
    for flag, column in flags.items():
        raised = [flag in text.split() for text in found["flags"]]
        assert raised == [value != "ok" for value in expected[column]]


def test_correlations(shared: Path, example: Index) -> None:
    """COINr leaves out those with p above 0.05."""
    found = correlations(example.stages["normalised"].values, example.spec.codes)
    both = table(shared, "example_corr_pearson").join(
        found, left_on=["Var1", "Var2"], right_on=["first", "second"]
    )
    assert both.height == 49 * 49
    shown = both.filter(pl.col("Correlation").is_not_null())
    np.testing.assert_allclose(
        shown["correlation"].to_numpy(), shown["Correlation"].to_numpy(), rtol=0, atol=TOLERANCE
    )
    assert (shown["p"] <= 0.05).all()
    assert (both.filter(pl.col("Correlation").is_null())["p"] > 0.05).all()


def test_effect_of_removing_pillars(shared: Path, example: Index) -> None:
    expected = table(shared, "remove_level2").filter(pl.col("removed") != "Nominal")
    found = removal_effects(example, level=2)
    assert found["node"].to_list() == expected["removed"].to_list()
    np.testing.assert_allclose(
        found["mean_rank_change"].to_numpy(), expected["mean_abs_rank_diff"].to_numpy(), rtol=TOLERANCE
    )


def test_optimised_weights_reach_their_target_where_one_is_in_reach(shared: Path) -> None:
    steps = EXAMPLE.format(normalise="", aggregate="") + '[steps.weight.level.3]\nmethod = "optimised"\n'
    index = build(spec(shared, steps), table(shared, "asem_data"))
    shares = audit(index).weights.filter(pl.col("level") == 3)["by_correlation"].to_numpy()
    assert np.abs(shares - 0.5).max() <= 0.005


def test_optimised_weights_say_how_near_they_come_where_none_do(shared: Path) -> None:
    """At level 2 no weights of 0 or more give the eight pillars equal importance."""
    steps = EXAMPLE.format(normalise="", aggregate="") + '[steps.weight.level.2]\nmethod = "optimised"\n'
    index = build(spec(shared, steps), table(shared, "asem_data"))
    shares = audit(index).weights.filter(pl.col("level") == 2)["by_correlation"].to_numpy()
    worst = np.abs(shares - 1 / 8).max()
    theirs = table(shared, "example_optweights_level2_corr")
    assert worst < np.abs(theirs["Obtained"] - theirs["Desired"]).max() / 2
    notes = next(record.notes for record in index.log if record.step == "weight")
    assert f"at most {worst:.2g} from its target" in notes[0]
    signed = build(spec(shared, steps + 'negative = "keep"\n'), table(shared, "asem_data"))
    shares = audit(signed).weights.filter(pl.col("level") == 2)["by_correlation"].to_numpy()
    assert np.abs(shares - 1 / 8).max() <= 0.005
    assert (signed.weights < 0).any()
