"""What leaves the pages: data and images at addresses of their own, for programs and for other sites."""

from __future__ import annotations

import json
import re
import subprocess
import urllib.request
from html import unescape
from io import StringIO
from shutil import which

import httpx
import pandas as pd
import pytest
from fastapi.testclient import TestClient

from parity.ask.rank import Rank
from parity.web.app import create_app, guarded
from parity.web.guard import Guard
from tests.web.test_every_page import SAMPLES


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(guarded())


def table(client: TestClient, address: str) -> pd.DataFrame:
    """Read a CSV as a program does: by its address, with nothing said about its form."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    return pd.read_csv(StringIO(answer.text))


def test_the_ranking_as_data(client: TestClient) -> None:
    frame = table(client, "/ranking.csv?variant=scale&w.talent=9")
    assert list(frame.columns[:6]) == ["iso3", "name", "rank", "rank_low", "rank_high", "score"]
    asked = Rank.read({"variant": "scale", "weight": ("talent=9",), "intervals": False}).answer().result
    assert frame["score"].tolist() == [place.score for place in asked.countries]
    assert ((frame["rank_low"] <= frame["rank"]) & (frame["rank"] <= frame["rank_high"])).all()


def test_what_the_columns_mean_stands_beside_the_data(client: TestClient) -> None:
    link = client.get("/ranking.csv?w.talent=9").headers["link"]
    address = re.fullmatch(r'<(.*)>; rel="describedby"; type="application/csvm\+json"', link)[1]
    found = client.get(address).json()
    assert found["@context"] == "http://www.w3.org/ns/csvw"
    assert found["url"].endswith("/ranking.csv?w.talent=9")
    assert "own weights: Talent 64" in found["dc:title"]
    assert all(source["dc:license"] for source in found["dc:source"])
    columns = [column["name"] for column in found["tableSchema"]["columns"]]
    assert columns == list(table(client, "/ranking.csv?w.talent=9").columns)
    assert found["notes"] == [{"reproduce": "parity rank --weight talent=9"}]


def test_an_image_says_what_it_shows_and_where_it_is_from(client: TestClient) -> None:
    answer = client.get("/ranking.svg?w.talent=9&table=settled.rank-intervals")
    text = unescape(
        " ".join(re.findall(r"<text[^>]*>(.*?)</text>", re.sub("</?tspan[^>]*>", " ", answer.text)))
    )
    for part in ("own weights: Talent 64", "90 % of rebuilds", "Source:", "snapshot 20"):
        assert part in text
    assert "/ranking?w.talent=9" in text.replace(" ", "")
    assert client.get("/ranking.png?table=settled.world-map").content.startswith(b"\x89PNG")


@pytest.mark.parametrize("address", SAMPLES.values(), ids=SAMPLES)
def test_every_address_on_a_page_gives_its_file(client: TestClient, address: str) -> None:
    pages = [client.get(address).text]
    pages += [client.get(unescape(part)).text for part in re.findall(r'data-part="([^"]+)"', pages[0])]
    found = {unescape(one) for page in pages for one in re.findall(r'href="(/\w+\.csv\?[^"]*)"', page)}
    for one in sorted(found):
        frame = table(client, one)
        assert not [name for name in frame.columns if not re.fullmatch(r"[a-z][a-z0-9_]*", name)], one
        if {"country", "name"} & set(frame.columns) and frame.iloc[:, 1].astype(str).str.fullmatch(
            "China"
        ).any():
            assert frame.columns[0] == "iso3", one


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/ranking.csv?bogus=1", 422, "“bogus”"),
        ("/ranking.csv?table=settled.rank-interval", 404, "Did you mean 'settled.rank-intervals'"),
        ("/ranking.csv?table=nothing.x", 404, "there is no part 'nothing'"),
        ("/country.csv", 404, "choose a country"),
        ("/ranking.svg", 404, "is a table"),
        ("/nothing.csv", 404, "nothing at this address"),
        ("/api/v1/rank.csv?table=x", 404, "no such table"),
        ("/api/v1/rank?topp=2", 422, "Did you mean 'top'"),
        ("/api/v1/data/gtmi/rows?iso=RUS", 422, "Did you mean 'iso3'"),
        ("/api/v1/data/nothing/rows", 404, "/api/v1/data/list"),
        ("/api/v1/brief/Atlantis", 404, "no country"),
        ("/api/v1/brief/FRA?x=1", 422, "no such parameter"),
        ("/country?country=Frnace", 404, '<a href="/country?country=FRA">France</a>'),
        ("/frontier?of=Frnace", 404, '<a href="/frontier?of=FRA">France</a>'),
        ("/chips?to=Frnace", 404, '<a href="/chips?to=FRA">France</a>'),
        ("/information?protected=Chian", 404, '<a href="/information?protected=CN">China</a>'),
        ("/blocs?bloc=BRIC", 404, '<a href="/blocs?bloc=BRICS">BRICS</a>'),
        ("/data?show=nothing", 404, "nothing called"),
        ("/country?country=FRA&add=Nigria", 200, '<a data-live-link href="?country=FRA&peers='),
        ("/ranking?vraiant=scale", 200, "Did you mean 'variant'"),
        ("/information.csv", 404, "choose a government"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(
    client: TestClient, address: str, status: int, words: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert words in unescape(answer.text)


def test_a_verdict_quotes_the_whole_sentence(client: TestClient) -> None:
    text = "China has overtaken the United States in AI publications, the ministry says."
    page = client.get("/check", params={"text": text}).text
    quote = unescape(re.search(r"<blockquote>(.*?)</blockquote>", page)[1])
    assert re.sub("</?mark>", "", quote) == text
    assert "<mark>China" in quote
    sent = client.post("/check.csv", data={"text": text}).text
    assert "publications, the ministry says" in sent


def test_other_sites_may_use_it_and_no_page_may_be_framed(client: TestClient) -> None:
    for address in ("/api/v1/rank?top=1", "/ranking.csv", "/embed/ranking", "/api/v1/nothing"):
        assert client.get(address).headers["access-control-allow-origin"] == "*"
    page = client.get("/ranking")
    assert "access-control-allow-origin" not in page.headers
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    embedded = client.get("/embed/ranking")
    assert "frame-ancestors *" in embedded.headers["content-security-policy"]
    assert "x-frame-options" not in embedded.headers
    assert embedded.text.count("<figure") == 1
    narrow = TestClient(Guard(create_app(), origins=("https://a.example",)))
    for origin in ("https://a.example", "https://b.example"):
        answer = narrow.get("/api/v1/rank?top=1", headers={"origin": origin})
        assert (answer.headers.get("access-control-allow-origin") == origin) is origin.startswith(
            "https://a."
        )
        assert "origin" in answer.headers["vary"]


def test_an_answer_is_not_sent_twice(client: TestClient) -> None:
    for address in ("/api/v1/rank?top=1", "/ranking.csv", "/ranking", "/static/js/main.js"):
        first = client.get(address)
        assert first.headers["cache-control"]
        again = client.get(address, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        head = client.head(address)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == first.headers["etag"]
        assert "GET" in client.options(address).headers["allow"]


def test_recipes_of_the_help_work(client: TestClient) -> None:
    page = unescape(client.get("/api").text)
    found = re.findall(r"http://testserver(/[^\s\"<]+)", page)
    assert len(found) >= 6
    for address in found:
        answer = client.get(address)
        assert answer.status_code == 200, address
    for address in re.findall(r'Try <a href="([^"]+)"', page)[:3]:
        assert client.get(address).status_code == 200


HEADERS = {
    "Google Sheets": {"user-agent": "Mozilla/5.0 (compatible; GoogleDocs; apps-spreadsheets)"},
    "R": {"user-agent": "R (4.4.1 x86_64-pc-linux-gnu x86_64 linux-gnu)", "accept": "*/*"},
    "Observable": {
        "origin": "https://observablehq.com",
        "accept": "*/*",
        "accept-encoding": "gzip, deflate, br",
    },
}
"""What the programs of the recipes send that are not here to be run."""


def test_recipes_run(server: str) -> None:
    with urllib.request.urlopen(f"{server}/api") as answer:
        page = unescape(answer.read().decode())
    recipes = {
        name: re.search(r'http[^"]+', code)[0]
        for name, code in re.findall(r"<dt>([^<]+)</dt><dd><code>(.*?)</code>", page)
    }
    assert len(pd.read_csv(recipes["pandas"])) > 100
    for name, headers in HEADERS.items():
        answer = httpx.get(recipes[name], headers=headers)
        assert answer.headers["content-type"].startswith("text/csv")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert {"iso3"} < set(pd.read_csv(StringIO(answer.text)).columns)
    # Their own programs read them, where they are here: R as it stands, d3.csv begins with this request.
    fetch = (
        f"""fetch("{recipes["Observable"]}").then((a) => a.text()).then((t) => console.log(t.slice(0, 9)))"""
    )
    for program, code, told in (
        ("Rscript", f'cat(nrow(read.csv("{recipes["R"]}")))', b"7"),
        ("node", fetch, b"iso3,name"),
    ):
        if path := which(program):
            ran = subprocess.run([path, "-e", code], capture_output=True, check=True)
            assert ran.stdout.strip() == told


def test_a_table_by_ending_or_by_asking_for_one(client: TestClient) -> None:
    rows = table(client, "/api/v1/rank.csv?group=G7")
    asked = client.get("/api/v1/rank?group=G7", headers={"accept": "text/csv"})
    assert asked.text == client.get("/api/v1/rank.csv?group=G7").text
    assert len(rows) == 7
    assert client.get("/api/v1/rank?group=G7").json()["countries"][0]["iso3"] == rows["iso3"][0]


def test_rows_are_filtered_and_paged(client: TestClient) -> None:
    address = "/api/v1/data/gtmi/rows?iso3=RUS&iso3=CHN"
    every = client.get(address)
    assert set(pd.read_csv(StringIO(every.text))["iso3"]) == {"RUS", "CHN"}
    part = client.get(f"{address}&limit=1&offset=1&format=json")
    assert len(json.loads(part.text)) == 1
    assert part.headers["parity-rows"] == every.headers["parity-rows"]


def test_every_parameter_is_described_by_an_example_that_is_allowed(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    for operations in document["paths"].values():
        for parameter in operations.get("get", {}).get("parameters", ()):
            assert parameter["description"]
            assert "example" in parameter or parameter["schema"].get("examples")
