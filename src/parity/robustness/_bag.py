"""A bag of independent chunks of work, done by threads, processes or a Dask cluster.

Which worker does which chunk never shows in the result: a chunk depends on its number
alone, and the results are handed back with that number.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal, Protocol
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from parity.errors import ParityError, missing_extra

if TYPE_CHECKING:
    from parity.catalogue.journal import Journal

Tables = dict[str, NDArray[Any]]
Progress = Callable[[int, int], None]
Backend = Literal["threads", "processes"]

_CONNECT_SECONDS = 10
_ATTEMPTS = 3


class Task(Protocol):
    """Work that can be cut into chunks."""

    def chunk(self, number: int) -> Tables:
        """Return the result of one chunk as named arrays."""
        ...


@dataclass(frozen=True, slots=True)
class Workers:
    """Who does the work.

    Attributes
    ----------
    count
        Workers on this machine; by default one for each processor that may be used.
    backend
        ``threads`` share the arrays; ``processes`` copy them.
    cluster
        Address of a Dask scheduler, for example ``tls://10.0.0.1:8786``; replaces the two above. Whoever
        can reach a scheduler without TLS can run code on it and on us.
    insecure
        Use a scheduler without TLS that is not on this machine.

    Raises
    ------
    ParityError
        If there are no workers, or the scheduler has no TLS and nobody has said that this is meant.
    """

    count: int | None = None
    backend: Backend = "threads"
    cluster: str | None = None
    insecure: bool = False

    def __post_init__(self) -> None:
        if self.count is not None and self.count < 1:
            raise ParityError(f"workers must be 1 or more, not {self.count}")
        if self.cluster and not (
            self.insecure or self.cluster.startswith("tls://") or _on_loopback(self.cluster)
        ):
            raise ParityError(
                f"the scheduler at {self.cluster} has no TLS: whoever reaches it can run code there and "
                "here. Give a tls:// address, or say --insecure-cluster on a network that you trust"
            )

    @property
    def jobs(self) -> int:
        """Number of local workers."""
        if self.count is not None:
            return self.count
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_chunks(
    task: Task,
    numbers: Iterable[int],
    workers: Workers,
    journal: Journal | None = None,
    offset: int = 0,
) -> Iterator[tuple[int, Tables]]:
    """Yield the number and the result of every chunk, in no particular order.

    ``journal``: where finished chunks are kept; those that it holds are not done again. ``offset``: added
    to a chunk's number in the journal, which several tasks may share.
    """
    left = dict.fromkeys(numbers)
    if journal is not None:
        for key, payload in journal.records():
            if key - offset in left:
                del left[key - offset]
                yield key - offset, _unpack(payload)
    for number, tables in _compute(task, left, workers):
        if journal is not None:
            journal.append(offset + number, _pack(tables))
        left.pop(number, None)
        yield number, tables


def _on_loopback(address: str) -> bool:
    host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    return host == "localhost" or host == "::1" or host.startswith("127.") or address.startswith("inproc://")


def _compute(task: Task, left: dict[int, None], workers: Workers) -> Iterator[tuple[int, Tables]]:
    """Do what is left; the caller takes finished chunks out of ``left``."""
    if not left:
        return
    if workers.cluster is not None:
        yield from _on_cluster(task, left, workers.cluster)
    elif workers.jobs == 1 or len(left) == 1:
        for number in list(left):
            yield number, task.chunk(number)
    else:
        from joblib import Parallel, delayed

        backend = "threading" if workers.backend == "threads" else "loky"
        parallel = Parallel(n_jobs=workers.jobs, backend=backend, return_as="generator_unordered")
        yield from parallel(delayed(_numbered)(task, number) for number in list(left))


def _numbered(task: Task, number: int) -> tuple[int, Tables]:
    return number, task.chunk(number)


def _on_cluster(task: Task, left: dict[int, None], address: str) -> Iterator[tuple[int, Tables]]:
    """Do the chunks on a Dask cluster; start again with what is left if its memory was lost.

    A worker that dies costs the chunks that it was doing: the scheduler gives them to others.
    If every worker that held the task's arrays dies, they are sent again.
    """
    from joblib import Parallel, delayed, parallel_config

    with _client(address) as client:
        from distributed import CancelledError
        from distributed.scheduler import KilledWorker

        for attempt in range(_ATTEMPTS):
            try:
                with parallel_config(backend="dask", client=client, scatter=[task]):
                    parallel = Parallel(return_as="generator_unordered", batch_size=1)
                    yield from parallel(delayed(_numbered)(task, number) for number in list(left))
                break
            except (CancelledError, KilledWorker, TimeoutError) as problem:
                if attempt == _ATTEMPTS - 1:
                    raise ParityError(
                        f"the cluster at {address} lost its workers {_ATTEMPTS} times; see their logs, then "
                        "repeat the command with its --journal"
                    ) from problem


@contextmanager
def _client(address: str) -> Iterator[Any]:
    try:
        import distributed
    except ModuleNotFoundError:
        raise missing_extra("a cluster", "cluster") from None
    try:
        connect: Any = distributed.Client
        client = connect(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as problem:
        raise ParityError(
            f"no Dask scheduler answers at '{address}' ({problem}); start one with `dask scheduler` and "
            "workers with `dask worker ADDRESS`"
        ) from problem
    try:
        yield client
    finally:
        client.close()


def _pack(tables: Tables) -> bytes:
    buffer = BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **tables)
    return buffer.getvalue()


def _unpack(payload: bytes) -> Tables:
    with np.load(BytesIO(payload), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}
