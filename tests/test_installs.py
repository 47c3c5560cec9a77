"""Parity where it is installed: without a writable place, under any encoding, under licences that fit."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import parity

PACKAGE = Path(parity.__file__).parent

# Words in a licence's name that let an MIT product rest on it; weak copyleft stays in its own files.
FITTING = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|PSFL|Python Software|MPL|Mozilla|Unlicense|CC0|HPND|Zlib|0BSD|LGPL)\b",
    re.IGNORECASE,
)
# Packages that state no licence in their metadata: what the file LICENSE in them says.
READ = {"agent-client-protocol": "Apache License 2.0"}


def closure(extras: tuple[str, ...]) -> set[str]:
    """Return every package that an installation with these extras brings along on this machine."""
    found: set[str] = set()
    left = [("parity", extras)]
    while left:
        name, wanted = left.pop()
        for line in metadata.requires(name) or ():
            need = Requirement(line)
            applies = need.marker is None or any(
                need.marker.evaluate({"extra": extra}) for extra in ("", *wanted)
            )
            if applies and need.name.lower() not in found:
                found.add(need.name.lower())
                left.append((need.name, tuple(need.extras)))
    return found - {"parity"}


def licence(name: str) -> str:
    about = metadata.metadata(name)
    classified = [line for line in about.get_all("Classifier") or () if line.startswith("License")]
    stated = about.get("License-Expression") or " ".join(classified) or (about.get("License") or "")[:200]
    return READ.get(name, stated)


def test_every_licence_fits():
    """Nothing that a user installs may carry terms that the product's own licence does not promise."""
    extras = tuple({*(metadata.metadata("parity").get_all("Provides-Extra") or ())} - {"dev"})
    odd = {
        name: stated
        for name in sorted(closure(extras))
        if not FITTING.search(stated := licence(name)) or re.search(r"(?<!L)\bA?GPL", stated)
    }
    assert odd == {}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, env=os.environ | environment, check=False
    )


def test_module_is_the_command():
    assert run("-m", "parity", "--version").stdout.startswith(b"parity, version")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1251"])
def test_no_encoding_breaks_the_output(encoding):
    done = run("-m", "parity", "data", "show", "worldbank-wgi", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr


def test_read_only_without_a_home(tmp_path):
    """A container run as another user: nothing but the working folder's own disk can be written."""
    home = tmp_path / "home"
    shutil.copytree(PACKAGE, tmp_path / "site" / "parity", ignore=shutil.ignore_patterns("__pycache__"))
    home.write_text("a file where the home should be")
    kernel = (
        "from parity.compiled import compiled\n"
        "import parity.robustness._kernel\n"
        "print(compiled()(lambda x: x + 1)(1))"
    )
    unwritable = {
        "HOME": str(home), "XDG_CACHE_HOME": str(home), "XDG_DATA_HOME": str(home),
        "NUMBA_CACHE_DIR": str(home / "x"), "PYTHONPATH": str(tmp_path / "site"),
        "PYTHONDONTWRITEBYTECODE": "1", "PARITY_DATA": "",
    }  # fmt: skip
    done = run("-c", kernel, **unwritable)
    assert done.stdout.strip() == b"2", done.stderr.decode()
    done = run("-m", "parity", "rank", "--top", "3", **unwritable)
    assert done.returncode == 0, done.stderr.decode()
