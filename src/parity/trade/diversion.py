"""Diversion: the third countries to which exports rose beyond what was to be expected."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import numpy as np
import polars as pl

from parity.errors import NoAnswerError, ParityError
from parity.estimate import Estimate
from parity.stats import benjamini_hochberg, holm, share_as_large
from parity.trade import _placebo
from parity.trade._diversion_result import Diversion, Monthly, by_month
from parity.trade._judged import Checked, FalseDate, Judged, Weight, event_study
from parity.trade._panel import name_of, number_of
from parity.trade._placebo import Array, Tested
from parity.trade._setting import DiversionSpec, Setting, setting
from parity.trade.codes import CodeList

PER_MONTH = "USD per month"


def diversion(flows: pl.DataFrame, codes: CodeList, spec: DiversionSpec) -> Diversion:
    """Find the third countries to which exports rose beyond their counterfactual.

    Parameters
    ----------
    flows
        Table of flows: ``reporter, partner, flow, hs, period, value`` in US dollars.
    codes
        Goods that the question is about.
    spec
        The question.

    Returns
    -------
    Diversion
        Excess per month with interval and placebo p-values for every candidate; the same for
        the sanctioned country itself, where a fall is tested.

    Raises
    ------
    ParityError
        If a candidate is the sanctioned country, the reporter or one of its states.
    NoAnswerError
        If there are too few donors, or too few periods before or after the date.
    """
    _check_candidates(spec)
    placed = setting(flows, codes, spec)
    yardstick = _yardstick(placed, spec)
    judged = [_against(placed, unit, yardstick, spec) for unit in spec.candidates if placed.usable(unit)]
    if not judged:
        raise NoAnswerError(f"none of {', '.join(spec.candidates)} can be judged: {placed.dropped}")
    adjust = holm if spec.adjust == "holm" else benjamini_hochberg
    adjusted = adjust([one.p_placebo for one in judged])
    partners = sorted(
        (one.adjusted(float(p)) for one, p in zip(judged, adjusted, strict=True)),
        key=lambda one: -(one.excess.value or 0),
    )
    direct = (
        _against(placed, spec.sanctioned, yardstick, spec, fall=True)
        if placed.usable(spec.sanctioned)
        else None
    )
    return Diversion(
        spec=spec,
        codes=codes,
        sources=placed.sources,
        frequency=placed.panel.frequency,
        before=placed.panel.periods[: placed.n_before],
        after=placed.after,
        months=placed.months,
        donors=placed.donors,
        dropped=placed.dropped,
        partners=tuple(partners),
        direct=direct,
        monthly=tuple(_by_month(placed, partners, direct, spec)),
        note=placed.note,
        placebos=tuple(
            _among_donors(placed, number, yardstick, spec) for number in range(len(placed.donors))
        ),
    )


def _check_candidates(spec: DiversionSpec) -> None:
    own = {spec.sanctioned, spec.reporter, *spec.states} & set(spec.candidates)
    if own:
        raise ParityError(
            f"{', '.join(sorted(own))} cannot be judged: a third country is neither {spec.sanctioned} nor "
            f"{spec.reporter} nor one of its states"
        )


def _by_month(
    placed: Setting, partners: list[Judged], direct: Judged | None, spec: DiversionSpec
) -> Iterator[Monthly]:
    """Yield those that are judged by month, where months are known beside years."""
    if placed.months_of_years is None:
        return
    for one in (*([direct] if direct else []), *partners):
        found = by_month(
            one, placed.months_of_years, placed.panel.periods, spec.start, spec.level, fall=one is direct
        )
        if found is not None:
            yield found


class _Yardstick(NamedTuple):
    """The donors: their logs, shape (n_periods, n_donors), each put to the test, and the typical error."""

    logs: Array
    tested: list[Tested]
    typical: float


def _yardstick(placed: Setting, spec: DiversionSpec) -> _Yardstick:
    logs = placed.log(*placed.donors)
    return _Yardstick(logs, *_placebo.in_space(logs, placed.n_before, spec.ridge))


def _against(
    placed: Setting, unit: str, yardstick: _Yardstick, spec: DiversionSpec, *, fall: bool = False
) -> Judged:
    """Judge a country by the donors; a fall for the sanctioned one."""
    outcome = placed.log(unit)[:, 0]
    tested = _placebo.assess(outcome, yardstick.logs, placed.n_before, spec.ridge, yardstick.typical)
    return _judged(placed, unit, tested, yardstick, spec, fall=fall)


def _among_donors(placed: Setting, number: int, yardstick: _Yardstick, spec: DiversionSpec) -> Judged:
    """Judge a donor by the others."""
    logs = np.delete(yardstick.logs, number, axis=1)
    others = _Yardstick(logs, yardstick.tested[:number] + yardstick.tested[number + 1 :], yardstick.typical)
    return _judged(placed, placed.donors[number], yardstick.tested[number], others, spec)


def _judged(
    placed: Setting,
    unit: str,
    tested: Tested,
    yardstick: _Yardstick,
    spec: DiversionSpec,
    *,
    fall: bool = False,
) -> Judged:
    """Return excess, interval and p-values of one country; of a fall if asked."""
    n_before, sign, level = placed.n_before, -1.0 if fall else 1.0, placed.panel.column(unit)
    excess, draws = _placebo.excess(level, tested, yardstick.tested, n_before)
    statistics = np.array([placebo.statistic for placebo in yardstick.tested])

    def estimate(value: float, drawn: Array, unit_of: str) -> Estimate:
        low, high = _placebo.ends(drawn, spec.level)
        level_of = _placebo.reached(drawn.shape[0], spec.level)
        return Estimate(float(value), float(low), float(high), level_of, unit_of)

    expected = level[n_before:] - excess
    before = level[:n_before] * np.exp(-tested.gap[:n_before])
    low, high = _placebo.ends(level[n_before:] - draws, spec.level)
    drawn, reported = draws.sum(axis=1), level[n_before:].sum()
    names = [donor for donor in placed.donors if donor != unit]
    # False dates whose windows overlap share their chance: every so many stands for itself, the latest first.
    dates, window = _placebo.false_dates(n_before, len(placed.after))
    apart = tested.false[::-1][::window]
    return Judged(
        iso3=unit,
        periods=placed.panel.periods,
        excess=estimate(excess.sum() / placed.months, drawn / placed.months, PER_MONTH),
        total=estimate(excess.sum(), drawn, "USD"),
        rise=estimate(100 * excess.sum() / expected.sum(), 100 * drawn / (reported - drawn), "%"),
        p_placebo=float(share_as_large(sign * tested.statistic, sign * statistics)),
        p_time=float(share_as_large(sign * tested.mean_gap, sign * apart)),
        p_adjusted=None,
        statistic=tested.statistic,
        scale=tested.scale,
        rmspe=tested.rmspe,
        weights=tuple(Weight(names[i], float(tested.weights[i])) for i in np.argsort(-tested.weights)[:5]),
        actual=level,
        expected=np.concatenate([before, expected]),
        low=np.concatenate([np.full(n_before, np.nan), low]),
        high=np.concatenate([np.full(n_before, np.nan), high]),
        drawn=level[n_before:] - draws,
        false=tuple(
            FalseDate(placed.panel.periods[date], 100 * float(np.expm1(gap)))
            for date, gap in zip(dates, tested.false, strict=True)
        ),
        study=event_study(placed.log(unit)[:, 0], yardstick.logs, n_before, spec.level, fall=fall),
    )


# Donors as large as the median candidate; the usual floor lets smaller ones in.
LARGE_DONORS = 1.0
# Heaviest donors that are left out together.
HEAVIEST = 5


def check(answer: Diversion, flows: pl.DataFrame) -> Diversion:
    """Return an answer with its candidates judged again under other choices, and at a false date.

    Parameters
    ----------
    answer
        The answer to be checked.
    flows
        Table of flows that it came from.
    """
    checks: defaultdict[str, list[Checked]] = defaultdict(list)
    skipped = {}
    for name, spec in [("as asked", None), *_variants(answer)]:
        try:
            other = diversion(flows, answer.codes, spec) if spec else answer
        except NoAnswerError as problem:
            skipped[name] = str(problem)
            continue
        for one in other.partners:
            excess = one.excess
            ends = (excess.value, excess.low, excess.high)
            checks[one.iso3].append(Checked(name, *ends, one.p_adjusted, one.verdict))
    early = _a_year_too_early(answer)
    try:
        false = {one.iso3: one.p_adjusted for one in diversion(flows, answer.codes, early).partners}
    except NoAnswerError as problem:
        false, skipped[f"false date {early.start}"] = {}, str(problem)
    partners = (
        replace(one, checks=tuple(checks[one.iso3]), p_false_date=false.get(one.iso3))
        for one in answer.partners
    )
    return replace(answer, partners=tuple(partners), skipped=skipped)


def _variants(answer: Diversion) -> Iterator[tuple[str, DiversionSpec]]:
    spec = answer.spec
    yield "large donors only", replace(spec, donor_floor=LARGE_DONORS)
    heavy: Counter[str] = Counter()
    for one in answer.partners:
        heavy.update(dict(one.weights))
    heaviest = tuple(iso3 for iso3, _ in heavy.most_common(HEAVIEST))
    yield (
        f"without {', '.join(heaviest)}",
        replace(spec, exclude=(*spec.exclude, *heaviest)),
    )
    later = answer.before[len(answer.before) // 4]
    yield f"since {later}", replace(spec, since=later)
    if len(answer.after) > 1:
        middle = answer.after[(len(answer.after) - 1) // 2]
        yield f"until {middle}", replace(spec, until=middle)


def _a_year_too_early(answer: Diversion) -> DiversionSpec:
    """Return the question a year earlier, with nothing of the time after the true date in sight."""
    spec, last = answer.spec, answer.before[-1]
    # 29 February has no anniversary.
    early = date(spec.start.year - 1, spec.start.month, min(spec.start.day, 28))
    return replace(spec, start=early, until=name_of(number_of(last), len(last)))
