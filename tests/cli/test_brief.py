"""`parity brief` and `parity explain`, on the embedded snapshot."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cli.conftest import Ran

Run = Callable[..., Ran]

# Parts are differences of floating-point numbers that must add up to the gap.
GAP_TOLERANCE = 1e-9


@pytest.mark.parametrize("spelling", ["russia", "RUS"])
def test_prints_one_screen(parity: Run, spelling: str) -> None:
    ran = parity("brief", spelling)
    assert ran.status == 0
    assert ran.out.startswith("Russia (RUS)")
    assert "parity brief RUS --full" in ran.out
    assert "What it rests on" not in ran.out


def test_json_names_every_section(parity: Run) -> None:
    told = parity("brief", "Kenya", "--json").json
    assert told["country"]["iso3"] == "KEN"
    assert told["command"] == "parity brief KEN --json"
    assert set(told["known_to"]) == {
        "models",
        "rules",
        "compute",
        "index, all series",
        "index, newest series",
    }
    whole = told["sections"]
    assert {"position", "profile", "gap", "goal", "change", "since", "lag", "chips", "trade", "bloc"} <= set(
        whole
    )
    assert {"ties", "control", "pledges", "claims", "evidence", "data_gaps", "sources"} <= set(whole)
    assert all(line["licence"] and line["vintage"] for line in whole["sources"]["sources"])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["brief", "Rusiaa"], "no country is known as 'Rusiaa'. Did you mean 'Russia'"),
        (["brief", "North Korea"], "North Korea (PRK) is not ranked by 'open-ai-index'"),
        (["explain", "RUS"], "B: is needed"),
        (["explain", "USA", "United States"], "are the same country; name two"),
        (["explain", "RUS", "Atlantis"], "no country is known as 'Atlantis'"),
    ],
)
def test_a_mistake_gets_one_message(parity: Run, words: list[str], message: str) -> None:
    ran = parity(*words)
    assert ran.status == 2
    assert message in ran.err
    assert "Traceback" not in ran.err


def test_explain_adds_up_and_turns_round(parity: Run) -> None:
    there = parity("explain", "USA", "Russia", "--json").json
    back = parity("explain", "RUS", "US", "--json").json
    assert sum(part["contribution"] for part in there["parts"]) == pytest.approx(
        there["gap"], abs=GAP_TOLERANCE
    )
    assert there["gap"] == pytest.approx(-back["gap"], abs=GAP_TOLERANCE)
    sizes = [abs(part["contribution"]) for part in there["parts"]]
    assert sizes == sorted(sizes, reverse=True)


def test_explain_gives_every_part_an_interval(parity: Run) -> None:
    told = parity("explain", "USA", "RUS", "--json").json
    assert told["reason"] == ""
    assert told["gap_range"]["low"] < told["gap"] < told["gap_range"]["high"]
    held = [part["low"] <= part["contribution"] <= part["high"] for part in told["parts"]]
    assert sum(held) > 0.9 * len(held)
    assert told["pillar_ranges"].keys() == told["pillars"].keys()
    out = parity("explain", "USA", "RUS", "--top", "1").out
    assert f"{told['gap_range']['low']:.1f} to {told['gap_range']['high']:.1f}" in out


def test_explain_prints_the_rest(parity: Run) -> None:
    ran = parity("explain", "CHN", "USA", "--top", "4")
    assert "The other " in ran.out
    assert "parity explain CHN USA --top 4" in ran.out
