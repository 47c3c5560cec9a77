"""Excel input that would exhaust the machine, and what an ordinary sheet gives."""

from __future__ import annotations

import zipfile

import polars as pl
import pytest

from parity.catalogue import _workbook, files
from parity.errors import ParityError

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>{{}}</sheetData></worksheet>'


@pytest.fixture
def workbook(tmp_path):
    """Return a function that rewrites parts of a valid workbook."""
    plain = tmp_path / "plain.xlsx"
    files.write_table(plain, pl.DataFrame({"name": ["A"], "value": [1]}))

    def rewrite(parts, compression=zipfile.ZIP_DEFLATED):
        path = tmp_path / "made.xlsx"
        with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", compression) as new:
            for part in old.namelist():
                if part not in parts:
                    new.writestr(part, old.read(part))
            for part, content in parts.items():
                new.writestr(part, content)
        return path

    return rewrite


def test_zip_bomb_is_refused_before_it_is_unpacked(workbook, monkeypatch):
    monkeypatch.setattr(_workbook, "MAX_UNPACKED_BYTES", 5 << 20)
    path = workbook({"xl/media/bomb.bin": b"\0" * (20 << 20)})
    assert path.stat().st_size < 1 << 20
    with pytest.raises(ParityError, match="zip bomb"):
        files.read_table(path)


def test_declared_size_is_not_believed(workbook, monkeypatch):
    monkeypatch.setattr(_workbook, "MAX_UNPACKED_BYTES", 5 << 20)
    path = workbook({"xl/media/bomb.bin": b"\0" * (20 << 20)})
    content = path.read_bytes()
    size = (20 << 20).to_bytes(4, "little")
    assert content.count(size) == 2  # in the part's own header and in the directory
    path.write_bytes(content.replace(size, (10).to_bytes(4, "little")))
    with pytest.raises(ParityError, match="zip bomb"):
        files.read_table(path)


def test_stray_cell_at_the_end_of_the_sheet_is_refused(workbook):
    row = '<row r="{0}"><c r="{1}{0}"><v>1</v></c></row>'
    path = workbook(
        {"xl/worksheets/sheet1.xml": SHEET.format(row.format(1, "A") + row.format(1048576, "XFD"))}
    )
    with pytest.raises(ParityError, match="1,048,576 rows by 16,384 columns"):
        files.read_table(path)


def test_too_many_parts_are_refused(workbook, monkeypatch):
    monkeypatch.setattr(_workbook, "MAX_PARTS", 20)
    with pytest.raises(ParityError, match="parts inside"):
        files.read_table(workbook({f"extra/{number}": b"" for number in range(30)}))


def test_large_cell_is_refused(workbook, monkeypatch):
    monkeypatch.setattr("parity.catalogue._typed.MAX_CELL_CHARACTERS", 1000)
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
    cell += f'<row r="2"><c r="A2" t="inlineStr"><is><t>{"x" * 2000}</t></is></c></row>'
    with pytest.raises(ParityError, match="2,000 characters"):
        files.read_table(workbook({"xl/worksheets/sheet1.xml": SHEET.format(cell)}))


def test_empty_sheet_is_told(workbook):
    with pytest.raises(ParityError, match="first sheet is empty"):
        files.read_table(workbook({"xl/worksheets/sheet1.xml": SHEET.format("")}))


def test_truncated_workbook_is_told(workbook):
    path = workbook({})
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ParityError, match="damaged"):
        files.read_table(path)
