"""What a ranking rests on: an index rebuilt many times, each time with other choices."""

from parity.robustness._bag import Workers
from parity.robustness._run import BASE_POINTS, Options, Prepared, analyse
from parity.robustness._sobol import Indices, sobol_indices
from parity.robustness.assumptions import Assumptions
from parity.robustness.places import Forms
from parity.robustness.results import Robustness, Sensitivity, Use

__all__ = [
    "BASE_POINTS",
    "Assumptions",
    "Forms",
    "Indices",
    "Options",
    "Prepared",
    "Robustness",
    "Sensitivity",
    "Use",
    "Workers",
    "analyse",
    "sobol_indices",
]
