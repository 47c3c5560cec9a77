"""Figures of an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parity.index._tree import FloatArray

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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
