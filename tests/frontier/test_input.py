"""Bad input: one clear message each."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from parity.ask.frontier import carried, own
from parity.errors import ParityError
from parity.frontier import BootstrapOptions, FitOptions, check_scores, fit, together
from parity.frontier._tidy import tidy
from tests.frontier.conftest import made_up

TODAY = dt.date(2026, 1, 1)


def scores(
    *rows: tuple[object, ...], columns: tuple[str, ...] = ("model", "benchmark", "score")
) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=list(columns), orient="row")


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (scores(("a", "t", 87.5), ("b", "t", 33.0)), ["percent", "87.5", "divide them by 100"]),
        (scores(("a", "t", 0.5), ("b", "t", 1.2)), ["b has 1.2 on t", "0 to 1"]),
        (scores(("a", "t", -0.1), ("b", "t", 0.2)), ["a has -0.1 on t"]),
        (scores(("a", "t", "n/a")), ["'n/a'", "row 2"]),
        (scores(("a", "t", None)), ["row 2", "None"]),
        (scores(("a", "t", float("nan"))), ["row 2"]),
        (scores(("a", "t", 0.1), ("a", "t", 0.4)), ["disagree", "0.1, 0.4"]),
        (scores((None, "t", 0.1)), ["row 2", "no model"]),
        (scores(("a", "  ", 0.1)), ["row 2", "no test"]),
        (scores(("a", 0.1), columns=("model", "score")), ["lack the column test", "model, score"]),
        (scores(("a", "t", 0.1)).clear(), ["no rows"]),
    ],
)
def test_bad_scores_are_refused(frame: pl.DataFrame, words: list[str]) -> None:
    with pytest.raises(ParityError) as problem:
        check_scores(frame)
    for word in words:
        assert word in str(problem.value)
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize(
    ("date", "words"),
    [("2031-05-01", ["2031-05-01", "future"]), ("May 2025", ["'May 2025'", "2025-01-20"])],
)
def test_bad_dates_are_refused(date: str, words: list[str]) -> None:
    frame = scores(("a", "t", 0.1, date), columns=("model", "benchmark", "score", "date"))
    with pytest.raises(ParityError) as problem:
        check_scores(frame, today=TODAY)
    assert all(word in str(problem.value) for word in words)


def test_repeated_rows_count_once() -> None:
    frame, _ = made_up(10, 4, seed=1)
    twice = check_scores(pl.concat([frame, frame]))
    assert twice.height == frame.height
    one = fit(frame, options=FitOptions(anchor="t00"), kinds=()).solution
    assert fit(twice, options=FitOptions(anchor="t00"), kinds=()).solution.objective == one.objective


def test_other_column_names_are_understood() -> None:
    frame = scores(
        ("a", "t", "0.5", "2025-01-20", "Russia"),
        columns=("model", "benchmark", "performance", "release_date", "country"),
    )
    checked = check_scores(frame)
    assert checked.row(0, named=True) == {
        "model": "a",
        "test": "t",
        "score": 0.5,
        "date": dt.date(2025, 1, 20),
        "country": "Russia",
    }


def test_names_that_differ_in_spaces_are_one() -> None:
    frame = scores(("a ", "x", 0.1), ("a", "y", 0.2), ("b", " x", 0.3), ("b", "y", 0.4))
    checked = check_scores(frame)
    assert checked["model"].to_list() == ["a ", "a ", "b", "b"]
    assert checked["test"].to_list() == ["x", "y", "x", "y"]


def test_islands_are_named() -> None:
    frame = scores(
        *((m, t, s) for m, t, s in (("a", "x", 0.1), ("b", "x", 0.5), ("c", "y", 0.2), ("d", "y", 0.9))),
        columns=("model", "test", "score"),
    )
    with pytest.raises(ParityError, match=r"2 islands.*\[a, b on x\].*\[c, d on y\]"):
        fit(frame)


def test_equal_scores_are_refused() -> None:
    frame = scores(*((m, t, 0.5) for m in "ab" for t in "xy"), columns=("model", "test", "score"))
    with pytest.raises(ParityError, match=r"all scores equal 0\.5"):
        fit(frame)


def test_an_absent_anchor_is_refused_with_a_suggestion() -> None:
    frame, _ = made_up(10, 4)
    with pytest.raises(ParityError, match=r"anchor 't0' is not among.*'t00'"):
        fit(frame, options=FitOptions(anchor="t0"))


def test_a_test_of_one_model_is_left_out_and_said() -> None:
    frame, _ = made_up(10, 4, seed=2)
    extra = pl.DataFrame({"model": ["m001", "new"], "test": ["solo", "alone"], "score": [0.5, 0.4]})
    found = fit(pl.concat([frame, extra], how="diagonal"), options=FitOptions(anchor="t00"), kinds=())
    assert found.notes == ("left out, for one model alone took them: alone, solo, and with them new",)
    assert "new" not in found.models["model"].to_list()


def test_one_model_cannot_be_placed() -> None:
    with pytest.raises(ParityError, match="at least two models"):
        fit(scores(("a", "x", 0.1), ("a", "y", 0.2), columns=("model", "test", "score")))


def test_the_scale_needs_scored_models() -> None:
    frame, _ = made_up(10, 4)
    options = FitOptions(scale=(("m001", 100.0), ("absent", 150.0)))
    with pytest.raises(ParityError, match="'absent'"):
        fit(frame, options=options, kinds=()).table()


@pytest.mark.parametrize("options", [{"flattest": 2.0}, {"scale": (("a", 1.0), ("a", 2.0))}, {"penalty": -1}])
def test_impossible_options_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"slope|scale|greater"):
        FitOptions(**options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("frame", "read", "note"),
    [
        (scores(("a", "t", "50%"), ("b", "t", "0.4")), [0.5, 0.4], ""),
        (scores(("a", "t", 50), ("b", "t", 33)), [0.5, 0.33], "t is read as percent"),
        (scores(("a", "t", 0.5), columns=("Model", "Task", "Accuracy")), [0.5], ""),
        (
            scores(("a", 0.5, 0.2), ("b", 0.4, None), columns=("Model", "x", "y")),
            [0.5, 0.4, 0.2],
            "one column",
        ),
        (scores(("a", "arena", 1000), ("b", "arena", 1400)), [0.2403, 0.7597], "Elo"),
    ],
)
def test_tables_are_read_as_people_keep_them(frame: pl.DataFrame, read: list[float], note: str) -> None:
    found, notes = tidy(frame)
    assert check_scores(found)["score"].to_list() == pytest.approx(read, abs=1e-4)
    assert note in " ".join(notes)


def test_shares_and_percent_in_one_benchmark_are_refused() -> None:
    with pytest.raises(ParityError, match="t has both 50 and figures up to 1"):
        tidy(scores(("a", "t", 50), ("b", "t", 0.4)))


@pytest.mark.parametrize(
    ("column", "values", "words"),
    [
        ("date", ("2024-01-01", "2024-05-01"), "a has two dates: 2024-01-01 and 2024-05-01"),
        ("country", ("USA", "CHN"), "a has two countries: CHN and USA"),
    ],
)
def test_a_model_is_one_model(column: str, values: tuple[str, str], words: str) -> None:
    rows = [("a", "t", 0.1, values[0]), ("a", "u", 0.2, values[1]), ("b", "t", 0.3, values[0])]
    frame = scores(*rows, columns=("model", "benchmark", "score", column))
    with pytest.raises(ParityError, match=words):
        own(frame, "mine", today=TODAY, dated=False)


def test_a_misspelt_benchmark_is_suggested_and_a_carried_model_not_given_away() -> None:
    base = carried()
    columns = ("model", "benchmark", "score", "country")
    stray = own(scores(("mine", "GPQA-Diamond", 0.7, "KAZ"), columns=columns), "x", today=TODAY, dated=False)
    with pytest.raises(ParityError, match="Did you mean 'GPQA diamond'"):
        together(stray, base)
    taken = scores(("DeepSeek-R1", "GPQA diamond", 0.7, "KAZ"), columns=columns)
    with pytest.raises(ParityError, match="DeepSeek-R1 is carried with the country CHN"):
        together(own(taken, "x", today=TODAY, dated=False), base)


def test_two_models_have_intervals_wider_than_nothing() -> None:
    rows = [
        (m, t, y)
        for m, line in (("a", (0.5, 0.4, 0.5)), ("b", (0.6, 0.7, 0.6)))
        for t, y in zip("xyz", line, strict=True)
    ]
    table = fit(check_scores(scores(*rows)), resampling=BootstrapOptions(draws=40)).table()
    assert (table["high"] - table["low"]).min() > 0.05
