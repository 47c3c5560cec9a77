"""The best capability so far, per country, developer, bloc or kind of weights."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from parity.errors import NoAnswerError, ParityError, did_you_mean, one_of
from parity.frontier._abilities import FEWEST_SCORES, LEVEL, Abilities
from parity.frontier._fit import Flags, Floats
from parity.frontier._options import Resample
from parity.frontier._steps import Steps, steps
from parity.stats import interval_ends

By = Literal["country", "developer", "openness", "bloc"]
BY: tuple[By, ...] = ("country", "developer", "openness", "bloc")
WORLD = "world"
_EPOCH = dt.date(1970, 1, 1)
# Stream of random numbers for dates, apart from those of the kinds of resampling.
_DATES = 99


def day(date: dt.date) -> float:
    """Return a date as days since 1970-01-01."""
    return float((date - _EPOCH).days)


def date_of(days: float) -> dt.date:
    """Return the date of a number of days since 1970-01-01."""
    return _EPOCH + dt.timedelta(days=round(days))


@dataclass(frozen=True, slots=True)
class Frontier:
    """Who has reached what, and when.

    Attributes
    ----------
    abilities
        Capabilities that the frontier rests on.
    by
        What the groups are.
    groups
        Group -> which models may set its frontier, shape (n_models,).
    dates
        Release day of each model (days since 1970-01-01), shape (n_models,); NaN if unknown.
    date_draws
        Release days drawn within their errors, shape (n_draws, n_models).
    """

    abilities: Abilities
    by: By
    groups: Mapping[str, Flags]
    dates: Floats
    date_draws: Floats

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
            raise NoAnswerError(
                f"no model of {group} sets a frontier{self._where()}: none has a release date and "
                "enough scores"
            )
        return flags

    def _unknown(self, name: str) -> None:
        known = sorted(self.groups)
        if self.by == "country":
            raise NoAnswerError(
                f"no model of {name} sets a frontier{self._where()}: that takes a release date, at least "
                "three published scores and weights that are not foreign; "
                f"countries that have such models: {', '.join(known)}"
            )
        raise ParityError(f"no {self.by} '{name}'.{did_you_mean(name, known)} Allowed are {one_of(known)}")

    def _where(self) -> str:
        domain = self.abilities.domain
        return "" if domain == "overall" else f" in {domain}"

    def steps(self, group: str) -> Steps:
        """Return the records of a group by the point estimates."""
        flags = self.members(group)
        return steps(np.where(flags, self.dates, np.nan), self.abilities.point)

    def steps_of_draw(self, group: str, kind: Resample, draw: int) -> Steps:
        """Return the records of a group in one draw of capabilities and dates."""
        flags = self.members(group)
        return steps(np.where(flags, self.released(draw), np.nan), self.abilities.draws[kind][draw])

    def released(self, draw: int) -> Floats:
        """Return the release days of one draw, shape (n_models,)."""
        return np.asarray(self.date_draws[draw % len(self.date_draws)])

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
        for kind, draws in self.abilities.draws.items():
            levels = np.stack([self.steps_of_draw(group, kind, k).at(days) for k in range(len(draws))])
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
                    (group, date_of(d), self.abilities.models["model"][int(m)], c, low[m], high[m])
                    for d, c, m in zip(*self.steps(group), strict=True)
                ]
        columns = ("group", "date", "model", "capability", "low", "high")
        return pl.DataFrame(rows, schema=columns, orient="row")

    def last_record(self, *groups: str) -> dt.date:
        """Return the day by which the newest record of each group is out for certain.

        Later models that set none tell nothing, and after the last one that is scored the data end.
        A date that is known within some days counts from its latest end: on the day itself every
        other draw would hold the record for unreleased, and the lag for that of the record before.
        """
        errors = _date_errors(self.abilities.models)
        records = [self.steps(group) for group in groups]
        return date_of(max(float(known.date[-1] + errors[known.member[-1]]) for known in records))

    def leading(self, most: int) -> list[str]:
        """Return the groups with the highest frontier, the highest first."""
        tops = {g: float(np.nanmax(self.abilities.point[f])) for g, f in self.groups.items() if f.any()}
        return sorted(tops, key=lambda group: -tops[group])[:most]


def frontier(
    abilities: Abilities,
    by: By = "country",
    *,
    include_derived: bool = False,
    fewest_scores: int = FEWEST_SCORES,
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
        Scores that a model needs to set a frontier.
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
    eligible = _eligible(abilities, include_derived, fewest_scores, weights)
    days = models["date"].cast(pl.Int32).cast(pl.Float64).fill_null(float("nan")).to_numpy()
    draws = max((len(draws) for draws in abilities.draws.values()), default=1)
    return Frontier(
        abilities,
        by,
        _groups(models[column], by, eligible, blocs or {}),
        np.asarray(days),
        _date_draws(np.asarray(days), models, draws, seed),
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
    if weights is not None:
        if "open_weights" not in models.columns:
            raise ParityError("open and closed weights need the column 'open_weights' in the scores")
        keep &= pl.col("open_weights") == (weights == "open")
    flags = models.select(keep.fill_null(False)).to_series().to_numpy()
    return np.asarray(flags & ~np.isnan(abilities.point) & _told(abilities))


def _told(abilities: Abilities) -> Flags:
    """Return which models are measured closely enough to speak of a frontier.

    A model whose interval is wider than the middle half of all models could be almost anywhere; in
    its luckiest draws it would stand above everybody.
    """
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


def _date_draws(days: Floats, models: pl.DataFrame, draws: int, seed: int) -> Floats:
    """Return release days, each moved within its error, shape (draws, n_models)."""
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_DATES,)))
    return np.asarray(days + _date_errors(models) * rng.uniform(-1, 1, (draws, days.size)))


def _date_errors(models: pl.DataFrame) -> Floats:
    """Return by how many days each release date may be off either way, shape (n_models,)."""
    if "date_error" not in models.columns:
        return np.zeros(models.height)
    return np.asarray(models["date_error"].cast(pl.Float64).fill_null(0.0).to_numpy())
