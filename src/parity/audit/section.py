"""The section of a country's brief on information control by its developers' models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.audit._vocabulary import SENSITIVE
from parity.audit.analysis import AuditOptions
from parity.audit.cells import items, rates
from parity.audit.contrasts import selectivity
from parity.audit.developers import fit_mixed_model
from parity.audit.intervals import z_of
from parity.audit.labels import outcome
from parity.errors import NoAnswerError
from parity.estimate import Estimate


@dataclass(frozen=True, slots=True)
class ControlSection:
    """How the models of a country's developers treat its own government.

    Attributes
    ----------
    country
        ISO 3166 alpha-2 code of the developers' country.
    government
        Government in the labels that is theirs.
    models
        One row a model: ``model, developer, language, difference, low, high, p_adjusted, verdict,
        pairs``; difference in shares of prompts, above 0 where more is withheld on the own
        government than on others.
    rate
        Share of sensitive prompts about the own government that are withheld, over these models
        (each counting once), with the range over the models as its ends.
    selective, clear, undecided
        Number of models that withhold more on their own government, that show no difference
        above the margin, and that cannot be told.
    sentence
        The finding in one sentence.
    basis
        Prompt set, judge and options behind it.
    """

    country: str
    government: str
    models: pl.DataFrame
    rate: Estimate
    selective: int
    clear: int
    undecided: int
    sentence: str
    basis: str


def control_section(
    labels: pl.DataFrame,
    models: pl.DataFrame,
    country: str,
    *,
    own: Mapping[str, str] | None = None,
    options: AuditOptions | None = None,
    data: str = "labels given",
) -> ControlSection:
    """Return the information-control section of a country's brief.

    Parameters
    ----------
    labels
        Tidy labels.
    models
        Who made which model.
    country
        ISO 3166 alpha-2 code.
    own
        Country -> its government in the labels, where the codes differ (member states -> ``"EU"``).
    options
        Options of the analysis.
    data
        Where the labels came from.

    Raises
    ------
    NoAnswerError
        If the labels hold no model of that country's developers, or none asked about its government.
    """
    asked = options or AuditOptions()
    mine = models.filter(pl.col("country") == country)["model"].to_list()
    if labels.filter(pl.col("model").is_in(mine)).is_empty():
        raise NoAnswerError(f"no model by a developer from {country} is among the audited ones")
    government = (own or {}).get(country, country)
    judge = asked.judge or labels["judge"].unique(maintain_order=True)[-1]
    judged = outcome(labels.filter(pl.col("judge") == judge), asked.outcome)
    if government not in judged["government"].unique():
        raise NoAnswerError(f"no model by a developer from {country} was asked about '{government}'")
    # All models make the family of tests: a verdict here is the one that the whole audit gives.
    found = selectivity(items(judged), government, asked.against, level=asked.level, margin=asked.margin)
    rows = (
        found.filter(pl.col("model").is_in(mine)).join(models, on="model").sort("difference", descending=True)
    )
    withheld = rates(judged.filter(pl.col("model").is_in(mine)), asked.level).filter(
        (pl.col("government") == government)
        & pl.col("kind").is_in(SENSITIVE)
        & pl.col("language").is_in(rows["language"].unique().to_list())
    )
    basis = f"{data}; judge {judge}; {asked.outcome}; {government} against {asked.against}"
    return _section(country, government, rows, withheld, asked.margin, basis)


def pooled_difference(models: pl.DataFrame, level: float = 0.95) -> Estimate:
    """Return what models withhold more on one government, over models of a few developers.

    Of one model it is its own difference. Of several it is the mean of a random-effects model with a
    t interval. Models of one developer are alike, so the developers are what is counted; where one
    developer made them all, the answer is about that developer, and its models are counted.

    Parameters
    ----------
    models
        ``model, developer, difference, low, high``, as in :class:`ControlSection`.
    level
        Probability that the interval covers; that of the rows' own intervals.

    Returns
    -------
    Estimate
        Share of prompts; open, with the reason, where one model stands in several rows (languages).

    Raises
    ------
    NoAnswerError
        If there is no model.
    """
    if models.is_empty():
        raise NoAnswerError("no model to take a mean over")
    value, low, high = models.select("difference", "low", "high").cast(pl.Float64).to_numpy().T
    if len(value) == 1:
        return Estimate(float(value[0]), float(low[0]), float(high[0]), level, "share of prompts")
    unit = "developer" if models["developer"].n_unique() > 1 else "model"
    group = np.unique(models[unit].to_numpy().astype(str), return_inverse=True)[1]
    # Half the interval tells the error also where no pair differs and the plain variance is zero.
    error = (high - low) / (2 * z_of(level))
    found = fit_mixed_model(value, error**2, group).effect(level)
    if found.low is None or found.high is None:
        return Estimate(
            found.value,
            level=level,
            unit="share of prompts",
            reason="one model: how models differ is not known",
        )
    # A difference of shares ends at one.
    return Estimate(found.value, max(found.low, -1.0), min(found.high, 1.0), level, "share of prompts")


def _section(
    country: str, government: str, rows: pl.DataFrame, withheld: pl.DataFrame, margin: float, basis: str
) -> ControlSection:
    verdict = rows["verdict"]
    selective = int((verdict == "withholds more").sum())
    clear = int(verdict.str.starts_with("no difference").sum())
    rate = withheld.group_by("model").agg(pl.col("rate").mean())["rate"].to_numpy()
    n, less = len(rows), int((verdict == "withholds less").sum())
    undecided = n - selective - clear - less
    one_each = rows["model"].n_unique() == n
    asked = f"audited model{'s' * (n != 1)}" if one_each else "pairs of an audited model and a language"
    return ControlSection(
        country=country,
        government=government,
        models=rows.select(
            "model", "developer", "language", "difference", "low", "high", "p_adjusted", "verdict", "pairs"
        ),
        rate=Estimate(float(rate.mean()), float(rate.min()), float(rate.max()), None, "share"),
        selective=selective,
        clear=clear,
        undecided=undecided,
        sentence=(
            f"Of {n} {asked} by developers from {country}, {selective} withhold more "
            "when their own government is criticised than when others are (p adjusted for all models), "
            f"{f'{less} withhold less, ' if less else ''}"
            f"{clear} show no difference above {100 * margin:g} points, {undecided} cannot be told."
        ),
        basis=basis,
    )
