"""Figures of capability and lag; matplotlib is imported here alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from parity.frontier._capability import Capability

# Okabe and Ito's palette: told apart by every kind of colour vision.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_GREY = "#666666"


def difficulty_over_time(capability: Capability) -> Figure:
    """Draw the difficulty of benchmarks against their release date."""
    figure, axes = _blank(9, 6)
    tests = (
        capability.benchmarks()
        .drop_nulls("released")
        .with_columns(day=pl.col("released").cast(pl.Int32).cast(pl.Float64))
    )
    # One way of taking each benchmark: the one with most scores.
    tests = tests.sort("n_scores", descending=True).unique(["released", "benchmark"], keep="first")
    domains = tests["domain"].unique().sort().to_list()
    for number, domain in enumerate(domains):
        part = tests.filter(pl.col("domain") == domain)
        axes.scatter(
            part["released"].to_list(),
            part["difficulty"],
            s=28,
            label=domain,
            color=COLOURS[number],
            zorder=3,
        )
    _name_points(axes, tests)
    axes.margins(x=0.12)
    axes.legend(frameon=False, fontsize=8, loc="upper left")
    _finish(axes, "Difficulty of benchmarks against their release", "Difficulty")
    return figure


def _blank(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()


def _name_points(axes: Axes, tests: pl.DataFrame) -> None:
    """Write the names of points beside them, leaving out those that would cover one already written."""
    taken: list[tuple[float, float]] = []
    span = float(np.ptp(tests["difficulty"].to_numpy()))
    for row in tests.sort("n_scores", descending=True).iter_rows(named=True):
        x, y = row["day"], row["difficulty"]
        if any(abs(x - a) < 600 and abs(y - b) < span / 36 for a, b in taken):
            continue
        taken.append((x, y))
        axes.annotate(
            row["test"],
            (x, y),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=7,
            color=_GREY,
        )


def _finish(axes: Axes, title: str, label: str) -> None:
    axes.set_title(title, loc="left", fontsize=11)
    axes.set_ylabel(label)
    axes.grid(color="#e5e5e5", lw=0.6, zorder=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.xaxis_date()
