"""Write ``docs/methods/open-ai-index.md``: what is in the built-in index, and the evidence for its choices.

``python -m tools.open_ai_index``. Everything comes from the embedded snapshot; it takes some
minutes.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import polars as pl

from parity.ask.intervals import forms
from parity.catalogue import load_table, vintage
from parity.catalogue.files import write_text
from parity.index import VARIANTS, Assembly, Index, IndexSpec, assemble, build, builtin_spec
from parity.index.series_tests import AGE, SeriesTests, examine, plant
from tools.cards import cards, share_about_ai, with_candidates

PAGE = Path(__file__).resolve().parents[1] / "docs" / "methods" / "open-ai-index.md"
TEMPLATES = Path(__file__).parent / "templates"

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
SHOWN = 25
YEAR = 2026
# Artefacts are planted in the country of every so-manieth place, so many times too high.
PLANTED_EVERY, PLANTED_TIMES = 14, 30.0
# Revisions of smaller sums are not listed on the page.
REVISED = 1e9


def with_steps(spec: IndexSpec, **steps: Any) -> IndexSpec:
    """Return the spec with some of its steps replaced."""
    body = spec.model_dump(mode="json", by_alias=True, exclude_unset=True)
    body["steps"] |= steps
    return IndexSpec.model_validate(body)


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
        if (other := code.replace(".intensity", ".scale")) != code and other in codes:
            mask[:, column] = mask[:, codes.index(other)]
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
    missed_by: np.ndarray = (index.stages["normalised"].values[order] - truth)[mask]
    return missed_by


def contents(spec: IndexSpec, assembly: Assembly, index: Index, shares: np.ndarray) -> list[dict[str, Any]]:
    """Return one row per series: what it is, what it weighs, where from, how well covered."""
    cells = assembly.cells.filter(pl.col("iso3").is_in(list(index.units)))
    titles = {group.code: group.title for group in spec.groups}
    by_series = {card.series: card for card in cards()}
    rows: dict[str, dict[str, Any]] = {}
    for place, indicator in enumerate(spec.indicators):
        assert indicator.select is not None
        own = cells.filter(code=indicator.code)
        flags = Counter(own["flag"])
        row = rows.setdefault(
            indicator.select.indicator,
            {
                "code": indicator.select.indicator,
                "title": indicator.title,
                "group": titles[indicator.group or ""],
                "card": by_series[indicator.select.indicator],
                "years": "-".join(str(year) for year in dict.fromkeys(indicator.select.years or ())),
                "source": own["source"].drop_nulls().mode().sort().first(),
                "known": own.height - flags["structural_zero"] - flags["missing"],
                "zero": flags["structural_zero"],
                "missing": flags["missing"],
                "bounds": " ".join(indicator.select.understated),
                "factor": next(iter(indicator.select.understated.values()), None),
                "fixed": not indicator.actionable,
                "share": 0.0,
                "forms": [],
            },
        )
        row["share"] += shares[place]
        row["forms"].append(indicator.form or "one")
    return list(rows.values())


def trimmed(index: Index) -> list[str]:
    """Return the cells of ranked countries that were trimmed in one form or more, by series."""
    parts = []
    for variant in VARIANTS:
        spec = builtin_spec("open-ai-index", variant)
        series = {each.code: each.select.indicator for each in spec.indicators if each.select}
        cells = assemble(spec, load_table("observations"), load_table("countries")).cells
        odd = cells.filter(pl.col("iso3").is_in(list(index.units)), flag="trimmed")
        parts.append(odd.select("iso3", series=pl.col("code").replace_strict(series)))
    rows = pl.concat(parts).group_by("series").agg(pl.col("iso3").unique().sort()).sort("series").rows()
    return [f"`{name}`: {', '.join(countries)}" for name, countries in rows]


def tested(spec: IndexSpec, index: Index) -> SeriesTests:
    """Run the tests on every series that was looked at."""
    observations, wide = load_table("observations"), with_candidates(spec)
    return examine(
        wide,
        assemble(wide, observations, load_table("countries")),
        observations,
        units=[str(unit) for unit in index.units],
        english=load_table("languages").filter(language="en", official=True)["iso3"].to_list(),
        ceilings={card.series: card.ceiling for card in cards() if card.ceiling},
    )


def credulous(spec: IndexSpec) -> IndexSpec:
    """Return the spec that believes every value."""
    trusting = [
        each.model_copy(update={"select": each.select and each.select.model_copy(update={"most": None})})
        for each in spec.indicators
    ]
    index = spec.index.model_copy(update={"trim": False})
    return spec.model_copy(update={"index": index, "indicators": tuple(trusting)})


def planted(spec: IndexSpec, index: Index) -> list[dict[str, Any]]:
    """Plant artefacts in every series that is tested; say which are found, and what places they gain.

    In the country of every 14th place: its own figure 30-fold, and as much as the largest nation has.
    """
    observations, countries = load_table("observations"), load_table("countries")
    believing = credulous(spec)
    order = [str(unit) for unit in index.units[np.argsort(index.ranks[:, -1], kind="stable")]]
    whole = assemble(believing, observations, countries)
    sized = {each.select.indicator: each for each in spec.indicators if each.select and each.form}
    rows = []
    for name in sized:
        codes = [each.code for each in spec.indicators if each.select and each.select.indicator == name]
        own = whole.cells.filter(pl.col("iso3").is_in(order), code=codes[0]).drop_nulls("value")
        largest = own.sort("value").row(-1, named=True)["iso3"]
        found, gains, kept = [], [], []
        for iso3 in order[PLANTED_EVERY - 1 :: PLANTED_EVERY]:
            plants = [{"like": largest}] if sized[name].select.times is None else []  # type: ignore[union-attr]
            if not own.filter(pl.col("iso3") == iso3, pl.col("value") > 0).is_empty():
                plants.append({"times": PLANTED_TIMES})
            for kind in plants:
                table = plant(observations, name, iso3, **kind)
                assembly = assemble(spec, table, countries)
                flags = assembly.cells.filter(pl.col("code").is_in(codes), iso3=iso3)["flag"]
                found.append(flags.is_in(["trimmed", "not_possible"]).any())
                trusted = build(believing, assemble(believing, table, countries).table)
                gains.append(_gain(index, trusted, iso3))
                kept.append(_gain(index, build(spec, assembly.table), iso3))
        rows.append(
            {
                "series": name,
                "planted": len(found),
                "found": sum(found),
                "gain": float(np.median(gains)),
                "most": int(max(gains)),
                "kept": float(np.median(kept)),
                "kept_most": int(max(kept)),
            }
        )
    return rows


def _gain(before: Index, after: Index, unit: str) -> float:
    """Return the places that a unit rises; none where what is refused leaves too little to rank it by."""
    if unit not in after.units:
        return 0.0
    return float(before.ranks[before.row(unit), -1] - after.ranks[after.row(unit), -1])


def weightings(spec: IndexSpec, table: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Return the ranks under other weights of the sub-pillars: equal ones, and ones led by the data."""
    members = {group.code: sum(each.parent == group.code for each in spec.groups) for group in spec.groups}
    groups = [
        group.model_copy(update={"weight": float(members[group.code] or 1)}) if group.parent else group
        for group in spec.groups
    ]
    equal = spec.model_copy(update={"groups": tuple(groups)})
    body = spec.model_dump(mode="json", by_alias=True, exclude_unset=True)
    body["steps"]["weight"] = {
        "method": "given",
        "level": {2: {"method": "entropy"}, 3: {"method": "entropy"}},
    }
    made = {
        "published": build(spec, table),
        "equal": build(equal, table),
        "entropy": build(IndexSpec.model_validate(body), table),
    }
    return {
        name: {str(unit): int(rank) for unit, rank in zip(index.units, index.ranks[:, -1], strict=True)}
        for name, index in made.items()
    }


def facts() -> dict[str, Any]:
    """Gather everything that the page says."""
    spec = builtin_spec("open-ai-index")
    assembly = assemble(spec, load_table("observations"), load_table("countries"))
    index = build(spec, assembly.table)
    tree = index.tree
    shares = tree.effective_weights(index.weights)
    places = forms()
    if places is None:
        raise SystemExit("no stored rank intervals: run `python -m tools.stored_results` first")
    tests = tested(spec, index)
    newest = dict(tests.series.select("series", "newest").rows())
    series = contents(spec, assembly, index, shares)
    names = dict(zip(index.units, index.names, strict=True))
    below = [group for group in spec.groups if any(each.group == group.code for each in spec.indicators)]
    return {
        "vintage": vintage(),
        "units": len(index.units),
        "names": names,
        "places": places.table().head(SHOWN).to_dicts(),
        "level": places.level,
        "about_ai": {
            "index": share_about_ai(spec),
            "least": min(share_about_ai(spec, group.code) for group in below),
        },
        "recent": sum(row["share"] for row in series if newest[row["code"]] >= YEAR - AGE),
        "groups": [
            {
                "title": group.title,
                "share": shares[tree.position(group.code)],
                "about_ai": share_about_ai(spec, group.code),
                "series": [row for row in series if row["group"] == group.title],
            }
            for group in below
        ],
        "series": series,
        "trimmed": trimmed(index),
        "planted": planted(spec, index),
        "planted_every": PLANTED_EVERY,
        "planted_times": PLANTED_TIMES,
        "out": [card for card in cards() if card.verdict == "out"],
        "tests": tests.series.to_dicts(),
        "weightings": weightings(spec, assembly.table),
        "without": without_sources(spec, assembly.table),
        "imputations": imputations(spec, assembly.table),
        "revisions": load_table("revisions").filter(pl.col("later") > REVISED).sort("ratio").to_dicts(),
        "taiwan": float(index.imputed[index.row("TWN")] @ shares[: tree.n_indicators]),
        "history": list(
            {
                each.select.indicator: each.title
                for each in reversed(builtin_spec("ai-history").indicators)
                if each.select
            }.values()
        )[::-1],
        "zero_models": next(row["zero"] for row in series if row["code"] == "notable_models_fractional"),
        "hidden_share": HIDDEN_SHARE,
        "repeats": REPEATS,
        "log": [record.text() for record in index.log],
    }


def without_sources(spec: IndexSpec, table: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Return the ranks without each source in turn: its series get no weight, all else stays."""
    found = {}
    for source, codes in spec.robustness["leave_out"]["sources"].items():
        kept = tuple(
            each.model_copy(update={"weight": 0.0}) if each.code in codes else each
            for each in spec.indicators
        )
        index = build(spec.model_copy(update={"indicators": kept}), table)
        ranks = zip(index.units, index.ranks[:, -1], strict=True)
        found[source] = {str(unit): int(rank) for unit, rank in ranks}
    return found


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
