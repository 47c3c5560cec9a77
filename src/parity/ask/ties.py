"""How closely countries work together: in open-source software, and in models of AI."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from parity import dates
from parity.ask.answer import Answer, Page, pages
from parity.ask.blocs import MOST_COUNTRIES, Countries, Name, memberships
from parity.ask.cache import cached
from parity.ask.question import Day, Local, Old, Place, Question, Word
from parity.errors import NoAnswerError, ParityError, missing_extra, one_of
from parity.estimate import Estimate

if TYPE_CHECKING:
    import polars as pl

    from parity.blocs import Bloc, Gravity, NetworkReport, PairReport, PairsReport, Panel, PartnersReport

SOURCES = ("github-innovation-graph", "epoch")
# Of what a pair is expected to have: distance, and languages that both speak.
GRAVITY = ("country-codes", Page("https://cldr.unicode.org"))
Span = Annotated[str | None, Field(pattern=r"^\d{4}(Q[1-4])?$")]


class Ties(Question):
    """Show how closely two countries work together, one with all its partners, a bloc within itself, or all.

    From open-source collaboration on GitHub by quarter: affinity is observed over expected from both
    countries' totals; a step or a slope in it is found by a test over all dates. Beside it stand the models
    of AI that organisations of both countries developed together, which are another thing. Without a
    country or a bloc, all pairs are tested, with the many tests taken into account.
    """

    verb = "ties"
    view = "ties:ties"
    result = "parity.blocs:PairReport,PartnersReport,NetworkReport,PairsReport"
    old_figures = ("map",)
    addresses = ("partners", "network")
    examples = (
        "parity ties RUS CHN",
        "parity ties RUS CHN --from 2021 --to 2025 --out tie.png",
        "parity ties CHN DEU --merge CHN+HKG",
        "parity ties Russia --top 10",
        "parity ties --bloc BRICS --graph brics.graphml",
        "parity ties --top 10 --out pairs.csv",
        "parity ties --kind map --out significance.png",
    )

    a: Annotated[Word | None, Place(), Old("--country")] = Field(
        default=None, description="Country, by code or name.", examples=["RUS"]
    )
    b: Annotated[Word | None, Place()] = Field(
        default=None, description="The other country.", examples=["CHN"]
    )
    bloc: Name | None = Field(default=None, description="A bloc's ties among its members.")
    on: Day | None = Field(default=None, description="Membership of the bloc on this date.")
    from_: Annotated[Span, Old("--start")] = Field(
        default=None, description="First span of the change: a year or a quarter (2021, 2021Q3)."
    )
    to: Annotated[Span, Old("--end")] = Field(default=None, description="Last span of the change.")
    merge: tuple[Name, ...] = Field(
        default=(), max_length=MOST_COUNTRIES, description="Count countries as one: CHN+HKG."
    )
    without: Countries = Field(
        default=(), description="Leave a country out of the panel; several separated by commas."
    )
    kind: Literal["chart", "map"] = Field(
        default="chart", description="Figure that stands first: a chart of the ties, or lines on a map."
    )
    top: int = Field(default=25, ge=1, le=20_000, description="Print the N largest partners or pairs.")
    graph: Annotated[str | None, Local(settles=False)] = Field(
        default=None, description="Write countries and ties as a graph: .graphml or .gexf."
    )

    def answer(self) -> Answer[Any]:
        """Measure the ties."""
        from parity.ask.membership import resolve
        from parity.catalogue import find_country, vintage

        if self.a is not None and self.bloc is not None:
            raise ParityError("give a country (or two), or --bloc, not both")
        for given, wanted, message in (
            (
                self.from_ or self.to,
                self.b,
                "--from and --to compare two spans of a pair: give two countries",
            ),
            (self.on, self.bloc, "--on is the date of a bloc's membership: give --bloc"),
            (self.b, self.a, "one country is missing: give A and B"),
        ):
            if given and not wanted:
                raise ParityError(message)
        if self.graph is not None and self.b is not None:
            raise ParityError("a graph holds several ties: give one country, a bloc, or none of both")
        if self.graph is not None:
            graph_kind(self.graph)
        a, b = (None if one is None else find_country(one).iso3 for one in (self.a, self.b))
        bloc = resolve(self.bloc, memberships(), self.on) if self.bloc else None
        more: tuple[str | Page, ...] = pages(bloc.read_in) if bloc else ()
        asked = self.model_copy(update={"a": a, "b": b})
        result: Any
        if a is not None and b is not None:
            result, more = _pair(asked), GRAVITY
        elif a is not None:
            result = _partners(asked)
        else:
            result = _network(asked, bloc) if bloc else _pairs(asked)
        if self.graph is not None:
            write_graph(self.graph, result)
        known = {"collaboration": _last_day(panel().periods[-1]), "AI models": co_models()["date"].max()}
        return Answer(asked, result, vintage(), known, (*SOURCES, *more))


def _last_day(quarter: str) -> dt.date:
    """Return the last day of a quarter, such as 2025Q3."""
    year, number = quarter.split("Q")
    return dates.read(f"{year}-{3 * int(number):02d}")


def _pair(asked: Ties) -> PairReport:
    from parity.blocs import artefacts, between, pair_report
    from parity.catalogue import load_table

    a, b = str(asked.a), str(asked.b)
    models = between(co_models(), a, b)
    return pair_report(
        panel(asked.merge, asked.without),
        a,
        b,
        first=asked.from_ or "",
        last=asked.to or "",
        artefacts=artefacts(load_table("tie_artefacts"), a, b),
        gravity=gravity_affinity,
        models=models.select("date", "model", "developer", "one_firm"),
        merged=asked.merge,
        without=asked.without,
    )


def _partners(asked: Ties) -> PartnersReport:
    from parity.blocs import PartnersReport, artefacts
    from parity.catalogue import load_table

    ties, country = panel(asked.merge, asked.without), str(asked.a)
    table = _counted(scanned(asked.merge, asked.without, country))
    return PartnersReport(
        country,
        table.rename({"b": "iso3"}).drop("a"),
        artefacts(load_table("tie_artefacts"), country),
        asked.merge,
        asked.without,
        (ties.periods[0], ties.periods[-1]),
    )


def _network(asked: Ties, bloc: Bloc) -> NetworkReport:
    from dataclasses import replace

    from parity.blocs import network, network_report

    ties = panel(asked.merge, asked.without)
    found = network_report(bloc.name, network(ties, bloc.members), scanned(asked.merge, asked.without))
    return replace(found, ties=_counted(found.ties))


def _pairs(asked: Ties) -> PairsReport:
    import polars as pl

    from parity.blocs import PairsReport, counted

    ties = panel(asked.merge, asked.without)
    tested = scanned(asked.merge, asked.without)
    both = tested.join(counted(co_models()), on=["a", "b"], how="full", coalesce=True)
    pairs = both.with_columns(pl.col("models", "one_firm").fill_null(0)).sort(
        "q", "p", "weight", "a", "b", descending=[False, False, True, False, False], nulls_last=True
    )
    known = pairs["q"].drop_nulls()
    return PairsReport(pairs, len(known), int((known <= ALPHA).sum()), (ties.periods[0], ties.periods[-1]))


ALPHA = 0.05
"""False discovery rate up to which a change is called clear."""


def _counted(table: pl.DataFrame) -> pl.DataFrame:
    """Return pairs with the number of models of AI that both countries developed together."""
    import polars as pl

    from parity.blocs import counted

    ends = {"_a": pl.min_horizontal("a", "b"), "_b": pl.max_horizontal("a", "b")}
    counts = counted(co_models()).rename({"a": "_a", "b": "_b"})
    joined = table.with_columns(**ends).join(counts, on=["_a", "_b"], how="left", maintain_order="left")
    return joined.drop("_a", "_b").with_columns(pl.col("models", "one_firm").fill_null(0))


@cached(8)
def panel(merge: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> Panel:
    """Return the catalogue's ties, with some countries counted as one (``CHN+HKG``), or left out."""
    from parity.blocs import Panel
    from parity.catalogue import find_country, load_table, vintage

    if not merge and not without:
        return Panel.of(load_table("ties"), vintage=vintage())
    ties = panel()
    groups = [[find_country(part.strip()).iso3 for part in group.split("+")] for group in merge]
    if without:
        ties = ties.without([find_country(one).iso3 for one in without])
    return ties.merged(groups) if groups else ties


@cached(32)
def scanned(
    merge: tuple[str, ...] = (), without: tuple[str, ...] = (), country: str | None = None
) -> pl.DataFrame:
    """Return every pair, or those of a country, with affinity and likeliest change, tested among them."""
    from parity.blocs import scan

    return scan(panel(merge, without), country)


@cached(1)
def co_models() -> pl.DataFrame:
    """Return the notable models of AI that organisations of several countries developed together."""
    from parity.blocs import co_developed
    from parity.catalogue import load_table

    return co_developed(load_table("notable_models"))


@cached(1)
def _gravity() -> Gravity:
    from parity.blocs import gravity
    from parity.catalogue import load_table

    return gravity(panel(), load_table("capitals"), load_table("languages"))


def gravity_affinity(a: str, b: str) -> Estimate:
    """Return observed over expected ties of a pair by the gravity model; unknown where it lacks one."""
    try:
        return _gravity().affinity(a, b)
    except NoAnswerError as problem:
        return Estimate(None, unit="ratio", reason=str(problem))


GRAPHS = (".graphml", ".gexf")


def graph_kind(path: str) -> str:
    """Return the format that a file's ending names.

    Raises
    ------
    ParityError
        If it names none, or nothing can be written there.
    """
    from parity import writing

    kind = Path(path).suffix.lower()
    if kind not in GRAPHS:
        raise ParityError(
            f"{path}: a graph is written as {one_of(GRAPHS)}; a table of its ties by --out FILE.csv"
        )
    writing.check_place(path)
    return kind


def write_graph(path: str, result: Any) -> None:
    """Write countries as nodes and ties as edges, with all that is known of each.

    Parameters
    ----------
    path
        File, ending in .graphml or .gexf.
    result
        Partners of a country, a bloc's network, or all pairs.

    Raises
    ------
    ParityError
        If the extra ``graphs`` is not installed, or nothing can be written there.
    """
    try:
        import networkx as nx  # type: ignore[import-untyped]
    except ImportError:
        raise missing_extra("a graph", "graphs") from None
    from parity import writing
    from parity.catalogue import load_table

    if hasattr(result, "partners"):
        rows = [{"a": result.country, "b": row.pop("iso3")} | row for row in result.partners.to_dicts()]
    else:
        rows = (result.pairs if hasattr(result, "pairs") else result.ties).to_dicts()
    names = dict(load_table("countries").select("iso3", "name").rows())
    graph = nx.Graph()
    for row in rows:
        ends = row.pop("a"), row.pop("b")
        graph.add_edge(*ends, **{name: value for name, value in row.items() if value is not None})
    for code in graph:
        graph.nodes[code]["label"] = names.get(code, code)
    lines = nx.generate_graphml(graph) if graph_kind(path) == ".graphml" else nx.generate_gexf(graph)
    writing.write_text(path, "\n".join(lines) + "\n")
