"""Write ``docs/methods/open-ai-index.md``: what is in the built-in index, and the evidence for its choices.

``python -m tools.open_ai_index``. Everything comes from the embedded snapshot; it takes about a minute.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import polars as pl

from parity.catalogue import load_table, vintage
from parity.catalogue.files import write_text
from parity.index import VARIANTS, Assembly, Index, IndexSpec, assemble, build, builtin_spec

PAGE = Path(__file__).resolve().parents[1] / "docs" / "methods" / "open-ai-index.md"
TEMPLATES = Path(__file__).parent / "templates"

TREATMENTS = [
    (first, second) for first in ("none", "winsorise") for second in ("none", "log", "asinh", "boxcox")
]
IMPUTATIONS: dict[str, dict[str, Any]] = {
    "median": {"method": "median"},
    "median of the income group": {"method": "group_median", "by": "income_group", "fallback": "median"},
    "median of the region": {"method": "group_median", "by": "region", "fallback": "median"},
    "5 nearest neighbours": {"method": "neighbours", "neighbours": 5},
    "10 nearest neighbours": {"method": "neighbours", "neighbours": 10},
}
RAW_FIRST = ["denominate", "screen", "impute", "treat", "normalise"]
TREATED_FIRST = ["denominate", "screen", "treat", "impute", "normalise"]
HIDDEN_SHARE = 0.08
REPEATS = 5


def with_steps(spec: IndexSpec, **steps: Any) -> IndexSpec:
    """Return the spec with some of its steps replaced."""
    body = spec.model_dump(mode="json", by_alias=True, exclude_unset=True)
    body["steps"] |= steps
    return IndexSpec.model_validate(body)


def treatments(spec: IndexSpec, table: pl.DataFrame) -> list[dict[str, Any]]:
    """Count the indicators that still fail the skewness and kurtosis test, by treatment."""
    rows = []
    for first, second in TREATMENTS:
        index = build(with_steps(spec, treat={"first": first, "second": second, "winmax": 5}), table)
        rows.append({"first": first, "second": second, "failing": failing(index)})
    return rows


def failing(index: Index) -> int:
    """Count columns of the treated stage with |skewness| > 2 and excess kurtosis > 3.5."""
    values = index.stages["treated"].values
    z = (values - np.nanmean(values, axis=0)) / np.nanstd(values, axis=0)
    skewness, kurtosis = np.nanmean(z**3, axis=0), np.nanmean(z**4, axis=0) - 3
    return int(((np.abs(skewness) > 2) & (kurtosis > 3.5)).sum())


def imputations(spec: IndexSpec, table: pl.DataFrame) -> list[dict[str, Any]]:
    """Hide known cells and measure how near each method comes to them, in normalised points (0 to 100)."""
    whole = build(spec, table)
    truth, known = whole.stages["normalised"].values, ~whole.imputed
    spec = with_steps(spec, screen={"include": list(whole.units), "min_available": 1.0})
    rng = np.random.default_rng(2023)
    masks = [hidden(spec.codes, known, rng) for _ in range(REPEATS)]
    rows = []
    for name, impute in IMPUTATIONS.items():
        for order in (RAW_FIRST, TREATED_FIRST):
            candidate = with_steps(spec, impute=impute, order=order)
            errors = np.concatenate([missed(candidate, table, whole, truth, mask) for mask in masks])
            rows.append(
                {
                    "method": name,
                    "scale": "raw" if order is RAW_FIRST else "treated",
                    "rmse": float(np.sqrt(np.mean(errors**2))),
                    "mae": float(np.mean(np.abs(errors))),
                    "bias": float(np.mean(errors)),
                    "cells": len(errors),
                }
            )
    return rows


def hidden(codes: tuple[str, ...], known: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw cells to hide; both forms of an indicator go together, or one would give the other away."""
    mask = known & (rng.random(known.shape) < HIDDEN_SHARE)
    for column, code in enumerate(codes):
        if code.endswith(".intensity"):
            mask[:, column] = mask[:, codes.index(code.replace(".intensity", ".scale"))]
    return mask


def missed(
    spec: IndexSpec, table: pl.DataFrame, whole: Index, truth: np.ndarray, mask: np.ndarray
) -> np.ndarray:
    """Return filled-in less true value of the hidden cells, in normalised points."""
    rows = {unit: row for row, unit in enumerate(whole.units)}
    place = np.array([rows.get(unit, -1) for unit in table["iso3"]])
    columns = []
    for column, code in enumerate(spec.codes):
        values = table[code].to_numpy().astype(float)
        values[(place >= 0) & mask[place, column]] = np.nan
        columns.append(pl.Series(code, values, nan_to_null=True))
    index = build(spec, table.with_columns(columns))
    order = [list(index.units).index(unit) for unit in whole.units]
    return (index.stages["normalised"].values[order] - truth)[mask]


def indicators(spec: IndexSpec, assembly: Assembly, index: Index) -> list[dict[str, Any]]:
    """Return one row per series: what it is, where from, how well covered."""
    cells = assembly.cells.filter(pl.col("iso3").is_in(list(index.units)))
    titles = {group.code: group.title for group in spec.groups}
    rows: dict[str, dict[str, Any]] = {}
    for indicator in spec.indicators:
        assert indicator.select is not None
        own = cells.filter(code=indicator.code)
        flags = Counter(own["flag"])
        row = rows.setdefault(
            indicator.select.indicator,
            {
                "code": indicator.select.indicator,
                "title": indicator.title,
                "group": titles[indicator.group or ""],
                "years": "-".join(str(year) for year in dict.fromkeys(indicator.select.years or ())),
                "source": own["source"].drop_nulls().first(),
                "known": flags["observed"] + flags["estimated"],
                "zero": flags["structural_zero"],
                "missing": flags["missing"],
                "forms": [],
            },
        )
        row["forms"].append(indicator.code.rpartition(".")[2] if "." in indicator.code else "one")
    return list(rows.values())


def facts() -> dict[str, Any]:
    """Gather everything that the page says."""
    observations, countries = load_table("observations"), load_table("countries")
    spec = builtin_spec("open-ai-index")
    assembly = assemble(spec, observations, countries)
    index = build(spec, assembly.table)
    tree = index.tree
    shares = tree.effective_weights(index.weights)
    return {
        "vintage": vintage(),
        "units": len(index.units),
        "groups": [
            {"title": group.title, "parent": group.parent, "share": shares[tree.position(group.code)]}
            for group in spec.groups
            if group.parent
        ],
        "indicators": indicators(spec, assembly, index),
        "treatments": treatments(spec, assembly.table),
        "imputations": imputations(spec, assembly.table),
        "sizes": {variant: len(builtin_spec("open-ai-index", variant).codes) for variant in VARIANTS},
        "hidden_share": HIDDEN_SHARE,
        "repeats": REPEATS,
        "log": [record.text() for record in index.log],
    }


def render(name: str, **values: Any) -> str:
    """Fill a template of this folder."""
    loader = jinja2.FileSystemLoader(TEMPLATES)
    environment = jinja2.Environment(
        loader=loader,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        autoescape=False,
    )
    return environment.get_template(name).render(**values)


if __name__ == "__main__":
    write_text(PAGE, render("open-ai-index.md.j2", **facts()) + "\n")
