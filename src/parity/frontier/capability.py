"""Capability of models from their benchmark scores, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from parity.errors import ParityError, did_you_mean, one_of
from parity.frontier._bootstrap import bootstrap
from parity.frontier._fit import Floats, Integers, Problem, Solution, predict, solve
from parity.frontier._input import arrange, lonely
from parity.frontier._options import BootstrapOptions, FitOptions, Resample

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# The two doubts that a lag takes the wider of: which scores came out, which benchmarks exist.
DOUBTS: tuple[Resample, ...] = ("scores", "benchmarks")
LEVEL = 0.9
# Models with fewer scores are shown, but set no frontier.
FEWEST_SCORES = 3


@dataclass(frozen=True, slots=True)
class Abilities:
    """Capabilities of models on one scale.

    Attributes
    ----------
    models
        One row per model: ``model``, ``n_scores`` and whatever the fit was told of it (``date``,
        ``country`` ...).
    point
        Capability, shape (n_models,); NaN for a model without a score.
    draws
        Resampled capabilities by kind of resampling, each of shape (n_draws, n_models).
    domain
        What the capability is in; ``"overall"`` for all tests together.
    """

    models: pl.DataFrame
    point: Floats
    draws: Mapping[Resample, Floats]
    domain: str = "overall"

    def interval(self, level: float = LEVEL) -> tuple[Floats, Floats]:
        """Return the ends of the widest of the kinds' intervals per model.

        Parameters
        ----------
        level
            Probability that the interval covers.
        """
        low, high = self.point.copy(), self.point.copy()
        width = np.zeros(self.point.size)
        for draws in self.draws.values():
            ends = _quantiles(draws, level)
            wider = np.nan_to_num(ends[1] - ends[0]) > width
            width = np.where(wider, ends[1] - ends[0], width)
            # A model at the edge of its draws keeps its point inside the interval.
            low = np.where(wider, np.fmin(ends[0], self.point), low)
            high = np.where(wider, np.fmax(ends[1], self.point), high)
        return low, high

    def table(self, level: float = LEVEL) -> pl.DataFrame:
        """Return the models with ``capability``, ``low`` and ``high``, the most capable first."""
        low, high = self.interval(level)
        columns = {"capability": self.point, "low": low, "high": high}
        frame = self.models.with_columns(**{k: pl.Series(v).fill_nan(None) for k, v in columns.items()})
        return frame.sort("capability", "model", descending=[True, False], nulls_last=True)


@dataclass(frozen=True, slots=True)
class Capability:
    """A fit of capability, difficulty and slope.

    Attributes
    ----------
    problem, solution
        Scores as arrays, and the fit to them.
    models
        One row per model, in the order of the arrays, with ``n_scores``.
    tests
        One row per test, in the order of the arrays: what the fit was told of it.
    theta_draws
        Parameters of every refit by kind of resampling, shape (n_draws, n_parameters) each.
    options, resampling
        Options that made the fit.
    data
        Vintage of the data.
    notes
        What was left out, in words.
    """

    problem: Problem
    solution: Solution
    models: pl.DataFrame
    tests: pl.DataFrame
    theta_draws: Mapping[Resample, Floats]
    options: FitOptions
    resampling: BootstrapOptions
    data: str = ""
    notes: tuple[str, ...] = ()

    @property
    def abilities(self) -> Abilities:
        """Capabilities over all tests."""
        return self._abilities(
            self.models, self.solution.theta, {k: draws for k, draws in self.theta_draws.items()}, "overall"
        )

    def in_domain(self, domain: str) -> Abilities:
        """Fit the capabilities to the tests of one domain alone.

        Difficulties and slopes stay as the joint fit (and each of its draws) has them, so that
        all domains share one scale.

        Parameters
        ----------
        domain
            One of the tests' domains.

        Returns
        -------
        Abilities
            NaN for models without a score in the domain.

        Raises
        ------
        ParityError
            If no test has that domain.
        """
        chosen = self._tests_of(domain)
        inside = chosen[self.problem.column]
        part = replace(
            self.problem,
            row=self.problem.row[inside],
            column=self.problem.column[inside],
            y=self.problem.y[inside],
        )
        counts = np.bincount(part.row, minlength=part.n_models)

        def fit(theta: Floats) -> Floats:
            held = Solution(theta, part.n_models, 0.0, 0, True)
            start = np.nan_to_num(theta)
            fitted = solve(part, held=held, start=start).theta
            fitted[: part.n_models][counts == 0] = np.nan
            return fitted

        draws = {kind: np.stack([fit(t) for t in thetas]) for kind, thetas in self.theta_draws.items()}
        models = self.models.with_columns(n_scores=pl.Series(counts))
        return self._abilities(models, fit(self.solution.theta), draws, domain)

    def table(self, level: float = LEVEL) -> pl.DataFrame:
        """Return the models with capability and interval, the most capable first."""
        return self.abilities.table(level)

    def benchmarks(self) -> pl.DataFrame:
        """Return the tests with difficulty, slope, number of scores and root mean square residual."""
        residual = self.problem.y - predict(self.problem, self.solution.theta)
        count = np.bincount(self.problem.column, minlength=self.problem.n_tests)
        square = np.bincount(self.problem.column, residual**2, self.problem.n_tests)
        shift, stretch = self._scale(self.solution.theta)
        return self.tests.with_columns(
            difficulty=pl.Series(shift + stretch * self.solution.difficulty),
            slope=pl.Series(self.solution.slope / stretch),
            n_scores=pl.Series(count),
            rmse=pl.Series(np.sqrt(square / count)),
        ).sort("difficulty")

    def outliers(self, most: int = 20) -> pl.DataFrame:
        """Return the scores farthest from their curves, in standard deviations of their test.

        Parameters
        ----------
        most
            Rows to return.
        """
        from parity.frontier._spread import spread

        scatter = spread(self.problem, self.solution)
        return (
            pl.DataFrame(
                {
                    "model": self.models["model"].gather(self.problem.row),
                    "test": self.tests["test"].gather(self.problem.column),
                    "score": self.problem.y,
                    "fitted": scatter.fitted,
                    "deviation": scatter.standard,
                }
            )
            .sort(pl.col("deviation").abs(), descending=True)
            .head(most)
        )

    def figure(self) -> Figure:
        """Draw the difficulty of benchmarks against their release date."""
        from parity.frontier._figures import difficulty_over_time

        return difficulty_over_time(self)

    def _tests_of(self, domain: str) -> np.ndarray:
        known = self.tests["domain"] if "domain" in self.tests.columns else pl.Series([], dtype=pl.String)
        if domain not in known:
            options = known.drop_nulls().unique().sort().to_list()
            raise ParityError(
                f"no domain '{domain}'.{did_you_mean(domain, options)} Allowed are {one_of(options)}"
            )
        return np.asarray((known == domain).fill_null(False).to_numpy())

    def _abilities(
        self, models: pl.DataFrame, theta: Floats, draws: Mapping[Resample, Floats], domain: str
    ) -> Abilities:
        n = self.problem.n_models
        point = self._on_scale(theta)[:n]
        # Reflected: a refit errs from the fit as the fit errs from the truth (basic bootstrap).
        reflected = {
            kind: 2 * point - np.stack([self._on_scale(t)[:n] for t in thetas])
            for kind, thetas in draws.items()
        }
        return Abilities(models, point, reflected, domain)

    def _on_scale(self, theta: Floats) -> Floats:
        shift, stretch = self._scale(theta)
        return np.asarray(shift + stretch * theta)

    def _scale(self, theta: Floats) -> tuple[float, float]:
        """Return shift and stretch from the raw parameters of a fit to the scale of the options."""
        if self.options.scale is None:
            return -float(theta[self.problem.n_models + 2 * self.problem.anchor]), 1.0
        (first, at_first), (second, at_second) = self.options.scale
        names = self.models["model"].to_list()
        for name in (first, second):
            if name not in names:
                raise ParityError(
                    f"the scale hangs on '{name}', which has no score.{did_you_mean(name, names)}"
                )
        low, high = theta[names.index(first)], theta[names.index(second)]
        stretch = float((at_second - at_first) / (high - low))
        return float(at_first - stretch * low), stretch


def fit(
    scores: pl.DataFrame,
    *,
    models: pl.DataFrame | None = None,
    tests: pl.DataFrame | None = None,
    options: FitOptions | None = None,
    resampling: BootstrapOptions | None = None,
    kinds: tuple[Resample, ...] = DOUBTS,
    data: str = "",
    progress: Callable[[int], None] | None = None,
) -> Capability:
    """Fit capability to scores, and refit it to resampled scores.

    Parameters
    ----------
    scores
        Columns ``model``, ``test`` and ``score`` (0 to 1), no pair twice; see ``check_scores``.
    models
        What is known of models, by ``model``: ``date``, ``date_error`` (days), ``country``,
        ``developer``, ``open_weights``, ``derived``, ``family`` (versions that err together).
        Taken from further columns of ``scores`` if ``None``.
    tests
        What is known of tests, by ``test``: ``domain``, ``benchmark`` (tests that come or go
        together), ``released``, ``chance``, ``maximum``.
    options, resampling
        How to fit and to resample; the defaults if ``None``.
    kinds
        Kinds of resampling; none for the point estimate alone.
    data
        Vintage of the data, for the record.
    progress
        Called with the number of refits just done.

    Returns
    -------
    Capability
        Fit, draws and what made them.

    Raises
    ------
    ParityError
        If the scores have no common scale; see ``parity.frontier.check_scores`` for the table itself.
    """
    options, resampling = options or FitOptions(), resampling or BootstrapOptions()
    kept, notes = lonely(scores)
    tests = pl.DataFrame(schema={"test": pl.String}) if tests is None else tests
    problem, model_names, test_names = arrange(kept, tests, options)
    solution = solve(problem)
    known = _of_models(scores) if models is None else models
    counts = pl.Series(np.bincount(problem.row, minlength=problem.n_models))
    described = pl.DataFrame({"model": model_names, "n_scores": counts}).join(
        known, on="model", how="left", maintain_order="left"
    )
    tests = pl.DataFrame({"test": test_names}).join(tests, on="test", how="left", maintain_order="left")
    score_cluster, test_cluster = _clusters(problem, described, tests)
    draws = {
        kind: bootstrap(
            problem,
            solution,
            kind,
            resampling,
            score_cluster=score_cluster,
            test_cluster=test_cluster,
            progress=progress,
        )
        for kind in kinds
    }
    return Capability(problem, solution, described, tests, draws, options, resampling, data, tuple(notes))


def _of_models(scores: pl.DataFrame) -> pl.DataFrame:
    """Return what the table of scores says of its models: the first value given for each."""
    others = [column for column in scores.columns if column not in ("model", "test", "score")]
    return scores.group_by("model", maintain_order=True).agg(pl.col(others).drop_nulls().first())


def _clusters(
    problem: Problem, models: pl.DataFrame, tests: pl.DataFrame
) -> tuple[Integers | None, Integers | None]:
    """Number the scores by family and test, and the tests by benchmark."""
    score_cluster = test_cluster = None
    if "family" in models.columns:
        family = _numbered(models["family"].fill_null(models["model"]))
        pairs = family[problem.row] * problem.n_tests + problem.column
        score_cluster = np.unique(pairs, return_inverse=True)[1].astype(np.int64)
    if "benchmark" in tests.columns:
        test_cluster = _numbered(tests["benchmark"].fill_null(tests["test"]))
    return score_cluster, test_cluster


def _numbered(column: pl.Series) -> Integers:
    return np.unique(column.to_numpy(), return_inverse=True)[1].astype(np.int64)


def _quantiles(draws: Floats, level: float) -> Floats:
    """Return both ends over the first axis, ignoring NaN; NaN where nothing is left."""
    ends = np.full((2, draws.shape[1]), np.nan)
    some = ~np.isnan(draws).all(axis=0)
    ends[:, some] = np.nanquantile(draws[:, some], [(1 - level) / 2, (1 + level) / 2], axis=0)
    return ends
