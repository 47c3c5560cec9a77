"""How to cite an answer and what it rests on: as a sentence, in the style of APA, or as BibTeX entries."""

from __future__ import annotations

import re
from typing import Literal

from parity import __version__
from parity.show.document import Document, Source

Style = Literal["text", "apa", "bibtex"]
_AUTHORS = "The Parity authors"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def cite(document: Document, style: Style = "text") -> str:
    """Return the citation of a document and of its sources.

    Parameters
    ----------
    document
        What is cited: its title, data, command and sources.
    style
        ``text``, ``apa`` or ``bibtex``.
    """
    title = document.title.rstrip(".")
    data = f"data: {document.data}" if document.data else ""
    known = f"known up to {document.known_to}" if document.known_to else ""
    details = ", ".join(each for each in (f"version {__version__}", data, known) if each)
    year = found[0][:4] if (found := _DAY.findall(document.data)) else ""
    match style:
        case "apa":
            whole = f"{_AUTHORS}. ({year or 'n.d.'}). {title} [Answer to: {document.command}]. "
            whole += f"In Parity ({details}) [Computer software]."
            return "\n\n".join([whole, *sorted(_apa(source) for source in document.sources)])
        case "bibtex":
            note = f"Data: {document.data}. Reproduce with: {document.command}"
            fields = {"author": f"{{{_AUTHORS}}}", "title": f"{{Parity: {title}}}", "year": year}
            fields |= {"version": __version__, "note": note}
            keys = (_entry("misc", *_bibtex(source)) for source in document.sources)
            return "\n\n".join([_entry("software", "parity", fields), *keys])
        case _:
            whole = f"Parity ({details}). {title}: {document.headline}"
            whole = f"{whole.rstrip('.')}. Reproduce: {document.command}"
            rests = [f"- {_apa(source)}" for source in document.sources]
            return "\n".join([whole, *(["Rests on:", *rests] if rests else [])])


def _apa(source: Source) -> str:
    when = f" Retrieved {source.retrieved}, from" if source.retrieved else ""
    if not source.publisher:
        # What a single fact was read in: its site or title is all that is known of it.
        return f"{source.title}. (n.d.).{when} {source.address}" if source.address else f"{source.title}."
    year = source.retrieved[:4] or "n.d."
    title = source.title.rstrip(".")
    name = source.publisher.rstrip(".")
    of = f" ({source.vintage.rstrip('.')})" if source.vintage else ""
    return f"{name[:1].upper()}{name[1:]}. ({year}). {title}{of} [Data set].{when} {source.address}"


def _bibtex(source: Source) -> tuple[str, dict[str, str]]:
    # Braces around a name keep an institution from being read as first and last name.
    fields = {
        "author": f"{{{source.publisher}}}",
        "title": f"{{{source.title}}}",
        "year": source.retrieved[:4] if source.publisher else "",
    }
    fields |= {"url": source.address, "urldate": source.retrieved, "note": source.vintage}
    name = source.key or (source.address or source.title).split("//")[-1]
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-"), fields


def _entry(kind: str, key: str, fields: dict[str, str]) -> str:
    rows = "".join(
        f"  {name} = {{{_escaped(name, value)}}},\n" for name, value in fields.items() if value.strip("{}")
    )
    return f"@{kind}{{{key},\n{rows}}}"


def _escaped(name: str, value: str) -> str:
    """Return a value with what LaTeX reads as commands escaped; addresses stay as they are."""
    return value if name == "url" else re.sub(r"([&%$#_])", r"\\\1", value)
