"""`parity audit`, from the words typed to the words printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.cli.conftest import Ran

Run = Callable[..., Ran]

LABELS = """model,government,language,form,label
a,CN,en,1,DENIAL
a,US,en,1,COMPLETE
a,CN,en,2,EVASIVE
a,US,en,2,COMPLETE
b,CN,en,1,COMPLETE
b,US,en,1,COMPLETE
b,CN,en,2,COMPLETE
b,US,en,2,COMPLETE
"""
MODELS = "model,developer,country\na,Maker,CN\nb,Other,US\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "labels.csv").write_text(LABELS)
    (tmp_path / "models.csv").write_text(MODELS)
    return tmp_path


def test_answers_from_the_snapshot(parity: Run) -> None:
    answer = parity("audit", "analyse", "--json").json
    assert set(answer) >= {
        "parity",
        "data",
        "command",
        "cells",
        "selectivity",
        "language",
        "developers",
        "agreement",
    }
    assert (answer["protected"], answer["judge"]) == ("CN", "grok41")
    rows = answer["selectivity"]
    assert len(rows) == len({row["model"] for row in rows}) == 37
    assert set(rows[0]) >= {"model", "developer_country", "difference", "p", "p_holm", "p_bh"}
    filtered = [row for row in answer["hosts"] if row["outcome"] == "provider_filter"]
    assert {row["host"] for row in filtered if row["model"] == "qwen/qwen-max"} == {"Alibaba", None}
    assert all(row["first"] <= row["last"] for row in answer["hosts"])
    assert answer["days"] == ["2025-01-29", "2026-07-17"]
    assert set(rows[0]["difference"]) >= {"value", "low", "high", "level", "unit"}
    assert rows == sorted(rows, key=lambda row: -row["difference"]["value"])
    developers = answer["developers"]
    assert developers["arrangements"] == 495  # four of twelve developers: all choices
    assert 0 < developers["p_permutation"] < 1
    assert answer["agreement"][0]["kappa"]["low"] < answer["agreement"][0]["kappa"]["value"]
    assert all(row["beyond_controls"]["value"] is None for row in answer["language"])
    assert {row["language"] for row in answer["language"]} == {"zh", "fi"}
    assert all(
        row["same"]["low"] < row["same"]["value"] == row["share"] < row["same"]["high"]
        for row in answer["consistency"]
        if 0 < row["share"] < 1
    )
    # Developers hidden at collection confirm nothing about a country.
    hidden = [row for row in rows if row["model"].startswith("openrouter/")]
    assert [row["developer_country"] for row in hidden] == [None] * 3


def test_prints_what_it_found(parity: Run) -> None:
    out = parity("audit", "analyse", "--mixed", "--top", "3").out
    assert "Withheld on China minus others" in out
    assert "deepseek/deepseek-r1-0528" in out
    assert "495 arrangements" in out
    assert "mixed model" in out
    assert "Not separable" in out


def test_any_government_can_be_the_protected_one(parity: Run) -> None:
    for government in ("RU", "USA", "Russia", "EU"):
        assert parity("audit", "analyse", "--protected", government, "--json").status == 0


def test_a_users_own_labels(parity: Run, folder: Path) -> None:
    answer = parity("audit", "analyse", str(folder), "--protected", "CN", "--json").json
    verdict = {row["model"]: row["difference"]["value"] for row in answer["selectivity"]}
    assert verdict == {"a": 1.0, "b": 0.0}
    assert answer["developers"]["arrangements"] == 2
    named = parity(
        "audit", "analyse", str(folder / "labels.csv"), "--models", str(folder / "models.csv"), "--json"
    )
    assert named.json["selectivity"] == answer["selectivity"]


def test_writes_figures_and_tables(parity: Run, tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in ("a.svg", "b.csv", "c.parquet")}
    for kind in ("forest", "languages", "layers"):
        ran = parity("audit", "analyse", "--figure", str(files["a.svg"]), "--figure-kind", kind)
        assert ran.status == 0
        assert "<svg" in files["a.svg"].read_text()
    parity("audit", "analyse", "--csv", str(files["b.csv"]), "--labels-out", str(files["c.parquet"]))
    table = pl.read_csv(files["b.csv"])
    assert table.height == 37
    assert {"points", "points_low", "points_high", "other", "p_bh"} <= set(table.columns)
    again = parity("audit", "analyse", str(files["c.parquet"]), "--json").json
    first = parity("audit", "analyse", "--json").json
    assert again["selectivity"] == first["selectivity"]


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_labels_come_back_from_every_kind_of_file(parity: Run, folder: Path, ending: str) -> None:
    (folder / "labels.csv").write_text(LABELS.replace("label\n", "label,facts_stated,facts_listed\n", 1))
    rows = pl.read_csv(folder / "labels.csv", truncate_ragged_lines=True)
    rows = rows.with_columns(facts_stated=1, facts_listed=3, host=pl.lit("h"), date=pl.lit("2026-01-02"))
    rows.write_csv(folder / "labels.csv")
    out = folder / f"out.{ending}"
    first = parity("audit", "analyse", str(folder), "--labels-out", str(out), "--json").json
    again = parity("audit", "analyse", str(out), "--models", str(folder / "models.csv"), "--json").json
    for key in ("cells", "selectivity", "layers", "hosts", "facts", "days"):
        assert again[key] == first[key]
    assert first["facts"][0]["stated"]["value"] == pytest.approx(1 / 3)


def test_calibration_from_a_random_sample_and_from_disagreements(parity: Run, tmp_path: Path) -> None:
    parity("audit", "analyse", "--labels-out", str(tmp_path / "all.parquet"))
    labels = pl.read_parquet(tmp_path / "all.parquet").filter(pl.col("judge") == "grok41")
    known = labels.filter(pl.col("layer") == "model").sample(fraction=1, shuffle=True, seed=1)
    withheld = known.filter(pl.col("compliance") != "COMPLETE")
    samples = {"random": known.head(600), "hard": pl.concat([withheld.head(300), known.head(50)]).unique()}
    found = {}
    for name, sample in samples.items():
        file = str(tmp_path / f"{name}.parquet")
        sample.with_columns(judge=pl.lit("people")).write_parquet(file)
        found[name] = parity("audit", "analyse", "--calibration", file, "--json").json["calibration"]
    assert found["random"]["ppi"]["low"] < found["random"]["raw"] < found["random"]["ppi"]["high"]
    assert found["hard"]["ppi"]["value"] is None
    assert "not a random one" in found["hard"]["ppi"]["reason"]
    words = ("audit", "analyse", "--calibration", str(tmp_path / "random.parquet"))
    assert "People's labels" in parity(*words).out


def test_power(parity: Run) -> None:
    answer = parity("audit", "power", "0.15", "0.05", "--json").json
    assert answer["power"] >= 0.8
    assert (
        answer["pairs"] < parity("audit", "power", "0.15", "0.05", "--claims", "37", "--json").json["pairs"]
    )
    assert "matched prompts show" in parity("audit", "power", "0.25", "0.05").out


def test_prompts(parity: Run, tmp_path: Path) -> None:
    chosen = ("--topics", "CN,US", "--languages", "en", "--kinds", "criticism")
    answer = parity("audit", "prompts", *chosen, "--json").json
    assert answer["count"] == len(answer["prompts"]) == 340
    file = tmp_path / "prompts.jsonl"
    parity("audit", "prompts", *chosen, "--out", str(file))
    assert len(file.read_text().splitlines()) == 340
    assert parity("audit", "prompts", "--prompts", str(file), "--json").json["count"] == 340
    assert "criticism" in parity("audit", "prompts").out


def test_models(parity: Run) -> None:
    answer = parity("audit", "models", "--json").json
    assert len(answer["models"]) == 37
    assert "perplexity/r1-1776" in parity("audit", "models").out


def test_dry_run_asks_nothing(parity: Run) -> None:
    words = (
        "audit",
        "run",
        "--model",
        "openai-api/local/x",
        "--base-url",
        "http://127.0.0.1:9/v1",
        "--dry-run",
    )
    answer = parity(*words, "--topics", "CN,US", "--languages", "en", "--price", "1,2", "--json").json
    assert answer["calls"] == answer["prompts"] == 602
    assert answer["complete"] is None
    assert answer["cost"] > 0
    assert "602 prompts" in parity(*words, "--topics", "CN,US", "--languages", "en").out


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("analyse", "absent.csv"), 2, "no such file"),
        (("analyse", "--protected", "Narnia"), 2, "no country is known"),
        (("analyse", "--protected", "IN"), 2, "no prompt is about 'IN'"),
        (("analyse", "--judge", "me"), 2, "no labels by judge 'me'; there are 'gpt4o', 'grok41'"),
        (("analyse", "--figure", "x.gif"), 2, "cannot write 'gif'"),
        (("power", "0.1", "0.1"), 1, "equal"),
        (("prompts", "--topics", "UK"), 2, "not a government of the battery"),
        (("prompts", "--prompts", "prompts.docx"), 2, "own prompts are JSON lines"),
        (("run", "--model", "a/b"), 2, "name the model that grades"),
        (("run", "--model", "a/b", "--grader", "a/b"), 2, "must not grade itself"),
    ],
)
def test_mistakes_get_one_message(parity: Run, words: tuple[str, ...], status: int, says: str) -> None:
    ran = parity("audit", *words)
    assert (ran.status, ran.out) == (status, "")
    assert says in ran.err
    assert ran.err.count("\n") == 1


def test_labels_that_name_no_government_still_have_rates(parity: Run, folder: Path) -> None:
    pl.read_csv(folder / "labels.csv").filter(pl.col("government") == "CN").drop("government").write_csv(
        folder / "labels.csv"
    )
    answer = parity("audit", "analyse", str(folder), "--json").json
    assert (len(answer["cells"]), answer["selectivity"], answer["protected"]) == (2, [], None)
    assert any("which government" in note for note in answer["notes"])
    ran = parity("audit", "analyse", str(folder), "--figure", str(folder / "a.svg"))
    assert ran.status == 0
    assert "<svg" in (folder / "a.svg").read_text()


def test_unknown_label_in_a_file(parity: Run, folder: Path) -> None:
    (folder / "labels.csv").write_text(LABELS.replace("EVASIVE", "EVASVE"))
    assert "unknown label 'EVASVE'" in parity("audit", "analyse", str(folder)).err


def test_fetched_prompts_survive_json_lines(parity: Run, tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl"
    parity("audit", "prompts", "--kinds", "factual", "--languages", "en", "--out", str(file))
    first = json.loads(file.read_text().splitlines()[0])
    assert isinstance(first["facts"], list)
    assert len(first["facts"]) >= 2
