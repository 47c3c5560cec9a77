"""How capable models are, from their benchmark scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import Field, model_validator

from parity.ask import frontier as shared
from parity.ask.answer import Answer
from parity.ask.cache import cached
from parity.ask.frontier import Domain, FitQuestion
from parity.ask.question import Country, Line, Local, Place, TableFile
from parity.errors import InvalidError

if TYPE_CHECKING:
    import polars as pl

    from parity.frontier import Abilities, Benchmarks, Fit, FitOptions, Models, Shown

DOMAINS: tuple[Domain, ...] = get_args(Domain)


class _Scaled(FitQuestion):
    """A question about capabilities on a scale."""

    domain: Domain | None = Field(default=None, description="Capability in one domain.")
    scale: tuple[Annotated[str, Field(max_length=120)], ...] = Field(
        default=(),
        max_length=2,
        description="Hang the scale on two models, each as MODEL=NUMBER.",
        examples=[["gpt-4-0314=100", "o3-2025-04-16_high=140"]],
    )

    @model_validator(mode="after")
    def _two_ends(self) -> _Scaled:
        ends = self.ends()
        if len(ends) not in (0, 2) or any(len(set(part)) < len(ends) for part in zip(*ends, strict=True)):
            raise InvalidError(
                "scale", "needs two different models with two different numbers; give it twice"
            )
        return self

    def ends(self) -> list[tuple[str, float]]:
        """Return the models that the scale hangs on, with their numbers."""
        found = []
        for given in self.scale:
            name, _, number = given.rpartition("=")
            try:
                found.append((name.strip(), float(number)))
            except ValueError:
                raise InvalidError(
                    "scale", f"'{given}' is not MODEL=NUMBER, such as gpt-4-0314=100"
                ) from None
        return found

    def options(self, **more: Any) -> FitOptions | None:
        """Return the options of the fit; ``None`` for the usual ones, whose fit every answer shares."""
        from parity.frontier import FitOptions

        ends = self.ends()
        found = FitOptions(scale=(ends[0], ends[1]) if ends else None, **more)
        return None if found == FitOptions() else found


class CapabilityList(_Scaled):
    """List models by capability, with intervals.

    Models with few scores are left out unless asked for: one lucky score says little, and such models
    would lead the list.
    """

    verb = "capability list"
    view = "capability:models"
    result = "parity.frontier:Models"
    addresses = ("capability",)
    examples = (
        "parity capability list --country Russia",
        "parity capability list --domain coding --top 10 --least 3",
        "parity capability list --by developer --out models.svg",
        "parity capability list --top 5 --scale gpt-4-0314=100 --scale o3-2025-04-16_high=140",
    )

    country: Country | None = Field(default=None, description="Models of one country: code or name.")
    top: int | None = Field(default=None, ge=1, le=5000, description="The N most capable.")
    least: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description="Models with so many scores or more; by default what a frontier needs: three, two in a "
        "domain.",
    )
    by: Literal["country", "developer", "openness", "domain"] = Field(
        default="country", description="What the figure tells apart, each with its frontier."
    )
    include_derived: bool = Field(
        default=False, description="Let models on foreign weights set a frontier of the figure."
    )
    efforts: bool = Field(
        default=False, description="A row for each effort of reasoning; otherwise one per model, its best."
    )

    @cached(64)
    def answer(self) -> Answer[Models]:
        """List the models."""
        from parity.frontier import Models, grouped, models

        fit = (self.draws, self.seed, self.options())
        data = shared.capability(*fit, workers=self.workers).data
        found = shared.abilities(self.domain, *fit)
        table, left_out, folded = _listed(self, found)
        by = "country" if self.by == "domain" else self.by
        board = shared.board(by, self.domain, self.include_derived, None, (), *fit)
        if self.by == "domain":
            points, frontiers = _by_domain(self)
        else:
            points, frontiers = grouped(table, board)
        listed = models(found, table)
        result = Models(found.domain, listed, left_out, folded, frontiers, board.until, points)
        return Answer(self, result, data, board.until, shared.SOURCES)


def _listed(asked: CapabilityList, found: Abilities) -> tuple[pl.DataFrame, int, int]:
    """Return the models asked for, how many have too few scores, and how many are folded."""
    from parity.frontier import by_capability

    return by_capability(
        found, country=asked.country, top=asked.top, least=asked.least, efforts=asked.efforts
    )


def _by_domain(asked: CapabilityList) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return models once for each domain in which they have scores, and the world's records in each."""
    import polars as pl

    from parity.frontier import WORLD, records

    fit = (asked.draws, asked.seed, asked.options())
    points, frontiers = [], []
    for domain in [asked.domain] if asked.domain else DOMAINS:
        found = shared.abilities(domain, *fit)
        table = _listed(asked, found)[0]
        points.append(table.drop_nulls(["date", "capability"]).with_columns(group=pl.lit(domain)))
        board = shared.board("country", domain, asked.include_derived, None, (), *fit)
        frontiers.append(records(board, [WORLD], domain))
    return pl.concat(points), pl.concat(frontiers)


class CapabilityShow(_Scaled):
    """Show one model: capability, and every score against its curve."""

    verb = "capability show"
    view = "capability:model"
    result = "parity.frontier:Shown"
    examples = (
        'parity capability show "GigaChat 2 Max"',
        "parity capability show gpt-4-0314 --domain mathematics",
    )

    model: Annotated[Line, Place()] = Field(description="Version of a model.", examples=["gpt-4-0314"])

    def answer(self) -> Answer[Shown]:
        """Show the model."""
        from parity.frontier import shown

        fit = (self.draws, self.seed, self.options())
        found = shared.capability(*fit, workers=self.workers)
        result = shown(found, shared.abilities(self.domain, *fit), self.model)
        return Answer(self, result, found.data, shared.last_day(), shared.SOURCES)


class CapabilityBenchmarks(FitQuestion):
    """List benchmarks by difficulty, with slope and residual."""

    verb = "capability benchmarks"
    view = "capability:benchmarks"
    result = "parity.frontier:Benchmarks"
    examples = ("parity capability benchmarks --out difficulty.png",)

    def answer(self) -> Answer[Benchmarks]:
        """List the benchmarks."""
        from parity.frontier import benchmarks

        found = shared.capability(self.draws, self.seed, workers=self.workers)
        return Answer(self, benchmarks(found), found.data, shared.last_day(), shared.SOURCES)


class CapabilityFit(_Scaled):
    """Fit capability to scores of your own: columns model, benchmark, score (0 to 1).

    Without a table, the scores that Parity carries are fitted.
    """

    verb = "capability fit"
    view = "capability:fit"
    result = "parity.frontier:Fit"
    examples = (
        "parity capability fit",
        "parity capability fit --scores scores.csv --anchor Winogrande --out capabilities.csv",
        "parity capability fit --scores mine.csv --add --json",
    )

    scores: Annotated[TableFile, Place()] = Field(
        default=None, description="Your scores: model, benchmark, score."
    )
    add: Annotated[bool, Local()] = Field(
        default=False, description="Add the scores to those that Parity carries."
    )
    duplicates: Annotated[Literal["error", "best", "median"], Local()] = Field(
        default="error", description="Your scores: which of several of a model on a benchmark counts."
    )
    anchor: Line | None = Field(default=None, description="Benchmark with slope 1 and difficulty 0.")
    loss: Literal["linear", "soft_l1", "huber"] = Field(
        default="linear", description="A robust loss lets outliers pull less."
    )
    guessing: bool = Field(default=False, description="Let curves rise from each benchmark's chance level.")

    def answer(self) -> Answer[Fit]:
        """Fit capability."""
        from parity.frontier import fitted

        options = self.options(
            anchor=self.anchor, loss=self.loss, guessing=self.guessing, ceiling=self.guessing
        )
        if self.scores is None:
            found = shared.capability(self.draws, self.seed, options, workers=self.workers)
        else:
            evidence = shared.own_scores(self.scores, dated=False, add=self.add, duplicates=self.duplicates)
            found = shared.fitted(evidence, self.draws, self.seed, options, self.workers)
        abilities = found.in_domain(self.domain) if self.domain else found.abilities
        sources = shared.SOURCES if self.scores is None or self.add else ()
        known = shared.last_day() if self.scores is None else None
        return Answer(self, fitted(found, abilities), found.data, known, sources)
