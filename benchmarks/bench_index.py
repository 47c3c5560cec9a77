"""Building indices: one of usual size, and one of 100,000 units by 100 indicators through every step."""

from __future__ import annotations

import multiprocessing
import resource
import sys

import numpy as np
import polars as pl

from benchmarks import Measurement, best_of

_STEPS = """
[index]
id = "bench"
[steps.denominate]
[steps.screen]
min_available = 0.5
[steps.impute]
method = "group_median"
by = "region"
fallback = "median"
[steps.treat]
[steps.normalise]
lower = 1
[steps.weight]
method = "pca"
squared = true
[steps.aggregate]
method = "arithmetic"
[steps.aggregate.level.3]
method = "geometric"
"""


def _case(units: int, indicators: int, group_size: int = 10) -> tuple[str, pl.DataFrame]:
    """Return a spec and data: log-normal columns with a shared factor and 5 % missing cells."""
    rng = np.random.default_rng(0)
    shared = rng.standard_normal((units, 1))
    values = np.exp(0.7 * shared + 0.8 * rng.standard_normal((units, indicators)))
    values[rng.random(values.shape) < 0.05] = np.nan
    table = pl.DataFrame({f"x{column}": values[:, column] for column in range(indicators)}, nan_to_null=True)
    table = table.with_columns(
        pl.Series("id", [f"u{row}" for row in range(units)]),
        pl.Series("region", rng.integers(0, 6, units).astype(str)),
        pl.Series("population", rng.uniform(1, 100, units)),
    )
    text = _STEPS
    for column in range(indicators):
        by = 'denominator = "population"\n' if column % 3 == 0 else ""
        text += f'[[indicator]]\ncode = "x{column}"\ngroup = "g{column // group_size}"\n{by}'
    for group in range(-(-indicators // group_size)):
        text += f'[[group]]\ncode = "g{group}"\nparent = "top"\n'
    return text + '[[group]]\ncode = "top"\n', table


def _large(queue: multiprocessing.Queue[tuple[float, float]]) -> None:
    """Build the large case in a process of its own, so that its peak memory is its own."""
    from parity.index import IndexSpec, build

    text, table = _case(100_000, 100)
    spec = IndexSpec.from_toml(text)
    seconds = best_of(lambda: build(spec, table), repeats=1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Kilobytes on Linux, bytes on macOS.
    queue.put((seconds, peak / (1024**3 if sys.platform == "darwin" else 1024**2)))


def run() -> list[Measurement]:
    from parity.index import IndexSpec, build

    text, table = _case(120, 50)
    spec = IndexSpec.from_toml(text)
    usual = best_of(lambda: build(spec, table), repeats=20)
    context = multiprocessing.get_context("spawn")
    queue: multiprocessing.Queue[tuple[float, float]] = context.Queue()
    process = context.Process(target=_large, args=(queue,))
    process.start()
    seconds, memory = queue.get()
    process.join()
    every = "denominate, screen, impute, treat, normalise, weight, aggregate"
    return [
        Measurement("build, 120 units x 50 indicators", usual * 1000, "ms", 30, every),
        Measurement("build, 100,000 units x 100 indicators", seconds, "s", 15, every),
        Measurement("its peak memory", memory, "GB", 4, "the whole process, data included"),
    ]
