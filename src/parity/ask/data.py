"""What the catalogue holds, what each piece of it is, and how far the facts go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from parity.ask.answer import Answer
from parity.ask.question import Place, Question, Word
from parity.errors import ParityError, one_of

if TYPE_CHECKING:
    import polars as pl

    from parity.catalogue import Card, FactsAudit, Listing

KINDS = ("tables", "indicators", "sources")


class DataList(Question):
    """List the tables, the indicators with their coverage, and the sources."""

    verb = "data list"
    view = "data:listing"
    result = "parity.catalogue:Listing"
    addresses = ("data",)
    examples = ("parity data list", "parity data list sources --find bank")

    kind: Annotated[Literal["all", "tables", "indicators", "sources"], Place()] = Field(
        default="all", description="What is listed."
    )
    find: str | None = Field(
        default=None, min_length=1, max_length=80, description="Rows that hold a text, in any case."
    )

    def answer(self) -> Answer[Listing]:
        """List them."""
        from parity.catalogue import Listing, vintage

        return Answer(self, Listing(*(self._listed(kind) for kind in KINDS)), vintage())

    def _listed(self, kind: str) -> pl.DataFrame:
        import polars as pl

        from parity.catalogue import listing

        if self.kind not in ("all", kind):
            return pl.DataFrame()
        frame = listing(kind)
        wanted = (self.find or "").strip().lower()
        texts = (
            pl.col(name).fill_null("").str.to_lowercase().str.contains(wanted, literal=True)
            for name, dtype in frame.schema.items()
            if dtype == pl.String
        )
        return frame.filter(pl.any_horizontal(texts)) if wanted else frame


class DataShow(Question):
    """Show what an indicator, a table or a source is: publisher, licence, vintage, citation, coverage."""

    verb = "data show"
    view = "data:card"
    result = "parity.catalogue:Card"
    examples = (
        "parity data show wgi_ge --country Russia --country CHN",
        "parity data show observations",
        "parity data show worldbank-wgi",
    )

    id: Annotated[Word, Place()] = Field(description="Code, name or key.", examples=["gtmi"])
    country: tuple[Word, ...] = Field(
        default=(), max_length=20, description="Show this country's values, for an indicator."
    )

    def answer(self) -> Answer[Card]:
        """Show it."""
        from parity.catalogue import describe, vintage

        card = describe(self.id, self.country)
        return Answer(self, card, vintage(), None, tuple(one.source for one in card.sources))


class DataAuditFacts(Question):
    """List what is old or unverified in the tables that people wrote: all of them, or the rows of one.

    An unverified row (basis "background") is shown and decides nothing.
    """

    verb = "data audit-facts"
    view = "data:audit"
    result = "parity.catalogue:FactsAudit"
    examples = (
        "parity data audit-facts",
        "parity data audit-facts published_ranks",
        "parity data audit-facts --older-than 5",
    )

    table: Annotated[str | None, Place()] = Field(
        default=None, min_length=1, max_length=60, description="A table that people wrote."
    )
    older_than: int = Field(
        default=365, ge=0, le=100_000, description="Days after which a row that was checked is old."
    )

    def answer(self) -> Answer[FactsAudit]:
        """Look through the tables."""
        from dataclasses import replace

        from parity import dates
        from parity.audit import facts_on_record
        from parity.catalogue import audit_facts, vintage

        also = {"audit_battery": facts_on_record()}
        found: Any = audit_facts(dates.today(), self.older_than, also)
        known = found.tables["table"].to_list()
        if self.table is not None and self.table not in known:
            raise ParityError(f"'{self.table}' is no hand-written table; allowed are {one_of(known)}")
        if self.table is not None:
            found = replace(found, rows=found.rows.filter(table=self.table))
        return Answer(self, found, vintage())
