"""The lag section of a country's brief."""

from __future__ import annotations

from dataclasses import dataclass

from parity.errors import NoAnswerError
from parity.frontier._builtin import carried, fit_evidence
from parity.frontier._capability import Capability
from parity.frontier._frontier import frontier
from parity.frontier._lag import Lag, lag
from parity.frontier._options import BootstrapOptions
from parity.frontier._parameters import ParameterLags, parameters

# Draws per kind: those of `parity lag`, so that a brief and a lag tell the same interval.
BRIEF_DRAWS = 100


@dataclass(frozen=True, slots=True)
class LagSection:
    """What a brief says about a country's lag.

    Attributes
    ----------
    country
        ISO3 code.
    behind
        The frontier that it is held against.
    lag
        Overall lag; ``None`` where ``reason`` says why.
    with_derived
        The same with models on foreign weights; ``None`` where that changes nothing or cannot be told.
    parameters
        Lag by parameter; ``None`` without a scored model.
    reason
        Why there is no lag; empty otherwise.
    data
        Vintage of the data.
    """

    country: str
    behind: str
    lag: Lag | None
    with_derived: Lag | None
    parameters: ParameterLags | None
    reason: str
    data: str


def lag_section(
    country: str, behind: str = "USA", *, capability: Capability | None = None, seed: int = 0
) -> LagSection:
    """Return the lag section of a country's brief.

    Parameters
    ----------
    country, behind
        ISO3 codes. The reference's own brief is held against the strongest other country.
    capability
        A fit to use; the carried scores are fitted if ``None``.
    seed
        Seed of the resampling.

    Returns
    -------
    LagSection
        Lags, or the reason why none can be told.
    """
    from parity.catalogue import load_table

    if capability is None:
        capability = fit_evidence(carried(), resampling=BootstrapOptions(draws=BRIEF_DRAWS, seed=seed))
    domestic = frontier(capability.abilities)
    if country == behind:
        behind = next(group for group in domestic.leading(2) if group != country)
    everything = frontier(capability.abilities, include_derived=True)
    try:
        found = lag(domestic, country, behind)
    except NoAnswerError as problem:
        return LagSection(
            country, behind, None, _derived(everything, country, behind), None, str(problem), capability.data
        )
    derived = _derived(everything, country, behind)
    if derived is not None and derived.of_model == found.of_model:
        derived = None
    lags = parameters(capability, load_table("notable_models"), load_table("clusters"), country, behind)
    return LagSection(country, behind, found, derived, lags, "", capability.data)


def _derived(everything: object, country: str, behind: str) -> Lag | None:
    try:
        return lag(everything, country, behind)  # type: ignore[arg-type]
    except NoAnswerError:
        return None
