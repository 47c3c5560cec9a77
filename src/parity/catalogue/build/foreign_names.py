"""Names of countries in other languages, and those that they had before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import polars as pl

from parity.catalogue._countries import plain
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import Table

# A language counts if CLDR names nearly every territory in it.
LEAST_NAMES = 240
# What a country was called by its own law in the last hundred years, where today's lists have dropped it.
FORMER: Mapping[str, tuple[str, ...]] = {
    "BEN": ("Dahomey",),
    "BFA": ("Upper Volta", "Haute-Volta"),
    "BLR": ("Byelorussia", "Belorussia"),
    "COD": ("Zaire",),
    "ETH": ("Abyssinia",),
    "IRN": ("Persia",),
    "KGZ": ("Kirghizia", "Kirgizia"),
    "KHM": ("Kampuchea",),
    "LKA": ("Ceylon",),
    "MDA": ("Moldavia",),
    "THA": ("Siam",),
    "WSM": ("Western Samoa",),
    "ZMB": ("Northern Rhodesia",),
    "ZWE": ("Southern Rhodesia",),
}


def _build(_: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    # Needed when the snapshot is built, never when it is read.
    import babel

    english = set(built["country_names"]["alias"])
    meant: dict[str, set[str]] = defaultdict(set)
    for iso3, name in _spellings(built["countries"]):
        alias = plain(name)
        if alias and alias not in english:
            meant[alias].add(iso3)
    # A word that means one country here and another there (Niger, Nigeria) is no name to go by.
    rows = [(alias, min(codes)) for alias, codes in meant.items() if len(codes) == 1]
    frame = pl.DataFrame(rows, schema=["alias", "iso3"], orient="row")
    return frame.with_columns(source=pl.lit(f"Unicode CLDR territory names, as in Babel {babel.__version__}"))


def _spellings(countries: pl.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield (iso3, name) in every language, then the former ones."""
    from babel import Locale, localedata

    known = dict(countries.select("iso2", "iso3").rows())
    for language in sorted(name for name in localedata.locale_identifiers() if "_" not in name):
        named = {code: name for code, name in Locale.parse(language).territories.items() if code in known}
        if len(named) >= LEAST_NAMES:
            yield from ((known[code], name) for code, name in named.items())
    for iso3, names in FORMER.items():
        yield from ((iso3, name) for name in names)


TABLE = Table(
    name="foreign_names",
    title="Names of countries in other languages and former ones, reduced to lower case without accents",
    schema={"alias": pl.String, "iso3": pl.String, "source": pl.String},
    fields={
        "alias": "Name, reduced",
        "iso3": "ISO 3166 alpha-3 code",
        "source": "Where the name is from",
    },
    key=("alias",),
    build=_build,
)
