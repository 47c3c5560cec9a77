"""The guarded readers and the atomic writers."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parity.catalogue import files
from parity.errors import ParityError

TABLE = pl.DataFrame({"iso2": ["NA", "RU"], "value": [1.5, -2.0], "year": [2020, 2021]})


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".parquet", ".xlsx"])
def test_table_survives_the_round_trip(tmp_path, ending):
    path = tmp_path / f"table{ending}"
    if ending == ".tsv":
        TABLE.write_csv(path, separator="\t")
    else:
        files.write_table(path, TABLE)
    assert files.read_table(path).equals(TABLE)


def test_json_holds_one_object_per_row(tmp_path):
    files.write_table(tmp_path / "table.json", TABLE)
    assert pl.read_json(tmp_path / "table.json").equals(TABLE)


def test_namibia_is_text_and_missing_number_is_null(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("code,value\nNA,1\nRU,NA\nDE,\n")
    table = files.read_table(path)
    assert table["code"].to_list() == ["NA", "RU", "DE"]
    assert table["value"].to_list() == [1, None, None]


def test_column_of_marks_only_stays_text(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("code,other\nNA,1\n")
    assert files.read_table(path)["code"].to_list() == ["NA"]


def test_continental_table_has_decimal_commas(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("name;value\nA;3,5\nB;-1,25\n")
    assert files.read_table(path)["value"].to_list() == [3.5, -1.25]


def test_byte_order_mark_is_not_part_of_the_heading(tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes("\ufeffname,value\nA,1\n".encode())
    assert files.read_table(path).columns == ["name", "value"]


def test_utf_16_of_excel_is_read(tmp_path):
    path = tmp_path / "table.txt"
    path.write_bytes("name\tvalue\nTürkiye\t1\n".encode("utf-16"))
    assert files.read_table(path)["name"].to_list() == ["Türkiye"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.csv", b"", "empty"),
        ("blank.csv", b" \n\n", "empty"),
        ("latin.csv", "name\nCôte\n".encode("latin-1"), "line 2 is not UTF-8"),
        ("binary.csv", b"a,b\n\x00\x01,2\n", "binary"),
        ("twice.csv", b"a,b,a\n1,2,3\n", "'a' appears twice"),
        ("nameless.csv", b"a,,c\n1,2,3\n", "column 2 has no name"),
        ("ragged.csv", b"a,b\n1,2,3\n", "not a regular table"),
        ("table.ods", b"x", "cannot read '.ods'"),
        ("damaged.parquet", b"PAR1 nothing", "cannot be read"),
        ("damaged.xlsx", b"PK\x03\x04 nothing", "not an Excel workbook or is damaged"),
        ("text.xlsx", b"a,b\n1,2\n", "not an Excel workbook or is damaged"),
    ],
)
def test_bad_files_get_one_message(tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ParityError, match=words) as caught:
        files.read_table(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_absent_file_and_folder_are_told_apart(tmp_path):
    with pytest.raises(ParityError, match="no such file"):
        files.read_table(tmp_path / "absent.csv")
    with pytest.raises(ParityError, match="is a folder"):
        files.read_table(tmp_path)


def test_hundred_megabyte_cell_is_refused(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("name,value\nA," + "9" * 100_000_000 + "\n")
    with pytest.raises(ParityError, match="100,000,000 characters"):
        files.read_table(path)


def test_open_quote_that_swallows_the_file_is_refused(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text('name,value\n"A,1\n' + "B,2\n" * 500_000)
    with pytest.raises(ParityError, match=r"quote left open|not a regular table"):
        files.read_table(path)


def test_parquet_that_unpacks_to_a_billion_cells_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_CELLS", 1000)
    path = tmp_path / "table.parquet"
    pl.DataFrame({"a": [0] * 1001}).write_parquet(path)
    with pytest.raises(ParityError, match="above 1,000 cells"):
        files.read_table(path)


def test_text_above_the_limit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_TEXT_BYTES", 10)
    path = tmp_path / "long.csv"
    path.write_text("a,b\n" + "1,2\n" * 10)
    with pytest.raises(ParityError, match="larger than"):
        files.read_text(path)


def test_formulas_are_made_inert(tmp_path):
    table = pl.DataFrame({"=name": ["=1+1", "+1", "-1", "@x", "\tx", "plain", None], "number": [-1] * 7})
    files.write_table(tmp_path / "table.csv", table)
    again = pl.read_csv(tmp_path / "table.csv", infer_schema=False)
    assert again.columns == ["'=name", "number"]
    assert again["'=name"].to_list() == ["'=1+1", "'+1", "'-1", "'@x", "'\tx", "plain", None]
    assert again["number"].to_list() == ["-1"] * 7


def test_workbook_holds_text_never_formulas(tmp_path):
    import zipfile

    files.write_table(tmp_path / "table.xlsx", pl.DataFrame({"a": ["=1+1", "https://example.org"]}))
    with zipfile.ZipFile(tmp_path / "table.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "table.csv"
    files.write_text(path, "old")
    with pytest.raises(KeyboardInterrupt):
        _interrupted_write(path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["table.csv"]


def _interrupted_write(path):
    with files.replacing(path) as draft:
        draft.write_text("half")
        raise KeyboardInterrupt


def test_written_file_has_ordinary_permissions(tmp_path):
    files.write_text(tmp_path / "a.txt", "x")
    (tmp_path / "b.txt").write_text("x")
    assert (tmp_path / "a.txt").stat().st_mode == (tmp_path / "b.txt").stat().st_mode


@pytest.mark.parametrize("name", ["no/such/folder/table.csv", "table.docx", "."])
def test_writing_where_it_cannot_be_is_told(tmp_path, name):
    with pytest.raises(ParityError):
        files.write_table(tmp_path / name, TABLE)


ENDINGS = st.sampled_from([".csv", ".tsv", ".xlsx", ".parquet"])
TEXTS = st.text(st.sampled_from('ab,;\t"\n\r=1.5NA é\x00'), max_size=80).map(str.encode)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(st.binary(max_size=200), TEXTS), ending=ENDINGS)
def test_any_bytes_give_a_table_or_one_message(tmp_path: Path, content: bytes, ending: str):
    path = tmp_path / f"fuzz{ending}"
    path.write_bytes(content)
    message = ""
    try:
        table = files.read_table(path)
    except ParityError as problem:
        message = str(problem)
        table = pl.DataFrame()
    assert str(path) in message or len(set(table.columns)) == table.width > 0
