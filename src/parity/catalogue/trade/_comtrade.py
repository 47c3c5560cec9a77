"""UN Comtrade, interface version 1: what was asked for, page by page, resumed where it stopped."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import polars as pl

from parity.catalogue import files
from parity.catalogue.trade import _cells, _layouts
from parity.catalogue.trade._imports import Imported, import_files
from parity.catalogue.trade._rows import Reading
from parity.errors import NoAnswerError, ParityError

KEY_VARIABLE = "COMTRADE_API_KEY"
ADDRESS = "https://comtradeapi.un.org/data/v1/get/C"
# Most rows that one answer holds; a full answer has been cut and is asked for in halves.
PAGE = 100_000
# Totals over second partners, customs procedures and means of transport: without these three
# the answer also holds their parts, and a sum counts every shipment several times.
TOTALS = {"partner2Code": "0", "customsCode": "C00", "motCode": "0"}
FLOW = {"export": "X", "import": "M"}
NAMED_BY = ("freq", "flowCode", "period", "reporterCode", "cmdCode", "partnerCode")
WAIT = re.compile(r"again in (\d+) seconds?", re.IGNORECASE)
ATTEMPTS = 4
LONGEST_WAIT = 120.0


@dataclass(frozen=True, slots=True)
class Query:
    """What to ask for.

    Attributes
    ----------
    reporters
        ISO3 codes.
    codes
        Codes of the Harmonized System, or ``TOTAL``.
    periods
        Years (``2022``) or months (``2022-03``), all of one kind.
    flow
        ``export`` or ``import``.
    partners
        ISO3 codes; all partners by default.
    """

    reporters: tuple[str, ...]
    codes: tuple[str, ...]
    periods: tuple[str, ...]
    flow: str = "export"
    partners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comtrade:
    """A connection.

    Attributes
    ----------
    key
        Subscription key; from the environment by default, never written anywhere.
    address
        Where the interface is.
    pause
        Seconds between two calls.
    timeout
        Seconds to wait for an answer.
    sleep
        How to wait.
    progress
        Called with the number of answers at hand and of those wanted.
    """

    key: str = field(default_factory=lambda: os.environ.get(KEY_VARIABLE, ""), repr=False)
    address: str = ADDRESS
    pause: float = 1.0
    timeout: float = 60.0
    sleep: Callable[[float], None] = time.sleep
    progress: Callable[[int, int], None] = lambda done, wanted: None

    def download(self, query: Query, out: str | os.PathLike[str], reading: Reading | None = None) -> Imported:
        """Fetch flows into a Parquet table, resuming what an earlier call left behind.

        Every answer is kept in a folder beside the table until the last has come: when the
        quota is used up or the line breaks, the same call goes on from there later.

        Parameters
        ----------
        query
            What to ask for.
        out
            Parquet file to make or replace.
        reading
            Whether what would be left out refuses the table.

        Raises
        ------
        ParityError
            If the key is missing or refused, or a country has no number.
        NoAnswerError
            If the quota is used up or the service does not answer; what came is kept.
        """
        if not self.key:
            raise ParityError(
                f"no key: put your UN Comtrade subscription key into the environment variable {KEY_VARIABLE}"
            )
        kept = Path(f"{out}.parts")
        kept.mkdir(parents=True, exist_ok=True)
        wanted = list(_calls(query))
        parts: list[list[dict[str, Any]]] = []
        for done, call in enumerate(wanted):
            self.progress(done, len(wanted))
            parts += self._answers(call, kept, f"{done} of {len(wanted)} answers are kept in {kept}")
        answered = pl.concat([_frame(part) for part in parts], how="diagonal_relaxed")
        if answered.is_empty():
            raise NoAnswerError(
                "UN Comtrade holds nothing of this; ask for other codes, periods or reporters"
            )
        # The same reader as for files of the site: the world, and areas that are no country, are left out.
        raw = kept / "answers.parquet"
        files.write_table(raw, answered)
        imported = import_files([raw], out, _layouts.PRESETS["comtrade"], reading)
        for path in kept.iterdir():
            path.unlink()
        kept.rmdir()
        return imported

    def _answers(self, call: dict[str, str], kept: Path, state: str) -> Iterator[list[dict[str, Any]]]:
        """Yield the rows of a call, halved as often as answers come back full."""
        name = "_".join(call.get(part, "") for part in NAMED_BY)
        path = kept / f"{_short(name)}.json"
        if path.is_file():
            rows = json.loads(files.read_text(path))
        else:
            rows = self._get(call, state)
            self.sleep(self.pause)
            files.write_text(path, json.dumps(rows))
        if len(rows) < PAGE:
            yield rows
            return
        many = max(("cmdCode", "period", "reporterCode"), key=lambda part: call[part].count(","))
        items = call[many].split(",")
        if len(items) == 1:
            raise NoAnswerError(f"one answer has more than {PAGE:,} rows and cannot be cut; name partners")
        half = len(items) // 2
        for some in (items[:half], items[half:]):
            yield from self._answers(call | {many: ",".join(some)}, kept, state)

    def _get(self, call: dict[str, str], state: str) -> list[dict[str, Any]]:
        """Return the rows of one call, waiting as long as the service asks for."""
        import requests

        query = {name: value for name, value in call.items() if name != "freq"} | TOTALS
        address = f"{self.address}/{call['freq']}/HS?{urlencode(query | {'maxRecords': PAGE})}"
        for attempt in range(ATTEMPTS):
            try:
                answer = requests.get(
                    address, headers={"Ocp-Apim-Subscription-Key": self.key}, timeout=self.timeout
                )
                body = answer.json()
            except (requests.exceptions.RequestException, ValueError):
                self.sleep(self.pause * 2**attempt)
                continue
            message = str(body.get("message") or body.get("error") or "")
            if answer.status_code == 200 and "data" in body:
                return list(body["data"])
            self._refused(answer.status_code, message, state)
            wait = WAIT.search(message)
            self.sleep(min(float(wait[1]) if wait else self.pause * 2**attempt, LONGEST_WAIT))
        raise NoAnswerError(f"UN Comtrade does not answer; {state}, run the same command again to go on")

    def _refused(self, status: int, message: str, state: str) -> None:
        if status == 401:
            raise ParityError(
                f"UN Comtrade refuses the key in {KEY_VARIABLE}; look it up on comtradedeveloper.un.org"
            )
        if status == 403:
            raise NoAnswerError(
                f"the quota of UN Comtrade is used up ({message or 'no reason given'}); {state}, "
                "run the same command again when it is renewed"
            )
        if status == 400:
            raise ParityError(f"UN Comtrade cannot answer this: {message}")


def _calls(query: Query) -> Iterator[dict[str, str]]:
    """Yield one call per reporter; longer lists of periods than the interface takes are cut."""
    monthly = {len(period) == 7 for period in query.periods}
    if len(monthly) != 1:
        raise ParityError("give years (2022) or months (2022-03), not both and not none")
    for reporter in query.reporters:
        for first in range(0, len(query.periods), 12):
            call = {
                "freq": "M" if True in monthly else "A",
                "reporterCode": str(_number(reporter)),
                "period": ",".join(period.replace("-", "") for period in query.periods[first : first + 12]),
                "cmdCode": ",".join(query.codes),
                "flowCode": FLOW[query.flow],
            }
            partners = ",".join(str(_number(partner)) for partner in query.partners)
            yield call | ({"partnerCode": partners} if partners else {})


def _number(iso3: str) -> int:
    special = {code: number for number, code in _cells.COMTRADE.items()}
    if iso3 in special:
        return special[iso3]
    found = _cells.by_number().filter(pl.col("iso3") == iso3)["number"]
    if found.is_empty():
        raise ParityError(f"UN Comtrade has no number for '{iso3}'")
    return int(found[0])


def _short(name: str) -> str:
    """Return a file name for a call, however long its lists are."""
    from hashlib import sha256

    return name if len(name) < 100 else f"{name[:60]}_{sha256(name.encode()).hexdigest()[:16]}"


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    columns = {"reporterCode": pl.Int32, "partnerCode": pl.Int32, "flowCode": pl.String}
    columns |= {"cmdCode": pl.String, "period": pl.String, "primaryValue": pl.Float64}
    picked = [{name: row.get(name) for name in columns} for row in rows]
    for row in picked:
        row["period"] = str(row["period"])
    return pl.DataFrame(picked, schema=columns)
