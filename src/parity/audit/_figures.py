"""Figures of an audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from parity.audit.analysis import AuditResult

# Colours that keep apart in print and for colour-blind readers (Okabe and Ito).
COLOURS = {"home": "#D55E00", "other": "#0072B2", "unknown": "#999999"}
OUTCOMES = {
    "complete": ("#BFD9EE", "answered"),
    "partial": ("#E69F00", "partial"),
    "denial": ("#D55E00", "refused by the model"),
    "provider_filter": ("#7B2D26", "stopped by a filter"),
    "truncation": ("#CCCCCC", "cut off"),
    "incoherent": ("#B3B3B3", "incoherent"),
    "judge_error": ("#8C8C8C", "judge failed"),
    "route_error": ("#666666", "route failed"),
}
ROW_HEIGHT = 0.22


def forest(result: AuditResult) -> Figure:
    """Draw each model's selectivity with its interval, sorted."""
    rows = result.selectivity.sort("difference")
    several = rows["language"].n_unique() > 1
    figure, (axes,) = _canvas(len(rows))
    for place, row in enumerate(rows.iter_rows(named=True)):
        colour = COLOURS[_origin(row, result)]
        axes.plot([row["low"], row["high"]], [place, place], color=colour, lw=1.4)
        found = row["verdict"].startswith("withholds")
        axes.plot(row["difference"], place, "o", ms=5, color=colour, mfc=colour if found else "white")
    names = [
        f"{row['model']} ({row['language']})" if several else row["model"]
        for row in rows.iter_rows(named=True)
    ]
    _rows(axes, names)
    margin = result.options.margin
    axes.axvspan(-margin, margin, color="#EEEEEE", zorder=0)
    axes.axvline(0, color="black", lw=0.8)
    axes.set_xlabel(
        f"{result.options.outcome} on {result.options.protected} minus {result.options.against}, same tasks"
    )
    percent = round(100 * result.options.level)
    axes.set_title(
        f"Selectivity, {percent} % intervals, judge {result.options.judge}\n"
        f"filled: significant after Holm; grey band: under {100 * margin:g} points",
        fontsize=9,
        loc="left",
    )
    _legend(axes, f"developer from {result.options.protected}")
    return figure


def languages(result: AuditResult) -> Figure:
    """Draw each model's rate in every language, joined by a line."""
    protected = result.options.protected
    cells = result.rates.filter(
        (pl.col("judge") == result.options.judge)
        & (pl.col("government") == protected)
        & (pl.col("kind") == "criticism")
    )
    order = cells.group_by("model").agg(pl.col("rate").max()).sort("rate")["model"].to_list()
    figure, (axes,) = _canvas(len(order))
    spoken = _spoken(cells, result)
    marks = dict(zip(spoken, ("o", "s", "^", "D", "v", "P"), strict=False))
    for place, model in enumerate(order):
        rate = dict(cells.filter(pl.col("model") == model).select("language", "rate").iter_rows())
        axes.plot([min(rate.values()), max(rate.values())], [place, place], color="#BBBBBB", lw=1.5, zorder=1)
        for number, language in enumerate(spoken):
            if language in rate:
                # The base is a wide ring, so that no other mark can hide it.
                style = {"ms": 5.0} if number else {"ms": 9.0, "mfc": "none"}
                axes.plot(rate[language], place, marks[language], color=f"C{number}", label=language, **style)
    _rows(axes, order)
    handles, labels = axes.get_legend_handles_labels()
    unique = dict(zip(labels, handles, strict=True))
    axes.legend(
        [unique[code] for code in spoken if code in unique], [code for code in spoken if code in unique],
        loc="lower right", frameon=False,
    )  # fmt: skip
    axes.set_xlim(-0.02, 1.02)
    axes.set_xlabel(f"{result.options.outcome} on criticism of {protected}")
    axes.set_title(
        f"The same prompts by language, judge {result.options.judge}\n"
        "without controls in a language, a gap may also be command of the language",
        fontsize=9,
        loc="left",
    )
    return figure


def layers(result: AuditResult) -> Figure:
    """Draw where answers about the protected government end: a stack a model, a panel a language."""
    chosen = result.layers.filter(
        (pl.col("judge") == result.options.judge)
        & (pl.col("government") == result.options.protected)
        & (pl.col("kind") == "criticism")
    )
    done = pl.col("share").filter(pl.col("outcome") == "complete").sum() / pl.col("language").n_unique()
    order = chosen.group_by("model").agg(done=done).sort("done", "model", descending=True)["model"].to_list()
    spoken = _spoken(chosen, result)
    figure, panels = _canvas(len(order), len(spoken))
    for axes, language in zip(panels, spoken, strict=True):
        _stack(axes, chosen.filter(pl.col("language") == language), order)
        axes.set_title(language, fontsize=9)
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.5, 1])
    _rows(panels[0], order)
    figure.supxlabel(f"share of prompts that criticise {result.options.protected}", fontsize=9)
    handles: dict[str, Artist] = {}
    for axes in panels:
        drawn, labels = axes.get_legend_handles_labels()
        handles |= dict(zip(map(str, labels), drawn, strict=True))
    figure.legend(
        list(handles.values()), list(handles), loc="outside upper left", ncols=4, frameon=False, fontsize=8,
        title=f"Where answers end, judge {result.options.judge}", alignment="left",
    )  # fmt: skip
    return figure


def _stack(axes: Axes, cells: pl.DataFrame, order: list[str]) -> None:
    left = [0.0] * len(order)
    for outcome, (colour, label) in OUTCOMES.items():
        share = dict(cells.filter(pl.col("outcome") == outcome).select("model", "share").iter_rows())
        if not share:
            continue
        widths = [share.get(model, 0.0) for model in order]
        axes.barh(range(len(order)), widths, left=left, color=colour, label=label, height=0.8)
        left = [start + width for start, width in zip(left, widths, strict=True)]


def _spoken(cells: pl.DataFrame, result: AuditResult) -> list[str]:
    base = result.options.base_language
    return sorted(cells["language"].unique(), key=lambda code: (code != base, code))


def _canvas(rows: int, columns: int = 1) -> tuple[Figure, list[Axes]]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.5, 1.4 + ROW_HEIGHT * max(rows, 4)), layout="constrained")
    panels = list(figure.subplots(1, columns, sharey=True, squeeze=False)[0])
    for axes in panels:
        axes.spines[["top", "right"]].set_visible(False)
    return figure, panels


def _rows(axes: Axes, names: list[str]) -> None:
    axes.set_yticks(range(len(names)), names, fontsize=7.5)
    axes.set_ylim(-0.8, len(names) - 0.2)


def _origin(row: dict[str, object], result: AuditResult) -> str:
    if row["country"] is None:
        return "unknown"
    return "home" if row["country"] == result.options.protected else "other"


def _legend(axes: Axes, home: str) -> None:
    for name, label in (("home", home), ("other", "from elsewhere"), ("unknown", "not known")):
        axes.plot([], [], "o-", color=COLOURS[name], label=label)
    axes.legend(loc="lower right", frameon=False, fontsize=8)
