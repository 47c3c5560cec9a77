"""What a brief says about a country's place in the index."""

from __future__ import annotations

from pydantic import Field

from parity.brief.model._base import Section


class Place(Section):
    """Place of the country in the index, a pillar or a sub-pillar."""

    node: str = Field(description="Code of the index, pillar or sub-pillar")
    title: str = Field(description="Title for people")
    depth: int = Field(description="0 the index, 1 a pillar, 2 a sub-pillar")
    share: float = Field(description="Share of the index's weight, 0 to 1")
    rank: int | None = Field(description="1 is best; ties share the smallest rank")
    of: int = Field(description="Countries ranked")
    score: float | None = Field(description="0 to 100")
    rank_low: int | None = Field(description="Best rank of the interval")
    rank_high: int | None = Field(description="Worst rank of the interval")


class PositionSection(Section):
    """Position overall and in every pillar."""

    index: str = Field(description="Index")
    variant: str = Field(description="Variant of the index")
    interval_level: float | None = Field(
        description="Probability that rank intervals cover; null without them"
    )
    places: list[Place] = Field(description="The index first, each pillar before its sub-pillars")


class PeerGroup(Section):
    """Countries that the country is held against."""

    name: str = Field(description="Income group or bloc")
    size: int = Field(description="Ranked members besides the country itself")


class IndicatorPlace(Section):
    """One indicator of the country, against its peers."""

    indicator: str = Field(description="Code")
    title: str = Field(description="Title for people")
    pillar: str = Field(description="Sub-pillar")
    value: float | None = Field(description="Value in its unit")
    unit: str = Field(description="Unit of the value")
    year: int | None = Field(description="Latest year that went in")
    source: str | None = Field(description="Key of the source")
    flag: str = Field(description="observed, estimated, imputed or structural_zero")
    rank: int | None = Field(description="Rank of the value among all countries ranked that have one")
    score: float = Field(description="Normalised value, 0 to 100")
    peers: dict[str, float] = Field(description="Median normalised value of each peer group")


class ProfileSection(Section):
    """Strongest and weakest indicators against peers."""

    peers: list[PeerGroup] = Field(description="Peer groups; the first one orders the lists")
    strengths: list[IndicatorPlace] = Field(description="Furthest above the first peer group's median")
    weaknesses: list[IndicatorPlace] = Field(description="Furthest below the first peer group's median")


class Range(Section):
    """Ends of an interval."""

    low: float = Field(description="Lower end, points")
    high: float = Field(description="Upper end, points")


class GapPart(Section):
    """What one indicator adds to a gap."""

    indicator: str = Field(description="Code")
    title: str = Field(description="Title for people")
    contribution: float = Field(description="Points of the gap; all parts add up to it")
    low: float | None = Field(default=None, description="Lower end of its interval")
    high: float | None = Field(default=None, description="Upper end of its interval")


class Gap(Section):
    """Gap in score to another country, split over indicators."""

    role: str = Field(description="leader, or next above")
    iso3: str = Field(description="The other country")
    name: str = Field(description="Its name")
    gap: float = Field(description="Its score less the country's")
    gap_range: Range | None = Field(default=None, description="Interval of the gap over rebuilds")
    level: float = Field(default=0.9, description="Probability that intervals cover")
    reason: str = Field(default="", description="Why there are no intervals; empty otherwise")
    pillars: dict[str, float] = Field(description="Points by sub-pillar; they add up to the gap")
    pillar_ranges: dict[str, Range] = Field(default={}, description="Interval of every sub-pillar's points")
    parts: list[GapPart] = Field(description="Largest parts, by size")


class GapSection(Section):
    """Gaps to the leader and to the next country above."""

    gaps: list[Gap] = Field(description="None for the leader itself")


class EvidenceSection(Section):
    """How much of the score rests on cells that nobody observed."""

    observed: float = Field(description="Share of the weight on observed cells")
    estimated: float = Field(description="Share on cells that the publisher estimated")
    imputed: float = Field(description="Share on missing cells, filled in")
    zero_filled: float = Field(description="Share on cells where no record is taken as zero")
    imputed_indicators: list[str] = Field(description="Titles of the indicators filled in")
    zero_indicators: list[str] = Field(description="Titles of the indicators taken as zero")


class YearPlace(Section):
    """Place of the country as of a year."""

    year: int = Field(description="As of the end of this year")
    rank: int | None = Field(description="Rank among the same countries")
    score: float | None = Field(description="On the latest year's scale")


class Change(Section):
    """Change of one pillar over the years."""

    node: str = Field(description="Code")
    title: str = Field(description="Title for people")
    change: float | None = Field(description="Points, latest year less first")
    rank_first: int | None = Field(description="Rank as of the first year")
    rank_last: int | None = Field(description="Rank as of the last year")


class ChangeSection(Section):
    """Change over the years on the indicators that have data for all of them."""

    indicators: int = Field(description="Indicators that go through all years")
    share: float = Field(description="Their share of the index's weight")
    years: list[YearPlace] = Field(description="Rising")
    pillars: list[Change] = Field(description="Pillars that keep some of their indicators")


class GoalMove(Section):
    """Move of one series."""

    title: str = Field(description="Series, for people")
    unit: str = Field(description="Unit of the values")
    now: float = Field(description="Value now")
    to: float = Field(description="Value to reach")
    to_low: float | None = Field(default=None, description="Lower end of the interval of to over rebuilds")
    to_high: float | None = Field(default=None, description="Upper end")
    spreads: float = Field(description="Change, in the series' own yearly spread")


class GoalSection(Section):
    """What the smallest change would be that brings the country to a better rank."""

    rank_now: int = Field(description="Its rank")
    rank: int = Field(description="Rank to reach: the next one above its interval, or above its rank")
    size: float = Field(description="Length of the change, in yearly spreads (root of the sum of squares)")
    size_low: float | None = Field(
        default=None,
        description="Lower end of the interval of size over rebuilds; null if out of reach in all",
    )
    size_high: float | None = Field(default=None, description="Upper end")
    level: float = Field(default=0.9, description="Probability that intervals cover")
    builds: int = Field(
        default=0, description="Rebuilds in which the smallest change was sought anew, for intervals"
    )
    out_of_reach: float | None = Field(
        default=None, description="Share of those in which nothing reaches the rank, 0 to 1"
    )
    share: float | None = Field(description="Share of the index's rebuilds in which the rank is reached")
    draws: int = Field(description="Rebuilds")
    robust_size: float | None = Field(description="Length of the change that does it in half of the rebuilds")
    robust_reason: str = Field(description="Why there is none; empty otherwise")
    moves: list[GoalMove] = Field(description="The longest moves first")
    others: int = Field(description="Further series that move")


class DataGap(Section):
    """Something that the data do not hold."""

    kind: str = Field(description="imputed, taken as zero, estimated by the publisher, old, or no answer")
    what: str = Field(description="Indicator or section")
    detail: str = Field(description="What was done about it, or why there is no answer")


class DataGapsSection(Section):
    """What the data do not hold about the country."""

    old_before: int = Field(description="A value of an earlier year than this is old")
    gaps: list[DataGap] = Field(description="Indicators first, then sections without an answer")
