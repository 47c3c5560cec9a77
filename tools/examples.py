"""Examples in prose that show what the program prints: run again, and compared.

A block of Markdown that starts with ```` ```console ```` holds one command after ``$`` and its output. A line
``...`` in the output stands for lines left out: above it is the head of the real output, below it the end.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("tutorials", "trade")
PAGES = (
    ROOT / "README.md",
    *(page for each in FOLDERS for page in sorted((ROOT / "docs" / each).glob("*.md"))),
)

BLOCK = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.DOTALL)
WIDTH = 110
CUT = "..."


@contextmanager
def beside(page: Path) -> Iterator[Path]:
    """Yield where the examples of a page run: among copies of its files, if it has a folder of them."""
    files = page.parent / "files"
    if not files.is_dir():
        yield ROOT
        return
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(files, folder, dirs_exist_ok=True)
        yield Path(folder)


def output_of(command: str, folder: Path = ROOT) -> str:
    """Run a command of the documentation and return what it prints, lines without trailing space."""
    program, *words = shlex.split(command)
    if program == "cat" and words[1] == ">>":
        with (folder / words[2]).open("a", encoding="utf-8") as longer:
            longer.write((folder / words[0]).read_text(encoding="utf-8"))
        return ""
    if program != "parity":
        raise ValueError(f"an example runs parity, not {program}")
    environment = os.environ | {"COLUMNS": str(WIDTH), "NO_COLOR": "1", "PARITY_DATA": "/nonexistent"}
    done = subprocess.run(
        [sys.executable, "-c", "from parity.cli.main import main; main()", *words],
        capture_output=True,
        text=True,
        env=environment,
        cwd=folder,
        check=False,
    )
    return "\n".join(line.rstrip() for line in (done.stdout + done.stderr).strip("\n").splitlines())


def cut_like(shown: str, real: str) -> str:
    """Leave out of the real output what the shown one leaves out, counted in lines."""
    if CUT not in shown.splitlines():
        return real
    lines = real.splitlines()
    head, tail = shown.split(f"{CUT}\n", 1) if f"{CUT}\n" in shown else (shown.removesuffix(CUT), "")
    first, last = len(head.splitlines()), len(tail.splitlines())
    return "\n".join([*lines[:first], CUT, *(lines[-last:] if last else [])])


def refreshed(text: str, folder: Path = ROOT) -> str:
    """Return a page with the output of every example as the program prints it now, one after the other."""

    def again(block: re.Match[str]) -> str:
        real = cut_like(block["output"].rstrip("\n"), output_of(block["command"], folder))
        return f"```console\n$ {block['command']}\n{real}\n```".replace("\n\n```", "\n```")

    return BLOCK.sub(again, text)


def main() -> None:
    """Rewrite the examples of every page."""
    for page in PAGES:
        with beside(page) as folder:
            page.write_text(refreshed(page.read_text(encoding="utf-8"), folder), encoding="utf-8")
        print(page.relative_to(ROOT))


if __name__ == "__main__":
    main()
