"""A bloc's ties against random groups."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from parity.ask.ties import panel
from parity.blocs import Panel, network
from parity.catalogue import members
from parity.errors import NoAnswerError
from tests.blocs.conftest import panel_of


@pytest.fixture(scope="module")
def clique() -> Panel:
    """Thirty countries alike, the first five of which work with each other ten times as much."""
    rng = np.random.default_rng(0)
    w = np.triu(rng.uniform(900, 1100, (30, 30)), 1)
    w[:5, :5] *= 10
    return panel_of((w + w.T)[np.newaxis].repeat(4, axis=0))


FIVE = [f"C{k:02d}" for k in range(5)]


def test_a_planted_bloc_stands_out(clique: Panel) -> None:
    found = network(clique, FIVE, draws=500)
    w = clique.weights[0]
    inside = w[:5, :5].sum() / w[:5].sum()
    assert found.values["inside"] == pytest.approx(inside)
    assert found.values["density"] == 1
    assert found.values["affinity"] > 2
    assert found.random["inside"][3] == pytest.approx(1 / 501)
    assert found.random["affinity"][2] < found.values["affinity"]


def test_p_is_adjusted_for_the_measures_that_test_a_bloc(clique: Panel) -> None:
    table = network(clique, FIVE, draws=500).table()
    assert table.height == 6
    tested = table.drop_nulls("p_holm")
    assert tested["measure"].to_list() == ["density", "affinity"]
    assert set(tested["against"]) == {"countries as large"}
    reference = multipletests(tested["p"].to_numpy(), method="holm")[1]
    assert tested["p_holm"].to_numpy() == pytest.approx(reference)


def test_a_group_like_any_other_does_not(clique: Panel) -> None:
    found = network(clique, [f"C{k:02d}" for k in range(10, 15)], draws=500)
    assert found.random["inside"][3] > 0.02
    assert found.alike["affinity"][3] > 0.02


def test_the_hub_has_most_of_the_ties_inside(clique: Panel) -> None:
    found = network(clique, FIVE, draws=10)
    sums = clique.weights[0][:5, :5].sum(axis=1)
    assert found.hub == (FIVE[int(np.argmax(sums))], pytest.approx(sums.max() / sums.sum()))


def test_drawn_groups_repeat_with_the_seed(clique: Panel) -> None:
    one, same, other = (network(clique, FIVE, draws=200, seed=seed) for seed in (1, 1, 2))
    assert one.table().equals(same.table())
    assert not one.table().equals(other.table())


def test_five_eyes_keep_more_inside_than_countries_as_large() -> None:
    found = network(panel(), members("Five Eyes"))
    assert found.alike["inside"][3] < 0.01
    assert found.hub[0] == "USA"


def test_two_members_with_ties_are_needed(clique: Panel) -> None:
    with pytest.raises(NoAnswerError, match="two countries with published collaboration; 1 of the bloc"):
        network(clique, ["C01", "ZZZ"])
