"""Figures of the answers about trade."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from parity.errors import NoAnswerError
from parity.trade._panel import months_after, total

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from parity.trade._diversion_result import Diversion
    from parity.trade._judged import Judged
    from parity.trade._months import Monthly
    from parity.trade.dependence import Dependence
    from parity.trade.mirror import Mirror
    from parity.trade.substitution import Substitution

ACTUAL, EXPECTED, BAND = "#0b3c5d", "#d1495b", "#f3c9cf"
VERDICTS = {"clear": "#d1495b", "likely": "#edae49", "none": "#8d99ae"}
OTHER = "other"
GROUPS = ("#0b3c5d", "#d1495b", "#edae49", "#2a9d8f", "#6d597a", "#8d99ae", "#b5838d", "#cbd2d9")


def diversion_paths(answer: Diversion) -> Figure:
    """Return one panel per country: exports, counterfactual and its band, before = 100."""
    shown = [*([answer.direct] if answer.direct else []), *answer.partners]
    figure, axes = _panels(answer, len(shown), f"mean before {answer.spec.start} = 100")
    periods = (*answer.before, *answer.after)
    for axis, one in zip(axes, shown, strict=True):
        _path(axis, one, periods, len(answer.before))
        axis.set_title(f"{one.iso3}: {one.rise.value:+.0f} %, p {one.p_placebo:.3f}", fontsize=9)
    return figure


def diversion_months(answer: Diversion) -> Figure:
    """Return one panel per country: exports by month, counterfactual and its band, before = 100."""
    if not answer.monthly:
        raise NoAnswerError(
            "no months are at hand beside years for this question; where months are judged themselves, "
            "--figure shows them"
        )
    figure, axes = _panels(answer, len(answer.monthly), f"by month, mean before {answer.spec.start} = 100")
    for axis, one in zip(axes, answer.monthly, strict=True):
        _path(
            axis, one, one.periods, sum(months_after(month, answer.spec.start) == 0 for month in one.periods)
        )
        axis.set_title(
            f"{one.iso3}: {f'beyond since {one.since}' if one.since else 'not beyond'}", fontsize=9
        )
    return figure


def _panels(answer: Diversion, count: int, base: str) -> tuple[Figure, list[Any]]:
    """Return a figure with a grid of panels."""
    from matplotlib.figure import Figure

    columns = min(3, count)
    rows = ceil(count / columns)
    figure = Figure(figsize=(3.6 * columns, 2.7 * rows + 0.7), layout="constrained")
    grid: Any = figure.subplots(rows, columns, squeeze=False)
    for axis in grid.flat[count:]:
        axis.set_axis_off()
    figure.suptitle(f"Exports of {answer.spec.reporter} ({answer.codes.name}), {base}", fontsize=11)
    _source(figure, answer)
    return figure, list(grid.flat[:count])


def _path(axis: Any, one: Judged | Monthly, periods: tuple[str, ...], n_before: int) -> None:
    x, base = np.arange(len(periods)), one.actual[:n_before].mean() / 100
    axis.fill_between(x, one.low / base, one.high / base, color=BAND, lw=0)
    axis.plot(x, one.expected / base, color=EXPECTED, ls="--", lw=1.3, label="expected")
    axis.plot(x, one.actual / base, color=ACTUAL, lw=1.8, marker="o", ms=2.5, label="reported")
    axis.axvline(n_before - 0.5, color="0.5", lw=0.8, ls=":")
    axis.set_ylim(bottom=0)
    # Januaries of a series by month.
    step = 12 if len(periods[0]) == 7 else max(1, len(periods) // 5)
    axis.set_xticks(x[::step], periods[::step], fontsize=7)
    axis.tick_params(labelsize=7)
    axis.spines[["top", "right"]].set_visible(False)
    if axis.get_subplotspec().is_first_col() and axis.get_subplotspec().is_first_row():
        axis.legend(frameon=False, fontsize=8, loc="best")


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
        f"Exports of {answer.spec.reporter} above expectation since {answer.spec.start}"
        f" ({answer.codes.name})",
        fontsize=10,
    )
    axis.spines[["top", "right"]].set_visible(False)
    _source(figure, answer)
    return figure


def _source(figure: Figure, answer: Any) -> None:
    sources = ", ".join(answer.sources) or "flows given"
    figure.supxlabel(f"Source: {sources}. {answer.vintage}", fontsize=7, color="0.4", x=0.01, ha="left")


def supply_over_time(answer: Dependence) -> Figure:
    """Return supply by year, the seven largest origins apart."""
    table = answer.table()
    ranked = total(table, "origin").sort("value", descending=True)["origin"].to_list()
    title = f"Supply of {answer.supply.country} by origin ({answer.codes.name})"
    return _stacked(table.rename({"origin": "name"}), ranked, title, answer, shares=False)


def shares_over_time(answer: Substitution) -> Figure:
    """Return shares of the groups by year, or amounts where the whole is not known."""
    title = f"Supply of {answer.supply.country} by group of origin ({answer.codes.name})"
    names = [one.group for one in answer.moved]
    rows = answer.table().rename({"group": "name"})
    figure = _stacked(rows, names, title, answer, shares=not answer.supply.partial)
    start = answer.start.year + (answer.start.month - 1) / 12 - 0.5
    figure.axes[0].axvline(start, color="black", lw=1, ls=":")
    return figure


def _stacked(rows: pl.DataFrame, names: list[str], title: str, answer: Any, *, shares: bool) -> Figure:
    """Return one area per name, those beyond the colours together as others."""
    from matplotlib.figure import Figure

    names = [name for name in names if name != OTHER]
    top = names[: len(GROUPS) - 1]
    named = pl.when(pl.col("name").is_in(top)).then("name").otherwise(pl.lit(OTHER))
    rows, names = total(rows.with_columns(name=named), "year", "name"), [*top, OTHER]
    years = sorted(rows["year"].unique())
    known = {(year, name): value for year, name, value in rows.select("year", "name", "value").rows()}
    stack = np.array([[known.get((year, name), 0.0) for year in years] for name in names])
    shown = 100 * stack / stack.sum(axis=0) if shares else stack / 1e6
    figure = Figure(figsize=(7.5, 4.2), layout="constrained")
    axis: Any = figure.subplots()
    x = [int(year) for year in years]
    kept = [n for n in range(len(names)) if shown[n].sum() > 0]
    if len(x) == 1:
        axis.bar(range(len(kept)), [shown[n, 0] for n in kept], tick_label=[names[n] for n in kept])
    else:
        axis.stackplot(
            x, shown[kept], labels=[names[n] for n in kept], colors=[GROUPS[n % len(GROUPS)] for n in kept]
        )
        axis.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5), reverse=True)
        axis.set_xticks(x[:: max(1, len(x) // 8)])
        axis.set_xlim(x[0], x[-1])
    axis.set_ylabel("% of reported supply" if shares else "million USD")
    axis.set_title(title, fontsize=10)
    axis.spines[["top", "right"]].set_visible(False)
    _source(figure, answer)
    return figure


def mirror_by_year(answer: Mirror) -> Figure:
    """Return what was sent and what arrived, and the unexplained gap with its interval."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    years = [one.year for one in answer.years]
    x = np.arange(len(years))
    left.plot(x, [one.exported / 1e6 for one in answer.years], color=ACTUAL, marker="o", label="sent")
    left.plot(x, [one.imported / 1e6 for one in answer.years], color=EXPECTED, marker="o", label="arrived")
    left.set_ylim(bottom=0)
    left.legend(frameon=False, fontsize=8)
    left.set_title(f"Exports to {answer.importer} and its imports from there", fontsize=9)
    gaps = np.array([one.gap.value or 0 for one in answer.years]) / 1e6
    ends = np.array([[one.gap.low or 0, one.gap.high or 0] for one in answer.years]).T / 1e6
    right.bar(x, gaps, color=BAND)
    right.vlines(x, ends[0], ends[1], color=EXPECTED, lw=3)
    right.axhline(0, color="0.4", lw=0.8)
    right.set_title("Sent, and not arrived as usual", fontsize=9)
    for axis in (left, right):
        axis.set_xticks(x, years)
        axis.set_ylabel("million USD", fontsize=8)
        axis.tick_params(labelsize=8)
        axis.spines[["top", "right"]].set_visible(False)
    _source(figure, answer)
    return figure
