"""Bad input: one clear message each."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import polars as pl
import pytest

from parity.ask.frontier import carried, own, own_scores
from parity.errors import ParityError
from parity.frontier import BootstrapOptions, FitOptions, fit, together
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
        (scores(("a", "t", 187.5), ("b", "t", 33.0)), ["187.5", "'percent'", "column 'unit'"]),
        (
            scores(("a", "t", 0.5, "stars"), columns=("model", "test", "score", "unit")),
            ["'stars'", "'percent'"],
        ),
        (scores(("a", "t", 0.5), ("b", "t", 1.2)), ["b has 1.2 on t", "0 to 1"]),
        (scores(("a", "t", -0.1), ("b", "t", 0.2)), ["a has -0.1 on t"]),
        (scores(("a", "t", "n/a")), ["'n/a'", "row 2"]),
        (scores(("a", "t", 0.5), ("a", "u", None)), ["row 3", "None"]),
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
        tidy(frame)
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
        tidy(frame, today=TODAY)
    assert all(word in str(problem.value) for word in words)


def test_repeated_rows_count_once() -> None:
    frame, _ = made_up(10, 4, seed=1)
    twice = tidy(pl.concat([frame, frame]))[0]
    assert twice.height == frame.height
    one = fit(frame, options=FitOptions(anchor="t00"), kinds=()).solution
    assert fit(twice, options=FitOptions(anchor="t00"), kinds=()).solution.objective == one.objective


def test_other_column_names_are_understood() -> None:
    frame = scores(
        ("a", "t", "0.5", "2025-01-20", "Russia"),
        columns=("model", "benchmark", "performance", "release_date", "country"),
    )
    checked = tidy(frame)[0]
    assert checked.row(0, named=True) == {
        "model": "a",
        "test": "t",
        "score": 0.5,
        "date": dt.date(2025, 1, 20),
        "country": "Russia",
    }


def test_names_that_differ_in_spaces_are_one() -> None:
    frame = scores(("a ", "x", 0.1), ("a", "y", 0.2), ("b", " x", 0.3), ("b", "y", 0.4))
    checked = tidy(frame)[0]
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


WIDE = ("Model", "x (%)", "y", "Params (B)", "Average")


@pytest.mark.parametrize(
    ("frame", "read", "note"),
    [
        (scores(("a", "t", "50%"), ("b", "t", "0.4")), [0.5, 0.4], ""),
        (scores(("a", "t", 50), ("b", "t", 33)), [0.5, 0.33], "read as percent: t"),
        (scores(("a", "t", 50), ("a", "u", 0.3)), [0.5, 0.3], "read as shares of 1: u"),
        (scores(("a", "t", "0,5 ± 0,02")), [0.5], ""),
        (
            scores(("a", "t", 0.8), ("b", "t", 40), columns=("model", "benchmark", "score (%)")),
            [0.008, 0.4],
            "",
        ),
        (scores(("a", "t", 0.5, "%"), columns=("model", "benchmark", "score", "Unit")), [0.005], "percent"),
        (scores(("a", "t", 0.5), columns=("Model", "Task", "Accuracy")), [0.5], ""),
        (scores(("a", 0.8, 0.2, 7, 44), ("b", 40, "-", 8, 2), columns=WIDE), [0.008, 0.2, 0.4], "Average"),
        (
            scores(("t", 50, 60), columns=("Benchmark", "GPT", "Kimi")),
            [0.5, 0.6],
            "one column a model: GPT, Kimi",
        ),
        (scores(("a", "arena", 1000), ("b", "arena", 1400)), [0.2403, 0.7597], "Elo"),
        (scores(("a", "METR horizon", 4), ("b", "METR horizon", 20)), [0.25, 0.625], "median, 12"),
    ],
)
def test_tables_are_read_as_people_keep_them(frame: pl.DataFrame, read: list[float], note: str) -> None:
    found, notes = tidy(frame)
    assert found["score"].to_list() == pytest.approx(read, abs=1e-4)
    assert note in " ".join(notes)


def test_of_repeated_scores_the_best_or_the_median_counts() -> None:
    frame = scores(("a", "t", 0.1), ("a", "t", 0.5), ("a", "t", 0.2))
    assert [tidy(frame, duplicates=way)[0]["score"].to_list() for way in ("best", "median")] == [[0.5], [0.2]]


def test_a_month_is_a_date_known_to_some_days() -> None:
    columns = ("model", "benchmark", "score", "date")
    found, notes = tidy(scores(("a", "t", 0.1, "2025-03"), ("b", "t", 0.2, "2025-01-02"), columns=columns))
    assert found.select("date", "date_error").rows() == [(dt.date(2025, 3, 15), 15), (dt.date(2025, 1, 2), 0)]
    assert "2025-03" in notes[0]


def test_a_chance_level_of_ones_own_holds() -> None:
    rows = [(m, t, 0.25 + 0.7 * y, "25%") for m, y in (("a", 0.1), ("b", 0.5), ("c", 0.9)) for t in "xy"]
    frame = scores(*rows, columns=("model", "benchmark", "score", "chance"))
    evidence = own(frame, "mine", today=TODAY, dated=False)
    assert fit(evidence.scores, tests=evidence.tests, kinds=()).problem.floor.tolist() == [0.25, 0.25]


def test_a_file_all_in_percent_is_in_percent_however_small(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("Model,HLE,MMLU\na,0.8%,33%\nb,0.5%,20%\n", encoding="utf-8")
    found = own_scores(str(tmp_path / "own.csv"), dated=False, add=False)
    assert found.scores["score"].to_list() == pytest.approx([0.008, 0.33, 0.005, 0.2])


def test_files_of_the_hub_are_read_as_downloaded(tmp_path: Path) -> None:
    head = "Model version,mean_score,Best score (across scorers),Release date,Organization,Country\n"
    usa, two = "United States of America", '"United States of America,France"'
    files = {
        "gpqa_diamond.csv": f"{head}m1,0.8,0.8,2025-01-02,OpenAI,{usa}\nm1,0.6,0.7,2025-01-02,OpenAI,{usa}\n"
        f"m2,0.5,0.5,2025-02-01,DeepSeek,\nm3,0.4,0.4,2025-03-01,Hugging Face,{two}\n",
        "hle_external.csv": "Model version,Accuracy,Release date,Organization\nm1,0.2,2025-01-02,OpenAI\n",
        "epoch_capabilities_index.csv": "Model version,ECI Score\nm1,130\nm2,95\n",
    }
    with zipfile.ZipFile(tmp_path / "hub.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(f"data/{name}", text)
    found = own_scores(str(tmp_path / "hub.zip"), dated=True, add=False, duplicates="best")
    rows = found.scores.select("model", "test", "score", "country").rows()
    assert ("m1", "GPQA diamond", 0.8, "USA") in rows
    assert ("m2", "GPQA diamond", 0.5, "CHN") in rows
    assert ("m3", "GPQA diamond", 0.4, "USA") in rows
    said = " | ".join(found.notes)
    assert "passed over, for no rule tells their score: epoch_capabilities_index" in said
    assert "the best counts: 1 times" in said
    assert f"{two[1:-1]} counts for the first, USA" in said


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
    with pytest.raises(ParityError, match=r"GPQA-Diamond \(did you mean 'GPQA diamond'"):
        together(stray, base)
    half = scores(("mine", "HLE", 0.2, "KAZ"), ("mine", "AIME25", 0.7, "KAZ"), columns=columns)
    assert 'AIME25 (did you mean "AIME 2025' in " ".join(
        together(own(half, "x", today=TODAY, dated=False), base).notes
    )
    taken = scores(("DeepSeek-R1", "GPQA diamond", 0.7, "KAZ"), columns=columns)
    with pytest.raises(ParityError, match="DeepSeek-R1 is carried with the country CHN"):
        together(own(taken, "x", today=TODAY, dated=False), base)


def test_a_carried_model_keeps_what_is_known_of_it_and_a_replaced_score_is_said() -> None:
    rows = scores(("deepseek r1", "GPQA diamond", "90%"), columns=("model", "benchmark", "score"))
    found = together(own(rows, "x", today=TODAY, dated=False), carried())
    assert found.models is not None
    known = found.models.filter(model="DeepSeek-R1").row(0, named=True)
    assert (known["country"], known["derived"]) == ("CHN", False)
    assert found.scores.filter(model="DeepSeek-R1", test="GPQA diamond")["score"].to_list() == [0.9]
    assert "deepseek r1 is DeepSeek-R1" in " ".join(found.notes)
    assert "DeepSeek-R1 on GPQA diamond 0.9 for" in " ".join(found.notes)


def test_two_models_have_intervals_wider_than_nothing() -> None:
    rows = [
        (m, t, y)
        for m, line in (("a", (0.5, 0.4, 0.5)), ("b", (0.6, 0.7, 0.6)))
        for t, y in zip("xyz", line, strict=True)
    ]
    table = fit(tidy(scores(*rows))[0], resampling=BootstrapOptions(draws=40)).table()
    assert (table["high"] - table["low"]).min() > 0.05
