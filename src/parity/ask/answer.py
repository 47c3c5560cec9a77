"""An answer: a measure's result with the question, the vintage of the data, and its forms."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, NoReturn, Protocol, TypeVar

from parity import __version__
from parity.ask.serialise import plain, schema, to_json
from parity.errors import NoAnswerError, ParityError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    import polars as pl

    from parity.show.citation import Style
    from parity.show.document import Chart, Document

R = TypeVar("R")


class Asked(Protocol):
    """What an answer says of its question: a `parity.ask.question.Question`."""

    verb: ClassVar[str]
    view: ClassVar[str]

    @property
    def settings(self) -> dict[str, Any]:
        """Return what differs from the defaults."""
        ...

    @property
    def command(self) -> str:
        """Return the command that gives the same answer."""
        ...

    @classmethod
    def results(cls) -> tuple[type, ...]:
        """Return the types of result that the answer may hold."""
        ...


_SCREEN = 40
_ADDRESS = re.compile(r"https?://[^\s;,]+[^\s;:,.)]")


class Page(NamedTuple):
    """What facts were read in, by address or else by title, and when they were last held against it."""

    name: str
    checked: dt.date | None = None


def pages(rows: Iterable[tuple[str | None, dt.date | None]]) -> tuple[Page, ...]:
    """Return the pages that rows name as their source, each once, with the last day checked."""
    found: dict[str, Page] = {}
    for text, day in sorted(rows, key=lambda row: str(row[1] or "")):
        found |= {address: Page(address, day) for address in _ADDRESS.findall(text or "")}
    return tuple(found[address] for address in sorted(found))


@dataclass(frozen=True, repr=False, eq=False)
class Answer(Generic[R]):
    """The answer to a question.

    Attributes
    ----------
    question
        What was asked.
    result
        The measure's result.
    data
        Vintage of the data.
    known_to
        Until when the evidence is complete: an ISO day, or days by side where sides differ.
    sources
        Keys of the sources that it rests on, as in the table ``sources``, and pages of single facts.
    setting
        What of an index is the reader's own, for titles, figures and files; empty where nothing is.
    own_data
        How tables of the reader's own were joined, in sentences.
    """

    question: Asked
    result: R
    data: str
    known_to: Any = None
    sources: tuple[str | Page, ...] = ()
    setting: str = ""
    own_data: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as `json` writes it."""
        head = {
            "parity": __version__,
            "data": self.data,
            "known_to": plain(self.known_to),
            "command": f"{self.question.command} --json",
            "settings": self.question.settings,
            "sources": [one if isinstance(one, str) else one.name for one in self.sources],
        }
        body: dict[str, Any] = plain(self.result)
        return head | ({"own_data": list(self.own_data)} if self.own_data else {}) | body

    def json(self) -> str:
        """Return the answer as JSON: the same text on every face."""
        return to_json(self.as_dict())

    @cached_property
    def _document(self) -> Document:
        module, _, name = self.question.view.partition(":")
        # Views stand above questions, and this is the one look upwards: by name, when it is asked for.
        module = module if module.startswith("parity.") else f"parity.views.{module}"
        made: Document = getattr(importlib.import_module(module), name)(self)
        return made

    def document(self) -> Document:
        """Return the answer for people: headline, tables, figures, notes, sources."""
        return self._document

    def cite(self, style: Style = "text") -> str:
        """Return how to cite the answer and what it rests on: ``text``, ``apa`` or ``bibtex``."""
        from parity.show.citation import cite

        return cite(self._document, style)

    def add(self, table: Any, to: str | None = None) -> Answer[Any]:
        """Return the same answer about an index with indicators of your own.

        Parameters
        ----------
        table
            Polars or pandas frame, or the path of a table: a column of countries, by name or code, and a
            column of numbers for each indicator (more is better).
        to
            Pillar or sub-pillar that they belong to; the index itself by default. Each weighs as much as an
            average member there.

        Raises
        ------
        ParityError
            If the answer is not about an index on the catalogue's data, or the table does not fit.
        """
        question: Any = self.question
        if "add_to" not in getattr(type(question), "model_fields", {}):
            raise ParityError(f"indicators are added to an index; '{self.question.command}' is about none")
        changed = {name: getattr(question, name) for name in question.model_fields_set}
        made: Answer[Any] = type(question).read(changed | {"add": table, "add_to": to}).answer()
        return made

    def chart(self) -> Chart:
        """Return the first figure.

        Raises
        ------
        NoAnswerError
            If the answer has none.
        """
        charts = self._document.charts()
        return charts[0] if charts else self._without("figure")

    def table(self) -> pl.DataFrame:
        """Return the first table, unrounded: a number's interval in columns beside it.

        Raises
        ------
        NoAnswerError
            If the answer has none.
        """
        tables = self._document.tables()
        return tables[0].data() if tables else self._without("table")

    def to_pandas(self) -> Any:
        """Return the first table as a pandas frame.

        Raises
        ------
        ParityError
            If pandas is not installed: Parity itself does without.
        """
        try:
            import pandas as pd  # type: ignore[import-untyped]
        except ImportError:
            raise ParityError("pandas is not installed: `pip install pandas`, or take .table()") from None
        return pd.DataFrame(self.table().to_dict(as_series=False))

    def __repr__(self) -> str:
        """Return the answer as on a terminal, at most a screen of it."""
        from parity.show.terminal import text

        lines = text(self._document).rstrip().splitlines()
        more = f"\n... and {len(lines) - _SCREEN} more lines" if len(lines) > _SCREEN else ""
        return "\n".join(lines[:_SCREEN]) + more

    def _repr_html_(self) -> str:
        from parity.show.html import notebook

        return notebook(self._document)

    def _without(self, what: str) -> NoReturn:
        raise NoAnswerError(f"the answer of '{self.question.command}' has no {what}")


def answer_schema(question: type[Asked]) -> dict[str, Any]:
    """Return the JSON schema of a question's answers."""
    found = schema(*question.results())
    parts = found.pop("$defs")
    options = [parts[one["$ref"].rsplit("/", 1)[-1]] for one in found.get("anyOf", [found])]
    whole = [
        {
            "type": "object",
            "description": one["description"],
            "properties": _HEAD | one["properties"],
            "required": sorted({*_HEAD, *one["required"]}),
        }
        for one in options
    ]
    return {**(whole[0] if len(whole) == 1 else {"type": "object", "anyOf": whole}), "$defs": parts}


_HEAD: dict[str, Any] = {
    "parity": {"type": "string", "description": "Version of Parity"},
    "data": {"type": "string", "description": "Vintage of the data that the answer rests on"},
    "known_to": {"description": "Until when its evidence is complete, by side where sides differ"},
    "command": {"type": "string", "description": "Command that reproduces the answer"},
    "settings": {"type": "object", "description": "Parameters that are not the defaults"},
    "sources": {
        "type": "array",
        "items": {"type": "string"},
        "description": "Keys of its sources, as in the table of sources; pages of single facts by address",
    },
}
