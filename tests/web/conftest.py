"""A live server, a real Chromium, and what is asked of every page."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

START_SECONDS = 60
WAIT_MS = 60_000
WIDTHS = {"narrow": (390, 844), "wide": (1440, 1000)}
NAMES = "all => all.map(one => one.getAttribute('property'))"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session", autouse=True)
def _roomy() -> Iterator[None]:
    """Let this process keep its answers: it holds more than a server's worker does."""
    from parity.web import guard

    usual, guard.MOST_MEMORY = guard.MOST_MEMORY, 1 << 40
    yield
    guard.MOST_MEMORY = usual


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def served(port: int, *words: str, log: Any = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """Start `parity serve` and wait until it answers."""
    start = "from parity.cli.main import main; main()"
    command = [sys.executable, "-c", start, "serve", "--port", str(port), *words]
    environment = os.environ | {"PARITY_DATA": "no-updated-data"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log, env=environment)
    for _ in range(START_SECONDS * 5):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return process
        except OSError:
            if process.poll() is not None:
                pytest.fail(f"the server stopped with status {process.returncode}")
            time.sleep(0.2)
    process.kill()
    pytest.fail(f"the server did not answer within {START_SECONDS} s")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Address of a server that runs as a user's would."""
    port = free_port()
    process = served(port)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real Chromium; tests that need it skip where there is none."""
    path = which("chromium")
    if path is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@dataclass
class Reader:
    """Somebody at a browser, and what went wrong or outside meanwhile."""

    page: Page
    context: BrowserContext
    server: str
    errors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def open(self, path: str, *, settled: bool = True) -> Page:
        """Open an address of the app; wait for its slower pieces too."""
        self.page.goto(f"{self.server}{path}")
        if settled:
            self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until everything on the page has come."""
        from playwright.sync_api import expect

        expect(self.page.locator("html.busy")).to_have_count(0, timeout=WAIT_MS)
        expect(self.page.locator("[data-part]")).to_have_count(0, timeout=WAIT_MS)

    def wait_for_address(self, text: str) -> None:
        """Wait until the address holds a text."""
        self.page.wait_for_url(lambda url: text in url, timeout=WAIT_MS)

    def download(self, button: Any, folder: Path) -> Path:
        """Press a download button and return the file."""
        with self.page.expect_download(timeout=WAIT_MS) as waiting:
            button.click()
        found = folder / waiting.value.suggested_filename
        waiting.value.save_as(found)
        return found


@pytest.fixture
def reader_of(server: str, chromium: Browser) -> Iterator[Callable[..., Reader]]:
    """Make readers; at the end none of them may have seen an error or a request to elsewhere."""
    made: list[Reader] = []

    def make(width: str = "wide", theme: Any = "light", **more: Any) -> Reader:
        w, h = WIDTHS[width]
        context = chromium.new_context(
            viewport={"width": w, "height": h}, color_scheme=theme, accept_downloads=True, **more
        )
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        one = Reader(page, context, server)
        page.on("console", lambda line: one.errors.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda problem: one.errors.append(str(problem)))
        page.on(
            "request",
            lambda request: one.hosts.add(request.url.split("/")[2]) if "//" in request.url else None,
        )
        made.append(one)
        return one

    yield make
    for one in made:
        one.context.close()
        assert one.errors == []
        assert one.hosts <= {server.removeprefix("http://")}


@pytest.fixture
def reader(reader_of: Callable[..., Reader]) -> Reader:
    """A reader at a wide, light screen."""
    return reader_of()


@dataclass(frozen=True)
class Seen:
    """What a visit to a page found."""

    findings: list[str]
    overflow: int
    undrawn: int
    title: str
    shared: set[str]
    tab_in_view: bool
    open_folds: int


@pytest.fixture
def axe(reader_of: Callable[..., Reader]) -> Callable[..., Seen]:
    """Visit an address at a width and theme: axe-core's serious and critical findings, and how it stands."""
    script = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

    def check(path: str, width: str = "wide", theme: str = "light") -> Seen:
        # The page's policy forbids the script of the check, so it is lifted for this reader alone.
        one = reader_of(width, theme, bypass_csp=True)
        page = one.open(path)
        # Figures are drawn without being looked at.
        page.locator("figure[data-spec]:not([data-drawn])").first.wait_for(state="detached")
        page.add_script_tag(content=script)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        findings = [
            json.dumps(
                {
                    "id": fault["id"],
                    "help": fault["help"],
                    "at": [n["html"][:150] for n in fault["nodes"][:3]],
                }
            )
            for fault in found["violations"]
            if fault["impact"] in ("serious", "critical")
        ]
        tab = page.locator(".top [aria-current]").bounding_box() or {"x": -1, "width": 0}
        return Seen(
            findings,
            page.evaluate("document.documentElement.scrollWidth - innerWidth"),
            page.locator("figure[data-spec]:not([data-drawn])").count(),
            page.title(),
            set(page.locator("meta[property^='og:']").evaluate_all(NAMES)),
            tab["x"] >= 0 and tab["x"] + tab["width"] <= WIDTHS[width][0],
            page.locator("details[data-fold][open]").count(),
        )

    return check
