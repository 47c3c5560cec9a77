"""The traces of export controls in trade statistics: dependence, diversion, substitution, mirror gaps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from parity import dates
from parity.ask.answer import Answer
from parity.ask.cache import cached
from parity.ask.question import Country, FirstDay, Place, Question, TableFile, Word

if TYPE_CHECKING:
    import polars as pl

    from parity.trade import CodeList, Dependence, Diversion, Mirror, Substitution
    from parity.trade.defaults import Blocs

# The control that is meant where none is named: 15 CFR 746.8, on the day of the invasion of Ukraine.
START = dt.date(2022, 2, 24)
UNION = "EU"
Side = Literal["auto", "import", "export"]
SIDE = "Whose reports to use: the country's own imports, or its suppliers' exports."
MOST = 60
"""Countries that a question may name."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What every question about trade is answered from."""

    flows: pl.DataFrame
    codes: CodeList
    data: str


@cached(1)
def blocs() -> Blocs:
    """Return who belongs together."""
    from parity.catalogue import members
    from parity.trade.defaults import Blocs

    return Blocs.of(members)


@cached(8)
def _carried(codes: tuple[str, ...]) -> pl.DataFrame:
    from parity.catalogue.trade import load_flows

    return load_flows(codes=codes)


def ask(
    codes: str, *, concord: bool = False, data: Any = None, reporters: Collection[str] | None = None
) -> Asked:
    """Return flows, goods and the vintage of both.

    Parameters
    ----------
    codes
        Goods as the user wrote them.
    concord
        Whether to join renumbered codes.
    data
        The user's table, or its path; the snapshot by default.
    reporters
        Countries that must report in the user's table; all by default.
    """
    from parity.catalogue import load_table, vintage
    from parity.catalogue.trade import load_flows
    from parity.trade import check_flows, code_list

    goods = code_list(codes, load_table("hs_codes"), concord=concord)
    if data is None:
        return Asked(_carried(goods.codes), goods, vintage())
    name = data if isinstance(data, str) else f"a table of {len(data)} rows"
    read = check_flows(load_flows(data, codes=goods.codes, reporters=reporters), name)
    flows = read.filter(read["reporter"] != read["partner"])
    if inside := len(read) - len(flows):
        goods = goods.noted([f"{inside:,} rows of the table are trade of a country with itself: left out"])
    return Asked(flows, goods.noted(_of_own(goods, data, flows)), f"{name}; {vintage()}")


def _of_own(goods: CodeList, data: Any, flows: pl.DataFrame) -> Iterator[str]:
    """Yield what to know about the goods in the user's own table."""
    from parity.catalogue import load_table
    from parity.catalogue.trade import codes_held, left_out_of_total

    if not goods.covers_all_goods:
        pairs = load_table("hs_codes").select("hs", "hs2017").drop_nulls()
        yield goods.absent(flows["hs"].unique())
        yield goods.mixed(pairs, codes_held(data, [*pairs["hs"], *pairs["hs2017"]]))
    elif some := left_out_of_total(data):
        yield (
            f"{', '.join(some)} give no total in some years, and too few of the goods by code to add up: "
            "left out there"
        )


def reporter_of(text: str) -> str:
    """Return a reporter: a union by its name, or ISO3."""
    from parity.catalogue import find_country
    from parity.trade import UNIONS

    return text.upper() if text.upper() in UNIONS else find_country(text).iso3


def codes_of(given: Iterable[str]) -> tuple[str, ...]:
    """Return the ISO3 codes of countries, several of which may stand in one text with commas."""
    from parity.catalogue import find_country

    names = (name for text in given for name in text.split(","))
    return tuple(dict.fromkeys(find_country(name).iso3 for name in names if name.strip()))


def _codes(given: Any) -> Any:
    several = (given,) if isinstance(given, str) else given
    texts = isinstance(several, list | tuple) and all(isinstance(one, str) for one in several)
    return codes_of(several) if texts else several


Countries = Annotated[tuple[Country, ...], BeforeValidator(_codes), Field(max_length=MOST)]
Reporter = Annotated[
    Word, BeforeValidator(lambda given: reporter_of(given) if isinstance(given, str) else given)
]


class TradeQuestion(Question):
    """A question about trade in some goods."""

    codes: str | None = Field(
        default=None,
        min_length=1,
        max_length=400,
        description="chpl (priority list), chpl1 ... chpl4.B, chips (8542), total, or HS codes with commas.",
        examples=["chips"],
    )
    concord: bool = Field(
        default=False, description="Join codes that were renumbered in 2022 with the older ones."
    )
    data: TableFile = Field(
        default=None,
        description="Your own table of flows, or a file of BACI as Parquet; the snapshot by default.",
    )

    def asked(self, fallback: str = "total", reporters: Collection[str] | None = None) -> Asked:
        """Return what the question is answered from."""
        return ask(self.codes or fallback, concord=self.concord, data=self.data, reporters=reporters)

    def _told(self, found: Any, data: str, last: str, rules: tuple[str, ...] = ()) -> Answer[Any]:
        """Return the answer, known to the end of its last period."""
        known = dates.read(last, ahead=True).isoformat()
        flows = () if self.data is not None else found.sources
        return Answer(self, found, data, known, (*flows, *rules))

    def _lacking(self, country: str, why: str) -> tuple[str, ...]:
        """Return what is known of a country's supply, and how to know more, where shares are not."""
        from parity.catalogue import load_table
        from parity.trade import at_hand

        if self.data is not None or not why:
            return ()
        groups = blocs().groups(country)
        others = (*groups["China"], *groups["hubs"], *groups["neighbours"])
        return at_hand(load_table("flows"), country, others, blocs().union)


class Depend(TradeQuestion):
    """Show where a country's supply comes from: shares, concentration, trend, who else sells the same.

    Low and high ends of a share are bounds: what comes through hubs is from there, or not.
    """

    verb = "trade depend"
    view = "trade:depend"
    result = "parity.trade:Dependence"
    examples = (
        "parity trade depend RUS --codes chips",
        "parity trade depend KAZ --out supply.png",
        "parity trade depend RUS --codes chpl1 --data flows.parquet",
    )

    country: Annotated[Country, Place()] = Field(description="Whose supply.", examples=["KAZ"])
    coalition: Countries = Field(
        default=(),
        description="States that impose the controls, with commas; the usual ones by default.",
    )
    side: Side = Field(default="auto", description=SIDE)

    @cached(256, when=lambda asked: asked.data is None)
    def answer(self) -> Answer[Dependence]:
        """Measure the dependence."""
        from parity.trade import HUBS, dependence

        asked, who = self.asked(), blocs()
        found = dependence(
            asked.flows,
            asked.codes,
            self.country,
            coalition=self.coalition or who.coalition,
            hubs=HUBS,
            states=who.union,
            side=self.side,
        )
        words = "" if self.coalition else who.coalition_in_words
        notes = (words, *self._lacking(self.country, found.supply.partial))
        return self._told(replace(found, codes=found.codes.noted(notes)), asked.data, found.years[-1].year)


class Substitute(TradeQuestion):
    """Show how a country's supply moved between the coalition, China, Taiwan, hubs, neighbours and others.

    The change of each group is split into what the market grew or shrank, and what the group won of it.
    By origin every supplier stands for itself, the largest first.
    """

    verb = "trade substitute"
    view = "trade:substitute"
    result = "parity.trade:Substitution"
    examples = (
        "parity trade substitute KAZ",
        "parity trade substitute RUS --by origin",
        "parity trade substitute RUS --codes chips --data flows.parquet --out shares.png",
    )

    country: Annotated[Country, Place()] = Field(description="Whose supply.", examples=["KAZ"])
    date: FirstDay = Field(default=START, description="First day of the control.")
    by: Literal["group", "origin"] = Field(default="group", description="What moves.")
    side: Side = Field(default="auto", description=SIDE)

    @cached(256, when=lambda asked: asked.data is None)
    def answer(self) -> Answer[Substitution]:
        """Measure the substitution."""
        from parity.trade import substitution

        asked, who = self.asked(), blocs()
        groups = who.groups(self.country) if self.by == "group" else None
        options = {"states": who.union, "side": self.side}
        found = substitution(asked.flows, asked.codes, self.country, self.date, groups, **options)  # type: ignore[arg-type]
        words = who.coalition_in_words if groups else ""
        notes = (words, *self._lacking(self.country, found.supply.partial))
        return self._told(replace(found, codes=found.codes.noted(notes)), asked.data, found.after[-1])


class MirrorGaps(TradeQuestion):
    """Hold what exporters say they sent to a country against what it says arrived.

    The two never agree; what matters is a change of the usual ratio after the date.
    """

    verb = "trade mirror"
    view = "trade:mirror"
    result = "parity.trade:Mirror"
    examples = (
        "parity trade mirror KGZ --reporter EU",
        "parity trade mirror KAZ --out mirror.png",
    )

    importer: Annotated[Country, Place()] = Field(description="Where it arrives.", examples=["KGZ"])
    reporter: Reporter = Field(default=UNION, description="Who exports: a country, or EU.")
    date: FirstDay = Field(default=START, description="Years before it give the usual ratio.")

    @cached(256, when=lambda asked: asked.data is None)
    def answer(self) -> Answer[Mirror]:
        """Compare both reports."""
        from parity.trade import mirror

        states = blocs().states(self.reporter)
        # Of a large file these alone come into memory.
        asked = self.asked(reporters=None if self.data is None else (*states, self.importer))
        found = mirror(asked.flows, asked.codes, states, self.importer, self.date)
        return self._told(found, asked.data, found.years[-1].year)


class Diverted(TradeQuestion):
    """Find third countries to which exports rose beyond what was to be expected after a control.

    The counterfactual of each country is a weighted mean of countries left alone (synthetic control);
    p-values come from placebo tests. A date before the first known control sees only the time before it.
    """

    verb = "trade diversion"
    view = "diversion:diversion"
    result = "parity.trade:Diversion"
    old_figures = ("ranking", "months")
    examples = (
        "parity trade diversion --sanctioned RUS --reporter TWN --candidates TUR,KAZ",
        "parity trade diversion --sanctioned RUS --date 2021-03-01",
        "parity trade diversion --sanctioned RUS --kind months --out months.png",
    )

    sanctioned: Country = Field(description="Country that the control is on.", examples=["RUS"])
    date: FirstDay = Field(default=START, description="First day of the control.")
    reporter: Reporter = Field(default=UNION, description="Who exports: a country, or EU.")
    candidates: Countries = Field(
        default=(),
        description="Third countries to judge, with commas; the usual ones by default.",
    )
    exclude: Countries = Field(
        default=(),
        description="More countries, with commas, that may not stand for what would have been.",
    )
    since: str | None = Field(default=None, max_length=10, description="First period to use.")
    until: str | None = Field(default=None, max_length=10, description="Last period to use.")
    level: float = Field(default=0.9, ge=0.5, le=0.99, description="Probability that an interval covers.")
    adjust: Literal["bh", "holm"] = Field(
        default="bh", description="p over several countries: false discoveries, or any false alarm."
    )
    robust: bool = Field(default=False, description="Ask again with other donors, periods and a false date.")
    kind: Literal["ranking", "paths", "months"] = Field(
        default="ranking",
        description="Figure that stands first: excess by country, paths of each by period, or by month.",
    )

    @cached(256, when=lambda asked: asked.data is None)
    def answer(self) -> Answer[Diversion]:
        """Judge the third countries."""
        from parity.catalogue import load_table
        from parity.errors import NoAnswerError
        from parity.trade import DiversionSpec, check, diversion, period
        from parity.trade.defaults import candidates, window

        # Of Taiwan the snapshot has chips, of others all goods.
        asked, who = self.asked("chips" if self.reporter == "TWN" else "total"), blocs()
        known = window(load_table("timeline"), self.sanctioned, self.date)
        spec = DiversionSpec(
            sanctioned=self.sanctioned,
            start=self.date,
            reporter=self.reporter,
            states=who.states(self.reporter),
            candidates=self.candidates or candidates(asked.flows, who, self.sanctioned, self.reporter),
            exclude=(*who.excluded(self.sanctioned), *self.exclude),
            since=period(self.since) if self.since else None,
            until=period(self.until) if self.until else known.until,
            level=self.level,
            adjust=self.adjust,
        )
        found = diversion(asked.flows, asked.codes, spec)
        if self.kind == "months" and found.frequency == "year" and not found.monthly:
            raise NoAnswerError("no months are at hand for these exports; show them by year")
        if self.robust:
            found = check(found, asked.flows)
        found = replace(found, codes=found.codes.noted(() if self.until else (known.note,)))
        return self._told(found, asked.data, found.after[-1], ("export-controls",))
