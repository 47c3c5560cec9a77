"""What ``parity trade`` answers, as JSON."""

from __future__ import annotations

from pydantic import BaseModel, Field

from parity.cli.answers import Answer, EstimateModel


class TradeAnswer(Answer):
    """Keys of every answer about trade."""

    sources: list[str] = Field(description="Keys of the sources")
    codes: str = Field(description="Goods as asked for")
    hs: list[str] = Field(description="Codes that they are")
    notes: list[str] = Field(description="What to know about codes, period and coverage")
    verdict: str = Field(description="The answer in plain language, with what the data cannot show")


class WeightRow(BaseModel):
    """A donor of the counterfactual."""

    iso3: str = Field(description="Donor")
    weight: float = Field(description="Its weight, 0 to 1")


class CheckRow(BaseModel):
    """The same question under another choice."""

    variant: str = Field(description="The choice")
    excess: float | None = Field(description="US dollars per month")
    low: float | None = Field(description="Lower end")
    high: float | None = Field(description="Upper end")
    p_adjusted: float | None = Field(description="Adjusted placebo p-value")
    verdict: str = Field(description="clear, likely or none")


class LeadRow(BaseModel):
    """One lead or lag of the event study."""

    period: str = Field(description="Year or month")
    lead: int = Field(description="Periods since the date; negative before it")
    effect: float = Field(description="Log effect against the last period before")
    low: float = Field(description="Lower end")
    high: float = Field(description="Upper end")


class FalseDateRow(BaseModel):
    """A false date before the true one."""

    period: str = Field(description="First period after it")
    rise: float = Field(description="Rise over the counterfactual, per cent: a trend of before, or chance")


class PartnerRow(BaseModel):
    """One third country."""

    iso3: str = Field(description="Country")
    excess: EstimateModel = Field(description="Exports beyond the counterfactual, per month")
    total: EstimateModel = Field(description="The same over all months after the date")
    rise: EstimateModel = Field(description="The same in per cent of the counterfactual")
    p_placebo: float = Field(description="Placebo in space: share of donors with as large a statistic")
    p_time: float = Field(description="Placebo in time: share of the country's own false dates")
    p_adjusted: float | None = Field(description="p_placebo adjusted for the number of candidates")
    verdict: str = Field(description="clear, likely or none")
    difference: float = Field(description="Difference in differences, log points")
    p_difference: float = Field(
        description="Its placebo p-value: of a rise, of a fall for the sanctioned country"
    )
    false_dates: list[FalseDateRow] = Field(description="The same at dates at which nothing happened")
    rose_before: bool = Field(description="Whether a false date shows half of the rise or more")
    p_leads: float = Field(description="Small where the country did not move in parallel before")
    leads: list[LeadRow] = Field(description="Event study")
    weights: list[WeightRow] = Field(description="Heaviest donors")
    checks: list[CheckRow] = Field(description="Other donors and periods; empty without --robust")
    p_false_date: float | None = Field(description="Adjusted p a year too early; null without --robust")


class PlaceboRow(BaseModel):
    """A donor, judged by the others."""

    iso3: str = Field(description="Donor")
    excess: EstimateModel = Field(description="Exports beyond its counterfactual, per month")
    rise: EstimateModel = Field(description="The same in per cent of the counterfactual")
    rank: int = Field(description="Place among the donors by the statistic, 1 for the largest rise")


class MonthRow(BaseModel):
    """One month of a country."""

    period: str = Field(description="Month")
    actual: float = Field(description="Exports, US dollars")
    expected: float | None = Field(description="Counterfactual; null in years without donors")
    low: float | None = Field(description="Lower end of the counterfactual; null before the date")
    high: float | None = Field(description="Upper end")


class MonthlyRow(BaseModel):
    """One country by month."""

    iso3: str = Field(description="Country")
    since: str | None = Field(description="First of three months or more in a row beyond the interval")
    months: list[MonthRow]


class DiversionAnswer(TradeAnswer):
    """Answer of ``parity trade diversion``."""

    sanctioned: str = Field(description="Country that the control is on")
    date: str = Field(description="First day of the control")
    reporter: str = Field(description="Who exports")
    frequency: str = Field(description="year or month")
    before: list[str] = Field(description="First and last period before")
    after: list[str] = Field(description="First and last period after")
    donors: int = Field(description="Countries that stand for what would have been")
    smallest_p: float = Field(description="Smallest p that so many donors can give")
    adjustment: str = Field(description="bh or holm")
    placebos: list[PlaceboRow] = Field(
        description="The donors: what chance looks like; nothing is found by these"
    )
    monthly: list[MonthlyRow] = Field(
        description="Those judged by month, where years are judged and months known"
    )
    direct: PartnerRow | None = Field(description="The sanctioned country; its p-values are of a fall")
    partners: list[PartnerRow] = Field(description="Third countries, largest excess first")
    dropped: dict[str, str] = Field(description="Candidates that could not be judged, with the reason")


class YearRow(BaseModel):
    """One year of supply."""

    year: str = Field(description="Calendar year")
    total: float = Field(description="US dollars")
    herfindahl: EstimateModel = Field(description="Herfindahl index, bounds for what hubs hide")
    coalition: EstimateModel = Field(description="Share of the states that impose the controls")


class OriginRow(BaseModel):
    """One origin in one year."""

    year: str
    origin: str = Field(description="ISO3")
    value: float = Field(description="US dollars")
    share: float | None = Field(description="Share of the year; null where the whole is not known")


class ReplacementRow(BaseModel):
    """Who else sells the same goods."""

    origin: str = Field(description="Present supplier")
    alternative: str = Field(description="Another seller")
    times: float = Field(
        description="Its sales elsewhere over what the origin delivers, median of recent years"
    )
    low: float = Field(description="Least of these years")
    high: float = Field(description="Most of these years")


class DependenceAnswer(TradeAnswer):
    """Answer of ``parity trade depend``."""

    country: str = Field(description="ISO3")
    side: str = Field(description="import: its own reports; export: its suppliers'")
    reporters: list[str] = Field(description="Whose reports are at hand")
    coalition: list[str] = Field(description="States that impose the controls")
    hubs: list[str] = Field(description="Places that pass goods on")
    years: list[YearRow]
    trend: EstimateModel = Field(description="Change of the coalition's share per year")
    origins: list[OriginRow]
    replacements: list[ReplacementRow]


class MovedRow(BaseModel):
    """One group of origins before and after."""

    group: str
    before: float = Field(description="US dollars per year, mean before")
    after: float = Field(description="US dollars per year, mean after")
    share_before: float | None = Field(description="Share before; null where the whole is not known")
    share_after: float | None = Field(description="Share after")
    change: EstimateModel = Field(description="Change")
    size: EstimateModel = Field(description="Part of it from the size of the market")
    shift: EstimateModel = Field(description="Part of it from the share of the group")


class SubstitutionAnswer(TradeAnswer):
    """Answer of ``parity trade substitute``."""

    country: str = Field(description="ISO3")
    date: str = Field(description="First day of the control")
    side: str = Field(description="import: its own reports; export: its suppliers'")
    before: list[str] = Field(description="Years averaged before")
    after: list[str] = Field(description="Years averaged after")
    left_out: list[str] = Field(description="Origins that do not report in every one of these years")
    groups: list[MovedRow]


class GapRow(BaseModel):
    """One year of mirror statistics."""

    year: str
    exported: float = Field(description="Sent, as exporters report, US dollars")
    imported: float = Field(description="Arrived, as the importer reports, US dollars")
    gap: EstimateModel = Field(description="Missing against the usual ratio; negative: more than usual")
    p_adjusted: float | None = Field(
        description="Of the gap, either way, adjusted for the years after the date (Holm); null before it"
    )


class MirrorAnswer(TradeAnswer):
    """Answer of ``parity trade mirror``."""

    importer: str = Field(description="ISO3")
    exporters: list[str] = Field(description="Countries whose exports are added up")
    usual: EstimateModel = Field(description="Imports per export before the date")
    years: list[GapRow]


class LeftOutRow(BaseModel):
    """Rows that are not in an imported table."""

    why: str = Field(description="The reason")
    what: str = Field(description="Area, code or flow, as the source writes it")
    rows: int
    value: float = Field(description="Their sum, US dollars")
    share: float | None = Field(description="Their sum over that of the table")


class ImportAnswer(Answer):
    """Answer of ``parity trade import``."""

    path: str = Field(description="Table that was written")
    rows: int
    value: float = Field(description="Sum, US dollars, without the world")
    dropped: int = Field(description="Rows that are left out")
    dropped_value: float = Field(description="Their sum, US dollars")
    left_out: list[LeftOutRow] = Field(description="What is left out and why, the largest first")
