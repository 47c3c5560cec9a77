"""Rows of the publishers' files as flows, and why a row is none of them: one rule for all layouts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from parity import numbers
from parity.catalogue.build._flow_names import dollars_per_euro
from parity.catalogue.trade import _cells, _layouts
from parity.catalogue.trade._layouts import Layout
from parity.catalogue.trade._open import opened
from parity.errors import ParityError

NO_VALUE, OTHER_FLOW, PART, NO_CODE = "no value given", "another flow", "part of a row beside it", "no code"
SHORT_YEAR, WITH_ITSELF = "a year without its four quarters", "trade of a country with itself"
NO_FLOW = "a row without period and code"
KEY = ["reporter", "partner", "flow", "hs", "period"]
RAW = {name: f"{name}_raw" for name in _layouts.FLOWS}
# Columns that tell apart what would be added up: see `read`.
IDENTITY = ["reporter_same", "partner_same", "flow_same", "hs_same", "period_same"]
# Between the cells that tell a place: a mark that no file holds.
JOINED = "\x1f"
# Slips that are named in one message.
NAMED = 12
# Part of a country that reports, or is reported, beside the rest of it: Northern Ireland.
BESIDE = ("XI",)


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
    decimal: numbers.Decimal | None = None
    quarters: bool = False


def raw(path: Path, layout: Layout, how: Reading, number: int) -> pl.LazyFrame:
    """Return a file's rows with the columns of flows as text, and which rows are parts of others."""
    rows, separator = opened(path, layout.fits)
    columns = rows.collect_schema().names()
    if layout is _layouts.TAIWAN:
        layout = _layouts.of_taiwan(columns, str(path))
    if absent := layout.absent(columns):
        used = {column for some in layout.found(columns).values() for column in some}
        others = [column for column in columns if column not in used]
        wanted = (f"'{name}' ({' or '.join(layout.headings.get(name, ())[:3])})" for name in absent)
        raise ParityError(
            f"{path}: is not in the layout of {layout.name}: no column for {', '.join(wanted)} "
            f"(other columns: {', '.join(others[:24]) or 'none'})"
        )
    text = pl.all().cast(pl.String).str.strip_chars()
    if layout.labelled:
        text = text.str.replace("^([^:]+):.*$", "$1")
    rows = rows.select(text)
    found = layout.found(columns)
    rows = _kept(rows, layout, columns, str(path))
    targets = {target: _joined(some, target) for target, some in found.items()}
    targets |= {target: pl.lit(given) for target, given in layout.constants.items()}
    edition = next(_layouts.columns_of(layout.edition, columns), None)
    named = rows.with_columns(
        **{RAW[target]: cells for target, cells in targets.items()},
        edition=pl.lit(None, pl.String) if edition is None else pl.col(edition),
        file=pl.lit(number),
    )
    blank = {name: pl.col(RAW[name]).fill_null("") == "" for name in _layouts.FLOWS}
    none = blank["hs"] & blank["period"]
    # Files that were put one below the other repeat their headings.
    again = pl.col(RAW["value"]).eq_missing(pl.lit((found.get("value") or [""])[0]))
    named = named.filter(~(none & blank["value"]) & ~again)
    _refuse_broken(named, (blank["hs"] | blank["period"] | blank["flow"]) & blank["value"], str(path))
    named = _parted(named, layout, columns)
    decimal = how.decimal or _cells.decimal_mark(named.select(RAW["value"]), separator, str(path))
    value = pl.col(RAW["value"]).fill_null("")
    named = named.with_columns(
        value=numbers.number(value, decimal) * layout.unit,
        missing=value.str.contains(_cells.MISSING),
        none=none,
    ).filter(~(pl.col("none") & pl.col("value").is_null()))
    _refuse_unread(named, str(path), (found.get("value") or ["value"])[0], decimal)
    # Of a row without period and code, as a total below the table, nothing else is read.
    of_flow = [pl.when("none").then(None).otherwise(pl.col(RAW[one])).alias(RAW[one]) for one in KEY]
    label = pl.concat_str(
        [pl.col(RAW[one]).str.replace_all(JOINED, " ") for one in ("reporter", "partner", "flow")],
        separator=" ",
        ignore_nulls=True,
    )
    return named.select(
        *of_flow,
        RAW["value"],
        "edition",
        "file",
        "part",
        "value",
        "missing",
        "none",
        label=label.str.strip_chars(),
    )


def _refuse_broken(rows: pl.LazyFrame, broken: pl.Expr, name: str) -> None:
    count = rows.select(broken.sum()).collect(engine="streaming").item()
    if count:
        raise ParityError(
            f"{name}: {count} rows break off before their value; download the file again, or mend them"
        )


def _joined(columns: list[str], target: str) -> pl.Expr:
    """Return the cells of a column of flows: all that tell a place, the first of anything else."""
    some = columns if target in ("reporter", "partner") else columns[:1]
    return pl.concat_str([pl.col(column).fill_null("") for column in some], separator=JOINED)


def _kept(rows: pl.LazyFrame, layout: Layout, columns: list[str], name: str) -> pl.LazyFrame:
    """Return the rows that hold values of goods, and refuse a file without any."""
    if rows.head(1).collect().is_empty():
        raise ParityError(f"{name}: holds headings and no rows")
    for names, pattern, meant in layout.keep:
        for column in list(_layouts.columns_of(names, columns))[:1]:
            kept = rows.filter(pl.col(column).str.contains(pattern))
            if kept.head(1).collect().is_empty():
                cells = rows.select(pl.col(column).unique()).head(6).collect()[column].drop_nulls().sort()
                raise ParityError(
                    f"{name}: holds no values of goods: no row has {meant} in '{column}' "
                    f"(found: {', '.join(cells)})"
                )
            rows = kept
    return rows


def _parted(rows: pl.LazyFrame, layout: Layout, columns: list[str]) -> pl.LazyFrame:
    """Mark rows that are parts of a total beside them."""
    rows = rows.with_columns(part=pl.lit(False))
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


def _refuse_editions(rows: pl.LazyFrame, name: str) -> None:
    """Refuse codes of another system than the Harmonized, and its editions beside each other."""
    found = (
        rows.select("edition", RAW["reporter"], RAW["period"])
        .drop_nulls()
        .unique()
        .collect(engine="streaming")
    )
    editions = found["edition"].unique().sort()
    other = [edition for edition in editions if not re.fullmatch(r"H\d|HS.*|", edition.upper())]
    if other:
        raise ParityError(
            f"{name}: {', '.join(other[:6])} is no edition of the Harmonized System (HS, H0 ... H6); "
            "download that, or convert the codes first"
        )
    several = found.group_by(RAW["reporter"], RAW["period"]).agg(pl.col("edition").sort())
    several = several.filter(pl.col("edition").list.len() > 1).sort(RAW["reporter"], RAW["period"])
    if several.height:
        reporter, period, editions = several.row(0)
        raise ParityError(
            f"{name}: {reporter.split(JOINED)[0]} stands in {', '.join(editions)} for {period}, the same "
            "trade in several editions of the Harmonized System; keep one"
        )


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
        unread = cells[RAW["value"]].head(NAMED).to_list()
        other = "," if decimal == "." else "."
        hint = f"; the decimal mark is taken to be '{decimal}', say --decimal {other} if it is not"
        raise ParityError(
            f"{name}: {cells['len'].sum()} rows have no number in '{column}': "
            f"{', '.join(map(repr, unread))}{hint if any(other in cell for cell in unread) else ''}"
        )


def read(parts: list[pl.LazyFrame], layout: Layout, how: Reading, name: str) -> pl.LazyFrame:
    """Return the rows as flows, with why a row is left out and what it is of.

    Returns: columns of `KEY`, ``value``, ``why``, ``what``, and of `IDENTITY`: two rows that agree in
    these are the same flow twice, however they are written.
    """
    raw = pl.concat(parts)
    _refuse_editions(raw, name)
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
                _mapped(target, {cell: _apart(cell, one) for cell, one in found.items()}, f"{target}_same"),
            )
        ),
        _mapped("flow", flow),
        _mapped("hs", codes),
        _mapped("period", periods),
        _mapped("flow", {cell: _cells.flow(cell) for cell in cells["flow"]}, "flow_same"),
        _mapped("hs", {cell: _whole(cell, found) for cell, found in codes.items()}, "hs_same"),
        _mapped("period", periods, "period_same"),
        value=pl.col("value").fill_null(0.0),
    )
    read = _quarters(read, cells["period"], periods, how, name)
    deeper = _in_more_detail(read, codes)
    reasons = (
        (pl.col("none"), pl.lit(NO_FLOW), pl.col("label")),
        (pl.col("flow").is_null(), pl.lit(OTHER_FLOW), pl.col(RAW["flow"])),
        (pl.col("reporter_why").is_not_null(), pl.col("reporter_why"), pl.col("reporter_label")),
        (pl.col("partner_why").is_not_null(), pl.col("partner_why"), pl.col("partner_label")),
        (pl.col("reporter") == pl.col("partner"), pl.lit(WITH_ITSELF), pl.col("partner_label")),
        (pl.col("part") | deeper, pl.lit(PART), pl.lit("rows in more detail")),
        (pl.col("hs").is_null(), pl.lit(NO_CODE), pl.col(RAW["hs"]).replace("", "empty cells")),
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


def _place(cell: str, target: str) -> _cells.Place:
    found = _cells.place(*cell.split(JOINED), reporter=target == "reporter")
    return found or _cells.Place(None, _cells.UNKNOWN, cell)


def _apart(cell: str, found: _cells.Place) -> str | None:
    """Return what tells a place from others that may stand beside it."""
    return next((part for part in BESIDE if part in cell.split(JOINED)), found.iso3)


def _whole(cell: str, found: str | None) -> str | None:
    """Return a code with all its digits."""
    digits = re.sub(r"[. ]", "", cell.removesuffix(".0"))
    return digits if found and len(digits) > len(found) else found


def _flow(cell: str, every: Sequence[str], how: Reading) -> str | None:
    """Return ``export`` or ``import`` for a row that counts as such, by what is wanted of exports."""
    kinds = {_cells.flow(other) for other in every}
    kind = _cells.flow(cell)
    # Where no row gives exports with re-exports, they are those without and, if given, those alone.
    for direction in ("export", "import"):
        parts = {f"domestic {direction}", f"re-{direction}"}
        if (
            how.exports == "all"
            and direction not in kinds
            and f"domestic {direction}" in kinds
            and kind in parts
        ):
            return direction
    if kind == "import":
        return kind
    return "export" if kind == _cells.EXPORTS[how.exports] else None


def _slips(cells: dict[str, list[str]], layout: Layout, calendar: _cells.Calendar) -> list[str]:
    """Return what cannot be read and may be a slip, all at once, with the way to say it if there is one."""
    said = []
    for target in ("reporter", "partner"):
        unknown = [cell for cell in cells[target] if _cells.place(*cell.split(JOINED)) is None]
        said += _said(target, [cell.split(JOINED)[-1] for cell in unknown], "")
        meant = {cell: sorted(_cells.countries_of(*cell.split(JOINED))) for cell in cells[target]}
        said += [
            f"{target} '{cell.replace(JOINED, ' ').strip()}' is two countries, {' and '.join(two)}"
            for cell, two in [one for one in meant.items() if len(one[1]) > 1][:NAMED]
        ]
    said += _said("flow", [cell for cell in cells["flow"] if _cells.flow(cell) is None], "")
    if layout.own:
        said += _said("hs", [cell for cell in cells["hs"] if _cells.code(cell) is None], "")
    periods = [cell for cell in cells["period"] if _cells.period(cell, calendar) is None]
    minguo = [cell for cell in periods if _cells.looks_minguo(cell)]
    said += _said(
        "period",
        [cell for cell in periods if cell not in minguo],
        "where years, months or quarters are wanted",
    )
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
