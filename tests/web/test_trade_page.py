"""The trade page: its numbers against the command's, and as a person uses it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from parity.cli.main import main
from parity.errors import NoAnswerError, ParityError
from parity.show.document import Chart
from parity.web.pages.trade import PAGE, TradeState
from parity.web.render import shown_in
from parity.web.state import query_of, read_state
from tests.web.conftest import Reader

# What is written on a page, figures aside: those are drawn when they come near the screen.
WORDS = "main :is(h1, h2, h3, p, li, th, td)"

# Taiwan's exports of chips are few: quick to judge.
QUICK = "/trade?sanctioned=RUS&reporter=TWN&country=RUS&goods=chips"


def printed(capsys: pytest.CaptureFixture[str], command: str) -> dict[str, Any]:
    with pytest.raises(SystemExit):
        main([*command.split()[1:], "--json"])
    return json.loads(capsys.readouterr().out)


def asked(**fields: Any) -> TradeState:
    return TradeState(**{"sanctioned": "RUS", "country": "KAZ"} | fields)


def body(part: str, state: TradeState) -> Any:
    return PAGE.parts[part](state)


def charts(part: str, state: TradeState) -> list[Chart]:
    pieces = shown_in(PAGE, part, state).pieces.values()
    return [piece.block for piece in pieces if isinstance(piece.block, Chart)]


@pytest.mark.parametrize(
    ("part", "state"),
    [
        ("diversion", asked(reporter="TWN", third="TUR,KAZ")),
        ("dependence", asked(country="KGZ")),
        ("dependence", asked(country="RUS", goods="chips")),
        ("substitution", asked(country="UZB", start=date(2021, 3, 1))),
        ("substitution", asked(country="ARM", split="origin")),
        ("mirror", asked(country="KAZ")),
    ],
)
def test_a_part_is_the_answer_of_its_command(
    part: str, state: TradeState, capsys: pytest.CaptureFixture[str]
) -> None:
    found = body(part, state)
    command = found["document"].command
    assert all(command in figure for figure in found["charts"])
    answer = printed(capsys, command)
    told = {
        "diversion": lambda: [one["excess"]["value"] / 1e6 for one in answer["partners"]],
        "dependence": lambda: [one["total"] / 1e6 for one in answer["years"]],
        "substitution": lambda: [one["after"] / 1e6 for one in answer["groups"]],
        "mirror": lambda: [one["gap"]["value"] / 1e6 for one in answer["years"]],
    }[part]()
    column = {"diversion": "excess", "dependence": "total", "substitution": "after", "mirror": "gap"}[part]
    shown = found["document"].tables()[0].frame[column].to_list()
    assert shown[: len(told)] == pytest.approx(told)


def test_names_stand_for_codes_and_limits_are_told_once() -> None:
    found = body("diversion", asked(reporter="TWN", third="TUR,KAZ"))
    assert "RUS" not in " ".join(found["told"])
    assert "not an end use" in found["limits"]
    assert body("mirror", asked(country="KAZ"))["limits"] == ""


def test_paths_by_year_or_by_month() -> None:
    years, months = (charts("diversion", asked(by=by))[1:] for by in ("year", "month"))
    order = ("RUS", "KAZ", "KGZ", "UZB", "GEO", "ARM")
    assert [chart.name for chart in years] == [f"diversion-path-{iso3}" for iso3 in order]
    assert [chart.name for chart in months] == [f"diversion-months-{iso3}" for iso3 in order]
    path = years[0].frame
    assert path.filter(period="2021")["expected_low"].null_count() == 1
    after = path.filter(period="2023").row(0, named=True)
    assert after["actual"] < after["expected_low"] < after["expected"] < after["expected_high"]
    with pytest.raises(ParityError, match="o months are at hand"):
        body("diversion", asked(reporter="TWN", by="month"))


def test_shares_are_left_out_where_the_whole_is_not_known() -> None:
    state = asked(country="RUS", goods="chips")
    found = body("dependence", state)
    (origins,) = charts("dependence", state)
    assert origins.name == "origins"
    assert "share" not in origins.frame.columns
    assert any("reports" in line for line in found["notes"])
    assert [chart.name for chart in charts("substitution", state)] == ["substitution-parts", "groups"]
    with pytest.raises(NoAnswerError, match="ot both at hand"):
        body("mirror", state)


def test_shares_of_a_year_add_up() -> None:
    chart = charts("dependence", asked())[0]
    drawn = chart.spec["datasets"]["rows"]
    for rows in (chart.frame.to_dicts(), drawn):
        last = max(row["year"] for row in rows)
        assert sum(row["share"] for row in rows if row["year"] == last) == pytest.approx(1)


def test_the_address_is_read_as_countries_and_kept_short() -> None:
    found = read_state(TradeState, [("third", "Armenia, kaz,Armenia"), ("country", "KAZ")])
    assert (found.state.third, found.notes) == ("ARM,KAZ", ())
    assert query_of(found.state) == "third=ARM,KAZ&country=KAZ"


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
    page = reader.open("/trade?sanctioned=RUS&country=KAZ")
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
    page = reader.open(f"{QUICK}&reporter=<script>alert(1)</script>&nothing=1", settled=False)
    told = page.locator("#notes").inner_text()
    assert "“reporter” cannot be “<script>alert(1)</script>”" in told
    assert "“nothing”, which this page does not know" in told
