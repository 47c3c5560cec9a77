"""``/ties``: how closely countries work together, and since when more or less so."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Query

from parity.answers.ties import (
    NetworkAnswer,
    PairAnswer,
    PartnersAnswer,
    network_answer,
    pair_answer,
    partners_answer,
)
from parity.brief.blocs import panel
from parity.catalogue import find_country
from parity.web.api.command import told
from parity.web.api.kinds import Name
from parity.web.days import Day

router = APIRouter(tags=["blocs"])

Span = Annotated[str | None, Query(max_length=6, description="A year or a quarter: 2021, 2021Q3")]


@router.get("/ties")
def ties(a: Name, b: Name, start: Span = None, end: Span = None) -> PairAnswer:
    """Tell how two countries' collaboration went, its dated breaks, and the change between two spans."""
    from parity.blocs import tie

    found = tie(panel(), find_country(a).iso3, find_country(b).iso3)
    answer = pair_answer(panel(), found, start, end)
    return told(answer, "ties", a, b, **{"from": start, "to": end})


@router.get("/partners")
def partners(country: Name) -> PartnersAnswer:
    """List a country's partners in collaboration, each with its likeliest change."""
    return told(_partners(find_country(country).iso3), "ties", country)


@lru_cache(maxsize=64)
def _partners(country: str) -> PartnersAnswer:
    from parity.blocs import scan

    return partners_answer(country, scan(panel(), country), panel().vintage)


@router.get("/network")
def network(
    bloc: Annotated[str, Query(min_length=1, max_length=400, description="A bloc, or RUS,CHN")],
    on: Annotated[Day | None, Query(description="Membership as of this day; today by default")] = None,
) -> NetworkAnswer:
    """Hold a bloc's ties among its members against those of random groups."""
    from parity.blocs import network, resolve

    chosen = resolve(bloc, on)
    answer = network_answer(chosen.name, network(panel(), chosen.members))
    return told(answer, "ties", bloc=bloc, on=on)
