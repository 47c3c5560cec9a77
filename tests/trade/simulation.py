"""Simulated trade with a planted diversion of known size: what the method finds of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from parity.trade._setting import DiversionSpec
from parity.trade.codes import CodeList
from parity.trade.diversion import diversion

START = date(2022, 1, 1)
CODES = CodeList("simulated", ("TOTAL",))


@dataclass(frozen=True, slots=True)
class World:
    """How simulated trade moves.

    Attributes
    ----------
    donors, candidates
        Countries left alone, and third countries that are judged.
    before, after
        Years before and after the control.
    factors
        Common movements (random walks) to which countries are exposed differently.
    drift, noise
        Yearly standard deviation of a common movement, and median standard deviation of a
        country's own persistent noise, log points.
    restless
        Standard deviation of the log of that noise between countries.
    persistence
        First-order autocorrelation of the noise.
    rise
        Planted rise of each candidate, as a share of what would have been.
    """

    donors: int = 40
    candidates: int = 5
    before: int = 12
    after: int = 2
    factors: int = 2
    drift: float = 0.08
    noise: float = 0.08
    restless: float = 0.5
    persistence: float = 0.5
    rise: float = 0.0


def simulate(world: World, rng: np.random.Generator) -> tuple[pl.DataFrame, np.ndarray]:
    """Return flows of one reporter, and the planted excess.

    Parameters
    ----------
    world
        How trade moves.
    rng
        Source of chance.

    Returns
    -------
    polars.DataFrame
        Table of flows: candidates ``C00`` ..., donors ``D00`` ....
    numpy.ndarray
        Planted excess of each candidate, US dollars per month, shape (n_candidates,).
    """
    units, years = world.candidates + world.donors, world.before + world.after
    walks = np.cumsum(rng.normal(0, world.drift, (years, world.factors)), axis=0)
    exposure = rng.dirichlet(np.ones(world.factors), units).T * world.factors
    deviation = world.noise * np.exp(rng.normal(0, world.restless, units))
    own = np.empty((years, units))
    shocks = rng.normal(0, 1, (years, units)) * deviation
    own[0] = shocks[0]
    for year in range(1, years):
        own[year] = world.persistence * own[year - 1] + np.sqrt(1 - world.persistence**2) * shocks[year]
    level = np.exp(rng.normal(20, 1, units) + walks @ exposure + own)
    treated = (slice(world.before, None), slice(0, world.candidates))
    planted = level[treated] * world.rise
    level[treated] += planted
    return _flows(level, world), planted.sum(axis=0) / (12 * world.after)


def _flows(level: np.ndarray, world: World) -> pl.DataFrame:
    names = [f"C{n:02d}" for n in range(world.candidates)] + [f"D{n:02d}" for n in range(world.donors)]
    years = [str(START.year - world.before + n) for n in range(level.shape[0])]
    return pl.DataFrame(
        {
            "reporter": "EXP",
            "partner": np.tile(names, len(years)),
            "flow": "export",
            "hs": "TOTAL",
            "period": np.repeat(years, len(names)),
            "value": level.ravel(),
        }
    )


@dataclass(frozen=True, slots=True)
class Study:
    """What was found in many simulated worlds.

    Attributes
    ----------
    runs
        Number of worlds.
    bias
        Median of estimated minus planted excess, as a share of what would have been.
    coverage
        Share of intervals that hold the planted excess.
    rejected
        Share of single placebo tests with p below 0.05.
    any_clear
        Share of worlds in which at least one country is called clear.
    found
        Share of candidates called clear or likely.
    """

    runs: int
    bias: float
    coverage: float
    rejected: float
    any_clear: float
    found: float


def study(world: World, runs: int, seed: int, **options: float | str) -> Study:
    """Judge many simulated worlds and compare with what was planted.

    Parameters
    ----------
    world
        How trade moves.
    runs
        Number of worlds.
    seed
        Seed of the first; world ``k`` has its own stream.
    options
        Fields of the question, for example ``ridge`` or ``level``.
    """
    streams = np.random.SeedSequence(seed).spawn(runs)
    bias, inside, p, clear, found = [], [], [], [], []
    for stream in streams:
        flows, planted = simulate(world, np.random.default_rng(stream))
        names = tuple(f"C{n:02d}" for n in range(world.candidates))
        answer = diversion(flows, CODES, DiversionSpec("RUS", START, "EXP", names, **options))  # type: ignore[arg-type]
        truth = dict(zip(names, planted, strict=True))
        for one in answer.partners:
            expected = one.expected[world.before :].sum() / answer.months
            bias.append(((one.excess.value or 0) - truth[one.iso3]) / expected)
            inside.append((one.excess.low or 0) <= truth[one.iso3] <= (one.excess.high or 0))
            p.append(one.p_placebo < 0.05)
            found.append(one.verdict != "none")
        clear.append(bool(answer.found()))
    return Study(
        runs,
        float(np.median(bias)),
        float(np.mean(inside)),
        float(np.mean(p)),
        float(np.mean(clear)),
        float(np.mean(found)),
    )
