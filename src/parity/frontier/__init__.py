"""Capability from benchmark scores, the frontier of each country, and the lag in months."""

from parity.frontier._abilities import FEWEST_IN_DOMAIN, FEWEST_SCORES, Abilities
from parity.frontier._builtin import Evidence, Sides, carried, fit_evidence, own, sides, together
from parity.frontier._capability import Capability, fit
from parity.frontier._claims import CheckedClaim, check_claims, claims_table
from parity.frontier._frontier import BY, STALE_MONTHS, By, Frontier, frontier
from parity.frontier._input import check_scores
from parity.frontier._lag import TOLERANCE, Censored, Hinge, Lag, Release, Window, catch_up, lag
from parity.frontier._options import BootstrapOptions, FitOptions, Resample
from parity.frontier._parameters import ParameterLag, ParameterLags, parameters, per_benchmark
from parity.frontier._projection import Projection, Trend, project
from parity.frontier._report import LagReport, Lags, lags
from parity.frontier._scenario import Relation, Scenario, ScenarioOptions, relate, scenario

__all__ = [
    "BY",
    "FEWEST_IN_DOMAIN",
    "FEWEST_SCORES",
    "STALE_MONTHS",
    "TOLERANCE",
    "Abilities",
    "BootstrapOptions",
    "By",
    "Capability",
    "Censored",
    "CheckedClaim",
    "Evidence",
    "FitOptions",
    "Frontier",
    "Hinge",
    "Lag",
    "LagReport",
    "Lags",
    "ParameterLag",
    "ParameterLags",
    "Projection",
    "Relation",
    "Release",
    "Resample",
    "Scenario",
    "ScenarioOptions",
    "Sides",
    "Trend",
    "Window",
    "carried",
    "catch_up",
    "check_claims",
    "check_scores",
    "claims_table",
    "fit",
    "fit_evidence",
    "frontier",
    "lag",
    "lags",
    "own",
    "parameters",
    "per_benchmark",
    "project",
    "relate",
    "scenario",
    "sides",
    "together",
]
