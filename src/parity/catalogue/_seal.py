"""Are the files that ship with Parity the ones that were written? Looked at whenever one is read.

The data package holds the checksum of every table. What it cannot hold, its own checksum and those of
the tables in ``derived``, stands in ``SHA256SUMS`` beside it. Hashing all of it takes a few
milliseconds, so nothing is remembered from one run to the next that could itself be wrong.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

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
