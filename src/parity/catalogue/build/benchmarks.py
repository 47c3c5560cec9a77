"""Tests: benchmarks taken in one way, with what their scores mean."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from parity.catalogue.build._raw import Raw
from parity.catalogue.build._score_rules import HubFile, domain_of, hub_files, options_of
from parity.catalogue.build._table import table
from parity.errors import ParityError

DATES = "epoch-benchmarks"


def _build(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    used = built["model_scores"].filter(pl.col("test") != "")
    tests = used.group_by("test").agg(
        pl.col("benchmark", "source").sort().first(), scores=pl.len().cast(pl.Int32)
    )
    hub = {test: entry for entry in hub_files() for test in entry.tests}
    released = _dates(raw)
    rows = [_describe(row, hub, released) for row in tests.sort("test").iter_rows(named=True)]
    frame = pl.DataFrame(rows, schema=TABLE.schema)
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


TABLE = table("benchmarks", _build)
