"""Read Inspect logs as tidy labels."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

import polars as pl

from parity.audit._vocabulary import RULES
from parity.audit.labels import KEY, SCHEMA, check
from parity.errors import NoAnswerError, missing_extra


def need_inspect() -> None:
    """Check that Inspect is installed; ParityError, with how to install it, if it is not."""
    if any(find_spec(name) is None for name in ("inspect_ai", "openai")):
        raise missing_extra("running models (analysing labels does not)", "audit")


def labels_from_logs(folder: str) -> pl.DataFrame:
    """Return the labels in a folder of Inspect logs of ``parity/candor``.

    A sample that ended in an error is there too, without a label: nothing leaves the table
    silently. Error texts and paths of the machine are not taken over.

    Parameters
    ----------
    folder
        Folder that ``parity audit run`` or ``inspect eval`` wrote to.

    Returns
    -------
    polars.DataFrame
        Tidy labels.

    Raises
    ------
    ParityError
        If the ``audit`` extra is missing.
    NoAnswerError
        If the folder holds no such log.
    """
    need_inspect()
    from inspect_ai.log import list_eval_logs, read_eval_log

    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    # Oldest first: a later log of the same task and model repeats what it took over.
    for info in sorted(list_eval_logs(folder), key=lambda info: info.mtime or 0):
        log = read_eval_log(info)
        if log.eval.task.rpartition("/")[2] == "candor":
            rows |= {tuple(row[name] for name in KEY): row for row in _rows(log)}
    if not rows:
        raise NoAnswerError(f"{folder}: no Inspect log of parity/candor in it; run 'parity audit run' first")
    table = pl.DataFrame(list(rows.values()), schema=SCHEMA | {"text": pl.UInt64})
    # Two judges agree or not only about one and the same text.
    answer = [name for name in KEY if name != "judge"]
    same = pl.col("text").drop_nulls().n_unique().over(answer) <= 1
    return check(table.with_columns(same_text=same), folder)


def _rows(log: Any) -> Iterator[dict[str, Any]]:
    grader = getattr((log.eval.model_roles or {}).get("grader"), "model", None) or "grader"
    judge = RULES if log.eval.task_args.get("by_rules") else grader
    host = _host(log.eval.model_base_url, log.eval.model)
    for sample in log.samples or []:
        score = (sample.scores or {}).get("candor")
        label = (score.metadata or {}) if score is not None and not sample.error else {}
        about = sample.metadata
        yield {
            "model": log.eval.model,
            "prompt_set": about.get("prompt_set", ""),
            "government": about.get("government", ""),
            "language": about.get("language", "en"),
            "kind": about.get("kind", "criticism"),
            "pair": about.get("pair", str(sample.id)),
            "repeat": sample.epoch,
            "judge": label.get("judge") or judge,
            "compliance": label.get("compliance"),
            "manner": label.get("manner"),
            "layer": label.get("layer", "route_error"),
            "rubric": label.get("rubric"),
            "same_text": True,
            "facts_stated": label.get("facts_stated"),
            "facts_listed": label.get("facts_listed"),
            "host": host,
            "date": date.fromisoformat((sample.completed_at or log.eval.created)[:10]),
            "text": None if sample.error else _digest(sample.output.completion),
        }


def _host(url: str | None, model: str) -> str:
    """Return who served a model: the server's name and port, or the provider of the model's name."""
    return urlsplit(url).netloc.rpartition("@")[2] if url else model.rpartition("/")[0]


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
