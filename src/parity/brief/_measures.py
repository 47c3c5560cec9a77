"""Sections that other measures give: the lag of a country's models, and its access to accelerators."""

from __future__ import annotations

from datetime import date
from functools import cache

from parity import chips as chip_rules
from parity.audit import control_section, own_governments, read_labels
from parity.brief.model import (
    ChipsSection,
    ComputeEvent,
    ControlSection,
    FrontierSection,
    LagThen,
    Missing,
    ParameterLine,
)
from parity.catalogue import find_country, load_table, vintage
from parity.errors import NoAnswerError
from parity.estimate import Estimate
from parity.frontier import BootstrapOptions, Capability, carried, fit_evidence, frontier, lag_section
from parity.frontier import lag as frontier_lag

# Draws of each kind of resampling, as `parity lag` has them: the same command, the same numbers.
DRAWS = 100


def lag(unit: str, earlier: date) -> FrontierSection:
    """Return how far the country's best models trail the frontier.

    Parameters
    ----------
    unit
        The country.
    earlier
        Day of the lag that it is compared with.
    """
    found = lag_section(unit, capability=capability())
    rows = found.parameters.rows if found.parameters else ()
    lines = [
        ParameterLine(name=row.name, lag=row.lag, lower_bound=row.lower_bound, detail=row.detail)
        for row in rows
    ]
    own = found.lag
    return FrontierSection(
        behind=found.behind,
        on=own and own.on,
        standing=own.standing if own else Estimate(None, unit="months", reason=found.reason),
        mean=own and own.window.mean,
        since=own and own.window.since,
        of_model=own and own.of_model,
        behind_model=own and own.behind_model,
        parameters=lines,
        earlier=LagThen(on=earlier, standing=lag_on(unit, found.behind, earlier)) if own else None,
    )


def lag_on(unit: str, behind: str, day: date) -> Estimate:
    """Return the standing lag on a day, or why there is none."""
    try:
        return frontier_lag(frontier(capability().abilities), unit, behind, on=day).standing
    except NoAnswerError as problem:
        return Estimate(None, unit="months", reason=str(problem))


@cache
def capability() -> Capability:
    """Return the fit of the carried scores: the same for every country, so made once."""
    return fit_evidence(carried(), resampling=BootstrapOptions(draws=DRAWS))


def chips(unit: str) -> ChipsSection:
    """Return what accelerators the country can lawfully reach, and what it has."""
    found = chip_rules.section(chip_rules.rulebook(), chip_rules.accelerators(), load_table("clusters"), unit)
    return ChipsSection(
        on=found.on,
        groups=list(found.groups),
        best=found.best,
        world=found.world,
        lag=found.lag,
        h100e=found.h100e,
        share=found.share,
        compute_on=found.compute_on,
        compute_note=found.compute_note,
        events=[ComputeEvent.model_validate(event) for event in found.events],
    )


def control(unit: str) -> ControlSection | Missing:
    """Return how the models of the country's developers treat its own government."""
    labels, models, _ = read_labels()
    try:
        found = control_section(
            labels, models, find_country(unit).iso2, own=own_governments(), data=vintage()
        )
    except NoAnswerError as problem:
        return Missing(reason=str(problem))
    return ControlSection(
        government=found.government,
        sentence=found.sentence,
        rate=found.rate,
        selective=found.selective,
        clear=found.clear,
        undecided=found.undecided,
        basis=found.basis,
    )
