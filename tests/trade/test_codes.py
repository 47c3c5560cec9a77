"""Lists of codes, and rows of them that are not counted twice."""

from __future__ import annotations

import pytest

from parity.errors import ParityError
from parity.trade.codes import select_codes
from tests.trade.worlds import flows, goods


@pytest.mark.parametrize(
    ("text", "count"),
    [("chpl", 50), ("chpl1", 4), ("chpl2", 5), ("chpl3.B", 9), ("CHPL4.A", 11), ("chpl4", 16)],
)
def test_tiers_of_the_priority_list(text: str, count: int) -> None:
    assert len(goods(text).codes) == count


def test_the_first_tier_is_integrated_circuits() -> None:
    assert set(goods("chpl1").codes) == {"854231", "854232", "854233", "854239"}


@pytest.mark.parametrize("text", ["foo", "8542310", "77", "0000", "854", "chpl9", "chplx"])
def test_what_is_no_code_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ParityError, match="chpl1"):
        goods(text)


def test_a_code_that_is_new_in_2022_says_so_and_brings_the_old_one_along_if_asked() -> None:
    plain = goods("854151")
    assert plain.codes == ("854151",)
    assert "854150 before" in plain.notes[0]
    joined = goods("854151", concord=True)
    assert joined.codes == ("854150", "854151", "854159")
    assert "concorded" in joined.notes[0]
    assert "854151 with 854150" in joined.notes[1]
    # From the old code as from a new one.
    assert goods("854150", concord=True).codes == joined.codes
    assert "ends there unless concorded: 854150" in goods("854150").notes[0]
    assert "nothing to join" in goods("854231", concord=True).notes[0]
    # The other pairs were read in a correlation table.
    assert len(goods("854149", concord=True).notes) == 1
    assert goods("854231").notes == ()


def test_a_heading_takes_its_codes_along_without_counting_them_twice() -> None:
    rows = flows(
        ("AAA", "BBB", "export", "8542", "2020", 10.0),
        ("AAA", "BBB", "export", "854231", "2020", 6.0),
        ("AAA", "CCC", "export", "854231", "2020", 5.0),
        ("AAA", "CCC", "export", "854110", "2020", 4.0),
        ("AAA", "CCC", "export", "TOTAL", "2020", 99.0),
    )
    found = select_codes(rows, goods("8542"))
    assert sorted(found["value"]) == [5.0, 10.0]
    assert sorted(select_codes(rows, goods("85"))["value"]) == [4.0, 5.0, 10.0]
    assert sorted(select_codes(rows, goods("total"))["value"]) == [99.0]
