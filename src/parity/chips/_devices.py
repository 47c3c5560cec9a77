"""Devices as the rules see them: every figure an interval, arrays over devices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from parity.chips._logic import FALSE, TRUE, UNKNOWN, Numbers, Truth, compare
from parity.errors import ParityError

# Above this process no logic die has fins: its area does not count, and no density test can be met.
LAST_NONPLANAR_NM = 16
# Figures that are read as they stand; the others are worked out below.
PLAIN = (
    "die_area",
    "package_area",
    "memory",
    "memory_bandwidth",
    "io_bandwidth",
    "tdp",
    "process_nm",
    "transistors",
    "price",
)
TEXTS = ("maker", "maker_country", "product")
# Quantity that is worked out -> figures that it rests on.
WORKED_OUT = {
    "performance_density": ("tpp", "die_area"),
    "memory_plus_io_bandwidth": ("memory_bandwidth", "io_bandwidth"),
    "memory_bandwidth_density": ("memory_bandwidth", "package_area"),
}
# Quantity -> words for a message about a missing figure.
LABELS = {
    "tpp": "TPP (dense TOPS and their bit length)",
    "die_area": "die area",
    "data_center": "whether it is designed or marketed for data centres",
    "memory_bandwidth": "memory bandwidth",
    "io_bandwidth": "bandwidth to other chips",
    "maker": "maker",
    "maker_country": "maker's country",
    "product": "name of the product",
    "package_area": "area of the stack",
}
DENSITY = "memory_bandwidth_density"
QUANTITIES = ("tpp", *WORKED_OUT, "data_center", "copackaged", *PLAIN, *TEXTS)
# No board with graphics memory reaches this, and no card for players or workstations sold to 2026 does.
GRAPHICS_BELOW = 2000.0


@dataclass(frozen=True, slots=True)
class Devices:
    """Devices with their figures.

    Attributes
    ----------
    names
        Names; shape (n,).
    low, high
        Quantity -> ends of the interval in which it lies; shape (n,). An unknown figure has 0 and infinity.
        ``data_center`` is 0 or 1, with 0 and 1 where it is open.
    text
        Text quantity -> words, ``None`` where unknown; shape (n,). ``product`` holds a name, empty for
        a device without one.
    """

    names: tuple[str, ...]
    low: Mapping[str, Numbers]
    high: Mapping[str, Numbers]
    text: Mapping[str, tuple[str | None, ...]]

    @property
    def size(self) -> int:
        """Number of devices."""
        return len(self.names)

    def test(self, quantity: str, operator: str, value: float | None, words: str | None) -> Truth:
        """Put one test to every device.

        Parameters
        ----------
        quantity
            One of ``QUANTITIES``.
        operator
            A comparison, or ``in`` for words.
        value
            Number to compare with.
        words
            Allowed words, separated by ``|``.

        Returns
        -------
        ndarray of int8
            Truth, shape (n,).

        Raises
        ------
        ParityError
            If devices have no such figure: a misspelt quantity must not read as "not met".
        """
        if quantity not in QUANTITIES:
            raise ParityError(
                f"a rule tests '{quantity}', which devices do not have; they have {', '.join(QUANTITIES)}"
            )
        if quantity in TEXTS:
            return self._among(quantity, (words or "").lower().split("|"))
        if value is None:
            raise ParityError(f"a rule tests {quantity} without a number to compare with")
        return compare(self.low[quantity], self.high[quantity], operator, value)

    def _among(self, quantity: str, allowed: list[str]) -> Truth:
        held = self.text[quantity]
        truth = {words: _spoken(words, allowed) for words in set(held)}
        return np.fromiter((truth[words] for words in held), np.int8, len(held))

    def take(self, chosen: NDArray[np.int64]) -> Devices:
        """Return some of the devices, by position."""
        return Devices(
            tuple(self.names[position] for position in chosen),
            {name: ends[chosen] for name, ends in self.low.items()},
            {name: ends[chosen] for name, ends in self.high.items()},
            {name: tuple(words[position] for position in chosen) for name, words in self.text.items()},
        )

    def marketed(self, data_center: bool) -> Devices:
        """Return the devices as if those whose market is open were (or were not) for data centres."""
        known = self.low["data_center"] == self.high["data_center"]
        value = np.where(known, self.low["data_center"], float(data_center))
        return replace(self, low={**self.low, "data_center": value}, high={**self.high, "data_center": value})

    def cases(self, cuts: Iterable[float] = ()) -> list[Devices]:
        """Return the devices in each possible case: for data centres and not, above a cut and below.

        A paragraph and its exception often turn on nothing else, and then one of two provisions applies
        for certain although neither does by itself.

        Parameters
        ----------
        cuts
            Densities of memory at which the rules part.
        """
        found = [self.marketed(True), self.marketed(False)] if self.open_market().any() else [self]
        for cut in cuts:
            if ((self.low[DENSITY] < cut) & (cut < self.high[DENSITY])).any():
                found = [half for one in found for half in one._parted(cut)]
        return found

    def _parted(self, cut: float) -> Iterator[Devices]:
        """Yield the devices as if the density of their memory were below a cut, and as if it were not."""
        inside = (self.low[DENSITY] < cut) & (cut < self.high[DENSITY])
        high = np.where(inside, np.nextafter(cut, 0.0), self.high[DENSITY])
        yield replace(self, high={**self.high, DENSITY: high})
        yield replace(self, low={**self.low, DENSITY: np.where(inside, cut, self.low[DENSITY])})

    def open_market(self) -> NDArray[np.bool_]:
        """Return where it is open whether the device is for data centres; shape (n,)."""
        return np.asarray(self.low["data_center"] != self.high["data_center"], dtype=np.bool_)

    @classmethod
    def of(cls, accelerators: pl.DataFrame) -> Self:
        """Return the devices of a table with the columns of the table ``accelerators``.

        Columns may be absent: their figures are unknown.
        """
        low: dict[str, Numbers] = {}
        high: dict[str, Numbers] = {}
        for quantity in PLAIN:
            value = _column(accelerators, quantity)
            low[quantity] = np.nan_to_num(value, nan=0.0)
            high[quantity] = np.where(np.isnan(value), np.inf, value)
        below = _column(accelerators, "io_below")
        high["io_bandwidth"] = np.where(np.isnan(below), high["io_bandwidth"], np.nextafter(below, 0.0))
        graphics = _is(accelerators, "market", "consumer", "workstation") & _is(accelerators, "kind", "card")
        unknown = graphics & np.isinf(high["memory_bandwidth"])
        high["memory_bandwidth"] = np.where(unknown, GRAPHICS_BELOW, high["memory_bandwidth"])
        # Memory on a processor is no stack by itself.
        low["copackaged"] = high["copackaged"] = np.where(_is(accelerators, "kind", "memory"), 0.0, 1.0)
        tpp, at_least = _column(accelerators, "tpp"), _column(accelerators, "tpp_at_least")
        low["tpp"] = np.nan_to_num(np.where(np.isnan(tpp), at_least, tpp), nan=0.0)
        high["tpp"] = np.where(np.isnan(tpp), np.inf, tpp)
        market = _column(accelerators, "data_center")
        low["data_center"] = np.nan_to_num(market, nan=0.0)
        high["data_center"] = np.nan_to_num(market, nan=1.0)
        _derive(low, high, np.nan_to_num(_column(accelerators, "density_above"), nan=-np.inf))
        names = tuple(accelerators["name"].to_list())
        return cls(names, low, high, _texts(accelerators, names))


def _spoken(words: str | None, allowed: list[str]) -> int:
    """Return whether a text is, or has among its words, one of those allowed."""
    if words is None:
        return UNKNOWN
    own = words.lower()
    return TRUE if any(word in allowed for word in (own, *own.split())) else FALSE


def _derive(low: dict[str, Numbers], high: dict[str, Numbers], above: Numbers) -> None:
    """Work out the figures that rest on two others; ``above`` bounds the density of memory from below."""
    low["memory_plus_io_bandwidth"] = low["memory_bandwidth"] + low["io_bandwidth"]
    high["memory_plus_io_bandwidth"] = high["memory_bandwidth"] + high["io_bandwidth"]
    stack = low["copackaged"] == 0.0
    planar = low["process_nm"] > LAST_NONPLANAR_NM
    with np.errstate(divide="ignore", invalid="ignore"):
        least = low["tpp"] / high["die_area"]
        most = np.where(low["die_area"] > 0, high["tpp"] / low["die_area"], np.inf)
        area = np.where(low["package_area"] > 0, low["package_area"], np.nan)
        density = np.nan_to_num(low["memory_bandwidth"] / area, nan=0.0)
    low["performance_density"] = np.where(planar, 0.0, least)
    high["performance_density"] = np.where(planar, 0.0, most)
    low["memory_bandwidth_density"] = np.where(stack, np.fmax(density, np.nextafter(above, np.inf)), 0.0)
    high["memory_bandwidth_density"] = np.where(stack, np.where(np.isnan(area), np.inf, density), 0.0)
    # A stack of memory computes nothing, and is no processor for data centres.
    for end in (low, high):
        end["tpp"] = np.where(stack, 0.0, end["tpp"])
        end["performance_density"] = np.where(stack, 0.0, end["performance_density"])
        end["io_bandwidth"] = np.where(stack, 0.0, end["io_bandwidth"])
        # Tests of bandwidth are for circuits that compute.
        for name in ("memory_bandwidth", "memory_plus_io_bandwidth"):
            end[name] = np.where(stack, 0.0, end[name])


def _column(table: pl.DataFrame, name: str) -> Numbers:
    """Return a column as numbers, NaN where unknown or absent; shape (n,)."""
    if name not in table.columns:
        return np.full(table.height, np.nan)
    return table[name].cast(pl.Float64).fill_null(np.nan).to_numpy()


def _is(table: pl.DataFrame, column: str, *words: str) -> NDArray[np.bool_]:
    """Return where a text column holds one of some words; shape (n,)."""
    if column not in table.columns:
        return np.zeros(table.height, dtype=np.bool_)
    return np.asarray(table[column].is_in(words).fill_null(False), dtype=np.bool_)


def _texts(table: pl.DataFrame, names: tuple[str, ...]) -> dict[str, tuple[str | None, ...]]:
    texts = {
        name: tuple(table[name].to_list()) if name in table.columns else (None,) * table.height
        for name in ("maker", "maker_country")
    }
    # A device that is given by its figures alone is none of the products that a letter names.
    named = table["named"].to_list() if "named" in table.columns else [True] * table.height
    product = tuple(name if known else "" for name, known in zip(names, named, strict=True))
    return {**texts, "product": product}
