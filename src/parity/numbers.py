"""Numbers as people and publishers write them: one reader for every table, and no guess between two readings.

``1.234`` is one thousand two hundred and thirty-four in Berlin and one and a bit in London. A column says
which by its other cells, or its file does; where neither does, nobody guesses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import polars as pl

Decimal = Literal[".", ","]

# Numbers with their thousands set apart, where the decimal mark is a point or a comma. No group begins with
# 0.
GROUPED = {
    ".": r"^[+-]?[1-9]\d{0,2}(([ ']\d{3})+|(,\d{3})+|(,\d{2})+,\d{3})(\.\d+)?$",
    ",": r"^[+-]?[1-9]\d{0,2}(([ ']\d{3})+|(\.\d{3})+)(,\d+)?$",
}
PLAIN = {".": r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$", ",": r"^[+-]?(\d+(,\d+)?|,\d+)([eE][+-]?\d+)?$"}
# Marks of a missing number that mean nothing else. A dash or a point alone may be a zero, or a secret.
MISSING = ("", "NA", "N/A", "n/a", "NaN", "nan", "n.a.", "#N/A", "null", "NULL", "..", "...", "…")
# Cells of a column of numbers that may stand for a missing one: signs, few letters, or a word for it.
_MARK = (
    r"^(?i:(?!\+?-?inf)([^\w\s]+|[^\W\d]{1,3}|([^\W\d][./]){1,3}[^\W\d]?|none|missing|unknown|no data|"
    r"not (available|applicable|reported)|not? avail\w*|confidential|suppressed|keine angabe|sem dados|"
    r"sin datos))$"
)
# A footnote after a number: signs, superscripts, brackets, or a letter that is no magnitude and no unit (3
# m, 5k).
_FOOT = (
    r"(\s*([*†‡§#^]+|[¹²³⁰⁴-⁹ᵃ-ᵛ]+|\(\s*[A-Za-z0-9*]{1,2}\s*\)|\[\s*[A-Za-z0-9*]{1,3}\s*\])"
    r"|\s+([a-jln-z]|[bcdefnprsuz]{2})|[acefijnopqrux])$"
)
PER_CENT = "in per cent (45% is 45)"
_PERCENT = r"\s*[%٪]$"
_SPACES = "[\u00a0\u202f\u2007\u2009]"
# A sign that is not the keyboard's, directly before a number.
_MINUS = r"^[\u2212\u2013\u2012\uff0d]\s?([\d.,])"


@dataclass(frozen=True, slots=True)
class Rules:
    """How numbers are read where a file leaves it open.

    Attributes
    ----------
    decimal
        Decimal mark; told from the cells by default.
    thousands
        Mark between thousands; by default whatever is not the decimal mark, a space or an apostrophe.
    missing
        Marks of a missing number, besides `MISSING`.
    footnotes
        Whether marks of footnotes after a number are dropped (``12.3*``, ``12,3 a``).
    percent
        Whether signs of per cent are dropped where not every cell of a column has one.
    """

    decimal: Decimal | None = None
    thousands: str | None = None
    missing: tuple[str, ...] = ()
    footnotes: bool = False
    percent: bool = False

    @property
    def mark(self) -> Decimal | None:
        """The decimal mark that was declared, by itself or by the mark of thousands."""
        return self.decimal or {".": ",", ",": "."}.get(self.thousands or "")  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Cells:
    """A column of text cells, looked at as numbers.

    Attributes
    ----------
    name
        Of the column.
    text
        Cells without odd spaces and signs, and without what the rules drop; null where missing.
    point, comma
        Values with a decimal point and with a decimal comma, null where a cell is no number that way.
    known
        Cells that were numbers in the file already, null elsewhere.
    told
        What was understood, in words.
    """

    name: str
    text: pl.Series
    point: pl.Series
    comma: pl.Series
    known: pl.Series | None
    told: tuple[str, ...]

    @property
    def given(self) -> int:
        """Count of cells that are not missing."""
        return self.text.count()

    def proofs(self) -> set[Decimal]:
        """Return the decimal marks without which some cell would be no number."""
        found: set[Decimal] = set()
        if (self.point.is_not_null() & self.comma.is_null()).any():
            found.add(".")
        if (self.comma.is_not_null() & self.point.is_null()).any():
            found.add(",")
        return found

    def either(self) -> pl.Series:
        """Tell the cells that are two numbers, one with each mark."""
        return (self.point != self.comma).fill_null(value=False)

    def marks_in_doubt(self) -> str:
        """Return the marks of the cells that are two numbers."""
        return "".join(
            mark for mark in ".," if self.text.filter(self.either()).str.contains(mark, literal=True).any()
        )

    def mixed(self) -> bool:
        """Tell whether whole numbers stand beside cells such as 1.200: they have no zeros to lose."""
        held = self.known is not None and self.known.count() > 0
        return held or bool((self.point == self.comma).fill_null(value=False).any())

    def padded(self) -> bool:
        """Tell whether a cell that may be either ends in 0, which no program writes beside whole numbers."""
        return bool((self.either() & self.text.str.ends_with("0").fill_null(value=False)).any())

    def are_numbers(self) -> bool:
        """Tell whether at least half of the cells are numbers with one of the marks."""
        numbers = (self.point.is_not_null() | self.comma.is_not_null()).sum()
        held = self.known.count() if self.known is not None else 0
        return 2 * (numbers + held) >= self.given + held and numbers + held > 0

    def values(self, mark: Decimal) -> pl.Series:
        """Return the numbers; whole ones where all are."""
        numbers = self.point if mark == "." else self.comma
        if self.known is not None:
            numbers = pl.select(pl.coalesce(pl.lit(self.known), pl.lit(numbers))).to_series()
        elif not self.text.str.contains(rf"[{mark}eE]").any():
            # Digits alone, whatever their count: a number of 17 digits is no float.
            bare = self.text.str.replace_all("[ '.,]", "").cast(pl.Int64, strict=False)
            return bare.alias(self.name) if bare.null_count() == numbers.null_count() else numbers
        whole = self.known is not None and bool(((numbers % 1 == 0) & (numbers.abs() < 2**53)).all())
        return (numbers.cast(pl.Int64) if whole else numbers).alias(self.name)


def number(text: pl.Expr, decimal: Decimal) -> pl.Expr:
    """Return texts as numbers, null where one is neither plain nor grouped by thousands.

    Parameters
    ----------
    text
        Cells.
    decimal
        Decimal mark: with a point ``1,234.5`` and ``1 234.5`` are read, and ``1,5`` is not.
    """
    bare = spaced(text)
    joined = (
        pl.when(bare.str.contains(GROUPED[decimal]))
        .then(bare.str.replace_all("[ ',]" if decimal == "." else r"[ '.]", ""))
        .when(bare.str.contains(PLAIN[decimal]))
        .then(bare)
    )
    return joined.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def spaced(text: pl.Expr) -> pl.Expr:
    """Return texts with plain spaces, apostrophes and signs, stripped."""
    plain = text.str.replace_all(_SPACES, " ").str.replace_all("’", "'", literal=True).str.strip_chars()
    return plain.str.replace(_MINUS, "-${1}")


def look(column: pl.Series, rules: Rules, known: pl.Series | None = None) -> Cells:
    """Look at a column of text as numbers.

    Parameters
    ----------
    column
        Cells of text.
    rules
        How numbers are read where the cells leave it open.
    known
        Cells that were numbers in the file already, null elsewhere.
    """
    told = []
    name = column.name
    bare = column.str.strip_chars()
    frame = pl.select(bare=bare, text=spaced(pl.lit(bare)))
    text = frame["text"]
    if (text != bare).any():
        told.append("no-break spaces or other signs for minus")
    absent = text.is_in([*MISSING, *rules.missing])
    text = text.set(absent if known is None else absent | known.is_not_null(), None)
    named = frame["text"].filter(absent & ~frame["text"].is_in(["", "NA", "NaN"])).unique().sort()
    if len(named):
        told.append(f"{_listed(named)} as missing")
    if rules.footnotes:
        text, dropped = _drop(text, _FOOT)
        told += ["marks of footnotes dropped"] if dropped else []
    percents = text.str.contains(_PERCENT)
    if percents.any() and (rules.percent or percents.sum() == text.count()):
        text, _ = _drop(text, _PERCENT)
        told.append(PER_CENT)
    both = pl.select(point=number(pl.lit(text), "."), comma=number(pl.lit(text), ","))
    return Cells(name, text, both["point"], both["comma"], known, tuple(told))


def _drop(text: pl.Series, end: str) -> tuple[pl.Series, int]:
    """Return cells without an ending, where a number is left, and how many those are."""
    cut = text.str.replace(end, "")
    numbers = pl.select(point=number(pl.lit(cut), "."), comma=number(pl.lit(cut), ","))
    fits = (cut != text) & (numbers["point"].is_not_null() | numbers["comma"].is_not_null())
    fits = fits.fill_null(value=False)
    return text.zip_with(~fits, cut), int(fits.sum())


@dataclass(frozen=True, slots=True)
class Unread:
    """Cells of columns of numbers that are none as they stand, and the lines that would make them readable.

    Attributes
    ----------
    told
        What they are, in words.
    lines
        Settings to add, as ``name -> value`` in TOML.
    """

    told: str
    lines: dict[str, str]


def unread(columns: list[tuple[Cells, pl.Series]]) -> Unread:
    """Sort the cells of several columns that are no numbers by what they seem to be.

    Parameters
    ----------
    columns
        Each column with the mask of its cells that are not read.
    """
    kinds: dict[str, list[tuple[str, str]]] = {}
    for cells, mask in columns:
        for row in mask.arg_true().to_list():
            text = cells.text[row]
            kinds.setdefault(_kind(text), []).append((f"'{cells.name}', row {row + 1}", text))
    lines: dict[str, str] = {}
    told = []
    words = {
        "percent": "signs of per cent on some cells only",
        "footnotes": "marks after numbers",
        "missing": "marks where a number is missing, or means nothing, or zero",
        "other": "no numbers",
    }
    for kind, said in words.items():
        if found := kinds.get(kind):
            first = [f"'{_short(text)}' in {place}" for place, text in found[:6]]
            told.append(
                f"{said} ({', '.join(first)}{f' and {len(found) - 6} more' if len(found) > 6 else ''})"
            )
            if kind == "missing":
                marks = dict.fromkeys(text for _, text in found)
                lines["missing"] = "[" + ", ".join(f'"{mark}"' for mark in marks) + "]"
            elif kind != "other":
                lines[kind] = '"drop"'
    return Unread("; ".join(told), lines)


def _kind(text: str) -> str:
    if re.match(_MARK, text):
        return "missing"
    cells = pl.Series([text])
    for kind, end in (("percent", _PERCENT), ("footnotes", _FOOT)):
        if _drop(cells, end)[1]:
            return kind
    return "other"


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:27]}..."


def _listed(marks: pl.Series) -> str:
    return ", ".join(f"'{mark}'" for mark in marks.to_list()[:6])


def agreed(columns: list[Cells], usual: Decimal | None) -> dict[str, Decimal | None]:
    """Return the decimal mark of each column of numbers; ``None`` where it cannot be told.

    A column's own cells tell first, then those of the others, if they agree; then what is usual in such a
    file, unless whole numbers beside ``1.200`` speak against it.

    Parameters
    ----------
    columns
        Columns of numbers of one table.
    usual
        Mark that a file of this kind has where nothing says otherwise.
    """
    proofs = {cells.name: cells.proofs() for cells in columns}
    everywhere = set().union(*proofs.values()) if proofs else set()
    common = next(iter(everywhere)) if len(everywhere) == 1 else None
    marks: dict[str, Decimal | None] = {}
    for cells in columns:
        own = proofs[cells.name]
        if len(own) == 1:
            marks[cells.name] = next(iter(own))
        elif own:
            marks[cells.name] = None
        elif not cells.either().any():
            marks[cells.name] = common or "."
        elif common is not None:
            # With the mark of the other columns, 1.200 beside 850 would have kept zeros that 850 lost.
            usual_here = usual == common and not cells.padded()
            doubtful = cells.mixed() and common in cells.marks_in_doubt() and not usual_here
            marks[cells.name] = None if doubtful else common
        else:
            # What is usual speaks for cells with that mark: "1,200" is quoted for a thousand or a decimal
            # comma.
            plain = not everywhere and not cells.mixed() and cells.marks_in_doubt() == usual
            marks[cells.name] = usual if plain else None
    return marks
