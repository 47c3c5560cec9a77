"""How many months one trails another."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, model_validator

from parity.ask import frontier as shared
from parity.ask.answer import Answer
from parity.ask.cache import cached
from parity.ask.frontier import Domain, FitQuestion
from parity.ask.question import Day, FirstDay, Local, Place, TableFile
from parity.errors import NoAnswerError, ParityError

if TYPE_CHECKING:
    from parity.frontier import Capability, Frontier, LagReport, Lags

Share = Annotated[float | None, Field(gt=0, le=1)]
SINCE = dt.date(2023, 1, 1)
_ASSUMED = ("days", "utilisation", "share", "accelerators", "scope")


class Lag(FitQuestion):
    """How many months a country trails another (the USA by default); negative when it leads.

    Either side is a country by code or name, several joined by +, a bloc (BRICS, EU), open or closed
    (weights), or a developer. Without the first, every country is listed.
    """

    verb = "lag"
    view = "frontier:lag"
    result = "parity.frontier:LagReport,Lags"
    examples = (
        "parity lag RUS",
        "parity lag RUS CHN",
        "parity lag China --behind USA --on 2026-01-15 --out lag.png",
        "parity lag RUS --parameters",
        "parity lag RUS --scenario --accelerators 20000",
        "parity lag open --behind closed --measure level",
        "parity lag KAZ --scores mine.csv",
    )

    of: Annotated[str | None, Place()] = Field(
        default=None, min_length=1, max_length=60, description="Who trails.", examples=["RUS", "BRICS"]
    )
    behind: Annotated[str, Place()] = Field(
        default="USA", min_length=1, max_length=60, description="Whom.", examples=["CHN"]
    )
    measure: Literal["standing", "mean", "release", "level"] = Field(
        default="standing",
        description="Lag on the day, its mean over the days, at release, or averaged over levels.",
    )
    on: Day | None = Field(
        default=None,
        description="Day to look at; by default the last of the evidence, the same for all.",
    )
    since: FirstDay = Field(default=SINCE, description="First day of the window.")
    domain: Domain | None = Field(default=None, description="Lag in one domain.")
    weights: Literal["open", "closed"] | None = Field(
        default=None, description="Models with such weights alone."
    )
    include_derived: bool = Field(
        default=False, description="Count models that started from foreign weights."
    )
    parameters: bool = Field(default=False, description="Lag by parameter: domains, compute, hardware ...")
    benchmarks: bool = Field(default=False, description="Lag on every benchmark by itself.")
    scenario: bool = Field(
        default=False, description="Compare with the lag that the country's compute implies."
    )
    days: float | None = Field(
        default=None, ge=1, le=730, description="Scenario: length of the training run; 90 by default."
    )
    utilisation: Share = Field(default=None, description="Scenario: share of peak; 0.4 by default.")
    accelerators: float | None = Field(
        default=None, gt=0, le=1e9, description="Scenario: H100 equivalents; those on record by default."
    )
    share: Share = Field(default=None, description="Scenario: share of them used; all by default.")
    scope: Literal["all", "largest"] | None = Field(
        default=None, description="Scenario: the largest cluster on record (default), or all together."
    )
    projection: bool = Field(default=False, description="Carry the country's trend forward and backtest it.")
    scores: TableFile = Field(
        default=None, description="Your scores: model, benchmark, score, date, country."
    )
    add: Annotated[bool, Local()] = Field(
        default=False, description="Add the scores to those that Parity carries."
    )
    duplicates: Annotated[Literal["error", "best", "median"], Local()] = Field(
        default="error", description="Your scores: which of several of a model on a benchmark counts."
    )

    @model_validator(mode="before")
    @classmethod
    def _by_code(cls, given: Any) -> Any:
        """Take names for codes, and refuse two sides that cannot be compared."""
        of, behind = given.get("of"), given.get("behind", "USA")
        if not isinstance(of or "", str) or not isinstance(behind, str):
            return given
        found = shared.pair(of or "", behind)
        return given | {"of": found.of or None, "behind": found.behind}

    @model_validator(mode="after")
    def _compatible(self) -> Lag:
        if "since" in self.model_fields_set and self.on and self.since > self.on:
            raise ParityError(
                f"the window is empty: it begins on {self.since} (since) and ends on {self.on} (on)"
            )
        for name in ("parameters", "benchmarks", "scenario"):
            asked = self.with_scenario if name == "scenario" else getattr(self, name)
            if asked and (self.of is None or shared.pair(self.of, self.behind).by != "country"):
                raise ParityError(f"{name} compares countries; name two countries, several joined by +")
        if self.projection and self.of is None:
            raise ParityError("projection carries one trend forward; name a country")
        return self

    @property
    def with_scenario(self) -> bool:
        """Whoever sets an assumption of the scenario wants the scenario."""
        return self.scenario or any(getattr(self, name) is not None for name in _ASSUMED)

    @cached(64, when=lambda asked: asked.scores is None)
    def answer(self) -> Answer[LagReport | Lags]:
        """Measure the lag, with what else is asked."""
        asked, capability = self, _capability(self)
        board = _board(self, capability)
        if self.on is not None and self.on > board.until:
            note = f"Asked of {self.on}; nothing is known after {board.until}, so the lag is of that day"
            capability = replace(capability, notes=(note, *capability.notes))
            asked = self.model_copy(update={"on": board.until})
        result = _all(asked, board, capability) if asked.of is None else _one(asked, board, capability)
        sources = shared.SOURCES if self.scores is None or self.add else ()
        return Answer(asked, result, capability.data, board.until, sources)


def _capability(asked: Lag) -> Capability:
    if asked.scores is None:
        return shared.capability(asked.draws, asked.seed, workers=asked.workers)
    evidence = shared.own_scores(asked.scores, dated=True, add=asked.add, duplicates=asked.duplicates)
    return shared.fitted(evidence, asked.draws, asked.seed, workers=asked.workers)


def _board(asked: Lag, capability: Capability) -> Frontier:
    from parity.frontier import frontier

    pair = shared.pair(asked.of or "", asked.behind)
    if asked.scores is None:
        settings = (asked.domain, asked.include_derived, asked.weights, pair.blocs, asked.draws, asked.seed)
        return shared.board(pair.by, *settings)
    return frontier(
        capability.in_domain(asked.domain) if asked.domain else capability.abilities,
        pair.by,
        include_derived=asked.include_derived,
        weights=asked.weights,
        blocs=dict(pair.blocs),
        seed=asked.seed,
    )


def _all(asked: Lag, board: Frontier, capability: Capability) -> Lags:
    from parity.frontier import lags

    notes, measure = capability.notes, asked.measure
    return lags(board, asked.behind, on=asked.on, since=asked.since, notes=notes, measure=measure)


def _one(asked: Lag, board: Frontier, capability: Capability) -> LagReport:
    from parity import frontier as measure
    from parity.catalogue import load_table

    of, behind = str(asked.of), asked.behind
    try:
        found = measure.lag(board, of, behind, on=asked.on, since=asked.since)
    except NoAnswerError as problem:
        # The measure knows codes; whoever asks is told names.
        names = dict(load_table("countries").select("iso3", "name").iter_rows())
        told = re.sub(r"\b[A-Z]{3}\b", lambda code: names.get(code[0], code[0]), str(problem))
        raise NoAnswerError(told) from None
    rows, tests, run, path = None, None, None, None
    derived = asked.include_derived
    if asked.parameters:
        tables = shared.compute_tables()
        rows = measure.parameters(
            capability, *tables, of, behind, on=found.on, include_derived=derived, seed=asked.seed
        ).rows
    if asked.benchmarks:
        tests = measure.per_benchmark(capability, of, behind, on=found.on, include_derived=derived).rows
    if asked.with_scenario:
        given = {name: getattr(asked, name) for name in _ASSUMED if getattr(asked, name) is not None}
        options = measure.ScenarioOptions.model_validate(given)
        tables = shared.compute_tables()
        run = measure.scenario(board, *tables, of, behind, on=asked.on, options=options)
    if asked.projection:
        path = measure.project(board, of, behind, on=found.on)
    return measure.LagReport(found, rows, tests, run, path, capability.notes, asked.measure)
