"""Where the figures come from: publisher, licence, citation, files with checksums."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from parity.catalogue.build._raw import Folder, Raw
from parity.catalogue.build._table import table

# What SOURCE.toml's wording starts with or contains -> identifier, page of the licence.
LICENCES = {
    "Apache-2.0": ("Apache-2.0", "https://www.apache.org/licenses/LICENSE-2.0"),
    "CC0": ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "CC BY 3.0 IGO": ("CC-BY-3.0-IGO", "https://creativecommons.org/licenses/by/3.0/igo/"),
    "CC BY 4.0": ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "ODbL": ("ODbL-1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
    "PDDL": ("PDDL-1.0", "https://opendatacommons.org/licenses/pddl/1-0/"),
    "MIT": ("MIT", "https://opensource.org/license/mit"),
    "Taiwan Open Government Data": ("OGDL-Taiwan-1.0", "https://data.gov.tw/license"),
    "public domain": ("public-domain", "https://www.usa.gov/government-works"),
    "TOP500": ("TOP500", "https://www.top500.org/about/"),
}
# Numbers, places and dates, each with attribution: no licence is needed, and none is given.
FACTS = ("facts", "https://www.wto.org/english/docs_e/legal_e/27-trips_04_e.htm")


def describe(folder: Folder) -> dict[str, Any]:
    """Return one row of the table ``sources`` from a folder's ``SOURCE.toml``."""
    about = folder.about
    licence, page = _licence(about["licence"], is_open=about.get("openly_licensed", True))
    return {
        "source": folder.source,
        "title": about["title"],
        "publisher": about["publisher"],
        "licence": licence,
        "licence_url": page,
        "licence_note": about["licence"],
        "vintage": _vintage(about),
        "retrieved": str(about["retrieved"]),
        "url": _url(about),
        "citation": _citation(about),
        "note": about.get("note", ""),
    }


def _licence(wording: str, *, is_open: bool) -> tuple[str, str]:
    # The first licence that the wording names is the one that covers the data, unless parts have none.
    if re.match(r"facts (\(|compiled)", wording, re.I) or (not is_open and "facts" in wording):
        return FACTS
    named = {mark: wording.find(mark) for mark in LICENCES if mark in wording}
    return LICENCES[min(named, key=named.__getitem__)] if named else ("other", "")


def _citation(about: Mapping[str, Any]) -> str:
    year = str(about["retrieved"])[:4]
    return (
        f"{about['publisher']} ({year}). {about['title']}. Data: {_vintage(about)}. "
        f"{_url(about)} (retrieved {about['retrieved']})."
    )


def _vintage(about: Mapping[str, Any]) -> str:
    return str(about.get("vintage", f"as retrieved on {about['retrieved']}"))


def _url(about: Mapping[str, Any]) -> str:
    """Return the publisher's page; for a compilation of many, the first repository it drew on."""
    pages = about["original_url"] if "original_url" in about else about["source"][0]["repo"]
    first = str(pages).split(" ; ")[0]
    return first if first.startswith("http") else str(about["repository"]).split(", ")[0]


def files_of(folder: Folder) -> Iterator[dict[str, str]]:
    """Yield one row of the table ``source_files`` per file that a transform read."""
    about = folder.about
    recorded = {entry["name"]: entry for entry in about.get("files", [])}
    for file, checksum in sorted(folder.used.items()):
        entry = recorded.get(file, {})
        yield {
            "source": folder.source,
            "file": file,
            "sha256": checksum,
            "repository": entry.get("repository", about.get("repository", "")),
            "commit": entry.get("commit", about.get("commit", "")),
            "path": entry.get("path_in_repository", ""),
            "change": entry.get("transform", ""),
        }


def _used(raw: Raw) -> list[Folder]:
    return [folder for _, folder in sorted(raw.opened.items()) if folder.used]


def _sources(raw: Raw, _: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return pl.DataFrame([describe(folder) for folder in _used(raw)])


def _files(raw: Raw, _: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return pl.DataFrame([row for folder in _used(raw) for row in files_of(folder)])


SOURCES = table("sources", _sources)
FILES = table("source_files", _files)
