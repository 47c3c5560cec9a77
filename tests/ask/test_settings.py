"""Other weights, normalisation and aggregation of an index."""

from __future__ import annotations

import numpy as np
import pytest

from parity.ask.settings import Settings, edited, own_weights, weights_of
from parity.ask.standing import Standing, standing
from parity.errors import ParityError
from parity.index import build

EXACT = 1e-9  # the same arithmetic in another order


@pytest.fixture(scope="module")
def found() -> Standing:
    return standing()


def test_nothing_changed_is_the_index_itself(found: Standing) -> None:
    assert edited(found, Settings()) is found


def test_the_index_is_the_weighted_mean_of_its_pillars(found: Standing) -> None:
    weights = {"implementation": 1.0, "innovation": 2.5, "investment": 0.0}
    index = edited(found, Settings(weights=weights)).index
    nodes = [index.node(code) for code in weights]
    expected = np.average(index.scores[:, nodes], axis=1, weights=list(weights.values()))
    np.testing.assert_allclose(index.scores[:, -1], expected, rtol=EXACT)


def test_the_geometric_mean_of_the_pillars(found: Standing) -> None:
    index = edited(found, Settings(aggregate="geometric")).index
    nodes = [index.node(code) for code in ("implementation", "innovation", "investment")]
    expected = np.exp(np.average(np.log(index.scores[:, nodes]), axis=1, weights=[10, 8, 6]))
    np.testing.assert_allclose(index.scores[:, -1], expected, rtol=EXACT)


@pytest.mark.parametrize("normalise", ["zscore", "percentile_rank"])
def test_what_is_taken_over_changes_nothing(found: Standing, normalise: str) -> None:
    settings = Settings.model_validate({"normalise": normalise, "weights": {"talent": 9.0}})
    index = edited(found, settings).index
    alone = build(index.spec, found.index.stages["raw"].table)
    np.testing.assert_array_equal(index.scores, alone.scores)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"tallent": 3.0}, "Did you mean 'talent'"),
        ({"talent": -1.0}, "between 0 and 1000"),
        ({"implementation": 0.0, "innovation": 0.0, "investment": 0.0}, "all weights within 'index' are 0"),
    ],
)
def test_refuses(found: Standing, weights: dict[str, float], message: str) -> None:
    with pytest.raises(ParityError, match=message):
        edited(found, Settings(weights=weights))


def test_weights_as_written(found: Standing) -> None:
    assert weights_of(("talent=7", " Research = 0.5"), found) == {"talent": 7.0, "research": 0.5}
    with pytest.raises(ParityError, match="write 'talent=7'"):
        weights_of(("talent",), found)


def test_weights_as_shares_of_their_group(found: Standing) -> None:
    made = edited(found, Settings(weights=weights_of(("talent=64%",), found)))
    (own,) = own_weights(made, {"talent": made.index.weights[made.index.node("talent")]})
    assert own.share == pytest.approx(0.64)
    with pytest.raises(ParityError, match="leave some to their group"):
        weights_of(("talent=100%",), found)
