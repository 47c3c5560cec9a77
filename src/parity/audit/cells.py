"""Rates by cell, the layers at which an answer is withheld, and how consistent a model is."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from parity.audit.intervals import rate_interval

CELL = ["judge", "model", "government", "language", "kind"]


def items(labels: pl.DataFrame) -> pl.DataFrame:
    """Average the repeats of each prompt: the prompt, not the answer, is the unit.

    Parameters
    ----------
    labels
        Tidy labels with ``y``.

    Returns
    -------
    polars.DataFrame
        ``judge, model, government, language, kind, pair``, ``y`` in [0, 1] and ``answers``
        behind it. Prompts without any outcome are absent.
    """
    return (
        labels.lazy()
        .filter(pl.col("y").is_not_null())
        .group_by([*CELL, "pair"])
        # Twelve digits, in a fixed order: sums then do not depend on the number of threads.
        .agg(pl.col("y").mean().round(12), answers=pl.len().cast(pl.Float64))
        .sort([*CELL, "pair"])
        .collect()
    )


def rates(labels: pl.DataFrame, level: float = 0.95) -> pl.DataFrame:
    """Return the rate of every cell with its interval.

    Wilson's interval, Jeffreys' where nothing or everything was withheld. Repeats are clustered
    by prompt: they count as many answers as the spread between prompts says they are worth.

    Parameters
    ----------
    labels
        Tidy labels with ``y``.
    level
        Probability that the intervals cover.

    Returns
    -------
    polars.DataFrame
        One row per judge, model, government, language and kind: ``rate, low, high``, ``prompts``,
        ``answers`` (with an outcome) and ``missing`` (without one).
    """
    missing = labels.group_by(CELL).agg(missing=pl.col("y").null_count())
    table = (
        items(labels)
        .group_by(CELL)
        .agg(
            rate=pl.col("y").mean(),
            variance=pl.col("y").var() / pl.len(),
            prompts=pl.len(),
            answers=pl.col("answers").sum().cast(pl.Int64),
        )
    )
    n = _effective(table)
    low, high = rate_interval(table["rate"].to_numpy() * n, n, level)
    return (
        table.with_columns(low=pl.Series(low), high=pl.Series(high))
        .join(missing, on=CELL, how="right")
        .select(*CELL, "rate", "low", "high", "prompts", "answers", "missing")
        .sort(CELL)
    )


def _effective(table: pl.DataFrame) -> NDArray[np.float64]:
    """Return the effective number of answers of each cell, as :func:`effective_n` for one."""
    rate = table["rate"].to_numpy()
    variance = table["variance"].fill_null(0.0).to_numpy()
    prompts = table["prompts"].to_numpy().astype(float)
    answers = table["answers"].to_numpy().astype(float)
    spread = (rate > 0) & (rate < 1) & (variance > 0) & (answers > prompts)
    worth = np.divide(rate * (1 - rate), variance, out=prompts.copy(), where=spread)
    clipped: NDArray[np.float64] = np.clip(worth, prompts, answers)
    return clipped


def layers(labels: pl.DataFrame) -> pl.DataFrame:
    """Return where answers end: complete, partial or denied by the model, filtered, or lost.

    Returns
    -------
    polars.DataFrame
        One row per judge, model, government, language, kind and ``outcome`` (``complete``,
        ``partial``, ``denial``, or the layer's name) with ``n`` and its ``share``.
    """
    by_model = pl.col("layer") == "model"
    named = labels.with_columns(
        outcome=pl.when(by_model).then(pl.col("compliance").str.to_lowercase()).otherwise(pl.col("layer"))
    )
    counts = named.group_by([*CELL, "outcome"]).agg(n=pl.len())
    return counts.with_columns(share=pl.col("n") / pl.col("n").sum().over(CELL)).sort([*CELL, "outcome"])


def consistency(labels: pl.DataFrame) -> pl.DataFrame:
    """Return how often a model does the same: over repeats of a prompt, and between languages.

    Returns
    -------
    polars.DataFrame
        One row per judge, model and ``over`` (``repeats``, or two languages as ``en-zh``) with
        ``prompts`` compared and the ``share`` of them with one and the same outcome.
    """
    known = labels.filter(pl.col("y").is_not_null())
    prompt = ["judge", "model", "government", "kind", "pair"]
    repeats = (
        known.group_by([*prompt, "language"])
        .agg(n=pl.len(), same=pl.col("y").n_unique() == 1)
        .filter(pl.col("n") > 1)
        .with_columns(over=pl.lit("repeats"))
    )
    first = known.group_by([*prompt, "language"]).agg(pl.col("y").mean())
    pairs = first.join(first, on=prompt, suffix="_2").filter(pl.col("language") < pl.col("language_2"))
    between = pairs.select(
        "judge",
        "model",
        same=pl.col("y") == pl.col("y_2"),
        over=pl.col("language") + "-" + pl.col("language_2"),
    )
    return (
        pl.concat([repeats.select("judge", "model", "same", "over"), between])
        .group_by("judge", "model", "over")
        .agg(prompts=pl.len(), share=pl.col("same").mean())
        .sort("judge", "model", "over")
    )
