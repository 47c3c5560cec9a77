"""Trade: where supply comes from, and where exports went after a control."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

import polars as pl
from pydantic import Field, field_validator

from parity.ask.cache import cached
from parity.ask.question import FirstDay
from parity.ask.trade import START, Depend, Diverted, MirrorGaps, Substitute, TradeQuestion, codes_of
from parity.catalogue import load_table, none_on_record
from parity.errors import ParityError
from parity.show.document import Group, Note, Text
from parity.views.names import countries, upper_first
from parity.views.trade import spelt_out
from parity.web import shown
from parity.web.groups import code_of
from parity.web.page import Choice, Page
from parity.web.state import State, named, only, query_of

MOST_THIRD = 12
FIRST_DAY = date(2012, 1, 1)
_DIVERSION = ("sanctioned", "start", "reporter", "third", "by")
_SUPPLY = ("sanctioned", "country", "goods")
_OPTION = re.compile(r"with --candidates \S+")


@cached(1)
def supplied() -> tuple[str, ...]:
    """Return the countries that anybody reports trade with, by name."""
    flows = load_table("flows")
    return _by_name({*flows["partner"], *flows["reporter"]})


@cached(1)
def controlled() -> tuple[str, ...]:
    """Return the countries that a rule on record controls exports to, and that flows know, by name."""
    rules = load_table("timeline").filter(pl.col("source_class") == "rule_text")
    known = rules["countries"].drop_nulls().str.split(";").explode().unique()
    return _by_name(set(known) & set(supplied()))


@cached(1)
def reporting() -> tuple[str, ...]:
    """Return the countries whose own import reports are at hand, by name."""
    flows = load_table("flows")
    return _by_name(flows["reporter"].filter(flows["flow"] == "import"))


def _by_name(codes: Iterable[str]) -> tuple[str, ...]:
    known = set(codes)
    return tuple(code for code in countries() if code in known)


class TradeState(State):
    """Which control is looked at from whose exports, and whose supply.

    Attributes
    ----------
    sanctioned
        Country that the control is on, ISO3, to be chosen.
    start
        First day of the control.
    reporter
        Who exports: the European Union (all goods), or Taiwan (integrated circuits).
    third
        Third countries to judge, ISO3 with commas; the usual ones where empty.
    by
        Whether paths are drawn by year or by month.
    country
        Whose supply is looked at, ISO3; that of the country under control where empty.
    goods
        All goods, or integrated circuits.
    split
        Whether supply is told by group of origins or by every origin.
    """

    sanctioned: str = ""
    start: Annotated[FirstDay, Field(ge=FIRST_DAY)] = START
    reporter: Literal["EU", "TWN"] = "EU"
    third: str = Field(default="", max_length=200)
    by: Literal["year", "month"] = "year"
    country: str = ""
    goods: Literal["total", "chips"] = "total"
    split: Literal["group", "origin"] = "group"

    _by_name = field_validator("sanctioned", "country")(code_of)
    _by_names = field_validator("third")(named(lambda text: ",".join(codes_of([text]))))

    @field_validator("sanctioned")
    @classmethod
    def _is_controlled(cls, code: str) -> str:
        if code and code not in controlled():
            raise ValueError(f"{none_on_record('export control on it', 'rules')}; choose from the list")
        return code

    @field_validator("country")
    @classmethod
    def _is_supplied(cls, code: str) -> str:
        if code and code not in supplied():
            raise ValueError("no trade with it is at hand; choose from the list")
        return code

    @field_validator("third")
    @classmethod
    def _are_few(cls, text: str) -> str:
        if text.count(",") >= MOST_THIRD:
            raise ValueError(f"at most {MOST_THIRD} countries")
        return text


def view(state: TradeState) -> Mapping[str, Any]:
    """Return the controls, and the address of each part: what it depends on."""
    known, names = reporting(), countries()
    return {
        "sanctioned": {code: names[code] for code in controlled()},
        "countries": {
            "Its own import reports are at hand": {code: names[code] for code in known},
            "Its suppliers' reports alone": {code: names[code] for code in supplied() if code not in known},
        },
        "whose": whose(state),
        "first_day": FIRST_DAY,
        "part_address": {
            "diversion": query_of(only(state, *_DIVERSION)),
            "dependence": query_of(only(state, *_SUPPLY)),
            "substitution": query_of(only(state, *_SUPPLY, "start", "split")),
            "mirror": query_of(only(state, *_SUPPLY, "start")),
        },
    }


def choose(state: TradeState) -> Choice | None:
    """Return the countries that a control is on, where none is chosen."""
    if state.sanctioned or state.country:
        return None
    options = {
        "Countries that an export-control rule on record names": {
            code: countries()[code] for code in controlled()
        }
    }
    return Choice("Trade after which control?", "sanctioned", "a country", options)


def whose(state: TradeState) -> str:
    """Return whose supply is looked at."""
    if state.country or state.sanctioned in supplied():
        return state.country or state.sanctioned
    return supplied()[0]


def diversion_part(state: TradeState) -> Mapping[str, Any]:
    """Return which third countries exports rose to, beyond what was to be expected."""
    given = {"sanctioned": state.sanctioned, "date": state.start, "reporter": state.reporter}
    more = {"candidates": state.third} if state.third else {}
    if state.by == "month":
        more["kind"] = "months"
    body = _part("diversion", Diverted, given | more)
    kinds = ("diversion-ranking", "diversion-months-" if state.by == "month" else "diversion-path-")
    document = body["document"]
    charts, paths = (
        [shown.figure(document, one) for one in document.charts() if one.name.startswith(kind)]
        for kind in kinds
    )
    return body | {"charts": charts, "paths": paths}


def dependence_part(state: TradeState) -> Mapping[str, Any]:
    """Return where a country's supply comes from."""
    return _part("dependence", Depend, {"country": whose(state), "codes": state.goods})


def substitution_part(state: TradeState) -> Mapping[str, Any]:
    """Return how a country's supply moved between origins since the date."""
    given = {"country": whose(state), "codes": state.goods, "date": state.start, "by": state.split}
    return _part("substitution", Substitute, given)


def mirror_part(state: TradeState) -> Mapping[str, Any]:
    """Return what the Union says it sent against what the country says arrived."""
    given = {"importer": whose(state), "codes": state.goods, "date": state.start}
    return _part("mirror", MirrorGaps, given)


def _part(name: str, question: type[TradeQuestion], given: dict[str, Any]) -> dict[str, Any]:
    """Return the blocks of an answer's document; all goods go without saying."""
    if given.get("codes") == "total":
        del given["codes"]
    try:
        document = question.read(given).answer().document()
    except ParityError as problem:
        told = spelt_out(_OPTION.sub("under “Third countries”", str(problem)))
        raise type(problem)(upper_first(told)) from None
    blocks = [block for block in document.blocks if not isinstance(block, Group)]
    last, first = document.blocks[-1], document.tables()[0]
    drawn = any(chart.frame.equals(first.frame) for chart in document.charts())
    return {
        "finding": document.headline,
        "document": document,
        "table": None if drawn else shown.table(document, first, f"{name}-numbers"),
        "charts": [] if name == "diversion" else [shown.figure(document, each) for each in document.charts()],
        "paths": (),
        "told": [block.text for block in blocks if isinstance(block, Text)],
        "notes": [block.text for block in blocks if isinstance(block, Note)],
        "limits": last.blocks[0].text if isinstance(last, Group) and name == "diversion" else "",  # type: ignore[union-attr]
    }


PAGE = Page(
    slug="trade",
    title="Trade",
    summary="The traces of export controls in public trade statistics, and how sure they are.",
    state=TradeState,
    view=view,
    choose=choose,
    main="diversion.",
    sample="sanctioned=RUS&country=KAZ",
    parts={
        "diversion": diversion_part,
        "dependence": dependence_part,
        "substitution": substitution_part,
        "mirror": mirror_part,
    },
    warmed=("diversion", "dependence"),
)
