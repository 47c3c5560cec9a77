"""What the README and the tutorial show is what the program prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.examples import BLOCK, PAGES, ROOT, beside, cut_like, output_of

# Pages with files of their own run as a whole, one command after the other.
WITH_FILES = [page for page in PAGES if (page.parent / "files").is_dir()]
EXAMPLES = [
    (page, block)
    for page in PAGES
    if page not in WITH_FILES
    for block in BLOCK.finditer(page.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("page", "block"), EXAMPLES, ids=[block["command"] for _, block in EXAMPLES])
def test_example_prints_what_is_shown(page: Path, block: object) -> None:
    shown = block["output"].rstrip("\n")  # type: ignore[index]
    assert cut_like(shown, output_of(block["command"])) == shown, f"run `make docs`; {page.name}"  # type: ignore[index]


@pytest.mark.parametrize("page", WITH_FILES, ids=[page.stem for page in WITH_FILES])
def test_a_page_on_files_prints_what_is_shown(page: Path) -> None:
    blocks = list(BLOCK.finditer(page.read_text(encoding="utf-8")))
    assert len(blocks) >= 2
    with beside(page) as folder:
        assert folder != ROOT
        for block in blocks:
            shown = block["output"].rstrip("\n")
            real = output_of(block["command"], folder)
            assert cut_like(shown, real) == shown, f"run `make docs`; {page.name}"


def test_the_readme_shows_three_paths_and_how_to_read_a_number() -> None:
    assert sum(page.name == "README.md" for page, _ in EXAMPLES) >= 4


def test_a_cut_keeps_head_and_end() -> None:
    assert cut_like("a\nb\n...\nz", "1\n2\n3\n4\n5") == "1\n2\n...\n5"
    assert cut_like("a\n...", "1\n2\n3") == "1\n..."
