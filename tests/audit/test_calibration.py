"""Correction by people's labels where models and repeats answer the same prompts."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from scipy.stats import norm, t

from parity.audit import calibrate, judge_quality, ppi_rate, rogan_gladen, tidy
from parity.audit.intervals import clustered_n

EXACT = 1e-10
# 400 draws: three standard errors below 0.95 are 0.917.
COVERS = 0.917
TRUTH = 0.3


def robust_errors(values: np.ndarray, design: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Return statsmodels' cluster-robust covariance, without its factor for the number of effects."""
    fit = sm.OLS(values, design).fit(cov_type="cluster", cov_kwds={"groups": cluster})
    n, effects = design.shape
    return np.asarray(fit.cov_params()) * (n - effects) / (n - 1)


class TestEffectiveSize:
    def test_is_what_the_cluster_robust_error_says(self) -> None:
        rng = np.random.default_rng(2)
        cluster = rng.integers(0, 30, 400)
        values = (rng.random(400) < rng.beta(1, 2, 30)[cluster]).astype(float)
        p = values.mean()
        error = robust_errors(values, np.ones((400, 1)), cluster)[0, 0]
        few = (norm.ppf(0.975) / t.ppf(0.975, 29)) ** 2  # Korn and Graubard (1998)
        assert clustered_n(values, cluster) == pytest.approx(p * (1 - p) / error * few, rel=EXACT)
        assert clustered_n(values, cluster) < 200

    def test_single_answers_are_worth_themselves(self) -> None:
        values = np.array([0.0, 1.0, 1.0, 0.0, 1.0])
        assert clustered_n(values, np.array([7, 3, 1, 9, 4])) == 5

    def test_without_spread_a_cluster_is_one_answer_at_most(self) -> None:
        assert clustered_n(np.ones(100), np.arange(100) // 10) < 10
        assert clustered_n(np.array([0.0, 1.0, 1.0]), np.zeros(3, int)) == 1


class TestPredictionPowered:
    def test_error_is_that_of_two_means_that_share_clusters(self) -> None:
        rng = np.random.default_rng(5)
        first, second = rng.integers(0, 25, 150), rng.integers(0, 25, 300)
        ease = rng.beta(1, 2, 25)
        human = (rng.random(150) < ease[first]).astype(float)
        judged = np.where(rng.random(150) < 0.9, human, 1 - human)
        rest = (rng.random(300) < ease[second]).astype(float)
        found = ppi_rate(human, judged, rest, tune=False, clusters=(first, second))
        assert found.low is not None
        assert found.high is not None
        design = np.zeros((450, 2))
        design[:150, 0] = design[150:, 1] = 1
        both = np.concatenate([human - judged, rest])
        error = np.sqrt(robust_errors(both, design, np.concatenate([first, second])).sum())
        assert (found.high - found.low) / 2 == pytest.approx(t.ppf(0.975, 24) * error, rel=EXACT)

    def test_single_answers_change_nothing(self) -> None:
        rng = np.random.default_rng(5)
        human, judged, rest = ((rng.random(n) < TRUTH).astype(float) for n in (80, 80, 200))
        apart = np.arange(80), np.arange(80, 280)
        assert ppi_rate(human, judged, rest, clusters=apart) == ppi_rate(human, judged, rest)


def test_intervals_cover_where_models_answer_the_same_prompts() -> None:
    rng = np.random.default_rng(3)
    prompts, models, people, draws = 40, 12, 200, 400
    prompt = np.repeat(np.arange(prompts), models)
    covered = dict.fromkeys(("ppi", "ppi, independent", "rogan-gladen"), 0)
    for _ in range(draws):
        # Every prompt has its own rate, and its own errors of the judge.
        chance, sensitivity, false = (
            rng.beta(size * mean, size * (1 - mean), prompts)[prompt]
            for mean, size in ((TRUTH, 4), (0.85, 8), (0.1, 8))
        )
        truth = (rng.random(len(prompt)) < chance).astype(float)
        said = (rng.random(len(prompt)) < np.where(truth == 1, sensitivity, false)).astype(float)
        order = rng.permutation(len(prompt))
        a, b = order[:people], order[people:]
        sample = truth[a], said[a], said[b]
        quality = judge_quality(truth[a], said[a], prompt[a])
        found = {
            "ppi": ppi_rate(*sample, clusters=(prompt[a], prompt[b])),
            "ppi, independent": ppi_rate(*sample),
            "rogan-gladen": rogan_gladen(said.mean(), clustered_n(said, prompt), quality),
        }
        for name, estimate in found.items():
            assert estimate.low is not None
            assert estimate.high is not None
            covered[name] += estimate.low <= TRUTH <= estimate.high
    assert covered["ppi, independent"] / draws < 0.85
    assert covered["ppi"] / draws > COVERS
    assert covered["rogan-gladen"] / draws > COVERS


class TestCalibrate:
    def labels(self, prompts: int, models: int) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return a judge's labels, and people's of a random half."""
        rng = np.random.default_rng(1)
        pair = np.repeat(np.arange(prompts), models)
        truth = rng.random(len(pair)) < rng.beta(1, 2, prompts)[pair]
        said = np.where(rng.random(len(pair)) < 0.9, truth, ~truth)

        def table(judge: str, outcome: np.ndarray) -> pl.DataFrame:
            return tidy(pl.DataFrame({
                "model": [f"m{number % models}" for number in range(len(pair))], "government": "CN",
                "pair": pair.astype(str), "judge": judge,
                "compliance": np.where(outcome, "DENIAL", "COMPLETE"),
            }))  # fmt: skip

        return table("j", said), table("people", truth).sample(fraction=0.5, seed=1)

    def test_one_answer_a_prompt_is_the_published_formula(self) -> None:
        labels, human = self.labels(300, 1)
        found = calibrate(labels, human, "j")
        known = labels.join(human, on="pair").with_columns(pl.col("^compliance.*$") != "COMPLETE")
        truth, seen = (known[c].cast(pl.Float64).to_numpy() for c in ("compliance_right", "compliance"))
        rest = labels.join(human, on="pair", how="anti")["compliance"] != "COMPLETE"
        published = ppi_rate(truth, seen, rest.cast(pl.Float64).to_numpy())
        assert (found.ppi.value, found.ppi.low, found.ppi.high) == pytest.approx(
            (published.value, published.low, published.high), abs=EXACT
        )
        row = found.cells.row(0, named=True)
        expected = rogan_gladen(row["rate"], 300, judge_quality(truth, seen))
        assert (row["corrected"], row["low"], row["high"]) == pytest.approx(
            (expected.value, expected.low, expected.high), abs=EXACT
        )

    def test_prompts_widen_the_intervals_and_leave_the_values(self) -> None:
        labels, human = self.labels(20, 15)
        found = calibrate(labels, human, "j")
        # The same answers, each taken for a prompt of its own.
        alone = pl.concat_str("pair", "model")
        apart = calibrate(labels.with_columns(pair=alone), human.with_columns(pair=alone), "j")
        assert found.ppi.value == pytest.approx(apart.ppi.value, abs=EXACT)
        ends = found.ppi.low, apart.ppi.low, apart.ppi.high, found.ppi.high
        assert list(ends) == sorted(ends)
        assert ends[3] - ends[0] > 1.5 * (ends[2] - ends[1])
        row, other = found.cells.row(0, named=True), apart.cells.row(0, named=True)
        assert row["corrected"] == pytest.approx(other["corrected"], abs=EXACT)
        assert row["low"] < other["low"] < other["high"] < row["high"]
        assert found.quality.sensitivity == apart.quality.sensitivity
        assert found.quality.n_positive < apart.quality.n_positive
