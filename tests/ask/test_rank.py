"""Questions about a ranking, asked in Python."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import parity
from parity.ask.rank import Rank
from parity.errors import InvalidError
from tests.robustness.cases import data, spec


def test_takes_a_pandas_frame_as_a_polars_one(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    spec().save(path)
    table = data()
    plain = parity.rank(index=path, data=table, intervals=False)
    same = parity.rank(index=path, data=pd.DataFrame(table.to_dict(as_series=False)), intervals=False)
    assert same.result.countries == plain.result.countries
    assert len(plain.result.countries) == table.height


def test_own_settings_stand_wherever_the_ranking_goes() -> None:
    answer = parity.rank(weight=("talent=64%",), aggregate="geometric", intervals=False)
    told = "own weights: Talent 64 %; geometric mean"
    document = answer.document()
    assert told in document.title
    assert all(told in chart.title for chart in document.charts())
    assert told in document.tables()[0].caption
    assert answer.table()["setting"].unique().to_list() == [told]
    assert answer.as_dict()["own_weights"][0]["share"] == pytest.approx(0.64)
    assert "setting" not in parity.rank(intervals=False).table().columns


def test_no_file_of_the_machine_is_named_over_a_network() -> None:
    with pytest.raises(InvalidError, match="over a network one of 'open-ai-index'"):
        Rank.read({"index": "/etc/hosts.toml"}, remote=True)
