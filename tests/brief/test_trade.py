"""What a brief says about a country's trade."""

from __future__ import annotations

import pytest

from parity.brief.parts import Missing
from parity.brief.trade import Trade, trade


def test_russia() -> None:
    found = trade("RUS", full=True)
    assert isinstance(found, Trade)
    chips, fall = found.lines
    assert chips.value.value == pytest.approx(619_000, abs=500)
    assert "21.6 million USD in 2021" in chips.detail
    assert (fall.value.high or 0) < 0
    assert "all goods" in fall.detail


def test_a_neighbour_has_its_supply_its_rise_and_its_gap() -> None:
    found = trade("KGZ", full=True)
    assert isinstance(found, Trade)
    assert [line.what.split()[0] for line in found.lines] == ["Integrated", "Share", "Exports", "Sent"]
    assert all(line.sources for line in found.lines)
    assert (found.lines[2].value.low or 0) > 0
    assert any("not an end use" in caveat for caveat in found.caveats)


def test_a_country_that_is_a_yardstick_is_not_found_by_its_rank() -> None:
    found = trade("BRA", full=True)
    assert isinstance(found, Trade)
    chips, rise = found.lines
    assert chips.what.startswith("Integrated circuits received")
    assert rise.value.low is not None
    assert "proves nothing by itself" in rise.detail


def test_a_country_kept_out_of_the_comparison_says_why() -> None:
    for country, why in (("BLR", "under one roof"), ("PRK", "too little is traded")):
        found = trade(country, full=True)
        assert isinstance(found, Trade)
        assert found.lines[1].value.value is None
        assert why in found.lines[1].value.reason


@pytest.mark.parametrize(("country", "goods"), [("LUX", "all goods"), ("TWN", "integrated circuits")])
def test_a_reporter_has_the_change_of_its_own_exports(country: str, goods: str) -> None:
    found = trade(country, full=True)
    assert isinstance(found, Trade)
    sent = found.lines[-1]
    assert goods in sent.what
    assert (sent.value.low or 0) <= (sent.value.value or 0) <= (sent.value.high or 0) < 0
    assert "--by origin" in sent.command


def test_without_the_rises_the_other_lines_stay() -> None:
    short, whole = trade("ARM", full=False), trade("ARM", full=True)
    assert isinstance(short, Trade)
    assert isinstance(whole, Trade)
    assert {line.what for line in short.lines} < {line.what for line in whole.lines}


def test_a_country_that_the_data_do_not_know() -> None:
    assert isinstance(trade("ABW", full=True), Trade | Missing)
