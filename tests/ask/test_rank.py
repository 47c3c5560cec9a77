"""Questions about a ranking, asked in Python."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import polars as pl
import pytest

import parity
from parity.ask.index import IndexCompare
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


def test_a_published_ranking_may_name_countries_and_is_held_against_every_form() -> None:
    names = ["USA", "China", "Singapore", "UK", "France", "Korea (Republic of)", "Germany", "Hong Kong SAR"]
    published = pl.DataFrame(
        {"Country": names, "Position": range(1, 9), "Total": [100.0 / n for n in range(1, 9)]}
    )
    found = IndexCompare(published=published).answer().result
    assert found.compared.units == ("USA", "CHN", "SGP", "GBR", "FRA", "KOR", "DEU", "HKG")
    assert [each.form for each in found.forms] == ["scale", "intensity", "mixed"]
    by_form = {each.form: each for each in found.forms}
    assert by_form["mixed"].spearman == pytest.approx(found.compared.spearman)
    assert by_form["scale"].spearman > by_form["intensity"].spearman
    # All eight are among the published first forty.
    assert by_form["mixed"].spearman_top == pytest.approx(by_form["mixed"].spearman)


def test_a_pillar_shows_three_forms_and_a_series_none() -> None:
    pillar = Rank(pillar="talent", top=1).answer().result.countries[0]
    assert pillar.forms.intensity.rank_low is not None
    assert pillar.forms.mixed.rank == pillar.rank == 1
    assert Rank(pillar="wgi_rq", top=1).answer().result.countries[0].forms is None
