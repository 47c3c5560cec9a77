"""The frontier page: its numbers against the command's, and as a person uses it."""

from __future__ import annotations

import datetime as dt
import json
import re
import shlex

import pytest

from parity.ask.capability import CapabilityList
from parity.ask.lag import Lag
from parity.cli.main import main
from parity.errors import ParityError
from parity.views.frontier import lag_chart
from parity.web.page import Page
from parity.web.pages.frontier import PAGE, FrontierState
from parity.web.state import asked, read_state
from tests.web.conftest import Reader

# Of a day: figures count time in them.
MILLISECONDS = 86_400_000


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    with pytest.raises(SystemExit):
        main([*words, "--json"])
    return json.loads(capsys.readouterr().out)


def test_asks_what_the_command_asks(capsys: pytest.CaptureFixture[str]) -> None:
    given = {"of": "CHN", "on": dt.date(2026, 3, 1), "domain": "coding", "include_derived": True}
    question = Lag(**given)
    assert printed(capsys, *shlex.split(question.command)[1:]) == question.answer().as_dict()
    body = PAGE.view(FrontierState(**given))
    assert body["lag"] == question.answer().result.lag
    assert question.command in body["figure"]
    assert asked(Lag, FrontierState(**given)) == question


def test_the_arrow_is_as_long_as_the_lag_and_lies_on_the_lower_frontier() -> None:
    found = PAGE.view(FrontierState(of="CHN"))["lag"]
    chart = lag_chart(found)
    ends = chart.spec["datasets"]["rows2"]
    start, end = (row["date"] / MILLISECONDS for row in ends)
    assert (end - start) / (365.25 / 12) == pytest.approx(found.standing.value, abs=0.05)
    last = chart.frame.filter(side="China")["capability"][-1]
    assert [row["level"] for row in ends] == pytest.approx([last, last])


@pytest.mark.parametrize("by", ["country", "developer", "openness", "domain"])
def test_models_by_what_they_are_coloured_by(by: str) -> None:
    chart = CapabilityList(by=by).answer().chart()
    assert chart.title in PAGE.parts["models"](FrontierState(by=by))["figure"]
    groups = set(chart.frame["group"])
    assert {row["group"] for row in chart.spec["datasets"]["rows"]} | {"others"} >= groups
    assert len(groups) > 1
    assert all(row["low"] <= row["capability"] <= row["high"] for row in chart.frame.to_dicts())


def test_assumptions_of_the_scenario_reach_the_command() -> None:
    state = FrontierState(of="RUS", days=180, accelerators=20_000)
    table = PAGE.parts["scenario"](state)["table"]
    assert "parity lag RUS --scenario --days 180 --accelerators 20000" in table
    assert "20,000 H100 equivalents (given" in table


def test_a_poor_guide_is_not_drawn() -> None:
    assert PAGE.parts["ahead"](FrontierState(of="USA", behind="CHN", projection=True))["figure"] is None
    assert PAGE.parts["ahead"](FrontierState(of="KOR", behind="CHN", projection=True))["figure"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"of": "DEU"}, "no model of Germany"),
        ({"of": "USA", "behind": "USA"}, "cannot trail itself"),
        ({"of": "DeepSeek", "behind": "USA"}, "compared with a developer"),
        ({"of": "RUS", "on": "2023-06-01"}, "no scored model by 2023-06-01"),
    ],
)
def test_says_in_words_why_there_is_no_lag(query: dict[str, str], words: str) -> None:
    state = read_state(FrontierState, query.items()).state
    assert words in PAGE.view(state)["told"]
    with pytest.raises(ParityError, match=words):
        PAGE.parts["scenario"](state)


@pytest.mark.parametrize(
    ("of", "behind"), [("CHN", "USA"), ("USA", "CHN"), ("open", "closed"), ("Google DeepMind", "OpenAI")]
)
def test_whoever_leads_the_others_is_the_other_side(of: str, behind: str) -> None:
    state = read_state(FrontierState, [("of", of)]).state
    assert PAGE.view(state)["finding"] == Lag(of=of, behind=behind).answer().document().headline
    assert read_state(FrontierState, [("of", "Atlantis")]).refused == {"of": "Atlantis"}


def test_days_are_read_from_dates_and_sliders() -> None:
    for given in ("2025-04-22", "20200"):
        assert read_state(FrontierState, [("on", given)]).state.on == dt.date(2025, 4, 22)
    for given in ("2999-01-01", "99999", "22 April", "1e3"):
        read = read_state(FrontierState, [("on", given)])
        assert read.state.on is None
        assert len(read.notes) == 1


def test_fields_are_those_of_the_questions() -> None:
    for name, field in FrontierState.model_fields.items():
        question = CapabilityList if name == "by" else Lag
        declared = question.model_fields[name]
        assert field.metadata == declared.metadata
        assert field.annotation == declared.annotation
        assert name == "behind" or field.default == declared.default


def test_addresses_of_earlier_versions_are_read() -> None:
    read = read_state(FrontierState, [("derived", "1"), ("ahead", "1")])
    assert (read.state.include_derived, read.state.projection, read.notes) == (True, True, ())


def test_page_is_complete() -> None:
    assert isinstance(PAGE, Page)
    assert set(PAGE.parts) == {"models", "parameters", "scenario", "ahead"}


def test_compares_two_countries_on_a_day(reader: Reader) -> None:
    page = reader.open("/frontier?of=CHN")
    heading = page.get_by_role("heading", level=1)
    assert re.match(r"China is \d+ months behind the United States \(90 % interval", heading.inner_text())
    assert "(" in page.locator("#headline .lede").inner_text()
    page.get_by_label("How far is").select_option(label="Russia")
    reader.wait_for_address("of=RUS")
    slider = page.get_by_role("slider", name="On")
    slider.focus()
    page.keyboard.press("PageDown")
    reader.wait_for_address("on=202")
    reader.settle()
    assert heading.inner_text().startswith("Russia is")
    assert page.locator("#o-on").inner_text() in page.url
    assert slider.get_attribute("aria-valuetext") == page.locator("#o-on").inner_text()
    assert page.locator("#fig-parameters tbody tr").count() == 11


def test_a_control_fetches_only_what_depends_on_it(reader: Reader) -> None:
    page = reader.open("/frontier?of=RUS")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    before = page.locator("#fig-scenario tbody").inner_text()
    page.get_by_role("slider", name="Length of the run").focus()
    page.keyboard.press("ArrowRight")
    reader.wait_for_address("days=95")
    reader.settle()
    assert page.locator("#fig-scenario tbody").inner_text() != before
    assert any("/part/scenario" in url for url in asked)
    assert not any("/part/models" in url or "/part/parameters" in url for url in asked)


def test_junk_in_the_address_is_told(reader: Reader) -> None:
    page = reader.open("/frontier?of=RUS&behind=<script>alert(1)</script>&days=1e9&by=zz", settled=False)
    assert "“days” cannot be “1e9”" in page.locator("#notes").inner_text()
    assert "no country is known as '<script>alert(1)</script>'" in page.locator("#notes").inner_text()
