"""The answers of ``chips``: rulings, accelerators, reach, installed compute."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from parity.answers.base import Answer, EstimateModel
from parity.chips import DISCLAIMER

if TYPE_CHECKING:
    from parity.chips import Reach, Ruling


class ChipsAnswer(Answer):
    """What every answer of ``parity chips`` carries."""

    disclaimer: str = Field(default=DISCLAIMER, description="What a ruling is not")


class StepRow(BaseModel):
    """One step of a ruling."""

    rule_id: str = Field(description="Key of the rule in the tables rules and timeline")
    title: str = Field(description="The rule")
    says: str = Field(description="What it tests or requires")
    holds: str = Field(description="yes, no or cannot be determined")
    enforced: str = Field(description="yes, no (codified only), reported or guidance")
    citation: str = Field(description="Where it is published")
    source_url: str = Field(description="Page read")
    basis: str = Field(description="How it is known")


class RuleAnswer(ChipsAnswer):
    """Answer of ``parity chips rule``."""

    device: str = Field(description="Device ruled on")
    to: str = Field(description="Destination, ISO3")
    on: date = Field(description="Day")
    headquarters: str = Field(description="Seat of the parties or their parent, ISO3")
    status: str = Field(description="By rule text: controlled, not_controlled or undetermined")
    paragraph: str | None = Field(description="Paragraphs that the device meets, joined by +")
    license_required: bool | None = Field(description="By rule text or letter; null where that is open")
    license_basis: list[str] = Field(description="rule_text, letter or both")
    review_policy: str | None = Field(description="How an application is looked at")
    exception: str | None = Field(description="Licence exceptions that may apply")
    exception_terms: str | None = Field(description="Terms of the exception")
    conditions: list[str] = Field(description="Conditions about the transaction")
    letter: StepRow | None = Field(description="Letter ('is informed') that requires a licence")
    letters: list[StepRow] = Field(description="Every such letter")
    enforced: bool | None = Field(description="False: codified only; null: no requirement, or open")
    verdict: str = Field(description="One word for the whole")
    matched: str = Field(description="How the device was found: name, other name or figures")
    exported_from: str = Field(description="Where it is exported from, ISO3")
    cases: list[dict[str, Any]] = Field(description="What differs where seat, place of export or market do")
    scope: dict[str, Any] = Field(description="Rules that are held, and what is not")
    citations: list[str] = Field(description="Where the rules are published")
    steps: list[StepRow] = Field(description="How the ruling was reached")
    unknown: list[str] = Field(description="What is missing")
    notes: list[str] = Field(description="What to know besides")
    elsewhere: list[StepRow] = Field(description="Rules of the EU, the UK and Japan, as facts")


class ListAnswer(ChipsAnswer):
    """Answer of ``parity chips list``."""

    on: date = Field(description="Day of the verdicts")
    to: str | None = Field(description="Destination of the verdicts, ISO3")
    what_if: list[str] = Field(description="Thresholds changed")
    devices: list[dict[str, Any]] = Field(description="Accelerators; with --what-if, those that move")


class ShowAnswer(ChipsAnswer):
    """Answer of ``parity chips show``."""

    device: str = Field(description="Name")
    facts: dict[str, Any] = Field(description="Figures in use")
    figures: list[dict[str, Any]] = Field(description="Every figure with its source, used or not")
    remarks: list[str] = Field(description="How the name was understood")


class MonthRow(BaseModel):
    """What could be had in one month."""

    month: str = Field(description="Month, as of its last day")
    metric: str = Field(description="Figure by which the best is the best")
    best_free: str | None = Field(description="Best accelerator without a licence")
    best_exception: str | None = Field(description="Best one with a licence exception")
    best_approval: str | None = Field(description="Best one with a licence that is presumed to be approved")
    best_case_by_case: str | None = Field(description="Best one with a licence decided case by case")
    best_domestic: str | None = Field(description="Best one made at home")
    world: str | None = Field(description="Best one in the world")
    level: float | None = Field(description="Level of the best that can be had without a licence decision")
    world_level: float | None = Field(description="Level of the world's best")
    lag: EstimateModel = Field(description="How long ago the world first had that level")


class ReachAnswer(ChipsAnswer):
    """Answer of ``parity chips reach``."""

    country: str = Field(description="ISO3")
    metric: str = Field(description="Figure compared, the first where there are several")
    metrics: list[str] = Field(description="Figures compared, each ranked by itself")
    codified: bool = Field(description="Whether text that is not enforced counts")
    months: list[MonthRow] = Field(description="Month by month")


class TimelineAnswer(ChipsAnswer):
    """Answer of ``parity chips timeline``."""

    country: str | None = Field(description="ISO3, where events of one country were asked for")
    events: list[dict[str, Any]] = Field(
        description="Events by date; with --effect the shares open before and after each rule"
    )


class YearRow(BaseModel):
    """Installed compute at the end of a year."""

    on: date = Field(description="Day")
    h100e: EstimateModel = Field(description="Known clusters, H100 equivalents")
    share: EstimateModel = Field(description="Known clusters over the published total of the world")
    growth: EstimateModel = Field(description="Growth over twelve months, a factor")


class ComputeAnswer(ChipsAnswer):
    """Answer of ``parity chips compute``."""

    country: str = Field(description="ISO3")
    note: str = Field(description="What is counted")
    series: list[YearRow] = Field(description="By year, and on the last day of the data")
    purchases: list[dict[str, Any]] = Field(description="Estimated purchases by quarter, where there are any")
    published: list[dict[str, Any]] = Field(description="What is published about it, in other measures")


class ScreenAnswer(ChipsAnswer):
    """Answer of ``parity chips screen``."""

    rows: int = Field(description="Rows read")
    bad: list[dict[str, Any]] = Field(description="Rows that could not be ruled: line and error")
    verdicts: dict[str, int] = Field(description="Rows by verdict")
    file: str | None = Field(description="File written")
    rulings: list[dict[str, Any]] = Field(description="Rulings, where no file was written")


def rule_answer(ruling: Ruling) -> RuleAnswer:
    """Return a ruling with the chain of its steps."""
    fields: dict[str, Any] = {name: getattr(ruling, name, None) for name in RuleAnswer.model_fields}
    rows = {
        name: [StepRow(**step.as_dict()) for step in fields[name]]
        for name in ("letters", "steps", "elsewhere")
    }
    rows["cases"] = [asdict(case) for case in fields["cases"]]  # type: ignore[misc]
    fields["scope"] = asdict(fields["scope"])
    first = rows["letters"][0] if rows["letters"] else None
    plain = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in fields.items()
        if name not in ("parity", "data", "command", "disclaimer")
    }
    return RuleAnswer(data=ruling.vintage, **(plain | rows | {"letter": first}))


def reach_answer(*every: Reach) -> ReachAnswer:
    """Return what a country can have, month by month, by each metric asked."""
    months = [
        MonthRow(
            month=row["month"].strftime("%Y-%m"),
            metric=found.metric,
            lag=EstimateModel.of(lag),
            **{name: row[name] for name in MonthRow.model_fields if name not in ("month", "metric", "lag")},
        )
        for found in every
        for row, lag in zip(found.months.iter_rows(named=True), found.lags, strict=True)
    ]
    first = every[0]
    return ReachAnswer(
        data=first.vintage,
        country=first.country,
        metric=first.metric,
        metrics=[found.metric for found in every],
        codified=first.codified,
        months=months,
    )
