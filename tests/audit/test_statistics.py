"""Intervals, exact tests, agreement, corrections and power, against references from outside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.stats import binom
from statsmodels.stats import inter_rater, proportion

from parity.audit import correction, developers, intervals, power
from parity.audit import judges as agree
from parity.errors import NoAnswerError, ParityError

# Closed forms agree to rounding; published tables are printed with three or four decimals.
EXACT = 1e-10
PRINTED = 5e-4
# metafor prints four decimals of an optimum that it finds to about that.
REML = 2e-4


def paired(both: int, first: int, second: int, neither: int) -> tuple[np.ndarray, np.ndarray]:
    x = np.repeat([1.0, 1.0, 0.0, 0.0], [both, first, second, neither])
    y = np.repeat([1.0, 0.0, 1.0, 0.0], [both, first, second, neither])
    return x, y


class TestRates:
    @pytest.mark.parametrize("method", ["wilson", "jeffreys"])
    @pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
    @pytest.mark.parametrize(("count", "n"), [(1, 50), (7, 50), (25, 50), (49, 50), (3, 1850)])
    def test_agrees_with_statsmodels(self, method: str, level: float, count: int, n: int) -> None:
        ours = getattr(intervals, method)(count, n, level)
        theirs = proportion.proportion_confint(count, n, alpha=1 - level, method=method)
        assert np.allclose(ours, theirs, atol=EXACT)

    @pytest.mark.parametrize("count", [0, 50])
    def test_edges_are_jeffreys_with_a_closed_end(self, count: int) -> None:
        low, high = intervals.rate_interval(count, 50)
        # The end that is not closed is the beta quantile that statsmodels gives too.
        theirs = proportion.proportion_confint(count, 50, method="jeffreys")
        assert (float(low), float(high)) == pytest.approx(
            (0.0, theirs[1]) if count == 0 else (theirs[0], 1.0), abs=EXACT
        )

    def test_repeats_are_worth_what_their_spread_says(self) -> None:
        same = np.repeat([0.0, 1.0], 25)  # every repeat of a prompt alike: repeats add nothing
        assert intervals.effective_n(same, 10) == pytest.approx(50, rel=0.03)
        mixed = np.full(50, 0.5)  # all prompts alike: every answer is new
        assert intervals.effective_n(mixed, 10) == 500

    def test_level_outside_is_refused(self) -> None:
        with pytest.raises(ParityError, match="between 0 and 1"):
            intervals.wilson(1, 2, 1.5)


class TestPairs:
    def test_newcombe_1998_example(self) -> None:
        # Newcombe (1998), method 10; the counts and limits are those in the tests of the R package ratesci.
        assert intervals.paired_interval(*paired(20, 12, 2, 16)) == pytest.approx(
            (0.0562, 0.3292), abs=PRINTED
        )

    def test_fagerland_2014_example(self) -> None:
        # Airway reactivity before and after transplantation, Fagerland, Lydersen and Laake (2014), table II.
        assert intervals.paired_interval(*paired(1, 1, 7, 12)) == pytest.approx((-0.507, -0.026), abs=PRINTED)

    @pytest.mark.parametrize(("p", "q", "n"), [(0.15, 0.05, 50), (0.4, 0.3, 150), (0.02, 0.02, 50)])
    def test_covers(self, p: float, q: float, n: int) -> None:
        rng = np.random.default_rng(7)
        hits = 0
        for _ in range(2000):
            ease = rng.random(n)  # one difficulty a prompt correlates the pair
            x, y = (
                (ease < p).astype(float),
                (np.where(rng.random(n) < 0.5, ease, rng.random(n)) < q).astype(float),
            )
            low, high = intervals.paired_interval(x, y)
            hits += low - EXACT <= p - q <= high + EXACT
        # 2,000 draws: three standard errors below 0.95 are 0.935.
        assert hits / 2000 > 0.935

    @given(st.floats(-1, 1), st.floats(-1, 0.2), st.floats(-0.2, 1), st.floats(1e-9, 1))
    @settings(deadline=None, max_examples=200)
    def test_interval_says_of_zero_what_the_test_says(
        self, value: float, low: float, high: float, p: float
    ) -> None:
        ends = intervals.agreeing(value, (min(low, value), max(high, value)), p)
        assert ends[0] <= value <= ends[1]
        if value:
            assert (ends[0] > 0 or ends[1] < 0) == (p < 1 - 0.95)


class TestAgreement:
    def test_kappa_agrees_with_statsmodels(self) -> None:
        table = np.array([[75, 1, 4], [5, 4, 1], [0, 0, 10]], float)
        theirs = inter_rater.cohens_kappa(table)
        assert float(agree.cohen_kappa(table)) == pytest.approx(theirs.kappa, abs=EXACT)

    def test_kappa_and_alpha_of_one_constant_label_are_unknown(self) -> None:
        found = agree.agreement(("a", "b"), np.zeros(5, int), np.zeros(5, int), np.arange(5))
        assert found.kappa.value is None
        assert found.alpha.reason == "every label is the same"

    def test_alpha_of_krippendorffs_example(self) -> None:
        # Krippendorff (2011), section C: four observers, twelve units, gaps; nominal alpha is 0.743.
        rows = ("111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555", "11", "3")
        counts = np.array([[row.count(str(label)) for label in range(1, 6)] for row in rows], float)
        found = agree.joint_agreement(("a", "b", "c", "d"), counts, np.arange(len(rows)))
        assert found.alpha.value == pytest.approx(0.743, abs=PRINTED)
        assert found.alpha.low < found.alpha.value < found.alpha.high  # type: ignore[operator]
        assert (found.n, found.kappa.value) == (11, None)

    def test_alpha_of_two_judges_is_the_general_alpha(self) -> None:
        rng = np.random.default_rng(3)
        first = rng.integers(0, 3, 200)
        second = np.where(rng.random(200) < 0.8, first, rng.integers(0, 3, 200))
        found = agree.agreement(("a", "b"), first, second, np.arange(200) // 4)
        counts = np.zeros((200, 3))
        np.add.at(counts, (np.arange(200), first), 1)
        np.add.at(counts, (np.arange(200), second), 1)
        general = agree.joint_agreement(("a", "b"), counts, np.arange(200) // 4)
        assert found.alpha.value == pytest.approx(general.alpha.value, abs=EXACT)

    def test_agreement_of_two_is_that_of_all_when_there_are_two(self) -> None:
        rng = np.random.default_rng(5)
        first, second = rng.integers(0, 3, 300), rng.integers(0, 3, 300)
        counts = np.zeros((300, 3))
        for labels in (first, second):
            np.add.at(counts, (np.arange(300), labels), 1)
        pair = agree.agreement(("a", "b"), first, second, np.arange(300) // 3)
        joint = agree.joint_agreement(("a", "b"), counts, np.arange(300) // 3)
        for one, other in ((pair.alpha, joint.alpha), (pair.share, joint.share)):
            assert [one.value, one.low, one.high] == pytest.approx([other.value, other.low, other.high])

    def test_interval_widens_with_fewer_prompts(self) -> None:
        rng = np.random.default_rng(3)
        first = rng.integers(0, 2, 1000)
        second = np.where(rng.random(1000) < 0.9, first, 1 - first)
        many = agree.agreement(("a", "b"), first, second, np.arange(1000))
        few = agree.agreement(("a", "b"), first, second, np.arange(1000) // 100)
        assert many.kappa.value == few.kappa.value
        assert many.kappa.low is not None
        assert many.kappa.high is not None
        assert 0.02 < many.kappa.high - many.kappa.low < 0.12
        again = agree.agreement(("a", "b"), first, second, np.arange(1000))
        assert again == many


class TestCorrection:
    def test_lang_and_reiczigel_by_hand(self) -> None:
        # The formulas of the paper, written out with other symbols: (p + Sp - 1) / (Se + Sp - 1).
        quality = correction.JudgeQuality(0.85, 100, 0.88, 200)
        found = correction.rogan_gladen(0.4, 900, quality)
        assert found.value == pytest.approx((0.4 + 0.88 - 1) / (0.85 + 0.88 - 1))
        assert found.low is not None
        assert found.high is not None
        assert found.low < found.value < found.high

    def test_perfect_judge_known_for_sure_is_left_alone(self) -> None:
        found = correction.rogan_gladen(0.3, 10_000, correction.JudgeQuality(1, 10**9, 1, 10**9))
        low, high = intervals.wilson(3000, 10_000)
        assert (found.value, found.low, found.high) == pytest.approx((0.3, float(low), float(high)), abs=1e-4)

    @pytest.mark.parametrize("theta", [0.1, 0.4])
    def test_both_corrections_cover_where_the_judge_alone_does_not(self, theta: float) -> None:
        rng = np.random.default_rng(11)
        covered = {"judge": 0, "ppi": 0, "rogan-gladen": 0}
        draws = 600
        for _ in range(draws):
            truth = (rng.random(2000) < theta).astype(float)
            judged = np.where(truth == 1, rng.random(2000) < 0.8, rng.random(2000) < 0.1).astype(float)
            n = 250  # people label the first 250, a random sample
            quality = correction.judge_quality(truth[:n], judged[:n])
            found = {
                "judge": intervals.wilson(judged.sum(), 2000),
                "ppi": _ends(correction.ppi_rate(truth[:n], judged[:n], judged[n:])),
                "rogan-gladen": _ends(correction.rogan_gladen(judged.mean(), 2000, quality)),
            }
            for name, (low, high) in found.items():
                covered[name] += bool(low <= theta <= high)
        assert covered["judge"] / draws < 0.6
        assert covered["ppi"] / draws > 0.92
        assert covered["rogan-gladen"] / draws > 0.92

    def test_ppi_beats_people_alone(self) -> None:
        rng = np.random.default_rng(2)
        truth = (rng.random(3000) < 0.3).astype(float)
        judged = np.where(rng.random(3000) < 0.95, truth, 1 - truth)
        low, high = _ends(correction.ppi_rate(truth[:200], judged[:200], judged[200:]))
        alone = intervals.wilson(truth[:200].sum(), 200)
        assert high - low < 0.75 * (alone[1] - alone[0])

    def test_sample_of_disagreements_is_found_out(self) -> None:
        population = np.array([800.0, 100.0, 100.0])
        assert correction.same_population(np.array([80.0, 10.0, 10.0]), population) > 0.5
        assert correction.same_population(np.array([20.0, 40.0, 40.0]), population) < 1e-3

    def test_useless_judge_is_refused(self) -> None:
        with pytest.raises(ParityError, match="does not separate"):
            correction.rogan_gladen(0.5, 100, correction.JudgeQuality(0.5, 10, 0.5, 10))
        with pytest.raises(NoAnswerError, match="both are needed"):
            correction.judge_quality(np.zeros(10), np.zeros(10))


def _ends(found: object) -> tuple[float, float]:
    return found.low, found.high  # type: ignore[attr-defined]


class TestPower:
    @pytest.mark.parametrize(("first", "second"), [(0.15, 0.05), (0.25, 0.05)])
    def test_reached_in_simulation(self, first: float, second: float) -> None:
        needed = power.pairs_needed(first, second)
        rng = np.random.default_rng(5)
        draws = 4000
        x = rng.random((draws, needed.pairs)) < first
        y = rng.random((draws, needed.pairs)) < second
        up, down = (x & ~y).sum(axis=1), (~x & y).sum(axis=1)
        found = 2 * binom.cdf(np.minimum(up, down), up + down, 0.5) < 0.05
        # Three standard errors of 4,000 draws.
        assert found.mean() == pytest.approx(needed.power, abs=0.019)
        assert needed.power >= 0.8
        assert power.mcnemar_power(needed.pairs - 1, *power.discordant_shares(first, second)) < 0.81

    def test_correlated_pairs_need_fewer(self) -> None:
        assert power.pairs_needed(0.3, 0.2, correlation=0.5).pairs < power.pairs_needed(0.3, 0.2).pairs

    @pytest.mark.parametrize(
        ("first", "second", "correlation", "says"),
        [(0.1, 0.1, 0, "equal"), (15, 0.1, 0, "write 15 % as 0.15"), (0.9, 0.1, 0.9, "no pairs have rates")],
    )
    def test_impossible_wishes(self, first: float, second: float, correlation: float, says: str) -> None:
        with pytest.raises(ParityError, match=says):
            power.pairs_needed(first, second, correlation=correlation)


# Konstantopoulos (2011), schools in districts, as listed in the R package metadat.
SCHOOLS = Path(__file__).parent / "data" / "konstantopoulos2011.csv"


class TestDevelopers:
    def test_mixed_model_agrees_with_metafor(self) -> None:
        # metafor's documentation of these data: 0.1847; variances 0.0651 (district) and 0.0327 (school).
        rows = np.loadtxt(SCHOOLS, delimiter=",", skiprows=1)
        district = np.unique(rows[:, 0], return_inverse=True)[1]
        fit = developers.fit_mixed_model(rows[:, 2], rows[:, 3], district)
        assert fit.mean == pytest.approx(0.1847, abs=REML)
        assert fit.between == pytest.approx(0.0651, abs=REML)
        assert fit.within == pytest.approx(0.0327, abs=REML)

    def test_shrinks_towards_the_developer(self) -> None:
        values = np.array([0.9, 0.1, 0.1, 0.1, 0.0, 0.05, 0.0, 0.05])
        fit = developers.fit_mixed_model(values, np.full(8, 0.02), np.repeat([0, 1], 4))
        assert fit.shrunken[0] < 0.9
        assert (fit.shrunken_errors > 0).all()

    def test_sides_scatter_as_they_do(self) -> None:
        # Known errors next to nothing and one model a developer: Welch's interval of two samples.
        rng = np.random.default_rng(2)
        one, other = 3 * rng.normal(size=6), rng.normal(size=9)
        fits = [
            developers.fit_mixed_model(side, np.full(len(side), 1e-6), np.arange(len(side)))
            for side in (one, other)
        ]
        welch = stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.9)
        found = fits[0].apart(fits[1], 0.9)
        assert (found.low, found.high) == pytest.approx((welch.low, welch.high), abs=1e-3)

    def test_a_single_developer_has_no_interval(self) -> None:
        fits = [developers.fit_mixed_model(np.ones(k), np.ones(k), np.arange(k)) for k in (1, 4)]
        assert fits[0].apart(fits[1]).low is None

    def test_agrees_with_another_permutation_of_t(self) -> None:
        rng = np.random.default_rng(3)
        values, group = rng.normal(size=11), np.arange(11) < 4
        method = stats.PermutationMethod(n_resamples=1000)
        theirs = stats.ttest_ind(
            values[group], values[~group], equal_var=False, method=method, alternative="greater"
        )
        found = developers.permute_developers(values, group)
        assert found.arrangements == 330
        assert found.p_one_sided == pytest.approx(theirs.pvalue)

    def test_all_arrangements_by_hand(self) -> None:
        # Two of four are in the group and hold the largest values: one of six ways, two-sided two.
        found = developers.permute_developers(
            np.array([0.9, 0.8, 0.1, 0.0]), np.array([True, True, False, False])
        )
        assert found.difference == pytest.approx(0.8)
        assert (found.arrangements, found.exact) == (6, True)
        assert found.p == pytest.approx(2 / 6)
        assert found.p_one_sided == pytest.approx(1 / 6)

    def test_p_is_uniform_where_nothing_differs(self) -> None:
        rng = np.random.default_rng(1)
        group = np.arange(10) < 4
        p = [developers.permute_developers(rng.random(10), group).p for _ in range(400)]
        assert np.mean(np.array(p) <= 0.05) == pytest.approx(0.05, abs=0.033)

    def test_one_side_is_no_comparison(self) -> None:
        with pytest.raises(NoAnswerError, match="both sides need one"):
            developers.permute_developers(np.ones(3), np.ones(3, bool))
