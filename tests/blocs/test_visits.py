"""Coalitions that are scored in every rebuild: Shapley values by them against all orders."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from parity.blocs.intervals import MOST_VISITED, visits
from parity.stats import every_coalition, shapley

EXACT = 1e-12


def worths(inside: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return a game that is not additive: powers of the members' weights, two columns."""
    n = inside.shape[1]
    weights = np.random.default_rng(seed).uniform(0.5, 2, (n, 2))
    return (inside @ weights) ** 1.5 - 0.1 * inside.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("n", [1, 2, 3, 6])
def test_few_members_against_all_orders(n: int) -> None:
    found = visits(n).shapley(worths(visits(n).inside))
    expected = np.zeros_like(found)
    orders = list(permutations(range(n)))
    for order in orders:
        for step, member in enumerate(order):
            joined = np.isin(np.arange(n), order[: step + 1])[np.newaxis]
            before = np.isin(np.arange(n), order[:step])[np.newaxis]
            expected[member] += (worths(joined) - worths(before))[0] / len(orders)
    np.testing.assert_allclose(found, expected, atol=EXACT)


@pytest.mark.parametrize("n", [4, MOST_VISITED, MOST_VISITED + 1, 27, 55])
def test_values_add_up_to_the_whole(n: int) -> None:
    plan = visits(n)
    assert not plan.inside[0].any()
    assert plan.inside[-1].all()
    values = worths(plan.inside)
    np.testing.assert_allclose(plan.shapley(values).sum(axis=0), values[-1] - values[0], atol=1e-9)


def test_drawn_orders_are_near_the_exact_values() -> None:
    n = MOST_VISITED + 2
    plan = visits(n)
    exact = shapley(worths(every_coalition(n)))
    # Eighty orders, each with its reverse: the game is smooth, so the error is a per cent or two.
    np.testing.assert_allclose(plan.shapley(worths(plan.inside)), exact, rtol=0.03)
    assert len(plan.inside) < 2**n / 3


@pytest.mark.parametrize("n", [2, 5, MOST_VISITED + 3])
def test_who_is_out_when_a_member_leaves(n: int) -> None:
    plan = visits(n)
    np.testing.assert_array_equal(plan.inside[plan.out], ~np.eye(n, dtype=bool))
    values = worths(plan.inside)
    np.testing.assert_allclose(plan.leaving(values), worths(~np.eye(n, dtype=bool)) - values[-1], atol=EXACT)


def test_one_alone_cannot_leave() -> None:
    plan = visits(1)
    assert np.isnan(plan.leaving(worths(plan.inside))).all()
