"""Affinity, dated changes and scans: closed forms, planted breaks, and Russia and China."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from parity.blocs import Panel, expected, scan, tie
from parity.errors import ParityError
from tests.blocs.conftest import panel_of

EXACT = 1e-9


def fitness(n: int, rng: np.random.Generator) -> np.ndarray:
    return np.exp(rng.normal(4, 1, n))


def planted(change: float, seed: int = 0, n: int = 25, t: int = 24) -> Panel:
    """Return ties that follow countries' totals, but for one pair's change half way."""
    rng = np.random.default_rng(seed)
    weights = np.empty((t, n, n))
    growth = rng.normal(0, 0.3, (t, n)).cumsum(axis=0) * 0.3
    size = fitness(n, rng)
    for k in range(t):
        x = size * np.exp(growth[k])
        noise = np.exp(rng.normal(0, 0.1, (n, n)))
        w = np.outer(x, x) * np.triu(noise, 1)
        if k >= t // 2:
            w[2, 5] *= change
        weights[k] = w + w.T
    return panel_of(weights)


def test_expected_keeps_every_total() -> None:
    rng = np.random.default_rng(1)
    w = np.triu(rng.pareto(1.0, (30, 30)), 1)
    w += w.T
    w[4], w[:, 4] = 0, 0
    found = expected(w)
    np.testing.assert_allclose(found.sum(axis=1), w.sum(axis=1), rtol=EXACT)
    assert (np.diag(found) == 0).all()
    np.testing.assert_array_equal(found, found.T)


def test_ties_that_follow_the_model_have_affinity_one() -> None:
    x = fitness(12, np.random.default_rng(2))
    w = np.outer(x, x)
    np.fill_diagonal(w, 0)
    np.testing.assert_allclose(expected(w), w, rtol=1e-8)


def test_expected_is_the_poisson_fit_with_a_parameter_per_country() -> None:
    """The configuration model is a Poisson regression on country dummies (statsmodels)."""
    import statsmodels.api as sm

    rng = np.random.default_rng(3)
    w = np.triu(rng.poisson(30, (9, 9)), 1).astype(float)
    i, j = np.triu_indices(9, 1)
    dummies = np.zeros((len(i), 9))
    dummies[np.arange(len(i)), i] = dummies[np.arange(len(i)), j] = 1
    fit = sm.GLM(w[i, j], dummies, family=sm.families.Poisson()).fit()
    np.testing.assert_allclose(expected(w + w.T)[i, j], fit.fittedvalues, rtol=1e-6)


def test_finds_a_planted_break_whatever_the_countries_do() -> None:
    ties = planted(0.4)
    found = tie(ties, "C02", "C05")
    assert [one.period for one in found.breaks] == ["2003Q1"]
    (one,) = found.breaks
    assert one.change.low is not None
    assert one.change.high is not None
    assert one.change.low < -60 < one.change.high
    assert one.p < 0.001
    assert one.earliest <= one.period <= one.latest


def test_another_pair_of_the_same_countries_does_not_break() -> None:
    assert tie(planted(0.4), "C02", "C07").breaks == ()


def test_a_scan_finds_the_planted_break_and_little_else() -> None:
    table = scan(planted(0.4))
    clear = table.filter(pl.col("p_holm") < 0.05)
    assert clear.select("a", "b", "period").rows() == [("C02", "C05", "2003Q1")]
    assert table.height == 25 * 24 / 2
    assert (table.filter(pl.col("p") <= 0.05).height / table.height) < 0.1


def test_intervals_of_a_scan_cover_the_truth() -> None:
    """Affinity 1 for pairs that follow the model, and the planted change, in nine of ten cases."""
    inside, sized = [], []
    for seed in range(30):
        table = scan(planted(0.4, seed=seed))
        row = table.filter(a="C02", b="C05").row(0, named=True)
        sized.append(row["change_low"] <= -60 <= row["change_high"])
        rest = table.filter(~((pl.col("a") == "C02") & (pl.col("b") == "C05")))
        inside.append(((rest["low"] <= 1) & (rest["high"] >= 1)).mean())
    assert np.mean(inside) == pytest.approx(0.9, abs=0.03)
    assert np.mean(sized) > 0.7


def test_a_scan_agrees_with_the_pair() -> None:
    ties = planted(0.4)
    row = scan(ties).filter(a="C02", b="C05").row(0, named=True)
    (one,) = tie(ties, "C02", "C05").breaks
    assert row["period"] == one.period
    assert row["change"] == pytest.approx(one.change.value)


def test_a_scan_of_one_country_holds_its_pairs() -> None:
    table = scan(planted(0.4), "C05")
    assert table["a"].unique().to_list() == ["C05"]
    assert table.height == 24
    assert table.filter(b="C02")["change"].item() < 0


def test_changes_between_spans_are_those_of_the_means() -> None:
    found = tie(planted(0.4), "C02", "C05")
    change = found.change("2000", "2005", adjusted=False)
    expected_change = 100 * (np.exp(np.log(found.weight[-4:]).mean() - np.log(found.weight[:4]).mean()) - 1)
    assert change.value == pytest.approx(expected_change)
    with pytest.raises(ParityError, match="no period '1999'"):
        found.change("1999", "2005")


def test_order_of_the_pair_does_not_matter() -> None:
    ties = planted(0.4)
    one, other = tie(ties, "C02", "C05"), tie(ties, "C05", "C02")
    np.testing.assert_array_equal(one.affinity, other.affinity)
    assert one.breaks == other.breaks


def test_a_pair_not_published_throughout_is_not_tested() -> None:
    weights = planted(1.0).weights.copy()
    weights[3, 2, 5] = weights[3, 5, 2] = 0
    found = tie(panel_of(weights), "C02", "C05")
    assert found.breaks == ()
    assert found.reason.startswith("published in 23 of 24 periods only")
    assert np.isnan(found.weight[3])
    assert found.latest().reason == found.reason
    assert found.change("2000", "2005").value is None
