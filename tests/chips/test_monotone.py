"""A stronger device never gets a softer verdict than a weaker one at the same place and day."""

from __future__ import annotations

from datetime import date
from itertools import product

import numpy as np
import polars as pl

from parity import chips
from parity.chips._devices import Devices
from parity.chips._judge import classify
from parity.chips._outcome import decide
from parity.chips._ruling import verdict

# Verdicts by what they ask for: nothing, a notice at most, a licence that may be granted, one that is denied.
ASKED = {"not_controlled": 0, "codified_only": 0, "nac": 1, "aca": 1, "hbm": 1}
ASKED |= {
    "licence_approval": 2,
    "case_by_case": 2,
    "case_by_case_if_conditions_met": 2,
    "licence_required": 2,
}
ASKED |= {"letter_licence": 2, "letter_licence (reported)": 2, "licence_denial": 3}
FIGURES = ("tpp", "performance_density", "memory_bandwidth", "io_bandwidth")


def grid() -> pl.DataFrame:
    """Devices of every kind that a rule tells apart, all figures known."""
    rows = [
        {"name": f"{maker} {tpp} {density} {memory} {io} {market}", "tpp": tpp, "die_area": tpp / density}
        | {"memory_bandwidth": memory, "io_bandwidth": io, "maker": maker, "data_center": market}
        | {"process_nm": 4.0, "maker_country": "USA", "named": False}
        for tpp, density, memory, io, maker, market in product(
            (300.0, 2000.0, 2500.0, 4750.0, 5000.0, 15000.0, 30000.0),
            (1.0, 2.0, 4.0, 7.0),
            (800.0, 1792.0, 4800.0, 8000.0),
            (100.0, 900.0),
            ("NVIDIA", "AMD"),
            (True, False),
        )
    ]
    return pl.DataFrame(rows)


def test_stronger_is_never_softer(book: chips.RuleBook) -> None:
    """Over all pairs, all destinations and seats that rules tell apart, and all days of change."""
    table = grid()
    devices = Devices.of(table)
    figures = np.stack([devices.low[name] for name in FIGURES])
    alike = np.stack([table["maker"].to_physical().rank("dense"), table["data_center"].cast(pl.Int64)])
    alike = [table["maker"].to_list(), table["data_center"].to_list()]
    same = np.logical_and.reduce([np.equal.outer(np.array(one), np.array(one)) for one in alike])
    strong, weak = np.nonzero((figures[:, :, None] >= figures[:, None, :]).all(axis=0) & same)
    everyone = sorted({*book.groups.spans, "USA", "RUS", "ETH", "SYR", "DEU", "XCR"})
    softer, seen = [], set()
    for day in (day for day in book.breaks() if day > date(2022, 1, 1)):
        force = book.on(day)
        items = classify(devices, force).items
        seats = [kind[0] for kind in force.seats()]
        scopes = {
            force.covered(to, seat, at) for to in everyone for seat in seats for at in ("USA", "abroad")
        }
        for covered in scopes:
            inside = np.where(np.array(covered)[:, None], items, -1)
            patterns, kind = np.unique(inside, axis=1, return_inverse=True)
            words = [verdict(force, [decide(force, row)], {}, day) for row in patterns.T.tolist()]
            asked = np.array([ASKED.get(word, -1) for word in words])[kind.ravel()]
            if asked.tobytes() in seen:
                continue
            seen.add(asked.tobytes())
            assert set(words) <= {*ASKED, "uncertain"}
            wrong = (asked[strong] >= 0) & (asked[strong] < asked[weak])
            softer += [
                (day, devices.names[strong[at]], devices.names[weak[at]]) for at in np.flatnonzero(wrong)[:1]
            ]
    assert len(seen) > 10
    assert softer == []
