"""A document as a file: every ending, and only where a file can be."""

import io
import json
import os
import stat
import sys
import threading
from pathlib import Path

import polars as pl
import pytest
import python_calamine

from parity import writing
from parity.errors import NoAnswerError, ParityError
from parity.show import files, marks
from parity.show.document import Chart, Column, Document, Group, Table, Text, estimate

FRAME = pl.DataFrame(
    {
        "name": ["=1+1", "Türkiye", None],
        "lag": [7.0412345, None, 2.0],
        "lag_low": [4.1, None, None],
        "lag_high": [13.9, None, 3.0],
        "hidden": [1, 2, 3],
        "tags": [["a", "b"], [], None],
    }
)
COLUMNS = (Column("name"), *estimate("lag", "Lag", "months"), Column("tags"))
TABLE = Table(FRAME, COLUMNS, "Lags: all [of] them")
CHART = Chart(
    "lags", "Lags <b>", FRAME, marks.spec(marks.dots(FRAME, "lag", "name", low="lag_low", high="lag_high"))
)
DOCUMENT = Document("Lag", (Group("In a group", (TABLE, CHART)), TABLE, Text("Words")), "Seven months.")


@pytest.mark.parametrize("kind", files.KINDS)
def test_every_ending_is_written_whole(tmp_path: Path, kind: str) -> None:
    if kind in ("svg", "png", "pdf"):
        pytest.importorskip("vl_convert")
        pytest.importorskip("typst")
    path = tmp_path / f"lag.{kind}"
    files.write(DOCUMENT, path, json='{"lag": 7}')
    content = path.read_bytes()
    starts = {
        "svg": b"<svg",
        "png": b"\x89PNG",
        "pdf": b"%PDF",
        "html": b"<!doctype",
        "md": b"# Lag",
        "xlsx": b"PK",
    }
    assert content.startswith(starts.get(kind, b""))
    assert list(tmp_path.iterdir()) == [path]


def test_data_files_hold_the_plain_numbers_and_no_formula(tmp_path: Path) -> None:
    for kind in ("csv", "parquet", "xlsx", "json"):
        files.write(DOCUMENT, tmp_path / f"lag.{kind}", json='{"lag": 7}')
    assert json.loads((tmp_path / "lag.json").read_text()) == {"lag": 7}
    parquet = pl.read_parquet(tmp_path / "lag.parquet")
    assert parquet.columns == ["name", "lag", "lag_low", "lag_high", "tags"]
    assert parquet["lag"].to_list() == [7.0412345, None, 2.0]
    assert (tmp_path / "lag.csv").read_text().splitlines()[1] == "'=1+1,7.0412345,4.1,13.9,a; b"
    book = python_calamine.load_workbook(tmp_path / "lag.xlsx")
    assert len(book.sheet_names) == 2
    assert book.get_sheet_by_index(0).to_python()[1][0] == "'=1+1"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("lag.doc", "allowed endings are '.json', '.csv'"),
        ("lag", "cannot write ''"),
        ("absent/lag.csv", "there is no folder"),
        ("folder.csv", "is a folder"),
        ("/dev/full", "cannot write ''"),
    ],
)
def test_what_cannot_be_written_is_said_before_any_work(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ParityError, match=message):
        files.kind_of(tmp_path / name)


@pytest.mark.parametrize(("kind", "word"), [("csv", "no table"), ("svg", "no figure")])
def test_a_document_without_what_a_file_holds_says_so(tmp_path: Path, kind: str, word: str) -> None:
    with pytest.raises(NoAnswerError, match=word):
        files.write(Document("Empty", (Text("Words"),)), tmp_path / f"lag.{kind}")


def test_a_link_is_followed_and_the_file_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "file.csv", tmp_path / "link.csv"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    writing.write_text(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    dangling = tmp_path / "dangling.csv"
    dangling.symlink_to(tmp_path / "later.csv")
    writing.write_text(dangling, "made")
    assert (tmp_path / "later.csv").read_text() == "made"


def test_a_read_only_file_and_a_circle_of_links_stay_as_they_are(tmp_path: Path) -> None:
    kept, first, second = (tmp_path / name for name in ("kept.csv", "first.csv", "second.csv"))
    kept.write_text("old")
    kept.chmod(0o444)
    first.symlink_to(second)
    second.symlink_to(first)
    with pytest.raises(ParityError, match="is read-only"):
        writing.write_text(kept, "new")
    assert kept.read_text() == "old"
    with pytest.raises(ParityError, match="leads back to itself"):
        writing.write_text(first, "new")


@pytest.mark.parametrize("device", ["/dev/null", "/dev/full", "/dev/tty0"])
def test_devices_are_refused(device: str) -> None:
    if not Path(device).exists():
        pytest.skip(f"no {device} here")
    with pytest.raises(ParityError, match="is a device"):
        writing.write_text(device, "new")


@pytest.mark.parametrize("name", ["-", "/dev/stdout"])
def test_standard_output_is_no_file(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="utf-8"))
    files.write(DOCUMENT, name, kind="csv")
    assert raw.getvalue().startswith(b"name,lag,")


def test_a_named_pipe_gets_what_a_file_would(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    files.write(DOCUMENT, pipe)
    reader.join(timeout=20)
    assert read[0].startswith("name,lag,")


def test_an_interrupt_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("old")

    def stopped() -> None:
        with writing.replacing(path) as draft:
            draft.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert [each.name for each in tmp_path.iterdir()] == ["file.csv"]
    assert path.read_text() == "old"
