"""Are the files that ship with Parity the ones that were written? Looked at whenever one is read.

The data package holds the checksum of every table. What it cannot hold, its own checksum and those of
the tables in ``derived``, stands in ``SHA256SUMS`` beside it. Hashing all of it takes a few
milliseconds, so nothing is remembered from one run to the next that could itself be wrong.

`keep` puts snapshots of other releases beside it, so that their answers can be given again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import zipfile
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from parity.errors import DamageError, ParityError, one_of

if TYPE_CHECKING:
    import polars as pl


# Environment variables: a folder for the user's data; the day of another snapshot than the one that ships.
DATA_VARIABLE, CHOICE = "PARITY_DATA", "PARITY_SNAPSHOT"
SUMS, PACKAGE = "SHA256SUMS", "datapackage.json"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
READ_ONLY = "the snapshot {} is only read; leave out --snapshot to change data"
SHIPPED = Path(__file__).parent / "snapshot"


def user_folder() -> Path:
    """Return the folder of the user's data: ``$PARITY_DATA``, or the platform's own place for them."""
    if given := os.environ.get(DATA_VARIABLE):
        return Path(given).expanduser()
    return _platform_folder()


@cache
def _platform_folder() -> Path:
    import platformdirs

    return platformdirs.user_data_path("parity", appauthor=False)


def kept_folder() -> Path:
    """Return the folder of the snapshots that the user keeps, one folder each, named by its day."""
    return user_folder() / "snapshots"


def kept() -> list[str]:
    """Return the days of the snapshots that the user keeps."""
    return sorted(path.parent.name for path in kept_folder().glob(f"*/{PACKAGE}") if path.parent.is_dir())


def chosen() -> str | None:
    """Return the day of the snapshot that was asked for; ``None``: the one that ships, with its updates."""
    return os.environ.get(CHOICE) or None


def version_of(folder: Path) -> str:
    """Return the day of the snapshot in a folder."""
    return str(json.loads((folder / PACKAGE).read_bytes())["version"])


def _folder() -> Path:
    day = chosen()
    if day is None or day == version_of(SHIPPED):
        return SHIPPED
    return kept_folder() / (day if DAY.fullmatch(day) else "none")


SNAPSHOT = _folder()


def sealed(name: str, checksum: str | None = None) -> bytes:
    """Return the content of a file of the snapshot after comparing its checksum.

    ``checksum``: SHA-256 that it must have, in hexadecimal; that of ``SHA256SUMS`` by default.
    """
    try:
        content = (SNAPSHOT / name).read_bytes()
    except OSError as problem:
        if not SNAPSHOT.is_dir():
            there = one_of(sorted({*kept(), version_of(SHIPPED)}))
            raise ParityError(
                f"there is no snapshot '{chosen()}' here; there are {there}. Keep one of another release "
                "with 'parity data keep FILE'"
            ) from None
        raise DamageError(f"snapshot: {name} cannot be read ({problem.strerror}); {_MEND}") from None
    if hashlib.sha256(content).hexdigest() != (_listed().get(name) if checksum is None else checksum):
        raise DamageError(
            f"snapshot: {name} is not the file that ships with Parity (its checksum differs); {_MEND}"
        )
    return content


_MEND = "install Parity again, and see 'parity data verify'"


def _listed() -> dict[str, str]:
    try:
        lines = (SNAPSHOT / SUMS).read_bytes().decode("ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        raise DamageError(f"snapshot: {SUMS} cannot be read; {_MEND}") from None
    return {name: checksum for checksum, _, name in (line.partition("  ") for line in lines)}


def write_derived(name: str, frame: pl.DataFrame) -> None:
    """Write a table that measures make from the snapshot and that ships with it.

    ``name``: file name without its ending.
    """
    from parity.catalogue.files import write_table

    target = SNAPSHOT / "derived" / f"{name}.parquet"
    target.parent.mkdir(exist_ok=True)
    write_table(target, frame)
    seal()


def seal(folder: Path = SNAPSHOT) -> None:
    """Write ``SHA256SUMS``: for whoever has made the snapshot or a derived table anew."""
    from parity.catalogue.files import write_text

    paths = [folder / "datapackage.json", *sorted((folder / "derived").glob("*.parquet"))]
    lines = (
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in paths
        if path.is_file()
    )
    write_text(folder / SUMS, "".join(lines))


# Where a release's own file (a wheel is a ZIP archive) holds the snapshot.
INSIDE = "parity/catalogue/snapshot"
MOST_BYTES = 100 << 20


def keep(place: Path | None = None) -> str:
    """Keep a snapshot beside the one that ships, after comparing its files with their checksums.

    Parameters
    ----------
    place
        Folder of a snapshot, or the file of a release of Parity (``.whl`` or ``.zip``); by default the
        snapshot that ships.

    Returns
    -------
    str
        Its day.

    Raises
    ------
    ParityError
        If there is no snapshot, or it is not what was written.
    """
    source = SHIPPED if place is None else place
    target = kept_folder()
    try:
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".keep-", dir=target) as scratch:
            folder = Path(scratch) / "snapshot"
            if source.is_dir():
                _copy(source, folder)
            else:
                _unpack(source, folder)
            day = _checked(folder, source)
            shutil.rmtree(target / day, ignore_errors=True)
            folder.rename(target / day)
    except OSError as problem:
        raise ParityError(f"{problem.filename or source}: {problem.strerror or problem}") from None
    return day


def _copy(source: Path, folder: Path) -> None:
    """Copy the files of a snapshot, and no others that may lie beside them."""
    (folder / "derived").mkdir(parents=True)
    for pattern in (PACKAGE, SUMS, "*.parquet", "derived/*.parquet"):
        for path in source.glob(pattern):
            shutil.copyfile(path, folder / path.relative_to(source))


def _unpack(archive: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as packed:
            found = [one for one in packed.infolist() if f"{INSIDE}/" in one.filename and not one.is_dir()]
            if sum(one.file_size for one in found) > MOST_BYTES:
                raise ParityError(f"{archive}: its snapshot is larger than {MOST_BYTES >> 20} MB")
            for one in found:
                name = PurePosixPath(one.filename.partition(f"{INSIDE}/")[2])
                if ".." not in name.parts:
                    path = folder / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(packed.read(one))
    except zipfile.BadZipFile:
        raise ParityError(
            f"{archive}: is neither the folder of a snapshot nor a release of Parity (.whl, .zip)"
        ) from None


def _checked(folder: Path, source: Path) -> str:
    """Return the day of a snapshot whose tables are those of its data package."""
    try:
        package = json.loads((folder / PACKAGE).read_bytes())
        day, tables = str(package["version"]), {one["path"]: one["hash"] for one in package["resources"]}
    except (OSError, ValueError, KeyError, TypeError):
        raise ParityError(f"{source}: holds no snapshot of Parity's data") from None
    lacking = sorted(_columns(json.loads((SHIPPED / PACKAGE).read_bytes())) - _columns(package))
    if lacking:
        raise ParityError(
            f"{source}: the snapshot {day} was written for another version of Parity (it lacks "
            f"{lacking[0]} and {len(lacking) - 1} more); its answers are given by the release that carried it"
        )
    if not DAY.fullmatch(day):
        raise ParityError(f"{source}: its snapshot has no day ('{day}')")
    for name, checksum in tables.items():
        content = (folder / name).read_bytes() if (folder / name).is_file() else b""
        if f"sha256:{hashlib.sha256(content).hexdigest()}" != checksum:
            raise ParityError(f"{source}: {name} is not the file of that snapshot (its checksum differs)")
    if not (folder / SUMS).is_file():  # releases before the seal
        seal(folder)
    return day


def _columns(package: dict[str, Any]) -> set[str]:
    """Return the columns of all tables, as ``table.column``: what the program may ask of a snapshot."""
    return {
        f"{one['name']}.{each['name']}" for one in package["resources"] for each in one["schema"]["fields"]
    }
