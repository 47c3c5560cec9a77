"""``/rank`` and ``/explain``."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from parity.answers.explain import ExplainAnswer, explain_answer
from parity.answers.rank import RankAnswer, forms_of, rank_answer, ranked, with_intervals
from parity.ask.settings import Aggregation, Normalisation, Settings, edited, weights_of
from parity.ask.standing import built
from parity.web.api.command import told

router = APIRouter(tags=["index"])

Variant = Literal["both", "scale", "intensity"]
Name = Annotated[str, Query(max_length=100)]


@router.get("/rank")
def rank(
    variant: Variant = "both",
    pillar: Name | None = None,
    group: Name | None = None,
    top: Annotated[int | None, Query(ge=1, le=500)] = None,
    weight: Annotated[list[Name] | None, Query(max_length=80)] = None,
    normalise: Normalisation | None = None,
    aggregate: Aggregation | None = None,
    intervals: bool = True,
) -> RankAnswer:
    """Rank countries by the open AI index, a pillar or an indicator."""
    settings = Settings(weights=weights_of(tuple(weight or ())), normalise=normalise, aggregate=aggregate)
    found = edited(built(variant), settings)
    node = pillar and found.code(pillar)
    table = ranked(found, node, group, top)
    if intervals:
        table = with_intervals(found, table, node)
    options = {"variant": variant, "pillar": pillar, "group": group, "top": top, "weight": weight}
    options |= {"normalise": normalise, "aggregate": aggregate, "no_intervals": not intervals}
    forms = forms_of(found, node) if intervals else None
    return told(rank_answer(found, table, node, forms), "rank", **options)


@router.get("/explain")
def explain(a: Name, b: Name, variant: Variant = "both") -> ExplainAnswer:
    """Split the gap between two countries over the indicators."""
    return told(explain_answer(built(variant), a, b), "explain", a, b, variant=variant)
