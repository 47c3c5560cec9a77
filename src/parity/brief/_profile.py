"""Section on a country's strongest and weakest indicators against its peers."""

from __future__ import annotations

import numpy as np

from parity.ask.standing import Standing
from parity.brief.model import IndicatorPlace, PeerGroup, ProfileSection
from parity.index import Index

SHOWN = 5


def profile(found: Standing, unit: str, groups: dict[str, list[str]]) -> ProfileSection:
    """Return the indicators in which a country is furthest from its peers.

    Parameters
    ----------
    found
        The built index.
    unit
        The country.
    groups
        Peer groups by name, with their members; the first orders the lists. The country
        itself is not its own peer.
    """
    index = found.index
    row = index.row(unit)
    rows = {
        name: [i for i, other in enumerate(index.units) if other in members and i != row]
        for name, members in groups.items()
    }
    scores = index.scores[:, : index.tree.n_indicators]
    medians = {name: np.median(scores[peers], axis=0) for name, peers in rows.items() if peers}
    ahead = scores[row] - next(iter(medians.values()))
    order = _one_form_each([index.spec.codes[i] for i in np.argsort(-np.abs(ahead), kind="stable")])
    places = [_indicator(found, unit, code, medians) for code in order]
    lead = {code: float(ahead[index.tree.position(code)]) for code in order}
    strong = sorted((p for p in places if lead[p.indicator] > 0), key=lambda p: -lead[p.indicator])
    weak = sorted((p for p in places if lead[p.indicator] < 0), key=lambda p: lead[p.indicator])
    return ProfileSection(
        peers=[PeerGroup(name=name, size=len(rows[name])) for name in medians],
        strengths=strong[:SHOWN],
        weaknesses=weak[:SHOWN],
    )


def _one_form_each(codes: list[str]) -> list[str]:
    """Leave out the absolute form of an indicator that has both.

    Held against peers of any size, a quantity (``CODE.scale``) says how large a country is; per person or
    per GDP (``CODE.intensity``) it says how good it is.
    """
    known = set(codes)
    return [code for code in codes if f"{code.removesuffix('.scale')}.intensity" not in known - {code}]


def _indicator(found: Standing, unit: str, code: str, medians: dict[str, np.ndarray]) -> IndicatorPlace:
    index = found.index
    column, row = index.tree.position(code), index.row(unit)
    spec = index.spec.indicators[column]
    origin = {"year": None, "source": None, "flag": "observed"}
    if found.cells is not None:
        origin = found.cells.filter(iso3=unit, code=code).select("year", "source", "flag").row(0, named=True)
    if index.imputed[row, column]:
        origin["flag"] = "imputed"
    value, rank = _untreated(index, unit, column)
    pillar = int(index.tree.parents[column])
    return IndicatorPlace(
        indicator=code,
        title=spec.title or code,
        pillar=found.title(pillar),
        value=value,
        unit=spec.unit,
        rank=rank,
        score=float(index.scores[row, column]),
        peers={name: float(median[column]) for name, median in medians.items()},
        **origin,
    )


def _untreated(index: Index, unit: str, column: int) -> tuple[float | None, int | None]:
    """Return a country's value and its rank before outliers were treated, which makes ties."""
    block = index.stages["denominated" if "denominated" in index.stages else "raw"]
    kept = set(index.units)
    known = {
        other: number
        for other, number in zip(block.ids, block.values[:, column], strict=True)
        if other in kept and not np.isnan(number)
    }
    if unit not in known:
        return None, None
    better = index.spec.indicators[column].direction
    above = sum(better * number > better * known[unit] for number in known.values())
    return float(known[unit]), above + 1
