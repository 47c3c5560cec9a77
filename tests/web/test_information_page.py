"""The page on information control: its numbers against the command's, and as a person uses it."""

from __future__ import annotations

from html import unescape
from typing import Any

import polars as pl
import pytest

from parity.ask.audit import AuditAnalyse
from parity.errors import ParityError
from parity.web.pages.information import PAGE, InformationState
from parity.web.state import read_state
from tests.web.conftest import Reader

# What is written on a page, figures aside: those are drawn when they come near the screen.
WORDS = "main :is(h1, h2, h3, p, li, th, td)"


def findings(**given: str) -> str:
    return str(PAGE.parts["findings"](InformationState(**given))["findings"])


def answer(**given: str) -> Any:
    return AuditAnalyse.read(given).answer()


def test_shows_what_the_command_says() -> None:
    shown, found = findings(judge="gpt4o", home="US"), answer(judge="gpt4o", home="US")
    document = found.document()
    assert document.headline in unescape(shown)
    assert all(f'id="fig-{chart.name}"' in shown for chart in document.charts())
    assert "parity audit analyse --judge gpt4o --home US" in shown


def test_tables_hold_what_the_json_holds() -> None:
    found = answer(judge="gpt4o")
    told = {row["model"]: row for row in found.as_dict()["selectivity"]}
    rows = found.table().to_dicts()
    assert len(rows) == len(told)
    for row in rows:
        one = told[row["model"]]
        ends = [100 * one["difference"][end] for end in ("value", "low", "high")]
        assert [row["points"], row["points_low"], row["points_high"]] == pytest.approx(ends)
        assert (row["verdict"], row["p_adjusted"]) == (one["verdict"], pytest.approx(one["p_adjusted"]))
    rates = next(chart for chart in found.document().charts() if chart.name == "rates")
    assert rates.frame.height == sum(cell["judge"] == "gpt4o" for cell in found.as_dict()["cells"])


def test_the_headline_counts_claims_with_p_adjusted() -> None:
    found = answer()
    more = (found.table()["verdict"] == "withholds more").sum()
    assert found.document().headline.startswith(f"{more} of {found.table().height} models withhold more")
    assert answer(protected="EU").document().headline.startswith("None of")


def test_the_other_judge_stands_beside() -> None:
    mine, theirs = (answer(judge=judge).table() for judge in ("gpt4o", "grok41"))
    both = mine.join(theirs, on="model")
    assert both["other"].to_list() == pytest.approx(both["points_right"].to_list())


def test_filters_choose_rows_and_change_no_number() -> None:
    everybody, some = answer(), answer(home="US", language="zh")
    known = dict(everybody.table().select("model", "p_adjusted").iter_rows())
    few = dict(some.table().select("model", "p_adjusted").iter_rows())
    assert 0 < len(few) < len(known)
    assert few.items() <= known.items()
    charts = {chart.name: chart for chart in some.document().charts()}
    assert set(charts["rates"].frame["in"]) == {"Chinese"}
    assert set(charts["layers"].frame["model"]) <= set(few)
    assert "in Chinese" in charts["layers"].title
    assert answer(home="unknown").table()["developer"].null_count() == answer(home="unknown").table().height


def test_layers_are_all_the_answers_there_are() -> None:
    layers = next(chart for chart in answer().document().charts() if chart.name == "layers")
    assert layers.frame.group_by("model").agg(pl.col("share").sum())["share"].to_list() == pytest.approx(
        [1.0] * layers.frame["model"].n_unique()
    )


def test_one_language_makes_no_figure_of_languages() -> None:
    assert "languages" not in {chart.name for chart in answer(protected="RU").document().charts()}


def test_a_government_is_not_compared_with_itself() -> None:
    with pytest.raises(ParityError, match="cannot be compared with itself"):
        findings(protected="RU", against="RU")


@pytest.mark.parametrize(
    ("field", "value"),
    [("protected", "XX"), ("against", "Narnia"), ("outcome", "rude"), ("home", "<b>")],
)
def test_junk_is_refused_and_the_default_shown(field: str, value: str) -> None:
    found = read_state(InformationState, [(field, value)])
    assert found.state == InformationState()
    assert len(found.notes) == 1


def test_another_government_with_the_same_ruler(reader: Reader) -> None:
    page = reader.open("/information?protected=CN")
    assert "when China is criticised" in page.locator("#part-findings .headline").inner_text()
    assert "What cannot be concluded" in page.locator("#part-findings").inner_text()
    page.locator("select[name=protected]").select_option("RU")
    reader.wait_for_address("protected=RU")
    reader.settle()
    assert "Russia is criticised" in page.locator("#part-findings .headline").inner_text()
    page.locator("select[name=home]").select_option("CN")
    reader.wait_for_address("home=CN")
    reader.settle()
    assert page.locator("#fig-forest tbody tr").count() == 16
    assert page.locator("select[name=protected]").input_value() == "RU"


def test_junk_and_a_question_without_sense_are_told(reader: Reader) -> None:
    page = reader.open("/information?protected=CN&against=CN&home=<script>alert(1)</script>")
    assert "“home” cannot be “<script>alert(1)</script>”" in page.locator("#notes").inner_text()
    assert "cannot be compared with itself" in page.locator("#part-findings").inner_text()
