"""SQL over the tables: answers, and every way out shut."""

from __future__ import annotations

import polars as pl
import pytest

from parity.catalogue import load_table, query, tables
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
