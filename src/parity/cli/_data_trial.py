"""What an update would change: tried in a folder of its own, ranks and lags before and after."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from parity.catalogue import DATA_VARIABLE, data_folder, refresh, stored
from parity.errors import NoAnswerError, ParityError

# Countries whose lag behind the United States is compared.
LAGGING = ("CHN", "FRA", "KOR", "RUS")
OF_LAGS = ("models", "model_scores", "benchmarks", "notable_models")
SECONDS = 300
_PROGRAM = "import sys; from parity.cli.main import main; main(sys.argv[1:])"


def tried(
    names: Iterable[str], client: refresh.Client, *, accept_fewer: bool, accept_jumps: bool
) -> tuple[list[refresh.Updated], list[str]]:
    """Update into a copy of the user's data and compare.

    Parameters
    ----------
    names
        Sources; all that can be updated by default.
    client
        How to fetch.
    accept_fewer, accept_jumps
        See `parity.catalogue.refresh.update`.

    Returns
    -------
    list of Updated
        What became of each source.
    list of str
        Ranks and lags that would change, such as ``Rank of China: 8 -> 5``.
    """
    with tempfile.TemporaryDirectory(prefix="parity-trial-") as scratch, _data_in(Path(scratch)):
        done = refresh.update(names, client, accept_fewer=accept_fewer, accept_jumps=accept_jumps)
        fresh = [one.source for one in done if one.status == "updated"]
        touched = {table for source in fresh for table in stored().records[source].tables}
        after = dict(_asked(touched))
    before = dict(_asked(touched))
    return done, [
        f"{what} {before.get(what, 'none')} -> {now}"
        for what, now in after.items()
        if before.get(what) != now
    ]


@contextmanager
def _data_in(scratch: Path) -> Iterator[None]:
    """Let updates go to a copy of the user's folder for the time of the block."""
    earlier, given = data_folder(), os.environ.get(DATA_VARIABLE)
    os.environ[DATA_VARIABLE] = str(scratch)
    try:
        if earlier.is_dir():
            shutil.copytree(earlier, data_folder(), dirs_exist_ok=True)
        yield
    finally:
        if given is None:
            del os.environ[DATA_VARIABLE]
        else:
            os.environ[DATA_VARIABLE] = given


def _asked(touched: set[str]) -> Iterator[tuple[str, str]]:
    """Yield what is compared, with its value under the data in use: another process holds no caches."""
    if "observations" in touched:
        for row in _answer("rank").get("countries", []):
            yield f"Rank of {row['name']}:", str(row["rank"])
    if not touched.isdisjoint(OF_LAGS):
        for country in LAGGING:
            months = _answer("lag", country).get("standing", {}).get("value")
            yield f"Months of {country} behind USA:", "none" if months is None else f"{months:.1f}"


def _answer(*words: str) -> dict[str, Any]:
    command = [sys.executable, "-c", _PROGRAM, *words, "--json"]
    found = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False, text=True)
    if found.returncode == NoAnswerError.exit_status:
        return {}
    if found.returncode:
        raise ParityError(f"'parity {' '.join(words)}' fails on the new data: {found.stderr.strip()}")
    answer: dict[str, Any] = json.loads(found.stdout)
    return answer
