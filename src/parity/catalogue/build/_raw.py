"""Raw files, read with their provenance: every read is checked and noted."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from parity.catalogue.files import decode
from parity.errors import ParityError

# Source -> the folder of its newest edition, read in place of the folder of its own name.
EDITIONS = {"worldbank-wgi": "worldbank-wgi-2025"}
# Single facts that no publisher gives as a file, each with its page, in our own words.
OWN = Path(__file__).with_name("own")


@dataclass(frozen=True)
class Folder:
    """One source: a folder of raw files and the ``SOURCE.toml`` that says where they come from."""

    path: Path  # the folder
    used: dict[str, str] = field(default_factory=dict)  # names of the files read so far, with their SHA-256
    # What was wrong with series that could not be read, where the others are read all the same; ``None``: one
    # that cannot be read stops all.
    lost: list[str] | None = None
    key: str = ""  # key of the source, where it is not the folder's name

    @property
    def source(self) -> str:
        """Key of the source."""
        return self.key or self.path.name

    @cached_property
    def about(self) -> dict[str, Any]:
        """Content of ``SOURCE.toml``."""
        path = self.path / "SOURCE.toml"
        if not path.is_file():
            raise ParityError(f"{path}: no such file; every raw folder says where it comes from")
        about = tomllib.loads(path.read_text(encoding="utf-8"))
        return about if "publisher" in about else _compiled(about, self.source)

    def files(self, pattern: str = "*.csv") -> list[str]:
        """Return the names of the files that match, sorted."""
        return sorted(path.name for path in self.path.glob(pattern))

    def text(self, file: str, encoding: str = "utf-8-sig") -> str:
        """Return a file's text, checked against its recorded checksum."""
        path = self.path / file
        if not path.is_file():
            raise ParityError(f"{path}: no such raw file")
        content = path.read_bytes()
        found = hashlib.sha256(content).hexdigest()
        recorded = {entry["name"]: entry.get("sha256") for entry in self.about.get("files", [])}.get(file)
        if recorded not in (None, found):
            raise ParityError(f"{path}: its checksum differs from SOURCE.toml; fetch the file again")
        self.used[file] = found
        return decode(content, str(path), encoding)

    def csv(
        self, file: str, *required: str, encoding: str = "utf-8-sig", skip_lines: int = 0
    ) -> pl.DataFrame:
        """Return a CSV file with every cell as text: ``NA`` is Namibia until a transform says otherwise."""
        content = self.text(file, encoding).encode()
        try:
            frame = pl.read_csv(content, infer_schema=False, skip_lines=skip_lines)
        except pl.exceptions.PolarsError as problem:
            reason = str(problem).splitlines()[0]
            raise ParityError(f"{self.source}/{file}: is not a table: {reason}") from None
        require_columns(frame, required, f"{self.source}/{file}")
        return frame


@dataclass(frozen=True)
class Raw:
    """The folder of raw folders; ``by_series``: a series that cannot be read does not stop the others."""

    path: Path
    opened: dict[str, Folder] = field(default_factory=dict)
    by_series: bool = False

    def sources(self) -> list[str]:
        """Return the names of the folders there are."""
        return sorted(path.name for path in self.path.iterdir() if path.is_dir())

    def folder(self, source: str) -> Folder:
        """Return one source's folder."""
        if source not in self.opened:
            places = (self.path / EDITIONS.get(source, source), self.path / source, OWN / source)
            path = next((place for place in places if place.is_dir()), None)
            if path is None:
                raise ParityError(f"{self.path / source}: no such folder of raw files")
            self.opened[source] = Folder(
                path, key=source if source in EDITIONS else "", lost=[] if self.by_series else None
            )
        return self.opened[source]


def _compiled(about: dict[str, Any], source: str) -> dict[str, Any]:
    """Return the record of a folder whose own has other keys, in the keys of the others."""
    known = tomllib.loads(Path(__file__).with_name("own_records.toml").read_text(encoding="utf-8"))
    if source not in known:
        raise ParityError(f"{source}/SOURCE.toml: names no publisher; add the folder to own_records.toml")
    plain = {
        "retrieved": about["compiled_on"] if "compiled_on" in about else about["retrieved"],
        "vintage": about["coverage_note"] if "coverage_note" in about else about["scope"]["collected"],
        "note": about.get("wording", ""),
        "files": [],
    }
    return {**about, **known[source], **plain}


def require_columns(frame: pl.DataFrame, required: tuple[str, ...], name: str) -> None:
    """Refuse a table that lacks a column."""
    absent = [column for column in required if column not in frame.columns]
    if absent:
        raise ParityError(
            f"{name}: column {', '.join(map(repr, absent))} is absent: the layout has changed "
            f"(columns found: {', '.join(frame.columns[:12])})"
        )
