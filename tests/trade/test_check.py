"""A table of flows is refused with one message that says what is wrong."""

from __future__ import annotations

import polars as pl
import pytest

from parity.errors import ParityError
from parity.trade import check_flows
from tests.trade.worlds import flows, snapshot

GOOD = ("AAA", "BBB", "export", "854231", "2020", 1.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": -1.0}, "negative value"),
        ({"value": None}, "have no value"),
        ({"value": float("nan")}, "have no value"),
        ({"value": float("inf")}, "have no value"),
        ({"period": "2020-13"}, "neither a year"),
        ({"period": "20"}, "neither a year"),
        ({"hs": "8542AB"}, "neither TOTAL"),
        ({"hs": "85423"}, "neither TOTAL"),
        ({"flow": "re-export"}, "neither export nor import"),
        ({"partner": None}, "lack a reporter"),
    ],
)
def test_a_bad_row_is_named(change: dict[str, object], message: str) -> None:
    bad = dict(zip(flows(GOOD).columns, GOOD, strict=True)) | change
    table = pl.concat([flows(GOOD), pl.DataFrame([bad], schema=flows(GOOD).schema)])
    with pytest.raises(ParityError, match=message):
        check_flows(table, "mine.csv")


def test_rows_that_are_there_twice_are_refused() -> None:
    with pytest.raises(ParityError, match=r"mine.csv: 2 rows are there twice.*first: reporter AAA"):
        check_flows(flows(GOOD, GOOD), "mine.csv")


def test_a_missing_column_and_an_empty_table() -> None:
    with pytest.raises(ParityError, match="column 'value' is absent"):
        check_flows(flows(GOOD).drop("value"))
    with pytest.raises(ParityError, match="holds no rows"):
        check_flows(flows(GOOD).head(0))


def test_the_catalogue_s_own_flows_pass() -> None:
    assert check_flows(snapshot()).height == snapshot().height


@pytest.mark.parametrize("times", [1000.0, 1e-3])
def test_a_unit_that_changes_in_between_is_refused(times: float) -> None:
    rows = [
        ("AAA", f"AA{n:c}", "export", "854231", str(year), (n - 65) * (times if year > 2020 else 1.0))
        for n in range(66, 72)
        for year in range(2018, 2023)
    ]
    with pytest.raises(ParityError, match=r"exports of AAA in 2021 .*units are mixed"):
        check_flows(flows(*rows))
    # One partner alone may grow a thousand times, and the same unit throughout is no mistake.
    check_flows(flows(*(row for row in rows if row[1] == "AAC")))
    check_flows(flows(*(row for row in rows if int(row[4]) > 2020)))
