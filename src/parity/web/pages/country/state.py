"""The address of the country page, and whom a country is held against where nobody is named."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field

from parity.ask.cache import cached
from parity.ask.standing import built, ranking
from parity.brief.measures import BLOCS
from parity.catalogue import load_table, members
from parity.web.groups import code_of
from parity.web.state import State, named

MOST_PEERS = 5
MOST, IN_BLOC = 4, 2
"""Peers where nobody is named, and of them from the bloc."""


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


Country = Annotated[str, Field(max_length=60), AfterValidator(code_of)]
Ranked = Annotated[str, Field(max_length=60), AfterValidator(named(lambda text: built().unit(text)))]


class CountryState(State):
    """Whom the page is about, and whom it is held against.

    Attributes
    ----------
    country
        The country, ranked or not; empty where it is still to be chosen.
    peers
        Ranked countries beside it; by default the leader and its likes.
    add
        One more peer: what the field for it sends.
    against
        Whom the gap is to; by default the leader.
    rank
        Rank to reach; by default that of the brief.
    """

    country: Country = ""
    peers: Annotated[tuple[Ranked, ...], Field(max_length=MOST_PEERS)] = ()
    add: Ranked = ""
    against: Ranked = ""
    rank: int | None = Field(default=None, ge=1, le=250)

    def chosen(self) -> tuple[str, ...]:
        """Return the peers that are shown, without the country itself."""
        given = [*(self.peers or default_peers(self.country)), self.add]
        return tuple(dict.fromkeys(one for one in given if one and one != self.country))[:MOST_PEERS]

    def other(self) -> str:
        """Return whom the gap is to."""
        return self.against if self.against not in ("", self.country) else leader_for(self.country)

    def trimmed(self) -> Self:
        """Return the state without what says the same as a default."""
        peers, other = self.chosen(), self.other()
        return self.model_copy(
            update={
                "peers": () if peers == default_peers(self.country) else peers,
                "add": "",
                "against": "" if other == leader_for(self.country) else other,
            }
        )
