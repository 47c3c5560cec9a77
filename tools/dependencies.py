"""Are the ranges of the dependencies true? Install at both ends, on every Python here, and ask.

``python -m tools.dependencies`` makes an environment for each Python on this machine with the lowest, and
one with the newest, releases that ``pyproject.toml`` allows, and asks in it the questions whose answers are
frozen in ``tests/golden``. An answer may differ in the digits of its numbers (other optimisers, other streams
of random numbers): each by less than a quarter, since ends of intervals that rest on fits near a bound move
most. A lower end that the resolver cannot reach, because another dependency asks for more, is no true end and
fails as well.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import chain, starmap
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
OLDEST, NEWEST = (3, 11), (3, 14)
ENDS = {"lowest": "lowest-direct", "newest": "highest"}
CLOSE = 0.25
# Without these words: how a table is folded is the business of the terminal library's release.
FACES = ("json", "api.json")
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def project() -> dict[str, Any]:
    """Return the product's own entry in ``pyproject.toml``."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def extras() -> list[str]:
    """Return the extras that users install: all but the developers' own."""
    return sorted(set(project()["optional-dependencies"]) - {"dev"})


@cache
def pythons() -> list[str]:
    """Return the Pythons on this machine that the product supports, one of each minor version."""
    named = [f"python{OLDEST[0]}.{minor}" for minor in range(OLDEST[1], NEWEST[1] + 1)]
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    found: dict[str, str] = {}
    for name in (sys.executable, *named, *(str(path) for path in sorted(kept.glob("3.*/bin/python")))):
        try:
            said = subprocess.run(
                [name, "-c", "import sys; print(*sys.version_info[:2])"],
                capture_output=True, check=True, text=True,
            ).stdout  # fmt: skip
        except (OSError, subprocess.CalledProcessError):
            continue
        if OLDEST <= tuple(map(int, said.split())) <= NEWEST:
            found.setdefault(said, name)
    return list(found.values())


def settings() -> dict[str, str]:
    """Return pip's own settings of where packages come from, as uv reads them."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, check=True, text=True
    ).stdout
    lines = (line.split("=", 1) for line in listed.splitlines() if "=" in line)
    known = {key.rpartition(".")[2]: value.strip("'\"") for key, value in lines}
    names = {
        "index-url": "UV_DEFAULT_INDEX", "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS", "cert": "SSL_CERT_FILE",
    }  # fmt: skip
    found = {there: known[here] for here, there in names.items() if here in known}
    return {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_HTTP_TIMEOUT": "180"} | found | dict(os.environ)


def tried(uv: list[str], python: str, end: str, place: Path) -> str:
    """Install one end of the ranges for one Python at a place and ask; return what is wrong, or nothing."""
    environment = settings() | {"VIRTUAL_ENV": str(place), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": ""}
    product = f"{ROOT}[{','.join(extras())}]"
    wanted = ["--resolution", ENDS[end], "--only-binary", ":all:", "--editable", product]
    for step in (
        [*uv, "venv", "--python", python, str(place)],
        [*uv, "pip", "install", *wanted],
        [str(place / "bin/python"), "-m", "tools.dependencies", "ask"],
    ):
        done = subprocess.run(step, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
        if done.returncode:
            return (done.stdout + done.stderr)[-4000:]
    listed = subprocess.run(
        [*uv, "pip", "list", "--format", "json"],
        capture_output=True, text=True, env=environment, check=True,
    ).stdout  # fmt: skip
    return out_of_reach(json.loads(listed)) if end == "lowest" and python == pythons()[0] else ""


def out_of_reach(installed: list[dict[str, str]]) -> str:
    """Return the lower ends that are not what the resolver could install."""
    from packaging.requirements import Requirement

    have = {each["name"].lower(): each["version"] for each in installed}
    stated = project()
    wrong = []
    for line in {*stated["dependencies"], *chain(*(stated["optional-dependencies"][x] for x in extras()))}:
        need = Requirement(line)
        low = next(each.version for each in need.specifier if each.operator == ">=")
        if not f"{have[need.name.lower()]}.".startswith(f"{low}."):
            wrong.append(f"{need.name}>={low} cannot be had; the lowest is {have[need.name.lower()]}")
    return "\n".join(wrong)


def apart(one: Any, other: Any, where: str = "") -> Iterator[str]:
    """Yield where two answers differ by more than the last digits of their numbers, those in words too."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from apart(one[key], other[key], f"{where}/{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, each in enumerate(zip(one, other, strict=True)):
            yield from apart(*each, f"{where}/{place}")
    elif isinstance(one, str) and isinstance(other, str):
        if NUMBER.split(one) != NUMBER.split(other) or any(
            starmap(far, zip(*map(NUMBER.findall, (one, other)), strict=True))
        ):
            yield f"{where}: {one!r}, frozen {other!r}"
    elif one != other and (isinstance(one, bool) or not isinstance(one, int | float) or far(one, other)):
        yield f"{where}: {one!r}, frozen {other!r}"


def far(one: Any, other: Any) -> bool:
    """Whether two numbers differ by more than a quarter."""
    try:
        one, other = float(one), float(other)
    except (TypeError, ValueError):
        return True
    return abs(one - other) > CLOSE * max(1.0, abs(one), abs(other))


def ask() -> None:
    """Ask the frozen questions in this environment; stop with what differs."""
    import distributed  # noqa: F401
    import inspect_ai  # noqa: F401
    import openai  # noqa: F401

    from tests.golden import cases

    wrong = []
    for case, face in cases.faces():
        said = cases.said(case, face)
        if face not in FACES:
            continue
        kept = (cases.FOLDER / f"{case.name}.{face}").read_text(encoding="utf-8")
        try:
            pair = json.loads(said), json.loads(kept)
        except ValueError:
            pair = said, kept
        wrong += [f"{case.name}.{face}{each}" for each in apart(*pair)][:20]
    if wrong:
        sys.exit("\n".join(wrong))


def main() -> None:
    """Try both ends on every Python, two at a time."""
    if sys.argv[1:] == ["ask"]:
        ask()
        return
    from uv import find_uv_bin

    # `python -m uv` would install into the environment that it runs in. Looked up before the threads begin:
    # what `sysconfig` answers to two of them that ask at first is not always whole.
    uv = [find_uv_bin(), "--quiet"]
    asked = [(python, end) for python in pythons() for end in ENDS]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda at: tried(uv, *asked[at], Path(folder, str(at))), range(len(asked)))
        wrong = 0
        for (python, end), said in zip(asked, found, strict=True):
            print(f"{python}, {end} releases: {said or 'as frozen'}", flush=True)
            wrong += bool(said)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
