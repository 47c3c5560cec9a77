"""Small specs and tables that the tests of the index share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from parity.index import Index, IndexSpec, build


def spec(
    steps: str = "", indicators: Mapping[str, str] | None = None, groups: str = "", head: str = ""
) -> IndexSpec:
    """A spec of indicators (code to further fields) below one top, or below the groups given."""
    text = f'[index]\nid = "small"\n{head}\n{steps}\n'
    for code, fields in (indicators or {"a": "", "b": ""}).items():
        text += f'[[indicator]]\ncode = "{code}"\n{fields}\n'
    return IndexSpec.from_toml(text + groups)


def frame(columns: Mapping[str, Sequence[object]], ids: Sequence[str] | None = None) -> pl.DataFrame:
    n = len(next(iter(columns.values())))
    names = [f"u{row}" for row in range(n)] if ids is None else list(ids)
    return pl.DataFrame({"id": names, **columns}, strict=False, nan_to_null=True)


def built(
    steps: str, columns: Mapping[str, Sequence[object]], fields: Mapping[str, str] | None = None
) -> Index:
    known = fields or {}
    return build(spec(steps, {code: known.get(code, "") for code in columns}), frame(columns))


def random_columns(rng: np.random.Generator, units: int, codes: Sequence[str]) -> dict[str, np.ndarray]:
    return {code: np.exp(rng.standard_normal(units)) for code in codes}
