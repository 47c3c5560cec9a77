"""`parity lag`, from the words typed to the words printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.cli.conftest import Ran
from tests.frontier.conftest import made_up

Run = Callable[..., Ran]
QUICK = ("--draws", "20")
ESTIMATE = {"value", "low", "high", "level", "unit", "reason"}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a user's scores: three countries, fifteen models each, one of them always behind."""
    frame, _ = made_up(30, 8, share=0.9, seed=31)
    names = {"AAA": "Kazakhstan", "BBB": "Uzbekistan", "CCC": "Armenia"}
    path = tmp_path_factory.mktemp("own") / "scores.csv"
    frame.with_columns(pl.col("country").replace_strict(names)).rename({"test": "benchmark"}).write_csv(path)
    return path


def test_the_answer_keeps_the_contract(parity: Run) -> None:
    answer = parity("lag", "RUS", "--parameters", "--json", *QUICK).json
    assert set(answer) >= {
        "parity",
        "data",
        "command",
        "of",
        "behind",
        "on",
        "standing",
        "window",
        "release",
        "censored",
    }
    assert (answer["of"], answer["behind"]) == ("RUS", "USA")
    assert set(answer["standing"]) == ESTIMATE
    assert answer["standing"]["unit"] == "months"
    assert set(answer["window"]) == {"from", "to", "mean", "min", "max"}
    assert set(answer["window"]["mean"]) == ESTIMATE
    assert set(answer["release"]) == {"mean", "min", "max", "n"}
    names = [row["name"] for row in answer["parameters"]]
    assert {"capability", "largest training run", "hardware used in training"} <= set(names)
    assert all(set(row["lag"]) == ESTIMATE for row in answer["parameters"])
    assert answer["command"].startswith("parity lag RUS")


def test_exchanging_the_countries_changes_the_sign(parity: Run) -> None:
    words = ("--on", "2026-01-15", "--json", *QUICK)
    behind = parity("lag", "China", "--behind", "USA", *words).json["standing"]["value"]
    ahead = parity("lag", "USA", "--behind", "China", *words).json["standing"]["value"]
    assert behind > 0
    assert ahead == -behind


def test_a_lag_is_read_by_people(parity: Run) -> None:
    ran = parity("lag", "RUS", "--scenario", "--projection", *QUICK)
    assert ran.status == 0
    for words in (
        "Russia is 20 months behind the United States",
        "Standing lag",
        "90 % intervals",
        "Lag that its compute implies",
        "Assumed:",
        "grows by",
        "snapshot",
        "$ parity lag RUS",
    ):
        assert words in ran.out


def test_every_country_is_listed_without_one(parity: Run) -> None:
    answer = parity("lag", "--json", *QUICK).json
    lags = [row["standing"]["value"] for row in answer["lags"]]
    assert lags == sorted(lags)
    assert {"RUS", "CHN", "FRA"} <= {row["of"] for row in answer["lags"]}


def test_scenario_parameters_change_the_answer(parity: Run) -> None:
    few = parity("lag", "RUS", "--scenario", "--json", *QUICK).json["scenario"]
    many = parity("lag", "RUS", "--scenario", "--accelerators", "20000", "--json", *QUICK).json["scenario"]
    assert many["accelerators_h100e"] == 20000
    assert many["run_flop"] > few["run_flop"]
    assert many["compute_implied_lag"]["value"] < few["compute_implied_lag"]["value"]
    assert few["options"]["days"] == 90


def test_derived_models_count_when_asked_for(parity: Run) -> None:
    on = ("--on", "2025-08-01", "--json", *QUICK)
    own = parity("lag", "RUS", *on).json
    derived = parity("lag", "RUS", "--include-derived", *on).json
    assert derived["standing"]["value"] < own["standing"]["value"]
    assert "based" in derived["of_model"]


@pytest.mark.parametrize("words", [("open", "--behind", "closed"), ("BRICS",), ("Russia+Kazakhstan",)])
def test_other_sides(parity: Run, words: tuple[str, ...]) -> None:
    assert parity("lag", *words, "--json", *QUICK).json["standing"]["value"] is not None


def test_own_scores(parity: Run, own: Path) -> None:
    answer = parity("lag", "Armenia", "--behind", "KAZ", "--scores", str(own), "--json", *QUICK).json
    assert (answer["of"], answer["behind"], answer["data"]) == ("ARM", "KAZ", str(own))
    assert answer["window"]["mean"]["value"] is not None


def test_a_figure_is_written(parity: Run, own: Path, tmp_path: Path) -> None:
    figure = tmp_path / "lag.png"
    words = ("--behind", "KAZ", "--scores", str(own), "--figure", str(figure), *QUICK)
    assert parity("lag", "ARM", *words).status == 0
    assert figure.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("Atlantis",), 2, "no country is known as 'Atlantis'"),
        (("RUS", "--on", "soon"), 2, "'soon' is not a day"),
        (("RUS", "--on", "2019-01-01"), 1, "no scored model by 2019-01-01"),
        (("GRC",), 1, "no model of Greece sets a frontier"),
        (("USA",), 2, "cannot trail itself"),
        (("BRICS", "--parameters"), 2, "parameters compares countries"),
        (("RUS", "--domain", "cooking"), 2, "cooking"),
        (("RUS", "--figure", "lag.docx"), 2, "cannot write 'docx'"),
        (("RUS", "--scores", "absent.csv"), 2, "absent.csv"),
    ],
)
def test_a_mistake_gets_one_message(parity: Run, words: tuple[str, ...], status: int, message: str) -> None:
    ran = parity("lag", *words, *QUICK)
    assert ran.status == status
    assert message in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("USA",), "USA cannot trail itself; name another to compare with: parity lag USA CHN"),
        (("China", "CHN"), "CHN cannot trail itself"),
        (("RUS", "CHN", "--behind", "USA"), "both 'CHN' and --behind 'USA' are given"),
        (("RUS", "--on", "2025-01-01", "--since", "2025-06-01"), "the window is empty"),
        (("RUS", "--since", "2999-01-01"), "lies in the future"),
        (("RUS", "--figure", "/no/such/folder/lag.png"), "there is no folder '/no/such/folder'"),
        (("Kazakhstn",), "Did you mean 'Kazakhstan'"),
    ],
)
def test_mistakes_are_told_before_the_fit(
    parity: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], message: str
) -> None:
    from parity.ask import frontier

    monkeypatch.setattr(frontier, "fitted", lambda *_, **__: pytest.fail("fitted first"))
    ran = parity("lag", *words)
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err


def test_the_reference_may_be_a_word_or_an_option(parity: Run) -> None:
    word, option = (
        parity("lag", "RUS", *words, "--json", *QUICK).json for words in (["CHN"], ["--behind", "CHN"])
    )
    assert word["behind"] == "CHN"
    assert word["standing"] == option["standing"]


def test_a_projection_that_failed_before_is_withheld(parity: Run) -> None:
    asked = ("lag", "USA", "--behind", "CHN", "--projection", *QUICK)
    assert "No path is shown: too often wrong" in parity(*asked).out
    assert parity(*asked, "--json").json["projection"]["reliable"] is False
    good = parity("lag", "KOR", "--projection", *QUICK)
    assert "No path" not in good.out
    assert not re.search(r"\d\.\d{4}", good.out)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("m1,t1,77,2025-01-01,Russia", "percent"),
        ("m1,t1,1.01,2025-01-01,Russia", "0 to 1"),
        ("m1,t1,0.5,2999-01-01,Russia", "future"),
        ("m1,t1,0.5,2025-01-01,Narnia", "Narnia"),
    ],
)
def test_bad_own_scores_get_one_message(parity: Run, tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(f"model,benchmark,score,date,country\n{line}\nm2,t1,0.4,2025-02-01,China\n")
    ran = parity("lag", "RUS", "--scores", str(path), *QUICK)
    assert ran.status == 2
    assert message in ran.err
    assert len(ran.err.strip().splitlines()) == 1
