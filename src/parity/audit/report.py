"""An analysis with a check of its judge, in the form that is written as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import polars as pl

from parity.audit.analysis import AuditResult
from parity.audit.calibration import Calibration

_CONTRAST = ("model", "developer", "country", "judge", "language", "difference")
_TESTED = ("p", "p_adjusted", "p_holm", "p_bh", "pairs", "missing", "verdict")


def estimates(
    frame: pl.DataFrame,
    name: str,
    value: str,
    low: str,
    high: str,
    level: float,
    reason: pl.Expr | None = None,
) -> pl.DataFrame:
    """Return a table in which a number and both ends of its interval are one column of estimates.

    Parameters
    ----------
    frame
        Table.
    name
        Of the new column.
    value, low, high
        Columns that it takes the place of.
    level
        Probability that the intervals cover.
    reason
        Why a number is unknown; "no outcome" by default.
    """
    if frame.is_empty():
        return frame
    known = pl.col(value).is_not_null()
    why = pl.lit("no outcome") if reason is None else reason
    made = pl.struct(
        pl.col(value).alias("value"),
        pl.col(low).alias("low"),
        pl.col(high).alias("high"),
        pl.when(known).then(pl.lit(level)).alias("level"),
        pl.lit("share").alias("unit"),
        pl.when(~known).then(why).alias("reason"),
    )
    return frame.with_columns(made.alias(name)).drop({value, low, high} - {name})


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an analysis of labels found.

    Attributes
    ----------
    analysis
        The analysis.
    checked
        The check of the judge by people's labels, where it was asked for.
    """

    json_keys: ClassVar[dict[str, str | None]] = {
        "analysis": None,
        "checked": None,
        **{
            name: name
            for name in (
                "outcome", "prompt_sets", "days", "protected", "judge", "judges", "cells", "selectivity",
                "by_judge", "own", "language", "developers", "agreement", "layers", "hosts", "facts",
                "consistency", "calibration", "notes",
            )
        },
    }  # fmt: skip

    analysis: AuditResult
    checked: Calibration | None = None

    @property
    def level(self) -> float:
        """Probability that intervals cover."""
        return self.analysis.options.level

    @property
    def outcome(self) -> str:
        """What counts as withheld: noncompliance, denial, official_line or facts_missed."""
        return self.analysis.options.outcome

    @property
    def prompt_sets(self) -> tuple[str, ...]:
        """Sets that the prompts belong to, where the labels say."""
        return self.analysis.prompt_sets

    def days(self) -> tuple[date, date] | None:
        """Return the first and last day of answers to sensitive prompts."""
        return self.analysis.days()

    @property
    def protected(self) -> str | None:
        """Government of the main contrast."""
        return self.analysis.options.protected

    @property
    def judge(self) -> str:
        """Judge of the main tables."""
        return str(self.analysis.options.judge)

    def judges(self) -> list[str]:
        """Return all judges."""
        return self.analysis.rates["judge"].unique().sort().to_list()

    def cells(self) -> pl.DataFrame:
        """Return rates with intervals, every judge: judge, model, government, language, kind, prompts."""
        return estimates(self.analysis.rates, "rate", "rate", "low", "high", self.level)

    def selectivity(self) -> pl.DataFrame:
        """Return the protected government against others, main judge: differences, p, verdict."""
        return self._contrast(self.analysis.table(), "protected", "against")

    def by_judge(self) -> pl.DataFrame:
        """Return the same by every judge."""
        return self._contrast(self.analysis.by_judge, "protected", "against")

    def own(self) -> pl.DataFrame:
        """Each developer's own government against others, main judge."""
        return self._contrast(self.analysis.own, "protected", "against")

    def language(self) -> pl.DataFrame:
        """Return language effects, main judge; beyond_controls: less the difference of controls."""
        rows = estimates(
            self.analysis.languages,
            "beyond_controls",
            "beyond_controls",
            "beyond_low",
            "beyond_high",
            self.level,
            pl.col("reason").fill_null("no outcome") if not self.analysis.languages.is_empty() else None,
        )
        return self._contrast(rows, "government", "base", "beyond_controls")

    def developers(self) -> dict[str, Any] | None:
        """Return the country-level result: the developer is the unit; test, means, perhaps a mixed model."""
        found = self.analysis.developers
        if found is None:
            return None
        test, own, fit = found.test, found.own_weights, found.mixed
        return {
            "group": found.group,
            "language": found.language,
            "difference": test and test.difference,
            "p_permutation": test and test.p,
            "arrangements": test and test.arrangements,
            "exact": test and test.exact,
            "difference_own_weights": own and own.difference,
            "p_own_weights": own and own.p,
            "means": found.means,
            "mixed": fit
            and {
                "difference": fit[0].apart(fit[1], self.level),
                "between": [each.between for each in fit],
                "within": [each.within for each in fit],
                "shrunken": dict(
                    zip(found.mixed_models, (float(x) for each in fit for x in each.shrunken), strict=True)
                ),
            },
            "reason": found.reason or None,
        }

    def agreement(self) -> list[dict[str, Any]]:
        """Return pairs of judges, then all: answers labelled, share of same labels, kappa, alpha."""
        return [
            {name: getattr(one, name) for name in ("judges", "n", "share", "kappa", "alpha")}
            for one in self.analysis.agreement
        ]

    @property
    def layers(self) -> pl.DataFrame:
        """Where answers end: complete, partial, denial, provider_filter, route_error, truncation ..."""
        return self.analysis.layers

    @property
    def hosts(self) -> pl.DataFrame:
        """Where answers to sensitive prompts end, by host: the routes and days of every number."""
        return self.analysis.hosts

    def facts(self) -> pl.DataFrame:
        """Return the facts on record that answers to factual questions state; the question is the unit."""
        return estimates(self.analysis.facts, "stated", "share", "low", "high", self.level)

    def consistency(self) -> pl.DataFrame:
        """Return how often a model does the same, over repeats and languages; a prompt is one cluster."""
        rows = self.analysis.consistency
        if rows.is_empty():
            return rows
        made = estimates(rows.with_columns(same=pl.col("share")), "same", "same", "low", "high", self.level)
        return made

    def calibration(self) -> dict[str, Any] | None:
        """Return what people's labels say: the judge's sensitivity, specificity, corrected rates."""
        found = self.checked
        if found is None:
            return None
        return {
            "judge": found.judge,
            "n": found.n,
            "sensitivity": found.quality.sensitivity,
            "specificity": found.quality.specificity,
            "p_same_population": found.p_same_population,
            "raw": found.raw,
            "ppi": found.ppi,
            "cells": estimates(found.cells, "corrected", "corrected", "low", "high", self.level),
        }

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out, and why."""
        return self.analysis.notes

    def _contrast(self, rows: pl.DataFrame, *more: str) -> pl.DataFrame:
        if rows.is_empty():
            return rows
        made = estimates(rows, "difference", "difference", "low", "high", self.level)
        return made.select(*_CONTRAST, *_TESTED, *more).rename({"country": "developer_country"})


@dataclass(frozen=True, slots=True)
class Audited:
    """Models whose answers were labelled.

    Attributes
    ----------
    models
        Model, developer, country, base_country (of the weights), labels, languages, governments; by name.
    """

    models: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Power:
    """Matched prompts that a difference of two rates needs.

    Attributes
    ----------
    first, second
        Rates expected on either side.
    pairs
        Matched prompts needed.
    power
        Power reached with them, exact.
    discordant
        Expected share of pairs that differ.
    half_width
        Half-width of the interval for the difference at that size.
    """

    first: float
    second: float
    pairs: int
    power: float
    discordant: float
    half_width: float


@dataclass(frozen=True, slots=True)
class Prompts:
    """Prompts of a battery.

    Attributes
    ----------
    count
        Number of prompts.
    prompts
        id, government (empty for controls about none), kind, topic, form, language, text, facts (a line
        each), made (original, or how it was translated), prompt_set.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"count": "count"}

    prompts: pl.DataFrame

    @property
    def count(self) -> int:
        """Number of prompts."""
        return self.prompts.height
