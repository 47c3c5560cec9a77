"""The trade page: its numbers against the command's, and as a person uses it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from parity.cli.main import main
from parity.errors import NoAnswerError, ParityError
from parity.web.pages.trade import PAGE
from parity.web.pages.trade.state import TradeState
from parity.web.state import query_of, read_state
from tests.web.conftest import Reader

# What is written on a page, figures aside: those are drawn when they come near the screen.
WORDS = "main :is(h1, h2, h3, p, li, th, td)"

MILLION = 1e6
# The same function answers both; what differs is the order of a sum.
ROUNDING = 1e-9
# Taiwan's exports of chips are few: quick to judge.
QUICK = "/trade?reporter=TWN&country=RUS&goods=chips"


def printed(capsys: pytest.CaptureFixture[str], command: str) -> dict[str, Any]:
    with pytest.raises(SystemExit):
        main([*command.split()[1:], "--json"])
    return json.loads(capsys.readouterr().out)


def rows(figure: Any) -> list[dict[str, Any]]:
    return figure.table.frame.to_dicts()


def test_diversion_is_what_the_command_tells(capsys: pytest.CaptureFixture[str]) -> None:
    body = PAGE.parts["diversion"](TradeState(reporter="TWN", third="TUR,KAZ"))
    answer = printed(capsys, body["ranking"].command)
    shown = rows(body["ranking"])
    for row, told in zip(shown[:-1], answer["partners"], strict=True):
        assert row["excess"] == pytest.approx(told["excess"]["value"] / MILLION, rel=ROUNDING)
        assert row["low"] == pytest.approx(told["excess"]["low"] / MILLION, rel=ROUNDING)
        assert row["p_adjusted"] == pytest.approx(told["p_adjusted"], rel=ROUNDING)
        assert row["verdict"] == told["verdict"]
    assert shown[-1]["rise"] == pytest.approx(answer["direct"]["rise"]["value"], rel=ROUNDING)
    assert len(body["verdict"].caveats) == 4
    assert "RUS" not in " ".join(body["verdict"].found)


def test_paths_are_100_before_and_hold_an_interval_after() -> None:
    body = PAGE.parts["diversion"](TradeState(reporter="TWN"))
    path = [row for row in rows(body["paths"]) if row["country"] == "Russia"]
    before = [row["index"] for row in path if row["period"] < "2022"]
    assert sum(before) / len(before) == pytest.approx(100)
    assert all(row["low"] is None for row in path if row["period"] < "2022")
    assert all(row["low"] < row["expected"] < row["high"] for row in path if row["period"] >= "2022")


def test_months_are_refused_where_none_are_known() -> None:
    with pytest.raises(ParityError, match="no months are at hand"):
        PAGE.parts["diversion"](TradeState(reporter="TWN", by="month"))


@pytest.mark.parametrize(
    ("part", "state"),
    [
        ("dependence", TradeState(country="KGZ")),
        ("dependence", TradeState(country="RUS", goods="chips")),
        ("substitution", TradeState(country="UZB", start=date(2021, 3, 1))),
        ("substitution", TradeState(country="ARM", split="origin")),
        ("mirror", TradeState(country="KAZ")),
    ],
)
def test_supply_is_what_the_command_tells(
    part: str, state: TradeState, capsys: pytest.CaptureFixture[str]
) -> None:
    body = PAGE.parts[part](state)
    figure = body.get("origins") or body.get("decomposition") or body.get("figure")
    answer = printed(capsys, figure.command)
    told = answer.get("origins") or answer.get("groups") or answer["years"]
    name = {"dependence": "value", "substitution": "after", "mirror": "exported"}[part]
    assert [row[name] for row in rows(figure)] == pytest.approx([row[name] / MILLION for row in told])
    if part != "dependence":
        change = {"substitution": "change", "mirror": "gap"}[part]
        known = [row[change]["value"] / MILLION for row in told]
        assert [row[change] for row in rows(figure)] == pytest.approx(known)


def test_shares_are_left_out_where_the_whole_is_not_known() -> None:
    state = TradeState(country="RUS", goods="chips")
    body = PAGE.parts["dependence"](state)
    assert body["concentration"] is None
    assert "share" not in [column.name for column in body["origins"].table.columns]
    assert any("reports" in line for line in body["lacking"])
    assert PAGE.parts["substitution"](state)["shares"] is None
    with pytest.raises(NoAnswerError, match="not both at hand"):
        PAGE.parts["mirror"](state)


def test_shares_of_a_year_add_up() -> None:
    figure = PAGE.parts["dependence"](TradeState())["origins"]
    last = max(row["year"] for row in rows(figure))
    assert sum(row["share"] for row in rows(figure) if row["year"] == last) == pytest.approx(100)
    assert sum(trace["y"][-1] for trace in figure.data) == pytest.approx(100)


def test_the_address_is_read_as_countries_and_kept_short() -> None:
    found = read_state(TradeState, [("third", "Armenia, kaz,Armenia"), ("country", "KAZ")])
    assert (found.state.third, found.notes) == ("ARM,KAZ", ())
    assert query_of(found.state) == "third=ARM,KAZ"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sanctioned", "FRA"),
        ("country", "XXX"),
        ("third", "Narnia"),
        ("third", ",".join(["ARM"] * 60)),
        ("third", "ARM,KAZ,KGZ,UZB,GEO,TUR,ARE,SRB,CHN,IND,BRA,ZAF,MEX"),
        ("start", "1900-01-01"),
        ("start", "2999-01-01"),
        ("reporter", "../etc"),
    ],
)
def test_junk_is_refused_and_the_default_shown(field: str, value: str) -> None:
    found = read_state(TradeState, [(field, value)])
    assert found.state == TradeState()
    assert len(found.notes) == 1


def test_another_reporter_and_another_country(reader: Reader) -> None:
    page = reader.open("/trade")
    assert "Kyrgyzstan" in page.locator("#part-diversion h2").inner_text()
    assert page.locator("#fig-diversion-ranking tbody tr").count() == 6
    page.locator("select[name=reporter]").select_option("TWN")
    reader.wait_for_address("reporter=TWN")
    reader.settle()
    assert "No clear rise" in page.locator("#part-diversion h2").inner_text()
    page.locator("select[name=country]").select_option("KGZ")
    reader.wait_for_address("country=KGZ")
    reader.settle()
    assert "Kyrgyzstan" in page.locator("#part-mirror h2").inner_text()
    assert "What these data cannot show" in page.locator("#part-diversion").inner_text()


def test_a_link_brings_the_view_back_and_no_answer_is_said_in_words(
    reader_of: Callable[..., Reader],
) -> None:
    one, two = reader_of(), reader_of()
    first = one.open(QUICK).locator(WORDS).all_text_contents()
    assert two.open(one.page.url.removeprefix(one.server)).locator(WORDS).all_text_contents() == first
    assert one.page.locator("select[name=goods]").input_value() == "chips"
    assert "not both at hand" in one.page.locator("#part-mirror").inner_text()


def test_junk_in_the_address_is_told(reader: Reader) -> None:
    page = reader.open(f"{QUICK}&sanctioned=<script>alert(1)</script>&nothing=1")
    told = page.locator("#notes").inner_text()
    assert "“sanctioned” cannot be “<script>alert(1)</script>”" in told
    assert "“nothing”, which this page does not know" in told


def test_downloads(reader: Reader, tmp_path: Path) -> None:
    page = reader.open(QUICK)
    card = page.locator("#fig-diversion-paths-year")
    card.scroll_into_view_if_needed()
    card.locator(".plot[data-drawn]").wait_for()
    table = reader.download(card.get_by_role("button", name="CSV"), tmp_path)
    lines = list(csv.reader(table.read_text(encoding="utf-8").splitlines()))
    assert "parity trade diversion --sanctioned RUS" in lines[0][0]
    assert lines[1][:3] == ["Country", "Period", "Reported, million USD"]
    drawing = reader.download(card.get_by_role("button", name="SVG"), tmp_path).read_text(encoding="utf-8")
    assert "Taiwan Customs" in drawing


@pytest.mark.parametrize(("width", "theme"), [("narrow", "dark"), ("wide", "light")])
def test_accessible(axe: Callable[..., list[str]], width: str, theme: str) -> None:
    assert axe("/trade", width, theme) == []


def test_no_wider_than_a_phone(reader_of: Callable[..., Reader]) -> None:
    page = reader_of("narrow").open(QUICK)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
