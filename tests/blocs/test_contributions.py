"""Shapley values of members against brute force, and what-ifs."""

from __future__ import annotations

import itertools
from math import factorial

import numpy as np
import pytest

from parity.ask.standing import standing
from parity.blocs import contributions, pool
from parity.catalogue import members
from parity.errors import ParityError
from parity.index import Index

EXACT = 1e-9
# Of the drawn orders' own standard error, over all members and nodes.
MOST_ERRORS = 5.0

WEIGHTS = {"law": "population", "spending": "gdp"}
FIVE = ["C00", "C03", "C07", "C12", "C18"]


def brute_force(index: Index, codes: list[str], node: str | None) -> dict[str, float]:
    """Average what each adds over all orders, one pool at a time."""

    def worth(inside: frozenset[str]) -> float:
        return pool(index, sorted(inside), weights=WEIGHTS).score(node) if inside else 0.0

    worths = {
        frozenset(inside): worth(frozenset(inside))
        for size in range(len(codes) + 1)
        for inside in itertools.combinations(codes, size)
    }
    found = dict.fromkeys(codes, 0.0)
    for order in itertools.permutations(codes):
        for place, code in enumerate(order):
            before = frozenset(order[:place])
            found[code] += (worths[before | {code}] - worths[before]) / factorial(len(codes))
    return found


@pytest.mark.parametrize("node", [None, "rate", "papers.intensity"])
def test_against_brute_force(index: Index, node: str | None) -> None:
    parts = contributions(pool(index, FIVE, weights=WEIGHTS))
    expected = brute_force(index, FIVE, node)
    table = parts.table(node)
    assert dict(table.select("iso3", "value").rows()) == pytest.approx(expected, abs=EXACT)
    assert table["value"].to_list() == sorted(table["value"], reverse=True)


def test_values_add_up_in_every_node(index: Index) -> None:
    whole = pool(index, FIVE, weights=WEIGHTS)
    np.testing.assert_allclose(contributions(whole).values.sum(axis=0), whole.scores, rtol=0, atol=EXACT)


def test_values_of_brics_add_up() -> None:
    whole = pool(standing().index, members("BRICS"))
    parts = contributions(whole)
    assert parts.exact
    np.testing.assert_allclose(parts.values.sum(axis=0), whole.scores, rtol=0, atol=EXACT)


def test_equal_members_get_equal_values(index: Index) -> None:
    """A quantity that merely adds up, min-max scaled: the value is each one's own share of the way."""
    parts = contributions(pool(index, FIVE, weights=WEIGHTS))
    column = index.stages["denominated"].values[:, 0]
    low, high = column.min(), column.max()
    own = np.array([column[index.row(code)] for code in FIVE])
    # v(S) = 100 (sum - low) / (high - low) for any S but the empty one, which is 0: the constant is shared.
    expected = 100 * own / (high - low) - 100 * low / (high - low) / len(FIVE)
    place = index.node("papers.scale")
    np.testing.assert_allclose(parts.values[:, place], expected, rtol=0, atol=1e-8)


def test_leaving_and_alone(index: Index) -> None:
    whole = pool(index, FIVE, weights=WEIGHTS)
    parts = contributions(whole)
    for place, code in enumerate(whole.members):
        rest = pool(index, [one for one in FIVE if one != code], weights=WEIGHTS)
        np.testing.assert_allclose(parts.leaving[place], rest.scores - whole.scores, atol=EXACT)
        np.testing.assert_allclose(
            parts.alone[place], pool(index, [code], weights=WEIGHTS).scores, atol=EXACT
        )


def test_drawn_orders_surround_the_exact_values(index: Index) -> None:
    codes = [f"C{k:02d}" for k in range(13)]
    whole = pool(index, codes, weights=WEIGHTS)
    drawn = contributions(whole, coalitions=6_000, seed=3)
    assert not drawn.exact
    assert drawn.seed == 3
    np.testing.assert_allclose(drawn.values.sum(axis=0), whole.scores, atol=EXACT)
    expected = _exact(index, codes)
    away = np.abs(drawn.values[:, -1] - expected) / drawn.errors[:, -1]
    assert away.max() < MOST_ERRORS
    again = contributions(whole, coalitions=6_000, seed=3)
    np.testing.assert_array_equal(again.values, drawn.values)


def _exact(index: Index, codes: list[str]) -> np.ndarray:
    """Visit all 2^13 coalitions by the formula over subsets."""
    from parity.blocs.contributions import coalition_scores
    from parity.stats import every_coalition

    whole = pool(index, codes, weights=WEIGHTS)
    n = len(codes)
    inside = every_coalition(n)
    worths = coalition_scores(index, whole, inside)[:, -1]
    sizes = inside.sum(axis=1)
    found = np.zeros(n)
    for k in range(n):
        without = np.flatnonzero(~inside[:, k])
        chance = np.array([factorial(s) * factorial(n - s - 1) / factorial(n) for s in sizes[without]])
        found[k] = chance @ (worths[without + (1 << k)] - worths[without])
    return found


def test_complements(index: Index) -> None:
    parts = contributions(pool(index, FIVE, weights=WEIGHTS))
    table = parts.complements()
    assert table["rank"].to_list() == sorted(table["rank"], reverse=True)
    row = table.filter(node="size").row(0, named=True)
    place = index.node("size")
    assert row["lifter"] == parts.pool.members[int(np.argmin(parts.leaving[:, place]))]
    assert row["loss"] == pytest.approx(-parts.leaving[:, place].min())
    with pytest.raises(ParityError, match="bloc of one"):
        contributions(pool(index, ["C01"], weights=WEIGHTS)).complements()
