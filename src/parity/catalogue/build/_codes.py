"""Country codes and names as the raw files give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from parity.catalogue._countries import plain
from parity.catalogue.build._raw import Raw
from parity.errors import ParityError

SOURCE = "country-codes"
# Kosovo is not in ISO 3166; XKX and XK are the user-assigned codes of the World Bank and GitHub.
KOSOVO = {
    "iso3": "XKX", "iso2": "XK", "number": None, "name": "Kosovo", "official_name": "Republic of Kosovo",
}  # fmt: skip
# The file abbreviates two names that people expect in full.
FULL_NAMES = {"GBR": "United Kingdom", "USA": "United States"}


def codes(raw: Raw) -> pl.DataFrame:
    """Return iso3, iso2, number, name and official name of every country and territory."""
    frame = raw.folder(SOURCE).csv(
        "country-codes.csv",
        "ISO3166-1-Alpha-3",
        "ISO3166-1-Alpha-2",
        "ISO3166-1-numeric",
        "CLDR display name",
    )
    listed = frame.select(
        iso3="ISO3166-1-Alpha-3",
        iso2="ISO3166-1-Alpha-2",
        number=pl.col("ISO3166-1-numeric").cast(pl.Int32),
        name=pl.coalesce(
            pl.col("ISO3166-1-Alpha-3").replace_strict(FULL_NAMES, default=None), "CLDR display name"
        ),
        official_name=pl.coalesce("official_name_en", "CLDR display name"),
    )
    return pl.concat([listed, pl.DataFrame(KOSOVO, schema=listed.schema)]).sort("iso3")


@dataclass(frozen=True, slots=True)
class Names:
    """Country names and codes -> ISO3, for the transforms."""

    aliases: Mapping[str, str]  # reduced name -> ISO3

    @classmethod
    def of(cls, country_names: pl.DataFrame) -> Names:
        """Return the lookup that the table ``country_names`` holds."""
        return cls(dict(country_names.select("alias", "iso3").rows()))

    def get(self, name: str) -> str | None:
        """Return the ISO3 code of a name or code, ``None`` if it is unknown."""
        return self.aliases.get(plain(name))

    def iso3(self, column: pl.Series, *, also: Mapping[str, str | None] | None = None) -> pl.Series:
        """Return the ISO3 code of every name or code in a column.

        ``also``: the source's own spellings; ``None`` for entities that are not countries. Returns: Codes;
        null for what ``also`` maps to ``None`` and for nulls.
        """
        known: dict[str, str | None] = {}
        unknown = []
        for given in column.drop_nulls().unique().sort():
            if also is not None and given in also:
                known[given] = also[given]
            elif (iso3 := self.get(given)) is not None:
                known[given] = iso3
            else:
                unknown.append(given)
        if unknown:
            raise ParityError(f"{column.name}: unknown countries {', '.join(map(repr, unknown[:10]))}")
        return column.replace_strict(known, default=None, return_dtype=pl.String)
