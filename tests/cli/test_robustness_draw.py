"""``parity robustness draw`` as a user runs it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from parity.index import IndexSpec
from tests.robustness.cases import data, spec

SAME = 1e-9
"""Relative: the compiled loop sums in another order."""


@pytest.fixture
def index(tmp_path: Path) -> str:
    """A spec and its data in a folder."""
    data().write_csv(tmp_path / "data.csv")
    spec(extra='data = "data.csv"').save(tmp_path / "index.toml")
    return str(tmp_path / "index.toml")


def test_a_draw_written_is_rebuilt_by_index_build(parity, index: str, tmp_path: Path) -> None:
    folder = tmp_path / "drawn"
    drawn = parity("robustness", "draw", "9", "--index", index, "--out", str(folder), "--json")
    assert drawn.status == 0
    table = folder / "scores.csv"
    assert parity("index", "build", str(folder / "draw.toml"), "--out", str(table)).status == 0
    built = pl.read_csv(table).filter(node="top").sort("id")
    told = sorted(drawn.json["countries"], key=lambda row: row["iso3"])
    np.testing.assert_allclose([row["score"] for row in told], built["score"].to_numpy(), rtol=SAME)
    assert [row["rank"] for row in told] == built["rank"].to_list()
    assert IndexSpec.from_toml(drawn.json["spec"]) == IndexSpec.load(folder / "draw.toml")


def test_what_was_drawn_is_told(parity, index: str) -> None:
    ran = parity("robustness", "draw", "9", "--index", index)
    assert ran.status == 0
    assert "aggregation: " in ran.out
    assert len([line for line in ran.out.splitlines() if " u" in line]) >= 12


def test_draws_are_numbered_from_zero(parity, index: str) -> None:
    assert parity("robustness", "draw", "-1", "--index", index).status == 2
