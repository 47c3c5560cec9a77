"""What a brief says, section by section; the same objects are printed and written as JSON."""

from __future__ import annotations

from pydantic import Field

from parity.brief.model._base import Missing, Section
from parity.brief.model._measures import (
    BlocMember,
    BlocSection,
    ChipsSection,
    ComputeEvent,
    ControlSection,
    FrontierSection,
    LagThen,
    ParameterLine,
    Partner,
    TiesSection,
    TradeLine,
    TradeSection,
)
from parity.brief.model._record import (
    ClaimLine,
    ClaimsSection,
    ModelLine,
    PledgeLine,
    PledgesSection,
    RuleEvent,
    SinceSection,
    SourceLine,
    SourcesSection,
    TieBreak,
    YearRank,
)
from parity.brief.model._standing import (
    Change,
    ChangeSection,
    DataGap,
    DataGapsSection,
    EvidenceSection,
    Gap,
    GapPart,
    GapSection,
    GoalMove,
    GoalSection,
    IndicatorPlace,
    PeerGroup,
    Place,
    PositionSection,
    ProfileSection,
    Range,
    YearPlace,
)

__all__ = [
    "BlocMember",
    "BlocSection",
    "Brief",
    "BriefCountry",
    "Change",
    "ChangeSection",
    "ChipsSection",
    "ClaimLine",
    "ClaimsSection",
    "ComputeEvent",
    "ControlSection",
    "DataGap",
    "DataGapsSection",
    "EvidenceSection",
    "FrontierSection",
    "Gap",
    "GapPart",
    "GapSection",
    "GoalMove",
    "GoalSection",
    "IndicatorPlace",
    "LagThen",
    "Missing",
    "ModelLine",
    "ParameterLine",
    "Partner",
    "PeerGroup",
    "Place",
    "PledgeLine",
    "PledgesSection",
    "PositionSection",
    "ProfileSection",
    "Range",
    "RuleEvent",
    "Section",
    "Sections",
    "SinceSection",
    "SourceLine",
    "SourcesSection",
    "TieBreak",
    "TiesSection",
    "TradeLine",
    "TradeSection",
    "YearPlace",
    "YearRank",
]


class Sections(Section):
    """All sections of a brief; one that the data do not allow holds the reason instead."""

    position: PositionSection
    profile: ProfileSection
    gap: GapSection
    goal: GoalSection | Missing
    change: ChangeSection | Missing
    since: SinceSection
    lag: FrontierSection
    chips: ChipsSection
    trade: TradeSection | Missing
    bloc: BlocSection | Missing
    ties: TiesSection | Missing
    control: ControlSection | Missing
    pledges: PledgesSection | Missing
    claims: ClaimsSection | Missing
    evidence: EvidenceSection
    data_gaps: DataGapsSection
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
