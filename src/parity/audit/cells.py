"""Rates by cell, the layers at which an answer is withheld, and how consistent a model is."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from parity.audit._vocabulary import COUNTED, SENSITIVE
from parity.audit.intervals import clustered_n, few_clusters, rate_interval

Array = NDArray[np.float64]
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
        ``judge, model, government, language, kind, pair``, ``y`` in [0, 1], ``answers`` behind it
        and ``cluster``. Prompts without any outcome are absent.
    """
    return (
        labels.lazy()
        .filter(pl.col("y").is_not_null())
        .group_by([*CELL, "pair"])
        # Twelve digits, in a fixed order: sums then do not depend on the number of threads.
        .agg(
            pl.col("y").mean().round(12),
            answers=pl.len().cast(pl.Float64),
            cluster=pl.col("cluster").drop_nulls().first(),
        )
        .sort([*CELL, "pair"])
        .collect()
    )


def rates(labels: pl.DataFrame, level: float = 0.95, by_prompt: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return the rate of every cell with its interval.

    Wilson's interval, Jeffreys' where nothing or everything was withheld. Repeats are clustered
    by prompt: they count as many answers as the spread between prompts says they are worth.

    Parameters
    ----------
    labels
        Tidy labels with ``y``.
    level
        Probability that the intervals cover.
    by_prompt
        What :func:`items` returned for these labels, where it is there already.

    Returns
    -------
    polars.DataFrame
        One row per judge, model, government, language and kind: ``rate, low, high``, ``prompts``,
        ``answers`` (with an outcome) and ``missing`` (without one).
    """
    missing = labels.group_by(CELL).agg(missing=pl.col("y").null_count())
    table = (
        (items(labels) if by_prompt is None else by_prompt)
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


def _effective(table: pl.DataFrame) -> Array:
    """Return the effective number of answers of each cell, as :func:`effective_n` for one."""
    rate = table["rate"].to_numpy()
    variance = table["variance"].fill_null(0.0).to_numpy()
    prompts = table["prompts"].to_numpy().astype(float)
    answers = table["answers"].to_numpy().astype(float)
    return _worth(rate, variance, prompts, answers)


def _worth(rate: Array, variance: Array, prompts: Array, answers: Array) -> Array:
    """Return how many independent answers a rate over clusters is worth: from prompts to answers."""
    spread = (rate > 0) & (rate < 1) & (variance > 0) & (answers > prompts)
    worth = np.divide(rate * (1 - rate), variance, out=prompts.copy(), where=spread)
    clipped: Array = np.clip(worth, prompts, answers)
    return clipped


def layers(labels: pl.DataFrame) -> pl.DataFrame:
    """Return where answers end: complete, partial or denied by the model, filtered, or lost.

    Returns
    -------
    polars.DataFrame
        One row per judge, model, government, language, kind and ``outcome`` (``complete``,
        ``partial``, ``denial``, or the layer's name) with ``n`` and its ``share``.
    """
    counts = ended(labels).group_by([*CELL, "outcome"]).agg(n=pl.len())
    return counts.with_columns(share=pl.col("n") / pl.col("n").sum().over(CELL)).sort([*CELL, "outcome"])


def ended(labels: pl.DataFrame) -> pl.DataFrame:
    """Add ``outcome``: the compliance of an answer by the model, the layer of any other."""
    by_model = pl.col("layer") == "model"
    return labels.with_columns(
        outcome=pl.when(by_model).then(pl.col("compliance").str.to_lowercase()).otherwise(pl.col("layer"))
    )


def hosts(labels: pl.DataFrame) -> pl.DataFrame:
    """Return where answers to sensitive prompts end by who served the model: a filter may be the host's.

    Returns
    -------
    polars.DataFrame
        One row per judge, model, host (null where nobody recorded it) and ``outcome``, as
        :func:`layers`, with ``n``, its ``share`` of that host's answers, and the ``first`` and
        ``last`` day that the host answered.
    """
    route = ["judge", "model", "host"]
    named = ended(labels.filter(pl.col("kind").is_in(SENSITIVE)))
    counts = named.group_by([*route, "outcome"]).agg(
        n=pl.len(), first=pl.col("date").min(), last=pl.col("date").max()
    )
    return counts.with_columns(
        share=pl.col("n") / pl.col("n").sum().over(route),
        first=pl.col("first").min().over(route),
        last=pl.col("last").max().over(route),
    ).sort([*route, "outcome"])


def facts(labels: pl.DataFrame, level: float = 0.95) -> pl.DataFrame:
    """Return the share of the facts on record that answers to factual questions state.

    Facts of one question are stated or kept back together, so the question is the unit: Wilson's
    interval with the effective number of facts, reduced for the few questions that its variance
    is estimated from.

    Parameters
    ----------
    labels
        Tidy labels with ``y``; answers without an outcome stay out.
    level
        Probability that the intervals cover.

    Returns
    -------
    polars.DataFrame
        One row per judge, model, government and language: ``share, low, high``, ``questions`` and
        ``facts`` (listed for the answers counted).

    References
    ----------
    Korn and Graubard (1998), Survey Methodology 24:193-201 (effective size with few clusters);
    Dean and Pagano (2015), Journal of Survey Statistics and Methodology 3:484-503 (with Wilson's).
    """
    cell = ["judge", "model", "government", "language"]
    known = labels.filter(
        pl.col("layer").is_in(COUNTED) & pl.col("facts_stated").is_not_null() & (pl.col("facts_listed") > 0)
    )
    share = (pl.col("facts_stated") / pl.col("facts_listed")).mean()
    # Twelve digits, in a fixed order, as in items: the same sums on any number of threads.
    questions = (
        known.group_by([*cell, "pair"])
        .agg(share=share.round(12), facts=pl.col("facts_listed").sum())
        .sort([*cell, "pair"])
    )
    table = (
        questions.group_by(cell, maintain_order=True)
        .agg(
            share=pl.col("share").mean(),
            variance=pl.col("share").var() / pl.len(),
            questions=pl.len(),
            facts=pl.col("facts").sum(),
        )
        .sort(cell)
    )
    stated, clusters = table["share"].to_numpy(), table["questions"].to_numpy().astype(float)
    variance = table["variance"].fill_null(0.0).to_numpy()
    worth = _worth(stated, variance, clusters, table["facts"].to_numpy().astype(float))
    n = few_clusters(worth, clusters, level)
    low, high = rate_interval(stated * n, n, level)
    return table.with_columns(low=pl.Series(low), high=pl.Series(high)).select(
        *cell, "share", "low", "high", "questions", "facts"
    )


def consistency(labels: pl.DataFrame, level: float = 0.95) -> pl.DataFrame:
    """Return how often a model does the same: over repeats of a prompt, and between languages.

    Wilson's interval, Jeffreys' where none or all are the same. A prompt repeated in several languages is
    one cluster.

    Parameters
    ----------
    labels
        Tidy labels with ``y``.
    level
        Probability that the intervals cover.

    Returns
    -------
    polars.DataFrame
        One row per judge, model and ``over`` (``repeats``, or two languages as ``en-zh``) with
        ``prompts`` compared, the ``share`` of them with one and the same outcome, ``low`` and ``high``.
    """
    known = labels.filter(pl.col("y").is_not_null())
    task = ["government", "kind", "pair"]
    prompt = ["judge", "model", *task]
    repeats = (
        known.group_by([*prompt, "language"])
        .agg(n=pl.len(), same=pl.col("y").n_unique() == 1)
        .filter(pl.col("n") > 1)
        .with_columns(over=pl.lit("repeats"))
    )
    first = known.group_by([*prompt, "language"]).agg(pl.col("y").mean())
    pairs = first.join(first, on=prompt, suffix="_2").filter(pl.col("language") < pl.col("language_2"))
    between = pairs.with_columns(
        same=pl.col("y") == pl.col("y_2"), over=pl.col("language") + "-" + pl.col("language_2")
    )
    kept = ["judge", "model", "over", "same"]
    compared = pl.concat([part.select(*kept, pl.struct(task).alias("task")) for part in (repeats, between)])
    table = (
        compared.with_columns(pl.col("task").rank("dense"), pl.col("same").cast(pl.Float64))
        .group_by("judge", "model", "over")
        .agg("same", "task", prompts=pl.len(), share=pl.col("same").mean())
        .sort("judge", "model", "over")
    )
    rows = zip(table["same"], table["task"], strict=True)
    n = np.array([clustered_n(same.to_numpy(), task.to_numpy(), level) for same, task in rows], float)
    low, high = rate_interval(table["share"].to_numpy() * n, n, level)
    return table.select(
        "judge", "model", "over", "prompts", "share", low=pl.Series(low), high=pl.Series(high)
    )
