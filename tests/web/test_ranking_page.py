"""The ranking page, as a person uses it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.web.conftest import Reader


def first_rows(reader: Reader, count: int = 3) -> list[str]:
    return [text.strip() for text in reader.page.locator("#ranking tbody th").all_inner_texts()[:count]]


def test_shows_every_country_with_its_interval(reader: Reader) -> None:
    page = reader.open("/ranking")
    assert page.locator("#ranking tbody tr").count() == 118
    assert page.locator("#ranking .pending").count() == 0
    assert first_rows(reader, 1) == ["United States USA"]


def test_draws_the_world_from_its_own_shapes(reader: Reader) -> None:
    page = reader.open("/ranking")
    page.locator("#fig-world-map").scroll_into_view_if_needed()
    page.locator("#fig-world-map[data-drawn]").wait_for()
    assert page.locator("#fig-world-map svg path").count() > 150


def test_a_slider_moves_ranks_and_the_address(reader: Reader) -> None:
    page = reader.open("/ranking")
    before = page.locator("#ranking tbody").inner_text()
    slider = page.get_by_label("Government strategy", exact=True)
    slider.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    reader.wait_for_address("w.government_strategy=4")
    reader.settle()
    assert page.locator("#ranking tbody").inner_text() != before
    assert page.get_by_role("heading", name="What moved, and why").is_visible()
    assert "weight of Government strategy" in page.locator("#part-settled").inner_text()
    assert slider.evaluate("one => one === document.activeElement")


def test_a_link_brings_the_view_back(reader: Reader, reader_of: Callable[..., Reader]) -> None:
    address = "/ranking?variant=scale&aggregate=geometric&w.talent=9&group=BRICS&sort=name&down=1"
    page = reader.open(address)
    again = reader_of()
    assert (
        again.open(page.url.removeprefix(reader.server)).locator("#ranking tbody").inner_text()
        == page.locator("#ranking tbody").inner_text()
    )
    assert again.page.get_by_label("Talent", exact=True).input_value() == "9"
    assert first_rows(again, 1) == ["United Arab Emirates ARE"]


def test_sort_find_and_groups(reader: Reader) -> None:
    page = reader.open("/ranking")
    page.locator("#sort-name").click()
    reader.wait_for_address("sort=name")
    reader.settle()
    assert first_rows(reader, 1) == ["Albania ALB"]
    page.get_by_label("Find").fill("land")
    reader.wait_for_address("find=land")
    reader.settle()
    names = first_rows(reader, 50)
    assert names
    assert all("land" in name.lower() for name in names)
    page.get_by_label("Find").fill("")
    page.get_by_label("Show").select_option("G7")
    reader.wait_for_address("group=G7")
    reader.settle()
    assert page.locator("#ranking tbody tr").count() == 7


def test_reset(reader: Reader) -> None:
    page = reader.open("/ranking?w.talent=9&aggregate=harmonic")
    page.get_by_role("link", name="Reset").click()
    reader.settle()
    assert page.url == f"{reader.server}/ranking"
    assert page.get_by_label("Talent", exact=True).input_value() == "5"


def test_compares_two_settings(reader: Reader) -> None:
    page = reader.open("/ranking?variant=intensity")
    page.get_by_role("link", name="Pin as A").click()
    reader.wait_for_address("pin=")
    page.get_by_label("Variant").select_option("scale")
    reader.wait_for_address("variant=scale")
    reader.settle()
    assert "In A" in page.locator("#ranking thead").inner_text()
    assert "variant scale" in page.locator("#part-settled").inner_text()


def test_junk_in_the_address_is_refused_in_words(reader: Reader) -> None:
    page = reader.open("/ranking?variant=<script>alert(1)</script>&w.talent=1e9&nothing=1&sort=rank")
    told = page.locator("#notes").inner_text()
    assert "“variant” cannot be “<script>alert(1)</script>”" in told
    assert "w.talent" in told
    assert "“nothing”, which this page does not know" in told
    assert page.locator("#ranking tbody tr").count() == 118


def test_a_setting_without_weights_says_so(reader: Reader) -> None:
    page = reader.open("/ranking?w.implementation=0&w.innovation=0&w.investment=0")
    assert "all weights within 'index' are 0" in page.locator("#told").inner_text()


def test_downloads(reader: Reader, tmp_path: Path) -> None:
    page = reader.open("/ranking")
    card = page.locator("#fig-rank-intervals")
    card.scroll_into_view_if_needed()
    page.locator("#fig-rank-intervals[data-drawn]").wait_for()
    table = reader.download(card.get_by_role("button", name="CSV"), tmp_path)
    lines = list(csv.reader(table.read_text(encoding="utf-8").splitlines()))
    assert lines[0][0].startswith("# Parity")
    assert lines[1] == ["iso3", "name", "rank", "rank_low", "rank_high", "score"]
    assert len(lines) == 2 + 118
    drawing = reader.download(card.get_by_role("button", name="SVG"), tmp_path).read_text(encoding="utf-8")
    assert drawing.startswith("<svg")
    assert "Source: Epoch AI" in drawing
    picture = reader.download(card.get_by_role("button", name="PNG"), tmp_path).read_bytes()
    assert picture.startswith(b"\x89PNG")


@pytest.mark.parametrize("width", ["narrow", "wide"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessible_and_no_wider_than_the_screen(
    axe: Callable[..., list[str]], reader_of: Callable[..., Reader], width: str, theme: str
) -> None:
    assert axe("/ranking?w.talent=9&pin=variant%3Dscale", width, theme) == []
    one = reader_of(width, theme)
    page = one.open("/ranking")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_theme_can_be_switched_and_stays(reader: Reader) -> None:
    page = reader.open("/ranking")
    page.get_by_role("button", name="Dark theme").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    reader.settle()


def test_reads_without_any_script(reader_of: Callable[..., Reader]) -> None:
    one = reader_of(java_script_enabled=False)
    page = one.open("/ranking?find=brazil", settled=False)
    assert page.locator("#ranking tbody tr").count() == 1
    page.locator("#sort-name").click()
    assert "sort=name" in page.url
