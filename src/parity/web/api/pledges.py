"""``/pledges``: governments' dated commitments, and how they stand."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from parity import dates
from parity.answers.pledges import PledgesAnswer, binding, pledges_answer
from parity.errors import NoAnswerError
from parity.web.api.command import told
from parity.web.api.kinds import Name
from parity.web.days import Day

router = APIRouter(tags=["pledges"])


@router.get("/pledges")
def pledges(
    country: Name | None = None,
    on: Annotated[Day | None, Query(description="Day of the status; today by default")] = None,
) -> PledgesAnswer:
    """List pledges with their status, by due date."""
    from parity.pledges import pledges as on_record

    found = on_record(binding(country) if country else None)
    if not found:
        raise NoAnswerError(f"no pledge of {country} is on record")
    answer = pledges_answer(found, on or dates.today())
    return told(answer, "pledges list", country=country, on=on)
