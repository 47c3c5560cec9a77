"""Every usual name and code of a country -> its ISO3 code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from parity.catalogue._countries import plain
from parity.catalogue.build._codes import SOURCE, codes
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import Table
from parity.errors import ParityError

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
# Names in use that no list of codes carries: former, short and colloquial ones.
USUAL: dict[str, tuple[str, ...]] = {
    "ARE": ("UAE", "Emirates"),
    "BES": ("Bonaire, Saint Eustatius and Saba",),
    "BIH": ("Bosnia-Herzegovina", "Bosnia & Herzegovina"),
    "BRA": ("Federative Republic of Brazil",),
    "BRN": ("Brunei Darussalam",),
    "CHE": ("Swiss Confederation",),
    "CHN": ("PRC", "People's Republic of China", "China (People's Republic of)", "Mainland China"),
    "CIV": ("Ivory Coast", "Cote d'Ivoire"),
    "COD": ("DR Congo", "DRC", "Democratic Republic of Congo", "Congo, Dem. Rep.", "Congo-Kinshasa"),
    "COG": ("Congo", "Republic of Congo", "Republic of the Congo", "Congo, Rep.", "Congo-Brazzaville"),
    "CPV": ("Cape Verde", "Cabo Verde"),
    "CZE": ("Czech Republic",),
    "DEU": ("Federal Republic of Germany",),
    "FRA": ("French Republic",),
    "FSM": ("Federated States of Micronesia",),
    "GAB": ("Gabonese Republic",),
    "GBR": ("Britain", "Great Britain", "United Kingdom", "U.K."),
    "GRC": ("Hellenic Republic",),
    "GUY": ("Co-operative Republic of Guyana",),
    "HKG": ("Hong Kong SAR", "Hong Kong, China", "Hong Kong S.A.R., China", "China, Hong Kong SAR"),
    "IRN": ("Islamic Republic of Iran",),
    "ITA": ("Italian Republic",),
    "JOR": ("Hashemite Kingdom of Jordan",),
    "KOR": ("Korea", "Republic of Korea", "Korea, South", "Korea (Republic of)", "ROK"),
    "LAO": ("Laos", "Lao PDR"),
    "LBN": ("Lebanese Republic",),
    "MAC": ("Macau", "Macao SAR", "Macau SAR", "China, Macao SAR"),
    "MEX": ("United Mexican States",),
    "MKD": ("Macedonia", "FYROM", "Republic of North Macedonia"),
    "MMR": ("Burma",),
    "NLD": ("Holland", "The Netherlands"),
    "PRK": ("DPRK", "Korea, North", "Democratic People's Republic of Korea"),
    "PRT": ("Portuguese Republic",),
    "PSE": ("Palestinian Territories", "State of Palestine", "West Bank and Gaza"),
    "RUS": ("Russian Federation", "Россия"),
    "SHN": ("Saint Helena, Ascension and Tristan da Cunha",),
    "SWZ": ("Swaziland",),
    "SYR": ("Syria",),
    "TGO": ("Togolese Republic",),
    "TLS": ("East Timor",),
    "TUR": ("Turkey", "Turkiye", "Republic of Turkey"),
    "TWN": ("Taiwan", "Chinese Taipei", "Taiwan, China", "Taiwan, Province of China", "Taiwan (China)"),
    "URY": ("Oriental Republic of Uruguay",),
    "USA": ("United States", "America", "United States of America", "U.S.", "U.S.A."),
    "VAT": ("Vatican", "Holy See"),
    "VNM": ("Viet Nam",),
    "XKX": ("Kosovo",),
}


def _build(raw: Raw, _: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
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
    for iso3, names in USUAL.items():
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


TABLE = Table(
    name="country_names",
    title="Names and codes of countries, reduced to lower case without accents",
    schema={"alias": pl.String, "iso3": pl.String},
    fields={"alias": "Name or code, reduced", "iso3": "ISO 3166 alpha-3 code"},
    key=("alias",),
    build=_build,
)
