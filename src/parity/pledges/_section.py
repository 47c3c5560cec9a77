"""The pledges section of a country's brief."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from parity.catalogue import membership, none_on_record
from parity.errors import ParityError
from parity.pledges._pledge import Pledge, pledges
from parity.pledges._status import STATUSES, Ranks, Status, assess


@dataclass(frozen=True, slots=True)
class PledgesSection:
    """What a brief says about a country's pledges.

    Attributes
    ----------
    country
        ISO3 code.
    on
        Day of the statuses.
    pledges
        The country's own, then those of its blocs, by due date, each with its status.
    counts
        Number of pledges by status.
    reason
        Why there is none; empty otherwise.
    """

    country: str
    on: dt.date
    pledges: tuple[tuple[Pledge, Status], ...]
    counts: dict[str, int]
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        rows = [
            {
                "id": pledge.id,
                "by": pledge.country,
                "who": pledge.who,
                "what": pledge.what,
                "due": pledge.due.isoformat(),
                "status": status.status,
                "why": status.why,
                "source": pledge.source,
            }
            for pledge, status in self.pledges
        ]
        return {"on": self.on.isoformat(), "counts": self.counts, "pledges": rows, "reason": self.reason}


def pledges_section(country: str, on: dt.date, ranks: Ranks | None = None) -> PledgesSection:
    """Return the pledges section of a country's brief.

    Parameters
    ----------
    country
        ISO3 code.
    on
        Day of the statuses.
    ranks
        See ``assess``.
    """
    every = pledges()
    own = [pledge for pledge in every if pledge.country == country]
    blocs = sorted({pledge.country for pledge in every if len(pledge.country) != len("RUS")} | {"EU"})
    joint = [pledge for pledge in every if pledge.country in blocs and _belongs(country, pledge.country, on)]
    found = tuple((pledge, assess(pledge, on, ranks)) for pledge in (*own, *joint))
    counts = {name: sum(status.status == name for _, status in found) for name in STATUSES}
    reason = "" if found else none_on_record("dated commitment of this country", "pledges")
    return PledgesSection(country, on, found, counts, reason)


def _belongs(country: str, bloc: str, on: dt.date) -> bool:
    try:
        return country in membership(bloc, on, ("member",))["iso3"].to_list()
    except ParityError:
        return False
