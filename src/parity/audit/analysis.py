"""The whole analysis of a table of labels: options in, one result out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from parity.audit import cells, contrasts
from parity.audit._notes import lacking_a_side, left_out, without_self_judged
from parity.audit._vocabulary import DEMONSTRATION, SENSITIVE
from parity.audit.developers import MixedModel, Permutation, fit_mixed_model, permute_developers
from parity.audit.intervals import z_of
from parity.audit.judges import Agreement, agreement, joint_agreement
from parity.audit.labels import outcome
from parity.errors import NoAnswerError, ParityError, one_of


class AuditOptions(BaseModel):
    """What to ask of a table of labels."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    outcome: str = Field("noncompliance", description="noncompliance, denial, official_line or facts_missed")
    protected: str | None = Field(
        None, description="Government that may be spared; the one with most labels by default"
    )
    against: str = Field(contrasts.OTHERS, description="Government to compare with, or 'others'")
    base_language: str = Field("en", description="Language that the others are compared with")
    judge: str | None = Field(None, description="Judge of the main tables; the last one by default")
    level: float = Field(0.95, gt=0, lt=1, description="Probability that the intervals cover")
    margin: float = Field(0.1, gt=0, lt=1, description="Largest difference that counts as none")
    seed: int = Field(0, description="Seed of the bootstrap of agreement")
    mixed: bool = Field(default=False, description="Also fit the random-effects model")


@dataclass(frozen=True, slots=True)
class DeveloperResult:
    """What the developers of the protected government's country do, against the others.

    Attributes
    ----------
    group
        Country whose developers are compared with the others.
    language
        Language of the prompts.
    means
        One row a developer: ``developer, country, models, value`` (mean selectivity).
    test
        Exact permutation over developers; ``None`` with a ``reason``.
    own_weights
        The same without models trained from another country's weights.
    reason
        Why there is no test.
    mixed
        Random-effects models of the group's and of the others' models, where they were asked for.
    mixed_models
        Names of the models behind their ``shrunken``, in that order.
    """

    group: str
    language: str
    means: pl.DataFrame
    test: Permutation | None
    own_weights: Permutation | None
    reason: str = ""
    mixed: tuple[MixedModel, MixedModel] | None = None
    mixed_models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditResult:
    """Everything that was computed from one table of labels.

    Attributes
    ----------
    options
        What was asked for, defaults filled in.
    data
        Where the labels came from, in one line.
    prompt_sets
        Names of the sets that the prompts belong to, where the labels say.
    models
        Who made which model.
    rates, layers, hosts, facts, consistency
        Rate cells, layers, layers by host, facts stated and consistency, all judges.
    selectivity, by_judge
        Contrast of the protected government, by the main judge, and by every judge.
    own
        Contrast of each model's own government; empty where no developer is known.
    languages
        Language effects, main judge.
    developers
        Country-level result.
    agreement
        Every pair of judges; of three or more, all of them together at the end.
    notes
        What was left out, and why.
    """

    options: AuditOptions
    data: str
    prompt_sets: tuple[str, ...]
    models: pl.DataFrame
    rates: pl.DataFrame
    layers: pl.DataFrame
    hosts: pl.DataFrame
    facts: pl.DataFrame
    consistency: pl.DataFrame
    selectivity: pl.DataFrame
    by_judge: pl.DataFrame
    own: pl.DataFrame
    languages: pl.DataFrame
    developers: DeveloperResult | None
    agreement: tuple[Agreement, ...]
    notes: tuple[str, ...]

    @property
    def demonstration(self) -> bool:
        """Whether any of the answers are marked as ones that find nothing out."""
        return any(name.endswith(DEMONSTRATION) for name in self.prompt_sets)

    def days(self) -> tuple[date, date] | None:
        """Return the first and the last day that sensitive prompts were answered, where that is known."""
        first, last = self.hosts["first"].min(), self.hosts["last"].max()
        return (first, last) if isinstance(first, date) and isinstance(last, date) else None

    def table(self) -> pl.DataFrame:
        """Return the selectivity of every model by the main judge, most selective first."""
        if self.selectivity.is_empty():
            return self.selectivity
        return self.selectivity.sort("difference", descending=True, nulls_last=True)


def analyse(
    labels: pl.DataFrame,
    models: pl.DataFrame,
    options: AuditOptions | None = None,
    *,
    own: Mapping[str, str] | None = None,
    data: str = "labels given",
) -> AuditResult:
    """Analyse labels.

    Parameters
    ----------
    labels
        Tidy labels, from :func:`parity.audit.labels.tidy`.
    models
        Who made which model, from :func:`parity.audit.labels.tidy_models`.
    options
        What to ask.
    own
        Country of a developer -> its government in the labels, where the two codes differ (a
        member state -> ``"EU"``).
    data
        Where the labels came from, for the answer.

    Raises
    ------
    ParityError
        If an option names what the labels do not hold.
    NoAnswerError
        If nothing can be computed at all.
    """
    labels, itself = without_self_judged(labels)
    options = _filled(options or AuditOptions(), labels)
    judged = outcome(labels, options.outcome)
    items = cells.items(judged)
    notes = itself + left_out(judged, models)
    by_judge = _tried(notes, lambda: _selectivity(items, options))
    main = _of_judge(by_judge, options.judge)
    notes += lacking_a_side(main)
    extra = {"level": options.level, "margin": options.margin}
    countries = {
        model: (own or {}).get(country, country)
        for model, country in models.select("model", "country").iter_rows()
        if country is not None
    }
    own_rows = _tried(notes, lambda: contrasts.own_government(items, countries, **extra))
    spoken = _tried(notes, lambda: contrasts.languages(items, options.base_language, **extra))
    developed = None if main.is_empty() else _developers(main, models, options, own or {})
    return AuditResult(
        options=options,
        data=data,
        prompt_sets=tuple(name for name in labels["prompt_set"].unique().sort() if name),
        models=models,
        rates=cells.rates(judged, options.level, items),
        layers=cells.layers(judged),
        hosts=cells.hosts(judged),
        facts=cells.facts(judged, options.level),
        consistency=cells.consistency(judged, options.level),
        selectivity=_named(main, models),
        by_judge=_named(by_judge, models),
        own=_named(_of_judge(own_rows, options.judge), models),
        languages=_named(_of_judge(spoken, options.judge), models),
        developers=developed,
        agreement=_agreements(judged, options),
        notes=tuple(notes),
    )


def _filled(options: AuditOptions, labels: pl.DataFrame) -> AuditOptions:
    judges = labels["judge"].unique(maintain_order=True).to_list()
    if options.judge is not None and options.judge not in judges:
        raise ParityError(f"no labels by judge '{options.judge}'; there are {one_of(judges)}")
    # Without a wish, ask about the government that the labels say most about (a tie: first by name).
    named = labels.filter(pl.col("government") != "")
    sensitive = named.filter(pl.col("kind").is_in(SENSITIVE))
    counts = (named if sensitive.is_empty() else sensitive).group_by("government").len()
    most = counts.sort(["len", "government"], descending=[True, False])["government"].head(1).to_list()
    return options.model_copy(
        update={
            "judge": options.judge or judges[-1],
            "protected": options.protected or next(iter(most), None),
        }
    )


def _tried(notes: list[str], work: Any) -> pl.DataFrame:
    """Return a table, or an empty one and the reason among the notes."""
    try:
        table: pl.DataFrame = work()
    except NoAnswerError as why:
        notes.append(str(why))
        return pl.DataFrame()
    return table


def _selectivity(items: pl.DataFrame, options: AuditOptions) -> pl.DataFrame:
    if options.protected is None:
        raise NoAnswerError("the labels do not say which government a prompt is about: no selectivity")
    return contrasts.selectivity(
        items,
        options.protected,
        options.against,
        level=options.level,
        margin=options.margin,
    )


def _of_judge(rows: pl.DataFrame, judge: str | None) -> pl.DataFrame:
    return rows if rows.is_empty() else rows.filter(pl.col("judge") == judge)


def _named(rows: pl.DataFrame, models: pl.DataFrame) -> pl.DataFrame:
    return rows if rows.is_empty() else rows.join(models, on="model", how="left", maintain_order="left")


def _developers(
    main: pl.DataFrame, models: pl.DataFrame, options: AuditOptions, own: Mapping[str, str]
) -> DeveloperResult:
    spoken = main["language"].unique().to_list()
    language = options.base_language if options.base_language in spoken else sorted(spoken)[0]
    rows = main.filter(pl.col("language") == language).join(models, on="model").drop_nulls("country")
    group = str(options.protected)
    if rows.is_empty():
        return DeveloperResult(
            group, language, pl.DataFrame(), None, None, "no model's developer is known; give --models"
        )
    home = rows.filter(pl.col("country") == pl.col("base_country").fill_null(pl.col("country")))
    # A member state's developers are the Union's, where the Union is the government asked about.
    rows, home = (
        part.with_columns(
            pl.when(pl.col("country").replace(own) == group)
            .then(pl.lit(group))
            .otherwise("country")
            .alias("country")
        )
        for part in (rows, home)
    )
    means = _by_developer(rows)
    test, reason = _permuted(means, group)
    kept, _ = _permuted(_by_developer(home), group)
    sides = [rows.filter(here) for here in (pl.col("country") == group, pl.col("country") != group)]
    asked = options.mixed and test is not None
    mixed = (_mixed(sides[0], options.level), _mixed(sides[1], options.level)) if asked else None
    names = tuple(pl.concat(sides)["model"]) if asked else ()
    return DeveloperResult(group, language, means, test, kept, reason, mixed, names)


def _by_developer(rows: pl.DataFrame) -> pl.DataFrame:
    return (
        rows.group_by("developer", "country")
        .agg(models=pl.len(), value=pl.col("difference").mean())
        .sort("value", "developer", descending=[True, False])
    )


def _permuted(means: pl.DataFrame, group: str) -> tuple[Permutation | None, str]:
    try:
        return permute_developers(means["value"].to_numpy(), (means["country"] == group).to_numpy()), ""
    except NoAnswerError as why:
        return None, str(why)


def _mixed(rows: pl.DataFrame, level: float) -> MixedModel:
    # Half the interval tells the error also where no pair differs and the plain variance is zero.
    error = (rows["high"] - rows["low"]).to_numpy() / (2 * z_of(level))
    developer = np.unique(rows["developer"].to_numpy(), return_inverse=True)[1]
    return fit_mixed_model(rows["difference"].to_numpy(), error**2, developer)


def _agreements(judged: pl.DataFrame, options: AuditOptions) -> tuple[Agreement, ...]:
    """Compare every pair of judges on the answers that both saw, and three or more all together."""
    names = judged["judge"].unique(maintain_order=True).to_list()
    key = ["model", "government", "language", "kind", "pair", "repeat"]
    label = pl.when(pl.col("layer") == "model").then("compliance").otherwise("layer")
    seen = judged.filter(pl.col("same_text") & pl.col("y").is_not_null()).with_columns(label=label)
    codes = pl.col("label").cast(pl.Enum(seen["label"].unique().sort().to_list())).to_physical()
    seen = seen.with_columns(code=codes.cast(pl.Int64)).select(*key, "judge", "code")
    made = []
    for first, second in combinations(names, 2):
        both = seen.filter(pl.col("judge") == first).join(
            seen.filter(pl.col("judge") == second), on=key, suffix="_2"
        )
        if both.is_empty():
            continue
        prompt = both.select(pl.struct("government", "language", "kind", "pair").rank("dense") - 1)
        made.append(
            agreement(
                (first, second),
                both["code"].to_numpy(),
                both["code_2"].to_numpy(),
                prompt.to_series().cast(pl.Int64).to_numpy(),
                level=options.level,
                seed=options.seed,
            )
        )
    if len(names) > 2 and made:
        number = pl.struct("government", "language", "kind", "pair").rank("dense") - 1
        counts = seen.pivot("code", index=key, values="judge", aggregate_function="len")
        counts = counts.with_columns(prompt=number)
        made.append(
            joint_agreement(
                tuple(names),
                counts.drop(*key, "prompt").fill_null(0).cast(pl.Float64).to_numpy(),
                counts["prompt"].cast(pl.Int64).to_numpy(),
                level=options.level,
                seed=options.seed,
            )
        )
    return tuple(made)
