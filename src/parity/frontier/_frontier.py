"""The best capability so far, per country, developer, bloc or kind of weights."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import numpy as np
import polars as pl

from parity.dates import day_of, number_of
from parity.errors import NoAnswerError, ParityError, did_you_mean, one_of
from parity.frontier._abilities import FEWEST_SCORES, LEVEL, Abilities
from parity.frontier._fit import Flags, Floats, Integers
from parity.frontier._posterior import posterior
from parity.frontier._steps import DAYS_PER_MONTH, Steps, steps
from parity.stats import interval_ends

By = Literal["country", "developer", "openness", "bloc"]
BY: tuple[By, ...] = ("country", "developer", "openness", "bloc")
WORLD = "world"
# Stream of random numbers for dates, apart from those of the kinds of resampling.
_DATES = 99
# So few models have no middle half that tells the loosely measured from the others.
_HANDFUL = 6
STALE_MONTHS = 6
"""A side whose last model is older than so many months on the day asked is not told."""


@dataclass(frozen=True, slots=True)
class Frontier:
    """Who has reached what, and when.

    Attributes
    ----------
    abilities
        Capabilities that the frontier rests on, drawn towards what is usual of their time; see
        ``parity.frontier._posterior``.
    by
        What the groups are.
    groups
        Group -> which models may set its frontier, shape (n_models,).
    dates
        Release day of each model (days since 1970-01-01), shape (n_models,); NaN if unknown.
    date_errors
        Days by which each release day may be off either way, shape (n_models,).
    seed
        Seed of the drawn release days.
    until
        Day on which the newest model of the evidence came out: the day that is looked at by default.
    fewest_scores
        Scores that a model needs to set a frontier.
    """

    abilities: Abilities
    by: By
    groups: Mapping[str, Flags]
    dates: Floats
    date_errors: Floats
    seed: int
    until: dt.date
    fewest_scores: int = FEWEST_SCORES
    _drawn: dict[str, Steps] = field(default_factory=dict, init=False, repr=False, compare=False)

    def members(self, group: str) -> Flags:
        """Return which models may set the frontier of a group, or of several joined by ``+``.

        Of several, those without a model of their own add nothing.

        Raises
        ------
        ParityError
            If there is no such group.
        NoAnswerError
            If none of its models sets a frontier.
        """
        names = group.split("+")
        flags = np.zeros(self.dates.size, bool)
        for name in names:
            if name == WORLD:
                flags |= np.any(list(self.groups.values()), axis=0)
            elif name in self.groups:
                flags |= self.groups[name]
        if not any(name == WORLD or name in self.groups for name in names):
            self._unknown(group)
        if not flags.any():
            raise NoAnswerError(f"no model of {group} sets a frontier{self._where()}: {self._why(group)}")
        return flags

    def _unknown(self, name: str) -> None:
        known = sorted(self.groups)
        if self.by == "country":
            others = f"; countries that have such models: {', '.join(known)}" if known else ""
            raise NoAnswerError(
                f"no model of {name} sets a frontier{self._where()}: {self._why(name)}{others}"
            )
        raise ParityError(f"no {self.by} '{name}'.{did_you_mean(name, known)} Allowed are {one_of(known)}")

    def _why(self, group: str) -> str:
        """Return what keeps the models of a group from setting a frontier."""
        models = self.abilities.models
        column = {"country": "country", "developer": "developer"}.get(self.by)
        if column is None:
            return "none has a release date and enough scores"
        own = models.filter(pl.col(column).is_in(group.split("+")), ~np.isnan(self.abilities.point))
        if own.is_empty():
            return "no model of it has a score"
        reasons = {
            "no release date": pl.col("date").is_null(),
            f"fewer than {self.fewest_scores} scores": pl.col("n_scores") < self.fewest_scores,
            "foreign weights": pl.col("derived").fill_null(False)
            if "derived" in own.columns
            else pl.lit(False),
        }
        told = [f"{n} with {why}" for why, flag in reasons.items() if (n := own.filter(flag).height)]
        return (
            f"of its {own.height} scored models " + ", ".join(told)
            if told
            else f"its {own.height} scored models are told too loosely from others, or have other weights"
        )

    def _where(self) -> str:
        domain = self.abilities.domain
        return "" if domain == "overall" else f" in {domain}"

    def steps(self, group: str) -> Steps:
        """Return the records of a group by the point estimates."""
        flags = self.members(group)
        return steps(np.where(flags, self.dates, np.nan), self.abilities.point)

    def steps_of_draws(self, group: str) -> Steps | None:
        """Return the records of a group in every draw of capabilities and dates; ``None`` without draws."""
        if not self.abilities.draws:
            return None
        if group not in self._drawn:
            members = np.flatnonzero(self.members(group))
            draws = np.concatenate([values[:, members] for values in self.abilities.draws.values()])
            # Whoever is in no draw as good as some earlier model is in all of them sets no record.
            sure = steps(self.dates[members] + self.date_errors[members], draws.min(axis=0))
            hopeful = draws.max(axis=0) > sure.at(self.dates[members] - self.date_errors[members] - 1)
            members, draws = members[hopeful], draws[:, hopeful]
            found = steps(self.released(len(draws), members), draws)
            self._drawn[group] = found._replace(member=members[found.member])
        return self._drawn[group]

    def released(self, draws: int, models: Integers) -> Floats:
        """Return drawn release days of some models, shape (draws, n_models)."""
        moves = _moves(self.seed, draws, self.dates.size)[:, models]
        # Who compiled the evidence knew that the newest model was out.
        days = self.dates[models] + self.date_errors[models] * moves
        return np.asarray(np.minimum(days, number_of(self.until)))

    def known_to(self, group: str) -> dt.date:
        """Return the day of a group's last model: what came out later is unknown, not absent."""
        return day_of(float(self.dates[self.members(group)].max()))

    def check_known(self, group: str, on: dt.date) -> None:
        """Refuse a day on which the last model known of a group is too old to speak of it.

        Raises
        ------
        NoAnswerError
            If it is older than ``STALE_MONTHS``.
        """
        last = self.known_to(group)
        if number_of(on) - number_of(last) > STALE_MONTHS * DAYS_PER_MONTH:
            raise NoAnswerError(
                f"not told: no model of {group} is known after {last}{self._where()}, more than "
                f"{STALE_MONTHS} months before {on}; ask about a day up to "
                f"{day_of(number_of(last) + int(STALE_MONTHS * DAYS_PER_MONTH))}"
            )

    def band(self, group: str, days: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
        """Return the widest interval of a group's level on each day, both shape (n_days,).

        Parameters
        ----------
        group
            A group, or several joined by ``+``.
        days
            Days since 1970-01-01.
        level
            Probability that the interval covers.
        """
        point = self.steps(group).at(days)
        low, high = point.copy(), point.copy()
        drawn = self.steps_of_draws(group)
        if drawn is not None:
            levels = drawn.at(days)
            ends = interval_ends(np.where(np.isinf(levels), np.nan, levels), level)
            low, high = np.fmin(low, ends[0]), np.fmax(high, ends[1])
        return low, high

    def table(self, level: float = LEVEL) -> pl.DataFrame:
        """Return the record-setting models of every group: group, date, model, capability, low, high."""
        low, high = self.abilities.interval(level)
        rows = []
        for group in sorted(self.groups):
            if self.groups[group].any():
                rows += [
                    (group, day_of(d), self.abilities.models["model"][int(m)], c, low[m], high[m])
                    for d, c, m in zip(*self.steps(group), strict=True)
                ]
        columns = ("group", "date", "model", "capability", "low", "high")
        return pl.DataFrame(rows, schema=columns, orient="row")

    def leading(self, most: int) -> list[str]:
        """Return the groups with the highest frontier, the highest first."""
        tops = {g: float(np.nanmax(self.abilities.point[f])) for g, f in self.groups.items() if f.any()}
        return sorted(tops, key=lambda group: -tops[group])[:most]


def frontier(
    abilities: Abilities,
    by: By = "country",
    *,
    include_derived: bool = False,
    fewest_scores: int | None = None,
    weights: Literal["open", "closed"] | None = None,
    blocs: Mapping[str, Sequence[str]] | None = None,
    seed: int = 0,
) -> Frontier:
    """Return the frontier of every group of models.

    Parameters
    ----------
    abilities
        Capabilities, with ``date`` and what the groups need: ``country``, ``developer`` or
        ``open_weights``; ``date_error`` and ``derived`` where known.
    by
        What to group by.
    include_derived
        Let models that started from another country's weights set a frontier.
    fewest_scores
        Scores that a model needs to set a frontier; by default three over all tests, two in a domain.
    weights
        Count models with open, or with closed, weights alone.
    blocs
        Bloc -> ISO3 codes of its members, for ``by="bloc"``.
    seed
        Seed of the drawn release dates.

    Returns
    -------
    Frontier
        Groups with the models that may set their frontiers.

    Raises
    ------
    ParityError
        If ``by`` is none of the above, or a column that it needs is absent.
    """
    if by not in BY:
        raise ParityError(f"cannot group by '{by}'; allowed are {one_of(BY)}")
    models = abilities.models
    column = {"country": "country", "developer": "developer", "openness": "open_weights", "bloc": "country"}[
        by
    ]
    for needed in ("date", column):
        if needed not in models.columns:
            raise ParityError(f"a frontier by {by} needs the column '{needed}' in the scores")
    if fewest_scores is None:
        fewest_scores = abilities.needed
    eligible = _eligible(abilities, include_derived, fewest_scores, weights)
    until = models["date"].max()
    if not isinstance(until, dt.date):
        raise NoAnswerError("no model has a release date: a frontier needs one per model")
    abilities = posterior(abilities, eligible, seed=seed)
    days = models["date"].cast(pl.Int32).cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return Frontier(
        abilities,
        by,
        _groups(models[column], by, eligible, blocs or {}),
        np.asarray(days),
        _date_errors(models),
        seed,
        until,
        fewest_scores,
    )


def _eligible(
    abilities: Abilities,
    include_derived: bool,
    fewest_scores: int,
    weights: Literal["open", "closed"] | None,
) -> Flags:
    models = abilities.models
    keep = pl.col("date").is_not_null() & (pl.col("n_scores") >= fewest_scores)
    if "derived" in models.columns and not include_derived:
        keep &= ~pl.col("derived").fill_null(False)
    if "orchestrates" in models.columns:
        keep &= ~pl.col("orchestrates").fill_null(False)
    if weights is not None:
        if "open_weights" not in models.columns:
            raise ParityError("open and closed weights need the column 'open_weights' in the scores")
        keep &= pl.col("open_weights") == (weights == "open")
    flags = models.select(keep.fill_null(False)).to_series().to_numpy()
    return np.asarray(flags & ~np.isnan(abilities.point) & _told(abilities))


def _told(abilities: Abilities) -> Flags:
    """Return which models are measured closely enough to speak of a frontier.

    A model whose interval is wider than the middle half of all models could be almost anywhere; in
    its luckiest draws it would stand above everybody. A handful of models has no middle half to speak of.
    """
    if np.isfinite(abilities.point).sum() < _HANDFUL:
        return np.ones(abilities.point.size, bool)
    low, high = abilities.interval()
    quarter, three_quarters = np.nanquantile(abilities.point, [0.25, 0.75])
    return np.asarray(high - low <= max(three_quarters - quarter, 0.0)) | (not abilities.draws)


def _groups(
    column: pl.Series, by: By, eligible: Flags, blocs: Mapping[str, Sequence[str]]
) -> dict[str, Flags]:
    if by == "bloc":
        wanted = {bloc: column.is_in(list(members)) for bloc, members in blocs.items()}
    elif by == "openness":
        wanted = {"open": column == True, "closed": column == False}  # noqa: E712
    else:
        wanted = {name: column == name for name in column.drop_nulls().unique().sort()}
    flags = {
        name: np.asarray(series.fill_null(False).to_numpy()) & eligible for name, series in wanted.items()
    }
    return {name: flag for name, flag in flags.items() if flag.any() or by != "country"}


@lru_cache(maxsize=2)
def _moves(seed: int, draws: int, models: int) -> Floats:
    """Return how far each release day moves within its error, -1 to 1, shape (draws, models).

    All frontiers of the same models share it.
    """
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_DATES,)))
    return rng.uniform(-1, 1, (draws, models))


def _date_errors(models: pl.DataFrame) -> Floats:
    """Return by how many days each release date may be off either way, shape (n_models,)."""
    if "date_error" not in models.columns:
        return np.zeros(models.height)
    return np.asarray(models["date_error"].cast(pl.Float64).fill_null(0.0).to_numpy())
