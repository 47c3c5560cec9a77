"""``/rule`` and ``/reach``."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from parity import chips
from parity.answers.chips import ReachAnswer, RuleAnswer, reach_answer, rule_answer
from parity.catalogue import find_country
from parity.web.api.command import told
from parity.web.days import Day
from parity.web.reaches import COUNTED, reached

router = APIRouter(tags=["chips"])

Name = Annotated[str, Query(min_length=1, max_length=100)]
Metric = Literal["tpp", "memory_bandwidth", "price_performance"]
Extra = Literal["approval", "case_by_case"]


@router.get("/rule")
def rule(
    device: Name,
    to: Name,
    on: Day | None = None,
    headquarters: Name | None = None,
    exported_from: Name | None = None,
    data_center: bool | None = None,
) -> RuleAnswer:
    """Rule on a device, a destination and a day: an analysis of published rules, not legal advice."""
    ruling = chips.rule(
        device,
        to=to,
        on=on,
        headquarters=headquarters,
        data_center=data_center,
        exported_from=exported_from,
    )
    options: dict[str, object] = {"to": to, "on": on, "headquarters": headquarters}
    options |= {"exported_from": exported_from}
    options |= {"data_center": data_center is True, "not_data_center": data_center is False}
    return told(rule_answer(ruling), "chips rule", device, **options)


@router.get("/reach")
def reach(
    country: Name,
    metric: Metric = "tpp",
    counting: Annotated[list[Extra] | None, Query(max_length=2)] = None,
    codified: bool = False,
) -> ReachAnswer:
    """Tell the best accelerator that a country can lawfully have by month, and how far behind that is."""
    extra = tuple(dict.fromkeys(counting or ()))
    found = reached(find_country(country).iso3, metric, (*COUNTED, *extra), codified)
    options: dict[str, object] = {"metric": metric, "with": extra, "codified": codified}
    return told(reach_answer(found), "chips reach", country, **options)
