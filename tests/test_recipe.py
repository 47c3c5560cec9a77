"""The recipe of CONTRIBUTING.md holds: a new measure is on every face by its own files and one line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# What the recipe says to write, and nothing else: a result in its measure, a question, a view, one line.
MEASURE = '''"""Halves of numbers."""

from dataclasses import dataclass

from parity.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Half:
    """Half of a number.

    Attributes
    ----------
    half
        The half, with what rounding leaves open.
    """

    half: Estimate


def halve(number: float) -> Half:
    """Return half of a number."""
    return Half(Estimate(number / 2, number / 2 - 0.5, number / 2 + 0.5, 0.9, "pieces"))
'''
QUESTION = '''"""What half of a number is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from parity.ask.answer import Answer
from parity.ask.question import Place, Question

if TYPE_CHECKING:
    from parity.halving import Half


class Halve(Question):
    """Halve a number."""

    verb = "halve"
    view = "halving:halve"
    result = "parity.halving:Half"
    examples = ("parity halve 3",)

    number: Annotated[float, Place()] = Field(ge=0, le=100, description="Number to halve.")

    def answer(self) -> Answer[Half]:
        """Halve it."""
        from parity.halving import halve

        return Answer(self, halve(self.number), "no data: a calculation")
'''
VIEW = '''"""Halves in words."""

from parity.show.document import Column, Document, Table, estimate
from parity.views.common import document, frame


def halve(answer) -> Document:
    """Return a half."""
    found = answer.result.half
    table = frame([("half", found)], "what", "half")
    columns = (Column("what", "What", role="key"), *estimate("half", "Half", "pieces"))
    return document(answer, "A half", f"Half is {found.text()}.", [Table(table, columns)])
'''
LINE = '    "halve": "parity.ask.halving:Halve",\n'
FACES = """
import asyncio, io, json, contextlib, sys
import parity
from fastapi.testclient import TestClient
from mcp import Client
from parity.cli.main import main, root
from parity.mcp import server
from parity.web.app import create_app
from tools.generate_docs import json_page

def printed(*words):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
        main(list(words))
    return out.getvalue()

async def tool():
    async with Client(server()) as client:
        return (await client.call_tool("halve", {"number": 3})).structured_content

api = TestClient(create_app())
print(json.dumps({
    "command": json.loads(printed("halve", "3", "--json")),
    "screen": printed("halve", "3"),
    "help": printed("--help"),
    "api": api.get("/api/v1/halve?number=3").json(),
    "refused": api.get("/api/v1/halve?number=300").status_code,
    "python": parity.halve(3).as_dict(),
    "tool": asyncio.run(tool()),
    "reference": "## parity halve" in json_page("halve"),
}))
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a copy of the tree: what the recipe touches as files, all else as links."""
    package = tmp_path / "src" / "parity"
    package.mkdir(parents=True)
    source = ROOT / "src" / "parity"
    for entry in source.iterdir():
        if entry.name in ("ask", "views"):
            shutil.copytree(entry, package / entry.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif entry.name == "questions.py":
            shutil.copy(entry, package / entry.name)
        elif entry.name != "__pycache__":
            (package / entry.name).symlink_to(entry, target_is_directory=entry.is_dir())
    (tmp_path / "tools").symlink_to(ROOT / "tools", target_is_directory=True)
    return tmp_path


def test_a_new_measure_is_on_every_face(tree: Path) -> None:
    package = tree / "src" / "parity"
    written = {"halving/__init__.py": MEASURE, "ask/halving.py": QUESTION, "views/halving.py": VIEW}
    for name, text in written.items():
        (package / name).parent.mkdir(exist_ok=True)
        (package / name).write_text(text, encoding="utf-8")
    registry = package / "questions.py"
    head, brace, rest = registry.read_text(encoding="utf-8").partition("QUESTIONS = {\n")
    registry.write_text(head + brace + LINE + rest, encoding="utf-8")

    places = {"PYTHONPATH": os.pathsep.join([str(tree / "src"), str(tree)]), "COLUMNS": "80"}
    done = subprocess.run(
        [sys.executable, "-c", FACES], capture_output=True, text=True, env=os.environ | places, cwd=tree
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["command"]["half"] == {
        "value": 1.5, "low": 1.0, "high": 2.0, "level": 0.9, "unit": "pieces", "reason": None,
    }  # fmt: skip
    assert found["command"] == found["api"] == found["python"] == found["tool"]
    assert found["command"]["command"] == "parity halve 3 --json"
    assert "Half is 1.5 (1.0 to 2.0)." in found["screen"]
    assert "halve" in found["help"]
    assert found["refused"] == 422
    assert found["reference"]


def test_the_guide_names_what_the_recipe_touches() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    row = next(line for line in guide.splitlines() if line.startswith("| a question"))
    assert all(name in row for name in ("ask/VERB.py", "views/TOPIC.py", "questions.py", "frozen dataclass"))
