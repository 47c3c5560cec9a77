"""Cost of the hot paths: measured here, never in timed tests."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple


class Measurement(NamedTuple):
    """One measured cost.

    Attributes
    ----------
    name
        What was measured, with its size.
    value, unit
        The cost.
    limit
        Upper limit that the project sets itself, in the same unit; ``None`` where there is none.
    note
        What it is compared with, or how it was measured.
    """

    name: str
    value: float
    unit: str = "s"
    limit: float | None = None
    note: str = ""


def best_of(work: Callable[[], object], repeats: int = 5) -> float:
    """Return the shortest wall time of several runs, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)
