"""Finding a device by what people call it, or describing one by its figures."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from parity.errors import ParityError, did_you_mean

# Shorter words would match by accident inside others.
SHORTEST_PREFIX, SHORTEST_INSIDE = 3, 5
# Structured sparsity keeps two of four weights: vendors then quote twice the dense figure.
SPARSITY = 2.0


@dataclass(frozen=True, slots=True)
class Device:
    """One device.

    Attributes
    ----------
    name
        Its name.
    facts
        Its row of the table ``accelerators``; absent columns are unknown.
    remarks
        What a reader should know about how it was found or described.
    """

    name: str
    facts: Mapping[str, Any]
    remarks: tuple[str, ...] = ()

    def table(self) -> pl.DataFrame:
        """Return the device as a table of one row."""
        return pl.DataFrame([{"name": self.name, **self.facts}])

    def marketed(self, data_center: bool | None) -> Device:
        """Return the device with a given answer on data centres; ``None`` leaves its own."""
        if data_center is None:
            return self
        return replace(self, facts={**self.facts, "data_center": data_center})


def find_device(text: str, accelerators: pl.DataFrame) -> Device:
    """Return the device that a name means.

    Parameters
    ----------
    text
        A full name, or any part that tells it from others: ``"H20"``, ``"RTX 4090"``, ``"Gaudi 3"``.
        Where several devices carry the name, the one with the highest TPP is taken and the others are
        named in its remarks.
    accelerators
        The table ``accelerators``.

    Raises
    ------
    ParityError
        If no device is known by that name; the message suggests the nearest ones.
    """
    rows = {row["name"]: row for row in accelerators.iter_rows(named=True)}
    found = _matching(text, rows)
    if not found:
        raise ParityError(
            f"no accelerator is known as '{text}'.{did_you_mean(text, rows)} "
            "'parity chips list' shows all; --tops, --bits and --die describe one that is not listed"
        )
    best = max(found, key=lambda name: (rows[name]["tpp_at_least"] or 0.0, rows[name]["source"] != "epoch"))
    others = [name for name in found if name != best]
    remark = (
        (f"'{text}' is taken as {best}, the fastest of that name; also: {', '.join(others)}",)
        if others
        else ()
    )
    return Device(best, rows[best], remark)


def _matching(text: str, rows: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the devices that match in the strictest way that any matches."""
    wanted = _words(text)
    ways: list[list[str]] = [[], [], [], []]
    for name, row in rows.items():
        makers = set(_words(row["maker"] or ""))
        for known in (name, *(row["aliases"] or "").split(";")):
            words = _words(known)
            bare = [word for word in words if word not in makers]
            checks = (
                wanted in (words, bare),
                set(wanted) <= set(words),
                all(_starts(word, words) for word in wanted),
                len("".join(wanted)) >= SHORTEST_INSIDE and "".join(wanted) in "".join(words),
            )
            for way, holds in zip(ways, checks, strict=True):
                if wanted and holds and name not in way:
                    way.append(name)
    return next((way for way in ways if way), [])


def _words(text: str) -> list[str]:
    # "80 GB" and "80GB" are one word.
    joined = re.sub(r"(\d)\s+gb\b", r"\1gb", text.casefold())
    return re.findall(r"[a-z0-9]+", joined)


def _starts(start: str, words: Sequence[str]) -> bool:
    return start in words or (len(start) >= SHORTEST_PREFIX and any(word.startswith(start) for word in words))


def describe_device(
    *,
    operations: Sequence[tuple[float, float]] = (),
    die_area: float | None = None,
    memory_bandwidth: float | None = None,
    io_bandwidth: float | None = None,
    process_nm: float | None = None,
    data_center: bool | None = None,
    maker: str | None = None,
    dies: int = 1,
    sparse: bool = False,
    name: str = "",
) -> Device:
    """Return a device that is given by its figures; what is left out is unknown.

    Parameters
    ----------
    operations
        Pairs of TOPS and bit length, one per precision; the pair with the highest product counts.
    die_area
        Area of the logic dies made on a non-planar process, mm2.
    memory_bandwidth, io_bandwidth
        DRAM bandwidth, and aggregate bidirectional bandwidth to other chips, GB/s.
    process_nm
        Process, nm; above 16 the die area does not count.
    data_center
        Whether it is designed or marketed for data centres.
    maker
        Maker; a letter binds the firm that it went to.
    dies
        Number of dies; operations and area are then those of one die and are summed.
    sparse
        Whether the TOPS are quoted with 2:4 sparsity; the rules count dense operations, so they are halved.
    name
        Name to show.

    Raises
    ------
    ParityError
        If a figure is not a positive number.
    """
    given = {
        "die_area": die_area,
        "memory_bandwidth": memory_bandwidth,
        "io_bandwidth": io_bandwidth,
        "process_nm": process_nm,
        "dies": dies,
    }
    for what, value in [*given.items(), *_named_operations(operations)]:
        if value is not None and not (math.isfinite(value) and value > 0):
            raise ParityError(f"{what.replace('_', ' ')} is {value:g}; a figure of a device is above zero")
    factor = dies / (SPARSITY if sparse else 1.0)
    tpp = max((tops * bits * factor for tops, bits in operations), default=None)
    facts = {key: value for key, value in given.items() if key != "dies"}
    facts["die_area"] = die_area * dies if die_area else None
    return Device(
        name or _title(operations),
        {**facts, "tpp": tpp, "data_center": data_center, "maker": maker, "named": bool(name)},
        tuple(_remarks(sparse, bool(operations))),
    )


def _named_operations(operations: Sequence[tuple[float, float]]) -> Iterator[tuple[str, float]]:
    for tops, bits in operations:
        yield "TOPS", tops
        yield "bit length", bits


def _title(operations: Sequence[tuple[float, float]]) -> str:
    listed = ", ".join(f"{tops:g} TOPS at {bits:g} bit" for tops, bits in operations)
    return f"device with {listed}" if listed else "device without a stated performance"


def _remarks(sparse: bool, performance: bool) -> Iterator[str]:
    if sparse:
        yield "TOPS halved: they were given with 2:4 sparsity, and the rules count dense operations"
    elif performance:
        yield "TOPS taken as dense; datasheets often quote twice that, with 2:4 sparsity (--sparse)"
