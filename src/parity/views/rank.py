"""Where every country stands, in words, tables and figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.show import marks
from parity.show.cells import number
from parity.show.document import Block, Chart, Column, Document, Note, Table
from parity.views.common import document, rank_columns
from parity.views.names import countries, ordinal, unit, upper_first

if TYPE_CHECKING:
    from parity.ask.answer import Answer
    from parity.robustness.places import FormPlace, Place, Ranking

MOST_ROWS = 40
"""Countries in a figure of intervals."""
# Scales that end below this have scores of three digits.
_SHORT = 5
FORMS = {"scale": "By size", "intensity": "Per person", "mixed": "Mixed"}
_ORDER = {"mixed": "the mixed form", "scale": "size", "intensity": "the form per person"}
_CODE = (Column("iso3", "Code"), Column("name", "Country", role="key"))
_RANK = rank_columns("rank", "Rank")
_SCORE = Column("score", "Score", role="value", digits=1)
_SHARES = (
    Column("imputed_share", "Imputed", role="value", format="percent", digits=0),
    Column("zero_share", "Taken as zero", role="value", format="percent", digits=0, spare=True),
    Column("missing_share", "No data", role="value", format="percent", digits=0, spare=True),
    Column("lower_bound_share", "Lower bounds", role="value", format="percent", digits=0, spare=True),
)
_MOVED = (
    Column("moved_by", "Moved by", spare=True),
    Column("moved_share", "Share", role="value", format="percent", digits=0, spare=True),
)


def rank(answer: Answer[Ranking]) -> Document:
    """Return a ranking: three forms side by side where the index has them."""
    found = answer.result
    title = _title(answer)
    table, columns = _table(found.countries, found.form or "mixed")
    forms = any(place.forms for place in found.countries)
    caption = (
        title if len(found.countries) == found.units else f"{title}: {len(found.countries)} of {found.units}"
    )
    blocks: list[Block] = [Table(table, columns, caption)]
    if forms:
        by = _ORDER[found.form or "mixed"]
        text = (
            f"Ordered by {by}. By size: how much there is. Per person: how good for its size (per person or "
            "per GDP). Mixed: both, either with a quarter to three quarters of the weight: a choice, which "
            "the interval covers. Moved by (wide screens, files): the choice with the largest Sobol index of "
            "the mixed rank."
        )
        blocks.append(Note(text))
    told = (
        f"In brackets: {found.interval_level:.0%} of rebuilds with other choices (77% hold where weights "
        "are twice as far off). "
        if found.interval_level
        else ""
    )
    blocks.append(Note(f"{told}Imputed: share of the weight on cells filled in."))
    blocks.append(interval_chart(table, title))
    if any(place.iso3 in countries() for place in found.countries):
        blocks.append(world_chart(table, title))
    return document(answer, title, _headline(found), blocks)


def _title(answer: Answer[Ranking]) -> str:
    found, asked = answer.result, answer.question
    title = found.title
    if found.variant in ("scale", "intensity"):
        title += f", {'by size' if found.variant == 'scale' else 'per person'}"
    if asked.pillar:  # type: ignore[attr-defined]
        title += f": {found.ranked_title}"
    if asked.group:  # type: ignore[attr-defined]
        title += f", {asked.group}"  # type: ignore[attr-defined]
    return title


def labels(forms: Mapping[str, FormPlace]) -> dict[str, str]:
    """Return the headings of forms that stand side by side; an index without forms has its rank alone."""
    return FORMS if len(forms) > 1 else {"mixed": "Rank"}


def in_forms(forms: Mapping[str, FormPlace], asked: str = "mixed") -> str:
    """Return what a rank rests on: "2nd by size, 38th per person; mixed 5th (2 to 15)"."""
    if len(forms) == 1:
        return placed(next(iter(forms.values())))
    others = ", ".join(
        f"{ordinal(forms[form].rank)} {label.lower()}" for form, label in FORMS.items() if form != asked
    )
    return f"{others}; {FORMS[asked].lower()} {placed(forms[asked])}"


_MEANT = {"both": ", mixed form", "scale": ", by size", "intensity": ", per person"}


def form_meant(asked: Any) -> str:
    """Return the form of the open AI index that a question is about, to stand at the end of a title."""
    return _MEANT.get(asked.variant, "") if asked.index == "open-ai-index" else ""


def placed(place: Place | FormPlace) -> str:
    """Return a rank with its interval: "5th (2 to 15)"."""
    return f"{ordinal(place.rank)}{ends(place.rank_low, place.rank_high)}"


def ends(low: float | None, high: float | None) -> str:
    """Return the ends of an interval in brackets, after a blank; nothing without them, or without width."""
    return "" if low is None or high is None or low == high else f" ({number(low, 0)} to {number(high, 0)})"


def _headline(found: Ranking) -> str:
    known = [place for place in found.countries if place.rank is not None][:3]
    if not known:
        return "None of these countries is ranked."
    asked = found.form or "mixed"
    names = [unit(one.iso3, one.name) for one in known]
    forms = [_shown_forms(one, asked) for one in known]
    if all(forms):
        told = [in_forms(each, asked) for each in forms if each]
        rest = "".join(
            f" {upper_first(name)}: {text}." for name, text in zip(names[1:], told[1:], strict=True)
        )
        return f"Of {found.units}, {names[0]} is {told[0]}.{rest}"
    text = f"{upper_first(names[0])} ranks {placed(known[0])} of {found.units}"
    others = [f"{name} {placed(one)}" for name, one in zip(names[1:], known[1:], strict=True)]
    return f"{text}, before {' and '.join(others)}." if others else f"{text}."


def _shown_forms(place: Place, asked: str) -> dict[str, FormPlace] | None:
    """Return the forms; of that asked for, an interval may be at hand where those of all are not stored."""
    if place.forms is None:
        return None
    forms = {form: getattr(place.forms, form) for form in FORMS}
    return forms | ({asked: place} if forms[asked].rank_low is None else {})


_ENDS = ("rank", "rank_low", "rank_high")
_PLAIN = (
    "iso3",
    "name",
    *_ENDS,
    "score",
    "imputed_share",
    "zero_share",
    "missing_share",
    "lower_bound_share",
)


def _table(rows: Iterable[Place], asked: str) -> tuple[pl.DataFrame, tuple[Column, ...]]:
    """Return the rows with what there is to show of them."""
    made = []
    for place in rows:
        row = {name: getattr(place, name) for name in _PLAIN}
        if place.forms is not None:
            for form, at in (_shown_forms(place, asked) or {}).items():
                row |= {f"{form}_{name}": getattr(at, name) for name in _ENDS}
            row |= {"moved_by": place.forms.moved_by, "moved_share": place.forms.moved_share}
        made.append(row)
    types = {"iso3": pl.String, "name": pl.String, "moved_by": pl.String, "moved_share": pl.Float64}
    types |= {name: pl.Int64 if name in _ENDS else pl.Float64 for name in _PLAIN[2:]}
    types |= {f"{form}_{name}": pl.Int64 for form in FORMS for name in _ENDS}
    frame = pl.DataFrame(made, types)
    if frame["scale_rank"].count():
        forms = [column for form, label in FORMS.items() for column in rank_columns(f"{form}_rank", label)]
        moved = _MOVED if frame["moved_by"].count() else ()
        bounds = _SHARES[3:] if frame["lower_bound_share"].sum() else ()
        return frame, (*_CODE, *forms, _SHARES[0], *moved, *bounds)
    rest = [column for column in _SHARES[1:] if (frame[column.name] > 0).any()]
    return frame, (*_RANK, *_CODE, _score(frame), _SHARES[0], *rest)


def _score(frame: pl.DataFrame) -> Column:
    """Return the column of scores: one digit on a scale to 100, three on a short one."""
    highest = frame["score"].abs().max()
    short = isinstance(highest, int | float) and highest < _SHORT
    return replace(_SCORE, digits=3) if short else _SCORE


def interval_chart(table: pl.DataFrame, title: str) -> Chart:
    """Draw ranks with their intervals, one country a line, in the order of the table."""
    top = table.head(MOST_ROWS)
    told = f", first {MOST_ROWS} of {table.height}" if table.height > MOST_ROWS else ""
    columns = (*_CODE, *_RANK, _SCORE)
    spec = marks.spec(
        marks.dots(top, "rank", "name", low="rank_low", high="rank_high", tip=columns),
        x=marks.Axis("Rank (1 is best)"),
    )
    caption = "Dot: rank under the setting. Bar: where it lies in 90 % of rebuilds with other choices."
    alt = f"First: {', '.join(top['name'].head(3))}."
    return Chart("rank-intervals", f"{title}: rank intervals{told}", table, spec, columns, caption, alt)


def world_chart(table: pl.DataFrame, title: str) -> Chart:
    """Colour the world by score."""
    columns = (*_CODE, _SCORE, _RANK[0])
    spec = marks.spec(marks.world(table, "iso3", "score", title="Score", tip=columns))
    caption = "De facto boundaries, of no meaning for anybody's claims. Grey: too little data to rank."
    alt = f"{table.height} countries coloured by score."
    return Chart("world-map", f"{title}: scores around the world", table, spec, columns, caption, alt)


PEERS = (Column("what", "Of", role="key"), Column("name", "Country", role="key"), *_RANK, _SCORE)


def peers_chart(rows: pl.DataFrame, level: float | None) -> Chart:
    """Draw ranks and their intervals by pillar, one symbol and colour for each country.

    Parameters
    ----------
    rows
        ``what`` (index, pillar or sub-pillar), ``name``, ``rank``, ``rank_low``, ``rank_high``, ``score``.
    level
        Probability that the intervals cover.
    """
    spec = marks.spec(
        marks.dots(rows, "rank", "what", low="rank_low", high="rank_high", by="name", tip=PEERS),
        x=marks.Axis("Rank (1 is best)"),
    )
    caption = (
        f"Symbol: rank. Bar: where it lies in {level or 0:.0%} of rebuilds with other choices that could be "
        "defended. Where bars overlap much, the order is not settled. A score has no interval of its own: "
        "each rebuild has another scale."
    )
    first = rows.row(0, named=True)
    alt = f"{first['what']}: {first['name']} ranks {first['rank']}."
    return Chart("standing", "Ranks, overall and by pillar", rows, spec, PEERS, caption, alt)
