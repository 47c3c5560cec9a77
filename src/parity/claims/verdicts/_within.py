"""Ranks among the countries of a bloc or a region."""

from __future__ import annotations

from parity.ask.years import rank_ranges, year_known
from parity.catalogue import members
from parity.claims.model import RankClaim
from parity.errors import ParityError
from parity.estimate import Estimate

# Parts of the world that every list draws alike.
PARTS = {
    "central asia": ("KAZ", "KGZ", "TJK", "TKM", "UZB"),
    "arab world": (
        "ARE", "BHR", "COM", "DJI", "DZA", "EGY", "IRQ", "JOR", "KWT", "LBN", "LBY", "MAR", "MRT", "OMN",
        "PSE", "QAT", "SAU", "SDN", "SOM", "SYR", "TUN", "YEM",
    ),
    "south america": (
        "ARG", "BOL", "BRA", "CHL", "COL", "ECU", "GUY", "PER", "PRY", "SUR", "URY", "VEN",
    ),
    "Europe": (
        "ALB", "AND", "AUT", "BEL", "BGR", "BIH", "BLR", "CHE", "CYP", "CZE", "DEU", "DNK", "ESP", "EST",
        "FIN", "FRA",
        "GBR", "GRC", "HRV", "HUN", "IRL", "ISL", "ITA", "LIE", "LTU", "LUX", "LVA", "MCO", "MDA", "MKD",
        "MLT", "MNE",
        "NLD", "NOR", "POL", "PRT", "ROU", "SMR", "SRB", "SVK", "SVN", "SWE", "UKR", "XKX",
    ),
    "baltics": ("EST", "LTU", "LVA"),
    "nordics": ("DNK", "FIN", "ISL", "NOR", "SWE"),
}  # fmt: skip


def group(claim: RankClaim) -> tuple[str, ...]:
    """Return the countries that a rank is told within, ISO3; none where they are not on record."""
    if claim.within is None:
        return ()
    if claim.within in PARTS:
        return PARTS[claim.within]
    try:
        return tuple(members(claim.within, claim.as_of))
    except ParityError:
        # The part of the world has no table, or did not exist yet: nobody says which countries it means.
        return ()


def ranks_within(claim: RankClaim) -> dict[str, Estimate]:
    """Return the ranks in the open AI index, among the countries of the claim's group where it names one."""
    ranks = rank_ranges(year_known(claim.as_of))
    if claim.within is None:
        return ranks
    own = {iso3: ranks[iso3] for iso3 in group(claim) if iso3 in ranks}
    return {iso3: _among(mine, list(own.values())) for iso3, mine in own.items()}


def _among(mine: Estimate, everyone: list[Estimate]) -> Estimate:
    """Return a rank among a few countries, from the ranks among all.

    The interval is the widest that the intervals allow: ahead for certain is who lies wholly before, perhaps
    ahead is who reaches as far.
    """
    value, low, high = _ends(mine)
    rest = [_ends(other) for other in everyone if other is not mine]
    return Estimate(
        1.0 + sum(other < value for other, _, _ in rest),
        1.0 + sum(worst < low for _, _, worst in rest),
        1.0 + sum(best <= high for _, best, _ in rest),
        mine.level,
        mine.unit,
    )


def _ends(rank: Estimate) -> tuple[float, float, float]:
    value = rank.value or 0.0
    return value, value if rank.low is None else rank.low, value if rank.high is None else rank.high
