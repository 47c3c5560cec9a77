"""Devices by what people call them."""

from __future__ import annotations

import polars as pl
import pytest

from parity.chips import Names, find_device
from parity.errors import ParityError


@pytest.mark.parametrize(
    ("text", "name", "how"),
    [
        ("NVIDIA HGX H20", "NVIDIA H20 SXM 96GB", "other name"),  # the hardware table's name
        ("h20", "NVIDIA H20 SXM 96GB", "other name"),
        ("A100", "NVIDIA A100 SXM4 80GB", "other name"),
        ("NVIDIA A100 SXM4 80 GB", "NVIDIA A100 SXM4 80GB", "name"),
        ("A2", "NVIDIA A2", "other name"),  # not the Ascend 800T A2
        ("RTX 3090", "NVIDIA GeForce RTX 3090", "other name"),  # not the 3090 Ti
        ("B20", "NVIDIA B20", "other name"),  # not the B200
        ("L40", "NVIDIA L40", "other name"),
        ("L40S", "NVIDIA L40S", "other name"),
        ("RTX4090", "NVIDIA GeForce RTX 4090", "other name"),
        ("nvidia geforce rtx 4090 24 GB", "NVIDIA GeForce RTX 4090", "other name"),
        ("NVIDIA H100 Tensor Core GPU", "NVIDIA H100 SXM5 80GB", "other name"),
        ("Gaudi3", "Intel Gaudi 3", "other name"),
        ("ascend 910c", "Huawei Ascend 910C", "other name"),
        ("GB200 NVL72", "NVIDIA GB200 NVL72", "other name"),
        ("DGX H100", "NVIDIA DGX H100", "other name"),
        ("HBM3E", "HBM3E stack", "other name"),
        ("\u041d\u041c \u041a\u0430\u0440\u0442", "RC Module NM Card", "other name"),
        ("\u6607\u817e910B", "Huawei Ascend 910B", "other name"),
        ("\u58c1\u4edeBR100", "Biren BR100", "name"),
        ("\u041d100", "NVIDIA H100 SXM5 80GB", "other name"),  # a Cyrillic letter that looks like ours
        ("Hygon K100", "Hygon DCU K100", "other name"),  # Kunlunxin has a K100, too
        ("NVIDIA L2 PCle", "NVIDIA L2", "other name"),  # a spelling mistake of the source
    ],
)
def test_finds(accelerators: pl.DataFrame, text: str, name: str, how: str) -> None:
    found = find_device(text, accelerators)
    assert (found.name, found.matched) == (name, how)


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("Blackwell", "NVIDIA B200"),
        ("MI300", "AMD Instinct MI300A"),
        ("RTX 6000", "NVIDIA Quadro RTX 6000"),
        ("N300", "MetaX N300"),
    ],
)
def test_a_name_of_several_asks_back(accelerators: pl.DataFrame, text: str, one: str) -> None:
    with pytest.raises(ParityError, match="fits several accelerators; say which") as raised:
        find_device(text, accelerators)
    assert one in str(raised.value)


@pytest.mark.parametrize("text", ["RTX 4090 16GB", "GV10", "H1", "RTX 309", "Ascend 91"])
def test_a_part_of_a_name_is_suggested_and_never_ruled(accelerators: pl.DataFrame, text: str) -> None:
    with pytest.raises(ParityError, match=r"no accelerator is known as .*Did you mean"):
        find_device(text, accelerators)


def test_every_name_means_its_own_device(accelerators: pl.DataFrame) -> None:
    names = Names.of(accelerators)
    assert accelerators.height >= 300
    assert [name for name in accelerators["name"] if names.find(name).name != name] == []


@pytest.mark.parametrize("text", ["H10O", "Nvidya H200", "", "  ", "?", "Apple M4", "Huawei H100"])
def test_unknown_names_get_suggestions(accelerators: pl.DataFrame, text: str) -> None:
    with pytest.raises(ParityError, match="no accelerator is known as") as raised:
        find_device(text, accelerators)
    assert "parity chips list" in str(raised.value)


def test_suggests_the_nearest(accelerators: pl.DataFrame) -> None:
    with pytest.raises(ParityError, match=r"Did you mean .*'NVIDIA H200 SXM'"):
        find_device("NVIDA H200X SXM", accelerators)
