"""What holds of every page: for every reader, on every screen, on paper, without script, in words."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Callable
from functools import cache
from html import unescape

import pytest

from parity.views.names import countries
from parity.web.pages import pages
from tests.web.conftest import Reader, Seen

SAMPLES = {page.slug: f"/{page.slug}" + (f"?{page.sample}" if page.sample else "") for page in pages()}
SAMPLES |= {
    "ranking": "/ranking?w.talent=9&pin=variant%3Dscale",
    "blocs": "/blocs?bloc=Quad",
    "check": "/check?text=China+has+overtaken+the+United+States+in+AI+publications,+as+Russia+ranks+31st.",
    "data": "/data?show=gtmi&country=RUS,CHN",
}
MORE = ("/country?country=NPL", "/country?country=USA&rank=1", "/chips?to=DEU", "/data?kind=methods")
CHOOSERS = ("/country", "/frontier", "/chips", "/blocs", "/trade", "/api")

WRONG = {
    "a power of ten as programs write it": r"\b\d+(?:\.\d+)?e[+-]?\d+\b",
    "a word of the program": r"datetime\.|\bNone\b(?! of \d)|\bnan\b|\binf\b|\bTrue\b|<class|\{'|\['",
    "an interval without width": r"(?<![\d.,–-])(-?\d[\d,.]*) to \1(?![\d.,]*\d)",
    "nothing with a sign": r"(?<![\w.])-0(?:\.0+)?(?![\d.])",
    "digits that nobody measured": r"\d\.\d{7,}",
}


@cache
def html(address: str) -> str:
    """Return a page, its slower pieces too."""
    path, _, query = address.partition("?")
    with urllib.request.urlopen(
        f"{path}/whole?{query}" if has_parts(path) else address, timeout=120
    ) as answer:
        return str(answer.read().decode())


def words(address: str) -> str:
    """Return the words of a page, those of its slower pieces too."""
    body = re.sub(r"<(script|style|code|pre|math|textarea).*?</\1>", " ", html(address), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def has_parts(path: str) -> bool:
    """Tell whether a page has slower pieces."""
    return any(page.parts and path.endswith(f"/{page.slug}") for page in pages())


@pytest.mark.parametrize("address", [*SAMPLES.values(), *MORE, *CHOOSERS])
def test_no_number_is_told_as_a_program_holds_it(server: str, address: str) -> None:
    text = words(server + address) if address not in CHOOSERS else words(f"{server}{address}?")
    found = {
        name: text[max(0, one.start() - 40) : one.end() + 20]
        for name, shape in WRONG.items()
        for one in re.finditer(shape, text)
    }
    assert found == {}


@pytest.mark.parametrize("address", [*SAMPLES.values(), *MORE])
def test_names_of_countries_lead_to_them(server: str, address: str) -> None:
    cells = re.findall(r"<t[hd][^>]*>\s*([^<]+?)\s*</t[hd]>", html(server + address))
    assert {unescape(cell) for cell in cells} & set(countries().values()) == set()


@pytest.mark.parametrize(
    ("address", "control", "value"),
    [
        ("/ranking", "#form-scale", ""),
        ("/ranking", "select[name=group]", "G7"),
        ("/country?country=NPL", "#c-country", "Peru"),
        ("/country?country=IND", "#c-against", "FRA"),
        ("/frontier?of=RUS", "select[name=behind]", "CHN"),
        ("/chips?to=DEU", "select[name=to]", "RUS"),
        ("/blocs?bloc=Quad", "select[name=variant]", "scale"),
        ("/trade?sanctioned=RUS", "select[name=goods]", "chips"),
        ("/information?protected=US", "select[name=outcome]", "denial"),
        ("/data", "#kind-tables", ""),
        ("/country", ".choose li a", ""),
        ("/check?text=China+leads.", "button[type=submit]", ""),
    ],
)
def test_back_undoes_a_settled_choice(reader: Reader, address: str, control: str, value: str) -> None:
    page = reader.open(address, settled=False)
    heading, before = page.locator("h1").inner_text(), page.url
    one = page.locator(control).first
    shown = one.input_value() if value else ""
    if not value:
        one.click()
    elif control.startswith("#c-country"):
        one.fill(value)
        one.press("Enter")
    else:
        one.select_option(value)
    page.wait_for_url(lambda url: url != before)
    page.go_back()
    page.wait_for_url(before)
    page.wait_for_function("text => document.querySelector('h1').innerText === text", arg=heading)
    if value:
        page.wait_for_function(
            "([control, text]) => document.querySelector(control).value === text", arg=[control, shown]
        )


@pytest.mark.parametrize(("width", "theme"), [("narrow", "dark"), ("wide", "light")])
@pytest.mark.parametrize("address", SAMPLES.values(), ids=SAMPLES)
def test_reads_well(axe: Callable[..., Seen], address: str, width: str, theme: str) -> None:
    """One visit: accessible, no wider than the screen, every figure drawn, with what others show of it."""
    seen = axe(address, width, theme)
    assert seen.findings == []
    assert seen.overflow <= 0
    assert seen.undrawn == 0
    assert seen.title.endswith(" · Parity")
    assert seen.shared >= {"og:title", "og:description", "og:url"}
    if width == "narrow":
        assert seen.tab_in_view
        assert seen.open_folds <= 1


@pytest.mark.parametrize("slug", [page.slug for page in pages() if page.parts])
def test_answers_without_script(reader_of: Callable[..., Reader], slug: str) -> None:
    one = reader_of(java_script_enabled=False)
    page = one.open(SAMPLES[slug], settled=False)
    page.wait_for_url("**/whole**")
    assert page.locator("[data-part], .spinner").count() == 0
    assert page.locator("main table tbody tr").count() > 5
    assert (
        page.locator("figure details.numbers[open]").count() == page.locator("figure details.numbers").count()
    )
