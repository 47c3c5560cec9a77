"""The lag in a brief is the answer of `parity lag`."""

from __future__ import annotations

import datetime as dt

from parity.ask.lag import Lag
from parity.brief import _measures
from parity.frontier import LagReport

EARLIER = dt.date(2025, 11, 30)


def test_a_brief_tells_what_the_command_tells() -> None:
    section = _measures.lag("RUS", EARLIER)
    found = Lag(of="RUS", parameters=True).answer().result
    assert isinstance(found, LagReport)
    assert section.standing == found.lag.standing
    assert [row.lag for row in section.parameters] == [row.lag for row in found.parameters or ()]


def test_the_leader_is_held_against_the_next() -> None:
    section = _measures.lag("USA", EARLIER)
    assert section.behind != "USA"
    assert section.standing.value is not None
    assert section.standing.value < 0


def test_a_country_without_a_frontier_says_why() -> None:
    section = _measures.lag("KEN", EARLIER)
    assert section.standing.value is None
    assert "KEN" in section.standing.reason
    assert section.earlier is None
