"""A user's index, or a built-in one: built, audited, compared with a published one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from parity.ask.answer import Answer
from parity.ask.of_index import INDEX, IndexQuestion, path
from parity.ask.question import Line, Local, Place, TableFile, Word
from parity.errors import InvalidError, ParityError

if TYPE_CHECKING:
    import polars as pl

    from parity.ask.standing import Standing
    from parity.index.drawn import Drawn
    from parity.index.report import AuditReport, BuildReport, CompareReport, WeightsReport

FORMS = {"scale": "scale", "intensity": "intensity", "mixed": "both"}
Stage = Literal["raw", "denominated", "screened", "imputed", "treated", "normalised", "aggregated"]


class SpecQuestion(IndexQuestion):
    """A question about an index itself."""

    index: Annotated[str, Place(), BeforeValidator(path)] = Field(
        default=INDEX,
        min_length=1,
        max_length=500,
        description="A built-in index; on the user's machine also the path of a spec.",
    )


class IndexBuild(SpecQuestion):
    """Build an index: say what each step did, rank its units, and say what share of each rests on data.

    The table has one row per unit (and year) and node: level, score, rank, and what share of its weight is
    observed, imputed, zero because absence means none, and missing; with a stage, one row per unit and one
    column per indicator. A workbook (--out results.xlsx) holds all: results, stages, audit, log.
    """

    verb = "index build"
    view = "index:built"
    result = "parity.index.report:BuildReport"
    examples = (
        "parity index build",
        "parity index build my-index.toml --data new.csv --out scores.csv",
        "parity index build --stage treated",
    )

    stage: Stage | None = Field(default=None, description="Show the data after a step.")

    def answer(self) -> Answer[BuildReport]:
        """Build the index."""
        from parity.ask.intervals import rank_intervals
        from parity.ask.standing import flagged
        from parity.index.report import build_report

        found = self.standing()
        result = build_report(found.index, flagged(found, "structural_zero"), self.stage)
        if found.index.years is None:
            result = replace(result, intervals=partial(rank_intervals, found))
        return found.answer(self, result)


class IndexWeights(SpecQuestion):
    """Print the weights of an index: of each pillar, sub-pillar and indicator.

    The share of its group is what `--weight CODE=SHARE%` sets; siblings keep their proportions.
    """

    verb = "index weights"
    view = "index:weights"
    result = "parity.index.report:WeightsReport"
    examples = (
        "parity index weights",
        "parity index weights --weight innovation=50% --out weights.csv",
        "parity index weights --variant scale",
    )

    def answer(self) -> Answer[WeightsReport]:
        """Read the weights off the built index: some methods find them in the data."""
        from parity.index.report import weights_report

        found = self.standing()
        return found.answer(self, weights_report(found.index, found.titles))


class IndexAudit(SpecQuestion):
    """Audit an index: data, outliers, correlations, reliability, weights, effect of leaving elements out."""

    verb = "index audit"
    view = "index:audited"
    result = "parity.index.report:AuditReport"
    examples = (
        "parity index audit",
        "parity index audit my-index.toml --data new.csv --out correlations.svg",
    )

    def answer(self) -> Answer[AuditReport]:
        """Audit the index."""
        from parity.index import audit
        from parity.index.report import audit_report, need_scores

        found = self.standing()
        need_scores(found.index)
        result = audit_report(found.index, audit(found.index))
        return found.answer(self, result)


class IndexCompare(SpecQuestion):
    """Compare an index with published scores or ranks, and say where differences come from.

    What it is held against is a table of scores or ranks, a file that `index build --out` wrote, or another
    spec, which is built. Units are found by code or by name.
    """

    verb = "index compare"
    view = "index:compared"
    result = "parity.index.report:CompareReport"
    examples = (
        "parity index compare my-index.toml --published edition-2024.csv --data new.csv",
        "parity index compare my-index.toml --published ranks.xlsx --rank-column Position --data new.csv",
        "parity index compare my-index.toml --against other.toml --against last-year.csv --out moves.xlsx",
    )

    published: TableFile = Field(default=None, description="Table of published scores or ranks.")
    against: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=500)], ...], Local()] = Field(
        default=(), max_length=12, description="Another spec, table or file of --out, several at once."
    )
    node: Word | None = Field(default=None, description="Group to compare; the index by default.")
    id_column: Line | None = Field(
        default=None,
        description="Column of the published table with the units.",
    )
    score_column: Line | None = Field(default=None, description="Column of the published scores.")
    rank_column: Line | None = Field(default=None, description="Column of the published ranks.")
    year: int | None = Field(
        default=None, ge=0, le=9999, description="Year to compare, in a panel; the last by default."
    )
    year_column: Line | None = Field(
        default=None,
        description="Column of the year, where the published table holds several years.",
    )

    def answer(self) -> Answer[CompareReport]:
        """Compare the index."""
        from parity.ask.standing import standing
        from parity.index import compare
        from parity.index.report import CompareReport, agreements, side_by_side

        given = [*([] if self.published is None else [self.published]), *self.against]
        if not given:
            raise InvalidError(
                "published", "is needed: a table of published scores or ranks; or --against a spec"
            )
        found = self.standing()
        tables = [_other(one, self.node, found, self.id_column) for one in given]
        table = tables[0]
        columns = (self.id_column, self.score_column, self.rank_column, self.year, self.year_column)
        result = compare(found.index, table, self.node, *columns)
        node = self.node or found.index.tree.codes[-1]
        forms = {
            form: compare(standing(INDEX, variant).index, table, self.node, *columns)
            for form, variant in (FORMS.items() if self.index == INDEX and not self.own_settings else ())
        }
        others = {
            _name(one): compare(found.index, each, self.node, *columns)
            for one, each in zip(given, tables, strict=True)
        }
        several = side_by_side(others) if len(others) > 1 else None
        report = CompareReport(result, found.index.spec.index.id, node, agreements(forms), several)
        return found.answer(self, report)


Kind = Literal["framework", "distribution", "dot", "scatter", "profile", "trend"]


class IndexPlot(SpecQuestion):
    """Draw an index: its framework, a distribution, units on a line, two elements against each other.

    A profile shows one unit's strengths and weaknesses beside the scores of all; a trend the years of a
    panel, with the change from each year to the next. Elsewhere indicators are drawn as in the data, groups
    by their scores; of a panel, the last year.
    """

    verb = "index plot"
    view = "index_plot:plot"
    result = "parity.index.drawn:Drawn"
    examples = (
        "parity index plot --kind framework",
        "parity index plot my-index.toml --kind distribution --of gdp --out gdp.svg",
        "parity index plot my-index.toml --kind scatter --of gdp --against schooling --out both.png",
        "parity index plot --kind profile --unit India --out india.svg",
        "parity index plot my-panel.toml --kind trend --unit FRA --unit DEU --out trend.csv",
    )

    kind: Kind = Field(default="framework", description="What is drawn.")
    of: Line | None = Field(default=None, description="Indicator or group; the index by default.")
    against: Line | None = Field(default=None, description="Second indicator or group, for scatter.")
    unit: tuple[Word, ...] = Field(
        default=(), max_length=12, description="The unit of a profile; those of a trend, all by default."
    )

    @model_validator(mode="after")
    def _two_for_scatter(self) -> Self:
        if self.kind == "scatter" and self.against is None:
            raise InvalidError("against", "is needed for a scatter: a second indicator or group")
        if self.kind == "profile" and len(self.unit) != 1:
            raise InvalidError("unit", "is needed for a profile, once: the country (or unit) by code or name")
        return self

    def answer(self) -> Answer[Drawn]:
        """Take what is drawn from the built index."""
        from parity.index.drawn import drawn

        found = self.standing()
        found = found if self.kind == "trend" else found.in_year()
        units = tuple(found.unit(text) for text in self.unit)
        of = None if self.of is None else found.code(self.of)
        against = None if self.against is None else found.code(self.against)
        asked = self.model_copy(update={"unit": units})
        return found.answer(asked, drawn(found.index, self.kind, of, against, found.titles, units))


def _name(given: Any) -> str:
    return Path(given).name if isinstance(given, str) else "a table of your own"


def _other(given: Any, node: str | None, found: Standing, column: str | None) -> pl.DataFrame:
    """Return what an index is held against as a table whose units have the index's codes.

    A spec is built; of the long table that `index build` writes the rows of the node are taken, or of its
    top.
    """
    import polars as pl

    from parity.ask.standing import standing
    from parity.catalogue.files import read_table

    if isinstance(given, str) and given.endswith(".toml"):
        table = standing(given).index.table()
    else:
        table = read_table(given) if isinstance(given, str) else given
    if {"id", "node", "level", "score", "rank"} <= set(table.columns):
        top = table.filter(pl.col("level") == pl.col("level").max())["node"][0]
        table = table.filter(node=node if node in table["node"] else top).select(
            name for name in table.columns if name in ("id", "name", "year", "score", "rank")
        )
    return coded(table, column) if found.cells is not None else _own_codes(table, column, found)


def _own_codes(table: pl.DataFrame, column: str | None, found: Standing) -> pl.DataFrame:
    """Return a table whose units have the codes of the index, where most are known by name alone."""
    import polars as pl

    texts = [name for name, kind in table.schema.items() if kind == pl.String and column in (None, name)]
    known = set(map(str, found.index.units))
    if not texts or any(table[name].is_in(known).any() for name in texts):
        return table

    def code(text: str | None) -> str | None:
        try:
            return None if text is None else found.unit(text.strip())
        except ParityError:
            return text

    named = {name: [code(text) for text in table[name].to_list()] for name in texts}
    counts = {name: len(known & set(codes)) for name, codes in named.items()}
    best = max(counts, key=lambda name: counts[name], default=None)
    if best is None or not counts[best]:
        return table
    return table.with_columns(pl.Series(best, named[best], dtype=pl.String))


def coded(table: pl.DataFrame, column: str | None = None) -> pl.DataFrame:
    """Return a table whose column of country names holds ISO3 codes; one that has none, as it is.

    Parameters
    ----------
    table
        Any table.
    column
        The column; by default the first of texts most of which name a country.
    """
    import polars as pl

    from parity.catalogue import find_country
    from parity.errors import ParityError

    def code(name: str | None) -> str | None:
        try:
            return None if name is None else find_country(name).iso3
        except ParityError:
            return name

    texts = [each for each in table.columns if table[each].dtype == pl.String and column in (None, each)]
    for each in texts:
        codes = [code(name) for name in table[each]]
        named = sum(now is not None and len(now) == 3 and now.isupper() for now in codes)
        if 2 * named > len(codes):
            return table.with_columns(pl.Series(each, codes, pl.String))
    return table
