"""Difference in differences with leads and lags, for one treated unit and many left alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from parity.stats import interval_ends, share_as_large
from parity.trade._synthetic import Array


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
    low, high = effect - interval_ends(strayed.T, level)[::-1]
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
