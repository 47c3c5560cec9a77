"""The page on blocs: against the commands, and as a person uses it."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from parity.brief import blocs as bloc_helpers
from parity.cli.main import main
from parity.errors import ParityError
from parity.web.pages import blocs
from parity.web.pages.blocs import model
from parity.web.pages.blocs.state import BlocsState
from parity.web.state import query_of, read_state
from tests.web.conftest import Reader

SMALL = "/blocs?bloc=own&add=CHN&add=RUS&beside=USA"
FEW = 9
"""Rebuilds of the index in tests without a browser: what is compared is drawn from the same ones."""


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Draw a few times only, and forget it afterwards."""
    kept = (model._made, model.drawn, model.joining, model.changed, model.years)
    for one in kept:
        one.cache_clear()
    monkeypatch.setattr(bloc_helpers, "DRAWS", FEW)
    yield FEW
    for one in kept:
        one.cache_clear()


@pytest.fixture
def told_by(capsys: pytest.CaptureFixture[str]) -> Callable[[str], Any]:
    """What a command answers, as JSON."""

    def run(words: str) -> Any:
        with pytest.raises(SystemExit) as stop:
            main([*words.split(), "--json"])
        assert not stop.value.code
        return json.loads(capsys.readouterr().out)

    return run


def state_of(query: str) -> BlocsState:
    return read_state(BlocsState, parse_qsl(query)).state  # type: ignore[no-any-return]


def column(figure: Any, name: str) -> list[Any]:
    return figure.table.frame[name].to_list()  # type: ignore[no-any-return]


def test_the_profile_is_that_of_the_command(few: int, told_by: Callable[[str], Any]) -> None:
    state = state_of("bloc=BRICS&add=SAU&drop=ETH&variant=scale")
    shown = blocs.PAGE.parts["profile"](state)["profile"]
    answer = told_by(f"bloc pool BRICS --with SAU --without ETH --variant scale --draws {few}")
    mine = [row for row in shown.table.rows() if row[1][0] == "BRICS with SAU without ETH"]
    for row, place in zip(mine, answer["pillars"].values(), strict=True):
        found = [float(value) for _, value in row[2:8]]
        told = [place[key] for key in ("score", "score_low", "score_high", "rank", "rank_low", "rank_high")]
        assert found == pytest.approx(told)


def test_shares_and_changes_are_those_of_the_command(few: int, told_by: Callable[[str], Any]) -> None:
    state = state_of("bloc=Quad&drop=JPN&node=talent")
    answer = told_by(f"bloc pool Quad --without JPN --draws {few}")
    shares = blocs.PAGE.parts["shares"](state)["figure"]
    told = sorted((row["pillars"]["talent"]["value"] for row in answer["shapley"]), reverse=True)
    assert column(shares, "value") == pytest.approx(told)
    change, joining = blocs.PAGE.parts["what_if"](state)["figures"]
    assert column(change, "value") == pytest.approx([row["change"] for row in answer["change"]])
    assert column(change, "low") == pytest.approx([row["low"] for row in answer["change"]])
    assert column(joining, "value")[:5] == pytest.approx([row["gain"] for row in answer["joining"]])
    assert joining.command == f"parity bloc pool Quad --without JPN --draws {few}"


def test_years_are_those_of_the_command(few: int, told_by: Callable[[str], Any]) -> None:
    figure = blocs.PAGE.parts["years"](state_of("bloc=Quad&beside=EAEU"))["figure"]
    answer = told_by(f"bloc compare Quad EAEU --years --draws {few}")
    assert column(figure, "gap") == pytest.approx([row["gap"] for row in answer["year_gaps"]])
    assert column(figure, "low") == pytest.approx([row["low"] for row in answer["year_gaps"]])


def test_ties_of_a_pair_are_those_of_the_command(told_by: Callable[[str], Any]) -> None:
    found = blocs.PAGE.parts["pair"](state_of("a=RUS&b=CHN"))
    answer = told_by("ties RUS CHN")
    assert column(found["figure"], "affinity") == pytest.approx([row["affinity"] for row in answer["series"]])
    assert answer["likeliest"]["period"] in found["told"][0]
    assert list(found["limits"]) == answer["limits"]


def test_compute_and_access_are_those_of_the_command(told_by: Callable[[str], Any]) -> None:
    compute, access = blocs.PAGE.parts["between"](state_of("bloc=Quad&beside=BRICS"))["figures"]
    answer = told_by("bloc reach Quad --behind BRICS")
    assert column(compute, "h100e") == [row["h100e"]["value"] for row in answer["compute"]]
    assert column(access, "mean") == [row["mean"]["value"] for row in answer["access"]]


def test_members_are_those_of_the_day_and_doubts_are_told() -> None:
    found = blocs.PAGE.view(state_of("on=2012-01-01"))
    assert [one.code for one in found["members"]] == ["BRA", "CHN", "IND", "RUS", "ZAF"]
    today = blocs.PAGE.view(state_of(""))
    doubts = {one.code: one.doubt for one in today["near"]}
    assert doubts["SAU"] == "invited, disputed"
    assert doubts["BLR"] == "partner"


def test_a_day_before_its_time_gives_way_to_today() -> None:
    found = blocs.PAGE.view(state_of("on=2005-01-01"))
    assert found["told"] == [
        "BRICS did not exist on 2005-01-01: its first members joined on 2009-06-16. Its members of today are "
        "shown."
    ]
    assert len(found["members"]) == len(blocs.PAGE.view(state_of(""))["members"])


def test_changes_go_when_another_bloc_is_chosen() -> None:
    assert query_of(state_of("bloc=G7&of=BRICS&add=SAU&a=RUS&b=CHN")) == "bloc=G7"
    assert query_of(state_of("bloc=G7&of=G7&add=SAU")) == "bloc=G7&add=SAU"


def test_what_has_no_data_or_no_members_is_told(few: int) -> None:
    assert blocs.PAGE.view(state_of("bloc=own"))["finding"] == "Build a bloc"
    assert blocs.PAGE.view(state_of("bloc=own&add=VAT"))["finding"] == "No score for this bloc"
    for name, part in blocs.PAGE.parts.items():
        assert part(state_of("bloc=own")) is not None, name
    with pytest.raises(ParityError, match="nothing can be pooled"):
        blocs.PAGE.parts["shares"](state_of("bloc=own&add=VAT"))


def test_junk_is_refused_in_words() -> None:
    junk = [
        ("bloc", "<script>"),
        ("add", "XXX"),
        ("beside", "../etc"),
        ("node", "soul"),
        ("on", "2999-01-01"),
    ]
    read = read_state(BlocsState, [*junk, ("add", "SAU"), ("variant", "9")])
    assert read.state == BlocsState(add=("SAU",))
    assert len(read.notes) == len(junk) + 1


def test_builds_a_bloc_by_clicking(reader: Reader, reader_of: Callable[..., Reader], tmp_path: Path) -> None:
    page = reader.open("/blocs?bloc=own&beside=none", settled=False)
    assert page.get_by_role("heading", level=1).inner_text() == "Build a bloc"
    for name in ("Russia", "China"):
        page.locator("#members").get_by_role("link", name=f"Add {name}", exact=True).click()
        page.locator(f"#members .pick.in:has-text('{name}')").first.wait_for()
    reader.wait_for_address("add=CHN&add=RUS")
    reader.settle()
    assert "Your bloc, as one, would rank" in page.get_by_role("heading", level=1).inner_text()
    assert re.search(r"Rank \d+ \(\d+ to \d+\)", page.locator("#headline").inner_text())
    page.locator("#next-USA").click()
    page.locator("#member-USA").wait_for()
    page.locator("#member-USA").click()
    page.locator("#member-USA").wait_for(state="detached")
    reader.settle()
    again = reader_of()
    again.open(page.url.removeprefix(reader.server))
    assert again.page.locator("#headline").inner_text() == page.locator("#headline").inner_text()
    card = page.locator("#fig-shares")
    card.scroll_into_view_if_needed()
    card.locator(".plot[data-drawn]").wait_for()
    lines = reader.download(card.get_by_role("button", name="CSV"), tmp_path).read_text(encoding="utf-8")
    assert [row[0] for row in csv.reader(lines.splitlines())][1:] == ["Country", "China", "Russia"]


def test_compares_and_takes_away(reader: Reader) -> None:
    page = reader.open("/blocs?bloc=Quad&beside=G7", settled=False)
    page.locator("#beside-more").select_option("EU")
    reader.wait_for_address("beside=G7&beside=EU")
    page.get_by_role("link", name="Compare with G7 no longer").click()
    reader.wait_for_address("bloc=Quad&beside=EU")
    page.locator("select[name=bloc]").select_option("EAEU")
    reader.wait_for_address("bloc=EAEU&beside=EU")
    page.locator("#fig-profile h3", has_text="EAEU beside EU").wait_for()


@pytest.mark.parametrize(("width", "theme"), [("narrow", "dark"), ("wide", "light")])
def test_accessible(axe: Callable[..., list[str]], width: str, theme: str) -> None:
    assert axe(SMALL, width, theme) == []


def test_no_wider_than_a_telephone(reader_of: Callable[..., Reader]) -> None:
    page = reader_of("narrow").open(SMALL)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
