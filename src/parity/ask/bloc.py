"""Alliances as one unit: who belongs to them, where they stand, what each member brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from parity.ask import blocs as shared
from parity.ask.answer import Answer, pages
from parity.ask.blocs import DRAWS, Countries, Draw, Name, OfBlocs
from parity.ask.of_index import IndexQuestion
from parity.ask.question import Day, Place, Question, Word
from parity.errors import InvalidError

if TYPE_CHECKING:
    from parity.blocs import BlocList, CompareReport, MemberList, PoolReport


class Blocs(Question):
    """List the blocs that are known, with their size."""

    verb = "bloc list"
    view = "blocs:listed"
    result = "parity.blocs:BlocList"
    addresses = ("blocs",)
    examples = ("parity bloc list", "parity bloc list --on 2010")

    on: Day | None = Field(default=None, description="As of this date; the present by default.")

    def answer(self) -> Answer[BlocList]:
        """List them."""
        from parity.blocs import BlocList
        from parity.catalogue import blocs, known_to, load_table, vintage

        read_in = pages(load_table("memberships").select("source", "checked").rows())
        return Answer(self, BlocList(self.on, blocs(self.on)), vintage(), known_to("memberships"), read_in)


class Members(Question):
    """Tell who belongs to a bloc, since when, and by what source.

    Suspended members stay members. A date goes as far as its source does; ~ marks what is approximate.
    """

    verb = "bloc members"
    view = "blocs:members"
    result = "parity.blocs:MemberList"
    addresses = ("bloc/{bloc}",)
    examples = (
        "parity bloc members BRICS",
        "parity bloc members BRICS --on 2023-12-31",
        "parity bloc members NATO --out nato.csv",
    )

    bloc: Annotated[Word, Place()] = Field(description="Bloc, as in the list.", examples=["BRICS"])
    on: Day | None = Field(default=None, description="As of this date; the present by default.")

    def answer(self) -> Answer[MemberList]:
        """Look them up."""
        import polars as pl

        from parity.blocs import MemberList
        from parity.catalogue import known_to, load_table, membership, vintage

        rows = membership(self.bloc, self.on)
        names = load_table("countries").select("iso3", "name")
        table = rows.join(names, on="iso3", how="left", maintain_order="left").select(
            *("iso3", "name", "date_from", "date_to", "precision", "status", "suspended", "disputed"),
            *("certainty", "source", pl.col("note").fill_null("")),
        )
        full = tuple(table.filter(status="member")["iso3"])
        found = MemberList(rows["bloc"][0], rows["title"][0], self.on, full, table)
        read_in = pages(rows.select("source", "checked").rows())
        return Answer(self, found, vintage(), known_to("memberships", part=found.bloc), read_in)


class Pool(OfBlocs, IndexQuestion):
    """Score a bloc as one unit, and tell what each member brings and who would add most.

    The bloc is a name, or countries and blocs separated by commas; after it may stand who joins and who
    leaves. Quantities are summed and ratios re-derived from sums; the bounds are those that single countries
    set, so no country's score moves. Ranks are among the countries outside the bloc.
    """

    verb = "bloc pool"
    view = "blocs:pool"
    result = "parity.blocs:PoolReport"
    old_figures = ("profile",)
    addresses: ClassVar[tuple[str, ...]] = ("pool",)
    examples: ClassVar[tuple[str, ...]] = (
        "parity bloc pool RUS,CHN --variant scale --draws 12",
        "parity bloc pool BRICS --with IDN --without BRA,ETH --on 2024-06-30 --draws 0",
        "parity bloc pool 'BRICS + SAU - ETH' --draws 0",
        "parity bloc pool Baltics --blocs my-blocs.csv --out baltics.xlsx",
    )

    bloc: Annotated[Name, Place()] = Field(description="Bloc, or countries.", examples=["BRICS"])
    with_: Countries = Field(default=(), description="Add this country; several separated by commas.")
    without: Countries = Field(default=(), description="Take this country out; several separated by commas.")
    node: str = Field(
        default="index", max_length=100, description="Pillar or sub-pillar that the members split."
    )
    kind: Literal["members", "profile", "joining"] = Field(
        default="members", description="Figure that stands first: what members bring, pillars, or newcomers."
    )
    draws: Draw = Field(default=DRAWS, description="Rebuilds of the index behind the intervals; 0 for none.")

    def answer(self) -> Answer[PoolReport]:
        """Pool the bloc."""
        from parity.blocs import in_order, pool_report

        found = self.standing()
        tree = found.index.tree
        groups = [tree.codes[node] for node in in_order(tree)]
        node = "index" if self.node == "index" else found.code(self.node)
        if node != "index" and node not in groups:
            raise InvalidError(
                "node", f"'{self.node}' is no group of the index; there are {', '.join(groups)}"
            )
        bloc = self.resolved(self.bloc, self.with_, self.without)
        result = pool_report(
            bloc,
            shared.split(found, bloc),
            shared.drawn(found, bloc, self.draws),
            shared.joining(found, bloc, self.draws),
            shared.changed(found, bloc, self.draws),
            found.titles,
            found.variant,
        )
        asked = self.model_copy(update={"node": node})
        return found.answer(asked, result, pages(bloc.read_in))


class Show(Pool):
    """Show a bloc as one unit: where it stands, what each member brings, who would add most.

    The same as `bloc pool`: a name, or countries and blocs separated by commas; after it may stand who joins
    and who leaves.
    """

    verb = "bloc show"
    examples = (
        "parity bloc show BRICS --draws 12",
        "parity bloc show EU --node talent --out talent.png",
        "parity bloc show SCO --on 2023-12-31 --variant scale --draws 0",
    )
    addresses = ()


class Compare(OfBlocs, IndexQuestion):
    """Put blocs or countries side by side, pillar by pillar, and over the years.

    Gaps are those of the first to each of the others, with intervals over the same rebuilds of the index.
    """

    verb = "bloc compare"
    view = "blocs:compare"
    result = "parity.blocs:CompareReport"
    examples = (
        "parity bloc compare BRICS G7 USA --draws 12",
        "parity bloc compare BRICS G7 USA --variant scale --years --out years.png",
        "parity bloc compare RUS,CHN EU --draws 0",
    )

    names: Annotated[tuple[Name, ...], Place()] = Field(
        max_length=8, description="Blocs or countries.", examples=[["BRICS", "G7"]]
    )
    years: bool = Field(default=False, description="The years as well, on a constant set of indicators.")
    draws: Draw = Field(default=DRAWS, description="Rebuilds of the index behind the intervals; 0 for none.")

    def answer(self) -> Answer[CompareReport]:
        """Compare them."""
        from parity.blocs import compare, compare_report

        found = self.standing()
        blocs = tuple(self.resolved(name) for name in self.names)
        drawn = [one for each in blocs if (one := shared.drawn(found, each, self.draws))]
        both = compare([shared.pooled(found, each) for each in blocs], drawn)
        past = shared.by_year(found, blocs, self.draws) if self.years else None
        result = compare_report(both, past, found.titles, found.variant, years=self.years, on=self.on)
        return found.answer(self, result, pages(row for each in blocs for row in each.read_in))
