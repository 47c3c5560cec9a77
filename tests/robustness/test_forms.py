"""The mix of two forms, lower bounds and sources as assumptions, against hand calculation."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from parity.errors import ParityError
from parity.index import IndexSpec
from parity.robustness import Forms, Options, analyse
from parity.robustness._recipe import perturbed
from parity.robustness.assumptions import Measurement
from parity.robustness.report import draws

SPEC = """
[index]
id = "t"
[steps.normalise]
method = "minmax"
[[group]]
code = "index"
[[indicator]]
code = "x.scale"
group = "index"
weight = 0.5
[[indicator]]
code = "x.intensity"
group = "index"
weight = 0.5
[[indicator]]
code = "rule"
group = "index"
weight = 0.5
"""
# A is large, B is good for its size.
DATA = pl.DataFrame(
    {
        "id": ["A", "B", "C"],
        "x.scale": [9.0, 3.0, 0.0],
        "x.intensity": [1.0, 5.0, 0.0],
        "rule": [0.0, 0.0, 1.0],
    }
)


def spec(robustness: str) -> IndexSpec:
    return IndexSpec.from_toml(SPEC + robustness)


def test_the_mix_moves_weight_from_one_form_to_the_other() -> None:
    mixed = spec("[[robustness.weights]]\nmix = [0.25, 0.75]")
    shares = []
    for draw in draws(mixed, DATA, range(64)):
        scale, intensity, rule = (indicator.weight for indicator in draw.spec.indicators)
        assert scale + intensity == pytest.approx(1)
        assert rule == pytest.approx(0.5)
        shares.append(intensity)
    assert 0.25 <= min(shares) < 0.27
    assert 0.73 < max(shares) <= 0.75


def test_an_interval_covers_the_mix() -> None:
    found = analyse(spec("[[robustness.weights]]\nmix = [0, 1]"), DATA, Options(draws=4096, base=256))
    places = found.places(0.9)
    assert places.filter(id="A").select("rank_low", "rank_high").row(0) == (1, 3)
    assert places["moved_by"].drop_nulls().unique().to_list() == ["weights"]


@pytest.mark.parametrize(
    "robustness", ["[[robustness.weights]]\nmix = [0.7, 0.2]", "[[robustness.weights]]\nmix = [0, 2]"]
)
def test_a_wrong_mix_is_told(robustness: str) -> None:
    with pytest.raises(ParityError, match="mix"):
        analyse(spec(robustness), DATA, Options(draws=16))


def test_a_mix_needs_two_forms() -> None:
    plain = "[index]\nid = 't'\n[[indicator]]\ncode = 'x'\n[[robustness.weights]]\nmix = [0, 1]"
    with pytest.raises(ParityError, match=r"CODE\.scale and CODE\.intensity"):
        analyse(
            IndexSpec.from_toml(plain), pl.DataFrame({"id": ["A", "B"], "x": [1.0, 2.0]}), Options(draws=16)
        )


def test_lower_bounds_err_on_one_side_alike_in_both_forms() -> None:
    table = DATA.with_columns(
        pl.Series("x.scale_up", [4.0, None, None]), pl.Series("x.intensity_up", [4.0, None, None])
    )
    measured = Measurement(replicates=5)
    factors = []
    for replicate in range(5):
        noisy = perturbed(spec(""), table, measured, replicate, seed=0)
        assert noisy["x.scale"].to_list()[1:] == [3.0, 0.0]
        scale, intensity = noisy["x.scale"][0] / 9, noisy["x.intensity"][0] / 1
        assert scale == pytest.approx(intensity)
        factors.append(scale)
    # Every step once, the value as it is among them.
    np.testing.assert_allclose(sorted(factors), 4.0 ** np.linspace(0, 1, 5))


def test_a_source_is_left_out_with_all_its_series() -> None:
    left = spec("[robustness.leave_out]\nsources = { books = ['x.scale', 'x.intensity'], laws = ['rule'] }")
    seen = {
        draw.alternatives["element left out"]: tuple(indicator.weight for indicator in draw.spec.indicators)
        for draw in draws(left, DATA, range(32))
    }
    assert seen == {"none": (0.5, 0.5, 0.5), "books": (0.0, 0.0, 0.5), "laws": (0.5, 0.5, 0.0)}


def test_forms_stand_side_by_side() -> None:
    places = analyse(spec("[[robustness.weights]]\nnoise = 0.1"), DATA, Options(draws=64)).places()
    forms = Forms(places, places.with_columns(pl.col("rank") + 1), places, 0.9)
    assert forms.of("A")["scale"].value == places.filter(id="A")["rank"].item()
    assert forms.table()["id"].to_list() == places["id"].to_list()
    without = Forms(places.filter(pl.col("id") != "A"), places, places, 0.9)
    assert without.of("A")["scale"].value is None
    assert without.of("A")["mixed"].value == places.filter(id="A")["rank"].item()
    with pytest.raises(ParityError, match="'Z' is not among the units ranked"):
        forms.of("Z")
