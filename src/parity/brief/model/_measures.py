"""What a brief says about models, hardware, trade, blocs and ties."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from parity.brief.model._base import Section
from parity.estimate import Estimate


class ParameterLine(Section):
    """Lag in one parameter."""

    name: str = Field(description="Parameter: capability overall or in a domain, compute, hardware ...")
    lag: Estimate = Field(description="Months; negative where the country leads")
    lower_bound: bool = Field(description="Only known to be at least so large")
    detail: str = Field(description="What stands against what")


class LagThen(Section):
    """Standing lag on an earlier day."""

    on: date = Field(description="Day")
    standing: Estimate = Field(description="Months behind the same frontier, as known today")


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
    earlier: LagThen | None = Field(description="Standing lag a year before the data; null without a lag")


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


class TradeLine(Section):
    """One number about the country's trade."""

    what: str = Field(description="What is measured")
    period: str = Field(description="Years that it is about")
    value: Estimate = Field(description="The number")
    detail: str = Field(description="What it is held against, and how sure it is")
    command: str = Field(description="Command that reproduces it")
    sources: list[str] = Field(description="Keys of the sources")


class TradeSection(Section):
    """What the carried data say about the country's trade."""

    lines: list[TradeLine] = Field(description="Numbers; what the data do not hold is left out")
    caveats: list[str] = Field(description="What none of them can show")


class BlocMember(Section):
    """What one member brings."""

    iso3: str = Field(description="Country")
    brings: Estimate = Field(description="Points of the bloc's score: Shapley value")


class BlocSection(Section):
    """The country's bloc, what it brings, and with whom it works."""

    bloc: str = Field(description="Bloc")
    members: list[str] = Field(description="Members with data")
    rank: int | None = Field(description="Rank of the bloc as one unit among the countries outside it")
    rank_low: int | None = Field(description="Best rank of the interval")
    rank_high: int | None = Field(description="Worst rank of the interval")
    score: Estimate = Field(description="Score of the bloc")
    covered: float = Field(description="Share of the score's weight on members with data")
    brings: Estimate = Field(description="Points that the country brings (Shapley value)")
    place: int = Field(description="Its place among the members by that value")
    leaving: Estimate = Field(description="Change in the bloc's score if it left")
    draws: int = Field(description="Rebuilds of the index behind the intervals")
    largest: list[BlocMember] = Field(description="Members by what they bring, the largest first")


class Partner(Section):
    """A country that the country works with."""

    iso3: str = Field(description="Country")
    affinity: float | None = Field(description="Observed over expected collaboration, latest four quarters")
    low: float | None = Field(description="Lower end of its 90 % interval; null where the pair has gaps")
    high: float | None = Field(description="Upper end of its 90 % interval")
    earlier: float | None = Field(description="Affinity in the first four quarters")
    kind: str | None = Field(None, description="step or slope; null where no change is found")
    period: str | None = Field(description="Its first quarter; null where no change is found")
    until: str | None = Field(None, description="First quarter of the new level; of a step the same")
    change: float | None = Field(description="Change of affinity there, in per cent")
    change_low: float | None = Field(description="Lower end of its 90 % interval")
    change_high: float | None = Field(description="Upper end of its 90 % interval")
    q: float | None = Field(description="False discovery rate of the break among all partners")
    doubt: str | None = Field(None, description="Accounts that stand elsewhere: then no change is told")


class TiesSection(Section):
    """With whom the country works."""

    first: str = Field(description="First quarter of the series")
    last: str = Field(description="Last quarter")
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
