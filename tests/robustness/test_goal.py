"""The smallest change that reaches a rank, against closed forms."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from parity.errors import NoAnswerError, ParityError
from parity.index import Index, IndexSpec, build
from parity.robustness.goal import goal, yearly_spreads
from parity.robustness.goal_spread import goal_spread
from parity.robustness.rebuilds import rebuilds

# The score is linear in the indicators here, so the search ends in two rounds.
EXACT = 1e-6

SPREADS = {"x": 1.0, "y": 2.0}


def index(extra: str = "", robustness: str = "") -> Index:
    spec = IndexSpec.from_toml(
        f"[index]\nid = 't'\n[[indicator]]\ncode = 'x'\n{extra}\n"
        f"[[indicator]]\ncode = 'y'\nweight = 3\n{robustness}"
    )
    table = {"id": ["A", "B", "C", "D"], "x": [10.0, 6.0, 2.0, 0.0], "y": [10.0, 6.0, 2.0, 0.0]}
    return build(spec, pl.DataFrame(table))


def test_shortest_change_by_hand() -> None:
    """From 2 to 6 with score (x + 3 y) / 4, x in steps of 1 and y of 2: along the slopes 1/4 and 6/4."""
    found = goal(index(), "C", 2, SPREADS)
    slopes = np.array([0.25, 1.5])
    np.testing.assert_allclose(found.base.steps, 4 * slopes / (slopes @ slopes), atol=EXACT)
    assert found.base.score == pytest.approx(6, abs=EXACT)
    assert found.rank_now == 3


def test_bounds_are_respected() -> None:
    """With x held at 3, the rest comes from y alone."""
    found = goal(index("bounds = [0, 10]"), "C", 1, {"x": 1.0, "y": 0.5})
    assert (found.base.steps <= [8 + EXACT, 16 + EXACT]).all()
    values = dict(found.base.table().select("series", "to").rows())
    assert (values["x"] + 3 * values["y"]) / 4 == pytest.approx(10, abs=EXACT)


def test_only_actionable_indicators_move() -> None:
    found = goal(index("actionable = false"), "C", 2, SPREADS)
    assert [lever.series for lever in found.base.levers] == ["y"]
    assert found.base.table()["to"].item() == pytest.approx(2 + 4 * 4 / 3, abs=EXACT)


def test_less_is_better() -> None:
    spec = IndexSpec.from_toml("[index]\nid = 't'\n[[indicator]]\ncode = 'x'\ndirection = -1")
    table = pl.DataFrame({"id": ["A", "B", "C"], "x": [1.0, 2.0, 5.0]})
    found = goal(build(spec, table), "C", 2, {"x": 1.0})
    assert found.base.table().row(0)[3:] == pytest.approx((5, 2, 3, 1), abs=EXACT)


def test_built_anew_the_rank_is_reached_too() -> None:
    """By z-score the change moves mean and spread, and with them what the other indicator is worth."""
    spec = IndexSpec.from_toml(
        "[index]\nid = 't'\n[steps.normalise]\nmethod = 'zscore'\n"
        "[[indicator]]\ncode = 'x'\nbounds = [0, 400]\n[[indicator]]\ncode = 'y'\nactionable = false"
    )
    table = pl.DataFrame({"id": ["A", "B", "C", "D"], "x": [3.0, 2.0, 1.0, 0.0], "y": [4.0, 4.0, 2.0, 0.0]})
    base = build(spec, table)
    found = goal(base, "C", 1, {"x": 1.0})
    reached = found.base.table()["to"].item()
    assert build(spec, table.with_columns(x=pl.Series([3.0, 2.0, reached, 0.0]))).rank("C") == 1
    # With the bounds of the base build alone a shorter change would do.
    target = base.scores[:, -1].max()
    slope = 0.5 / table["x"].std()
    assert reached - 1 > (target - base.score("C")) / slope + 0.01


def test_half_of_the_rebuilds() -> None:
    noisy = "[robustness.measurement]\nreplicates = 40\nerrors = { x = 2.0, y = 2.0 }"
    base = index(robustness=noisy)
    found = goal(base, "C", 2, SPREADS, rebuilds(base, 120))
    assert found.robust is not None
    assert found.robust.share >= 0.5
    assert found.robust.size >= found.base.size - EXACT


@pytest.mark.parametrize(
    ("unit", "rank", "spreads", "error", "message"),
    [
        ("B", 3, SPREADS, NoAnswerError, "at rank 2 already"),
        ("D", 1, {"x": 1.0}, NoAnswerError, "out of reach"),
        ("C", 2, {}, NoAnswerError, "no actionable indicator"),
        ("C", 9, SPREADS, ParityError, "between 1 and 4, not 9"),
        ("X", 1, SPREADS, ParityError, "no unit 'X'"),
    ],
)
def test_says_why_not(
    unit: str, rank: int, spreads: dict[str, float], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        goal(index(), unit, rank, spreads)


def test_yearly_spread_is_the_root_mean_square_of_changes() -> None:
    spec = IndexSpec.from_toml(
        "[index]\nid = 't'\n[[indicator]]\ncode = 'x'\n"
        "select = { indicator = 'deals', years = [2019, 2021], reduce = 'sum' }"
    )
    base = build(spec, pl.DataFrame({"id": ["A", "B"], "x": [1.0, 2.0]}))
    years = [2017, 2018, 2019, 2020, 2021]
    observations = pl.DataFrame(
        {"iso3": ["A"] * 5, "indicator": ["deals"] * 5, "year": years, "value": [1.0, 2.0, 0.0, 2.0, 2.0]}
    )
    changes = np.array([1.0, -2.0, 2.0, 0.0])
    expected = 3 * np.sqrt((changes**2).mean())
    assert yearly_spreads(base, "A", observations) == {"deals": pytest.approx(expected)}


def test_the_change_in_each_rebuild_by_hand() -> None:
    """Weights (1, 3) and (3, 1): along other slopes, to the same gain of 4 in the score."""
    base = index()
    found = goal(base, "C", 2, SPREADS)
    made = [(base, np.array([[w, 4 - w, 1.0]])) for w in (1.0, 3.0)]
    spread = goal_spread(found, made)
    assert (spread.builds, spread.out_of_reach) == (2, 0.0)
    for steps, slopes in zip(spread.steps, (np.array([0.25, 1.5]), np.array([0.75, 0.5])), strict=True):
        np.testing.assert_allclose(steps, 4 * slopes / (slopes @ slopes), atol=EXACT)
    sizes = np.linalg.norm(spread.steps, axis=1)
    low, high = np.quantile(sizes, [0.05, 0.95])
    # What it takes in the base build lies within, whatever the rebuilds say.
    assert spread.size() == pytest.approx((min(low, found.base.size), max(high, found.base.size)))
    row = spread.table().row(0, named=True)
    assert row["to_low"] < 2 + spread.steps[1, 0]
    assert row["to_high"] > 2 + spread.steps[0, 0]


def test_rebuilds_out_of_reach_are_counted() -> None:
    """x alone gains at most 8: enough for 4 points at a weight of three quarters, not at one quarter."""
    base = index("weight = 9")
    found = goal(base, "C", 2, {"x": 1.0})
    made = [(base, np.array([[weights, 3.0, 1.0]])) for weights in (9.0, 1.0)]
    spread = goal_spread(found, made)
    assert (spread.builds, spread.out_of_reach) == (2, 0.5)
    np.testing.assert_allclose(spread.steps, [found.base.steps], atol=EXACT)
    with pytest.raises(NoAnswerError, match="names no assumption"):
        goal_spread(found, [])
