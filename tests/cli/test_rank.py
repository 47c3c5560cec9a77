"""`parity rank`, from the words typed to the words printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from parity.ask.years import rank_ranges
from tests.cli.conftest import Ran

Run = Callable[..., Ran]

# The published totals have two decimals, and so have the seven scores they are made of.
GAII_TOLERANCE = 0.0065


def test_ranks_the_whole_world(parity: Run) -> None:
    answer = parity("rank", "--json").json
    assert set(answer) >= {"parity", "data", "command", "index", "variant", "countries"}
    assert answer["command"] == "parity rank --json"
    countries = answer["countries"]
    assert len(countries) == answer["units"] >= 110
    assert [place["rank"] for place in countries] == sorted(place["rank"] for place in countries)
    assert set(countries[0]["pillars"]) >= {"implementation", "innovation", "investment", "talent"}
    assert {"RUS", "CHN", "USA", "IND", "BRA", "ZAF", "EGY", "ETH", "IRN", "ARE", "IDN", "TWN", "HKG"} <= {
        place["iso3"] for place in countries
    }


def test_group_keeps_world_ranks(parity: Run) -> None:
    world = {place["iso3"]: place["rank"] for place in parity("rank", "--json").json["countries"]}
    bloc = parity("rank", "--group", "brics", "--json").json["countries"]
    assert {place["iso3"]: place["rank"] for place in bloc}.items() <= world.items()
    assert len(bloc) == 10


def test_variants_rank_the_same_countries(parity: Run) -> None:
    sets = [
        {place["iso3"] for place in parity("rank", "--variant", variant, "--json").json["countries"]}
        for variant in ("both", "scale", "intensity")
    ]
    assert sets[0] == sets[1] == sets[2]


def test_prints_a_table(parity: Run) -> None:
    ran = parity("rank", "--pillar", "talent", "--top", "3")
    assert ran.status == 0
    assert "Open AI index: Talent" in ran.out
    assert ": 3 of 118" in ran.out


@pytest.mark.shared
def test_published_arithmetic_on_the_users_copy(parity: Run, shared: Path) -> None:
    table = shared / "data" / "validation" / "tortoise-global-ai-index" / "tortoise_2023_62_countries.csv"
    published = {}
    for line in table.read_text(encoding="utf-8").splitlines()[1:]:
        cells = line.split(",")
        published[cells[0]] = float(cells[8])
    places = parity("rank", "--index", "gaii", "--data", str(table), "--json").json["countries"]
    assert len(places) == len(published) == 62
    assert max(abs(place["score"] - published[place["name"]]) for place in places) <= GAII_TOLERANCE


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--pillar", "talnt"], "no indicator or group 'talnt'. Did you mean 'talent'?"),
        (["--group", "BRIC"], "no group 'BRIC'. Did you mean 'BRICS'"),
        (["--index", "open-ai"], "no index 'open-ai'; built-in are 'open-ai-index'"),
        (["--variant", "size"], "'size' is not one of 'both', 'scale', 'intensity'"),
        (["--index", "gaii"], "'gaii' needs a table: give it with --data FILE"),
        (["--index", "gaii", "--variant", "scale"], "'gaii' has one variant only"),
        (["--index", "absent.toml"], "absent.toml"),
        (["--top", "0"], "--top"),
        (["--as-of", "1999"], "as-of: input should be greater than or equal to 2020"),
        (["--index", "gaii", "--data", "any.csv", "--as-of", "2022"], "not on any.csv"),
    ],
)
def test_a_mistake_gets_one_message(parity: Run, words: list[str], message: str) -> None:
    ran = parity("rank", *words)
    assert ran.status == 2
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_an_earlier_year_has_the_ranks_that_claims_are_held_against(parity: Run) -> None:
    answer = parity("rank", "--as-of", "2022", "--json").json
    ranges = rank_ranges(2022)
    assert len(answer["countries"]) == len(ranges)
    for row in answer["countries"]:
        found = ranges[row["iso3"]]
        assert (row["rank"], row["rank_low"], row["rank_high"]) == (found.value, found.low, found.high)
    assert "data up to 2022" in answer["data"]
    assert answer["countries"] != parity("rank", "--json").json["countries"]
