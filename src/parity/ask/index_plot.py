"""An index drawn: its framework, a distribution, units on a line, two elements against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from parity.ask.answer import Answer
from parity.ask.index import SpecQuestion
from parity.ask.question import Line
from parity.errors import InvalidError

if TYPE_CHECKING:
    from parity.index.drawn import Drawn

Kind = Literal["framework", "distribution", "dot", "scatter"]


class IndexPlot(SpecQuestion):
    """Draw an index: its framework, a distribution, units on a line, two elements against each other.

    Indicators are drawn as in the data, groups by their scores; of a panel, the last year.
    """

    verb = "index plot"
    view = "index_plot:plot"
    result = "parity.index.drawn:Drawn"
    examples = (
        "parity index plot --kind framework",
        "parity index plot my-index.toml --kind distribution --of gdp --out gdp.svg",
        "parity index plot my-index.toml --kind scatter --of gdp --against schooling --out both.png",
    )

    kind: Kind = Field(default="framework", description="What is drawn.")
    of: Line | None = Field(default=None, description="Indicator or group; the index by default.")
    against: Line | None = Field(default=None, description="Second indicator or group, for scatter.")

    @model_validator(mode="after")
    def _two_for_scatter(self) -> Self:
        if self.kind == "scatter" and self.against is None:
            raise InvalidError("against", "is needed for a scatter: a second indicator or group")
        return self

    def answer(self) -> Answer[Drawn]:
        """Take what is drawn from the built index."""
        from dataclasses import replace

        from parity.index.drawn import drawn

        found = self.standing()
        found = replace(found, index=found.index.of_year())
        of = None if self.of is None else found.code(self.of)
        against = None if self.against is None else found.code(self.against)
        return found.answer(self, drawn(found.index, self.kind, of, against, found.titles))
