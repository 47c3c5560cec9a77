"""What every request shares: indices prepared for intervals."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from parity.ask.standing import built

if TYPE_CHECKING:
    import polars as pl

    from parity.ask.settings import Settings
    from parity.robustness.prepared import Prepared

DRAWS = 4_000
"""Rebuilds behind intervals that follow a slider; the Monte Carlo error of an end is below a rank."""

_lock = Lock()


def intervals(variant: str, settings: Settings) -> pl.DataFrame:
    """Return ``id``, ``rank_low``, ``rank_high`` for other settings of the index.

    The variants of the data are built once for a normalisation and an aggregation; weights are then
    given anew, which takes some ten milliseconds.
    """
    from parity.ask.intervals import LEVEL, made_intervals, rank_intervals
    from parity.ask.settings import Settings, edited

    if settings == Settings():
        stored = rank_intervals(built(variant))
        if stored is not None:
            return stored
    prepared = prepared_index(variant, settings.normalise, settings.aggregate)
    if prepared.fits(settings.weights):
        return prepared.intervals(settings.weights, DRAWS, LEVEL)
    found = edited(built(variant), settings).index
    return made_intervals(found.spec, found.stages["raw"].table, found.tree.codes[-1], DRAWS)


def prepared_index(variant: str, normalise: str | None, aggregate: str | None) -> Prepared:
    """Return the variants of an index; one request builds, the others wait for it."""
    with _lock:
        return _prepared(variant, normalise, aggregate)


@lru_cache(maxsize=8)
def _prepared(variant: str, normalise: str | None, aggregate: str | None) -> Prepared:
    from parity.ask.settings import Settings, edited
    from parity.robustness.prepared import Prepared

    settings = Settings.model_validate({"normalise": normalise, "aggregate": aggregate})
    found = edited(built(variant), settings).index
    return Prepared.of(found.spec, found.stages["raw"].table)
