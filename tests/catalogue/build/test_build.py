"""The frame of the build: folders with provenance, tables with a schema, one line per mistake."""

from __future__ import annotations

import hashlib

import polars as pl
import pytest

from parity.catalogue.build import __main__ as command
from parity.catalogue.build import indicators, sources
from parity.catalogue.build._frame import to_parquet
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import Table, finish
from parity.errors import ParityError

TABLE = Table(
    name="t",
    title="T",
    schema={"iso3": pl.String, "value": pl.Float64},
    fields={"iso3": "Country", "value": "Value"},
    key=("iso3",),
    build=lambda raw, built: pl.DataFrame(),
)


def frame(**columns):
    return pl.DataFrame(columns, schema={"iso3": pl.String, "value": pl.Float64} if not columns else None)


def test_finished_table_is_sorted_and_typed():
    finished = finish(TABLE, frame(value=[1, 2], iso3=["USA", "CHN"]))
    assert finished.rows() == [("CHN", 2.0), ("USA", 1.0)]
    assert dict(finished.schema) == dict(TABLE.schema)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"iso3": ["USA"], "worth": [1.0]}, "columns do not agree"),
        ({"iso3": ["USA", None], "value": [1.0, 2.0]}, "lack a key"),
        ({"iso3": ["USA", "USA"], "value": [1.0, 2.0]}, "share a key"),
        ({"iso3": ["USA"], "value": [float("inf")]}, "not finite"),
        ({"iso3": ["USA"], "value": [float("nan")]}, "not finite"),
    ],
)
def test_unsound_tables_are_refused(columns, words):
    with pytest.raises(ParityError, match=words):
        finish(TABLE, frame(**columns))


def test_parquet_bytes_depend_on_the_content_alone():
    content = frame(iso3=["USA", "CHN"], value=[1.0, None])
    assert to_parquet(content) == to_parquet(content.clone())


def test_altered_raw_file_is_refused(raw_folder):
    folder = raw_folder("s", {"a.csv": "x\n1\n"})
    recorded = hashlib.sha256(b"x\n1\n").hexdigest()
    about = (folder.path / "SOURCE.toml").read_text()
    (folder.path / "SOURCE.toml").write_text(f'{about}[[files]]\nname = "a.csv"\nsha256 = "{recorded}"\n')
    assert folder.csv("a.csv").rows() == [("1",)]
    (folder.path / "a.csv").write_text("x\n2\n")
    with pytest.raises(ParityError, match="differs from SOURCE"):
        folder.csv("a.csv")


def test_absent_files_and_folders_are_told(raw_folder, tmp_path):
    with pytest.raises(ParityError, match="no such raw file"):
        raw_folder("s", {}).csv("a.csv")
    with pytest.raises(ParityError, match="no such folder"):
        Raw(tmp_path).folder("absent")


def test_sources_are_those_whose_files_were_read(raw_folder):
    used = raw_folder("used", {"a.csv": "x\n1\n"})
    raw_folder("unused", {"a.csv": "x\n1\n"})
    raw = Raw(used.path.parent)
    raw.folder("used").csv("a.csv")
    raw.folder("unused")
    assert sources.SOURCES.build(raw, {})["source"].to_list() == ["used"]
    files = sources.FILES.build(raw, {})
    assert files.select("source", "file", "sha256").rows() == [
        ("used", "a.csv", hashlib.sha256(b"x\n1\n").hexdigest())
    ]


@pytest.mark.parametrize(
    ("wording", "licence"),
    [
        ("CC BY 4.0 (Epoch AI data; attribution required)", "CC-BY-4.0"),
        ("CC BY 3.0 IGO", "CC-BY-3.0-IGO"),
        ("PDDL 1.0 (country-codes); MIT repository with classifications", "PDDL-1.0"),
        ("TidyTuesday repository CC0 1.0; facts from imo-official.org", "CC0-1.0"),
        ("No open licence: TOP500 lists are free to use with attribution", "TOP500"),
    ],
)
def test_licence_is_the_first_that_the_record_names(raw_folder, wording, licence):
    folder = raw_folder("s", {})
    text = (folder.path / "SOURCE.toml").read_text().replace("CC BY 4.0", wording)
    (folder.path / "SOURCE.toml").write_text(text)
    assert sources.describe(folder)["licence"] == licence


def test_descriptions_hold_allowed_values():
    entries = indicators.described()
    assert len(entries) >= 50
    assert all(entry["title"] and entry["unit"] for entry in entries.values())


def test_description_without_values_is_refused():
    observed = pl.DataFrame({"indicator": ["gtmi"], "source": ["worldbank-govtech"]})
    with pytest.raises(ParityError, match="described without values"):
        indicators.TABLE.build(Raw(None), {"observations": observed})  # type: ignore[arg-type]


def test_command_says_what_is_wrong(capsys, tmp_path):
    assert command.main([]) == 2
    assert "usage" in capsys.readouterr().err
    assert command.main([str(tmp_path)]) == 2
    assert "no such folder of raw files" in capsys.readouterr().err
