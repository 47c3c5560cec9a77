"""What packages above the engine build on: its arrays, options and rules, without an index.

`parity.index` holds what a user of indices needs; here are the parts that other measures replay,
or redraw with.
"""

from parity.index._fillers import Normal
from parity.index._options import STEPS, Aggregate, Impute, Normalise, Treat, Weight
from parity.index._scores import Rule, fit_scoring, rules
from parity.index._spec_text import faults
from parity.index._table import number_column, numbers, read_block

__all__ = [
    "STEPS",
    "Aggregate",
    "Impute",
    "Normal",
    "Normalise",
    "Rule",
    "Treat",
    "Weight",
    "faults",
    "fit_scoring",
    "number_column",
    "numbers",
    "read_block",
    "rules",
]
