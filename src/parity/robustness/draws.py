"""Single draws of a run, each as the spec and the data that anybody can rebuild it from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from parity.errors import ParityError
from parity.index import Index, IndexSpec
from parity.robustness._design import UNCERTAINTY, chunk_seed, sobol_points
from parity.robustness._draws import chosen
from parity.robustness._run import make
from parity.stats import FloatArray

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
