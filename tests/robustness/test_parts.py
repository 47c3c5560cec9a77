"""Parts of a gap over rebuilds, against the paper's formula integrated by other software and by hand."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.integrate import quad

from parity.errors import NoAnswerError
from parity.index import Index, build, explain
from parity.index.explain import along_the_line
from parity.robustness._draws import chunk_seed, latin_points
from parity.robustness.parts import part_intervals
from parity.robustness.rebuilds import every_choice, rebuilds
from tests.robustness.cases import ASSUMPTIONS, spec

# Exact up to rounding where every mean is arithmetic.
EXACT = 1e-9
# Sixteen Gauss-Legendre nodes and finite differences, in score points of gaps of some ten points.
QUADRATURE = 1e-3
STEPS = "[steps.normalise]\nlower = 1\n[steps.aggregate]\nmethod = '{}'\n"


def table(units: int = 15, seed: int = 7) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    values = {code: rng.gamma(3.0, 2.0, units) for code in "abcdef"}
    return pl.DataFrame({"id": [f"U{k:02d}" for k in range(units)], **values})


def ends_of(index: Index, a: str, b: str) -> np.ndarray:
    return index.stages["normalised"].values[[index.row(a), index.row(b)]]


def test_arithmetic_parts_are_those_of_explain() -> None:
    index = build(spec("", STEPS.format("arithmetic")), table())
    parts = along_the_line(index.scoring, ends_of(index, "U01", "U02"))
    np.testing.assert_allclose(parts, explain(index, "U01", "U02").contributions, atol=EXACT)


@pytest.mark.parametrize("method", ["geometric", "harmonic", "mazziotta_pareto"])
def test_other_parts_are_the_integral_along_the_line(method: str) -> None:
    index = build(spec("", STEPS.format(method)), table())
    a, b = ends_of(index, "U01", "U02")
    parts = along_the_line(index.scoring, np.stack([a, b]))
    assert parts.sum() == pytest.approx(index.score("U01") - index.score("U02"), abs=QUADRATURE)

    def slope(t: float, place: int) -> float:
        here = b + t * (a - b)
        aside = np.zeros_like(here)
        aside[place] = 1e-5
        up, down = index.scoring.scores(np.stack([here + aside, here - aside]))[:, -1]
        return float((up - down) / 2e-5)

    for place in range(len(a)):
        integral = quad(slope, 0, 1, args=(place,))[0] * (a[place] - b[place])
        assert parts[place] == pytest.approx(integral, abs=QUADRATURE)


def test_parts_with_gaps_add_up() -> None:
    data = table().with_columns(a=pl.when(pl.col("id") == "U01").then(None).otherwise("a"))
    index = build(spec("", STEPS.format("geometric")), data)
    parts = along_the_line(index.scoring, ends_of(index, "U01", "U02"))
    assert parts.sum() == pytest.approx(index.score("U01") - index.score("U02"), abs=QUADRATURE)


def test_weights_alone_move_parts_within_what_they_allow() -> None:
    """With one free weight of two, the interval is that of the weight's own distribution."""
    noise = "[[robustness.weights]]\nnoise = { 2 = 0.5 }\n"
    index = build(spec(noise, STEPS.format("arithmetic")), table())
    found = part_intervals(index, "U01", "U02", rebuilds(index, 400))
    assert found.draws.shape == (400, 6)
    exact = explain(index, "U01", "U02").contributions
    rows = found.table()
    assert rows["indicator"].to_list() == list("abcdef")
    low, high = rows["low"].to_numpy(), rows["high"].to_numpy()
    assert (np.minimum(low, high) <= high).all()
    assert ((low <= exact) & (exact <= high)).all()
    # All of a group move together, whatever their size.
    share = (high - low) / np.abs(exact)
    np.testing.assert_allclose(share[:3], share[0], rtol=EXACT)
    np.testing.assert_allclose(share[3:], share[3], rtol=EXACT)
    both = found.of("abc")
    assert both[0] <= exact[:3].sum() <= both[1]
    assert found.gap() == found.of("abcdef")


def test_a_point_is_the_same_on_every_scale() -> None:
    """Alternatives that differ in nothing but the unit of scores leave no interval."""
    units = """
[[robustness.choice]]
field = "normalise"
values = [{ method = "minmax", lower = 0, upper = 100 }, { method = "minmax", lower = 0, upper = 7 }]
"""
    index = build(spec(units, STEPS.format("arithmetic")), table())
    found = part_intervals(index, "U01", "U02", rebuilds(index, 40))
    np.testing.assert_allclose(found.draws, np.tile(found.draws[0], (40, 1)), atol=EXACT)


def test_no_intervals_is_said_with_a_reason() -> None:
    plain = build(spec("", STEPS.format("arithmetic")), table())
    with pytest.raises(NoAnswerError, match="names no assumption"):
        part_intervals(plain, "U01", "U02")
    pairwise = build(spec("[[robustness.weights]]\nnoise = 0.2\n", STEPS.format("copeland")), table())
    with pytest.raises(NoAnswerError, match="copeland"):
        part_intervals(pairwise, "U01", "U02")


def test_the_usual_draws_are_the_same_every_time() -> None:
    index = build(spec(ASSUMPTIONS, STEPS.format("arithmetic")), table())
    one, two = (part_intervals(index, "U03", "U05").draws for _ in range(2))
    np.testing.assert_array_equal(one, two)


def test_a_latin_hypercube_has_one_point_in_every_slice() -> None:
    points = latin_points(50, 7, chunk_seed(1, 2, 3))
    assert points.shape == (50, 7)
    assert ((points > 0) & (points < 1)).all()
    np.testing.assert_array_equal(np.sort(np.floor(points * 50), axis=0), np.tile(np.arange(50), (7, 1)).T)


def test_every_combination_of_choices_is_built_once() -> None:
    measured = "[robustness.measurement]\nreplicates = 4\nrelative = { a = 0.1 }\n"
    index = build(spec(ASSUMPTIONS + measured, STEPS.format("arithmetic")), table())
    made = list(every_choice(index, 5))
    told = {(one.spec.steps.normalise.method, one.spec.steps.aggregate.method) for one, _ in made}  # type: ignore[union-attr]
    assert told == {(n, a) for n in ("minmax", "zscore") for a in ("arithmetic", "geometric")}
    assert len(made) == 4
    assert {weights.shape for _, weights in made} == {(5, index.tree.n_nodes)}
    # Not all on the same replicate of the data, and none on the data without noise.
    first = [one.stages["raw"].table["a"][0] for one, _ in made]
    assert len(set(first)) > 1
    assert index.stages["raw"].table["a"][0] not in first
    for one, _ in made:
        plain = build(one.spec, one.stages["raw"].table)
        np.testing.assert_array_equal(plain.scores, one.scores)


def test_too_many_combinations_are_drawn() -> None:
    index = build(spec(ASSUMPTIONS, STEPS.format("arithmetic")), table())
    drawn = list(every_choice(index, 1, most=3))
    assert sum(len(weights) for _, weights in drawn) == 9
