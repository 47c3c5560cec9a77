"""Write ``docs/methods/robustness.md``: the method, and what the built-in index rests on.

``python -m tools.robustness_page``. Rank intervals of all countries come from the table stored in the
snapshot, the rest from a run of the built-in index; it takes about a minute.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel

from parity.ask.intervals import DRAWS, LEVEL, stored_intervals
from parity.ask.standing import Standing, standing
from parity.catalogue.files import write_text
from parity.index import VARIANTS
from parity.robustness import Assumptions, Options, Robustness, analyse
from parity.robustness._draws import Factor, chosen, chunk_seed, columns_of, sobol_points
from parity.robustness._kernel import ranks_of
from parity.robustness._run import make
from parity.robustness._weights import Noise
from parity.robustness.assumptions import (
    Choice,
    LeaveOut,
    Measurement,
    MultipleImputation,
    Vintages,
    Weights,
)
from parity.robustness.results import SHIFT
from tools.open_ai_index import render

DOCS = Path(__file__).resolve().parents[1] / "docs"
COUNTRIES = ("RUS", "CHN", "IND", "BRA", "USA")
BASE = 1 << 14
RANK_DRAWS = 1 << 16
MOST = 3
"""Indicators and weights to name on either side."""
_STREAM = 0xD0C5
_TABLES: dict[str, type[BaseModel]] = {
    "robustness.choice": Choice,
    "robustness.weights": Weights,
    "robustness.leave_out": LeaveOut,
    "robustness.measurement": Measurement,
    "robustness.multiple_imputation": MultipleImputation,
    "robustness.vintages": Vintages,
}


def fields() -> dict[str, list[dict[str, str]]]:
    """Return what each table below ``[robustness]`` may hold, from the models that check it."""
    found = {}
    for table, model in _TABLES.items():
        rows = {name: field.description or "" for name, field in model.model_fields.items()}
        found[table] = [{"name": name, "text": text} for name, text in rows.items() if name != "name"]
    return found


def places() -> list[dict[str, Any]]:
    """Return rank and stored interval of every country in every variant, by rank in the default one."""
    by_variant = {variant: _places(variant) for variant in VARIANTS}
    return [
        {"id": code, "name": row["name"], **{v: by_variant[v].get(code) for v in VARIANTS}}
        for code, row in by_variant["both"].items()
    ]


def _places(variant: str) -> dict[str, dict[str, Any]]:
    found = standing(variant=variant)
    stored = stored_intervals(found)
    if stored is None or stored.is_empty():
        raise SystemExit("the stored rank intervals are stale: run `python -m tools.stored_results` first")
    index = found.index
    table = pl.DataFrame(
        {"id": list(index.units), "name": list(index.names), "rank": index.ranks[:, -1].astype(int)}
    )
    table = table.join(stored.filter(node=index.tree.codes[-1]), on="id").sort("rank", "id")
    return {row["id"]: row for row in table.iter_rows(named=True)}


def sensitivity(result: Robustness) -> list[dict[str, Any]]:
    """Return one row per assumption: first-order and total index of each country's rank, in percent."""
    if result.sensitivity is None:
        raise SystemExit("the run has no sensitivity analysis")
    table = result.sensitivity.table()
    names = [*(f"rank {country}" for country in COUNTRIES), SHIFT]
    rows = []
    for assumption in result.sensitivity.assumptions:
        cells = [table.row(by_predicate=_is(output, assumption), named=True) for output in names]
        rows.append({"assumption": assumption, "cells": cells})
    return rows


def largest(rows: list[dict[str, Any]]) -> list[list[tuple[str, int]]]:
    """Return the assumptions with the largest total index of every output, with it in percent."""
    found = []
    for place in range(len(rows[0]["cells"])):
        named = [(row["assumption"], _percent(row["cells"][place]["total"])) for row in rows]
        known = [(name, percent) for name, percent in named if percent is not None]
        found.append(sorted(known, key=lambda pair: -pair[1])[:MOST])
    return found


def _percent(share: float | None) -> int | None:
    """Return a share in percent, at least 0 for an estimate; ``None`` for a rank that never moves."""
    return None if share is None else max(0, round(100 * share))


def _is(output: str, assumption: str) -> pl.Expr:
    return (pl.col("output") == output) & (pl.col("assumption") == assumption)


def movers(found: Standing) -> dict[str, Any]:
    """Return how the mean rank goes with each alternative and each weight.

    Returns
    -------
    dict
        ``choices``: mean rank by alternative; ``left_out`` and ``weights``: by country the elements that,
        left out or given more weight, bring it up and down most.
    """
    index = found.index
    plan, _ = make(index.spec, index.stages["raw"].table)
    points = sobol_points(RANK_DRAWS, plan.dimensions, chunk_seed(plan.recipe.seed, _STREAM, 0))
    units = list(plan.units)
    ranks = ranks_of(plan.scores(plan.realise(points)))[[units.index(country) for country in COUNTRIES]]
    picked = dict(zip([f.name for f in plan.factors], chosen(plan.factors, points), strict=True))
    columns = dict(zip([f.name for f in plan.factors], columns_of(plan.factors), strict=True))
    titles = {code: found.title(place) for place, code in enumerate(index.tree.codes)}
    choices, left_out, weights = [], {}, {}
    for factor in plan.factors:
        if factor.kind == "choice":
            choices += _means(factor, picked[factor.name], ranks)
        elif factor.kind == "leave_out":
            left_out = _left_out(factor, picked[factor.name], ranks, titles)
        elif isinstance(factor.rule, Noise):
            codes = [index.tree.codes[plan.kept[node]] for node in factor.rule.nodes]
            weights = _correlated(points[:, columns[factor.name]], ranks, [titles[code] for code in codes])
    return {"choices": choices, "left_out": left_out, "weights": weights}


def _means(factor: Factor, picked: NDArray[np.intp], ranks: NDArray[np.int32]) -> list[dict[str, Any]]:
    return [
        {"assumption": factor.name, "label": label, "means": ranks[:, picked == k].mean(axis=1).tolist()}
        for k, label in enumerate(factor.labels)
    ]


def _left_out(
    factor: Factor, picked: NDArray[np.intp], ranks: NDArray[np.int32], titles: Mapping[str, str]
) -> dict[str, dict[str, list[tuple[str, float]]]]:
    found = {}
    for country, row in zip(COUNTRIES, ranks, strict=True):
        mean = row[picked == 0].mean()
        shifts = [
            (titles.get(label, f"the source {label}"), float(row[picked == k].mean() - mean))
            for k, label in enumerate(factor.labels)
            if k
        ]
        found[country] = _ends(shifts)
    return found


def _correlated(
    points: NDArray[np.float64], ranks: NDArray[np.int32], names: list[str]
) -> dict[str, dict[str, list[tuple[str, float]]]]:
    found = {}
    for country, row in zip(COUNTRIES, ranks, strict=True):
        # A rank that never moves goes with nothing.
        still = row.min() == row.max()
        moves = [0.0 if still else float(np.corrcoef(column, row)[0, 1]) for column in points.T]
        found[country] = _ends(list(zip(names, moves, strict=True)))
    return found


def _ends(named: list[tuple[str, float]]) -> dict[str, list[tuple[str, float]]]:
    """Return those that lower the rank number most (better), and those that raise it most."""
    ordered = sorted(named, key=lambda pair: pair[1])
    return {"up": ordered[:MOST], "down": ordered[::-1][:MOST]}


def facts() -> dict[str, Any]:
    """Return what the page says."""
    found = standing()
    index = found.index
    result = analyse(
        index.spec, index.stages["raw"].table, Options(base=BASE, units=COUNTRIES), vintage=found.vintage
    )
    table = result.table()
    groups = result.groups()
    rows = sensitivity(result)
    moved = movers(found)
    return {
        "vintage": found.vintage,
        "fields": fields(),
        "draws": result.draws,
        "stored_level": round(100 * LEVEL),
        "spec_draws": Assumptions.of(index.spec).draws,
        "pillar_draws": DRAWS,
        "error": float(np.nanmax(result.monte_carlo_error())),
        "mean_error": float(np.nanmean(result.monte_carlo_error())),
        "uses": result.uses,
        "variants": math.prod(
            len(u.alternatives) for u in result.uses if u.kind in ("choice", "measurement")
        ),
        "places": places(),
        "countries": COUNTRIES,
        "names": dict(zip(result.units, result.names, strict=True)),
        "intervals": {row["id"]: row for row in table.iter_rows(named=True)},
        "not_apart": {country: result.not_apart(country) for country in COUNTRIES},
        "group_count": max(groups),
        "sensitivity": rows,
        "alone": {row["assumption"]: [_percent(cell["first"]) for cell in row["cells"]] for row in rows},
        "together": {row["assumption"]: [_percent(cell["total"]) for cell in row["cells"]] for row in rows},
        "largest": largest(rows),
        "first": {country: float(result.top(1)[result.row(country)]) for country in COUNTRIES},
        "base": BASE,
        **moved,
    }


if __name__ == "__main__":
    write_text(DOCS / "methods" / "robustness.md", render("robustness.md.j2", **facts()) + "\n")
