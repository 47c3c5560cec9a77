"""The answer to a question about diversion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

import numpy as np
import polars as pl

from parity.estimate import Estimate
from parity.trade import _placebo
from parity.trade._judged import Judged, path
from parity.trade._panel import Panel, months_after
from parity.trade._placebo import Array
from parity.trade._setting import DiversionSpec
from parity.trade.codes import CodeList, closed, money

# Years from which the usual course of a year is taken.
MIN_YEARS = 2
# Months in a row outside of the interval that are a departure; one alone is to be expected.
RUN = 3


@dataclass(frozen=True, slots=True)
class Monthly:
    """One country by month.

    Attributes
    ----------
    iso3
        The country.
    periods
        Consecutive months, shape (n_months,).
    actual
        Exports, US dollars, shape (n_months,).
    expected, low, high
        Counterfactual and its interval; NaN where there is none (no interval before the date, nothing
        in years without donors), shape (n_months,).
    since
        First of at least three months in a row, after the date, beyond the interval: above it, or
        below it for the sanctioned country; ``None`` where there are none.
    """

    iso3: str
    periods: tuple[str, ...]
    actual: Array
    expected: Array
    low: Array
    high: Array
    since: str | None

    json_keys: ClassVar[dict[str, str | None]] = {
        "path": "months",
        **dict.fromkeys(("periods", "actual", "expected", "low", "high")),
    }

    @property
    def path(self) -> pl.DataFrame:
        """Exports, their counterfactual and its interval by month, US dollars."""
        return path(self)


def by_month(
    one: Judged, months: Panel, years: tuple[str, ...], start: date, level: float, *, fall: bool = False
) -> Monthly | None:
    """Spread a counterfactual by year over months.

    Each draw of a year's counterfactual is multiplied by each deviation of a month from its usual
    share in the years before; the ends are order statistics of all these products.

    Parameters
    ----------
    one
        The country by year.
    months
        Flows by month.
    years
        Years that ``one`` is known for, shape (n_periods,).
    start
        Date of the control.
    level
        Probability that the interval covers.
    fall
        Whether a fall is looked for.

    Returns
    -------
    Monthly or None
        ``None`` where fewer than ``MIN_YEARS`` years before are known by month.
    """
    if one.iso3 not in months.units:
        return None
    known = dict(zip(months.periods, months.column(one.iso3), strict=True))
    n_before = len(years) - one.drawn.shape[1]
    before = np.array([flows for year in years[:n_before] if (flows := _year(known, year)) is not None])
    if len(before) < MIN_YEARS:
        return None
    shares = before / before.sum(axis=1, keepdims=True)
    usual = shares.mean(axis=0)
    # A mean follows the years that it is made of more closely than one more year.
    deviation = np.exp(np.log(shares / usual) * np.sqrt(len(before) / (len(before) - 1)))
    bands = [_placebo.ends(np.outer(drawn, deviation).ravel(), level) for drawn in one.drawn.T]
    ends = dict(zip(years[n_before:], bands, strict=True))
    yearly = dict(zip(years, one.expected, strict=True))
    nothing = (np.nan, np.nan)
    lines = np.array(
        [
            usual[int(month[5:]) - 1]
            * np.array([yearly.get(month[:4], np.nan), *ends.get(month[:4], nothing)])
            for month in months.periods
        ]
    ).T
    actual = months.column(one.iso3)
    beyond = actual < lines[1] if fall else actual > lines[2]
    # A month that the date merely touches is neither before nor after.
    after = np.array([months_after(month, start) >= 0.5 for month in months.periods])
    expected, low, high = lines
    since = _since(months.periods, beyond & after)
    return Monthly(one.iso3, months.periods, actual, expected, low, high, since)


def _year(known: dict[str, float], year: str) -> list[float] | None:
    """Return the twelve months of a year, or ``None`` if one is missing or without trade."""
    flows = [known.get(f"{year}-{month:02d}", 0.0) for month in range(1, 13)]
    return flows if min(flows) > 0 else None


def _since(periods: tuple[str, ...], beyond: np.ndarray) -> str | None:
    for first in range(len(periods) - RUN + 1):
        if beyond[first : first + RUN].all():
            return periods[first]
    return None


# p below which direct exports are said to have fallen.
DIRECT = 0.05


@dataclass(frozen=True, slots=True)
class Placebo:
    """A donor, judged by the others.

    Attributes
    ----------
    iso3
        Donor.
    excess
        Exports beyond its counterfactual, per month.
    rise
        The same in per cent of the counterfactual.
    rank
        Place among the donors by the statistic, 1 for the largest rise.
    """

    iso3: str
    excess: Estimate
    rise: Estimate
    rank: int


@dataclass(frozen=True, slots=True)
class Diversion:
    """Which third countries exports rose to, beyond what was to be expected.

    Attributes
    ----------
    spec, codes
        The question and its goods.
    sources
        Where the flows come from.
    frequency
        ``month`` or ``year``.
    before, after
        Periods before and after the date; the period of the change is in neither.
    months
        Months after the date.
    donors
        Countries that stand for what would have been.
    dropped
        Country -> why it is neither judged nor a donor.
    partners
        Candidates, largest excess first.
    direct
        The sanctioned country itself, tested for a fall; ``None`` where it cannot be.
    placebos
        The donors, each judged by the others: what "nothing happened" looks like. Their p-values are
        evenly spread by construction, and no verdict follows from one.
    monthly
        Those that are judged, by month, where years are judged and months are known: the sanctioned
        country first.
    note
        Why years are judged though months are at hand; empty where that needs no saying.
    skipped
        Choice of `parity.trade.check` -> why it has no answer.
    """

    spec: DiversionSpec
    codes: CodeList
    sources: tuple[str, ...]
    frequency: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    months: float
    donors: tuple[str, ...]
    dropped: dict[str, str]
    partners: tuple[Judged, ...]
    direct: Judged | None
    placebos: tuple[Judged, ...]
    monthly: tuple[Monthly, ...]
    note: str = ""
    skipped: Mapping[str, str] = field(default_factory=dict)

    json_keys: ClassVar[dict[str, str | None]] = {
        "spec": "",
        "codes": "",
        "sources": None,
        "before": None,
        "first_and_last_before": "before",
        "after": None,
        "first_and_last_after": "after",
        "months": None,
        "donors": None,
        "count_of_donors": "donors",
        "dropped": None,
        "not_judged": "dropped",
        "placebos": None,
        "ranked": "placebos",
        "smallest_p": "smallest_p",
        "verdict": "verdict",
    }

    @property
    def first_and_last_before(self) -> tuple[str, str]:
        """First and last period before."""
        return self.before[0], self.before[-1]

    @property
    def first_and_last_after(self) -> tuple[str, str]:
        """First and last period after."""
        return self.after[0], self.after[-1]

    @property
    def count_of_donors(self) -> int:
        """Countries that stand for what would have been."""
        return len(self.donors)

    @property
    def not_judged(self) -> dict[str, str]:
        """Candidates that could not be judged, with the reason."""
        return {iso3: why for iso3, why in self.dropped.items() if iso3 in self.spec.candidates}

    @property
    def ranked(self) -> tuple[Placebo, ...]:
        """The donors, the largest rise first: what chance looks like; nothing is found by these."""
        ordered = sorted(self.placebos, key=lambda one: -one.statistic)
        return tuple(Placebo(one.iso3, one.excess, one.rise, n) for n, one in enumerate(ordered, start=1))

    @property
    def smallest_p(self) -> float:
        """Smallest p-value that this many donors can give."""
        return 1 / (len(self.donors) + 1)

    def why_not(self, iso3: str) -> str:
        """Return why a country is neither judged nor a donor."""
        if iso3 in self.dropped:
            return self.dropped[iso3]
        if iso3 in self.spec.exclude:
            return "kept out of the comparison: under one roof with the sanctioned country, or at war"
        return "too little is traded with it, or nothing is reported"

    def found(self, verdict: str = "clear") -> tuple[str, ...]:
        """Return the countries with a verdict."""
        return tuple(one.iso3 for one in self.partners if one.verdict == verdict)

    @property
    def verdict(self) -> str:
        """What was found in plain language, how sure it is, and what it cannot mean."""
        spec = self.spec
        lines = [] if self.direct is None else [_direct(self.direct)]
        for verdict, surely in (("clear", "clearly"), ("likely", "probably")):
            lines += [
                f"Exports of {spec.reporter} to {one.iso3} {surely} rose beyond what was to be "
                f"expected: {_of(one)}."
                for one in self.partners
                if one.verdict == verdict
            ]
        lines += [_before(one) for one in self.partners if one.verdict != "none" and one.rose_before]
        if quiet := self.found("none"):
            lines.append(f"No rise beyond chance is seen for {', '.join(quiet)}.")
        if self.monthly:
            known = ", ".join(f"{one.iso3} since {one.since}" for one in self.monthly if one.since) or "none"
            lines.append(f"By month, beyond the interval for three months or more after the date: {known}.")
        if self.note:
            lines.append(f"Whole years are judged, not months; {self.note}.")
        lines.append(
            f"Judged against {len(self.donors)} other destinations; with so many the smallest possible p is "
            f"{self.smallest_p:.3f}, and p is adjusted for {len(self.partners)} questions ({spec.adjust})."
        )
        return closed(lines, self.codes)


def _direct(one: Judged) -> str:
    fell = one.p_placebo < DIRECT
    return (
        f"Direct exports to {one.iso3} {'fell' if fell else 'did not fall beyond chance'}: "
        f"{one.rise.text(0)} % against the counterfactual (p {one.p_placebo:.3f})."
    )


def _before(one: Judged) -> str:
    """Return what false dates show of a country that was rising before."""
    rises = ", ".join(f"{rise:+.0f} % from {period}" for period, rise in one.false)
    return f"{one.iso3} was rising before: false dates give {rises}; part of its rise may be that trend."


def _of(one: Judged) -> str:
    low, value, high = (money(end or 0) for end in (one.excess.low, one.excess.value, one.excess.high))
    level = 100 * (one.excess.level or 0)
    return (
        f"{value} a month ({low} to {high}, {level:.0f} % interval), {one.rise.value:+.0f} %, "
        f"adjusted p {one.p_adjusted:.3f}"
    )
