"""What figures of an index show, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.errors import NoAnswerError
from parity.index.index import Index
from parity.stats import FloatArray


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a figure shows.

    Attributes
    ----------
    index
        Id of the index.
    kind
        ``framework``, ``distribution``, ``dot`` or ``scatter``.
    of, against
        Titles of the elements drawn; empty where there is none.
    correlation
        Of the two elements of a scatter; null elsewhere.
    rows
        framework: ``code``, ``title``, ``group``, ``share`` of the index. distribution: ``low``, ``high``,
        ``units``. dot: ``id``, ``name``, ``value``. scatter: ``id``, ``name``, ``x``, ``y``.
    """

    index: str
    kind: str
    of: str
    against: str
    correlation: float | None
    rows: pl.DataFrame


def drawn(index: Index, kind: str, of: str | None, against: str | None, titles: Mapping[str, str]) -> Drawn:
    """Return what a figure of an index shows.

    ``of, against``: codes of elements; the index itself by default. ``titles``: titles of the elements by
    code. Raises ParityError if there is no such element. Raises NoAnswerError if no unit has a value.
    """
    tree = index.tree
    first = tree.codes[index.node(of)]
    if kind == "framework":
        shares = tree.effective_weights(index.weights)[: tree.n_indicators]
        groups = [tree.codes[tree.parents[node]] for node in range(tree.n_indicators)]
        order = sorted(range(tree.n_indicators), key=lambda node: (groups[node], -shares[node]))
        rows = [(tree.codes[n], titles[tree.codes[n]], titles[groups[n]], float(shares[n])) for n in order]
        frame = pl.DataFrame(rows, ("code", "title", "group", "share"), orient="row")
        return Drawn(index.spec.index.id, kind, titles[first], "", None, frame)
    names = {"id": list(map(str, index.units)), "name": list(map(str, index.names))}
    x = _values(index, first)
    if np.isnan(x).all():
        raise NoAnswerError(f"no unit has a value of '{first}'")
    if kind == "scatter":
        second = tree.codes[index.node(against)]
        y = _values(index, second)
        both = ~np.isnan(x) & ~np.isnan(y)
        if not both.any():
            raise NoAnswerError(f"no unit has values of both '{first}' and '{second}'")
        varied = both.sum() > 1 and x[both].std() > 0 and y[both].std() > 0
        r = float(np.corrcoef(x[both], y[both])[0, 1]) if varied else None
        frame = pl.DataFrame(names | {"x": x, "y": y}).filter(pl.Series(both))
        return Drawn(index.spec.index.id, kind, titles[first], titles[second], r, frame)
    if kind == "dot":
        frame = (
            pl.DataFrame(names | {"value": x}).filter(pl.Series(~np.isnan(x))).sort("value", descending=True)
        )
        return Drawn(index.spec.index.id, kind, titles[first], "", None, frame)
    counts, edges = np.histogram(x[~np.isnan(x)], bins="auto")
    frame = pl.DataFrame({"low": edges[:-1], "high": edges[1:], "units": counts.astype(np.int64)})
    return Drawn(index.spec.index.id, kind, titles[first], "", None, frame)


def _values(index: Index, code: str) -> FloatArray:
    """Return an indicator as in the data, or the scores of a group, for the units of the index."""
    node = index.node(code)
    if node >= index.tree.n_indicators:
        return index.scores[:, node]
    raw = index.stages["raw"]
    place = {unit: row for row, unit in enumerate(raw.ids)}
    values: FloatArray = raw.values[[place[unit] for unit in index.units], node]
    return values
