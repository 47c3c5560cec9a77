"""`parity brief` and `parity explain`, on the embedded snapshot."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cli.conftest import Ran

Run = Callable[..., Ran]

# Parts are differences of floating-point numbers that must add up to the gap.
GAP_TOLERANCE = 1e-9
# Those of a brief are stored, with nine significant digits.
STORED_TOLERANCE = 1e-6


def test_brief_agrees_with_rank(parity: Run) -> None:
    sections = parity("brief", "RUS", "--json").json["sections"]
    ranked = {place["iso3"]: place for place in parity("rank", "--json").json["countries"]}["RUS"]
    places = {place["node"]: place for place in sections["position"]["places"]}
    assert places["index"]["rank"] == ranked["rank"]
    assert places["index"]["score"] == ranked["score"]
    assert {node: places[node]["rank"] for node in ranked["pillars"]} == {
        node: place["rank"] for node, place in ranked["pillars"].items()
    }


def test_evidence_adds_up(parity: Run) -> None:
    evidence = parity("brief", "Taiwan", "--json").json["sections"]["evidence"]
    shares = [evidence[key] for key in ("observed", "estimated", "imputed", "zero_filled")]
    assert sum(shares) == pytest.approx(1)
    # Its own statistics stand for what the UN and the World Bank do not publish; a few series remain.
    assert 0 < evidence["imputed"] < 0.2
    assert "Fixed broadband subscriptions" in evidence["imputed_indicators"]


def test_gaps_are_to_countries_above(parity: Run) -> None:
    brief = parity("brief", "Brazil", "--json").json
    own = brief["sections"]["position"]["places"][0]["rank"]
    ranks = {place["iso3"]: place["rank"] for place in parity("rank", "--json").json["countries"]}
    gaps = brief["sections"]["gap"]["gaps"]
    assert [gap["role"] for gap in gaps] == ["leader", "next above"]
    assert [ranks[gap["iso3"]] for gap in gaps] == [1, own - 1]
    for gap in gaps:
        assert sum(gap["pillars"].values()) == pytest.approx(gap["gap"], abs=STORED_TOLERANCE)


@pytest.mark.parametrize(("country", "role"), [("Russia", "leader"), ("Kenya", "next above")])
def test_gaps_have_the_intervals_of_explain(parity: Run, country: str, role: str) -> None:
    brief = parity("brief", country, "--json").json
    gap = next(gap for gap in brief["sections"]["gap"]["gaps"] if gap["role"] == role)
    told = parity("explain", gap["iso3"], brief["country"]["iso3"], "--json").json
    assert gap["level"] == told["level"]
    for key in ("gap_range", "pillars"):
        assert gap[key] == pytest.approx(told[key], abs=STORED_TOLERANCE)
    assert gap["pillar_ranges"].keys() == told["pillar_ranges"].keys()
    for pillar, ends in gap["pillar_ranges"].items():
        assert ends == pytest.approx(told["pillar_ranges"][pillar], abs=STORED_TOLERANCE)
    for part, other in zip(gap["parts"], told["parts"], strict=False):
        assert part["indicator"] == other["indicator"]
        for key in ("contribution", "low", "high"):
            assert part[key] == pytest.approx(other[key], abs=STORED_TOLERANCE)


def test_a_goal_has_the_intervals_of_its_command(parity: Run) -> None:
    section = parity("brief", "Brazil", "--json").json["sections"]["goal"]
    told = parity("goal", "BRA", "--rank", str(section["rank"]), "--json").json
    for key in ("size", "size_low", "size_high"):
        assert section[key] == pytest.approx(told["base"][key], rel=STORED_TOLERANCE)
    assert (section["builds"], section["out_of_reach"]) == (told["builds"], told["out_of_reach"])
    for move, other in zip(section["moves"], told["base"]["moves"], strict=False):
        for key in ("to", "to_low", "to_high"):
            assert move[key] == pytest.approx(other[key], rel=STORED_TOLERANCE)


def test_the_leader_has_no_gap(parity: Run) -> None:
    leader = parity("rank", "--top", "1", "--json").json["countries"][0]["iso3"]
    assert parity("brief", leader, "--json").json["sections"]["gap"]["gaps"] == []


def test_profile_is_against_other_countries(parity: Run) -> None:
    profile = parity("brief", "China", "--json").json["sections"]["profile"]
    income, bloc = profile["peers"]
    assert (income["name"], bloc["name"]) == ("Upper middle income", "BRICS")
    assert bloc["size"] == 9, "China is not its own peer"
    assert all(place["score"] > place["peers"][income["name"]] for place in profile["strengths"])
    assert all(place["score"] < place["peers"][income["name"]] for place in profile["weaknesses"])


def test_change_ends_on_the_scale_it_is_measured_on(parity: Run) -> None:
    change = parity("brief", "India", "--json").json["sections"]["change"]
    years = [place["year"] for place in change["years"]]
    assert years == sorted(years)
    assert len(years) > 1
    assert 0 < change["share"] < 1


def test_sources_have_licence_and_vintage(parity: Run) -> None:
    sources = parity("brief", "Kenya", "--json").json["sections"]["sources"]["sources"]
    assert all(line["licence"] and line["vintage"] and line["publisher"] for line in sources)


def test_prints_one_page(parity: Run) -> None:
    ran = parity("brief", "russia")
    assert ran.status == 0
    for heading in (
        "Russia (RUS)",
        "Position",
        "Strengths and weaknesses",
        "Gaps to others",
        "What the score rests on",
    ):
        assert heading in ran.out


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
