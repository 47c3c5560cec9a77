"""All questions, for the faces: verb to class, imported on use."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parity.ask.question import Question

QUESTIONS = {
    "rank": "parity.ask.rank:Rank",
    "goal": "parity.ask.goal:Goal",
    "explain": "parity.ask.explain:Explain",
    "robustness": "parity.ask.robustness:Robustness",
    "robustness swap": "parity.ask.robustness:Swap",
    "robustness draw": "parity.ask.robustness:Draw",
    "capability list": "parity.ask.capability:CapabilityList",
    "capability show": "parity.ask.capability:CapabilityShow",
    "capability benchmarks": "parity.ask.capability:CapabilityBenchmarks",
    "capability fit": "parity.ask.capability:CapabilityFit",
    "pledges list": "parity.ask.pledges:PledgesList",
    "pledges due": "parity.ask.pledges:PledgesDue",
    "pledges show": "parity.ask.pledges:PledgesShow",
    "lag": "parity.ask.lag:Lag",
    "chips rule": "parity.ask.chips:Rule",
    "chips screen": "parity.ask.chips:Screen",
    "chips list": "parity.ask.chips:Devices",
    "chips show": "parity.ask.chips:Show",
    "chips reach": "parity.ask.chips:CanReach",
    "chips timeline": "parity.ask.chips:Timeline",
    "chips compute": "parity.ask.chips:Installed",
}
"""Verb to ``module:class``; the module is imported when the verb is used."""


def question(verb: str) -> type[Question]:
    """Return the question of a verb."""
    module, _, name = QUESTIONS[verb].partition(":")
    found: type[Question] = getattr(importlib.import_module(module), name)
    return found


def every() -> Iterator[type[Question]]:
    """Yield all questions."""
    return (question(verb) for verb in QUESTIONS)
