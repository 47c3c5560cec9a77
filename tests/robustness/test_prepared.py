"""Prepared variants give the intervals of a run from the start."""

from __future__ import annotations

import pytest
from polars.testing import assert_frame_equal

from parity.ask.intervals import made_intervals
from parity.ask.settings import Settings, edited_spec
from parity.ask.standing import Standing, standing
from parity.robustness import Prepared

DRAWS = 1_000
LEVEL = 0.9
# A run from the start draws neither noise nor absence of what has no weight: its draws are others.
MOST_RANKS = 3


@pytest.fixture(scope="module")
def found() -> Standing:
    return standing()


@pytest.fixture(scope="module")
def prepared(found: Standing) -> Prepared:
    return Prepared.of(found.index.spec, found.index.stages["raw"].table)


@pytest.mark.parametrize("weights", [{}, {"talent": 9.0}, {"innovation": 2.0, "commercial": 2.5}])
def test_same_as_a_run_with_these_weights(
    found: Standing, prepared: Prepared, weights: dict[str, float]
) -> None:
    assert prepared.fits(weights)
    spec = edited_spec(found.index.spec, Settings(weights=weights))
    whole = made_intervals(spec, found.index.stages["raw"].table, "index", DRAWS)
    assert_frame_equal(prepared.intervals(weights, DRAWS, LEVEL).sort("id"), whole.sort("id"))


def test_a_weight_of_zero_moves_an_end_by_few_ranks(found: Standing, prepared: Prepared) -> None:
    spec = edited_spec(found.index.spec, Settings(weights={"innovation": 0.0}))
    whole = made_intervals(spec, found.index.stages["raw"].table, "index", DRAWS).sort("id")
    quick = prepared.intervals({"innovation": 0.0}, DRAWS, LEVEL).sort("id")
    for end in ("rank_low", "rank_high"):
        assert (whole[end] - quick[end]).abs().max() <= MOST_RANKS


def test_what_the_draws_do_not_move_does_not_fit(prepared: Prepared) -> None:
    assert not prepared.fits({"nothing": 1.0})
