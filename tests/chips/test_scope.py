"""The grammar of destinations and headquarters."""

from __future__ import annotations

import pytest

from parity.chips._scope import Party, covers, parse
from parity.errors import ParityError


def inside(scope: str, to: set[str], seat: set[str] | None = None, other: bool = False) -> bool:
    return covers(parse(scope), Party(frozenset(to)), Party(frozenset(seat or to)), other)


@pytest.mark.parametrize(
    ("scope", "to", "seat", "expected"),
    [
        ("dest:CHN|HKG", {"CHN"}, None, True),
        ("dest:CHN|HKG", {"MAC"}, None, False),
        ("dest:MAC|group(D:5) minus group(A:5|A:6)", {"CYP", "D:5", "A:6"}, None, False),
        ("dest:MAC|group(D:5) minus group(A:5|A:6)", {"RUS", "D:5", "D:1"}, None, True),
        ("dest:group(D:1|D:4) minus group(D:5)", {"VNM", "D:1"}, None, True),
        ("dest:any and hq:MAC|group(D:5)", {"DEU"}, {"CHN", "D:5"}, True),
        ("dest:any and hq:MAC|group(D:5)", {"DEU"}, {"DEU"}, False),
        ("dest:group(D:4) and not hq:group(D:5)", {"ARE", "D:4"}, {"CHN", "D:5"}, False),
        ("dest:group(D:5) or hq:group(D:5)", {"DEU"}, {"CHN", "D:5"}, True),
    ],
)
def test_covers(scope: str, to: set[str], seat: set[str] | None, expected: bool) -> None:
    assert inside(scope, to, seat) is expected


def test_other_is_what_no_earlier_row_covers() -> None:
    assert inside("dest:other", {"DEU"}, other=True)
    assert not inside("dest:other", {"DEU"}, other=False)


@pytest.mark.parametrize("scope", ["", "CHN", "dest:China", "dest:CHN and maybe", "to:CHN"])
def test_what_is_not_in_the_grammar_is_refused(scope: str) -> None:
    with pytest.raises(ParityError, match=r"scope|set of countries"):
        parse(scope)
