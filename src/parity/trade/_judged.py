"""One country judged: how far its imports rose beyond what was to be expected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple, Protocol

import numpy as np
import polars as pl

from parity.estimate import Estimate
from parity.stats import share_as_large
from parity.trade._placebo import Array, ends


@dataclass(frozen=True, slots=True)
class EventStudy:
    """Effects relative to the last period before the date.

    Attributes
    ----------
    lead
        Periods since the date, negative before it, shape (n_periods,).
    effect
        Log effect; 0 by construction in the last period before, shape (n_periods,).
    low, high
        Ends of the interval, shape (n_periods,).
    p_leads
        Share of the untreated whose largest lead is at least as large: small when the unit did
        not move in parallel before, and the lags should not be believed.
    mean
        Mean log effect after minus mean before.
    p_mean
        One-sided placebo p-value of a rise; of a fall where that is looked for.
    """

    lead: np.ndarray
    effect: Array
    low: Array
    high: Array
    p_leads: float
    mean: float
    p_mean: float

    json_keys: ClassVar[dict[str, str | None]] = {
        "mean": "difference",
        "p_mean": "p_difference",
        **dict.fromkeys(("lead", "effect", "low", "high")),
    }


def event_study(
    outcome: Array, controls: Array, n_before: int, level: float, *, fall: bool = False
) -> EventStudy:
    """Estimate leads and lags.

    With one treated unit and a full panel, the coefficients of unit effects, period effects and
    the unit's own period dummies are differences of differences. Standard errors clustered by
    unit are meaningless with one treated cluster; the interval comes from the same differences
    in the controls (Conley and Taber 2011, Review of Economics and Statistics 93).

    Parameters
    ----------
    outcome
        Log flow of the treated unit, shape (n_periods,).
    controls
        Log flows of the untreated, shape (n_periods, n_controls).
    n_before
        Periods before the date, at least 1.
    level
        Probability that the interval covers, in (0, 1).
    fall
        Whether a fall is looked for.
    """
    sign = -1.0 if fall else 1.0
    base = n_before - 1
    own = outcome - outcome[base]
    theirs = controls - controls[base]
    effect = own - theirs.mean(axis=1)
    strayed = _against_others(theirs)
    most, least = ends(strayed.T, level)[::-1]
    low, high = effect - most, effect - least
    largest = np.abs(strayed[:base]).max(axis=0) if base else np.zeros(controls.shape[1])
    lead = float(np.abs(effect[:base]).max()) if base else 0.0
    means = strayed[n_before:].mean(axis=0) - strayed[:n_before].mean(axis=0)
    mean = float(effect[n_before:].mean() - effect[:n_before].mean())
    return EventStudy(
        np.arange(outcome.size) - n_before,
        effect,
        low,
        high,
        float(share_as_large(lead, largest)),
        mean,
        float(share_as_large(sign * mean, sign * means)),
    )


def _against_others(series: Array) -> Array:
    """Return each column minus the mean of the other columns."""
    count = series.shape[1]
    others = (series.sum(axis=1, keepdims=True) - series) / (count - 1)
    return np.asarray(series - others)


# Adjusted p below which a rise is called clear, and below which it is called likely.
CLEAR, LIKELY = 0.05, 0.10
# Share of a rise that a false date may show by the same measure before the answer says so.
HALF = 0.5


class Weight(NamedTuple):
    """A donor of the counterfactual, and its weight, 0 to 1."""

    iso3: str
    weight: float


class FalseDate(NamedTuple):
    """First period after a false date, and the rise there in per cent: a trend of before, or chance."""

    period: str
    rise: float


@dataclass(frozen=True, slots=True)
class Checked:
    """The same question under another choice of donors or periods.

    Attributes
    ----------
    variant
        The choice.
    excess, low, high
        Exports above the counterfactual, US dollars per month, and the ends of the interval.
    p_adjusted
        Adjusted placebo p-value.
    verdict
        ``clear``, ``likely`` or ``none``.
    """

    variant: str
    excess: float | None
    low: float | None
    high: float | None
    p_adjusted: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One country.

    Attributes
    ----------
    iso3
        The country.
    periods
        Before and after the date, shape (n_periods,).
    excess
        Exports above the counterfactual, US dollars per month after the date.
    total
        The same over the whole time after the date, US dollars.
    rise
        The same, in percent of the counterfactual.
    p_placebo
        Placebo p-value in space: share of donors whose statistic is at least as large.
    p_time
        Placebo p-value in time: share of the country's own false dates with as large a gap.
    p_adjusted
        ``p_placebo`` adjusted for the number of candidates; ``None`` for the sanctioned country.
    statistic
        Mean log gap after the date in units of ``scale``.
    scale
        Error of a forecast as far ahead, from false dates; log points.
    rmspe
        Root mean squared log gap before the date.
    weights
        The five heaviest donors.
    actual, expected
        Exports and their counterfactual, US dollars, shape (n_periods,).
    low, high
        Interval of the counterfactual, NaN before the date, shape (n_periods,).
    drawn
        Draws of the counterfactual after the date, US dollars, shape (n_placebos, n_after).
    false
        First period after each false date, and the rise there in percent of the counterfactual.
    study
        Difference in differences with leads and lags.
    checks
        The same under other choices, where these were asked for.
    p_false_date
        Adjusted p a year too early; ``None`` where that was not asked for, or too few periods remain.
    """

    iso3: str
    periods: tuple[str, ...]
    excess: Estimate
    total: Estimate
    rise: Estimate
    p_placebo: float
    p_time: float
    p_adjusted: float | None
    statistic: float
    scale: float
    rmspe: float
    weights: tuple[Weight, ...]
    actual: Array
    expected: Array
    low: Array
    high: Array
    drawn: Array
    false: tuple[FalseDate, ...]
    study: EventStudy
    checks: tuple[Checked, ...] = ()
    p_false_date: float | None = None

    json_keys: ClassVar[dict[str, str | None]] = {
        "false": "false_dates",
        "study": "",
        "verdict": "verdict",
        "rose_before": "rose_before",
        "leads": "leads",
        **dict.fromkeys(
            ("periods", "statistic", "scale", "rmspe", "actual", "expected", "low", "high", "drawn")
        ),
    }

    def adjusted(self, p: float) -> Judged:
        """Return the same country with its adjusted p-value."""
        return replace(self, p_adjusted=p)

    @property
    def rose_before(self) -> bool:
        """Whether a false date before the true one gives half of the rise or more, in log points."""
        largest = max((rise for _, rise in self.false), default=0.0)
        rise = self.rise.value or 0
        return rise > 0 and bool(np.log1p(largest / 100) >= HALF * np.log1p(rise / 100))

    @property
    def leads(self) -> pl.DataFrame:
        """Event study: log effect against the last period before, by periods since the date."""
        study = self.study
        return pl.DataFrame(
            {"period": self.periods, "lead": study.lead}
            | {name: getattr(study, name) for name in ("effect", "low", "high")}
        )

    @property
    def path(self) -> pl.DataFrame:
        """Exports, their counterfactual and its interval by period, US dollars."""
        return path(self)

    @property
    def verdict(self) -> str:
        """``clear``, ``likely`` or ``none``: whether exports rose beyond what was to be expected."""
        p = self.p_placebo if self.p_adjusted is None else self.p_adjusted
        if p >= LIKELY:
            return "none"
        return "clear" if p < CLEAR and (self.excess.low or 0) > 0 else "likely"


class Path(Protocol):
    """What was reported of a country, and what was to be expected, by year or month."""

    @property
    def periods(self) -> tuple[str, ...]: ...
    @property
    def actual(self) -> Array: ...
    @property
    def expected(self) -> Array: ...
    @property
    def low(self) -> Array: ...
    @property
    def high(self) -> Array: ...


def path(one: Path) -> pl.DataFrame:
    """Return one row per period: exports, counterfactual and its interval; ``None`` where there is none."""
    columns = ("actual", "expected", "low", "high")
    rows = pl.DataFrame({"period": one.periods} | {name: getattr(one, name) for name in columns})
    return rows.with_columns(pl.col(columns).fill_nan(None))
