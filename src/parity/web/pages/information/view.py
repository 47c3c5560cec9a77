"""What the page on information control shows: the controls at once, the findings as a part."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.answers.audit import LIMITS, developer_sentence, language_summary
from parity.errors import ParityError
from parity.web.pages.information import model
from parity.web.pages.information.forest import forest_figure
from parity.web.pages.information.languages import languages_figure
from parity.web.pages.information.layers import layers_figure
from parity.web.pages.information.model import called, sentence
from parity.web.pages.information.tables import (
    Shown,
    agreement_table,
    developers_figure,
    language_table,
    rates_table,
)

if TYPE_CHECKING:
    from parity.audit import AuditResult
    from parity.web.pages.information.state import InformationState

OUTCOMES = {"noncompliance": "Anything but a complete answer", "denial": "A refusal alone"}


def view(state: InformationState) -> Mapping[str, Any]:
    """Return the controls."""
    governments = {code: called(code) for code in model.values("government")}
    return {
        "governments": governments,
        "against": {"others": "All others on the same tasks"} | governments,
        "judges": {name: name for name in model.values("judge")},
        "languages": {code: called(code) for code in model.values("language")},
        "homes": {code: called(code) for code in model.homes()} | {model.UNKNOWN: "Not known"},
        "outcomes": OUTCOMES,
    }


def findings_part(state: InformationState) -> Mapping[str, Any]:
    """Return all findings for a question.

    Raises
    ------
    ParityError
        If a government is compared with itself.
    """
    if state.protected == state.against:
        raise ParityError(f"{called(state.protected)} cannot be compared with itself; choose another")
    result = model.analysis(state.protected, state.against, state.outcome, state.judge)
    shown = Shown(result, state.home, state.language, command_of(state, result))
    return {
        "finding": finding(result),
        "facts": facts(result),
        "forest": forest_figure(shown),
        "languages": languages_figure(shown),
        "summary": language_table(shown, language_summary(result)),
        "layers": layers_figure(shown),
        "developers": developers_figure(shown),
        "country_level": country_level(result),
        "rates": rates_table(shown),
        "agreement": agreement_table(shown),
        "limits": LIMITS,
        "notes": [f"{note[:1].upper()}{note[1:]}." for note in result.notes],
    }


def command_of(state: InformationState, result: AuditResult) -> str:
    """Return the command that gives the same analysis."""
    words = ["parity", "audit", "analyse", "--protected", state.protected]
    words += ["--against", state.against] if state.against != "others" else []
    words += ["--outcome", state.outcome] if state.outcome != "noncompliance" else []
    words += ["--judge", str(result.options.judge)] if state.judge else []
    return shlex.join(words)


def finding(result: AuditResult) -> str:
    """Return the answer as a headline."""
    rows, options = result.selectivity, result.options
    more = int((rows["verdict"] == "withholds more").sum())
    about, other = sentence(str(options.protected)), sentence(options.against)
    count = f"{more or 'None'} of {len(rows)} models"
    verb = "withholds" if more < 2 else "withhold"
    return f"{count} {verb} more when {about} is criticised than when {_are(other)}"


def _are(other: str) -> str:
    return "others are" if other == "others" else f"{other} is"


def facts(result: AuditResult) -> list[str]:
    """Return what the analysis says besides, in sentences."""
    verdict, options = result.selectivity["verdict"], result.options
    none = int(verdict.str.starts_with("no difference").sum())
    less = int((verdict == "withholds less").sum())
    unsure = int((verdict == "cannot tell").sum())
    own = result.own["verdict"] if not result.own.is_empty() else pl.Series([""])
    days = result.days()
    span = f", answers of {days[0]:%B %Y} to {days[1]:%B %Y}" if days else ""
    return [
        f"{none} show no difference above {100 * options.margin:g} points, {less} withhold less, {unsure} "
        "cannot be told with so few tasks. Claims hold after Holm's correction over all models.",
        f"Each model's own government against all others: {int((own == 'withholds more').sum())} of "
        f"{len(result.own)} models whose developer is known withhold more on their own.",
        f"Judge {options.judge}{span}. There is no single score: rates differ by prompts, language, route "
        "and judge.",
    ]


def country_level(result: AuditResult) -> str:
    """Return the result about a country's developers in words."""
    if result.developers is None:
        return "No result about developers."
    told = developer_sentence(result.developers, result.options.level)
    code = result.developers.group
    named = re.sub(rf"\b{re.escape(code)}\b", sentence(code), told)
    return f"{named}. Each developer counts once: models of one developer agree with each other anyway."
