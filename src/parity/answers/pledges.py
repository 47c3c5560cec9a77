"""The answers of ``pledges``: governments' dated commitments, and how they stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from parity.answers.base import Answer, EstimateModel

if TYPE_CHECKING:
    from parity.pledges import Pledge, Status


class PledgeAnswer(BaseModel):
    """A pledge with its status."""

    model_config = ConfigDict(extra="forbid")

    id: str
    country: str = Field(description="Country (ISO3) or bloc that it binds")
    who: str = Field(description="Who has to act")
    what: str = Field(description="What is to be done")
    target: float | None = Field(description="Number to be reached")
    unit: str | None = Field(description="Unit of the target")
    made: dt.date
    made_precision: str = Field(description="What the source names of that day: day, month or year")
    due: dt.date
    status: str = Field(description="pending, due soon, met, late, partly, missed or unknown")
    status_on: dt.date = Field(description="Day of the status")
    evidence: str = Field(description="What the status rests on")
    evidence_source: str = Field(description="Page of the evidence, or the vintage of the data")
    measured: EstimateModel | None = Field(description="The measured number, where Parity measures it")
    source: str = Field(description="Page that states the pledge")


class PledgesAnswer(Answer):
    """Answer of ``parity pledges list`` and ``due``."""

    pledges: list[PledgeAnswer]


def pledges_answer(found: Iterable[Pledge], on: dt.date) -> PledgesAnswer:
    """Return pledges with their status as of a day."""
    from parity.ask.years import rank_ranges
    from parity.catalogue import vintage
    from parity.pledges import assess

    rows = [pledge_answer(pledge, assess(pledge, on, rank_ranges)) for pledge in found]
    return PledgesAnswer(data=vintage(), pledges=rows)


def pledge_answer(pledge: Pledge, status: Status) -> PledgeAnswer:
    """Return a pledge with its status."""
    kept = {"id", "country", "who", "what", "target", "unit", "made", "made_precision", "due", "source"}
    return PledgeAnswer(
        **pledge.model_dump(include=kept),
        status=status.status,
        status_on=status.on,
        evidence=status.why,
        evidence_source=status.source,
        measured=EstimateModel.of(status.measured) if status.measured else None,
    )


def binding(text: str) -> str:
    """Return a country's code, or a bloc's name as the table has it."""
    from parity.catalogue import blocs, find_country

    known = {bloc.lower(): bloc for bloc in blocs()["bloc"].to_list()}
    return known.get(text.strip().lower()) or find_country(text).iso3
