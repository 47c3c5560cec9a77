"""Figures of the answers about trade."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from parity.trade._diversion_result import Diversion, Judged

ACTUAL, EXPECTED, BAND = "#0b3c5d", "#d1495b", "#f3c9cf"
VERDICTS = {"clear": "#d1495b", "likely": "#edae49", "none": "#8d99ae"}
GROUPS = ("#0b3c5d", "#d1495b", "#edae49", "#2a9d8f", "#6d597a", "#8d99ae", "#b5838d", "#cbd2d9")


def diversion_paths(answer: Diversion) -> Figure:
    """Return one panel per country: exports, counterfactual and its band, before = 100."""
    from matplotlib.figure import Figure

    shown = [*([answer.direct] if answer.direct else []), *answer.partners]
    columns = min(3, len(shown))
    rows = ceil(len(shown) / columns)
    figure = Figure(figsize=(3.6 * columns, 2.7 * rows + 0.7), layout="constrained")
    grid: Any = figure.subplots(rows, columns, squeeze=False)
    for axis, one in zip(grid.flat, shown, strict=False):
        _path(axis, one, answer)
    for axis in grid.flat[len(shown) :]:
        axis.set_axis_off()
    grid.flat[0].legend(frameon=False, fontsize=8, loc="best")
    figure.suptitle(
        f"Exports of {answer.spec.reporter} ({answer.codes.name}), mean before {answer.spec.start} = 100",
        fontsize=11,
    )
    _source(figure, answer)
    return figure


def _path(axis: Any, one: Judged, answer: Diversion) -> None:
    periods = [*answer.before, *answer.after]
    n_before, x = len(answer.before), np.arange(len(periods))
    base = one.actual[:n_before].mean() / 100
    axis.fill_between(x[n_before:], one.low[n_before:] / base, one.high[n_before:] / base, color=BAND, lw=0)
    axis.plot(x, one.expected / base, color=EXPECTED, ls="--", lw=1.3, label="expected")
    axis.plot(x, one.actual / base, color=ACTUAL, lw=1.8, marker="o", ms=2.5, label="reported")
    axis.axvline(n_before - 0.5, color="0.5", lw=0.8, ls=":")
    axis.set_title(f"{one.iso3}: {one.rise.value:+.0f} %, p {one.p_placebo:.3f}", fontsize=9)
    axis.set_ylim(bottom=0)
    step = max(1, len(periods) // 5)
    axis.set_xticks(x[::step], periods[::step], fontsize=7)
    axis.tick_params(labelsize=7)
    axis.spines[["top", "right"]].set_visible(False)


def diversion_ranking(answer: Diversion) -> Figure:
    """Return the excess of each candidate with its interval, largest on top."""
    from matplotlib.figure import Figure

    ordered = answer.partners[::-1]
    figure = Figure(figsize=(7, 1.4 + 0.42 * len(ordered)), layout="constrained")
    axis: Any = figure.subplots()
    for row, one in enumerate(ordered):
        low, value, high = (1e-6 * (end or 0) for end in (one.excess.low, one.excess.value, one.excess.high))
        axis.plot(
            [low, high], [row, row], color=VERDICTS[one.verdict], lw=4, alpha=0.45, solid_capstyle="butt"
        )
        axis.plot(value, row, "o", color=VERDICTS[one.verdict])
        axis.annotate(
            f"p {one.p_adjusted:.3f}",
            (max(high, value), row),
            (6, -3),
            textcoords="offset points",
            fontsize=8,
        )
    axis.axvline(0, color="0.4", lw=0.8)
    axis.set_yticks(range(len(ordered)), [one.iso3 for one in ordered])
    axis.margins(x=0.15, y=0.1)
    axis.set_xlabel(f"excess, million USD per month ({100 * answer.spec.level:.0f} % interval)")
    axis.set_title(
        f"Exports of {answer.spec.reporter} above expectation since {answer.spec.start} ({answer.codes.name})",
        fontsize=10,
    )
    axis.spines[["top", "right"]].set_visible(False)
    _source(figure, answer)
    return figure


def _source(figure: Figure, answer: Any) -> None:
    sources = ", ".join(answer.sources) or "flows given"
    figure.supxlabel(f"Source: {sources}. {answer.vintage}", fontsize=7, color="0.4", x=0.01, ha="left")
