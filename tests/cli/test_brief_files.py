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
    assert not re.search(r"<script|<link|<img|@import|url\(|src=|href=", page)
    assert "Luxembourg" in page


def test_every_section_of_the_model_is_printed(parity: Run, tmp_path: Path) -> None:
    path = tmp_path / "nga.html"
    sections = parity("brief", "NGA", "--html", str(path), "--json").json["sections"]
    page = path.read_text(encoding="utf-8")
    assert page.count("<h2>") == len(sections)
    assert page.count("Reproduce: <code>parity ") == len(sections)


def test_bars_are_the_scores(parity: Run, tmp_path: Path) -> None:
    path = tmp_path / "ind.html"
    places = parity("brief", "IND", "--html", str(path), "--json").json["sections"]["position"]["places"]
    drawn = re.findall(r'aria-label="[^"]+: ([\d.]+) of 100"', path.read_text(encoding="utf-8"))
    assert drawn == [f"{place['score'] or 0:.1f}" for place in places]


def test_markdown_has_tables(parity: Run, tmp_path: Path) -> None:
    path = tmp_path / "rus.md"
    assert parity("brief", "RUS", "--md", str(path)).status == 0
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# Russia (RUS)")
    assert "| ---" in text


def test_pdf_is_one(parity: Run, tmp_path: Path) -> None:
    pytest.importorskip("typst")
    path = tmp_path / "usa.pdf"
    assert parity("brief", "USA", "--pdf", str(path)).status == 0
    assert path.read_bytes().startswith(b"%PDF-")


def test_several_countries_side_by_side(parity: Run, tmp_path: Path) -> None:
    briefs = parity("brief", "RUS", "CHN", "USA", "--json").json["briefs"]
    assert [brief["country"]["iso3"] for brief in briefs] == ["RUS", "CHN", "USA"]
    path = tmp_path / "three.html"
    parity("brief", "RUS", "CHN", "USA", "--html", str(path))
    page = path.read_text(encoding="utf-8")
    for brief in briefs:
        overall = brief["sections"]["position"]["places"][0]
        assert f"{overall['rank']} (" in page


@pytest.mark.parametrize("words", [(), ("--all",), ("--out", "x"), ("RUS", "--all", "--out", "x")])
def test_mistakes_get_one_line(parity: Run, words: tuple[str, ...]) -> None:
    result = parity("brief", *words)
    assert result.status == 2
    assert "Traceback" not in result.err
