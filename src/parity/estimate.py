"""The one type for a number with its uncertainty."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number, the interval around it, and what it is counted in.

    Attributes
    ----------
    value
        Point estimate; ``None`` where it is unknown.
    low, high
        Ends of the interval; ``None`` where that side is unknown or open.
    level
        Probability that the interval covers, in (0, 1); ``None`` without an interval.
    unit
        Unit of value, low and high, for example ``"months"``.
    reason
        Why ``value`` or an end is ``None``; empty otherwise.

    Raises
    ------
    ValueError
        If an end lies on the wrong side of the other, or a number is NaN
        (unknown is ``None`` with a reason, never NaN).
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    unit: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        numbers = (self.value, self.low, self.high)
        if any(number is not None and math.isnan(number) for number in numbers):
            raise ValueError("an unknown number is None with a reason, not NaN")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"the interval is upside down: {self.low} > {self.high}")
        if self.level is not None and not 0 < self.level < 1:
            raise ValueError(f"level must lie between 0 and 1, not {self.level}")

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form: value, low, high, level, unit, and a reason where one is needed."""
        body: dict[str, Any] = {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "level": self.level,
            "unit": self.unit,
        }
        return body | ({"reason": self.reason} if self.reason else {})

    def text(self, digits: int = 1, *, sign: bool = False) -> str:
        """Return the printed form, for example ``7.0 (4.1 to 13.9)``.

        Parameters
        ----------
        digits
            Digits after the decimal point; thousands have commas.
        sign
            Whether every number shows its sign, as a difference does.
        """

        def number(value: float | None) -> str:
            if value is None:
                return "open"
            # Rounded to nothing, a number has no sign.
            return f"{value:{'+' if sign and round(value, digits) else 'z'},.{digits}f}"

        if self.value is None:
            if self.low is not None and self.high is None:
                return f"at least {number(self.low)}"
            return f"unknown ({self.reason})" if self.reason else "unknown"
        if self.low is None and self.high is None:
            return number(self.value)
        value, low, high = number(self.value), number(self.low), number(self.high)
        return value if value == low == high else f"{value} ({low} to {high})"


_POWERS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_MOST_PLAIN, _LEAST_PLAIN = 1e13, 1e-4


def rounded(value: float, figures: int = 3) -> str:
    """Return a number with so many figures for people: ``109,500,000,000``, ``2.5×10²⁵``, ``<0.0001``.

    Parameters
    ----------
    value
        Finite.
    figures
        Significant figures.
    """
    if value == 0:
        return "0"
    if abs(value) < _LEAST_PLAIN:
        return f"<{_LEAST_PLAIN}" if value > 0 else f"-{_LEAST_PLAIN} to 0"
    power = math.floor(math.log10(abs(value)))
    if abs(value) >= _MOST_PLAIN:
        return f"{value / 10**power:.{figures}g}×10{str(power).translate(_POWERS)}"
    digits = figures - 1 - power
    text = f"{round(value, digits):,.{max(0, digits)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
