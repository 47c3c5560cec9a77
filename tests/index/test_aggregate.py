"""Aggregation and weights: against SciPy, published examples and brute force."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy import stats

from parity.errors import ParityError
from parity.index import _aggregates as means
from parity.index import build, register
from parity.index._aggregates import benefit_of_the_doubt, copeland, net_outranking, outranking
from parity.index._balance import importance
from parity.index._options import WeightOptions
from parity.index._weights import critic_weights, entropy_weights, pca_loadings
from tests.index.small import built, frame, random_columns, spec

TOLERANCE = 1e-10
# The examples below are printed with six to eight digits.
PRINTED = 1e-6
NAN = float("nan")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (means.arithmetic, lambda x, w: np.average(x, weights=w)),
        (means.geometric, lambda x, w: stats.gmean(x, weights=w)),
        (means.harmonic, lambda x, w: stats.hmean(x, weights=w)),
        (lambda x, w: means.power(x, w, -2.5), lambda x, w: stats.pmean(x, -2.5, weights=w)),
        (lambda x, w: means.power(x, w, 0), lambda x, w: stats.gmean(x, weights=w)),
    ],
)
def test_means_are_scipys_over_the_members_that_are_there(ours, theirs, rng: np.random.Generator) -> None:
    x = rng.uniform(1, 9, (30, 5))
    x[rng.random(x.shape) < 0.3] = NAN
    w = rng.uniform(0.1, 2, 5)
    for row, mean in zip(x, ours(x, w), strict=True):
        there = ~np.isnan(row)
        expected = theirs(row[there], w[there]) if there.any() else NAN
        np.testing.assert_allclose(mean, expected, rtol=TOLERANCE)


def test_median_of_equal_weights_is_numpys(rng: np.random.Generator) -> None:
    for k in range(1, 8):
        x = rng.integers(0, 5, (40, k)).astype(float)
        np.testing.assert_allclose(means.median(x, np.full(k, 0.1)), np.median(x, axis=1))
    x = np.array([[1.0, NAN, 3.0], [NAN, NAN, NAN]])
    np.testing.assert_array_equal(means.median(x, np.ones(3)), [2.0, NAN])


def test_weighted_median_is_that_of_repeated_members(rng: np.random.Generator) -> None:
    x = rng.uniform(0, 9, (30, 4))
    w = np.array([1, 3, 0, 2])
    np.testing.assert_allclose(means.median(x, w.astype(float)), np.median(np.repeat(x, w, axis=1), axis=1))


def test_mazziotta_pareto_penalises_imbalance() -> None:
    """M = 100 and S = 10 make the penalty S squared over M = 1, either way."""
    x = np.array([[90.0, 110.0], [100.0, 100.0]])
    assert means.mazziotta_pareto(x, np.ones(2), -1.0).tolist() == [99.0, 100.0]
    assert means.mazziotta_pareto(x, np.ones(2), 1.0).tolist() == [101.0, 100.0]
    index = built(
        '[steps.aggregate]\nmethod = "mazziotta_pareto"\npenalty = "high"', {"a": x[:, 0], "b": x[:, 1]}
    )
    assert index.scores[:, -1].tolist() == [101.0, 100.0]


def test_means_take_draws_as_leading_axes(rng: np.random.Generator) -> None:
    x, w = rng.uniform(1, 9, (6, 5, 4)), rng.uniform(0.1, 1, (6, 1, 4))
    for mean in (means.arithmetic, means.geometric, means.harmonic, means.median):
        both = mean(x, w)
        assert both.shape == (6, 5)
        np.testing.assert_allclose(both[3], mean(x[3], w[3]), rtol=TOLERANCE)


@pytest.mark.parametrize("method", ["geometric", "harmonic", "power"])
def test_a_mean_of_positive_numbers_refuses_others_by_name(method: str) -> None:
    with pytest.raises(ParityError, match=r"u0 has 0 in 'a' \(1 such cells\); normalise to a positive"):
        built(f'[steps.aggregate]\nmethod = "{method}"', {"a": [0.0, 1.0], "b": [1.0, 1.0]})


def test_negative_in_a_geometric_mean() -> None:
    with pytest.raises(ParityError, match="u1 has -1 in 'b'"):
        built('[steps.aggregate]\nmethod = "geometric"', {"a": [1.0, 1.0], "b": [1.0, -1.0]})


def test_too_few_members_give_no_score() -> None:
    columns = {"a": [1.0, NAN, 1.0], "b": [2.0, NAN, NAN], "c": [3.0, 3.0, NAN]}
    index = built("[steps.aggregate]\nmin_available = 0.6", columns)
    np.testing.assert_array_equal(index.scores[:, -1], [2.0, NAN, NAN])
    assert index.rank("u1") is None
    assert any("2 of 3 rows have no score" in note for record in index.log for note in record.notes)


def test_copeland_by_hand() -> None:
    x = np.array([[3.0, 3, 1], [2, 2, 3], [1, 1, 2]])
    won = outranking(x, x, np.array([1.0, 1, 1]))
    np.testing.assert_allclose(won, [[0.5, 2 / 3, 2 / 3], [1 / 3, 0.5, 1], [1 / 3, 0, 0.5]])
    assert copeland(x, x, np.ones(3)).tolist() == [2.0, 0.0, -2.0]
    np.testing.assert_allclose(net_outranking(x, x, np.ones(3)), [4 / 3, 4 / 3, 1 / 3])
    assert copeland(x, x, np.array([1.0, 1, 4])).tolist() == [-2.0, 2.0, 0.0]


def test_a_tie_is_a_tie_with_a_tolerance(rng: np.random.Generator) -> None:
    """49 equal weights that do not add up exactly: half and half is a matter of the last digit."""
    x = rng.integers(0, 2, (12, 49)).astype(float)
    scores = copeland(x, x, np.ones(49), tolerance=1e-9)
    assert scores.sum() == 0
    assert (copeland(x[::-1], x[::-1], np.ones(49), tolerance=1e-9) == scores[::-1]).all()


def test_missing_members_are_left_out_of_a_pair() -> None:
    x = np.array([[1.0, NAN], [0.0, 5.0], [NAN, NAN]])
    assert outranking(x, x, np.ones(2))[0, 1] == 1.0
    np.testing.assert_array_equal(copeland(x, x, np.ones(2)), [1.0, -1.0, NAN])


def test_benefit_of_the_doubt_is_the_best_vertex() -> None:
    """With two members the best weights lie on a vertex of the feasible set; all are tried."""
    x = np.array([[1.0, 9.0], [6.0, 6.0], [9.0, 2.0], [3.0, 3.0]])
    scores, weights = benefit_of_the_doubt(x, x)
    vertices = [np.array([1 / x[:, 0].max(), 0]), np.array([0, 1 / x[:, 1].max()])]
    vertices += [
        np.linalg.solve(x[[i, j]], [1, 1]) for i, j in product(range(4), repeat=2) if np.linalg.det(x[[i, j]])
    ]
    feasible = [w for w in vertices if (w >= -1e-12).all() and (x @ w <= 1 + 1e-12).all()]
    expected = [max(unit @ w for w in feasible) for unit in x]
    np.testing.assert_allclose(scores, expected, rtol=TOLERANCE)
    np.testing.assert_allclose((x * weights).sum(axis=1), scores, rtol=TOLERANCE)


def test_benefit_of_the_doubt_with_shares() -> None:
    x = np.array([[1.0, 9.0], [6.0, 6.0], [9.0, 2.0]])
    free, _ = benefit_of_the_doubt(x, x)
    bound, weights = benefit_of_the_doubt(x, x, share=(0.3, 0.7))
    shares = x * weights / bound[:, np.newaxis]
    assert (shares >= 0.3 - TOLERANCE).all()
    assert (bound <= free + TOLERANCE).all()
    with pytest.raises(ParityError, match="cannot add up to 1"):
        benefit_of_the_doubt(x, x, share=(0.6, 0.7))
    with pytest.raises(ParityError, match="0 or more"):
        benefit_of_the_doubt(-x, x)


def test_benefit_of_the_doubt_of_zeros_and_gaps() -> None:
    x = np.array([[0.0, 0.0], [NAN, 4.0], [NAN, NAN], [2.0, 8.0]])
    np.testing.assert_allclose(benefit_of_the_doubt(x, x)[0], [0.0, 0.5, NAN, 1.0])


def test_critic_reproduces_its_paper() -> None:
    """Data and result of Diakoulaki, Mavrotas and Papayannakis (1995), with the digits of scikit-criteria."""
    firms = [
        [61, 1.08, 4.33], [20.7, 0.26, 4.34], [16.3, 1.98, 2.53], [9.0, 3.29, 1.65],
        [5.4, 2.77, 2.33], [4.0, 4.12, 1.21], [-6.1, 3.52, 2.10], [-34.6, 3.31, 0.98],
    ]  # fmt: skip
    weights = critic_weights(np.array(firms))
    np.testing.assert_allclose(weights / weights.sum(), [0.20222554, 0.48090173, 0.31687273], rtol=PRINTED)


def test_entropy_reproduces_an_example() -> None:
    """Example of scikit-criteria's tests."""
    weights = entropy_weights(np.array([[1.0, 2.0], [4.0, 16.0]]))
    np.testing.assert_allclose(weights / weights.sum(), [0.358889, 0.641111], atol=PRINTED)
    with pytest.raises(ParityError, match="0 or more"):
        entropy_weights(np.array([[1.0, -2.0], [4.0, 16.0]]))


def test_pca_loadings_are_those_of_the_singular_vectors(rng: np.random.Generator) -> None:
    x = rng.standard_normal((50, 1)) + 0.6 * rng.standard_normal((50, 4))
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    first = np.linalg.svd(z, full_matrices=False)[2][0]
    np.testing.assert_allclose(pca_loadings(x), first * np.sign(first.sum()), rtol=1e-8)


def test_weights_in_a_build(rng: np.random.Generator) -> None:
    columns = random_columns(rng, 40, "abc")
    normal = "[steps.normalise]\n"
    given = built(normal, columns, {"a": "weight = 2"})
    assert given.weights.tolist() == [2, 1, 1, 1]
    equal = built(normal + '[steps.weight]\nmethod = "equal"', columns, {"a": "weight = 2"})
    assert equal.weights.tolist() == [1, 1, 1, 1]
    for method in ("entropy", "critic", "benefit_of_the_doubt"):
        index = built(normal + f'[steps.weight]\nmethod = "{method}"', columns)
        assert len(set(index.weights[:3])) == 3
        assert (index.weights > 0).all()


def test_negative_pca_weights_are_refused_or_cut_or_kept(rng: np.random.Generator) -> None:
    a = rng.standard_normal(40)
    columns = {"a": a, "b": a + 0.3 * rng.standard_normal(40), "c": -a + 0.3 * rng.standard_normal(40)}
    steps = '[steps.normalise]\n[steps.weight]\nmethod = "pca"\n'
    with pytest.raises(ParityError, match="weights of the members of 'index': pca gives negative weights"):
        built(steps, columns)
    assert built(steps + 'negative = "zero"', columns).weights[2] == 0
    assert built(steps + 'negative = "keep"', columns).weights[2] < 0
    assert (built(steps + "squared = true", columns).weights > 0).all()


def test_weights_by_level_and_group() -> None:
    fields = {
        "a": 'group = "g"\nweight = 3',
        "b": 'group = "g"',
        "c": 'group = "h"\nweight = 5',
        "d": 'group = "h"',
    }
    groups = """
[[group]]
code = "g"
parent = "t"
weight = 2
[[group]]
code = "h"
parent = "t"
{}
[[group]]
code = "t"
"""
    table = frame({code: [1.0, 2.0] for code in "abcd"})
    level = build(spec('[steps.weight.level.2]\nmethod = "equal"', fields, groups.format("")), table)
    assert level.weights.tolist() == [3, 1, 5, 1, 1, 1, 1]
    own = build(spec("", fields, groups.format('member_weights = "equal"')), table)
    assert own.weights.tolist() == [3, 1, 1, 1, 2, 1, 1]


def test_another_rule_for_one_level_and_one_group() -> None:
    fields = {"a": 'group = "g"', "b": 'group = "g"', "c": 'group = "h"', "d": 'group = "h"'}
    groups = """
[[group]]
code = "g"
parent = "t"
aggregate = "harmonic"
[[group]]
code = "h"
parent = "t"
[[group]]
code = "t"
normalise = "minmax"
"""
    table = frame({"a": [1.0, 4, 2], "b": [4.0, 4, 8], "c": [1.0, 9, 4], "d": [4.0, 1, 4]})
    steps = '[steps.aggregate]\nmethod = "geometric"\n[steps.aggregate.level.3]\nmethod = "arithmetic"'
    index = build(spec(steps, fields, groups), table)
    np.testing.assert_allclose(index.scores[:, 4], [1.6, 4.0, 3.2])
    np.testing.assert_allclose(index.scores[:, 5], [2.0, 3.0, 4.0])
    raw = np.array([1.8, 3.5, 3.6])
    np.testing.assert_allclose(index.scores[:, 6], (raw - 1.8) / 1.8 * 100)
    # The bounds of a group's scale are frozen too.
    grown = index.apply(frame({"a": [1.0, 9], "b": [4.0, 9], "c": [1.0, 9], "d": [4.0, 9]}))
    np.testing.assert_allclose(grown.scores[:, 6], [0.0, 400.0])


def test_optimised_weights_meet_an_unequal_target(rng: np.random.Generator) -> None:
    columns = random_columns(rng, 60, "abc")
    steps = '[steps.normalise]\n[steps.weight]\nmethod = "optimised"\ntarget = [1, 2, 1]\nimportance = "{}"'
    for kind in ("correlation", "r_squared", "variance_share"):
        index = built(steps.format(kind), columns)
        shares = index.tree.effective_weights(index.weights)[:3]
        found = importance(index.scores[:, :3], index.scores[:, -1], WeightOptions(importance=kind), shares)
        np.testing.assert_allclose(found, [0.25, 0.5, 0.25], atol=0.005)
    with pytest.raises(ParityError, match="target needs 3 positive numbers, one for each of a, b, c"):
        built(steps.format("correlation").replace("[1, 2, 1]", "[1, 2]"), columns)


def test_spearman_importance_is_scipys(rng: np.random.Generator) -> None:
    x, y = rng.integers(0, 6, (40, 2)).astype(float), rng.standard_normal(40)
    found = importance(x, y, WeightOptions(correlation="spearman"), np.ones(2))
    rho = np.array([stats.spearmanr(column, y)[0] for column in x.T])
    np.testing.assert_allclose(found, rho / rho.sum(), rtol=1e-9)


@register("aggregate", "largest")
def largest(scores: np.ndarray, weights: np.ndarray, bonus: float = 0.0) -> np.ndarray:
    return np.nanmax(scores, axis=1) + bonus


@register("normalise", "over-mean")
def over_mean(values: np.ndarray, reference: np.ndarray) -> np.ndarray:
    return values / np.nanmean(reference)


@register("impute", "zero")
def zero(values: np.ndarray, reference: np.ndarray) -> np.ndarray:
    return np.zeros_like(values)


@register("treat", "cap")
def cap(values: np.ndarray, reference: np.ndarray, quantile: float) -> np.ndarray:
    return np.minimum(values, np.nanquantile(reference, quantile))


@register("weight", "first")
def first(scores: np.ndarray) -> np.ndarray:
    return np.eye(scores.shape[1])[0]


def test_functions_of_ones_own_are_built_and_replayed() -> None:
    steps = """
[steps.impute]
method = "custom:zero"
[steps.treat]
first = "custom:cap"
second = "none"
force = true
options = { quantile = 0.5 }
[steps.normalise]
method = "custom:over-mean"
[steps.weight]
method = "custom:first"
[steps.aggregate]
method = "custom:largest"
options = { bonus = 1.0 }
"""
    index = built(steps, {"a": [1.0, 2.0, 9.0], "b": [1.0, NAN, 5.0]})
    np.testing.assert_allclose(index.stage("treated")["a"], [1, 2, 2])
    np.testing.assert_allclose(index.stage("treated")["b"], [1, 0, 1])
    assert index.weights.tolist() == [1, 0, 1]
    np.testing.assert_allclose(index.scores[:, -1], [1 + 1.5, 1 + 1.2, 1 + 1.5])
    more = index.apply(frame({"a": [1.0, 70.0], "b": [1.0, 0.0]}))
    np.testing.assert_allclose(more.scores[:, -1], [2.5, 2.2])


def test_an_unregistered_function_is_named() -> None:
    with pytest.raises(
        ParityError, match=r"no function 'missing' is registered for aggregate; registered: 'largest'"
    ):
        built('[steps.aggregate]\nmethod = "custom:missing"', {"a": [1.0, 2.0]})
