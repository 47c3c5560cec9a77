"""The country page, as a person uses it, and what stands behind it."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from parity.ask.explain import Explain
from parity.ask.goal import Goal
from parity.ask.standing import built
from parity.brief.question import Brief
from parity.catalogue import load_table
from parity.show.document import Group
from parity.web.app import create_app
from parity.web.pages.country.state import MOST_PEERS, CountryState, default_peers, ranked
from parity.web.state import query_of, read_state
from tests.web.conftest import Reader

COUNTRIES = ("RUS", "USA", "IND", "LUX", "NGA")


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app())


@pytest.mark.parametrize("code", COUNTRIES)
def test_has_every_section_of_the_brief(client: TestClient, code: str) -> None:
    html = client.get("/country", params={"country": code}).text
    document = Brief(places=(code,)).answer().document()
    assert f"<h1>{document.headline.removesuffix('.')}</h1>" in html
    for block in document.blocks:
        if isinstance(block, Group) and block.title:
            assert f">{block.title}</h2>" in html
    for chart in document.charts():
        assert f'id="fig-{chart.name}"' in html


def test_every_country_can_be_chosen(client: TestClient) -> None:
    codes = load_table("countries")["iso3"].to_list()
    unranked = [code for code in codes if code not in ranked()]
    assert len(unranked) > 100
    for code in (unranked[0], "NPL", "PRK", "MCO", "ZWE", "ATA"):
        answer = client.get("/country", params={"country": code})
        assert answer.status_code == 200
        assert "is not ranked</h1>" in answer.text
        assert "What is known of" in answer.text


@pytest.mark.parametrize("code", ["RUS", "USA", "NGA"])
def test_links_lead_to_other_pages_in_a_state_that_they_know(client: TestClient, code: str) -> None:
    html = client.get("/country", params={"country": code}).text
    links = re.findall(r'class="more" href="([^"]+)"', html)
    assert len(links) > 5
    for link in links:
        answer = client.get(unescape(link))
        assert answer.status_code == 200
        assert 'class="notice' not in answer.text


def test_peers_by_default_are_ranked_others() -> None:
    for code in ranked():
        peers = default_peers(code)
        assert code not in peers
        assert 1 <= len(set(peers)) == len(peers) <= MOST_PEERS
        assert set(peers) <= set(ranked())


def test_a_peer_is_added_once_and_never_the_country_itself() -> None:
    state = CountryState(country="India", peers=("CHN", "IND"), add="Brazil")
    assert state.chosen() == ("CHN", "BRA")
    assert query_of(state) == "country=IND&peers=CHN&peers=BRA"
    again = CountryState(country="IND", peers=default_peers("IND"), against=next(iter(ranked())))
    assert query_of(again) == "country=IND"


def test_ranks_beside_peers_are_those_of_the_ranking(client: TestClient) -> None:
    html = client.get("/country", params={"country": "BRA", "peers": ["CHN", "NGA"]}).text
    spec = json.loads(re.search(r'id="fig-standing".*?application/json">(.*?)</script>', html, re.DOTALL)[1])
    rows = [row for data in spec["datasets"].values() for row in data if row.get("what") == "Open AI index"]
    index = built().index
    assert {row["name"]: row["rank"] for row in rows} == {
        name: index.rank(code) for name, code in (("Brazil", "BRA"), ("China", "CHN"), ("Nigeria", "NGA"))
    }
    assert all(row["rank_low"] <= row["rank"] <= row["rank_high"] for row in rows)


def test_bars_of_a_gap_add_up_to_it(client: TestClient) -> None:
    address = {"country": "IND", "against": "FRA"}
    html = client.get("/country/part/gap", params=address).text
    answer = Explain(a="IND", b="FRA").answer()
    assert answer.document().headline in html
    assert html.count("<figure") == 2
    frame = answer.chart().frame
    assert frame["points"].sum() == pytest.approx(answer.result.gap)
    assert frame["points_low"].null_count() == 0
    assert (frame["points_low"] <= frame["points_high"]).all()


def test_a_goal_shows_its_intervals(client: TestClient) -> None:
    answer = Goal(country="RUS", rank=30).answer()
    html = client.get("/country/part/goal", params={"country": "RUS", "rank": "30"}).text
    assert answer.document().headline in html
    first = answer.result.base.moves[0]
    assert first.to_low is not None
    assert first.title in html


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("country", "<script>alert(1)</script>"),
        ("country", "x" * 61),
        ("peers", "Nepal"),
        ("against", "Atlantis"),
        ("rank", "0"),
        ("rank", "many"),
    ],
)
def test_junk_in_the_address_is_refused_in_words(client: TestClient, name: str, value: str) -> None:
    given = [(name, value)] + ([] if name == "country" else [("country", "RUS")])
    read = read_state(CountryState, given)
    assert read.state == CountryState(country="" if name == "country" else "RUS")
    assert f"“{name}” cannot be" in read.notes[0]
    answer = client.get("/country", params=dict(given))
    assert "<script>alert" not in answer.text
    assert "cannot be" in answer.text or "is not known here" in answer.text
    assert answer.status_code == (404 if name == "country" else 200)


def test_a_rank_that_is_reached_already_is_told(client: TestClient) -> None:
    html = client.get("/country/part/goal", params={"country": "RUS", "rank": "118"}).text
    assert "already" in html


def test_files_of_the_brief(client: TestClient) -> None:
    starts = {"html": b"<!doctype html>", "pdf": b"%PDF", "md": b"# Nigeria", "json": b"{"}
    for form, start in starts.items():
        answer = client.get(f"/api/v1/brief/Nigeria/file?format={form}")
        assert answer.status_code == 200
        assert answer.content.startswith(start)
        assert f"parity-brief-NGA.{form}" in answer.headers["content-disposition"]
    whole = client.get("/api/v1/brief/NGA").json()
    assert whole["command"] == "parity brief NGA --json"
    assert whole["sections"]["position"]["places"][0]["rank"] == built().index.rank("NGA")
    assert client.get("/api/v1/brief/Nepal").status_code == 404
    assert client.get("/api/v1/brief/NGA/file?format=exe").status_code == 422


def test_chooses_a_country_peers_and_whom_the_gap_is_to(reader: Reader) -> None:
    page = reader.open("/country?country=RUS", settled=False)
    page.get_by_label("Country (name or code)").fill("Indi")
    page.get_by_label("Country (name or code)").fill("India")
    reader.wait_for_address("country=IND")
    page.locator("h1", has_text="India is ").wait_for()
    page.get_by_label("Add a peer").fill("Nigeria")
    reader.wait_for_address("peers=NGA")
    page.get_by_role("link", name="Leave out United States").click()
    page.get_by_role("link", name="Leave out United States").wait_for(state="detached")
    page.locator("#fig-standing").scroll_into_view_if_needed()
    page.locator("#fig-standing[data-drawn]").wait_for()
    names = page.locator("#fig-standing svg text").all_text_contents()
    assert "India" in names
    assert "Nigeria" in names
    assert "United States" not in names
    page.locator("#c-against").select_option("FRA")
    page.locator("#part-gap", has_text="than France").wait_for()
    assert "against=FRA" in page.url
    assert page.locator("#fig-gap-indicators").count() == 1


def test_goes_to_a_country_without_a_rank_and_back(reader: Reader) -> None:
    page = reader.open("/country?country=LUX", settled=False)
    field = page.get_by_label("Country (name or code)")
    field.fill("npl")
    field.press("Enter")
    reader.wait_for_address("country=NPL")
    page.get_by_role("heading", name="Hardware and compute").wait_for()
    assert page.locator("h1").inner_text() == "Nepal is not ranked"
    assert page.locator("#s-gap").is_hidden()
    field.fill("Nigria")
    field.press("Enter")
    page.locator("#notes").get_by_role("link", name="Nigeria", exact=True).click()
    reader.wait_for_address("country=NGA")
    assert "404" in reader.errors.pop()
    page.locator("#s-gap").wait_for()
    assert page.get_by_role("heading", name="What is known of").count() == 0


def test_seeks_what_it_takes_with_intervals(reader: Reader) -> None:
    page = reader.open("/country?country=CHE", settled=False)
    page.get_by_role("link", name="What it would take, with intervals").click()
    reader.wait_for_address("rank=")
    page.locator("#fig-goal").wait_for()
    assert "90% interval" in page.locator("#part-goal").inner_text()
    assert "Yearly spreads" in page.locator("#fig-goal thead").inner_text()
