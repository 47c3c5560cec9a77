"""Capability of models from their benchmark scores, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from parity.errors import ParityError, did_you_mean, one_of
from parity.frontier._abilities import LEVEL, Abilities, linked_draws
from parity.frontier._bootstrap import Resampled, bootstrap
from parity.frontier._fit import Floats, Integers, Problem, Solution, predict, solve
from parity.frontier._input import arrange, lonely
from parity.frontier._options import BootstrapOptions, FitOptions, Resample
from parity.frontier._spread import Spread, spread
from parity.frontier._stored import digest, look_up, stored_table

# The two doubts that a lag takes the wider of: which scores came out, which benchmarks exist.
ITEMS = 200
"""Tasks of a benchmark, for the sampling error of a raw score: most have 100 to 500."""
DOUBTS: tuple[Resample, ...] = ("scores", "benchmarks")


@dataclass(frozen=True, slots=True)
class Capability:
    """A fit of capability, difficulty and slope.

    Attributes
    ----------
    problem, solution
        Scores as arrays, and the fit to them.
    scatter
        How the scores scatter around the fit.
    models
        One row per model, in the order of the arrays, with ``n_scores``.
    tests
        One row per test, in the order of the arrays: what the fit was told of it.
    refits
        Refits to resampled scores by kind of resampling.
    options, resampling
        Options that made the fit.
    data
        Vintage of the data.
    notes
        What was left out, in words.
    """

    problem: Problem
    solution: Solution
    scatter: Spread
    models: pl.DataFrame
    tests: pl.DataFrame
    refits: Mapping[Resample, Resampled]
    options: FitOptions
    resampling: BootstrapOptions
    data: str = ""
    notes: tuple[str, ...] = ()

    @property
    def abilities(self) -> Abilities:
        """Capabilities over all tests."""
        draws = {kind: refits.theta for kind, refits in self.refits.items()}
        return self._abilities(self.models, self.solution.theta, draws, "overall")

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
        inside = self._tests_of(domain)[self.problem.column]
        part = replace(
            self.problem,
            row=self.problem.row[inside],
            column=self.problem.column[inside],
            y=self.problem.y[inside],
        )
        counts = np.bincount(part.row, minlength=part.n_models)

        def fit_held(theta: Floats, y: Floats | None = None, weight: Floats | None = None) -> Floats:
            held = Solution(theta, part.n_models, 0.0, 0, True)
            fitted = solve(part, held=held, start=np.nan_to_num(theta), y=y, weight=weight).theta
            fitted[: part.n_models][counts == 0] = np.nan
            return fitted

        def refit(refits: Resampled) -> Floats:
            y, weight = (None if a is None else a[:, inside] for a in (refits.y, refits.weight))
            return np.stack(
                [
                    fit_held(theta, None if y is None else y[k], None if weight is None else weight[k])
                    for k, theta in enumerate(refits.theta)
                ]
            )

        draws = {kind: refit(refits) for kind, refits in self.refits.items()}
        models = self.models.with_columns(n_scores=pl.Series(counts))
        return self._abilities(models, fit_held(self.solution.theta), draws, domain)

    def on_test(self, test: str) -> Abilities:
        """Return the raw scores on one test in the form of capabilities, with their own sampling error.

        The error is that of a share of ``ITEMS`` tasks: how far the scores lie from a curve says nothing of
        how sure each is.

        Parameters
        ----------
        test
            Name of the test.

        Returns
        -------
        Abilities
            NaN for models that did not take it.
        """
        names = self.tests["test"].to_list()
        if test not in names:
            raise ParityError(f"no benchmark '{test}'.{did_you_mean(test, names)}")
        taken = np.flatnonzero(self.problem.column == names.index(test))
        point = np.full(self.problem.n_models, np.nan)
        point[self.problem.row[taken]] = self.problem.y[taken]
        rng = np.random.default_rng(self.resampling.seed)
        score = self.problem.y[taken]
        # Agresti and Coull's share keeps an error at scores of 0 and 1.
        share = (score * ITEMS + 2) / (ITEMS + 4)
        error = np.sqrt(share * (1 - share) / ITEMS) * rng.standard_normal(
            (self.resampling.draws, taken.size)
        )
        draws = np.tile(point, (self.resampling.draws, 1))
        draws[:, self.problem.row[taken]] = np.clip(score + error, 0.0, 1.0)
        return Abilities(self.models, point, {"scores": draws}, test)

    def table(self, level: float = LEVEL) -> pl.DataFrame:
        """Return the models with capability and interval, the most capable first."""
        return self.abilities.table(level)

    def stored(self) -> pl.DataFrame:
        """Return the fit and its refits as a table that a later ``fit`` can take in their place."""
        key = digest(self.problem, _clusters(self.problem, self.models, self.tests), self.resampling)
        return stored_table(key, self.solution, self.refits)

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
        return (
            pl.DataFrame(
                {
                    "model": self.models["model"].gather(self.problem.row),
                    "test": self.tests["test"].gather(self.problem.column),
                    "score": self.problem.y,
                    "fitted": self.scatter.fitted,
                    "deviation": self.scatter.standard,
                }
            )
            .sort(pl.col("deviation").abs(), descending=True)
            .head(most)
        )

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
        shift, stretch = self._scale(theta)
        point = shift + stretch * theta[:n]
        # A refit to resampled scores errs from the fit as the fit errs from the truth: reflected, it
        # corrects the bias (basic bootstrap). Weights of benchmarks make draws of the truth itself.
        linked = {kind: linked_draws(refits[:, :n], point) for kind, refits in draws.items()}
        reflected = {
            kind: values if kind == "benchmarks" else 2 * point - values for kind, values in linked.items()
        }
        return Abilities(models, point, reflected, domain)

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
    stored: pl.DataFrame | None = None,
    data: str = "",
    progress: Callable[[int], None] | None = None,
) -> Capability:
    """Fit capability to scores, and refit it to resampled scores.

    Parameters
    ----------
    scores
        Columns ``model``, ``test`` and ``score`` (0 to 1), no pair twice.
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
    stored
        Fits made before (see ``Capability.stored``): taken where one is of exactly these scores, options
        and seed.
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
        If the scores have no common scale.
    """
    options, resampling = options or FitOptions(), resampling or BootstrapOptions()
    kept, notes = lonely(scores)
    tests = pl.DataFrame(schema={"test": pl.String}) if tests is None else tests
    problem, model_names, test_names = arrange(kept, tests, options)
    known = _of_models(scores) if models is None else models
    counts = pl.Series(np.bincount(problem.row, minlength=problem.n_models))
    described = pl.DataFrame({"model": model_names, "n_scores": counts}).join(
        known, on="model", how="left", maintain_order="left"
    )
    tests = pl.DataFrame({"test": test_names}).join(tests, on="test", how="left", maintain_order="left")
    score_cluster, test_cluster = clusters = _clusters(problem, described, tests)
    before = look_up(stored, digest(problem, clusters, resampling), problem.n_models, kinds, resampling.draws)
    solution = solve(problem) if before is None else before.solution
    scatter = spread(problem, solution)
    draws = {
        kind: bootstrap(
            problem,
            solution,
            scatter,
            kind,
            resampling,
            score_cluster=score_cluster,
            test_cluster=test_cluster,
            made=None if before is None else before.refits[kind],
            progress=progress,
        )
        for kind in kinds
    }
    return Capability(
        problem, solution, scatter, described, tests, draws, options, resampling, data, tuple(notes)
    )


def _of_models(scores: pl.DataFrame) -> pl.DataFrame:
    """Return what the table of scores says of its models: the first value given for each."""
    others = [column for column in scores.columns if column not in ("model", "test", "score")]
    return scores.group_by("model", maintain_order=True).agg(pl.col(others).drop_nulls().first())


def _clusters(
    problem: Problem, models: pl.DataFrame, tests: pl.DataFrame
) -> tuple[Integers | None, Integers | None]:
    """Return the cluster of each score (family and test) and of each test (benchmark)."""
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
