"""Frontier: capability over time, and how many months anybody trails anybody else."""

from parity.web.page import Page
from parity.web.pages.frontier.view import (
    FrontierState,
    ahead_part,
    choose,
    models_part,
    parameters_part,
    scenario_part,
    view,
)

PAGE = Page(
    slug="frontier",
    title="Frontier",
    summary="Capability of AI models over time, and how many months one country trails another.",
    state=FrontierState,
    view=view,
    choose=choose,
    sample="of=CHN",
    parts={
        "models": models_part,
        "scenario": scenario_part,
        "ahead": ahead_part,
        "parameters": parameters_part,
    },
    warmed=("models", "parameters", "scenario"),
)

__all__ = ["PAGE"]
