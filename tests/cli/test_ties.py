"""`parity ties`, from the words typed to the words printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import networkx as nx
import polars as pl
import pytest

from parity.catalogue import load_table
from tests.cli.conftest import Ran

Run = Callable[..., Ran]
BASE = {"parity", "data", "command"}


def test_a_pair_holds_the_contract(parity: Run) -> None:
    answer = parity("ties", "RUS", "China", "--from", "2021", "--to", "2025", "--json").json
    assert set(answer) >= BASE | {"series", "breaks"}
    assert [row["period"] for row in answer["series"]][:2] == ["2020Q1", "2020Q2"]
    assert set(answer["series"][0]) >= {"period", "weight", "affinity"}
    found = answer["likeliest"]
    assert set(found) >= {"kind", "period", "until", "change", "p", "p_step"}
    assert (found["kind"], found["period"], found["until"]) == ("slope", "2021Q2", "2023Q4")
    # A slope that a trend explains as well is no break.
    assert found["p"] > 0.5 < found["p_step"]
    assert answer["breaks"] == []
    assert found["change"]["value"] < 0
    assert found["change"]["unit"] == "%"
    assert answer["raw_change"]["value"] == pytest.approx(-80, abs=3)
    assert answer["gravity"]["value"] < 1
    assert any("Blocking" in limit for limit in answer["limits"])


def test_partners(parity: Run) -> None:
    answer = parity("ties", "Russia", "--json").json
    partners = {row["iso3"]: row for row in answer["partners"]}
    assert (partners["USA"]["period"], partners["USA"]["until"]) == ("2021Q4", "2022Q4")
    assert partners["USA"]["kind"] == "slope"
    assert partners["USA"]["q"] < 0.05 < partners["CHN"]["q"]
    assert partners["USA"]["change"] < 0
    assert all(row["p"] <= row["p_holm"] for row in answer["partners"] if row["p"] is not None)
    weights = [row["weight"] for row in answer["partners"]]
    assert weights == sorted(weights, reverse=True)


def test_a_bloc(parity: Run) -> None:
    answer = parity("ties", "--bloc", "BRICS", "--json").json
    assert {row["measure"] for row in answer["measures"]} == {"density", "inside", "affinity"}
    assert len(answer["measures"]) == 6
    assert answer["hub"] in answer["members"]
    five = parity("ties", "--bloc", "BRICS", "--on", "2020", "--json").json
    assert five["members"] == ["BRA", "CHN", "IND", "RUS", "ZAF"]


def test_prints(parity: Run) -> None:
    pair = parity("ties", "RUS", "CHN")
    assert "No break is found: the likeliest change, a slope from 2021Q2" in pair.out
    assert "What the data cannot show" in pair.out
    partners = parity("ties", "RUS", "--top", "3")
    assert "Russia: partners in open-source collaboration on GitHub" in partners.out
    assert "Hub: " in parity("ties", "--bloc", "G7").out
    assert "No break is looked for: published in" in parity("ties", "ETH", "BRA").out


def test_models_developed_together_are_told_apart(parity: Run) -> None:
    """Against the list itself, counted line by line."""
    listed = load_table("notable_models").filter("notable")
    both = listed.filter(*(pl.col("countries").str.contains(code) for code in ("CHN", "USA")))
    answer = parity("ties", "USA", "CHN", "--json").json
    assert {row["model"] for row in answer["models"]} == set(both["model"])
    partners = parity("ties", "CHN", "--json").json["partners"]
    assert next(row["models"] for row in partners if row["iso3"] == "USA") == both.height > 10
    printed = parity("ties", "CHN", "USA").out
    assert "Models of AI developed together" in printed
    assert "open-source collaboration on GitHub" in printed


def test_all_pairs_and_graphs(parity: Run, tmp_path: Path) -> None:
    table, graph, gexf = (tmp_path / name for name in ("pairs.csv", "ties.graphml", "ties.gexf"))
    ran = parity("ties", "--top", "7", "--out", str(table), "--graph", str(graph))
    assert "changed clearly (false discovery rate 5%)" in ran.out
    answer = parity("ties", "--json").json
    assert pl.read_csv(table).height == len(answer["pairs"])
    known = [row["q"] for row in answer["pairs"] if row["q"] is not None]
    assert known == sorted(known)
    assert (answer["tested"], answer["clear"]) == (len(known), sum(q <= 0.05 for q in known))
    read = nx.read_graphml(graph)
    assert read.number_of_edges() == len(answer["pairs"])
    first = answer["pairs"][0]
    assert read.edges[first["a"], first["b"]]["q"] == pytest.approx(first["q"])
    assert parity("ties", "--bloc", "G7", "--graph", str(gexf)).status == 0
    assert {data["label"] for _, data in nx.read_gexf(gexf).nodes(data=True)} >= {"France", "Japan"}


def test_accounts_that_stand_elsewhere_are_told_in_the_line(parity: Run) -> None:
    answer = parity("ties", "CHN", "DEU", "--json").json
    (artefact,) = answer["artefacts"]
    assert (artefact["iso3"], artefact["of"]) == ("HKG", "CHN")
    assert artefact["source"].startswith("GitHub")
    merged = parity("ties", "CHN", "DEU", "--merge", "CHN+HKG", "--json").json
    # What falls by half rises by as much with Hong Kong's accounts.
    assert answer["raw_change"]["value"] < -50 < 30 < merged["raw_change"]["value"]
    assert artefact["raw_change"] == merged["raw_change"]
    assert merged["artefacts"] == []
    assert "both as one (--merge CHN+HKG)" in parity("ties", "DEU", "CHN").out
    # A tie of those who left with where they went; not with others.
    assert [one["iso3"] for one in parity("ties", "RUS", "GEO", "--json").json["artefacts"]] == ["GEO"]
    assert parity("ties", "RUS", "USA", "--json").json["artefacts"] == []


def test_affinity_without_a_large_partner(parity: Run) -> None:
    spans = ("--from", "2021", "--to", "2025", "--json")
    whole, part = (
        parity("ties", "RUS", "DEU", *spans, *more).json for more in ((), ("--without", "United States"))
    )
    assert whole["change"]["value"] > 2 * part["change"]["value"]
    assert whole["raw_change"]["value"] == pytest.approx(part["raw_change"]["value"])
    assert parity("ties", "CHN", "DEU", "--merge", "CHN").status == 2


@pytest.mark.parametrize("words", [["RUS", "CHN"], ["RUS"], ["--bloc", "BRICS", "--kind", "map"]])
def test_figures(parity: Run, tmp_path: Path, words: list[str]) -> None:
    path = tmp_path / "ties.svg"
    assert parity("ties", *words, "--out", str(path)).status == 0
    assert path.stat().st_size > 1000


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["RUS", "--bloc", "G7"], 2, "give a country (or two), or --bloc"),
        (["RUS", "RUS"], 2, "RUS has no ties with itself"),
        (["Atlantis"], 2, "no country is known as 'Atlantis'"),
        (["RUS", "CHN", "--from", "1999"], 2, "no period '1999'"),
        (["RUS", "CHN", "--from", "2025", "--to", "2021"], 2, "2025 does not end before 2021 begins"),
        (["RUS", "CHN", "--from", "2021", "--to", "2021Q3"], 2, "2021 does not end before 2021Q3 begins"),
        (["RUS", "--from", "2021"], 2, "give two countries"),
        (["RUS", "CHN", "--on", "2021"], 2, "--on is the date of a bloc's membership"),
        (["RUS", "--graph", "x.png"], 2, "a graph is written as '.graphml', '.gexf'"),
        (["RUS", "CHN", "--graph", "x.gexf"], 2, "a graph holds several ties"),
        (["--bloc", "Atlantis"], 2, "no group 'Atlantis'"),
        (["ETH", "IRN"], 1, "nothing is published about ETH and IRN together"),
    ],
)
def test_a_mistake_gets_one_message(parity: Run, words: list[str], status: int, message: str) -> None:
    ran = parity("ties", *words)
    assert ran.status == status
    assert message in ran.err
    assert "Traceback" not in ran.err
