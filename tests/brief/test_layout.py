"""What is printed of a brief: commands that exist, numbers with intervals, text that stays text."""

from __future__ import annotations

import json
import shlex

import click
import pytest
from click.testing import CliRunner
from rich.console import Console

from parity.brief.compose import compose
from parity.brief.document import Document, Fact, Grid, Mark, Part, Plot, link
from parity.brief.html import html, marks_svg
from parity.brief.layout import lay_out, side_by_side
from parity.brief.layout._one import WRITERS
from parity.brief.layout._words import estimate, months, percent, points
from parity.brief.markdown import markdown
from parity.brief.model import Brief, Missing, Sections
from parity.brief.pdf import typst_source
from parity.brief.terminal import render, track
from parity.cli.main import root
from parity.estimate import Estimate

COUNTRIES = ("RUS", "USA", "IND", "LUX", "NGA", "TWN")


@pytest.fixture(scope="module", params=COUNTRIES)
def brief(request: pytest.FixtureRequest) -> Brief:
    return compose(request.param)


def commands(document: Document) -> set[str]:
    return {fact.command for fact in document.facts} | {
        command for part in document.parts for command in part.commands
    }


def parse(command: str) -> None:
    """Parse a command as the program would, without running it."""
    words = shlex.split(command.split(" | ")[-1])
    if words[:2] == ["python", "-c"]:
        compile(words[2], command, "exec")
        return
    assert words[0] == "parity"
    found: click.Command | None = root
    context, rest = root.make_context("parity", words[1:]), words[1:]
    while isinstance(found, click.Group):
        name, found, rest = found.resolve_command(context, rest)
        assert found is not None
        context = found.make_context(name, list(rest), parent=context)


def test_every_command_is_one(brief: Brief) -> None:
    for command in commands(lay_out(brief)):
        if "--help" not in command and "--rank N" not in command:
            parse(command)


def test_the_command_of_a_bloc_gives_the_interval_that_is_told() -> None:
    told = compose("VNM")
    section = told.sections.bloc
    assert not isinstance(section, Missing)
    command = next(one for one in commands(lay_out(told)) if one.startswith("parity bloc show"))
    again = CliRunner().invoke(root, [*shlex.split(command)[1:], "--json"])
    answer = json.loads(again.stdout)
    ends = (section.score.low, section.score.high)
    assert (answer["score_low"], answer["score_high"]) == pytest.approx(ends, rel=1e-6)


def test_every_section_has_a_writer_and_a_finding(brief: Brief) -> None:
    assert list(WRITERS) == list(Sections.model_fields)
    document = lay_out(brief)
    assert all(fact.text and fact.command for fact in document.facts)
    assert all(part.commands and (part.notes or part.grids) for part in document.parts)


def test_a_missing_section_says_why(brief: Brief) -> None:
    parts = dict(zip(WRITERS, lay_out(brief).parts, strict=True))
    for name in WRITERS:
        section = getattr(brief.sections, name)
        if isinstance(section, Missing):
            assert section.reason in " ".join(parts[name].notes)
            assert any(gap.detail == section.reason for gap in brief.sections.data_gaps.gaps)


def test_rows_fit_their_headings(brief: Brief) -> None:
    for part in (*lay_out(brief).parts, *side_by_side([brief, compose("CHN")]).parts):
        for grid in part.grids:
            assert all(len(row) == len(grid.columns) for row in grid.rows)
            assert grid.plot is None or len(grid.plot.marks) == len(grid.rows)


@pytest.mark.parametrize("width", [80, 120])
def test_the_terminal_is_not_overrun(brief: Brief, width: int) -> None:
    console = Console(width=width, record=True, file=None, force_terminal=False, quiet=False)
    with console.capture() as captured:
        render(lay_out(brief), console)
    assert max(len(line) for line in captured.get().splitlines()) <= width


EVIL = '<script>alert(1)</script> #eval("x") | `a` [b](c) \\"'


def evil() -> Document:
    grid = Grid(("a", "b"), ((EVIL, "javascript:alert(1)"), (EVIL, 'https://e.org/"><b>')))
    return Document(
        EVIL, EVIL, EVIL, (Fact(EVIL, EVIL, EVIL),), (Part(EVIL, (EVIL,), (EVIL,), (grid,)),), EVIL
    )


def test_text_from_data_is_not_markup() -> None:
    page = html(evil())
    assert "<script" not in page
    assert 'href="javascript' not in page
    assert "<b>" not in page
    assert "\\<script\\>" in markdown(evil())
    typst = pytest.importorskip("typst")
    assert typst.compile(typst_source(evil()).encode()).startswith(b"%PDF-")


def test_only_addresses_are_links() -> None:
    assert link("https://www.example.org/a/b") == "example.org"
    assert link("javascript:alert(1)") is None
    assert link("https://a b") is None
    assert link("see https://example.org") is None


def test_marks_lie_where_the_numbers_are() -> None:
    plot = Plot("", 1, 11, ((Mark(6, 1, 11),), (Mark(None, 6, None),), (Mark(None),)))
    assert 'x="0.00%" width="100.00%"' in marks_svg(plot, 0)
    assert 'class="mark s0" x="50.00%"' in marks_svg(plot, 0)
    assert 'x="50.00%" width="50.00%"' in marks_svg(plot, 1), "an open end runs to the end of the scale"
    assert "mark" not in marks_svg(plot, 1)
    assert "rect" not in marks_svg(plot, 2)
    assert track(plot, plot.marks[0], 11) == "━━━━━●━━━━━"
    assert track(plot, plot.marks[1], 11) == "·····━━━━━━"


def test_numbers_in_words() -> None:
    assert estimate(Estimate(7.0, 4.1, 13.9)) == "7.0 (4.1 to 13.9)"
    assert estimate(Estimate(None, 48.3, None)) == "at least 48.3"
    assert months(Estimate(-10.2, -19.0, -9.4), "CHN") == "10.2 (9.4 to 19.0) months ahead of CHN"
    assert percent(Estimate(0.0012, 0.001, 0.0023)) == "0.12 % (0.1 to 0.23)"
    assert points(-0.001) == "0.0"
