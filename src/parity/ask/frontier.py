"""What questions about capability and lag share: the fit, frontiers, and who is compared with whom."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import Field

from parity.ask.cache import cached, progress
from parity.ask.question import Local, Question
from parity.errors import ParityError, did_you_mean

if TYPE_CHECKING:
    import polars as pl

    from parity.frontier import Abilities, By, Capability, Duplicates, Evidence, FitOptions, Frontier

Domain = Literal["mathematics", "coding", "reasoning and knowledge", "agentic", "language"]
DRAWS = 300
"""Refits per kind of resampling; so many are stored. Ends then move little with the seed."""
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

# Headings of scores in files of the hub that have no rule.
_SCORE = re.compile(r"score|accuracy|correct|average|resolved|pass|rate|\bEM\b", re.I)


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


def own_scores(table: Any, *, dated: bool, add: bool, duplicates: Duplicates = "error") -> Evidence:
    """Return a user's scores, from a file or a frame; with ``add``, beside the carried ones.

    A file of the benchmarking hub, or the zip of all that it gives, is read by the rules that the carried
    scores are read by.
    """
    from parity import dates
    from parity.catalogue import files
    from parity.frontier import together
    from parity.numbers import PER_CENT

    name = table if isinstance(table, str) else "a table of your own"
    notes: list[str] = []
    if name.lower().endswith(".zip"):
        frame = _unzipped(name, notes)
    else:
        frame = table
        if isinstance(table, str):
            reading = files.read(table)
            marked = {column: f"{column} (%)" for column in reading.percent if "%" not in column}
            frame = reading.frame
            notes += [told for told in reading.told if not told.startswith(PER_CENT)]
            hub = {"Model version", "Release date", "Organization", "Country"} <= set(frame.columns)
            scores = _hub_file(Path(name).stem, frame, []) if hub else None
            frame = frame.rename(marked) if scores is None else scores.drop_nulls("test")
    evidence = own(frame, name, today=dates.today(), dated=dated, duplicates=duplicates)
    evidence = evidence._replace(notes=(*notes, *evidence.notes))
    return together(evidence, carried()) if add else evidence


def _unzipped(name: str, notes: list[str]) -> pl.DataFrame:
    """Return the scores of all tables in a zip."""
    import polars as pl

    from parity.catalogue import files

    try:
        with zipfile.ZipFile(io.BytesIO(files.read_bytes(name))) as archive:
            inside = [entry for entry in archive.infolist() if entry.filename.lower().endswith(".csv")]
            if sum(entry.file_size for entry in inside) > files.MAX_TEXT_BYTES:
                raise ParityError(f"{name}: unpacks to more than {files.MAX_TEXT_BYTES >> 20} MB")
            texts = {Path(e.filename).stem: files.decode(archive.read(e), e.filename) for e in inside}
    except files.DAMAGED as problem:
        raise ParityError(f"{name}: cannot be unpacked: {problem}") from None
    tables = {
        stem: pl.read_csv(io.StringIO(text), infer_schema=False) for stem, text in texts.items() if text
    }
    hub = {stem: table for stem, table in sorted(tables.items()) if "Model version" in table.columns}
    passed: list[str] = []
    read = [scores for stem, table in hub.items() if (scores := _hub_file(stem, table, passed)) is not None]
    if not read:
        raise ParityError(
            f"{name}: holds no table of the benchmarking hub (a column 'Model version', and a score)"
        )
    if passed:
        notes.append(f"passed over, for no rule tells their score: {', '.join(passed)}")
    if left_out := sum(part.filter(pl.col("test").is_null()).height for part in read):
        notes.append(f"{left_out} scores left out, taken in another setting than the benchmark's")
    return pl.concat(read).drop_nulls("test")


def _hub_file(stem: str, frame: pl.DataFrame, passed: list[str]) -> pl.DataFrame | None:
    """Return the scores of one file of the hub by its rule, or by its first score where it has none."""
    import polars as pl

    from parity.catalogue.build.score_sources import NOT_STATED, HubFile, hub_files

    rule = next((rule for rule in hub_files() if rule.file == f"{stem}.csv"), None)
    if rule is None or rule.score not in frame.columns:
        score = next((column for column in frame.columns[1:] if _SCORE.search(column)), "")
        rule = HubFile(f"{stem}.csv", score, stem.removesuffix("_external"), "")
    number = pl.col(rule.score).cast(pl.String).str.strip_chars().str.strip_suffix("%")
    numbers = (
        frame.select(number.cast(pl.Float64, strict=False) / rule.per).to_series() if rule.score else None
    )
    if numbers is None or not numbers.count() or numbers.max() > 100 > numbers.min():  # type: ignore[operator]
        passed.append(stem)
        return None
    setting = pl.col(rule.setting) if rule.setting in frame.columns else pl.lit(None, pl.String)
    setting = setting.cast(pl.String).str.strip_chars().fill_null(NOT_STATED)
    given = {"date": "Release date", "country": "Country", "developer": "Organization"}
    return frame.select(
        model="Model version",
        test=setting.map_elements(rule.test_of, return_dtype=pl.String, skip_nulls=False),
        score=numbers,
        **{ours: pl.col(c) if c in frame.columns else pl.lit(None, pl.String) for ours, c in given.items()},
    ).drop_nulls(["model", "score"])


def own(
    frame: pl.DataFrame, name: str, *, today: dt.date, dated: bool, duplicates: Duplicates = "error"
) -> Evidence:
    """Return a user's scores, checked; parameters as of `parity.frontier.own`."""
    from parity import frontier
    from parity.catalogue import find_country, load_table

    return frontier.own(
        frame,
        name,
        benchmarks=load_table("benchmarks"),
        models=load_table("models"),
        code=lambda country: find_country(country).iso3,
        today=today,
        dated=dated,
        duplicates=duplicates,
    )


@cached(8)
def abilities(
    domain: str | None = None, draws: int = DRAWS, seed: int = 0, options: FitOptions | None = None
) -> Abilities:
    """Return the capabilities in a domain; over all tests by default."""
    found = capability(draws, seed, options)
    return found.in_domain(domain) if domain else found.abilities


@cached(6)
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
