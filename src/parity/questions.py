"""All questions, for the faces: verb to class, imported on use."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parity.ask.question import Question

QUESTIONS = {
    "brief": "parity.brief.question:Brief",
    "rank": "parity.ask.rank:Rank",
    "goal": "parity.ask.goal:Goal",
    "explain": "parity.ask.explain:Explain",
    "robustness": "parity.ask.robustness:Robustness",
    "robustness swap": "parity.ask.robustness:Swap",
    "robustness draw": "parity.ask.robustness:Draw",
    "robustness draws": "parity.ask.robustness:Draws",
    "capability list": "parity.ask.capability:CapabilityList",
    "capability show": "parity.ask.capability:CapabilityShow",
    "capability benchmarks": "parity.ask.capability:CapabilityBenchmarks",
    "capability fit": "parity.ask.capability:CapabilityFit",
    "pledges list": "parity.ask.pledges:PledgesList",
    "pledges due": "parity.ask.pledges:PledgesDue",
    "pledges show": "parity.ask.pledges:PledgesShow",
    "trade depend": "parity.ask.trade:Depend",
    "trade diversion": "parity.ask.trade:Diverted",
    "trade substitute": "parity.ask.trade:Substitute",
    "trade mirror": "parity.ask.trade:MirrorGaps",
    "index build": "parity.ask.index:IndexBuild",
    "index weights": "parity.ask.index:IndexWeights",
    "index audit": "parity.ask.index:IndexAudit",
    "index plot": "parity.ask.index:IndexPlot",
    "index compare": "parity.ask.index:IndexCompare",
    "data list": "parity.ask.data:DataList",
    "data show": "parity.ask.data:DataShow",
    "data audit-facts": "parity.ask.data:DataAuditFacts",
    "audit analyse": "parity.ask.audit:AuditAnalyse",
    "audit models": "parity.ask.audit:AuditModels",
    "audit power": "parity.ask.audit:AuditPower",
    "audit prompts": "parity.ask.audit:AuditPrompts",
    "check": "parity.claims.question:Check",
    "lag": "parity.ask.lag:Lag",
    "chips rule": "parity.ask.chips:Rule",
    "chips screen": "parity.ask.chips:Screen",
    "chips list": "parity.ask.chips:Devices",
    "chips show": "parity.ask.chips:Show",
    "chips reach": "parity.ask.chips_access:CanReach",
    "chips timeline": "parity.ask.chips_access:Timeline",
    "chips compute": "parity.ask.chips_access:Installed",
    "bloc list": "parity.ask.bloc:Blocs",
    "bloc members": "parity.ask.bloc:Members",
    "bloc pool": "parity.ask.bloc:Pool",
    "bloc show": "parity.ask.bloc:Show",
    "bloc compare": "parity.ask.bloc:Compare",
    "bloc reach": "parity.ask.bloc_reach:BlocReach",
    "ties": "parity.ask.ties:Ties",
}
"""Verb to ``module:class``; the module is imported when the verb is used."""


SHORT = {"index": "index build"}
"""Names in Python that stand for a verb besides its own."""


def name_of(verb: str) -> str:
    """Return the name of a verb where it has to be one word: in Python, for an assistant."""
    return verb.replace(" ", "_").replace("-", "_")


def verb_of(name: str) -> str:
    """Return the verb that a name stands for; the name where it is none's."""
    return SHORT.get(name) or next((verb for verb in QUESTIONS if name_of(verb) == name), name)


def question(verb: str) -> type[Question]:
    """Return the question of a verb."""
    module, _, name = QUESTIONS[verb].partition(":")
    found: type[Question] = getattr(importlib.import_module(module), name)
    return found


def every() -> Iterator[type[Question]]:
    """Yield all questions."""
    return (question(verb) for verb in QUESTIONS)
