"""The page on blocs: against the commands, and as a person uses it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest

from parity.ask import blocs as shared
from parity.cli.main import main
from parity.errors import ParityError
from parity.index import Index
from parity.robustness import rebuilds as robustness
from parity.web.pages import blocs
from parity.web.pages.blocs.state import BlocsState
from parity.web.render import shown_in
from parity.web.state import query_of, read_state
from tests.web.conftest import Reader

SMALL = "/blocs?bloc=own&add=CHN&add=RUS&beside=USA"
FEW = 9
"""Rebuilds of the index in tests without a browser: what is compared is drawn from the same ones."""


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Draw a few times only, and forget it afterwards."""
    kept = [one for one in vars(shared).values() if hasattr(one, "cache_clear")]
    real = robustness.rebuilds

    def bounded(index: Index, draws: int) -> Any:
        return real(index, min(draws, FEW))

    for one in kept:
        one.cache_clear()
    monkeypatch.setattr(robustness, "rebuilds", bounded)
    yield
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


def piece(query: str, part: str, name: str) -> Any:
    """Return the numbers of a figure or table, as its CSV holds them."""
    return shown_in(blocs.PAGE, part, state_of(query)).pieces[name].table.data()


def test_the_profile_is_that_of_the_command(few: None, told_by: Callable[[str], Any]) -> None:
    query = "bloc=BRICS&add=SAU&drop=ETH&variant=scale&beside=none"
    shown = blocs.PAGE.parts["profile"](state_of(query))
    answer = told_by("bloc pool BRICS --with SAU --without ETH --variant scale")
    told = [place["score"] for place in answer["pillars"].values()]
    assert piece(query, "profile", "profile")["score"].to_list() == pytest.approx(told)
    assert "BRICS + SAU - ETH" in shown["finding"]


def test_shares_and_changes_are_those_of_the_command(few: None, told_by: Callable[[str], Any]) -> None:
    query = "bloc=Quad&drop=JPN&node=talent"
    answer = told_by("bloc pool Quad --without JPN")
    told = sorted((row["pillars"]["talent"]["value"] for row in answer["shapley"]), reverse=True)
    assert piece(query, "shares", "shares")["value"].to_list() == pytest.approx(told)
    assert piece(query, "what_if", "change")["change"].to_list() == pytest.approx(
        [row["change"] for row in answer["change"]]
    )
    assert piece(query, "what_if", "joining")["gain"].to_list() == pytest.approx(
        [row["gain"] for row in answer["joining"]]
    )
    shown = blocs.PAGE.parts["what_if"](state_of(query))
    assert "parity bloc pool &#39;Quad - JPN&#39; --node talent" in str(shown["figures"])
    assert [code for _, code, _ in shown["links"]] == [row["iso3"] for row in answer["joining"][:5]]
    assert all(f"add={code}" in address or code == "JPN" for _, code, address in shown["links"])


def test_years_are_those_of_the_command(few: None, told_by: Callable[[str], Any]) -> None:
    shown = piece("bloc=Quad&beside=EAEU", "years", "years-index")
    answer = told_by("bloc compare Quad EAEU --years")
    told = [row["gap"] for row in answer["year_gaps"] if row["node"] == "index" and row["year"]]
    assert shown["gap"].to_list() == pytest.approx(told)


def test_ties_of_a_pair_are_those_of_the_command(told_by: Callable[[str], Any]) -> None:
    query = "bloc=BRICS&a=RUS&b=CHN"
    found = blocs.PAGE.parts["pair"](state_of(query))
    answer = told_by("ties RUS CHN")
    told = [row["affinity"] for row in answer["series"]]
    assert piece(query, "pair", "tie")["affinity"].to_list() == pytest.approx(told)
    assert answer["likeliest"]["period"] in found["texts"][0]
    assert list(found["limits"]) == answer["limits"]


def test_compute_and_access_are_those_of_the_command(told_by: Callable[[str], Any]) -> None:
    query = "bloc=Quad&beside=BRICS"
    _, compute, _ = blocs.PAGE.parts["between"](state_of(query))["figures"]
    answer = told_by("bloc reach Quad --behind BRICS")
    told = [row["h100e"]["value"] for row in answer["compute"]]
    assert piece(query, "between", "compute")["h100e"].to_list() == told
    told = [row["freest"]["value"] for row in answer["access"]]
    assert piece(query, "between", "access")["freest"].to_list() == told
    assert "share of the world" not in str(compute)
    assert "least" in str(compute)


def test_members_are_those_of_the_day_and_doubts_are_told() -> None:
    found = blocs.PAGE.view(state_of("bloc=BRICS&on=2012-01-01"))
    assert [one.code for one in found["members"]] == ["BRA", "CHN", "IND", "RUS", "ZAF"]
    today = blocs.PAGE.view(state_of("bloc=BRICS"))
    doubts = {one.code: one.doubt for one in today["near"]}
    assert doubts["SAU"] == "invited, disputed"
    assert doubts["BLR"] == "partner"


def test_a_day_before_its_time_gives_way_to_today() -> None:
    found = blocs.PAGE.view(state_of("bloc=BRICS&on=2005-01-01"))
    assert found["told"] == [
        "BRICS did not exist on 2005-01-01: its first members joined on 2009-06-16. Its members of today are "
        "shown."
    ]
    assert len(found["members"]) == len(blocs.PAGE.view(state_of("bloc=BRICS"))["members"])


def test_changes_go_when_another_bloc_is_chosen() -> None:
    assert query_of(state_of("bloc=G7&of=BRICS&add=SAU&a=RUS&b=CHN")) == "bloc=G7"
    assert query_of(state_of("bloc=G7&of=G7&add=SAU")) == "bloc=G7&add=SAU"


def test_what_has_no_data_or_no_members_is_told(few: None) -> None:
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


def test_builds_a_bloc_by_clicking(reader: Reader, reader_of: Callable[..., Reader]) -> None:
    page = reader.open("/blocs?bloc=own&beside=none", settled=False)
    assert page.get_by_role("heading", level=1).inner_text() == "Build a bloc"
    for name in ("Russia", "China"):
        page.locator("#members").get_by_role("link", name=f"Add {name}", exact=True).click()
        page.locator(f"#members .pick.in:has-text('{name}')").first.wait_for()
    reader.wait_for_address("add=CHN&add=RUS")
    # The headline comes again with intervals; the pieces below it are the unit tests' part.
    told = page.locator("#headline", has_text=re.compile(r"rank \d+ \(\d+ to \d+\) of"))
    told.wait_for()
    assert "China and Russia as one would rank" in told.inner_text()
    page.locator("#members").get_by_role("link", name="Add Kazakhstan", exact=True).click()
    page.locator("#member-KAZ").click()
    page.locator("#member-KAZ").wait_for(state="detached")
    told.wait_for()
    again = reader_of()
    again.open(page.url.removeprefix(reader.server), settled=False)
    again.page.locator("#headline", has_text=told.inner_text().split("\n")[0]).wait_for()


def test_compares_and_takes_away(reader: Reader) -> None:
    page = reader.open("/blocs?bloc=Quad&beside=G7", settled=False)
    page.locator("#beside-more").select_option("EU")
    reader.wait_for_address("beside=G7&beside=EU")
    page.get_by_role("link", name="Compare with G7 no longer").click()
    reader.wait_for_address("bloc=Quad&beside=EU")
    page.locator("select[name=bloc]").select_option("EAEU")
    reader.wait_for_address("bloc=EAEU&beside=EU")
    page.locator("#fig-profile h3", has_text="EAEU beside EU").wait_for()
