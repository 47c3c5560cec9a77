"""`parity data`, from the words typed to the words printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from parity.catalogue import files, load_table, refresh, tables
from tests.catalogue.publisher import Publisher, serving
from tests.cli.conftest import Ran

Run = Callable[..., Ran]


def test_list_shows_tables_indicators_and_sources(parity: Run) -> None:
    answer = parity("data", "list", "--json").json
    assert set(answer) >= {"parity", "data", "command", "tables", "indicators", "sources"}
    assert [table["table"] for table in answer["tables"]] == list(tables())
    row = next(row for row in answer["indicators"] if row["indicator"] == "gtmi")
    assert (row["countries"], row["first"], row["last"]) == (198, 2020, 2022)
    assert {"source", "licence", "vintage", "title"} == set(answer["sources"][0])


def test_list_of_one_kind_prints_that_kind(parity: Run) -> None:
    printed = parity("data", "list", "sources").out
    assert "worldbank-wgi" in printed
    assert "gpu_cluster_h100e" not in printed


def test_show_prints_licence_citation_and_coverage(parity: Run) -> None:
    printed = parity("data", "show", "wgi_ge", "--country", "Russia", "--country", "CHN").out
    for words in ("Government effectiveness (wgi_ge)", "World Bank", "CC-BY-4.0", "cite as", "2018 to 2024"):
        assert words in printed
    assert printed.count("▁") >= 2
    assert "RUS, 2018 to 2024" in printed
    assert "-0.321554 in 2024" in printed


def test_show_says_which_figures_are_estimated(parity: Run) -> None:
    assert "in 2025 (estimated)" in parity("data", "show", "gh_pushes", "--country", "USA").out


def test_show_as_json(parity: Run) -> None:
    answer = parity("data", "show", "gtmi", "--country", "RUS", "--json").json
    assert answer["kind"] == "indicator"
    assert answer["sources"][0]["licence"] == "CC-BY-4.0"
    assert [row["year"] for row in answer["series"]] == [2020, 2022]


def test_sql_answers(parity: Run) -> None:
    printed = parity("data", "sql", "select iso3 from countries where name = 'Russia'").out
    assert printed.split() == ["iso3", "RUS"]
    answer = parity("data", "sql", "select count(*) as n from groups", "--json").json
    assert answer["rows"] == [{"n": load_table("groups").height}]


def test_sql_writes_its_rows_to_a_file(parity: Run, tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    parity("data", "sql", "select * from groups", "--out", str(out))
    assert files.read_table(out).equals(load_table("groups"))


def test_long_answers_are_cut_and_say_so(parity: Run) -> None:
    assert "more rows" in parity("data", "sql", "select * from observations limit 1000").out


@pytest.mark.parametrize("ending", ["csv", "parquet", "json", "xlsx"])
def test_export_writes_every_format(parity: Run, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"countries.{ending}"
    printed = parity("data", "export", "countries", str(out)).out
    assert f"{load_table('countries').height} rows" in printed
    again = pl.read_json(out, infer_schema_length=None) if ending == "json" else files.read_table(out)
    assert again["iso3"].to_list() == load_table("countries")["iso3"].to_list()
    assert again["iso2"].to_list() == load_table("countries")["iso2"].to_list()  # NA is Namibia


def test_export_of_an_indicator_holds_its_rows(parity: Run, tmp_path: Path) -> None:
    answer = parity("data", "export", "gtmi", str(tmp_path / "gtmi.csv"), "--json").json
    assert answer["rows"] == 396


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("show", "gtmii"), 2, "nothing called 'gtmii'"),
        (("show", "gtmi", "--country", "Wakanda"), 2, "no country is known as 'Wakanda'"),
        (("show", "claude_usage", "--country", "RUS"), 1, "Russia has no value"),
        (("sql", "drop table groups"), 2, "one reading statement"),
        (("sql", "select * from read_csv('/etc/passwd')"), 2, "the query failed"),
        (("export", "gtmi", "gtmi.docx"), 2, "cannot write '.docx'"),
        (("export", "gtmi", "/no/such/folder/gtmi.csv"), 2, "there is no folder"),
        (("update", "nowhere"), 2, "'nowhere' cannot be updated"),
        (("update", "epoch", "--checksums", "/no/such/file"), 2, "no such file"),
        (("list", "everything"), 2, "everything"),
    ],
)
def test_mistakes_get_one_message(parity: Run, words: tuple[str, ...], status: int, message: str) -> None:
    ran = parity("data", *words)
    assert ran.status == status
    assert message in ran.err
    assert "Traceback" not in ran.err


def test_update_tells_what_became_of_each_source(parity: Run) -> None:
    source = "owid-ember-carbon-intensity"
    (chart,) = refresh.RECIPES[source]
    rows = load_table("observations").filter(indicator="carbon_intensity").select("iso3", "year", "value")
    head = "Entity,Code,Year,Carbon intensity of electricity\n"
    lines = (f"X,{'OWID_KOS' if iso3 == 'XKX' else iso3},{year},{value}" for iso3, year, value in rows.rows())
    path = chart.url.removeprefix("https:/")
    with serving(Publisher(files={path: (head + "\n".join(lines)).encode()})) as publisher:
        given = ("data", "update", source, "owid-ai-misc", "--mirror", publisher.address, "--timeout", "1")
        ran = parity(*given)
        assert ran.status == 1
        assert f"{source}: updated. observations {rows.height:,} rows" in ran.out
        assert "owid-ai-misc: failed" in ran.err
        assert "404" in ran.err
        answer = json.loads(parity(*given, "--json").out)
    assert [entry["status"] for entry in answer["sources"]] == ["unchanged", "failed"]
    assert f"updated: {source}" in answer["data"]
