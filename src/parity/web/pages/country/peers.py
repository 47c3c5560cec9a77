"""Whom a country is held against where nobody is named."""

from __future__ import annotations

from functools import cache

from parity.brief.standing import ranking
from parity.catalogue import load_table
from parity.web.tables import built

LIKES = 3


@cache
def ranked() -> dict[str, str]:
    """Return the ranked countries by rank: code to name."""
    return dict(ranking(built()).select("id", "name").iter_rows())


def leader_for(country: str) -> str:
    """Return the country that stands first, or second where that is the country itself."""
    first, second, *_ = ranked()
    return second if country == first else first


def default_peers(country: str) -> tuple[str, ...]:
    """Return the leader, and those of the country's income group that stand nearest to it."""
    if country not in ranked():
        return ()
    groups = dict(load_table("countries").select("iso3", "income_group").drop_nulls().iter_rows())
    places = {one: place for place, one in enumerate(ranked())}
    likes = [one for one in places if one != country and groups.get(one, "") == groups.get(country)]
    nearest = sorted(likes, key=lambda one: abs(places[one] - places[country]))
    return tuple(dict.fromkeys((leader_for(country), *nearest[:LIKES])))
