"""Briefs as files, and several countries side by side."""

from __future__ import annotations

import json
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
    assert not re.search(r"<script|<link|<img|@import|src=|javascript:", page)
    assert set(re.findall(r' href="([a-z]+):', page)) <= {"http", "https"}, "links to sources alone"
    assert "Luxembourg" in page


def test_other_forms(parity: Run, tmp_path: Path) -> None:
    paths = [str(tmp_path / f"rus.{form}") for form in ("md", "json", "csv", "xlsx")]
    outs = [word for path in paths for word in ("--out", path)]
    assert parity("brief", "RUS", "CHN", *outs).status == 0
    assert Path(paths[0]).read_text(encoding="utf-8").startswith("# Russia · China")
    assert json.loads(Path(paths[1]).read_text(encoding="utf-8"))["rows"][1]["iso3"] == "CHN"
    assert Path(paths[2]).read_text(encoding="utf-8").splitlines()[1].startswith("Russia,")


def test_all_goes_on_where_it_was(parity: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from parity.ask import standing

    few = standing.ranking(standing.standing()).head(3)
    monkeypatch.setattr(standing, "ranking", lambda _: few)
    folder = str(tmp_path / "all")
    assert "3 briefs written" in parity("brief", "--all", "--to-folder", folder, "--quiet").out
    first = tmp_path / "all" / f"{few['id'][0]}.html"
    whole = first.read_text(encoding="utf-8")
    first.write_text(whole[: len(whole) // 2], encoding="utf-8")
    again = parity("brief", "--all", "--to-folder", folder, "--quiet").out
    assert "1 briefs written, 2 of the same data were there" in again, "half a file is no brief"
    assert first.read_text(encoding="utf-8") == whole
    other = parity("brief", "--all", "--out", folder, "--since", "2025-01-01", "--quiet")
    assert "3 briefs written" in other.out
    assert "--to-folder" in other.err, "the former spelling works, with a word of warning"


@pytest.mark.parametrize(
    "words", [(), ("--all",), ("--to-folder", "x"), ("RUS", "--all", "--to-folder", "x")]
)
def test_mistakes_get_one_line(parity: Run, words: tuple[str, ...]) -> None:
    result = parity("brief", *words)
    assert result.status == 2
    assert "Traceback" not in result.err
