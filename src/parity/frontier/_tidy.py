"""Tables of scores as people keep them, in the one shape that the fit reads."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from parity.errors import ParityError

# Names of columns in other tables -> ours; upper and lower case do not count.
NAMES: Mapping[str, str] = {
    **dict.fromkeys(("model", "model version", "model_version", "model name", "name"), "model"),
    **dict.fromkeys(("test", "benchmark", "task", "eval"), "test"),
    **dict.fromkeys(("score", "performance", "accuracy", "mean_score", "result"), "score"),
    **dict.fromkeys(("date", "release_date", "release date", "released"), "date"),
    **dict.fromkeys(("country", "iso3", "country code", "nation"), "country"),
    **dict.fromkeys(("developer", "organization", "organisation"), "developer"),
}
_DESCRIBE = ("model", "date", "country", "developer", "open_weights", "derived", "family", "date_error")
# From here on a figure is percent rather than a share slightly wrong; a rating of chess players begins there.
_PERCENT_FROM, _ELO_FROM = 1.5, 400.0


def tidy(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Return scores with one per row, as shares, and what was understood.

    Parameters
    ----------
    frame
        One score per row, or one model per row with a column per benchmark; shares, percent ("50%" or
        50) or Elo ratings, each benchmark in its own unit.

    Returns
    -------
    tuple
        Columns model, test, score and what describes the model; and notes for the reader.

    Raises
    ------
    ParityError
        If a benchmark mixes shares and percent.
    """
    frame = _named(frame)
    notes: list[str] = []
    if "model" in frame.columns and not {"test", "score"} & set(frame.columns):
        frame, note = _long(frame)
        notes += note
    if not {"test", "score"} <= set(frame.columns):
        return frame, notes
    frame = frame.with_columns(_shares(frame["score"]))
    numbers = frame["score"].cast(pl.Float64, strict=False)
    for test, most, least, small in (
        frame.with_columns(number=numbers)
        .group_by("test", maintain_order=True)
        .agg(
            most=pl.col("number").max(),
            least=pl.col("number").min(),
            small=((pl.col("number") > 0) & (pl.col("number") <= 1)).sum(),
        )
        .iter_rows()
    ):
        here = (pl.col("test") == test) if test is not None else pl.lit(False)
        number = pl.col("score").cast(pl.Float64, strict=False)
        if most is None or least < 0 or most <= _PERCENT_FROM:
            continue
        if least >= _ELO_FROM:
            middle = float(frame.filter(here).select(number.median()).item())
            value = 1 / (1 + 10 ** ((middle - number) / 400))
            notes.append(f"{test} is read as Elo ratings: the expected score against its median, {middle:g}")
        elif most <= 100 and not small:
            value = number / 100
            notes.append(f"{test} is read as percent")
        elif most <= 100:
            raise ParityError(
                f"{test} has both {most:g} and figures up to 1: percent and shares cannot be told apart; "
                'write percent as "50%" or divide by 100'
            )
        else:
            continue
        frame = frame.with_columns(score=pl.when(here).then(value).otherwise(number))
    return frame, notes


def check_models(frame: pl.DataFrame) -> None:
    """Refuse a model with two dates or two countries.

    Raises
    ------
    ParityError
        Naming both.
    """
    for column in ("date", "country"):
        if column in frame.columns:
            told = frame.group_by("model", maintain_order=True).agg(
                pl.col(column).drop_nulls().unique().sort()
            )
            twice = told.filter(pl.col(column).list.len() > 1)
            if twice.height:
                model, values = twice.row(0)
                both = " and ".join(map(str, values[:2]))
                raise ParityError(
                    f"{model} has two {'dates' if column == 'date' else 'countries'}: {both}; keep one"
                )


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    found: dict[str, str] = {}
    for column in frame.columns:
        ours = NAMES.get(column.strip().lower(), column)
        if ours not in found.values():
            found[column] = ours
    return frame.rename(found)


def _long(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Return a table with a column per benchmark as one with a row per score."""
    tests = [column for column in frame.columns if column not in _DESCRIBE]
    if len(tests) < 2:
        return frame, []
    about = [column for column in frame.columns if column in _DESCRIBE]
    frame = frame.with_columns(pl.col(tests).cast(pl.String))
    long = frame.unpivot(tests, index=about, variable_name="test", value_name="score")
    long = long.filter(pl.col("score").is_not_null() & (pl.col("score").str.strip_chars() != ""))
    return long, [f"one column a benchmark: {', '.join(tests[:5])}{' ...' if len(tests) > 5 else ''}"]


def _shares(column: pl.Series) -> pl.Series:
    """Return scores with those marked as percent ("50%") as shares."""
    if column.dtype != pl.String:
        return column
    texts = column.str.strip_chars()
    marked = texts.str.ends_with("%")
    if not marked.any():
        return texts
    numbers = texts.str.strip_suffix("%").str.strip_chars().cast(pl.Float64, strict=False) / 100
    values = numbers.cast(pl.String).zip_with(marked, texts)
    return values.alias("score")
