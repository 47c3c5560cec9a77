"""From downloaded files to tables in use: read, check, compare, put in place."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import tomli_w

from parity.catalogue import _store
from parity.catalogue._snapshot import load_table, snapshot_table, tables
from parity.catalogue.build import sources
from parity.catalogue.build._raw import Folder, Raw
from parity.catalogue.build._registry import TABLES
from parity.catalogue.build._table import finish
from parity.catalogue.refresh._fetch import Client
from parity.catalogue.refresh._recipes import RECIPES
from parity.errors import NoAnswerError, ParityError, did_you_mean, one_of

# A new edition with fewer rows than this share of the earlier one is taken for a cut-off file.
LEAST_SHARE_OF_ROWS = 0.9
# Tables that describe the sources themselves: renewed with every source.
ABOUT_SOURCES = (sources.SOURCES.name, sources.FILES.name)


@dataclass(frozen=True, slots=True)
class Updated:
    """What became of one source.

    Attributes
    ----------
    source
        Key of the source.
    status
        ``updated``, ``unchanged`` or ``failed``.
    message
        In one line: what is new, or what went wrong and that the earlier data stay in use.
    """

    source: str
    status: str
    message: str


def update(
    names: Iterable[str] = (),
    client: Client | None = None,
    *,
    today: date | None = None,
    accept_fewer: bool = False,
) -> list[Updated]:
    """Fetch the current files of sources and use them from now on.

    Parameters
    ----------
    names
        Keys of the sources; all that can be updated by default.
    client
        How to fetch.
    today
        Date to record.
    accept_fewer
        Use a new edition although it has far fewer rows than the earlier one.

    Returns
    -------
    list of Updated
        One entry per source; a failure of one does not keep the others from being updated.

    Raises
    ------
    ParityError
        If a name is not a source that can be updated.
    """
    wanted = tuple(names) or tuple(RECIPES)
    for name in wanted:
        if name not in RECIPES:
            raise ParityError(
                f"'{name}' cannot be updated.{did_you_mean(name, RECIPES)} Allowed are {one_of(RECIPES)}"
            )
    return [_one(name, client or Client(), today or date.today(), accept_fewer) for name in wanted]


def _one(source: str, client: Client, today: date, accept_fewer: bool) -> Updated:
    try:
        with tempfile.TemporaryDirectory(prefix="parity-") as scratch:
            folder = Path(scratch) / source
            folder.mkdir()
            for download in RECIPES[source]:
                client.fetch(download, folder)
            _describe(folder, client, today)
            with _store.locked():
                return _install(Raw(Path(scratch)), source, today, accept_fewer)
    except ParityError as problem:
        return Updated(source, "failed", f"{problem}; the earlier data stay in use")


def _describe(folder: Path, client: Client, today: date) -> None:
    """Write the ``SOURCE.toml`` of freshly downloaded files: the snapshot's words, today's date."""
    known = snapshot_table("sources").row(by_predicate=pl.col("source") == folder.name, named=True)
    archives = (client.fetched[path.name] for path in folder.glob("*.zip"))
    archive = next(archives, "")
    about = {
        "title": known["title"],
        "publisher": known["publisher"],
        "licence": known["licence_note"],
        "original_url": known["url"],
        "retrieved": today.isoformat(),
        "vintage": f"as published on {today.isoformat()}",
        "note": known["note"],
        "files": [
            {
                "name": name,
                "path_in_repository": client.fetched.get(name, archive),
                "transform": "as published",
            }
            for name in sorted(path.name for path in folder.iterdir())
        ],
    }
    (folder / "SOURCE.toml").write_text(tomli_w.dumps(about), encoding="utf-8")


def _install(raw: Raw, source: str, today: date, accept_fewer: bool) -> Updated:
    made = _renewed(raw, source)
    edition = _edition(raw.folder(source))
    current = _store.stored().records.get(source)
    if current is not None and current.folder == edition:
        return Updated(source, "unchanged", "the publisher's files are those of the last update")
    earlier = {name: load_table(name).filter(pl.col("source") == source) for name in made}
    if not accept_fewer:
        _compare(made, earlier)
    _store.put(source, edition, made, today.isoformat())
    counts = (
        f"{name} {frame.height:,} rows (before: {earlier[name].height:,})"
        for name, frame in made.items()
        if name not in ABOUT_SOURCES
    )
    return Updated(source, "updated", ", ".join(counts))


def _renewed(raw: Raw, source: str) -> dict[str, pl.DataFrame]:
    """Return one source's rows of every table that it feeds, made from its fresh files."""
    known = {name: snapshot_table(name) for name in tables()}
    made: dict[str, pl.DataFrame] = {}
    for table in TABLES:
        build = table.build if table.name in ABOUT_SOURCES else table.renew.get(source)
        if build is not None:
            frame = finish(table, build(raw, known | made))
            made[table.name] = frame.filter(pl.col("source") == source)
    return made


def _edition(folder: Folder) -> str:
    """Name an edition by what it holds: the same files give the same name."""
    text = json.dumps(folder.used, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _compare(made: Mapping[str, pl.DataFrame], earlier: Mapping[str, pl.DataFrame]) -> None:
    """Refuse an edition that has lost an indicator, or a good part of the rows of anything."""
    for name, before in earlier.items():
        if name in ABOUT_SOURCES:
            continue
        parts = (
            before.partition_by("indicator", as_dict=True) if name == "observations" else {(name,): before}
        )
        for (part,), rows in parts.items():
            now = made[name]
            if name == "observations":
                now = now.filter(pl.col("indicator") == part)
            if now.height < LEAST_SHARE_OF_ROWS * rows.height:
                raise NoAnswerError(
                    f"the new files hold {now.height:,} rows of {part} where there were {rows.height:,}: "
                    "they may be cut off (if the publisher has dropped them, use --accept-fewer)"
                )
