"""Trade without diversion, and reports that differ by chance alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.stats import theilslopes

from parity.blocs._breaks import noise
from parity.trade import DiversionSpec
from parity.trade import diversion as diverted
from parity.trade.dependence import slope_ends
from parity.trade.mirror import _p_after, _usual
from tests.trade.simulation import CODES, START, World, simulate
from tools.calibration.rows import Row, missed, rng_of


def diversion() -> Iterator[Row]:
    """Judge third countries that nothing happened to."""
    runs = 40
    for truth, world in (
        ("nothing planted", World()),
        ("noise that lasts (0.9)", World(persistence=0.9)),
        ("scatter very unequal, 20 donors", World(donors=20, restless=1.0)),
    ):
        rng = rng_of("diversion", truth)
        p: dict[str, list[float]] = {name: [] for name in ("p_placebo", "p_time", "p_leads", "p_difference")}
        clear, ends, bands, of_world = [], [], [], []
        for _ in range(runs):
            flows, _planted = simulate(world, rng)
            names = tuple(f"C{n:02d}" for n in range(world.candidates))
            found = diverted(flows, CODES, DiversionSpec("RUS", START, "EXP", names))
            for one in found.partners:
                own = (one.p_placebo, one.p_time, one.study.p_leads, one.study.p_mean)
                for name, each in zip(p, own, strict=True):
                    p[name].append(each)
                ends.append((one.excess.low or 0.0, one.excess.high or 0.0))
                after = one.study.lead >= 0
                bands.append(((one.study.low[after] > 0) | (one.study.high[after] < 0)).mean())
            of_world.append(min(one.p_adjusted or 1.0 for one in found.partners))
            clear.append(bool(found.found()))
        n = runs * world.candidates
        for name, what in (
            ("p_placebo", "placebo p in space"),
            ("p_time", "placebo p in time"),
            ("p_leads", "p of leads"),
            ("p_difference", "p of a difference in differences"),
        ):
            # Three false dates stand apart: the least p is a quarter.
            nominal, note = (0.25, "its least value") if name == "p_time" else (0.05, "")
            yield Row(what, truth, nominal, float(np.mean(np.array(p[name]) <= nominal)), n, note)
        any_false = float(np.mean(np.array(of_world) < 0.05))
        note = f"called clear in {np.mean(clear):.0%}"
        yield Row("any adjusted p among five countries", truth, 0.05, any_false, runs, note)
        low, high = np.array(ends).T
        yield Row("excess, 90 % interval", truth, 0.1, missed(0.0, low, high), n)
        yield Row("effect in one year, 90 % interval", truth, 0.1, float(np.mean(bands)), n, "share of years")


def mirror() -> Iterator[Row]:
    """Compare reports whose ratio changes by chance alone."""
    for truth in ("ratios independent", "ratios that last (0.5)", "heavy tails"):
        for before in (4, 8):
            rng, draws, p, out = rng_of("mirror", truth, before), 500, [], []
            logs = noise(draws, before + 3, 0.5 if "last" in truth else 0.0, rng)
            if truth == "heavy tails":
                logs = rng.standard_t(3, logs.shape)
            for row in logs:
                found = [one for one in _p_after(row, before) if one is not None]
                p.append(min(found) <= 0.1)
                usual, margin = _usual(row[:before], 0.9)
                out.append((np.abs(row[before:] - np.log(usual)) > (margin or 0.0)).mean())
            years = f"{truth}, {before} years before and three after"
            yield Row("any year that departs (Holm)", years, 0.1, float(np.mean(p)), draws)
            yield Row("gap of one year, 90 % interval", years, 0.1, float(np.mean(out)), draws)


def trends() -> Iterator[Row]:
    """Fit Theil and Sen's slope to shares that do not change but by chance."""
    for rho in (0.0, 0.5, 0.8):
        rng, years, draws = rng_of("trends", rho), 10, 500
        x, ends, old = np.arange(years, dtype=float), [], []
        for row in noise(draws, years, rho, rng):
            fit = theilslopes(row, x, 0.9)
            ends.append(slope_ends(float(fit.slope), x, row, 0.9))
            old.append((fit.low_slope, fit.high_slope))
        (low, high), before = np.array(ends).T, missed(0.0, *np.array(old).T)
        truth = f"ten years, autocorrelation {rho:g}"
        note = f"for independent years {before:.0%}"
        yield Row("trend of a share, 90 % interval", truth, 0.1, missed(0.0, low, high), draws, note)
