"""A dry run of an update says which ranks would change, and changes nothing."""

from __future__ import annotations

import pytest

from parity.catalogue import load_table, refresh
from parity.catalogue._store import stored
from parity.catalogue.build.transforms import owid
from parity.cli._data_trial import tried
from tests.catalogue.publisher import Publisher, serving
from tests.catalogue.test_refresh import path_of


@pytest.mark.shared
def test_a_dry_run_tells_ranks_and_keeps_nothing(shared):
    source = "owid-cset-cat"
    folder = shared / "data" / "raw" / source
    with serving(Publisher()) as publisher:
        for download in refresh.RECIPES[source]:
            content = (folder / download.file).read_text()
            if download.file == owid.INVESTMENT_LATER:  # every sum of Israel a quarter
                content = "\n".join(
                    _times(line, 0.25) if ",ISR," in line else line for line in content.splitlines()
                )
            publisher.files[path_of(download)] = content.encode()
        before = load_table("observations")
        client = refresh.Client(mirror=publisher.address, timeout=10, retries=0)
        done, moves = tried([source], client, accept_fewer=False, accept_jumps=False)
    assert [one.status for one in done] == ["updated"]
    assert any(move.startswith("Rank of Israel: ") and " -> " in move for move in moves)
    assert not stored().records
    assert load_table("observations").equals(before)


def _times(line: str, factor: float) -> str:
    head, values = line.split(",")[:3], line.split(",")[3:]
    return ",".join([*head, *(str(float(value) * factor) if value else "" for value in values)])
