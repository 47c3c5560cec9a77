"""What a run tells: intervals, which assumption moves which output, and single draws to build again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from parity.errors import ParityError
from parity.index import Index, IndexSpec
from parity.robustness._draws import UNCERTAINTY, chosen, chunk_seed, sobol_points
from parity.robustness._run import make
from parity.robustness.results import Robustness, Use, largest_error
from parity.stats import FloatArray


@dataclass(frozen=True, slots=True)
class UnitIntervals:
    """Rank and score intervals of one unit over the draws.

    Attributes
    ----------
    iso3, name
        Code and name of the unit.
    rank, score
        In the base build; rank 1 is best, ties share the smallest.
    median
        Median rank of the draws.
    low50, high50, low90, high90, low95, high95
        Best and worst rank of the 50, 90 and 95 % interval.
    score_low50, score_high50, score_low90, score_high90, score_low95, score_high95
        Ends of the score's intervals.
    unranked
        Share of the draws in which the unit has no score.
    group
        Units of one group cannot be told apart from its first in 95 % of the draws.
    top
        Probability of rank k or better, by k, where asked for.
    above
        Probability that this unit scores higher than another, by the other's code, where units are named.
    not_apart
        Units that it cannot be told apart from, where units are named.
    """

    iso3: str
    name: str
    rank: int | None
    score: float | None
    median: int | None
    low50: int | None
    high50: int | None
    low90: int | None
    high90: int | None
    low95: int | None
    high95: int | None
    score_low50: float | None
    score_high50: float | None
    score_low90: float | None
    score_high90: float | None
    score_low95: float | None
    score_high95: float | None
    unranked: float
    group: int | None = None
    top: Mapping[str, float] = field(default_factory=dict)
    above: Mapping[str, float] = field(default_factory=dict)
    not_apart: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What a run came to.

    Attributes
    ----------
    index
        Index.
    variant
        Variant of a built-in index.
    draws
        Rebuilds behind the intervals.
    seed
        Seed.
    seconds
        Wall time of the run.
    monte_carlo_error
        Largest standard error of an interval end over the units, in ranks.
    assumptions
        What was varied.
    countries
        In order of the base ranking.
    base_points
        Base points of the sensitivity analysis; 0 without one.
    rebuilds
        Rebuilds behind the sensitivity analysis.
    condition
        Which draws the sensitivity analysis looks at; empty for all.
    sensitivity
        Sobol indices: ``output`` ('rank C', 'score C' or 'mean rank shift'), ``assumption``, ``first`` (share
        of the variance that it explains alone), ``total`` (share that goes when everything but it is known),
        their 95 % intervals, and the ``reason`` where there is none.
    interactions
        Share of an output's variance that two assumptions explain only together, with its 95 % interval.
    run
        All of it, for figures.
    """

    json_keys: ClassVar[Mapping[str, str | None]] = {"run": None}

    index: str
    variant: str
    draws: int
    seed: int
    seconds: float
    monte_carlo_error: float
    assumptions: tuple[Use, ...]
    countries: tuple[UnitIntervals, ...]
    base_points: int
    rebuilds: int
    condition: str
    sensitivity: pl.DataFrame
    interactions: pl.DataFrame
    run: Robustness


def report(
    run: Robustness, units: tuple[str, ...] = (), tops: tuple[int, ...] = (), *, variant: str = ""
) -> Report:
    """Return what a run tells.

    ``units``: units to tell of; all by default.
    """
    found = run.sensitivity
    return Report(
        run.spec.index.id,
        variant,
        run.draws,
        run.seed,
        run.seconds,
        largest_error(run.counts, run.bins),
        run.uses,
        _countries(run, units, tops),
        0 if found is None else found.base,
        0 if found is None else found.rebuilds,
        "" if found is None else found.condition,
        pl.DataFrame() if found is None else found.table(),
        pl.DataFrame() if found is None else found.pairs(),
        run,
    )


def _countries(run: Robustness, units: tuple[str, ...], tops: tuple[int, ...]) -> tuple[UnitIntervals, ...]:
    probabilities = {str(k): run.top(k) for k in tops}
    pairs = run.above() if units and run.counts.above.size else None
    found = []
    for place, row in enumerate(run.table().iter_rows(named=True)):
        code = row.pop("id")
        if units and code not in units:
            continue
        more: dict[str, Any] = {"top": {k: float(each[place]) for k, each in probabilities.items()}}
        if pairs is not None:
            others = zip(run.units, pairs[place].tolist(), strict=True)
            more["above"] = {other: share for other, share in others if other != code}
            more["not_apart"] = run.not_apart(code)
        found.append(UnitIntervals(iso3=code, **row, **more))
    return tuple(found)


SPEC, DATA = "draw.toml", "draw.csv"
"""Names of a draw's spec and data in a folder."""


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """One draw."""

    number: int  # its number in the run, from 0; the number of draws in all does not matter
    # What `parity.index.build` makes the same scores of.
    spec: IndexSpec
    data: pl.DataFrame
    alternatives: Mapping[str, str]  # alternative taken, by assumption; weights stand in the spec
    units: tuple[str, ...]  # codes of the units
    # Of the units, shape (units,); NaN and 0 without a score.
    scores: FloatArray
    ranks: NDArray[np.int32]

    def table(self) -> pl.DataFrame:
        """Return one row per unit: id, score, rank; the first rank first, units without one last."""
        ranks = pl.Series([int(rank) or None for rank in self.ranks], dtype=pl.Int64)
        scores = pl.Series(self.scores, nan_to_null=True)
        table = pl.DataFrame({"id": self.units, "score": scores, "rank": ranks})
        return table.sort("rank", "id", nulls_last=True)


def draws(
    spec: IndexSpec,
    data: pl.DataFrame,
    numbers: Iterable[int],
    *,
    seed: int | None = None,
    vintages: Mapping[str, pl.DataFrame] | None = None,
) -> Iterator[Draw]:
    """Yield single draws of the run that `analyse` makes of the same spec, data and seed.

    ``numbers``: which draws, from 0.
    """
    from parity.robustness import _kernel
    from parity.robustness._tasks import chunk_size

    plan, _ = make(spec, data, seed=seed, vintages=vintages)
    size = chunk_size(plan)
    for number in numbers:
        if number < 0:
            raise ParityError(f"draws are numbered from 0, not {number}")
        chunk, place = divmod(number, size)
        net = sobol_points(place + 1, plan.dimensions, chunk_seed(plan.recipe.seed, UNCERTAINTY, chunk))
        point = net[place:]
        drawn = plan.realise(point)
        scores = plan.scores(drawn)
        variant = int(drawn.variants[0])
        picked = zip(plan.factors, chosen(plan.factors, point), strict=True)
        yield Draw(
            number=number,
            spec=plan.spec_of(variant, drawn.weights[0]),
            data=plan.recipe.data_of(variant),
            alternatives={factor.name: factor.labels[int(at[0])] for factor, at in picked if factor.labels},
            units=tuple(str(unit) for unit in plan.units),
            scores=scores[:, 0],
            ranks=_kernel.ranks_of(scores)[:, 0],
        )


@dataclass(frozen=True, slots=True, eq=False)
class DrawsReport:
    """Draws of a run, one a row, with what each chose.

    Attributes
    ----------
    index
        Index.
    variant
        Variant of a built-in index.
    draws
        ``draw`` (its number, from 0); ``choice:NAME`` (alternative taken, by assumption); ``weight:CODE``
        (weight of each element that is not the same in all draws); ``score:UNIT`` and ``rank:UNIT``.
    """

    index: str
    variant: str
    draws: pl.DataFrame


def draws_report(
    index: Index,
    first: int,
    count: int,
    *,
    variant: str = "",
    seed: int | None = None,
    vintages: Mapping[str, pl.DataFrame] | None = None,
) -> DrawsReport:
    """Return draws of the run that `analyse` makes of a built index, from a number on."""
    rows = []
    numbers = range(first, first + count)
    for drawn in draws(index.spec, index.stages["raw"].table, numbers, seed=seed, vintages=vintages):
        weights = {each.code: each.weight for each in drawn.spec.indicators}
        weights |= {group.code: group.weight for group in drawn.spec.groups}
        rows.append(
            {"draw": drawn.number}
            | {f"choice:{name}": label for name, label in drawn.alternatives.items()}
            | {f"weight:{code}": weight for code, weight in weights.items()}
            | {f"score:{unit}": float(score) for unit, score in zip(drawn.units, drawn.scores, strict=True)}
            | {f"rank:{unit}": int(rank) or None for unit, rank in zip(drawn.units, drawn.ranks, strict=True)}
        )
    table = pl.DataFrame(rows, infer_schema_length=None).with_columns(pl.col(pl.Float64).fill_nan(None))
    same = [name for name in table.columns if name.startswith("weight:") and table[name].n_unique() == 1]
    return DrawsReport(index.spec.index.id, variant, table.drop(same if count > 1 else []))


@dataclass(frozen=True, slots=True, eq=False)
class DrawReport:
    """A draw as a spec that anybody can rebuild it from.

    Attributes
    ----------
    index
        Index.
    variant
        Variant of a built-in index.
    draw
        Number of the draw, from 0.
    alternatives
        Alternative taken, by assumption.
    spec
        The draw's spec, as TOML; its data are in a file ``DATA`` beside it.
    countries
        ``iso3``, ``name``, ``score`` and ``rank`` of every unit, the first rank first.
    table
        The draw's data.
    """

    json_keys: ClassVar[Mapping[str, str | None]] = {"table": None}

    index: str
    variant: str
    draw: int
    alternatives: Mapping[str, str]
    spec: str
    countries: pl.DataFrame
    table: pl.DataFrame


def draw_report(
    index: Index,
    number: int,
    *,
    variant: str = "",
    seed: int | None = None,
    vintages: Mapping[str, pl.DataFrame] | None = None,
) -> DrawReport:
    """Return one draw of the run that `analyse` makes of a built index; parameters as for `draws`."""
    (drawn,) = draws(index.spec, index.stages["raw"].table, [number], seed=seed, vintages=vintages)
    section = drawn.spec.index.model_copy(update={"data": DATA})
    names = dict(zip(map(str, index.units), map(str, index.names), strict=True))
    table = drawn.table()
    named = table["id"].replace_strict(names, default=None)
    return DrawReport(
        index.spec.index.id,
        variant,
        drawn.number,
        dict(drawn.alternatives),
        drawn.spec.model_copy(update={"index": section}).to_toml(),
        table.select(iso3="id", name=named, score="score", rank="rank"),
        drawn.data,
    )
