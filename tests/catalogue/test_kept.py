"""Snapshots of other releases: kept, asked, and never mixed with the user's updates."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import polars as pl
import pytest

from parity import catalogue
from parity.catalogue import _seal
from parity.errors import ParityError

DAY = "2026-06-01"


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """Another snapshot: of an earlier day, with another population of France."""
    folder = tmp_path / "older"
    shutil.copytree(_seal.SHIPPED, folder)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    package["version"] = DAY
    path = folder / "countries.parquet"
    france = pl.when(pl.col("iso3") == "FRA").then(pl.lit(1_000.0)).otherwise("population")
    pl.read_parquet(path).with_columns(france.cast(pl.Float64).alias("population")).write_parquet(path)
    for one in package["resources"]:
        content = (folder / one["path"]).read_bytes()
        one["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    _seal.seal(folder)
    return folder


def said(*words: str, **environment: str) -> tuple[int, str]:
    command = [sys.executable, "-c", "from parity.cli.main import main; main()", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | environment)
    return done.returncode, done.stdout + done.stderr


def test_an_older_answer_is_given_again(older, tmp_path):
    wheel = tmp_path / "parity.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        for path in older.rglob("*"):
            packed.write(path, Path("parity/catalogue/snapshot") / path.relative_to(older))
    assert catalogue.keep(wheel) == DAY
    assert catalogue.kept() == [DAY]
    query = "select population from countries where iso3 = 'FRA'"
    status, text = said("--snapshot", DAY, "data", "sql", query, "--json")
    assert (status, json.loads(text)["rows"][0]["population"]) == (0, 1_000)
    assert json.loads(text)["data"] == f"snapshot {DAY}"
    status, text = said("data", "update", "epoch", PARITY_SNAPSHOT=DAY)
    assert (status, "is only read" in text) == (2, True)
    status, text = said("--snapshot", "2020-01-01", "rank")
    assert (status, f"there are '{DAY}', " in text) == (2, True)


def test_what_is_no_snapshot_is_refused(older, tmp_path):
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(ParityError, match="neither the folder of a snapshot nor a release"):
        catalogue.keep(tmp_path / "a.txt")
    with pytest.raises(ParityError, match="holds no snapshot"):
        catalogue.keep(tmp_path)
    (older / "countries.parquet").write_bytes(b"")
    with pytest.raises(ParityError, match=r"countries.parquet is not the file of that snapshot"):
        catalogue.keep(older)
    package = json.loads((older / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [one for one in package["resources"] if one["name"] != "known_to"]
    (older / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    with pytest.raises(ParityError, match="written for another version of Parity"):
        catalogue.keep(older)
    assert catalogue.kept() == []
