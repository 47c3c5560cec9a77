"""A small index of made-up countries, and ties with a known truth."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from parity.blocs import Panel
from parity.index import Index, IndexSpec, build

SPEC = """
[index]
id = "made-up"
[steps.denominate]
[steps.impute]
method = "mean"
[steps.normalise]
method = "minmax"
[steps.aggregate]
method = "arithmetic"
[[group]]
code = "all"
[[group]]
code = "size"
parent = "all"
[[group]]
code = "rate"
parent = "all"
weight = 2
[[indicator]]
code = "papers.scale"
group = "size"
kind = "extensive"
[[indicator]]
code = "papers.intensity"
group = "rate"
kind = "intensive"
denominator = "population"
factor = 1e6
[[indicator]]
code = "law"
group = "rate"
kind = "intensive"
bounds = [0, 1]
[[indicator]]
code = "spending"
group = "rate"
kind = "intensive"
direction = -1
"""


@pytest.fixture(scope="session")
def table() -> pl.DataFrame:
    rng = np.random.default_rng(7)
    n = 20
    papers = np.exp(rng.normal(6, 1.5, n))
    law, spending = rng.uniform(0, 1, n), rng.uniform(1, 9, n)
    law[3] = np.nan
    return pl.DataFrame(
        {
            "id": [f"C{k:02d}" for k in range(n)],
            "population": np.exp(rng.normal(16, 1, n)),
            "gdp": np.exp(rng.normal(26, 1, n)),
            "papers.scale": papers,
            "papers.intensity": papers,
            "law": pl.Series(law, nan_to_null=True),
            "spending": spending,
        }
    )


@pytest.fixture(scope="session")
def spec() -> IndexSpec:
    return IndexSpec.from_toml(SPEC)


@pytest.fixture(scope="session")
def index(spec: IndexSpec, table: pl.DataFrame) -> Index:
    return build(spec, table)


def panel_of(weights: np.ndarray, codes: list[str] | None = None) -> Panel:
    """Return a panel from weights, shape (t, n, n), symmetric."""
    t, n, _ = weights.shape
    codes = codes or [f"C{k:02d}" for k in range(n)]
    rows = [
        {
            "series": "made",
            "a": codes[i],
            "b": codes[j],
            "period": f"{2000 + k // 4}Q{k % 4 + 1}",
            "weight": float(weights[k, i, j]),
            "directions": 2,
        }
        for k in range(t)
        for i in range(n)
        for j in range(i + 1, n)
        if weights[k, i, j] > 0
    ]
    return Panel.of(pl.DataFrame(rows), "made")
