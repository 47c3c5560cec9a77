"""How many prompts a wanted difference needs, before anything is asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parity.audit.intervals import z_of
from parity.errors import NoAnswerError, ParityError

MOST_PAIRS = 1_000_000


@dataclass(frozen=True, slots=True)
class PairsNeeded:
    """Number of matched prompts for a paired comparison.

    Attributes
    ----------
    pairs
        Fewest pairs from which on the exact McNemar test keeps the wanted power.
    power
        Power reached with them.
    discordant
        Expected share of pairs that differ.
    half_width
        Half-width of the interval for the difference at that size, by the normal approximation.
    """

    pairs: int
    power: float
    discordant: float
    half_width: float


def discordant_shares(first: float, second: float, correlation: float = 0.0) -> tuple[float, float]:
    """Return the shares of pairs with the event only in the first, and only in the second.

    Parameters
    ----------
    first, second
        Rates in the two conditions.
    correlation
        Correlation of the two outcomes of a pair; 0 is the cautious choice.

    Raises
    ------
    ParityError
        If no pair of outcomes has these rates and this correlation.
    """
    for rate in (first, second):
        if not 0 <= rate <= 1:
            raise ParityError(f"a rate lies between 0 and 1, not {rate}; write 15 % as 0.15")
    both = first * second + correlation * np.sqrt(first * (1 - first) * second * (1 - second))
    up, down = first - both, second - both
    if min(up, down, both, 1 - first - second + both) < -1e-12:
        raise ParityError(f"no pairs have rates {first} and {second} with a correlation of {correlation}")
    return max(float(up), 0.0), max(float(down), 0.0)


def mcnemar_power(pairs: int, up: float, down: float, alpha: float = 0.05) -> float:
    """Return the power of the exact two-sided McNemar test, itself exact.

    Parameters
    ----------
    pairs
        Number of pairs.
    up, down
        Shares of discordant pairs in each direction.
    alpha
        Level of the test.
    """
    from scipy.stats import binom

    shares = up + down
    if shares == 0 or pairs == 0:
        return 0.0
    # Number of discordant pairs, leaving out what has next to no chance.
    low, high = binom.ppf([1e-12, 1 - 1e-12], pairs, shares).astype(int)
    discordant = np.arange(low, high + 1)
    # Largest smaller count that is still significant: P(X <= c) <= alpha / 2.
    critical = binom.ppf(alpha / 2, discordant, 0.5).astype(int)
    critical -= binom.cdf(critical, discordant, 0.5) > alpha / 2
    share_up = up / shares
    reject = binom.cdf(critical, discordant, share_up) + binom.sf(
        discordant - critical - 1, discordant, share_up
    )
    return float((binom.pmf(discordant, pairs, shares) * np.where(critical < 0, 0.0, reject)).sum())


def pairs_needed(
    first: float,
    second: float,
    *,
    power: float = 0.8,
    alpha: float = 0.05,
    correlation: float = 0.0,
    level: float = 0.95,
) -> PairsNeeded:
    """Return how many matched prompts show a difference of two rates.

    Parameters
    ----------
    first, second
        Rates expected in the two conditions, for example 0.15 and 0.05.
    power
        Chance of finding the difference.
    alpha
        Level of the test; divide it by the number of claims for Holm's first step.
    correlation
        Correlation of the outcomes of a pair.
    level
        Level of the half-width.

    Raises
    ------
    NoAnswerError
        If the rates are equal, or a million pairs are too few.
    """
    if not 0 < power < 1 or not 0 < alpha < 1:
        raise ParityError(f"power and alpha lie between 0 and 1, not {power} and {alpha}")
    up, down = discordant_shares(first, second, correlation)
    difference = abs(first - second)
    if difference == 0:
        raise NoAnswerError(
            "the two rates are equal: no number of prompts finds a difference that is not there"
        )
    low, high = 1, 8
    while mcnemar_power(high, up, down, alpha) < power:
        low, high = high, high * 2
        if high > MOST_PAIRS:
            raise NoAnswerError(f"more than {MOST_PAIRS:,} pairs would be needed")
    while low < high:
        middle = (low + high) // 2
        if mcnemar_power(middle, up, down, alpha) < power:
            low = middle + 1
        else:
            high = middle
    # Exact power saws up and down with n: step on until it stays.
    while any(mcnemar_power(low + step, up, down, alpha) < power for step in range(1, 11)):
        low += 1
    variance = (up + down - difference**2) / low
    return PairsNeeded(
        low, mcnemar_power(low, up, down, alpha), up + down, z_of(level) * float(np.sqrt(variance))
    )
