"""What a brief says about a country's trade."""

from __future__ import annotations

from datetime import date

import pytest

from parity.trade import TradeSection, trade_section
from tests.trade.worlds import blocs, snapshot

START = date(2022, 2, 24)


def section(country: str) -> TradeSection | None:
    return trade_section(snapshot(), country, blocs(), sanctioned="RUS", start=START)


def test_russia() -> None:
    found = section("RUS")
    assert found is not None
    chips, fall = found.lines
    assert chips.value.value == pytest.approx(619_000, abs=500)
    assert "21.6 million USD in 2021" in chips.detail
    assert (fall.value.high or 0) < 0
    assert "all goods" in fall.detail


def test_a_neighbour_has_its_supply_its_rise_and_its_gap() -> None:
    found = section("KGZ")
    assert found is not None
    assert [line.what.split()[0] for line in found.lines] == ["Integrated", "Share", "Exports", "Sent"]
    assert all(line.sources for line in found.lines)
    assert (found.lines[2].value.low or 0) > 0
    assert any("not an end use" in caveat for caveat in found.caveats)


def test_a_country_that_is_not_judged_has_its_chips_alone() -> None:
    found = section("BRA")
    assert found is not None
    assert len(found.lines) == 1


def test_a_country_that_the_data_do_not_know() -> None:
    assert section("TWN") is None
