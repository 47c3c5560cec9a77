"""Audit, comparison with published scores, and the import of COINr's tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import stats

from parity.errors import NoAnswerError, ParityError
from parity.index import IndexSpec, audit, build, compare, import_coinr
from parity.index._statistics import correlations, cronbach_alpha, principal_components, statistics
from parity.index.audit import removal_effects
from tests.index.asem import folder
from tests.index.small import built, frame, random_columns, spec

TOLERANCE = 1e-9
NAN = float("nan")
GROUPS = '[[group]]\ncode = "g"\nparent = "t"\n[[group]]\ncode = "h"\nparent = "t"\n[[group]]\ncode = "t"\n'
FIELDS = {"a": 'group = "g"', "b": 'group = "g"', "c": 'group = "h"', "d": 'group = "h"\ndenominator = "p"'}


@pytest.fixture
def table(rng: np.random.Generator) -> pl.DataFrame:
    columns = random_columns(rng, 30, "abcd")
    columns["b"] = columns["a"] * 2 + 0.01 * rng.standard_normal(30)
    columns["d"][3] = NAN
    columns["p"] = np.nan_to_num(columns["d"], nan=1.0) * rng.uniform(0.9, 1.1, 30)
    return frame(columns)


def test_correlations_are_scipys(rng: np.random.Generator) -> None:
    x = rng.standard_normal((20, 3))
    x[0, 1] = NAN
    found = correlations(x, ("a", "b", "c"))
    expected = stats.pearsonr(x[1:, 1], x[1:, 2])
    row = found.row(by_predicate=(pl.col("first") == "b") & (pl.col("second") == "c"), named=True)
    assert row["n"] == 19
    np.testing.assert_allclose([row["correlation"], row["p"]], expected, rtol=TOLERANCE)


def test_correlations_with_a_constant_have_none() -> None:
    found = correlations(np.array([[0.1, 1.0], [0.1, 2.0], [0.1, 4.0]]), ("a", "b"))
    assert found["correlation"].to_list() == [None, None, None, pytest.approx(1.0)]


def test_alpha_of_equal_columns_is_one(rng: np.random.Generator) -> None:
    x = rng.standard_normal((30, 1))
    assert cronbach_alpha(np.repeat(x, 4, axis=1)) == pytest.approx(1.0)
    y = rng.standard_normal((40, 3)) + rng.standard_normal((40, 1))
    # The textbook form: k / (k - 1) (1 - sum of variances / variance of the sum).
    expected = 3 / 2 * (1 - y.var(axis=0, ddof=1).sum() / y.sum(axis=1).var(ddof=1))
    assert cronbach_alpha(y) == pytest.approx(expected, rel=TOLERANCE)
    assert np.isnan(cronbach_alpha(x))


def test_principal_components_are_those_of_the_correlation_matrix(rng: np.random.Generator) -> None:
    x = rng.standard_normal((40, 3)) + rng.standard_normal((40, 1))
    shares, loadings = principal_components(x)
    values = np.sort(np.linalg.eigvalsh(np.corrcoef(x.T)))[::-1]
    np.testing.assert_allclose(shares, values / 3, rtol=TOLERANCE)
    np.testing.assert_allclose(loadings.T @ loadings, np.eye(3), atol=TOLERANCE)


def test_statistics_of_odd_columns() -> None:
    found = statistics(np.array([[NAN, 1.0], [NAN, 1.0], [NAN, 1.0]]), ("empty", "flat"))
    assert found["flags"].to_list() == ["empty few zeros repeated", "constant repeated"]
    assert found["skewness"].to_list() == [None, None]


def test_an_audit_finds_what_was_put_in(table: pl.DataFrame) -> None:
    index = build(spec("[steps.normalise]", FIELDS, GROUPS), table)
    found = audit(index)
    redundant = found.correlations.filter(pl.col("flag") == "redundant")
    assert redundant.select("group", "first", "second").rows() == [("g", "a", "b")]
    with_p = found.denominators.filter(pl.col("indicator") == "d")
    assert with_p["denominator"].to_list() == ["p"]
    alpha = dict(found.groups.select("group", "alpha").iter_rows())
    assert alpha["g"] > 0.95
    assert found.weights["nominal_share"].to_list()[:4] == [0.25] * 4
    for level in (1, 2):
        shares = found.weights.filter(pl.col("level") == level)
        assert shares["by_correlation"].sum() == pytest.approx(1.0)
        assert shares["by_variance"].sum() == pytest.approx(1.0)
    assert found.removal.height == 6
    assert found.table().height == 4


def test_an_element_in_the_wrong_group_is_found(rng: np.random.Generator) -> None:
    one, two = rng.standard_normal((2, 40))
    columns = {"a": one, "b": two, "c": two + 0.1 * rng.standard_normal(40), "d": two}
    fields = {"a": 'group = "g"\nweight = 9', "b": 'group = "g"', "c": 'group = "h"', "d": 'group = "h"'}
    found = audit(build(spec("[steps.normalise]", fields, GROUPS), frame(columns))).across
    assert found.select("node", "own_group", "other_group").rows() == [("b", "g", "h")]


def test_removing_the_only_member_has_no_effect_to_state() -> None:
    found = removal_effects(built("", {"a": [1.0, 2.0, 3.0]}))
    assert found["mean_rank_change"].to_list() == [None]


def test_far_out_cells() -> None:
    index = built("", {"a": [*range(1, 20), 500.0], "b": [-500.0, *range(1, 20)]})
    assert audit(index).outliers.rows() == [("a", "u19", 500.0, "high"), ("b", "u0", -500.0, "low")]


def test_audit_of_a_panel_is_of_its_last_year() -> None:
    data = pl.DataFrame({"id": ["x", "y", "z"] * 2, "year": [1] * 3 + [2] * 3, "a": [1.0, 1, 1, 1, 2, 4]})
    index = build(spec("[steps.normalise]", {"a": ""}, head='year_column = "year"'), data)
    assert audit(index).statistics["max"].to_list() == [4.0]


def test_comparison_with_itself_has_no_difference(table: pl.DataFrame) -> None:
    index = build(spec("[steps.normalise]", FIELDS, GROUPS), table)
    own = index.stage("aggregated").select("id", "t")
    found = compare(index, own)
    assert (found.spearman, found.max_abs_difference) == (pytest.approx(1.0), 0.0)
    assert found.reasons() == ("the scores are the same",)


def published(index_table: pl.DataFrame, g: float, h: float, scale: float = 1.0) -> pl.DataFrame:
    return index_table.select("id", total=scale * (g * pl.col("g") + h * pl.col("h")))


def test_a_rescaled_index_differs_by_rescaling(table: pl.DataFrame) -> None:
    index = build(spec("[steps.normalise]", FIELDS, GROUPS), table)
    found = compare(index, published(index.stage("aggregated"), 0.25, 0.25))
    assert found.spearman == pytest.approx(1.0)
    assert found.line == pytest.approx((0.0, 0.5), abs=TOLERANCE)
    np.testing.assert_allclose(found.rescaling, found.published - found.scores, atol=1e-6)
    np.testing.assert_allclose(found.weights, 0, atol=1e-6)
    np.testing.assert_allclose(found.data, 0, atol=1e-6)


def test_other_weights_are_recovered(table: pl.DataFrame) -> None:
    index = build(spec("[steps.normalise]", FIELDS, GROUPS), table)
    found = compare(index, published(index.stage("aggregated"), 0.8, 0.2), score_column="total")
    assert found.implied_weights is not None
    assert found.implied_weights["implied_weight"].to_list() == pytest.approx([0.8, 0.2])
    assert np.abs(found.weights).max() > 1
    np.testing.assert_allclose(found.data, 0, atol=1e-6)
    parts = found.rescaling + found.weights + found.data
    np.testing.assert_allclose(parts, found.published - found.scores, atol=TOLERANCE)


def test_other_data_remain(table: pl.DataFrame, rng: np.random.Generator) -> None:
    index = build(spec("[steps.normalise]", FIELDS, GROUPS), table)
    noisy = published(index.stage("aggregated"), 0.5, 0.5).with_columns(
        pl.col("total") + pl.Series(10 * rng.standard_normal(30))
    )
    found = compare(index, noisy)
    assert np.sqrt((found.data**2).mean()) > 5
    expected = stats.spearmanr(found.scores, found.published)[0]
    assert found.spearman == pytest.approx(expected)


def test_ranks_alone_are_compared(table: pl.DataFrame) -> None:
    index = build(spec("[steps.normalise]", FIELDS, GROUPS), table)
    ranks = index.ranks_table().select(pl.col("id").alias("Country"), pl.col("t").alias("Rank"))
    found = compare(index, pl.concat([ranks, pl.DataFrame({"Country": ["else"], "Rank": [99]})]))
    assert found.spearman == pytest.approx(1.0)
    assert np.isnan(found.max_abs_difference)
    assert found.only_published == ("else",)
    assert found.table()["rank_difference"].to_list() == [0] * 30
    assert "only ranks" in found.reasons()[0]


def test_what_cannot_be_compared_is_said(table: pl.DataFrame) -> None:
    index = build(spec("", FIELDS, GROUPS), table)
    with pytest.raises(ParityError, match="no column of the published table holds"):
        compare(index, pl.DataFrame({"x": ["q"], "score": [1.0]}))
    with pytest.raises(ParityError, match=r"which column .* 'one', 'two'"):
        compare(index, pl.DataFrame({"id": ["u1"], "one": [1.0], "two": [1.0]}))
    with pytest.raises(ParityError, match="'u1' more than once"):
        compare(index, pl.DataFrame({"id": ["u1", "u1"], "score": [1.0, 2.0]}))
    with pytest.raises(NoAnswerError, match="only 1 units"):
        compare(index, pl.DataFrame({"id": ["u1"], "score": [1.0]}))
    with pytest.raises(ParityError, match="no column 'nix'"):
        compare(index, pl.DataFrame({"id": ["u1"], "score": [1.0]}), score_column="nix")


def test_a_published_panel_is_compared_year_by_year() -> None:
    years = {2021: [1.0, 2.0, 3.0, 4.0], 2022: [4.0, 3.0, 2.0, 1.0]}
    rows = [(f"u{k}", year, value) for year, values in years.items() for k, value in enumerate(values)]
    data = pl.DataFrame(rows, schema=["id", "year", "a"], orient="row")
    panel = build(spec("", {"a": ""}, head='year_column = "year"'), data)
    out = data.rename({"year": "Edition", "a": "Score"})
    assert compare(panel, out, year_column="Edition").max_abs_difference == 0.0
    assert compare(panel, out, year_column="Edition", year=2021).published.tolist() == [4.0, 3.0, 2.0, 1.0]
    # An index of one year against the last year of the panel, whose column has a usual name.
    single = built("", {"a": years[2022]})
    usual = data.rename({"year": "Year"})
    assert compare(single, usual).max_abs_difference == 0.0
    assert compare(single, usual, year=2021).spearman == pytest.approx(-1.0)
    with pytest.raises(NoAnswerError, match=r"no rows for 2019 \(column 'Year' holds 2021 to 2022\)"):
        compare(single, usual, year=2019)
    with pytest.raises(ParityError, match=r"more than once in column 'id'; .*year_column"):
        compare(single, out)
    with pytest.raises(ParityError, match="no column 'Nix'"):
        compare(single, out, year_column="Nix")


META = pl.DataFrame(
    {
        "Level": [1, 1, 2, None, None],
        "iCode": ["a", "b", "g", "size", "kind"],
        "iName": ["A", "NA", "All", None, None],
        "Type": ["Indicator", "Indicator", "Aggregate", "Denominator", "Group"],
        "Direction": [1, -1, 1, None, None],
        "Weight": [1, 2, 1, None, None],
        "Parent": ["g", "g", "NA", None, None],
        "Denominator": [None, "size", None, None, None],
        "Target": [5.0, None, None, None, None],
        "goalpost_lower": [0, None, None, None, None],
        "goalpost_upper": [9, None, None, None, None],
    }
)
DATA = pl.DataFrame({"uCode": ["x", "y", "z"], "uName": ["X", "Y", "Z"], "a": [1, 2, 3], "b": [4.0, 1, 1],
                     "size": [1, 1, 2], "kind": ["k", "k", "l"], "other": [1, 2, 3]})  # fmt: skip


def test_coinr_tables_become_a_spec() -> None:
    found, data = import_coinr(DATA, META, "mine", "data.csv")
    assert data.columns == ["uCode", "uName", "a", "b", "size", "kind"]
    a, b = found.indicators
    assert (a.goalposts, a.target, b.direction, b.weight, b.denominator) == ((0, 9), 5.0, -1, 2.0, "size")
    assert found.index.data == "data.csv"
    assert found.index.year_column is None
    index = build(IndexSpec.from_toml(found.to_toml()), data)
    assert [index.rank(unit) for unit in "xyz"] == [3, 2, 1]


def test_coinr_panels_keep_their_years() -> None:
    panel = pl.concat([DATA.with_columns(Time=pl.lit(2020)), DATA.with_columns(Time=pl.lit(2021))])
    found, _ = import_coinr(panel, META)
    assert found.index.year_column == "Time"
    one, _ = import_coinr(DATA.with_columns(Time=pl.lit(2020)), META)
    assert one.index.year_column is None


@pytest.mark.parametrize(
    ("meta", "message"),
    [
        (META.drop("Parent"), "iMeta lacks the columns 'Parent'"),
        (META.with_columns(Type=pl.lit("Thing")), "unknown Type 'Thing'"),
        (META.with_columns(iCode=pl.lit("a")), "codes must be unique"),
        (META.with_columns(Parent=pl.lit("nowhere")), "'nowhere', which is not a"),
        (META.with_columns(Direction=pl.lit(3)), "must be 1 or -1, not 3"),
        (META.with_columns(Weight=pl.lit("heavy")), "Weight of 'a' is 'heavy', not a number"),
        (META.with_columns(iCode=pl.col("iCode").replace("b", "q")), "iData lacks the columns 'q'"),
    ],
)
def test_unsound_coinr_tables_are_refused(meta: pl.DataFrame, message: str) -> None:
    with pytest.raises(ParityError) as caught:
        import_coinr(DATA, meta)
    assert message in str(caught.value)


@pytest.mark.shared
def test_asem_is_imported_whole(shared: Path) -> None:
    from parity.catalogue.files import read_table

    tables = [read_table(folder(shared) / f"asem_{name}.csv") for name in ("data", "meta")]
    found, data = import_coinr(*tables)
    assert (len(found.indicators), len(found.groups), data.height) == (49, 11, 51)
    assert np.isfinite(build(found, data).scores[:, -1]).all()
