"""How far a run is, and how long it will take."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field

EVERY = 20.0
"""Seconds between two lines at least."""


@dataclass(slots=True)
class Progress:
    """Counts answers and says so, with an estimate of what is left.

    Attributes
    ----------
    total
        Answers of the whole run.
    tell
        Takes a line.
    clock
        Seconds.
    kept
        Answers that were there before.
    """

    total: int
    tell: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    kept: int = 0
    done: int = field(init=False)
    began: float = field(init=False)
    told: float = field(init=False)

    def __post_init__(self) -> None:
        self.done = self.kept
        self.began = self.told = self.clock()

    def count(self) -> None:
        """Count one answer; errors that are tried again are not counted twice."""
        self.done = min(self.done + 1, self.total)
        now = self.clock()
        if now - self.told < EVERY or self.done == self.total:
            return
        self.told = now
        left = (now - self.began) / (self.done - self.kept) * (self.total - self.done)
        self.tell(
            f"{self.done:,} of {self.total:,} answers after {span(now - self.began)}, {span(left)} left"
        )


running: ContextVar[Progress | None] = ContextVar("running", default=None)


def answered() -> None:
    """Count an answer of the run that is going on, if its progress is told."""
    if (progress := running.get()) is not None:
        progress.count()


def span(seconds: float) -> str:
    """Return a stretch of time in words: ``40 s``, ``12 min``, ``3.5 h``."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
