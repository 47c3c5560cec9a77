"""The changelog of the data says what came, went and moved between two snapshots."""

from __future__ import annotations

import json

import polars as pl

from tools.data_changelog import compared, main, of_countries


def snapshot(folder, version, tables):
    folder.mkdir()
    resources = []
    for name, (key, frame) in tables.items():
        frame.write_parquet(folder / f"{name}.parquet")
        resources.append({"name": name, "schema": {"primaryKey": key}})
    (folder / "datapackage.json").write_text(json.dumps({"version": version, "resources": resources}))
    return folder


def pledges(**more):
    rows = {"id": ["a", "b"], "outcome": [None, "met"], "evidence_source": [None, "https://example.org/b"]}
    return ["id"], pl.DataFrame(rows | more)


def values(numbers):
    rows = {"indicator": ["x"] * 3, "iso3": ["AAA", "BBB", "CCC"], "year": [2020] * 3, "value": numbers}
    return ["indicator", "iso3", "year"], pl.DataFrame(rows).with_columns(source=pl.lit("s")).drop_nulls()


def test_it_tells_facts_one_by_one_and_series_by_number(tmp_path):
    first = snapshot(
        tmp_path / "old", "2026-01-01", {"pledges": pledges(), "observations": values([1.0, 2.0, None])}
    )
    changed = pledges(
        id=["b", "c"], outcome=["late", None], evidence_source=["https://example.org/new", None]
    )
    second = snapshot(
        tmp_path / "new", "2026-02-01", {"pledges": changed, "observations": values([1.001, 4.0, 3.0])}
    )
    lines = list(compared(first, second))
    assert lines[0] == "## Snapshot 2026-02-01, against 2026-01-01"
    assert "- b: outcome met -> late (https://example.org/new)" in lines
    assert "- 1 came: c" in lines
    assert "- 1 went: a" in lines
    assert "- `x`: 1 came, 1 moved (s)" in lines
    assert not any("none" in line for line in lines)


def test_a_section_is_replaced_and_older_ones_are_kept(tmp_path):
    first = snapshot(tmp_path / "a", "2026-01-01", {"pledges": pledges()})
    second = snapshot(tmp_path / "b", "2026-02-01", {"pledges": pledges(id=["a", "z"])})
    third = snapshot(tmp_path / "c", "2026-03-01", {"pledges": pledges()})
    page = tmp_path / "page.md"
    for old, new in ((first, second), (first, second), (second, third)):
        main(old, new, page)
    headings = [line for line in page.read_text().splitlines() if line.startswith("## ")]
    assert headings == [
        "## Snapshot 2026-03-01, against 2026-02-01",
        "## Snapshot 2026-02-01, against 2026-01-01",
    ]


def test_moves_of_countries_are_told_by_series(tmp_path):
    old = snapshot(tmp_path / "old", "2026-01-01", {"observations": values([1.0, 2.0, None])})
    new = snapshot(tmp_path / "new", "2026-02-01", {"observations": values([1.0, 3.0, 4.0])})
    assert of_countries(new, new).is_empty()
    moved = {row["iso3"]: row for row in of_countries(old, new).rows(named=True)}
    assert set(moved) == {"BBB", "CCC"}
    assert (moved["BBB"]["moved"], moved["BBB"]["earlier"], moved["BBB"]["later"]) == (1, 2.0, 3.0)
    assert (moved["CCC"]["came"], moved["CCC"]["earlier"], str(moved["CCC"]["snapshot"])) == (
        1,
        None,
        "2026-02-01",
    )
