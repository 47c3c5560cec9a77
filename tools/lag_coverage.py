"""How far measured lags lie from true ones, and how often their intervals hold them, on simulated histories.

``python -m tools.lag_coverage [--histories N] [--skills S]`` takes the models and tests of the scores
that ship, draws a true capability for every model from what those scores leave open (and, with
``--skills``, a departure from it in every domain), draws scores, fits them and compares the lags of
four countries with the true ones.
"""

from __future__ import annotations

import argparse
import datetime as dt
from functools import cache

import numpy as np
import polars as pl

from parity.ask.frontier import carried
from parity.dates import number_of
from parity.frontier import BootstrapOptions, Capability, Frontier, fit, fit_evidence, frontier
from parity.frontier._abilities import Abilities
from parity.frontier._fit import Floats
from parity.frontier._lag import standing_lag
from parity.frontier._steps import DAYS_PER_MONTH, standing, steps

COUNTRIES = ("CHN", "FRA", "KOR", "RUS")
SINCE = dt.date(2023, 1, 1)
# Tests that so many of the models took: the rest tells them apart little and costs much.
FEWEST = 20
REFITS = 40
_VAGUE = dt.timedelta(days=15)
# Histories between two reports.
_EVERY = 20


def main() -> None:
    """Print bias and coverage per country, of the largest estimates and of the posterior."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=200)
    parser.add_argument("--skills", type=float, default=0.0, help="standard deviation of skills by domain")
    parser.add_argument("--first", type=int, default=0, help="seed of the first history")
    given = parser.parse_args()
    rows: list[tuple[object, ...]] = []
    for k in range(given.histories):
        rows += world(given.skills).history(given.first + k)
        if (k + 1) % _EVERY == 0 or k + 1 == given.histories:
            with pl.Config(tbl_rows=-1, float_precision=2):
                print(_summary(rows), flush=True)


def _summary(rows: list[tuple[object, ...]]) -> pl.DataFrame:
    """Return bias with its standard error, coverage and width per way of measuring and country."""
    frame = pl.DataFrame(rows, schema=["country", "truth", "way", "value", "low", "high"], orient="row")
    off = pl.col("value") - pl.col("truth")
    inside = (pl.col("low") <= pl.col("truth")) & (pl.col("truth") <= pl.col("high"))
    return (
        frame.group_by("way", "country")
        .agg(
            bias=off.mean(),
            error=off.std() / pl.len().sqrt(),
            coverage=inside.mean(),
            width=(pl.col("high") - pl.col("low")).median(),
            n=pl.len(),
        )
        .sort("way", "country")
    )


class World:
    """Models and tests as they are, with capabilities and scores that are drawn."""

    def __init__(self, found: Capability, skills: float) -> None:
        """Keep one version of each model since 2023 of the countries compared, and tests that many took."""
        problem = found.problem
        known = found.models.with_row_index("row").filter(
            pl.col("country").is_in(["USA", *COUNTRIES]), pl.col("date") >= SINCE, pl.col("n_scores") >= 3
        )
        known = known.sort("n_scores", "model", descending=True).unique("family", keep="first")
        rows = np.isin(problem.row, known["row"].to_numpy())
        taken = np.bincount(problem.column[rows], minlength=problem.n_tests)
        self.kept = rows & (taken[problem.column] >= FEWEST)
        self.found, self.skills = found, skills
        self.truths = frontier(found.abilities).abilities.draws["scores"]
        domains = found.tests["domain"].fill_null("").to_numpy()
        self.domain = np.unique(domains, return_inverse=True)[1][problem.column]

    def history(self, seed: int) -> list[tuple[object, ...]]:
        """Return one row per country and way of measuring: truth, value, low, high (months)."""
        refitted, true = self.refitted(seed)
        return [row for country in COUNTRIES for row in self._compare(refitted, true, country)]

    def refitted(self, seed: int, draws: int = REFITS) -> tuple[Capability, Floats]:
        """Return the fit of one drawn history, and the true capabilities of its models."""
        rng = np.random.default_rng(seed)
        problem, theta = self.found.problem, self.found.solution.theta.copy()
        shift, stretch = self.found._scale(theta)
        true = self.truths[seed % len(self.truths)]
        skill = (
            rng.normal(0.0, self.skills, (problem.n_models, self.domain.max() + 1)) if self.skills else None
        )
        gap = (true[problem.row] - shift) / stretch - theta[problem.n_models + 2 * problem.column]
        if skill is not None:
            gap += skill[problem.row, self.domain]
        curve = 1 / (1 + np.exp(-theta[problem.n_models + 2 * problem.column + 1] * gap))
        scatter = self.found.scatter
        share = np.sqrt(np.maximum(curve * (1 - curve), 0.03)) / 0.5
        noise = rng.normal(0.0, 1.0, curve.size) * share * scatter.test_sd[problem.column]
        scores = pl.DataFrame(
            {
                "model": self.found.models["model"].gather(problem.row[self.kept]),
                "test": self.found.tests["test"].gather(problem.column[self.kept]),
                "score": np.clip(curve + noise, 0, 1)[self.kept],
            }
        )
        refitted = fit(
            scores,
            models=self.found.models.drop("n_scores"),
            tests=self.found.tests,
            resampling=BootstrapOptions(draws=draws, seed=seed, workers=1),
        )
        truth = dict(zip(self.found.models["model"], true, strict=True))
        return refitted, np.array([truth[model] for model in refitted.models["model"]])

    def _compare(self, refitted: Capability, true: Floats, country: str) -> list[tuple[object, ...]]:
        measured = frontier(refitted.abilities)
        # The last day on which nothing is unknown: no history has releases that the scores lack. A date that
        # is known to some days is out for certain by their end.
        last = min(measured.known_to(country), measured.known_to("USA"))
        on = min(last + _VAGUE, measured.until)
        months = _true_lag(measured, true, country, on)
        found = standing_lag(measured, country, "USA", on=on)
        old = _largest(measured, refitted.abilities, country, on)
        return [
            (country, months, "posterior", found.value, found.low, found.high),
            (country, months, "largest estimates", *old),
        ]


@cache
def world(skills: float) -> World:
    """Return the models and tests that ship, with skills of that standard deviation by domain."""
    return World(fit_evidence(carried(), resampling=BootstrapOptions(draws=20)), skills)


def _true_lag(measured: Frontier, true: Floats, country: str, on: dt.date) -> float:
    own, other = (
        steps(np.where(measured.groups[group], measured.dates, np.nan), true) for group in (country, "USA")
    )
    return float(standing(own, other, np.array([number_of(on)]))[0][0]) / DAYS_PER_MONTH


def _largest(measured: Frontier, raw: Abilities, country: str, on: dt.date) -> tuple[float, float, float]:
    """Return the lag of the largest estimates, with the wider of the kinds' intervals, holding the value."""

    def months(levels: Floats) -> float:
        return _true_lag(measured, levels, country, on)

    value = months(raw.point)
    ends = [np.nanquantile([months(draw) for draw in draws], [0.05, 0.95]) for draws in raw.draws.values()]
    low, high = max(ends, key=lambda pair: pair[1] - pair[0])
    return value, min(low, value), max(high, value)


if __name__ == "__main__":
    main()
