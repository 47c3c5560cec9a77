"""Specs and data that the tests of robustness share."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from parity.index import IndexSpec
from tests.index.asem import EXAMPLE
from tests.index.asem import spec as asem_spec
from tests.index.asem import table as asem_table

UNITS = 12
_STEPS = """
[steps.impute]
method = "median"
[steps.treat]
[steps.normalise]
lower = 1
[steps.aggregate]
"""
ASSUMPTIONS = """
[[robustness.choice]]
name = "normalisation"
field = "normalise"
values = [{ method = "minmax", lower = 1, upper = 100 }, { method = "zscore", mean = 10, sd = 2 }]
[[robustness.choice]]
name = "aggregation"
field = "aggregate.method"
values = ["arithmetic", "geometric"]
[[robustness.weights]]
noise = 0.25
"""
ASEM_ASSUMPTIONS = """
[[robustness.choice]]
name = "winsorising"
field = "treat.winmax"
range = [1, 5]
[[robustness.choice]]
name = "normalisation"
field = "normalise"
values = [{ method = "minmax", lower = 1, upper = 100 }, { method = "zscore", mean = 10, sd = 2 }]
[[robustness.weights]]
noise = { 2 = 0.25, 3 = 0.25 }
[[robustness.choice]]
name = "aggregation"
field = "aggregate.method"
values = ["arithmetic", "geometric"]
"""


def spec(assumptions: str = ASSUMPTIONS, steps: str = _STEPS, extra: str = "") -> IndexSpec:
    """Six indicators in two groups of three below one index."""
    text = f'[index]\nid = "synthetic"\n{extra}\n{steps}\n{assumptions}\n'
    for place, code in enumerate("abcdef"):
        text += f'[[indicator]]\ncode = "{code}"\ngroup = "{"gh"[place // 3]}"\nweight = {1 + place % 3}\n'
    text += '[[group]]\ncode = "g"\nparent = "top"\nweight = 2\n'
    return IndexSpec.from_toml(text + '[[group]]\ncode = "h"\nparent = "top"\n[[group]]\ncode = "top"\n')


def data(missing: float = 0.1) -> pl.DataFrame:
    """Log-normal columns, some cells missing."""
    rng = np.random.default_rng(5)
    values = np.exp(rng.standard_normal((UNITS, 6)))
    values[rng.random(values.shape) < missing] = np.nan
    columns = {code: values[:, place] for place, code in enumerate("abcdef")}
    return pl.DataFrame({"id": [f"u{row}" for row in range(UNITS)], **columns}, nan_to_null=True)


def flat(values: dict[str, list[float]], assumptions: str, ids: list[str]) -> tuple[IndexSpec, pl.DataFrame]:
    """Indicators of one group, taken as they are."""
    text = f'[index]\nid = "flat"\n[steps.aggregate]\n{assumptions}\n'
    text += "".join(f'[[indicator]]\ncode = "{code}"\n' for code in values)
    return IndexSpec.from_toml(text), pl.DataFrame({"id": ids, **values})


def asem(shared: Path, assumptions: str = ASEM_ASSUMPTIONS) -> tuple[IndexSpec, pl.DataFrame]:
    """COINr's example with its four assumptions."""
    plain = asem_spec(shared, EXAMPLE.format(normalise="", aggregate=""))
    return IndexSpec.from_toml(plain.to_toml() + assumptions), asem_table(shared, "asem_data")
