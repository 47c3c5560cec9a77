"""Figures of blocs and ties."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from parity.blocs.compare import Comparison
    from parity.blocs.contributions import Contributions
    from parity.blocs.history import History
    from parity.blocs.intervals import Intervals
    from parity.blocs.network import Network
    from parity.blocs.pool import Pool
    from parity.blocs.ties import Tie

# Told apart in grey and by people who do not see red and green alike (Okabe and Ito 2008).
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_GREY = "#777777"


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _bare(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)


def _plain_logs(axes: Axes, which: Literal["x", "y"]) -> None:
    """Label a logarithmic axis at 1, 2 and 5 and their tens, in plain numbers."""
    from matplotlib.ticker import LogLocator, NullFormatter

    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axis.set_major_formatter(lambda value, _: f"{value:g}")
    axis.set_minor_formatter(NullFormatter())


def _titles(pool: Pool, nodes: Sequence[int]) -> list[str]:
    spec, codes = pool.base.spec, pool.base.tree.codes
    titles = {group.code: group.title for group in spec.groups}
    return [titles.get(codes[node]) or codes[node] for node in nodes]


def draw_profile(pools: Sequence[Pool], drawn: Intervals | None) -> Figure:
    """Draw one bloc's groups as points with intervals."""
    return _profiles(pools, () if drawn is None else (drawn,))


def draw_profiles(comparison: Comparison) -> Figure:
    """Draw several blocs' groups as points with intervals, side by side."""
    return _profiles(comparison.pools, comparison.intervals)


def _profiles(pools: Sequence[Pool], drawn: Sequence[Intervals]) -> Figure:
    from parity.blocs.pool import in_order

    nodes = in_order(pools[0].base.tree)
    figure = _figure(7.5, 1.2 + (0.22 + 0.13 * len(pools)) * len(nodes))
    axes = figure.subplots()
    for k, each in enumerate(pools):
        shift = (k - (len(pools) - 1) / 2) * 0.8 / (len(pools) + 1)
        y = np.arange(len(nodes)) + shift
        x = each.scores[nodes]
        colour = COLOURS[k % len(COLOURS)]
        if drawn:
            low, high = drawn[k].scores[0][nodes], drawn[k].scores[2][nodes]
            axes.hlines(y, low, high, color=colour, linewidth=2.5, alpha=0.35)
        axes.plot(x, y, "o", color=colour, markersize=5, label=each.name)
    axes.set_yticks(range(len(nodes)), _titles(pools[0], nodes))
    axes.axvline(100, color=_GREY, linewidth=0.8, linestyle=":")
    axes.invert_yaxis()
    level = f", bars: {drawn[0].level:.0%} over {drawn[0].draws} rebuilds" if drawn else ""
    axes.set_xlabel(f"Score on the scale of countries{level}")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.09), ncols=len(pools), frameon=False)
    axes.grid(axis="y", color="#eeeeee")
    axes.set_axisbelow(True)
    _bare(axes)
    return figure


def draw_history(history: History) -> Figure:
    """Draw the gaps of the first bloc to the others over the years, one panel per pillar."""
    from parity.blocs.pool import in_order

    tree, first = history.tree, history.blocs[0]
    base = history.pools[history.years[0], first]
    top = in_order(tree)[0]
    nodes = [top, *(int(node) for node in tree.children(top) if node >= tree.n_indicators)]
    figure = _figure(2.6 * len(nodes) + 0.8, 3.2)
    panels = figure.subplots(1, len(nodes), sharey=True, squeeze=False)[0]
    years = np.array(history.years)
    for axes, node, title in zip(panels, nodes, _titles(base, nodes), strict=True):
        for number, other in enumerate(history.blocs[1:]):
            found = [history.gap(year, first, other, tree.codes[node]) for year in history.years]
            # Unknown ends are drawn as the value: a line without a band.
            low, high = (
                [getattr(g, end) if getattr(g, end) is not None else g.value for g in found]
                for end in ("low", "high")
            )
            colour = COLOURS[number % len(COLOURS)]
            gaps = np.array([np.nan if g.value is None else g.value for g in found])
            axes.fill_between(
                years, np.array(low, float), np.array(high, float), color=colour, alpha=0.18, lw=0
            )
            axes.plot(years, gaps, "-o", color=colour, markersize=3.5, label=f"less {other}")
        axes.axhline(0, color=_GREY, linewidth=0.8, linestyle=":")
        axes.set_title(title, fontsize=10)
        axes.set_xticks(years[:: max(1, len(years) // 3)])
        _bare(axes)
    panels[0].set_ylabel(f"score of {first} less another's, points")
    panels[0].legend(frameon=False, fontsize=8)
    return figure


def draw_contributions(
    contributions: Contributions, node: str | None, drawn: Intervals | None = None
) -> Figure:
    """Draw members' Shapley values as bars, with the interval of sampling or of rebuilds."""
    table = contributions.table(node).head(30)
    figure = _figure(7, 1.2 + 0.28 * table.height)
    axes = figure.subplots()
    y = np.arange(table.height)
    value = table["value"].to_numpy()
    axes.barh(y, value, color=[COLOURS[0] if each >= 0 else COLOURS[1] for each in value], height=0.65)
    note = "exact"
    if drawn is not None:
        place = [contributions.pool.members.index(code) for code in table["iso3"]]
        low, high = drawn.brings(contributions, node)
        axes.hlines(y, low[place], high[place], color="black", linewidth=1.5)
        note = f"line: {drawn.level:.0%} interval over {drawn.draws} rebuilds"
    elif not contributions.exact:
        axes.hlines(y, table["low"].to_numpy(), table["high"].to_numpy(), color="black", linewidth=1.5)
        note = "line: 95 % interval of the drawn orders"
    axes.set_yticks(y, table["iso3"].to_list())
    axes.invert_yaxis()
    axes.axvline(0, color="black", linewidth=0.8)
    where = "" if node is None else f" in {node}"
    axes.set_xlabel(f"Points of {contributions.pool.name}'s score{where} (Shapley value, {note})")
    _bare(axes)
    return figure


def draw_tie(tie: Tie) -> Figure:
    """Draw collaboration and affinity over time; breaks as lines with their intervals of date."""
    figure = _figure(8, 5)
    upper, lower = figure.subplots(2, 1, sharex=True)
    t = np.arange(len(tie.periods))
    upper.plot(t, tie.weight, "-o", color=COLOURS[0], markersize=3.5)
    upper.set_ylim(bottom=0)
    upper.set_ylabel("events per quarter")
    upper.set_title(f"{tie.a} and {tie.b}: collaboration on GitHub", loc="left", fontsize=11)
    lower.fill_between(t, tie.low, tie.high, color=COLOURS[1], alpha=0.18, linewidth=0)
    lower.plot(t, tie.affinity, "-o", color=COLOURS[1], markersize=3.5)
    lower.axhline(1, color=_GREY, linewidth=0.8, linestyle=":")
    lower.set_yscale("log")
    _plain_logs(lower, "y")
    lower.set_ylabel("affinity (1: as expected)")
    for each in tie.breaks:
        at, early, late = (tie.periods.index(p) - 0.5 for p in (each.period, each.earliest, each.latest))
        for axes in (upper, lower):
            axes.axvspan(early, max(late, early + 0.06), color="black", alpha=0.08, linewidth=0)
            axes.axvline(at, color="black", linewidth=1, linestyle="--")
        lower.annotate(
            f"{each.kind} {each.period}: {each.change.value:+.0f} %, p = {each.p:.2g}",
            (at, 0.03),
            xycoords=("data", "axes fraction"),
            xytext=(4, 0),
            textcoords="offset points",
            fontsize=8,
        )
    shown = [k for k in t if tie.periods[k].endswith("Q1")] or list(t[:: max(1, len(t) // 8)])
    lower.set_xticks(shown, [tie.periods[k] for k in shown])
    for axes in (upper, lower):
        _bare(axes)
    return figure


def draw_matrix(network: Network) -> Figure:
    """Draw affinities between members: doublings and halvings of what is expected."""
    n = len(network.members)
    size = 2.2 + 0.42 * n
    figure = _figure(size + 1, size)
    axes = figure.subplots()
    with np.errstate(invalid="ignore"):
        doublings = np.log2(network.affinity)
    image = axes.imshow(doublings, cmap="PuOr_r", vmin=-4, vmax=4)
    axes.set_xticks(range(n), network.members, rotation=90)
    axes.set_yticks(range(n), network.members)
    if n <= 16:
        for (i, j), ratio in np.ndenumerate(network.affinity):
            if not np.isnan(ratio):
                dark = abs(doublings[i, j]) > 2.5
                text = f"{ratio:.1f}" if ratio >= 0.1 else f"{ratio:.2f}"
                axes.text(
                    j, i, text, ha="center", va="center", fontsize=7, color="white" if dark else "black"
                )
    bar = figure.colorbar(image, ax=axes, shrink=0.8, ticks=[-4, -2, 0, 2, 4])
    bar.ax.set_yticklabels(["1/16", "1/4", "1", "4", "16"])
    bar.set_label("affinity: observed over expected (blank: not published)")
    axes.set_title(f"{network.periods[0]} to {network.periods[-1]}", loc="left", fontsize=10)
    return figure


def draw_map(network: Network, capitals: pl.DataFrame) -> Figure:
    """Draw members at their capitals, ties as lines: width by events, colour by affinity."""
    from matplotlib import colormaps

    where = {row[0]: row[1:] for row in capitals.select("iso3", "longitude", "latitude").iter_rows()}
    figure = _figure(8, 4)
    axes = figure.subplots()
    axes.plot(capitals["longitude"], capitals["latitude"], ".", color="#dddddd", markersize=4)
    largest = np.nanmax(network.weights)
    colours = colormaps["PuOr_r"]
    for i, a in enumerate(network.members):
        for j in range(i):
            b = network.members[j]
            if np.isnan(network.weights[i, j]) or a not in where or b not in where:
                continue
            shade = (np.clip(np.log2(network.affinity[i, j]), -4, 4) + 4) / 8
            axes.plot(
                *zip(where[a], where[b], strict=True), color=colours(float(shade)),
                linewidth=0.4 + 5 * float(np.sqrt(network.weights[i, j] / largest)), alpha=0.8,
            )  # fmt: skip
    for code in network.members:
        if code in where:
            axes.plot(*where[code], "o", color="black", markersize=4)
            axes.annotate(code, where[code], xytext=(4, 3), textcoords="offset points", fontsize=8)
    axes.set(xlim=(-180, 180), ylim=(-60, 80), xticks=[], yticks=[], aspect="equal")
    axes.set_title(
        "Ties between members: width by events, orange above and purple below expectation", fontsize=9
    )
    axes.spines[:].set_visible(False)
    return figure


def draw_partners(partners: pl.DataFrame, country: str, most: int = 25) -> Figure:
    """Draw a country's partners: affinity in the first and in the latest periods."""
    known = partners.drop_nulls(["affinity", "earlier"])
    known = known.filter((known["earlier"] > 0) & (known["affinity"] > 0)).head(most)
    figure = _figure(7, 1.2 + 0.26 * known.height)
    axes = figure.subplots()
    y = np.arange(known.height)
    before, now = known["earlier"].to_numpy(), known["affinity"].to_numpy()
    axes.hlines(y, before, now, color="#bbbbbb", linewidth=2)
    axes.plot(before, y, "o", color="white", markeredgecolor=_GREY, label="first four quarters")
    axes.plot(now, y, "o", color=COLOURS[0], label="latest four quarters")
    axes.set_xscale("log")
    _plain_logs(axes, "x")
    axes.axvline(1, color=_GREY, linewidth=0.8, linestyle=":")
    axes.set_yticks(y, known["b"].to_list())
    axes.invert_yaxis()
    axes.set_xlabel(f"Affinity with {country} (1: as expected from both countries' totals)")
    axes.legend(frameon=False, loc="lower right")
    _bare(axes)
    return figure
