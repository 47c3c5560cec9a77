"""Transformations that pull in long tails, with the parameters that they learn from a column."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from parity.errors import ParityError
from parity.index._options import TreatOptions
from parity.stats import FloatArray


class Check(NamedTuple):
    """Outcome of the outlier test of a column."""

    passed: bool | None  # ``None`` where the test has no answer: too few values, or one value repeated
    # NaN where they are not defined.
    skewness: float
    kurtosis: float


def moments(values: FloatArray) -> tuple[float, float]:
    r"""Return skewness and excess kurtosis, both adjusted for sample size.

    .. math:: G_1 = \frac{\sqrt{n(n-1)}}{n-2}\,
              \frac{\sqrt n\,\sum (x-\bar x)^3}{(\sum (x-\bar x)^2)^{3/2}}
    .. math:: G_2 = \frac{(n-1)\,((n+1)(r-3)+6)}{(n-2)(n-3)},\qquad
              r = \frac{n\sum (x-\bar x)^4}{(\sum (x-\bar x)^2)^2}

    Joanes and Gill (1998), type 2; the definition of COINr, SAS and spreadsheets.

    ``values``: shape (n,); NaN is missing. Returns: NaN with one value repeated, or with fewer than three
    (skewness) or four (kurtosis) values.
    """
    x = values[~np.isnan(values)]
    n = len(x)
    if n < 3:
        return math.nan, math.nan
    low, high, mean = float(x.min()), float(x.max()), float(x.mean())
    # Compared as they are: the rounding error of the mean must not pass for spread.
    if low == high:
        return math.nan, math.nan
    # Both moments are free of scale; brought to at most 1, powers neither overflow nor vanish.
    deviations = (x - mean) / max(high - mean, mean - low)
    squares = deviations * deviations
    # Sums of products, not dot products: those differ with the number of threads.
    second, third = float(squares.sum()), float((squares * deviations).sum())
    skewness = math.sqrt(n) * third / second**1.5 * math.sqrt(n * (n - 1)) / (n - 2)
    if n < 4:
        return skewness, math.nan
    r = n * float((squares * squares).sum()) / second**2
    return skewness, ((n + 1) * (r - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))


def check(values: FloatArray, max_skewness: float = 2.0, max_kurtosis: float = 3.5) -> Check:
    """Test a column for outliers: it passes with a small skewness or a small kurtosis.

    ``values``: shape (n,); NaN is missing. ``max_skewness, max_kurtosis``: limits of the absolute
    skewness and of the excess kurtosis; either below its limit passes.
    """
    skewness, kurtosis = moments(values)
    passed = abs(skewness) < max_skewness or kurtosis < max_kurtosis
    unknown = not passed and (math.isnan(skewness) or math.isnan(kurtosis))
    return Check(None if unknown else passed, skewness, kurtosis)


# Added to a logarithm's argument, as a share of the range, so that the least value has one.
_LOG_MARGIN = 0.01
_POWERS = (-5.0, 5.0)


@dataclass(frozen=True, slots=True)
class Transformation:
    """One learned transformation of a column."""

    # ``none``, ``ln``, ``log10``, ``log``, ``log_negative``, ``log_shift_one``, ``log_gii``, ``boxcox`` or
    # ``asinh``.
    kind: str = "none"
    # Least and greatest value it was learned from. Where a formula has no value beyond them, a replay cuts
    # new values there.
    low: float = np.nan
    high: float = np.nan
    parameter: float = np.nan  # margin of the logarithms, power of boxcox, scale of asinh

    def __call__(self, values: FloatArray, /) -> FloatArray:
        """Return transformed values, shape (n,)."""
        return _FORMULAS[self.kind](values, self.low, self.high, self.parameter)


def _log(x: FloatArray, low: float, high: float, margin: float) -> FloatArray:
    return np.log(np.maximum(x, low) - low + margin)


def _log_negative(x: FloatArray, low: float, high: float, margin: float) -> FloatArray:
    return -np.log(high + margin - np.minimum(x, high))


def _log_gii(x: FloatArray, low: float, high: float, _: float) -> FloatArray:
    x = np.maximum(x, low) if high > 1 else np.clip(x, low, high)
    return np.log((high - 1) * (x - low) / (high - low) + 1)


def _boxcox(x: FloatArray, low: float, high: float, power: float) -> FloatArray:
    shifted = np.maximum(x, low) - low + 1
    return np.log(shifted) if power == 0 else (shifted**power - 1) / power


def _pure(
    function: Callable[[FloatArray], FloatArray],
) -> Callable[[FloatArray, float, float, float], FloatArray]:
    def of(x: FloatArray, low: float, high: float, _: float) -> FloatArray:
        return function(np.where(x > 0, x, np.nan))

    return of


LOGARITHMS: dict[str, Callable[[FloatArray], FloatArray]] = {"ln": np.log, "log10": np.log10}
"""Transformations that do not look at the other units, so that goalposts go through them."""

_FORMULAS: dict[str, Callable[[FloatArray, float, float, float], FloatArray]] = {
    "none": lambda x, low, high, _: x,
    **{name: _pure(function) for name, function in LOGARITHMS.items()},
    "log": _log,
    "log_negative": _log_negative,
    "log_shift_one": _log,
    "log_gii": _log_gii,
    "boxcox": _boxcox,
    "asinh": lambda x, low, high, scale: np.arcsinh(x / scale),
}


def learn_transformation(kind: str, values: FloatArray, options: TreatOptions) -> Transformation:
    r"""Learn a transformation from a column.

    ln and log10: the logarithm itself; log: :math:`\ln(x - \min + 0.01\,(\max - \min))`; log_plus: the same
    for a positive skew, mirrored for a negative one; log_shift_one: :math:`\ln(x - \min + 1)`; log_gii:
    :math:`\ln\big((\max - 1)(x - \min)/(\max - \min) + 1\big)`; boxcox:
    :math:`((x - \min + 1)^\lambda - 1)/\lambda`; asinh: :math:`\operatorname{asinh}(x / s)`.

    ``kind``: name as in the spec. ``values``: shape (n,); NaN is missing; not constant. ``options``:
    ``power`` for boxcox, ``scale`` for asinh.
    """
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    margin = _LOG_MARGIN * (high - low)
    match kind:
        case "log_plus":
            falls = moments(values)[0] <= 0
            return Transformation("log_negative" if falls else "log", low, high, margin)
        case "log":
            return Transformation("log", low, high, margin)
        case "log_shift_one":
            return Transformation(kind, low, high, 1.0)
        case "ln" | "log10" if low <= 0:
            raise ParityError(
                f"{kind} takes values above 0 alone, and the least is {low:g}; use log or asinh"
            )
        case "log_gii" if 1 + (high - 1) <= 0:
            raise ParityError(f"log_gii needs a greatest value above 0, not {high:g}; use log")
        case "boxcox":
            power = likeliest_power(values) if options.power == "auto" else options.power
            return Transformation(kind, low, high, power)
        case "asinh":
            scale = _typical_size(values) if options.scale == "auto" else options.scale
            return Transformation(kind, low, high, scale)
        case _:
            return Transformation(kind, low, high)


def _typical_size(values: FloatArray) -> float:
    sizes = np.abs(values[~np.isnan(values)])
    return float(np.median(sizes[sizes > 0])) if (sizes > 0).any() else 1.0


def likeliest_power(values: FloatArray) -> float:
    r"""Return the Box-Cox power of greatest profile likelihood, for :math:`y = x - \min + 1`.

    .. math:: \ell(\lambda) = (\lambda - 1)\sum \ln y - \frac n2 \ln \widehat{\mathrm{var}}(y^{(\lambda)})

    Box and Cox (1964). Searched between -5 and 5.

    ``values``: shape (n,); NaN is missing; not constant.
    """
    from scipy.optimize import minimize_scalar

    known = values[~np.isnan(values)]
    logs = np.log1p(known - known.min())

    def loss(power: float) -> float:
        # (y**p - 1) / p by way of expm1, which keeps its digits near p = 0.
        changed = logs if power == 0 else np.expm1(power * logs) / power
        variance = max(float(changed.var()), np.finfo(float).tiny)
        return float(len(logs) / 2 * np.log(variance) - (power - 1) * logs.sum())

    return float(minimize_scalar(loss, bounds=_POWERS, method="bounded", options={"xatol": 1e-10}).x)


class Winsorised(NamedTuple):
    """How a column is winsorised: values are cut at floor and cap."""

    # Infinite where that side is left alone.
    floor: float
    cap: float
    points: int  # number of values beyond them


def winsorise(
    values: FloatArray, test: Callable[[FloatArray], Check], most: float, force: bool = False
) -> Winsorised:
    """Take the outermost point to its neighbour's value until the test passes.

    High values where the skewness is positive, low ones where it is negative, judged
    anew after each point. Tied points go together, and count each.

    ``values``: shape (n,); NaN is missing. ``most``: no further point is taken once this many are;
    infinity for no limit.
    """
    known = np.sort(values[~np.isnan(values)])
    floor, cap, points = -np.inf, np.inf, 0
    while points < most:
        x = np.clip(known, floor, cap)
        found = test(x)
        if np.isnan(found.skewness) or (found.passed is not False and not force):
            break
        # The clipped values stay in order, so that the next one inwards ends a run of equal ones.
        if found.skewness >= 0:
            cap = float(x[np.searchsorted(x, x[-1], side="left") - 1])
        else:
            floor = float(x[np.searchsorted(x, x[0], side="right")])
        points = int((known > cap).sum() + (known < floor).sum())
    return Winsorised(floor, cap, points)
