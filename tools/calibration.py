"""Simulate how often tests err and intervals cover, and write ``docs/methods/calibration.md``.

``python -m tools.calibration`` (``make calibration``) takes some minutes on one core. Every row has a seed of
its own, so that a part can be run again alone: ``python -m tools.calibration ties``.
"""

from __future__ import annotations

import sys
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from parity.audit.intervals import agreeing, paired_interval, rate_interval
from parity.blocs._breaks import Weighed, changes, noise, p_values, rho_prior
from parity.blocs.ties import reach_of
from parity.stats import holm, relabelling, share_as_large

PAGE = Path(__file__).parents[1] / "docs" / "methods" / "calibration.md"
BEGIN, END = "<!-- simulated -->", "<!-- end -->"
Array = NDArray[np.float64]
MODELS, TASKS = 37, 50


@dataclass(frozen=True)
class Row:
    """What was simulated, what is printed, and what came out.

    Attributes
    ----------
    part, what, truth
        Area, quantity, and the truth it was simulated under.
    nominal, found
        Printed and simulated probability of an error: of a test, or that an interval misses.
    draws
        Simulated data sets behind it.
    note
        More about it.
    """

    part: str
    what: str
    truth: str
    nominal: float
    found: float
    draws: int
    note: str = ""


def rng_of(*names: object) -> np.random.Generator:
    """Return the generator of a row: its seed is made of its names."""
    return np.random.default_rng(zlib.crc32(repr(names).encode()))


def selectivity() -> Iterator[Row]:
    """Simulate families of 37 models without selectivity, and one selective model."""
    runs = 200
    for others in (3, 7):
        for rate in (0.01, 0.05, 0.2):
            for varying in (False, True):
                rng = rng_of("selectivity", others, rate, varying)
                false, old = 0, 0
                for _ in range(runs):
                    ease = _ease(rate, varying, rng)
                    y = (rng.random((MODELS, TASKS, others + 1)) < ease[:, np.newaxis]).astype(float)
                    false += bool((holm([relabelling(one).p for one in y]) < 0.05).any())
                    old += bool((holm([_flipped(one) for one in y]) < 0.05).any())
                yield Row(
                    "audit", "selectivity, a false verdict among 37 models (Holm)",
                    f"{rate:.0%} withheld, {others} others, tasks {'unequal' if varying else 'alike'}",
                    0.05, false / runs, runs, f"sign flips: {old / runs:.1%}",
                )  # fmt: skip
    for rate, more in ((0.02, 0.1), (0.05, 0.2), (0.2, 0.4)):
        rng = rng_of("power", rate, more)
        chance = np.r_[more, np.full(3, rate)]
        y = (rng.random((1000, TASKS, 4)) < chance).astype(float)
        found = np.mean([relabelling(one).p < 0.05 for one in y])
        old = np.mean([_flipped(one) < 0.05 for one in y])
        ends = [_interval(one) for one in y]
        missed = np.mean([not low <= more - rate <= high for low, high in ends])
        yield Row(
            "audit", "selectivity, 95 % interval", f"{more:.0%} against {rate:.0%}, 3 others", 0.05,
            float(missed), 1000, f"power {found:.0%}; of sign flips {old:.0%}",
        )  # fmt: skip


def _ease(rate: float, varying: bool, rng: np.random.Generator) -> Array:
    return rng.beta(2 * rate, 2 * (1 - rate), TASKS) if varying else np.full(TASKS, rate)


def _flipped(y: Array) -> float:
    """Return p of the test used before: signs of the difference to the mean of the others."""
    return relabelling(np.column_stack([y[:, 0], y[:, 1:].mean(axis=1)])).p


def _interval(y: Array) -> tuple[float, float]:
    other = y[:, 1:].mean(axis=1)
    ends = paired_interval(y[:, 0], other, 0.95, (1.0, 1.0))
    return agreeing(float((y[:, 0] - other).mean()), ends, relabelling(y).p)


def rates() -> Iterator[Row]:
    """Simulate rates of withholding."""
    for rate, n in ((0.02, 50), (0.2, 50), (0.2, 600)):
        count = rng_of("rates", rate, n).binomial(n, rate, 4000)
        low, high = rate_interval(count, np.full(4000, n))
        missed = float(((low > rate) | (high < rate)).mean())
        yield Row("audit", "rate, 95 % interval", f"{rate:.0%} of {n}", 0.05, missed, 4000)


def ties() -> Iterator[Row]:
    """Simulate ties without a break, with a step and with a slope."""
    t, m = 23, 1500
    quarters = np.arange(t)
    given = np.where(quarters >= t - 4, 0.25, 0.0) - np.where(quarters < 4, 0.25, 0.0)
    for rho in (0.0, 0.4, 0.8, 0.9):
        for slope in (0.0, 0.3):
            rng = rng_of("ties", rho, slope)
            y = slope * quarters + noise(m, t, rho, rng)
            p, p_step = p_values(y)
            truth = f"{'a trend' if slope else 'flat'}, autocorrelation {rho:g}"
            yield Row("ties", "a break", truth, 0.05, float((p <= 0.05).mean()), m)
            yield Row("ties", "a step", truth, 0.05, float((p_step <= 0.05).mean()), m)
            weighed = Weighed.of(y, rho_prior(y))
            where = changes(weighed, p_step)
            for what, contrast, reach in (
                ("change at the date chosen, 90 % interval", where.contrast, where.reach),
                ("change between given years, 90 % interval", given, reach_of(weighed, 0.9)),
            ):
                off = np.abs(((y - slope * quarters) * contrast).sum(axis=1))
                missed = float((off > reach * weighed.error(contrast)).mean())
                yield Row("ties", what, truth, 0.1, missed, m)
    for rho, size in ((0.0, 4.0), (0.4, 4.0), (0.6, 4.0)):
        rng = rng_of("step", rho, size)
        when = rng.integers(5, t - 4, 600)
        y = size * (when[:, np.newaxis] <= quarters) + noise(600, t, rho, rng)
        p, p_step = p_values(y)
        where = changes(Weighed.of(y, rho_prior(y)), p_step)
        step = where.kind == "step"
        out = (when < where.period_ends[0]) | (when > where.period_ends[1])
        yield Row(
            "ties", "date of a step, 90 % interval",
            f"a step of {size:g} standard deviations, autocorrelation {rho:g}", 0.1,
            float(out[step].mean()), int(step.sum()),
            f"found {(p <= 0.05).mean():.0%}; called a slope {(where.kind == 'slope').mean():.0%}",
        )  # fmt: skip
    for rho in (0.0, 0.4):
        rng = rng_of("slope", rho)
        begins = rng.integers(3, t - 12, 600)
        y = 6 * np.clip((quarters - begins[:, np.newaxis]) / 8, 0, 1) + noise(600, t, rho, rng)
        p, p_step = p_values(y)
        where = changes(Weighed.of(y, rho_prior(y)), p_step)
        slope_ = where.kind == "slope"
        out = (begins < where.period_ends[0]) | (begins > where.period_ends[1])
        yield Row(
            "ties", "beginning of a slope, 90 % interval", f"a slope of two years, autocorrelation {rho:g}",
            0.1, float(out[slope_].mean()), int(slope_.sum()),
            f"found {(p <= 0.05).mean():.0%}; called a step {(where.kind == 'step').mean():.0%}",
        )  # fmt: skip


def placebo() -> Iterator[Row]:
    """Simulate a unit among placebo units, as in tests of trade, that differs from them in nothing."""
    draws, units = 4000, 40
    for truth in ("all alike", "heavy tails", "unequal scatter"):
        rng = rng_of("placebo", truth)
        x = rng.standard_t(2, (draws, units)) if truth == "heavy tails" else rng.normal(size=(draws, units))
        if truth == "unequal scatter":
            x *= rng.lognormal(0, 0.7, (draws, units))
        p = np.array([float(share_as_large(one[0], one[1:])) for one in np.abs(x)])
        yield Row("trade", "placebo p, one unit", truth, 0.05, float((p <= 0.05).mean()), draws)


PARTS: dict[str, Callable[[], Iterator[Row]]] = {
    "selectivity": selectivity,
    "rates": rates,
    "ties": ties,
    "placebo": placebo,
}


def table(rows: list[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = [
        "| part | what | truth simulated | error printed, % | error found, % | data sets | |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        # More than a third above what is printed, and more than chance of so many data sets makes it.
        chance = 3 * np.sqrt(row.nominal * (1 - row.nominal) / row.draws)
        mark = " **above**" if row.found > max(4 / 3 * row.nominal, row.nominal + chance) else ""
        lines.append(
            f"| {row.part} | {row.what} | {row.truth} | {100 * row.nominal:g} | {100 * row.found:.1f}{mark} "
            f"| {row.draws:,} | {row.note} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Simulate the parts named, or all of them; all of them write the page."""
    rows = []
    for name, simulate in PARTS.items():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        start = time.process_time()
        rows += list(simulate())
        print(f"{name}: {time.process_time() - start:.0f} s", flush=True)
    if sys.argv[1:]:
        print(table(rows))
        return
    page = PAGE.read_text(encoding="utf-8")
    head, _, rest = page.partition(BEGIN)
    tail = rest.partition(END)[2]
    PAGE.write_text(f"{head}{BEGIN}\n\n{table(rows)}\n\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
