"""The report of stated against measured lags says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from parity.ask.frontier import capability
from tools.lag_claims import CheckedClaim, check_claims

REPORT = Path(__file__).resolve().parents[2] / "docs" / "methods" / "lag-claims.md"
# The report shows one decimal.
SHOWN = 0.0501
ROW = re.compile(
    r"^\| .* \| (\d{4}-\d\d-\d\d) \| (\S+) \| (\S+) \| (\S+) \| (\w+) \| (-?[\d.]+) \(.*\) \| ([a-z ]+) \|"
)


@pytest.fixture(scope="module")
def checked(shared: Path) -> list[CheckedClaim]:
    claims = pl.read_csv(shared / "data" / "validation" / "lag-claims" / "claims.csv", infer_schema=False)
    return check_claims(capability(), claims)


def test_the_report_has_every_claim_with_its_measure(checked: list[CheckedClaim]) -> None:
    rows = [ROW.match(line) for line in REPORT.read_text(encoding="utf-8").splitlines()]
    found = [row.groups() for row in rows if row]
    assert len(found) == len(checked) == 20
    for (date, of, behind, _, measure, months, _), claim in zip(found, checked, strict=True):
        assert (date, of, behind, measure) == (str(claim.date), claim.of, claim.behind, claim.measure)
        assert claim.measured.value == pytest.approx(float(months), abs=SHOWN), (
            f"rewrite the report: {claim.who}"
        )


def test_russian_claims_lie_below_the_interval(checked: list[CheckedClaim]) -> None:
    russian = [claim for claim in checked if claim.of == "RUS" and claim.claimed]
    assert {claim.verdict for claim in russian} == {"understates the lag"}
