"""`parity capability`, from the words typed to the words printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.cli.conftest import Ran
from tests.frontier.conftest import made_up

Run = Callable[..., Ran]
QUICK = ("--draws", "20")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "scores.csv"
    made_up(20, 6, seed=41)[0].drop("country").rename({"test": "benchmark"}).write_csv(path)
    return path


def test_the_list_keeps_the_contract(parity: Run) -> None:
    answer = parity("capability", "list", "--country", "Russia", "--json", *QUICK).json
    assert set(answer) >= {"parity", "data", "command", "models"}
    first = answer["models"][0]
    assert set(first) >= {"model", "country", "developer", "date", "capability", "derived"}
    assert {row["country"] for row in answer["models"]} == {"RUS"}
    values = [row["capability"]["value"] for row in answer["models"]]
    assert values == sorted(values, reverse=True)
    for row in answer["models"]:
        assert row["capability"]["low"] <= row["capability"]["value"] <= row["capability"]["high"]


def test_the_list_is_cut_and_filtered(parity: Run) -> None:
    answer = parity("capability", "list", "--top", "7", "--least", "10", "--json", *QUICK).json
    assert len(answer["models"]) == 7
    assert min(row["scores"] for row in answer["models"]) >= 10


def test_a_domain_lists_those_with_a_score_in_it(parity: Run) -> None:
    answer = parity("capability", "list", "--domain", "coding", "--json", *QUICK).json
    assert answer["domain"] == "coding"
    assert all(row["scores"] > 0 and row["capability"]["value"] is not None for row in answer["models"])
    none = parity("capability", "show", "Gopher (280B)", "--domain", "coding", "--json", *QUICK).json["model"]
    assert none["capability"]["value"] is None
    assert none["capability"]["reason"] == "no score in the domain"


def test_two_models_hang_the_scale(parity: Run) -> None:
    words = ("--scale", "gpt-4-0314=100", "--scale", "o3-2025-04-16_high=140")
    rows = parity("capability", "list", *words, "--json", *QUICK).json["models"]
    value = {row["model"]: row["capability"]["value"] for row in rows}
    assert value["gpt-4-0314"] == pytest.approx(100)
    assert value["o3-2025-04-16_high"] == pytest.approx(140)


def test_one_model_is_shown_with_its_scores(parity: Run) -> None:
    answer = parity("capability", "show", "GigaChat 2 Max", "--json", *QUICK).json
    assert answer["model"]["model"] == "GigaChat 2 Max"
    assert len(answer["scores"]) == answer["model"]["scores"]
    assert set(answer["scores"][0]) == {"test", "score", "fitted", "deviation"}


def test_own_scores_are_fitted_and_written(parity: Run, own: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    answer = parity(
        "capability", "fit", str(own), "--anchor", "t00", "--out", str(out), "--json", *QUICK
    ).json
    assert answer["anchor"] == "t00"
    assert len(answer["models"]) == pl.read_csv(out).height == 20
    assert len(answer["benchmarks"]) == 6
    assert {"test", "difficulty", "slope", "rmse"} <= set(answer["benchmarks"][0])


def test_a_fit_is_read_by_people(parity: Run, own: Path, tmp_path: Path) -> None:
    released = next(line for line in own.read_text().splitlines() if line.startswith("m001,")).split(",")[3]
    with own.open("a") as file:
        file.write(f"m001,alone,0.5,{released}\n")
    ran = parity("capability", "fit", str(own), *QUICK)
    assert "Benchmarks" in ran.out
    assert "Objective" in ran.out
    assert "alone" in ran.out


def test_benchmarks_by_difficulty(parity: Run, tmp_path: Path) -> None:
    figure = tmp_path / "difficulty.svg"
    answer = parity("capability", "benchmarks", "--figure", str(figure), "--json").json
    difficulty = [row["difficulty"] for row in answer["benchmarks"]]
    assert difficulty == sorted(difficulty)
    assert "<svg" in figure.read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("show", "gpt-4-0315"), "no scored model 'gpt-4-0315'"),
        (("list", "--scale", "gpt-4-0314"), "not MODEL=NUMBER"),
        (("list", "--scale", "gpt-4-0314=100"), "give it twice"),
        (("list", "--country", "Atlantis"), "Atlantis"),
        (("fit", "absent.csv"), "absent.csv"),
    ],
)
def test_a_mistake_gets_one_message(parity: Run, words: tuple[str, ...], message: str) -> None:
    ran = parity("capability", *words, *QUICK)
    assert ran.status == 2
    assert message in ran.err


def test_unusable_own_scores_are_refused(parity: Run, own: Path) -> None:
    assert "anchor 'x' is not among" in parity("capability", "fit", str(own), "--anchor", "x").err
    own.write_text("model,benchmark,score\na,x,0.1\nb,x,0.2\nc,y,0.1\nd,y,0.9\n")
    assert "2 islands" in parity("capability", "fit", str(own)).err
    own.write_text("model,benchmark,score\na,x,0.5\nb,x,0.5\na,y,0.5\nb,y,0.5\n")
    assert "all scores equal 0.5" in parity("capability", "fit", str(own)).err


def test_models_with_few_scores_are_left_out_or_marked(parity: Run) -> None:
    usual = parity("capability", "list", "--efforts", "--json", *QUICK).json
    everything = parity("capability", "list", "--efforts", "--least", "1", "--json", *QUICK).json
    assert all(model["scores"] >= 3 and not model["few"] for model in usual["models"])
    assert usual["left_out"] == len(everything["models"]) - len(usual["models"]) > 0
    assert {model["few"] for model in everything["models"] if model["scores"] < 3} == {True}
    out = parity("capability", "list", "--top", "3", *QUICK).out
    assert f"{usual['left_out']} models with fewer scores are not shown (--least 1 shows all)" in out
    assert "set no frontier" not in out
    assert "set no frontier" in parity("capability", "list", "--top", "3", "--least", "1", *QUICK).out
