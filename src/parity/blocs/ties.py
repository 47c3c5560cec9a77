"""How closely two countries work together, since when more or less so, and beyond what is expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.blocs._breaks import FEWEST, STRONG, Weighed, changes, p_values, rho_prior
from parity.blocs._panel import FloatArray, Panel
from parity.errors import NoAnswerError, ParityError
from parity.estimate import Estimate
from parity.stats import benjamini_hochberg, holm

LIMITS = (
    "One platform: work on domestic platforms or in private is not seen.",
    "A country is where the publisher places its developers; a tunnel or a move abroad changes it.",
    "Affinity is a share: where a country loses one large partner, it rises with all others.",
    "Blocking, sanctions and a move to another platform look the same as less collaboration.",
    "Pairs below 100 events in a direction and quarter are not published.",
)
"""What the data cannot show; said with every answer."""


@dataclass(frozen=True, slots=True)
class Break:
    """The likeliest change in a series: a step, or a slope between two periods.

    Attributes
    ----------
    kind
        ``step``, ``slope`` (over a year or more), or ``step or slope`` where the data do not tell.
    period
        First period of the new level of a step; period in which a slope begins.
    earliest, latest
        Ends of the interval of ``period``.
    until
        First period of the new level; for a step the same as ``period``.
    until_earliest, until_latest
        Ends of the interval of ``until``.
    change
        Affinity (what both countries do with everybody taken out) in up to a year after, against up to a
        year before, in per cent.
    raw_change
        The same of collaboration itself.
    p
        Probability of a change this clear, at any date, in a straight line with autocorrelated errors.
    p_step
        The same of a step.
    """

    kind: str
    period: str
    earliest: str
    latest: str
    until: str
    until_earliest: str
    until_latest: str
    change: Estimate
    raw_change: Estimate
    p: float
    p_step: float


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
        Ends of the interval of affinity: what one period may err by around line and change, shape (t,).
    one_sided
        Periods in which one direction alone is published.
    likeliest
        The likeliest change; ``None`` where none could be looked for.
    breaks
        That change, if its p is small enough; else nothing.
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
    likeliest: Break | None
    breaks: tuple[Break, ...]
    level: float
    reason: str
    vintage: str
    _weighed: Weighed | None

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
        if self._weighed is None:
            return Estimate(None, unit="%", reason=self.reason)
        contrast = spans[1] / spans[1].sum() - spans[0] / spans[0].sum()
        ends = per_cent(self._weighed, contrast, reach_of(self._weighed, self.level))
        low, value, high = ends[:, 0 if adjusted else 1].tolist()
        return Estimate(value, low, high, self.level, "%")

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


def tie(panel: Panel, a: str, b: str, alpha: float = 0.05, level: float = 0.9, *, dated: bool = True) -> Tie:
    """Return the collaboration of two countries, with the breaks in it.

    Affinity is observed over expected from both countries' totals in the same period
    (`parity.blocs.expected`), so what either country does with everybody is taken out. A change is
    looked for in its logarithm, over all dates at once, on top of a straight line with errors that follow
    their predecessor.

    Parameters
    ----------
    panel
        Ties of all pairs: also tells how autocorrelations are spread.
    a, b
        Countries.
    alpha
        A break is kept if its p is at most this.
    level
        Probability that intervals cover.
    dated
        Look for a change at any date; without, only those between spans that are named can be asked for.

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
    elif len(y) < FEWEST:
        reason = f"{len(y)} periods are too few to look for a break"
    if reason:
        bare = np.full(len(y), np.nan)
        return Tie(
            a, b, panel.periods, weight, np.exp(y), bare, bare, one_sided, None, (), level, reason,
            panel.vintage, None,
        )  # fmt: skip
    prior = rho_prior(complete(panel)[2])
    weighed = Weighed.of(np.stack([y, np.log(weight)]), prior)
    if not dated:
        bare = np.full(len(y), np.nan)
        return Tie(
            a, b, panel.periods, weight, np.exp(y), bare, bare, one_sided, None, (), level, "not looked for",
            panel.vintage, weighed,
        )  # fmt: skip
    found, spread = _likeliest(weighed, panel.periods, alpha, level)
    return Tie(
        a, b, panel.periods, weight, np.exp(y), np.exp(y - spread), np.exp(y + spread), one_sided, found,
        (found,) if found.p <= alpha else (), level, "", panel.vintage, weighed,
    )  # fmt: skip


def complete(panel: Panel) -> tuple[np.ndarray, np.ndarray, FloatArray]:
    """Return the pairs published in every period, and their log affinity, shape (m, t)."""
    i, j = np.nonzero(np.triu((panel.weights > 0).all(axis=0), 1))
    return i, j, panel.log_affinity[:, i, j].T


def per_cent(weighed: Weighed, contrast: FloatArray, reach: FloatArray | float) -> FloatArray:
    """Return weighted sums of logarithms as changes in per cent: low, value and high, shape (3, m).

    The interval reaches so many standard errors.
    """
    change = (weighed.y * contrast).sum(axis=1)
    half = reach * weighed.error(contrast)
    return np.asarray(100 * np.expm1(np.stack([change - half, change, change + half])))


def reach_of(weighed: Weighed, level: float) -> float:
    """Return how many standard errors an interval at a date given beforehand reaches."""
    from scipy.stats import t

    return float(t.ppf((1 + level) / 2, weighed.y.shape[1] - 3))


def _likeliest(weighed: Weighed, periods: Sequence[str], alpha: float, level: float) -> tuple[Break, float]:
    """Return the likeliest change of affinity, and half the interval of its logarithm in one period."""
    p, p_step = p_values(weighed.y)
    where = changes(weighed, p_step, alpha, level)
    low, value, high = per_cent(weighed, where.contrast[0], where.reach[0])
    change, raw = (Estimate(float(value[k]), float(low[k]), float(high[k]), level, "%") for k in (0, 1))
    found = Break(
        kind=str(where.kind[0]),
        period=periods[where.period[0]],
        earliest=periods[where.period_ends[0, 0]],
        latest=periods[where.period_ends[1, 0]],
        until=periods[where.until[0]],
        until_earliest=periods[where.until_ends[0, 0]],
        until_latest=periods[where.until_ends[1, 0]],
        change=change,
        raw_change=raw,
        p=float(p[0]),
        p_step=float(p_step[0]),
    )
    # One period errs by all that errors which last can add up to, not by the scatter around its neighbours.
    one = np.eye(len(periods))[-1]
    return found, reach_of(weighed, level) * float(weighed.error(one)[0])


def scan(panel: Panel, country: str | None = None, periods: int = 4, level: float = 0.9) -> pl.DataFrame:
    """Test every pair for a break, with the many tests taken into account.

    Parameters
    ----------
    panel
        Ties.
    country
        Keep the pairs of one country; all by default.
    periods
        Latest periods that ``weight`` and ``affinity`` are means of, and first periods that they are
        compared with.
    level
        Probability that the intervals cover.

    Returns
    -------
    polars.DataFrame
        One row per pair ever published: ``a, b, weight, affinity``, ``low`` and ``high`` of it,
        ``earlier`` (affinity of the first periods), ``published`` (periods), ``kind``, ``period`` and
        ``until`` of the likeliest change (as in `parity.blocs.Break`), ``change`` of affinity there in per
        cent with ``change_low`` and ``change_high``, ``p``, ``p_step``, ``p_holm`` (chance of any false
        break among the rows) and ``q`` (false discovery rate, Benjamini and Hochberg). All but the first
        four, ``earlier`` and ``published`` are null where the pair is not published throughout.
    """
    i, j, y = complete(panel)
    prior = rho_prior(y) if len(panel.periods) >= FEWEST else STRONG
    if country is not None:
        here = panel.place(country)
        keep = (i == here) | (j == here)
        i, j, y = i[keep], j[keep], y[keep]
    tested = _tested(panel, i, j, y, prior, periods, level)
    frame = _levels_of(panel, country, periods).join(tested, on=["a", "b"], how="left", maintain_order="left")
    ends = {"low": pl.col("affinity") / pl.col("spread"), "high": pl.col("affinity") * pl.col("spread")}
    order = ["a", "b", "weight", "affinity", "low", "high", "earlier", "published", "kind", "period", "until"]
    order += ["change", "change_low", "change_high", "p", "p_step", "p_holm", "q"]
    frame = frame.with_columns(**ends).select(order)
    if country is None:
        return frame
    partner = pl.when(pl.col("a") == country).then("b").otherwise("a")
    return frame.with_columns(b=partner, a=pl.lit(country)).sort("weight", "b", descending=[True, False])


def _tested(
    panel: Panel,
    i: np.ndarray,
    j: np.ndarray,
    y: FloatArray,
    prior: tuple[float, ...],
    periods: int,
    level: float,
) -> pl.DataFrame:
    """Return the likeliest change of each pair, shape (m, t) of log affinity."""
    schema = dict.fromkeys(("a", "b", "kind", "period", "until"), pl.String) | dict.fromkeys(
        ("change", "change_low", "change_high", "spread", "p", "p_step", "p_holm", "q"), pl.Float64
    )
    if not len(y) or y.shape[1] < FEWEST:
        return pl.DataFrame(schema=schema)
    weighed = Weighed.of(y, prior)
    p, p_step = p_values(y)
    where = changes(weighed, p_step, level=level)
    low, value, high = per_cent(weighed, where.contrast, where.reach)
    latest = np.where(np.arange(y.shape[1]) >= y.shape[1] - periods, 1 / periods, 0.0)
    codes, names = np.array(panel.codes), np.array(panel.periods)
    return pl.DataFrame(
        {
            "a": codes[i],
            "b": codes[j],
            "kind": where.kind,
            "period": names[where.period],
            "until": names[where.until],
            "change": value,
            "change_low": low,
            "change_high": high,
            "spread": np.exp(reach_of(weighed, level) * weighed.error(latest)),
            "p": p,
            "p_step": p_step,
            "p_holm": holm(p),
            "q": benjamini_hochberg(p),
        },
        schema=schema,
    )


def _levels_of(panel: Panel, country: str | None, periods: int) -> pl.DataFrame:
    """Return weight and affinity of every pair ever published, the largest first."""
    ever = np.triu((panel.weights > 0).any(axis=0), 1)
    if country is not None:
        here = panel.place(country)
        only = np.zeros_like(ever)
        only[here], only[:, here] = ever[here], ever[:, here]
        ever = only
    i, j = np.nonzero(ever)
    weights, fitted = panel.weights[:, i, j], panel.expected[:, i, j]
    codes = np.array(panel.codes)
    with np.errstate(invalid="ignore", divide="ignore"):
        now = weights[-periods:].sum(axis=0) / fitted[-periods:].sum(axis=0)
        before = weights[:periods].sum(axis=0) / fitted[:periods].sum(axis=0)
    return pl.DataFrame(
        {
            "a": pl.Series(codes[i], dtype=pl.String),
            "b": pl.Series(codes[j], dtype=pl.String),
            "weight": weights[-periods:].mean(axis=0),
            "affinity": pl.Series(now, nan_to_null=True),
            "earlier": pl.Series(before, nan_to_null=True),
            "published": (weights > 0).sum(axis=0),
        }
    ).sort("weight", "a", "b", descending=[True, False, False])
