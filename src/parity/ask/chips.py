"""Export controls on accelerators: rulings, what a country can reach, what is installed."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, Field, model_validator

from parity.ask.answer import Answer
from parity.ask.cache import cached
from parity.ask.question import Day, Line, Old, Place, Question, TableFile, Word
from parity.errors import NoAnswerError, ParityError

if TYPE_CHECKING:
    import polars as pl

    from parity.chips import (
        Device,
        DeviceFigures,
        DeviceList,
        Names,
        RuleBook,
        Ruling,
        Screened,
    )

SOURCES = ("export-controls", "chips-2026", "epoch")
Positive = Annotated[float | None, Field(gt=0, le=1e9)]
Destination = Annotated[
    Word, BeforeValidator(lambda given: destination(given) if given and isinstance(given, str) else given)
]
"""A country or a region of the rules, by code or as people type it."""
Threshold = tuple[Line, ...]

# Names that people type for destinations, regions that are no countries among them (codes that ISO 3166
# leaves to users).
TYPED = {
    **dict.fromkeys(("xcr", "crimea", "crimea region", "sevastopol", "simferopol"), "XCR"),
    **dict.fromkeys(("xdl", "donetsk", "luhansk", "lugansk", "dnr", "lnr", "dpr", "lpr", "donbas"), "XDL"),
    **dict.fromkeys(("donetsk region", "luhansk region", "donbass"), "XDL"),
    **dict.fromkeys(("ksa", "saudi", "riyadh"), "SAU"),
    **dict.fromkeys(("dubai", "abu dhabi", "uae dubai", "sharjah"), "ARE"),
    **dict.fromkeys(("s korea", "korea south", "seoul"), "KOR"),
    **dict.fromkeys(("republic of china", "republic of china taiwan", "roc"), "TWN"),
    **dict.fromkeys(("gaza", "west bank", "gaza strip"), "PSE"),
    **dict.fromkeys(("beijing", "shanghai", "shenzhen", "mainland"), "CHN"),
}


def destination(text: str) -> str:
    """Return the code of a destination as people type it: a country, or a region that the rules name.

    Raises
    ------
    ParityError
        If no destination is known by that name.
    """
    from parity.catalogue import find_country

    plain = " ".join(re.findall(r"\w+", text.casefold()))
    return TYPED.get(plain) or find_country(text).iso3


@cached(1)
def rulebook() -> RuleBook:
    """Return the rules of the catalogue."""
    from parity.catalogue import load_table, vintage
    from parity.chips import TABLES, RuleBook

    return RuleBook.of({name: load_table(name) for name in TABLES}, vintage())


@cached(1)
def accelerators() -> pl.DataFrame:
    """Return the accelerators of the catalogue."""
    from parity.catalogue import load_table

    return load_table("accelerators")


@cached(1)
def _names() -> Names:
    from parity.chips import Names

    return Names.of(accelerators())


def device(name: str) -> Device:
    """Return the accelerator that a name means."""
    return _names().find(name)


class Rule(Question):
    """Rule on a device, by name or figures, for a destination and a day: an analysis, not legal advice.

    Rule text and letters ("is informed") are kept apart; every step has its citation; what is not known
    makes the answer "undetermined" and is named.
    """

    verb = "chips rule"
    view = "chips:rule"
    result = "parity.chips:Ruling"
    addresses = ("rule",)
    examples = (
        "parity chips rule H20 --to CHN --on 2026-08-01",
        'parity chips rule "RTX 4090" --to Vietnam --headquarters China',
        "parity chips rule --tops 296 --bits 8 --die-area 814 --data-center --to CHN",
    )

    device: Annotated[Word | None, Place()] = Field(
        default=None, description="Accelerator.", examples=["H20"]
    )
    to: Destination = Field(description="Destination: ISO code or usual name.", examples=["CHN"])
    on: Day | None = Field(
        default=None, description="Day; by default the last to which rules were looked for."
    )
    headquarters: Annotated[Destination | None, Old("--hq")] = Field(
        default=None,
        description="Seat of the parties or their parent; without it all cases are named.",
    )
    exported_from: Destination | None = Field(
        default=None,
        description="Where it is exported from; the United States by default.",
    )
    data_center: Annotated[bool | None, Old("--not-data-center")] = Field(
        default=None,
        description="Designed or marketed for data centres, or not; the catalogue's answer by default.",
    )
    what_if: Threshold = Field(
        default=(), max_length=20, description="Another threshold, as a question: '3A090.a.1:tpp=4000'."
    )
    tops: tuple[Annotated[float, Field(gt=0, le=1e9)], ...] = Field(
        default=(), max_length=20, description="Dense TOPS, one for each precision."
    )
    bits: tuple[Annotated[float, Field(gt=0, le=1024)], ...] = Field(
        default=(), max_length=20, description="Bit length of each figure of TOPS, in its order."
    )
    die_area: Annotated[Positive, Old("--die")] = Field(
        default=None, description="Area of all non-planar logic dies, mm2."
    )
    memory_bandwidth: Positive = Field(default=None, description="DRAM bandwidth, GB/s.")
    io_bandwidth: Annotated[Positive, Old("--io")] = Field(
        default=None, description="Bidirectional bandwidth to other chips, GB/s."
    )
    process_nm: Annotated[Positive, Old("--process")] = Field(default=None, description="Process, nm.")
    dies: int = Field(default=1, ge=1, le=10_000, description="TOPS and die area are of one of so many dies.")
    maker: str | None = Field(
        default=None, max_length=100, description="Maker: letters bind the firm that they went to."
    )
    sparse: bool = Field(default=False, description="TOPS are quoted with 2:4 sparsity; they are halved.")

    @model_validator(mode="after")
    def _one_device(self) -> Rule:
        if self.device is None and not self._described():
            raise ParityError(
                "no device is given: name one, or describe it with --tops, --bits and --die-area"
            )
        if len(self.tops) != len(self.bits):
            raise ParityError(
                f"{len(self.tops)} --tops and {len(self.bits)} --bits: give a bit length for each TOPS figure"
            )
        return self

    def _described(self) -> bool:
        figures = (self.die_area, self.memory_bandwidth, self.io_bandwidth, self.process_nm, self.maker)
        return bool(self.tops or self.bits or any(figure is not None for figure in figures))

    @cached(512)
    def answer(self) -> Answer[Ruling]:
        """Rule."""
        from parity.chips import describe_device, judge

        book = rulebook().what_if(*self.what_if)
        if self._described():
            found = describe_device(
                operations=list(zip(self.tops, self.bits, strict=True)),
                die_area=self.die_area,
                memory_bandwidth=self.memory_bandwidth,
                io_bandwidth=self.io_bandwidth,
                process_nm=self.process_nm,
                maker=self.maker,
                dies=self.dies,
                sparse=self.sparse,
                name=self.device or "",
            )
        else:
            found = device(str(self.device))
        ruling = judge(
            found,
            book,
            self.to,
            self.on or book.checked_to,
            self.headquarters,
            self.data_center,
            self.exported_from,
        )
        return Answer(self, ruling, book.vintage, book.checked_to, SOURCES)


class Screen(Question):
    """Rule on every row of a table of devices and destinations.

    Columns: device (or tops and bits) and to; optionally on, headquarters, data_center, die_area,
    memory_bandwidth, io_bandwidth, process_nm, maker, sparse. Rows keep their order and your own columns. A
    row that cannot be ruled is reported by its line, and the rest is done.
    """

    verb = "chips screen"
    view = "chips:screen"
    result = "parity.chips:Screened"
    examples = (
        "parity chips screen orders.csv",
        "parity chips screen orders.xlsx --out rulings.csv",
    )

    table: Annotated[TableFile, Place()] = Field(description="Your table: device, to, ... in rows.")
    what_if: Threshold = Field(
        default=(), max_length=20, description="Another threshold, as a question: '3A090.a.1:tpp=4000'."
    )

    def answer(self) -> Answer[Screened]:
        """Rule on the rows."""
        from parity.catalogue import files
        from parity.chips import Screened, screen

        book = rulebook().what_if(*self.what_if)
        path = "" if hasattr(self.table, "iter_rows") else str(self.table)
        rows = files.read_table(path) if path else self.table
        found = Screened.of(screen(rows, book, accelerators(), destination))
        if found.rows and found.bad.height == found.rows:
            raise NoAnswerError(
                f"{path or 'the table'}: no row could be ruled; line 2: {found.bad['error'][0]}"
            )
        return Answer(self, found, book.vintage, book.checked_to, SOURCES)


class Devices(Question):
    """List the accelerators: for a destination with verdicts, for other thresholds those that would move."""

    verb = "chips list"
    view = "chips:devices"
    result = "parity.chips:DeviceList"
    examples = (
        "parity chips list",
        "parity chips list --to CHN --on 2024-01-31",
        'parity chips list --to CHN --what-if "3A090.b.1:tpp>=2000"',
        "parity chips list --out landscape.png",
    )

    to: Destination | None = Field(default=None, description="Show the verdict for this destination.")
    on: Day | None = Field(
        default=None, description="Day; by default the last to which rules were looked for."
    )
    what_if: Threshold = Field(
        default=(),
        max_length=20,
        description="Another threshold: show the devices that move ('3A090.a.1:tpp=4000').",
    )
    mark: Word | None = Field(default=None, description="Name this accelerator in the figure.")

    @model_validator(mode="after")
    def _destined(self) -> Devices:
        if self.what_if and not self.to:
            raise ParityError("--what-if compares verdicts; say for which destination with --to")
        return self

    @cached(64)
    def answer(self) -> Answer[DeviceList]:
        """List them."""
        import polars as pl

        from parity.chips import DISCLAIMER, DeviceList, access, regions

        book = rulebook()
        other = book.what_if(*self.what_if)
        day = self.on or book.checked_to
        known = accelerators().with_columns(density=pl.col("tpp") / pl.col("die_area"))
        shown = known.select(_LISTED).sort("released_by", "name", nulls_last=True)
        terms = access(other, accelerators(), self.to or "USA", [day])
        drawn = known.with_columns(terms=pl.Series(terms.terms[0].tolist(), dtype=pl.String))
        if self.to:
            shown = shown.with_columns(_verdicts(shown, book, self.to, day).alias("verdict"))
        if self.what_if:
            shown = shown.with_columns(_verdicts(shown, other, self.to, day).alias("what_if")).filter(
                pl.col("verdict") != pl.col("what_if")
            )
        out = drawn.filter(
            pl.col("density").is_not_null(), pl.col("terms") != "not_released", pl.col("tpp") > 0
        )
        result = DeviceList(
            on=day,
            to=self.to,
            what_if=self.what_if,
            devices=shown,
            disclaimer=DISCLAIMER,
            regions=tuple(regions(other, day, PLANE_TPP, PLANE_DENSITY)),
            drawn=out,
            mark=device(self.mark).name if self.mark else None,
        )
        return Answer(self, result, book.vintage, book.checked_to, SOURCES)


_LISTED = ("name", "maker_country", "released_by", "data_center", "tpp", "density", "memory_bandwidth")


PLANE_TPP, PLANE_DENSITY = (50.0, 100_000.0), (0.1, 50.0)
"""What the figure of all accelerators shows: TPP, and TPP per mm2."""


def _verdicts(shown: pl.DataFrame, book: RuleBook, country: str | None, day: dt.date) -> pl.Series:
    import polars as pl

    from parity.chips import screen

    asked = shown.select(device="name").with_columns(to=pl.lit(country), on=pl.lit(day.isoformat()))
    return screen(asked, book, accelerators(), destination)["verdict"]


class Show(Question):
    """Show every figure of an accelerator with its source, and which of two that disagree is used."""

    verb = "chips show"
    view = "chips:show"
    result = "parity.chips:DeviceFigures"
    examples = (
        "parity chips show MI250X",
        'parity chips show "RTX A6000" --json',
    )

    device: Annotated[Word, Place()] = Field(description="Accelerator.", examples=["MI250X"])

    def answer(self) -> Answer[DeviceFigures]:
        """Show them."""
        import polars as pl

        from parity.catalogue import load_table, looked_to
        from parity.chips import DISCLAIMER, DeviceFigures

        found = device(self.device)
        figures = load_table("accelerator_figures").filter(pl.col("accelerator") == found.name)
        facts = {name: value for name, value in found.facts.items() if value is not None}
        result = DeviceFigures(
            found.name, facts, figures.drop("accelerator", "position"), found.remarks, DISCLAIMER
        )
        known = {"a collection, which need not hold all": looked_to("accelerators")}
        return Answer(self, result, rulebook().vintage, known, SOURCES)
