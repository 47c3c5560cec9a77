"""What a brief says, section by section; the same objects are printed and written as JSON."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from parity.estimate import Estimate


class Section(BaseModel):
    """Base of all parts of a brief."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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


class GapPart(Section):
    """What one indicator adds to a gap."""

    indicator: str = Field(description="Code")
    title: str = Field(description="Title for people")
    contribution: float = Field(description="Points of the gap; all parts add up to it")


class Gap(Section):
    """Gap in score to another country, split over indicators."""

    role: str = Field(description="leader, or next above")
    iso3: str = Field(description="The other country")
    name: str = Field(description="Its name")
    gap: float = Field(description="Its score less the country's")
    pillars: dict[str, float] = Field(description="Points by sub-pillar; they add up to the gap")
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


class ParameterLine(Section):
    """Lag in one parameter."""

    name: str = Field(description="Parameter: capability overall or in a domain, compute, hardware ...")
    lag: Estimate = Field(description="Months; negative where the country leads")
    lower_bound: bool = Field(description="Only known to be at least so large")
    detail: str = Field(description="What stands against what")


class FrontierSection(Section):
    """How many months the country's best models trail another frontier."""

    behind: str = Field(description="The frontier that it is held against")
    on: date | None = Field(description="Day; null without a lag")
    standing: Estimate = Field(description="Months since the other had what the country has now")
    mean: Estimate | None = Field(description="Mean of the standing lag over the window")
    since: date | None = Field(description="First day of the window")
    of_model: str | None = Field(description="Model that sets the country's level")
    behind_model: str | None = Field(description="Model of the other that first had it")
    parameters: list[ParameterLine] = Field(description="Lag by parameter")


class ComputeEvent(Section):
    """An export-control event that concerns the country."""

    day: date = Field(description="Day it takes effect")
    instrument: str = Field(description="Rule, letter or guidance")
    citation: str = Field(description="Where it is published")


class ChipsSection(Section):
    """What accelerators the country can lawfully reach, and what it is known to have installed."""

    on: date = Field(description="Day of the rules")
    groups: list[str] = Field(description="Country groups of the US rules that it is in")
    best: dict[str, str | None] = Field(description="Best accelerator by terms; null for none")
    world: str | None = Field(description="Best accelerator in the world")
    lag: Estimate = Field(description="Months since the world had the level that is within reach")
    h100e: Estimate = Field(description="Known installed compute, H100 equivalents")
    share: Estimate = Field(description="Share of the world's known compute, 0 to 1")
    compute_on: date = Field(description="Day of the installed compute")
    compute_note: str = Field(description="What is counted")
    events: list[ComputeEvent] = Field(description="Latest events, the oldest first")


class BlocMember(Section):
    """What one member brings."""

    iso3: str = Field(description="Country")
    value: float = Field(description="Points of the bloc's score: Shapley value")


class Partner(Section):
    """A country that the country works with."""

    iso3: str = Field(description="Country")
    affinity: float | None = Field(description="Observed over expected collaboration, latest four quarters")
    low: float | None = Field(description="Lower end of its 90 % interval; null where the pair has gaps")
    high: float | None = Field(description="Upper end of its 90 % interval")
    earlier: float | None = Field(description="Affinity in the first four quarters")
    period: str | None = Field(description="Quarter of the clearest break; null where it is not clear")
    change: float | None = Field(description="Change of affinity there, in per cent")
    q: float | None = Field(description="False discovery rate of the break among all partners")


class BlocSection(Section):
    """The country's bloc, what it brings, and with whom it works."""

    bloc: str = Field(description="Bloc")
    members: list[str] = Field(description="Members with data")
    rank: int | None = Field(description="Rank of the bloc as one unit among the countries outside it")
    rank_low: int | None = Field(description="Best rank of the interval")
    rank_high: int | None = Field(description="Worst rank of the interval")
    score: float | None = Field(description="Score of the bloc")
    covered: float = Field(description="Share of the score's weight on members with data")
    value: float = Field(description="Points that the country brings (Shapley value)")
    place: int = Field(description="Its place among the members by that value")
    leaving: float | None = Field(description="Change in the bloc's score if it left")
    largest: list[BlocMember] = Field(description="Members by what they bring, the largest first")
    partners: list[Partner] = Field(description="Largest partners in collaboration on GitHub")


class ControlSection(Section):
    """How the models of the country's developers treat its own government."""

    government: str = Field(description="Government in the labels that is theirs")
    sentence: str = Field(description="The finding in one sentence")
    rate: Estimate = Field(description="Share of sensitive prompts withheld; the ends are the models' range")
    selective: int = Field(description="Models that withhold more on their own government")
    clear: int = Field(description="Models that show no difference above the margin")
    undecided: int = Field(description="Models that cannot be told")
    basis: str = Field(description="Prompt set, judge and options behind it")


class SourceLine(Section):
    """A source that the brief rests on."""

    source: str = Field(description="Key")
    title: str = Field(description="Title")
    publisher: str = Field(description="Publisher")
    licence: str = Field(description="Licence")
    vintage: str = Field(description="Vintage")
    indicators: int = Field(description="Indicators of the index that come from it")


class SourcesSection(Section):
    """Sources with their vintage."""

    sources: list[SourceLine] = Field(description="By number of indicators")


class Sections(Section):
    """All sections of a brief."""

    position: PositionSection
    profile: ProfileSection
    gap: GapSection
    evidence: EvidenceSection
    change: ChangeSection | None = Field(description="null where the data do not allow it")
    lag: FrontierSection
    chips: ChipsSection
    bloc: BlocSection | None = Field(description="null for a country in no bloc")
    control: ControlSection | None = Field(description="null where no model of its developers was audited")
    sources: SourcesSection


class BriefCountry(Section):
    """The country that a brief is about."""

    iso3: str = Field(description="ISO 3166 code")
    name: str = Field(description="Usual English name")
    income_group: str | None = Field(description="World Bank income group")
    region: str | None = Field(description="World Bank region")
    blocs: list[str] = Field(description="Blocs that it is a member of")


class Brief(Section):
    """A country's brief."""

    country: BriefCountry
    data: str = Field(description="Vintage of the data")
    sections: Sections
