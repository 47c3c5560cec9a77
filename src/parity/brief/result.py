"""What a brief holds: the sections that the index gives, and all of them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from parity.audit import ControlSection
from parity.brief.blocs import Bloc
from parity.brief.parts import Chips, Laboratories, Missing, Models, Pledges, Since, Strategies, Ties
from parity.brief.trade import Trade
from parity.claims import PublicClaims
from parity.estimate import Estimate
from parity.robustness.goal_spread import GoalReport
from parity.robustness.parts import Gap
from parity.robustness.places import FormPlace


@dataclass(frozen=True, slots=True)
class Country:
    """The country that a brief is about.

    Attributes
    ----------
    iso3
        ISO 3166 code.
    name
        Usual English name.
    income_group, region
        Of the World Bank.
    blocs
        Blocs that it is a member of.
    """

    iso3: str
    name: str
    income_group: str | None
    region: str | None
    blocs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Place of the country in the index, a pillar or a sub-pillar.

    Attributes
    ----------
    node
        Code of the index, pillar or sub-pillar.
    title
        Title for people.
    depth
        0 the index, 1 a pillar, 2 a sub-pillar.
    share
        Share of the index's weight, 0 to 1.
    rank
        1 is best; ties share the smallest rank.
    of
        Countries ranked.
    score
        0 to 100.
    rank_low, rank_high
        Best and worst rank of the interval.
    forms
        Place by size (scale), per person or GDP (intensity) and mixed.
    """

    node: str
    title: str
    depth: int
    share: float
    rank: int | None
    of: int
    score: float | None
    rank_low: int | None
    rank_high: int | None
    forms: Mapping[str, FormPlace]


@dataclass(frozen=True, slots=True)
class Position:
    """Place overall and in every pillar.

    Attributes
    ----------
    index, variant
        Index, and its form.
    interval_level
        Probability that rank intervals cover; null without them.
    places
        The index first, each pillar before its sub-pillars.
    """

    index: str
    variant: str
    interval_level: float | None
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """Countries that the country is held against.

    Attributes
    ----------
    name
        Income group or bloc.
    size
        Ranked members besides the country itself.
    """

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class IndicatorPlace:
    """One indicator of the country, against its peers.

    Attributes
    ----------
    indicator, title, pillar
        Code, title for people, and sub-pillar.
    value, unit
        Value in its unit.
    year, source, flag
        Latest year that went in, key of its source, and whether it is observed, estimated or imputed.
    rank
        Rank of the value among all countries ranked that have one.
    score
        Normalised value, 0 to 100.
    peers
        Median normalised value of each peer group.
    """

    indicator: str
    title: str
    pillar: str
    value: float | None
    unit: str
    year: int | None
    source: str | None
    flag: str
    rank: int | None
    score: float
    peers: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Profile:
    """Strongest and weakest indicators against peers.

    Attributes
    ----------
    peers
        Peer groups; the first one orders the lists.
    strengths, weaknesses
        Furthest above, and furthest below, the first peer group's median.
    """

    peers: tuple[PeerGroup, ...]
    strengths: tuple[IndicatorPlace, ...]
    weaknesses: tuple[IndicatorPlace, ...]


@dataclass(frozen=True, slots=True)
class RoleGap:
    """The gap to another country.

    Attributes
    ----------
    role
        Leader, or next above.
    iso3, name
        The other country.
    gap
        Its score less the country's, with its parts.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"parts": ""}

    role: str
    iso3: str
    name: str
    parts: Gap


@dataclass(frozen=True, slots=True)
class Gaps:
    """Gaps to the leader and, in a full brief, to the next country above.

    Attributes
    ----------
    gaps
        None for the leader itself.
    """

    gaps: tuple[RoleGap, ...]


@dataclass(frozen=True, slots=True)
class YearPlace:
    """Place of the country as of a year.

    Attributes
    ----------
    year
        As of its end.
    rank
        Rank among the same countries.
    score
        On the latest year's scale.
    """

    year: int
    rank: int | None
    score: float | None


@dataclass(frozen=True, slots=True)
class PillarChange:
    """Change of one pillar over the years.

    Attributes
    ----------
    node, title
        Code, and title for people.
    change
        Points, latest year less first.
    rank_first, rank_last
        Rank as of the first and of the last year.
    """

    node: str
    title: str
    change: float | None
    rank_first: int | None
    rank_last: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """Change over the years on the indicators that have data for all of them.

    Attributes
    ----------
    indicators
        Indicators that go through all years.
    share
        Their share of the index's weight.
    years
        Rising.
    pillars
        Pillars that keep some of their indicators.
    """

    indicators: int
    share: float
    years: tuple[YearPlace, ...]
    pillars: tuple[PillarChange, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """How much of the score rests on cells that nobody observed.

    Attributes
    ----------
    observed, estimated, imputed, zero_filled
        Shares of the weight on observed cells, on those that the publisher estimated, on missing ones that
        are filled in, and where no record is taken as zero.
    imputed_indicators, zero_indicators
        Titles of the indicators filled in, and of those taken as zero.
    lower_bound
        Share of the weight on values that are lower bounds, 0 to 1.
    lower_bounds, trimmed
        Titles of the indicators whose value is a lower bound, and of those trimmed to what is believed.
    """

    observed: float
    estimated: float
    imputed: float
    zero_filled: float
    imputed_indicators: tuple[str, ...]
    zero_indicators: tuple[str, ...]
    lower_bound: float
    lower_bounds: tuple[str, ...]
    trimmed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DataGap:
    """Something that the data do not hold.

    Attributes
    ----------
    kind
        imputed, taken as zero, old, or no answer.
    what
        Indicator or section.
    detail
        What was done about it, or why there is no answer.
    """

    kind: str
    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class DataGaps:
    """What the data do not hold about the country.

    Attributes
    ----------
    old_before
        A value of an earlier year than this is old.
    gaps
        Indicators first, then sections without an answer.
    """

    old_before: int
    gaps: tuple[DataGap, ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source that the brief rests on.

    Attributes
    ----------
    source, title, publisher, licence, vintage
        Key, title, publisher, licence and vintage.
    indicators
        Indicators of the index that come from it.
    """

    source: str
    title: str
    publisher: str
    licence: str
    vintage: str
    indicators: int


@dataclass(frozen=True, slots=True)
class Sources:
    """Sources with their vintage.

    Attributes
    ----------
    sources
        By number of indicators.
    """

    sources: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class Sections:
    """All sections of a brief; one that the data do not allow holds the reason instead.

    Attributes
    ----------
    position, profile, gap, goal, change, since
        Where it stands, its strengths and weaknesses, the gap to others, what would change it, and what did.
    lag, laboratories, strategy
        Its models, who makes them, and its strategy.
    chips, trade, bloc, ties, control
        Hardware, trade, bloc, collaboration, information control of its models.
    pledges, claims
        What its government pledged, and what is said of it.
    evidence, data_gaps, sources
        What it rests on.
    """

    position: Position
    profile: Profile
    gap: Gaps
    goal: GoalReport | Missing
    change: Change | Missing
    since: Since
    lag: Models
    laboratories: Laboratories | Missing
    strategy: Strategies | Missing
    chips: Chips
    trade: Trade | Missing
    bloc: Bloc | Missing
    ties: Ties | Missing
    control: ControlSection | Missing
    pledges: Pledges | Missing
    claims: PublicClaims | Missing
    evidence: Evidence
    data_gaps: DataGaps
    sources: Sources


@dataclass(frozen=True, slots=True)
class Unranked:
    """What can be told of a country without a rank: the sections of that name in `Sections`."""

    lag: Models
    laboratories: Laboratories | Missing
    strategy: Strategies | Missing
    chips: Chips
    trade: Trade | Missing
    bloc: Missing
    ties: Ties | Missing
    control: ControlSection | Missing
    pledges: Pledges | Missing
    claims: PublicClaims | Missing


@dataclass(frozen=True, slots=True)
class CountryBrief:
    """A country's brief.

    Attributes
    ----------
    country
        Whom it is about.
    sections
        What it says.
    """

    country: Country
    sections: Sections


@dataclass(frozen=True, slots=True)
class Row:
    """One country beside others.

    Attributes
    ----------
    iso3, name
        The country.
    forms
        Rank by size (scale), per person or GDP (intensity) and mixed; empty where it is not ranked.
    lag, behind
        Months of its best models behind a frontier, and whose.
    hardware
        Months of the accelerators within its reach behind the world's best.
    h100e
        Known compute, H100 equivalents.
    pledges
        Number of its dated commitments by status.
    observed
        Share of the weight on observed cells, 0 to 1; null where it is not ranked.
    """

    iso3: str
    name: str
    forms: Mapping[str, FormPlace]
    lag: Estimate
    behind: str
    hardware: Estimate
    h100e: Estimate
    pledges: Mapping[str, int]
    observed: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Several countries side by side, or the members of a group.

    Attributes
    ----------
    rows
        One for each, in the order given; those of a group by rank.
    briefs
        The brief of each, where they were named one by one.
    group
        The group as one unit; null where countries were named one by one.
    """

    rows: tuple[Row, ...]
    briefs: tuple[CountryBrief, ...] = ()
    group: Bloc | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """Briefs that were written to a folder.

    Attributes
    ----------
    folder
        Where they are.
    written, kept
        Countries whose brief was made, and those whose brief of the same data was there already.
    """

    folder: str
    written: tuple[str, ...] = field(default=())
    kept: tuple[str, ...] = field(default=())
