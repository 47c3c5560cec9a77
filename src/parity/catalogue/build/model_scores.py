"""Scores of models on benchmarks, each with its setting and the test that it counts for; and those tests."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from parity.catalogue.build._model_facts import ModelNames
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import table
from parity.catalogue.build.score_sources import (
    HUB,
    HubFile,
    all_scores,
    domain_of,
    hub_files,
    hub_scores,
    model_names,
    options_of,
)
from parity.errors import ParityError

KEY = ("model", "benchmark", "setting", "reported_by", "source")


def _build(raw: Raw, _: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return _named(all_scores(raw), model_names(raw))


def _renew(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the hub's scores from its fresh files; a name in use stays as it is."""
    rows = hub_scores(raw)
    return _named(
        rows, ModelNames(rows["version"].unique(), (), known=built["model_scores"]["model"].unique())
    )


def _named(rows: pl.DataFrame, names: ModelNames) -> pl.DataFrame:
    one = {version: names.one(version) for version in rows["version"].unique()}
    # Rows that agree in everything but the score are repeated measurements: their median stands.
    return (
        rows.with_columns(model=pl.col("version").replace_strict(one))
        .group_by(*KEY, "test", "left_out")
        .agg(score=pl.col("score").median().round(6), n=pl.len().cast(pl.Int32))
        .with_columns(pl.col("test").fill_null(""), pl.col("left_out").fill_null(""))
    )


TABLE = table("model_scores", _build, renew={HUB: _renew})


DATES = "epoch-benchmarks"


def _benchmarks(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    used = built["model_scores"].filter(pl.col("test") != "")
    tests = used.group_by("test").agg(
        pl.col("benchmark", "source").sort().first(), scores=pl.len().cast(pl.Int32)
    )
    hub = {test: entry for entry in hub_files() for test in entry.tests}
    released = _dates(raw)
    rows = [_describe(row, hub, released) for row in tests.sort("test").iter_rows(named=True)]
    frame = pl.DataFrame(rows, schema=BENCHMARKS.schema)
    lost = frame.filter(pl.col("domain").is_null())["test"].to_list()
    if lost:
        raise ParityError(f"benchmarks.toml: tests without a domain: {', '.join(lost)}")
    return frame


def _describe(
    row: Mapping[str, object], hub: Mapping[str, HubFile], released: Mapping[str, object]
) -> dict[str, object]:
    """Return one row: the hub's entry of the test, or of another test of its benchmark."""
    test, benchmark = str(row["test"]), str(row["benchmark"])
    near = next((entry for name, entry in hub.items() if _same_benchmark(name, benchmark)), None)
    entry = hub.get(test, near)
    options = entry.options if entry else options_of(benchmark)
    return {
        **row,
        "domain": entry.domain if entry else domain_of(benchmark),
        "released": released.get(entry.dated or "") if entry else None,
        "chance": 1 / options if options else 0.0,
        "maximum": 1.0,
        "rule": entry.why if entry else "",
    }


def _same_benchmark(test: str, benchmark: str) -> bool:
    return test.split(" (")[0].lower() == benchmark.split(" (")[0].lower()


def _dates(raw: Raw) -> dict[str, object]:
    rows = raw.folder(DATES).csv("benchmark_optim.csv", "benchmark", "benchmark_release_date")
    dates = rows["benchmark_release_date"].str.to_date("%Y/%m/%d")
    return dict(zip(rows["benchmark"], dates, strict=True))


BENCHMARKS = table("benchmarks", _benchmarks)
