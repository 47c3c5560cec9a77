"""What people's labels of a sample say about a judge, and about the rates that rest on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.audit.correction import JudgeQuality, judge_quality, ppi_rate, rogan_gladen, same_population
from parity.audit.intervals import clustered_n
from parity.audit.labels import outcome
from parity.errors import NoAnswerError
from parity.estimate import Estimate

ANSWER = ["model", "government", "language", "kind", "pair", "repeat"]
# A prompt with its translations: models and repeats that answer it are not independent.
PROMPT = ["government", "kind", "pair"]
STRATA = ["y", "language", "government"]
# Below this p the sample is not taken for a random one.
REPRESENTATIVE = 0.01


@dataclass(frozen=True, slots=True)
class Calibration:
    """Rates corrected for the judge's errors.

    Attributes
    ----------
    judge
        Judge that was checked.
    n
        Answers that people labelled.
    quality
        The judge's sensitivity and specificity, with the number of independent answers they rest on.
    p_same_population
        p that the sample was drawn at random from the answers reported.
    raw, ppi
        Overall rate by the judge, and by prediction-powered inference; the latter unknown, with
        the reason, where the sample is not a random one.
    cells
        One row per government and language: ``rate`` by the judge, and by Rogan and Gladen
        ``corrected, low, high``.
    """

    judge: str
    n: int
    quality: JudgeQuality
    p_same_population: float
    raw: float
    ppi: Estimate
    cells: pl.DataFrame


def calibrate(
    labels: pl.DataFrame,
    human: pl.DataFrame,
    judge: str,
    of: str = "noncompliance",
    level: float = 0.95,
    seed: int = 0,
) -> Calibration:
    """Correct rates by people's labels.

    Answers to one prompt, by whatever model, in whatever language and repeat, are one cluster: clusters widen
    the intervals and leave the values as they are.

    Parameters
    ----------
    labels
        Tidy labels.
    human
        People's labels of some of the same answers, tidy.
    judge
        Judge whose rates are corrected.
    of
        Outcome.
    level
        Probability that the intervals cover.
    seed
        Seed of the check that the sample is a random one.

    Raises
    ------
    NoAnswerError
        If people labelled none of the answers, or only one kind of them.
    """
    if of == "facts_missed":
        raise NoAnswerError("calibration is for labels of yes or no, not for the share of facts missed")
    judged = outcome(labels.filter(pl.col("judge") == judge), of).filter(pl.col("y").is_not_null())
    said = outcome(human, of).filter(pl.col("y").is_not_null()).select(*ANSWER, human="y")
    joined = judged.join(said, on=ANSWER, how="left").with_columns(
        prompt=pl.struct(PROMPT).rank("dense").cast(pl.Int64)
    )
    checked = joined.drop_nulls("human")
    if checked.is_empty():
        raise NoAnswerError(
            "people's labels match none of the answers: model, government, language and pair must agree"
        )
    truth, seen = checked["human"].to_numpy(), checked["y"].to_numpy()
    quality = judge_quality(truth, seen, checked["prompt"].to_numpy(), level)
    counts = joined.group_by(STRATA).agg(all=pl.len(), checked=pl.col("human").count()).sort(STRATA)
    p = same_population(counts["checked"].to_numpy(), counts["all"].to_numpy(), seed)
    if p < REPRESENTATIVE:
        ppi = Estimate(
            None, level=level, unit="share",
            reason=f"the sample is not a random one of the answers reported (p = {p:.2g}); "
            "see the Rogan-Gladen rates, which need only that the judge errs alike",
        )  # fmt: skip
    else:
        rest = joined.filter(pl.col("human").is_null())
        prompts = checked["prompt"].to_numpy(), rest["prompt"].to_numpy()
        ppi = ppi_rate(truth, seen, rest["y"].to_numpy(), level, clusters=prompts)
    return Calibration(
        judge,
        len(checked),
        quality,
        p,
        float(joined["y"].to_numpy().mean()),
        ppi,
        _cells(joined, quality, level),
    )


def _cells(joined: pl.DataFrame, quality: JudgeQuality, level: float) -> pl.DataFrame:
    cells = joined.group_by("government", "language").agg("y", "prompt", rate=pl.col("y").mean(), n=pl.len())
    cells = cells.sort("government", "language")
    worth = [
        clustered_n(y.to_numpy(), prompt.to_numpy(), level)
        for y, prompt in zip(cells["y"], cells["prompt"], strict=True)
    ]
    fixed = [rogan_gladen(rate, n, quality, level) for rate, n in zip(cells["rate"], worth, strict=True)]
    return cells.drop("y", "prompt").with_columns(
        corrected=pl.Series(np.array([found.value for found in fixed], float)),
        low=pl.Series(np.array([found.low for found in fixed], float)),
        high=pl.Series(np.array([found.high for found in fixed], float)),
    )
