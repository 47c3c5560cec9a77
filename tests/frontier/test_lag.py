"""Frontiers and lags on a small world whose answer is known."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from parity.errors import NoAnswerError, ParityError
from parity.frontier import (
    Abilities,
    BootstrapOptions,
    FitOptions,
    fit,
    frontier,
    lag,
    lags,
    per_benchmark,
)
from tests.frontier.conftest import made_up
from tools.lag_claims import catch_up, check_claims, claims_table, levels_of

MONTH = 365.25 / 12
# Rows: model, country, day of release, capability, scores, derived, open weights.
WORLD = [
    ("a0", "AAA", 0, 0.0, 5, False, False),
    ("a1", "AAA", 300, 1.0, 5, False, False),
    ("a2", "AAA", 600, 2.0, 5, False, True),
    ("b0", "BBB", 200, 0.0, 5, False, True),
    ("b1", "BBB", 700, 1.0, 5, False, True),
    ("thin", "BBB", 400, 1.9, 2, False, True),
    ("borrowed", "BBB", 500, 1.5, 9, True, True),
    ("undated", "BBB", None, 3.0, 9, False, True),
]


def world(noise: float = 0.0, error: int = 0) -> Abilities:
    start = dt.date(2023, 1, 1)
    models = pl.DataFrame(
        {
            "model": [row[0] for row in WORLD],
            "country": [row[1] for row in WORLD],
            "date": [None if row[2] is None else start + dt.timedelta(days=row[2]) for row in WORLD],
            "date_error": [error] * len(WORLD),
            "n_scores": [row[4] for row in WORLD],
            "derived": [row[5] for row in WORLD],
            "open_weights": [row[6] for row in WORLD],
            "developer": [row[0][0] for row in WORLD],
        }
    )
    point = np.array([row[3] for row in WORLD])
    rng = np.random.default_rng(0)
    draws = point + noise * rng.normal(size=(200, point.size))
    return Abilities(models, point, {"scores": draws, "benchmarks": point + 2 * (draws - point)})


def on(days: int) -> dt.date:
    return dt.date(2023, 1, 1) + dt.timedelta(days=days)


def test_thin_derived_and_undated_models_set_no_frontier() -> None:
    table = frontier(world()).table().filter(group="BBB")
    assert table["model"].to_list() == ["b0", "b1"]
    assert table["date"].to_list() == [on(200), on(700)]


def test_they_count_when_asked_for() -> None:
    derived = frontier(world(), include_derived=True).table().filter(group="BBB")
    assert derived["model"].to_list() == ["b0", "borrowed"]
    thin = frontier(world(), fewest_scores=1).table().filter(group="BBB")
    assert thin["model"].to_list() == ["b0", "thin"]


def test_standing_release_and_mean_lag() -> None:
    found = lag(frontier(world()), "BBB", "AAA", on=on(700))
    assert found.standing.value == pytest.approx((700 - 300) / MONTH)
    assert found.release.mean.value == pytest.approx((200 - 0 + 700 - 300) / 2 / MONTH)
    assert (found.release.least, found.release.most) == pytest.approx((200 / MONTH, 400 / MONTH))
    assert found.release.n == 2
    # Level with each other from day 200 to 299; then behind a level of day 0, then one of day 300.
    whole = 100 * 0 + 400 * (300 + 700) / 2
    assert found.window.mean.value == pytest.approx(whole / 500 / MONTH)
    assert (found.window.since, found.window.until) == (on(200), on(700))
    assert (found.window.least, found.window.most) == pytest.approx((0, 699 / MONTH))
    assert [(c.model, round(c.months_at_least, 3)) for c in found.censored] == [("a2", round(100 / MONTH, 3))]
    assert (found.of_model, found.behind_model) == ("b1", "a1")


def test_the_leader_has_the_same_lag_with_the_other_sign() -> None:
    one = lag(frontier(world(0.1)), "BBB", "AAA", on=on(730))
    two = lag(frontier(world(0.1)), "AAA", "BBB", on=on(730))
    assert two.standing.value == -one.standing.value
    assert two.window.mean.value == pytest.approx(-one.window.mean.value)
    assert (two.standing.low, two.standing.high) == (-one.standing.high, -one.standing.low)
    assert two.censored == ()


def test_the_day_is_the_last_of_the_evidence_whoever_is_asked_about() -> None:
    found = frontier(world())
    assert {lag(found, *sides).on for sides in (("BBB", "AAA"), ("AAA", "BBB"))} == {on(700)}


def test_an_approximate_newest_record_is_out_on_the_last_day() -> None:
    """Who compiled the evidence knew of it: no draw may answer for the record before."""
    exact, vague = (lag(frontier(world(0.02, error=error)), "BBB", "AAA") for error in (0, 15))
    assert vague.on == on(700)
    assert vague.standing.value == pytest.approx(exact.standing.value, abs=1)
    assert vague.standing.high < exact.standing.high + 1


def test_what_came_after_the_last_model_known_is_unknown_and_not_absent() -> None:
    found = frontier(world(0.05))
    known, later = (lag(found, "BBB", "AAA", on=day) for day in (on(700), on(780)))
    assert known.known_to == {"BBB": on(700), "AAA": on(600)}
    # As if nothing had come, the lag would have grown by the days that have passed.
    assert later.standing.value < known.standing.value + 80 / MONTH
    assert later.standing.high - later.standing.low > known.standing.high - known.standing.low
    with pytest.raises(NoAnswerError, match="no model of AAA is known after 2024-08-23, more than 6 months"):
        lag(found, "BBB", "AAA", on=on(790))


def test_a_list_asks_about_one_day_and_says_who_is_not_told() -> None:
    abilities = world(0.02)
    country = pl.Series(["AAA", "AAA", "AAA", "CCC", "BBB", "BBB", "BBB", "BBB"])
    told = lags(
        frontier(Abilities(abilities.models.with_columns(country=country), abilities.point, abilities.draws)),
        "AAA",
    )
    assert [(one.of, one.on) for one in told.lags] == [("BBB", on(700))]
    assert list(told.untold) == ["CCC"]
    assert "no model of CCC is known after" in told.untold["CCC"]


def test_a_lag_says_how_much_hangs_on_one_record() -> None:
    follower, leader = lag(frontier(world()), "BBB", "AAA", on=on(700)).hinges
    assert (follower.model, follower.n_scores) == ("b1", 5)
    assert follower.without == pytest.approx(700 / MONTH)
    assert (leader.model, leader.without) == ("a1", pytest.approx(100 / MONTH))


def test_the_interval_is_the_wider_of_both_doubts_and_holds_the_value() -> None:
    abilities = world(0.02)
    steady = np.tile(abilities.point, (200, 1))
    moved = steady.copy()
    moved[::4, 4] += 0.6  # in every fourth draw the follower's best model is far better
    draws = {"scores": abilities.draws["scores"], "benchmarks": moved}

    def interval(kinds: dict[str, np.ndarray]) -> tuple[float, float]:
        told = Abilities(abilities.models, abilities.point, kinds)  # type: ignore[arg-type]
        mean = lag(frontier(told), "BBB", "AAA", on=on(730)).window.mean
        assert mean.low <= mean.value <= mean.high
        return mean.low, mean.high

    each = [interval({kind: values}) for kind, values in draws.items()]
    assert each[0] != each[1]
    widest = max(each, key=lambda ends: ends[1] - ends[0])
    assert interval(draws) == pytest.approx(widest, abs=0.05)


def test_an_uncertain_date_widens_the_interval() -> None:
    sure = lag(frontier(world()), "BBB", "AAA", on=on(700)).release.mean
    unsure = lag(frontier(world(error=90)), "BBB", "AAA", on=on(700)).release.mean
    assert sure.high - sure.low == pytest.approx(0)
    assert unsure.high - unsure.low > 1


def test_a_level_below_all_that_is_known_is_a_lower_bound() -> None:
    found = lag(frontier(world()), "AAA", "BBB", on=on(320))
    assert found.lower_bound
    drawn = lag(frontier(world(noise=0.001)), "AAA", "BBB", on=on(320)).standing
    assert (drawn.low is None, drawn.high is None) == (True, False), "who leads may lead by any length"
    assert not lag(frontier(world()), "BBB", "AAA", on=on(730)).lower_bound


def test_levels_say_when_each_was_reached() -> None:
    levels = levels_of(lag(frontier(world()), "BBB", "AAA", on=on(730)))
    assert levels["model"].to_list() == ["a0", "a1", "a2"]
    np.testing.assert_allclose(levels["months"], np.array([200, 400, 130]) / MONTH)
    assert levels["open"].to_list() == [False, False, True]


def test_catching_up_with_one_model() -> None:
    found = frontier(world(0.02))
    assert catch_up(found, "BBB", "a1").value == pytest.approx(400 / MONTH)
    still = catch_up(found, "BBB", "a2", on=on(730))
    assert still.value is None
    assert "has not reached a2 yet" in still.reason
    assert still.low == pytest.approx(130 / MONTH, abs=0.1)


def test_open_and_closed_weights() -> None:
    found = frontier(world(), "openness")
    assert found.steps("open").level[-1] == 2.0
    assert lag(found, "open", "closed", on=on(450)).standing.value > 0
    with pytest.raises(NoAnswerError, match="no model of closed is known after 2023-10-28"):
        lag(found, "open", "closed", on=on(730))
    alone = frontier(world(), weights="open").table()
    assert set(alone["model"]) == {"a2", "b0", "b1"}


def test_blocs_joined_groups_and_the_world() -> None:
    blocs = frontier(world(), "bloc", blocs={"both": ["AAA", "BBB"], "one": ["BBB"]})
    assert blocs.steps("both").level[-1] == 2.0
    joined = frontier(world())
    np.testing.assert_array_equal(joined.steps("AAA+BBB").date, joined.steps("world").date)
    np.testing.assert_array_equal(joined.steps("AAA+ZZZ").date, joined.steps("AAA").date)
    assert frontier(world(), "developer").steps("a").level[-1] == 2.0


@pytest.mark.parametrize(
    ("of", "behind", "day", "error", "words"),
    [
        ("AAA", "AAA", None, ParityError, "cannot trail itself"),
        ("CCC", "AAA", None, NoAnswerError, "no model of CCC sets a frontier"),
        ("BBB", "AAA", dt.date(2023, 1, 5), NoAnswerError, "BBB had no scored model by 2023-01-05"),
    ],
)
def test_questions_without_an_answer(
    of: str, behind: str, day: dt.date | None, error: type[ParityError], words: str
) -> None:
    with pytest.raises(error, match=words):
        lag(frontier(world()), of, behind, on=day)


def test_a_window_after_the_day_is_empty() -> None:
    with pytest.raises(ParityError, match="the window is empty"):
        lag(frontier(world()), "BBB", "AAA", on=on(730), since=on(800))


def test_unknown_grouping_and_absent_columns_are_said() -> None:
    with pytest.raises(ParityError, match="cannot group by 'planet'"):
        frontier(world(), "planet")  # type: ignore[arg-type]
    abilities = world()
    bare = Abilities(abilities.models.drop("country"), abilities.point, abilities.draws)
    with pytest.raises(ParityError, match="needs the column 'country'"):
        frontier(bare)


def test_a_model_that_could_stand_anywhere_sets_no_frontier() -> None:
    abilities = world()
    draws = abilities.draws["scores"].copy()
    draws[:, 2] += np.random.default_rng(1).normal(0, 5, len(draws))
    loose = Abilities(abilities.models, abilities.point, {"scores": draws})
    assert "a2" not in frontier(loose).table()["model"].to_list()


def test_a_simulated_lag_is_found_and_covered() -> None:
    """One country follows the path of another some months later; the truth is read off the truth."""
    inside = []
    for seed in range(8):
        frame, truth = made_up(60, 14, share=0.9, noise=0.03, seed=seed)
        number = pl.col("model").str.slice(1).cast(pl.Int64)
        world = frame.with_columns(
            country=pl.when(number % 2 == 0).then(pl.lit("AAA")).otherwise(pl.lit("BBB")),
            date=pl.lit(dt.date(2023, 1, 1)) + pl.duration(days=20 * number + 200 * (number % 2)),
        )
        options = FitOptions(anchor="t00")
        found = fit(world, options=options, resampling=BootstrapOptions(draws=60, seed=seed)).abilities
        exact = Abilities(found.models, truth, {})
        today = dt.date(2025, 11, 1)
        measured = lag(frontier(found), "BBB", "AAA", on=today).window.mean
        true = lag(frontier(exact), "BBB", "AAA", on=today).window.mean.value
        assert measured.value == pytest.approx(true, abs=2)
        inside.append(measured.low <= true <= measured.high)
    assert sum(inside) >= 6


def test_lag_by_benchmark_reads_raw_scores() -> None:
    frame, _ = made_up(30, 6, share=1.0, noise=0.0, seed=3)
    found = fit(frame, options=FitOptions(anchor="t00"), resampling=BootstrapOptions(draws=30))
    assert {row.name for row in per_benchmark(found, "AAA", "CCC").rows} == set(frame["test"])
    # Capability rises with every model, so the country that moved first leads on every benchmark.
    assert np.mean([(row.lag.value or 0) >= 0 for row in per_benchmark(found, "BBB", "AAA").rows]) > 0.5


def test_claims_are_held_against_the_lag_of_their_day() -> None:
    frame, _ = made_up(40, 10, share=0.9, seed=4)
    known = frame.with_columns(open_weights=pl.col("country") == "AAA")
    found = fit(known, options=FitOptions(anchor="t00"), resampling=BootstrapOptions(draws=30))
    standing = lag(frontier(found.abilities), "BBB", "AAA", on=dt.date(2024, 6, 15)).standing
    claims = pl.DataFrame(
        [
            ("right", "2024-06", "BBB", "AAA", standing.value, standing.value, "statement"),
            ("small", "2024-06", "BBB", "AAA", standing.low - 3, standing.low - 2, "statement"),
            ("large", "2024-06", "BBB", "AAA", standing.high + 2, standing.high + 3, "statement"),
            ("none", "2024", "BBB", "AAA; CCC", None, None, "no number"),
            ("mean", "2024-06-15", "BBB", "AAA", 0.0, 0.1, "mean of the lag"),
            ("void", "2024", "ZZZ", "AAA", 1.0, 2.0, "statement"),
        ],
        schema=[
            "who",
            "date",
            "measured_country",
            "reference_country",
            "low_months",
            "high_months",
            "method",
        ],
        orient="row",
    )
    table = claims_table(check_claims(found, claims))
    verdicts = dict(table.select("who", "verdict").rows())
    assert verdicts["right"] == "consistent"
    assert verdicts["small"] == "understates the lag"
    assert verdicts["large"] == "overstates the lag"
    assert verdicts["none"] == "states no number"
    assert verdicts["void"] == "cannot be told"
    assert dict(table.select("who", "measure").rows())["mean"] == "mean"
    assert dict(table.select("who", "behind").rows())["none"] == "AAA+CCC"


def test_claims_need_their_columns_and_dates() -> None:
    frame, _ = made_up(12, 5)
    found = fit(frame, options=FitOptions(anchor="t00"), kinds=())
    with pytest.raises(ParityError, match="lack the column"):
        check_claims(found, pl.DataFrame({"who": ["x"]}))
