"""SQL over the tables: answers, and every way out shut."""

from __future__ import annotations

import polars as pl
import pytest

from parity.catalogue import files, load_table, query, tables
from parity.errors import ParityError


def test_answer_is_what_polars_finds():
    answer = query(
        "select iso3, value from observations where indicator = 'gtmi' and year = 2022 order by iso3"
    )
    expected = load_table("observations").filter(indicator="gtmi", year=2022).select("iso3", "value")
    assert answer.equals(expected.sort("iso3"))


def test_every_table_can_be_asked():
    assert set(query("show tables")["name"]) == set(tables())


@pytest.mark.parametrize(
    "sql",
    [
        "with x as (select 1 as a) select * from x",
        "from groups limit 1",
        "values (1)",
        "explain select 1",
        "describe groups",
        "summarize groups",
    ],
)
def test_statements_that_read_are_allowed(sql):
    assert query(sql).height > 0


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select map(['a', 'b'], [1, 2]) as x", '{"a": 1, "b": 2}'),
        ("select '00000000-0000-0000-0000-000000000001'::uuid as x", "00000000-0000-0000-0000-000000000001"),
        ("select interval 3 day as x", "3 days, 0:00:00"),
        ("select 170141183460469231731687303715884105727 as x", "170141183460469231731687303715884105727"),
        ("pivot (select 1 as a, 'x' as b) on b using sum(a)", 1),
    ],
)
def test_every_kind_of_cell_can_be_shown_and_exported(tmp_path, sql, expected):
    frame = query(sql)
    assert frame.item() == expected
    for ending in ("csv", "xlsx", "json", "parquet"):
        files.write_table(tmp_path / f"x.{ending}", frame)


def test_lists_and_records_are_text_in_a_spreadsheet(tmp_path):
    files.write_table(tmp_path / "x.csv", query("select [1, 2] as a, {'k': 'v'} as b"))
    assert (tmp_path / "x.csv").read_text() == 'a,b\n"[1, 2]","{""k"": ""v""}"\n'


def test_the_clock_can_be_asked():
    assert query("select now() as x")["x"].item().tzinfo is not None


def test_rows_and_time_are_bounded():
    with pytest.raises(ParityError, match="more than 5 rows"):
        query("from countries", rows=5)
    with pytest.raises(ParityError, match=r"longer than 0\.2 seconds"):
        query(
            "select count(*) from range(100000000) a, range(1000) b where (a.range * b.range) % 7 = 3",
            seconds=0.2,
        )


def test_empty_answer_keeps_its_columns():
    assert query("select iso3, name from countries where false").columns == ["iso3", "name"]


def test_columns_of_one_name_are_numbered():
    assert query("select 1 as a, 2 as a, 3 as a").columns == ["a", "a_2", "a_3"]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from read_text('/etc/passwd')",
        "select * from glob('/etc/*')",
        "select * from sniff_csv('/etc/passwd')",
        "select * from read_parquet('https://example.org/x.parquet')",
        "select getenv('HOME')",
        "select * from duckdb_secrets()",
        "selec 1",
        "select * from nowhere",
    ],
)
def test_refused_by_the_engine_in_one_line(sql):
    with pytest.raises(ParityError, match="the query failed") as caught:
        query(sql)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "select 1; select 2",
        "copy groups to '/tmp/parity-leak.csv'",
        "export database '/tmp/parity-leak'",
        "attach '/tmp/parity-leak.db'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "pragma enable_profiling",
        "create table t as select 1",
        "insert into groups values (1)",
        "update groups set iso3 = ''",
        "delete from groups",
        "drop table groups",
        "call pragma_version()",
    ],
)
def test_statements_that_write_or_change_are_refused(sql):
    with pytest.raises(ParityError, match=r"one reading statement|the query failed"):
        query(sql)


def test_a_local_frame_is_not_in_reach():
    frame = pl.DataFrame({"secret": [1]})
    with pytest.raises(ParityError, match="frame does not exist"):
        query("select * from frame")
    assert frame.height == 1
