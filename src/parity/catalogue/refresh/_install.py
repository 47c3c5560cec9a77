"""From downloaded files to tables in use: read, check for what cannot be, compare, put in place."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars as pl
import tomli_w

from parity.catalogue import _store
from parity.catalogue._seal import READ_ONLY, chosen
from parity.catalogue._snapshot import load_table, snapshot_table, tables
from parity.catalogue.build import observations, sources
from parity.catalogue.build._raw import Folder, Raw
from parity.catalogue.build._registry import TABLES
from parity.catalogue.build._table import finish
from parity.catalogue.refresh._fetch import Client
from parity.catalogue.refresh._recipes import FIXED, RECIPES
from parity.errors import NoAnswerError, ParityError, did_you_mean, one_of

# Tables that describe the sources themselves: renewed with every source.
ABOUT_SOURCES = (sources.SOURCES.name, sources.FILES.name)
OBSERVATIONS = observations.TABLE.name
KEY = list(observations.TABLE.key)


@dataclass(frozen=True, slots=True)
class Updated:
    """What became of one source.

    Attributes
    ----------
    source
        Key of the source.
    status
        ``updated``, ``unchanged`` or ``failed``.
    message
        In one line: what is new, or what went wrong and that the earlier data stay in use.
    held
        What stays as it was although the rest is new: series that could not be had, values that jump.
    """

    source: str
    status: str
    message: str
    held: tuple[str, ...] = ()


def update(
    names: Iterable[str] = (),
    client: Client | None = None,
    *,
    today: date | None = None,
    accept_fewer: bool = False,
    accept_jumps: bool = False,
) -> list[Updated]:
    """Fetch the current files of sources and use them from now on.

    Parameters
    ----------
    names
        Keys of the sources; all that can be updated by default.
    client
        How to fetch.
    today
        Date to record.
    accept_fewer
        Use a new edition although it has far fewer rows than the earlier one.
    accept_jumps
        Use values that are many times the earlier ones for the same year.

    Returns
    -------
    list of Updated
        One entry per source; a failure of one does not keep the others from being updated, nor one of a
        series the others of its source.

    Raises
    ------
    ParityError
        If a name is not a source that can be updated.
    """
    if chosen():
        raise ParityError(READ_ONLY.format(chosen()))
    wanted = tuple(names) or tuple(RECIPES)
    for name in wanted:
        if name in FIXED:
            raise ParityError(f"{name} is not fetched: it {FIXED[name]}. It changes with a release of Parity")
        if name not in RECIPES:
            raise ParityError(
                f"'{name}' cannot be updated.{did_you_mean(name, RECIPES)} Allowed are {one_of(RECIPES)}"
            )
    limits = Limits(accept_fewer, accept_jumps)
    return [_one(name, client or Client(), today or date.today(), limits) for name in wanted]


class Limits(NamedTuple):
    """Which checks of a new edition are waived."""

    fewer: bool
    jumps: bool


def _one(source: str, client: Client, today: date, waived: Limits) -> Updated:
    try:
        with tempfile.TemporaryDirectory(prefix="parity-") as scratch:
            folder = Path(scratch) / source
            folder.mkdir()
            problems = _fetch(source, client, folder)
            _describe(folder, client, today)
            with _store.locked():
                return _install(Raw(Path(scratch), by_series=True), source, today, waived, problems)
    except ParityError as problem:
        return Updated(source, "failed", f"{problem}; the earlier data stay in use")


def _fetch(source: str, client: Client, folder: Path) -> list[str]:
    """Fetch what can be had of a source; return what could not, one line each."""
    problems: list[str] = []
    for download in RECIPES[source]:
        try:
            client.fetch(download, folder)
        except NoAnswerError as problem:
            problems.append(str(problem))
    if len(problems) == len(RECIPES[source]):
        raise NoAnswerError(problems[0])
    return problems


def _describe(folder: Path, client: Client, today: date) -> None:
    """Write the ``SOURCE.toml`` of freshly downloaded files: the snapshot's words, today's date."""
    known = snapshot_table("sources").row(by_predicate=pl.col("source") == folder.name, named=True)
    archives = (client.fetched[path.name] for path in folder.glob("*.zip"))
    archive = next(archives, "")
    about = {
        "title": known["title"],
        "publisher": known["publisher"],
        "licence": known["licence_note"],
        "original_url": known["url"],
        "retrieved": today.isoformat(),
        "vintage": f"as published on {today.isoformat()}",
        "note": known["note"],
        "files": [
            {
                "name": name,
                "path_in_repository": client.fetched.get(name, archive),
                "transform": "as published",
            }
            for name in sorted(path.name for path in folder.iterdir())
        ],
    }
    (folder / "SOURCE.toml").write_text(tomli_w.dumps(about), encoding="utf-8")


def _install(raw: Raw, source: str, today: date, waived: Limits, problems: list[str]) -> Updated:
    made = _renewed(raw, source, problems)
    edition = _edition(raw.folder(source))
    current = _store.stored().records.get(source)
    if current is not None and current.folder == edition:
        return Updated(source, "unchanged", "the publisher's files are those of the last update")
    earlier = {name: load_table(name).filter(pl.col("source") == source) for name in made}
    held = list(problems)
    if OBSERVATIONS in made:
        lost = raw.folder(source).lost or []
        held += [] if problems else lost
        partly = bool(problems or lost)
        made[OBSERVATIONS], told = _checked(made[OBSERVATIONS], earlier[OBSERVATIONS], waived, partly=partly)
        held += told
    if not waived.fewer:
        _compare(made, earlier)
    files = sources.FILES.name
    if held:  # what stays in use keeps the record of the file that it came from
        made[files] = pl.concat([made[files], earlier[files].join(made[files], on="file", how="anti")])
    _store.put(source, edition, made, today.isoformat())
    counts = (
        f"{name} {frame.height:,} rows (before: {earlier[name].height:,})"
        for name, frame in made.items()
        if name not in ABOUT_SOURCES
    )
    kept = f"; held back, as before: {'; '.join(held)}" if held else ""
    return Updated(source, "updated", ", ".join(counts) + kept, tuple(held))


def _checked(
    now: pl.DataFrame, before: pl.DataFrame, waived: Limits, *, partly: bool
) -> tuple[pl.DataFrame, list[str]]:
    """Return the observations to use; a source of which every series is held back has not been updated."""
    absent = before.join(now, on="indicator", how="anti") if partly else before.clear()
    found = before.join(absent, on="indicator", how="anti")
    frame, told = sane(now, found, accept_fewer=waived.fewer, accept_jumps=waived.jumps)
    if told and frame.sort(KEY).equals(found.sort(KEY)):
        raise NoAnswerError(told[0])
    return pl.concat([frame, absent]), told


def _renewed(raw: Raw, source: str, problems: list[str]) -> dict[str, pl.DataFrame]:
    """Return one source's rows of every table that it feeds, made from its fresh files.

    A table whose file could not be had is left out: its earlier rows stay in use.
    """
    known = {name: snapshot_table(name) for name in tables()}
    made: dict[str, pl.DataFrame] = {}
    for table in TABLES:
        build = table.build if table.name in ABOUT_SOURCES else table.renew.get(source)
        if build is None:
            continue
        try:
            frame = finish(table, build(raw, known | made))
        except ParityError as fault:
            if not problems:
                raise
            if "no such raw file" not in str(fault):  # the address that failed has been told
                problems.append(str(fault))
            continue
        made[table.name] = frame.filter(pl.col("source") == source)
    if not set(made) - set(ABOUT_SOURCES):
        raise NoAnswerError(problems[0])
    return made


def _edition(folder: Folder) -> str:
    """Name an edition by what it holds: the same files give the same name."""
    text = json.dumps(folder.used, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _compare(made: Mapping[str, pl.DataFrame], earlier: Mapping[str, pl.DataFrame]) -> None:
    """Refuse an edition that has lost many rows of a table; observations are checked series by series."""
    for name, before in earlier.items():
        if name in (*ABOUT_SOURCES, OBSERVATIONS):
            continue
        if made[name].height < LEAST_SHARE_OF_ROWS * before.height:
            raise NoAnswerError(fewer(name, made[name], before))


# A new edition with fewer rows than this share of the earlier one is taken for a cut-off file.
LEAST_SHARE_OF_ROWS = 0.9
# A value of a year that both editions have may not move by more than this factor: of 666 sums of private
# deals in two releases three months apart, 98.3 % moved by less (the median by 1 %); Iceland's by 230.
JUMP = 5.0
# Where so many countries jump at once, the unit has changed and not the world.
SHARE_OF_JUMPS = 0.1


def sane(
    new: pl.DataFrame, earlier: pl.DataFrame, *, accept_fewer: bool = False, accept_jumps: bool = False
) -> tuple[pl.DataFrame, list[str]]:
    """Return observations to use, with what was held back and why.

    ``new, earlier``: one source's rows of the table ``observations``, fresh and as in use. Returns: the
    new rows; the earlier ones of a series, or of a country in it, that cannot be right. Returns: one line
    for each series held back, wholly or for some countries.
    """
    kept: list[pl.DataFrame] = []
    told: list[str] = []
    before = earlier.partition_by("indicator", as_dict=True, maintain_order=True)
    after = new.partition_by("indicator", as_dict=True, maintain_order=True)
    for key in dict.fromkeys([*before, *after]):
        old, now = before.get(key, earlier.clear()), after.get(key, new.clear())
        fault = "" if old.is_empty() else _fault(str(key[0]), now, old, accept_fewer)
        if fault:
            kept.append(old)
            told.append(fault)
            continue
        jumps = now.clear().select("iso3", words=pl.lit("")) if accept_jumps else _jumps(now, old)
        if jumps.height > max(SHARE_OF_JUMPS * now["iso3"].n_unique(), 3):
            kept.append(old)
            told.append(
                f"{key[0]}: {jumps.height} countries jump, {jumps['words'][0]}; has its unit changed?"
            )
            continue
        held = pl.col("iso3").is_in(jumps["iso3"].to_list())
        kept += [now.filter(~held), old.filter(held)]
        told += [f"{key[0]}, {words}" for words in jumps["words"]]
    return pl.concat(kept).select(new.columns), told


def fewer(name: str, now: pl.DataFrame, old: pl.DataFrame) -> str:
    """Return the words for a table or series that has lost many rows."""
    return (
        f"the new files hold {now.height:,} rows of {name} where there were {old.height:,}: "
        "they may be cut off (if the publisher has dropped them, use --accept-fewer)"
    )


def _fault(name: str, now: pl.DataFrame, old: pl.DataFrame, accept_fewer: bool) -> str:
    """Return why a whole series cannot be right; empty where it can."""
    if not accept_fewer and now.height < LEAST_SHARE_OF_ROWS * old.height:
        return fewer(name, now, old)
    if now.is_empty():
        return ""
    low, high = now["value"].min(), now["value"].max()
    first, last = old["value"].min(), old["value"].max()
    if isinstance(low, float) and isinstance(first, float) and low < 0 <= first:
        return f"{name}: a value of {low:,.4g}, where none was below zero"
    if isinstance(high, float) and isinstance(last, float) and last <= 100 < high and high > last * JUMP:
        return f"{name}: a value of {high:,.4g}, where none was above {last:,.4g}"
    return ""


def _jumps(now: pl.DataFrame, old: pl.DataFrame) -> pl.DataFrame:
    """Return the countries whose values of a year in both editions are too far apart, with words for each."""
    both = now.join(old, on=["iso3", "year"], suffix="_old")
    larger = pl.max_horizontal("value", "value_old")
    smaller = pl.min_horizontal("value", "value_old")
    # Small numbers double and halve; a sum of one deal says little.
    matters = larger > old.filter(pl.col("value") > 0)["value"].median()
    far = both.filter(smaller > 0, larger / smaller > JUMP, matters).sort("year")
    return far.group_by("iso3", maintain_order=True).agg(
        words=pl.format(
            "{} {}: {} times the earlier value",
            pl.col("iso3").last(),
            pl.col("year").last(),
            (pl.col("value") / pl.col("value_old")).last().round(2),
        )
    )
