"""Scores of both sources in one shape, before models get their one name."""

from __future__ import annotations

import polars as pl

from parity.catalogue.build._model_facts import ModelNames
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._score_rules import NOT_STATED, HubFile, hub_files, published
from parity.errors import ParityError

HUB = "epoch-benchmarks-2026-04"
PUBLISHED = "published-model-scores"
COLUMNS = ("version", "benchmark", "test", "score", "setting", "left_out", "reported_by", "source")


def hub_scores(raw: Raw) -> pl.DataFrame:
    """Return the benchmarking hub's scores.

    Parameters
    ----------
    raw
        Raw folders.

    Returns
    -------
    polars.DataFrame
        Columns of ``COLUMNS``; ``test`` is null where ``left_out`` says why.

    Raises
    ------
    ParityError
        If a score lies outside 0 to 1 after scaling.
    """
    return pl.concat([_hub_file(raw, entry) for entry in hub_files()])


def _hub_file(raw: Raw, entry: HubFile) -> pl.DataFrame:
    required = ["Model version", entry.score, *([entry.setting] if entry.setting else [])]
    frame = raw.folder(HUB).csv(entry.file, *required)
    setting = pl.lit("") if entry.setting is None else pl.col(entry.setting).str.strip_chars()
    scored = frame.select(
        version="Model version",
        benchmark=pl.lit(entry.test),
        score=pl.col(entry.score).str.strip_chars().str.strip_suffix("%").cast(pl.Float64) / entry.per,
        setting=setting.fill_null(NOT_STATED),
        left_out=pl.lit(None, pl.String),
        reported_by=pl.lit("measured" if entry.score == "mean_score" else "compiled"),
        source=pl.lit(HUB),
    ).drop_nulls(["version", "score"])
    scored = scored.with_columns(
        test=pl.col("setting").map_elements(entry.test_of, return_dtype=pl.String, skip_nulls=False)
    ).with_columns(left_out=pl.when(pl.col("test").is_null()).then(pl.lit("another setting than the test's")))
    _check(scored, f"{HUB}/{entry.file}")
    return scored.select(COLUMNS)


def published_scores(raw: Raw) -> pl.DataFrame:
    """Return the scores compiled from developers' documents and public leaderboards; see `hub_scores`."""
    frame = raw.folder(PUBLISHED).csv(
        "scores.csv", "model", "benchmark", "setting", "score", "source_title", "reported_by"
    )
    judged = [
        published(*row)
        for row in frame.select("benchmark", pl.col("setting").fill_null(""), "source_title").iter_rows()
    ]
    scored = frame.select(
        "benchmark",
        "reported_by",
        version="model",
        score=pl.col("score").cast(pl.Float64),
        setting=pl.col("setting").fill_null(NOT_STATED),
        source=pl.lit(PUBLISHED),
        test=pl.Series([test for test, _ in judged], dtype=pl.String),
        left_out=pl.Series([reason for _, reason in judged], dtype=pl.String),
    )
    _check(scored, f"{PUBLISHED}/scores.csv")
    return scored.select(COLUMNS)


def _check(scored: pl.DataFrame, name: str) -> None:
    odd = scored.filter(~pl.col("score").is_between(0, 1))
    if odd.height:
        raise ParityError(f"{name}: a score lies outside 0 to 1: {odd.row(0)}; look at its unit")


def model_names(raw: Raw) -> ModelNames:
    """Return the one name of every model, both sources read."""
    published_names = raw.folder(PUBLISHED).csv("scores.csv", "model")["model"]
    return ModelNames(hub_scores(raw)["version"].unique(), published_names.unique())
