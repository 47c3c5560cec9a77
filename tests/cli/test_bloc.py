"""`parity bloc`, from the words typed to the words printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran

Run = Callable[..., Ran]
EXACT = 1e-9
BASE = {"parity", "data", "command"}


def test_list(parity: Run) -> None:
    answer = parity("bloc", "list", "--json").json
    assert set(answer) >= BASE
    sizes = {row["bloc"]: row["members"] for row in answer["blocs"]}
    assert (sizes["BRICS"], sizes["G7"], sizes["EU"]) == (10, 7, 27)
    early = {row["bloc"] for row in parity("bloc", "list", "--on", "1990", "--json").json["blocs"]}
    assert "BRICS" not in early
    assert "G7" in early
    assert "blocs are known" in parity("bloc", "list").out


def test_members(parity: Run) -> None:
    answer = parity("bloc", "members", "brics", "--json").json
    assert answer["members"] == sorted(["ARE", "BRA", "CHN", "EGY", "ETH", "IDN", "IND", "IRN", "RUS", "ZAF"])
    saudi = next(row for row in answer["countries"] if row["iso3"] == "SAU")
    assert saudi["disputed"] is True
    assert all(row["source"] for row in answer["countries"])
    assert parity("bloc", "members", "BRICS", "--on", "2012", "--json").json["members"] == [
        "BRA",
        "CHN",
        "IND",
        "RUS",
        "ZAF",
    ]
    printed = parity("bloc", "members", "BRICS").out
    assert "invited, disputed" in printed
    assert "Johannesburg" in printed
    assert "member, suspended" in parity("bloc", "members", "African Union").out
    assert "~2010" in parity("bloc", "members", "SCO").out


def test_show_holds_the_contract(parity: Run) -> None:
    answer = parity("bloc", "show", "BRICS", "--draws", "6", "--json").json
    assert set(answer) >= BASE | {"members", "rank", "score", "pillars", "shapley"}
    assert sum(row["value"] for row in answer["shapley"]) == pytest.approx(answer["score"], abs=EXACT)
    assert answer["rank_low"] <= answer["rank_high"]
    assert answer["level"] == 0.9
    for row in answer["shapley"]:
        for part in (row, *row["pillars"].values()):
            assert part["low"] <= part["high"]
        assert row["leaving_low"] <= row["leaving_high"]
    for row in answer["joining"]:
        assert row["low"] <= row["high"]
        assert 0 <= row["best"] <= 1
    for row in answer["weaknesses"]:
        assert row["lifter"] is None or row["loss_low"] <= row["loss_high"]
        assert row["drag"] is None or row["gain_low"] <= row["gain_high"]
    assert answer["change"] == []
    assert set(answer["pillars"]) >= {"implementation", "innovation", "investment", "talent"}
    for code, place in answer["pillars"].items():
        if code not in ("index",):
            total = sum(row["pillars"][code]["value"] for row in answer["shapley"])
            assert total == pytest.approx(place["score"], abs=EXACT)
    assert 0 < answer["covered"] <= 1
    gains = [row["gain"] for row in answer["joining"]]
    assert gains == sorted(gains, reverse=True)


def test_pool_of_one_country_is_its_rank(parity: Run) -> None:
    ranked = parity("rank", "--json").json["countries"]
    russia = next(place for place in ranked if place["iso3"] == "RUS")
    answer = parity("bloc", "pool", "Russia", "--draws", "0", "--json").json
    assert answer["score"] == pytest.approx(russia["score"], abs=EXACT)
    assert answer["rank"] == russia["rank"]
    assert answer["level"] is None
    assert answer["weaknesses"] == []


def test_what_if(parity: Run) -> None:
    words = ["--draws", "0", "--json"]
    plain = parity("bloc", "pool", "BRICS", "--on", "2024-06-30", *words).json
    changed = parity(
        "bloc", "pool", "BRICS", "--on", "2024-06-30", "--with", "IDN", "--without", "BRA", *words
    ).json
    assert set(changed["members"]) == {*plain["members"], "IDN"} - {"BRA"}
    by_hand = parity("bloc", "pool", ",".join(changed["members"]), *words).json
    assert by_hand["score"] == pytest.approx(changed["score"], abs=EXACT)
    as_one = parity("bloc", "pool", "BRICS + IDN - BRA", "--on", "2024-06-30", *words).json
    assert {key: as_one[key] for key in ("bloc", "score", "change")} == {
        key: changed[key] for key in ("bloc", "score", "change")
    }
    top = changed["change"][0]
    assert top["change"] == pytest.approx(changed["score"] - plain["score"], abs=EXACT)
    assert (top["rank_before"], top["rank"]) == (plain["rank"], changed["rank"])
    assert top["low"] is None
    assert [row["node"] for row in changed["change"]] == list(changed["pillars"])


def test_countries_separated_by_commas_leave(parity: Run) -> None:
    words = ["bloc", "pool", "BRICS", "--draws", "0", "--json"]
    one = parity(*words, "--without", "RUS,CHN").json
    assert one["members"] == parity(*words, "--without", "Russia", "--without", "China").json["members"]
    assert not {"RUS", "CHN"} & set(one["members"])
    assert one["bloc"] == "BRICS - RUS - CHN"


def test_what_if_with_intervals(parity: Run) -> None:
    words = ["bloc", "pool", "BRICS", "--with", "SAU", "--draws", "9"]
    for row in parity(*words, "--json").json["change"]:
        assert row["low"] <= row["high"]
    assert "Against BRICS" in parity(*words).out


def test_a_pillar_split_over_the_members(parity: Run, tmp_path: Path) -> None:
    path = tmp_path / "talent.png"
    words = ["bloc", "show", "G7", "--node", "talent", "--draws", "3"]
    assert "What each member brings to the G7: Talent" in parity(*words, "--figure", str(path)).out
    assert path.stat().st_size > 5000
    assert "no group of the index" in parity("bloc", "show", "G7", "--node", "papers", "--draws", "0").err


def test_suspended_members_are_pooled_and_named(parity: Run) -> None:
    answer = parity("bloc", "show", "African Union", "--draws", "0", "--json").json
    assert "MLI" in answer["suspended"]
    assert set(answer["suspended"]) <= set(answer["members"])
    assert parity("bloc", "pool", "RUS,CHN", "--draws", "0", "--json").json["suspended"] == []


def test_order_of_countries_does_not_matter(parity: Run) -> None:
    one, other = (
        parity("bloc", "pool", text, "--draws", "0", "--json").json for text in ("RUS,CHN,IND", "IND,RUS,CHN")
    )
    assert (one["score"], one["rank"], one["shapley"]) == (other["score"], other["rank"], other["shapley"])


def test_own_blocs(parity: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("bloc,iso3\nBaltics,Estonia\nBaltics,Latvia\nBaltics,Lithuania\n")
    answer = parity("bloc", "pool", "Baltics", "--blocs", str(path), "--draws", "0", "--json").json
    assert answer["members"] == ["EST", "LTU", "LVA"]


def test_compare(parity: Run) -> None:
    answer = parity("bloc", "compare", "BRICS", "G7", "USA", "--draws", "6", "--years", "--json").json
    assert set(answer) >= BASE | {"blocs", "rows", "gaps", "years"}
    assert answer["blocs"]["United States"] == ["USA"]
    top = [row for row in answer["rows"] if row["node"] == "index"]
    score = {row["bloc"]: row["score"] for row in top}
    gap = next(row for row in answer["gaps"] if row["node"] == "index" and row["b"] == "G7")
    assert gap["gap"] == pytest.approx(score["BRICS"] - score["G7"])
    assert gap["low"] <= gap["high"]
    assert {row["year"] for row in answer["years"]} == set(range(2020, 2026))
    assert {row["b"] for row in answer["year_gaps"]} == {"G7", "United States"}
    changes = [row for row in answer["year_gaps"] if row["year"] is None]
    # The history holds the pillars, not every group below them.
    assert {"index"} < {row["node"] for row in changes} < {row["node"] for row in answer["rows"]}
    assert all(row["low"] <= row["high"] for row in answer["year_gaps"])


def test_prints_tables(parity: Run) -> None:
    shown = parity("bloc", "show", "BRICS", "--variant", "scale", "--draws", "3")
    assert shown.status == 0
    assert "10 members: United Arab Emirates, Brazil, China" in shown.out
    assert "What each member brings" in shown.out
    assert "90% intervals over 3 rebuilds" in shown.out
    compared = parity("bloc", "compare", "BRICS", "G7", "--draws", "0")
    assert "BRICS trails the G7 by" in compared.out


def test_reach(parity: Run) -> None:
    answer = parity("bloc", "reach", "RUS,CHN", "--behind", "USA", "--json").json
    rows = {row["iso3"]: row for row in answer["members"]}
    for end in ("value", "low", "high"):
        total = sum(row["compute"][end] for row in rows.values())
        assert answer["compute"][-1]["h100e"][end] == pytest.approx(total)
    assert answer["access"][-1]["month"] <= answer["checked_to"][:7]
    assert [row["month"] for row in answer["access"]] == sorted(row["month"] for row in answer["access"])
    assert answer["frontier"]["behind"] == "United States"
    assert answer["frontier"]["standing"]["low"] <= answer["frontier"]["standing"]["high"]
    # What one member may buy is not pooled: China's access is China's.
    assert rows["CHN"]["best_free"] != rows["RUS"]["best_free"]
    shown = parity("bloc", "reach", "RUS,CHN", "--behind", "G7").out
    assert "is not thereby another's" in shown
    # The measure is given, not where to buy what others may not.
    assert "leader" not in answer["access"][-1]


def test_reach_and_lag_tell_the_same_interval(parity: Run) -> None:
    reach = parity("bloc", "reach", "BRICS", "--json").json["frontier"]
    assert reach["standing"] == parity("lag", "BRICS", "--json").json["standing"]


def test_figure_of_the_reach(parity: Run, tmp_path: Path) -> None:
    path = tmp_path / "reach.png"
    assert parity("bloc", "reach", "BRICS", "--figure", str(path)).status == 0
    assert path.stat().st_size > 5000


def test_figures(parity: Run, tmp_path: Path) -> None:
    for words, name in ((["show", "G7"], "a.png"), (["compare", "G7", "EU"], "b.svg")):
        path = tmp_path / name
        assert parity("bloc", *words, "--draws", "0", "--figure", str(path)).status == 0
        assert path.stat().st_size > 1000
    profile = tmp_path / "profile.svg"
    words = ("bloc", "show", "G7", "--draws", "3", "--kind", "profile", "--out", str(profile))
    assert parity(*words).status == 0
    assert "pillar by pillar" in profile.read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["show", "BRIC"], "no group 'BRIC'. Did you mean 'BRICS'"),
        (["show", "BRICS", "--on", "1999"], "BRICS did not exist on 1999-12-31"),
        (["show", "BRICS", "--on", "soon"], "'soon' is not a day"),
        (["show", "BRICS", "--on", "2999-01-01"], "2999-01-01 lies in the future"),
        (["show", "G8"], "G8 does not exist today"),
        (["compare", "BRICS", "G7", "brics"], "BRICS stands twice"),
        (["pool", "RUS,RUS"], "RUS is listed twice"),
        (["pool", ","], "an empty bloc"),
        (["pool", "BRICS", "--with", "RUS"], "RUS is in BRICS already"),
        (["pool", "BRICS", "--without", "USA"], "USA is not in BRICS"),
        (["pool", "Antarctica"], "none of ATA has data"),
        (["compare", "BRICS"], "two blocs or more"),
        (["reach", "USA", "--behind", "United States"], "cannot trail itself"),
        (["members", "Atlantis"], "no group 'Atlantis'"),
        (["show", "G7", "--variant", "size"], "'size' is not one of"),
        (["show", "G7", "--draws", "0", "--out", "x.doc"], "cannot write 'doc'"),
        (["pool", "BRICS", "--blocs", "BRICS,FRA"], "--blocs takes a table of your own blocs"),
    ],
)
def test_a_mistake_gets_one_message(parity: Run, words: list[str], message: str) -> None:
    ran = parity("bloc", *words)
    assert ran.status == 2
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""
