"""Scores of all sources in one shape, and the rules of ``benchmarks.toml``: which count as the same test."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from parity.catalogue.build._model_facts import NEAR, ModelNames, family_of
from parity.catalogue.build._raw import Raw
from parity.errors import ParityError

RULES = [Path(__file__).with_name(f"benchmarks{part}.toml") for part in ("", "_published", "_recent")]
# Lists of rules that decide a source's scores, the first that fits: `benchmarks_recent.toml` has the others'.
HUB_RECENT = ("hub_recent",)
COMPILED_RECENT = ("compiled_recent", "published")
NOT_STATED = "?"
DOMAINS = ("mathematics", "coding", "reasoning and knowledge", "agentic", "language")


@dataclass(frozen=True, slots=True)
class HubFile:
    """How to read one file of the benchmarking hub; the fields are explained in ``benchmarks.toml``."""

    file: str
    score: str
    test: str
    domain: str
    per: float = 1.0
    options: int | None = None
    dated: str | None = None
    setting: str | None = None
    pooled: tuple[str, ...] = ()
    apart: Mapping[str, str] | None = None
    why: str = ""

    def test_of(self, setting: str) -> str | None:
        """Return the test that a setting belongs to; ``None`` where it counts as none."""
        if self.setting is None or setting in self.pooled:
            return self.test
        return (self.apart or {}).get(setting)

    @property
    def tests(self) -> tuple[str, ...]:
        """Every test that the file feeds."""
        return (self.test, *(self.apart or {}).values())


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule for published scores: what it fits, and the test or the reason to leave a score out."""

    benchmark: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    setting: re.Pattern[str] | None = None
    title: re.Pattern[str] | None = None
    test: str | None = None
    left_out: str | None = None

    def fits(self, benchmark: str, setting: str, title: str, model: str) -> bool:
        """Say whether the rule is about a score."""
        return (
            (not self.benchmark or benchmark in self.benchmark)
            and (not self.model or model in self.model)
            and (self.setting is None or self.setting.search(setting) is not None)
            and (self.title is None or self.title.search(title) is not None)
        )


def hub_files() -> tuple[HubFile, ...]:
    """Return the hub's files in the order of the rules."""
    return tuple(
        HubFile(**{**entry, "pooled": tuple(entry.get("pooled", ()))}) for entry in _document()["epoch"]
    )


def published(
    benchmark: str, setting: str, title: str, model: str = "", lists: tuple[str, ...] = ("published",)
) -> tuple[str | None, str | None]:
    """Return a score's test, or the reason why it belongs to none.

    ``benchmark, setting``: as the source prints them; an empty setting where none is stated. Returns: the
    test and ``None``, or ``None`` and the reason.
    """
    for rule in _rules(lists):
        if rule.fits(benchmark, setting, title, model):
            return (rule.test.format(benchmark) if rule.test else None), rule.left_out
    raise ParityError(f"benchmarks.toml: no rule fits a score on '{benchmark}'")


@cache
def _rules(lists: tuple[str, ...]) -> tuple[Rule, ...]:
    rules = []
    for entry in (entry for name in lists for entry in _document()[name]):
        patterns = {key: re.compile(entry[key]) for key in ("setting", "title") if key in entry}
        names = {key: tuple(entry.get(key, ())) for key in ("benchmark", "model")}
        rules.append(Rule(**{**entry, **patterns, **names}))
    if any((rule.test is None) == (rule.left_out is None) for rule in rules):
        raise ParityError("benchmarks.toml: a rule names either a test or why a score is left out")
    return tuple(rules)


def domain_of(benchmark: str) -> str | None:
    """Return the domain of a benchmark that only published scores know."""
    found = [domain for domain, names in _document()["domains"].items() if benchmark in names]
    return found[0] if found else None


def options_of(benchmark: str) -> int | None:
    """Return the number of answers of a benchmark that only published scores know."""
    options: int | None = _document()["options"].get(benchmark)
    return options


@cache
def _document() -> dict[str, Any]:
    parts = [tomllib.loads(path.read_text(encoding="utf-8")) for path in RULES]
    return {key: value for part in parts for key, value in part.items()}


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
_JUDGED_BY = ("benchmark", "setting", "title", "model")
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
    columns = ("model", "benchmark", "setting", "score", "source_title", "reported_by", "release_date")
    frame = raw.folder(PUBLISHED).csv("scores.csv", *columns)
    return _as_judged(
        frame.select(
            "benchmark",
            "score",
            "reported_by",
            version=published_versions(frame),
            setting=pl.col("setting").fill_null(""),
            title="source_title",
            model=pl.lit(""),
        ),
        PUBLISHED,
        ("published",),
    )


def _as_judged(frame: pl.DataFrame, source: str, lists: tuple[str, ...]) -> pl.DataFrame:
    """Return scores with what the rules say of each; ``title`` and ``model`` are for them alone."""
    judged = [
        published(benchmark, setting, title, model, lists)
        for benchmark, setting, title, model in frame.select(_JUDGED_BY).iter_rows()
    ]
    scored = frame.with_columns(
        score=pl.col("score").cast(pl.Float64),
        setting=pl.col("setting").replace("", NOT_STATED),
        source=pl.lit(source),
        test=pl.Series([test for test, _ in judged], dtype=pl.String),
        left_out=pl.Series([reason for _, reason in judged], dtype=pl.String),
    )
    _check(scored, f"{source}/scores.csv")
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
    measured = pl.when(pl.col("feed") == "epoch_live").then(pl.lit("measured"))
    scored = frame.select(
        "benchmark",
        "score",
        version="model_version",
        setting=pl.lit(""),
        reported_by=measured.otherwise(pl.lit("compiled")),
        title="feed",
        model="model_version",
    )
    return _once(_as_judged(scored, RECENT, HUB_RECENT).with_columns(setting=pl.lit("")))


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
    scored = frame.filter(~pl.col("via").str.contains(_COPIED)).select(
        "benchmark",
        "score",
        "reported_by",
        version=pl.col("model") + pl.col("reasoning_effort").replace_strict(_EFFORTS, default=""),
        setting=pl.col("setting").fill_null(""),
        title="reported_by",
        model="model",
    )
    return _as_judged(scored, COMPILED, COMPILED_RECENT)


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
