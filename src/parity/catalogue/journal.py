"""An append-only journal of finished pieces of work, from which a stopped run goes on.

A record is written and flushed to disk whole before the next begins. After a crash in
the middle of a record its checksum fails; it is cut off, and the piece is done again.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from parity.errors import ParityError

_MAGIC = b"parity journal 1\n"
_DIGEST = 16
_HEAD = struct.Struct(f"<QQ{_DIGEST}s")


def _digest(key: int, payload: bytes) -> bytes:
    return hashlib.blake2b(payload, digest_size=_DIGEST, salt=struct.pack("<Q", key)).digest()


class Journal:
    """A journal file, open for this process alone; use it in a ``with`` statement.

    Parameters
    ----------
    path
        File; made if absent, continued if it belongs to the same run.
    run
        Fingerprint of the run: everything that its results depend on.

    Raises
    ------
    ParityError
        If the file is not a journal, belongs to another run, is open in another process,
        or cannot be opened.
    """

    def __init__(self, path: str | os.PathLike[str], run: bytes) -> None:
        self.path = Path(path)
        self._run = run
        try:
            self._file: BinaryIO = open(self.path, "a+b")  # noqa: SIM115 closed in __exit__
        except OSError as problem:
            raise ParityError(f"{self.path}: cannot be opened: {problem.strerror}") from problem
        try:
            self._lock()
            self._found = self._begin()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def records(self) -> Iterator[tuple[int, bytes]]:
        """Yield key and payload of the records that were there when the journal was opened."""
        for key, start, length in self._found:
            self._file.seek(start)
            yield key, self._file.read(length)

    def append(self, key: int, payload: bytes) -> None:
        """Write one record, and return when it is on disk."""
        self._file.seek(0, os.SEEK_END)
        self._file.write(_HEAD.pack(key, len(payload), _digest(key, payload)) + payload)
        self._file.flush()
        os.fsync(self._file.fileno())

    def _lock(self) -> None:
        try:
            import fcntl
        except ModuleNotFoundError:  # where the system has no such locks, two runs must not share a file
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ParityError(
                f"{self.path}: another run is writing this journal; wait for it or name another file"
            ) from None

    def _begin(self) -> list[tuple[int, int, int]]:
        """Read an existing journal up to the last whole record, or start a new one."""
        self._file.seek(0)
        magic = self._file.read(len(_MAGIC))
        if magic != _MAGIC and not _MAGIC.startswith(magic):
            raise ParityError(f"{self.path}: is not a journal of Parity; name another file")
        header = self._record() if magic == _MAGIC else None
        if header is None:
            self._file.truncate(0)
            self._file.write(_MAGIC)
            self.append(0, self._run)
            return []
        _, start, length = header
        self._file.seek(start)
        if self._file.read(length) != self._run:
            raise ParityError(
                f"{self.path}: belongs to a run with another spec, data, seed or number of draws; name "
                "another file, or repeat the command that it was begun with"
            )
        return self._whole_records()

    def _whole_records(self) -> list[tuple[int, int, int]]:
        found = []
        end = self._file.tell()
        while (record := self._record()) is not None:
            found.append(record)
            end = self._file.tell()
        self._file.truncate(end)
        return found

    def _record(self) -> tuple[int, int, int] | None:
        """Return key, position and length of the next record; ``None`` where it is not whole."""
        head = self._file.read(_HEAD.size)
        if len(head) < _HEAD.size:
            return None
        key, length, digest = _HEAD.unpack(head)
        start = self._file.tell()
        if length > os.fstat(self._file.fileno()).st_size - start:
            return None
        payload = self._file.read(length)
        return (key, start, length) if _digest(key, payload) == digest else None
