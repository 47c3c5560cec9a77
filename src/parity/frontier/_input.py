"""Tables of scores, made into arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from parity.errors import ParityError, did_you_mean
from parity.frontier._fit import Integers, Problem
from parity.frontier._options import FitOptions

# The published index hangs its scale on this test.
USUAL_ANCHOR = "Winogrande"
_SHOWN = 5


def lonely(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Return scores without tests that a single model took, and notes on what was left out."""
    kept = frame.filter(pl.col("model").n_unique().over("test") > 1)
    notes = []
    if kept.height < frame.height:
        tests = sorted(set(frame["test"]) - set(kept["test"]))
        models = sorted(set(frame["model"]) - set(kept["model"]))
        without = f", and with them {some(models)}" if models else ""
        notes.append(f"left out, for one model alone took them: {some(tests)}{without}")
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
        Columns test, chance and maximum, where known; ``floor`` and ``ceiling`` hold whatever the options.
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
        raise ParityError(
            "capability needs at least two models and two benchmarks that share models; give more, or add "
            "yours to the scores that Parity carries (--add)"
        )
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

    def column(name: str, usual: float | np.ndarray) -> np.ndarray:
        if name not in known.columns:
            return np.zeros(len(names)) + usual
        given = known[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        return np.where(np.isnan(given), usual, given)

    floor = column("chance", 0.0) if options.guessing else np.zeros(len(names))
    ceiling = column("maximum", 1.0) if options.ceiling else np.ones(len(names))
    # What a table of the user's own says of its tests holds without being asked for.
    floor, ceiling = column("floor", floor), column("ceiling", ceiling)
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
            f"Choose one of {len(names)}, such as {some(names)}"
        )
    return list(names).index(given)


def _check_connected(row: Integers, column: Integers, models: Sequence[str], tests: Sequence[str]) -> None:
    """Refuse islands: models and tests without a chain of shared scores have no common scale."""
    # Each takes the least number of those it shares a score with, until none changes. The library's
    # function for it takes half a second to import.
    of_model, of_test = np.full(len(models), len(tests)), np.arange(len(tests))
    before = None
    while before is None or (of_test != before).any():
        before = of_test.copy()
        np.minimum.at(of_model, row, of_test[column])
        np.minimum.at(of_test, column, of_model[row])
    islands = np.unique(of_test).size
    if islands == 1:
        return
    parts = []
    sizes = np.bincount(of_model, minlength=len(tests)) + np.bincount(of_test, minlength=len(tests))
    for island in np.argsort(-sizes, kind="stable")[: min(_SHOWN, islands)]:
        members = [models[int(k)] for k in np.flatnonzero(of_model == island)]
        taken = [tests[int(k)] for k in np.flatnonzero(of_test == island)]
        parts.append(f"[{some(members, 3)} on {some(taken, 3)}]")
    raise ParityError(
        f"the scores fall into {islands} islands without a shared model or benchmark, so no common scale "
        f"exists: {'; '.join(parts)}; add scores that connect them, or fit each alone"
    )


def some(names: Sequence[str], most: int = _SHOWN) -> str:
    """Return the first of some names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
