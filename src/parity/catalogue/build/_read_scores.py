"""Scores of all sources in one shape, before models get their one name."""

from __future__ import annotations

import polars as pl

from parity.catalogue.build._model_facts import NEAR, ModelNames, family_of
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._score_rules import (
    COMPILED_RECENT,
    HUB_RECENT,
    NOT_STATED,
    HubFile,
    hub_files,
    published,
)
from parity.errors import ParityError

HUB = "epoch-benchmarks-2026-04"
RECENT = "epoch-hub-2026-10"
PUBLISHED = "published-model-scores"
COMPILED = "models-2026"
# Rows that the compilation read from the hub's newer copy stand there already.
_COPIED = "benchmark-forecasting"
# How the compilation words the effort of a reasoning model -> the hub's suffix.
_EFFORTS = {
    **dict.fromkeys(("max", "think-max"), "_max"),
    **dict.fromkeys(("high", "think-high"), "_high"),
    "xhigh": "_xhigh",
    **dict.fromkeys(("thinking", "reasoning"), "_thinking"),
    **dict.fromkeys(("non-thinking", "non-think", "non-reasoning"), "_none"),
}
COLUMNS = ("version", "benchmark", "test", "score", "setting", "left_out", "reported_by", "source")


def hub_scores(raw: Raw) -> pl.DataFrame:
    """Return the benchmarking hub's scores.

    Returns: columns of ``COLUMNS``; ``test`` is null where ``left_out`` says why.
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
        *("scores.csv", "model", "benchmark", "setting", "score", "source_title", "reported_by"),
        "release_date",
    )
    judged = [
        published(*row)
        for row in frame.select("benchmark", pl.col("setting").fill_null(""), "source_title").iter_rows()
    ]
    scored = frame.select(
        "benchmark",
        "reported_by",
        version=published_versions(frame),
        score=pl.col("score").cast(pl.Float64),
        setting=pl.col("setting").fill_null(NOT_STATED),
        source=pl.lit(PUBLISHED),
        test=pl.Series([test for test, _ in judged], dtype=pl.String),
        left_out=pl.Series([reason for _, reason in judged], dtype=pl.String),
    )
    _check(scored, f"{PUBLISHED}/scores.csv")
    return scored.select(COLUMNS)


def published_versions(frame: pl.DataFrame) -> pl.Series:
    """Return the names of published rows; the day is added where one name has dates of several snapshots."""
    day = pl.col("release_date").str.to_date("%Y-%m-%d", strict=False)
    several = (day.max() - day.min()).over("model") > NEAR
    dated = pl.format("{} ({})", "model", "release_date")
    named = pl.when(several.fill_null(False) & day.is_not_null()).then(dated).otherwise("model")
    return frame.select(model=named).to_series()


def recent_scores(raw: Raw) -> pl.DataFrame:
    """Return the scores by independent graders in the hub's copy of October 2026; see `hub_scores`."""
    frame = raw.folder(RECENT).csv("scores.csv", "model_version", "score", "benchmark", "feed")
    judged = [
        published(benchmark, "", feed, model, HUB_RECENT)
        for benchmark, feed, model in frame.select("benchmark", "feed", "model_version").iter_rows()
    ]
    scored = frame.select(
        "benchmark",
        version="model_version",
        score=pl.col("score").cast(pl.Float64),
        setting=pl.lit(""),
        source=pl.lit(RECENT),
        test=pl.Series([test for test, _ in judged], dtype=pl.String),
        left_out=pl.Series([reason for _, reason in judged], dtype=pl.String),
        reported_by=pl.when(pl.col("feed") == "epoch_live")
        .then(pl.lit("measured"))
        .otherwise(pl.lit("compiled")),
    )
    _check(scored, f"{RECENT}/scores.csv")
    return _once(scored.select(COLUMNS))


def _once(scored: pl.DataFrame) -> pl.DataFrame:
    """Leave out results that stand twice, with and without the model's effort."""
    family = pl.col("version").map_elements(family_of, return_dtype=pl.String)
    plain = family == pl.col("version")
    copies = pl.col("version").n_unique().over(family, "test", "score") > 1
    twice = plain & copies & pl.col("test").is_not_null()
    return scored.with_columns(
        test=pl.when(~twice).then("test"),
        left_out=pl.when(twice).then(pl.lit("stands twice: once more with the effort")).otherwise("left_out"),
    )


def compiled_scores(raw: Raw) -> pl.DataFrame:
    """Return what developers and leaderboards printed of models since May 2025; see `hub_scores`."""
    columns = ("model", "benchmark", "setting", "score", "reasoning_effort", "reported_by", "via")
    frame = raw.folder(COMPILED).csv("scores.csv", *columns)
    frame = frame.filter(~pl.col("via").str.contains(_COPIED)).with_columns(pl.col("setting").fill_null(""))
    judged = [
        published(benchmark, setting, reporter, model, COMPILED_RECENT)
        for benchmark, setting, reporter, model in frame.select(
            "benchmark", "setting", "reported_by", "model"
        ).iter_rows()
    ]
    effort = pl.col("reasoning_effort").replace_strict(_EFFORTS, default="")
    scored = frame.select(
        "benchmark",
        "reported_by",
        version=pl.col("model") + effort,
        score=pl.col("score").cast(pl.Float64),
        setting=pl.col("setting").replace("", NOT_STATED),
        source=pl.lit(COMPILED),
        test=pl.Series([test for test, _ in judged], dtype=pl.String),
        left_out=pl.Series([reason for _, reason in judged], dtype=pl.String),
    )
    _check(scored, f"{COMPILED}/scores.csv")
    return scored.select(COLUMNS)


def all_scores(raw: Raw) -> pl.DataFrame:
    """Return the scores of every source; see `hub_scores`."""
    return pl.concat([hub_scores(raw), recent_scores(raw), published_scores(raw), compiled_scores(raw)])


def _check(scored: pl.DataFrame, name: str) -> None:
    odd = scored.filter(~pl.col("score").is_between(0, 1))
    if odd.height:
        raise ParityError(f"{name}: a score lies outside 0 to 1: {odd.row(0)}; look at its unit")


def model_names(raw: Raw) -> ModelNames:
    """Return the one name of every model, all sources read."""
    hubs = pl.concat([hub_scores(raw)["version"], recent_scores(raw)["version"]]).unique()
    others = pl.concat([published_scores(raw)["version"], compiled_scores(raw)["version"]]).unique()
    return ModelNames(hubs, others)
