"""Readers of trade statistics: files of the real layouts, a local service, and everything that goes wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from parity.catalogue.trade import (
    Comtrade,
    Query,
    import_baci,
    import_comext,
    import_csv,
    left_out_of_total,
    load_flows,
    parse_mapping,
)
from parity.catalogue.trade import _comtrade as module
from parity.errors import NoAnswerError, ParityError
from tests.catalogue.comtrade_server import KEY, Service, serving

# As CEPII writes it: thousands of dollars, tons with blanks, NA for what is not known.
BACI = """t,i,j,k,v,q
2021,490,643,854231,21015.531,       12.345
2021,842,643,854231,1.5,           NA
2021,156,643,10121,7,1.0
2022,251,699,854232,3,0.001
2022,999,643,854231,4,NA
"""
COMEXT_HEAD = (
    "REPORTER,PARTNER,TRADE_TYPE,PRODUCT_NC,PRODUCT_SITC,PRODUCT_CPA21,PRODUCT_CPA22,PRODUCT_BEC,PRODUCT_BEC5,"
    "PRODUCT_SECTION,FLOW,STAT_PROCEDURE,SUPPL_UNIT,PERIOD,VALUE_EUR,VALUE_NAC,QUANTITY_KG,QUANTITY_SUPPL_UNIT"
)
COMEXT = f"""{COMEXT_HEAD}
DE,RU,E,85423110,77641,2611,2611,420,1,16,2,1,NO_SU,202201,100,100,3,0
DE,RU,E,85423190,77641,2611,2611,420,1,16,2,1,NO_SU,202201,50,50,3,0
DE,XS,E,85423190,77641,2611,2611,420,1,16,2,1,NO_SU,202201,8,8,3,0
GR,XK,E,85423190,77641,2611,2611,420,1,16,1,1,NO_SU,202252,9,9,3,0
DE,RU,E,85XXXXXX,77641,2611,2611,420,1,16,2,1,NO_SU,202201,777,777,3,0
DE,RU,E,TOTAL,TOTAL,TOTAL,TOTAL,TOTAL,TOTAL,TOTAL,2,1,NO_SU,202201,9999,9999,3,0
DE,QX,E,85423190,77641,2611,2611,420,1,16,2,1,NO_SU,202201,5,5,3,0
"""
COMEXT_OLD = """DECLARANT,DECLARANT_ISO,PARTNER,PARTNER_ISO,TRADE_TYPE,PRODUCT_NC,FLOW,PERIOD,VALUE_IN_EUROS
001,FR,0075,RU,E,85423190,2,202112,10
001,FR,0003,NL,I,99RRR100,1,202112,700
"""


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def rows_of(path: Path) -> list[tuple[Any, ...]]:
    return sorted(pl.read_parquet(path).select("reporter", "partner", "flow", "hs", "period", "value").rows())


def test_baci_counts_thousands_numbers_countries_its_own_way_and_loses_zeros(tmp_path: Path) -> None:
    done = import_baci([written(tmp_path, "BACI_HS17_Y2021.csv", BACI)], tmp_path / "out.parquet")
    assert rows_of(done.path) == [
        ("CHN", "RUS", "export", "010121", "2021", 7000.0),
        ("FRA", "IND", "export", "854232", "2022", 3000.0),
        ("TWN", "RUS", "export", "854231", "2021", 21015531.0),
        ("USA", "RUS", "export", "854231", "2021", 1500.0),
    ]
    assert (done.rows, done.dropped, done.dropped_value) == (4, 1, 4000.0)


def test_several_files_of_baci_become_one_table(tmp_path: Path) -> None:
    files = [written(tmp_path, f"Y{y}.csv", f"t,i,j,k,v,q\n{y},156,643,854231,1,1\n") for y in (2019, 2020)]
    done = import_baci(files, tmp_path / "out.parquet")
    assert [row[4] for row in rows_of(done.path)] == ["2019", "2020"]


def test_baci_as_parquet_is_asked_without_an_import(tmp_path: Path) -> None:
    table = pl.DataFrame(
        {"t": [2021, 2021, 2021], "i": [490, 842, 156], "j": [643] * 3, "k": [854231, 854231, 10121]}
    ).with_columns(v=pl.Series([5.0, 1.0, 2.0]), q=pl.Series([None, 1.0, 1.0]))
    table.write_parquet(tmp_path / "baci.parquet")
    found = load_flows(tmp_path / "baci.parquet", codes=("8542",), countries=("RUS",))
    assert sorted(found["reporter"]) == ["TWN", "USA"]
    assert set(found["source"]) == {"baci"}
    everything = load_flows(tmp_path / "baci.parquet", codes=("TOTAL",), reporters=("CHN",))
    assert everything.select("hs", "value").rows() == [("TOTAL", 2000.0)]


def test_all_goods_are_added_up_for_reports_without_a_total(tmp_path: Path) -> None:
    """As UN Comtrade gives some reporters in total and others by code."""
    every = [(f"{chapter:02d}0110", 1.0) for chapter in range(1, 97) if chapter != 77]
    rows = [("KAZ", "2021", "TOTAL", 50.0), ("KAZ", "2021", "854231", 2.0), ("TWN", "2021", "854231", 9.0)]
    rows += [("TUR", "2021", *row) for row in every] + [("KAZ", "2022", *row) for row in every]
    columns = ["reporter", "period", "hs", "value"]
    table = pl.DataFrame(rows, schema=columns, orient="row").with_columns(
        partner=pl.lit("RUS"), flow=pl.lit("export")
    )
    table.write_parquet(tmp_path / "flows.parquet")
    found = load_flows(tmp_path / "flows.parquet", codes=("TOTAL",)).sort("reporter", "period")
    assert found.select("reporter", "period", "hs", "value").rows() == [
        ("KAZ", "2021", "TOTAL", 50.0),
        ("KAZ", "2022", "TOTAL", 95.0),
        ("TUR", "2021", "TOTAL", 95.0),
    ]
    # Chips alone are not all goods.
    assert left_out_of_total(tmp_path / "flows.parquet") == ("TWN",)


def test_comext_cuts_codes_and_leaves_sums_and_residues_out(tmp_path: Path) -> None:
    done = import_comext([written(tmp_path, "full_202201.dat", COMEXT)], tmp_path / "out.parquet")
    rate = 1 / 0.9493
    assert rows_of(done.path) == [
        ("DEU", "RUS", "export", "854231", "2022-01", pytest.approx(150 * rate)),
        ("DEU", "SRB", "export", "854231", "2022-01", pytest.approx(8 * rate)),
        ("GRC", "XKX", "import", "854231", "2022", pytest.approx(9 * rate)),
    ]
    assert done.dropped == 1


def test_the_older_layout_of_comext(tmp_path: Path) -> None:
    done = import_comext([written(tmp_path, "full202112.dat", COMEXT_OLD)], tmp_path / "out.parquet")
    assert rows_of(done.path) == [
        ("FRA", "RUS", "export", "854231", "2021-12", pytest.approx(10 / 0.8453)),
    ]


def test_a_year_without_a_euro_rate_is_refused_and_not_counted_as_nothing(tmp_path: Path) -> None:
    later = written(tmp_path, "full209901.dat", COMEXT_OLD.replace("202112", "209901"))
    with pytest.raises(ParityError, match="no euro rate for 2099"):
        import_comext([later], tmp_path / "out.parquet")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "not in the layout of BACI: column 't', 'i', 'j', 'k', 'v' is absent"),
        (BACI + "2022,156,643,8542", "cut short; download it again"),
        ("t,i,j,k,v,q\n2021,9999,9998,854231,1,1\n", "no row has a known reporter and partner"),
        ("", "cannot be read"),
    ],
)
def test_a_file_that_is_not_baci_or_was_cut_short(tmp_path: Path, text: str, message: str) -> None:
    out = tmp_path / "out.parquet"
    out.write_bytes(b"earlier")
    with pytest.raises(ParityError, match=message):
        import_baci([written(tmp_path, "bad.csv", text)], out)
    assert out.read_bytes() == b"earlier"


def test_an_absent_file(tmp_path: Path) -> None:
    with pytest.raises(ParityError, match="no such file"):
        import_comext([tmp_path / "none.dat"], tmp_path / "out.parquet")
    with pytest.raises(ParityError, match="no such file"):
        load_flows(tmp_path / "none.parquet")


def test_a_damaged_parquet_file(tmp_path: Path) -> None:
    path = tmp_path / "flows.parquet"
    path.write_bytes(b"PAR1 and then the line broke")
    with pytest.raises(ParityError, match="cannot be read"):
        load_flows(path)


MAP = ("reporter==ARM", "partner=to", "flow==export", "hs=code", "period=when", "value=amount")


def mine(folder: Path, text: str, *pairs: str, unit: str = "one", currency: str = "USD") -> Path:
    source = written(folder, "mine.csv", text)
    return import_csv(source, folder / "out.parquet", parse_mapping(pairs or MAP, unit, currency)).path


def test_any_table_by_a_mapping(tmp_path: Path) -> None:
    lines = ("Russia,8471.30,2022-03-01,1.5", "Viet Nam,01012100,2022M04,2", 'World,8542,202205,"3,000"')
    text = "\n".join(["to,code,when,amount", *lines, ""])
    assert rows_of(mine(tmp_path, text, unit="thousand")) == [
        ("ARM", "RUS", "export", "847130", "2022-03", 1500.0),
        ("ARM", "VNM", "export", "010121", "2022-04", 2000.0),
        ("ARM", "WLD", "export", "8542", "2022-05", 3000000.0),
    ]


def test_codes_that_a_spreadsheet_made_numbers_are_refused(tmp_path: Path) -> None:
    table = pl.DataFrame({"to": ["RUS"], "code": [8471.3], "when": ["2022"], "amount": [1.0]})
    table.write_parquet(tmp_path / "mine.parquet")
    with pytest.raises(ParityError, match="may have lost zeros"):
        import_csv(tmp_path / "mine.parquet", tmp_path / "out.parquet", parse_mapping(MAP))


def test_euros_are_converted_and_years_without_a_rate_refused(tmp_path: Path) -> None:
    text = "to,code,when,amount\nRUS,8542,2022,0.9493\n"
    assert rows_of(mine(tmp_path, text, currency="EUR"))[0][5] == pytest.approx(1.0)
    with pytest.raises(ParityError, match="no euro rate for 1998"):
        mine(tmp_path, text.replace("2022", "1998"), currency="EUR")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Atlantis,8542,2022,1", "Atlantis"),
        ("RUS,chips,2022,1", "'chips' cannot be read as hs"),
        ("RUS,8542,March,1", "'March' cannot be read as period"),
        ("RUS,8542,2022,much", "1 rows have no number in 'amount'"),
        ('RUS,8542,2022,"1,5"', "1 rows have no number in 'amount'"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(ParityError, match=message):
        mine(tmp_path, f"to,code,when,amount\n{line}\n")


@pytest.mark.parametrize(
    ("pairs", "unit", "currency", "message"),
    [
        (MAP[:-1], "one", "USD", "nothing is mapped to 'value'"),
        ((*MAP, "colour=x"), "one", "USD", "'colour=x' maps no column"),
        (MAP, "lakh", "USD", "unit 'lakh' is unknown"),
        (MAP, "one", "RUB", "currency 'RUB' is unknown"),
    ],
)
def test_a_mapping_that_cannot_be(pairs: tuple[str, ...], unit: str, currency: str, message: str) -> None:
    with pytest.raises(ParityError, match=message):
        parse_mapping(pairs, unit, currency)


def test_a_mapped_column_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ParityError, match=r"column 'to', 'code'.* is absent; found are 'a'"):
        mine(tmp_path, "a\n1\n")


def test_armenia_s_reexports_of_electronics_jumped_in_2022(shared: Path, tmp_path: Path) -> None:
    source = shared / "data/raw/armenia-trade/armenia_reexports_hs6_electronics_monthly.csv"
    pairs = ("reporter==ARM", "partner==World", "flow==export", "hs=commodity_code", "period=period")
    done = import_csv(source, tmp_path / "a.parquet", parse_mapping((*pairs, "value=reexports")))
    year = pl.col("period").str.slice(0, 4)
    by_year = dict(load_flows(done.path).group_by(year).agg(pl.col("value").sum() / 1e6).rows())
    assert by_year["2021"] == pytest.approx(2.23, abs=0.01)
    assert by_year["2022"] == pytest.approx(354.9, abs=0.1)
    assert by_year["2023"] == pytest.approx(614.2, abs=0.1)
    phones = load_flows(done.path, codes=("8517",)).filter(year == "2023")["value"].sum() / 1e6
    computers = load_flows(done.path, codes=("8471",)).filter(year == "2023")["value"].sum() / 1e6
    chips = load_flows(done.path, codes=("8542",)).filter(year == "2023")["value"].sum() / 1e6
    assert (phones, computers, chips) == pytest.approx((501.4, 92.2, 14.7), abs=0.1)


def row(reporter: int, partner: int, code: str, period: int, value: float, **more: Any) -> dict[str, Any]:
    base = {"reporterCode": reporter, "partnerCode": partner, "cmdCode": code, "flowCode": "X"}
    return base | {"period": str(period), "primaryValue": value, "isReported": True} | more


ROWS = [
    row(792, 643, "854231", 2022, 10.0),
    row(792, 643, "854231", 2022, 7.0, motCode=1000),
    row(792, 0, "854231", 2022, 99.0),
    row(792, 490, "854232", 2022, 3.0),
    row(398, 643, "854231", 2023, 5.0),
]
QUERY = Query(reporters=("TUR", "KAZ"), codes=("854231", "854232"), periods=("2022", "2023"))


def connection(service: Service, waits: list[float] | None = None, key: str = KEY) -> Comtrade:
    return Comtrade(
        key=key, address=service.address, pause=0.0, sleep=([] if waits is None else waits).append
    )


def test_comtrade_is_asked_for_totals_and_the_world_is_left_out(tmp_path: Path) -> None:
    with serving(Service(ROWS)) as service:
        done = connection(service).download(QUERY, tmp_path / "c.parquet")
    assert rows_of(done.path) == [
        ("KAZ", "RUS", "export", "854231", "2023", 5.0),
        ("TUR", "RUS", "export", "854231", "2022", 10.0),
        ("TUR", "TWN", "export", "854232", "2022", 3.0),
    ]
    first = service.asked[0]
    assert first["path"].endswith("/A/HS")
    assert (first["partner2Code"], first["customsCode"], first["motCode"]) == ("0", "C00", "0")
    assert not (tmp_path / "c.parquet.parts").exists()


def test_months_are_asked_for_as_months_twelve_at_a_time(tmp_path: Path) -> None:
    months = (*(f"2022-{m:02d}" for m in range(1, 13)), "2023-01")
    rows = [row(792, 643, "854231", 202301, 4.0)]
    with serving(Service(rows)) as service:
        query = Query(reporters=("TUR",), codes=("854231",), periods=months)
        done = connection(service).download(query, tmp_path / "c.parquet")
    assert [call["path"][-4:] for call in service.asked] == ["M/HS", "M/HS"]
    assert service.asked[1]["period"] == "202301"
    assert rows_of(done.path)[0][4] == "2023-01"


def test_a_used_up_quota_keeps_what_came_and_goes_on_later(tmp_path: Path) -> None:
    out = tmp_path / "c.parquet"
    with serving(Service(ROWS, quota=1)) as service:
        with pytest.raises(NoAnswerError, match=r"quota .*07:01:20.*1 of 2 answers are kept"):
            connection(service).download(QUERY, out)
        assert not out.exists()
        assert len(list((tmp_path / "c.parquet.parts").iterdir())) == 1
        service.quota, service.asked = 1, []
        done = connection(service).download(QUERY, out)
    assert len(service.asked) == 1
    assert done.rows == 3


def test_the_service_is_given_the_time_that_it_asks_for(tmp_path: Path) -> None:
    waits: list[float] = []
    with serving(Service(ROWS, busy=2)) as service:
        done = connection(service, waits).download(QUERY, tmp_path / "c.parquet")
    assert waits[:2] == [3.0, 3.0]
    assert done.rows == 3


def test_a_broken_answer_is_asked_for_again(tmp_path: Path) -> None:
    with serving(Service(ROWS, broken=1)) as service:
        assert connection(service).download(QUERY, tmp_path / "c.parquet").rows == 3
    with serving(Service(ROWS, broken=99)) as service, pytest.raises(NoAnswerError, match="does not answer"):
        connection(service).download(QUERY, tmp_path / "d.parquet")


def test_an_answer_that_came_back_full_is_asked_for_in_halves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    rows = [row(792, 643, code, 2022, float(n + 1)) for n, code in enumerate(("854231", "854232", "854233"))]
    query = Query(reporters=("TUR",), codes=("854231", "854232", "854233"), periods=("2022",))
    with serving(Service(rows, page=2)) as service:
        done = connection(service).download(query, tmp_path / "c.parquet")
    assert done.value == 6.0
    one = Query(reporters=("TUR",), codes=("854231",), periods=("2022",))
    same = [row(792, n, "854231", 2022, 1.0) for n in (643, 156, 276)]
    with serving(Service(same, page=2)) as service, pytest.raises(NoAnswerError, match="name partners"):
        connection(service).download(one, tmp_path / "d.parquet")


def test_keys_that_are_missing_or_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COMTRADE_API_KEY", raising=False)
    with pytest.raises(ParityError, match="COMTRADE_API_KEY"):
        Comtrade().download(QUERY, tmp_path / "c.parquet")
    with serving(Service(ROWS)) as service, pytest.raises(ParityError, match="refuses the key") as problem:
        connection(service, key="wrong-key").download(QUERY, tmp_path / "c.parquet")
    assert "wrong-key" not in str(problem.value)
    assert "wrong-key" not in repr(Comtrade(key="wrong-key"))


def test_years_and_months_are_not_mixed(tmp_path: Path) -> None:
    with pytest.raises(ParityError, match="not both"):
        Comtrade(key="k").download(Query(("TUR",), ("8542",), ("2022", "2022-03")), tmp_path / "c.parquet")


def test_the_world_as_a_partner_is_not_counted_beside_its_countries(tmp_path: Path) -> None:
    table = tmp_path / "flows.csv"
    rows = ("CHN,RUS,export,854231,2022,4", "CHN,WLD,export,854231,2022,9")
    table.write_text("\n".join(["reporter,partner,flow,hs,period,value", *rows]) + "\n")
    assert load_flows(table, codes=["8542"])["partner"].to_list() == ["RUS"]


def test_places_of_baci_that_are_no_country_are_left_out_of_a_scan(tmp_path: Path) -> None:
    table = pl.DataFrame(
        {"t": [1997, 1997], "i": [58, 276], "j": [643, 643], "k": [854231] * 2, "v": [1.0, 2.0]}
    )
    table.write_parquet(tmp_path / "baci.parquet")
    assert load_flows(tmp_path / "baci.parquet", codes=["8542"])["reporter"].to_list() == ["DEU"]
    assert load_flows(tmp_path / "baci.parquet", codes=["TOTAL"])["value"].to_list() == [2000.0]
