"""Check a text, as a person uses the page."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from parity.claims import check
from parity.claims.question import MOST_TEXT
from parity.claims.review import pieces
from parity.web.app import guarded
from parity.web.pages.check import EXAMPLE, CheckState, view
from tests.web.conftest import Reader

REPORT = Path(__file__).parents[1] / "claims" / "report.txt"


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(guarded())


def test_a_pasted_text_is_marked_and_judged(reader: Reader, tmp_path: Path) -> None:
    text = REPORT.read_text(encoding="utf-8")
    page = reader.open("/check")
    page.get_by_label("Text, at most").fill(text)
    page.get_by_role("button", name="Check", exact=True).click()
    page.locator("#marked").wait_for()
    found = check(text)
    assert page.locator("li.claim").count() == len(found.checked)
    assert page.get_by_label("Text, at most").input_value() == text
    first = page.locator("#marked .mark").first
    first.click()
    assert page.locator("#claim-1:target blockquote").inner_text() in text.replace("\n", " ")
    assert page.locator("#claim-1 blockquote mark").inner_text() == found.checked[0].claim.text
    table = reader.download(page.get_by_role("link", name="table: CSV"), tmp_path).read_text(encoding="utf-8")
    assert len(list(csv.reader(table.splitlines()))) == 1 + len(found.checked)


def test_the_example_has_a_link(reader: Reader, reader_of: Callable[..., Reader]) -> None:
    page = reader.open("/check")
    page.get_by_role("link", name="Try an example").click()
    page.get_by_role("link", name="Link to this check").click()
    page.locator("#marked").wait_for()
    again = reader_of().open(page.url.removeprefix(reader.server))
    assert again.locator("main").inner_text() == page.locator("main").inner_text()
    assert "31 of 83" in again.locator("#claim-1").inner_text()


def test_script_in_a_text_stays_text(reader: Reader) -> None:
    page = reader.open("/check")
    page.get_by_label("Text, at most").fill(
        "<script>alert(1)</script> Russia ranks 31st of 83. <img src=x onerror=a>"
    )
    page.get_by_role("button", name="Check", exact=True).click()
    page.locator("#marked").wait_for()
    assert "<script>alert(1)</script>" in page.locator("#marked").inner_text()
    assert page.locator("#marked img").count() == 0


def test_pieces_put_together_are_the_text() -> None:
    report = check(EXAMPLE)
    found = pieces(EXAMPLE, report.checked)
    assert "".join(piece.text for piece in found) == EXAMPLE
    for number, one in enumerate(report.checked, 1):
        under = "".join(piece.text for piece in found if number in piece.claims)
        assert under == one.claim.text
    assert sorted(n for piece in found for n, _ in piece.ends) == list(range(1, len(report.checked) + 1))


def test_an_empty_text_is_no_mistake() -> None:
    assert view(CheckState())["report"] is None
    assert view(CheckState(text="   "))["report"] is None


def test_too_long_a_text_is_refused_in_words(client: TestClient) -> None:
    page = client.post("/check", data={"text": "a" * (MOST_TEXT + 1)})
    assert page.status_code == 200
    assert f"longer than {MOST_TEXT:,} characters" in page.text
    assert client.post("/check", content=b"x" * 2_000_000).status_code == 413
    assert client.post("/check", data={"date": "1066-10-14", "text": "Hello."}).status_code == 200
    assert client.post("/check", content=b"text=%ff%fe").status_code == 200


def test_the_api_gives_the_answer_of_the_command(client: TestClient) -> None:
    answer = client.post("/api/v1/check", json={"text": EXAMPLE}).json()
    assert [claim["verdict"] for claim in answer["claims"]] == [
        one.judgement.verdict.value for one in check(EXAMPLE).checked
    ]
    assert client.post("/api/v1/check", json={"text": ""}).status_code == 422
    assert client.post("/api/v1/check", json={"text": "x", "family": ["horoscope"]}).status_code == 422


def test_a_reading_is_corrected_and_judged_anew_and_the_address_keeps_it(client: TestClient) -> None:
    text = (
        "Russia ranks 31st of 83 countries in the Global AI Index. China has 63 supercomputers in the TOP500."
    )
    sent = {"text": text, "date": "2025-01-10", "reading.1.rank": "20", "reading.1.country": "RUS"}
    page = client.post("/check", data=sent).text
    assert "Read as you set it" in page
    link = unescape(re.findall(r'href="(/check\?[^"]*)">Link to this check', page)[0])
    assert "reading.1.rank=20" in link
    again = client.get(link).text
    assert "the edition 2024 puts Russia at 31 of 83" in again
    assert 'name="reading.1.rank" value="20"' in again
    same = client.post("/check", data=sent | {"reading.1.rank": "31"}).text
    assert "Read as you set it" not in same
    assert "reading" not in re.findall(r'href="(/check\?[^"]*)">Link to this check', same)[0]
    wrong = client.post("/check", data=sent | {"reading.1.rank": "soon"}).text
    assert "claim 1" in wrong
    assert "Traceback" not in wrong


def test_a_text_without_corrections_is_judged(client: TestClient) -> None:
    page = client.post(
        "/check", data={"text": "Russia ranks 31st of 83 countries in the Global AI Index."}
    ).text
    assert "1 claim found" in page
