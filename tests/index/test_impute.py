"""Imputation: averages, groups, rows, series with gaps, neighbours, the normal model and its draws."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize
from scipy.stats import multivariate_normal

from parity.errors import ParityError
from parity.index import build
from parity.index._fillers import fit_normal
from tests.index.small import built, frame, spec

NAN = float("nan")
# EM stops when no parameter moves by more than 1e-8; the optimiser's own limit is the coarser one.
LIKELIHOOD_TOLERANCE = 1e-4
EXACT = 1e-12


def imputed(steps: str, columns: dict[str, list[float]], **more: list[object]) -> dict[str, list[float]]:
    table = frame(columns).with_columns(**{name: pl.Series(values) for name, values in more.items()})
    index = build(spec(f"[steps.impute]\n{steps}", dict.fromkeys(columns, "")), table)
    return {code: index.stage("imputed")[code].to_list() for code in columns}


def test_mean_and_median() -> None:
    columns = {"a": [1.0, 2.0, 6.0, NAN], "b": [1.0, 2.0, 6.0, NAN]}
    assert imputed('method = "mean"', columns)["a"] == [1.0, 2.0, 6.0, 3.0]
    assert imputed('method = "median"', columns)["b"] == [1.0, 2.0, 6.0, 2.0]


def test_group_with_and_without_fallback() -> None:
    columns = {"a": [1.0, NAN, NAN, NAN, 10.0]}
    groups = ["x", "x", "y", None, "z"]
    assert imputed('method = "group_mean"\nby = "g"', columns, g=groups)["a"] == [1.0, 1.0, None, None, 10.0]
    full = imputed('method = "group_mean"\nby = "g"\nfallback = "mean"', columns, g=groups)["a"]
    assert full == [1.0, 1.0, 5.5, 5.5, 10.0]


def test_the_run_says_what_stays_missing() -> None:
    table = frame({"a": [1.0, NAN], "b": [NAN, NAN]})
    index = build(spec('[steps.impute]\nmethod = "mean"'), table)
    record = next(record for record in index.log if record.step == "impute")
    assert record.message == "filled 1 of 3 missing cells (mean)"
    assert record.notes == ("2 cells stay missing, in b",)
    assert record.changes is not None
    assert record.changes.table().rows() == [("u1", "a", None, 1.0, "mean")]
    assert index.imputed.tolist() == [[False, False], [True, False]]


def test_rows_are_filled_on_the_scale_from_0_to_1() -> None:
    columns = {"a": [0.0, 10.0, 5.0], "b": [100.0, 300.0, NAN], "c": [0.0, 1.0, 0.0]}
    assert imputed('method = "row_mean"', columns)["b"][2] == 100 + 0.25 * 200
    fields = {"a": "direction = -1", "b": "", "c": ""}
    index = build(spec('[steps.impute]\nmethod = "row_mean"', fields), frame(columns))
    assert index.stage("imputed")["b"][2] == 100 + 0.25 * 200


def test_rows_are_filled_from_their_own_group() -> None:
    fields = {"a": 'group = "g"', "b": 'group = "g"', "c": 'group = "h"'}
    groups = (
        '[[group]]\ncode = "g"\nparent = "t"\n[[group]]\ncode = "h"\nparent = "t"\n[[group]]\ncode = "t"\n'
    )
    table = frame({"a": [0.0, 10.0, 5.0], "b": [100.0, 300.0, NAN], "c": [0.0, 1.0, 0.0]})
    index = build(spec('[steps.impute]\nmethod = "row_mean"\nlevel = 2', fields, groups), table)
    assert index.stage("imputed")["b"][2] == 200.0


PANEL = pl.DataFrame(
    {
        "id": ["x"] * 5 + ["y"] * 5 + ["z"] * 5,
        "year": [2016, 2017, 2018, 2019, 2021] * 3,
        "a": [None, 1.0, None, 3.0, None, None, None, 7.0, None, None, None, None, None, None, None],
    }
)


@pytest.mark.parametrize(
    ("steps", "x", "y"),
    [
        ('method = "linear"', [1, 1, 2, 3, 3], [7] * 5),
        ('method = "linear"\nextrapolate = false', [None, 1, 2, 3, None], [None, None, 7, None, None]),
        ('method = "latest"', [None, 1, 1, 3, 3], [None, None, 7, 7, 7]),
        ('method = "latest"\nlook_back = 1', [None, 1, 1, 3, 3], [None, None, 7, 7, None]),
        ('method = "constant"', [1, 1, 1, 3, 3], [7] * 5),
    ],
)
def test_series_with_gaps(steps: str, x: list[float | None], y: list[float | None]) -> None:
    """One known value, none at all, and gaps at both ends; the rows in any order."""
    small = spec(f"[steps.impute]\n{steps}", {"a": ""}, head='year_column = "year"')
    for table in (PANEL, PANEL.reverse(), PANEL.sample(fraction=1, shuffle=True, seed=1)):
        found = build(small, table).stage("imputed").sort("id", "year")["a"].to_list()
        assert found == [*x, *y, *[None] * 5]


def test_linear_counts_years_not_rows() -> None:
    table = pl.DataFrame({"id": ["x"] * 3, "year": [2010, 2018, 2020], "a": [0.0, None, 10.0]})
    index = build(spec('[steps.impute]\nmethod = "linear"', {"a": ""}, head='year_column = "year"'), table)
    assert index.stage("imputed")["a"][1] == 8.0


def test_series_need_years() -> None:
    with pytest.raises(ParityError, match="needs years"):
        built('[steps.impute]\nmethod = "linear"', {"a": [1.0, NAN]})


def test_a_replay_knows_a_units_past() -> None:
    index = build(spec('[steps.impute]\nmethod = "latest"', {"a": ""}, head='year_column = "year"'), PANEL)
    later = pl.DataFrame({"id": ["x", "y", "w"], "year": [2022] * 3, "a": [None, None, None]})
    found = index.apply(later.with_columns(pl.col("a").cast(pl.Float64))).stage("imputed")["a"].to_list()
    assert found == [3.0, 7.0, None]


def test_neighbours() -> None:
    columns = {"a": [0.0, 1.0, 10.0, 0.4], "b": [0.0, 2.0, 20.0, NAN]}
    assert imputed('method = "neighbours"\nneighbours = 1', columns)["b"][3] == 0.0
    assert imputed('method = "neighbours"\nneighbours = 2', columns)["b"][3] == 1.0
    assert imputed('method = "neighbours"\nneighbours = 9', columns)["b"][3] == 22 / 3


def test_model_of_complete_data_is_its_mean_and_covariance(rng: np.random.Generator) -> None:
    x = rng.standard_normal((40, 3)) @ np.array([[1, 0.5, 0], [0, 1, 0.3], [0, 0, 1]])
    model = fit_normal(x)
    scaled = (x - x.mean(axis=0)) / x.std(axis=0, ddof=1)
    np.testing.assert_allclose(model.mean, 0, atol=EXACT)
    np.testing.assert_allclose(model.covariance, np.cov(scaled.T, ddof=0), atol=1e-6)


def test_model_has_the_greatest_likelihood(rng: np.random.Generator) -> None:
    """The observed-data likelihood, maximised directly, gives the same fills."""
    x = rng.standard_normal((60, 2)) @ np.array([[1.0, 0.8], [0.0, 0.6]]) + [3.0, -2.0]
    x[rng.random(60) < 0.3, 1] = NAN
    x[0, 0] = NAN
    known = ~np.isnan(x)

    def loss(p: np.ndarray) -> float:
        root = np.array([[np.exp(p[2]), 0], [p[3], np.exp(p[4])]])
        covariance = root @ root.T
        return -sum(
            multivariate_normal.logpdf(row[has], p[:2][has], covariance[np.ix_(has, has)])
            for row, has in zip(x, known, strict=True)
        )

    p = minimize(loss, np.zeros(5), method="BFGS", options={"gtol": 1e-7}).x
    root = np.array([[np.exp(p[2]), 0], [p[3], np.exp(p[4])]])
    covariance = root @ root.T
    missing = ~known[:, 1] & known[:, 0]
    expected = p[1] + covariance[1, 0] / covariance[0, 0] * (x[missing, 0] - p[0])
    np.testing.assert_allclose(fit_normal(x).fill(x)[missing, 1], expected, atol=LIKELIHOOD_TOLERANCE)


def test_model_stands_collinear_and_constant_columns(rng: np.random.Generator) -> None:
    a = rng.standard_normal(12)
    x = np.column_stack([a, 2 * a, np.full(12, 5.0)])
    x[0, 1] = x[1, 2] = NAN
    filled = fit_normal(x).fill(x)
    np.testing.assert_allclose(filled[0, 1], 2 * a[0], rtol=1e-3)
    assert filled[1, 2] == pytest.approx(5.0)


def test_model_stands_more_columns_than_rows(rng: np.random.Generator) -> None:
    x = rng.standard_normal((8, 15))
    x[2] = NAN
    x[0, 0] = NAN
    filled = fit_normal(x).fill(x)
    assert np.isfinite(filled).all()
    np.testing.assert_allclose(filled[2], fit_normal(x).fill(np.full((1, 15), NAN))[0])


def test_em_in_a_build_leaves_what_it_cannot_fill() -> None:
    found = imputed(
        'method = "em"', {"a": [1.0, 2.0, 3.0, NAN], "b": [2.0, 4.0, 6.1, 8.0], "c": [NAN] * 3 + [1.0]}
    )
    assert found["a"][3] == pytest.approx(4.0, abs=0.2)
    assert found["c"][:3] == [None, None, None]


def test_draws_vary_by_what_is_not_known(rng: np.random.Generator) -> None:
    a = rng.standard_normal(80)
    x = np.column_stack([a, a + 0.5 * rng.standard_normal(80)])
    gaps = rng.random(80) < 0.25
    x[gaps, 1] = NAN
    model, random = fit_normal(x), np.random.default_rng(0)
    draws = np.array([model.fill(x, random) for _ in range(200)])
    assert (draws[:, ~gaps] == x[~gaps]).all()
    np.testing.assert_allclose(draws[:, gaps, 1].std(axis=0).mean(), 0.5, rtol=0.2)
    np.testing.assert_allclose(draws[:, gaps, 1].mean(axis=0), x[gaps, 0], atol=0.45)
    assert (model.fill(x, np.random.default_rng(0))[gaps] == draws[0, gaps]).all()
