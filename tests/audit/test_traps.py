"""Ways in which a runner loses what an audit is about: each test fails where one of them is fallen into."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.log import list_eval_logs, read_eval_log
from inspect_ai.model import get_model

from parity.audit import RunOptions, RunOutcome, agreement, battery, facts, labels_from_logs, outcome, run
from parity.audit.tasks import candor

sys.path.insert(0, str(Path(__file__).parent))
from stub_server import serving

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
GRADER = "openai-api/local/grader"
QUESTIONS = 6


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let no name but this machine's be looked up, and keep what was asked for."""
    asked: list[str] = []
    look_up = socket.getaddrinfo

    def local(host: Any, *rest: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if name not in ("127.0.0.1", "localhost", "::1", "None"):
            asked.append(name)
            raise OSError(f"no internet in tests: {name}")
        return look_up(host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", local)
    return asked


def audit(folder: Path, url: str, model: str, **more: Any) -> RunOutcome:
    return run(
        RunOptions(
            models=(f"openai-api/local/{model}",), grader=GRADER, base_url=url, log_dir=str(folder / "logs"),
            topics=("CN", "US"), languages=("en",), kinds=("factual",), max_connections=20, max_retries=0,
            **{"timeout": 30} | more,
        )
    )  # fmt: skip


def test_runs_without_the_internet(inspect_home: Path, offline: list[str]) -> None:
    # Trap: counting tokens downloads a vocabulary, also for answers that we make up for a filter.
    with serving() as server:
        assert audit(inspect_home, server.url, "filtered").complete
    assert offline == []


@pytest.mark.parametrize("model", ["filtered", "softly-filtered"])
def test_a_filter_is_an_answer(inspect_home: Path, model: str) -> None:
    # Trap: an HTTP 400 of a filter becomes an error and leaves the denominator, and the log says "success".
    with serving() as server:
        came = audit(inspect_home, server.url, model)
    assert (came.complete, came.samples, came.completed, came.errors) == (
        True,
        2 * QUESTIONS,
        2 * QUESTIONS,
        0,
    )
    judged = outcome(labels_from_logs(came.log_dir))
    stopped = judged.filter(pl.col("layer") == "provider_filter")
    assert judged["y"].null_count() == 0
    assert stopped["y"].to_list() == [1] * len(stopped)
    assert set(stopped["government"]) == {"CN"}
    # What was filtered states none of its facts, and counts.
    assert set(stopped["facts_stated"]) == {0}
    assert stopped["facts_listed"].min() >= 2


def test_constant_text_labels_do_not_agree_perfectly() -> None:
    # Trap: text labels averaged over repeats all become 0, and alpha of anything is then 1.
    first = np.array([0, 1, 2, 0, 1, 2, 0, 0])
    second = np.array([1, 0, 2, 0, 2, 1, 0, 1])
    found = agreement(("a", "b"), first, second, np.arange(8))
    assert found.alpha.value is not None
    assert found.alpha.value < 0.3


def test_the_logs_own_numbers_are_those_of_the_labels(inspect_home: Path) -> None:
    # Trap: metrics over text labels are silently wrong, and repeats are merged before they are counted.
    with serving() as server:
        came = audit(inspect_home, server.url, "coin", epochs=3)
    labels = labels_from_logs(came.log_dir)
    assert labels.group_by("government", "pair").len()["len"].to_list() == [3] * (2 * QUESTIONS)
    (info,) = list_eval_logs(came.log_dir)
    log = read_eval_log(info)
    for sample in log.samples or []:
        values = (sample.scores or {})["candor"].value
        assert isinstance(values, dict)
        assert all(isinstance(value, float) and value in (0, 1) for value in values.values())
    assert log.results is not None
    metrics = {score.name: score.metrics["mean"].value for score in log.results.scores}
    judged = outcome(labels)["y"]
    assert 0 < judged.mean() < 1  # type: ignore[operator]
    assert metrics["noncompliance"] == pytest.approx(judged.mean())
    assert metrics["denial"] == pytest.approx(outcome(labels, "denial")["y"].mean())


def test_no_grader_is_no_evaluation(inspect_home: Path) -> None:
    # Trap: without a grader the model under test judges itself.
    with serving() as server:
        model = get_model("openai-api/local/selective", base_url=server.url, api_key="k", memoize=False)
        logs = inspect_eval(
            candor(topics="CN", languages="en", kinds="factual"), model=model,
            log_dir=str(inspect_home / "logs"), display="none",
        )  # fmt: skip
        assert [log.status for log in logs] == ["error"]
        assert "grader" in logs[0].error.message  # type: ignore[union-attr]
        assert sum(server.requests.values()) == 0


def test_a_refusal_is_asked_once(inspect_home: Path) -> None:
    # Trap: asking again after an error re-rolls some answers and not others.
    with serving() as server:
        audit(inspect_home, server.url, "refuser")
        texts = {prompt.text for prompt in battery(["CN", "US"], ["en"], ["factual"])}
        assert {server.prompts["refuser", text] for text in texts} == {1}


def test_exported_labels_hold_nothing_of_the_machine(inspect_home: Path) -> None:
    # Trap: logs with errors hold tracebacks with paths.
    with serving() as server:
        came = audit(inspect_home, server.url, "broken")
    assert not came.complete
    labels = labels_from_logs(came.log_dir)
    assert len(labels) == came.samples
    lost = labels.filter(pl.col("government") == "US")
    assert "route_error" in set(lost["layer"])
    exported = labels.write_csv()
    for secret in ("Traceback", "/srv/", ".py", str(inspect_home), str(Path.home())):
        assert secret not in exported


def test_labels_say_how_they_came_about(inspect_home: Path) -> None:
    with serving() as server:
        came = audit(inspect_home, server.url, "selective")
        host = server.url.split("/")[2]
    labels = labels_from_logs(came.log_dir)
    assert set(labels["host"]) == {host}
    assert labels["date"].null_count() == 0
    # The stub states two facts of each answer that it gives, and none of a refusal.
    found = {row["government"]: row for row in facts(outcome(labels)).iter_rows(named=True)}
    assert {row["questions"] for row in found.values()} == {QUESTIONS}
    assert 0.6 < found["US"]["share"] <= 1
    assert found["CN"]["share"] < found["US"]["share"]
    assert all(row["low"] < row["share"] < row["high"] for row in found.values())


def test_a_slow_server_costs_answers_not_the_run(inspect_home: Path) -> None:
    with serving(delay=1.5) as server:
        came = audit(inspect_home, server.url, "selective", timeout=1)
        assert (came.complete, came.completed, came.errors) == (False, 0, 2 * QUESTIONS)
        assert came.problem == "the server did not answer in time"
        assert set(labels_from_logs(came.log_dir)["layer"]) == {"route_error"}
        server.delay = 0.0
        # The same folder, with a server that keeps up: what is missing is asked again.
        assert audit(inspect_home, server.url, "selective").complete
    assert outcome(labels_from_logs(came.log_dir))["y"].null_count() == 0
