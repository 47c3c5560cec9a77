"""Figures of a run: rank intervals, Sobol indices, who is above whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from parity.errors import ParityError
from parity.robustness.results import SHIFT, Robustness

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Told apart in grey and by people who do not see red and green alike (Okabe and Ito 2008).
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_GREY = "#555555"
_FIRST = 5
"""Units whose Sobol indices are drawn where none is named."""
_MOST_CELLS = 40
"""Units of a heat map whose probabilities are legible as numbers."""
_MOST_ROWS = 75
"""Rows of one panel; more are drawn in two."""
_MOST_NAMED = 150
"""Rows of a panel that can carry a name of their own."""
_CERTAIN = 0.995
"""Where one unit is above another this often, a heat map leaves the cell plain."""


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _bare(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)


def _rows(result: Robustness, units: tuple[str, ...]) -> list[int]:
    """Return the rows to show, in the order of the base ranking."""
    return sorted(result.row(unit) for unit in units) if units else list(range(len(result.units)))


def draw_ranks(result: Robustness, units: tuple[str, ...]) -> Figure:
    """Draw each unit's 50 and 90 % interval and its median, in the order of the base ranking."""
    rows = _rows(result, units)
    panels = 1 if len(rows) <= _MOST_ROWS else 2
    length = -(-len(rows) // panels)
    figure = _figure(3.2 + 4 * panels, 1.1 + min(max(4, length), _MOST_NAMED) * 0.14)
    for axes, start in zip(
        figure.subplots(1, panels, squeeze=False)[0], range(0, len(rows), length), strict=True
    ):
        _intervals(axes, result, rows[start : start + length], length)
    figure.supxlabel(
        f"Rank in {result.draws:,} rebuilds. Line: 90 %, bar: 50 %, dot: median, tick: base build.\n"
        "A new colour begins where a unit is below the colour's first in 95 % of the rebuilds.",
        fontsize=8,
    )
    return figure


def _intervals(axes: Axes, result: Robustness, rows: list[int], length: int) -> None:
    """Draw the intervals of some rows; ``length`` rows would fill the panel."""
    colours = [_group_colours(result)[row] for row in rows]
    y = np.arange(len(rows))
    wide, narrow = result.interval(0.9)[rows], result.interval(0.5)[rows]
    # Half a rank to either side, so that an interval of one rank shows.
    axes.hlines(y, wide[:, 0] - 0.5, wide[:, 1] + 0.5, color=colours, linewidth=1.2)
    axes.hlines(y, narrow[:, 0] - 0.5, narrow[:, 1] + 0.5, color=colours, linewidth=4, alpha=0.4)
    axes.scatter(result.median()[rows], y, color=colours, s=12, zorder=3)
    ranked = np.flatnonzero(result.base_ranks[rows])
    axes.plot(result.base_ranks[rows][ranked], ranked, "|", color="black", markersize=6, zorder=4)
    if length <= _MOST_NAMED:
        axes.set_yticks(y, [result.names[row] for row in rows], fontsize=7)
        axes.tick_params(axis="y", length=0)
    else:
        axes.set_ylabel("units, in the order of the base ranking")
        axes.set_yticks([])
    axes.set_ylim(length - 0.3, -0.7)
    axes.tick_params(axis="x", top=length > _FIRST, labeltop=length > _FIRST, labelsize=8)
    axes.grid(axis="x", color="#e6e6e6")
    axes.set_axisbelow(True)
    _bare(axes)


def _group_colours(result: Robustness) -> list[str]:
    if not result.counts.above.size:
        return [_COLOURS[0]] * len(result.units)
    return [_COLOURS[(group - 1) % len(_COLOURS)] for group in result.groups()]


def draw_sobol(result: Robustness, units: tuple[str, ...]) -> Figure:
    """Draw first-order and total indices of ranks as bars with their intervals."""
    sensitivity = result.sensitivity
    if sensitivity is None:
        raise ParityError("this run has no Sobol indices to draw; give it base points")
    known = set(sensitivity.outputs)
    chosen = units or tuple(unit for unit in result.units if f"rank {unit}" in known)[:_FIRST]
    outputs = [f"rank {result.units[result.row(unit)]}" for unit in chosen]
    outputs = outputs if units else [SHIFT, *outputs]
    if absent := [output for output in outputs if output not in known]:
        raise ParityError(f"the run has no indices of '{absent[0]}'; name the unit when it is made")
    titles = {f"rank {unit}": name for unit, name in zip(result.units, result.names, strict=True)}
    columns = min(3, len(outputs))
    lines = -(-len(outputs) // columns)
    figure = _figure(2.2 + 2.6 * columns, 1 + lines * (0.7 + 0.34 * len(sensitivity.assumptions)))
    panels = figure.subplots(lines, columns, sharex=True, sharey=True, squeeze=False).ravel()
    table = sensitivity.table()
    for axes, output in zip(panels, outputs, strict=False):
        title = titles.get(output, output)
        _bars(axes, table.filter(output=output), f"rank of {title}" if output in titles else title)
    for place, axes in enumerate(panels):
        axes.set_visible(place < len(outputs))
        axes.tick_params(labelsize=8, labelbottom=place + columns >= len(outputs))
    panels[0].set_yticks(range(len(sensitivity.assumptions)), sensitivity.assumptions)
    panels[0].invert_yaxis()
    panels[0].set_xlim(0, 1)
    level = f"{sensitivity.indices.level:.0%}".replace("%", " %")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=2, frameon=False, fontsize=8)
    figure.supxlabel(f"Share of the variance (Sobol indices; lines: {level} intervals)", fontsize=9)
    return figure


def _bars(axes: Axes, rows: pl.DataFrame, title: str) -> None:
    axes.set_title(title, loc="left", fontsize=9)
    _bare(axes)
    y = np.arange(rows.height)
    if rows["reason"][0]:
        axes.text(0.02, 0.5, rows["reason"][0], transform=axes.transAxes, fontsize=8, color=_GREY)
        return
    for kind, shift, label in (
        ("first", -0.19, "alone (first order)"),
        ("total", 0.19, "with others (total)"),
    ):
        value = rows[kind].to_numpy()
        colour = _COLOURS[0] if kind == "first" else _COLOURS[5]
        # An index near zero may be estimated a little below it.
        axes.barh(y + shift, np.maximum(value, 0), height=0.36, color=colour, label=label)
        low, high = (np.clip(rows[f"{kind}_{end}"].to_numpy(), 0, 1) for end in ("low", "high"))
        axes.hlines(y + shift, low, high, color="black", linewidth=1)
    axes.grid(axis="x", color="#e6e6e6")
    axes.set_axisbelow(True)


def draw_above(result: Robustness, units: tuple[str, ...]) -> Figure:
    """Draw the probability that the row's unit scores higher than the column's."""
    rows = _rows(result, units)
    share = result.above()[np.ix_(rows, rows)]
    share[np.maximum(share, 1 - share) > _CERTAIN] = np.nan
    np.fill_diagonal(share, np.nan)
    n = len(rows)
    cell = 0.3 if n <= _MOST_CELLS else 0.13
    size = max(3.0, cell * n)
    figure = _figure(size + 2.2, size + 1.2)
    axes = figure.subplots()
    image = axes.imshow(share, cmap="PuOr_r", vmin=0, vmax=1)
    codes = [result.units[row] for row in rows]
    font = 7 if n <= _MOST_CELLS else 5
    axes.set_xticks(range(n), codes, rotation=90, fontsize=font)
    axes.set_yticks(range(n), codes, fontsize=font)
    axes.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    if n <= _MOST_CELLS:
        for (i, j), value in np.ndenumerate(share):
            if not np.isnan(value):
                colour = "white" if abs(value - 0.5) > 0.28 else "black"
                axes.text(j, i, f"{100 * value:.0f}", ha="center", va="center", fontsize=6, color=colour)
    axes.set_facecolor("#eeeeee")
    axes.spines[:].set_visible(False)
    bar = figure.colorbar(image, ax=axes, shrink=0.6)
    certain = f"grey: certain, {100 * _CERTAIN:g} % or more"
    bar.set_label(f"P(row above column) in {result.draws:,} rebuilds ({certain})", fontsize=8)
    return figure
