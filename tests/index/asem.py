"""The ASEM example of COINr as specs and tables, read from the reference folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from parity.index import IndexSpec

# Steps of COINr's own example; {normalise} and {aggregate} take the options that a case varies.
EXAMPLE = """
[steps]
order = ["denominate", "impute", "screen", "treat", "normalise"]
[steps.denominate]
[steps.impute]
method = "group_mean"
by = "EurAsia_group"
[steps.screen]
min_available = 0.9
[steps.treat]
[steps.normalise]
{normalise}
[steps.aggregate]
{aggregate}
"""


def folder(shared: Path) -> Path:
    return shared / "data" / "reference" / "coinr"


def table(shared: Path, name: str) -> pl.DataFrame:
    return pl.read_csv(folder(shared) / f"{name}.csv", infer_schema_length=None)


def reference(shared: Path, name: str) -> pl.DataFrame:
    """A table of expected values: id, (year,) and numbers, sorted."""
    found = table(shared, name).rename({"uCode": "id", "Time": "year"}, strict=False)
    keys = ["id", *(["year"] if "year" in found.columns else [])]
    numbers = [column for column in found.columns if column not in keys]
    return found.with_columns(pl.col(numbers).cast(pl.Float64)).sort(keys)


def spec(shared: Path, steps: str, panel: bool = False, flat: bool = False) -> IndexSpec:
    year = 'year_column = "Time"' if panel else ""
    text = f'[index]\nid = "asem"\nid_column = "uCode"\nname_column = "uName"\n{year}\n{steps}\n'
    for row in table(shared, "asem_meta").iter_rows(named=True):
        if row["Type"] == "Indicator":
            text += _indicator(row, flat)
        elif row["Type"] == "Aggregate" and not flat:
            text += f'[[group]]\ncode = "{row["iCode"]}"\nweight = {row["Weight"]}\n'
            text += f'parent = "{row["Parent"]}"\n' if row["Parent"] else ""
    return IndexSpec.from_toml(text)


def _indicator(row: dict[str, object], flat: bool) -> str:
    text = (
        f'[[indicator]]\ncode = "{row["iCode"]}"\ndirection = {row["Direction"]}\nweight = {row["Weight"]}\n'
    )
    text += "" if flat else f'group = "{row["Parent"]}"\n'
    text += f"target = {row['Target']}\n"
    return text + (f'denominator = "{row["Denominator"]}"\n' if row["Denominator"] else "")


def relative_difference(found: pl.DataFrame, expected: pl.DataFrame) -> float:
    """Largest relative difference over all cells; infinite where one side is missing and the other not."""
    keys = [key for key in ("id", "year") if key in expected.columns]
    found = found.sort(keys)
    if [found[key].to_list() for key in keys] != [expected[key].to_list() for key in keys]:
        return float("inf")
    columns = [column for column in expected.columns if column not in keys]
    a = found.select(columns).cast(pl.Float64).to_numpy()
    b = expected.select(columns).to_numpy()
    if not np.array_equal(np.isnan(a), np.isnan(b)):
        return float("inf")
    # An infinite or zero cell must be exactly that.
    differ = (a != b) & ~np.isnan(b)
    gap = np.abs(a[differ] - b[differ])
    return float(
        np.divide(gap, np.abs(b[differ]), out=np.full_like(gap, np.inf), where=b[differ] != 0).max(
            initial=0.0
        )
    )
