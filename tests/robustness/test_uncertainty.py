"""Intervals: cases with exact answers, invariances, and the edges."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from parity.errors import ParityError
from parity.robustness import Options, Robustness, analyse
from parity.robustness._counts import Counts
from parity.robustness._run import _pilot, make
from parity.robustness._sobol import CONSTANT
from parity.robustness._tasks import Uncertainty, counts_of
from parity.robustness.results import SHIFT
from tests.robustness.cases import ASSUMPTIONS, UNITS, data, flat, spec

DRAWS = 1 << 14
BINOMIAL = 4 * 0.5 / np.sqrt(DRAWS)
"""Four standard errors of a share at most."""
NEAR = 0.03
"""Distance of a Sobol index from its exact value at 4,096 base points."""


def run(case: tuple, draws: int = DRAWS, base: int = 0, **options: object) -> Robustness:
    seed = options.pop("seed", None)
    return analyse(*case, Options(draws=draws, base=base, **options), seed=seed)


def two(assumptions: str) -> tuple:
    """A is ahead in the first indicator three to nothing, B in the second one to nothing."""
    return flat({"a": [3.0, 0.0], "b": [0.0, 1.0]}, assumptions, ["A", "B"])


DIRICHLET = "[[robustness.weights]]\ndirichlet = 1\n"


def test_exact_probability_with_one_free_weight() -> None:
    """With a share w uniform in 0 to 1, A is above B when 3 w > 1 - w: probability 3/4."""
    found = run(two(DIRICHLET))
    assert found.above()[0, 1] == pytest.approx(0.75, abs=BINOMIAL)
    assert found.top(1) == pytest.approx([0.75, 0.25], abs=BINOMIAL)
    assert found.median().tolist() == [1, 2]


def test_exact_probability_with_noise() -> None:
    """B is above A when its weight is more than thrice A's: u < v / 3 for u, v uniform in 0 to 2."""
    noise = run(two("[[robustness.weights]]\nnoise = 1.0\n"))
    assert noise.above()[1, 0] == pytest.approx(1 / 6, abs=BINOMIAL)
    assert run(two("[[robustness.weights]]\nnoise = 0.25\n")).above()[0, 1] == 1.0


def test_exact_score_interval() -> None:
    """A's score is 3 w, so its 90 % interval is 0.15 to 2.85."""
    assert run(two(DIRICHLET)).score_interval(0.9)[0] == pytest.approx([0.15, 2.85], abs=0.02)


def test_alternatives_are_equally_likely_and_counted() -> None:
    sets = "[[robustness.weights]]\nsets = { x = { a = 1 }, y = { a = 0.1 }, z = { a = 9 } }\n"
    found = run(two(sets))
    assert sum(found.uses[0].draws) == DRAWS
    assert np.abs(np.array(found.uses[0].draws) - DRAWS / 3).max() <= 2
    assert found.above()[1, 0] == pytest.approx(1 / 3, abs=2 / DRAWS)


def test_leaving_out_an_indicator() -> None:
    found = run(two("[robustness.leave_out]\nindicators = true\n"))
    assert found.uses[0].alternatives == ("none", "a", "b")
    assert found.above()[1, 0] == pytest.approx(1 / 3, abs=2 / DRAWS)


def test_measurement_error_swaps_as_often_as_its_size_says() -> None:
    """Scores differ by 1 with standard errors of 1 each: P(swap) = P(N(0, 2) > 1) = 0.24."""
    case = flat(
        {"a": [1.0, 0.0]}, "[robustness.measurement]\nreplicates = 1000\nerrors = { a = 1.0 }\n", ["A", "B"]
    )
    assert run(case).above()[1, 0] == pytest.approx(0.2398, abs=4 * np.sqrt(0.24 * 0.76 / 1000))


def test_order_of_units_changes_nothing() -> None:
    shuffled = data().sample(fraction=1.0, shuffle=True, seed=1)
    first, second = run((spec(), data())), run((spec(), shuffled))
    by_id = [found.table().drop("group").sort("id") for found in (first, second)]
    whole = [column for column in by_id[0].columns if not column.startswith("score")]
    assert by_id[0].select(whole).equals(by_id[1].select(whole))


def test_order_of_chunks_changes_nothing() -> None:
    plan, _ = make(spec(), data())
    task = Uncertainty(plan, _pilot(plan)[0], 1000, 128)
    chunks = [counts_of(task.chunk(number)) for number in range(8)]
    alternatives = sum(len(factor.labels) for factor in plan.factors)

    def added(parts: list[Counts]) -> Counts:
        whole = Counts.empty(UNITS, alternatives)
        for part in parts:
            whole = whole.plus(part)
        return whole

    one, other = added(chunks), added(chunks[::-1])
    assert one.draws == 1000
    for name in ("ranks", "scores", "above", "used"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_seed_zero_is_a_seed() -> None:
    zero, again, one = (run((spec(), data()), 1000, seed=seed) for seed in (0, 0, 1))
    assert zero.seed == 0
    np.testing.assert_array_equal(zero.counts.scores, again.counts.scores)
    assert not np.array_equal(zero.counts.scores, one.counts.scores)


def test_seed_of_the_spec_is_the_default() -> None:
    seeded = run((spec("[robustness]\nseed = 7\n" + ASSUMPTIONS), data()), 100)
    assert seeded.seed == 7
    np.testing.assert_array_equal(seeded.counts.scores, run((spec(), data()), 100, seed=7).counts.scores)


def test_level_changes_the_interval() -> None:
    found = run((spec(), data()))
    widths = [np.diff(found.interval(level), axis=1).sum() for level in (0.5, 0.9, 0.95)]
    assert widths[0] < widths[1] <= widths[2]
    scores = [np.diff(found.score_interval(level), axis=1).sum() for level in (0.5, 0.9, 0.95)]
    assert scores[0] < scores[1] < scores[2]
    with pytest.raises(ParityError, match="level must lie between 0 and 1"):
        found.interval(1.0)


def test_quantiles_are_those_of_the_draws() -> None:
    """Against NumPy's inverted distribution function on the ranks themselves."""
    from parity.robustness._draws import UNCERTAINTY, chunk_seed, sobol_points
    from parity.robustness._kernel import ranks_of

    plan, _ = make(spec(), data())
    found = run((spec(), data()), 1000)
    points = sobol_points(1000, plan.dimensions, chunk_seed(0, UNCERTAINTY, 0))
    ranks = ranks_of(plan.scores(plan.realise(points)))
    expected = np.quantile(ranks, [0.05, 0.5, 0.95], axis=1, method="inverted_cdf")
    order = [list(plan.units).index(unit) for unit in found.units]
    np.testing.assert_array_equal(found.interval(0.9), expected[[0, 2]].T[order])
    np.testing.assert_array_equal(found.median(), expected[1][order])
    above = (ranks[:, None, :] < ranks[None, :, :]).mean(axis=2)
    np.testing.assert_allclose(found.above(), above[np.ix_(order, order)])


def test_ties_share_the_rank_and_nobody_is_above() -> None:
    case = flat({"a": [2.0, 2.0, 1.0], "b": [1.0, 1.0, 2.0]}, DIRICHLET, ["A", "B", "C"])
    found = run(case)
    assert found.above()[0, 1] == found.above()[1, 0] == 0
    np.testing.assert_array_equal(found.interval()[0], found.interval()[1])
    assert found.top(1)[:2] == pytest.approx([0.5, 0.5], abs=BINOMIAL)
    assert "B" in found.not_apart("A")
    assert found.groups()[0] == found.groups()[1]


def test_one_draw() -> None:
    found = run((spec(), data()), 1, base=1)
    assert found.draws == 1
    np.testing.assert_array_equal(found.interval(0.95)[:, 0], found.median())
    assert sorted(found.median()) == list(range(1, UNITS + 1))
    assert found.sensitivity is not None
    assert found.sensitivity.table()["reason"].unique().to_list() == ["one base point has no variance"]


def test_one_country() -> None:
    found = run(flat({"a": [1.0], "b": [2.0]}, DIRICHLET, ["A"]), 1000, base=256)
    assert found.interval(0.95).tolist() == [[1, 1]]
    assert found.sensitivity is not None
    rows = {row["output"]: row for row in found.sensitivity.table().iter_rows(named=True)}
    assert rows["rank A"]["first"] is None
    assert rows["rank A"]["reason"] == CONSTANT
    assert rows[SHIFT]["reason"] == CONSTANT
    assert rows["score A"]["total"] == pytest.approx(1, abs=NEAR)


def test_one_assumption_explains_everything() -> None:
    found = run(two(DIRICHLET), 100, base=4096)
    assert found.sensitivity is not None
    table = found.sensitivity.table()
    assert table["first"].to_numpy() == pytest.approx(1, abs=NEAR)
    assert table["total"].to_numpy() == pytest.approx(1, abs=NEAR)


def test_a_choice_that_does_everything_and_one_that_does_nothing() -> None:
    """The direction turns A's score over; the weight of a lone indicator does nothing."""
    spec_, table = flat(
        {"a": [1.0, 0.0]},
        '[[robustness.choice]]\nfield = "indicator.a.direction"\nvalues = [1, -1]\n'
        "[[robustness.weights]]\nsets = { x = { a = 1 }, y = { a = 2 } }\n",
        ["A", "B"],
    )
    found = run((spec_, table), 100, base=1024)
    assert found.sensitivity is not None
    rows = found.sensitivity.table().filter(output="score A")
    assert rows["first"].to_list() == pytest.approx([1, 0], abs=NEAR)
    assert rows["total"].to_list() == pytest.approx([1, 0], abs=NEAR)


def test_pairs_of_a_choice_that_only_matters_with_another() -> None:
    """x and y swap signs of a product: neither matters alone, both together."""
    spec_, table = flat(
        {"a": [1.0, 0.0], "b": [1.0, 0.0]},
        '[[robustness.choice]]\nname = "x"\nfield = "indicator.a.direction"\nvalues = [1, -1]\n'
        '[[robustness.choice]]\nname = "y"\nfield = "indicator.b.direction"\nvalues = [1, -1]\n',
        ["A", "B"],
    )
    found = run((spec_, table), 100, base=4096, pairs=True)
    assert found.sensitivity is not None
    # A's rank is 1, except where both are turned: 1 (tie), 1, 1, 2. Variance 3/16, each first order 1/16.
    pair = found.sensitivity.pairs().filter(output="rank A").row(0, named=True)
    assert pair["interaction"] == pytest.approx(1 / 3, abs=NEAR)
    alone = found.sensitivity.table().filter(output="rank A")["first"]
    assert alone.to_list() == pytest.approx([1 / 3, 1 / 3], abs=NEAR)


def test_without_assumptions_nothing_moves() -> None:
    found = run((spec(""), data()), 100, base=64)
    assert found.uses == ()
    assert found.sensitivity is None
    np.testing.assert_array_equal(found.interval()[:, 0], found.base_ranks)
    np.testing.assert_array_equal(found.interval()[:, 1], found.base_ranks)


def test_until_draws_until_the_error_is_small_enough() -> None:
    rough, fine = run((spec(), data()), draws=None, until=2.0), run((spec(), data()), draws=None, until=0.05)
    assert rough.monte_carlo_error().max() < 2.0
    assert fine.monte_carlo_error().max() < 0.05
    assert rough.draws <= fine.draws
    capped = run((spec(), data()), draws=20_000, until=1e-9)
    assert capped.draws == 20_000


def test_monte_carlo_error_is_the_spread_over_seeds() -> None:
    case = (spec("[[robustness.weights]]\ndirichlet = 1\n"), data())
    found = [run(case, 200, seed=seed) for seed in range(40)]
    spread = np.std([each.interval(0.9) for each in found], axis=0)
    told = np.mean([each.monte_carlo_error()[:, [1, 4]] for each in found], axis=0)
    # Sobol points are more even than independent ones, for which the error is told.
    assert spread.mean() <= 1.2 * told.mean()
    assert spread.mean() >= 0.2 * told.mean()


def test_more_units_than_pairs_are_counted_for() -> None:
    rng = np.random.default_rng(0)
    units = 1500
    case = flat(
        {"a": rng.random(units).tolist(), "b": rng.random(units).tolist()},
        "[[robustness.weights]]\nnoise = 0.25\n",
        [f"u{k}" for k in range(units)],
    )
    found = run(case, 256)
    assert "group" not in found.table().columns
    error = np.abs(found.median() - found.base_ranks)
    assert error.max() < 0.02 * units
    with pytest.raises(ParityError, match="up to 256 units, not for 1,500"):
        found.above()


def test_a_panel_ranks_its_last_year() -> None:
    panel = pl.concat([data(0).with_columns(year=year) for year in (2020, 2021)])
    year = 'year_column = "year"'
    found = run((spec(extra=year), panel), 100)
    assert len(found.units) == UNITS


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"draws": 0}, "draws must be 1 or more, not 0"),
        ({"base": -1}, "base points must be 0 or more"),
        ({"until": 0.0}, "until must be above 0"),
        ({"level": 1.5}, "level must lie between 0 and 1"),
    ],
)
def test_options_out_of_range(given: dict, message: str) -> None:
    with pytest.raises(ParityError, match=message):
        Options(**given)


def test_unknown_units_are_told() -> None:
    found = run((spec(), data()), 10)
    with pytest.raises(ParityError, match="'u99' is not among the units ranked"):
        found.estimate("u99")
    with pytest.raises(ParityError, match="'u99' is not among the units ranked"):
        run((spec(), data()), 10, base=8, units=("u99",))
    with pytest.raises(ParityError, match="k must be 1 or more"):
        found.top(0)


def test_draws_that_a_geometric_mean_does_not_take_are_refused() -> None:
    """Leaving them out would bias what is left."""
    steps = (
        '[steps.normalise]\nmethod = "zscore"\nmean = 1\n[steps.aggregate]\n'
        '[steps.aggregate.level.3]\nmethod = "geometric"\n'
    )
    with pytest.raises(ParityError, match="some draws have no score"):
        run((spec("[[robustness.weights]]\nnoise = 1.0\n", steps), data(0)), 1000)


def test_alternatives_that_do_not_go_together_are_named() -> None:
    steps = '[steps.normalise]\nlower = 1\n[steps.aggregate]\nmethod = "geometric"\n'
    choice = '[[robustness.choice]]\nfield = "normalise.method"\nvalues = ["minmax", "zscore"]\n'
    with pytest.raises(ParityError, match=r"do not go together: normalise\.method = zscore"):
        run((spec(choice, steps), data(0)), 100)


def test_an_assumption_about_an_absent_step_names_the_step() -> None:
    choice = '[[robustness.choice]]\nfield = "screen.min_available"\nvalues = [0.5, 0.9]\n'
    with pytest.raises(
        ParityError, match=r"^\[robustness\] varies .* no step 'screen'; add \[steps\.screen\]"
    ):
        run((spec(choice), data(0)), 100)
