"""Files as people have them: every number is read as meant, or the file is refused with the line to add."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from parity.catalogue import files
from parity.errors import ParityError
from parity.numbers import Rules


def sheet(path: Path, **sheets: list[list[Any]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for place, row in enumerate(rows):
                page.write_row(place, 0, row)
    return path


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# Name, content, what a column holds, words of what is told.
READ = {
    "german": (
        "Land;BIP;Quote\nDeutschland;1.234,5;4,1\nFrankreich;30;3,0\nItalien;20,1;2\n",
        {"BIP": [1234.5, 30, 20.1], "Quote": [4.1, 3, 2]},
        "decimal comma and '.' between thousands",
    ),
    "thousands alone, beside decimal commas": (
        "Land;Zahl;Quote\nA;1.200;4,1\nB;850;3,0\n",
        {"Zahl": [1200, 850]},
        "between thousands (in 'Zahl')",
    ),
    "french": (
        "Pays;PIB;Taux\nFrance;1\u202f234,5;12,5\nEspagne;987,25;−3,1\nItalie;..;n.a.\n\n"
        "Source : Insee, 2024\n",
        {"PIB": [1234.5, 987.25, None], "Taux": [12.5, -3.1, None]},
        "'..' as missing: 'PIB'",
    ),
    "brazilian": (
        "Tabela 1. Indicadores;;\n;;\nEstado;Pop;IDH\nSP;44.411.238;0,783\nRJ;16.055.174;0,761\n"
        "Fonte: IBGE;;\n",
        {"Pop": [44411238, 16055174], "IDH": [0.783, 0.761]},
        "1 line below the table left out: Fonte: IBGE",
    ),
    "swiss": ("Ort;Wert\nBern;1'234.5\nGenf;22'000.25\n", {"Wert": [1234.5, 22000.25]}, ""),
    "indian": ('state,n\nKerala,"3,34,06,061"\nGoa,"14,58,545"\n', {"n": [33406061, 1458545]}, ""),
    "r with names of rows": (
        '"","gdp","rate"\n"France",1.234,0.5\n"Spain",NA,0.25\n',
        {"row_name": ["France", "Spain"], "gdp": [1.234, None]},
        "the first column has no heading",
    ),
    "r's write.table": (
        '"gdp"\t"rate"\n"France"\t1.25\t0.5\n"Spain"\t2.5\t0.25\n',
        {"row_name": ["France", "Spain"], "gdp": [1.25, 2.5]},
        "'row_name'",
    ),
    "world bank": (
        '"Data Source","World Development Indicators",\n\n"Last Updated Date","2026-10-01",\n\n'
        '"Country Name","Country Code","2019","2020",\n"Aruba","ABW","1.5","",\n'
        '"Zambia","ZMB","..","12.25",\n',
        {"Country Code": ["ABW", "ZMB"], "2019": [1.5, None], "2020": [None, 12.25]},
        "headings from row 5; above them: Data Source World Development Indicators",
    ),
    "data bank's end": (
        "Country,Code,v\nAruba,ABW,1.5\nZambia,ZMB,2.5\n,,\n,,\nData from database: WDI\n"
        "Last Updated: 01/10/2026\n",
        {"Code": ["ABW", "ZMB"], "v": [1.5, 2.5]},
        "2 lines below the table left out",
    ),
    "per cent": ("c,v\nA,45%\nB,30 %\n", {"v": [45, 30]}, "in per cent (45% is 45): 'v'"),
    "semicolons in texts": (
        "c,v,note\nA,1.5,a; b\nB,2.5,c; d\nC,3.5,e; f\n",
        {"v": [1.5, 2.5, 3.5], "note": ["a; b", "c; d", "e; f"]},
        "",
    ),
    "rows of unequal lengths": ("c,v,w\nA,1\nB,2,3\n", {"v": [1, 2], "w": [None, 3]}, ""),
    "codes with zeros": ("m49,v\n004,1\n008,2\n", {"m49": ["004", "008"], "v": [1, 2]}, ""),
    "last country without data": ("c,v,w\nAruba,1,2\nZimbabwe,,\n", {"c": ["Aruba", "Zimbabwe"]}, ""),
    "scores of three digits": ("c,v\nA,3.456\nB,5.123\n", {"v": [3.456, 5.123]}, ""),
    "several rows of headings": (
        "Title,,,\n,2020,,2021\nc,gdp,jobs,gdp\nA,1,2,3\nB,4,5,6\n",
        {"c": ["A", "B"], "2020 gdp": [1, 4], "2020 jobs": [2, 5], "2021 gdp": [3, 6]},
        "headings from rows 2, 3",
    ),
}


@pytest.mark.parametrize("kind", READ)
def test_what_a_file_means_is_read_and_said(tmp_path: Path, kind: str) -> None:
    content, columns, said = READ[kind]
    path = write(tmp_path / "t.csv", content)
    found = files.read(f"{path}::header=2,3" if "several" in kind else path)
    assert {name: found.frame[name].to_list() for name in columns} == columns
    assert found.frame.height == len(next(iter(columns.values())))
    assert said in "; ".join(found.told)


# Content, the line to add, and what is read with it.
DECLARED = {
    "1,234 in a semicolon file": (
        "c;gdp;une\nA;1,234;4,1\nB;30;3,0\n",
        'decimal = ","',
        Rules(decimal=","),
        {"gdp": [1.234, 30]},
    ),
    "1.200 and nothing that tells": (
        "c;v\nA;1.200\nB;850\n",
        'decimal = ","',
        Rules(thousands="."),
        {"v": [1200, 850]},
    ),
    "scraped thousands between commas": (
        "c,v\nA,1.200\nB,850\n",
        "decimal",
        Rules(decimal=","),
        {"v": [1200, 850]},
    ),
    "quoted thousands": ('c,v\nA,"1,200"\nB,"2,350"\n', "decimal", Rules(decimal="."), {"v": [1200, 2350]}),
    "tabs": ("c\tv\nA\t1.234\nB\t2.345\n", "decimal", Rules(decimal="."), {"v": [1.234, 2.345]}),
    "both marks in one column": ("c;v\nA;1,5\nB;2.5\n", "decimal", None, {}),
    "footnotes": (
        "c;v;w\nA;12,3 a;1\nB;4,5*;2\nC;6,5 (b);3¹\n",
        'footnotes = "drop"',
        Rules(footnotes=True),
        {"v": [12.3, 4.5, 6.5], "w": [1, 2, 3]},
    ),
    "dashes in two columns": (
        "c,v,w\nA,-,1.5\nB,2.5,x\nC,3.5,2.5\n",
        'missing = ["-", "x"]',
        Rules(missing=("-", "x")),
        {"v": [None, 2.5, 3.5], "w": [1.5, None, 2.5]},
    ),
    "some in per cent": ("c,v\nA,45%\nB,30\n", 'percent = "drop"', Rules(percent=True), {"v": [45, 30]}),
    "magnitudes are no footnotes": ("c,v\nA,5M\nB,30\n", "no numbers ('5M' in 'v', row 1)", None, {}),
    "bounds are no numbers": ("c,v\nA,<5\nB,30\n", "no numbers ('<5' in 'v', row 1)", None, {}),
}


@pytest.mark.parametrize("kind", DECLARED)
def test_what_may_be_two_things_is_refused_with_the_line_to_add(tmp_path: Path, kind: str) -> None:
    content, line, rules, columns = DECLARED[kind]
    path = write(tmp_path / "t.csv", content)
    wanted = lambda names: set(names) - {"c"}  # noqa: E731
    with pytest.raises(ParityError) as caught:
        files.read(path, files.Dialect(spec="my.toml"), wanted=wanted)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)
    if rules is not None:
        found = files.read(path, files.Dialect(rules=rules), wanted=wanted).frame
        assert {name: found[name].to_list() for name in columns} == columns


def test_all_faults_of_all_columns_are_one_message(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "c,v,w\nA,-,45%\nB,12.3*,30\nC,4.5,20\n")
    with pytest.raises(ParityError) as caught:
        files.read(path, wanted=lambda names: {"v", "w"})
    said = str(caught.value)
    assert all(cell in said for cell in ("'-' in 'v'", "'12.3*' in 'v'", "'45%' in 'w'"))
    settings = said[said.index(f"{path}::") :].split("'")[0]
    found = files.read(settings, wanted=lambda names: {"v", "w"}).frame
    assert found.rows() == [("A", None, 45), ("B", 12.3, 30), ("C", 4.5, 20)]


def test_a_workbook_keeps_numbers_and_what_looks_like_one_apart(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "t.xlsx",
        README=[["Notes on the data"]],
        Werte=[
            ["Tabelle 1"],
            [],
            ["Land", "v", "w"],
            ["A", 1.234, 1.5],
            ["B", "1.200", 2.5],
            ["Quelle: Amt"],
        ],
    )
    with pytest.raises(ParityError, match=r"1\.200 in 'v'"):
        files.read(path, wanted=lambda names: {"v"})
    assert files.read(path).frame["v"].to_list() == ["1.234", "1.200"]
    found = files.read(f"{path}::decimal=,")
    assert found.frame.rows() == [("A", 1.234, 1.5), ("B", 1200.0, 2.5)]
    assert "sheet 'Werte' (beside it: 'README')" in found.told
    with pytest.raises(ParityError, match="its sheets are 'README', 'Werte'"):
        files.read(f"{path}::sheet=Daten")


def test_the_sheet_with_the_wanted_columns_is_taken(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "t.xlsx", Codes=[["code", "name"], ["gdp", "GDP"]], Data=[["c", "gdp"], ["A", 1.5]]
    )
    assert files.read(path, wanted=lambda names: {"gdp"} & set(names)).frame.rows() == [("A", 1.5)]


def test_another_encoding_is_named_and_read(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "Land;Wert\nÖsterreich;12,5\nSchweiz;-3,5\n".encode("cp1252"))
    with pytest.raises(ParityError, match="encoding=cp1252"):
        files.read(path)
    assert files.read(f"{path}::encoding=cp1252").frame.rows() == [("Österreich", 12.5), ("Schweiz", -3.5)]
    with pytest.raises(ParityError, match="there is no encoding 'x9'"):
        files.read(f"{path}::encoding=x9")


@pytest.mark.parametrize("setting", ["shet=A", "header=0", "decimal=x", "footnotes=keep"])
def test_settings_after_the_name_are_checked(tmp_path: Path, setting: str) -> None:
    path = write(tmp_path / "t.csv", "a,b\n1,2\n")
    with pytest.raises(ParityError, match=setting.split("=")[0]):
        files.read(f"{path}::{setting}")
