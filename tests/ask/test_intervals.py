"""Stored rank intervals belong to the spec and the data that ship, and hold the ranks they are about."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from parity.ask.intervals import STORED, digest, made_intervals, only, rank_intervals, stored_intervals
from parity.ask.standing import Standing, standing
from parity.catalogue import derived_table
from parity.index import VARIANTS, build, builtin_spec

# A pillar's score is the same number whether the rest of the index is there or has no weight.
SCORE_TOLERANCE = 1e-9


@pytest.fixture(scope="module")
def found() -> Standing:
    return standing()


@pytest.mark.parametrize("variant", VARIANTS)
def test_stored_for_every_variant_of_what_ships(variant: str) -> None:
    stored = derived_table(STORED).filter(variant=variant)
    assert stored["digest"].unique().to_list() == [digest(builtin_spec("open-ai-index", variant))], (
        "the spec or the data have changed: run `make snapshot`"
    )


def test_every_rank_has_an_interval_and_most_hold_it(found: Standing) -> None:
    stored = stored_intervals(found)
    assert stored is not None
    inside = []
    for node in found.group_nodes():
        code = found.index.tree.codes[node]
        rows = {unit: (low, high) for unit, low, high in stored.filter(node=code).select(
            "id", "rank_low", "rank_high").rows()}  # fmt: skip
        assert set(rows) == set(found.index.units)
        inside += [rows[unit][0] <= found.index.rank(unit, code) <= rows[unit][1] for unit in rows]
    # The base build is one of the rebuilds' choices, not their centre.
    assert np.mean(inside) > 0.85


@pytest.mark.parametrize("node", ["implementation", "talent", "government_strategy"])
def test_a_node_alone_keeps_its_score(found: Standing, node: str) -> None:
    index = found.index
    alone = build(only(index.spec, node), index.stages["raw"].table)
    np.testing.assert_allclose(alone.scores[:, -1], index.scores[:, index.node(node)], atol=SCORE_TOLERANCE)


def test_a_changed_spec_gets_no_stored_intervals(found: Standing) -> None:
    changed = builtin_spec("open-ai-index").model_copy(update={"robustness": {}})
    assert digest(changed) != digest(found.index.spec)


def test_no_intervals_without_assumptions_or_for_an_indicator(found: Standing) -> None:
    assert rank_intervals(found, "wgi_ge") is None


def test_made_on_the_spot_for_another_spec() -> None:
    from parity.index import IndexSpec

    spec = IndexSpec.from_toml(
        "[index]\nid = 't'\n[steps.normalise]\nmethod = 'minmax'\n"
        "[[group]]\ncode = 'g'\n[[indicator]]\ncode = 'x'\ngroup = 'g'\n"
        "[[indicator]]\ncode = 'y'\ngroup = 'g'\n"
        "[[robustness.weights]]\nnoise = 0.9\n"
    )
    table = pl.DataFrame({"id": ["A", "B", "C"], "x": [3.0, 0.0, 2.9], "y": [3.0, 0.0, 2.9]})
    made = made_intervals(spec, table, "g", 200)
    assert made.sort("id").rows() == [("A", 1, 1), ("B", 3, 3), ("C", 2, 2)]
