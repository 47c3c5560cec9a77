"""What countries have between them: compute adds up, the right to buy an accelerator does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from parity.chips._compute import Installed, installed
from parity.chips._reach import Reach, reach
from parity.chips._rulebook import RuleBook
from parity.errors import ParityError
from parity.estimate import Estimate

_POOL = "pool"
UNIT = "months"


@dataclass(frozen=True, slots=True)
class PooledReach:
    """What the members of a group can lawfully reach, month by month.

    A right to buy is a country's own: there is no lag of the group itself, but that of its freest
    member, that of its least free one, and the mean.

    Attributes
    ----------
    members
        What each member can reach.
    weights
        Weight of each member in the mean, shape of ``members``; they add up to 1.
    months
        Last days of the months.
    freest, mean, least
        Hardware lag in each month. Low end: if everything that is open falls the members' way.
        Without a value, and with a low end, it is at least that.
    last
        Member that is the least free in each month; among equals the first listed. Who is the freest is
        left out: that would tell where to buy what others may not.
    even
        Share of the weight in members that lag no more than the freest, in each month.
    checked_to
        Day to which rules were looked for.
    """

    members: tuple[Reach, ...]
    weights: tuple[float, ...]
    months: tuple[date, ...]
    freest: tuple[Estimate, ...]
    mean: tuple[Estimate, ...]
    least: tuple[Estimate, ...]
    last: tuple[str, ...]
    even: tuple[float, ...]
    checked_to: date

    def table(self) -> pl.DataFrame:
        """Return one row per month: ``month, last, even``, and the three lags with their ends."""
        body: dict[str, object] = {
            "month": self.months,
            "last": self.last,
            "even": self.even,
        }
        for name in ("freest", "mean", "least"):
            lags: tuple[Estimate, ...] = getattr(self, name)
            for suffix, end in (("", "value"), ("_low", "low"), ("_high", "high")):
                body[name + suffix] = pl.Series([getattr(lag, end) for lag in lags], dtype=pl.Float64)
        return pl.DataFrame(body)


def pooled_reach(
    book: RuleBook,
    accelerators: pl.DataFrame,
    members: Sequence[str],
    start: date,
    end: date,
    weights: Mapping[str, float] | None = None,
) -> PooledReach:
    """Return what the members of a group can lawfully reach, month by month.

    Parameters
    ----------
    book, accelerators
        The rules and the table ``accelerators``.
    members
        ISO3 codes.
    start, end
        First and last month.
    weights
        Weight of each member in the mean, such as its economic output; all alike by default. A member
        without one is not in the mean.

    Raises
    ------
    ParityError
        If there are no members, no weights above zero, or the months are in the wrong order.
    """
    if not members:
        raise ParityError("a group without members can reach nothing; name at least one country")
    found = tuple(reach(book, accelerators, code, start, end) for code in members)
    given = [1.0 if weights is None else max(weights.get(code) or 0.0, 0.0) for code in members]
    if not sum(given):
        raise ParityError("none of the members has a weight above zero, so there is no mean of them")
    shares = tuple(weight / sum(given) for weight in given)
    months = tuple(found[0].months["month"].to_list())
    lags = [[one.lags[month] for one in found] for month in range(len(months))]
    return PooledReach(
        members=found,
        weights=shares,
        months=months,
        freest=tuple(_least_of(each) for each in lags),
        mean=tuple(_mean(each, shares) for each in lags),
        least=tuple(_most_of(each) for each in lags),
        last=tuple(members[_last(each)] for each in lags),
        even=tuple(_even(each, shares) for each in lags),
        checked_to=book.checked_to,
    )


def pooled_compute(
    clusters: pl.DataFrame, members: Sequence[str], days: Sequence[date], published: pl.DataFrame
) -> list[Installed]:
    """Return the compute known to be installed in all members together.

    The ends are levels of certainty, as for a country, so they add up like the values.

    Parameters
    ----------
    clusters
        The table ``clusters``.
    members
        ISO3 codes.
    days
        Days.
    published
        The table ``compute_published``, for the total of the world.
    """
    inside = pl.col("country").is_in(list(members))
    merged = clusters.with_columns(country=pl.when(inside).then(pl.lit(_POOL)).otherwise("country"))
    return installed(merged, _POOL, days, published)


def _sure(lag: Estimate) -> float:
    return float("inf") if lag.value is None else lag.value


def _last(lags: Sequence[Estimate]) -> int:
    """Return who lags most for certain; what is open decides among equals."""
    keys = [(_sure(lag), lag.low or 0.0) for lag in lags]
    return keys.index(max(keys))


def _least_of(lags: Sequence[Estimate]) -> Estimate:
    return _estimate(min(_sure(lag) for lag in lags), min(lag.low or 0.0 for lag in lags), lags)


def _most_of(lags: Sequence[Estimate]) -> Estimate:
    return _estimate(max(_sure(lag) for lag in lags), max(lag.low or 0.0 for lag in lags), lags)


def _mean(lags: Sequence[Estimate], weights: Sequence[float]) -> Estimate:
    counted = [(lag, weight) for lag, weight in zip(lags, weights, strict=True) if weight]
    value = sum(_sure(lag) * weight for lag, weight in counted)
    low = sum((lag.low or 0.0) * weight for lag, weight in counted)
    return _estimate(value, low, [lag for lag, _ in counted])


def _estimate(value: float, low: float, lags: Sequence[Estimate]) -> Estimate:
    """Return a lag; without a value where a member lags without bound."""
    if value < float("inf"):
        return Estimate(value, low, value, unit=UNIT)
    reason = next(lag.reason for lag in lags if lag.value is None)
    return Estimate(None, low, None, unit=UNIT, reason=reason)


def _even(lags: Sequence[Estimate], weights: Sequence[float]) -> float:
    best = min(_sure(lag) for lag in lags)
    return float(sum(weight for lag, weight in zip(lags, weights, strict=True) if _sure(lag) <= best))
