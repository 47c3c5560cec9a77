"""Questions whose answers are frozen, and how each face of the program gives them.

A golden file holds what one face said: ``NAME.txt`` the terminal, ``NAME.json`` the answer of ``--json``,
``NAME.api.json`` that of the API, ``NAME.page.txt`` the words of a page. ``make golden`` writes them anew.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

FOLDER = Path(__file__).parent / "expected"
# Of a long list only the head is kept: what a row holds is seen in a few of them.
HEAD = 5
WIDTH = 110


@dataclass(frozen=True)
class Case:
    """A question: words after ``parity``, and addresses of the API and of a page where they have it too."""

    name: str
    command: str = ""
    api: str = ""
    page: str = ""


ARTICLE = Path(__file__).parent / "article.txt"

CASES = (
    Case("rank-g7", "rank --group G7", "rank?group=G7", "ranking?group=G7"),
    Case(
        "rank-own-weights",
        "rank --top 8 --weight research=2 --aggregate geometric",
        "rank?top=8&weight=research=2&aggregate=geometric",
    ),
    Case("rank-2022", "rank --as-of 2022 --group G7"),
    Case("explain-usa-rus", "explain USA RUS", "explain?a=USA&b=RUS"),
    Case("explain-intensity", "explain IND BRA --variant intensity --top 5"),
    Case("goal-rus", "goal RUS --rank 28 --draws 8", "goal?country=RUS&rank=28&draws=8"),
    Case("swap", "robustness swap RUS TUR"),
    Case("robustness", "robustness --draws 256 --country RUS --country CHN"),
    Case("robustness-draw", "robustness draw 7"),
    Case("capability-list", "capability list --top 8", "capability?top=8"),
    Case("capability-show", "capability show gpt-4-0314"),
    Case("capability-benchmarks", "capability benchmarks"),
    Case("lag-rus", "lag RUS", "lag?of=RUS", "frontier?of=RUS"),
    Case("lag-chn-2025", "lag China --behind USA --on 2025-01-15", "lag?of=CHN&on=2025-01-15"),
    Case("lag-parameters", "lag RUS CHN --parameters", "lag?of=RUS&behind=CHN&parameters=true"),
    Case("lag-scenario", "lag RUS --scenario --accelerators 20000"),
    Case("lag-projection", "lag CHN --projection", "lag?of=CHN&projection=true"),
    Case("lag-all", "lag"),
    Case("lag-open", "lag open --behind closed", "lag?of=open&behind=closed"),
    Case("lag-benchmarks", "lag CHN --benchmarks"),
    Case("chips-rule", "chips rule H20 --to CHN --on 2025-06-01", "rule?device=H20&to=CHN&on=2025-06-01"),
    Case("chips-show", "chips show H20"),
    Case("chips-list", "chips list --to CHN --on 2024-06-01"),
    Case("chips-reach", "chips reach RUS", "reach?country=RUS", "chips?to=RUS&on=2025-06-01"),
    Case("chips-compute", "chips compute CHN"),
    Case("chips-timeline", "chips timeline CHN"),
    Case("trade-depend", "trade depend KAZ"),
    Case("trade-diversion", "trade diversion --sanctioned RUS --date 2022-02-24 --reporter EU"),
    Case("trade-substitute", "trade substitute KAZ"),
    Case("trade-mirror", "trade mirror KGZ --reporter EU", page="trade?country=KGZ"),
    Case("bloc-list", "bloc list --on 2026-01-01", "blocs?on=2026-01-01"),
    Case("bloc-members", "bloc members BRICS --on 2025-01-01", "bloc/BRICS?on=2025-01-01"),
    Case("bloc-show", "bloc show SCO --draws 4 --on 2026-01-01"),
    Case(
        "bloc-pool",
        "bloc pool BRICS --with SAU --without ETH --draws 4 --on 2026-01-01",
        "pool?bloc=BRICS&with=SAU&without=ETH&draws=4&on=2026-01-01",
    ),
    Case("bloc-compare", "bloc compare BRICS G7 USA --draws 4 --on 2026-01-01"),
    Case("bloc-reach", "bloc reach BRICS --behind G7 --on 2026-01-01"),
    Case("blocs-page", page="blocs?bloc=G7&on=2026-01-01"),
    Case("ties-pair", "ties RUS CHN", "ties?a=RUS&b=CHN"),
    Case("ties-partners", "ties Russia --top 10", "partners?country=RUS&top=10"),
    Case("ties-bloc", "ties --bloc BRICS --on 2026-01-01", "network?bloc=BRICS&on=2026-01-01"),
    Case("audit-analyse", "audit analyse", page="information?protected=CN"),
    Case("audit-models", "audit models"),
    Case("audit-power", "audit power 0.15 0.05"),
    Case("audit-prompts", "audit prompts --topics CN,US --languages en"),
    Case("check", f"check {shlex.quote(str(ARTICLE))} --date 2026-10-01"),
    Case("pledges-list", "pledges list --on 2026-10-01", "pledges?on=2026-10-01"),
    Case("pledges-due", "pledges due --before 2027-12-31 --on 2026-10-01"),
    Case("pledges-show", "pledges show kor-gpus-10000-2025 --on 2026-10-01"),
    Case("data-list", "data list", "data?kind=sources", "data"),
    Case("data-show", "data show gpu_cluster_h100e --country RUS", "data/gpu_cluster_h100e?country=RUS"),
    Case("data-sql", 'data sql "select iso3, name from countries order by iso3 limit 3"'),
    Case("brief-rus", "brief RUS", api="brief?places=RUS", page="country?country=RUS"),
    Case("brief-ken", "brief Kenya --since 2025"),
    Case("brief-full", "brief LUX --full"),
    Case("brief-two", "brief RUS CHN"),
    Case("brief-brics", "brief BRICS"),
    Case("wrong-country", "rank --group G77", "explain?a=Atlantis&b=RUS"),
    Case("wrong-day", "lag RUS --on soon", "lag?of=RUS&on=2999-01-01"),
    Case("no-answer", "lag AFG", "lag?of=AFG"),
)


def faces() -> Iterator[tuple[Case, str]]:
    """Yield every question with each face that gives it: the ending of its golden file."""
    for case in CASES:
        if case.command:
            yield case, "txt"
            yield case, "json"
        if case.api:
            yield case, "api.json"
        if case.page:
            yield case, "page.txt"


def said(case: Case, face: str) -> str:
    """Return what a face says to a question, without what changes from day to day."""
    if face == "txt":
        found = _masked(_run(case.command))
    elif face == "json":
        found = _json(_run(f"{case.command} --json"))
    elif face == "api.json":
        found = _json(_client().get(f"/api/v1/{case.api}").text)
    else:
        found = _masked(_words(_client().get(f"/{case.page}").text))
    return "\n".join(line.rstrip() for line in found.strip().splitlines()) + "\n"


def _run(command: str) -> str:
    """Return what a command prints, with its status where it fails."""
    from parity.cli.main import main

    words, out, err = shlex.split(command), StringIO(), StringIO()
    environment = {"COLUMNS": str(WIDTH), "NO_COLOR": "1"}
    with (
        patch.object(sys, "argv", ["parity", *words]),
        patch.dict(os.environ, environment),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main(words)
        except SystemExit as stop:
            status = int(stop.code or 0)
    if status == 0:
        return out.getvalue() or err.getvalue()
    return f"{out.getvalue()}{err.getvalue()}status {status}"


@cache
def _client() -> Any:
    from fastapi.testclient import TestClient

    from parity.web.app import create_app

    return TestClient(create_app())


def _words(page: str) -> str:
    """Return the text of a page, one line per element."""
    body = re.sub(r"(?s)<(head|script|style|svg|datalist|template)\b.*?</\1>", "", page)
    body = re.sub(r"(?s)<option\b.*?(</option>|(?=<option|</select))", "", body)
    text = unescape(re.sub(r"(?s)<[^>]*>", "\n", body))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _masked(text: str) -> str:
    from parity import __version__
    from parity.catalogue import vintage

    here = str(ARTICLE)
    text = text.replace(here, "article.txt").replace(vintage(), "VINTAGE")
    text = re.sub(r"\b[0-9.]+ s\b", "TIME s", re.sub(r'"seconds": [0-9.]+', '"seconds": "TIME"', text))
    return text.replace(f'"{__version__}"', '"VERSION"')


def _json(text: str) -> str:
    try:
        answer = json.loads(text)
    except ValueError:
        return _masked(text)
    return _masked(json.dumps(_short(answer), indent=1, ensure_ascii=False))


def _short(value: Any) -> Any:
    """Round numbers to six digits, and cut long lists."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        rows = list(value.items())
        # Keys that are data, such as countries, are a list too.
        most = HEAD if len(rows) > 40 else len(rows)
        more = {"...": f"{len(rows) - most} more"} if len(rows) > most else {}
        return {key: _short(each) for key, each in rows[:most]} | more
    if isinstance(value, list):
        more_rows = [f"... {len(value) - HEAD} more"] if len(value) > HEAD + 1 else []
        return [_short(each) for each in value[: HEAD if more_rows else None]] + more_rows
    return value
