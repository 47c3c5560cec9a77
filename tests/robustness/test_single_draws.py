"""A draw that is taken out of a run is the one that the run counted, and anybody can rebuild it."""

from __future__ import annotations

import numpy as np
import pytest

from parity.errors import ParityError
from parity.index import IndexSpec, build
from parity.robustness import Options, analyse
from parity.robustness.report import draws
from tests.robustness.cases import ASSUMPTIONS, data, spec

SAME = 1e-9
"""Relative: the compiled loop sums in another order."""
MORE = (
    ASSUMPTIONS
    + "[robustness.leave_out]\nindicators = true\n[robustness.measurement]\nrelative = { a = 0.1 }\n"
)
# One in the first chunk's end, one in a later chunk.
NUMBERS = (0, 1, 16_383, 40_000)


def test_each_draw_is_rebuilt_from_its_spec_and_data() -> None:
    for drawn in draws(spec(MORE), data(), NUMBERS):
        built = build(IndexSpec.from_toml(drawn.spec.to_toml()), drawn.data)
        at = [built.row(unit) for unit in drawn.units]
        np.testing.assert_allclose(drawn.scores, built.scores[at, -1], rtol=SAME)
        np.testing.assert_array_equal(drawn.ranks, built.ranks[at, -1])
        assert set(drawn.alternatives) == {
            "normalisation",
            "aggregation",
            "element left out",
            "measurement error",
        }


def test_the_run_counted_these_draws() -> None:
    n = 40
    result = analyse(spec(MORE), data(), Options(draws=n, base=0), seed=3)
    taken = list(draws(spec(MORE), data(), range(n), seed=3))
    for place, unit in enumerate(result.units):
        ranks = [drawn.ranks[drawn.units.index(unit)] for drawn in taken]
        np.testing.assert_array_equal(result.counts.ranks[place], np.bincount(ranks, minlength=13))
    for use in result.uses:
        if len(use.alternatives) > 1:
            labels = [drawn.alternatives[use.name] for drawn in taken]
            assert tuple(labels.count(label) for label in use.alternatives) == use.draws


def test_the_table_is_in_the_order_of_the_ranks() -> None:
    (drawn,) = draws(spec(), data(), [7])
    table = drawn.table()
    assert table["rank"].to_list() == sorted(drawn.ranks)
    assert table.columns == ["id", "score", "rank"]


def test_numbers_start_at_zero() -> None:
    with pytest.raises(ParityError, match="numbered from 0, not -1"):
        list(draws(spec(), data(), [-1]))
