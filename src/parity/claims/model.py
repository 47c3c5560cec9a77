"""What a text claims, typed by family."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Iso3 = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Ground = Literal["subject", "measure", "unit", "scope", "edition", "date", "day of the text", "reading"]
Reader = Literal["rules", "model", "both", "person"]
Hedge = Literal["", "about", "nearly", "just over", "at least", "at most"]


class Claim(BaseModel):
    """What every claim has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    span: tuple[int, int] = Field(description="First character and the one after the last, in the whole text")
    text: str = Field(description="The text at the span")
    as_of: dt.date = Field(description="Day that the claim is about")
    stated_date: bool = Field(default=False, description="Whether the text names that day itself")
    attribution: str | None = Field(default=None, description="Who says so, as the text has it")
    hedge: Hedge = Field(default="", description="How the number is hedged")
    negated: bool = Field(default=False, description="Whether the text denies it")
    read_by: Reader = Field(
        default="rules", description="Who read it: rules, a language model, both, a person"
    )
    open: tuple[Ground, ...] = Field(
        default=(), description="What the text leaves open: it keeps the claim from being contradicted"
    )


class RankClaim(Claim):
    """A place in a ranking, a place among the first, or an order between countries."""

    family: Literal["rank"] = "rank"
    country: Iso3
    relation: Literal["at", "top", "behind", "ahead"] = Field(
        description="at a rank, among the top, behind or ahead of others"
    )
    rank: int | None = Field(default=None, ge=1, description="Rank stated, or size of the top")
    of: int | None = Field(default=None, ge=1, description="Number of countries ranked, as stated")
    within: str | None = Field(default=None, description="Bloc or region ranked within; null for the world")
    others: tuple[Iso3, ...] = Field(default=(), description="Countries of an order claim")
    index: str | None = Field(default=None, description="Index named; empty for a ranking without name")
    edition: str | None = Field(default=None, description="Year of the edition, where the text names it")
    measure: str | None = Field(default=None, description="Indicator that is ranked, if not an index")

    @model_validator(mode="after")
    def _complete(self) -> RankClaim:
        if self.relation in ("at", "top") and self.rank is None:
            raise ValueError("a place needs a rank")
        if self.relation in ("behind", "ahead") and not self.others:
            raise ValueError("an order needs other countries")
        return self


class LagClaim(Claim):
    """Months that one country trails or leads others in AI."""

    family: Literal["lag"] = "lag"
    country: Iso3 | None = Field(default=None, description="Who trails or leads; null for kinds of models")
    bloc: str | None = Field(default=None, description="Bloc that trails or leads, by its best member")
    relation: Literal["behind", "ahead", "level", "narrowing", "widening"]
    others: tuple[Iso3, ...] = Field(default=(), description="Whom it is measured against")
    low: float | None = Field(default=None, description="Least months stated; null where open")
    high: float | None = Field(default=None, description="Most months stated; null where open")
    unit: str = Field(default="month", description="Unit that was used")
    rounding: float = Field(default=0.0, ge=0, description="Half of the last place stated, in months")
    kinds: tuple[str, ...] = Field(default=(), description="open and closed, where weights are compared")


class QuantityClaim(Claim):
    """A level, share, change or comparison of something counted."""

    family: Literal["quantity"] = "quantity"
    countries: tuple[Iso3, ...]
    measure: str = Field(description="Indicator")
    form: Literal["level", "share", "change", "rate", "increase", "compare", "most"] = Field(
        description="rate: change per year; increase: a difference in the unit; most: nobody has more"
    )
    within: str | None = Field(default=None, description="Group in which nobody has more; null for the world")
    low: float | None = Field(default=None, description="Least stated: in the unit, share of 100, or factor")
    high: float | None = Field(default=None, description="Most stated")
    unit: str = Field(default="", description="Unit of the numbers")
    direction: Literal["up", "down", ""] = Field(default="", description="Way of a change or comparison")
    rounding: float = Field(default=0.0, ge=0, description="Half of the last place stated")
    since: dt.date | None = Field(default=None, description="From when, for a change")
    others: tuple[Iso3, ...] = Field(default=(), description="Countries compared with; the partner of a tie")
    report: str | None = Field(default=None, description="Report that is quoted, with its edition if named")


class ControlsClaim(Claim):
    """Whether an accelerator may be exported to, or is to be had in, a country."""

    family: Literal["controls"] = "controls"
    device: str | None = Field(default=None, description="Device named; null for chips in general")
    to: tuple[Iso3, ...] = Field(description="Destinations")
    status: Literal["banned", "licence", "allowed", "halted", "hard_to_replace"]
    since: dt.date | None = Field(default=None, description="First day, as stated")
    since_end: dt.date | None = Field(
        default=None, description="Last day of the time stated, where it is rough"
    )


class TradeClaim(Claim):
    """A change of trade in chips."""

    family: Literal["trade"] = "trade"
    flow: Literal["import", "export"]
    reporter: Iso3 | None = Field(default=None, description="Who imports or exports")
    partner: Iso3 | None = Field(default=None, description="From or to whom")
    low: float | None = Field(default=None, description="Least factor of the change stated")
    high: float | None = Field(default=None, description="Most")
    direction: Literal["up", "down"]
    since: dt.date | None = None
    amount: float | None = Field(default=None, description="Number of goods said to have been shipped")
    through: tuple[Iso3, ...] = Field(default=(), description="Countries that goods are said to pass through")


class DeadlineClaim(Claim):
    """Who must do what by when: a pledge or an order."""

    family: Literal["deadline"] = "deadline"
    countries: tuple[str, ...] = Field(description="Countries or blocs concerned")
    who: str = Field(description="Who has to act, as the text has it")
    what: str = Field(description="What has to be done, as the text has it")
    due: dt.date | None = Field(default=None, description="Last day; null for an order without one")
    issued: dt.date | None = Field(default=None, description="Day of the order, if stated")


class MembershipClaim(Claim):
    """Whether countries belong to a bloc."""

    family: Literal["membership"] = "membership"
    bloc: str
    countries: tuple[Iso3, ...]
    status: Literal["member", "partner", "invited", "joined", "left"] = "member"
    since: dt.date | None = Field(default=None, description="First day of when it began, as stated")
    since_end: dt.date | None = Field(default=None, description="Last day of when it began, as stated")


class BehaviourClaim(Claim):
    """What a language model does with a topic, or is tested for."""

    family: Literal["model behaviour"] = "model behaviour"
    model: str | None = Field(default=None, description="Family of models named")
    country: Iso3 | None = Field(default=None, description="Country of the developers")
    government: Iso3 | None = Field(default=None, description="Government concerned by the topic")
    behaviour: Literal["refuses", "answers", "tested"]
    share: float | None = Field(default=None, description="Share of prompts stated, in percent")


class ChronologyClaim(Claim):
    """A stretch of time between two dates of the text."""

    family: Literal["chronology"] = "chronology"
    first: dt.date
    second: dt.date
    low: float = Field(description="Least days stated between them")
    high: float = Field(description="Most")


AnyClaim = Annotated[
    RankClaim
    | LagClaim
    | QuantityClaim
    | ControlsClaim
    | TradeClaim
    | DeadlineClaim
    | MembershipClaim
    | BehaviourClaim
    | ChronologyClaim,
    Field(discriminator="family"),
]
FAMILIES = (
    "rank", "lag", "quantity", "controls", "trade", "deadline", "membership", "model behaviour", "chronology",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Uncheckable:
    """A sentence that holds nothing to check, and why.

    Attributes
    ----------
    span, text
        Where it stands, and the sentence.
    reason
        Why nothing in it can be checked.
    """

    span: tuple[int, int]
    text: str
    reason: str
