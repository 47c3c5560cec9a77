"""Figures of an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

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
