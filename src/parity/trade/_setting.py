"""What a question about diversion asks, and what it is answered from: periods cut at the date, and donors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Literal

import numpy as np
import polars as pl

from parity.errors import NoAnswerError, ParityError
from parity.trade import _placebo
from parity.trade._panel import Frequency, Panel, of_reporter, panel, split
from parity.trade._placebo import Array
from parity.trade.codes import CodeList, select_codes

Adjustment = Literal["bh", "holm"]


@dataclass(frozen=True, slots=True)
class DiversionSpec:
    """A control, who reports, and whose rise is to be judged.

    Attributes
    ----------
    sanctioned
        Country that the control is on, ISO3.
    start
        First day of the control.
    reporter
        Who exports: ISO3, or EU for the Union of 27.
    candidates
        Third countries to be judged, ISO3.
    states
        Member states of the reporter; itself if empty.
    exclude
        Countries that may be neither judged nor used as donors.
    since, until
        First and last period to use: a year or a month.
    level
        Probability that an interval covers, in (0, 1).
    ridge
        Penalty on the weights, relative to the donors' variation, at least 0.
    adjust
        Several questions: bh (false discovery rate) or holm (any false alarm).
    donor_floor
        A donor trades at least this share of the median candidate.
    """

    sanctioned: str
    start: date
    reporter: str
    candidates: tuple[str, ...]
    states: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    level: float = 0.9
    ridge: float = 1.0
    adjust: Adjustment = "bh"
    donor_floor: float = 0.05

    json_keys: ClassVar[dict[str, str | None]] = {
        "start": "date",
        "adjust": "adjustment",
        **dict.fromkeys(("candidates", "states", "exclude", "ridge", "donor_floor")),
    }


MIN_DONORS = 10


@dataclass(frozen=True, slots=True)
class Setting:
    """The matrix that a question is answered from.

    Attributes
    ----------
    panel
        Flows without the period of the change.
    n_before
        Periods before the date.
    months
        Months after the date.
    donors
        Countries that stand for what would have been.
    dropped
        Country -> why it is neither judged nor a donor.
    sources
        Where the flows come from.
    months_of_years
        The same flows by month where years are judged; ``None`` where there are none.
    note
        Why years are judged though months are at hand; empty where that needs no saying.
    """

    panel: Panel
    n_before: int
    months: float
    donors: tuple[str, ...]
    dropped: dict[str, str]
    sources: tuple[str, ...]
    months_of_years: Panel | None
    note: str = ""

    def log(self, *units: str) -> Array:
        """Return log flows of some units, shape (n_periods, n_units)."""
        return np.log(np.column_stack([self.panel.column(unit) for unit in units]))

    def usable(self, unit: str) -> bool:
        """Return whether a unit is traded with in every period."""
        return unit in self.panel.units and unit not in self.dropped

    @property
    def after(self) -> tuple[str, ...]:
        """Periods after the date."""
        return self.panel.periods[self.n_before :]


def setting(flows: pl.DataFrame, codes: CodeList, spec: DiversionSpec) -> Setting:
    """Choose months or years, cut at the date, and choose the donors.

    Months are preferred; years are used where too few countries have months, or a month is missing.

    Raises
    ------
    NoAnswerError
        If neither gives enough donors and periods.
    ParityError
        If years are missing in between.
    """
    states = spec.states or (spec.reporter,)
    exports = flows.filter((pl.col("flow") == "export") & (pl.col("period") >= (spec.since or "")))
    rows = select_codes(of_reporter(exports, spec.reporter, states), codes)
    if rows.is_empty():
        raise NoAnswerError(
            f"no exports of {spec.reporter} of '{codes.name}' are at hand; read your own with --data FILE"
        )
    note = ""
    try:
        return _setting(rows, "month", spec)
    except NoAnswerError as problem:
        why = f"by month: {problem}"
    except ParityError as hole:
        why = note = f"by month: {hole}"
    try:
        return replace(_setting(rows, "year", spec), note=note)
    except ParityError as problem:
        raise type(problem)(f"{why}; by year: {problem}") from None


def _setting(rows: pl.DataFrame, frequency: Frequency, spec: DiversionSpec) -> Setting:
    cut, n_before, months = split(panel(rows, frequency), spec.start, spec.until)
    n_after = len(cut.periods) - n_before
    if n_before < _placebo.MIN_BEFORE or n_after < 1:
        raise NoAnswerError(
            f"{n_before} periods before {spec.start} and {n_after} after it; needed are "
            f"{_placebo.MIN_BEFORE} and 1"
        )
    dropped = {
        unit: "no trade in some period, so that growth is not defined"
        for unit, column in zip(cut.units, cut.values.T, strict=True)
        if (column <= 0).any()
    }
    dropped |= {unit: "not traded with at all" for unit in spec.candidates if unit not in cut.units}
    judged = [unit for unit in spec.candidates if unit not in dropped]
    sizes = [cut.column(unit)[:n_before].mean() for unit in judged]
    floor = spec.donor_floor * float(np.median(sizes)) if sizes else 0.0
    apart = {*spec.candidates, *spec.exclude, *spec.states, spec.reporter, spec.sanctioned, *dropped}
    donors = tuple(
        unit for unit in cut.units if unit not in apart and cut.column(unit)[:n_before].mean() >= floor
    )
    if len(donors) < MIN_DONORS:
        raise NoAnswerError(
            f"{len(donors)} countries can stand for what would have been; {MIN_DONORS} needed"
        )
    sources = tuple(sorted(rows["source"].unique())) if "source" in rows.columns else ()
    finer = _by_month(rows, spec) if frequency == "year" else None
    return Setting(cut, n_before, months, donors, dropped, sources, finer)


def _by_month(rows: pl.DataFrame, spec: DiversionSpec) -> Panel | None:
    try:
        found = panel(rows, "month")
    except ParityError:
        return None
    return found.keep(
        [month for month in found.periods if spec.until is None or month[: len(spec.until)] <= spec.until]
    )
