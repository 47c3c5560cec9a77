"""Indicators of the reader's own, joined to an index on the catalogue's data by country."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

import polars as pl

from parity.catalogue import files, find_country
from parity.errors import ParityError, did_you_mean, one_of
from parity.index import IndexSpec

_FEW = 12
"""Names of countries that are listed one by one."""


class Joined(NamedTuple):
    """A spec with the values of its own indicators.

    Attributes
    ----------
    spec
        The spec, each own indicator as if it were in the catalogue.
    rows
        Observations: ``iso3``, ``indicator``, ``year``, ``value``, ``source``, ``flag``.
    notes
        What was understood and what was not, in sentences.
    """

    spec: IndexSpec
    rows: pl.DataFrame
    notes: tuple[str, ...]


def with_frame(spec: IndexSpec, given: Any, to: str | None) -> tuple[IndexSpec, pl.DataFrame, str]:
    """Add each column of numbers of a table to a spec, as an indicator that weighs as its siblings do.

    Parameters
    ----------
    spec
        Spec on the catalogue's data.
    given
        Path of a table, or the table.
    to
        Code or title of the group to which they belong; the index itself by default.

    Returns
    -------
    tuple
        The spec, the table, and its name.
    """
    name = Path(given).name if isinstance(given, str) else "a table of your own"
    frame = files.read_table(given) if isinstance(given, str) else given
    country, year = _places(frame, name)
    codes = [one for one in _numbers(frame) if one not in (country, year)]
    if not codes:
        raise ParityError(f"{name} has no column of numbers beside '{country}'; add one for each indicator")
    group = None if to is None else _group(spec, to)
    known = {*spec.codes, *(each.code for each in spec.groups)}
    if taken := [code for code in codes if code in known]:
        raise ParityError(f"{name}: '{taken[0]}' is in the index already; give the column another name")
    body = spec.model_dump(by_alias=True, exclude_unset=True)
    top = next(each.code for each in spec.groups if each.parent is None)
    siblings = [each.weight for each in spec.indicators if each.group == group]
    siblings += [each.weight for each in spec.groups if each.parent == (group or top)]
    added = (
        {"code": code, "title": code, "group": group or top, "weight": fmean(siblings), "data": name}
        for code in codes
    )
    body["indicator"] = [*body["indicator"], *added]
    return IndexSpec.model_validate(body), frame, name


def joined(
    spec: IndexSpec,
    folder: Path,
    frames: Mapping[str, pl.DataFrame],
    observations: pl.DataFrame,
    as_of: int | None,
) -> Joined:
    """Return a spec whose own indicators have their values among the observations.

    Parameters
    ----------
    spec
        Spec in which some indicators have ``data``.
    folder
        Where it lies: files that it names are relative to it.
    frames
        Tables by the name in ``data``, in place of files.
    observations
        The catalogue's.
    as_of
        Last year whose data count.

    Raises
    ------
    ParityError
        If a table has no column of countries or of values, names a country twice, or matches none.
    """
    ends = [each.select.years[1] for each in spec.indicators if each.select and each.select.years]
    # Own values are taken as of the last year of the others, so that no other window moves.
    year = as_of or max(ends, default=observations["year"].max())
    body = spec.model_dump(by_alias=True, exclude_unset=True)
    rows, notes = [], []
    for element in body["indicator"]:
        if not (name := element.pop("data", None)):
            continue
        code, column = element["code"], element.pop("column", None)
        frame = frames[name] if name in frames else files.read_table(folder / name)
        values, note = _values(frame, name, code, column, as_of)
        notes.append(note)
        element["select"] = {"indicator": f"own.{code}"}
        rows += [(iso3, f"own.{code}", year, value, name, "observed") for iso3, value in values.items()]
    names = ("iso3", "indicator", "year", "value", "source", "flag")
    kinds = {each: observations.schema[each] for each in names}
    found = pl.DataFrame(rows, kinds, orient="row")
    return Joined(IndexSpec.model_validate(body), found, tuple(dict.fromkeys(notes)))


def _values(
    frame: pl.DataFrame, name: str, code: str, column: str | None, as_of: int | None
) -> tuple[dict[str, float], str]:
    """Return the latest value of each country, and what was understood."""
    country, year = _places(frame, name)
    numbers = [each for each in _numbers(frame) if each not in (country, year)]
    at = column or (code if code in frame.columns else numbers[0] if len(numbers) == 1 else None)
    if at is None or at not in frame.columns:
        raise ParityError(
            f"{name}: which column holds '{code}'? Name it with column = \"...\"; there are "
            f"{one_of(frame.columns)}"
        )
    if year and as_of:
        frame = frame.filter(pl.col(year) <= as_of)
    rows = (
        frame.select(
            place=pl.col(country).cast(pl.String),
            value=pl.col(at).cast(pl.Float64, strict=False),
            year=pl.col(year) if year else pl.lit(0),
        )
        .drop_nulls()
        .sort("year", maintain_order=True)
    )
    found: dict[str, float] = {}
    seen: dict[tuple[str, int], str] = {}
    unknown: list[str] = []
    for place, value, when in rows.iter_rows():
        try:
            iso3 = find_country(place).iso3
        except ParityError:
            unknown.append(place)
            continue
        if (iso3, when) in seen:
            raise ParityError(f"{name}: two values of {iso3} ('{seen[iso3, when]}', '{place}'); keep one")
        seen[iso3, when] = place
        found[iso3] = value
    if not found:
        raise ParityError(
            f"{name}: no row of '{country}' names a country (for example '{unknown[0] if unknown else ''}')"
        )
    text = f"{name}: {len(found)} countries of the column '{country}' were understood, values from '{at}'"
    if unknown:
        listed = list(dict.fromkeys(unknown))
        more = f" and {len(listed) - _FEW} more" if len(listed) > _FEW else ""
        text += f"; no country, left out: {', '.join(listed[:_FEW])}{more}"
    return found, text


def _places(frame: pl.DataFrame, name: str) -> tuple[str, str | None]:
    """Return the column of countries, and that of years if there is one."""
    shares = {column: _known(frame[column]) for column, kind in frame.schema.items() if kind == pl.String}
    best = max(shares, key=lambda each: shares[each], default=None)
    if best is None or shares[best] < 0.5:
        raise ParityError(
            f"{name} has no column of countries; one must hold names or ISO codes. There are "
            f"{one_of(frame.columns)}"
        )
    years = [each for each, kind in frame.schema.items() if each.casefold() == "year" and kind.is_integer()]
    return best, next(iter(years), None)


def _known(column: pl.Series) -> float:
    texts = column.drop_nulls().unique(maintain_order=True).head(60).to_list()
    return sum(map(_is_country, texts)) / len(texts) if texts else 0.0


def _is_country(text: str) -> bool:
    try:
        find_country(text)
    except ParityError:
        return False
    return True


def _numbers(frame: pl.DataFrame) -> Iterable[str]:
    return [name for name, kind in frame.schema.items() if kind.is_numeric()]


def _group(spec: IndexSpec, text: str) -> str:
    wanted = text.strip().casefold()
    for group in spec.groups:
        if wanted in (group.code.casefold(), group.title.casefold()):
            return group.code
    codes = [each.code for each in spec.groups]
    raise ParityError(f"no group '{text}' to add to.{did_you_mean(text, codes)} There are {one_of(codes)}")
