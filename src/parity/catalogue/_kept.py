"""Snapshots of other releases, kept so that their answers can be given again."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

from parity.catalogue._seal import DAY, PACKAGE, SHIPPED, SUMS, kept_folder, seal
from parity.errors import ParityError

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
