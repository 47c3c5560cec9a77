"""What is said of the goods in a user's own table."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from parity.answers.trade import ask


def table(folder: Path, *rows: tuple[str, str]) -> str:
    """Write flows of codes and years, and return the path."""
    frame = pl.DataFrame(rows, schema=["hs", "period"], orient="row").with_columns(
        reporter=pl.lit("KAZ"), partner=pl.lit("RUS"), flow=pl.lit("export"), value=pl.lit(1.0)
    )
    path = folder / "flows.parquet"
    frame.write_parquet(path)
    return str(path)


@pytest.mark.parametrize(
    ("concord", "told"), [(False, "--concord joins those asked about"), (True, "are joined")]
)
def test_a_table_that_mixes_editions_is_flagged_whatever_is_asked(
    tmp_path: Path, concord: bool, told: str
) -> None:
    data = table(tmp_path, ("851712", "2021"), ("851713", "2022"), ("854231", "2021"))
    (note,) = ask("854231", concord, data).codes.notes
    assert "mixes editions of the Harmonized System: 851712 of before 2022 beside 851713" in note
    assert told in note


def test_a_table_of_one_edition_is_not(tmp_path: Path) -> None:
    assert ask("854231", False, table(tmp_path, ("851713", "2022"), ("854231", "2022"))).codes.notes == ()
    assert ask("854231", False, table(tmp_path, ("851712", "2021"), ("854231", "2021"))).codes.notes == ()


def test_who_is_left_out_of_all_goods_is_named(tmp_path: Path) -> None:
    (note,) = ask("total", False, table(tmp_path, ("TOTAL", "2021"), ("854231", "2022"))).codes.notes
    assert note.startswith("KAZ give no total in some years")
