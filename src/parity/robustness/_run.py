"""Running the draws: from a spec and its data to what the ranking rests on.

`Prepared` builds the variants once and gives rank intervals at the speed of a slider.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import polars as pl

from parity import __version__
from parity.errors import ParityError, did_you_mean
from parity.index import Index, IndexSpec, build
from parity.robustness._bag import Progress, Tables, Task, Workers, run_chunks
from parity.robustness._counts import Bins, Counts, bins_around
from parity.robustness._draws import PILOT, SUBSET, Factor, chunk_seed, columns_of, factors_of, sobol_points
from parity.robustness._recipe import OWN_DATA, Recipe
from parity.robustness._weights import Dirichlet, Mix, Noise
from parity.robustness.assumptions import Assumptions
from parity.robustness.results import SHIFT, Robustness, Sensitivity, Use, largest_error
from parity.stats import FloatArray, IntArray

if TYPE_CHECKING:
    from parity.catalogue.journal import Journal
    from parity.robustness._plan import Plan
    from parity.robustness._sobol import Estimator


DRAWS = 100_000
BASE_POINTS = 1 << 13
MOST_DRAWS = 1 << 24
_PILOT_DRAWS = 1 << 10
_PILOT_CELLS = 1 << 22
_LEAST_PILOT = 64
_MANY_OUTPUTS = 1000
_SENSITIVITY_KEY = 1 << 40


@dataclass(frozen=True, slots=True)
class Options:
    """How a run is made.

    Attributes
    ----------
    draws
        Draws for the intervals; with ``until``, the most.
    until
        Draw until the standard error of every interval end is below this many ranks.
    base
        Base points for Sobol indices, rounded up to a power of two; 0 leaves them out.
    pairs
        Estimate interactions of pairs too.
    estimator
        First-order estimator, ``saltelli`` (2010) or ``jansen`` (1999).
    level
        Probability that the intervals of the Sobol indices cover.
    units
        Units whose rank and score are outputs of the sensitivity analysis; all by default,
        none where there are more than 1000.
    given
        A unit and a rank: Sobol indices over the draws alone in which the unit ranks so or better.
    workers
        Who does the work.
    journal
        File that keeps finished chunks, so that a stopped run can go on.
    progress
        Called with the work done and the work in all.
    """

    draws: int | None = None
    until: float | None = None
    base: int = BASE_POINTS
    pairs: bool = False
    estimator: Estimator = "saltelli"
    level: float = 0.95
    units: tuple[str, ...] = ()
    given: tuple[str, int] | None = None
    workers: Workers = field(default_factory=Workers)
    journal: Path | None = None
    progress: Progress | None = None

    def __post_init__(self) -> None:
        if self.draws is not None and self.draws < 1:
            raise ParityError(f"draws must be 1 or more, not {self.draws}")
        if self.until is not None and not self.until > 0:
            raise ParityError(f"until must be above 0 ranks, not {self.until:g}")
        if self.base < 0:
            raise ParityError(f"base points must be 0 or more, not {self.base}")
        if self.given is not None and self.given[1] < 1:
            raise ParityError(f"given: the rank must be 1 or more, not {self.given[1]}")
        if not 0 < self.level < 1:
            raise ParityError(f"level must lie between 0 and 1, not {self.level:g}")


def analyse(
    spec: IndexSpec,
    data: pl.DataFrame,
    options: Options | None = None,
    *,
    seed: int | None = None,
    vintages: Mapping[str, pl.DataFrame] | None = None,
    vintage: str = "",
) -> Robustness:
    """Rebuild an index many times, each time with other choices, and report what stays.

    Parameters
    ----------
    spec
        Index with a ``[robustness]`` table.
    data
        Its data, as for `parity.index.build`. In a panel the last year is ranked.
    options
        How many draws, and who makes them.
    seed
        Seed; by default that of the spec.
    vintages
        Data of the vintages that ``[robustness.vintages]`` names.
    vintage
        Of the data, kept with the result.

    Returns
    -------
    Robustness
        Bit-identical for any number and kind of workers.

    Raises
    ------
    ParityError
        If an assumption does not fit the spec, or alternatives do not go together.
    """
    started = time.perf_counter()
    options = options or Options()
    plan, base = make(spec, data, seed=seed, vintages=vintages)
    with _journal(plan, options) as journal:
        counts, bins = uncertainty(plan, options, journal)
        sensitivity = _sensitivity(plan, options, journal) if options.base and plan.factors else None
    order = np.lexsort((np.arange(len(plan.units)), np.where(plan.base_ranks > 0, plan.base_ranks, 1 << 40)))
    named = dict(zip(base.units, base.names, strict=True))
    return Robustness(
        spec=spec,
        vintage=vintage,
        seed=plan.recipe.seed,
        seconds=time.perf_counter() - started,
        uses=_uses(plan, counts),
        units=tuple(str(plan.units[k]) for k in order),
        names=tuple(str(named.get(plan.units[k], plan.units[k])) for k in order),
        base_ranks=plan.base_ranks[order],
        base_scores=plan.base_scores[order],
        counts=_reordered(counts, order),
        bins=Bins(*(column[order] for column in bins)),
        sensitivity=sensitivity,
    )


def make(
    spec: IndexSpec,
    data: pl.DataFrame,
    *,
    seed: int | None = None,
    vintages: Mapping[str, pl.DataFrame] | None = None,
) -> tuple[Plan, Index]:
    """Build the base and every data variant, and lay them out for the draws."""
    from parity.robustness._plan import make_plan

    assumptions = Assumptions.of(spec)
    plain = spec.model_copy(update={"robustness": {}})
    factors = factors_of(plain, assumptions)
    recipe = Recipe(
        spec=plain,
        assumptions=assumptions,
        factors=tuple(factor for factor in factors if factor.rule is None),
        data=_tables(assumptions, data, vintages),
        seed=assumptions.seed if seed is None else seed,
    )
    base = build(plain, data)
    return make_plan(recipe, factors, base), base


def _tables(
    assumptions: Assumptions, data: pl.DataFrame, vintages: Mapping[str, pl.DataFrame] | None
) -> Mapping[str, pl.DataFrame]:
    if assumptions.vintages is None:
        return {OWN_DATA: data}
    given = vintages or {}
    if absent := [name for name in assumptions.vintages.names if name not in given]:
        raise ParityError(f"[robustness.vintages] names '{absent[0]}', and no data were given for it")
    return {name: given[name] for name in assumptions.vintages.names}


def uncertainty(plan: Plan, options: Options, journal: Journal | None) -> tuple[Counts, Bins]:
    """Draw, in rounds that double where an error is to be reached."""
    from parity.robustness._tasks import Uncertainty, chunk_count, chunk_size, counts_of

    size = chunk_size(plan)
    bins, _ = _pilot(plan)
    most = options.draws or (MOST_DRAWS if options.until else plan.recipe.assumptions.draws or DRAWS)
    task = Uncertainty(plan, bins, most, size)
    counts = Counts.empty(len(plan.units), sum(len(factor.labels) for factor in plan.factors))
    chunks, done = chunk_count(most, size), 0
    upto = chunks if options.until is None else 1
    while done < chunks:
        for _, tables in _tracked(task, range(done, upto), options, journal, 0, (done, chunks)):
            counts = counts.plus(counts_of(tables))
        done, upto = upto, min(2 * upto, chunks)
        if options.until is not None and largest_error(counts, bins) < options.until:
            break
    return counts, bins


def _pilot(plan: Plan) -> tuple[Bins, FloatArray]:
    """Draw a little to learn where scores lie: the bins, and the mean score of each unit."""
    from parity.robustness._kernel import ranks_of

    seed = chunk_seed(plan.recipe.seed, PILOT, 0)
    draws = min(_PILOT_DRAWS, max(_LEAST_PILOT, _PILOT_CELLS // len(plan.units)))
    scores = plan.scores(plan.realise(sobol_points(draws, plan.dimensions, seed)))
    known = ~np.isnan(scores)
    means = np.where(known, scores, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return bins_around(scores, ranks_of(scores).astype(np.int64)), means


def _sensitivity(plan: Plan, options: Options, journal: Journal | None) -> Sensitivity:
    if options.given is not None:
        return _on_subset(plan, options, *options.given)
    from parity.robustness import _sobol
    from parity.robustness._tasks import Sensitivity as Summing
    from parity.robustness._tasks import chunk_count, chunk_size, moments_of

    base = 1 << (options.base - 1).bit_length()
    chosen = outputs_wanted(plan, options.units)
    centre = np.concatenate([plan.base_ranks[chosen], _pilot(plan)[1][chosen], [0.0]]).astype(np.float64)
    probe = Summing(plan, chosen, centre, base, base, options.pairs)
    task = replace(probe, size=chunk_size(plan, probe.matrices))
    chunks = range(chunk_count(base, task.size))
    parts = dict(_tracked(task, chunks, options, journal, _SENSITIVITY_KEY, (0, len(chunks))))
    found = _sobol.indices(
        _sobol.merge([moments_of(parts[number]) for number in chunks]),
        estimator=options.estimator,
        level=options.level,
        seed=plan.recipe.seed,
    )
    names = tuple(factor.name for factor in plan.factors)
    return Sensitivity(output_names(plan, chosen), names, found, base, base * task.matrices)


def _on_subset(plan: Plan, options: Options, unit: str, rank: int) -> Sensitivity:
    """Estimate indices over the draws in which a unit ranks high enough."""
    from parity.robustness._subset import conditional_indices
    from parity.robustness._tasks import condition

    place = int(outputs_wanted(plan, (unit,))[0])
    chosen = outputs_wanted(plan, options.units)
    found, rebuilds = conditional_indices(
        condition(plan, chosen, place, rank),
        columns_of(plan.factors),
        plan.dimensions,
        options.base,
        rng=np.random.default_rng(chunk_seed(plan.recipe.seed, SUBSET, 0)),
        level=options.level,
    )
    names = tuple(factor.name for factor in plan.factors)
    told = f"{unit} ranks {rank} or better"
    return Sensitivity(output_names(plan, chosen), names, found, options.base, rebuilds, told)


def outputs_wanted(plan: Plan, units: tuple[str, ...]) -> IntArray:
    """Return the positions of the units whose rank and score are outputs."""
    known = list(plan.units)
    if not units:
        return np.arange(len(known) if len(known) <= _MANY_OUTPUTS else 0)
    if unknown := [unit for unit in units if unit not in known]:
        raise ParityError(f"'{unknown[0]}' is not among the units ranked.{did_you_mean(unknown[0], known)}")
    return np.array([known.index(unit) for unit in units], dtype=np.intp)


def output_names(plan: Plan, chosen: IntArray) -> tuple[str, ...]:
    """Return the names of the outputs, in the order of the sums."""
    units = [str(plan.units[place]) for place in chosen]
    return (*(f"rank {unit}" for unit in units), *(f"score {unit}" for unit in units), SHIFT)


def _tracked(
    task: Task,
    numbers: range,
    options: Options,
    journal: Journal | None,
    offset: int,
    of: tuple[int, int],
) -> Iterator[tuple[int, Tables]]:
    """Do chunks and tell how far they are; ``of`` holds those done before and those in all."""
    done, chunks = of
    for number, tables in run_chunks(task, numbers, options.workers, journal, offset):
        yield number, tables
        done += 1
        if options.progress is not None:
            options.progress(done, chunks)


def _journal(plan: Plan, options: Options) -> AbstractContextManager[Journal | None]:
    if options.journal is None:
        return nullcontext()
    from parity.catalogue.journal import Journal

    return Journal(options.journal, _fingerprint(plan, options))


def _fingerprint(plan: Plan, options: Options) -> bytes:
    """Return a digest of everything that the results of chunks depend on."""
    recipe = plan.recipe
    told = [__version__, recipe.spec.to_toml(), recipe.assumptions.model_dump_json(), str(recipe.seed)]
    told += [str((options.draws, options.until is None, options.base, options.pairs, options.units))]
    digest = hashlib.blake2b("\0".join(told).encode(), digest_size=32)
    for name, table in recipe.data.items():
        buffer = BytesIO()
        table.write_ipc(buffer)
        digest.update(name.encode() + buffer.getvalue())
    return digest.digest()


def _uses(plan: Plan, counts: Counts) -> tuple[Use, ...]:
    """State every assumption, and how many draws used each alternative."""
    found, start = [], 0
    for factor in plan.factors:
        if not factor.labels:
            found.append(Use(factor.name, factor.kind, (_range(factor, plan),), (counts.draws,)))
            continue
        used = counts.used[start : start + len(factor.labels)]
        found.append(Use(factor.name, factor.kind, factor.labels, tuple(int(n) for n in used)))
        start += len(factor.labels)
    return tuple(found)


def _range(factor: Factor, plan: Plan) -> str:
    """Describe a continuous assumption in words."""
    match factor.rule:
        case Noise(nodes, amplitudes):
            levels = plan.tree.levels[nodes]
            parts = [
                f"±{100 * noise:g} % of {(levels == level).sum()} weights at level {level}"
                for level, noise in sorted(
                    dict(zip(levels.tolist(), amplitudes.tolist(), strict=True)).items()
                )
            ]
            return "uniform, " + ", ".join(parts)
        case Mix(ends=(low, high)):
            return f"uniform, {low:.0%} to {high:.0%} of the weight on the forms per person"
        case Dirichlet(elements, alphas):
            return f"Dirichlet over {len(elements)} elements, parameters {alphas.min():g} to {alphas.max():g}"
        case _:
            return ""


def _reordered(counts: Counts, order: IntArray) -> Counts:
    above = counts.above[np.ix_(order, order)] if counts.above.size else counts.above
    return replace(counts, ranks=counts.ranks[order], scores=counts.scores[order], above=above)


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """The data variants of an index with a ``[robustness]`` table, built once.

    Attributes
    ----------
    spec
        The index.
    plan
        Its variants, laid out for the draws.
    """

    spec: IndexSpec
    plan: Plan

    @classmethod
    def of(cls, spec: IndexSpec, data: pl.DataFrame) -> Self:
        """Build the variants of an index; as slow as `analyse`, which does it each time."""
        plan, _ = make(spec, data)
        return cls(spec, plan)

    def fits(self, weights: Mapping[str, float]) -> bool:
        """Tell whether these weights belong to nodes that draws move, and can be given anew."""
        kept = {self.plan.tree.codes[node] for node in self.plan.kept[:-1]}
        return self.spec.steps.weight is None and kept >= weights.keys()

    def intervals(self, weights: Mapping[str, float], draws: int, level: float) -> pl.DataFrame:
        """Return the rank intervals with other weights in place of the spec's.

        Parameters
        ----------
        weights
            Weights by code; `fits` must hold.
        draws
            Rebuilds.
        level
            Probability that the intervals cover.

        Returns
        -------
        polars.DataFrame
            ``id``, ``rank_low``, ``rank_high``: what `analyse` finds for the spec with these weights. Where
            one of them is zero, `analyse` leaves its element out of the draws and this does not: an end
            can differ by a rank.
        """
        from parity.robustness._counts import Bins, rank_quantiles
        from parity.robustness._kernel import ranks_of
        from parity.robustness._tasks import points_of_chunks

        place = {self.plan.tree.codes[node]: column for column, node in enumerate(self.plan.kept[:-1])}
        given = self.plan.weights.copy()
        for code, weight in weights.items():
            given[:, place[code]] = weight
        plan, units = replace(self.plan, weights=given), len(self.plan.units)
        counts = np.zeros((units, units + 1), dtype=np.int64)
        for points in points_of_chunks(plan, draws):
            ranks = ranks_of(plan.scores(plan.realise(points)))
            counts += [np.bincount(row, minlength=units + 1) for row in ranks]
        bins, ends = Bins(*np.ones((4, units))), np.array([(1 - level) / 2, (1 + level) / 2])
        low, high = rank_quantiles(counts, bins, ends).T
        return pl.DataFrame(
            {
                "id": pl.Series(list(self.plan.units), dtype=pl.String),
                "rank_low": pl.Series(low, nan_to_null=True).round().cast(pl.Int64),
                "rank_high": pl.Series(high, nan_to_null=True).round().cast(pl.Int64),
            }
        )
