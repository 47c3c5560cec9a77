"""Sections that the index gives: places, strengths, weaknesses, gaps, change, evidence, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from parity.ask.basket import YEARS, constant_basket
from parity.ask.cache import cached
from parity.ask.explain import gap
from parity.ask.goal import sought
from parity.ask.intervals import LEVEL, edited_intervals, intervals_of, rank_intervals
from parity.ask.of_index import OwnSettings
from parity.ask.standing import INDEX, Standing, built, evidence_shares, flagged
from parity.brief import parts as p
from parity.brief import result as r
from parity.catalogue import load_table, members
from parity.errors import NoAnswerError, ParityError
from parity.index import Index, builtin_spec, history_of
from parity.robustness.goal_spread import GoalReport
from parity.robustness.places import FormPlace

SHOWN = 5
# A value is old that is more years than this behind the newest of all cells.
OLD = 5
FORMS = {"scale": "scale", "intensity": "intensity", "mixed": "both"}
"""Form of a rank -> variant of the index."""
PLAIN = OwnSettings()


def position(found: Standing, unit: str, own: OwnSettings = PLAIN) -> r.Position:
    """Return the country's place in the index, every pillar and every sub-pillar, in each form.

    Of a panel, in its last year.
    """
    index = found.in_year().index
    shares = index.tree.effective_weights(index.weights)
    nodes = (index.tree.n_nodes - 1, *found.group_nodes())
    places = tuple(_place(found, unit, node, float(shares[node]), own) for node in nodes)
    level = LEVEL if places[0].rank_low is not None else None
    return r.Position(index.spec.index.id, found.variant, level, places)


def _place(found: Standing, unit: str, node: int, share: float, settings: OwnSettings) -> r.Place:
    index = found.in_year().index
    code = index.tree.codes[node]
    depth, above = 0, node
    while index.tree.parents[above] >= 0:
        depth, above = depth + 1, int(index.tree.parents[above])
    by_form = forms(found, unit, code, settings)
    shown = (form for form, variant in FORMS.items() if variant == (found.variant or "both"))
    own = by_form[next(shown)]
    return r.Place(
        code,
        found.title(node),
        depth,
        share,
        index.rank(unit, code),
        int(np.count_nonzero(~np.isnan(index.scores[:, node]))),
        _known(index.score(unit, code)),
        own.rank_low,
        own.rank_high,
        by_form,
    )


_UNRANKED = FormPlace(None, None, None)


def forms(
    found: Standing, unit: str, node: str | None = None, own: OwnSettings = PLAIN
) -> dict[str, FormPlace]:
    """Return the country's rank by size, per person and mixed; of an index of the reader's own, the rank.

    It is unknown where the country is not ranked, or the form lacks what the reader weighs anew.
    """
    node = node or found.index.tree.codes[-1]
    if not found.variant:
        return {"mixed": _own_ranks(found).get((node, unit), _UNRANKED)}
    return {
        form: (_ranks(variant, own) or {}).get((node, unit), _UNRANKED) for form, variant in FORMS.items()
    }


@cached(12)
def _ranks(variant: str, own: OwnSettings) -> dict[tuple[str, str], FormPlace] | None:
    """Return ranks by node and unit: as stored with their intervals where those are of these data.

    Under the reader's own settings there are intervals of the index alone.
    """
    if not own.own_settings and not (stored := intervals_of(builtin_spec(INDEX, variant))).is_empty():
        rows = stored.select("node", "id", "rank", "rank_low", "rank_high").iter_rows()
        return {(node, unit): FormPlace(*ends) for node, unit, *ends in rows}
    try:
        found = own.edited(built(variant))
    except ParityError:
        return None
    ends = edited_intervals(variant, own.settings_in(found)) if own.own_settings else None
    return _with_ends(found.index, ends)


@cached(4)
def _own_ranks(found: Standing) -> dict[tuple[str, str], FormPlace]:
    return _with_ends(found.in_year().index, rank_intervals(found))


def _with_ends(index: Index, ends: pl.DataFrame | None) -> dict[tuple[str, str], FormPlace]:
    """Return ranks by node and unit, with intervals of the index itself."""
    nodes = [code for place, code in enumerate(index.tree.codes) if place >= index.tree.n_indicators]
    pairs = ((node, str(unit)) for node in nodes for unit in index.units)
    made = {(node, unit): FormPlace(index.rank(unit, node), None, None) for node, unit in pairs}
    top = index.tree.codes[-1]
    for unit, low, high in () if ends is None else ends.select("id", "rank_low", "rank_high").iter_rows():
        if (top, unit) in made:
            made[top, unit] = FormPlace(made[top, unit].rank, low, high)
    return made


def profile(found: Standing, unit: str, groups: Mapping[str, list[str]]) -> r.Profile:
    """Return the indicators in which a country is furthest from its peers.

    Parameters
    ----------
    found
        The built index.
    unit
        The country.
    groups
        Peer groups by name, with their members; the first orders the lists. The country itself is not its
        own peer.
    """
    index = found.index
    row = index.row(unit)
    rows = {
        name: [i for i, other in enumerate(index.units) if other in peers and i != row]
        for name, peers in groups.items()
    }
    scores = index.scores[:, : index.tree.n_indicators]
    rows = {name: peers for name, peers in rows.items() if peers}
    rows = rows or {"all units": [i for i in range(len(index.units)) if i != row]}
    medians = {name: np.nanmedian(scores[peers], axis=0) for name, peers in rows.items()}
    ahead = scores[row] - next(iter(medians.values()))
    order = _one_form_each([index.spec.codes[i] for i in np.argsort(-np.abs(ahead), kind="stable")])
    lead = {code: float(ahead[index.tree.position(code)]) for code in order}
    strong = sorted((code for code in order if lead[code] > 0), key=lambda code: -lead[code])
    weak = sorted((code for code in order if lead[code] < 0), key=lambda code: lead[code])
    return r.Profile(
        tuple(r.PeerGroup(name, len(rows[name])) for name in medians),
        tuple(_indicator(found, unit, code, medians) for code in strong[:SHOWN]),
        tuple(_indicator(found, unit, code, medians) for code in weak[:SHOWN]),
    )


def _one_form_each(codes: list[str]) -> list[str]:
    """Leave out the absolute form of an indicator that has both.

    Held against peers of any size, a quantity (``CODE.scale``) says how large a country is; per person or
    per GDP (``CODE.intensity``) it says how good it is.
    """
    known = set(codes)
    return [code for code in codes if f"{code.removesuffix('.scale')}.intensity" not in known - {code}]


def _indicator(found: Standing, unit: str, code: str, medians: Mapping[str, np.ndarray]) -> r.IndicatorPlace:
    index = found.index
    column, row = index.tree.position(code), index.row(unit)
    spec = index.spec.indicators[column]
    year, source, flag = None, None, "observed"
    if found.cells is not None:
        year, source, flag = found.cells.filter(iso3=unit, code=code).select("year", "source", "flag").row(0)
    value, rank = _untreated(index, unit, column)
    return r.IndicatorPlace(
        code,
        spec.title or code,
        found.title(int(index.tree.parents[column])),
        value,
        spec.unit,
        year,
        source,
        "imputed" if index.imputed[row, column] else flag,
        rank,
        float(index.scores[row, column]),
        {name: float(median[column]) for name, median in medians.items()},
    )


def _untreated(index: Index, unit: str, column: int) -> tuple[float | None, int | None]:
    """Return a country's value and its rank before outliers were treated, which makes ties."""
    block = index.stages["denominated" if "denominated" in index.stages else "raw"]
    kept = set(index.units)
    known = {
        other: number
        for other, number in zip(block.ids, block.values[:, column], strict=True)
        if other in kept and not np.isnan(number)
    }
    if unit not in known:
        return None, None
    better = index.spec.indicators[column].direction
    above = sum(better * number > better * known[unit] for number in known.values())
    return float(known[unit]), above + 1


def gaps(found: Standing, unit: str, *, full: bool) -> r.Gaps:
    """Return what makes the gap to the leader, and in a full brief to the next country above."""
    index = found.in_year().index
    scores = index.scores[:, -1]
    above = [i for i in np.argsort(scores, kind="stable") if scores[i] > scores[index.row(unit)]]
    if not above:
        return r.Gaps(())
    roles = {int(above[0]): "next above"} if full else {}
    roles[int(above[-1])] = "leader"
    others = [(role, str(index.units[row])) for row, role in reversed(roles.items())]
    return r.Gaps(
        tuple(r.RoleGap(role, other, index.name(other), gap(found, other, unit)) for role, other in others)
    )


def goal(found: Standing, unit: str, own: OwnSettings = PLAIN) -> GoalReport | p.Missing:
    """Return the smallest change that brings a country to a rank that is better beyond doubt."""
    now = found.index.rank(unit)
    if now is None or now == 1:
        return p.Missing("no country stands above it" if now else "it has no rank")
    wanted = aim(found, unit, now, own)
    try:
        return sought(found, unit, wanted)
    except NoAnswerError as problem:
        return p.Missing(f"rank {wanted}: {problem}")


def aim(found: Standing, unit: str, now: int, own: OwnSettings = PLAIN) -> int:
    """Return the rank to aim at: just above its rank interval, for a smaller step could be there already.

    It is the one above its rank where no interval is stored or nobody is above the interval.
    """
    shown = next(form for form, variant in FORMS.items() if variant == (found.variant or "both"))
    low = forms(found, unit, own=own)[shown].rank_low or now
    return low - 1 if 1 < low <= now else now - 1


@cached(8)
def _by_year(found: Standing) -> dict[int, Index] | None:
    """Return the index as of each year on the constant basket, all on the scale of the last."""
    spec, units = found.index.spec, list(found.index.units)
    made = constant_basket(spec, units, load_table("observations"), load_table("countries"))
    return made and {year: made[0].apply(table) for year, table in made[1].items()}


def change(found: Standing, unit: str) -> r.Change | p.Missing:
    """Return a country's score and rank as of each year, on the scale and the indicators of the last."""
    if not found.variant:
        return p.Missing("a history on one basket is told of the open AI index alone")
    years = _by_year(found)
    if years is None:
        return p.Missing("no indicator has data as of every year")
    first, last = years[YEARS[0]], years[YEARS[-1]]
    whole = history_of(found.index.spec).tree()
    shares = dict(zip(whole.codes, whole.effective_weights(), strict=True))
    return r.Change(
        last.tree.n_indicators,
        float(sum(shares[code] for code in last.spec.codes)),
        tuple(
            r.YearPlace(year, index.rank(unit), _known(index.score(unit))) for year, index in years.items()
        ),
        tuple(
            r.PillarChange(
                group.code,
                group.title or group.code,
                _known(last.score(unit, group.code) - first.score(unit, group.code)),
                first.rank(unit, group.code),
                last.rank(unit, group.code),
            )
            for group in last.spec.groups
            if group.parent is not None
        ),
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def evidence(found: Standing, unit: str) -> r.Evidence:
    """Return how much of the country's score rests on cells that nobody observed."""
    index = found.index
    row = index.row(unit)
    shares = {
        kind: float(share[row]) for kind, share in evidence_shares(found, index.tree.n_nodes - 1).items()
    }
    titles = {
        flag: tuple(found.title(int(column)) for column in np.flatnonzero(flagged(found, flag)[row]))
        for flag in ("structural_zero", "lower_bound", "trimmed")
    }
    weights = index.tree.effective_weights(index.weights)[: index.tree.n_indicators]
    bounds = flagged(found, "lower_bound")[row] @ weights
    return r.Evidence(
        1 - sum(shares.values()),
        shares["estimated"],
        shares["imputed"],
        shares["structural_zero"],
        tuple(found.title(int(column)) for column in np.flatnonzero(index.imputed[row])),
        titles["structural_zero"],
        float(bounds),
        titles["lower_bound"],
        titles["trimmed"],
    )


TITLES = {
    "goal": "What would change it",
    "change": "Change over the years",
    "lag": "Months behind the frontier",
    "laboratories": "Who makes its models",
    "strategy": "National strategy",
    "trade": "Trade",
    "bloc": "Bloc",
    "ties": "Ties",
    "control": "Information control of its models",
    "pledges": "Pledges",
    "claims": "Claims",
}
"""Sections that may have no answer, for people."""


def data_gaps(found: Standing, unit: str, rests_on: r.Evidence, absent: Mapping[str, str]) -> r.DataGaps:
    """Return what the data do not hold about a country.

    Parameters
    ----------
    found
        The built index.
    unit
        The country.
    rests_on
        What its score rests on.
    absent
        Sections without an answer, by name, with the reason.
    """
    first = 0 if found.cells is None else int(_dated(found.cells)["year"].max()) - OLD  # type: ignore[arg-type]
    filled = "no value is known; filled in from similar countries"
    zero = "no record; the source covers all countries"
    return r.DataGaps(
        first,
        (
            *(r.DataGap("imputed", title, filled) for title in rests_on.imputed_indicators),
            *(r.DataGap("taken as zero", title, zero) for title in rests_on.zero_indicators),
            *_old(found, unit, first),
            *(r.DataGap("no answer", TITLES.get(name, name), reason) for name, reason in absent.items()),
        ),
    )


def _dated(cells: pl.DataFrame) -> pl.DataFrame:
    return cells.filter(pl.col("year").is_not_null(), pl.col("flag").is_in(["observed", "estimated"]))


def _old(found: Standing, unit: str, first: int) -> Iterator[r.DataGap]:
    """Yield the indicators whose latest value is old, the oldest first, each in one of its forms."""
    if found.cells is None:
        return
    codes = {code: place for place, code in enumerate(found.index.spec.codes)}
    rows = _dated(found.cells).filter(pl.col("iso3") == unit, pl.col("year") < first).sort("year", "code")
    seen: set[str] = set()
    for code, year, source in rows.select("code", "year", "source").iter_rows():
        stem = code.removesuffix(".scale").removesuffix(".intensity")
        if code in codes and stem not in seen:
            seen.add(stem)
            yield r.DataGap("old", found.title(codes[code]), f"latest value of {year} ({source})")


def sources(found: Standing, unit: str) -> r.Sources:
    """Return the sources of a country's cells, those of most indicators first."""
    if found.cells is None:
        return r.Sources(())
    stems = pl.col("code").str.replace(r"\.(scale|intensity)$", "")
    counts = (
        found.cells.filter(pl.col("iso3") == unit, pl.col("source").is_not_null())
        .group_by("source")
        .agg(indicators=stems.n_unique())
        .join(load_table("sources"), on="source", how="left")
        .sort("indicators", "source", descending=[True, False])
    )
    fields = ("source", "title", "publisher", "licence", "vintage", "indicators")
    return r.Sources(tuple(r.SourceLine(*row) for row in counts.select(fields).iter_rows()))


def peers(country: r.Country) -> dict[str, list[str]]:
    """Return the groups that a country is held against: its income group, and its first bloc."""
    names = [name for name in (country.income_group, *country.blocs[:1]) if name]
    return {name: members(name) for name in names}
