"""``/lag``."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from parity.answers.lag import LagAnswer, lag_answer, parameter_rows, projection_fields, scenario_fields
from parity.frontier import ScenarioOptions
from parity.web import frontiers
from parity.web.api.command import told
from parity.web.days import Day

router = APIRouter(tags=["frontier"])

Side = Annotated[str, Query(min_length=1, max_length=60)]
Domain = Literal["mathematics", "coding", "reasoning and knowledge", "agentic", "language"]
Share = Annotated[float | None, Query(gt=0, le=1)]


@router.get("/lag")
def lag(
    of: Side,
    behind: Side = "USA",
    on: Day | None = None,
    domain: Domain | None = None,
    include_derived: bool = False,
    parameters: bool = False,
    scenario: bool = False,
    days: Annotated[float | None, Query(ge=1, le=730)] = None,
    utilisation: Share = None,
    accelerators: Annotated[float | None, Query(gt=0, le=1e9)] = None,
    share: Share = None,
    projection: bool = False,
) -> LagAnswer:
    """Tell how many months one side trails another, with its interval."""
    asked = frontiers.pair(of, behind, domain or "", derived=include_derived)
    assumed = {"days": days, "utilisation": utilisation, "accelerators": accelerators, "share": share}
    given = {name: value for name, value in assumed.items() if value is not None}
    if parameters or scenario or given:
        frontiers.refuse_groups(asked)
    found, capability = frontiers.lag_of(asked, on), frontiers.capability()
    answer = lag_answer(found, capability.data, capability.notes)
    if parameters:
        lags = frontiers.parameters_of(asked.of, asked.behind, found.on, include_derived)
        answer.parameters = parameter_rows(lags)
    if scenario or given:
        run = frontiers.scenario_of(asked, on, ScenarioOptions.model_validate(given))
        answer.scenario = scenario_fields(run)
    if projection:
        answer.projection = projection_fields(frontiers.projection_of(asked))
    options: dict[str, object] = {"on": on, "domain": domain, "include_derived": include_derived, **assumed}
    options |= {"parameters": parameters, "scenario": scenario, "projection": projection}
    return told(answer, "lag", of, behind, **options)
