"""Diversion: the third countries to which exports rose beyond what was to be expected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.errors import NoAnswerError
from parity.estimate import Estimate
from parity.trade import _placebo
from parity.trade._diversion_result import Diversion, Judged
from parity.trade._event_study import event_study
from parity.trade._panel import Frequency, Panel, of_reporter, panel, split
from parity.trade._placebo import Tested
from parity.trade._synthetic import Array
from parity.trade.codes import CodeList, select_codes
from parity.trade.spec import DiversionSpec

MIN_DONORS = 10
PER_MONTH = "USD per month"


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
    """

    panel: Panel
    n_before: int
    months: float
    donors: tuple[str, ...]
    dropped: dict[str, str]
    sources: tuple[str, ...]

    def log(self, *units: str) -> Array:
        """Return log flows of some units, shape (n_periods, n_units)."""
        return np.log(np.column_stack([self.panel.column(unit) for unit in units]))

    @property
    def after(self) -> tuple[str, ...]:
        """Periods after the date."""
        return self.panel.periods[self.n_before :]


def diversion(flows: pl.DataFrame, codes: CodeList, spec: DiversionSpec, *, vintage: str = "") -> Diversion:
    """Find the third countries to which exports rose beyond their counterfactual.

    Parameters
    ----------
    flows
        Table of flows: ``reporter, partner, flow, hs, period, value`` in US dollars.
    codes
        Goods that the question is about.
    spec
        The question.
    vintage
        Which data these are, for the answer.

    Returns
    -------
    Diversion
        Excess per month with interval and placebo p-values for every candidate; the same for
        the sanctioned country itself, where a fall is tested.

    Raises
    ------
    NoAnswerError
        If there are too few donors, or too few periods before or after the date.
    """
    placed = setting(flows, codes, spec)
    untouched = _placebo.in_space(placed.log(*placed.donors), placed.n_before, spec.ridge)
    judged = [_judge(placed, unit, untouched, spec) for unit in spec.candidates if _usable(placed, unit)]
    if not judged:
        raise NoAnswerError(f"none of {', '.join(spec.candidates)} can be judged: {placed.dropped}")
    adjusted = _placebo.adjust(np.array([one.p_placebo for one in judged]), spec.adjust)
    partners = tuple(one.adjusted(float(p)) for one, p in zip(judged, adjusted, strict=True))
    direct = (
        _judge(placed, spec.sanctioned, untouched, spec, fall=True)
        if _usable(placed, spec.sanctioned)
        else None
    )
    return Diversion(
        spec=spec,
        codes=codes,
        vintage=vintage,
        sources=placed.sources,
        frequency=placed.panel.frequency,
        before=placed.panel.periods[: placed.n_before],
        after=placed.after,
        months=placed.months,
        donors=placed.donors,
        dropped=placed.dropped,
        partners=tuple(sorted(partners, key=lambda one: -(one.excess.value or 0))),
        direct=direct,
    )


def setting(flows: pl.DataFrame, codes: CodeList, spec: DiversionSpec) -> Setting:
    """Choose months or years, cut at the date, and choose the donors.

    Months are preferred; years are used where too few countries have months.

    Raises
    ------
    NoAnswerError
        If neither gives enough donors and periods.
    """
    states = spec.states or (spec.reporter,)
    exports = flows.filter((pl.col("flow") == "export") & (pl.col("period") >= (spec.since or "")))
    rows = select_codes(of_reporter(exports, spec.reporter, states), codes)
    if rows.is_empty():
        raise NoAnswerError(
            f"no exports of {spec.reporter} of '{codes.name}' are at hand; read your own with --data FILE"
        )
    problems = []
    for frequency in ("month", "year"):
        try:
            return _setting(rows, frequency, spec)
        except NoAnswerError as problem:
            problems.append(f"by {frequency}: {problem}")
    raise NoAnswerError("; ".join(problems))


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
    return Setting(cut, n_before, months, donors, dropped, sources)


def _usable(placed: Setting, unit: str) -> bool:
    return unit in placed.panel.units and unit not in placed.dropped


def _judge(
    placed: Setting,
    unit: str,
    untouched: tuple[list[Tested], float],
    spec: DiversionSpec,
    *,
    fall: bool = False,
) -> Judged:
    """Return excess, interval and p-values of one country; of a fall for the sanctioned one."""
    n_before, sign = placed.n_before, -1.0 if fall else 1.0
    outcome = placed.log(unit)[:, 0]
    donors, (placebos, typical) = placed.log(*placed.donors), untouched
    tested = _placebo.assess(outcome, donors, n_before, spec.ridge, typical)
    level = placed.panel.column(unit)
    excess, draws = _placebo.excess(level, tested, placebos, n_before)
    statistics = np.array([placebo.statistic for placebo in placebos])
    months = placed.months

    def estimate(value: float, drawn: Array, unit_of: str) -> Estimate:
        low, high = _placebo.ends(drawn, spec.level)
        return Estimate(float(value), float(low), float(high), spec.level, unit_of)

    expected = level[n_before:] - excess
    before = level[:n_before] * np.exp(-tested.gap[:n_before])
    low, high = _placebo.ends(level[n_before:] - draws, spec.level)
    drawn = draws.sum(axis=1)
    order = np.argsort(-tested.weights)
    return Judged(
        iso3=unit,
        excess=estimate(excess.sum() / months, drawn / months, PER_MONTH),
        total=estimate(excess.sum(), drawn, "USD"),
        rise=estimate(
            100 * excess.sum() / expected.sum(), 100 * drawn / (level[n_before:].sum() - drawn), "%"
        ),
        p_placebo=_placebo.p_value(sign * tested.statistic, sign * statistics),
        p_time=_placebo.p_value(sign * tested.mean_gap, sign * tested.false),
        p_adjusted=None,
        statistic=tested.statistic,
        scale=tested.scale,
        rmspe=tested.rmspe,
        weights=tuple((placed.donors[i], float(tested.weights[i])) for i in order[:5]),
        actual=level,
        expected=np.concatenate([before, expected]),
        low=np.concatenate([np.full(n_before, np.nan), low]),
        high=np.concatenate([np.full(n_before, np.nan), high]),
        study=event_study(outcome, donors, n_before, spec.level),
    )
