"""Figures in a real Chromium, under the content policy of the app."""

from __future__ import annotations

import datetime as dt
import http.server
import threading
from collections.abc import Iterator
from importlib.resources import files
from typing import TYPE_CHECKING

import polars as pl
import pytest

from parity.show import draw, html, marks
from parity.show.document import Chart, Document, Text, estimate
from parity.web.guard import HEADERS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest.importorskip("vl_convert")
FRAME = pl.DataFrame(
    {
        "name": ["Türkiye", "<b>Korea</b> [south]", "France"],
        "code": ["TUR", "KOR", "FRA"],
        "day": [dt.date(2024, 1, 1), dt.date(2025, 1, 1), dt.date(2026, 1, 1)],
        "lag": [7.04, 9.0, 12.0],
        "lag_low": [4.1, 8.0, None],
        "lag_high": [13.9, 11.0, 14.0],
    }
)
TIP = estimate("lag", "Lag", "months")
SPECS = {
    "dots": marks.spec(marks.dots(FRAME, "lag", "name", low="lag_low", high="lag_high", tip=TIP)),
    "lines": marks.spec(
        marks.lines(FRAME, "day", "lag", step=True, tip=TIP),
        x=marks.Axis(domain=(dt.date(2023, 7, 1), dt.date(2026, 7, 1))),
    ),
    "map": marks.spec(marks.world(FRAME, "code", "lag", title="Lag", tip=TIP)),
    "heat": marks.spec(marks.heat(FRAME, "name", "code", "lag", title="Lag", digits=1)),
}
CHARTS = tuple(
    Chart(name, f"Title of {name}", FRAME, spec, TIP, alt="Three lags.") for name, spec in SPECS.items()
)
DOCUMENT = Document("Lag", (*CHARTS, Text("End")), data="snapshot", command="parity lag TUR")

POLICY = HEADERS["content-security-policy"]


@pytest.fixture(scope="module")
def page_of_figures() -> Iterator[str]:
    """Address of a page with figures, served with the headers of the app and a stricter policy."""
    head = (
        '<meta charset="utf-8"><title>x</title><link rel="stylesheet" href="/parity.css">'
        '<script src="/figures.js" defer></script>'
    )
    part = html.part(DOCUMENT, live=html.Live("/world.json"))
    body = f'<html lang="en" class="scripted"><head>{head}</head><body>{part}</body></html>'
    bodies = {
        "/": ("text/html", f"<!doctype html>{body}"),
        "/figures.js": ("text/javascript", draw.script()),
        "/world.json": (
            "application/json",
            (files("parity.show") / "world.json").read_text(encoding="utf-8"),
        ),
        "/parity.css": (
            "text/css",
            (files("parity.web") / "static" / "parity.css").read_text(encoding="utf-8"),
        ),
    }

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, text = bodies.get(self.path, ("text/plain", ""))
            self.send_response(200)
            for name, value in (HEADERS | {"content-security-policy": POLICY, "content-type": kind}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{served.server_port}/"
    served.shutdown()
    served.server_close()


def drawn(page: Page, address: str) -> None:
    """Open a page and look at all its figures."""
    page.goto(address)
    for place in range(len(CHARTS)):
        page.locator("figure").nth(place).scroll_into_view_if_needed()
        page.wait_for_function(
            "n => 'drawn' in document.querySelectorAll('figure')[n].dataset", arg=place, timeout=60_000
        )


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1200, "light")])
def test_figures_are_drawn_under_the_strictest_policy(
    chromium: Browser, page_of_figures: str, width: int, scheme: str
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda problem: said.append(str(problem)))
    drawn(page, page_of_figures)
    assert said == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("figure details.numbers[open]").count() == 0
    assert page.locator(".drawing").first.get_attribute("aria-label") == "Three lags."
    names = page.locator("#fig-dots svg text").all_text_contents()
    assert {"Türkiye", "<b>Korea</b> [south]"} <= set(names)
    widths = page.evaluate(
        "[...document.querySelectorAll('.drawing svg')].map(svg => svg.getBoundingClientRect().width)"
    )
    place = page.evaluate("document.querySelector('.drawing').clientWidth")
    assert all(0.8 * place < each <= place + 1 for each in widths)
    page.close()


def test_theme_and_pointer(chromium: Browser, page_of_figures: str) -> None:
    page = chromium.new_page(viewport={"width": 1000, "height": 900})
    drawn(page, page_of_figures)
    figure = page.locator("#fig-dots")
    figure.scroll_into_view_if_needed()
    figure.locator("svg path[aria-roledescription=point]").first.hover(force=True)
    assert page.locator("#pointed").inner_text().split("\n") == ["Lag (months)", "7.0 (4.1 to 13.9)"]
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function(
        "document.querySelector('#fig-dots svg').outerHTML.includes('#e8edf1')", timeout=60_000
    )
    page.close()


def test_where_the_script_is_blocked_the_tables_stand_open(chromium: Browser, page_of_figures: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_of_figures)
    assert page.locator("figure details.numbers[open] table").count() == len(CHARTS)
    assert page.locator("figure table").first.is_visible()
    context.close()
