"""Mirror statistics: what exporters say they sent, against what the importer says arrived."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np
import polars as pl

from parity.errors import NoAnswerError, ParityError
from parity.estimate import Estimate
from parity.stats import holm, lasting
from parity.trade._panel import annual, months_after, total
from parity.trade._placebo import Array
from parity.trade.codes import CodeList, closed, money, select_codes

# Years before the date from which the scatter of the ratio can be told.
MIN_YEARS = 3
# Reports of the same trade that differ so many times are in different units.
UNLIKE = 100.0


@dataclass(frozen=True, slots=True)
class Mirrored:
    """One year of both reports.

    Attributes
    ----------
    year
        Calendar year.
    exported, imported
        What exporters report as sent, and the importer as arrived, US dollars.
    gap
        What should have arrived by the usual ratio, minus what did; positive when less arrives
        than usual. Its interval is for one year by itself.
    p_adjusted
        Chance of a ratio as far from the usual one in either direction, adjusted for the number of years
        after the date (Holm); ``None`` before the date and where the scatter is not known.
    """

    year: str
    exported: float
    imported: float
    gap: Estimate
    p_adjusted: float | None

    @property
    def departure(self) -> str:
        """What arrived too little or too much, in a sentence."""
        value, low, high = self.gap.value or 0, self.gap.low or 0, self.gap.high or 0
        p = f"adjusted p {self.p_adjusted:.3f}"
        if value > 0:
            ends = f"{money(low)} to {money(high)}"
            return f"{self.year}: {money(value)} that were sent did not arrive as usual ({ends}, {p})."
        ends = f"{money(-high)} to {money(-low)}"
        return f"{self.year}: {money(-value)} more arrived than usual for what was sent ({ends}, {p})."


@dataclass(frozen=True, slots=True)
class Mirror:
    """What exporters say they sent against what arrived.

    Attributes
    ----------
    exporters
        Countries whose reports exist on both sides in every year.
    importer
        ISO3.
    codes, sources
        Goods and data.
    usual
        Usual ratio of imports to exports, with the interval in which a single year's is to be
        expected: above 1 for freight and insurance and for goods that are counted by origin,
        below 1 where part goes unrecorded.
    years
        One entry per year, those before the date among them.
    note
        Which side stops to report before the other; empty where none does.
    """

    exporters: tuple[str, ...]
    importer: str
    codes: CodeList
    sources: tuple[str, ...]
    usual: Estimate
    years: tuple[Mirrored, ...]
    note: str = ""

    json_keys: ClassVar[dict[str, str | None]] = {"codes": "", "sources": None, "verdict": "verdict"}

    def departs(self, one: Mirrored) -> bool:
        """Return whether less or more arrived in a year than usual, p being adjusted for all years."""
        return one.p_adjusted is not None and one.p_adjusted < 1 - (self.usual.level or 1)

    @property
    def verdict(self) -> str:
        """Which years depart from what is usual, in plain language, with what the data cannot show."""
        lines = [
            f"Usually {self.importer} reports {self.usual.text(2)} for 1 that is reported as sent to it.",
            *([f"Reports stop: {self.note}."] if self.note else []),
        ]
        tested = [one for one in self.years if one.p_adjusted is not None]
        if not tested:
            untold = "too few years before the date, or none after"
            return closed([*lines, f"Whether a year departs from that cannot be told: {untold}."], self.codes)
        lines += [one.departure for one in tested if self.departs(one)] or [
            "In no year does less or more arrive than usual, beyond what the reports differ by anyway."
        ]
        if len(tested) > 1:
            lines.append(
                f"p is adjusted for {len(tested)} years (Holm); each interval is for one year by itself."
            )
        return closed(lines, self.codes)


def mirror(
    flows: pl.DataFrame,
    codes: CodeList,
    exporters: Collection[str],
    importer: str,
    start: date,
    *,
    level: float = 0.9,
) -> Mirror:
    """Compare both reports of the same trade, year by year.

    The two never agree: imports carry freight and insurance, and are counted by origin where
    exports are counted by destination. What matters is a change of the usual ratio. Its logarithm
    in the years before the date is taken for normal, each year's perhaps like the last, which gives the
    prediction interval for one more year (Student's t).

    Parameters
    ----------
    flows
        Table of flows.
    codes
        The goods.
    exporters
        Countries whose exports are added up, ISO3.
    importer
        ISO3.
    start
        Date of the control: the years before it give the usual ratio.
    level
        Probability that an interval covers.

    Raises
    ------
    NoAnswerError
        If one side does not report, or not before the date.
    ParityError
        If the two sides are in different units.
    """
    goods = select_codes(flows, codes)
    theirs = pl.col("reporter").is_in(list(exporters)) & (pl.col("flow") == "export")
    mine = (pl.col("reporter") == importer) & (pl.col("flow") == "import")
    # By year before by partner: a month without trade with one partner is no month without reports.
    sold = annual(goods.filter(theirs)).filter(pl.col("partner") == importer)
    bought = annual(goods.filter(mine)).filter(pl.col("partner").is_in(list(exporters)))
    reported = [set(rows.filter(pl.col("value") > 0)["period"]) for rows in (sold, bought)]
    years = sorted(set.intersection(*reported))
    ends = [max(one, default="") for one in reported]
    before = [year for year in years if months_after(year, start) == 0]
    if not before:
        raise NoAnswerError(
            f"the exports of {', '.join(list(exporters)[:6])} ... to {importer} and its own imports from "
            f"there are not both at hand for any year before {start}"
        )
    exported, imported = _totals(sold, years), _totals(bought, years)
    if not 1 / UNLIKE < np.median(imported / exported) < UNLIKE:
        raise ParityError(
            f"{importer} reports {np.median(imported / exported):,.3g} for 1 that is reported as sent to it: "
            "the two sides are not in the same unit; bring both to US dollars"
        )
    logs = np.log(imported / exported)
    usual, margin = _usual(logs[: len(before)], level)
    p = _p_after(logs, len(before))
    return Mirror(
        exporters=tuple(sorted(set(sold["reporter"]) | set(bought["partner"]))),
        importer=importer,
        codes=codes,
        sources=tuple(sorted(goods["source"].unique())) if "source" in goods.columns else (),
        note=""
        if ends[0] == ends[1]
        else f"exporters report until {ends[0]}, {importer} until {ends[1]}; later years cannot be compared",
        usual=_estimate(usual, margin, level, 1.0, 0.0, "imports per export in one year"),
        years=tuple(
            Mirrored(year, sent, arrived, _estimate(usual, margin, level, sent, arrived, "USD"), one)
            for year, sent, arrived, one in zip(years, exported.tolist(), imported.tolist(), p, strict=True)
        ),
    )


def _totals(rows: pl.DataFrame, years: list[str]) -> Array:
    """Return totals by year, shape (n_years,)."""
    known = dict(total(rows, "period").rows())
    return np.array([known[year] for year in years], dtype=np.float64)


def _usual(logs: Array, level: float) -> tuple[float, float | None]:
    """Return the usual ratio, and by how much the log of one more year's may differ.

    Parameters
    ----------
    logs
        Logs of the ratio in the years before, shape (n_years,).
    level
        Probability that the interval covers.

    Returns
    -------
    float
        Geometric mean of the ratio.
    float or None
        Half the length of the prediction interval; ``None`` with fewer than ``MIN_YEARS`` years.
    """
    from scipy.stats import t

    usual = float(np.exp(logs.mean()))
    if logs.size < MIN_YEARS:
        return usual, None
    return usual, float(t.ppf((1 + level) / 2, logs.size - 1) * _error(logs))


def _error(logs: Array) -> float:
    """Return the error of one more year about the mean: a ratio may resemble that of the year before."""
    # Ratios of reports rarely last: the prior keeps a handful of years from looking as if they did.
    found = lasting(logs, np.ones((logs.size, 1)), np.full((1, logs.size), 1 / logs.size), strong=-2.0)
    return float(np.sqrt(found.one + found.contrasts[0]))


def _p_after(logs: Array, n_before: int) -> list[float | None]:
    """Return how unusual each year's ratio is, adjusted for all years after the date.

    Parameters
    ----------
    logs
        Logs of the ratio, those of the years before first, shape (n_years,).
    n_before
        Years before the date.

    Returns
    -------
    list of float or None
        Two-sided p of Student's t for one more year, adjusted by Holm's method.
    """
    from scipy.stats import t

    before, after = np.split(logs, [n_before])
    if n_before < MIN_YEARS or not after.size:
        return [None] * logs.size
    with np.errstate(divide="ignore", invalid="ignore"):
        statistics = np.nan_to_num(np.abs(after - before.mean()) / _error(before))
    adjusted = holm(2 * t.sf(statistics, n_before - 1))
    return [*[None] * n_before, *map(float, adjusted)]


def _estimate(
    usual: float, margin: float | None, level: float, sent: float, arrived: float, unit: str
) -> Estimate:
    """Return what should have arrived of what was sent, less what did."""
    value = sent * usual - arrived
    if margin is None:
        return Estimate(value, unit=unit, reason=f"fewer than {MIN_YEARS} years before the date")
    low, high = (sent * usual * float(np.exp(side * margin)) - arrived for side in (-1, 1))
    return Estimate(value, low, high, level, unit)
