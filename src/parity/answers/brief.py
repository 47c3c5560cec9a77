"""The answer of ``brief``: a country's brief, or several."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from parity.answers.base import Answer
from parity.brief.model import Brief, BriefCountry, Sections


class BriefAnswer(Answer):
    """Answer of ``parity brief`` for one country."""

    country: BriefCountry
    sections: Sections


class OneBrief(BaseModel):
    """One country of several."""

    model_config = ConfigDict(extra="forbid")

    country: BriefCountry
    sections: Sections


class BriefsAnswer(Answer):
    """Answer of ``parity brief`` for several countries."""

    briefs: list[OneBrief] = Field(description="In the order of the countries given")


def brief_answer(brief: Brief) -> BriefAnswer:
    """Return the answer for one country."""
    return BriefAnswer(data=brief.data, country=brief.country, sections=brief.sections)


def briefs_answer(briefs: list[Brief]) -> BriefsAnswer:
    """Return the answer for several countries, all of the same data."""
    rows = [OneBrief(country=brief.country, sections=brief.sections) for brief in briefs]
    return BriefsAnswer(data=briefs[0].data, briefs=rows)
