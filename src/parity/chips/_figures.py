"""Figure of a group's access, until `bloc reach` has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from parity.chips._compute import Installed
from parity.chips._pool import PooledReach

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#b2182b", "#ef8a62", "#2166ac")


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
