"""Methods against the examples of those who published them, or against another package."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from parity.errors import ParityError
from parity.index import IndexSpec, audit, build, trends
from parity.index._aggregates import against_rivals, benefit_of_the_doubt, directional
from parity.index._weights import ahp_weights, merec_weights


def spec(steps: str, codes: str = "abc", more: str = "") -> IndexSpec:
    indicators = "".join(f'[[indicator]]\ncode = "{code}"\n{more}\n' for code in codes)
    return IndexSpec.from_toml(f'[index]\nid = "x"\n{steps}\n{indicators}')


def table(values: list[list[float]], codes: str = "abc") -> pl.DataFrame:
    columns = np.array(values, dtype=float).T
    return pl.DataFrame(
        {"id": [f"U{row}" for row in range(len(values))]} | dict(zip(codes, columns, strict=True))
    )


def test_the_spec_of_the_page_gives_the_human_development_index_as_published() -> None:
    # Human Development Report 2023/24, composite indices complete time series, 2022.
    files = Path(__file__).parents[2] / "docs" / "tutorials" / "files"
    published = pl.read_csv(files / "hdi.csv")
    columns = published.drop("hdi")
    zero = pl.DataFrame([("ZERO", 20.0, 0.0, 0.0, 100.0)], columns.schema, orient="row")
    index = build(IndexSpec.load(files / "hdi.toml"), pl.concat([columns, zero]))
    for unit, value in published.select("iso3", "hdi").iter_rows():
        assert index.score(unit) == pytest.approx(value, abs=0.0006), unit
    assert index.score("ZERO") == 0


def test_a_logarithm_is_the_logarithm_and_refuses_what_has_none() -> None:
    index = build(spec("", "a", 'treat = "log10"'), table([[10.0], [1000.0]], "a"))
    assert index.stages["treated"].values[:, 0].tolist() == [1, 3]
    with pytest.raises(ParityError, match="ln takes values above 0 alone"):
        build(spec("", "a", 'treat = "ln"'), table([[0.0], [5.0]], "a"))


@pytest.mark.parametrize(("zero", "score"), [('zero = "zero"', 0.0), ('zero = "missing"', None)])
def test_what_a_zero_makes_of_a_geometric_mean(zero: str, score: float | None) -> None:
    index = build(spec(f'[steps.aggregate]\nmethod = "geometric"\n{zero}'), table([[0, 4, 2], [4.0, 2, 1]]))
    assert index.stage("aggregated")["index"].to_list() == [score, pytest.approx(2)]


def test_a_sum_wants_every_member() -> None:
    index = build(spec('[steps.aggregate]\nmethod = "sum"'), table([[1, 2, 3], [4.0, float("nan"), 1]]))
    assert index.stage("aggregated")["index"].to_list() == [6, None]


def test_ordered_average_as_in_its_first_paper() -> None:
    # Yager (1988): weights 0.4, 0.3, 0.2, 0.1.
    steps = '[steps.aggregate]\nmethod = "owa"\norder_weights = [0.4, 0.3, 0.2, 0.1]'
    index = build(spec(steps, "abcd"), table([[0.7, 1, 0.3, 0.6]], "abcd"))
    assert index.score("U0") == pytest.approx(0.76)


# Scores from 0 to 1, weights 5, 3, 2; closeness by pymcdm 1.4, TOPSIS with min-max.
TOPSIS = [
    ([0.5257, 1, 0], 0.56249946),
    ([1, 0.2178, 0.6886], 0.68284413),
    ([0.8687, 0.337, 1], 0.70001195),
    ([0, 0.7588, 0.9718], 0.37203361),
    ([0.3281, 0.8015, 0.3923], 0.45425521),
    ([0.4624, 0, 0.6387], 0.39226339),
]


def test_closeness_to_the_ideal_is_that_of_another_package() -> None:
    text = '[index]\nid = "x"\n[steps.aggregate]\nmethod = "topsis"\n'
    text += "".join(
        f'[[indicator]]\ncode = "{c}"\nweight = {w}\n' for c, w in zip("abc", (5, 3, 2), strict=True)
    )
    index = build(IndexSpec.from_toml(text), table([values for values, _ in TOPSIS]))
    assert index.scores[:, -1] == pytest.approx([score for _, score in TOPSIS], abs=1e-8)


def test_hellwigs_measure_by_its_definition() -> None:
    values = np.array([[1.0, 1], [0, 1], [1, 0], [0, 0]])
    index = build(spec('[steps.aggregate]\nmethod = "wroclaw"', "ab"), table(values.tolist(), "ab"))
    distances = np.sqrt(((values - 1) ** 2).sum(axis=1))
    limit = distances.mean() + 2 * distances.std()
    assert index.scores[:, -1] == pytest.approx(1 - distances / limit)


def test_saatys_drinks() -> None:
    # Saaty (2008), Decision making with the analytic hierarchy process, table 2: relative consumption of
    # drinks.
    upper = [[9, 5, 2, 1, 1, 1 / 2], [1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 9], [1 / 3, 1 / 4, 1 / 3, 1 / 9]]
    upper += [[1 / 2, 1, 1 / 3], [2, 1 / 2], [1 / 3]]
    matrix = np.eye(7)
    for row, cells in enumerate(upper):
        matrix[row, row + 1 :] = cells
        matrix[row + 1 :, row] = 1 / np.array(cells)
    weights, ratio = ahp_weights(matrix)
    assert weights == pytest.approx([0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327], abs=0.0006)
    assert ratio == pytest.approx(0.022, abs=0.0005)


def test_comparisons_set_weights_and_contradictions_are_refused() -> None:
    steps = '[steps.weight]\nmethod = "ahp"\ncomparisons = {}'
    sound = build(
        spec(steps.format("[[1, 2, 4], [0.5, 1, 2], [0.25, 0.5, 1]]")), table([[1, 0, 0], [0.0, 1, 1]])
    )
    assert sound.score("U0") == pytest.approx(4 / 7)
    with pytest.raises(ParityError, match="contradict each other"):
        build(
            spec(steps.format("[[1, 9, 0.1], [0.1111111, 1, 9], [10, 0.1111111, 1]]")), table([[1.0, 0, 0]])
        )


def test_merec_as_in_its_paper() -> None:
    # Keshavarz-Ghorabaee et al. (2021), the illustrative example; its two costs as reciprocals.
    values = [
        [450, 8000, 54, 145],
        [10, 9100, 2, 160],
        [100, 8200, 31, 153],
        [220, 9300, 1, 162],
        [5, 8400, 23, 158],
    ]
    rows = np.array(values, dtype=float)
    rows[:, 2:] = 1 / rows[:, 2:]
    weights = merec_weights(rows)
    assert weights / weights.sum() == pytest.approx([0.5752, 0.0141, 0.4016, 0.0091], abs=5e-5)


def test_forms_of_benefit_of_the_doubt_meet_the_plain_one() -> None:
    rows = np.random.default_rng(1).random((20, 3))
    plain = benefit_of_the_doubt(rows, rows)[0]
    own = [directional(row[np.newaxis], rows, row)[0] for row in rows]
    assert own == pytest.approx(plain)
    assert against_rivals(rows, rows, 500, draws=2) == pytest.approx(plain)
    few = against_rivals(rows, rows, 5, draws=20)
    assert (few >= plain - 1e-9).all()
    # A step of (2/3, 0) takes (1/3, 1/2) to the frontier from (1, 1/2) on: 1 / (1 + 2/3).
    frontier = np.array([[1, 0.5], [0.5, 1]])
    assert directional(np.array([[1 / 3, 0.5]]), frontier, np.array([1.0, 0])) == pytest.approx([0.6])


def test_components_hold_eigenvalues_and_loadings() -> None:
    # Two members with a correlation of 0.5: eigenvalues 1.5 and 0.5, loadings of 1 / sqrt(2).
    index = build(spec("", "ab"), table([[1.0, 1], [2, 3], [3, 2]], "ab"))
    found = audit(index).components
    assert found["eigenvalue"].to_list() == pytest.approx([1.5, 1.5, 0.5, 0.5])
    assert found["loading"].abs().to_list() == pytest.approx([0.5**0.5] * 4)
    assert found["share_of_variance"].to_list() == pytest.approx([0.75, 0.75, 0.25, 0.25])


def test_trends_of_a_panel() -> None:
    panel = pl.DataFrame(
        {"id": ["A", "A", "B", "C"], "year": [2020, 2024, 2020, 2020], "a": [100.0, 200, 50, None]}
    )
    text = '[index]\nid = "x"\nyear_column = "year"\n[[indicator]]\ncode = "a"\n'
    found = trends(build(IndexSpec.from_toml(text), panel))
    assert found.select("id", "first", "last", "change", "per_year").rows() == [("A", 2020, 2024, 100, 25)]
    assert found["cagr"][0] == pytest.approx(2**0.25 - 1)
