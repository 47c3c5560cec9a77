"""Files in the publishers' layouts -> one Parquet table of flows, streamed, by one rule for all of them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from parity.catalogue import files
from parity.catalogue.build._flow_names import dollars_per_euro
from parity.catalogue.trade import _cells, _layouts, _places
from parity.catalogue.trade._layouts import Layout
from parity.catalogue.trade._open import opened, regular
from parity.errors import ParityError

PathLike = str | os.PathLike[str]
PRESETS = {
    "comtrade": _layouts.COMTRADE,
    "wits": _layouts.WITS,
    "baci": _layouts.BACI_FILES,
    "comext": _layouts.COMEXT,
    "eurostat-sdmx": _layouts.EUROSTAT,
    "taiwan": _layouts.TAIWAN,
}
NO_VALUE, OTHER_FLOW, PART, NO_CODE = "no value given", "another flow", "part of a row beside it", "no code"
SHORT_YEAR = "a year without its four quarters"
KEY = ["reporter", "partner", "flow", "hs", "period"]
RAW = {name: f"{name}_raw" for name in _layouts.FLOWS}
# Between the cells that tell a place: a mark that no file holds.
JOINED = "\x1f"
# Slips that are named in one message.
NAMED = 12


@dataclass(frozen=True, slots=True)
class Reading:
    """How cells are read where a file leaves it open.

    Attributes
    ----------
    strict
        Whether anything that is left out refuses the import.
    exports
        Which exports: ``all`` (with re-exports, as publishers define them), ``domestic`` or ``re-exports``.
    calendar
        ``minguo`` for years of Taiwan's calendar.
    decimal
        Decimal mark; told from the file by default.
    quarters
        Whether four quarters are added up to a year.
    """

    strict: bool = False
    exports: _cells.Exports = "all"
    calendar: _cells.Calendar | None = None
    decimal: _cells.Decimal | None = None
    quarters: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that are not in the table.

    Attributes
    ----------
    why
        The reason.
    what
        Area, code or flow, as the source writes it.
    rows
        How many.
    value
        Their sum, US dollars.
    share
        Their sum over that of the table.
    """

    why: str
    what: str
    rows: int
    value: float
    share: float | None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import wrote.

    Attributes
    ----------
    path
        The table.
    rows
        Its rows.
    value
        Their sum, US dollars.
    left_out
        What is not in it, the largest first.
    """

    path: Path
    rows: int
    value: float
    left_out: tuple[LeftOut, ...] = ()


def import_files(
    paths: Sequence[PathLike], out: PathLike, layout: Layout, reading: Reading | None = None
) -> Imported:
    """Write files as one table of flows.

    Places that are no country (the world, sums, areas not specified, areas that are no more), rows without
    a value, parts of a total beside it and flows that were not asked for are left out, and listed.
    A table whose only partner is the world keeps it: alone it is all that is known.

    Parameters
    ----------
    paths
        CSV, TSV, Excel or Parquet files.
    out
        Parquet file to make or replace.
    layout
        One of `PRESETS`, or a mapping by `parse_mapping`.
    reading
        How cells are read where the file leaves it open.

    Raises
    ------
    ParityError
        If a file is absent, cut short, in another layout or edition, a cell cannot be read, rows are there
        twice, or, where that is asked for, anything would be left out.
    """
    with regular(str(paths[0])):
        return _imported(paths, out, layout, reading or Reading())


def _imported(paths: Sequence[PathLike], out: PathLike, layout: Layout, how: Reading) -> Imported:
    name = str(paths[0])
    flows = _read([_raw(Path(path), layout, how) for path in paths], layout, how, name)
    counts = flows.group_by("why", "what").agg(pl.len(), pl.col("value").sum()).collect(engine="streaming")
    world = pl.col("why") == _places.THE_WORLD
    if counts.filter(pl.col("why").is_null()).is_empty() and counts.filter(world).height:
        flows = flows.with_columns(why=pl.when(~world).then("why"))
        counts = counts.with_columns(why=pl.when(~world).then("why"))
    table = counts.filter(pl.col("why").is_null())
    left_out = _left_out(counts, float(table["value"].sum()))
    if table.is_empty():
        raise ParityError(
            f"{name}: no row has a known reporter and partner; is this the right layout?{_in_words(left_out)}"
        )
    if how.strict and left_out:
        raise ParityError(
            f"{name}: with --strict nothing may be left out, and this would be{_in_words(left_out)}"
        )
    kept = flows.filter(pl.col("why").is_null())
    if layout.doubles == "refused":
        _refuse_doubles(kept, name)
    if layout.doubles != "trusted":
        kept = kept.group_by(KEY).agg(pl.col("value").sum())
    with files.replacing(out) as draft:
        kept.select(*KEY, "value").sink_parquet(draft)
        rows = pl.scan_parquet(draft).select(pl.len(), pl.col("value").sum())
        count, value = rows.collect(engine="streaming").row(0)
    return Imported(Path(out), count, float(value), left_out)


def _left_out(counts: pl.DataFrame, whole: float) -> tuple[LeftOut, ...]:
    rows = counts.filter(pl.col("why").is_not_null()).sort("value", "what", descending=[True, False])
    return tuple(
        LeftOut(why, what or "", count, value, value / whole if whole else None)
        for why, what, count, value in rows.select("why", "what", "len", "value").rows()
    )


def _in_words(left_out: tuple[LeftOut, ...]) -> str:
    said = "; ".join(
        f"{one.what} ({one.why}, {one.rows:,} rows, {one.value / 1e6:,.3g} million USD)"
        for one in left_out[:NAMED]
    )
    more = f" and {len(left_out) - NAMED} more" if len(left_out) > NAMED else ""
    return f": {said}{more}" if left_out else ""


def _refuse_doubles(kept: pl.LazyFrame, name: str) -> None:
    """Refuse rows that are there twice, as the source writes them: adding them would count them again."""
    raw = [RAW[column] for column in KEY]
    twice = kept.group_by(raw).len().filter(pl.col("len") > 1).sort(raw).collect(engine="streaming")
    if twice.height:
        first = ", ".join(cell.split(JOINED)[0] for cell in twice.row(0)[:-1] if cell)
        raise ParityError(
            f"{name}: {twice.height:,} flows are there twice; keep one of each (first: {first})"
        )


def _raw(path: Path, layout: Layout, how: Reading) -> pl.LazyFrame:
    """Return a file's rows with the columns of flows as text, and which rows are parts of others."""
    rows, separator = opened(path, lambda columns: len(layout.absent(columns)) < len(_layouts.FLOWS) / 2)
    columns = rows.collect_schema().names()
    if layout is _layouts.TAIWAN:
        layout = _layouts.of_taiwan(columns, str(path))
    if absent := layout.absent(columns):
        wanted = (f"'{name}' ({' or '.join(layout.headings.get(name, ()))})" for name in absent)
        raise ParityError(
            f"{path}: is not in the layout of {layout.name}: no column for {', '.join(wanted)} "
            f"(found: {', '.join(columns[:12])})"
        )
    text = pl.all().cast(pl.String).str.strip_chars()
    if layout.labelled:
        text = text.str.replace("^([^:]+):.*$", "$1")
    rows = rows.select(text)
    found = layout.found(columns)
    rows = _kept(rows, layout, columns, str(path))
    targets = {target: _joined(some, target) for target, some in found.items()}
    targets |= {target: pl.lit(given) for target, given in layout.constants.items()}
    named = rows.with_columns(**{RAW[target]: cells for target, cells in targets.items()})
    blank = pl.all_horizontal(pl.col(RAW["hs"], RAW["period"], RAW["value"]).fill_null("") == "")
    named = _parted(named.filter(~blank), layout, columns, str(path))
    decimal = how.decimal or _cells.decimal_mark(named.select(RAW["value"]), separator, str(path))
    value = pl.col(RAW["value"]).fill_null("")
    named = named.with_columns(
        value=_cells.number(value, decimal) * layout.unit, missing=value.str.contains(_cells.MISSING)
    )
    _refuse_unread(named, str(path), (found.get("value") or ["value"])[0], decimal)
    return named.select(*RAW.values(), "part", "value", "missing")


def _joined(columns: list[str], target: str) -> pl.Expr:
    """Return the cells of a column of flows: all that tell a place, the first of anything else."""
    some = columns if target in ("reporter", "partner") else columns[:1]
    return pl.concat_str([pl.col(column).fill_null("") for column in some], separator=JOINED)


def _kept(rows: pl.LazyFrame, layout: Layout, columns: list[str], name: str) -> pl.LazyFrame:
    """Return the rows that hold values of goods, and refuse codes of another system than the Harmonized."""
    for names, pattern in layout.keep.items():
        for column in list(_layouts.columns_of(names, columns))[:1]:
            rows = rows.filter(pl.col(column).str.contains(pattern))
            if rows.head(1).collect().is_empty():
                raise ParityError(
                    f"{name}: holds no values of goods: no row has in '{column}' what {layout.name} writes"
                )
    return rows


def _parted(rows: pl.LazyFrame, layout: Layout, columns: list[str], name: str) -> pl.LazyFrame:
    """Mark rows that are parts of a total beside them, and refuse editions beside each other."""
    rows = rows.with_columns(part=pl.lit(False))
    for column in list(_layouts.columns_of(layout.edition, columns))[:1]:
        _refuse_editions(rows, column, name)
    key = [RAW[target] for target in KEY]
    broken = [(next(_layouts.columns_of(names, columns), None), mark) for names, mark in layout.totals]
    dimensions = [(column, mark) for column, mark in broken if column is not None]
    for column, mark in dimensions:
        others = [other for other, _ in dimensions if other != column]
        whole = pl.col(column).fill_null("").str.contains(mark)
        if rows.select((~whole).any()).collect(engine="streaming").item():
            beside = whole.any().over([*key, *others])
            rows = rows.with_columns(part=pl.col("part") | (beside & ~whole))
    return rows


def _refuse_editions(rows: pl.LazyFrame, column: str, name: str) -> None:
    found = rows.select(column, RAW["reporter"], RAW["period"]).unique().collect(engine="streaming")
    other = [edition for edition in found[column].unique().drop_nulls().sort() if not _is_hs(edition)]
    if other:
        raise ParityError(
            f"{name}: {', '.join(other[:6])} is no edition of the Harmonized System (HS, H0 ... H6); "
            "download that, or convert the codes first"
        )
    several = found.group_by(RAW["reporter"], RAW["period"]).agg(pl.col(column).sort())
    several = several.filter(pl.col(column).list.len() > 1).sort(RAW["reporter"], RAW["period"])
    if several.height:
        reporter, period, editions = several.row(0)
        raise ParityError(
            f"{name}: {reporter.split(JOINED)[0]} stands in {', '.join(editions)} for {period}, the same "
            "trade in several editions of the Harmonized System; keep one"
        )


def _is_hs(edition: str) -> bool:
    return bool(re.fullmatch(r"H\d|HS.*|", edition.upper()))


def _refuse_unread(rows: pl.LazyFrame, name: str, column: str, decimal: str) -> None:
    bad = rows.filter(pl.col("value").is_null() & ~pl.col("missing")).select(RAW["value"])
    found = bad.group_by(RAW["value"]).len().sort("len", RAW["value"], descending=[True, False])
    cells = found.collect(engine="streaming")
    negative = rows.select((pl.col("value") < 0).sum()).collect(engine="streaming").item()
    if negative:
        raise ParityError(
            f"{name}: {negative} rows have a negative value in '{column}'; trade is counted in money that "
            "changed hands"
        )
    if cells.height:
        shown = ", ".join(f"'{cell}'" for cell in cells[RAW["value"]].head(NAMED))
        other = "," if decimal == "." else "."
        raise ParityError(
            f"{name}: {cells['len'].sum()} rows have no number in '{column}': {shown}; the decimal mark is "
            f"taken to be '{decimal}', say --decimal {other} if it is not"
        )


def _read(parts: list[pl.LazyFrame], layout: Layout, how: Reading, name: str) -> pl.LazyFrame:
    """Return the rows as flows, with why a row is left out and what it is of; slips are refused together."""
    raw = pl.concat(parts)
    columns = [RAW[target] for target in KEY]
    texts = pl.collect_all([raw.select(pl.col(one).unique()) for one in columns], engine="streaming")
    cells = {target: sorted(text[RAW[target]].drop_nulls()) for target, text in zip(KEY, texts, strict=True)}
    calendar = how.calendar or layout.calendar
    unread = _slips(cells, layout, calendar)
    if unread:
        raise ParityError(f"{name}: {'; '.join(unread)}")
    places = {
        target: {cell: _place(cell, target) for cell in cells[target]} for target in ("reporter", "partner")
    }
    flow = {cell: _flow(cell, cells["flow"], how) for cell in cells["flow"]}
    periods = {cell: _cells.period(cell, calendar) or "" for cell in cells["period"]}
    codes = {cell: _cells.code(cell) for cell in cells["hs"]}
    read = raw.with_columns(
        *(
            expression
            for target, found in places.items()
            for expression in (
                _mapped(target, {cell: one.iso3 for cell, one in found.items()}),
                _mapped(target, {cell: one.why or None for cell, one in found.items()}, f"{target}_why"),
                _mapped(target, {cell: one.label for cell, one in found.items()}, f"{target}_label"),
            )
        ),
        _mapped("flow", flow),
        _mapped("hs", codes),
        _mapped("period", periods),
        value=pl.col("value").fill_null(0.0),
    )
    read = _quarters(read, cells["period"], periods, how, name)
    deeper = _in_more_detail(read, codes)
    reasons = (
        (pl.col("flow").is_null(), pl.lit(OTHER_FLOW), pl.col(RAW["flow"])),
        (pl.col("reporter_why").is_not_null(), pl.col("reporter_why"), pl.col("reporter_label")),
        (pl.col("partner_why").is_not_null(), pl.col("partner_why"), pl.col("partner_label")),
        (pl.col("part") | deeper, pl.lit(PART), pl.lit("rows in more detail")),
        (pl.col("hs").is_null(), pl.lit(NO_CODE), pl.col(RAW["hs"])),
        (pl.col("missing"), pl.lit(NO_VALUE), pl.col(RAW["value"]).replace("", "empty cells")),
        (pl.col("short_year"), pl.lit(SHORT_YEAR), pl.col("period")),
    )
    why, what = pl.lit(None, pl.String), pl.lit(None, pl.String)
    for holds, reason, label in reversed(reasons):
        why = pl.when(holds).then(reason).otherwise(why)
        what = pl.when(holds).then(label).otherwise(what)
    marked = read.with_columns(why=why, what=what)
    return _in_dollars(marked, cells["period"], periods, layout, name)


def _mapped(target: str, known: Mapping[str, str | None], name: str | None = None) -> pl.Expr:
    if not known:
        return pl.lit(None, pl.String).alias(name or target)
    return (
        pl.col(RAW[target]).replace_strict(known, default=None, return_dtype=pl.String).alias(name or target)
    )


def _place(cell: str, target: str) -> _places.Place:
    found = _places.place(*cell.split(JOINED), reporter=target == "reporter")
    return found or _places.Place(None, _places.UNKNOWN, cell)


def _flow(cell: str, every: Sequence[str], how: Reading) -> str | None:
    """Return ``export`` or ``import`` for a row that counts as such, by what is wanted of exports."""
    kinds = {_cells.flow(other) for other in every}
    kind = _cells.flow(cell)
    # Where no row gives exports with re-exports, those without are all there are.
    for direction in ("export", "import"):
        if kind == f"domestic {direction}" and direction not in kinds and how.exports == "all":
            return direction
    if kind == "import":
        return kind
    return "export" if kind == _cells.EXPORTS[how.exports] else None


def _slips(cells: dict[str, list[str]], layout: Layout, calendar: _cells.Calendar) -> list[str]:
    """Return what cannot be read and may be a slip, all at once, with the way to say it if there is one."""
    said = []
    for target in ("reporter", "partner"):
        unknown = [cell for cell in cells[target] if _places.place(*cell.split(JOINED)) is None]
        said += _said(target, [cell.split(JOINED)[-1] for cell in unknown], "")
    said += _said("flow", [cell for cell in cells["flow"] if _cells.flow(cell) is None], "")
    if layout.own:
        said += _said("hs", [cell for cell in cells["hs"] if _cells.code(cell) is None], "")
    periods = [cell for cell in cells["period"] if _cells.period(cell, calendar) is None]
    minguo = [cell for cell in periods if _cells.looks_minguo(cell)]
    said += _said("period", [cell for cell in periods if cell not in minguo], "years, months or quarters are")
    first = _cells.period(minguo[0], "minguo") if minguo else ""
    return said + _said(
        "period",
        minguo,
        f"if these are years of Taiwan's calendar (then '{(minguo or [''])[0]}' is {first}), say "
        "--calendar minguo",
    )


def _said(target: str, cells: list[str], hint: str) -> list[str]:
    if not cells:
        return []
    more = f" and {len(cells) - NAMED} more" if len(cells) > NAMED else ""
    shown = ", ".join(f"'{cell}'" for cell in cells[:NAMED])
    return [f"{shown}{more} cannot be read as {target}{', ' if hint else ''}{hint}"]


def _in_more_detail(read: pl.LazyFrame, codes: dict[str, str | None]) -> pl.Expr:
    """Return whether a row of more than six digits stands beside its six-digit code."""
    lengths = {cell: len(cell.replace(".", "").replace(" ", "")) for cell, found in codes.items() if found}
    fine = [cell for cell, length in lengths.items() if length > 6]
    if not fine or not any(length == 6 for length in lengths.values()):
        return pl.lit(False)
    detailed = pl.col(RAW["hs"]).is_in(fine)
    return detailed & (~detailed).any().over(KEY)


def _quarters(
    read: pl.LazyFrame, cells: list[str], periods: dict[str, str], how: Reading, name: str
) -> pl.LazyFrame:
    """Return quarters as years where that is asked for; a year without its four is left out."""
    quarters = [cell for cell in cells if "Q" in periods[cell]]
    if not quarters:
        return read.with_columns(short_year=pl.lit(False))
    if not how.quarters:
        raise ParityError(
            f"{name}: flows are by year or month, and '{quarters[0]}' is a quarter; download years or "
            "months, or say --quarters to add up four quarters to a year"
        )
    quarter = pl.col("period").str.contains("Q")
    year = pl.col("period").str.slice(0, 4)
    report = ["reporter", "flow", year, quarter]
    return read.with_columns(
        short_year=quarter & (pl.col("period").n_unique().over(report) < 4),
        period=pl.when(quarter).then(year).otherwise("period"),
    )


def _in_dollars(
    read: pl.LazyFrame, cells: list[str], periods: dict[str, str], layout: Layout, name: str
) -> pl.LazyFrame:
    if layout.currency == "USD":
        return read
    rates = dict(dollars_per_euro().rows())
    without = sorted({periods[cell][:4] for cell in cells} - set(rates))
    if without:
        raise ParityError(
            f"{name}: no euro rate for {', '.join(without)}; rates are known for {min(rates)} to "
            f"{max(rates)}, leave other years out or convert to US dollars first"
        )
    rate = pl.col("period").str.slice(0, 4).replace_strict(rates, return_dtype=pl.Float64)
    return read.with_columns(value=pl.col("value") * rate)
