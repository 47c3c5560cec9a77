"""What is said of the goods in a user's own table."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from parity.ask.trade import ask
from parity.errors import NoAnswerError


def table(folder: Path, *rows: tuple[str, str]) -> str:
    """Write flows of codes and years, and return the path."""
    frame = pl.DataFrame(rows, schema=["hs", "period"], orient="row").with_columns(
        reporter=pl.lit("KAZ"), partner=pl.lit("RUS"), flow=pl.lit("export"), value=pl.lit(1.0)
    )
    path = folder / "flows.parquet"
    frame.write_parquet(path)
    return str(path)


@pytest.mark.parametrize(
    ("codes", "concord", "told"),
    [
        ("854231", False, "none of them was asked about"),
        ("854231", True, "none of them was asked about"),
        ("851713", False, "--concord joins those asked about"),
        ("851712", True, "joined are 851712 with what was made of them"),
        ("851713", True, "joined are 851712 with what was made of them"),
    ],
)
def test_a_table_that_mixes_editions_is_flagged_and_says_what_is_joined(
    tmp_path: Path, codes: str, concord: bool, told: str
) -> None:
    data = table(tmp_path, ("851712", "2021"), ("851713", "2022"), ("854231", "2021"))
    note = ask(codes, concord=concord, data=data).codes.notes[-1]
    assert "mixes editions of the Harmonized System: 851712 of before 2022 beside 851713" in note
    assert told in note


def test_a_table_of_one_edition_is_not(tmp_path: Path) -> None:
    assert ask("854231", data=table(tmp_path, ("851713", "2022"), ("854231", "2022"))).codes.notes == ()
    assert ask("854231", data=table(tmp_path, ("851712", "2021"), ("854231", "2021"))).codes.notes == ()


def test_who_is_left_out_of_all_goods_is_named(tmp_path: Path) -> None:
    (note,) = ask("total", data=table(tmp_path, ("TOTAL", "2021"), ("854231", "2022"))).codes.notes
    assert note.startswith("KAZ give no total in some years")


def test_two_codes_of_chips_are_not_all_goods(tmp_path: Path) -> None:
    """Not the sum of what there is; the codes that there are instead are named."""
    data = table(tmp_path, ("854231", "2021"), ("854232", "2021"))
    with pytest.raises(NoAnswerError, match=r"\(854231, 854232\) are not all goods.*--codes 854231,854232"):
        ask("total", data=data)


def test_codes_that_a_table_does_not_hold_are_named(tmp_path: Path) -> None:
    (note,) = ask("chpl1", data=table(tmp_path, ("854231", "2021"), ("854232", "2021"))).codes.notes
    assert "holds nothing of 854233, 854239" in note
    assert ask("8542,854231", data=table(tmp_path, ("854231", "2021"))).codes.notes == ()


def test_trade_of_a_country_with_itself_is_no_supply(tmp_path: Path) -> None:
    path = Path(table(tmp_path, ("854231", "2021")))
    rows = pl.read_parquet(path)
    pl.concat([rows, rows.with_columns(partner=pl.lit("KAZ"))]).write_parquet(path)
    found = ask("854231", data=str(path))
    assert found.flows["partner"].to_list() == ["RUS"]
    assert found.codes.notes == ("1 rows of the table are trade of a country with itself: left out",)
