"""The ranking page, as a person uses it."""

from __future__ import annotations

from collections.abc import Callable

from tests.web.conftest import Reader


def first_rows(reader: Reader, count: int = 3) -> list[str]:
    return [text.strip() for text in reader.page.locator("#ranking tbody th").all_inner_texts()[:count]]


def test_shows_every_country_with_its_interval(reader: Reader) -> None:
    page = reader.open("/ranking")
    assert page.locator("#ranking tbody tr").count() == 118
    assert page.locator("#ranking .pending").count() == 0
    assert first_rows(reader, 1) == ["United States USA"]
    heads = page.locator("#ranking thead th").all_inner_texts()
    assert {"By size", "Per person"} <= set(heads), "the other forms stand beside"
    china = page.locator("#ranking tbody tr", has_text="China").first
    assert "Moved most by size against per person" in (
        china.locator(".span-text").get_attribute("title") or ""
    )


def test_every_figure_is_on_paper_in_full(reader_of: Callable[..., Reader]) -> None:
    page = reader_of(theme="dark").open("/ranking")
    # None of them has been on the screen: they are drawn when there is nothing else to do.
    page.locator("figure[data-spec]:not([data-drawn])").first.wait_for(state="detached")
    assert page.locator("#fig-world-map svg path").count() > 150
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 900})
    sizes = page.locator(".drawing > svg, .drawing svg.marks").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(({width, height}) => [width, height])"
    )
    assert len(sizes) == 2
    assert all(300 < width <= 680 and height > 100 for width, height in sizes)
    assert page.locator("#scroll-ranking").evaluate("one => one.clientHeight >= one.scrollHeight")
    assert not page.locator(".choices").is_visible()


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
    # Back undoes the drag, the slider included: in one step, or a few where the keys came too slowly for one.
    for _ in range(3):
        if page.url != f"{reader.server}/ranking":
            page.go_back()
            reader.settle()
    assert page.url == f"{reader.server}/ranking"
    assert page.locator("#ranking tbody").inner_text() == before
    assert page.get_by_label("Government strategy", exact=True).input_value() == "1"


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
    page.get_by_role("link", name="By size").click()
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
    page.wait_for_url("**/whole?find=brazil")
    assert page.locator("#ranking tbody tr").count() == 1
    page.locator("#sort-name").click()
    assert "sort=name" in page.url
