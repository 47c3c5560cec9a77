"""An index as the sheets of one workbook, named as those who come from COINr expect."""

from __future__ import annotations

import polars as pl

from parity.index.audit import audit
from parity.index.index import Index
from parity.index.report import KINDS, UnitScores, result_table
from parity.stats import BoolArray

Sheet = tuple[str, pl.DataFrame]


def sheets(
    index: Index, units: tuple[UnitScores, ...], zeros: BoolArray, intervals: pl.DataFrame | None
) -> list[Sheet]:
    """Return results, ranks, every stage, metadata, audit and log, each with the name of its sheet.

    ``zeros``: cells that are zero because absence means none, shape (n, k). ``intervals``: ``id``,
    ``rank_low``, ``rank_high``; ``None`` where nothing is varied.
    """
    found = audit(index)
    treatment = next((record.details for record in index.log if record.step == "treat"), None)
    analysis = {
        "Stats": found.statistics, "Treatment": treatment, "Correlations": found.correlations,
        "Across": found.across, "Groups": found.groups, "PCA": found.components, "Weights": found.weights,
        "Removal": found.removal, "Outliers": found.outliers, "Denominators": found.denominators,
    }  # fmt: skip
    return [
        ("Results", _results(index, units, intervals)),
        ("Ranks", index.ranks_table()),
        *((f"Data.{name.capitalize()}", index.stage(name)) for name in (*index.stages, "aggregated")),
        ("Scores.Long", result_table(index, zeros)),
        ("Meta.Ind", metadata(index)),
        ("Meta.Unit", _unit_table(index)),
        *(
            (f"Analysis.{name}", table)
            for name, table in analysis.items()
            if table is not None and table.width
        ),
        ("Log", _log(index)),
        *((f"Log.{name.capitalize()}", table) for name, table in _changes(index)),
    ]


def _results(index: Index, units: tuple[UnitScores, ...], intervals: pl.DataFrame | None) -> pl.DataFrame:
    """Return one row per unit in order of rank: rank, interval, scores from the index downwards, evidence."""
    tree = index.tree
    groups = [tree.codes[node] for node in reversed(tree.groups)]
    rows = [
        {"id": unit.id, "name": unit.name, "year": unit.year, "rank": unit.ranks[groups[0]]}
        | {code: unit.scores[code] for code in groups}
        | {kind: getattr(unit, kind) for kind in KINDS}
        for unit in units
    ]
    types = {"id": pl.String, "name": pl.String, "year": pl.Int64, "rank": pl.Int64}
    frame = pl.DataFrame(rows, types | dict.fromkeys((*groups, *KINDS), pl.Float64))
    frame = frame if index.years is not None else frame.drop("year")
    if intervals is None:
        return frame
    ends = ["rank_low", "rank_high"]
    joined = frame.join(intervals.select("id", *ends), on="id", how="left", maintain_order="left")
    place = frame.columns.index("rank") + 1
    return joined.select(*frame.columns[:place], *ends, *frame.columns[place:])


def metadata(index: Index) -> pl.DataFrame:
    """Return the elements as COINr's iMeta: level, code, name, direction, weight, parent, type, unit."""
    spec, tree = index.spec, index.tree
    given = {each.code: each for each in spec.indicators}
    titles = {code: each.title for code, each in given.items()}
    titles |= {group.code: group.title for group in spec.groups}
    shares = tree.effective_weights(index.weights)
    rows = []
    for node, code in enumerate(tree.codes):
        one = given.get(code)
        posts = one.goalposts if one is not None else None
        rows.append(
            {
                "Level": int(tree.levels[node]),
                "iCode": code,
                "iName": titles.get(code) or code,
                "Direction": 1 if one is None else one.direction,
                "Weight": float(index.weights[node]),
                "Parent": None if tree.parents[node] < 0 else tree.codes[tree.parents[node]],
                "Type": "Aggregate" if one is None else "Indicator",
                "Unit": "" if one is None else one.unit,
                "Denominator": None if one is None else one.denominator,
                "goalpost_lower": None if posts is None else posts[0],
                "goalpost_upper": None if posts is None else posts[1],
                "ShareOfIndex": float(shares[node]),
            }
        )
    numbers = dict.fromkeys(("goalpost_lower", "goalpost_upper"), pl.Float64)
    return pl.DataFrame(rows, schema_overrides=numbers | {"Denominator": pl.String, "Parent": pl.String})


def _unit_table(index: Index) -> pl.DataFrame:
    """Return what the data say of units besides the indicators."""
    table = index.stages["raw"].table
    return table.select(name for name in table.columns if name not in index.spec.codes)


def _log(index: Index) -> pl.DataFrame:
    rows = [(one.step, one.status, one.message, "; ".join(one.notes)) for one in index.log]
    return pl.DataFrame(rows, ("step", "status", "what was done", "notes"), orient="row")


def _changes(index: Index) -> list[Sheet]:
    """Return the cells that steps changed, with the values before and after."""
    found = ((one.step, one.changes.table()) for one in index.log if one.changes is not None)
    return [(step, table) for step, table in found if not table.is_empty()]
