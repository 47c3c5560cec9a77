"""Records and lags by hand, by brute force, and under exchange of the two sides."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.frontier._steps import Steps, catching_up, release, standing, steps


def records(*pairs: tuple[float, float]) -> Steps:
    dates, levels = np.array(pairs, dtype=float).T
    return steps(dates, levels)


LEADER = records((0, 1.0), (100, 2.0), (200, 3.0), (300, 4.0))
FOLLOWER = records((50, 0.5), (150, 1.0), (250, 2.5))


def test_only_records_stay() -> None:
    found = records((10, 1.0), (5, 2.0), (20, 2.0), (30, 3.0), (30, 2.5))
    np.testing.assert_array_equal(found.date, [5, 30])
    np.testing.assert_array_equal(found.level, [2.0, 3.0])
    np.testing.assert_array_equal(found.member, [1, 3])


def test_models_without_date_or_level_set_no_record() -> None:
    found = steps(np.array([np.nan, 1.0, 2.0]), np.array([5.0, np.nan, 1.0]))
    np.testing.assert_array_equal(found.member, [2])


@pytest.mark.parametrize(
    ("day", "lag"),
    [
        (160, 60.0 + 100.0),  # level 1.0, which the leader had on day 0
        (260, 60.0),  # level 2.5, reached by the leader's 3.0 on day 200
        (320, 120.0),
        (60, 60.0),  # below all that is known of the leader: at least that long
    ],
)
def test_standing_lag_by_hand(day: float, lag: float) -> None:
    found, _ = standing(FOLLOWER, LEADER, np.array([day]))
    assert found[0] == lag


def test_a_lag_beyond_the_first_known_model_is_a_bound() -> None:
    _, bound = standing(FOLLOWER, LEADER, np.array([60.0, 260.0]))
    np.testing.assert_array_equal(bound, [True, False])


def test_nobody_trails_at_equal_levels_and_nothing_is_known_before_a_record() -> None:
    level = records((10, 1.0))
    same = records((70, 1.0))
    found, _ = standing(same, level, np.array([20.0, 80.0]))
    assert np.isnan(found[0])
    assert found[1] == 0.0


def test_release_lags_by_hand() -> None:
    lags, open_ended = release(FOLLOWER, LEADER, 0, 400)
    np.testing.assert_array_equal(lags, [50.0, 150.0, 50.0])
    assert not open_ended.any()
    inside, _ = release(FOLLOWER, LEADER, 100, 200)
    np.testing.assert_array_equal(inside, [np.nan, 150.0, np.nan])


def test_a_record_that_the_other_has_not_reached_is_a_lead_of_at_least_that_long() -> None:
    lags, open_ended = release(LEADER, FOLLOWER, 0, 400)
    np.testing.assert_array_equal(lags, [-150.0, -150.0, -200.0, -100.0])
    np.testing.assert_array_equal(open_ended, [False, False, True, True])


def test_catching_up_by_hand() -> None:
    wait, open_ended, _ = catching_up(FOLLOWER, LEADER, 400)
    np.testing.assert_array_equal(wait, [150.0, 150.0, 200.0, 100.0])
    np.testing.assert_array_equal(open_ended, [False, False, True, True])


frontiers = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 30)), min_size=1, max_size=12).map(
    lambda pairs: records(*((d, level / 10) for d, level in pairs))
)


@settings(max_examples=60)
@given(frontiers, frontiers)
def test_exchanging_the_sides_changes_the_sign(one: Steps, two: Steps) -> None:
    days = np.arange(0, 450, 7.0)
    np.testing.assert_array_equal(standing(one, two, days)[0], -standing(two, one, days)[0])


@settings(max_examples=60)
@given(frontiers, frontiers, st.integers(0, 450))
def test_standing_lag_by_brute_force(one: Steps, two: Steps, day: int) -> None:
    def best(known: Steps, until: int) -> float:
        return max(
            (level for d, level in zip(known.date, known.level, strict=True) if d <= until), default=-np.inf
        )

    own, other = best(one, day), best(two, day)
    found = standing(one, two, np.array([float(day)]))[0][0]
    if np.isinf(own) or np.isinf(other):
        assert np.isnan(found)
    elif own < other:
        assert found == day - min(d for d in range(day + 1) if best(two, d) >= own)
    elif own > other:
        assert found == min(d for d in range(day + 1) if best(one, d) >= other) - day
    else:
        assert found == 0


@settings(max_examples=40)
@given(frontiers, frontiers, st.floats(-3, 3), st.floats(0.1, 5))
def test_lags_do_not_depend_on_the_scale(one: Steps, two: Steps, shift: float, stretch: float) -> None:
    days = np.arange(0, 450, 11.0)
    moved = [s._replace(level=shift + stretch * s.level) for s in (one, two)]
    # Equal levels may part by rounding; the lags of the others stay.
    apart = one.at(days) != two.at(days)
    np.testing.assert_array_equal(standing(*moved, days)[0][apart], standing(one, two, days)[0][apart])
