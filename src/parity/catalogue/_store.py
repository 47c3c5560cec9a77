"""The user's newer data: one record per source, each pointing to an edition whose checksums it holds.

Writers take one lock, of all threads and processes. Readers take none: a record is replaced in one
step, and an edition goes only once no record points to it. A record or an edition that is not what was
written is never used: the snapshot's rows stand in, and every answer's vintage says so.
"""

from __future__ import annotations

import hashlib
import io
import re
import shutil
from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Annotated, NamedTuple

import polars as pl
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from parity.catalogue import files
from parity.catalogue._seal import DATA_VARIABLE, READ_ONLY, SNAPSHOT, chosen, user_folder
from parity.errors import ParityError

# Seconds to wait for another process that updates; each holds the lock for about a second.
PATIENCE = 120.0
# Editions that were found damaged, kept for whoever wants to look at them.
DAMAGED = "damaged"

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]+$")]


class Record(BaseModel):
    """What was fetched of one source."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    retrieved: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]  # Day, ISO 8601
    folder: Name  # Edition: a folder's name
    tables: dict[Name, str]  # table -> SHA-256 of its Parquet file


class Store(NamedTuple):
    """What the folder of updated data holds."""

    records: Mapping[str, Record]  # source -> its record, where record and edition are as they were written
    # Source -> what is wrong with its update, in one sentence that ends with what to do.
    faults: Mapping[str, str]


def data_folder() -> Path:
    """Return the folder of updated tables."""
    return user_folder() / "updates"


def stored() -> Store:
    """Return what the user has updated, and which updates cannot be used: none of a snapshot asked for."""
    records: dict[str, Record] = {}
    faults: dict[str, str] = {}
    if chosen():
        return Store(records, faults)
    for path in sorted(data_folder().glob("*.json")):
        try:
            records[path.stem] = _sound(path)
        except (OSError, ValueError) as problem:
            faults[path.stem] = (
                f"the update of {path.stem} is damaged ({_what(problem)}) and not used; mend it with "
                f"'parity data update {path.stem}', or drop it with 'parity data reset {path.stem}'"
            )
    return Store(records, faults)


def in_use() -> Hashable:
    """Return what changes as soon as any process updates or resets data: part of the key of kept results."""
    found = []
    for path in (*data_folder().glob("*.json"), *_derived_folder().glob("*.parquet")):
        with suppress(OSError):
            status = path.stat()
            found.append((path, status.st_mtime_ns, status.st_size))
    return frozenset(found)


def edition_table(source: str, record: Record, name: str) -> pl.DataFrame:
    """Return the rows of a table that an edition holds."""
    content = _content(_path(source, record, name), record.tables[name])
    return pl.read_parquet(io.BytesIO(content))


def put(source: str, edition: str, made: Mapping[str, pl.DataFrame], day: str) -> None:
    """Write an edition and let the record of its source point to it; call it with the lock held.

    ``day``: when it was fetched, ISO 8601.
    """
    target = data_folder() / source / edition
    if target.exists():  # of a run that was cut short, or damaged since
        set_aside(source, edition)
    target.mkdir(parents=True)
    sums = {}
    for name, frame in made.items():
        path = target / f"{name}.parquet"
        files.write_table(path, frame)
        sums[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    record = Record(retrieved=day, folder=edition, tables=sums)
    files.write_text(data_folder() / f"{source}.json", record.model_dump_json(indent=1) + "\n")
    for stale in target.parent.iterdir():
        if stale != target:
            shutil.rmtree(stale, ignore_errors=True)


def put_derived(name: str, frame: pl.DataFrame) -> None:
    """Keep results that were made for the user's updates, in place of the last ones of that name.

    Parameters
    ----------
    name
        As of a table in the snapshot's folder ``derived``.
    frame
        Its rows.
    """
    with locked():
        folder = _derived_folder()
        folder.mkdir(parents=True, exist_ok=True)
        content = io.BytesIO()
        frame.write_parquet(content)
        path = folder / f"{name}-{hashlib.sha256(content.getvalue()).hexdigest()}.parquet"
        files.write_bytes(path, content.getvalue())
        for stale in folder.glob(f"{name}-*.parquet"):
            if stale != path:
                stale.unlink(missing_ok=True)


def own_derived(name: str) -> pl.DataFrame | None:
    """Return results that were made for the user's updates; ``None`` where none are whole.

    What is damaged is no more than absent: the results are made anew, on the spot, by whoever needs them.
    """
    for path in () if chosen() else _derived_folder().glob(f"{name}-*.parquet"):
        with suppress(OSError):
            content = path.read_bytes()
            if path.stem.removeprefix(f"{name}-") == hashlib.sha256(content).hexdigest():
                return pl.read_parquet(io.BytesIO(content))
    return None


def _derived_folder() -> Path:
    return data_folder().with_name("derived")


def set_aside(source: str, edition: str) -> None:
    """Move an edition out of the way, where the next damaged one of its source takes its place."""
    place = data_folder() / DAMAGED / source
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(data_folder() / source / edition, place)


def reset(names: Iterable[str] = ()) -> list[str]:
    """Forget updates, so that the snapshot's own rows are used again.

    Parameters
    ----------
    names
        Keys of sources; everything that was ever updated by default.

    Returns
    -------
    list of str
        Sources of which something was removed.

    Raises
    ------
    ParityError
        If the folder cannot be written, or a name could not be a source's.
    """
    folder = data_folder()
    if not folder.is_dir():
        return []
    wanted = set(names)
    if odd := sorted(name for name in wanted if not re.fullmatch(r"[a-z0-9_-]+", name)):
        raise ParityError(f"'{odd[0]}' is no source; 'parity data list sources' names them")
    with locked():
        known = {path.stem for path in folder.glob("*.json")}
        known |= {
            path.name
            for place in (folder, folder / DAMAGED)
            if place.is_dir()
            for path in place.iterdir()
            if path.is_dir()
        }
        found = sorted((known - {DAMAGED}) & (wanted or known))
        for source in found:
            # The record goes first: nobody is sent to an edition that is being removed.
            (folder / f"{source}.json").unlink(missing_ok=True)
            shutil.rmtree(folder / source, ignore_errors=True)
            shutil.rmtree(folder / DAMAGED / source, ignore_errors=True)
        if not wanted:
            shutil.rmtree(_derived_folder(), ignore_errors=True)
    return found


@contextmanager
def locked() -> Iterator[None]:
    """Hold the store for this thread alone, among all threads and processes."""
    import filelock

    if chosen():
        raise ParityError(READ_ONLY.format(chosen()))
    folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(folder / ".lock", timeout=PATIENCE)
        lock.acquire()
    except filelock.Timeout:
        raise ParityError(
            f"{folder}: another update holds it since {PATIENCE:g} seconds; try again"
        ) from None
    except OSError as problem:
        raise ParityError(f"{folder}: cannot be written ({problem.strerror}); set {DATA_VARIABLE}") from None
    try:
        yield
    finally:
        lock.release()


def _sound(path: Path) -> Record:
    """Return a record after comparing every table of its edition with what was written."""
    record = Record.model_validate_json(path.read_bytes())
    for name, checksum in record.tables.items():
        table = _path(path.stem, record, name)
        about = table.stat()
        _compared(table, checksum, about.st_size, about.st_mtime_ns)
    return record


@lru_cache(maxsize=1024)
def _compared(path: Path, checksum: str, size: int, mtime: int) -> None:
    """Compare a file with its checksum and with the snapshot's columns, once per version of the file."""
    content = _content(path, checksum)
    ours = SNAPSHOT / path.name
    if not ours.is_file() or pl.read_parquet_schema(io.BytesIO(content)) != pl.read_parquet_schema(ours):
        raise ValueError(f"{path.name} was made by another version of Parity")


def _content(path: Path, checksum: str) -> bytes:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != checksum:
        raise ValueError(f"the checksum of {path.name} differs")
    return content


def _path(source: str, record: Record, name: str) -> Path:
    return data_folder() / source / record.folder / f"{name}.parquet"


def _what(problem: OSError | ValueError) -> str:
    if isinstance(problem, ValidationError):
        return "its record is not one of this version of Parity"
    if isinstance(problem, OSError):
        return f"{Path(problem.filename or '').name}: {problem.strerror}"
    return str(problem)
