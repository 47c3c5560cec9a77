"""Countries with codes, names, classes and size; their names as sources and other languages write them."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import polars as pl

from parity.catalogue._countries import plain
from parity.catalogue.build._codes import SOURCE, codes
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import table
from parity.errors import ParityError

LATEST = ("population", "gdp_pc_ppp", "gdp_ppp")


@cache
def _own() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_name("country_names.toml").read_text(encoding="utf-8"))


def _build(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    frame = codes(raw).join(_classes(raw), on="iso3", how="left")
    latest = _latest(built["observations"])
    return frame.join(latest, on="iso3", how="left")


def _classes(raw: Raw) -> pl.DataFrame:
    """Return the World Bank's income group and region of each country."""
    master = raw.folder(SOURCE).csv("countries_master.csv", "wb_income_name", "wb_region_name")
    elsewhere = pl.DataFrame(
        [(iso3, *classes) for iso3, classes in _own()["classes"].items()],
        schema=["iso3", "income_group", "region"],
        orient="row",
    )
    listed = master.select("iso3", income_group="wb_income_name", region="wb_region_name")
    return pl.concat([listed.filter(~pl.col("iso3").is_in(elsewhere["iso3"].to_list())), elsewhere])


def _latest(observations: pl.DataFrame) -> pl.DataFrame:
    """Return population and GDP of the last year that is not a projection."""
    observed = observations.filter(pl.col("indicator").is_in(LATEST) & (pl.col("flag") == "observed")).sort(
        "year"
    )
    wide = observed.group_by("iso3", "indicator").agg(pl.col("value").last())
    return wide.pivot("indicator", index="iso3", values="value", on_columns=LATEST)


TABLE = table("countries", _build)


# Columns of the two files that hold names, most authoritative first: where two countries
# share a name, the earlier column wins.
CODE_COLUMNS = ("official_name_en", "UNTERM English Short", "CLDR display name")
MASTER_COLUMNS = (
    "country_name_en",
    "wb_country_name",
    "country_name_sdg_en",
    "country_name_ru",
    "country_name_fr",
    "country_name_es",
    "country_name_zh",
    "country_name_ar",
)


def _build_country_names(raw: Raw, _: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    found: dict[str, str] = {}
    for iso3, name in _spellings(raw):
        alias = plain(name)
        if alias:
            found.setdefault(alias, iso3)
    _check(found, raw)
    return pl.DataFrame({"alias": list(found), "iso3": list(found.values())})


def _spellings(raw: Raw) -> Iterator[tuple[str, str]]:
    """Yield (iso3, name), the names that win a clash first."""
    listed = codes(raw)
    for column in ("iso3", "iso2", "name", "official_name"):
        yield from (
            listed.select("iso3", column).rows()
            if column != "iso3"
            else zip(listed["iso3"], listed["iso3"], strict=True)
        )
    for iso3, names in _own()["usual"].items():
        yield from ((iso3, name) for name in names)
    folder = raw.folder(SOURCE)
    for frame, key, columns in (
        (folder.csv("country-codes.csv", *CODE_COLUMNS), "ISO3166-1-Alpha-3", CODE_COLUMNS),
        (folder.csv("countries_master.csv", *MASTER_COLUMNS), "iso3", MASTER_COLUMNS),
    ):
        for column in columns:
            yield from frame.select(key, column).drop_nulls().rows()


def _check(found: Mapping[str, str], raw: Raw) -> None:
    """Every country must answer to its codes and its name: a clash would hide it."""
    for iso3, iso2, name in codes(raw).select("iso3", "iso2", "name").rows():
        if {found[plain(word)] for word in (iso3, iso2, name)} != {iso3}:
            raise ParityError(f"country_names: {iso3}, {iso2} and '{name}' do not lead to one country")


COUNTRY_NAMES = table("country_names", _build_country_names)


# A language counts if CLDR names nearly every territory in it.
LEAST_NAMES = 240


def _build_foreign_names(_: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    # Needed when the snapshot is built, never when it is read.
    import babel

    english = set(built["country_names"]["alias"])
    meant: dict[str, set[str]] = defaultdict(set)
    for iso3, name in _spellings_foreign_names(built["countries"]):
        alias = plain(name)
        if alias and alias not in english:
            meant[alias].add(iso3)
    # A word that means one country here and another there (Niger, Nigeria) is no name to go by.
    rows = [(alias, min(codes)) for alias, codes in meant.items() if len(codes) == 1]
    frame = pl.DataFrame(rows, schema=["alias", "iso3"], orient="row")
    return frame.with_columns(source=pl.lit(f"Unicode CLDR territory names, as in Babel {babel.__version__}"))


def _spellings_foreign_names(countries: pl.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield (iso3, name) in every language, then the former ones."""
    from babel import Locale, localedata

    known = dict(countries.select("iso2", "iso3").rows())
    for language in sorted(name for name in localedata.locale_identifiers() if "_" not in name):
        named = {code: name for code, name in Locale.parse(language).territories.items() if code in known}
        if len(named) >= LEAST_NAMES:
            yield from ((known[code], name) for code, name in named.items())
    for iso3, names in _own()["former"].items():
        yield from ((iso3, name) for name in names)


FOREIGN_NAMES = table("foreign_names", _build_foreign_names)
