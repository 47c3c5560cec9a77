"""The address of the country page."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field

from parity.ask.standing import built
from parity.errors import ParityError
from parity.web.groups import code_of
from parity.web.pages.country.peers import default_peers, leader_for
from parity.web.state import State

MOST_PEERS = 5


def _ranked(text: str) -> str:
    """Return the code of a ranked country; an empty text stays."""
    try:
        return built().unit(text) if text else ""
    except ParityError as problem:
        raise ValueError(str(problem)) from None


Country = Annotated[str, Field(max_length=60), AfterValidator(code_of)]
Ranked = Annotated[str, Field(max_length=60), AfterValidator(_ranked)]


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
