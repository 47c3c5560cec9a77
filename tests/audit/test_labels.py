"""Labels from any layout become one table, and what is not right is said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from parity.audit import analyse, no_models, outcome, tidy, tidy_models
from parity.errors import NoAnswerError, ParityError


def long(**columns: list[object]) -> pl.DataFrame:
    n = len(next(iter(columns.values())))
    base = {
        "model": ["m"] * n,
        "government": ["CN"] * n,
        "pair": [str(k) for k in range(n)],
        "judge": ["j"] * n,
    }
    return pl.DataFrame(base | columns)


def test_plain_layout_takes_both_axes() -> None:
    table = tidy(long(compliance=["COMPLETE", "partial", "DENIAL"], manner=["NONE", "OFFICIAL_LINE", "NONE"]))
    assert table["compliance"].to_list() == ["COMPLETE", "PARTIAL", "DENIAL"]
    assert outcome(table)["y"].to_list() == [0, 1, 1]
    assert outcome(table, "denial")["y"].to_list() == [0, 0, 1]
    assert outcome(table, "official_line")["y"].to_list() == [0, 1, 0]


def test_wide_layout_has_a_judge_per_column() -> None:
    table = tidy(pl.DataFrame({
        "model": ["m", "m"], "criticised_government": ["CN", "US"], "form": [1, 1], "language": ["en", "en"],
        "label_a": ["COMPLETE", "EVASIVE"], "label_b": ["DENIAL", "COMPLETE"],
    }))  # fmt: skip
    assert table.select("government", "judge", "compliance").rows() == [
        ("CN", "a", "COMPLETE"), ("US", "a", "PARTIAL"), ("CN", "b", "DENIAL"), ("US", "b", "COMPLETE"),
    ]  # fmt: skip


def test_filter_stays_in_the_denominator_and_errors_do_not() -> None:
    table = tidy(
        long(
            label=["ERROR", "ERROR", "ERROR_ORIGINAL_MODERATION", "ERROR_ORIGINAL_TRUNCATION", "COMPLETE"],
            response_error=["data_inspection_failed", "500", None, None, "data_inspection_failed"],
        )
    )
    assert table["layer"].to_list() == [
        "provider_filter", "route_error", "provider_filter", "truncation", "model"
    ]  # fmt: skip
    assert outcome(table)["y"].to_list() == [1, None, 1, None, 0]


def test_an_answer_counts_as_the_same_text_unless_the_table_says_otherwise() -> None:
    table = tidy(long(compliance=["COMPLETE"] * 3, same_text=[None, 1, 0]))
    assert table["same_text"].to_list() == [True, True, False]


def test_route_and_day_are_taken_over() -> None:
    table = tidy(long(label=["DENIAL"], provider=["Novita"], collected=["2025-04-11"]))
    assert table.select("host", "date").row(0) == ("Novita", date(2025, 4, 11))
    assert tidy(long(label=["DENIAL"], date=["soon"]))["date"].to_list() == [None]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (long(compliance=["COMPLET"]), "unknown label 'COMPLET'.*Did you mean 'COMPLETE'"),
        (long(compliance=["PARTIAL"], manner=["RUDE"]), "unknown manner 'RUDE'"),
        (long(compliance=["COMPLETE"], kind=["satire"]), "unknown kind 'satire'"),
        (long(compliance=["COMPLETE"], facts_stated=[4], facts_listed=[3]), "states 4 of 3 facts"),
        (
            long(compliance=["COMPLETE"] * 2).with_columns(pair=pl.lit("1")),
            "2 rows share model.*number the repeats",
        ),
        (long(compliance=["COMPLETE"] * 2, rubric=["1", "2"]), "2 versions of the rubric"),
        (long(compliance=["COMPLETE"]).drop("pair"), "nothing names the prompt"),
        (long(score=[1]), "no labels in it"),
        (long(compliance=["COMPLETE"]).drop("model"), "no column 'model'"),
    ],
)
def test_bad_tables_are_refused_in_one_message(table: pl.DataFrame, says: str) -> None:
    with pytest.raises(ParityError, match=says):
        tidy(table)


def test_an_outcome_nobody_recorded_is_no_answer() -> None:
    with pytest.raises(NoAnswerError, match="official_line"):
        outcome(tidy(long(label=["EVASIVE", "EVASIVE"])), "official_line")


def test_hidden_developers_have_no_country() -> None:
    table = tidy_models(
        pl.DataFrame(
            {
                "model": ["a", "b"],
                "developer": ["undisclosed at collection", "Maker"],
                "developer_country": ["US", "CN"],
            }
        )
    )
    assert table.rows() == [("a", None, None, "US"), ("b", "Maker", "CN", "CN")]


def test_models_table_must_be_whole() -> None:
    with pytest.raises(ParityError, match="no column 'country'"):
        tidy_models(pl.DataFrame({"model": ["a"], "developer": ["x"]}))
    with pytest.raises(ParityError, match="comes twice"):
        tidy_models(pl.DataFrame({"model": ["a", "a"], "developer": ["x", "x"], "country": ["US", "US"]}))
    assert no_models(tidy(long(label=["DENIAL"])))["country"].to_list() == [None]


@pytest.mark.shared
def test_reads_the_published_layout(shared: Path) -> None:
    raw = pl.read_csv(shared / "data/raw/llm-audit/speechmap/labels.csv", infer_schema_length=None)
    table = outcome(tidy(raw))
    assert len(table) == 2 * len(raw) == 22_100
    # Every answer that the filter stopped stays in, under both judges.
    filtered = table.filter((pl.col("layer") == "provider_filter") & (pl.col("judge") == "gpt4o"))
    assert len(filtered) == raw.filter(pl.col("response_error") == "data_inspection_failed").height == 42
    russia = table.filter(
        (pl.col("model") == "qwen/qwen-max") & (pl.col("government") == "RU") & (pl.col("judge") == "grok41")
    )
    assert russia["y"].mean() == pytest.approx(0.18)  # 0 if the filter's work were dropped


def test_a_header_alone_is_refused() -> None:
    with pytest.raises(ParityError, match=r"mine\.csv: a header and no row below it"):
        tidy(
            pl.DataFrame(schema={"model": pl.String, "pair": pl.String, "compliance": pl.String}), "mine.csv"
        )


def test_a_model_is_no_judge_of_itself_and_three_judges_agree_together() -> None:
    judges = ["a", "b", "host/M"]
    rows = [(f"p{k}", government, judge) for k in range(6) for government in ("CN", "US") for judge in judges]
    table = tidy(
        pl.DataFrame(rows, ["pair", "government", "judge"], orient="row").with_columns(
            model=pl.lit("m"),
            compliance=pl.when(pl.col("pair") == "p0").then(pl.lit("DENIAL")).otherwise(pl.lit("COMPLETE")),
        )
    )
    found = analyse(table, no_models(table))
    assert found.notes[0] == "12 labels that m gave its own answers: left out, a model is no judge of itself"
    assert [one.judges for one in found.agreement] == [("a", "b")]
    others = table.with_columns(model=pl.lit("other"))
    whole = analyse(others, no_models(others))
    assert whole.agreement[-1].judges == ("a", "b", "host/M")
    assert whole.agreement[-1].alpha.value == pytest.approx(1)
    with pytest.raises(NoAnswerError, match="a model is no judge of itself"):
        analyse(table.filter(judge="host/M"), no_models(table))
