"""``parity trade`` as a user runs it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.catalogue.comtrade_server import KEY, Service, serving
from tests.cli.conftest import Ran

Run = Callable[..., Ran]
NEIGHBOURS = {"ARM", "GEO", "KAZ", "KGZ", "UZB"}


def test_diversion_as_json_holds_the_contract(parity: Run) -> None:
    answer = parity(
        "trade", "diversion", "--sanctioned", "RUS", "--date", "2022-02-24", "--reporter", "EU", "--json"
    ).json
    assert {one["iso3"] for one in answer["partners"]} == NEIGHBOURS
    for one in answer["partners"]:
        assert set(one["excess"]) >= {"value", "low", "high", "level", "unit"}
        assert one["excess"]["unit"] == "USD per month"
        assert 0 < one["excess"]["low"] < one["excess"]["value"] < one["excess"]["high"]
        assert 0 < one["p_placebo"] <= one["p_adjusted"] < 0.05
    assert answer["direct"]["excess"]["high"] < 0
    assert answer["parity"]
    assert "snapshot" in answer["data"]
    assert answer["command"].startswith("parity trade diversion --sanctioned RUS")
    assert "all goods together, not chips" in answer["verdict"]


def test_a_false_date_finds_nothing_and_says_what_it_left_out(parity: Run) -> None:
    answer = parity("trade", "diversion", "--sanctioned", "RUS", "--date", "2021-03-01", "--json").json
    assert {one["verdict"] for one in answer["partners"]} == {"none"}
    assert min(one["p_adjusted"] for one in answer["partners"]) > 0.1
    assert answer["after"] == ["2021", "2021"]
    assert "first control on RUS" in answer["notes"][0]


def test_diversion_on_the_terminal_with_other_choices_and_figures(parity: Run, tmp_path: Path) -> None:
    path = tmp_path / "ranking.svg"
    ran = parity(
        "trade", "diversion", "--sanctioned", "Russia", "--candidates", "KGZ,ARM", "--robust",
        "--figure", str(path),
    )  # fmt: skip
    assert ran.status == 0
    assert "Exports of the European Union to Kyrgyzstan and Armenia rose beyond expectation" in ran.out
    assert "large donors only" in ran.out
    assert "false date" in ran.out
    assert "A declared destination is not an end use" in ran.out
    assert b"<svg" in path.read_bytes()


def test_dependence_of_russia_on_taiwan_s_chips(parity: Run) -> None:
    answer = parity("trade", "depend", "RUS", "--codes", "chips", "--json").json
    years = {one["year"]: one["total"] / 1e6 for one in answer["years"]}
    assert years["2020"] == pytest.approx(25.337, abs=5e-4)
    assert years["2024"] == pytest.approx(0.619, abs=5e-4)
    assert answer["trend"]["value"] is None
    assert "only TWN" in answer["trend"]["reason"]
    assert any("parity trade import baci" in note for note in answer["notes"])
    assert parity("trade", "depend", "RUS", "--codes", "chpl1").status == 0


def test_dependence_substitution_and_mirror(parity: Run, tmp_path: Path) -> None:
    depend = parity("trade", "depend", "KAZ", "--json").json
    assert depend["side"] == "import"
    assert sum(one["share"] for one in depend["origins"] if one["year"] == "2023") == pytest.approx(1)
    moved = parity("trade", "substitute", "KAZ", "--json").json
    parts = [
        (one["change"]["value"], one["size"]["value"] + one["shift"]["value"]) for one in moved["groups"]
    ]
    assert all(change == pytest.approx(both) for change, both in parts)
    mirror = parity("trade", "mirror", "KGZ", "--json", "--out", str(tmp_path / "m.pdf")).json
    assert mirror["years"][-1]["gap"]["low"] > 5e8
    for verb in (("depend", "KAZ"), ("substitute", "KAZ"), ("mirror", "KGZ")):
        ran = parity("trade", *verb)
        assert ran.status == 0
        assert "Source: EU exports (all goods)" in ran.out


def test_one_s_own_flows_in_the_layout_of_baci(parity: Run, tmp_path: Path) -> None:
    origins = {156: 60.0, 344: 30.0, 842: 10.0}
    lines = [f"{year},{i},643,854231,{v},1" for year in range(2017, 2024) for i, v in origins.items()]
    # Others that sell elsewhere, so that the reports are those of the world.
    others = (32, 36, 51, 76, 124, 152, 170, 218, 360, 392, 398, 404, 410, 458, 484, 554, 604, 608, 699, 710)
    lines += [f"2023,{i},40,854231,1,1" for i in others]
    source = tmp_path / "BACI_HS17_Y2023.csv"
    source.write_text("t,i,j,k,v,q\n" + "\n".join(lines) + "\n")
    table = str(tmp_path / "flows.parquet")
    assert "41 flows" in parity("trade", "import", "baci", str(source), "--out", table).out
    answer = parity("trade", "depend", "RUS", "--codes", "chpl1", "--data", table, "--json").json
    last = answer["years"][-1]
    assert last["herfindahl"]["value"] == pytest.approx(0.46)
    assert (last["coalition"]["low"], last["coalition"]["high"]) == pytest.approx((0.1, 0.4))
    assert table in answer["data"]


def test_import_of_any_table(parity: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("to,when,k\nRussia,2022-03,1.5\nWorld,2022-03,2\n")
    table = tmp_path / "flows.parquet"
    ran = parity(
        "trade", "import", "csv", str(tmp_path / "mine.csv"), "--out", str(table), "--unit", "thousand",
        "--map", "reporter==ARM", "--map", "partner=to", "--map", "flow==export", "--map", "hs==TOTAL",
        "--map", "period=when", "--map", "value=k", "--json",
    )  # fmt: skip
    assert (ran.json["rows"], ran.json["value"]) == (1, 1500.0)
    assert [one["what"] for one in ran.json["left_out"]] == ["World"]
    assert pl.read_parquet(table)["value"].to_list() == [1500.0]


def test_import_from_comtrade_stops_at_the_quota_and_goes_on(
    parity: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMTRADE_API_KEY", KEY)
    row = {"partnerCode": 643, "cmdCode": "854231", "flowCode": "X", "period": "2022", "primaryValue": 7.0}
    rows = [row | {"reporterCode": code} for code in (792, 398)]
    words = ("trade", "import", "comtrade", "--reporter", "TUR,KAZ", "--codes", "chpl1", "--periods", "2022")
    with serving(Service(rows, quota=1)) as service:
        tail = ("--out", str(tmp_path / "c.parquet"), "--address", service.address)
        stopped = parity(*words, *tail)
        assert stopped.status == 1
        assert "1 of 2 answers are kept" in stopped.err
        service.quota = 1
        assert "2 flows" in parity(*words, *tail).out


def test_russia_s_supply_by_origin_adds_up_and_says_what_is_left_out(parity: Run) -> None:
    groups = parity("trade", "substitute", "RUS", "--json").json
    origins = parity("trade", "substitute", "RUS", "--by", "origin", "--json").json
    assert {one["group"] for one in groups["groups"]} == {"coalition"}
    assert len(origins["groups"]) == 27
    assert sum(one["after"] for one in origins["groups"]) == pytest.approx(groups["groups"][0]["after"])
    assert "GBR" in origins["verdict"]
    ran = parity("trade", "substitute", "RUS", "--by", "origin")
    assert "At hand about the supply of Russia" in ran.out


def test_months_are_in_the_answer_and_drawn(parity: Run, tmp_path: Path) -> None:
    path = tmp_path / "months.svg"
    answer = parity(
        "trade", "diversion", "--sanctioned", "RUS", "--kind", "months", "--out", str(path), "--json"
    ).json
    assert answer["monthly"][0]["iso3"] == "RUS"
    assert answer["monthly"][0]["since"] == "2022-03"
    assert len(answer["monthly"][0]["months"]) == 68
    assert [one["rank"] for one in answer["placebos"]] == list(range(1, answer["donors"] + 1))
    assert b"<svg" in path.read_bytes()
    chips = parity("trade", "diversion", "--sanctioned", "RUS", "--reporter", "TWN", "--kind", "months")
    assert chips.status == 1
    assert "no months are at hand" in chips.err


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("depend", "Atlantis"), 2, "no country is known as 'Atlantis'"),
        (("depend", "RUS", "--codes", "foo"), 2, "'foo' is no code"),
        (("depend", "RUS", "--codes", "chpl9"), 2, "no tier '9'"),
        (("depend", "TWN", "--codes", "chips"), 1, "nobody reports trade of TWN"),
        (("depend", "RUS", "--codes", "0101"), 1, "holds no flows of 0101"),
        (("depend", "RUS", "--data", "none.parquet"), 2, "no such file"),
        (("diversion", "--sanctioned", "RUS", "--date", "soon"), 2, "'soon' is not a day"),
        (("diversion", "--sanctioned", "RUS", "--date", "2012-01-01"), 1, "2 periods before"),
        (("diversion", "--sanctioned", "RUS", "--reporter", "USA"), 1, "no exports of USA"),
        (("diversion", "--sanctioned", "RUS", "--codes", "chpl1"), 1, "no exports of EU of 'chpl1'"),
        (("diversion", "--sanctioned", "RUS,BLR"), 2, "no country is known as 'RUS,BLR'"),
        (("diversion", "--sanctioned", "RUS", "--since", "20"), 2, "'20' is no period"),
        (("diversion", "--sanctioned", "RUS", "--until", "2021-13"), 2, "'2021-13' is no period"),
        (("diversion", "--sanctioned", "RUS", "--candidates", "RUS,KAZ"), 2, "RUS cannot be judged"),
        (("diversion", "--sanctioned", "RUS", "--candidates", "DEU"), 2, "DEU cannot be judged"),
        (("mirror", "RUS"), 1, "not both at hand"),
        (("import", "baci", "none.csv", "--out", "x.parquet"), 2, "no such file"),
        (("depend", "KAZ", "--figure", "x.gif"), 2, "cannot write 'gif'"),
    ],
)
def test_mistakes_get_one_clear_message(
    parity: Run, words: tuple[str, ...], status: int, message: str
) -> None:
    ran = parity("trade", *words)
    assert ran.status == status
    assert message in ran.err
    assert ran.err.count("\n") == 1
    assert "Traceback" not in ran.err


def test_bad_tables_of_one_s_own(parity: Run, tmp_path: Path) -> None:
    good = "reporter,partner,flow,hs,period,value\nCHN,RUS,export,854231,2022,5\n"
    table = tmp_path / "mine.csv"
    for bad, message in (
        ("CHN,RUS,export,854231,2023,-5\n", "negative value"),
        ("CHN,RUS,export,854231,2022,5\n", "are there twice"),
        ("CHN,RUS,export,854231,22/3,5\n", "neither a year"),
        ("chn,RUS,export,854231,2023,5\n", "no country by its ISO3 code"),
        ("CHN,RUS,export,8542.31,2023,5\n", "neither TOTAL nor 2, 4 or 6 digits"),
    ):
        table.write_text(good + bad)
        ran = parity("trade", "depend", "RUS", "--codes", "chips", "--data", str(table))
        assert ran.status == 2
        assert message in ran.err


def test_codes_that_were_renumbered_are_said_and_joined_if_asked(parity: Run, tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    rows = [f"CHN,RUS,export,{'854150' if y < 2022 else '854151'},{y},5" for y in range(2018, 2024)]
    table.write_text("reporter,partner,flow,hs,period,value\n" + "\n".join(rows) + "\n")
    words = ("trade", "depend", "RUS", "--codes", "854151", "--data", str(table), "--json")
    plain = parity(*words).json
    assert [one["year"] for one in plain["years"]] == ["2022", "2023"]
    assert "854150 before" in plain["notes"][0]
    joined = parity(*words, "--concord").json
    assert len(joined["years"]) == 6
    assert "concorded" in joined["notes"][0]
