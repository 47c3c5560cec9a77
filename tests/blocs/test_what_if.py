"""Other compositions of a bloc: against pooling them one by one."""

from __future__ import annotations

import numpy as np
import pytest

from parity.blocs import changes, compare, contributions, intervals, joining, pool
from parity.errors import ParityError
from parity.index import Index
from tests.blocs.test_intervals import noisy, unchanged

EXACT = 1e-9
WEIGHTS = {"law": "population", "spending": "gdp"}
FIVE = ["C00", "C03", "C07", "C12", "C18"]


def test_the_best_next_member(index: Index) -> None:
    whole = pool(index, FIVE, weights=WEIGHTS)
    outside = [unit for unit in index.units if unit not in FIVE]
    found = joining(whole, outside)
    enlarged = {code: pool(index, [*FIVE, code], weights=WEIGHTS) for code in outside}
    table = found.table()
    gains = {code: each.score() - whole.score() for code, each in enlarged.items()}
    assert dict(table.select("name", "gain").rows()) == pytest.approx(gains, abs=EXACT)
    assert dict(table.select("name", "rank").rows()) == {code: each.rank() for code, each in enlarged.items()}
    assert table["gain"].is_sorted(descending=True)
    assert table["low"].is_null().all()
    assert found.gain(outside[0]).reason == "no draws were made"


def test_rebuilds_that_change_nothing_give_the_point(index: Index) -> None:
    whole = pool(index, FIVE, weights=WEIGHTS)
    found = changes(whole, {"four": FIVE[:4], "one": ["C05"]}, unchanged(index))
    assert found.draws == 3
    parts = contributions(whole)
    for node in (None, "size", "rate"):
        gain = found.gain("four", node)
        left = parts.leaving[whole.members.index("C18"), index.node(node)]
        assert [gain.value, gain.low, gain.high] == pytest.approx([left] * 3, abs=EXACT)


def test_a_change_is_the_difference_draw_by_draw(index: Index) -> None:
    whole, other = (pool(index, group, weights=WEIGHTS) for group in (FIVE, FIVE[1:]))
    found = changes(whole, {"other": FIVE[1:]}, noisy(index)).gain("other")
    gap = compare([other, whole], intervals([other, whole], noisy(index))).gap(0, 1)
    assert (found.value, found.low, found.high) == pytest.approx((gap.value, gap.low, gap.high), abs=EXACT)
    (drawn,) = intervals([whole], noisy(index))
    ends = drawn.leaving[[0, 2], whole.members.index(FIVE[0]), -1]
    assert (found.low, found.high) == pytest.approx(tuple(ends), abs=EXACT)


def test_who_is_best_in_how_many_draws(index: Index) -> None:
    whole = pool(index, FIVE[:2], weights=WEIGHTS)
    found = joining(whole, ["C05", "C06", "C09"], noisy(index))
    assert found.best is not None
    assert found.best.sum() == pytest.approx(1)
    best = found.table().sort("best", descending=True)["name"][0]
    assert found.gain(best).high == pytest.approx(
        max(found.gain(name).high or -np.inf for name in found.names)
    )


def test_mistakes(index: Index) -> None:
    whole = pool(index, FIVE, weights=WEIGHTS)
    with pytest.raises(ParityError, match="C03 is in"):
        joining(whole, ["C03", "C05"])
    with pytest.raises(ParityError, match="none of the candidates has data"):
        joining(whole, ["XYZ"])
    with pytest.raises(ParityError, match="at least one other composition"):
        changes(whole, {})
    with pytest.raises(ParityError, match="none of XYZ has data"):
        changes(whole, {"nobody": ["XYZ"]})
