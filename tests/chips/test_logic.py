"""Three-valued logic: true or false only where every possible value agrees."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.chips._logic import FALSE, OPERATORS, TRUE, UNKNOWN, all_of, any_of, compare

PYTHON = {
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
    "==": lambda a, b: a == b,
}
whole = st.integers(0, 6)


@given(whole, whole, whole, st.sampled_from(OPERATORS))
def test_compare_is_what_all_values_say(one: int, other: int, value: int, operator: str) -> None:
    low, high = min(one, other), max(one, other)
    # Halves stand for the values between whole numbers.
    said = {PYTHON[operator](step / 2, value) for step in range(2 * low, 2 * high + 1)}
    expected = UNKNOWN if len(said) == 2 else TRUE if said == {True} else FALSE
    assert compare(np.array([float(low)]), np.array([float(high)]), operator, value)[0] == expected


def test_an_unknown_figure_decides_nothing() -> None:
    axis = np.array([0.0]), np.array([np.inf])
    assert [compare(*axis, operator, 4800.0)[0] for operator in OPERATORS] == [UNKNOWN] * len(OPERATORS)


@pytest.mark.parametrize(("a", "b"), list(itertools.product((FALSE, UNKNOWN, TRUE), repeat=2)))
def test_kleene_tables(a: int, b: int) -> None:
    pair = [np.array([a], np.int8), np.array([b], np.int8)]
    words = {FALSE: {False}, UNKNOWN: {False, True}, TRUE: {True}}
    both = {x and y for x in words[a] for y in words[b]}
    either = {x or y for x in words[a] for y in words[b]}
    meaning = {frozenset({False}): FALSE, frozenset({True}): TRUE, frozenset({False, True}): UNKNOWN}
    assert all_of(pair, 1)[0] == meaning[frozenset(both)]
    assert any_of(pair, 1)[0] == meaning[frozenset(either)]


def test_no_operands() -> None:
    assert all_of([], 2).tolist() == [TRUE, TRUE]
    assert any_of([], 2).tolist() == [FALSE, FALSE]


def test_an_unknown_operator_is_refused() -> None:
    with pytest.raises(ValueError, match="no operator '~'"):
        compare(np.zeros(1), np.zeros(1), "~", 1.0)
