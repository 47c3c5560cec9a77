"""A row of the table, its seed, and what marks it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """What was simulated, what is printed, and what came out.

    Attributes
    ----------
    what, truth
        Quantity, and the truth it was simulated under.
    nominal, found
        Printed and simulated probability of an error: of a test, or that an interval misses.
    draws
        Independent simulated data sets behind it.
    note
        More about it.
    """

    what: str
    truth: str
    nominal: float
    found: float
    draws: int
    note: str = ""

    def markdown(self, part: str) -> str:
        """Return the row of a part in the table."""
        # More than a third above what is printed, and more than chance of so many data sets makes it.
        chance = 3 * np.sqrt(self.nominal * (1 - self.nominal) / self.draws)
        above = self.found > max(4 / 3 * self.nominal, self.nominal + chance)
        return (
            f"| {part} | {self.what} | {self.truth} | {100 * self.nominal:.3g} | "
            f"{100 * self.found:.1f}{' **above**' if above else ''} | {self.draws:,} | {self.note} |"
        )


def rng_of(*names: object) -> np.random.Generator:
    """Return the generator of a row: its seed is made of its names."""
    return np.random.default_rng(zlib.crc32(repr(names).encode()))


def missed(truth: Array | float, low: Array, high: Array) -> float:
    """Return the share of intervals that miss the truth."""
    return float(np.mean((truth < low) | (truth > high)))
