"""Model behaviour: against labels of models' answers, as the audit measure compares them."""

from __future__ import annotations

from functools import cache

import polars as pl

from parity.ask.audit import read_labels
from parity.audit import ControlSection, control_section, pooled_difference
from parity.catalogue import find_country
from parity.claims.model import BehaviourClaim
from parity.claims.verdict import Finding, Held, Judgement, States, Verdict, cannot, settle
from parity.claims.verdicts import _sources as sources
from parity.errors import NoAnswerError
from parity.estimate import Estimate


def judge_behaviour(claim: BehaviourClaim) -> Judgement:
    """Return the verdict on a claim about language models."""
    command = f"parity audit analyse{_protected(claim.country)}"
    if claim.behaviour == "tested":
        return cannot(
            "who tests models for what is not in the data", command, "a public record of such tests"
        )
    if claim.share is not None:
        return cannot("shares of prompts depend on the prompts: those meant are not on record", command,
                      "labels of the same prompts")  # fmt: skip
    if claim.country is None:
        return cannot("the text names no developer or country", command, "the name of a model")
    if claim.government not in (None, claim.country):
        return cannot(
            "the comparison on record is of a model's own government with others",
            command,
            "labels for that government",
        )
    try:
        found = _section(find_country(claim.country).iso2)
    except NoAnswerError as problem:
        return cannot(str(problem), command, "labelled answers of its models")
    models, mean = _meant(find_country(claim.country).iso2, claim.model)
    if mean is None:
        return cannot(f"no labelled answers of {claim.model}", command, "labelled answers of it")
    return _judged(claim, found, models, mean, command)


@cache
def _meant(country: str, model: str | None) -> tuple[pl.DataFrame, Estimate | None]:
    """Return the models of a country that a name means, and the mean over them; none without any."""
    models = _section(country).models
    if model:
        family = model.split()[0].removeprefix("chat")
        models = models.filter(pl.col("model").str.to_lowercase().str.contains(family, literal=True))
    return models, None if models.is_empty() else pooled_difference(models)


def _protected(country: str | None) -> str:
    """Return the option for the government of a country, where labels on it are carried."""
    code = find_country(country).iso2 if country else None
    return f" --protected {code}" if code in _governments() else ""


@cache
def _governments() -> frozenset[str]:
    return frozenset(read_labels().labels["government"].unique())


@cache
def _section(country: str) -> ControlSection:
    labelled = read_labels()
    return control_section(labelled.labels, labelled.models, country, data=labelled.data)


def _judged(
    claim: BehaviourClaim, found: ControlSection, models: pl.DataFrame, mean: Estimate, command: str
) -> Judgement:
    """Grade by the audit's own decisions, p adjusted for all models: how many withhold more on their own."""
    n, said = models.height, models["verdict"]
    refuse = int((said == "withholds more").sum())
    clear = int((said.str.starts_with("no difference") | (said == "withholds less")).sum())
    who = sources.name(claim.country or "")
    why = (
        f"{refuse} of {n} models and languages withhold more on {who}'s own government than on others, p "
        f"adjusted for all audited models; {clear} show no such difference, "
        f"{n - refuse - clear} cannot be told"
    )
    evidence = Finding(
        "extra share of sensitive prompts withheld on the own government, mean over these models "
        "(random effects, models within developers)",
        f"{found.sentence} {_range(models)}",
        found.basis,
        mean,
    )
    change = "labels of newer versions of these models, or another judge"
    if 0 < refuse <= n / 2 or (not refuse and clear <= n / 2):
        verdict = Verdict.DEPENDS if refuse else Verdict.CANNOT
        return Judgement(verdict, why, (evidence,), command, change)
    states = {"refuses": "withholds more", "answers": "withholds no more"}
    held = Held(
        claim.model or f"models from {who}", "answers on the own government", "share of models",
        # What models say of topics at large, and newer versions, were not asked: no contradiction without.
        "" if claim.model is None else "the prompts of the audit", "",
        States(frozenset((states[claim.behaviour],))),
        States(frozenset((states["refuses" if refuse else "answers"],))),
    )  # fmt: skip
    return settle(claim, held, why, (evidence,), command, change)


def _range(models: pl.DataFrame) -> str:
    """Say how far the models lie apart: a range over models is not an interval."""
    points = sorted(100 * value for value in models["difference"])
    low, high = f"{points[0]:.1f}", f"{points[-1]:.1f}"
    if len(points) == 1:
        return f"Of the one meant here the difference is {low} points."
    return f"Of the {len(points)} meant here the difference goes from {low} to {high} points."
