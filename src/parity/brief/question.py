"""A country on a page: the one question whose answer is made of other questions' answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, model_validator

from parity.ask.answer import Answer, Page, pages
from parity.ask.cache import cached, progress
from parity.ask.of_index import IndexQuestion, OwnSettings
from parity.ask.question import FirstDay, Local, Old, Place, Word
from parity.errors import InvalidError, ParityError

if TYPE_CHECKING:
    from parity.ask.standing import Standing
    from parity.brief.result import Comparison, Country, CountryBrief, Row, Unranked, Written

MOST_PLACES = 8
FEW = 8
"""Pages that one process writes alone."""


class Brief(IndexQuestion):
    """Brief a country on one page: where it stands, how far behind, what holds it, and how sure that is.

    Several countries are compared side by side, and so are the members of a bloc (BRICS, EU), which is
    briefed as one unit besides. The page has the findings, figures and what they rest on; the full brief
    adds what takes seconds: the lag by parameter, tested changes in ties, what the country brings to its
    bloc, and what would change its rank.
    """

    verb = "brief"
    view = "parity.brief.document:brief"
    result = "parity.brief.result:CountryBrief,Comparison,Written"
    examples = (
        "parity brief RUS",
        "parity brief RUS CHN",
        "parity brief BRICS",
        "parity brief India --since 2025-06-01",
        "parity brief Nigeria --full --out nigeria.pdf",
        "parity brief --all --to-folder briefs",
        "parity brief FRA --data mine.csv --index my-index.toml",
    )

    places: Annotated[tuple[Word, ...], Place()] = Field(
        default=(),
        max_length=MOST_PLACES,
        description="Countries by code or name, or one bloc.",
        examples=[["RUS"]],
    )
    full: bool = Field(default=False, description="Print all, with what takes seconds to work out.")
    since: FirstDay | None = Field(
        default=None, description="Tell what changed since this day; a year before the data by default."
    )
    variant: Literal["both", "scale", "intensity"] = Field(
        default="both", description="Form of the index whose gaps and strengths are told."
    )
    all: Annotated[bool, Local()] = Field(
        default=False, description="Brief every ranked country, into a folder."
    )
    to_folder: Annotated[str | None, Local(settles=False), Old("--folder")] = Field(
        default=None,
        max_length=500,
        description="Write an HTML page for each country here; a run that was stopped goes on where it was.",
    )

    @model_validator(mode="before")
    @classmethod
    def _by_code(cls, given: Any) -> Any:
        """Take names for codes, and a bloc by its name."""
        places = given.get("places", ())
        places = (places,) if isinstance(places, str) else places
        if not isinstance(places, tuple | list) or not all(isinstance(one, str) for one in places):
            return given
        found = tuple(_named(one) for one in places)
        for one in found:
            if found.count(one) > 1:
                raise ParityError(f"{one} is given twice; name each country once")
        return given | {"places": found}

    @model_validator(mode="after")
    def _fitting(self) -> Brief:
        from parity.catalogue import snapshot_date

        if self.all != (self.to_folder is not None and not self.places):
            raise ParityError(
                "--all and --to-folder FOLDER go together, without a country; a folder with countries named "
                "holds theirs alone"
            )
        if not self.places and not self.all:
            raise ParityError("name a country: an ISO code or a usual English name, for example RUS")
        if len(self.places) > 1 and any(_is_bloc(one) for one in self.places):
            raise ParityError("a bloc is briefed alone; name countries to put side by side, or one bloc")
        if self.since and self.since > snapshot_date():
            until = snapshot_date()
            raise InvalidError(
                "since", f"{self.since} lies after the data, which are of {until}; give an earlier day"
            )
        return self

    @property
    def own(self) -> OwnSettings:
        """Settings of the index that are the reader's own."""
        return OwnSettings(weight=self.weight, normalise=self.normalise, aggregate=self.aggregate)

    @cached(64, when=lambda asked: asked.to_folder is None and asked.carried)
    def answer(self) -> Answer[Any]:
        """Gather the brief."""
        from parity.brief.measures import reaches_to
        from parity.catalogue import vintage

        if self.to_folder is not None:
            result: Any = _written(self, Path(self.to_folder))
        elif len(self.places) > 1:
            result = _compared(self)
        elif _is_bloc(self.places[0]):
            result = _group(self, self.places[0])
        else:
            result = _country(self, self.places[0])
        found = self.standing().in_year()
        known = {f"index, {side}": day for side, day in (found.known_to or {}).items()} | reaches_to()
        own = not found.vintage.startswith(vintage())
        data = f"{vintage()}; index: {found.vintage}" if own else vintage()
        return Answer(self, result, data, known, _sources(found, result), found.setting, found.notes)


def year_before(day: dt.date) -> dt.date:
    """Return the day a year earlier; 29 February gives 28."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year - 1, day=last)


def _blocs() -> dict[str, str]:
    from parity.catalogue import blocs

    return {name.casefold(): name for name in blocs()["bloc"]}


def _is_bloc(place: str) -> bool:
    return place.casefold() in _blocs()


def _named(text: str) -> str:
    """Return a bloc by its name, any other place by its code."""
    from parity.catalogue import find_country

    return _blocs().get(text.strip().casefold()) or find_country(text).iso3


def _sources(standing: Standing, result: Any) -> tuple[str | Page, ...]:
    """Return what a brief rests on: the sources of every section, and the pages of single facts."""
    from parity.ask import audit, chips, frontier, ties
    from parity.ask.pledges import sources_of
    from parity.brief import parts as p
    from parity.brief.result import CountryBrief

    found: dict[str | Page, None] = dict.fromkeys((*standing.sources, *frontier.SOURCES, *chips.SOURCES))
    read_in: list[tuple[str | None, dt.date | None]] = []
    for one in (result,) if isinstance(result, CountryBrief) else getattr(result, "briefs", ()):
        told = one.sections
        for section, keys in ((told.ties, ties.SOURCES), (told.control, (audit.SOURCE,))):
            found |= {} if isinstance(section, p.Missing) else dict.fromkeys(keys)
        if not isinstance(told.trade, p.Missing):
            found |= dict.fromkeys(key for line in told.trade.lines for key in line.sources)
        if not isinstance(told.pledges, p.Missing):
            rests = sources_of(told.pledges.pledges)
            found |= dict.fromkeys(each for each in rests if not isinstance(each, Page))
            read_in += [each for each in rests if isinstance(each, Page)]
        if not isinstance(told.strategy, p.Missing):
            read_in += [(each.source, None) for each in told.strategy.strategies]
        if not isinstance(told.claims, p.Missing):
            read_in += [(each.source, None) for each in told.claims.claims]
    return *found, *pages(read_in)


def about(unit: str) -> Country:
    """Return what a country is and belongs to."""
    from parity.brief.measures import BLOCS
    from parity.brief.result import Country
    from parity.catalogue import find_country, load_table, members

    row = load_table("countries").filter(iso3=unit).row(0, named=True)
    own = tuple(bloc for bloc in BLOCS if unit in members(bloc))
    return Country(unit, find_country(unit).name, row["income_group"], row["region"], own)


def _country(asked: Brief, place: str) -> CountryBrief:
    found = asked.standing()
    return brief(found, found.unit(place), asked.since, asked.own, full=asked.full)


@cached(256)
def brief(found: Standing, unit: str, since: dt.date | None, own: OwnSettings, *, full: bool) -> CountryBrief:
    """Gather the brief of a ranked country.

    Parameters
    ----------
    found
        The built index.
    unit
        ISO3 code.
    since
        First day of what changed; a year before the data, and without its causes, by default.
    own
        Settings of the index.
    full
        Whether what takes seconds is wanted, too.
    """
    from parity.brief import measures as m
    from parity.brief import parts as p
    from parity.brief import result as r
    from parity.brief import standing as s
    from parity.brief.trade import trade
    from parity.catalogue import snapshot_date

    until = snapshot_date()
    country, year = about(unit), found.in_year()
    later = p.Missing(m.LATER)
    steps: dict[str, Callable[[], Any]] = {
        "position": partial(s.position, found, unit, own),
        "profile": partial(s.profile, year, unit, s.peers(country)),
        "gap": partial(s.gaps, found, unit, full=full),
        "change": partial(s.change, year, unit),
        "lag": partial(m.lag, unit, year_before(until), full=full),
        "laboratories": partial(m.laboratories, unit),
        "strategy": partial(m.strategy, unit),
        "chips": partial(m.chips, unit),
        "trade": partial(trade, unit, full=full),
        "ties": partial(m.ties, unit, full=full),
        "control": partial(m.control, unit),
        "pledges": partial(m.pledges, unit, until),
        "claims": partial(m.claims, unit),
        "evidence": partial(s.evidence, year, unit),
        "sources": partial(s.sources, year, unit),
        "bloc": partial(m.bloc, found, unit, next(iter(country.blocs), None)) if full else lambda: later,
        "goal": partial(s.goal, found, unit, own) if full else lambda: later,
    }
    made: dict[str, Any] = {}
    with progress(len(steps), f"Briefing {country.name}") as advance:
        for name, step in steps.items():
            made[name] = step()
            advance(1)
    start, causes = since or year_before(until), full or since is not None
    made["since"] = m.since(unit, start, until, made, causes=causes)
    if not found.variant:  # what moved the open AI index moved no other
        moved = tuple(each for each in made["since"].moved if each.cause not in ("data", "method"))
        made["since"] = replace(made["since"], ranks=(), moved=moved)
    made["data_gaps"] = s.data_gaps(year, unit, made["evidence"], _absent(made, later))
    return r.CountryBrief(country, r.Sections(**made))


def unranked(unit: str) -> Unranked:
    """Gather what can be told of a country that has no rank."""
    from parity.brief import measures as m
    from parity.brief import parts as p
    from parity.brief import result as r
    from parity.brief.trade import trade
    from parity.catalogue import snapshot_date

    until = snapshot_date()
    return r.Unranked(
        m.lag(unit, year_before(until), full=False),
        m.laboratories(unit),
        m.strategy(unit),
        m.chips(unit),
        trade(unit, full=False),
        p.Missing("without a rank it brings nothing that could be told"),
        m.ties(unit, full=False),
        m.control(unit),
        m.pledges(unit, until),
        m.claims(unit),
    )


def _absent(made: Mapping[str, Any], later: Any) -> dict[str, str]:
    """Return the sections without an answer, with the reason."""
    reasons = {
        name: section.reason
        for name, section in made.items()
        if hasattr(section, "reason") and section is not later and name != "goal"
    }
    if made["lag"].on is None:
        reasons["lag"] = made["lag"].standing.reason
    return reasons


def _compared(asked: Brief) -> Comparison:
    from parity.brief.result import Comparison

    briefs = tuple(_country(asked, one) for one in asked.places)
    return Comparison(tuple(_rows((one.country.iso3 for one in briefs), asked)), briefs)


def _group(asked: Brief, name: str) -> Comparison:
    """Return the members of a bloc, the first first, and the bloc as one unit."""
    from parity.brief.blocs import Bloc
    from parity.brief.measures import bloc
    from parity.brief.result import Comparison
    from parity.catalogue import members
    from parity.estimate import Estimate

    rows = sorted(_rows(members(name), asked), key=lambda row: (row.forms["mixed"].rank or 10**6, row.iso3))
    found = asked.standing()
    inside = [row.iso3 for row in rows if row.iso3 in found.index.units]
    group = bloc(found, inside[0], name) if inside else None
    if not isinstance(group, Bloc):
        return Comparison(tuple(rows))
    none = Estimate(None, unit="points", reason="this is the group itself")
    return Comparison(tuple(rows), (), replace(group, brings=none, leaving=none, place=None))


def _rows(places: Iterable[str], asked: Brief) -> Iterable[Row]:
    """Yield each country as a row beside others: nothing that takes long, for a bloc has up to 55 members."""
    from parity.ask.standing import evidence_shares
    from parity.brief import measures as m
    from parity.brief import parts as p
    from parity.brief import result as r
    from parity.brief import standing as s
    from parity.catalogue import find_country, snapshot_date

    panel = asked.standing()
    found = panel.in_year()
    shares = evidence_shares(found, found.index.tree.n_nodes - 1).values()
    observed = {
        unit: 1 - float(sum(each[row] for each in shares)) for row, unit in enumerate(found.index.units)
    }
    for place in places:
        behind = "CHN" if place == "USA" else "USA"
        hardware, compute = m.hardware(place)
        pledged = m.pledges(place, snapshot_date())
        yield r.Row(
            place,
            find_country(place).name,
            s.forms(panel, place, own=asked.own),
            m.lag_on(place, behind, None),
            behind,
            hardware,
            compute,
            {} if isinstance(pledged, p.Missing) else pledged.counts,
            observed.get(place),
        )


def _written(asked: Brief, folder: Path) -> Written:
    """Write the page of every country; one of the same data and question that is there already is kept."""
    from joblib import Parallel, delayed

    from parity.ask.standing import ranking
    from parity.brief.result import Written

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise ParityError(f"{folder}: no folder can be made there: {problem.strerror}") from None
    places = asked.places or tuple(ranking(asked.standing().in_year())["id"])
    alone = asked.model_copy(update={"all": False, "to_folder": None})
    made = {}
    # Each process builds its own index and fit, which pays for many pages alone.
    jobs = 1 if len(places) < FEW else -1
    with progress(len(places), "Briefs") as advance:
        pages = (delayed(_page)(alone.model_copy(update={"places": (place,)}), folder) for place in places)
        for place, new in Parallel(n_jobs=jobs, return_as="generator_unordered")(pages):
            made[place] = new
            advance(1)
    written, kept = (tuple(place for place in places if made[place] is new) for new in (True, False))
    return Written(str(folder), written, kept)


def _page(asked: Brief, folder: Path) -> tuple[str, bool]:
    """Write the page of one place, if it is not there, and tell whether it was written."""
    from parity.catalogue import files
    from parity.show.html import page

    place, mark = asked.places[0], _mark(asked)
    path = folder / f"{place}.html"
    if path.exists() and files.read_text(path).endswith(mark):
        return place, False
    files.write_text(path, page(asked.answer().document()) + mark)
    return place, True


def _mark(asked: Brief) -> str:
    """Return the comment at the end of a page that says what it was made from."""
    import hashlib

    from parity import __version__
    from parity.catalogue import snapshot_checksum, tables
    from parity.show.draw import can_draw

    made = f"{__version__} {asked.command} {snapshot_checksum(*tables())} {can_draw()}"
    return f"<!-- made from {hashlib.sha256(made.encode()).hexdigest()[:16]} -->\n"
