"""Figures: one description for a file and a browser, with its table, and nothing in it that runs."""

import datetime as dt
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from importlib.resources import files
from itertools import product

import polars as pl
import pytest

from parity.show import draw, html, marks
from parity.show.document import Chart, Column, Document, Fact, Facts, Group, Heading, Note, Table, Text
from parity.show.theme import DARK, LIGHT, PALETTES, config

pytest.importorskip("vl_convert")
EVIL = "</script><script>alert(1)</script>"
NAMES = ("Korea [south]", EVIL, "it's")
DAYS = [dt.date(2024, 1, 1), dt.date(2025, 1, 1), dt.date(2026, 1, 1)]
FRAME = pl.DataFrame(
    {
        "name": NAMES * 2,
        "who": ["A"] * 3 + ["B"] * 3,
        "day": DAYS * 2,
        "value": [1.0, None, float("nan"), 4.0, -5.0, 6.0],
        "low": [0.5, None, None, 3.0, -6.0, None],
        "high": [1.5, None, None, 5.0, -4.0, 7.0],
        "code": ["USA", "CHN", "KOR", "FRA", "DEU", "XXX"],
    }
)
TIP = (Column("name", role="key"), Column("value", "Lag", role="value"), Column("low", role="low"))
SPECS = {
    "dots": marks.spec(
        marks.dots(FRAME, "value", "name", low="low", high="high", by="who", tip=TIP), at={"x": 0}
    ),
    "scatter": marks.spec(marks.dots(FRAME, "day", "value"), y=marks.Axis("y", reverse=True)),
    "lines": marks.spec(
        marks.lines(FRAME, "day", "value", low="low", high="high", by="who", step=True, points=True),
        marks.labels(FRAME, "day", "value", "name", by="who"),
        x=marks.Axis(domain=(DAYS[0], DAYS[-1])),
    ),
    "bars": marks.spec(
        marks.bars(FRAME, "name", "value", low="low", high="high", by="who"), y=marks.Axis(zero=True)
    ),
    "heat": marks.spec(marks.heat(FRAME, "name", "who", "value", title="Lag", digits=1, middle=0, tip=TIP)),
    "world": marks.spec(marks.world(FRAME, "code", "value", title="Lag", tip=TIP)),
    "no dots": marks.spec(marks.dots(FRAME.head(0), "value", "name", low="low", high="high", by="who")),
    "no lines": marks.spec(marks.lines(FRAME.head(0), "day", "value")),
    "no map": marks.spec(marks.world(FRAME.head(0), "code", "value")),
}


def chart_of(kind: str) -> Chart:
    return Chart(f"fig-{kind}", f"Title {EVIL}", FRAME, SPECS[kind], TIP, "A caption.", "What it shows.")


@pytest.mark.parametrize(("kind", "palette"), list(product(SPECS, PALETTES)))
def test_every_mark_is_drawn_light_and_dark(kind: str, palette: str) -> None:
    drawn = draw.drawn(chart_of(kind), "svg", "Parity. Source: us.", palette=palette).decode()
    words = "".join(ET.fromstring(drawn).itertext())
    assert "Title" in words
    assert "Source: us." in words
    assert "<script" not in drawn
    assert "NaN" not in drawn
    other = DARK if palette == "light" else LIGHT
    assert other.ink not in drawn


@pytest.mark.parametrize("kind", SPECS)
def test_a_description_is_json_without_nan_and_holds_no_address(kind: str) -> None:
    told = json.dumps(SPECS[kind], allow_nan=False)
    assert "http" not in told
    assert '"url"' not in told


def test_a_series_has_one_colour_and_shape_in_all_layers() -> None:
    channels = [
        layer["encoding"][each]
        for layer in SPECS["lines"]["layer"]
        for each in ("color", "shape")
        if each in layer["encoding"]
    ]
    assert len(channels) > 3
    assert all(channel["scale"]["domain"] == ["A", "B"] for channel in channels)


def test_the_pointer_says_what_the_table_says() -> None:
    row = SPECS["dots"]["datasets"]["rows"][0]
    assert (row["tip0"], row["tip1"]) == (NAMES[0], "1.00 (0.50 to open)")


def test_columns_are_taken_by_their_whole_name() -> None:
    odd = FRAME.rename({"value": "a.b [c] 'd'", "name": "x.y", "who": "w[0]"})
    made = marks.spec(marks.bars(odd, "a.b [c] 'd'", "x.y", by="w[0]"))
    drawn = draw.svg(Chart("odd", "Odd", odd, made))
    plain = draw.svg(Chart("odd", "Odd", FRAME, marks.spec(marks.bars(FRAME, "value", "name", by="who"))))
    assert drawn.count("<path") == plain.count("<path")
    assert re.findall(r' d="([^"]+)"', drawn) == re.findall(r' d="([^"]+)"', plain)


def contrast(first: str, second: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(first), light(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_text_and_series_stand_out_from_the_page(palette: object) -> None:
    assert isinstance(palette, type(LIGHT))
    assert min(contrast(colour, palette.ground) for colour in (palette.ink, palette.soft)) >= 4.5
    # WCAG 1.4.11 asks 3 of graphics; sky and orange are helped by shape and dash.
    assert sum(contrast(colour, palette.ground) >= 3 for colour in palette.series) >= 5
    assert json.dumps(config(palette))


def test_the_app_has_the_colours_of_the_figures() -> None:
    sheet = (files("parity.web") / "static" / "parity.css").read_text(encoding="utf-8")
    pairs = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", sheet)
    for palette, place in ((LIGHT, 1), (DARK, 2)):
        told = {pair[0]: pair[place] for pair in pairs}
        assert [told[f"c{place}"] for place in range(1, 8)] == list(palette.series)
        assert [told[f"s{place}"] for place in range(1, 6)] == list(palette.ramp)
        assert (told["ink"], told["soft"], told["line"]) == (palette.ink, palette.soft, palette.line)


BLOCKS = (
    Heading(f"Heading {EVIL}"),
    Text(EVIL),
    Note(EVIL),
    Facts((Fact(EVIL, EVIL, EVIL),)),
    Table(FRAME, (*TIP, Column("code", role="link")), EVIL),
    chart_of("dots"),
    chart_of("world"),
    Group(EVIL, (Text(EVIL),), folded=True),
)
DOCUMENT = Document(EVIL, BLOCKS, EVIL, "snapshot", "2026-11-30", f"parity {EVIL}")


def elements(page: str) -> Iterator[tuple[str, dict[str, str | None]]]:
    from html.parser import HTMLParser

    found: list[tuple[str, dict[str, str | None]]] = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, dict(attrs)))

    Parser().feed(page)
    yield from found


@pytest.mark.parametrize("form", [html.page, html.notebook])
def test_a_page_runs_nothing_loads_nothing_and_escapes_data(form: Callable[[Document], str]) -> None:
    page = form(DOCUMENT)
    tags = list(elements(page))
    assert not [tag for tag, _ in tags if tag in ("script", "link", "img", "iframe")]
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
    names = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(names) == len(set(names))
    assert "alert(1)" in page


def test_a_figure_of_the_app_carries_its_table_open_until_it_is_drawn() -> None:
    part = html.part(DOCUMENT, live=html.Live("/static/world.json"))
    tags = list(elements(part))
    figures = [attributes for tag, attributes in tags if tag == "figure"]
    assert [figure["id"] for figure in figures] == ["fig-fig-dots", "fig-fig-world"]
    assert all("data-spec" in figure for figure in figures)
    open_ones = [attributes["class"] for tag, attributes in tags if tag == "details" and "open" in attributes]
    assert open_ones.count("numbers") == 2
    # What reproduces it is folded away, where it comes from is not.
    assert part.count("<summary>Reproduce</summary>") > 2
    assert not re.search(r"Reproduce: <code>", part)
    assert part.count("snapshot") > 2
    assert [attributes["type"] for tag, attributes in tags if tag == "script"] == ["application/json"] * 2
    assert not [1 for _, attributes in tags if "style" in attributes]
    bodies = re.findall(r'<script type="application/json">(.*?)</script>', part, re.S)
    assert all(json.loads(body)["layer"] for body in bodies)
    assert "coordinates" not in part


def test_tables_are_told_to_screen_readers() -> None:
    tags = list(elements(str(html.table(BLOCKS[4]))))  # type: ignore[arg-type]
    kinds = [attributes.get("scope") for tag, attributes in tags if tag == "th"]
    assert kinds.count("col") == 3
    assert kinds.count("row") == FRAME.height
    assert any(tag == "caption" for tag, _ in tags)


def test_the_script_is_one_file_that_asks_for_no_code_at_run_time() -> None:
    script = draw.script()
    assert "parityFigures" in script
    assert len(script) < 1_200_000
    assert draw.script() is script
