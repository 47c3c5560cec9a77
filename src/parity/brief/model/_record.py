"""What a brief says about pledges, claims, changes, gaps in the data, and sources."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from parity.brief.model._base import Section
from parity.estimate import Estimate


class PledgeLine(Section):
    """A dated commitment of the country or of a bloc that it is in."""

    id: str = Field(description="Name of the pledge")
    by: str = Field(description="Country or bloc that it binds")
    who: str = Field(description="Who has to act")
    what: str = Field(description="What is to be done")
    made: date = Field(description="Day on which it was made")
    due: date = Field(description="Last day")
    status: str = Field(description="pending, due soon, met, late, partly, missed or unknown")
    why: str = Field(description="What the status rests on")
    measured: Estimate | None = Field(description="The measured number, where Parity measures it")
    source: str = Field(description="Page that states it")


class PledgesSection(Section):
    """Dated commitments, and how they stand."""

    on: date = Field(description="Day of the statuses")
    counts: dict[str, int] = Field(description="Number by status; none are left out")
    pledges: list[PledgeLine] = Field(description="The country's own, then those of its blocs, by due date")


class ClaimLine(Section):
    """A public claim about the country, held against the evidence as of its date."""

    on: date = Field(description="When it was said")
    precision: str = Field(description="What is known of that date: day, month or year")
    who: str = Field(description="Who said it")
    text: str = Field(description="What was said, in Parity's words")
    family: str = Field(description="Family of the claim")
    verdict: str = Field(
        description="supported, contradicted, partly, depends, cannot be checked with this data"
    )
    why: str = Field(description="The rule that gave the verdict, with the measured numbers")
    source: str = Field(description="Page on which it was read")
    command: str = Field(description="Command that shows the evidence")


class ClaimsSection(Section):
    """Public claims about the country, held against the evidence."""

    counts: dict[str, int] = Field(description="Number by verdict")
    claims: list[ClaimLine] = Field(description="The newest first")


class YearRank(Section):
    """Rank of the country in an edition of the index."""

    year: int = Field(description="Built on the data up to the end of this year")
    rank: Estimate = Field(description="Rank with its 90 % interval over rebuilds of the index")


class ModelLine(Section):
    """A model that came out."""

    name: str = Field(description="Model")
    developer: str = Field(description="Who made it")
    released: date = Field(description="Day of release")
    base: str | None = Field(description="Foreign or older weights that it starts from; null for none known")


class RuleEvent(Section):
    """A rule, letter or guidance that took effect."""

    day: date = Field(description="Day it took effect")
    instrument: str = Field(description="Rule, letter or guidance")
    citation: str = Field(description="Where it is published")


class TieBreak(Section):
    """A change in the collaboration with another country that a test finds."""

    partner: str = Field(description="ISO3")
    period: str = Field(description="Quarter")
    change: Estimate = Field(description="Change of affinity, per cent")
    q: float = Field(description="False discovery rate among all partners")


class SinceSection(Section):
    """What has changed since a day."""

    since: date = Field(description="First day looked at")
    until: date = Field(description="Day of the data")
    ranks: list[YearRank] = Field(description="Editions of the index, rising")
    lag_then: Estimate | None = Field(description="Standing lag on the first day; null without a lag")
    lag_now: Estimate | None = Field(description="Standing lag now")
    lag_now_on: date | None = Field(description="Day of the lag now")
    models: list[ModelLine] = Field(description="Models that came out, by date")
    rules: list[RuleEvent] = Field(description="Export controls that took effect and concern the country")
    pledges: list[PledgeLine] = Field(description="Pledges that fell due")
    breaks: list[TieBreak] = Field(description="Changes in its ties that a test finds")


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
