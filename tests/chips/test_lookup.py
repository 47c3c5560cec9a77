"""Devices by what people call them."""

from __future__ import annotations

import polars as pl
import pytest

from parity.chips import find_device
from parity.errors import ParityError


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("NVIDIA HGX H20", "NVIDIA H20 SXM"),  # the hardware table's name
        ("h20", "NVIDIA H20 SXM"),
        ("A100", "NVIDIA A100"),
        ("NVIDIA A100 SXM4 80 GB", "NVIDIA A100 SXM4 80GB"),
        ("L40", "NVIDIA L40"),
        ("L40S", "NVIDIA L40S"),
        ("RTX4090", "NVIDIA GeForce RTX 4090"),
        ("4090", "NVIDIA GeForce RTX 4090"),
        ("MI300", "AMD Radeon Instinct MI300"),
        ("Gaudi3", "Intel Gaudi 3"),
        ("ascend 910c", "Huawei Ascend 910C"),
        ("NVIDIA L2 PCle", "NVIDIA L2 PCIe"),  # a spelling mistake of the source
    ],
)
def test_finds(accelerators: pl.DataFrame, text: str, name: str) -> None:
    assert find_device(text, accelerators).name == name


def test_takes_the_fastest_of_several_and_says_so(accelerators: pl.DataFrame) -> None:
    found = find_device("H100", accelerators)
    assert found.name == "NVIDIA H100 SXM5 80GB"
    assert "NVIDIA H100 PCIe 80GB" in found.remarks[0]


@pytest.mark.parametrize("text", ["H10O", "Nvidya H200", "", "  ", "?"])
def test_unknown_names_get_suggestions(accelerators: pl.DataFrame, text: str) -> None:
    with pytest.raises(ParityError, match="no accelerator is known as") as raised:
        find_device(text, accelerators)
    assert "parity chips list" in str(raised.value)


def test_suggests_the_nearest(accelerators: pl.DataFrame) -> None:
    with pytest.raises(ParityError, match="Did you mean 'NVIDIA H200 SXM'"):
        find_device("NVIDA H200X SXM", accelerators)
