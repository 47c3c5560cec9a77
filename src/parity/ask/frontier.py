"""What questions about capability and lag share: the fit, frontiers, and who is compared with whom."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from parity.ask.cache import cached, progress
from parity.errors import ParityError, did_you_mean

if TYPE_CHECKING:
    import polars as pl

    from parity.frontier import Abilities, By, Capability, Evidence, FitOptions, Frontier

Domain = Literal["mathematics", "coding", "reasoning and knowledge", "agentic", "language"]
DRAWS = 100
"""Refits per kind of resampling; so many are stored."""
SOURCES = ("epoch-benchmarks-2026-04", "epoch-hub-2026-10", "published-model-scores", "models-2026")


class Pair(NamedTuple):
    """Two sides of a comparison: what they are groups of, members of blocs, and their names."""

    by: By
    blocs: tuple[tuple[str, tuple[str, ...]], ...]
    of: str
    behind: str


@cached(4, ignore=("workers",))
def capability(
    draws: int = DRAWS, seed: int = 0, options: FitOptions | None = None, *, workers: int | None = None
) -> Capability:
    """Return the fit to the scores that Parity carries; parameters as of the questions."""
    from parity.frontier import carried

    return fitted(carried(), draws, seed, options, workers)


def fitted(
    evidence: Evidence,
    draws: int = DRAWS,
    seed: int = 0,
    options: FitOptions | None = None,
    workers: int | None = None,
) -> Capability:
    """Fit capability to some evidence, with its progress shown."""
    from parity.frontier import BootstrapOptions, fit_evidence

    resampling = BootstrapOptions(draws=draws, seed=seed, workers=workers)
    with progress(2 * draws, "Refitting to resampled scores") as advance:
        return fit_evidence(evidence, options=options, resampling=resampling, progress=advance)


def own_scores(table: Any, *, dated: bool, add: bool) -> Evidence:
    """Return a user's scores, from a file or a frame; with ``add``, beside the carried ones."""
    from parity import dates
    from parity.catalogue import files
    from parity.frontier import carried, own, together

    frame: pl.DataFrame = files.read_table(table) if isinstance(table, str) else table
    name = table if isinstance(table, str) else "a table of your own"
    evidence = own(frame, name, today=dates.today(), dated=dated)
    return together(evidence, carried()) if add else evidence


@cached(8)
def abilities(domain: str | None = None, draws: int = DRAWS, seed: int = 0) -> Abilities:
    """Return the capabilities in a domain; over all tests by default."""
    found = capability(draws, seed)
    return found.in_domain(domain) if domain else found.abilities


@cached(32)
def board(
    by: By = "country",
    domain: str | None = None,
    derived: bool = False,
    weights: Literal["open", "closed"] | None = None,
    blocs: tuple[tuple[str, tuple[str, ...]], ...] = (),
    draws: int = DRAWS,
    seed: int = 0,
) -> Frontier:
    """Return the frontiers of all groups; parameters as of the questions."""
    from parity.frontier import frontier

    found = abilities(domain, draws, seed)
    groups = dict(blocs) or None
    return frontier(found, by, include_derived=derived, weights=weights, blocs=groups, seed=seed)


@cached(1)
def developers() -> tuple[str, ...]:
    """Return the developers with a frontier, the highest first."""
    found = board("developer", derived=True)
    return tuple(found.leading(len(found.groups)))


@cached(1)
def _named() -> frozenset[str]:
    from parity.catalogue import load_table

    return frozenset(load_table("models")["developer"].drop_nulls().to_list())


def pair(of: str, behind: str) -> Pair:
    """Find out who is compared with whom.

    Parameters
    ----------
    of, behind
        Codes or names of countries, several joined by ``+``; blocs; ``open`` and ``closed`` weights;
        developers. An empty ``of`` stands for any country.

    Raises
    ------
    ParityError
        If a side is nothing known, a developer is compared with something else, or both are the same.
    """
    from parity.frontier import sides

    known = [side in _named() for side in (of, behind)]
    if all(known):
        found = Pair("developer", (), of, behind)
    elif any(known):
        raise ParityError(
            f"a developer is compared with a developer, not with '{behind if known[0] else of}'"
        )
    else:
        try:
            by, blocs, of, behind = sides(of, behind)
        except ParityError as problem:
            hint = "" if "Did you mean" in str(problem) else did_you_mean(of, _named(), 1)
            raise ParityError(f"{problem}{hint}") from None
        members = tuple((name, tuple(codes)) for name, codes in (blocs or {}).items())
        found = Pair(by, members, of, behind)
    if found.of == found.behind:
        raise ParityError(
            f"{found.of} cannot trail itself; name another to compare with: "
            f"parity lag {found.of} {'CHN' if found.of == 'USA' else 'USA'}"
        )
    return found


def compute_tables() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return notable models and clusters."""
    from parity.catalogue import load_table

    return load_table("notable_models"), load_table("clusters")


def last_day() -> dt.date:
    """Return the last day of the evidence: what is looked at by default."""
    return board(derived=True).until
