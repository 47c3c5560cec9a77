"""One country judged: how far its imports rose beyond what was to be expected."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from parity.estimate import Estimate
from parity.trade._event_study import EventStudy
from parity.trade._synthetic import Array

# Adjusted p below which a rise is called clear, and below which it is called likely.
CLEAR, LIKELY = 0.05, 0.10
# Share of a rise that a false date may show by the same measure before the answer says so.
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Judged:
    """One country.

    Attributes
    ----------
    iso3
        The country.
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
    """

    iso3: str
    excess: Estimate
    total: Estimate
    rise: Estimate
    p_placebo: float
    p_time: float
    p_adjusted: float | None
    statistic: float
    scale: float
    rmspe: float
    weights: tuple[tuple[str, float], ...]
    actual: Array
    expected: Array
    low: Array
    high: Array
    drawn: Array
    false: tuple[tuple[str, float], ...]
    study: EventStudy

    def adjusted(self, p: float) -> Judged:
        """Return the same country with its adjusted p-value."""
        return replace(self, p_adjusted=p)

    @property
    def rose_before(self) -> bool:
        """Whether a false date before the true one gives half of the rise or more, in log points."""
        largest = max((rise for _, rise in self.false), default=0.0)
        return (self.rise.value or 0) > 0 and np.log1p(largest / 100) >= HALF * np.log1p(
            (self.rise.value or 0) / 100
        )

    @property
    def verdict(self) -> str:
        """``clear``, ``likely`` or ``none``: whether exports rose beyond what was to be expected."""
        p = self.p_placebo if self.p_adjusted is None else self.p_adjusted
        if p >= LIKELY:
            return "none"
        return "clear" if p < CLEAR and (self.excess.low or 0) > 0 else "likely"
