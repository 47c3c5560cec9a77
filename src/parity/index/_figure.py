"""Figures of an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parity.index._tree import FloatArray

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from parity.index.compare import Comparison
    from parity.index.explain import Explanation
    from parity.index.index import Index


def draw_scores(index: Index, node: int, most: int) -> Figure:
    """Draw the scores of the highest units as bars; of the last year, in a panel."""
    from matplotlib.figure import Figure

    rows = np.flatnonzero(~np.isnan(index.scores[:, node]))
    year = ""
    if index.years is not None and len(rows):
        last = index.years[rows].max()
        rows, year = rows[index.years[rows] == last], f", {last}"
    rows = rows[np.argsort(-index.scores[rows, node], kind="stable")][:most]
    figure = Figure(figsize=(7, 1 + 0.24 * len(rows)), layout="constrained")
    axes = figure.subplots()
    axes.barh([str(index.names[row]) for row in rows], index.scores[rows, node])
    axes.invert_yaxis()
    axes.set_xlabel(f"Score in {index.tree.codes[node]}{year}")
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def draw_correlations(matrix: FloatArray, codes: tuple[str, ...]) -> Figure:
    """Draw a correlation matrix, shape (k, k), as a heat map."""
    from matplotlib.figure import Figure

    size = 2.5 + 0.22 * len(codes)
    figure = Figure(figsize=(size, size), layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(matrix, vmin=-1, vmax=1, cmap="RdBu_r")
    axes.set_xticks(range(len(codes)), codes, rotation=90, fontsize=7)
    axes.set_yticks(range(len(codes)), codes, fontsize=7)
    figure.colorbar(image, ax=axes, shrink=0.7, label="Correlation")
    return figure


def draw_explanation(explanation: Explanation, most: int) -> Figure:
    """Draw the greatest parts of a gap as bars, with two standard errors where they are sampled."""
    from matplotlib.figure import Figure

    rows = explanation.table().head(most)
    figure = Figure(figsize=(7, 1 + 0.24 * rows.height), layout="constrained")
    axes = figure.subplots()
    parts = rows["contribution"].to_numpy()
    errors = 2 * rows["standard_error"].to_numpy()
    colours = np.where(parts >= 0, "tab:blue", "tab:red")
    axes.barh(rows["indicator"].to_list(), parts, color=colours, xerr=errors if errors.any() else None)
    axes.invert_yaxis()
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_xlabel(f"Part of the gap of {explanation.gap:.3g} points, {explanation.a} over {explanation.b}")
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def draw_comparison(comparison: Comparison) -> Figure:
    """Draw published against own ranks."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 6), layout="constrained")
    axes = figure.subplots()
    axes.plot([1, len(comparison.units)], [1, len(comparison.units)], color="grey", linewidth=0.8)
    axes.scatter(comparison.ranks, comparison.published_ranks, s=14)
    moved = np.argsort(-np.abs(comparison.ranks - comparison.published_ranks), kind="stable")[:8]
    for place in moved:
        label = comparison.names[place]
        axes.annotate(label, (comparison.ranks[place], comparison.published_ranks[place]), fontsize=7)
    axes.set_xlabel("Own rank")
    axes.set_ylabel("Published rank")
    axes.set_title(f"Rank correlation {comparison.spearman:.3f}", loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    return figure
