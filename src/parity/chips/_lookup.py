"""Finding a device by what people call it, or describing one by its figures."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

import polars as pl

from parity.chips._regions import Region
from parity.errors import ParityError, did_you_mean, one_of

# Words of makers' names that tell accelerators apart.
GENERIC = frozenset(("ai", "rc", "module", "data", "matrix", "axelera", "iva", "d", "computing"))
# Series that people leave out.
SERIES = frozenset(("geforce", "instinct", "radeon", "tesla", "habana", "nvidia", "gpus"))
# What people say besides the name.
SAID_BESIDES = frozenset(
    [
        "gpu",
        "graphics",
        "card",
        "cards",
        "accelerator",
        "accelerators",
        "chip",
        "chips",
        "processor",
        "tensor",
        "core",
        "the",
        "founders",
        "edition",
        "dedicated",
        "server",
        "gddr6",
        "gddr6x",
        "gddr7",
    ]
)
# Names in their own script, and letters of the Cyrillic one that look like ours ("Н100").
SCRIPTS = {
    "昇腾": "ascend", "华为": "huawei", "寒武纪": "cambricon", "思元": "mlu", "壁仞科技": "biren",
    "壁仞": "biren", "燧原": "enflame", "摩尔线程": "moore threads mtt", "沐曦": "metax", "海光": "hygon",
    "昆仑芯": "kunlunxin", "天数智芯": "iluvatar", "天垓": "tiangai", "智铠": "zhikai",
    "英伟达": "nvidia", "英特尔": "intel", "算能": "sophgo", "平头哥": "t-head", "含光": "hanguang",
    "景嘉微": "jingjia", "百度": "baidu", "昆仑": "kunlun", "эльбрус": "elbrus", "байкал": "baikal",
    "модуль": "module", "нтц": "rc",
}  # fmt: skip
ALIKE = str.maketrans("авекмнорстху", "abekmhopctxy")
MEMORY = re.compile(r"(\d+)gb")
# Most names suggested.
SUGGESTED = 4
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
    matched
        How it was found: ``name``, ``other name``, or ``figures`` for one that was described.
    """

    name: str
    facts: Mapping[str, Any]
    remarks: tuple[str, ...] = ()
    matched: str = "figures"

    def table(self) -> pl.DataFrame:
        """Return the device as a table of one row."""
        return pl.DataFrame([{"name": self.name, **self.facts}])

    def marketed(self, data_center: bool | None) -> Device:
        """Return the device with a given answer on data centres; ``None`` leaves its own."""
        if data_center is None:
            return self
        return replace(self, facts={**self.facts, "data_center": data_center})


@dataclass(frozen=True, slots=True)
class DeviceList:
    """Accelerators, with the verdict on each where a destination is given.

    Attributes
    ----------
    on
        Day of the verdicts.
    to
        Destination of the verdicts, ISO3.
    what_if
        Thresholds changed.
    devices
        Accelerators; with other thresholds, those that move.
    disclaimer
        What a ruling is not.
    regions
        Where each paragraph applies, for the figure.
    drawn
        Accelerators that are out on the day, with their figures and terms, for the figure.
    mark
        Accelerator that the figure names.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"regions": None, "drawn": None, "mark": None}

    on: date
    to: str | None
    what_if: tuple[str, ...]
    devices: pl.DataFrame
    disclaimer: str
    regions: tuple[Region, ...]
    drawn: pl.DataFrame
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class DeviceFigures:
    """One accelerator with every figure.

    Attributes
    ----------
    device
        Name.
    facts
        Figures in use.
    figures
        Every figure with its source, used or not.
    remarks
        How the name was understood.
    disclaimer
        What a ruling is not.
    """

    device: str
    facts: dict[str, Any]
    figures: pl.DataFrame
    remarks: tuple[str, ...]
    disclaimer: str


@dataclass(frozen=True, slots=True)
class Names:
    """Names of accelerators: an exact name or other name finds one, a part of one only suggests it.

    Attributes
    ----------
    rows
        Name -> row of the table ``accelerators``.
    exact
        Key of a name or other name -> accelerators that it means.
    bare
        The same without makers and series ("GeForce", "Instinct").
    families
        Key of a name that fits several -> those.
    dropped
        Words that a name is told without.
    makers
        Those of them that name a maker.
    """

    rows: Mapping[str, Mapping[str, Any]]
    exact: Mapping[str, tuple[str, ...]]
    bare: Mapping[str, tuple[str, ...]]
    families: Mapping[str, tuple[str, ...]]
    dropped: frozenset[str]
    makers: frozenset[str]

    @classmethod
    def of(cls, accelerators: pl.DataFrame) -> Names:
        """Return the names of the table ``accelerators``."""
        rows = {row["name"]: row for row in accelerators.iter_rows(named=True)}
        makers = {word for row in rows.values() for word in _words(row["maker"] or "")}
        dropped = frozenset((makers - GENERIC) | SERIES)
        exact: dict[str, list[str]] = {}
        bare: dict[str, list[str]] = {}
        families: dict[str, list[str]] = {}
        for name, row in rows.items():
            for known in (name, *_listed(row, "aliases")):
                _add(exact, _key(_words(known)), name)
                _add(bare, _without(known, dropped), name)
            for known in _listed(row, "families"):
                _add(families, _without(known, dropped), name)
        exact_of, bare_of, family_of = (
            {text: tuple(names) for text, names in kind.items()} for kind in (exact, bare, families)
        )
        return cls(
            rows, exact_of, bare_of, family_of, dropped, frozenset(makers - GENERIC - SERIES | {"nvidia"})
        )

    def find(self, text: str) -> Device:
        """Return the accelerator that a name means: see ``find_device``."""
        found = next((names for names in self._ways(text) if names), ())
        if len(found) == 1:
            name = found[0]
            how = "name" if _key(_words(text)) == _key(_words(name)) else "other name"
            taken = () if how == "name" else (f"'{text.strip()}' is taken as {name}",)
            return Device(name, self.rows[name], taken, how)
        if found:
            raise ParityError(f"'{text}' fits several accelerators; say which: {', '.join(found)}")
        near = self._near(text)
        raise ParityError(
            f"no accelerator is known as '{text}'.{near} "
            "'parity chips list' shows all; --tops, --bits and --die-area describe one that is not listed"
        )

    def _made_by(self, text: str, names: Sequence[str]) -> tuple[str, ...]:
        """Return those whose maker is the one that the text names: "Apple M4" is no Tesla M4."""
        makers = {name: set(_words(self.rows[name]["maker"] or "")) for name in names}
        told = set(_words(text)) & self.makers
        return tuple(name for name in names if not told or not makers[name] or told & makers[name])

    def _ways(self, text: str) -> Iterator[tuple[str, ...]]:
        """Yield what a name means, the strictest reading first."""
        words, bare = _words(text), _without(text, self.dropped)
        exact = self.exact.get(_key(words), ())
        yield tuple(name for name in exact if _key(_words(name)) == _key(words))
        yield self._made_by(text, self.families.get(bare, ()))
        yield exact
        yield self._made_by(text, self.bare.get(bare, ()))
        # What people add to a name: what kind of thing it is, and how much memory it has.
        plain = [word for word in words if word not in SAID_BESIDES]
        sizes = [float(size[1]) for word in plain if (size := MEMORY.fullmatch(word))]
        named = _without(" ".join(word for word in plain if not MEMORY.fullmatch(word)), self.dropped)
        fitting = self._made_by(text, self.bare.get(_without(" ".join(plain), self.dropped), ()))
        sized = tuple(name for name in self.bare.get(named, ()) if self._has(name, sizes))
        yield fitting or self._made_by(text, sized)

    def _has(self, name: str, sizes: list[float]) -> bool:
        return all(size == self.rows[name]["memory"] for size in sizes)

    def _near(self, text: str) -> str:
        key = _without(text, self.dropped)
        inside = [name for name in self.rows if len(key) > 1 and key in _without(name, self.dropped)]
        if inside:
            return f" Did you mean {one_of(sorted(inside, key=len)[:SUGGESTED])}?"
        return did_you_mean(text, self.rows)


def _listed(row: Mapping[str, Any], column: str) -> list[str]:
    return (row.get(column) or "").split(";") if row.get(column) else []


def _add(index: dict[str, list[str]], key: str, name: str) -> None:
    names = index.setdefault(key, [])
    if key and name not in names:
        names.append(name)


def find_device(text: str, accelerators: pl.DataFrame) -> Device:
    """Return the device that a name means.

    Parameters
    ----------
    text
        A name or other name, with or without the maker, as people write it: ``"H20"``, ``"rtx4090"``,
        ``"Gaudi 3"``. A part of a name finds nothing.
    accelerators
        The table ``accelerators``.

    Raises
    ------
    ParityError
        If no device is known by that name, or several are; the message names them, or the nearest ones.
    """
    return Names.of(accelerators).find(text)


def _words(text: str) -> list[str]:
    # "80 GB" and "80GB" are one word; so are "5090 D" and "5090D", by the key made of all words.
    told = text.casefold()
    if not told.isascii():
        for word, ours in SCRIPTS.items():
            told = told.replace(word, f" {ours} ")
        told = told.translate(ALIKE)
    joined = re.sub(r"(\d)\s+(gb|g)\b", r"\1gb", told)
    return re.findall(r"[^\W_]+|\+", joined)


def _key(words: Sequence[str]) -> str:
    return "".join(words)


def _without(text: str, dropped: frozenset[str]) -> str:
    """Return the key of a name without makers and series; the whole where nothing else is left."""
    words = _words(text)
    return _key([word for word in words if word not in dropped]) or _key(words)


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
