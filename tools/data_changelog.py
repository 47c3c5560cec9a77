"""Write ``docs/data-changelog.md`` and the table ``data_changes``: what moved between two snapshots, and why.

``python -m tools.data_changelog OLD`` puts a section for the present snapshot on top of the page; OLD is
the folder of the one before (``git archive REVISION src/parity/catalogue/snapshot``, or that of a release).
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from parity.catalogue._seal import SNAPSHOT, write_derived

PAGE = Path(__file__).resolve().parents[1] / "docs" / "data-changelog.md"
HEAD = """# Changelog of the data

What moved between snapshots, made by comparing them (`python -m tools.data_changelog OLD`). An answer names
its snapshot; to reproduce an old one, keep it (`parity data keep`) and ask `parity --snapshot DATE`, or
install the release that carried it. What people wrote is told fact by fact, with the page it rests on; the
rest by series.
"""
# Tables that say where the others come from, and those whose rows have no name that a reader knows.
LEFT_OUT = ("sources", "source_files", "country_names", "foreign_names", "accelerator_figures")
# Columns whose change is none of the fact.
ABOUT = (
    "source", "source_url", "evidence_source", "outcome_on", "checked", "checked_to", "basis", "basis_kind",
    "note", "position", "aliases", "families", "foundry", "unread",
)  # fmt: skip
# Facts told one by one; beyond that they are counted.
MOST = 40
CHANGES = "data_changes"
# Relative change of a number that is told.
TOLD = 0.01


def main(old: Path, new: Path = SNAPSHOT, page: Path = PAGE) -> None:
    """Put the section on top of the page, in place of an earlier one for the same snapshot."""
    section = "\n".join(compared(old, new)) + "\n"
    heading = section.splitlines()[0]
    before = page.read_text(encoding="utf-8") if page.exists() else HEAD
    parts = re.split(r"(?m)^(?=## )", before)
    kept = [part for part in parts[1:] if part.splitlines()[0] != heading]
    page.write_text("\n".join([HEAD, section, *kept]).rstrip("\n") + "\n", encoding="utf-8")


def of_countries(old: Path, new: Path) -> pl.DataFrame:
    """Return what moved for each country between two snapshots, series by series.

    Parameters
    ----------
    old, new
        Folders of the snapshots.

    Returns
    -------
    polars.DataFrame
        ``snapshot`` and ``before`` (their days), ``iso3``, ``indicator``, ``came``, ``went`` and ``moved``
        (values), ``year``, ``earlier`` and ``later`` (the latest value that both or either hold), ``source``.
    """
    first, second = (
        json.loads((folder / "datapackage.json").read_text())["version"] for folder in (old, new)
    )
    key = ["indicator", "iso3", "year"]
    before, after = (pl.read_parquet(folder / "observations.parquet") for folder in (old, new))
    both = after.join(before, on=key, how="full", coalesce=True, suffix="_old").sort("year")
    old_value, value = pl.col("value_old"), pl.col("value")
    moved = ((value - old_value).abs() > TOLD * old_value.abs()).fill_null(False)
    came, went = old_value.is_null() & value.is_not_null(), value.is_null() & old_value.is_not_null()
    differs = moved | came | went
    return (
        both.group_by("iso3", "indicator")
        .agg(
            came=came.sum().cast(pl.Int32),
            went=went.sum().cast(pl.Int32),
            moved=moved.sum().cast(pl.Int32),
            year=pl.col("year").filter(differs).last(),
            earlier=old_value.filter(differs).last(),
            later=value.filter(differs).last(),
            source=pl.col("source").drop_nulls().last(),
        )
        .filter(pl.col("came") + pl.col("went") + pl.col("moved") > 0)
        .select(
            pl.lit(second).str.to_date().alias("snapshot"),
            pl.lit(first).str.to_date().alias("before"),
            pl.all(),
        )
        .sort("iso3", "indicator")
    )


def stored(old: Path, new: Path) -> pl.DataFrame:
    """Return what moved for each country, with what earlier snapshots have on record of their own."""
    made = of_countries(old, new)
    path = new / "derived" / f"{CHANGES}.parquet"
    known = pl.read_parquet(path) if path.exists() else made.clear()
    return pl.concat([known.filter(pl.col("snapshot") != made["snapshot"][0]), made])


def compared(old: Path, new: Path) -> Iterator[str]:
    """Yield the lines of a section."""
    first, second = (json.loads((folder / "datapackage.json").read_text()) for folder in (old, new))
    before, after = ({one["name"]: one for one in package["resources"]} for package in (first, second))
    yield f"## Snapshot {second['version']}, against {first['version']}"
    yield ""
    came, went = sorted(set(after) - set(before)), sorted(set(before) - set(after))
    for word, names in (("New", came), ("Gone", went)):
        if names:
            yield f"{word} tables: {', '.join(f'`{name}`' for name in names)}."
            yield ""
    for name in after:
        if name in before and name not in LEFT_OUT:
            key = after[name]["schema"]["primaryKey"]
            tables = (pl.read_parquet(folder / f"{name}.parquet") for folder in (old, new))
            lines = list(_table(name, *tables, key))
            if lines:
                yield from (f"### {name}", "", *lines, "")


def _table(name: str, old: pl.DataFrame, new: pl.DataFrame, key: list[str]) -> Iterator[str]:
    if name == "observations":
        yield from _series(old, new)
    elif set(key) <= set(old.columns):
        yield from _facts(old, new, key)
    else:
        yield f"- another key: {', '.join(key)}; {old.height:,} rows before, {new.height:,} now"


def _series(old: pl.DataFrame, new: pl.DataFrame) -> Iterator[str]:
    """Yield a line for each indicator: rows that came, went and moved, with the largest move."""
    key = ["indicator", "iso3", "year"]
    both = new.join(old, on=key, how="full", coalesce=True, suffix="_old")
    old_value, value = pl.col("value_old"), pl.col("value")
    moved = (value - old_value).abs() > TOLD * old_value.abs()
    counts = both.group_by("indicator").agg(
        came=(old_value.is_null() & value.is_not_null()).sum(),
        went=(value.is_null() & old_value.is_not_null()).sum(),
        moved=moved.fill_null(False).sum(),
        source=pl.col("source").drop_nulls().mode().sort().first(),
    )
    for row in counts.sort("indicator").iter_rows(named=True):
        if row["came"] or row["went"] or row["moved"]:
            words = [f"{row[word]:,} {word}" for word in ("came", "went", "moved") if row[word]]
            yield f"- `{row['indicator']}`: {', '.join(words)} ({row['source'] or 'no source any more'})"


def _facts(old: pl.DataFrame, new: pl.DataFrame, key: list[str]) -> Iterator[str]:
    """Yield facts that came, went or changed, one by one while they are few."""
    keys = [pl.col(column).cast(pl.String).fill_null("") for column in key]
    named = pl.concat_str(keys, separator=" · ").alias("_row")
    before, after = old.with_columns(named), new.with_columns(named)
    for word, frame in (("came", after.join(before, on="_row", how="anti")),
                        ("went", before.join(after, on="_row", how="anti"))):  # fmt: skip
        rows = frame["_row"].sort().to_list()
        if rows:
            told = f": {'; '.join(rows)}" if len(rows) <= MOST else ""
            yield f"- {len(rows):,} {word}{told}"
    shared = [c for c in old.columns if c in new.columns and c not in (*key, *ABOUT)]
    pairs = before.join(after, on="_row", how="inner", suffix="_new").sort("_row")
    changes = []
    for row in pairs.iter_rows(named=True):
        moved = [
            f"{column} {_text(row[column])} -> {_text(row[f'{column}_new'])}"
            for column in shared
            if _differs(row[column], row[f"{column}_new"])
        ]
        if moved:
            changes.append(f"- {row['_row']}: {'; '.join(moved)}{_why(row)}")
    yield from changes[:MOST]
    if len(changes) > MOST:
        yield f"- and {len(changes) - MOST:,} more changes"


def _why(row: dict[str, object]) -> str:
    page = row.get("evidence_source_new") or row.get("source_new") or row.get("source_url_new")
    return f" ({page})" if str(page or "").startswith("http") else ""


def _differs(old: object, new: object) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return abs(new - old) > TOLD * abs(old)
    return old != new


def _text(value: object) -> str:
    return "none" if value is None else f"{value:,.6g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tools.data_changelog FOLDER_OF_THE_SNAPSHOT_BEFORE")
    main(Path(sys.argv[1]))
    write_derived(CHANGES, stored(Path(sys.argv[1]), SNAPSHOT))
