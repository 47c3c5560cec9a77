"""Regions of paragraphs: boxes and evaluator agree everywhere."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from parity import chips
from parity.ask import chips as ask

TPP, DENSITY = (50.0, 40_000.0), (0.1, 30.0)
POINTS = 5_000


@pytest.mark.parametrize("day", [dt.date(2022, 1, 1), dt.date(2023, 1, 1), dt.date(2024, 6, 1)])
def test_boxes_hold_the_points_that_meet_a_paragraph(day: dt.date) -> None:
    rng = np.random.default_rng(3)
    tpp = np.exp(rng.uniform(*np.log(TPP), POINTS))
    density = np.exp(rng.uniform(*np.log(DENSITY), POINTS))
    book = ask.rulebook()
    drawn = {region.paragraph: region.boxes for region in chips.regions(book, day, TPP, DENSITY)}
    for paragraph, truth in chips.paragraphs_at(book, day, tpp, density).items():
        inside = np.zeros(POINTS, int)
        for (left, right), (bottom, top) in drawn.get(paragraph, ()):
            inside += (left <= tpp) & (tpp < right) & (bottom <= density) & (density < top)
        assert (inside <= 1).all()
        assert ((inside == 1) == (truth == 1)).all()


def test_thresholds_of_november_2023() -> None:
    found = chips.regions(ask.rulebook(), dt.date(2023, 11, 17), TPP, DENSITY)
    assert [region.paragraph for region in found] == ["3A090.a.1", "3A090.a.2", "3A090.b.1", "3A090.b.2"]
    assert found[1].boxes == (((1600.0, 4800.0), (5.92, 30.0)),)


def test_another_threshold_moves_the_region() -> None:
    book = ask.rulebook().what_if("3A090.a.1:tpp=10000")
    found = chips.regions(book, dt.date(2024, 6, 1), TPP, DENSITY)
    assert found[0].boxes == (((10_000.0, 40_000.0), (0.1, 30.0)),)
