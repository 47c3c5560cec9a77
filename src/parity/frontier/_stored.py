"""A fit made before, in the place of one that would come out the same.

A table holds the parameters of a fit, and how those of its refits differ from them, under a digest of
all that they depend on: scores, clusters, options and seed. Draws come in a fixed order, so the first
ones are those of any shorter run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import polars as pl

from parity.frontier._bootstrap import Resampled
from parity.frontier._fit import Floats, Integers, Problem, Solution
from parity.frontier._options import BootstrapOptions, Resample

# The row of the fit itself; the others carry a kind of resampling.
_FIT = "fit"
# Refits are kept as whole multiples of that beside the fit: far less than the error of any capability, and
# 16 bits reach twice the bound of capabilities.
_UNIT = 1 / 1600


class Stored(NamedTuple):
    """A fit, and parameters of its refits by kind of resampling, shape (n_draws, n_parameters) each."""

    solution: Solution
    refits: Mapping[Resample, Floats]


def digest(
    problem: Problem,
    clusters: tuple[Integers | None, Integers | None],
    resampling: BootstrapOptions,
) -> str:
    """Return what tells a fit with its refits from every other; the number of draws does not count."""
    found = hashlib.sha256(problem.options.model_dump_json().encode())
    found.update(f"{problem.n_models} {problem.anchor} {resampling.seed} {resampling.tolerance}".encode())
    for array in (problem.row, problem.column, problem.y, problem.floor, problem.span, *clusters):
        found.update(b"-" if array is None else np.ascontiguousarray(array).tobytes())
    return found.hexdigest()[:16]


def stored_table(key: str, solution: Solution, refits: Mapping[Resample, Resampled]) -> pl.DataFrame:
    """Return a fit and its refits as a table: digest, kind, draw, objective, steps, theta, off."""
    fitted = solution.theta.tolist()
    rows: list[tuple[object, ...]] = [(key, _FIT, 0, solution.objective, solution.steps, fitted, None)]
    for kind, made in refits.items():
        off = np.rint((made.theta - solution.theta) / _UNIT).astype(np.int16).tolist()
        rows += [(key, kind, k, None, None, None, one) for k, one in enumerate(off)]
    return pl.DataFrame(
        rows,
        schema={
            "digest": pl.String,
            "kind": pl.String,
            "draw": pl.Int32,
            "objective": pl.Float64,
            "steps": pl.Int32,
            "theta": pl.List(pl.Float64),
            "off": pl.List(pl.Int16),
        },
        orient="row",
    )


def look_up(
    table: pl.DataFrame | None, key: str, n_models: int, kinds: tuple[Resample, ...], draws: int
) -> Stored | None:
    """Return the stored fit of a digest, if it holds as many draws of each kind."""
    if table is None or "off" not in table.columns:
        return None
    rows = table.filter(pl.col("digest") == key).sort("kind", "draw")
    fit = rows.filter(pl.col("kind") == _FIT)
    off = {kind: rows.filter(pl.col("kind") == kind)["off"].head(draws) for kind in kinds}
    if fit.is_empty() or any(len(made) < draws for made in off.values()):
        return None
    row = fit.row(0, named=True)
    theta = np.array(row["theta"])
    refits = {
        kind: theta + made.explode().to_numpy().reshape(draws, -1) * _UNIT for kind, made in off.items()
    }
    return Stored(Solution(theta, n_models, row["objective"], row["steps"], True), refits)
