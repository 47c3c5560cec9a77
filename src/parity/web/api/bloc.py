"""``/blocs``, ``/bloc`` and ``/pool``: alliances, who is in them, and their standing as one unit."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from parity.answers.bloc import PoolAnswer, pool_answer
from parity.answers.bloc_members import BlocList, MembersAnswer, list_answer, members_answer
from parity.ask.standing import built
from parity.web.api.command import told
from parity.web.api.kinds import Name, Variant
from parity.web.days import Day

router = APIRouter(tags=["blocs"])

DRAWS, MOST_DRAWS = 40, 200
"""Rebuilds by default, some seconds' work, and at most: as many as the command takes by default."""
MOST_COUNTRIES = 40


@router.get("/blocs")
def blocs(
    on: Annotated[Day | None, Query(description="As of this day; today by default")] = None,
) -> BlocList:
    """List the blocs that are known, with their size."""
    day = None if on is None else on.isoformat()
    return told(list_answer(day), "bloc list", on=day)


@router.get("/bloc/{bloc}")
def members(
    bloc: Annotated[str, Path(min_length=1, max_length=100, description="Name of a bloc, as in /blocs")],
    on: Annotated[Day | None, Query(description="As of this day; today by default")] = None,
) -> MembersAnswer:
    """Tell who belongs to a bloc, since when, and by what source."""
    day = None if on is None else on.isoformat()
    return told(members_answer(bloc, day), "bloc members", bloc, on=day)


@router.get("/pool")
def pool(
    bloc: Annotated[str, Query(min_length=1, max_length=400, description="A bloc, or RUS,CHN")],
    on: Annotated[Day | None, Query(description="Membership as of this day; today by default")] = None,
    partners: Annotated[bool, Query(description="Count partner countries as members")] = False,
    joining: Annotated[
        list[Name] | None, Query(alias="with", max_length=MOST_COUNTRIES, description="Countries added")
    ] = None,
    leaving: Annotated[
        list[Name] | None, Query(alias="without", max_length=MOST_COUNTRIES, description="Taken out")
    ] = None,
    variant: Variant = "both",
    draws: Annotated[
        int, Query(ge=0, le=MOST_DRAWS, description="Rebuilds of the index behind the intervals; 0 for none")
    ] = DRAWS,
) -> PoolAnswer:
    """Score a bloc as one unit, with what each member brings and who would add most."""
    from parity.blocs import resolve

    added, gone = tuple(joining or ()), tuple(leaving or ())
    chosen = resolve(bloc, on, added, gone, partners)
    before = resolve(bloc, on, partners=partners) if added or gone else None
    day = None if on is None else on.isoformat()
    answer, _ = pool_answer(built(variant), bloc, chosen, on=day, before=before, draws=draws)
    options: dict[str, object] = {"on": day, "partners": partners, "with": added, "without": gone}
    return told(answer, "bloc pool", bloc, **options, variant=variant, draws=draws)
