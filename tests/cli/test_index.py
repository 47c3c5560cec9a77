"""`parity index`, from the words typed to the words printed."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import python_calamine
import xlsxwriter

from parity.index import IndexSpec
from tests.cli.conftest import Ran

Run = Callable[..., Ran]

SPEC = """
[index]
id = "small"
title = "A small index"
data = "data.csv"
id_column = "iso3"

[steps.treat]

[steps.normalise]

[[indicator]]
code = "income"
group = "economy"

[[indicator]]
code = "jobless"
group = "economy"
direction = -1

[[indicator]]
code = "schooling"
group = "people"

[[group]]
code = "economy"
parent = "total"
weight = 2

[[group]]
code = "people"
parent = "total"

[[group]]
code = "total"
"""

DATA = "iso3,income,jobless,schooling\nAAA,10,5,12\nBBB,20,7,11\nCCC,15,,9\nDDD,90,2,15\n"


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for place, row in enumerate(rows):
                page.write_row(place, 0, row)
    return path


def refused(ran: Ran, message: str) -> None:
    assert ran.status == 2
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert ran.err.count("\n") == 1


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    (tmp_path / "data.csv").write_text(DATA)
    path = tmp_path / "spec.toml"
    path.write_text(SPEC)
    return path


def test_build_prints_every_step_and_the_scores(parity: Run, spec: Path) -> None:
    out = parity("index", "build", str(spec)).out
    assert "Denominate: skipped, not in the spec" in out
    assert "Normalise: normalised 3 indicators by minmax (3); 1 turned round first" in out
    assert out.index("DDD") < out.index("BBB")
    assert "Data: file data.csv" in out


def test_build_answers_in_json(parity: Run, spec: Path) -> None:
    answer = parity("index", "build", str(spec), "--json").json
    assert answer["units"][0]["id"] == "DDD"
    assert answer["units"][0]["ranks"]["total"] == 1
    nodes = {"income", "jobless", "schooling", "economy", "people", "total"}
    assert set(answer["units"][0]["scores"]) == nodes
    ccc = next(unit for unit in answer["units"] if unit["id"] == "CCC")
    assert ccc["scores"]["jobless"] is None
    assert ccc["ranks"]["jobless"] is None
    assert [step["status"] for step in answer["steps"][:2]] == ["done", "skipped"]


def test_what_a_place_rests_on_is_said_everywhere(parity: Run, spec: Path, tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("iso3,income,jobless,schooling\nMCO,99,,\nFRA,20,7,11\nESP,15,9,9\n")
    ran = parity("index", "build", str(spec), "--out", str(tmp_path / "o.csv"))
    assert "Monaco ranks first of 3 units, with 67% of its weight without data." in ran.out
    assert "Monaco (33%)" in ran.out
    assert "[steps.screen] with min_available" in ran.out
    top = [
        row for row in csv.DictReader((tmp_path / "o.csv").read_text().splitlines()) if row["node"] == "total"
    ]
    missing = {row["id"]: round(float(row["missing"]), 3) for row in top}
    assert missing == {"MCO": 0.667, "FRA": 0, "ESP": 0}
    unit = parity("index", "build", str(spec), "--json").json["units"][0]
    shares = [round(unit[kind], 3) for kind in ("observed", "imputed", "zero", "missing")]
    assert shares == [0.333, 0, 0, 0.667]


def test_one_workbook_holds_all_of_a_build(parity: Run, spec: Path, tmp_path: Path) -> None:
    with spec.open("a") as file:
        file.write('[[robustness.choice]]\nfield = "normalise"\nvalues = ["minmax", "rank"]\n')
    parity("index", "build", str(spec), "--quiet", "--out", str(tmp_path / "o.xlsx"))
    book = python_calamine.load_workbook(tmp_path / "o.xlsx")
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    assert {"About", "Ranks", "Data.Raw", "Data.Treated", "Data.Normalised", "Meta.Ind", "Log"} <= set(sheets)
    assert {"Analysis.Stats", "Analysis.PCA", "Analysis.Treatment"} <= set(sheets)
    head, first, *_ = sheets["Results"]
    assert head[:6] == ["id", "name", "rank", "rank_low", "rank_high", "total"]
    assert (first[0], first[2]) == ("DDD", 1)
    assert sheets["Data.Raw"][3] == ["CCC", 15, "", 9]
    types = {row[1]: row[6] for row in sheets["Meta.Ind"][1:]}
    assert (types["income"], types["total"]) == ("Indicator", "Aggregate")


def test_a_panel_is_ranked_in_its_last_year_or_another(parity: Run, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("id,year,a\nX,2020,1\nY,2020,0.5\nX,2021,0\nY,2021,0.75\n")
    path = tmp_path / "s.toml"
    path.write_text(
        '[index]\nid = "p"\ndata = "d.csv"\nyear_column = "year"\n'
        '[steps.normalise]\nupper = 1\n[[indicator]]\ncode = "a"\n'
    )
    last = parity("rank", "--index", str(path))
    assert "p, 2021" in last.out
    assert "0.750" in last.out
    assert (
        parity("rank", "--index", str(path), "--as-of", "2020", "--json").json["countries"][0]["name"] == "X"
    )
    assert "ranks first of 2 units in 2021" in parity("index", "build", str(path)).out


def test_a_new_folder_runs_as_it_is(parity: Run, tmp_path: Path) -> None:
    out = parity("index", "new", str(tmp_path / "mine")).out
    assert f"parity index build {tmp_path / 'mine' / 'spec.toml'}" in out
    spec = str(tmp_path / "mine" / "spec.toml")
    ranked = parity("rank", "--index", spec, "--json").json["countries"]
    assert [place["iso3"] for place in ranked[:2]] == ["CCC", "AAA"]
    assert ranked[0]["rank_low"] == 1
    table = tmp_path / "draws.csv"
    parity("robustness", "draws", "--index", spec, "--count", "6", "--quiet", "--out", str(table))
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [row["draw"] for row in rows] == list("012345")
    assert {row["choice:normalise"] for row in rows} == {"minmax lower=1 upper=100", "rank"}
    assert len({row["weight:people"] for row in rows}) == 6
    one = parity("robustness", "draw", "3", "--index", spec, "--json").json["countries"]
    assert {row["iso3"]: row["rank"] for row in one} == {
        name.removeprefix("rank:"): int(rank) for name, rank in rows[3].items() if name.startswith("rank:")
    }


def test_an_index_is_held_against_specs_tables_and_builds_at_once(
    parity: Run, spec: Path, tmp_path: Path
) -> None:
    (tmp_path / "data.csv").write_text(
        "iso3,income,jobless,schooling\nFRA,10,5,12\nDEU,20,7,11\nESP,15,6,9\nITA,90,2,15\n"
    )
    other = tmp_path / "other.toml"
    other.write_text(spec.read_text().replace("direction = -1", "direction = 1"))
    parity("index", "build", str(spec), "--quiet", "--out", str(tmp_path / "build.csv"))
    names = tmp_path / "names.csv"
    names.write_text("Land;Punkte\nFrankreich;3,5\nDeutschland;2,25\nSpanien;1,5\nItalien;0,5\n")
    given = [word for path in (other, tmp_path / "build.csv", names) for word in ("--against", str(path))]
    found = parity("index", "compare", str(spec), *given, "--json").json["several"]
    own = {row["id"]: row["rank"] for row in found["ranks"]}
    assert own == {row["id"]: row["build.csv"] for row in found["ranks"]}
    assert {row["id"]: row["names.csv"] for row in found["ranks"]} == {"FRA": 1, "DEU": 2, "ESP": 3, "ITA": 4}
    assert [row["spearman"] for row in found["agreement"]][1] == 1


def test_methods_of_ones_own_come_from_a_file(parity: Run, spec: Path, tmp_path: Path) -> None:
    plugin = tmp_path / "mine.py"
    plugin.write_text(
        "from parity.index import register\n\n"
        "@register('aggregate', 'best')\ndef best(scores, weights):\n    return scores.max(axis=1)\n"
    )
    spec.write_text(
        spec.read_text().replace("[steps.treat]", '[steps.aggregate]\nmethod = "custom:best"\n[steps.treat]')
    )
    built = parity("index", "build", str(spec), "--plugin", str(plugin), "--json").json
    assert built["units"][0]["scores"]["economy"] == 100
    plugin.write_text("1 / 0")
    ran = parity("index", "build", str(spec), "--plugin", str(plugin))
    assert "its code fails: ZeroDivisionError" in ran.err


@pytest.mark.parametrize(
    ("words", "check"),
    [
        ([], lambda found: sum(row["share"] for row in found["rows"]) == pytest.approx(1)),
        (["--kind", "distribution"], lambda found: sum(row["units"] for row in found["rows"]) == 4),
        (
            ["--kind", "dot"],
            lambda found: [row["id"] for row in found["rows"]] == ["DDD", "BBB", "CCC", "AAA"],
        ),
        (
            ["--kind", "scatter", "--against", "schooling"],
            lambda found: found["correlation"] == pytest.approx(0.84390271),
        ),
    ],
)
def test_an_index_is_drawn_with_its_table(parity: Run, spec: Path, words: list[str], check: Any) -> None:
    assert check(parity("index", "plot", str(spec), "--of", "income", *words, "--json").json)
    refused(parity("index", "plot", str(spec), "--kind", "scatter"), "a second indicator or group")


def test_build_writes_a_long_table(parity: Run, spec: Path, tmp_path: Path) -> None:
    out = tmp_path / "scores.csv"
    parity("index", "build", str(spec), "--out", str(out))
    rows = list(csv.DictReader(out.read_text().splitlines()))
    shares = ["observed", "imputed", "zero", "missing"]
    assert list(rows[0]) == ["id", "name", "node", "level", "score", "rank", *shares]
    top = {row["id"]: row for row in rows if row["node"] == "total"}
    assert (top["DDD"]["level"], top["DDD"]["rank"], float(top["DDD"]["score"])) == ("3", "1", 100.0)
    missing = next(row for row in rows if row["id"] == "CCC" and row["node"] == "jobless")
    assert (missing["score"], missing["rank"]) == ("", "")


@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx", "json"])
def test_build_writes_a_stage(parity: Run, spec: Path, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"stage.{suffix}"
    parity("index", "build", str(spec), "--stage", "normalised", "--out", str(out))
    if suffix == "parquet":
        found = pl.read_parquet(out)
        assert found.columns == ["id", "income", "jobless", "schooling"]
        assert found["schooling"].to_list() == pytest.approx([50.0, 100 / 3, 0.0, 100.0])
    assert out.stat().st_size > 0
    shown = parity("index", "build", str(spec), "--stage", "aggregated").out
    assert "Stage aggregated" in shown


def test_build_takes_other_data(parity: Run, spec: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text(DATA + "EEE,50,1,20\n")
    answer = parity("index", "build", str(spec), "--data", str(other), "--json").json
    assert len(answer["units"]) == 5
    assert answer["data"] == "file other.csv"


def test_a_panel_has_years(parity: Run, spec: Path, tmp_path: Path) -> None:
    spec.write_text(SPEC.replace('id_column = "iso3"', 'id_column = "iso3"\nyear_column = "year"'))
    lines = DATA.splitlines()
    years = [f"{line},{year}" for year in (2020, 2021) for line in lines[1:]]
    (tmp_path / "data.csv").write_text("\n".join([lines[0] + ",year", *years]) + "\n")
    answer = parity("index", "build", str(spec), "--json").json
    assert (answer["units"][0]["id"], answer["units"][0]["year"]) == ("DDD", 2020)
    assert len(answer["units"]) == 8
    assert "2021" in parity("index", "build", str(spec)).out


def test_audit(parity: Run, spec: Path) -> None:
    out = parity("index", "audit", str(spec)).out
    assert "Raw data" in out
    assert "Rank change of the index when an element is left out" in out
    answer = parity("index", "audit", str(spec), "--json").json
    assert [row["indicator"] for row in answer["statistics"]] == ["income", "jobless", "schooling"]
    assert {row["node"] for row in answer["removal"]} == {
        "income",
        "jobless",
        "schooling",
        "economy",
        "people",
    }


def test_compare(parity: Run, spec: Path, tmp_path: Path) -> None:
    published = tmp_path / "published.csv"
    published.write_text("code,score\nAAA,40\nBBB,30\nCCC,10\nDDD,90\nEEE,1\n")
    answer = parity("index", "compare", str(spec), "--published", str(published), "--json").json
    assert set(answer) >= {"spearman", "max_abs_difference", "rows"}
    assert len(answer["rows"]) == 4
    assert answer["only_published"] == ["EEE"]
    assert -1 <= answer["spearman"] <= 1
    out = parity("index", "compare", str(spec), "--published", str(published), "--node", "people").out
    assert "Rank correlation (Spearman)" in out


def test_figures_of_an_index(parity: Run, spec: Path, tmp_path: Path) -> None:
    published = tmp_path / "published.csv"
    published.write_text("code,score\nAAA,40\nBBB,30\nCCC,10\nDDD,90\n")
    for words in (("build",), ("audit",), ("compare", "--published", str(published))):
        picture = tmp_path / f"{words[0]}.svg"
        assert parity("index", words[0], str(spec), *words[1:], "--out", str(picture)).status == 0
        assert "<svg" in picture.read_text()


def test_an_index_in_python(spec: Path) -> None:
    import parity as package

    found = package.index(spec, data=pl.read_csv(spec.parent / "data.csv"))
    assert found.table()["node"].n_unique() == 6
    assert found.result.units[0].id == "DDD"


def test_schema_is_json_schema(parity: Run) -> None:
    schema = json.loads(parity("index", "schema").out)
    assert schema["title"] == "IndexSpec"
    assert {"index", "steps", "indicator", "group", "robustness"} <= set(schema["properties"])


def test_new_writes_a_spec_that_can_be_read(parity: Run, tmp_path: Path) -> None:
    from parity.index import IndexSpec

    text = parity("index", "new").out
    path = tmp_path / "my.toml"
    parity("index", "new", str(path))
    assert path.read_text() == text
    assert IndexSpec.load(path).index.id == "my-index"
    again = parity("index", "new", str(path))
    assert again.status == 2
    assert "is there already" in again.err


def test_import_coinr_builds_straight_away(parity: Run, tmp_path: Path) -> None:
    (tmp_path / "iData.csv").write_text("uCode,uName,a,b\nNA,Namibia,1,2\nX,Xland,NA,4\nY,Yland,5,1\n")
    (tmp_path / "iMeta.csv").write_text(
        "Level,iCode,iName,Direction,Weight,Parent,Type\n1,a,A,1,1,Top,Indicator\n1,b,B,-1,1,Top,Indicator\n"
        "2,Top,The top,1,1,NA,Aggregate\n"
    )
    out = tmp_path / "made" / "here"
    parity(
        "index", "import-coinr", str(tmp_path / "iData.csv"), str(tmp_path / "iMeta.csv"), "--out", str(out)
    )
    answer = parity("index", "build", str(out / "spec.toml"), "--json").json
    assert {unit["id"] for unit in answer["units"]} == {"NA", "X", "Y"}
    assert answer["units"][0]["scores"]["Top"] == 100.0


@pytest.mark.shared
def test_import_coinr_reads_excel(parity: Run, shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / "reference" / "coinr"
    for name in ("data", "meta"):
        pl.read_csv(folder / f"asem_{name}.csv", infer_schema_length=None).write_excel(
            tmp_path / f"{name}.xlsx"
        )
    out = tmp_path / "asem"
    answer = parity(
        "index",
        "import-coinr",
        str(tmp_path / "data.xlsx"),
        str(tmp_path / "meta.xlsx"),
        "--out",
        str(out),
        "--json",
    ).json
    assert (answer["units"], answer["indicators"], answer["groups"]) == (51, 49, 11)
    assert len(parity("index", "build", str(out / "spec.toml"), "--json").json["units"]) == 51


def test_import_coinr_makes_a_panel_of_sheets_of_years(parity: Run, tmp_path: Path) -> None:
    meta = [["Level", "iCode", "Direction", "Weight", "Parent", "Type"]]
    meta += [[1, "a", 1, 1, "Top", "Indicator"], [1, "b", -1, 1, "Top", "Indicator"]]
    meta += [[2, "Top", 1, 1, "NA", "Aggregate"]]
    head = ["uCode", "a", "b"]
    book = workbook(
        tmp_path / "book.xlsx",
        iData_2020=[head, ["X", 1, 2], ["Y", 5, 1]],
        iData_2021=[head, ["X", 3, "NA"], ["Y", 4, 1]],
        iMeta=meta,
    )
    parity("index", "import-coinr", str(book), "--out", str(tmp_path / "made"))
    units = parity("index", "build", str(tmp_path / "made" / "spec.toml"), "--json").json["units"]
    scores = {(unit["id"], unit["year"]): unit["scores"]["a"] for unit in units}
    assert scores == {("X", 2020): 0, ("Y", 2020): 100, ("X", 2021): 50, ("Y", 2021): 75}


def test_import_coin_tool_reads_the_sheets_of_the_tool(parity: Run, tmp_path: Path) -> None:
    database: list[list[Any]] = [[""] * 8 for _ in range(16)]
    columns = [
        # weight, direction, goalposts, index, sub-index, pillar, sub-pillar, name, code
        (0.5, 1, 0, 10, "Index", "si.01", "p.01", "sp.01", "Roads", "ind.01"),
        (0.5, -1, 0, 8, "Index", "si.01", "p.01", "sp.01", "Smoke", "ind.02"),
        (1, 1, 0, 4, "Index", "si.01", "p.02", "sp.02", "Books", "ind.03"),
    ]
    for column, cells in enumerate(columns, start=4):
        for row, cell in enumerate(cells, start=6):
            database[row][column] = cell
    database += [
        ["", "Xland", "X", "", 1, 2, 3],
        ["", "Yland", "Y", "", "n/a", 4, 1],
        ["", "Zland", "Z", "", 9, 8, 2],
    ]
    framework: list[list[Any]] = [[""] * 8 for _ in range(3)]
    framework.append(["", "", "Code", "", "Weight", "", "", "Dimension/indicator"])
    for code, weight, name in (
        ("sp.01", 1, "A"),
        ("sp.02", 1, "B"),
        ("p.01", 2, "Life"),
        ("p.02", 1, "Mind"),
    ):
        framework.append(["", "", code, "", weight, "", "", name])
    framework.append(["", "", "Index", "", 1, "", "", "The index"])
    book = workbook(tmp_path / "tool.xlsx", Framework=framework, Database=database)
    parity("index", "import-coin-tool", str(book), "--out", str(tmp_path / "made"))
    spec = IndexSpec.load(tmp_path / "made" / "spec.toml")
    # The sub-index is one for all, so that level is not used.
    assert {group.code: (group.parent, group.weight) for group in spec.groups} == {
        "sp.01": ("p.01", 1), "sp.02": ("p.02", 1), "p.01": ("Index", 2), "p.02": ("Index", 1),
        "Index": (None, 1),
    }  # fmt: skip
    assert [indicator.direction for indicator in spec.indicators] == [1, -1, 1]
    assert spec.indicators[0].goalposts == (0, 10)
    units = parity("index", "build", str(tmp_path / "made" / "spec.toml"), "--json").json["units"]
    # X: Life = mean(0, 100) = 50 and Mind = 100, with weights 2 and 1.
    assert units[0]["id"] == "X"
    assert units[0]["scores"]["Index"] == pytest.approx(200 / 3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("direction = -1", "direction = 5"), "indicator.2.direction: must be 1 or -1, not 5"),
        (('code = "schooling"', 'code = "income"'), "codes must be unique"),
        (('code = "schooling"', 'code = "scholing"'), "Did you mean 'schooling'"),
        (('data = "data.csv"', 'data = "gone.csv"'), "gone.csv: no such file"),
        (('data = "data.csv"', ""), "needs a table"),
        (("[index]", "[index"), "not valid TOML"),
        (("[index]", "[index]\nversion = 99"), "update Parity"),
    ],
)
def test_a_mistake_in_the_spec_is_one_message(
    parity: Run, spec: Path, change: tuple[str, str], message: str
) -> None:
    spec.write_text(SPEC.replace(*change))
    refused(parity("index", "build", str(spec)), message)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("90", "ninety"), "'ninety' in 'income', row 4"),
        (("90", "inf"), "no numbers ('inf' in 'income', row 4)"),
        (("BBB", "AAA"), "AAA stands more than once, in rows 1, 2"),
        (("iso3", "id"), "lack the column 'iso3'"),
        ((DATA, ""), "empty"),
        ((DATA, DATA.splitlines()[0] + "\n"), "no rows"),
    ],
)
def test_a_mistake_in_the_data_is_one_message(
    parity: Run, spec: Path, change: tuple[str, str], message: str
) -> None:
    (spec.parent / "data.csv").write_text(DATA.replace(*change))
    refused(parity("index", "build", str(spec)), message)


@pytest.mark.parametrize("verb", ["build", "audit"])
def test_one_row_is_no_ranking(parity: Run, spec: Path, tmp_path: Path, verb: str) -> None:
    one = tmp_path / "one.csv"
    one.write_text("iso3,income,jobless,schooling\nAAA,10,5,12\n", encoding="utf-8")
    ran = parity("index", verb, str(spec), "--data", str(one))
    assert (ran.status, ran.out) == (1, "")
    assert "none of the 1 row gets a score in 'total'" in ran.err
    assert "same value everywhere" in ran.err
    assert "give at least two" in ran.err


def test_a_spec_in_another_encoding_is_told_as_a_text(parity: Run, tmp_path: Path) -> None:
    old = tmp_path / "old.toml"
    old.write_bytes('[index]\nid = "Côte"\n'.encode("latin-1"))
    ran = parity("index", "build", str(old))
    refused(ran, "byte 0xf4 in line 2 is not UTF-8 text; save the file as UTF-8")
    assert "Excel" not in ran.err
