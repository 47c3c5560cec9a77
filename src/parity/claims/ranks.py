"""Ranks in the open AI index with their range over its variants."""

from __future__ import annotations

from functools import cache

from parity.claims.verdicts import _sources as sources
from parity.estimate import Estimate


@cache
def rank_ranges(year: int) -> dict[str, Estimate]:
    """Return every country's rank as of a year.

    Parameters
    ----------
    year
        As of its end; later years than the index's last one give that.

    Returns
    -------
    dict of str to Estimate
        ISO3 -> rank in the variant ``both``, low and high over all variants.
    """
    built = [
        sources.index(variant, year if year < sources.LAST_YEAR else None) for variant in sources.VARIANTS
    ]
    found = {}
    for unit in built[0].units:
        ranks = [
            int(index.ranks[index.row(unit), index.tree.n_nodes - 1])
            for index in built
            if unit in index.units
        ]
        found[str(unit)] = Estimate(float(ranks[0]), float(min(ranks)), float(max(ranks)), None, "rank")
    return found
