"""How closely two countries work together, since when more or less so, and beyond what is expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from parity.blocs._breaks import SHORTEST, Fit, autocorrelation, breaks, p_values, sup_f
from parity.blocs._panel import FloatArray, Panel
from parity.errors import NoAnswerError, ParityError
from parity.estimate import Estimate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LIMITS = (
    "One platform: work on domestic platforms or in private is not seen.",
    "A country is where the publisher places its developers; a tunnel or a move abroad changes it.",
    "Blocking, sanctions and a move to another platform look the same as less collaboration.",
    "Pairs below 100 events in a direction and quarter are not published.",
)
"""What the data cannot show; said with every answer."""


@dataclass(frozen=True, slots=True)
class Break:
    """A change in level that a test finds.

    Attributes
    ----------
    period
        First period of the new level.
    earliest, latest
        Ends of the interval of ``period``.
    change
        Change of affinity (what both countries do with everybody taken out), in per cent.
    raw_change
        Change of collaboration itself, in per cent.
    p
        Probability of a break this clear, at any date, in a series without one.
    """

    period: str
    earliest: str
    latest: str
    change: Estimate
    raw_change: Estimate
    p: float


@dataclass(frozen=True, slots=True, eq=False)
class Tie:
    """Collaboration of two countries over time.

    Attributes
    ----------
    a, b
        The countries.
    periods
        Periods, t of them.
    weight
        Events, shape (t,); NaN where nothing is published.
    affinity
        Observed over expected from both countries' totals, shape (t,); NaN likewise.
    low, high
        Ends of the interval of affinity: the scatter of one period around its level, shape (t,).
    one_sided
        Periods in which one direction alone is published.
    breaks
        Changes in level, in time order.
    p
        Of the clearest break, whether or not it is kept; ``None`` where none could be looked for.
    level
        Probability that the intervals cover.
    reason
        Why no break was looked for; empty where one was.
    vintage
        Of the data.
    """

    a: str
    b: str
    periods: tuple[str, ...]
    weight: FloatArray
    affinity: FloatArray
    low: FloatArray
    high: FloatArray
    one_sided: tuple[str, ...]
    breaks: tuple[Break, ...]
    p: float | None
    level: float
    reason: str
    vintage: str
    _fits: tuple[Fit, Fit] | None

    def change(self, first: str, last: str, adjusted: bool = True) -> Estimate:
        """Return the change between the means of two spans of time, in per cent.

        Parameters
        ----------
        first, last
            Beginnings of the periods' names: ``"2021"`` for a year, ``"2021Q3"`` for a quarter.
        adjusted
            Of affinity; else of collaboration itself.

        Raises
        ------
        ParityError
            If no period begins so, or the first span does not end before the last begins.
        """
        spans = [np.array([one.startswith(span) for one in self.periods]) for span in (first, last)]
        for span, inside in zip((first, last), spans, strict=True):
            if not inside.any():
                raise ParityError(
                    f"no period '{span}'; they run from {self.periods[0]} to {self.periods[-1]}"
                )
        if np.flatnonzero(spans[0])[-1] >= np.flatnonzero(spans[1])[0]:
            raise ParityError(
                f"a change runs from an earlier span to a later one, and {first} does not end before {last} "
                f"begins; periods run from {self.periods[0]} to {self.periods[-1]}"
            )
        if self._fits is None:
            return Estimate(None, unit="%", reason=self.reason)
        contrast = spans[1] / spans[1].sum() - spans[0] / spans[0].sum()
        fit = self._fits[0 if adjusted else 1]
        return _per_cent(*fit.contrast(contrast), fit.freedom, self.level)

    def latest(self) -> Estimate:
        """Return the affinity of the latest published period."""
        known = np.flatnonzero(~np.isnan(self.affinity))
        if not len(known):
            return Estimate(None, unit="ratio", reason=self.reason)
        k = known[-1]
        if np.isnan(self.low[k]):
            return Estimate(float(self.affinity[k]), unit="ratio", reason=self.reason)
        return Estimate(float(self.affinity[k]), float(self.low[k]), float(self.high[k]), self.level, "ratio")

    def table(self) -> pl.DataFrame:
        """Return one row per period: ``period, weight, affinity, low, high``; null where unpublished."""
        return pl.DataFrame(
            {
                "period": self.periods,
                "weight": self.weight,
                "affinity": self.affinity,
                "low": self.low,
                "high": self.high,
            }
        ).with_columns(pl.col(pl.Float64).fill_nan(None))

    def figure(self) -> Figure:
        """Draw collaboration and affinity over time, with the dated breaks."""
        from parity.blocs._figures import draw_tie

        return draw_tie(self)


def tie(panel: Panel, a: str, b: str, alpha: float = 0.05, level: float = 0.9) -> Tie:
    """Return the collaboration of two countries, with the breaks in it.

    Affinity is observed over expected from both countries' totals in the same period
    (`parity.blocs.expected`), so what either country does with everybody is taken out. Breaks are
    looked for in its logarithm, over all dates at once.

    Parameters
    ----------
    panel
        Ties of all pairs: also tells how errors of neighbouring periods hang together.
    a, b
        Countries.
    alpha
        A break is kept if its p is at most this.
    level
        Probability that intervals cover.

    Raises
    ------
    ParityError
        If both are the same country.
    NoAnswerError
        If nothing is published about one of them, or about the pair.
    """
    if a == b:
        raise ParityError(f"{a} has no ties with itself; give two countries")
    i, j = panel.place(a), panel.place(b)
    weight = np.where(panel.weights[:, i, j] > 0, panel.weights[:, i, j], np.nan)
    published = ~np.isnan(weight)
    if not published.any():
        raise NoAnswerError(
            f"nothing is published about {a} and {b} together: in every quarter both directions were below "
            "100 events"
        )
    y = panel.log_affinity[:, i, j]
    one_sided = tuple(panel.periods[k] for k in np.flatnonzero(panel.directions[:, i, j] == 1))
    reason = ""
    if not published.all():
        reason = f"published in {published.sum()} of {len(published)} periods only, so no break is looked for"
    elif len(y) < 2 * SHORTEST:
        reason = f"{len(y)} periods are too few to look for a break"
    if reason:
        bare = np.full(len(y), np.nan)
        return Tie(
            a, b, panel.periods, weight, np.exp(y), bare, bare, one_sided, (), None, level, reason,
            panel.vintage, None,
        )  # fmt: skip
    rho = common_rho(panel)
    levels = breaks(y, rho, alpha, level)
    places = [each.place for each in levels]
    fits = Fit.of(y, places, rho), Fit.of(np.log(weight), places, rho)
    raw = _raw_changes(fits[1], places, level)
    spread = _quantile(fits[0].freedom, level) * fits[0].sigma
    found = tuple(
        Break(
            panel.periods[one.place],
            panel.periods[one.low],
            panel.periods[min(one.high, len(y) - 1)],
            _per_cent(one.change, one.error, one.freedom, level),
            raw[k],
            one.p,
        )
        for k, one in enumerate(levels)
    )
    p = float(p_values(sup_f(y[np.newaxis])[0], len(y), rho)[0])
    return Tie(
        a, b, panel.periods, weight, np.exp(y), np.exp(y - spread), np.exp(y + spread), one_sided, found, p,
        level, "", panel.vintage, fits,
    )  # fmt: skip


def common_rho(panel: Panel) -> float:
    """Return the correlation of neighbouring errors, pooled over the pairs published throughout."""
    _, _, y = complete(panel)
    return autocorrelation(y) if len(y) else 0.0


def complete(panel: Panel) -> tuple[np.ndarray, np.ndarray, FloatArray]:
    """Return the pairs published in every period, and their log affinity, shape (m, t)."""
    i, j = np.nonzero(np.triu((panel.weights > 0).all(axis=0), 1))
    return i, j, panel.log_affinity[:, i, j].T


def _raw_changes(fit: Fit, places: Sequence[int], level: float) -> list[Estimate]:
    ends = [0, *places, len(fit.y)]
    found = []
    for k, place in enumerate(places):
        contrast = np.zeros(len(fit.y))
        contrast[ends[k] : place] = -1 / (place - ends[k])
        contrast[place : ends[k + 2]] = 1 / (ends[k + 2] - place)
        found.append(_per_cent(*fit.contrast(contrast), fit.freedom, level))
    return found


def _per_cent(change: float, error: float, freedom: float, level: float) -> Estimate:
    """Return a difference of logarithms as a change in per cent."""
    reach = _quantile(freedom, level) * error
    low, value, high = (100 * float(np.expm1(x)) for x in (change - reach, change, change + reach))
    return Estimate(value, low, high, level, "%")


def _quantile(freedom: float, level: float) -> float:
    from scipy.stats import t

    return float(t.ppf((1 + level) / 2, freedom))
