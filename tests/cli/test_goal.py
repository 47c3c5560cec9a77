"""`parity goal` and `parity robustness swap`, on the embedded snapshot."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cli.conftest import Ran

Run = Callable[..., Ran]


def test_goal_reaches_the_rank(parity: Run) -> None:
    answer = parity("goal", "Brazil", "--rank", "28", "--draws", "30", "--json").json
    assert answer["rank_now"] > answer["rank"] == 28
    assert answer["base"]["moves"]
    assert all(move["steps"] > 0 for move in answer["base"]["moves"])
    ranked = parity("rank", "--json").json["countries"]
    assert answer["base"]["score"] >= next(place["score"] for place in ranked if place["rank"] == 28)


def test_a_move_says_from_where(parity: Run) -> None:
    assert "from" in parity("goal", "RUS", "--rank", "30", "--json").json["base"]["moves"][0]


def test_goal_prints_moves(parity: Run) -> None:
    ran = parity("goal", "IND", "--rank", "22", "--draws", "6", "--top", "3")
    assert ran.status == 0
    assert "India from rank" in ran.out
    assert "yearly spreads" in ran.out


def test_a_goal_says_how_far_its_parts_depend_on_the_steps(parity: Run) -> None:
    answer = parity("goal", "RUS", "--rank", "28", "--draws", "12", "--json").json
    base = answer["base"]
    assert answer["builds"] == 4
    assert 0 <= answer["out_of_reach"] <= 1
    assert base["size_low"] <= base["size_high"]
    assert all(move["to_low"] <= move["to_high"] for move in base["moves"])


def test_swap_levels_two_countries(parity: Run) -> None:
    answer = parity("robustness", "swap", "RUS", "BRA", "--json").json
    assert {answer["ahead"], answer["behind"]} == {"RUS", "BRA"}
    assert answer["gap"] > 0
    assert sum(row["needed"] for row in answer["joint"]) == pytest.approx(1)
    changes = [abs(row["change"]) for row in answer["weights"] if row["change"] is not None]
    assert changes == sorted(changes)
    rebuilt = answer["rebuilds"]
    assert rebuilt["builds"] == 36
    assert rebuilt["gap_low"] < answer["gap"] < rebuilt["gap_high"]
    first = answer["weights"][0]
    assert first["low"] <= first["needed"] <= first["high"]
    assert 0 < first["found"] <= 1
    assert all(row["low"] <= row["high"] for row in answer["joint"])


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["goal", "USA", "--rank", "5"], 1, "at rank 1 already"),
        (["goal", "RUS", "--rank", "0"], 2, "--rank"),
        (["goal", "RUS"], 2, "--rank: is needed"),
        (["goal", "RUS", "--rank", "500"], 2, "between 1 and 118, not 500"),
        (["robustness", "swap", "RUS", "RUS"], 2, "cannot change places with itself"),
    ],
)
def test_a_mistake_gets_one_message(parity: Run, words: list[str], status: int, message: str) -> None:
    ran = parity(*words)
    assert ran.status == status
    assert message in ran.err
    assert "Traceback" not in ran.err
