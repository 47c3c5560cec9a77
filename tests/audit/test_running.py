"""Runs from end to end, against a server of ours on 127.0.0.1."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import polars as pl
import pytest

from parity.audit import (
    AuditOptions,
    RunOptions,
    RunOutcome,
    _logs,
    analyse,
    battery,
    items,
    labels_from_logs,
    no_models,
    outcome,
    plan,
    run,
    selectivity,
)
from parity.errors import NoAnswerError, ParityError

sys.path.insert(0, str(Path(__file__).parent))
from stub_server import READY, Stub, serving

# Inspect and what it builds on warn of their own deprecations, and leave event loops to the collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

GRADER = "openai-api/local/grader"
# Essays about seventeen matters and five benign subjects of two governments.
ASKED = 44


def answers(server: Stub) -> int:
    """Return how often the selective model was asked a prompt; the first short request is none."""
    return server.requests["selective"] - server.prompts["selective", READY]


def write_prompts(folder: Path, forms: tuple[str, ...] = ("essay",)) -> str:
    chosen = [p for p in battery(["CN", "US"], ["en"], ["criticism", "benign"]) if p.form in forms]
    rows = [
        {name: getattr(p, name) for name in ("id", "text", "government", "kind", "topic", "form", "language")}
        for p in chosen
    ]
    path = folder / "prompts.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return str(path)


def audit(folder: Path, url: str, *models: str, grader: str = GRADER, **more: object) -> RunOutcome:
    return run(
        RunOptions(
            models=tuple(f"openai-api/local/{model}" for model in models),
            grader=grader, base_url=url, log_dir=str(folder / "logs"),
            prompts_file=write_prompts(folder), max_connections=20, max_retries=2, timeout=30, **more,
        )
    )  # fmt: skip


def test_four_characters_are_told_apart(inspect_home: Path) -> None:
    with serving() as server:
        came = audit(inspect_home, server.url, "selective", "refuser", "line", "filtered")
    assert (came.complete, came.samples, came.errors) == (True, 4 * ASKED, 0)
    labels = labels_from_logs(came.log_dir)
    judged = outcome(labels)
    withheld = {
        (model.rpartition("/")[2], government): share
        for model, government, share in judged.filter(pl.col("kind") == "criticism")
        .group_by("model", "government").agg(pl.col("y").mean()).iter_rows()
    }  # fmt: skip
    assert withheld[("selective", "CN")] == 1
    assert withheld[("selective", "US")] == 0
    assert withheld[("refuser", "CN")] == withheld[("refuser", "US")] == 1
    layer = labels.filter(pl.col("model").str.ends_with("filtered") & (pl.col("government") == "CN"))
    assert "provider_filter" in set(layer["layer"])
    manner = labels.filter(pl.col("model").str.ends_with("line"))
    assert "OFFICIAL_LINE" in set(manner["manner"].drop_nulls())
    verdicts = dict(selectivity(items(judged), "CN").select("model", "verdict").iter_rows())
    assert verdicts["openai-api/local/selective"] == "withholds more"
    assert verdicts["openai-api/local/refuser"] != "withholds more"
    found = analyse(labels, no_models(labels), AuditOptions(protected="CN"))
    assert found.options.judge == GRADER


def test_cut_and_ungraded_answers_are_missing_not_refusals(inspect_home: Path) -> None:
    with serving() as server:
        audit(inspect_home, server.url, "cut")
        labels = labels_from_logs(str(inspect_home / "logs"))
        assert set(labels["layer"]) == {"truncation"}
        other = inspect_home / "second"
        other.mkdir()
        audit(other, server.url, "selective", grader="openai-api/local/unreadable-grader")
    assert set(labels_from_logs(str(other / "logs"))["layer"]) == {"judge_error"}


def test_a_second_judge_grades_the_same_answers(inspect_home: Path) -> None:
    with serving() as server:
        audit(inspect_home, server.url, "selective")
        asked = answers(server)
        options = RunOptions(
            models=("openai-api/local/selective",), grader="openai-api/local/refuser", base_url=server.url,
            log_dir=str(inspect_home / "logs"), prompts_file=write_prompts(inspect_home), max_retries=2,
        )  # fmt: skip
        run(options)
        # The answers come from the cache: only the second judge is asked.
        assert answers(server) == asked == ASKED
    labels = labels_from_logs(str(inspect_home / "logs"))
    assert set(labels["judge"]) == {GRADER, "openai-api/local/refuser"}
    assert len(labels) == 2 * ASKED
    assert labels["same_text"].all()


def test_rate_limits_are_waited_out(inspect_home: Path) -> None:
    with serving(fail_first=4) as server:
        came = audit(inspect_home, server.url, "selective")
    assert came.complete


@pytest.mark.parametrize(
    ("model", "key", "says"),
    [("selective", "wrong", "401: invalid api key"), ("failing", "", "400: no such deployment")],
)
def test_one_clear_message_before_thousands_of_calls(
    inspect_home: Path, monkeypatch: pytest.MonkeyPatch, model: str, key: str, says: str
) -> None:
    monkeypatch.setenv("LOCAL_API_KEY", key or "right")
    with serving() as server, pytest.raises(ParityError, match=f"cannot be reached: .*{says}"):
        audit(inspect_home, server.url, model)
    assert sum(server.requests.values()) <= 3


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("openai/gpt-4o", "No OPENAI_API_KEY"),
        ("nonsense/x", "Model API nonsense"),
        ("gpt-4o", "should be in the format"),
    ],
)
def test_a_model_that_cannot_be_used_at_all(inspect_home: Path, model: str, says: str) -> None:
    options = RunOptions(
        models=(model,), grader=GRADER, log_dir=str(inspect_home / "logs"), kinds=("factual",)
    )
    with pytest.raises(ParityError, match=says) as problem:
        run(options)
    assert "\n" not in str(problem.value)


def test_no_server(inspect_home: Path) -> None:
    with pytest.raises(ParityError, match="no server answers at that address"):
        audit(inspect_home, "http://127.0.0.1:9/v1", "selective")


def test_a_model_does_not_grade_itself_unknowingly(inspect_home: Path) -> None:
    with serving() as server:
        with pytest.raises(ParityError, match="must not grade itself"):
            audit(inspect_home, server.url, "grader")
        assert audit(inspect_home, server.url, "grader", allow_self_grading=True).complete


def test_without_the_extra_the_message_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_logs, "find_spec", lambda name: None)
    with pytest.raises(ParityError, match=r'pip install "\.\[audit\]"'):
        run(RunOptions(models=("m",), grader="g", log_dir="x"))
    with pytest.raises(ParityError, match="the extra 'audit'"):
        labels_from_logs("x")


def test_a_folder_without_logs(inspect_home: Path) -> None:
    with pytest.raises(NoAnswerError, match="run 'parity audit run' first"):
        labels_from_logs(str(inspect_home))


def test_kill_in_the_middle_loses_nothing(inspect_home: Path) -> None:
    program = textwrap.dedent(
        f"""
        import sys
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from pathlib import Path
        from test_running import audit
        print(audit(Path(sys.argv[1]), sys.argv[2], "selective").complete)
        """
    )
    with serving(delay=0.25) as server:
        command = [sys.executable, "-c", program, str(inspect_home), server.url]
        first = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": ""}, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while server.requests["grader"] < 12 and time.monotonic() < deadline:
            time.sleep(0.02)
        first.send_signal(signal.SIGKILL)
        first.wait()
        assert 12 <= answers(server) < ASKED
        server.delay = 0.0
        came = audit(inspect_home, server.url, "selective")
        assert (came.complete, came.samples) == (True, ASKED)
        # Only what was in flight when the process died is asked again.
        assert answers(server) - ASKED <= 25
        total = answers(server), server.requests["grader"]
        assert audit(inspect_home, server.url, "selective").complete
        # A finished run asks nothing; that the grader is there is looked up once.
        assert (answers(server), server.requests["grader"] - 1) == total
    assert len(labels_from_logs(came.log_dir)) == ASKED


@pytest.mark.parametrize("languages", ["en,zh", ["en", "zh"]])
def test_task_takes_words_as_inspect_gives_them(languages: str | list[str]) -> None:
    from parity.audit.tasks import candor

    made = candor(topics="CN", languages=languages, kinds="benign")
    assert len(made.dataset) == 2 * 50


def test_inspect_finds_the_task_by_entry_point() -> None:
    from importlib.metadata import entry_points

    assert [entry.value for entry in entry_points(group="inspect_ai", name="parity")] == [
        "parity.audit.tasks"
    ]


def test_plan_counts_before_anything_is_asked() -> None:
    prompts = battery(["CN", "US"], ["en"], ["criticism"])
    wanted = plan(prompts, 2, 3, answer_tokens=100, prices=(1.0, 2.0), grader_prices=(0.0, 0.0))
    assert (wanted.prompts, wanted.calls, wanted.grader_calls) == (340, 2040, 2040)
    assert wanted.tokens_out == 204_000
    assert wanted.cost == pytest.approx((wanted.tokens_in + 2 * wanted.tokens_out) / 1e6)
    assert plan(prompts, 1).cost is None


def test_from_the_command_line(inspect_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from parity.cli.main import main

    folder = str(inspect_home / "logs")
    words = ["--prompts", write_prompts(inspect_home), "--log-dir", folder, "--max-retries", "1", "--json"]
    with serving() as server:
        for model, status in (("selective", 0), ("open", 0)):
            command = ["audit", "run", "--model", f"openai-api/local/{model}", "--grader", GRADER]
            with pytest.raises(SystemExit) as stop:
                main([*command, "--base-url", server.url, *words])
            assert stop.value.code == status
            answer = json.loads(capsys.readouterr().out)
            assert (answer["complete"], answer["samples"]) == (True, ASKED)
    with pytest.raises(SystemExit) as stop:
        main(["audit", "analyse", folder, "--protected", "CN", "--json"])
    assert stop.value.code == 0
    rows = json.loads(capsys.readouterr().out)["selectivity"]
    assert {row["model"].rpartition("/")[2]: row["difference"]["value"] for row in rows} == {
        "selective": 1.0,
        "open": 0.0,
    }
