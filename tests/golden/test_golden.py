"""What every face says to some questions, held against the files in ``expected/``.

A difference that is meant is taken over with ``make golden`` and explained in the changelog.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.golden.cases import CASES, FOLDER, Case, faces, said

ALL = list(faces())


@pytest.mark.parametrize(("case", "face"), ALL, ids=[f"{case.name}.{face}" for case, face in ALL])
def test_says_what_it_said(case: Case, face: str) -> None:
    assert said(case, face) == (FOLDER / f"{case.name}.{face}").read_text(encoding="utf-8")


def test_every_file_belongs_to_a_question() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{case.name}.{face}" for case, face in ALL}
    assert len({case.name for case in CASES}) == len(CASES)


# Calculations without data, lists of what there is, and answers that are none.
TIMELESS = ("audit-power", "audit-prompts", "data-list", "data-show", "data-sql", "no-answer", "wrong-")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.name)
def test_every_answer_says_how_far_its_evidence_reaches(path: Path) -> None:
    if not path.name.startswith(TIMELESS):
        told = re.search(r'"known_to":\s*(null|.)', path.read_text(encoding="utf-8"))
        assert told is not None
        assert told[1] != "null"
