"""Capability from benchmark scores, the frontier of each country, and the lag in months."""

from parity.frontier._abilities import FEWEST_IN_DOMAIN, FEWEST_SCORES, Abilities
from parity.frontier._capability import Capability, fit
from parity.frontier._evidence import Evidence, fit_evidence, own, together
from parity.frontier._frontier import BY, STALE_MONTHS, WORLD, By, Frontier, frontier
from parity.frontier._lag import TOLERANCE, Censored, Hinge, Lag, Measure, Release, Window, lag, standing_lag
from parity.frontier._models import (
    OTHERS,
    Benchmarks,
    Fit,
    Model,
    Models,
    Shown,
    benchmarks,
    by_capability,
    fitted,
    grouped,
    models,
    records,
    shown,
)
from parity.frontier._options import BootstrapOptions, FitOptions, Resample
from parity.frontier._parameters import ParameterLag, ParameterLags, parameters, per_benchmark
from parity.frontier._projection import Projection, Trend, project
from parity.frontier._report import LagReport, Lags, lags
from parity.frontier._scenario import Relation, Scenario, ScenarioOptions, relate, scenario
from parity.frontier._tidy import Duplicates

__all__ = [
    "BY",
    "FEWEST_IN_DOMAIN",
    "FEWEST_SCORES",
    "OTHERS",
    "STALE_MONTHS",
    "TOLERANCE",
    "WORLD",
    "Abilities",
    "Benchmarks",
    "BootstrapOptions",
    "By",
    "Capability",
    "Censored",
    "Duplicates",
    "Evidence",
    "Fit",
    "FitOptions",
    "Frontier",
    "Hinge",
    "Lag",
    "LagReport",
    "Lags",
    "Measure",
    "Model",
    "Models",
    "ParameterLag",
    "ParameterLags",
    "Projection",
    "Relation",
    "Release",
    "Resample",
    "Scenario",
    "ScenarioOptions",
    "Shown",
    "Trend",
    "Window",
    "benchmarks",
    "by_capability",
    "fit",
    "fit_evidence",
    "fitted",
    "frontier",
    "grouped",
    "lag",
    "lags",
    "models",
    "own",
    "parameters",
    "per_benchmark",
    "project",
    "records",
    "relate",
    "scenario",
    "shown",
    "standing_lag",
    "together",
]
