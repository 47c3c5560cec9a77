"""Readers of trade statistics: files of the real layouts, a local service, and everything that goes wrong."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from parity.catalogue.trade import (
    PRESETS,
    Comtrade,
    Query,
    Reading,
    import_files,
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
    done = import_files(
        [written(tmp_path, "BACI_HS17_Y2021.csv", BACI)], tmp_path / "out.parquet", PRESETS["baci"]
    )
    assert rows_of(done.path) == [
        ("CHN", "RUS", "export", "010121", "2021", 7000.0),
        ("FRA", "IND", "export", "854232", "2022", 3000.0),
        ("TWN", "RUS", "export", "854231", "2021", 21015531.0),
        ("USA", "RUS", "export", "854231", "2021", 1500.0),
    ]
    assert done.rows == 4
    assert [(one.what, one.rows, one.value) for one in done.left_out] == [("999", 1, 4000.0)]


def test_several_files_of_baci_become_one_table(tmp_path: Path) -> None:
    files = [written(tmp_path, f"Y{y}.csv", f"t,i,j,k,v,q\n{y},156,643,854231,1,1\n") for y in (2019, 2020)]
    done = import_files(files, tmp_path / "out.parquet", PRESETS["baci"])
    assert [row[4] for row in rows_of(done.path)] == ["2019", "2020"]


def test_baci_as_parquet_is_asked_without_an_import(tmp_path: Path) -> None:
    table = pl.DataFrame(
        {"t": [2021, 2021, 2021], "i": [490, 842, 156], "j": [643] * 3, "k": [854231, 854231, 10121]}
    ).with_columns(v=pl.Series([5.0, 1.0, 2.0]), q=pl.Series([None, 1.0, 1.0]))
    table.write_parquet(tmp_path / "baci.parquet")
    found = load_flows(tmp_path / "baci.parquet", codes=("8542",), countries=("RUS",))
    assert sorted(found["reporter"]) == ["TWN", "USA"]
    assert set(found["source"]) == {"baci"}
    with pytest.raises(NoAnswerError, match="are not all goods"):
        load_flows(tmp_path / "baci.parquet", codes=("TOTAL",), reporters=("CHN",))
    whole = pl.concat(
        [
            table,
            *(table.tail(1).with_columns(k=pl.lit(chapter * 10_000, pl.Int64)) for chapter in range(2, 60)),
        ]
    )
    whole.write_parquet(tmp_path / "whole.parquet")
    everything = load_flows(tmp_path / "whole.parquet", codes=("TOTAL",), reporters=("CHN",))
    assert everything.select("hs", "value").rows() == [("TOTAL", 2000.0 * 59)]


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
    done = import_files(
        [written(tmp_path, "full_202201.dat", COMEXT)], tmp_path / "out.parquet", PRESETS["comext"]
    )
    rate = 1 / 0.9493
    assert rows_of(done.path) == [
        ("DEU", "RUS", "export", "854231", "2022-01", pytest.approx(150 * rate)),
        ("DEU", "SRB", "export", "854231", "2022-01", pytest.approx(8 * rate)),
        ("GRC", "XKX", "import", "854231", "2022", pytest.approx(9 * rate)),
    ]
    assert {(one.what, one.rows) for one in done.left_out} == {("QX", 1), ("85XXXXXX", 1)}


def test_the_older_layout_of_comext(tmp_path: Path) -> None:
    done = import_files(
        [written(tmp_path, "full202112.dat", COMEXT_OLD)], tmp_path / "out.parquet", PRESETS["comext"]
    )
    assert rows_of(done.path) == [
        ("FRA", "RUS", "export", "854231", "2021-12", pytest.approx(10 / 0.8453)),
    ]


def test_a_year_without_a_euro_rate_is_refused_and_not_counted_as_nothing(tmp_path: Path) -> None:
    later = written(tmp_path, "full209901.dat", COMEXT_OLD.replace("202112", "209901"))
    with pytest.raises(ParityError, match="no euro rate for 2099"):
        import_files([later], tmp_path / "out.parquet", PRESETS["comext"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "not in the layout of BACI: no column for 'reporter' \\(i\\), 'partner'"),
        (BACI + "2022,156,643,8542", "cut short; download it again"),
        ("t,i,j,k,v,q\n2021,9999,9998,854231,1,1\n", "no row is a flow between two countries"),
        ("", "cannot be read"),
    ],
)
def test_a_file_that_is_not_baci_or_was_cut_short(tmp_path: Path, text: str, message: str) -> None:
    out = tmp_path / "out.parquet"
    out.write_bytes(b"earlier")
    with pytest.raises(ParityError, match=message):
        import_files([written(tmp_path, "bad.csv", text)], out, PRESETS["baci"])
    assert out.read_bytes() == b"earlier"


def test_an_absent_file(tmp_path: Path) -> None:
    with pytest.raises(ParityError, match="no such file"):
        import_files([tmp_path / "none.dat"], tmp_path / "out.parquet", PRESETS["comext"])
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
    return import_files([source], folder / "out.parquet", parse_mapping(pairs or MAP, unit, currency)).path


def test_any_table_by_a_mapping(tmp_path: Path) -> None:
    lines = ("Russia,8471.30,2022-03-01,1.5", "Viet Nam,01012100,2022M04,2", 'World,8542,202205,"3,000"')
    text = "\n".join(["to,code,when,amount", *lines, ""])
    assert rows_of(mine(tmp_path, text, unit="thousand")) == [
        ("ARM", "RUS", "export", "847130", "2022-03", 1500.0),
        ("ARM", "VNM", "export", "010121", "2022-04", 2000.0),
    ]


def test_codes_that_a_spreadsheet_made_numbers_are_refused(tmp_path: Path) -> None:
    table = pl.DataFrame({"to": ["RUS"], "code": [8471.3], "when": ["2022"], "amount": [1.0]})
    table.write_parquet(tmp_path / "mine.parquet")
    with pytest.raises(ParityError, match="may have lost zeros"):
        import_files([tmp_path / "mine.parquet"], tmp_path / "out.parquet", parse_mapping(MAP))


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
    with pytest.raises(ParityError, match=r"no column for 'partner' \(to\), 'hs' \(code\).*other columns: a"):
        mine(tmp_path, "a\n1\n")


def test_armenia_s_reexports_of_electronics_jumped_in_2022(shared: Path, tmp_path: Path) -> None:
    source = shared / "data/raw/armenia-trade/armenia_reexports_hs6_electronics_monthly.csv"
    pairs = ("reporter==ARM", "partner==World", "flow==export", "hs=commodity_code", "period=period")
    done = import_files([source], tmp_path / "a.parquet", parse_mapping((*pairs, "value=reexports")))
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


# --- the files that people have ---

SITE = (
    "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,flowCode,flowDesc,"
    "partnerCode,partnerISO,partnerDesc,partner2Code,classificationCode,cmdCode,customsCode,motCode,primaryValue"
)
OLD_SITE = (
    "Classification,Year,Period,Period Desc.,Aggregate Level,Is Leaf Code,Trade Flow Code,Trade Flow,"
    "Reporter Code,Reporter,Reporter ISO,Partner Code,Partner,Partner ISO,Commodity Code,"
    "Commodity,Trade Value (US$),Flag"
)
WITS_HEAD = (
    "Nomenclature,Reporter ISO3,Product Code,Reporter Name,Partner ISO3,Partner Name,Year,Trade Flow Name,"
    "Trade Flow Code,Trade Value in 1000 USD"
)
SDMX = "DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE,OBS_FLAG"


def site(partner: str, value: object, flow: str = "X,Export", mot: int = 0, edition: str = "H6") -> str:
    return f"C,A,20220101,2022,52,2022,276,DEU,Germany,{flow},{partner},0,{edition},854231,C00,{mot},{value}"


def read(folder: Path, preset: str, head: str, *lines: str, **how: Any) -> Any:
    path = written(folder, "download.csv", "\n".join([head, *lines, ""]))
    return import_files([path], folder / "out.parquet", PRESETS[preset], Reading(**how))


def pairs(done: Any) -> list[tuple[Any, ...]]:
    return [(row[1], row[5]) for row in rows_of(done.path)]


def test_comtrade_s_own_numbers_of_areas_and_what_is_no_country(tmp_path: Path) -> None:
    areas = {'490,S19,"Other Asia, nes"': "TWN", "251,FRA,France": "FRA", "842,USA,USA": "USA"}
    areas |= {"757,CHE,Switzerland": "CHE", "699,IND,India": "IND", "579,NOR,Norway": "NOR"}
    gone = ("0,W00,World", '899,_X,"Areas, nes"', "837,XB,Bunkers", "890,YUG,Fmr Yugoslavia", "97,EUN,EU")
    done = read(tmp_path, "comtrade", SITE, *(site(one, 10) for one in (*areas, *gone)))
    assert {partner for partner, _ in pairs(done)} == set(areas.values())
    why = {one.what: one.why for one in done.left_out}
    assert why == {
        "World": "the world",
        "Areas, nes": "an area not specified",
        "Bunkers": "an area not specified",
        "Fmr Yugoslavia": "an area that is no more",
        "EU": "a sum of countries",
    }
    assert done.left_out[0].share == pytest.approx(1 / 6)
    with pytest.raises(ParityError, match=r"--strict.*Areas, nes.*Fmr Yugoslavia"):
        read(tmp_path, "comtrade", SITE, *(site(one, 10) for one in (*areas, *gone)), strict=True)


def test_the_older_site_of_comtrade_and_rows_that_end_in_a_comma(tmp_path: Path) -> None:
    line = 'H5,2019,2019,2019,6,1,2,Export,276,Germany,DEU,490,"Other Asia, nes",,854231,x,7,0'
    assert rows_of(read(tmp_path, "comtrade", OLD_SITE, line).path) == [
        ("DEU", "TWN", "export", "854231", "2019", 7.0)
    ]
    trailing = [site("643,RUS,Russian Federation", 5) + ",", site("398,KAZ,Kazakhstan", 6) + ","]
    assert pairs(read(tmp_path, "comtrade", SITE, *trailing)) == [("KAZ", 6.0), ("RUS", 5.0)]


def test_a_flow_is_not_counted_by_its_parts_again_nor_in_two_editions(tmp_path: Path) -> None:
    whole, sea = site("643,RUS,Russia", 10), site("643,RUS,Russia", 4, mot=2100)
    done = read(tmp_path, "comtrade", SITE, whole, sea, site("398,KAZ,Kazakhstan", 3, mot=2100))
    assert pairs(done) == [("KAZ", 3.0), ("RUS", 10.0)]
    assert [(one.why, one.rows) for one in done.left_out] == [("part of a row beside it", 1)]
    with pytest.raises(ParityError, match=r"in H5, H6 for 2022.*keep one"):
        read(tmp_path, "comtrade", SITE, whole, site("643,RUS,Russia", 10, edition="H5"))
    with pytest.raises(ParityError, match="S4 is no edition of the Harmonized System"):
        read(tmp_path, "comtrade", SITE, site("643,RUS,Russia", 10, edition="S4"))
    with pytest.raises(ParityError, match="1 flows are there twice"):
        read(tmp_path, "comtrade", SITE, whole, whole)


@pytest.mark.parametrize(("exports", "value"), [("all", 10.0), ("re-exports", 4.0), ("domestic", 6.0)])
def test_re_exports_by_choice(tmp_path: Path, exports: Any, value: float) -> None:
    flows = (("X,Export", 10), ("RX,Re-export", 4), ("DX,Domestic Export", 6), ("RM,Re-import", 1))
    flows += (("XIP,Export of goods after inward processing", 2),)
    lines = (site("643,RUS,Russia", amount, flow) for flow, amount in flows)
    done = read(tmp_path, "comtrade", SITE, *lines, exports=exports)
    assert pairs(done) == [("RUS", value)]
    assert {one.why for one in done.left_out} == {"another flow"}
    assert len(done.left_out) == 4


def test_wits_counts_thousands_and_has_letters_of_its_own(tmp_path: Path) -> None:
    areas = {"OAS": "TWN", "ROM": "ROU", "SER": "SRB", "ZAR": "COD"}
    lines = [f"HS,DEU,854231,Germany,{one},x,2022,Export,6,1.5" for one in (*areas, "UNS", "EUN", "WLD")]
    done = read(tmp_path, "wits", WITS_HEAD, *lines)
    assert pairs(done) == sorted((iso3, 1500.0) for iso3 in areas.values())
    assert len(done.left_out) == 3


def test_eurostat_s_sdmx_csv_in_euros_with_missing_marks_and_sums(tmp_path: Path) -> None:
    def line(partner: str, value: str, what: str = "VALUE_IN_EUROS", product: str = "854231") -> str:
        return f"ESTAT:DS-045409(1.0),x,M,DE,{partner},{product},2,{what},2022-03,{value},"

    rate = 1 / 0.9493
    done = read(
        tmp_path, "eurostat-sdmx", SDMX, line("RU", "100"), line("RU", "9", "QUANTITY_IN_100KG"),
        line("KZ", ":"), line("WORLD", "300"), line("EU27_2020", "5"), line("XK", "7"), line("AM", ": c"),
    )  # fmt: skip
    assert pairs(done) == [("RUS", pytest.approx(100 * rate)), ("XKX", pytest.approx(7 * rate))]
    assert {(one.why, one.what) for one in done.left_out} == {
        ("no value given", ":"),
        ("no value given", ": c"),
        ("the world", "WORLD"),
        ("a sum of countries", "EU27_2020"),
    }
    both = "E,x,M: Monthly,DE: Germany,KZ:Kazakhstan,854231: Chips,2: EXPORT,VALUE_IN_EUROS: x,2022-03: x,9,"
    assert pairs(read(tmp_path, "eurostat-sdmx", SDMX, both)) == [("KAZ", pytest.approx(9 * rate))]
    # Eight digits beside their six are the same goods again.
    finer = (line("RU", "60", product="85423190"), line("RU", "40", product="85423110"))
    assert pairs(read(tmp_path, "eurostat-sdmx", SDMX, line("RU", "100"), *finer)) == pairs(done)[:1]
    assert pairs(read(tmp_path, "eurostat-sdmx", SDMX, *finer)) == pairs(done)[:1]


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        (
            "進出口別,日期,國家,貨品號列,中文貨名,美元(千元)",
            (
                "出口總值(含復出口),112年1月,香港,85423100002,x,\"1,000\"",
                "出口總值(含復出口),112年1月,其他國家,85423100002,x,1",
            ),
        ),
        (
            "Export/Import,Time,Country,HS Code,Description,Value(USD$1000)",
            ("Total Exports (Including Re-Exports),2023/01,Hong Kong,85423100002,x,1000",),
        ),
        ("Year,Country_en,HS Code,Description,Export Value (USD)", ("112,Hong Kong,85423100002,x,1000000",)),
    ],
)  # fmt: skip
def test_taiwan_s_customs_in_both_calendars_and_languages(
    tmp_path: Path, head: str, lines: tuple[str, ...]
) -> None:
    done = read(tmp_path, "taiwan", head, *lines)
    reporter, partner, flow, hs, period, value = rows_of(done.path)[0]
    assert (reporter, partner, flow, hs, value) == ("TWN", "HKG", "export", "854231", 1e6)
    assert period.startswith("2023")
    with pytest.raises(ParityError, match="no column of US dollars"):
        read(tmp_path, "taiwan", "日期,國家,貨品號列,新臺幣(千元)", "112年,香港,8542,1")


@pytest.mark.parametrize(
    ("cell", "how", "period"),
    [
        ("112", {"calendar": "minguo"}, "2023"),
        ("112/03", {"calendar": "minguo"}, "2023-03"),
        ("民國112年3月", {}, "2023-03"),
        ("2023M3", {}, None),
        ("2023-03-31", {}, "2023-03"),
        ("1120", {}, None),
        ("112", {}, "--calendar minguo"),
        ("2023-Q1", {}, "--quarters"),
    ],
)
def test_periods_are_read_or_refused_with_the_way_to_say_it(
    tmp_path: Path, cell: str, how: dict[str, Any], period: str | None
) -> None:
    source = written(tmp_path, "mine.csv", f"to,code,when,amount\nRUS,8542,{cell},1\n")

    def done() -> Any:
        return import_files([source], tmp_path / "o.parquet", parse_mapping(MAP), Reading(**how))

    if period is None or period.startswith("--"):
        with pytest.raises(ParityError, match=period or f"'{cell}' cannot be read as period"):
            done()
    else:
        assert rows_of(done().path)[0][4] == period


def test_four_quarters_are_a_year_and_three_are_none(tmp_path: Path) -> None:
    cells = [f"RUS,8542,{quarter},2" for quarter in ("2022Q1", "2022-Q2", "Q3 2022", "2022Q4", "2023Q1")]
    source = written(tmp_path, "mine.csv", "\n".join(["to,code,when,amount", *cells, ""]))
    done = import_files([source], tmp_path / "o.parquet", parse_mapping(MAP), Reading(quarters=True))
    assert [row[4:] for row in rows_of(done.path)] == [("2022", 8.0)]
    assert [(one.why, one.what) for one in done.left_out] == [("a year without its four quarters", "2023")]


@pytest.mark.parametrize(
    ("cell", "decimal", "value"),
    [
        ("1.234,5", None, 1234.5),
        ("1 234,5", None, 1234.5),
        ("1,234", None, None),
        ("1,234", ",", 1.234),
        ("1,234", ".", 1234.0),
        ("1,234,567", None, 1234567.0),
        ("1.5", None, 1.5),
    ],
)
def test_numbers_in_a_file_with_semicolons(
    tmp_path: Path, cell: str, decimal: Any, value: float | None
) -> None:
    source = written(tmp_path, "mine.csv", f"to;code;when;amount\nRUS;8542;2022;{cell}\n")
    how = Reading(decimal=decimal)
    if value is None:
        with pytest.raises(ParityError, match=r"--decimal , or --decimal \."):
            import_files([source], tmp_path / "o.parquet", parse_mapping(MAP), how)
    else:
        done = import_files([source], tmp_path / "o.parquet", parse_mapping(MAP), how)
        assert rows_of(done.path)[0][5] == value


def test_all_slips_of_all_columns_are_named_at_once(tmp_path: Path) -> None:
    lines = ("Atlantis,8542,2022,1", "Lemuria,chips,March,1", "RUS,8542,2022,1")
    source = written(tmp_path, "mine.csv", "\n".join(["to,code,when,amount", *lines, ""]))
    with pytest.raises(ParityError, match=r"'Atlantis', 'Lemuria' cannot.*'chips' cannot.*'March' cannot"):
        import_files([source], tmp_path / "o.parquet", parse_mapping(MAP))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("854231,C00,0,10", "854231,x,C00,0,10", "1 rows have more cells than headings"),
        ("854231,C00,0,20", "854231,C00,0,1,020", "have more cells than headings"),
        (",10\n", ",-10\n", "1 rows have a negative value in 'primaryValue'"),
        ("C,A", "S,A", "holds no values of goods"),
        (",20\n", "", "its last line has 19 of 20 cells: it was cut short"),
        ("2022,276", "2022-Q1,276", "--quarters"),
    ],
)
def test_faults_in_a_file_of_the_site(tmp_path: Path, old: str, new: str, message: str) -> None:
    lines = (SITE, site("643,RUS,Russia", 10), site("398,KAZ,Kazakhstan", 20), "")
    source = written(tmp_path, "f.csv", "\n".join(lines).replace(old, new))
    with pytest.raises(ParityError, match=message):
        import_files([source], tmp_path / "o.parquet", PRESETS["comtrade"])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1", "utf-16"])
def test_encodings_of_spreadsheets(tmp_path: Path, encoding: str) -> None:
    source = tmp_path / "f.csv"
    source.write_text("\n".join([SITE, site("792,TUR,Türkiye", 10), ""]), encoding=encoding)
    done = import_files([source], tmp_path / "o.parquet", PRESETS["comtrade"])
    assert pairs(done) == [("TUR", 10.0)]


TWICE = "flows are there twice"
RUSSIA = site("643,RUS,R", 1)


@pytest.mark.parametrize(
    ("preset", "head", "lines", "message"),
    [
        ("comtrade", SITE, [site("643,KAZ,Kazakhstan", 1)], "is two countries, KAZ and RUS"),
        ("comtrade", SITE, [RUSSIA[:60], site("398,KAZ,Kazakhstan", 1)], "1 rows break off"),
        ("comtrade", SITE, [], "holds headings and no rows"),
        ("comtrade", SITE, [RUSSIA, RUSSIA.replace(",2022,276", ",2022.0,276")], TWICE),
        ("baci", "t,i,j,k,v,q", ["2021,156,643,10121,1,1", "2021,156,643,010121,2,1"], TWICE),
        ("baci", "2021,156,643,854231,1,1", ["2021,156,643,854232,1,1"], "has no headings of this layout"),
        ("wits", WITS_HEAD.replace(" in 1000 USD", ""), ["HS,D,8542,G,RUS,R,2022,Export,6,1"], "for 'value'"),
        (
            "eurostat-sdmx",
            SDMX,
            [f"E,x,A,{one},RU,854231,2,VALUE_IN_EUROS,2021,1," for one in ("EL", "GR")],
            TWICE,
        ),
    ],
)  # fmt: skip
def test_what_would_give_other_numbers_is_refused(
    tmp_path: Path, preset: str, head: str, lines: list[str], message: str
) -> None:
    with pytest.raises(ParityError, match=message):
        read(tmp_path, preset, head, *lines)


def test_a_period_that_a_spreadsheet_made_a_number_is_a_year(tmp_path: Path) -> None:
    done = read(tmp_path, "baci", "t,i,j,k,v,q", "2021.0,156.0,643.0,854231.0,1.5,NA")
    assert rows_of(done.path) == [("CHN", "RUS", "export", "854231", "2021", 1500.0)]


def test_exports_are_domestic_ones_and_re_exports_where_no_row_has_both(tmp_path: Path) -> None:
    rows = ("出口,112年,8542,日本,100", "復出口,112年,8542,日本,20", "合計,,,,120")
    done = read(tmp_path, "taiwan", "進出口別,日期,貨品號列,國家,金額(千美元)", *rows)
    assert pairs(done) == [("JPN", 120_000.0)]
    assert [(one.why, one.rows) for one in done.left_out] == [("a row without period and code", 1)]


def test_trade_of_a_country_with_itself_is_left_out_and_listed(tmp_path: Path) -> None:
    done = read(tmp_path, "comtrade", SITE, site("276,DEU,Germany", 9), site("643,RUS,Russia", 1))
    assert pairs(done) == [("RUS", 1.0)]
    assert [(one.why, one.what) for one in done.left_out] == [("trade of a country with itself", "Germany")]


def test_a_bulk_file_is_not_added_to_its_copy(tmp_path: Path) -> None:
    january, copy = written(tmp_path, "a.dat", COMEXT), written(tmp_path, "b.dat", COMEXT)
    with pytest.raises(ParityError, match=TWICE):
        import_files([january, copy], tmp_path / "o.parquet", PRESETS["comext"])


def test_editions_in_two_files_are_the_same_trade_twice(tmp_path: Path) -> None:
    old = site("643,RUS,Russia", 5, edition="H5").replace("854231", "854150")
    new = site("643,RUS,Russia", 5).replace("854231", "854151")
    files = [written(tmp_path, f"{n}.csv", "\n".join([SITE, line, ""])) for n, line in enumerate((old, new))]
    with pytest.raises(ParityError, match="in H5, H6 for 2022"):
        import_files(files, tmp_path / "o.parquet", PRESETS["comtrade"])


def archive(path: Path, **inside: str) -> Path:
    with zipfile.ZipFile(path, "w") as target:
        for name, text in inside.items():
            target.writestr(name, text)
    return path


def test_an_archive_is_read_without_the_lists_beside_its_tables(tmp_path: Path) -> None:
    years = {f"BACI_Y{y}.csv": f"t,i,j,k,v,q\n{y},156,643,854231,1,1\n" for y in (2020, 2021)}
    lists = {"country_codes.csv": "country_code,country_name\n4,Afghanistan\n", "Readme.txt": "Read me\n"}
    source = archive(tmp_path / "BACI.zip", **years, **lists)
    done = import_files([source], tmp_path / "o.parquet", PRESETS["baci"])
    assert [row[4] for row in rows_of(done.path)] == ["2020", "2021"]
    broken = archive(tmp_path / "b.zip", **{"x.csv": "t,i,j,k,v,q\n2021,156,643,854231,-1,1\n"})
    for path, message in (
        (archive(tmp_path / "l.zip", **lists), "holds no file with the headings"),
        (written(tmp_path, "d.zip", "PK\x03\x04 the line broke"), "cannot be unpacked"),
        (broken, r"b\.zip: x\.csv: 1 rows have a negative value"),
    ):
        with pytest.raises(ParityError, match=message):
            import_files([path], tmp_path / "o.parquet", PRESETS["baci"])


def test_all_sheets_of_a_workbook_that_have_the_headings(tmp_path: Path) -> None:
    import xlsxwriter

    rows = [["HS", "DEU", "854231", "Germany", "RUS", "R", year, "Export", 6, 1.5] for year in (2020, 2021)]
    with xlsxwriter.Workbook(tmp_path / "wits.xlsx") as book:
        for table in (
            [["Made by WITS"]],
            [["A title"], WITS_HEAD.split(","), rows[0]],
            [WITS_HEAD.split(","), rows[1]],
        ):
            sheet = book.add_worksheet()
            for number, row_ in enumerate(table):
                sheet.write_row(number, 0, row_)
    done = import_files([tmp_path / "wits.xlsx"], tmp_path / "o.parquet", PRESETS["wits"])
    assert [(row[4], row[5]) for row in rows_of(done.path)] == [("2020", 1500.0), ("2021", 1500.0)]
    misnamed = (tmp_path / "wits.xlsx").rename(tmp_path / "wits.csv")
    with pytest.raises(ParityError, match="is an Excel workbook"):
        import_files([misnamed], tmp_path / "o.parquet", PRESETS["wits"])


def test_headings_that_are_repeated_below_are_no_row(tmp_path: Path) -> None:
    lines = ("2021,156,643,854231,1,1", "t,i,j,k,v,q", "2022,156,643,854231,1,1")
    assert [row[4] for row in rows_of(read(tmp_path, "baci", "t,i,j,k,v,q", *lines).path)] == ["2021", "2022"]


def test_a_compressed_file_that_was_cut_short(tmp_path: Path) -> None:
    text = "\n".join(
        [SITE, *(site("643,RUS,Russia", n).replace("854231", f"8542{n:02d}") for n in range(99)), ""]
    )
    source = tmp_path / "f.csv.gz"
    source.write_bytes(gzip.compress(text.encode())[:-30])
    with pytest.raises(ParityError, match="cannot be unpacked"):
        import_files([source], tmp_path / "o.parquet", PRESETS["comtrade"])
