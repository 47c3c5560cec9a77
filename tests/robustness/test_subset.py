"""Indices on a subset, against closed forms where the condition ties the inputs and where it does not."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from parity.errors import NoAnswerError, ParityError
from parity.robustness import Options, Robustness, analyse, sobol_indices
from parity.robustness._sobol import CONSTANT
from parity.robustness._subset import conditional_indices
from tests.robustness.cases import ASSUMPTIONS, data, spec

N = 1 << 14
NEAR = 0.04
"""Distance of an estimate from the closed form at N base draws."""

ONE_EACH = [np.array([0]), np.array([1])]


def evaluator(function, condition):
    def evaluate(points: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        return condition(points), function(points)

    return evaluate


def test_a_condition_on_one_input_leaves_them_independent() -> None:
    """f = x + 2 y given x > 1/2: variances 1/48 and 1/3."""
    evaluate = evaluator(lambda x: x[:, :1] + 2 * x[:, 1:], lambda x: x[:, 0] > 0.5)
    found, _ = conditional_indices(evaluate, ONE_EACH, 2, N, rng=np.random.default_rng(0))
    shares = np.array([1 / 48, 1 / 3]) / (1 / 48 + 1 / 3)
    np.testing.assert_allclose(found.first[0], shares, atol=NEAR)
    np.testing.assert_allclose(found.total[0], shares, atol=NEAR)


def test_a_condition_that_ties_the_inputs() -> None:
    """f = x on the triangle x + y < 1: Var(x) = 1/18, E[Var(x | y)] = 1/24, Var(E[x | y]) = 1/72."""
    evaluate = evaluator(lambda x: x[:, :1], lambda x: x.sum(axis=1) < 1)
    found, _ = conditional_indices(evaluate, ONE_EACH, 2, N, rng=np.random.default_rng(1))
    np.testing.assert_allclose(found.first[0], [1, 1 / 4], atol=NEAR)
    np.testing.assert_allclose(found.total[0], [3 / 4, 0], atol=NEAR)
    truth = np.array([[1, 1 / 4], [3 / 4, 0]])
    for expected, interval in zip(truth, (found.first_interval[0], found.total_interval[0]), strict=True):
        assert (interval[:, 0] <= expected + 1e-12).all()
        assert (interval[:, 1] >= expected - 1e-12).all()


def test_a_condition_that_always_holds_gives_the_usual_indices() -> None:
    def function(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return (x[:, :1] - 0.2) * (x[:, 1:] + 0.5)

    evaluate = evaluator(function, lambda x: np.ones(len(x), dtype=bool))
    found, tried = conditional_indices(evaluate, ONE_EACH, 2, N, rng=np.random.default_rng(2))
    usual = sobol_indices(function, [0, 1], N)
    np.testing.assert_allclose(found.first, usual.first, atol=NEAR)
    np.testing.assert_allclose(found.total, usual.total, atol=NEAR)
    assert tried == 5 * N


def test_a_condition_too_rare_is_no_answer() -> None:
    evaluate = evaluator(lambda x: x[:, :1], lambda x: x[:, 0] < 0)
    with pytest.raises(NoAnswerError, match=r"holds in 0 of 8,192 draws"):
        conditional_indices(evaluate, ONE_EACH, 2, 10, rng=np.random.default_rng(3), most_tries=8192)


def test_an_output_that_the_condition_settles_is_constant() -> None:
    evaluate = evaluator(lambda x: (x[:, :1] > 0.5) * 1.0, lambda x: x[:, 0] > 0.5)
    found, _ = conditional_indices(evaluate, ONE_EACH, 2, 256, rng=np.random.default_rng(4))
    assert found.reasons == (CONSTANT,)
    assert np.isnan(found.first).all()


def run(given: tuple[str, int] | None, seed: int = 0) -> Robustness:
    return analyse(
        spec(ASSUMPTIONS), data(), Options(draws=100, base=4096, given=given, level=0.999), seed=seed
    )


def test_only_draws_in_which_a_unit_ranks_high_enough() -> None:
    everywhere, last = run(None).sensitivity, run(("u0", 12)).sensitivity
    assert everywhere is not None
    assert last is not None
    assert last.condition == "u0 ranks 12 or better"
    assert last.outputs == everywhere.outputs
    # Intervals of two designs for the same index overlap.
    theirs, ours = everywhere.indices.total_interval, last.indices.total_interval
    known = ~np.isnan(theirs[..., 0])
    assert (ours[known][:, 0] <= theirs[known][:, 1]).all()
    assert (theirs[known][:, 0] <= ours[known][:, 1]).all()
    half = analyse(spec(ASSUMPTIONS), data(), Options(draws=5000, base=0))
    k = int(half.median()[half.row("u0")])
    best = run(("u0", k)).sensitivity
    assert best is not None
    assert not np.allclose(best.indices.total, last.indices.total, equal_nan=True)
    assert best.rebuilds > last.rebuilds


def test_the_seed_decides() -> None:
    first, again, other = (run(("u0", 11), seed).sensitivity for seed in (0, 0, 1))
    assert first is not None
    assert again is not None
    assert other is not None
    np.testing.assert_array_equal(first.indices.total, again.indices.total)
    assert (first.indices.total != other.indices.total).any()


@pytest.mark.parametrize(
    ("given", "message"), [(("nobody", 3), "not among the units"), (("u0", 0), "rank must be 1 or more")]
)
def test_conditions_that_make_no_sense(given: tuple[str, int], message: str) -> None:
    with pytest.raises(ParityError, match=message):
        run(given)


def test_a_rank_never_reached_is_no_answer() -> None:
    worst = run(None).units[-1]
    with pytest.raises(NoAnswerError, match="too few"):
        run((worst, 1))
