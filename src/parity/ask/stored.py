"""Results that take seconds, made once for the data in use: with the snapshot, and after an update.

Every row carries a digest of the data and the spec that made it, so that a result of other data is never
taken for one of these. What ships has more draws, and the pillars as well.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from parity.ask import frontier, intervals, years
from parity.ask.cache import progress
from parity.ask.standing import standing
from parity.catalogue import derived_table, put_derived
from parity.index import VARIANTS, builtin_spec


class Effort(NamedTuple):
    """How much goes into stored rank intervals.

    Attributes
    ----------
    draws
        Rebuilds behind the ranks of the whole index.
    base
        Base points of its sensitivity analysis: which assumption moves a country.
    pillars
        Whether pillars and sub-pillars have intervals too.
    """

    draws: int
    base: int
    pillars: bool


SHIPPED = Effort(100_000, 8_192, pillars=True)
UPDATED = Effort(intervals.DRAWS, 1_024, pillars=False)


def rank_intervals(effort: Effort) -> pl.DataFrame:
    """Return the rank intervals of the open AI index: every variant and country, perhaps every pillar."""
    parts = []
    built = [standing(years.INDEX, variant) for variant in VARIANTS]
    nodes = [
        (variant, found, code)
        for variant, found in zip(VARIANTS, built, strict=True)
        for code in _nodes(found.index.tree.codes, found.group_nodes(), effort)
    ]
    with progress(len(nodes), "Rebuilding the index") as advance:
        for variant, found, code in nodes:
            index, whole = found.index, code == found.index.tree.codes[-1]
            draws, base = (effort.draws, effort.base) if whole else (intervals.DRAWS, 0)
            places = intervals.made_places(index.spec, index.stages["raw"].table, code, draws, base)
            parts.append(
                places.with_columns(
                    index=pl.lit(index.spec.index.id),
                    variant=pl.lit(variant),
                    node=pl.lit(code),
                    level=pl.lit(intervals.LEVEL),
                    draws=pl.lit(draws),
                    digest=pl.lit(intervals.digest(index.spec)),
                )
            )
            advance(1)
    return pl.concat(parts).sort("variant", "node", "id")


def _nodes(codes: tuple[str, ...], groups: list[int], effort: Effort) -> list[str]:
    return [codes[-1], *(codes[node] for node in groups if effort.pillars)]


def rank_years(_: Effort) -> pl.DataFrame:
    """Return the ranks of the index's history as of every year, and of the open AI index as of the last."""
    history = ((years.HISTORY, year) for year in range(years.FIRST_YEAR, years.LAST_YEAR + 1))
    parts = []
    with progress(years.LAST_YEAR - years.FIRST_YEAR + 2, "Ranking as of each year") as advance:
        for index, year in (*history, (years.INDEX, years.LAST_YEAR)):
            spec = builtin_spec(index, years.VARIANT)
            parts.append(
                years.made(spec, year, years.DRAWS).with_columns(
                    index=pl.lit(index),
                    year=pl.lit(year, pl.Int32),
                    level=pl.lit(years.LEVEL),
                    draws=pl.lit(years.DRAWS),
                    digest=pl.lit(years.digest(spec, year)),
                )
            )
            advance(1)
    return pl.concat(parts).sort("index", "year", "id")


def capability_draws(_: Effort) -> pl.DataFrame:
    """Return the fit of the carried scores with its refits."""
    return frontier.fitted(frontier.carried(afresh=True)).stored()


MAKERS = {
    intervals.STORED: rank_intervals,
    years.STORED: rank_years,
    frontier.STORED: capability_draws,
}


def renew() -> list[str]:
    """Make what is lacking for the data in use, and keep it with the user's updates.

    Returns
    -------
    list of str
        Names of what was made.
    """
    lacking = [intervals.STORED] if intervals.forms() is None else []
    if years.stored_ranks(builtin_spec(years.INDEX, years.VARIANT), years.LAST_YEAR).is_empty():
        lacking.append(years.STORED)
    made = {name: MAKERS[name](UPDATED) for name in lacking}
    fit = frontier.capability().stored()  # quick where it is stored
    if fit["digest"][0] not in derived_table(frontier.STORED)["digest"]:
        made[frontier.STORED] = fit
    for name, frame in made.items():
        put_derived(name, frame)
    return list(made)
