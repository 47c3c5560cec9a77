"""Updates from a publisher that serves well, and in every way badly: the earlier table survives."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import zipfile
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl
import pytest

from parity.catalogue import load_table, query, refresh, vintage
from parity.catalogue._snapshot import snapshot_table
from parity.catalogue._store import data_folder, stored
from parity.catalogue.build.transforms import owid, people, world_bank
from parity.errors import ParityError
from tests.catalogue.publisher import Publisher, serving

TODAY = date(2026, 12, 1)
SOURCE = "owid-ember-carbon-intensity"
HEAD = "Entity,Code,Year,Carbon intensity of electricity - gCO2/kWh\n"


def path_of(download: refresh.Download) -> str:
    parts = urlsplit(download.url)
    return f"/{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")


CHART = path_of(refresh.RECIPES[SOURCE][0])


def chart(add: float = 1.0) -> bytes:
    """Return the snapshot's own series as the publisher would serve it, every value larger by ``add``."""
    rows = snapshot_table("observations").filter(indicator="carbon_intensity")
    lines = [
        f"X,{'OWID_KOS' if iso3 == 'XKX' else iso3},{year},{value + add}"
        for iso3, year, value in rows.select("iso3", "year", "value").rows()
    ]
    return (HEAD + "\n".join(lines) + "\nWorld,OWID_WRL,2023,480\n").encode()


@pytest.fixture
def publisher():
    with serving(Publisher(files={CHART: chart()})) as running:
        yield running


def update(publisher, source=SOURCE, today=TODAY, accept_fewer=False, accept_jumps=False, **options):
    options = {"timeout": 30, "retries": 0} | options
    client = refresh.Client(mirror=publisher.address, **options)
    (outcome,) = refresh.update(
        [source], client, today=today, accept_fewer=accept_fewer, accept_jumps=accept_jumps
    )
    return outcome


def russia(year=2022):
    return (
        load_table("observations").filter(indicator="carbon_intensity", iso3="RUS", year=year)["value"].item()
    )


@pytest.fixture
def before():
    return russia()


def test_new_data_are_used_at_once(publisher, before):
    outcome = update(publisher)
    assert outcome.status == "updated"
    assert russia() == pytest.approx(before + 1, abs=1e-9)
    assert vintage().endswith(f"updated: {SOURCE} of 2026-12-01")
    asked = query(
        "select value from observations where indicator='carbon_intensity' and iso3='RUS' and year=2022"
    )
    assert asked["value"].item() == pytest.approx(before + 1, abs=1e-9)


def test_other_sources_stay_as_they_are(publisher):
    others = pl.col("source") != SOURCE
    old = load_table("observations").filter(others)
    update(publisher)
    assert load_table("observations").filter(others).equals(old)


def test_provenance_of_the_new_data_is_recorded(publisher):
    update(publisher)
    source = load_table("sources").filter(source=SOURCE)
    assert source["retrieved"].item() == "2026-12-01"
    assert source["licence"].item() == "CC-BY-4.0"
    file = load_table("source_files").filter(source=SOURCE)
    assert file["sha256"].item() == hashlib.sha256(publisher.files[CHART]).hexdigest()
    assert file["path"].item().startswith(publisher.address)


def test_same_files_again_are_no_news(publisher):
    update(publisher)
    assert update(publisher, today=date(2027, 1, 1)).status == "unchanged"
    assert "2026-12-01" in vintage()


def test_newer_edition_replaces_the_older(publisher, before):
    update(publisher)
    publisher.files[CHART] = chart(add=5)
    assert update(publisher).status == "updated"
    assert russia() == pytest.approx(before + 5, abs=1e-9)
    assert len(list((data_folder() / SOURCE).iterdir())) == 1


BAD = {
    "truncated": "broke off before the end",
    "missing": "answered 404 Not Found",
    "failing": "answered 503 Service Unavailable",
    "slow": "did not answer in time",
}


@pytest.mark.parametrize(("manner", "words"), BAD.items())
@pytest.mark.parametrize("updated_before", [False, True])
def test_after_a_bad_answer_the_earlier_table_survives(publisher, before, manner, words, updated_before):
    if updated_before:
        update(publisher)
    earlier, stamp = russia(), vintage()
    publisher.files[CHART] = chart(add=9)
    publisher.manner = manner
    # Only the slow answer may be given up by the clock: the others must be told apart on any machine.
    outcome = update(publisher, timeout=0.5 if manner == "slow" else 30)
    assert outcome.status == "failed"
    assert words in outcome.message
    assert publisher.address in outcome.message
    assert outcome.message.endswith("the earlier data stay in use")
    assert (russia(), vintage()) == (earlier, stamp)


def test_answer_that_drips_is_cut_by_the_deadline(publisher, before):
    publisher.manner = "dripping"
    outcome = update(publisher, deadline=0.5)
    assert (outcome.status, russia()) == ("failed", before)
    assert "did not answer in time" in outcome.message


def test_server_that_recovers_is_asked_again(publisher):
    publisher.manner, publisher.failures = "failing", 1
    assert update(publisher, retries=1).status == "updated"
    assert len(publisher.asked) == 2


def test_what_is_not_there_is_not_asked_for_again(publisher):
    publisher.manner = "missing"
    update(publisher, retries=2)
    assert len(publisher.asked) == 1


def test_nobody_there_is_told(before):
    with serving(Publisher()) as gone:
        pass
    outcome = update(gone)
    assert "cannot be reached" in outcome.message
    assert russia() == before


CHANGED = {
    "another heading": (
        HEAD.replace("Carbon intensity", "Intensity") + "Russia,RUS,2022,9\n",
        "one column like",
    ),
    "a column gone": ("Entity,Year,Carbon intensity of electricity\nRussia,2022,9\n", "'Code' is absent"),
    "words for numbers": (HEAD + "Russia,RUS,2022,plenty\n", "not what they were"),
    "an unknown code": (HEAD + "Russia,RUX,2022,9\n", "unknown countries 'RUX'"),
    "a country twice": (HEAD + "Russia,RUS,2022,9\nRussia,RUS,2022,9\n", "share a key"),
    "a page instead of a table": ("<!doctype html><html></html>", "is absent"),
    "an empty file": ("", "is not a table"),
    "only a heading": (HEAD, "hold 0 rows"),
    "a few rows": (HEAD + "Russia,RUS,2022,9\n", "may be cut off"),
}


@pytest.mark.parametrize(("content", "words"), CHANGED.values(), ids=CHANGED)
def test_changed_files_are_refused(publisher, before, content, words):
    publisher.files[CHART] = content.encode()
    outcome = update(publisher)
    assert outcome.status == "failed"
    assert words in outcome.message
    assert russia() == before
    assert not stored().records


def test_fewer_rows_are_used_on_request(publisher):
    publisher.files[CHART] = (HEAD + "Russia,RUS,2022,9\n").encode()
    assert update(publisher, accept_fewer=True).status == "updated"
    assert load_table("observations").filter(indicator="carbon_intensity").height == 1


def test_wrong_checksum_is_refused_and_the_right_one_accepted(publisher, before, tmp_path):
    list_of = tmp_path / "SHA256SUMS"
    list_of.write_text("0" * 64 + f"  {owid.CARBON}\n")
    outcome = update(publisher, checksums=refresh.read_checksums(list_of))
    assert "checksum of carbon_intensity_electricity.csv is not the one required" in outcome.message
    assert russia() == before
    list_of.write_text(f"{hashlib.sha256(publisher.files[CHART]).hexdigest()}  {owid.CARBON}\n")
    assert update(publisher, checksums=refresh.read_checksums(list_of)).status == "updated"


@pytest.mark.parametrize("listed", ["", "0" * 64 + "  another.csv\n"], ids=["empty", "of another file"])
def test_a_list_without_the_file_lets_nothing_in(publisher, before, tmp_path, listed):
    path = tmp_path / "SHA256SUMS"
    path.write_text(listed)
    outcome = update(publisher, checksums=refresh.read_checksums(path))
    assert "the list of checksums has none for" in outcome.message
    assert russia() == before


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        ("abc  file.csv\n", "line 1 is not 'SHA-256"),
        ("0" * 64 + "  a/file.csv\n" + "1" * 64 + "  b/file.csv\n", "line 2 gives file.csv another checksum"),
    ],
)
def test_list_of_checksums_is_read_strictly(tmp_path, listed, words):
    path = tmp_path / "sums"
    path.write_text(listed)
    with pytest.raises(ParityError, match=words):
        refresh.read_checksums(path)


def test_plain_http_is_refused():
    client = refresh.Client(mirror="http://example.org", retries=0)
    (outcome,) = refresh.update([SOURCE], client)
    assert "only HTTPS addresses are fetched" in outcome.message


def test_redirection_is_followed(publisher):
    publisher.files["/moved"] = publisher.files.pop(CHART)
    publisher.moved[CHART] = f"{publisher.address}/moved"
    assert update(publisher).status == "updated"


def test_redirection_to_plain_http_is_refused_before_it_is_followed(publisher):
    publisher.moved[CHART] = "http://example.org/chart.csv"
    outcome = update(publisher)
    assert "http://example.org/chart.csv: only HTTPS addresses are fetched" in outcome.message


def test_redirection_in_a_circle_ends(publisher):
    publisher.moved[CHART] = publisher.address + CHART.replace("?", "%3F")
    assert "redirects more than" in update(publisher).message


def test_every_address_is_https():
    assert all(one.url.startswith("https://") for recipe in refresh.RECIPES.values() for one in recipe)


def test_unknown_source_is_told():
    with pytest.raises(ParityError, match=r"'epok' cannot be updated\. Did you mean .*'epoch'"):
        refresh.update(["epok"])


def test_interrupted_replacement_leaves_the_earlier_data(publisher, before, monkeypatch):
    """The tables are on disk but the record is not: nothing has happened yet."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("parity.catalogue._store.files.write_text", interrupt)
    with pytest.raises(KeyboardInterrupt):
        update(publisher)
    assert russia() == before
    monkeypatch.undo()


def world_bank_pages(publisher: Publisher, source: str, rows_of) -> None:
    """Serve the World Bank's interface: pages of a head and rows."""
    countries = [
        {"id": "WLD", "region": {"value": "Aggregates"}},
        {"id": "RUS", "region": {"value": "Europe"}},
    ]
    for download in refresh.RECIPES[source]:
        rows = (
            countries if download.file == "countries.json" else rows_of(download.file.removesuffix(".json"))
        )
        half = len(rows) // 2
        for number, part in ((1, rows[:half]), (2, rows[half:])):
            page = json.dumps([{"page": number, "pages": 2, "total": len(rows)}, part])
            publisher.files[f"{path_of(download)}&page={number}"] = page.encode()


def test_world_bank_pages_are_joined(publisher):
    governance = load_table("observations").filter(source="worldbank-wgi")

    def rows_of(code: str) -> list[dict[str, object]]:
        _, _, tail = code.split("_")
        dimension, kind = tail.split(".")
        rows = governance.filter(indicator=f"wgi_{dimension.lower()}")
        column = "value" if kind == "EST" else "se"
        found = [
            {"countryiso3code": iso3, "date": str(year), "value": number}
            for iso3, year, number in rows.select("iso3", "year", column).rows()
        ]
        return [*found, {"countryiso3code": "WLD", "date": "2023", "value": 0.1}]

    world_bank_pages(publisher, "worldbank-wgi", rows_of)
    assert update(publisher, "worldbank-wgi").status == "updated"
    again = load_table("observations").filter(source="worldbank-wgi")
    assert again.sort("indicator", "iso3", "year").equals(governance.sort("indicator", "iso3", "year"))


def test_world_bank_error_comes_with_status_200(publisher):
    world_bank_pages(publisher, "worldbank-wdi", lambda code: [])
    message = [{"message": [{"id": "120", "key": "Invalid value", "value": "not valid"}]}]
    for path in publisher.files:
        if "GB.XPD" in path:
            publisher.files[path] = json.dumps(message).encode()
    outcome = update(publisher, "worldbank-wdi")
    assert outcome.status == "failed"
    assert "something else than a page of rows" in outcome.message


def test_world_bank_without_rows_is_refused(publisher):
    world_bank_pages(publisher, "worldbank-wdi", lambda code: [])
    assert "GB.XPD.RSDV.GD.ZS.json holds no rows" in update(publisher, "worldbank-wdi").message


@pytest.mark.parametrize(
    ("source", "indicators"),
    [("worldbank-wdi", world_bank.WDI), ("worldbank-wdi-2026", world_bank.SELECTION)],
)
def test_world_bank_files_and_pages_give_the_same(publisher, source, indicators):
    development = load_table("observations").filter(source=source)

    def rows_of(code: str) -> list[dict[str, object]]:
        rows = development.filter(indicator=indicators[code])
        found = [
            {"countryiso3code": iso3, "date": str(year), "value": number}
            for iso3, year, number in rows.select("iso3", "year", "value").rows()
        ]
        return [*found, {"countryiso3code": "", "date": "2023", "value": 0.1}]

    world_bank_pages(publisher, source, rows_of)
    assert update(publisher, source).status == "updated"
    again = load_table("observations").filter(source=source)
    assert again.sort("indicator", "iso3", "year").equals(development.sort("indicator", "iso3", "year"))


@pytest.mark.shared
@pytest.mark.parametrize(
    "source",
    [
        "epoch",
        "epoch-chip-counts",
        "github-innovation-graph",
        "microsoft-ai-diffusion",
        "owid-ai-misc",
        "owid-cset-cat",
        "owid-ember-carbon-intensity",
    ],
)
def test_raw_files_served_again_give_the_snapshot_again(shared, publisher, source):
    """What the snapshot was made of, fetched as an update, gives the snapshot's own rows."""
    folder = shared / "data" / "raw" / source
    for download in refresh.RECIPES[source]:
        publisher.files[path_of(download)] = (folder / download.file).read_bytes()
    snapshot = load_table("observations")
    outcome = update(publisher, source, timeout=10)
    assert outcome.status == "updated", outcome.message
    keys = ["indicator", "iso3", "year"]
    assert load_table("observations").sort(keys).equals(snapshot.sort(keys))


def as_published(source: str, folder: Path) -> dict[str, bytes]:
    """Return a source's files in the publisher's own format of today, made of the raw copies."""
    iso2 = dict(snapshot_table("countries").select("iso3", "iso2").rows())
    files = [download.file for download in refresh.RECIPES[source]]
    if source == "gapminder":  # the publisher's files begin earlier and end with projections
        copies = {file: (folder / file).read_bytes().rstrip() for file in files}
        return {file: text + b"\nfra,1950,1\nfra,2090,1\n" for file, text in copies.items()}
    if source == "imo-results":
        return {files[0]: (folder / files[0]).read_bytes() + b"1990,Czechoslovakia,6" + b",NA" * 13 + b"\n"}
    if source == "undp-hdr":
        return {files[0]: (folder / people.SCHOOLS).read_text(encoding="utf-8").encode("latin-1", "replace")}
    raw = pl.read_csv(
        next(folder.glob("a*.csv" if source.startswith("top") else "*.csv")), infer_schema=False
    )
    if source == "cloud-regions":
        parts = raw.partition_by("provider", as_dict=True, include_key=False)
        return {f"{key[0]}.csv": part.write_csv().encode() for key, part in parts.items()}
    if source == "oecd-ai-publications":
        rows = raw.select(REF_AREA="iso3", TIME_PERIOD="period", OBS_VALUE="value")
        older = rows.with_columns(TIME_PERIOD=pl.lit("1990"), OBS_VALUE=pl.lit("1"))
        world = older.head(1).with_columns(REF_AREA=pl.lit("WLD"))
        return {files[0]: pl.concat([rows, older, world]).write_csv().encode()}
    if source == "openalex-ai-2024":
        made = {}
        for file in files:
            rows = raw.filter(indicator=file.removesuffix(".json"))
            groups = [
                {"key": f"https://openalex.org/countries/{iso2[iso3]}", "count": int(count)}
                for iso3, count in rows.select("iso3", "value").rows()
            ]
            made[file] = json.dumps({"meta": {}, "results": [], "group_by": groups}).encode()
        return made
    assert source == "top-ml-conferences-2024-2025"
    made = {}
    for file in files:
        venue, year = file.split("-")[:2]
        rows = raw.filter(pl.col("venue").str.to_lowercase() == venue, pl.col("year") == year)
        countries = [
            {"affiliation_country": iso2[iso3], "paper_count": int(papers)}
            | {"author_count": int(authors), "spotlights": int(spotlights), "orals": int(orals)}
            for iso3, papers, authors, spotlights, orals in rows.select(
                "iso3", "accepted_papers", "authors", "spotlights", "orals"
            ).rows()
        ]
        unknown = {"affiliation_country": "UNK", "paper_count": 9}
        countries.append(unknown | {"author_count": 9, "spotlights": 0, "orals": 0})
        made[file] = json.dumps({"globalStats": {"countries": countries}}).encode()
    return made


@pytest.mark.shared
@pytest.mark.parametrize(
    "source",
    [
        "cloud-regions",
        "gapminder",
        "imo-results",
        "oecd-ai-publications",
        "openalex-ai-2024",
        "top-ml-conferences-2024-2025",
        "undp-hdr",
    ],
)
def test_publishers_own_formats_give_the_snapshot_again(shared, publisher, source):
    served = as_published(source, shared / "data" / "raw" / source)
    for download in refresh.RECIPES[source]:
        publisher.files[path_of(download)] = served[download.file]
    before = load_table("observations").filter(source=source)
    outcome = update(publisher, source, timeout=10)
    assert outcome.status == "updated", outcome.message
    assert not outcome.held
    keys = ["indicator", "iso3", "year"]
    assert load_table("observations").filter(source=source).sort(keys).equals(before.sort(keys))


def test_every_open_source_is_fetched_or_says_why_not():
    sources = set(snapshot_table("sources")["source"])
    assert sources <= {*refresh.RECIPES, *refresh.FIXED}
    assert not set(refresh.RECIPES) & set(refresh.FIXED)
    with pytest.raises(ParityError, match="taiwan-customs-8542 is not fetched: it is given by a form only"):
        refresh.update(["taiwan-customs-8542"])


@pytest.mark.shared
def test_models_hardware_and_clusters_are_renewed_with_epoch(shared, publisher):
    folder = shared / "data" / "raw" / "epoch"
    for download in refresh.RECIPES["epoch"]:
        publisher.files[path_of(download)] = (folder / download.file).read_bytes()
    before = {name: load_table(name) for name in ("clusters", "notable_models")}
    outcome = update(publisher, "epoch", timeout=10)
    for name, table in before.items():
        assert f"{name} {table.height:,} rows" in outcome.message
        assert load_table(name).sort(table.columns).equals(table.sort(table.columns))


@pytest.mark.shared
def test_benchmarks_come_in_one_archive(shared, publisher):
    """The hub's files, packed as the publisher packs them, give the snapshot's own scores and models."""
    source = "epoch-benchmarks-2026-04"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((shared / "data" / "raw" / source).glob("*.csv")):
            archive.writestr(f"benchmark_data/{path.name}", path.read_bytes())
        archive.writestr("README.md", "not a table")
    (download,) = refresh.RECIPES[source]
    publisher.files[path_of(download)] = packed.getvalue()
    before = {name: load_table(name) for name in ("model_scores", "models")}
    outcome = update(publisher, source, timeout=10)
    assert outcome.status == "updated", outcome.message
    for name, table in before.items():
        assert load_table(name).sort(table.columns).equals(table.sort(table.columns)), name
    packed.truncate(1000)
    publisher.files[path_of(download)] = packed.getvalue()
    assert "not an archive" in update(publisher, source, timeout=10).message


@pytest.mark.shared
def test_another_vintage_of_investment_replaces_the_whole_series(shared, publisher):
    """Another edition, served as an update, leaves no year of the one in the snapshot behind."""
    folder = shared / "data" / "raw" / "owid-cset-cat"
    for download in refresh.RECIPES["owid-cset-cat"]:
        publisher.files[path_of(download)] = (folder / download.file).read_bytes()
    investment = next(one for one in refresh.RECIPES["owid-cset-cat"] if one.file == owid.INVESTMENT_LATER)
    publisher.files[path_of(investment)] = (folder / owid.INVESTMENT).read_bytes()
    outcome = update(publisher, "owid-cset-cat", timeout=10, accept_fewer=True, accept_jumps=True)
    assert outcome.status == "updated", outcome.message
    assert not outcome.held
    other = pl.read_csv(folder / owid.INVESTMENT).filter(~pl.col("Code").str.starts_with("OWID_"))
    other = other.with_columns(theirs=pl.coalesce("All", "All (projected) (Projected)")).drop_nulls("theirs")
    ours = load_table("observations").filter(indicator="ai_investment")
    joined = ours.join(other, left_on=["iso3", "year"], right_on=["Code", "Year"], how="full")
    assert (joined["value"] == joined["theirs"]).all()
    assert joined["value"].null_count() == 0


def test_folder_of_updates_can_be_thrown_away(publisher, before):
    update(publisher)
    shutil.rmtree(data_folder())
    assert russia() == before


def serve(publisher, shared, source):
    """Serve a source's raw files under its own addresses."""
    folder = shared / "data" / "raw" / source
    for download in refresh.RECIPES[source]:
        publisher.files[path_of(download)] = (folder / download.file).read_bytes()
    return {download.file: path_of(download) for download in refresh.RECIPES[source]}


@pytest.mark.shared
@pytest.mark.parametrize(
    ("source", "dead", "kept"),
    [
        ("owid-ai-misc", owid.VIEWS, "trust_in_ai"),
        ("owid-cset-cat", owid.PATENTS, "ai_patents"),
        ("github-innovation-graph", "topics.csv", "gh_ai_topic"),
        ("gapminder", "market_value_of_listed_companies_percent_of_gdp.csv", "market_cap"),
    ],
)
def test_one_dead_address_does_not_block_the_other_series(shared, publisher, source, dead, kept):
    paths = serve(publisher, shared, source)
    before = load_table("observations").filter(source=source)
    del publisher.files[paths[dead]]
    outcome = update(publisher, source, timeout=10)
    assert outcome.status == "updated", outcome.message
    assert "404 Not Found" in outcome.held[0]
    assert "held back, as before" in outcome.message
    keys = ["indicator", "iso3", "year"]
    after = load_table("observations").filter(source=source)
    assert after.sort(keys).equals(before.sort(keys))
    assert after.filter(pl.col("indicator").str.starts_with(kept)).height
    recorded = load_table("source_files").filter(source=source)["file"].to_list()
    assert {dead, *paths} <= {*recorded, *paths}
    assert dead in recorded


@pytest.mark.shared
def test_a_series_in_another_layout_does_not_block_the_others(shared, publisher):
    paths = serve(publisher, shared, "owid-ai-misc")
    publisher.files[paths[owid.VIEWS]] = b"<!doctype html><html></html>"
    outcome = update(publisher, "owid-ai-misc", timeout=10)
    assert outcome.status == "updated"
    assert "column" in outcome.held[0]
    assert load_table("observations").filter(indicator="trust_in_ai").height


@pytest.mark.shared
def test_a_jump_is_held_back_and_said(shared, publisher):
    """The two vintages of private investment put Singapore's 2025 a factor of 19 apart."""
    paths = serve(publisher, shared, "owid-cset-cat")
    other = (shared / "data" / "raw" / "owid-cset-cat" / owid.INVESTMENT).read_bytes()
    publisher.files[paths[owid.INVESTMENT_LATER]] = other
    wanted = load_table("observations").filter(indicator="ai_investment", iso3="SGP").sort("year")
    outcome = update(publisher, "owid-cset-cat", timeout=10, accept_fewer=True)
    assert outcome.status == "updated"
    assert any("SGP 2025: 0.05 times the earlier value" in held for held in outcome.held)
    now = load_table("observations").filter(indicator="ai_investment", iso3="SGP").sort("year")
    assert now.equals(wanted)


def observed(**columns):
    rows = len(next(iter(columns.values())))
    plain = {"indicator": ["a"] * rows, "year": [2020] * rows}
    return pl.DataFrame(plain | columns, schema_overrides={"value": pl.Float64})


COUNTRIES = [f"C{number:02d}" for number in range(40)]


@pytest.mark.parametrize(
    ("values", "words", "kept"),
    [
        ([10.0 + n for n in range(40)], [], "new"),
        ([-1.0, *[10.0] * 39], ["below zero"], "earlier"),
        ([500.0, *[10.0] * 39], ["a value of 500"], "earlier"),
        ([90.0, *[10.0] * 39], ["C00 2020: 9.0 times"], "one"),
        ([90.0] * 40, ["has its unit changed"], "earlier"),
    ],
    ids=["plain", "negative", "out of range", "one jump", "all jump"],
)
def test_what_cannot_be_right_is_held_back(values, words, kept):
    from parity.catalogue.refresh._install import sane

    earlier = observed(iso3=COUNTRIES, value=[10.0] * 40)
    new = observed(iso3=COUNTRIES, value=values)
    frame, told = sane(new, earlier)
    assert len(told) == len(words)
    assert all(word in line for word, line in zip(words, told, strict=True))
    changed = frame.sort("iso3")["value"].to_list() != earlier["value"].to_list()
    assert changed == (kept == "new")


@pytest.mark.skipif(not os.environ.get("PARITY_INTERNET"), reason="asks the publishers (PARITY_INTERNET=1)")
@pytest.mark.parametrize("source", refresh.RECIPES)
def test_addresses_still_answer(source):
    """Which addresses have gone, told one by one."""
    import requests

    gone = [
        f"{one.url}: {requests.head(one.url, allow_redirects=True, timeout=30).status_code}"
        for one in refresh.RECIPES[source]
        if requests.head(one.url, allow_redirects=True, timeout=30).status_code >= 400
    ]
    assert not gone
