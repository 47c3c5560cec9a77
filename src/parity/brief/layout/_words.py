"""Numbers, intervals and lists in print."""

from __future__ import annotations

from collections.abc import Iterable

from parity.brief.model import GoalSection, Place
from parity.estimate import Estimate

DASH = "-"


def number(value: float | None, digits: int = 1) -> str:
    """Return a number, or a dash."""
    return DASH if value is None else f"{value:,.{digits}f}"


def points(value: float | None, digits: int = 1) -> str:
    """Return a difference with its sign, or a dash."""
    if value is None:
        return DASH
    # Rounded to nothing, a change has no sign.
    return f"{value:+.{digits}f}" if round(value, digits) else f"{0:.{digits}f}"


def change(found: Estimate, digits: int = 1) -> str:
    """Return a difference and its interval, each with its sign."""
    return DASH if found.value is None else found.text(digits, sign=True)


def whole(value: int | None) -> str:
    """Return a whole number, or a dash."""
    return DASH if value is None else str(value)


def interval(low: int | None, high: int | None) -> str:
    """Return both ends of an interval, or a dash."""
    return DASH if low is None or high is None else f"{low} to {high}"


def bracketed(low: int | None, high: int | None) -> str:
    """Return an interval in brackets after a blank; nothing without one."""
    return "" if low is None or high is None else f" ({low} to {high})"


def place(found: Place) -> str:
    """Return a rank with its interval."""
    return f"{whole(found.rank)}{bracketed(found.rank_low, found.rank_high)}"


def estimate(found: Estimate, digits: int = 1) -> str:
    """Return an estimate with its interval; one without a value by what is known of its ends."""
    return DASH if found.value is None and found.low is None else found.text(digits)


def distance(section: GoalSection) -> str:
    """Return the length of the smallest change with its interval, in yearly spreads."""
    return estimate(Estimate(section.size, section.size_low, section.size_high), 2)


def percent(share: Estimate) -> str:
    """Return a share with its interval in per cent, to two significant digits."""
    if share.value is None:
        return "an unknown share"
    low, high = ("open" if end is None else f"{100 * end:.2g}" for end in (share.low, share.high))
    return f"{100 * share.value:.2g} % ({low} to {high})"


def months(lag: Estimate, behind: str) -> str:
    """Return a lag in words; a negative one is a lead."""
    word = "behind"
    if lag.value is not None and lag.value < 0:
        low, high = (None if end is None else -end for end in (lag.high, lag.low))
        lag, word = Estimate(-lag.value, low, high, lag.level, lag.unit), "ahead of"
    return f"{estimate(lag)} months {word} {behind}"


def level(found: Estimate) -> str:
    """Return what an interval covers, in brackets after a blank; nothing without one."""
    return "" if found.level is None else f" ({found.level:.0%} interval)"


def listed(words: Iterable[str], most: int = 0) -> str:
    """Return words with commas, and how many more there are beyond the first ones."""
    every = list(words)
    shown = every[:most] if most else every
    more = f" and {len(every) - len(shown)} more" if len(shown) < len(every) else ""
    return ", ".join(shown) + more


def counted(counts: dict[str, int]) -> str:
    """Return the kinds that occur with their numbers."""
    return ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)


def thousands(value: float) -> str:
    """Return a value in its unit to four significant digits, large ones in millions."""
    if abs(value) >= 1e7:
        return f"{value / 1e6:,.4g} million" if abs(value) < 1e10 else f"{value / 1e9:,.6g} billion"
    return f"{value:,.0f}" if 1e4 <= abs(value) < 1e7 else f"{value:,.4g}"
