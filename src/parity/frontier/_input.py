"""Tables of scores: checked, and made into arrays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import polars as pl

from parity.errors import ParityError, did_you_mean
from parity.frontier._fit import Integers, Problem
from parity.frontier._options import FitOptions

# The published index hangs its scale on this test.
USUAL_ANCHOR = "Winogrande"
# Other names that score tables in use give to our columns.
ALIASES = {"benchmark": "test", "performance": "score", "release_date": "date", "iso3": "country"}
# A table whose largest score exceeds this is in percent rather than slightly wrong.
_PERCENT_FROM = 1.5
_SHOWN = 5


def check_scores(frame: pl.DataFrame, *, today: dt.date | None = None) -> pl.DataFrame:
    """Return a user's scores with the columns that the fit needs, or say what is wrong with them.

    Parameters
    ----------
    frame
        One score per row: model, test (or benchmark), score; perhaps date and country. Rows that
        repeat another one are dropped.
    today
        Releases after this day are refused; not checked if ``None``.

    Returns
    -------
    polars.DataFrame
        Columns model, test, score, and those of date, country and others that were given.

    Raises
    ------
    ParityError
        If a column or a value is absent, a score is no number, lies outside 0 to 1 or is in
        percent, two rows disagree, a date lies in the future or is no date.
    """
    frame = frame.rename({k: v for k, v in ALIASES.items() if k in frame.columns and v not in frame.columns})
    absent = [column for column in ("model", "test", "score") if column not in frame.columns]
    if absent:
        given = ", ".join(frame.columns) or "none"
        raise ParityError(
            f"the scores lack the column {', '.join(absent)} (columns given: {given}); "
            "needed are model, benchmark and score, and date and country for a lag"
        )
    frame = _texts(frame).with_columns(score=_numbers(frame["score"]))
    _check_range(frame)
    frame = frame.unique(maintain_order=True)
    _check_twice(frame)
    return _dates(frame, today) if "date" in frame.columns else frame


def _texts(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the names as text; those that differ in outer spaces alone take the spelling met first."""
    for column in ("model", "test", "country"):
        if column not in frame.columns:
            continue
        given = pl.col(column).cast(pl.String)
        bare = frame.select(given.str.strip_chars()).to_series()
        empty = np.flatnonzero((bare.is_null() | (bare == "")).to_numpy())
        if empty.size and column != "country":
            row = int(empty[0]) + 2
            raise ParityError(f"row {row} of the scores has no {column}; name it or drop it")
        frame = frame.with_columns(given.first().over(bare).alias(column))
    return frame


def _numbers(column: pl.Series) -> pl.Series:
    if column.is_empty():
        raise ParityError("the scores have no rows; give at least two models on two benchmarks")
    numbers = column.cast(pl.Float64, strict=False)
    odd = numbers.is_null() | numbers.is_nan()
    if odd.any():
        place = int(np.flatnonzero(odd.to_numpy())[0])
        raise ParityError(
            f"row {place + 2} of the scores has '{column[place]}' for a score; give a number from 0 to 1"
        )
    return numbers


def _check_range(frame: pl.DataFrame) -> None:
    largest, least = frame["score"].max(), frame["score"].min()
    if not isinstance(largest, float) or not isinstance(least, float):
        return
    if least >= 0 and _PERCENT_FROM < largest <= 100:
        worst = frame.filter(pl.col("score") == largest).row(0, named=True)
        raise ParityError(
            f"the scores look like percent: {worst['model']} has {largest:g} on {worst['test']}; "
            "divide them by 100"
        )
    outside = frame.filter(~pl.col("score").is_between(0, 1))
    if outside.height:
        worst = outside.row(0, named=True)
        raise ParityError(
            f"{worst['model']} has {worst['score']:g} on {worst['test']}; scores must lie from 0 to 1"
        )


def _check_twice(frame: pl.DataFrame) -> None:
    pairs = frame.group_by("model", "test", maintain_order=True).agg("score")
    twice = pairs.filter(pl.col("score").list.n_unique() > 1)
    if twice.height:
        row = twice.row(0, named=True)
        values = ", ".join(f"{value:g}" for value in row["score"])
        raise ParityError(
            f"{row['model']} has several scores on {row['test']} that disagree: {values} "
            f"({twice.height} such pairs); keep one, or name the settings apart as benchmarks of their own"
        )


def _dates(frame: pl.DataFrame, today: dt.date | None) -> pl.DataFrame:
    dates = frame["date"]
    if dates.dtype != pl.Date:
        texts = dates.cast(pl.String).str.strip_chars()
        texts = texts.set(texts == "", None)
        dates = texts.str.to_date("%Y-%m-%d", strict=False)
        odd = texts.is_not_null() & dates.is_null()
        if odd.any():
            place = int(np.flatnonzero(odd.to_numpy())[0])
            raise ParityError(
                f"{frame['model'][place]} has the date '{texts[place]}'; give dates as 2025-01-20"
            )
    if today is not None and (later := frame.filter(dates > today)).height:
        row = later.row(0, named=True)
        raise ParityError(f"{row['model']} has the date {row['date']}, which lies in the future; correct it")
    return frame.with_columns(date=dates)


def lonely(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Leave out tests that a single model took, and models left without a test.

    Parameters
    ----------
    frame
        Columns model, test and score.

    Returns
    -------
    tuple
        The rows kept, and a note on what was left out, if anything was.
    """
    kept = frame.filter(pl.col("model").n_unique().over("test") > 1)
    notes = []
    if kept.height < frame.height:
        tests = sorted(set(frame["test"]) - set(kept["test"]))
        models = sorted(set(frame["model"]) - set(kept["model"]))
        without = f", and with them {_some(models)}" if models else ""
        notes.append(f"left out, for one model alone took them: {_some(tests)}{without}")
    return kept, notes


def arrange(
    frame: pl.DataFrame, tests: pl.DataFrame, options: FitOptions
) -> tuple[Problem, list[str], list[str]]:
    """Make scores into arrays.

    Parameters
    ----------
    frame
        Columns model, test and score; no pair twice.
    tests
        Columns test, chance and maximum, where known.
    options
        Options of the fit.

    Returns
    -------
    tuple
        The problem, the names of its models and of its tests, sorted.

    Raises
    ------
    ParityError
        If the scores cannot tell models apart, fall into unconnected islands, or lack the anchor.
    """
    if frame["model"].n_unique() < 2 or frame["test"].n_unique() < 2:
        raise ParityError("capability needs at least two models and two benchmarks that share models")
    if frame["score"].n_unique() == 1:
        raise ParityError(f"all scores equal {frame['score'][0]:g}: nothing tells the models apart")
    models, names = frame["model"].unique().sort().to_list(), frame["test"].unique().sort().to_list()
    row, column = _number(frame["model"], models), _number(frame["test"], names)
    _check_connected(row, column, models, names)
    order = np.lexsort((column, row))
    floor, ceiling = _limits(names, tests, options)
    y = frame["score"].to_numpy().astype(np.float64)[order]
    anchor = _anchor(column, names, options.anchor)
    problem = Problem(row[order], column[order], y, floor, ceiling - floor, len(models), anchor, options)
    return problem, models, names


def _number(column: pl.Series, names: Sequence[str]) -> Integers:
    return column.replace_strict({name: k for k, name in enumerate(names)}, return_dtype=pl.Int64).to_numpy()


def _limits(names: Sequence[str], tests: pl.DataFrame, options: FitOptions) -> tuple[np.ndarray, np.ndarray]:
    known = pl.DataFrame({"test": names}).join(tests, on="test", how="left", maintain_order="left")

    def column(name: str, usual: float) -> np.ndarray:
        if name not in known.columns:
            return np.full(len(names), usual)
        return known[name].cast(pl.Float64).fill_null(usual).to_numpy().copy()

    floor = column("chance", 0.0) if options.guessing else np.zeros(len(names))
    ceiling = column("maximum", 1.0) if options.ceiling else np.ones(len(names))
    if (ceiling <= floor).any():
        place = int(np.flatnonzero(ceiling <= floor)[0])
        raise ParityError(f"{names[place]}: its maximum {ceiling[place]:g} is not above its chance level")
    return floor, ceiling


def _anchor(column: Integers, names: Sequence[str], given: str | None) -> int:
    if given is None:
        if USUAL_ANCHOR in names:
            return list(names).index(USUAL_ANCHOR)
        return int(np.bincount(column, minlength=len(names)).argmax())
    if given not in names:
        raise ParityError(
            f"the anchor '{given}' is not among the benchmarks.{did_you_mean(given, names)} "
            f"Choose one of {len(names)}, such as {_some(names)}"
        )
    return list(names).index(given)


def _check_connected(row: Integers, column: Integers, models: Sequence[str], tests: Sequence[str]) -> None:
    """Refuse islands: models and tests without a chain of shared scores have no common scale."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = len(models) + len(tests)
    links = coo_array((np.ones(row.size), (row, len(models) + column)), shape=(size, size))
    islands, label = connected_components(links, directed=False)
    if islands == 1:
        return
    parts = []
    for island in np.argsort(-np.bincount(label), kind="stable")[:_SHOWN]:
        members = [models[int(k)] for k in np.flatnonzero(label[: len(models)] == island)]
        taken = [tests[int(k)] for k in np.flatnonzero(label[len(models) :] == island)]
        parts.append(f"[{_some(members, 3)} on {_some(taken, 3)}]")
    raise ParityError(
        f"the scores fall into {islands} islands without a shared model or benchmark, so no common scale "
        f"exists: {'; '.join(parts)}; add scores that connect them, or fit each alone"
    )


def _some(names: Sequence[str], most: int = _SHOWN) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
