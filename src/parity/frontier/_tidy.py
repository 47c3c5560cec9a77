"""Tables of scores as people keep them, in the one shape that the fit reads."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Literal

import polars as pl

from parity.errors import ParityError, one_of
from parity.frontier._input import some

Duplicates = Literal["error", "best", "median"]

# Ours -> headings in other tables, the first that is there counts; case, spaces and underscores do not.
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "model": ("model", "model version", "model name", "model id", "name", "system", "llm"),
    "test": ("test", "benchmark", "benchmark name", "task", "eval", "evaluation", "dataset"),
    "score": ("score", "performance", "mean score", "accuracy", "result", "value"),
    "date": ("date", "release date", "released", "version release date", "release", "launch date"),
    "country": ("country", "iso3", "country code", "nation", "developer country", "country iso3"),
    "developer": ("developer", "organization", "organisation", "org", "company", "lab", "creator"),
    "open_weights": ("open weights", "open", "weights"),
    "derived": ("derived",),
    "family": ("family",),
    "date_error": ("date error",),
    "domain": ("domain",),
    "unit": ("unit", "scale"),
    "floor": ("chance", "chance level", "lower bound", "random baseline", "floor"),
    "ceiling": ("maximum", "ceiling", "upper bound"),
}
_FLAGS = {
    **dict.fromkeys(("true", "yes", "1", "open"), True),
    **dict.fromkeys(("false", "no", "0", "closed"), False),
}
_UNITS = {
    **dict.fromkeys(("percent", "%", "pct", "per cent"), "percent"),
    **dict.fromkeys(("share", "fraction", "proportion", "0-1"), "share"),
    **dict.fromkeys(("elo", "rating"), "Elo"),
    **dict.fromkeys(("minutes", "hours", "min", "h", "horizon", "seconds"), "horizon"),
}
_IN_HEADING = re.compile(r"\s*[(\[]\s*(%|percent|pct|elo|minutes|hours|min|h)\s*[)\]]\s*$|\s*(%)\s*$", re.I)
_HORIZON = re.compile(r"horizon|minutes|hours|\bMETR\b", re.I)
_RATING = re.compile(r"\belo\b|arena|rating|codeforces", re.I)
# Columns of numbers that are no benchmark, in a table with one column for each.
_NO_TEST = re.compile(
    r"(rank|id|#|params?|parameters|size|cost|price|tokens?|context|votes?|stderr|se|ci|sd|year|average|avg|mean|"
    r"overall|total|training compute|active|n scores)\b|"
    r".*\b(standard error|std ?err|stderr|notes?|source|link)\b",
    re.I,
)
_ABSENT = ("", "-", "–", "—", "n/a", "na", "nan", "none", "null", "?")
_NUMBER = r"^([+-]?(?:\d+(?:[.,]\d+)?|[.,]\d+)(?:[eE][+-]?\d+)?)\s*(%?)(?:\s*(?:±|\+/-).*)?$"
# From here on a figure is percent rather than a share slightly wrong; a rating of chess players begins there.
_PERCENT_FROM, _ELO_FROM = 1.5, 400.0
# Half-width in days of a release known by its month or year.
_VAGUE = {7: 15, 4: 183}


def tidy(
    frame: pl.DataFrame, name: str = "", *, today: dt.date | None = None, duplicates: Duplicates = "error"
) -> tuple[pl.DataFrame, list[str]]:
    """Return a table of scores with one per row, as shares, and what was understood.

    Parameters
    ----------
    frame
        One score per row; or one model per row with a column for each benchmark, or the other way round.
        Scores are shares, percent ("50%" or 50), Elo ratings or time horizons, each benchmark in its own
        unit, which a column ``unit`` or a heading such as "GPQA (%)" may declare.
    name
        What the scores count as where no column names the benchmark.
    today
        Releases after this day are refused; not checked if ``None``.
    duplicates
        What to do with several scores of one model on one benchmark: refuse them, or take the best or
        the median.

    Returns
    -------
    tuple
        Columns model, test, score and what else was told of model and test (``floor`` is a chance level);
        and notes for the reader.

    Raises
    ------
    ParityError
        If a column or a value is absent or cannot be read, units cannot be told apart, scores lie outside
        0 to 1, rows disagree, or a date is none or lies in the future.
    """
    notes: list[str] = []
    frame = _numbered(_headed(frame), name, notes)
    if frame.is_empty():
        raise ParityError("the scores have no rows; give at least two models on two benchmarks")
    for column in ("model", "test"):
        frame = _named(frame, column, notes)
    frame = _scores(frame, notes)
    for column in ("open_weights", "derived"):
        if column in frame.columns and frame[column].dtype != pl.Boolean:
            flag = pl.col(column).cast(pl.String).str.strip_chars().str.to_lowercase()
            frame = frame.with_columns(flag.replace_strict(_FLAGS, default=None).alias(column))
    if "date" in frame.columns:
        frame = _dates(frame, today, notes)
    return _once(frame.drop("row"), duplicates, notes), notes


def _headed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table with our names for the columns that we know."""
    plain = {re.sub(r"[\s_]+", " ", column).strip().lower(): column for column in frame.columns}
    plain = {heading.removesuffix(" (%)"): column for heading, column in plain.items()} | plain
    found = {ours: next((plain[h] for h in known if h in plain), None) for ours, known in _HEADINGS.items()}
    taken = {column: ours for ours, column in found.items() if column is not None}
    # A column that has one of our names, but is not the one that counts, makes room.
    room = {c: f"{c} (not read)" for c in frame.columns if c in _HEADINGS and c not in taken}
    frame = frame.rename(room | taken)
    score = found["score"]
    if score is not None and "unit" not in frame.columns and "%" in score:
        frame = frame.with_columns(unit=pl.lit("percent"))
    return frame


def _numbered(frame: pl.DataFrame, name: str, notes: list[str]) -> pl.DataFrame:
    """Return one score per row, each with the row of the file that it stands in."""
    frame = frame.with_row_index("row", offset=2)
    has = {column: column in frame.columns for column in ("model", "test", "score")}
    if has["model"] and not has["score"] and not has["test"]:
        frame = _long(frame, "test", notes)
    elif has["test"] and not has["score"] and not has["model"]:
        frame = _long(frame, "model", notes)
    elif has["model"] and has["score"] and not has["test"] and name:
        notes.append(f"no column names the benchmark: all scores count as {name}")
        frame = frame.with_columns(test=pl.lit(name))
    absent = [column for column in ("model", "test", "score") if column not in frame.columns]
    if absent:
        given = ", ".join(frame.columns[1:]) or "none"
        raise ParityError(
            f"the scores lack the column {', '.join(absent)} (columns given: {given}); "
            "needed are model, benchmark and score, and date and country for a lag"
        )
    return frame.select("row", pl.col(column for column in frame.columns if column in _HEADINGS))


def _long(frame: pl.DataFrame, across: str, notes: list[str]) -> pl.DataFrame:
    """Return a table with a column for each benchmark (or model) as one with a row for each score."""
    known = [column for column in frame.columns if column in _HEADINGS or column == "row"]
    others = [column for column in frame.columns if column not in known]
    texts = {column: frame[column].cast(pl.String).str.strip_chars() for column in others}
    given = {c: t.filter(~t.str.to_lowercase().is_in(_ABSENT).fill_null(True)) for c, t in texts.items()}
    wanted = [
        column
        for column, cells in given.items()
        if not (across == "test" and _NO_TEST.match(column.replace("_", " ").strip()))
        and len(cells)
        and cells.str.contains(_NUMBER).sum() * 2 >= len(cells)
    ]
    if not wanted:
        return frame
    passed = [column for column in others if column not in wanted]
    kind = {"test": "benchmark", "model": "model"}[across]
    notes.append(f"one column a {kind}: {some(wanted)}")
    if passed:
        notes.append(f"columns passed over, for they are no {kind}: {some(passed)}")
    long = frame.with_columns(texts[column] for column in wanted).unpivot(
        wanted, index=known, variable_name=across, value_name="score"
    )
    blank = pl.col("score").str.to_lowercase().is_in(_ABSENT).fill_null(True)
    if across == "test" and "unit" not in long.columns:
        marks = {c: m.group(1) or m.group(2) for c in wanted if (m := _IN_HEADING.search(c))}
        long = long.with_columns(
            unit=pl.col("test").replace_strict(marks, default=None, return_dtype=pl.String)
        )
        long = long.with_columns(pl.col("test").replace({c: _IN_HEADING.sub("", c) for c in marks}))
    return long.filter(~blank)


def _named(frame: pl.DataFrame, column: str, notes: list[str]) -> pl.DataFrame:
    """Return names that differ in case or outer spaces alone in the spelling met first."""
    given = pl.col(column).cast(pl.String)
    frame = frame.with_columns(given.alias(column), _key=given.str.strip_chars().str.to_lowercase())
    empty = frame.filter(pl.col("_key").fill_null("") == "")
    if empty.height:
        raise ParityError(f"row {empty['row'][0]} of the scores has no {column}; name it or drop it")
    frame = frame.with_columns(_first=pl.col(column).first().over("_key"))
    spelt = [pl.col(name).str.strip_chars() for name in ("_first", column)]
    folded = frame.filter(spelt[0] != spelt[1]).select(spelt).unique(maintain_order=True)
    if folded.height:
        notes.append(f"taken for one {column}: {some([f'{a} and {b}' for a, b in folded.iter_rows()])}")
    return frame.with_columns(pl.col("_first").alias(column)).drop("_key", "_first")


def _scores(frame: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    """Return the scores as shares, each benchmark from its own unit."""
    texts = frame["score"].cast(pl.String).str.strip_chars()
    number = (
        texts.str.replace(_NUMBER, "$1").str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    )
    odd = (number.is_null() | ~number.is_finite()).fill_null(True)
    if odd.any():
        row = frame.filter(odd).row(0, named=True)
        raise ParityError(
            f"row {row['row']} of the scores: {row['model']} has '{row['score']}' on {row['test']}; "
            "give a number from 0 to 1, or percent"
        )
    marked = texts.str.replace(_NUMBER, "$2") == "%"
    unit = _declared(frame) if "unit" in frame.columns else pl.Series([None] * len(texts), dtype=pl.String)
    frame = frame.with_columns(
        score=number, unit=pl.Series(unit).zip_with(~marked, pl.Series(["%"] * len(texts)))
    )
    parts: list[pl.DataFrame] = []
    said: dict[str, list[str]] = {}
    for (test,), part in frame.group_by("test", maintain_order=True):
        read = _unit(str(test), part)
        said.setdefault(read, []).append(str(test))
        parts.append(part.with_columns(score=_shares(str(test), part["score"], read, part["unit"], notes)))
    if "percent" in said:
        notes.append(f"read as percent: {some(said['percent'])}")
        if "share" in said:
            notes.append(f"read as shares of 1: {some(said['share'])}")
    frame = pl.concat(parts).drop("unit").sort("row", maintain_order=True)
    outside = frame.filter(~pl.col("score").is_between(0, 1))
    if outside.height:
        worst = outside.row(0, named=True)
        raise ParityError(
            f"{worst['model']} has {worst['score']:g} on {worst['test']}; scores must lie from 0 to 1, or a "
            f"column 'unit' says what they are: {one_of(('share', 'percent', 'elo', 'minutes'))}"
        )
    return _limits(frame)


def _declared(frame: pl.DataFrame) -> pl.Series:
    given = frame["unit"].cast(pl.String).str.strip_chars().str.to_lowercase().replace("", None)
    unknown = [unit for unit in given.drop_nulls().unique() if unit not in _UNITS]
    if unknown:
        allowed = one_of(("share", "percent", "elo", "minutes"))
        raise ParityError(f"the scores have the unit '{unknown[0]}'; allowed are {allowed}")
    return given.replace(_UNITS)


def _unit(test: str, part: pl.DataFrame) -> str:
    """Return the unit of one benchmark's scores: what is declared, or what they look like."""
    declared = part["unit"].replace("%", None).drop_nulls().unique().to_list()
    plain = part.filter(pl.col("unit").is_null())["score"]
    if len(declared) > 1:
        raise ParityError(f"{test} has scores in several units: {' and '.join(sorted(declared))}; give one")
    if declared:
        return str(declared[0])
    if plain.is_empty():
        return "percent"
    most, least = float(plain.max()), float(plain.min())  # type: ignore[arg-type]
    if least < 0 or most <= _PERCENT_FROM:
        return "share"
    if _HORIZON.search(test):
        return "horizon"
    if least >= _ELO_FROM or (most > 100 and _RATING.search(test)):
        return "Elo"
    if most > 100:
        return "share"
    if ((plain > 0) & (plain <= 1)).any():
        raise ParityError(
            f"{test} has both {most:g} and figures up to 1: percent and shares cannot be told apart; "
            'write percent as "50%", name the column "(%)" or divide by 100'
        )
    return "percent"


def _shares(test: str, number: pl.Series, unit: str, marks: pl.Series, notes: list[str]) -> pl.Series:
    if unit in ("percent", "share"):
        percent = (marks == "%").fill_null(False) | (unit == "percent")
        return number.zip_with(~percent, number / 100)
    middle = float(number.median())  # type: ignore[arg-type]
    if unit == "Elo":
        notes.append(f"{test} is read as Elo ratings: the expected score against its median, {middle:g}")
        return 1 / (1 + 10 ** ((middle - number) / 400))
    if middle <= 0 or float(number.min()) < 0:  # type: ignore[arg-type]
        raise ParityError(f"{test} has a time horizon below 0, or none above it; give lengths of tasks")
    notes.append(f"{test} is read as time horizons: the odds against its median, {middle:g}, are their ratio")
    return number / (number + middle)


def _limits(frame: pl.DataFrame) -> pl.DataFrame:
    """Return chance level and maximum of tests as shares."""
    for column in ("floor", "ceiling"):
        if column in frame.columns:
            text = pl.col(column).cast(pl.String).str.strip_chars()
            number = text.str.strip_suffix("%").cast(pl.Float64, strict=False)
            share = pl.when(text.str.ends_with("%") | (number > 1)).then(number / 100).otherwise(number)
            frame = frame.with_columns(share.alias(column))
    return frame


def _once(frame: pl.DataFrame, duplicates: Duplicates, notes: list[str]) -> pl.DataFrame:
    """Return one score for each model and test."""
    frame = frame.unique(maintain_order=True)
    pairs = frame.group_by("model", "test", maintain_order=True).agg("score")
    twice = pairs.filter(pl.col("score").list.n_unique() > 1)
    if twice.height and duplicates == "error":
        row = twice.row(0, named=True)
        values = ", ".join(f"{value:g}" for value in row["score"])
        raise ParityError(
            f"{row['model']} has several scores on {row['test']} that disagree: {values} "
            f"({twice.height} such pairs); keep one, name the settings apart as benchmarks of their own, or "
            "take the best or the median of each (--duplicates best)"
        )
    if twice.height:
        notes.append(
            f"of several scores of a model on a benchmark the {duplicates} counts: {twice.height} times"
        )
    kept = pl.col("score").max() if duplicates == "best" else pl.col("score").median()
    about = [column for column in frame.columns if column not in ("model", "test", "score")]
    return frame.with_columns(kept.over("model", "test")).unique(
        ["model", "test", "score", *about], maintain_order=True
    )


def _dates(frame: pl.DataFrame, today: dt.date | None, notes: list[str]) -> pl.DataFrame:
    dates = frame["date"]
    if dates.dtype == pl.Datetime:
        dates = dates.cast(pl.Date)
    if dates.dtype != pl.Date:
        texts = dates.cast(pl.String).str.strip_chars().replace("", None)
        day = texts.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
        vague = texts.filter(texts.str.contains(r"^\d{4}(-\d{2})?$")).unique()
        if len(vague):
            notes.append(
                f"released within a month or year, put to its middle: {some(vague.sort().to_list())}"
            )
        middle = (texts + "-07-02").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
        month = (texts + "-15").str.to_date("%Y-%m-%d", strict=False)
        length = texts.str.len_chars()
        day = day.zip_with(length != 4, middle).zip_with(length != 7, month)
        odd = texts.is_not_null() & day.is_null()
        if odd.any():
            row = frame.filter(odd).row(0, named=True)
            raise ParityError(f"{row['model']} has the date '{row['date']}'; give dates as 2025-01-20")
        if len(vague) and "date_error" not in frame.columns:
            frame = frame.with_columns(date_error=length.replace_strict(_VAGUE, default=0))
        dates = day
    if today is not None and (later := frame.filter(dates > today)).height:
        row = later.row(0, named=True)
        raise ParityError(f"{row['model']} has the date {row['date']}, which lies in the future; correct it")
    return frame.with_columns(date=dates)


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
