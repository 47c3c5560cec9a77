"""``parity robustness`` as a user runs it."""

from __future__ import annotations

import math
from pathlib import Path

import polars as pl
import pytest

from tests.robustness.cases import ASSUMPTIONS, data, spec


@pytest.fixture
def index(tmp_path: Path) -> str:
    """A spec and its data in a folder."""
    data().write_csv(tmp_path / "data.csv")
    path = tmp_path / "index.toml"
    spec(extra='data = "data.csv"').save(path)
    return str(path)


@pytest.fixture
def ask(parity, index: str):
    def run(*words: str):
        return parity("robustness", "--index", index, "--draws", "1000", "--base", "64", *words)

    return run


def test_json_is_the_documented_answer(ask) -> None:
    ran = ask("--json", "--seed", "3", "--top", "1", "--top", "12")
    assert ran.status == 0
    assert ran.err == ""
    answer = ran.json
    assert tuple(answer[key] for key in ("draws", "seed", "base_points", "rebuilds")) == (1000, 3, 64, 64 * 5)
    assert answer["seconds"] > 0
    first = answer["countries"][0]
    assert first["rank"] == 1
    assert (
        first["low95"]
        <= first["low90"]
        <= first["low50"]
        <= first["median"]
        <= first["high50"]
        <= first["high90"]
    )
    assert math.isclose(sum(country["top"]["1"] for country in answer["countries"]), 1, abs_tol=0.01)
    assert {country["top"]["12"] for country in answer["countries"]} == {1.0}
    assert [use["name"] for use in answer["assumptions"]] == ["normalisation", "aggregation", "weights"]
    assert sum(answer["assumptions"][0]["draws"]) == 1000
    assert len(answer["sensitivity"]) == (2 * 12 + 1) * 3
    assert answer["interactions"] == []
    assert answer["data"] == "file data.csv"


def test_seeds_differ_and_repeat(ask) -> None:
    zero, again, other = (ask("--json", "--seed", seed).json["countries"] for seed in ("0", "0", "1"))
    assert zero == again
    assert zero != other


def test_countries_asked_for(ask) -> None:
    ran = ask("--json", "--country", "u3", "--country", "u5", "--pairs")
    answer = ran.json
    assert {country["iso3"] for country in answer["countries"]} == {"u3", "u5"}
    assert len(answer["countries"][0]["above"]) == 11
    assert {row["output"] for row in answer["sensitivity"]} == {
        "rank u3", "rank u5", "score u3", "score u5", "mean rank shift",
    }  # fmt: skip
    assert len(answer["interactions"]) == 5 * 3


def test_draws_in_which_a_country_is_near_the_top(ask) -> None:
    answer = ask("--json", "--country", "u4", "--given", "u4", "6").json
    assert "u4" in answer["condition"]
    assert {row["output"] for row in answer["sensitivity"]} >= {"rank u4", "mean rank shift"}
    rare = ask("--given", "u3", "99")
    assert rare.status == 0
    assert ask("--given", "u99", "3").status == 2


def test_printed_for_people(ask) -> None:
    ran = ask("--country", "u3", "--top", "3")
    assert ran.status == 0
    for words in (
        "1,000 rebuilds",
        "P(rank 3 or better)",
        "rank u3",
        "normalisation",
        "Monte Carlo error",
        "Seed 0",
    ):
        assert words in ran.out
    assert "mean rank shift" in ask().out


def test_without_sensitivity(ask) -> None:
    answer = ask("--json", "--base", "0").json
    assert answer["sensitivity"] == []
    assert "Variance" not in ask("--base", "0").out


def test_table_and_figures_are_written(ask, tmp_path: Path) -> None:
    table, figure = tmp_path / "out.csv", tmp_path / "out.svg"
    ran = ask("--out", str(table), "--figure", str(figure), "--kind", "above")
    assert ran.status == 0
    assert pl.read_csv(table).height == 12
    assert "<svg" in figure.read_text()[:200]


def test_a_stopped_run_goes_on_from_its_journal(ask, tmp_path: Path) -> None:
    journal = tmp_path / "run.journal"
    first = ask("--json", "--journal", str(journal)).json
    size = journal.stat().st_size
    again = ask("--json", "--journal", str(journal)).json
    assert journal.stat().st_size == size
    assert again["countries"] == first["countries"]
    other = ask("--json", "--journal", str(journal), "--seed", "9")
    assert other.status == 2
    assert "belongs to a run with another spec" in other.err


def test_vintages_are_read_beside_the_spec(parity, tmp_path: Path) -> None:
    for name in ("old", "new"):
        (data() if name == "old" else data().with_columns(pl.col("a") * 3)).write_csv(
            tmp_path / f"{name}.csv"
        )
    text = ASSUMPTIONS + '[robustness.vintages]\nfiles = { old = "old.csv", new = "new.csv" }\n'
    spec(text, extra='data = "new.csv"').save(tmp_path / "index.toml")
    ran = parity(
        "robustness", "--index", str(tmp_path / "index.toml"), "--draws", "100", "--base", "0", "--json"
    )
    assert ran.json["assumptions"][0] == {
        "name": "data vintage", "kind": "vintages", "alternatives": ["old", "new"], "draws": [50, 50],
    }  # fmt: skip


def test_a_spec_without_assumptions_has_no_answer(parity, tmp_path: Path) -> None:
    data().write_csv(tmp_path / "data.csv")
    spec("", extra='data = "data.csv"').save(tmp_path / "index.toml")
    ran = parity("robustness", "--index", str(tmp_path / "index.toml"))
    assert ran.status == 1
    assert "names no assumption to vary" in ran.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--country", "Atlantis"), "Atlantis"),
        (("--draws", "0"), "--draws"),
        (("--until", "0"), "--until"),
        (("--seed", "-1"), "--seed"),
        (("--workers", "0"), "--workers"),
        (("--figure", "x.gif"), "cannot write 'gif'"),
        (("--out", "x.doc"), "cannot write 'doc'"),
        (("--cluster", "nonsense"), "nonsense"),
        (("--journal", "/nowhere/run.journal"), "cannot be opened"),
    ],
)
def test_a_mistake_is_one_message(ask, monkeypatch, tmp_path: Path, words, message: str) -> None:
    monkeypatch.chdir(tmp_path)
    ran = ask(*words)
    assert ran.status == 2
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert not list(tmp_path.glob("x.*"))


def test_the_wrong_step_is_named(parity, tmp_path: Path) -> None:
    data().write_csv(tmp_path / "data.csv")
    choice = '[[robustness.choice]]\nfield = "screen.min_available"\nvalues = [0.5, 0.9]\n'
    spec(choice, extra='data = "data.csv"').save(tmp_path / "index.toml")
    ran = parity("robustness", "--index", str(tmp_path / "index.toml"))
    assert ran.status == 2
    assert "no step 'screen'" in ran.err


def test_countries_may_be_named(parity, tmp_path: Path) -> None:
    codes = ["RUS", "CHN", "USA", "IND", "BRA", "ZAF", "DEU", "FRA", "JPN", "KOR", "GBR", "CAN"]
    data().with_columns(id=pl.Series(codes)).write_csv(tmp_path / "data.csv")
    spec(extra='data = "data.csv"').save(tmp_path / "index.toml")
    index = ("--index", str(tmp_path / "index.toml"), "--draws", "100", "--base", "0")
    ran = parity("robustness", *index, "--country", "Russia", "--json")
    assert [country["iso3"] for country in ran.json["countries"]] == ["RUS"]
