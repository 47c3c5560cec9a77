"""``/goal``: what it would take to reach a rank."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Query

from parity.answers.goal import GoalAnswer, goal_answer, seek
from parity.ask.standing import built
from parity.web.api.command import told
from parity.web.api.rank import Name, Variant

router = APIRouter(tags=["index"])

DRAWS, MOST_DRAWS = 24, 120
"""Rebuilds by default, some seconds' work, and at most: those that the command takes by default."""


@router.get("/goal")
def goal(
    country: Name,
    rank: Annotated[int, Query(ge=1, le=500, description="Rank to reach")],
    variant: Variant = "both",
    draws: Annotated[int, Query(ge=1, le=MOST_DRAWS, description="Rebuilds to test in")] = DRAWS,
) -> GoalAnswer:
    """Find the smallest change of indicators that brings a country to a rank: arithmetic, not advice."""
    given = _sought(variant, built(variant).unit(country), rank, draws)
    return told(given, "goal", country, rank=rank, variant=variant, draws=draws)


@lru_cache(maxsize=64)
def _sought(variant: str, unit: str, rank: int, draws: int) -> GoalAnswer:
    from parity.robustness.rebuilds import rebuilds

    found = built(variant)
    return goal_answer(found, *seek(found, unit, rank, list(rebuilds(found.index, draws))))
