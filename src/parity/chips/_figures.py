"""Figures of the chips measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from parity.chips._compute import Installed
from parity.chips._logic import TRUE
from parity.chips._pool import PooledReach
from parity.chips._reach import DAYS_A_MONTH, METRICS, Reach
from parity.chips._regions import paragraphs_at
from parity.chips._rulebook import RuleBook

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Colours that differ in lightness too, for readers who do not see hue.
COLOURS = ("#b2182b", "#ef8a62", "#2166ac", "#92c5de", "#7b3294", "#4d9221", "#b8860b", "#555555")
WORLD, OPEN_BAND = "#1a1a1a", "#92c5de"
GRID = 400
# Where the thresholds lie: TPP and TPP / mm2.
TPP_SHOWN, DENSITY_SHOWN = (600.0, 40_000.0), (1.2, 30.0)
# Places to try for a label, in points from its device: right, left, above, below and further out.
PLACES = ((6, -2), (-6, -2), (6, 7), (-6, 7), (6, -11), (-6, -11), (6, 15), (6, -20), (-6, 15), (-6, -20))
# Height and mean width of a character of a label, in points.
LABEL_HEIGHT, LABEL_WIDTH = 7.5, 3.9
# Terms -> style of its line.
LINES = {
    "free": ("#2166ac", "-", "no licence"),
    "exception": ("#7b3294", "--", "licence exception"),
    "approval": ("#4d9221", "-.", "licence, approval presumed"),
    "case_by_case": ("#ef8a62", ":", "licence, case by case"),
    "domestic": ("#b8860b", "-", "made at home"),
}


def _axes(width: float, height: float) -> tuple[Figure, Axes]:
    # The object interface: pyplot would keep every figure of a long session in memory.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


# Parts that rulings are most asked about.
LABELLED = (
    "NVIDIA A100 SXM4 80GB",
    "NVIDIA H100 SXM5 80GB",
    "NVIDIA H20 SXM 96GB",
    "NVIDIA L40",
    "NVIDIA L20",
    "NVIDIA L4",
    "NVIDIA A30",
    "NVIDIA T4",
    "NVIDIA GeForce RTX 4090",
    "NVIDIA GeForce RTX 5090D",
    "AMD Instinct MI250X",
    "Google TPU v5e",
)


def landscape(book: RuleBook, accelerators: pl.DataFrame, on: date, labels: Sequence[str] = ()) -> Figure:
    """Draw TPP against performance density, the region of each paragraph of a day shaded.

    Parameters
    ----------
    book, accelerators
        The rules and the table ``accelerators``.
    on
        Day whose thresholds are drawn.
    labels
        Devices to label; those of the catalogue whose figures were adjudicated by default.

    Returns
    -------
    matplotlib.figure.Figure
        Regions for data-centre parts; devices as points, parts for other markets hollow.
    """
    figure, axes = _axes(10, 7)
    known = accelerators.filter(pl.col("tpp").is_not_null(), pl.col("die_area").is_not_null())
    shown = known.with_columns(density=pl.col("tpp") / pl.col("die_area")).filter(
        pl.col("tpp").is_between(*TPP_SHOWN), pl.col("density").is_between(*DENSITY_SHOWN)
    )
    axes.set(xscale="log", yscale="log", xlim=TPP_SHOWN, ylim=DENSITY_SHOWN)
    _regions(axes, book, on)
    for market, face in ((True, WORLD), (False, "white")):
        part = shown.filter(pl.col("data_center").fill_null(True) == market)
        word = "data centre, or open" if market else "other markets: excluded below 4800 (Note 2)"
        axes.scatter(
            part["tpp"], part["density"], s=22, c=face, edgecolors=WORLD, linewidths=0.8, label=word, zorder=3
        )
    wanted = labels or shown.filter(pl.col("name").is_in(LABELLED))["name"].to_list()
    _name_points(axes, shown.filter(pl.col("name").is_in(list(wanted))))
    axes.set_xlabel("TPP (dense TOPS x bit length)")
    axes.set_ylabel("performance density (TPP / mm2)")
    axes.set_title(f"Paragraphs of 3A090 on {on}, and accelerators with a known die area", loc="left")
    axes.legend(loc="upper left", frameon=False, fontsize=8)
    return figure


def _regions(axes: Axes, book: RuleBook, on: date) -> None:
    """Shade where a data-centre part would meet each paragraph; the evaluator itself decides."""
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    tpp, density = np.meshgrid(np.geomspace(*TPP_SHOWN, GRID), np.geomspace(*DENSITY_SHOWN, GRID))
    found = paragraphs_at(book, on, tpp.ravel(), density.ravel())
    patches = []
    for colour, (paragraph, truth) in zip(COLOURS, found.items(), strict=False):
        inside = np.where(truth.reshape(tpp.shape) == TRUE, 1.0, np.nan)
        axes.pcolormesh(
            tpp, density, inside, cmap=ListedColormap([colour]), alpha=0.28, shading="auto", rasterized=True
        )
        if np.isfinite(inside).any():
            patches.append(Patch(facecolor=colour, alpha=0.28, label=paragraph))
    axes.add_artist(axes.legend(handles=patches, loc="lower right", frameon=False, fontsize=8))


def _name_points(axes: Axes, points: pl.DataFrame) -> None:
    """Label points, each at the first place where it touches no label that is there already."""
    taken: list[tuple[float, float, float, float]] = []
    scale = 72 / axes.figure.dpi
    for name, x, y in points.sort("tpp", descending=True).select("name", "tpp", "density").rows():
        short = name.split(" ", 1)[1].removeprefix("GeForce ").removeprefix("Instinct ")
        column, row = axes.transData.transform((x, y)) * scale
        boxes = [_box(column, row, place, LABEL_WIDTH * len(short)) for place in PLACES]
        crowds = [sum(_touch(box, other) for other in taken) for box in boxes]
        best = crowds.index(min(crowds))
        taken.append(boxes[best])
        side = "left" if PLACES[best][0] > 0 else "right"
        axes.annotate(short, (x, y), xytext=PLACES[best], textcoords="offset points", fontsize=7, ha=side)


def _box(x: float, y: float, place: tuple[int, int], width: float) -> tuple[float, float, float, float]:
    """Return left, right, bottom and top of a label, in points."""
    left = x + place[0] - (width if place[0] < 0 else 0.0)
    return left, left + width, y + place[1], y + place[1] + LABEL_HEIGHT


def _touch(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def reach_figure(reach: Reach) -> Figure:
    """Draw what a country can reach against the world's best, the lag of the last month as an arrow."""
    figure, axes = _axes(9, 5)
    months = reach.months
    axes.step(
        months["month"],
        months["world_level"],
        where="post",
        color=WORLD,
        lw=3.5,
        alpha=0.35,
        label="world's best",
    )
    high = months["level_high"].fill_null(np.nan).to_numpy()
    low = months["level"].fill_null(np.nan).to_numpy()
    floor = float(np.nanmin(months["world_level"].to_numpy())) / 2
    bottom = np.nan_to_num(low, nan=floor)
    undecided = np.isfinite(high) & (high > bottom)
    if undecided.any():
        band: dict[str, Any] = {
            "step": "post",
            "color": OPEN_BAND,
            "alpha": 0.5,
            "label": "open: not settled by what is known",
        }
        axes.fill_between(months["month"], bottom, high, where=undecided, **band)
    for terms, (colour, style, word) in LINES.items():
        level = months[f"level_{terms}"]
        if level.is_not_null().any():
            axes.step(months["month"], level, where="post", color=colour, ls=style, lw=1.4, label=word)
    _arrow(axes, reach)
    axes.set_yscale("log")
    axes.set_ylabel(METRICS[reach.metric])
    axes.set_title(f"{reach.country}: best accelerator that can lawfully be had", loc="left")
    axes.legend(loc="upper left", frameon=False, fontsize=8)
    return figure


def pooled_figure(pooled: PooledReach, compute: Sequence[Installed] = (), title: str = "") -> Figure:
    """Draw the lags of a group's freest and least free member and the mean; compute above, where given."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 6.5 if compute else 4), layout="constrained")
    panels = figure.subplots(2 if compute else 1, 1, squeeze=False)[:, 0]
    if compute:
        _compute_panel(panels[0], compute)
    axes, table = panels[-1], pooled.table()
    for number, (name, word) in enumerate(
        (("least", "least free member"), ("mean", "weighted mean"), ("freest", "freest member"))
    ):
        colour = COLOURS[number % len(COLOURS)]
        low = table[f"{name}_low"].to_numpy()
        sure = table[name].fill_null(np.nan).to_numpy()
        axes.fill_between(
            table["month"], low, np.where(np.isnan(sure), low, sure), color=colour, alpha=0.2, lw=0
        )
        axes.plot(table["month"], sure, color=colour, lw=2, label=word)
        # Where nothing is sure, the lag is at least this.
        axes.plot(table["month"], np.where(np.isnan(sure), low, np.nan), color=colour, lw=2, ls=":")
    axes.set_ylabel("months behind the world's best\n(TPP, without a licence)")
    axes.set_ylim(bottom=0)
    axes.legend(loc="upper left", frameon=False, fontsize=8)
    axes.set_xlabel(
        f"dotted: at least; bands: what is open. Rules looked for up to {pooled.checked_to}", fontsize=8
    )
    for each in panels:
        each.spines[["top", "right"]].set_visible(False)
    panels[0].set_title(title, loc="left")
    return figure


def _compute_panel(axes: Axes, compute: Sequence[Installed]) -> None:
    days = [one.on for one in compute]
    value, low, high = (
        [getattr(one.h100e, end) or 0.0 for one in compute] for end in ("value", "low", "high")
    )
    places = np.arange(len(days))
    axes.bar(places, value, width=0.5, color=COLOURS[2])
    axes.vlines(places, low, high, color="black", lw=1.5)
    axes.set_xticks(places, [str(day) for day in days], fontsize=8)
    axes.set_ylabel("known clusters,\nH100 equivalents")


def _arrow(axes: Axes, reach: Reach) -> None:
    """Draw the lag: from the day on which the world first had the level to the last month."""
    from datetime import timedelta

    from matplotlib import dates

    lag, month = reach.lags[-1], reach.months["month"][-1]
    reached = reach.months["level"][-1]
    months, level = (
        (lag.value, reached) if lag.value is not None else (lag.low, reach.months["level_high"][-1])
    )
    if not months or level is None:
        return
    start = month - timedelta(days=months * DAYS_A_MONTH)
    left = max(start, reach.months["month"][0])
    numbered: Any = dates.date2num  # its stub lacks types
    ends = [numbered(day) for day in (left, month)]
    axes.annotate(
        "", (ends[0], level), (ends[1], level), arrowprops={"arrowstyle": "<->", "color": COLOURS[0]}
    )
    words = f"{months:.0f} months" if lag.value is not None else f"at least {months:.0f} months"
    axes.text(sum(ends) / 2, level * 0.93, words, ha="center", va="top", color=COLOURS[0], fontsize=9)


def timeline_figure(events: pl.DataFrame, title: str) -> Figure:
    """Draw dated events, one lane per kind of source.

    Parameters
    ----------
    events
        Rows of the table ``timeline``.
    title
        Heading.
    """
    dated = events.filter(pl.col("date_effective").is_not_null()).sort("date_effective")
    lanes = dated["source_class"].unique().sort().to_list()
    figure, axes = _axes(11, max(3.0, 0.19 * dated.height + 1.2))
    colours: Mapping[str, str] = dict(zip(lanes, COLOURS * 2, strict=False))
    for row, event in enumerate(dated.iter_rows(named=True)):
        colour = colours[event["source_class"]]
        axes.plot(event["date_effective"], row, "o", color=colour, markersize=5)
        words = f"{event['date_effective']}  {event['instrument']}"
        left = row >= dated.height / 2
        axes.annotate(
            words, (event["date_effective"], row), xytext=(-8 if left else 8, 0), textcoords="offset points",
            va="center", ha="right" if left else "left", fontsize=6.5,
        )  # fmt: skip
    for lane in lanes:
        axes.plot([], [], "o", color=colours[lane], label=lane.replace("_", " "))
    axes.invert_yaxis()
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_title(title, loc="left")
    axes.legend(loc="lower left", frameon=False, fontsize=7)
    return figure
