"""Briefs as files, and several countries side by side."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran

Run = Callable[..., Ran]


def test_html_is_one_file_without_network_or_scripts(parity: Run, tmp_path: Path) -> None:
    path = tmp_path / "lux.html"
    assert parity("brief", "LUX", "--html", str(path)).status == 0
    page = path.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert not re.search(r"<script|<link|<img|@import|url\(|src=|javascript:", page)
    assert set(re.findall(r'href="([a-z]+):', page)) <= {"http", "https"}, "links to sources alone"
    assert "Luxembourg" in page


def test_every_section_of_the_model_is_printed(parity: Run, tmp_path: Path) -> None:
    path = tmp_path / "nga.html"
    sections = parity("brief", "NGA", "--html", str(path), "--json").json["sections"]
    page = path.read_text(encoding="utf-8")
    assert page.count("<h2>") == len(sections)
    assert page.count("Reproduce: <code>parity ") == len(sections)


def test_marks_are_the_ranks(parity: Run, tmp_path: Path) -> None:
    path = tmp_path / "ind.html"
    places = parity("brief", "IND", "--html", str(path), "--json").json["sections"]["position"]["places"]
    table = path.read_text(encoding="utf-8").split("<h2>Position</h2>")[1].split("</table>")[0]
    drawn = [float(x) for x in re.findall(r'class="mark s0" x="([\d.]+)%"', table)]
    most = places[0]["of"]
    assert drawn == [pytest.approx(100 * (p["rank"] - 1) / (most - 1), abs=0.01) for p in places]
    starts = [float(x) for x in re.findall(r'class="range" x="([\d.]+)%"', table)]
    assert starts == [pytest.approx(100 * (p["rank_low"] - 1) / (most - 1), abs=0.01) for p in places]


def test_markdown_has_tables(parity: Run, tmp_path: Path) -> None:
    path = tmp_path / "rus.md"
    assert parity("brief", "RUS", "--md", str(path)).status == 0
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# Russia (RUS)")
    assert "| ---" in text


@pytest.mark.parametrize("countries", [("USA",), ("NGA", "LUX")])
def test_pdf_is_one(parity: Run, tmp_path: Path, countries: tuple[str, ...]) -> None:
    pytest.importorskip("typst")
    path = tmp_path / "one.pdf"
    assert parity("brief", *countries, "--pdf", str(path)).status == 0
    assert path.read_bytes().startswith(b"%PDF-")


def test_several_countries_side_by_side(parity: Run, tmp_path: Path) -> None:
    path = tmp_path / "three.html"
    briefs = parity("brief", "RUS", "CHN", "USA", "--json", "--html", str(path)).json["briefs"]
    assert [brief["country"]["iso3"] for brief in briefs] == ["RUS", "CHN", "USA"]
    page = path.read_text(encoding="utf-8")
    for brief in briefs:
        overall = brief["sections"]["position"]["places"][0]
        assert f"{overall['rank']} (" in page
    assert len(set(re.findall(r'class="mark s(\d)"', page))) == len(briefs), "each country has a shape"


def test_all_goes_on_where_it_was(parity: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from parity.ask import standing

    few = standing.ranking(standing.standing()).head(3)
    monkeypatch.setattr(standing, "ranking", lambda _: few)
    folder = str(tmp_path / "all")
    assert "3 briefs written" in parity("brief", "--all", "--out", folder).err
    first = tmp_path / "all" / f"{few['id'][0]}.html"
    whole = first.read_text(encoding="utf-8")
    first.write_text(whole[: len(whole) // 2], encoding="utf-8")
    assert "1 briefs written" in parity("brief", "--all", "--out", folder).err, "half a file is no brief"
    assert first.read_text(encoding="utf-8") == whole
    assert "3 briefs written" in parity("brief", "--all", "--out", folder, "--since", "2025-01-01").err


@pytest.mark.parametrize("words", [(), ("--all",), ("--out", "x"), ("RUS", "--all", "--out", "x")])
def test_mistakes_get_one_line(parity: Run, words: tuple[str, ...]) -> None:
    result = parity("brief", *words)
    assert result.status == 2
    assert "Traceback" not in result.err
