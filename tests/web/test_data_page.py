"""Data and methods, as a person uses the page, and what it promises to be safe."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from fastapi.testclient import TestClient

from parity.catalogue import load_table
from parity.errors import ParityError
from parity.views.methods import TITLES, documentation
from parity.web.app import create_app
from parity.web.methods import method_html
from tests.web.conftest import Reader


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app())


def test_finds_opens_and_draws_an_indicator(reader: Reader) -> None:
    page = reader.open("/data")
    assert page.locator("#listed tbody tr").count() == load_table("indicators").height
    page.get_by_label("Find").fill("govtech")
    reader.wait_for_address("find=govtech")
    reader.settle()
    page.get_by_role("link", name="gtmi").click()
    reader.wait_for_address("show=gtmi")
    reader.settle()
    assert "World Bank" in page.locator("#opened").inner_text()
    page.get_by_label("Draw the series of").fill("Russia, CHN")
    reader.wait_for_address("country=Russia")
    reader.settle()
    page.locator("#fig-series[data-drawn]").wait_for()
    assert "China" in page.locator("#fig-series").inner_text()


def test_rows_of_a_table_download(reader: Reader, tmp_path: Path) -> None:
    page = reader.open("/data?kind=tables&show=ties")
    file = reader.download(page.get_by_role("link", name="PARQUET"), tmp_path)
    assert pl.read_parquet(file).equals(load_table("ties"))


def test_methods_have_formulas_and_figures(reader: Reader) -> None:
    page = reader.open("/data")
    page.locator("#kind-methods").click()
    reader.wait_for_address("kind=methods")
    page.get_by_role("link", name="Robustness", exact=True).click()
    reader.wait_for_address("show=robustness")
    reader.settle()
    assert page.locator("article math").count() > 10
    pictures = page.locator("article img")
    assert pictures.count() > 0
    pictures.first.scroll_into_view_if_needed()
    pictures.first.evaluate("one => one.decode()")


def test_what_cannot_be_had_is_said(reader: Reader) -> None:
    page = reader.open("/data?show=gtmi&country=Atlantis")
    assert "Atlantis" in page.locator("#told").inner_text()
    assert page.locator("#opened h2").inner_text() == "GovTech maturity index"
    page = reader.open("/data?show=<script>alert(1)</script>&kind=tables")
    assert "nothing called" in page.locator("#told").inner_text()
    assert "404" in reader.errors.pop()


def test_every_page_on_methods_is_there() -> None:
    place = documentation()
    assert place is not None
    assert {file.stem for file in (place / "methods").glob("*.md")} == set(TITLES)
    for name in TITLES:
        html = method_html(name)
        assert "<h2>" in html
        assert "<script" not in html
        assert 'href="../' not in html
    with pytest.raises(ParityError, match="no page on methods"):
        method_html("../../pyproject")


def test_rows_over_the_api(client: TestClient) -> None:
    answer = client.get("/api/v1/data/gtmi/rows")
    assert answer.headers["content-disposition"] == 'attachment; filename="parity-gtmi.csv"'
    assert "World Bank" in answer.headers["parity-citation"]
    observed = load_table("observations").filter(pl.col("indicator") == "gtmi")
    assert len(answer.text.splitlines()) == observed.height + 1
    assert client.get("/api/v1/data/gtmi", params={"country": "Russia"}).json()["series"]
    assert client.get("/api/v1/data/nothing").status_code == 404
    assert client.get("/api/v1/data/nothing/rows").json()["error"].startswith("the catalogue holds nothing")
