"""Raw folders of a few lines, in the layout of the real ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from parity.catalogue import load_table
from parity.catalogue.build._codes import Names
from parity.catalogue.build._raw import Folder

SOURCE_TOML = 'title = "T"\npublisher = "P"\nlicence = "CC BY 4.0"\noriginal_url = "https://example.org"\n'
SOURCE_TOML += 'retrieved = "2026-01-01"\nvintage = "2025"\n'

MakeFolder = Callable[..., Folder]


@pytest.fixture(scope="session")
def names() -> Names:
    """Names and codes of countries, as in the snapshot."""
    return Names.of(load_table("country_names"))


@pytest.fixture
def raw_folder(tmp_path: Path) -> MakeFolder:
    """Return a function that writes a raw folder from texts or bytes by file name."""

    def make(source: str, files: dict[str, str | bytes]) -> Folder:
        path = tmp_path / "raw" / source
        path.mkdir(parents=True, exist_ok=True)
        (path / "SOURCE.toml").write_text(SOURCE_TOML)
        for name, content in files.items():
            (path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return Folder(path)

    return make


@pytest.fixture(scope="session")
def observations() -> pl.DataFrame:
    """Observations of the embedded snapshot."""
    return load_table("observations")
