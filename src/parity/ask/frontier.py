"""What questions about capability and lag share: the fit, frontiers, and who is compared with whom."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import Field

from parity.ask.cache import cached, progress
from parity.ask.question import Local, Question
from parity.errors import ParityError, did_you_mean

if TYPE_CHECKING:
    import polars as pl

    from parity.frontier import Abilities, By, Capability, Evidence, FitOptions, Frontier

Domain = Literal["mathematics", "coding", "reasoning and knowledge", "agentic", "language"]
DRAWS = 100
"""Refits per kind of resampling; so many are stored."""
STORED = "capability_draws"
"""Table of the fit that ships with the scores."""
FIRMS = {
    "Cohere Labs": "Cohere",
    "DeepMind": "Google",
    "Google DeepMind": "Google",
    "Google Research": "Google",
    "Meta AI": "Meta",
    "Microsoft Research": "Microsoft",
    "Moonshot": "Moonshot AI",
    "Salesforce Research": "Salesforce",
    "Shanghai AI Lab": "Shanghai AI Laboratory",
    "TII": "Technology Innovation Institute",
    "Xiaomi Corp": "Xiaomi",
    "Zhipu AI": "Z.ai",
}
"""Names in sources of what is one developer: laboratories count with their firm."""
SOURCES = ("epoch-benchmarks-2026-04", "epoch-hub-2026-10", "published-model-scores", "models-2026")


class FitQuestion(Question):
    """A question whose answer rests on a fit of capability, and so on its draws."""

    heading = "Draws behind the intervals"

    draws: int = Field(default=DRAWS, ge=20, le=1000, description="Refits per kind of resampling.")
    seed: int = Field(default=0, ge=0, description="Seed of the resampling.")
    workers: Annotated[int | None, Local(settles=False)] = Field(
        default=None, ge=1, description="Threads; all cores by default."
    )


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
    return fitted(carried(), draws, seed, options, workers)


def carried(*, afresh: bool = False) -> Evidence:
    """Return the catalogue's scores: one per model and test, the median of repeated ones.

    Parameters
    ----------
    afresh
        Leave out the fit that ships with the scores, so that they are fitted anew.
    """
    import polars as pl

    from parity.catalogue import derived_table, load_table, vintage
    from parity.frontier import Evidence

    scores = load_table("model_scores").filter(pl.col("test") != "")
    return Evidence(
        scores.group_by("model", "test").agg(pl.col("score").median()).sort("model", "test"),
        models(),
        load_table("benchmarks"),
        vintage(),
        None if afresh else derived_table(STORED),
    )


def models() -> pl.DataFrame:
    """Return the catalogue's models, each under the first of its developers, which has one name."""
    import polars as pl

    from parity.catalogue import load_table

    first = pl.col("developer").str.replace(r"\s*\(.*\)", "").str.split(",").list.first()
    return load_table("models").with_columns(first.replace(FIRMS))


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
    from parity.frontier import together

    frame: pl.DataFrame = files.read_table(table) if isinstance(table, str) else table
    name = table if isinstance(table, str) else "a table of your own"
    evidence = own(frame, name, today=dates.today(), dated=dated)
    return together(evidence, carried()) if add else evidence


def own(frame: pl.DataFrame, name: str, *, today: dt.date, dated: bool) -> Evidence:
    """Return a user's scores, checked; parameters as of `parity.frontier.own`."""
    from parity import frontier
    from parity.catalogue import find_country, load_table

    return frontier.own(
        frame,
        name,
        benchmarks=load_table("benchmarks"),
        code=lambda country: find_country(country).iso3,
        today=today,
        dated=dated,
    )


@cached(8)
def abilities(
    domain: str | None = None, draws: int = DRAWS, seed: int = 0, options: FitOptions | None = None
) -> Abilities:
    """Return the capabilities in a domain; over all tests by default."""
    found = capability(draws, seed, options)
    return found.in_domain(domain) if domain else found.abilities


@cached(8)
def board(
    by: By = "country",
    domain: str | None = None,
    derived: bool = False,
    weights: Literal["open", "closed"] | None = None,
    blocs: tuple[tuple[str, tuple[str, ...]], ...] = (),
    draws: int = DRAWS,
    seed: int = 0,
    options: FitOptions | None = None,
) -> Frontier:
    """Return the frontiers of all groups; parameters as of the questions."""
    from parity.frontier import frontier

    found = abilities(domain, draws, seed, options)
    groups = dict(blocs) or None
    return frontier(found, by, include_derived=derived, weights=weights, blocs=groups, seed=seed)


@cached(1)
def developers() -> tuple[str, ...]:
    """Return the developers with a frontier, the highest first."""
    found = board("developer", derived=True)
    return tuple(found.leading(len(found.groups)))


@cached(1)
def _named() -> frozenset[str]:
    return frozenset(models()["developer"].drop_nulls().to_list())


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
    of, behind = FIRMS.get(of, of), FIRMS.get(behind, behind)
    known = [side in _named() for side in (of, behind)]
    if all(known):
        found = Pair("developer", (), of, behind)
    elif any(known):
        raise ParityError(
            f"a developer is compared with a developer, not with '{behind if known[0] else of}'"
        )
    else:
        try:
            found = sides(of, behind)
        except ParityError as problem:
            hint = "" if "Did you mean" in str(problem) else did_you_mean(of, _named(), 1)
            raise ParityError(f"{problem}{hint}") from None
    if found.of == found.behind:
        raise ParityError(
            f"{found.of} cannot trail itself; name another to compare with: "
            f"parity lag {found.of} {'CHN' if found.of == 'USA' else 'USA'}"
        )
    return found


def side(text: str) -> str:
    """Return one side of a comparison as it is called here.

    Raises
    ------
    ParityError
        If it is nothing known.
    """
    named = FIRMS.get(text, text)
    return named if named in _named() else sides(named, "USA").of


def sides(of: str, behind: str) -> Pair:
    """Find out what two sides of a comparison are: countries, blocs or kinds of weights.

    Parameters
    ----------
    of, behind
        Codes or names of countries, several joined by ``+``; blocs; ``open`` and ``closed``. An empty
        ``of`` stands for any.

    Raises
    ------
    ParityError
        If a side is nothing known, or kinds of weights are compared with a country.
    """
    kinds = [side.lower() in ("open", "closed") for side in (of, behind)]
    if any(kinds):
        other = {"open": "closed", "closed": "open"}.get(of.lower(), behind.lower())
        if not kinds[1] and behind != "USA":
            raise ParityError(f"'{of}' weights are compared with '{other}' ones, not with '{behind}'")
        return Pair("openness", (), of.lower(), other)
    named = [_side(side) for side in (of, behind)]
    if any(bloc for bloc, _ in named):
        return Pair("bloc", ((of, named[0][1]), (behind, named[1][1])), of, behind)
    return Pair("country", (), *("+".join(members) for _, members in named))


def _side(text: str) -> tuple[bool, tuple[str, ...]]:
    """Return whether a side is a bloc, and its countries."""
    from parity.catalogue import find_country, members
    from parity.frontier import WORLD

    if not text:
        return False, ()
    try:
        return False, tuple(part if part == WORLD else find_country(part).iso3 for part in text.split("+"))
    except ParityError as unknown:
        try:
            return True, tuple(members(text))
        except ParityError:
            raise unknown from None


def compute_tables() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return notable models and clusters."""
    from parity.catalogue import load_table

    return load_table("notable_models"), load_table("clusters")


def last_day() -> dt.date:
    """Return the last day of the evidence: what is looked at by default."""
    return board(derived=True).until
