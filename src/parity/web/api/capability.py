"""``/capability``: how capable models are, from their benchmark scores."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from parity.answers.capability import CapabilityAnswer, capability_answer, listed
from parity.ask import frontier as shared
from parity.ask.frontier import Domain
from parity.catalogue import find_country
from parity.web.api.command import told
from parity.web.api.kinds import Name

router = APIRouter(tags=["frontier"])


@router.get("/capability")
def capability(
    country: Name | None = None,
    domain: Domain | None = None,
    top: Annotated[int | None, Query(ge=1, le=5000, description="The N most capable")] = None,
    least: Annotated[
        int | None, Query(ge=1, le=1000, description="Models with so many scores or more")
    ] = None,
) -> CapabilityAnswer:
    """List models by capability, with intervals."""
    code = find_country(country).iso3 if country else None
    found = shared.capability()
    models = listed(found, domain, code, top=top, least=least)
    options: dict[str, object] = {"country": country, "domain": domain, "top": top, "least": least}
    return told(capability_answer(models, domain, found.data), "capability list", **options)
