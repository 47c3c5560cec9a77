"""A million rebuilds with ranks, and Sobol indices of every country, on COINr's own sensitivity design.

Where the reference folder stands beside the checkout, its ASEM example is taken; elsewhere made-up data
of the same shape (51 countries, 49 indicators, 8 pillars, 2 sub-indices), on which each step costs the same.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import Measurement, best_of
from parity.index import IndexSpec, build
from parity.robustness import Options, Workers, analyse
from parity.robustness._plan import Plan
from parity.robustness._run import make

DRAWS = 1_000_000
BASE = 1 << 17
# A rebuild of the same design by COINr 1.1.14 on a machine with 2 cores: 600 rebuilds in 61.5 s.
COINR_SECONDS = 61.5 / 600
SHARED = Path(__file__).resolve().parents[2] / "shared"

_STEPS = """
[steps.denominate]
[steps.impute]
method = "mean"
[steps.treat]
second = "log_shift_one"
[steps.normalise]
lower = 1
[steps.aggregate]
[[robustness.choice]]
field = "treat.winmax"
range = [1, 5]
[[robustness.choice]]
field = "normalise"
values = [{ method = "minmax", lower = 1, upper = 100 }, { method = "zscore", mean = 10, sd = 2 }]
[[robustness.choice]]
field = "aggregate.method"
values = ["arithmetic", "geometric"]
[robustness.weights]
noise = { 2 = 0.25, 3 = 0.25 }
"""


def _asem() -> tuple[IndexSpec, pl.DataFrame]:
    """Return COINr's example with its four assumptions."""
    folder = SHARED / "data" / "reference" / "coinr"
    meta = pl.read_csv(folder / "asem_meta.csv", infer_schema_length=None)
    text = '[index]\nid = "asem"\nid_column = "uCode"\n' + _STEPS
    for row in meta.filter(pl.col("Type").is_in(["Indicator", "Aggregate"])).iter_rows(named=True):
        indicator = row["Type"] == "Indicator"
        text += f'[[{"indicator" if indicator else "group"}]]\ncode = "{row["iCode"]}"\n'
        if row["Parent"]:
            text += f'{"group" if indicator else "parent"} = "{row["Parent"]}"\n'
        if indicator:
            text += f"direction = {row['Direction']}\n"
        if row["Denominator"]:
            text += f'denominator = "{row["Denominator"]}"\n'
    table = pl.read_csv(folder / "asem_data.csv", infer_schema_length=None)
    return IndexSpec.from_toml(text), table


def _made_up(units: int = 51, indicators: int = 49) -> tuple[IndexSpec, pl.DataFrame]:
    """Return an index of the same shape on log-normal data."""
    rng = np.random.default_rng(0)
    text = '[index]\nid = "made-up"\n' + _STEPS
    for column in range(indicators):
        text += f'[[indicator]]\ncode = "x{column}"\ngroup = "p{column % 8}"\n'
    for pillar in range(8):
        text += f'[[group]]\ncode = "p{pillar}"\nparent = "s{pillar % 2}"\n'
    text += '[[group]]\ncode = "s0"\nparent = "top"\n[[group]]\ncode = "s1"\nparent = "top"\n'
    values = np.exp(0.5 * rng.standard_normal((units, indicators)))
    table = pl.DataFrame({f"x{column}": values[:, column] for column in range(indicators)})
    table = table.with_columns(pl.Series("id", [f"u{row}" for row in range(units)]))
    return IndexSpec.from_toml(text + '[[group]]\ncode = "top"\n'), table


def case() -> tuple[str, IndexSpec, pl.DataFrame]:
    """Return the case and its name."""
    if SHARED.is_dir():
        return "ASEM", *_asem()
    return "made-up", *_made_up()


def _peak(draws: int, queue: multiprocessing.Queue[float]) -> None:
    """Run in a process of its own, so that its peak memory is its own."""
    _, spec, table = case()
    analyse(spec, table, Options(draws=draws, base=0))
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    queue.put(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)


def _memory(draws: int) -> float:
    context = multiprocessing.get_context("spawn")
    queue: multiprocessing.Queue[float] = context.Queue()
    process = context.Process(target=_peak, args=(draws, queue))
    process.start()
    peak = queue.get()
    process.join()
    return peak


def _parts(plan: Plan, n: int = 1 << 16) -> dict[str, float]:
    """Return what each part of a draw costs one core, in microseconds."""
    from parity.robustness import _kernel
    from parity.robustness._counts import Counts, bins_around
    from parity.robustness._draws import sobol_points

    seed = np.random.SeedSequence(0)
    points = sobol_points(n, plan.dimensions, seed)
    drawn = plan.realise(points)
    scores = plan.scores(drawn)
    blocks = [np.ascontiguousarray(scores[:, k : k + _kernel.BLOCK]) for k in range(0, n, _kernel.BLOCK)]
    counts = Counts.empty(len(plan.units), 0)
    bins = bins_around(scores, _kernel.ranks_of(scores).astype(np.int64))
    histograms = counts.ranks.astype(np.int32), counts.scores.astype(np.int32)
    kernel = (plan.kernel, drawn.variants, drawn.weights, bins, *histograms, counts.above)

    def ranks() -> None:
        for block in blocks:
            _kernel.ranks_of(block, counts.above)

    work: dict[str, Callable[[], object]] = {
        "points": lambda: sobol_points(n, plan.dimensions, seed),
        "weights": lambda: plan.realise(points),
        "scores": lambda: plan.scores(drawn),
        "ranks and pairs": ranks,
        "scores, ranks, pairs, histograms": lambda: _kernel.tally(*kernel),
    }
    return {name: best_of(each) / n * 1e6 for name, each in work.items()}


def _salib(base: int, outputs: int) -> tuple[float, float]:
    """Return the seconds that SALib and we take for the indices of many outputs of one design."""
    from SALib.analyze import sobol

    from parity.robustness._sobol import indices, moments

    rng = np.random.default_rng(0)
    problem = {"num_vars": 4, "names": list("abcd"), "bounds": [[0, 1]] * 4}
    values = rng.standard_normal((base, 6, outputs))
    start = time.perf_counter()
    for output in range(outputs):
        sobol.analyze(
            problem, values[:, :, output].ravel(), calc_second_order=False, num_resamples=1000, seed=0
        )
    theirs = time.perf_counter() - start
    f_ab = np.moveaxis(values[:, 1:5], 1, 0)
    ours = best_of(lambda: indices(moments(values[:, 0], values[:, 5], f_ab), resamples=1000), repeats=3)
    return theirs, ours


def run() -> list[Measurement]:
    name, spec, table = case()
    shape = f"{name}, {table.height} units x {len(spec.codes)} indicators"
    analyse(spec, table, Options(draws=64, base=64))  # compiles, where the cache is empty
    million = best_of(lambda: analyse(spec, table, Options(draws=DRAWS, base=0)), repeats=3)
    one_core = best_of(
        lambda: analyse(spec, table, Options(draws=DRAWS, base=0, workers=Workers(1))), repeats=2
    )
    sobol = best_of(lambda: analyse(spec, table, Options(draws=64, base=BASE)), repeats=1)
    engine = best_of(lambda: build(spec, table))
    plan, _ = make(spec, table)
    found = [
        Measurement(f"{DRAWS:,} rebuilds with ranks ({shape})", million, limit=3.0, note="variants included"),
        Measurement("the same on one core", one_core),
        Measurement("one rebuild", million / DRAWS * 1e6, "us", note=f"COINr {COINR_SECONDS:.2f} s"),
        Measurement("rebuilds in the time of one by COINr", COINR_SECONDS / (million / DRAWS), "x"),
        Measurement("one full build by the index engine", engine),
        Measurement(f"Sobol indices of all ranks and scores, {BASE:,} base points", sobol, limit=30.0),
    ]
    found += [
        Measurement(f"one draw: {part}", cost, "us", note="one core") for part, cost in _parts(plan).items()
    ]
    for draws in (DRAWS, 10 * DRAWS):
        found.append(Measurement(f"peak memory, {draws:,} rebuilds", _memory(draws), "MB", limit=1000.0))
    theirs, ours = _salib(1 << 10, 103)
    note = f"SALib, one output a call: {theirs:.1f} s"
    return [*found, Measurement("indices and intervals of 103 outputs, 1,024 base points", ours, note=note)]
