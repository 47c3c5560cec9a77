"""An index of the reader's own answers as the built-in one does: panels, series of the catalogue."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

import parity
from parity.ask.standing import standing
from parity.catalogue import load_table
from parity.errors import ParityError
from parity.index import build
from parity.index.drawn import changes, profile

SPEC = """
[index]
id = "own"
data = "own.csv"
id_column = "unit"
year_column = "year"

[steps.normalise]
method = "minmax"

[steps.aggregate.level.3]
method = "arithmetic"

[[indicator]]
code = "a"
group = "x"
[[indicator]]
code = "b"
group = "x"
[[indicator]]
code = "c"
group = "y"
[[group]]
code = "x"
parent = "t"
[[group]]
code = "y"
parent = "t"
[[group]]
code = "t"

[[robustness.choice]]
field = "normalise"
values = [{ method = "minmax" }, { method = "zscore", mean = 50, sd = 20 }]
"""
YEARS = range(2020, 2025)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("own")
    draw = np.random.default_rng(3)
    rows = []
    for number in range(8):
        level = draw.uniform(1, 9, 3)
        for year in YEARS:
            level = level + draw.normal(0.2, 0.3, 3)
            rows.append((f"Uni{number}", year, *level))
    pl.DataFrame(rows, ["unit", "year", *"abc"], orient="row").write_csv(folder / "own.csv")
    (folder / "own.toml").write_text(SPEC, encoding="utf-8")
    return str(folder / "own.toml")


def _last(own: str) -> pl.DataFrame:
    table = standing(own).index.table()
    return table.filter(year=YEARS[-1], node="t").sort("rank")


def test_ranks_of_a_panel_have_intervals_that_hold_them(own: str) -> None:
    found = parity.rank(index=own).result
    assert [one.iso3 for one in found.countries] == _last(own)["id"].to_list()
    assert all(one.rank_low <= one.rank <= one.rank_high for one in found.countries)
    assert any(one.rank_low < one.rank_high for one in found.countries)


def test_a_goal_in_a_panel_is_reached_when_the_changed_data_are_built_anew(own: str) -> None:
    unit = _last(own)["id"][5]
    asked = parity.goal(unit, index=own, rank=2, draws=6)
    assert asked.setting == "year 2024"
    moves = {move.series: move.to for move in asked.result.base.moves}
    index = standing(own).index
    table = index.stages["raw"].table
    theirs = (pl.col("unit") == unit) & (pl.col("year") == YEARS[-1])
    changed = table.with_columns(
        pl.when(theirs).then(pl.lit(to)).otherwise(pl.col(code)).alias(code) for code, to in moves.items()
    )
    assert index.rank(unit) == 6
    assert build(index.spec, changed).rank(unit) <= 2


def test_a_gap_and_a_swap_are_those_of_the_last_year(own: str) -> None:
    last = _last(own)
    a, b = last["id"][0], last["id"][1]
    gap = last["score"][0] - last["score"][1]
    assert parity.explain(a, b, index=own).result.gap == pytest.approx(gap, abs=1e-9)
    swap = parity.robustness_swap(a, b, index=own).result
    assert (swap.gap, swap.names) == (pytest.approx(gap, abs=1e-9), (a, b))
    assert swap.rebuilds is not None
    assert swap.rebuilds.gap_low <= swap.gap <= swap.rebuilds.gap_high


def test_changes_are_those_from_year_to_year(own: str) -> None:
    found = changes(standing(own).index)
    one = found.filter(id="Uni0")
    assert one["change"][0] is None
    assert one["change"].sum() == pytest.approx(one["score"][-1] - one["score"][0])
    assert one["ranks_gained"].sum() == one["rank"][0] - one["rank"][-1]


def test_a_profile_names_the_best_and_the_worst_places(own: str) -> None:
    made = standing(own)
    index = made.index.of_year()
    unit = _last(own)["id"][3]
    found = profile(index, unit, made.titles)
    assert found["code"].to_list() == ["t", "y", "c", "x", "b", "a"] or set(found["code"]) == set(
        index.tree.codes
    )
    for row in found.filter(pl.col("standing") != "").iter_rows(named=True):
        assert (row["rank"] <= 4) == (row["standing"] == "strength")
        assert row["rank"] == index.rank(unit, row["code"])
    assert (found["low"] <= found["median"]).all()
    assert (found["median"] <= found["high"]).all()


def test_a_series_of_the_catalogue_stands_beside_own_columns(tmp_path: Path) -> None:
    series = "wgi_ge"
    text = f"""
[index]
id = "own"
data = "own.csv"
id_column = "place"
year_column = "year"
[steps.normalise]
method = "minmax"
[[indicator]]
code = "mine"
[[indicator]]
code = "papers"
source = "catalogue:{series}"
"""
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    rows = "".join(
        f"{name},{year},{n}\n" for n, name in enumerate(("France", "Brasil", "JPN")) for year in (2022, 2023)
    )
    (tmp_path / "own.csv").write_text(f"place,year,mine\n{rows}", encoding="utf-8")
    found = standing(str(tmp_path / "own.toml")).index
    known = load_table("observations").filter(indicator=series).sort("year")
    for place, iso3 in (("France", "FRA"), ("Brasil", "BRA"), ("JPN", "JPN")):
        for year in (2022, 2023):
            wanted = known.filter(pl.col("iso3") == iso3, pl.col("year") <= year)["value"][-1]
            assert found.stages["raw"].values[found.row(place, year), 1] == wanted
    assert any(series in note for note in found.log[0].notes)
    (tmp_path / "own.csv").write_text("place,year,mine\nA,2022,1\nB,2022,2\nC,2022,3\n", encoding="utf-8")
    with pytest.raises(ParityError, match="by country"):
        standing(str(tmp_path / "own.toml"))
