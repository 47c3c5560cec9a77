"""Where in the plane of TPP and performance density each paragraph applies on a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl

from parity.chips._devices import Devices
from parity.chips._judge import classify
from parity.chips._logic import TRUE, Numbers, Truth
from parity.chips._rulebook import RuleBook

# Bandwidth to other chips, GB/s: above what the rule of 2022 asks for.
_LINKS = 900.0

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Region:
    """Where a paragraph applies to a data-centre part with fast links to other chips.

    Attributes
    ----------
    paragraph
        Paragraph of the control list.
    tests
        Its tests in words.
    boxes
        Rectangles that make it up: (least, most) TPP and (least, most) performance density.
    """

    paragraph: str
    tests: tuple[str, ...]
    boxes: tuple[tuple[Span, Span], ...]


def paragraphs_at(book: RuleBook, day: date, tpp: Numbers, density: Numbers) -> Mapping[str, Truth]:
    """Ask which paragraphs data-centre parts with such figures would meet.

    Parameters
    ----------
    book
        The rules.
    day
        Day.
    tpp, density
        TPP, and TPP per mm2; both shape (n,).

    Returns
    -------
    Mapping
        Paragraph -> truth, shape (n,).
    """
    parts = pl.DataFrame({"tpp": tpp, "die_area": tpp / density}).with_columns(
        name=pl.lit(""), data_center=pl.lit(True), io_bandwidth=pl.lit(_LINKS)
    )
    return classify(Devices.of(parts), book.on(day)).paragraphs


def regions(book: RuleBook, day: date, tpp: Span, density: Span) -> tuple[Region, ...]:
    """Return the region of every paragraph that is in force, within a window.

    Between two neighbouring thresholds the answer is the same everywhere, so one question for each
    cell of the grid that the thresholds make tells all; the evaluator itself decides.

    Parameters
    ----------
    book
        The rules.
    day
        Day.
    tpp, density
        Ends of the window, above 0.
    """
    force = book.on(day)
    tests = [test for test in force.tests if test.role == "control" and test.about == "accelerator"]
    columns, rows = (
        _cuts(span, [test.value for test in tests if test.quantity == quantity and test.value is not None])
        for span, quantity in ((tpp, "tpp"), (density, "performance_density"))
    )
    x, y = np.meshgrid(_middles(columns), _middles(rows))
    found = paragraphs_at(book, day, x.ravel(), y.ravel())
    return tuple(
        Region(
            paragraph,
            tuple(test.words() for test in tests if test.paragraph == paragraph),
            tuple(_boxes(truth.reshape(x.shape) == TRUE, columns, rows)),
        )
        for paragraph, truth in found.items()
        if (truth == TRUE).any()
    )


def _cuts(span: Span, thresholds: list[float]) -> Numbers:
    inside = [value for value in thresholds if span[0] < value < span[1]]
    return np.unique([*span, *inside])


def _middles(cuts: Numbers) -> Numbers:
    return np.asarray(np.sqrt(cuts[:-1] * cuts[1:]))


def _boxes(inside: np.ndarray, columns: Numbers, rows: Numbers) -> Iterator[tuple[Span, Span]]:
    """Return the runs of cells of each row as rectangles, one on top of the other joined where they match."""
    open_runs: dict[tuple[int, int], int] = {}
    for row in range(len(inside) + 1):
        runs = set(_runs(inside[row])) if row < len(inside) else set()
        for run in [run for run in open_runs if run not in runs]:
            bottom = open_runs.pop(run)
            yield (
                (float(columns[run[0]]), float(columns[run[1]])),
                (float(rows[bottom]), float(rows[row])),
            )
        for run in runs:
            open_runs.setdefault(run, row)


def _runs(cells: np.ndarray) -> Iterator[tuple[int, int]]:
    """Return first and behind-last place of each run of true cells."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], cells, [False]]).astype(np.int8)))
    yield from ((int(a), int(b)) for a, b in list(pairwise(edges))[::2])
