"""What a ranking rests on: rank intervals over rebuilds, what drives them, single draws, swaps of places."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field

from parity.ask.answer import Answer
from parity.ask.cache import cached, progress
from parity.ask.of_index import IndexQuestion
from parity.ask.question import Local, Old, Place, Word
from parity.errors import InvalidError, NoAnswerError

if TYPE_CHECKING:
    import polars as pl

    from parity.ask.standing import Standing
    from parity.robustness import Options
    from parity.robustness.report import DrawReport, DrawsReport, Report
    from parity.robustness.swap_spread import SwapReport

MOST_OVER_NETWORK = {"draws": 100_000, "base": 8_192}


class Robustness(IndexQuestion):
    """Rebuild an index many times, each time with other choices: rank intervals and what drives them.

    The table [robustness] of a spec names the choices. Ranks come with 50, 90 and 95 % intervals; Sobol
    indices say what share of a rank's variance each assumption explains, alone (first) and with all
    others (total).
    """

    verb = "robustness"
    view = "robustness:robustness"
    result = "parity.robustness.report:Report"
    examples = (
        "parity robustness --country RUS --country CHN --draws 512 --base 64",
        "parity robustness --until 0.5 --top 10 --out intervals.csv",
        "parity robustness --index my-index.toml --draws 1000000 --seed 7 --out all.json",
        "parity robustness --base 0 --out ranks.png",
        "parity robustness --country RUS --given RUS 30 --out given.svg",
        "parity robustness --draws 10000000 --journal run.journal --cluster tls://10.0.0.1:8786 --out r.json",
    )

    country: tuple[Word, ...] = Field(
        default=(), max_length=300, description="Countries to show, by code or name; all by default."
    )
    top: tuple[Annotated[int, Field(ge=1, le=100_000)], ...] = Field(
        default=(), max_length=20, description="Show the probability of rank K or better."
    )
    given: tuple[str, str] | None = Field(
        default=None,
        description="COUNTRY RANK: Sobol indices over the draws alone in which it ranks so or better.",
        examples=[["RUS", "30"]],
    )
    kind: Literal["ranks", "sobol", "above"] = Field(
        default="ranks",
        description="Figure that stands first: rank intervals, Sobol indices, or heat map of P(A above B).",
    )
    draws: Annotated[int | None, Old("-n")] = Field(
        default=None, ge=1, le=10_000_000, description="Draws; by default those of the spec, or 100000."
    )
    seed: int | None = Field(
        default=None, ge=0, description="Seed of the draws; that of the spec by default."
    )
    until: Annotated[float | None, Local()] = Field(
        default=None, gt=0, description="Draw until the error of every interval end is below so many ranks."
    )
    base: int | None = Field(
        default=None,
        ge=0,
        le=1_000_000,
        description="Base points for Sobol indices, rounded up to a power of two; 0 leaves them out.",
    )
    pairs: bool = Field(default=False, description="Estimate interactions of pairs of assumptions too.")
    workers: Annotated[int | None, Local(settles=False)] = Field(
        default=None, ge=1, description="Workers; one per processor by default."
    )
    backend: Annotated[Literal["threads", "processes"], Local(settles=False)] = Field(
        default="threads",
        description="Processes help where a spec aggregates by a method that is not a mean.",
    )
    cluster: Annotated[str | None, Local(settles=False)] = Field(
        default=None, description="Dask scheduler that does the work: tls://10.0.0.1:8786."
    )
    insecure_cluster: Annotated[bool, Local(settles=False)] = Field(
        default=False,
        description="Use a scheduler without TLS on another machine: whoever reaches it can run code.",
    )
    journal: Annotated[str | None, Local(settles=False)] = Field(
        default=None,
        description="Keep finished work in FILE; the same command goes on from it after a stop.",
    )

    @classmethod
    def read(cls, given: Mapping[str, Any], *, remote: bool = False) -> Self:
        """Return the question; over a network its work is bounded."""
        asked = super().read(given, remote=remote)
        for name, most in MOST_OVER_NETWORK.items() if remote else ():
            if (getattr(asked, name) or 0) > most:
                raise InvalidError(name, f"over a network at most {most:,} (given: {getattr(asked, name):,})")
        return asked

    @cached(4, when=lambda asked: asked.carried and asked.journal is None)
    def answer(self) -> Answer[Report]:
        """Rebuild the index."""
        from parity.robustness import Assumptions, analyse
        from parity.robustness.report import report

        found = self.standing()
        spec = found.index.spec
        units = tuple(dict.fromkeys(found.unit(text) for text in self.country))
        if Assumptions.of(spec).empty:
            raise NoAnswerError(
                f"'{spec.index.id}' names no assumption to vary, so every rebuild is the same; add a table "
                "[robustness] to its spec (docs/spec.md lists what it may hold)"
            )
        with progress(_STEPS, "Rebuilding the index") as advance:
            run = analyse(
                spec,
                found.index.stages["raw"].table,
                _options(self, found, units, advance),
                seed=self.seed,
                vintages=editions(found, self.folder),
                vintage=found.vintage,
            )
        named = self.model_copy(update={"country": units})
        return found.answer(named, report(run, units, self.top, variant=found.variant))


_STEPS = 1000


def _options(asked: Robustness, found: Standing, units: tuple[str, ...], advance: Any) -> Options:
    from parity.robustness import BASE_POINTS, Options, Workers

    shown = 0

    def told(done: int, of: int) -> None:
        nonlocal shown
        now = _STEPS * done // max(of, 1)
        advance(now - shown)
        shown = now

    return Options(
        draws=asked.draws,
        until=asked.until,
        pairs=asked.pairs,
        units=units,
        given=None if asked.given is None else (found.unit(asked.given[0]), _rank(asked.given[1])),
        workers=Workers(asked.workers, asked.backend, asked.cluster, asked.insecure_cluster),
        journal=None if asked.journal is None else Path(asked.journal),
        progress=told,
        base=BASE_POINTS if asked.base is None else asked.base,
    )


def _rank(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise InvalidError("given", f"a country and a rank, such as RUS 30; '{text[:20]}' is no rank")
    return int(text)


class Swap(IndexQuestion):
    """How far weights must move before two countries change places.

    Each weight alone, the others of its group keeping their proportions; and all together, by the smallest
    move of the indicators' shares in the index. Intervals: the same with every combination of the step
    choices of the spec's robustness table.
    """

    verb = "robustness swap"
    view = "robustness:swap"
    result = "parity.robustness.swap_spread:SwapReport"
    examples = (
        "parity robustness swap RUS BRA",
        "parity robustness swap China Germany --variant intensity --out swap.csv",
    )

    a: Annotated[Word, Place()] = Field(description="Country, by code or name.", examples=["RUS"])
    b: Annotated[Word, Place()] = Field(description="The other country.", examples=["BRA"])
    top: int = Field(default=10, ge=1, le=1000, description="Weights to show, the smallest change first.")

    def answer(self) -> Answer[SwapReport]:
        """Seek the shares."""
        found = self.standing()
        a, b = found.unit(self.a), found.unit(self.b)
        asked = self.model_copy(update={"a": a, "b": b})
        return found.in_year().answer(asked, _swapped(found, a, b))


@cached(64)
def _swapped(found: Standing, a: str, b: str) -> SwapReport:
    from parity.robustness.swap_spread import swap_report

    return swap_report(found.index, a, b, found.titles, variant=found.variant)


class Draw(IndexQuestion):
    """Show one draw of a run: the choices that it made, and the ranking that follows.

    Written to a folder, the draw is a spec and its data; `parity index build` makes the same scores of them.
    """

    verb = "robustness draw"
    view = "robustness:draw"
    result = "parity.robustness.report:DrawReport"
    examples = (
        "parity robustness draw 17",
        "parity robustness draw 17 --to-folder draw-17 --data mine.csv --index mine.toml",
    )

    number: Annotated[int, Place()] = Field(
        ge=0, le=10_000_000, description="Number of the draw, from 0.", examples=[17]
    )
    seed: int | None = Field(default=None, ge=0, description="Seed of the run; that of the spec by default.")
    to_folder: Annotated[str | None, Local(settles=False)] = Field(
        default=None, description="Write the draw to a folder, as draw.toml and draw.csv."
    )

    def answer(self) -> Answer[DrawReport]:
        """Make the draw again."""
        from parity.robustness.report import draw_report

        found = self.standing()
        result = draw_report(
            found.index,
            self.number,
            variant=found.variant,
            seed=self.seed,
            vintages=editions(found, self.folder),
        )
        if self.to_folder is not None:
            _write(result, Path(self.to_folder))
        return found.answer(self, result)


def _write(drawn: DrawReport, folder: Path) -> None:
    from parity.catalogue.files import write_table, write_text
    from parity.robustness.report import DATA, SPEC

    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / SPEC, drawn.spec)
    write_table(folder / DATA, drawn.table)


class Draws(IndexQuestion):
    """Show many draws of a run as one table: the choices, weights, scores and ranks of each."""

    verb = "robustness draws"
    view = "robustness:draws"
    result = "parity.robustness.report:DrawsReport"
    examples = (
        "parity robustness draws --count 5",
        "parity robustness draws --count 1000 --out draws.parquet --data mine.csv --index mine.toml",
    )

    count: int = Field(default=10, ge=1, le=2_000, description="How many draws.")
    first: int = Field(default=0, ge=0, le=10_000_000, description="Number of the first, from 0.")
    seed: int | None = Field(default=None, ge=0, description="Seed of the run; that of the spec by default.")

    def answer(self) -> Answer[DrawsReport]:
        """Make the draws again."""
        from parity.robustness.report import draws_report

        found = self.standing()
        made = editions(found, self.folder)
        result = draws_report(
            found.index, self.first, self.count, variant=found.variant, seed=self.seed, vintages=made
        )
        return found.answer(self, result)


def editions(found: Standing, folder: Path) -> Mapping[str, pl.DataFrame]:
    """Return the data of every edition by its name; empty where the spec names none.

    Parameters
    ----------
    found
        The built index.
    folder
        Where the spec lies: files are relative to it.

    Raises
    ------
    ParityError
        If an edition cannot be read, or the spec does not take its data from the catalogue and names years.
    """
    from parity.catalogue import files, load_table
    from parity.index import assemble
    from parity.robustness import Assumptions

    spec = found.index.spec
    vintages = Assumptions.of(spec).vintages
    if vintages is None:
        return {}
    if vintages.files:
        return {name: files.read_table(folder / file) for name, file in vintages.files.items()}
    observations, countries = found.observations, load_table("countries")
    return {str(year): assemble(spec, observations, countries, year).table for year in vintages.years}
