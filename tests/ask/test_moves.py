"""What moved, and why: parts add up, and one change has all of a move."""

from __future__ import annotations

import pytest

from parity.ask.moves import MOST_CHANGES, Choice, moves
from parity.ask.settings import Settings
from parity.ask.standing import Standing, standing

EXACT = 1e-9


@pytest.fixture(scope="module")
def indices() -> dict[str, Standing]:
    return {variant: standing(variant=variant) for variant in ("both", "scale")}


def test_no_change_no_move(indices: dict[str, Standing]) -> None:
    assert moves(indices.__getitem__, Choice(), Choice()) == []


def test_one_change_has_all_of_it(indices: dict[str, Standing]) -> None:
    found = moves(indices.__getitem__, Choice(), Choice(settings=Settings(aggregate="geometric")))
    assert found
    assert all(move.parts == {"aggregation": move.places} for move in found)


def test_parts_add_up_to_the_move(indices: dict[str, Standing]) -> None:
    after = Choice(
        variant="scale", settings=Settings(weights={"talent": 9, "research": 1}, normalise="zscore")
    )
    found = moves(indices.__getitem__, Choice(settings=Settings(weights={"talent": 2})), after)
    assert {len(move.parts) for move in found} == {4}
    for move in found:
        assert sum(move.parts.values()) == pytest.approx(move.places, abs=EXACT)
        assert move.places == move.before - move.after
    sizes = [abs(move.places) for move in found]
    assert sizes == sorted(sizes, reverse=True)


def test_the_way_back_is_the_opposite(indices: dict[str, Standing]) -> None:
    one, other = Choice(), Choice(variant="scale", settings=Settings(weights={"commercial": 1}))
    there = {move.iso3: move.places for move in moves(indices.__getitem__, one, other)}
    back = {move.iso3: -move.places for move in moves(indices.__getitem__, other, one)}
    assert there == back


def test_many_weights_count_as_one(indices: dict[str, Standing]) -> None:
    codes = ("talent", "infrastructure", "operating_environment", "research", "development", "commercial")
    assert len(codes) > MOST_CHANGES
    found = moves(indices.__getitem__, Choice(), Choice(settings=Settings(weights=dict.fromkeys(codes, 4.0))))
    assert {tuple(move.parts) for move in found} == {("weights",)}


def test_weight_that_passes_from_one_pillar_to_another(indices: dict[str, Standing]) -> None:
    """Between the two settings lies one without any weight, which no order can pass through."""
    one = Settings(weights={"implementation": 0, "innovation": 0, "investment": 5})
    other = Settings(weights={"implementation": 0, "innovation": 5, "investment": 0})
    found = moves(indices.__getitem__, Choice(settings=one), Choice(settings=other))
    assert {tuple(move.parts) for move in found} == {("weights",)}
