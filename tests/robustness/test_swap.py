"""How far weights must move, against closed forms and an independent optimiser."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize

from parity.errors import NoAnswerError, ParityError
from parity.index import Index, IndexSpec, build
from parity.robustness.swap import nearest_shares, swap
from parity.robustness.swap_spread import swap_spread

# Closed forms are met to rounding; the general optimiser stops earlier.
EXACT = 1e-9
OPTIMISER = 1e-6


def index(method: str = "arithmetic", weights: tuple[float, ...] = (1, 1, 1)) -> Index:
    body = "".join(
        f"[[indicator]]\ncode = '{code}'\nweight = {weight}\n"
        for code, weight in zip("xyz", weights, strict=True)
    )
    spec = IndexSpec.from_toml(f"[index]\nid = 't'\n[steps.aggregate]\nmethod = '{method}'\n{body}")
    table = {"id": ["A", "B", "C"], "x": [9.0, 3.0, 1.0], "y": [2.0, 5.0, 1.0], "z": [4.0, 4.0, 1.0]}
    return build(spec, pl.DataFrame(table))


def test_one_weight_by_hand() -> None:
    """A leads by 6 in x and trails by 3 in y: level where 6 of the one weigh 3 of the other."""
    found = swap(index(), "A", "B")
    needed = dict(zip(found.codes, found.needed, strict=True))
    # x alone: w_x 6 = w_y 3 with w_y = w_z = (1 - w_x) / 2; y alone likewise; z weighs nothing in the gap.
    assert needed["x"] == pytest.approx(0.2, abs=EXACT)
    assert needed["y"] == pytest.approx(0.5, abs=EXACT)
    assert np.isnan(needed["z"]) or needed["z"] == pytest.approx(1, abs=EXACT)


@pytest.mark.parametrize("method", ["arithmetic", "geometric", "harmonic"])
def test_the_units_are_level_there(method: str) -> None:
    base = index(method)
    found = swap(base, "A", "B")
    for code, needed in zip(found.codes, found.needed, strict=True):
        if np.isfinite(needed) and needed < 1:
            rest = (1 - needed) / 2
            weights = tuple(needed if other == code else rest for other in "xyz")
            moved = index(method, weights)
            assert moved.score("A") == pytest.approx(moved.score("B"), abs=1e-7)
    moved = index(method, tuple(found.joint))
    assert moved.score("A") == pytest.approx(moved.score("B"), abs=1e-7)


def test_order_of_the_units_does_not_matter() -> None:
    there, back = swap(index(), "A", "B"), swap(index(), "B", "A")
    assert (there.a, there.gap) == (back.a, back.gap)
    np.testing.assert_array_equal(there.joint, back.joint)


@pytest.mark.parametrize("seed", range(5))
def test_nearest_shares_against_a_general_optimiser(seed: int) -> None:
    rng = np.random.default_rng(seed)
    centre, slopes = rng.dirichlet(np.ones(6)), rng.normal(size=6)
    level = float(slopes @ rng.dirichlet(np.ones(6) / 4))
    found = nearest_shares(centre, slopes, level)
    assert found is not None
    assert found.min() >= 0
    assert found.sum() == pytest.approx(1, abs=EXACT)
    assert slopes @ found == pytest.approx(level, abs=EXACT)
    other = minimize(
        lambda x: ((x - centre) ** 2).sum(),
        found,
        bounds=[(0, 1)] * 6,
        constraints=[
            {"type": "eq", "fun": lambda x: x.sum() - 1},
            {"type": "eq", "fun": lambda x: slopes @ x - level},
        ],
        method="SLSQP",
        options={"ftol": 1e-14},
    )
    assert ((found - centre) ** 2).sum() <= other.fun + OPTIMISER


def test_a_form_that_never_takes_the_value() -> None:
    assert nearest_shares(np.full(3, 1 / 3), np.array([1.0, 2.0, 3.0]), 3.5) is None


@pytest.mark.parametrize(
    ("units", "error", "message"),
    [
        (("A", "C"), NoAnswerError, "no weights close the gap"),
        (("A", "A"), ParityError, "cannot change places with itself"),
        (("A", "X"), ParityError, "no unit 'X'"),
    ],
)
def test_says_why_there_is_no_answer(units: tuple[str, str], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        swap(index(), *units)


def test_rebuilds_that_are_all_alike_leave_no_interval() -> None:
    base = index()
    found = swap(base, "A", "B")
    spread = swap_spread(base, found, [(base, np.empty((0, 4)))] * 3)
    assert (spread.builds, spread.ahead) == (3, 1.0)
    assert spread.gap == pytest.approx((found.gap, found.gap))
    assert spread.moved == pytest.approx((found.moved, found.moved))
    needed = dict(zip(found.codes, found.needed, strict=True))
    for code, low, high, share in spread.table().iter_rows():
        assert (low, high, share) == (pytest.approx(needed[code]), pytest.approx(needed[code]), 1.0)
    ends = spread.joint_ends()
    assert ends is not None
    np.testing.assert_allclose(ends, [found.joint] * 2, atol=EXACT)


def test_rebuilds_with_another_order_are_counted() -> None:
    """In the harmonic mean the one with the weak side falls behind; no joint move is needed there."""
    base = index()
    made = [(index(method), np.empty((0, 4))) for method in ("arithmetic", "harmonic")]
    gaps = [one.score("A") - one.score("B") for one, _ in made]
    assert gaps[0] > 0 > gaps[1]
    spread = swap_spread(base, swap(base, "A", "B"), made)
    assert spread.ahead == 0.5
    assert spread.gap[0] < 0 < spread.gap[1]
    assert len(spread.joint) == 1


def test_a_spec_without_assumptions_has_no_rebuilds() -> None:
    base = index()
    with pytest.raises(NoAnswerError, match="names no assumption"):
        swap_spread(base, swap(base, "A", "B"))
