"""Promises about the project as a whole."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import parity
from parity.estimate import Estimate

ROOT = Path(__file__).resolve().parents[1]
HEAVY = (
    "matplotlib",
    "numba",
    "scipy",
    "duckdb",
    "pandas",
    "pooch",
    "python_calamine",
    "joblib",
    "polars",
    "distributed",
    "fastapi",
    "uvicorn",
    "vl_convert",
)


def imported_by(statement: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter holds after a statement."""
    report = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "statement",
    ["import parity", "import parity.cli.main as m; m.root.get_help(m.click.Context(m.root))"],
    ids=["import parity", "parity --help"],
)
def test_light_start(statement: str) -> None:
    assert imported_by(statement).isdisjoint(HEAVY)


def test_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert parity.__version__ == project["version"]
    assert f"## {parity.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    names = [line.split(">")[0].split("[")[0] for line in project["dependencies"]]
    assert [name for name in names if name not in page] == []


class TestEstimate:
    def test_prints_its_interval(self) -> None:
        assert Estimate(7.04, 4, 13.9, 0.95, "months").text() == "7.0 (4.0 to 13.9)"

    def test_open_end_and_unknown_say_so(self) -> None:
        assert Estimate(3, 2, None, 0.9).text() == "3.0 (2.0 to open)"
        assert Estimate(None, reason="not reached yet").text() == "unknown (not reached yet)"
        assert Estimate(None, 1234).text() == "at least 1,234.0"

    def test_a_difference_shows_its_sign(self) -> None:
        assert Estimate(0.4, -2, 1234).text(0, sign=True) == "0 (-2 to +1,234)"

    @pytest.mark.parametrize("bad", [(1, 3, 2, 0.9), (float("nan"), None, None, None), (1, 0, 2, 1.5)])
    def test_refuses_what_is_no_interval(
        self, bad: tuple[float, float | None, float | None, float | None]
    ) -> None:
        with pytest.raises(ValueError, match=r"upside down|NaN|level"):
            Estimate(*bad)
