"""Sections on where a country stands and what its score rests on."""

from __future__ import annotations

import numpy as np
import polars as pl

from parity.ask.intervals import LEVEL, stored_intervals
from parity.ask.standing import Standing, evidence_shares
from parity.brief.model import EvidenceSection, Place, PositionSection


def position(found: Standing, unit: str) -> PositionSection:
    """Return the country's place in the index, every pillar and every sub-pillar."""
    index = found.index
    top = index.tree.n_nodes - 1
    shares = index.tree.effective_weights(index.weights)
    stored = stored_intervals(found)
    places = [_place(found, unit, node, float(shares[node]), stored) for node in (top, *found.group_nodes())]
    return PositionSection(
        index=index.spec.index.id,
        variant=found.variant,
        interval_level=LEVEL if places[0].rank_low is not None else None,
        places=places,
    )


def _place(found: Standing, unit: str, node: int, share: float, stored: pl.DataFrame | None) -> Place:
    index = found.index
    code = index.tree.codes[node]
    score = index.score(unit, code)
    known = [] if stored is None else stored.filter(node=code, id=unit).select("rank_low", "rank_high").rows()
    low, high = known[0] if known else (None, None)
    return Place(
        node=code,
        title=found.title(node),
        depth=_depth(found, node),
        share=share,
        rank=index.rank(unit, code),
        of=int(np.count_nonzero(~np.isnan(index.scores[:, node]))),
        score=None if np.isnan(score) else score,
        rank_low=low,
        rank_high=high,
    )


def _depth(found: Standing, node: int) -> int:
    depth, parents = 0, found.index.tree.parents
    while parents[node] >= 0:
        depth, node = depth + 1, int(parents[node])
    return depth


def evidence(found: Standing, unit: str) -> EvidenceSection:
    """Return how much of the country's score rests on cells that nobody observed."""
    index = found.index
    row = index.row(unit)
    shares = {
        kind: float(share[row]) for kind, share in evidence_shares(found, index.tree.n_nodes - 1).items()
    }
    filled = [found.title(int(column)) for column in np.flatnonzero(index.imputed[row])]
    zeros = []
    if found.cells is not None:
        flagged = found.cells.filter(iso3=unit, flag="structural_zero")["code"]
        zeros = [found.title(index.tree.position(code)) for code in flagged]
    return EvidenceSection(
        observed=1 - sum(shares.values()),
        estimated=shares["estimated"],
        imputed=shares["imputed"],
        zero_filled=shares["structural_zero"],
        imputed_indicators=filled,
        zero_indicators=zeros,
    )
