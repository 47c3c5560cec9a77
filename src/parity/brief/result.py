"""What a brief holds, section by section: results of other questions, and what is made for it alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from parity.claims import PublicClaims
from parity.estimate import Estimate
from parity.frontier import Lag, ParameterLag
from parity.robustness.goal_spread import GoalReport
from parity.robustness.parts import Gap
from parity.robustness.places import FormPlace


@dataclass(frozen=True, slots=True)
class Missing:
    """Stands in place of a section that the data do not allow, or that was not asked for.

    Attributes
    ----------
    reason
        Why it is not there.
    """

    reason: str


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
class OtherLag:
    """Lag behind another frontier.

    Attributes
    ----------
    behind, name
        Whose frontier: code, and name.
    standing
        Months; negative where the country leads.
    """

    behind: str
    name: str
    standing: Estimate


@dataclass(frozen=True, slots=True)
class Models:
    """How many months the country's best models trail another frontier.

    Attributes
    ----------
    behind
        The frontier that it is held against.
    on
        Day; null without a lag.
    standing
        Months since the other had what the country has now.
    mean
        Mean of the standing lag over the window.
    since
        First day of the window.
    of_model, behind_model
        Model that sets the country's level, and the one of the other that first had it.
    others
        Lag behind every leading frontier, the highest first.
    parameters
        Lag by parameter, in a full brief.
    earlier
        Standing lag a year before the data.
    measured
        The lag itself, for figures.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"measured": None}

    behind: str
    on: dt.date | None
    standing: Estimate
    mean: Estimate | None = None
    since: dt.date | None = None
    of_model: str | None = None
    behind_model: str | None = None
    others: tuple[OtherLag, ...] = ()
    parameters: tuple[ParameterLag, ...] | None = None
    earlier: Estimate | None = None
    measured: Lag | None = None


@dataclass(frozen=True, slots=True)
class Laboratory:
    """A developer of the country.

    Attributes
    ----------
    developer
        Its name.
    models
        Models of its own on record, those that start from foreign weights left out.
    newest, released
        The newest of them, and its day.
    """

    developer: str
    models: int
    newest: str
    released: dt.date


@dataclass(frozen=True, slots=True)
class Laboratories:
    """Who makes the country's models.

    Attributes
    ----------
    developers
        Those with the newest models of their own first.
    known_to
        Until when its models are known.
    missing
        What is known to be missing.
    """

    developers: tuple[Laboratory, ...]
    known_to: dt.date | None
    missing: str


@dataclass(frozen=True, slots=True)
class Event:
    """A rule, letter or guidance on exports.

    Attributes
    ----------
    day
        Day on which it took effect.
    instrument
        What it is.
    citation
        Where it is published.
    """

    day: dt.date
    instrument: str
    citation: str


@dataclass(frozen=True, slots=True)
class ReachMonth:
    """What could be had in a month.

    Attributes
    ----------
    month
        Its last day.
    level, level_high
        Total processing performance of the best that can be had for certain without anybody's decision, and
        if all that is open falls the country's way; null for none.
    world
        That of the world's best.
    lag
        Months since the world had that level.
    """

    month: dt.date
    level: float | None
    level_high: float | None
    world: float | None
    lag: Estimate


@dataclass(frozen=True, slots=True)
class ComputeDay:
    """Known compute on a day.

    Attributes
    ----------
    on
        Day.
    h100e
        H100 equivalents.
    """

    on: dt.date
    h100e: Estimate


@dataclass(frozen=True, slots=True)
class Chips:
    """What accelerators the country can lawfully reach, and what it is known to have installed.

    Attributes
    ----------
    on
        Day of the rules.
    groups
        Country groups of the US rules that it is in.
    best
        Best accelerator by terms; null for none.
    world
        Best accelerator in the world.
    lag
        Months since the world had the level that is within reach.
    h100e
        Known installed compute, H100 equivalents.
    share
        Known clusters over the published total of the world, 0 to 1: the least that the share can be.
    compute_on, compute_note
        Day of the installed compute, and what is counted.
    published
        What others publish of its compute: measure, day, value, unit, publisher, how it is known.
    events
        Latest events, the oldest first.
    months
        Hardware within reach, month by month.
    compute
        Known compute at the end of every year.
    """

    on: dt.date
    groups: tuple[str, ...]
    best: Mapping[str, str | None]
    world: str | None
    lag: Estimate
    h100e: Estimate
    share: Estimate
    compute_on: dt.date
    compute_note: str
    published: tuple[Mapping[str, str | float | None], ...]
    events: tuple[Event, ...]
    months: tuple[ReachMonth, ...]
    compute: tuple[ComputeDay, ...]


@dataclass(frozen=True, slots=True)
class TradeLine:
    """One number about the country's trade.

    Attributes
    ----------
    what, period
        What is measured, and the years that it is about.
    value
        The number.
    detail
        What it is held against, and how sure it is.
    command
        Command that reproduces it.
    sources
        Keys of the sources.
    """

    what: str
    period: str
    value: Estimate
    detail: str
    command: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """Trade of a year, as its reporter declares it.

    Attributes
    ----------
    what
        Which trade.
    year
        Calendar year; one that is not over is left out.
    value
        US dollars.
    """

    what: str
    year: int
    value: float


@dataclass(frozen=True, slots=True)
class Trade:
    """What the carried data say about the country's trade.

    Attributes
    ----------
    lines
        Numbers; what the data do not hold is left out.
    caveats
        What none of them can show.
    flows
        Declared trade by year.
    """

    lines: tuple[TradeLine, ...]
    caveats: tuple[str, ...]
    flows: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class BlocMember:
    """What one member brings.

    Attributes
    ----------
    iso3
        Country.
    brings
        Points of the bloc's score: Shapley value.
    """

    iso3: str
    brings: Estimate


@dataclass(frozen=True, slots=True)
class Bloc:
    """A bloc as one unit, and what the country brings.

    Attributes
    ----------
    bloc
        Bloc.
    members
        Members with data.
    rank, rank_low, rank_high
        Rank of the bloc as one unit among the countries outside it, and its interval.
    score
        Score of the bloc.
    covered
        Share of the score's weight on members with data.
    brings
        Points that the country brings (Shapley value); of a group's own brief unknown.
    place
        Its place among the members by that value.
    leaving
        Change in the bloc's score if it left.
    draws
        Rebuilds of the index behind the intervals.
    largest
        Members by what they bring, the largest first.
    """

    bloc: str
    members: tuple[str, ...]
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    score: Estimate
    covered: float
    brings: Estimate
    place: int | None
    leaving: Estimate
    draws: int
    largest: tuple[BlocMember, ...]


@dataclass(frozen=True, slots=True)
class Partner:
    """A country that the country works with.

    Attributes
    ----------
    iso3
        Country.
    share
        Its share of the country's collaboration in the latest four quarters, 0 to 1.
    affinity, low, high
        Observed over expected collaboration, latest four quarters, and its interval in a full brief.
    earlier
        Affinity in the first four quarters.
    by_quarter
        Affinity in every quarter, by its name.
    kind, period, until
        Change that a test finds (step or slope), its first quarter, first quarter of the new level; null
        where none is found or none was looked for.
    change, change_low, change_high
        Change of affinity there, in per cent, and its interval.
    q
        False discovery rate of the change among all partners.
    doubt
        Accounts that stand elsewhere: then no change is told.
    """

    iso3: str
    share: float
    affinity: float | None
    low: float | None
    high: float | None
    earlier: float | None
    by_quarter: Mapping[str, float | None]
    kind: str | None = None
    period: str | None = None
    until: str | None = None
    change: float | None = None
    change_low: float | None = None
    change_high: float | None = None
    q: float | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Ties:
    """With whom the country works.

    Attributes
    ----------
    first, last
        First and last quarter of the series.
    partners
        Largest partners in collaboration on GitHub.
    tested
        Whether changes were looked for: in a full brief.
    """

    first: str
    last: str
    partners: tuple[Partner, ...]
    tested: bool


@dataclass(frozen=True, slots=True)
class Control:
    """How the models of the country's developers treat its own government.

    Attributes
    ----------
    government
        Government in the labels that is theirs.
    sentence
        The finding in one sentence.
    rate
        Share of sensitive prompts withheld; the ends are the models' range.
    selective, clear, undecided
        Models that withhold more on their own government; that show no difference above the margin; that
        cannot be told.
    basis
        Prompt set, judge and options behind it.
    """

    government: str
    sentence: str
    rate: Estimate
    selective: int
    clear: int
    undecided: int
    basis: str


@dataclass(frozen=True, slots=True)
class PledgeLine:
    """A dated commitment of the country or of a bloc that it is in.

    Attributes
    ----------
    id, by, who, what
        Name, country or bloc that it binds, who has to act, what is to be done.
    made, due
        Day on which it was made, and its last day.
    status, why
        pending, due soon, met, late, partly, missed or unknown, and what that rests on.
    measured
        The measured number, where Parity measures it.
    target, unit
        Number pledged, where there is one.
    source
        Page that states it.
    """

    id: str
    by: str
    who: str
    what: str
    made: dt.date
    due: dt.date
    status: str
    why: str
    measured: Estimate | None
    target: float | None
    unit: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Pledges:
    """Dated commitments, and how they stand.

    Attributes
    ----------
    on
        Day of the statuses.
    counts
        Number by status; none are left out.
    pledges
        The country's own, then those of its blocs, by due date.
    """

    on: dt.date
    counts: Mapping[str, int]
    pledges: tuple[PledgeLine, ...]


@dataclass(frozen=True, slots=True)
class Strategy:
    """A national strategy on AI.

    Attributes
    ----------
    title
        Its name in English.
    published, precision
        When it was published, and what is known of that date.
    verified
        Whether its page was read; otherwise it rests on general knowledge.
    source
        Page that states it.
    """

    title: str
    published: dt.date | None
    precision: str | None
    verified: bool
    source: str | None


@dataclass(frozen=True, slots=True)
class Strategies:
    """National strategies on AI.

    Attributes
    ----------
    strategies
        The newest last; none where somebody looked and found none.
    note
        What was found instead.
    """

    strategies: tuple[Strategy, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Moved:
    """Something that has changed since a day, and what kind of cause that is.

    Attributes
    ----------
    cause
        data, rule, model, method, or pledge.
    what
        What changed.
    why
        What it rests on.
    day
        When; null where that is a span.
    """

    cause: str
    what: str
    why: str
    day: dt.date | None = None


@dataclass(frozen=True, slots=True)
class YearRank:
    """Rank of the country in an edition of the index.

    Attributes
    ----------
    year
        Built on the data up to the end of this year.
    rank
        Rank with its 90 % interval over rebuilds of the index.
    """

    year: int
    rank: Estimate


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A model that came out.

    Attributes
    ----------
    name, developer, released
        Model, who made it, and its day.
    base
        Foreign or older weights that it starts from; null for none known.
    """

    name: str
    developer: str
    released: dt.date
    base: str | None


@dataclass(frozen=True, slots=True)
class Since:
    """What has changed since a day.

    Attributes
    ----------
    since, until
        First day looked at, and day of the data.
    ranks
        Editions of the index, rising.
    lag_then, lag_now, lag_now_on
        Standing lag on the first day, and now; null without a lag.
    models
        Models that came out, by date.
    rules
        Export controls that took effect and concern the country.
    pledges
        Pledges that fell due.
    moved
        What moved its numbers, by cause.
    """

    since: dt.date
    until: dt.date
    ranks: tuple[YearRank, ...]
    lag_then: Estimate | None
    lag_now: Estimate | None
    lag_now_on: dt.date | None
    models: tuple[ModelLine, ...]
    rules: tuple[Event, ...]
    pledges: tuple[PledgeLine, ...]
    moved: tuple[Moved, ...]


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
    """

    observed: float
    estimated: float
    imputed: float
    zero_filled: float
    imputed_indicators: tuple[str, ...]
    zero_indicators: tuple[str, ...]


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
    control: Control | Missing
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
    control: Control | Missing
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
