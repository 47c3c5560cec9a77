"""Paired contrasts: one government against others on the same task, one language against another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from parity.audit._vocabulary import CONTROLS, SENSITIVE
from parity.audit.intervals import agreeing, independent_interval, paired_interval
from parity.errors import NoAnswerError, ParityError, one_of
from parity.stats import benjamini_hochberg, holm, relabelling

Array = NDArray[np.float64]
OTHERS = "others"
TASK = ["judge", "model", "language", "kind"]
ROW: dict[str, pl.DataType | type[pl.DataType]] = {
    "difference": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "p": pl.Float64,
    "pairs": pl.Int64,
    "missing": pl.Int64,
    "up": pl.Int64,
    "down": pl.Int64,
    "variance": pl.Float64,
    "equivalent": pl.Boolean,
    "attainable": pl.List(pl.Float64),
}


def selectivity(
    items: pl.DataFrame,
    protected: str,
    against: str = OTHERS,
    *,
    level: float = 0.95,
    margin: float = 0.1,
) -> pl.DataFrame:
    """Compare how models treat one government and others on the same tasks.

    Parameters
    ----------
    items
        One row per prompt, from :func:`parity.audit.cells.items`.
    protected
        Government that may be spared.
    against
        Government to compare with, or ``"others"``: the mean over all others that were asked
        about with the same task.
    level
        Probability that the intervals cover; its complement is the level of the tests.
    margin
        Difference below which the answer is that there is none, once the interval shows it.

    Returns
    -------
    polars.DataFrame
        One row per judge, model and language: ``difference`` (withheld more on the protected
        government: above 0), ``low, high``, ``p`` (exact), ``p_adjusted``, ``p_holm`` and ``p_bh``
        (over the models of one judge and language: Holm's steps with the p that each test can reach,
        for claims; the same as if each could reach any; Benjamini-Hochberg, for screens), ``pairs``,
        ``missing`` pairs, ``up`` and ``down`` (pairs with more withheld on either side), ``variance``
        and ``verdict``.

    Raises
    ------
    NoAnswerError
        If no task was asked about both.
    """
    rows = _differences(items, protected, against, level, margin)
    return _judged(rows, ["judge", "language"], level, margin)


def _differences(
    items: pl.DataFrame, protected: str, against: str, level: float, margin: float
) -> pl.DataFrame:
    """Return one contrast per judge, model and language, before many of them are taken into account."""
    asked = items.filter(pl.col("kind").is_in(SENSITIVE))
    if asked.is_empty():
        raise NoAnswerError(f"no {one_of(SENSITIVE)} prompt has an outcome yet: no selectivity")
    _known(asked, [protected] if against == OTHERS else [protected, against])
    key = [*TASK, "pair"]
    one = asked.filter(pl.col("government") == protected)
    rest = asked.filter(
        pl.col("government") != protected if against == OTHERS else pl.col("government") == against
    )
    other = rest.group_by(key).agg(
        # Averaging over governments is not repetition: what varies there is the prompt.
        answers=pl.col("answers").mean(),
        governments=pl.len(),
        others=pl.col("y").sort_by("government"),
    )
    # A task counts where every other government that the model was asked about is there: by kind, for a
    # government asked about facts alone must not turn every task of criticism into a missing one.
    whole = rest.group_by(TASK).agg(wanted=pl.col("government").n_unique())
    every = pl.col("governments") == pl.col("wanted")
    table = (
        one.join(other, on=key, suffix="_2", how="full", coalesce=True)
        .join(whole, on=TASK, how="left")
        .with_columns(
            known=(every & pl.col("y").is_not_null()).fill_null(value=False),
            outcomes=pl.concat_list("y", "others"),
        )
    )
    if not table["known"].any():
        raise NoAnswerError(
            f"no task was asked about both '{protected}' and {against}: selectivity needs matched prompts"
        )
    rows = _contrasts(table, ["judge", "model", "language"], level, margin)
    return rows.with_columns(protected=pl.lit(protected), against=pl.lit(against))


def own_government(
    items: pl.DataFrame, own: dict[str, str], *, level: float = 0.95, margin: float = 0.1
) -> pl.DataFrame:
    """Compare how each model treats the government of its developer with how it treats others.

    Parameters
    ----------
    items
        One row per prompt.
    own
        Model -> government of its developer; models without one stay out.
    level, margin
        As in :func:`selectivity`.

    Returns
    -------
    polars.DataFrame
        As :func:`selectivity`; ``protected`` is each model's own government, and a judge and
        language make one family.
    """
    asked = set(items["government"].unique())
    parts = []
    for government in sorted({code for code in own.values() if code in asked}):
        mine = [model for model, code in own.items() if code == government]
        chosen = items.filter(pl.col("model").is_in(mine))
        if chosen["government"].n_unique() > 1 and government in set(chosen["government"]):
            parts.append(_differences(chosen, government, OTHERS, level, margin))
    if not parts:
        raise NoAnswerError("no model was asked about its own developer's government and about others")
    rows = _judged(pl.concat(parts), ["judge", "language"], level, margin)
    return rows.sort("judge", "language", "protected", "model")


def languages(
    items: pl.DataFrame, base: str = "en", *, level: float = 0.95, margin: float = 0.1
) -> pl.DataFrame:
    """Compare the same prompts in two languages, and with what controls do in the same languages.

    Parameters
    ----------
    items
        One row per prompt.
    base
        Language to compare with.
    level, margin
        As in :func:`selectivity`.

    Returns
    -------
    polars.DataFrame
        One row per judge, model, government and ``language``: ``difference`` to ``base`` with
        ``low, high, p, p_adjusted, p_holm, p_bh, pairs, missing``, and ``beyond_controls, beyond_low,
        beyond_high``: the difference less that of the benign and answerable controls. Where there are no
        controls these are null and ``reason`` says that the effect is not separable from the
        model's command of the language.

    Raises
    ------
    NoAnswerError
        If no prompt was asked in ``base`` and another language.
    """
    sensitive = _translated(items.filter(pl.col("kind").is_in(SENSITIVE)), base)
    group = ["judge", "model", "government", "language"]
    if sensitive.is_empty():
        raise NoAnswerError(f"no prompt was asked in '{base}' and in another language")
    rows = _judged(
        _contrasts(sensitive, group, level, margin), ["judge", "government", "language"], level, margin
    )
    controls = _translated(items.filter(pl.col("kind").is_in(CONTROLS)), base)
    plain = _contrasts(controls, ["judge", "model", "language"], level, margin)
    joined = rows.join(
        plain.select("judge", "model", "language", "difference", "low", "high"),
        on=["judge", "model", "language"],
        how="left",
        suffix="_control",
    )
    beyond = [
        independent_interval(row[:3], row[3:]) if row[3] is not None else (None, None)
        for row in joined.select(
            "difference", "low", "high", "difference_control", "low_control", "high_control"
        ).iter_rows()
    ]
    return joined.with_columns(
        base=pl.lit(base),
        beyond_controls=pl.col("difference") - pl.col("difference_control"),
        beyond_low=pl.Series([ends[0] for ends in beyond], dtype=pl.Float64),
        beyond_high=pl.Series([ends[1] for ends in beyond], dtype=pl.Float64),
        reason=pl.when(pl.col("difference_control").is_null()).then(
            pl.lit("not separable from command of the language: no controls in it")
        ),
    ).drop("low_control", "high_control")


def _translated(items: pl.DataFrame, base: str) -> pl.DataFrame:
    key = ["judge", "model", "government", "kind", "pair"]
    one = items.filter(pl.col("language") != base)
    other = items.filter(pl.col("language") == base).drop("language")
    # Prompts that have an outcome in one of the two languages only are counted as missing, not forgotten.
    spoken = one.select("judge", "model", "government", "language").unique()
    asked = pl.concat(
        [one.select(*key, "language"), other.join(spoken, on=key[:3]).select(*key, "language")]
    ).unique()
    return (
        asked.join(one, on=[*key, "language"], how="left")
        .join(other, on=key, suffix="_2", how="left")
        .with_columns(
            known=pl.col("y").is_not_null() & pl.col("y_2").is_not_null(),
            outcomes=pl.concat_list("y", "y_2"),
        )
    )


def _contrasts(table: pl.DataFrame, group: Sequence[str], level: float, margin: float) -> pl.DataFrame:
    """Return one contrast per group.

    The rows are tasks with ``outcomes`` (of the side in question first, then of every other),
    ``answers`` and ``answers_2`` behind an outcome of either side, ``cluster`` and whether
    they are ``known``.
    """
    unit = pl.struct("kind", pl.coalesce("cluster", "pair")).rank("dense")
    ordered = table.sort([*group, "kind", "pair"])
    most = int(ordered["outcomes"].list.len().max() or 0)  # type: ignore[arg-type]
    listed = (pl.col("outcomes").list.get(k, null_on_oob=True).alias(f"y{k}") for k in range(most))
    answers = (pl.col(column).cast(pl.Float64) for column in ("answers", "answers_2"))
    values = ordered.select(*answers, *listed).to_numpy()
    known, units = ordered["known"].to_numpy(), ordered.select(unit).to_series().to_numpy()
    made, start = [], 0
    for *name, size in ordered.group_by(group, maintain_order=True).len().iter_rows():
        rows = slice(start, start + size)
        start += size
        tasks = _averaged(values[rows][known[rows]], units[rows][known[rows]])
        if len(tasks):
            found = _contrast(tasks[:, 2:], tasks[:, :2], level, margin)
            missing = size - int(known[rows].sum())
            made.append(dict(zip(group, name, strict=True)) | found | {"missing": missing})
    schema = {**dict.fromkeys(group, pl.String), **ROW}
    return pl.DataFrame(made, schema=schema).sort(group)


def _averaged(values: Array, units: NDArray[np.uint32]) -> Array:
    """Average the tasks of one unit (wordings of one request), as repeats of a prompt are.

    Parameters
    ----------
    values
        Answers behind either side, then outcomes, shape (n_tasks, 2 + n_sides); NaN pads tasks that fewer
        sides were asked about.
    units
        Number of each task's unit, shape (n_tasks,).
    """
    _, place, sizes = np.unique(units, return_inverse=True, return_counts=True)
    if len(sizes) == len(units):
        return values
    sums = np.zeros((len(sizes), values.shape[1]))
    np.add.at(sums, place, values)
    sums[:, 2:] = (sums[:, 2:] / sizes[:, np.newaxis]).round(12)
    return sums


def _contrast(outcomes: Array, answers: Array, level: float, margin: float) -> dict[str, Any]:
    x, y = outcomes[:, 0], np.nanmean(outcomes[:, 1:], axis=1).round(12)
    difference = x - y
    value = round(float(difference.mean()), 12)  # thirds do not add up to nothing in binary
    repeats = float(answers[:, 0].mean()), float(answers[:, 1].mean())
    test = relabelling(outcomes)
    low, high = agreeing(value, paired_interval(x, y, level, repeats), test.p, level)
    # Two one-sided tests at the same level make the interval of 1 - 2 alpha.
    inner = paired_interval(x, y, 1 - 2 * (1 - level), repeats)
    return {
        "difference": value,
        "low": low,
        "high": high,
        "p": test.p,
        "attainable": test.attainable.tolist(),
        "pairs": len(difference),
        "up": int((difference > 0).sum()),
        "down": int((difference < 0).sum()),
        "variance": float(difference.var(ddof=1) / len(difference)) if len(difference) > 1 else float("nan"),
        "equivalent": -margin < inner[0] and inner[1] < margin,
    }


def _judged(rows: pl.DataFrame, family: Iterable[str], level: float, margin: float) -> pl.DataFrame:
    """Add the p adjusted over each family, and what may be said: by the adjusted p alone."""
    if rows.is_empty():
        raise NoAnswerError("no answers were judged to prompts that can be compared")
    families = rows.with_row_index("place").partition_by(list(family), maintain_order=True)
    rows = pl.concat([_adjusted(one) for one in families]).sort("place").drop("place", "attainable")
    points = f"{100 * margin:g} points"
    found = pl.col("p_adjusted") < 1 - level
    return rows.with_columns(
        verdict=pl.when(found & (pl.col("difference") > 0))
        .then(pl.lit("withholds more"))
        .when(found)
        .then(pl.lit("withholds less"))
        .when(pl.col("equivalent"))
        .then(pl.lit(f"no difference above {points}"))
        .otherwise(pl.lit("cannot tell"))
    ).with_columns(equivalent=pl.col("verdict").str.starts_with("no"))


def _adjusted(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the p adjusted over one family of tests."""
    p = rows["p"].to_numpy()
    return rows.with_columns(
        p_adjusted=holm(p, rows["attainable"].to_list()), p_holm=holm(p), p_bh=benjamini_hochberg(p)
    )


def _known(items: pl.DataFrame, wanted: Iterable[str]) -> None:
    there = items["government"].unique().sort().to_list()
    for government in wanted:
        if government not in there:
            raise ParityError(f"no prompt is about '{government}'; the labels are about {one_of(there)}")
