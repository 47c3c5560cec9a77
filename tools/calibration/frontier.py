"""Capabilities and lags on histories with known truth, and trends of frontiers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from parity.frontier._abilities import COVERS, LEVEL, linked_draws
from parity.frontier._options import Resample
from parity.frontier._projection import _break, _slope_interval, fit_trend
from parity.frontier._steps import Steps
from tools.calibration.rows import Row, missed, rng_of
from tools.lag_coverage import COUNTRIES, world

HISTORIES = 6
SKILLS = {
    "one ability, as the model says": 0.0,
    "skills by domain as in the data (0.05)": 0.05,
    "skills by domain three times as large (0.15)": 0.15,
}


def capability() -> Iterator[Row]:
    """Fit scores drawn for the models and tests that ship, and compare capabilities with the true ones."""
    for truth, skills in SKILLS.items():
        misses: list[float] = []
        apart: dict[Resample, list[float]] = {"scores": [], "benchmarks": []}
        for seed in range(HISTORIES):
            found, true = world(skills).refitted(seed, draws=60)
            abilities = found.abilities
            on_scale = linked_draws(true[np.newaxis], abilities.point)[0]
            misses.append(missed(on_scale, *abilities.interval(LEVEL)))
            for kind, inside in apart.items():
                alone = replace(abilities, draws={kind: abilities.draws[kind]})
                inside.append(1 - missed(on_scale, *alone.interval(LEVEL)))
        note = ", ".join(f"{kind} alone cover {np.mean(each):.0%}" for kind, each in apart.items())
        yield Row(
            f"capability, {COVERS:.0%} interval", truth, 1 - COVERS, float(np.mean(misses)), HISTORIES * 50,
            f"{HISTORIES} histories of {len(true)} models; {note}",
        )  # fmt: skip


def lags() -> Iterator[Row]:
    """Compare standing lags on such histories with the true ones."""
    for truth, skills in SKILLS.items():
        rows = [
            row for seed in range(HISTORIES) for row in world(skills).history(seed) if row[2] == "posterior"
        ]
        value, _, low, high = (np.array([row[n] for row in rows], dtype=float) for n in (1, 3, 4, 5))
        note = f"{', '.join(COUNTRIES)} behind USA; see frontier for 200 histories"
        yield Row("standing lag, 90 % interval", truth, 0.1, missed(value, low, high), len(rows), note)


def projection() -> Iterator[Row]:
    """Carry straight lines forward whose records scatter as said, or not."""
    for truth in ("scatter independent", "heavy tails", "scatter that lasts (0.6)"):
        rng, p, slopes, ahead = rng_of("projection", truth), [], [], []
        for k in range(600):
            date = np.sort(rng.uniform(0, 4 * 365.25, 14))
            error = rng.standard_t(3, 14) if truth == "heavy tails" else rng.normal(size=14)
            if "lasts" in truth:
                for n in range(1, 14):
                    error[n] = 0.6 * error[n - 1] + 0.8 * error[n]
            level = date / 365.25 + 0.15 * error
            records = Steps(date[:12], level[:12], np.arange(12))
            trend = fit_trend(records)
            slope = _slope_interval(trend, 0.9)
            slopes.append((slope.low or 0.0, slope.high or 0.0))
            _, low, high = trend.at(date[12:], 0.9)
            ahead.append(((level[12:] < low) | (level[12:] > high)).mean())
            if k < 150:
                p.append(_break(records, 99, rng)[1] or 1.0)
        low, high = np.array(slopes).T
        yield Row("gain per year, 90 % interval", truth, 0.1, missed(1.0, low, high), 600)
        yield Row("level ahead, 90 % interval", truth, 0.1, float(np.mean(ahead)), 600)
        yield Row("p of a break of the trend", truth, 0.05, float(np.mean(np.array(p) <= 0.05)), 150)
