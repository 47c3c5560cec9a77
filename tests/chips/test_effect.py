"""What each rule took away."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from parity import chips
from parity.ask import chips as ask
from parity.catalogue import load_table
from tests.chips.test_reach import MID, NEW, OLD, parts

SHARE_TOLERANCE = 1e-12


def supply(*rows: tuple[str, float]) -> pl.DataFrame:
    """Return shipments of the quarter in which the rule of 2023 began."""
    return pl.DataFrame(
        [
            {"quarter": date(2023, 10, 1), "accelerator": name, "buyer": "world", "h100e": h100e}
            for name, h100e in rows
        ]
    )


def of_2023(country: str) -> chips.Effect:
    fast = {**NEW, "maker": "AMD"}  # the letter of October 2023 went to NVIDIA
    found = chips.effects(
        ask.rulebook(), parts(OLD, MID, fast), supply(("Old", 10.0), ("Mid", 30.0), ("New", 60.0)), country
    )
    return next(effect for effect in found if effect.rule_id == "us_ac_2023_10")


def test_shares_before_and_after() -> None:
    effect = of_2023("CHN")
    assert effect.day == date(2023, 11, 17)
    # New is denied; Mid keeps an exception.
    assert effect.models_before.value == 1.0
    assert effect.models_after.value == pytest.approx(2 / 3, abs=SHARE_TOLERANCE)
    assert effect.supply_before.value == 1.0
    assert effect.supply_after.value == pytest.approx(0.4, abs=SHARE_TOLERANCE)


def test_a_country_outside_has_no_such_rule() -> None:
    found = chips.effects(ask.rulebook(), parts(OLD), supply(("Old", 1.0)), "DEU")
    assert "us_ac_2023_10" not in {effect.rule_id for effect in found}
    assert all(effect.models_after.value == 1.0 for effect in found)


def test_a_quarter_without_shipments_has_no_share() -> None:
    found = chips.effects(ask.rulebook(), parts(OLD), supply(("Old", 1.0)), "RUS")
    first = next(effect for effect in found if effect.rule_id == "us_ru_2022_02")
    assert first.supply_after.value is None
    assert "no estimate of shipments" in first.supply_after.reason


def test_on_the_catalogue(book: chips.RuleBook, accelerators: pl.DataFrame) -> None:
    found = {
        effect.rule_id: effect
        for effect in chips.effects(book, accelerators, load_table("chip_supply"), "CHN")
    }
    assert found["us_ac_2022_10"].models_after.value < found["us_ac_2022_10"].models_before.value
    assert found["us_letter_2025_04_nvda"].supply_after.value == 0.0
    for effect in found.values():
        for share in (effect.models_before, effect.models_after, effect.supply_before, effect.supply_after):
            assert share.value is None or 0.0 <= share.low <= share.high <= 1.0
