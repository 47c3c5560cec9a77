"""The page on information control: its numbers against the command's, and as a person uses it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from parity.cli.main import main
from parity.errors import ParityError
from parity.web.pages.information import PAGE
from parity.web.pages.information.state import InformationState
from parity.web.state import read_state
from tests.web.conftest import Reader

# What is written on a page, figures aside: those are drawn when they come near the screen.
WORDS = "main :is(h1, h2, h3, p, li, th, td)"

# The same function answers both; points are a hundred shares.
ROUNDING = 1e-9


def findings(**given: str) -> Any:
    return PAGE.parts["findings"](InformationState(**given))


def printed(capsys: pytest.CaptureFixture[str], command: str) -> dict[str, Any]:
    with pytest.raises(SystemExit):
        main([*command.split()[1:], "--json"])
    return json.loads(capsys.readouterr().out)


def rows(figure: Any) -> list[dict[str, Any]]:
    return figure.table.frame.to_dicts()


def test_every_number_is_the_command_s(capsys: pytest.CaptureFixture[str]) -> None:
    body = findings(judge="gpt4o")
    answer = printed(capsys, body["forest"].command)
    told = {row["model"]: row for row in answer["selectivity"]}
    shown = rows(body["forest"])
    assert len(shown) == len(told)
    for row in shown:
        one = told[row["model"]]
        ends = [100 * one["difference"][end] for end in ("value", "low", "high")]
        assert [row["difference"], row["low"], row["high"]] == pytest.approx(ends, rel=ROUNDING)
        assert (row["verdict"], row["p_holm"]) == (one["verdict"], pytest.approx(one["p_holm"]))
    cells = [cell for cell in answer["cells"] if cell["judge"] == "gpt4o"]
    assert len(rows(body["rates"])) == len(cells)
    assert sum(row["rate"] for row in rows(body["rates"])) == pytest.approx(
        100 * sum(cell["rate"]["value"] for cell in cells)
    )
    assert f"{100 * answer['developers']['difference']:.1f} points" in body["country_level"]
    kappa = next(row for row in rows(body["agreement"]) if row["measure"] == "Cohen's kappa")
    assert kappa["low"] == pytest.approx(answer["agreement"][0]["kappa"]["low"])


def test_the_headline_counts_claims_after_holm() -> None:
    body = findings()
    more = sum(row["verdict"] == "withholds more" for row in rows(body["forest"]))
    assert body["finding"].startswith(f"{more} of {len(rows(body['forest']))} models withhold more")
    assert findings(protected="RU")["finding"].startswith("None of")


def test_the_other_judge_stands_beside() -> None:
    mine, theirs = (rows(findings(judge=judge)["forest"]) for judge in ("gpt4o", "grok41"))
    other = {row["model"]: row["difference"] for row in theirs}
    assert all(row["other_judge"] == pytest.approx(other[row["model"]]) for row in mine)


def test_filters_choose_rows_and_change_no_number() -> None:
    everybody, some = findings(), findings(home="US", language="zh")
    known = {row["model"]: row for row in rows(everybody["forest"])}
    assert 0 < len(rows(some["forest"])) < len(known)
    assert all(row["p_holm"] == known[row["model"]]["p_holm"] for row in rows(some["forest"]))
    assert {row["language"] for row in rows(some["rates"])} == {"Chinese"}
    assert {row["model"] for row in rows(some["layers"])} <= {row["model"] for row in rows(some["forest"])}
    assert "in Chinese" in some["layers"].title
    assert {row["developer"] for row in rows(findings(home="unknown")["forest"])} == {"not known"}


def test_layers_are_all_the_answers_there_are() -> None:
    figure = findings()["layers"]
    for model in {row["model"] for row in rows(figure)}:
        assert sum(row["percent"] for row in rows(figure) if row["model"] == model) == pytest.approx(100)


def test_one_language_makes_no_dumbbell() -> None:
    assert findings(protected="RU")["languages"] is None
    assert {row["language"] for row in rows(findings()["languages"])} == {"English", "Chinese", "Finnish"}


def test_a_government_is_not_compared_with_itself() -> None:
    with pytest.raises(ParityError, match="cannot be compared with itself"):
        findings(against="CN")


@pytest.mark.parametrize(
    ("field", "value"),
    [("protected", "XX"), ("against", "CN "), ("judge", "me"), ("language", "tlh"), ("home", "<b>")],
)
def test_junk_is_refused_and_the_default_shown(field: str, value: str) -> None:
    found = read_state(InformationState, [(field, value)])
    assert found.state == InformationState()
    assert len(found.notes) == 1


def test_another_government_with_the_same_ruler(reader: Reader) -> None:
    page = reader.open("/information")
    assert "when China is criticised" in page.locator("#part-findings h2").inner_text()
    assert "What cannot be concluded" in page.locator("#part-findings").inner_text()
    page.locator("select[name=protected]").select_option("RU")
    reader.wait_for_address("protected=RU")
    reader.settle()
    assert "None of" in page.locator("#part-findings h2").inner_text()
    page.locator("select[name=home]").select_option("CN")
    reader.wait_for_address("home=CN")
    reader.settle()
    assert page.locator("#fig-forest tbody tr").count() == 16


def test_a_link_brings_the_view_back(reader_of: Callable[..., Reader]) -> None:
    one, two = reader_of(), reader_of()
    first = one.open("/information?judge=gpt4o&home=US&language=fi").locator(WORDS).all_text_contents()
    assert two.open(one.page.url.removeprefix(one.server)).locator(WORDS).all_text_contents() == first
    assert two.page.locator("select[name=judge]").input_value() == "gpt4o"


def test_junk_and_a_question_without_sense_are_told(reader: Reader) -> None:
    page = reader.open("/information?against=CN&home=<script>alert(1)</script>")
    assert "“home” cannot be “<script>alert(1)</script>”" in page.locator("#notes").inner_text()
    assert "cannot be compared with itself" in page.locator("#part-findings").inner_text()


def test_downloads(reader: Reader, tmp_path: Path) -> None:
    page = reader.open("/information")
    card = page.locator("#fig-forest")
    card.locator(".plot[data-drawn]").wait_for()
    table = reader.download(card.get_by_role("button", name="CSV"), tmp_path)
    lines = list(csv.reader(table.read_text(encoding="utf-8").splitlines()))
    assert "parity audit analyse --protected CN" in lines[0][0]
    assert lines[1][3:6] == ["Points of 100", "Low", "High"]
    picture = reader.download(card.get_by_role("button", name="PNG"), tmp_path).read_bytes()
    assert picture.startswith(b"\x89PNG")


@pytest.mark.parametrize(("width", "theme"), [("narrow", "dark"), ("wide", "light")])
def test_accessible(axe: Callable[..., list[str]], width: str, theme: str) -> None:
    assert axe("/information", width, theme) == []


def test_no_wider_than_a_phone(reader_of: Callable[..., Reader]) -> None:
    page = reader_of("narrow").open("/information")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
