"""Figures say what the run found."""

from __future__ import annotations

import io

import numpy as np
import pytest
from matplotlib.collections import PathCollection

from parity.errors import ParityError
from parity.robustness import Options, Robustness, analyse
from tests.robustness.cases import ASSUMPTIONS, UNITS, data, flat, spec


@pytest.fixture(scope="module")
def found() -> Robustness:
    return analyse(spec(), data(), Options(draws=2000, base=128))


@pytest.mark.parametrize("kind", ["ranks", "sobol", "above"])
@pytest.mark.parametrize("form", ["png", "svg"])
def test_every_kind_is_drawn(found: Robustness, kind, form: str) -> None:
    buffer = io.BytesIO()
    found.figure(kind).savefig(buffer, format=form)
    assert buffer.getvalue()[:5] in (b"\x89PNG\r", b"<?xml")


def test_rank_intervals_show_medians_in_the_order_of_the_base_ranking(found: Robustness) -> None:
    (axes,) = found.figure("ranks").axes
    assert [label.get_text() for label in axes.get_yticklabels()] == list(found.names)
    (dots,) = [each for each in axes.collections if isinstance(each, PathCollection)]
    np.testing.assert_array_equal(np.asarray(dots.get_offsets())[:, 0], found.median())


def test_many_units_fill_two_panels() -> None:
    units = 100
    values = np.random.default_rng(0).random((2, units))
    case = flat(
        {"a": values[0].tolist(), "b": values[1].tolist()},
        "[[robustness.weights]]\nnoise = 0.5\n",
        [f"u{k}" for k in range(units)],
    )
    panels = analyse(*case, Options(draws=100, base=0)).figure("ranks").axes
    assert [len(axes.get_yticks()) for axes in panels] == [50, 50]


def test_bars_are_total_and_first_order_indices(found: Robustness) -> None:
    unit = found.units[0]
    (axes,) = found.figure("sobol", (unit,)).axes
    assert found.sensitivity is not None
    rows = found.sensitivity.table().filter(output=f"rank {unit}")
    widths = [bar.get_width() for bar in axes.patches]
    expected = np.maximum(np.concatenate([rows["first"], rows["total"]]), 0)
    np.testing.assert_allclose(widths, expected)


def test_an_output_without_indices_says_why() -> None:
    case = flat({"a": [2.0, 1.0], "b": [2.0, 1.0]}, "[[robustness.weights]]\ndirichlet = 1\n", ["A", "B"])
    figure = analyse(*case, Options(draws=100, base=64)).figure("sobol", ("A",))
    assert [text.get_text() for text in figure.axes[0].texts] == ["the output is the same in every draw"]


def test_the_heat_map_leaves_certain_cells_plain(found: Robustness) -> None:
    image = found.figure("above").axes[0].images[0]
    shown = np.asarray(image.get_array().filled(np.nan))
    share = found.above()
    uncertain = np.maximum(share, 1 - share) <= 0.995
    np.fill_diagonal(uncertain, False)
    np.testing.assert_array_equal(~np.isnan(shown), uncertain)
    np.testing.assert_array_equal(shown[uncertain], share[uncertain])


def test_some_units_alone(found: Robustness) -> None:
    shown = found.figure("above", found.units[2:5]).axes[0]
    assert [label.get_text() for label in shown.get_xticklabels()] == list(found.units[2:5])


def test_what_cannot_be_drawn() -> None:
    found = analyse(spec(ASSUMPTIONS), data(), Options(draws=10, base=8, units=("u1",)))
    with pytest.raises(ParityError, match="no figure 'pie'; there are 'ranks', 'sobol', 'above'"):
        found.figure("pie")  # type: ignore[arg-type]
    with pytest.raises(ParityError, match="no indices of 'rank u2'"):
        found.figure("sobol", ("u2",))
    with pytest.raises(ParityError, match="'u99' is not among the units ranked"):
        found.figure("ranks", ("u99",))
    without = analyse(spec(ASSUMPTIONS), data(), Options(draws=10, base=0))
    with pytest.raises(ParityError, match="no Sobol indices to draw"):
        without.figure("sobol")
    assert len(found.units) == UNITS
