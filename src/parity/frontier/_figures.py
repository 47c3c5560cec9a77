"""Figures of capability and lag; matplotlib is imported here alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from matplotlib.figure import Figure

from parity.frontier._frontier import day
from parity.frontier._steps import DAYS_PER_MONTH

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from parity.frontier._capability import Capability
    from parity.frontier._frontier import Frontier
    from parity.frontier._lag import Lag
    from parity.frontier._parameters import ParameterLags

# Okabe and Ito's palette: told apart by every kind of colour vision.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_GREY = "#666666"
_FROM = dt.date(2022, 6, 1)
_LATEST_START = dt.date(2024, 1, 1)


def frontier_steps(frontier: Frontier, groups: Sequence[str]) -> Figure:
    """Draw the best capability so far of each group, with its band."""
    figure, axes = _blank(9, 5)
    end = frontier.until
    for number, group in enumerate(groups):
        _staircase(axes, frontier, group, end, COLOURS[number % len(COLOURS)])
    _show_from(axes, frontier, groups, end)
    _label_ends(axes, frontier, groups, end)
    _finish(axes, f"Best capability so far, {frontier.abilities.domain}", "Capability")
    return figure


def lag_arrow(lag: Lag) -> Figure:
    """Draw two frontiers and the lag between them as a horizontal arrow."""
    figure, axes = _blank(9, 5)
    frontier, groups = lag.frontier, (lag.behind, lag.of)
    for number, group in enumerate(groups):
        _staircase(axes, frontier, group, lag.on, COLOURS[number])
    _show_from(axes, frontier, groups, lag.on)
    _label_ends(axes, frontier, groups, lag.on)
    own, other = frontier.steps(lag.of), frontier.steps(lag.behind)
    today = np.array([day(lag.on)])
    level = float(min(own.at(today)[0], other.at(today)[0]))
    then = today[0] - abs(lag.standing.value or 0.0) * DAYS_PER_MONTH
    axes.annotate(
        "", (then, level), (today[0], level), arrowprops={"arrowstyle": "->", "color": "black", "lw": 1.4}
    )
    verb = "behind" if (lag.standing.value or 0.0) >= 0 else "ahead of"
    low, high = sorted((abs(lag.standing.low or 0.0), abs(lag.standing.high or 0.0)))
    axes.annotate(
        f"{lag.of} is {abs(lag.standing.value or 0.0):.0f} months {verb} {lag.behind}\n"
        f"({lag.standing.level or 0:.0%} interval {low:.0f} to {high:.0f})",
        ((then + today[0]) / 2, level),
        xytext=(0, -10),
        textcoords="offset points",
        ha="center",
        va="top",
        fontsize=9,
        bbox={"boxstyle": "round", "fc": "white", "ec": "none", "alpha": 0.85},
    )
    _finish(axes, f"{lag.of} and {lag.behind}, {lag.domain}, on {lag.on}", "Capability")
    return figure


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


def lag_by_parameter(lags: ParameterLags) -> Figure:
    """Draw the lag in every parameter with its interval."""
    rows = [row for row in lags.rows if row.lag.value is not None]
    figure, axes = _blank(8, 1.2 + 0.38 * len(rows))
    places = np.arange(len(rows))[::-1]
    values = np.array([row.lag.value for row in rows], dtype=float)
    lows = np.array([row.lag.low for row in rows], dtype=float)
    highs = np.array([row.lag.high for row in rows], dtype=float)
    axes.hlines(places, lows, highs, color=COLOURS[0], lw=2.2, alpha=0.55)
    open_ended = np.array([row.lower_bound for row in rows])
    axes.scatter(values[~open_ended], places[~open_ended], color=COLOURS[0], zorder=3, s=30)
    axes.scatter(
        values[open_ended], places[open_ended], color=COLOURS[1], marker=">", zorder=3, s=36, label="at least"
    )
    if open_ended.any():
        axes.legend(frameon=False, fontsize=8, loc="upper right")
    axes.axvline(0, color=_GREY, lw=0.8)
    axes.set_yticks(places, [row.name for row in rows], fontsize=9)
    axes.set_xlabel(f"Months that {lags.of} trails {lags.behind} (negative: leads)")
    axes.set_title(f"{lags.of} behind {lags.behind} by parameter, {lags.on}", loc="left", fontsize=11)
    axes.grid(axis="x", color="#e5e5e5", zorder=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return figure


def _blank(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()


def _staircase(axes: Axes, frontier: Frontier, group: str, end: dt.date, colour: str) -> None:
    known = frontier.steps(group)
    last = day(end)
    weekly = np.arange(max(float(known.date[0]), day(_FROM) - 700), last, 7)
    days = np.unique(np.concatenate([known.date[known.date <= last], weekly, [last]]))
    low, high = frontier.band(group, days)
    axes.fill_between(days, low, high, step="post", color=colour, alpha=0.14, lw=0)
    axes.step(days, known.at(days), where="post", color=colour, lw=1.8)
    inside = known.date <= last
    axes.scatter(known.date[inside], known.level[inside], s=16, color=colour, zorder=3)


def _label_ends(axes: Axes, frontier: Frontier, groups: Sequence[str], end: dt.date) -> None:
    """Write each group beside the end of its line, kept apart."""
    ends = sorted((float(frontier.steps(g).at(np.array([day(end)]))[0]), k) for k, g in enumerate(groups))
    low, high = axes.get_ylim()
    gap, last = (high - low) / 22, -np.inf
    for level, number in ends:
        place = max(level, last + gap)
        axes.annotate(
            groups[number],
            (day(end), place),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=COLOURS[number % len(COLOURS)],
            fontsize=9,
            fontweight="bold",
        )
        last = place


def _show_from(axes: Axes, frontier: Frontier, groups: Sequence[str], end: dt.date) -> None:
    """Begin shortly before the youngest group's first record, with room for names at the end."""
    youngest = max(float(frontier.steps(group).date[0]) for group in groups)
    start = max(day(_FROM), min(youngest, day(_LATEST_START)) - 550)
    axes.set_xlim(start, day(end) + 0.1 * (day(end) - start))
    days = np.array([start, day(end)])
    bands = [frontier.band(group, np.maximum(days, frontier.steps(group).date[0])) for group in groups]
    low, high = min(float(low[0]) for low, _ in bands), max(float(high[1]) for _, high in bands)
    axes.set_ylim(low - 0.06 * (high - low), high + 0.06 * (high - low))


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
