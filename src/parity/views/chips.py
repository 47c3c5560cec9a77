"""Export controls on accelerators in words, tables and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from parity.ask.chips import PLANE_DENSITY, PLANE_TPP
from parity.show import marks
from parity.show.document import Block, Chart, Column, Document, Fact, Facts, Note, Table, Text
from parity.views.common import document
from parity.views.names import sentence, upper_first, written

if TYPE_CHECKING:
    from parity.ask.answer import Answer
    from parity.chips import DeviceFigures, DeviceList, Ruling, Screened
    from parity.chips import Step as RuleStep

REGIONS = {"XCR": "the Crimea region of Ukraine", "XDL": "the Donetsk and Luhansk regions of Ukraine"}
TERMS = {
    "free": "No licence needed",
    "exception": "Exception may apply",
    "approval": "Licence, approval presumed",
    "case_by_case": "Licence, case by case",
    "denied": "Licence, denial presumed",
    "open": "Not settled",
    "domestic": "Made at home",
    "not_sold": "Not sold to others",
    "not_released": "Not out yet",
}
"""By the terms of `parity.chips.Access`, the easiest first."""
_MOST_BAD = 20


def rule(answer: Answer[Ruling]) -> Document:
    """Return a ruling with the chain of its steps."""
    found = answer.result
    place = in_sentence(found.to)
    facts = [
        Fact("Rule text", f"{_plain(found.status)}; {_paragraph(found)}"),
        Fact("Licence", licence(found)),
    ]
    facts += [Fact("Condition", text) for text in found.conditions]
    facts += [Fact("Otherwise", f"{case.when}: {_plain(case.verdict)}") for case in found.cases]
    facts += [Fact("Letter", f"{step.title}: {step.citation}") for step in found.letters]
    facts += [Fact("Not known", text) for text in found.unknown]
    facts += [Fact("Note", text) for text in found.notes]
    steps = Table(_steps(found), _STEPS, "How the ruling was reached")
    scope = f"{upper_first(found.scope.meaning)}. Not held: {'; '.join(found.scope.not_held)}."
    title = f"{found.device} to {found.to} on {found.on}: {_plain(found.verdict)}"
    return document(
        answer,
        title,
        f"{finding(found, place)}.",
        [Facts(tuple(facts)), steps, Note(scope), Note(found.disclaimer)],
    )


_STEPS = (
    Column("part", "Step", spare=True),
    Column("holds", "Holds"),
    Column("says", "What the rule tests or requires", role="key"),
    Column("enforced", "Enforced"),
    Column("citation", "Citation"),
    Column("basis", "How it is known", spare=True),
    Column("rule_id", "Rule", hidden=True),
    Column("title", "Title", hidden=True),
    Column("source_url", "Source", role="link", hidden=True),
)
PARTS = {"steps": "Rule text", "letters": "Letter", "elsewhere": "Elsewhere, as a fact"}
"""Parts of a ruling's chain."""


def _steps(found: Ruling) -> pl.DataFrame:
    parts: dict[str, tuple[RuleStep, ...]] = {name: getattr(found, name) for name in PARTS}
    rows = [{"part": PARTS[name], **step.as_dict()} for name, steps in parts.items() for step in steps]
    return pl.DataFrame(rows, schema={column.name: pl.String for column in _STEPS})


def in_sentence(place: str) -> str:
    """Return a destination as it stands in a sentence: a country, or a region that the rules name."""
    return REGIONS.get(place) or sentence(place)


def _plain(word: str) -> str:
    return word.replace("_", " ")


def finding(found: Ruling, place: str) -> str:
    """Return a ruling as a headline."""
    if found.verdict == "not_released":
        return f"{found.device} was not out on {written(found.on)}"
    if found.license_required is None:
        says = "cannot be settled from what is known"
    elif not found.license_required:
        says = "needs no licence under the rules held here"
    elif found.enforced is False:
        says = "needs a licence by text that is not enforced"
    else:
        says = "needs a licence, or an exception" if found.exception else "needs a licence"
    # What would be asked of others may not hide behind what is asked of nobody here.
    other = any(case.license_required is not False for case in found.cases)
    but = ", but may with other parties" if found.license_required is False and other else ""
    return f"{found.device} to {place} {says}{but}"


def _paragraph(found: Ruling) -> str:
    """Say which paragraph is met; beside "not controlled" it must not read as if that one controlled."""
    if found.paragraph is None:
        return "meets no paragraph for certain"
    if found.status != "not_controlled" or found.paragraph.startswith("none"):
        return found.paragraph
    return f"its figures meet {found.paragraph}, which does not reach {found.to} on that day"


def licence(found: Ruling) -> str:
    """Return what is required, by what, and how an application is looked at."""
    words = {True: "required", False: "not required by the rules held here", None: "cannot be determined"}[
        found.license_required
    ]
    by = f" by {_plain(' and '.join(found.license_basis))}" if found.license_basis else ""
    review = f"; {_plain(found.review_policy)}" if found.review_policy else ""
    exception = f"; exception {found.exception} may apply" if found.exception else ""
    terms = f" ({found.exception_terms})" if found.exception_terms else ""
    codified = "; codified, not enforced" if found.enforced is False else ""
    return f"{words}{by}{review}{exception}{terms}{codified}"


def screen(answer: Answer[Screened]) -> Document:
    """Return rulings row by row, the user's own columns with them."""
    found = answer.result
    summary = ", ".join(f"{count:,} {_plain(verdict)}" for verdict, count in found.verdicts.items())
    headline = f"{found.rows:,} rows, {found.bad.height:,} not ruled: {summary}."
    shown = ("matched", "destination", "day", "verdict", "otherwise", "reason", "error")
    columns = tuple(
        Column(
            name,
            upper_first(_plain(name)),
            role="key" if name == "matched" else "text",
            hidden=name not in shown,
        )
        for name in found.rulings.columns
    )
    notes: list[Block] = [Note(f"Line {line}: {error}") for line, error in found.bad.head(_MOST_BAD).rows()]
    if found.bad.height > _MOST_BAD:
        notes.append(Note(f"{found.bad.height - _MOST_BAD:,} more lines: see the column 'error'."))
    table = Table(found.rulings, columns, "Rulings")
    return document(answer, "Rulings on a table", headline, [table, *notes, Note(found.disclaimer)])


_DEVICES = (
    Column("name", "Accelerator", role="key"),
    Column("maker_country", "Maker's country"),
    Column("released_by", "Out by", role="time"),
    Column("data_center", "Data centre"),
    Column("tpp", "TPP", role="value", digits=0),
    Column("density", "Performance density", role="value", digits=2),
    Column("memory_bandwidth", "Memory bandwidth", "GB/s", role="value", digits=0),
    Column("verdict", "Verdict"),
    Column("what_if", "With the other threshold"),
)


def devices(answer: Answer[DeviceList]) -> Document:
    """Return the accelerators, and the figure of all by what the rule tests."""
    found = answer.result
    shown = tuple(column for column in _DEVICES if column.name in found.devices.columns)
    moved = f" would move with {'; '.join(found.what_if)}" if found.what_if else ""
    of = f" to {in_sentence(found.to)}" if found.to else ""
    title = f"Accelerators{of} on {written(found.on)}"
    headline = f"{found.devices.height} accelerators{moved}."
    blocks: list[Block] = [Table(found.devices, shown, title), Note(found.disclaimer), landscape(answer)]
    return document(answer, title, headline, blocks)


_PLANE = (
    Column("name", "Accelerator", role="key"),
    Column("maker", "Maker"),
    Column("released_by", "Out by", role="time"),
    Column("tpp", "TPP", role="value", digits=0),
    Column("density", "Performance density", role="value", digits=2),
    Column("words", "Terms"),
)


def landscape(answer: Answer[DeviceList]) -> Chart:
    """Return the figure of all accelerators that are out, and where each paragraph applies."""
    found = answer.result
    if found.to:
        words = pl.col("terms").replace_strict(TERMS, return_dtype=pl.String)
    else:
        market = {True: "For data centres", False: "For other markets"}
        words = pl.col("data_center").replace_strict(market, default="Market open", return_dtype=pl.String)
    points = found.drawn.with_columns(words=words).filter(
        pl.col("tpp").is_between(*PLANE_TPP), pl.col("density").is_between(*PLANE_DENSITY)
    )
    points = points.sort("tpp", descending=True).select([column.name for column in _PLANE])
    drawn: list[Any] = []
    names = []
    for region in found.regions:
        edges = [
            {"x": x, "low": bottom, "high": top}
            for (left, right), (bottom, top) in region.boxes
            for x in (left, right)
        ]
        drawn.append(marks.lines(pl.DataFrame(edges), "x", "low", low="low", high="high"))
        (left, _), (bottom, _) = region.boxes[0]
        names.append({"x": left * 1.04, "y": bottom * 1.1, "text": region.paragraph})
    if names:
        drawn.append(marks.labels(pl.DataFrame(names), "x", "y", "text"))
    drawn.append(marks.dots(points, "tpp", "density", by="words", tip=_PLANE))
    if (named := points.filter(pl.col("name") == (found.mark or ""))).height:
        drawn.append(marks.labels(named, "tpp", "density", "name", above=9, align="center"))
    spec = marks.spec(
        *drawn,
        x=marks.Axis("Total processing performance (TPP)", log=True, domain=PLANE_TPP),
        y=marks.Axis("Performance density (TPP per mm²)", log=True, domain=PLANE_DENSITY),
        height=480,
    )
    of = f", and what it means for {in_sentence(found.to)}" if found.to else ""
    return Chart(
        "landscape",
        f"The rule on {written(found.on)}{of}",
        points,
        spec,
        _PLANE,
        caption="Shaded: paragraphs of the control list for data-centre parts, as the rule of that day has "
        "them, drawn by asking it. Points: devices out by then whose figures are known.",
        alt="Accelerators by performance and performance density, and where each paragraph applies.",
    )


_FIGURES = (
    Column("quantity", "Figure", role="key"),
    Column("value", "Value", role="value", mixed=True),
    Column("unit", "Unit"),
    Column("used", "Used"),
    Column("source", "Source"),
    Column("reason", "Why not"),
    Column("basis", "How it is known"),
    Column("source_url", "Page", role="link", spare=True),
    Column("basis_kind", "Kind of basis", hidden=True),
    Column("checked", "Checked", role="time", hidden=True),
)


def show(answer: Answer[DeviceFigures]) -> Document:
    """Return every figure of an accelerator with its source."""
    found = answer.result
    rows = found.figures.with_columns(pl.col("quantity").str.replace_all("_", " "))
    used = rows.filter("used").height
    unread = rows.filter(pl.col("reason") == "unverified").height
    more = f"; {unread} that nobody read decide nothing" if unread else ""
    headline = f"{found.device}: {rows.height} figures on record, {used} used{more}."
    facts = tuple(
        Fact(upper_first(_plain(name)), str(found.facts[name]))
        for name in _FACTS
        if found.facts.get(name) is not None
    )
    return document(
        answer,
        f"The figures of {found.device}",
        headline,
        [
            *(Text(text) for text in found.remarks),
            Facts(facts),
            Table(rows, _FIGURES, f"Figures of {found.device}"),
            Note("Where sources disagree all are here, with the one that rulings use."),
        ],
    )


_FACTS = (
    *("maker", "maker_country", "kind", "holds", "market", "sale", "status", "announced", "released_by"),
    *(
        "unread_launch",
        "available_by",
        "available_basis",
        "production_stopped",
        "tpp",
        "tpp_at_least",
        "unread",
        "note",
    ),
)
