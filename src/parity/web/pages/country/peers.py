"""Whom a country is held against where nobody is named."""

from __future__ import annotations

from parity.ask.cache import cached
from parity.ask.standing import built, ranking
from parity.brief.measures import BLOCS
from parity.catalogue import load_table, members

MOST, IN_BLOC = 4, 2
"""Peers in all, and of them from the bloc."""


@cached(1)
def ranked() -> dict[str, str]:
    """Return the ranked countries by rank: code to name."""
    return dict(ranking(built()).select("id", "name").iter_rows())


def leader_for(country: str) -> str:
    """Return the country that stands first, or second where that is the country itself."""
    first, second, *_ = ranked()
    return second if country == first else first


@cached(256)
def default_peers(country: str) -> tuple[str, ...]:
    """Return the leader, and those of its first bloc and of its income group that stand nearest to it."""
    if country not in ranked():
        return ()
    bloc = next((bloc for bloc in BLOCS if country in members(bloc)), None)
    income = load_table("countries").filter(iso3=country)["income_group"].item()
    found = [leader_for(country)]
    for group, most in ((bloc, IN_BLOC), (income, MOST)):
        near = _nearest(country, members(group)) if group else []
        found += [one for one in near if one not in found][: min(most, MOST - len(found))]
    return tuple(found)


def _nearest(country: str, others: list[str]) -> list[str]:
    """Return the ranked ones of some countries, those nearest by rank first."""
    places = {one: place for place, one in enumerate(ranked())}
    likes = [one for one in places if one in others and one != country]
    return sorted(likes, key=lambda one: abs(places[one] - places[country]))
