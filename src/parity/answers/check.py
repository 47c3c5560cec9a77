"""Answer of a text held against the evidence."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from parity.answers.base import Answer, EstimateModel
from parity.claims import Checked, Report


class Part(BaseModel):
    """Base of the parts of the answer."""

    model_config = ConfigDict(extra="forbid")


class EvidenceAnswer(Part):
    """One thing that a claim was held against."""

    what: str = Field(description="What was measured: edition, set of countries, method")
    finding: str = Field(description="The finding in words")
    found: EstimateModel | None = Field(description="The measured number, if it is one")
    source: str = Field(description="Where it comes from, with its vintage")


class ClaimAnswer(Part):
    """A claim with its verdict."""

    span: tuple[int, int] = Field(description="Characters of the text: from, and up to but without")
    text: str = Field(description="The text at the span")
    family: str = Field(description="Family of the claim")
    claim: dict[str, Any] = Field(description="The claim, typed; see parity.claims.model")
    verdict: str = Field(
        description="supported, contradicted, partly, depends, cannot be checked with this data"
    )
    confidence: str = Field(description="How sure the reading is: high, medium, low")
    why: str = Field(description="The rule that gave the verdict")
    evidence: list[EvidenceAnswer] = Field(description="What the claim was held against")
    would_change: str = Field(description="What would change the verdict")
    reproduce: str = Field(description="Command that shows the evidence")


class UncheckableAnswer(Part):
    """A sentence without a claim."""

    span: tuple[int, int]
    text: str
    reason: str = Field(description="Why nothing in it can be checked")


class CheckAnswer(Answer):
    """Answer of ``parity check``."""

    date: str = Field(description="Date that the text was read as of")
    date_assumed: bool = Field(description="Whether the text names no date, so that the data's day was taken")
    notes: list[str] = Field(description="What became of the language model's answer, with --model")
    claims: list[ClaimAnswer] = Field(description="Claims by their place in the text")
    uncheckable: list[UncheckableAnswer] = Field(description="The other sentences")


def check_answer(report: Report) -> CheckAnswer:
    """Return the JSON form of a report."""
    return CheckAnswer(
        data=report.data,
        date=report.date.isoformat(),
        date_assumed=report.assumed,
        notes=list(report.notes),
        claims=[claim_answer(checked) for checked in report.checked],
        uncheckable=[UncheckableAnswer(**one.model_dump()) for one in report.uncheckable],
    )


def claim_answer(checked: Checked) -> ClaimAnswer:
    """Return the JSON form of a claim with its verdict."""
    claim, judgement = checked.claim, checked.judgement
    typed = claim.model_dump(mode="json", exclude={"span", "text", "family"})
    evidence = [
        EvidenceAnswer(
            what=item.what,
            finding=item.finding,
            found=EstimateModel.of(item.found) if item.found else None,
            source=item.source,
        )
        for item in judgement.evidence
    ]
    return ClaimAnswer(
        span=claim.span,
        text=claim.text,
        family=claim.family,
        claim=typed,
        verdict=judgement.verdict.value,
        confidence=checked.confidence,
        why=judgement.why,
        evidence=evidence,
        would_change=judgement.would_change,
        reproduce=judgement.reproduce,
    )
