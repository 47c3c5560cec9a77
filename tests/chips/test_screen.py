"""Bulk rulings: the same answers as one by one, in the order asked, with every bad row named."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import polars as pl
import pytest

from parity import chips
from parity.ask import chips as ask
from parity.errors import ParityError
from tests.chips.conftest import Judge

SAMPLE = 400


def screened(**columns: list[object]) -> pl.DataFrame:
    return ruled(pl.DataFrame(columns, strict=False))


def ruled(table: pl.DataFrame) -> pl.DataFrame:
    return chips.screen(table, ask.rulebook(), ask.accelerators(), ask.destination)


def test_agrees_with_rulings_one_by_one(book: chips.RuleBook, accelerators: pl.DataFrame) -> None:
    rng = np.random.default_rng(7)
    devices = rng.choice(accelerators["name"].to_list(), SAMPLE).tolist()
    countries = [
        "CHN",
        "HKG",
        "MAC",
        "RUS",
        "BLR",
        "IRN",
        "ARE",
        "VNM",
        "IND",
        "DEU",
        "ISR",
        "USA",
        "NIC",
        "KHM",
    ]
    to = rng.choice(countries, SAMPLE).tolist()
    seats = rng.choice(countries, SAMPLE).tolist()
    days = [date(2021, 1, 1).fromordinal(int(day)) for day in rng.integers(738000, 739600, SAMPLE)]
    bulk = screened(device=devices, to=to, hq=seats, on=[day.isoformat() for day in days])
    for row, *asked in zip(bulk.iter_rows(named=True), devices, to, days, seats, strict=True):
        name, country, day, seat = asked
        one = chips.judge(chips.find_device(name, accelerators), book, country, day, seat)
        letters = ";".join(sorted(step.rule_id for step in one.letters)) or None
        found = {**row, "letter": row["letter"] and ";".join(sorted(row["letter"].split(";")))}
        assert found["error"] is None
        assert found["matched_by"] == "name"
        for field in (
            "status",
            "paragraph",
            "license_required",
            "review_policy",
            "exception",
            "enforced",
            "verdict",
        ):
            assert found[field] == getattr(one, field), (field, asked)
        assert found["letter"] == letters
        assert found["reason"]


def test_figures_agree_with_rulings_one_by_one(judge: Judge) -> None:
    rng = np.random.default_rng(8)
    tops, bits = rng.uniform(50, 1500, SAMPLE).round(1), rng.choice([4, 8, 16], SAMPLE)
    die = np.where(rng.random(SAMPLE) < 0.3, np.nan, rng.uniform(200, 900, SAMPLE).round())
    market = rng.choice(["yes", "no", ""], SAMPLE)
    bulk = screened(
        tops=tops.tolist(), bits=bits.tolist(), to=["CHN"] * SAMPLE, on=["2024-06-01"] * SAMPLE,
        die_area=[None if np.isnan(area) else area for area in die], data_center=market.tolist(),
    )  # fmt: skip
    for row, *facts in zip(bulk.iter_rows(named=True), tops, bits, die, market, strict=True):
        device = chips.describe_device(
            operations=[(float(facts[0]), float(facts[1]))],
            die_area=None if np.isnan(facts[2]) else float(facts[2]),
            data_center={"yes": True, "no": False, "": None}[facts[3]],
        )
        one = judge(device, "CHN", "2024-06-01")
        assert (row["status"], row["paragraph"], row["exception"]) == (
            one.status,
            one.paragraph,
            one.exception,
        )


def test_keeps_the_order(accelerators: pl.DataFrame) -> None:
    names = accelerators["name"].sample(fraction=1.0, shuffle=True, seed=1).to_list() * 3
    assert screened(device=names, to=["CHN"] * len(names))["device"].to_list() == names


def test_names_each_bad_row_and_rules_on_the_rest() -> None:
    found = screened(
        device=["H20", "H10O", "A100", None, "A100", "A100"],
        destination=["CHN", "CHN", "Atlantis", "CHN", None, "RUS"],
        date=["2024-06-01", None, "2024-06-01", None, None, "next week"],
    )
    errors = found["error"].to_list()
    assert [error is None for error in errors] == [True, False, False, False, False, False]
    assert "no accelerator is known as 'H10O'" in errors[1]
    assert "no country is known as 'Atlantis'" in errors[2]
    assert "neither a device nor its figures" in errors[3]
    assert "no destination is given" in errors[4]
    assert "'next week' is not a day" in errors[5]
    bad = found.filter(pl.col("error").is_not_null())
    assert bad.select("status", "verdict", "reason").null_count().row(0) == (5, 5, 5)
    # What was asked stays, and what could be read of it.
    assert found["device"].to_list() == ["H20", "H10O", "A100", None, "A100", "A100"]
    assert bad["matched"].to_list() == [None, "NVIDIA A100 SXM4 80GB", None, *["NVIDIA A100 SXM4 80GB"] * 2]
    assert bad["ruled_destination"].to_list() == ["CHN", None, "CHN", None, "RUS"]


def test_keeps_the_columns_of_the_user() -> None:
    found = screened(order=[7], device=["H200"], to=["SGP"], on=["2026-08-01"], status=["open"])
    row = found.row(0, named=True)
    assert (row["order"], row["device"], row["status"]) == (7, "H200", "open")
    assert (row["matched"], row["matched_by"], row["ruled_status"]) == (
        "NVIDIA H200 SXM",
        "other name",
        "controlled",
    )
    assert (row["verdict"], row["otherwise"]) == (
        "codified_only",
        "licence_denial with headquarters or parent in MAC or group D:5",
    )
    assert "no clearance" in row["scope"]


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("tops", -1.0, "tops is -1.0; a figure of a device is a number above zero"),
        ("die_area", "large", "die_area is large; a figure"),
        ("tops", float("nan"), "tops is NaN; a figure"),
        ("die_area", float("inf"), "die_area is inf; a figure"),
        ("bits", None, "give the bit length"),
        ("data_center", "perhaps", "data_center is 'perhaps'; write yes or no"),
    ],
)
def test_bad_figures(column: str, cell: object, message: str) -> None:
    row = {"tops": 296.0, "bits": 8, "to": "CHN", "die_area": 814.0, column: cell}
    assert message in screened(**{name: [value] for name, value in row.items()})["error"][0]


def test_days_of_a_spreadsheet() -> None:
    moments = [datetime(2024, 6, 1, 12), datetime(2023, 11, 16)]
    found = screened(device=["RTX 4090"] * 2, to=["CHN"] * 2, on=moments)
    assert found["day"].to_list() == [date(2024, 6, 1), date(2023, 11, 16)]
    assert found["verdict"].to_list() == ["nac", "not_controlled"]


def test_says_what_is_missing() -> None:
    assert "die area" in screened(tops=[239.0], bits=[8], to=["CHN"], data_center=["yes"])["reason"][0]


def test_sparse_figures_are_halved() -> None:
    found = screened(
        tops=[1321.2, 1321.2], bits=[8, 8], to=["CHN"] * 2, sparse=["yes", "no"], on=["2024-06-01"] * 2
    )
    assert found["paragraph"].to_list() == ["3A090.a.1", "3A090.a.1"]
    halves = screened(
        tops=[700.0, 700.0], bits=[8, 8], to=["CHN"] * 2, sparse=["yes", "no"], on=["2024-06-01"] * 2
    )
    assert halves["status"].to_list() == ["undetermined", "controlled"]


def test_needed_columns() -> None:
    with pytest.raises(ParityError, match=r"columns 'device'; needed are 'device' .* and 'to'"):
        screened(device=["H20"])


def test_an_empty_table() -> None:
    empty = pl.DataFrame(schema={"device": pl.String, "to": pl.String})
    assert ruled(empty).height == 0
