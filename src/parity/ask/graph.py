"""Ties as a graph for other programs: GraphML and GEXF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from parity.errors import ParityError, missing_extra, one_of

KINDS = (".graphml", ".gexf")


def kind_of(path: str) -> str:
    """Return the format that a file's ending names.

    Raises
    ------
    ParityError
        If it names none, or nothing can be written there.
    """
    from parity import writing

    kind = Path(path).suffix.lower()
    if kind not in KINDS:
        raise ParityError(
            f"{path}: a graph is written as {one_of(KINDS)}; a table of its ties by --out FILE.csv"
        )
    writing.check_place(path)
    return kind


def write(path: str, result: Any) -> None:
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
    lines = nx.generate_graphml(graph) if kind_of(path) == ".graphml" else nx.generate_gexf(graph)
    writing.write_text(path, "\n".join(lines) + "\n")
