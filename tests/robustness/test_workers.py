"""Results are the same bits for any number and kind of workers on this machine."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from parity.errors import ParityError
from parity.robustness import Options, Robustness, Workers, analyse
from tests.robustness.cases import ASSUMPTIONS, data, spec

DRAWS = 70_000
"""Five chunks, the last of them short."""
BASE = 1 << 14


def run(workers: Workers, **options: object) -> Robustness:
    return analyse(spec(), data(), Options(draws=DRAWS, base=BASE, workers=workers, **options))


def same(one: Robustness, other: Robustness) -> None:
    """Compare every array of two results bit by bit; the wall time alone may differ."""
    for field in dataclasses.fields(one.counts):
        np.testing.assert_array_equal(getattr(one.counts, field.name), getattr(other.counts, field.name))
    assert one.sensitivity is not None
    assert other.sensitivity is not None
    for name in ("first", "total", "first_interval", "total_interval", "second"):
        mine, theirs = (getattr(each.sensitivity.indices, name) for each in (one, other))
        assert mine.tobytes() == theirs.tobytes()
    assert one.table().equals(other.table(), null_equal=True)


@pytest.fixture(scope="module")
def alone() -> Robustness:
    return run(Workers(1))


@pytest.mark.parametrize("workers", [Workers(2), Workers(3), Workers(2, "processes"), Workers()])
def test_same_bits_for_any_workers(alone: Robustness, workers: Workers) -> None:
    same(alone, run(workers))


def test_a_method_without_a_formula_in_threads_and_processes() -> None:
    steps = '[steps.normalise]\n[steps.aggregate]\nmethod = "copeland"\n'
    case = (spec("[[robustness.weights]]\nnoise = 0.5\n", steps), data(0))
    one, two = (
        analyse(*case, Options(draws=100, base=16, workers=workers))
        for workers in (Workers(1), Workers(2, "processes"))
    )
    same(one, two)


def test_draws_told_are_draws_made(alone: Robustness) -> None:
    assert alone.draws == DRAWS
    assert alone.counts.ranks.sum() == DRAWS * len(alone.units)


def test_progress_ends_at_the_whole() -> None:
    told: list[tuple[int, int]] = []
    analyse(
        spec(ASSUMPTIONS),
        data(),
        Options(draws=DRAWS, base=0, workers=Workers(2), progress=lambda done, of: told.append((done, of))),
    )
    assert told == [(done, 5) for done in range(1, 6)]


def test_no_workers() -> None:
    with pytest.raises(ParityError, match="workers must be 1 or more, not 0"):
        Workers(0)
