"""Damage the files that people bring in every way that comes to mind: each is answered or refused.

``make fuzz`` gives every command that reads a user's file, thousands of times, a good file with something
wrong in it: bytes flipped, cells replaced, columns lost, types of Parquet that nobody expected. An answer or
one message is fine; a traceback, a crash of the process or more than LIMIT seconds is not. A case is drawn
from its seed ``READER NUMBER`` alone, so that it can be run again::

    python -m tools.fuzz                      # INPUTS cases, spread over the readers
    python -m tools.fuzz --inputs 500         # fewer
    python -m tools.fuzz chips-screen 1234    # one case, with its file kept and its traceback shown
"""

from __future__ import annotations

import io
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import click
import polars as pl

INPUTS = 10_000
LIMIT = 60
TRADE = Path(__file__).parents[1] / "docs" / "trade" / "files"

# Cells that have hurt somebody's reader of tables before.
CELLS = (
    "", " ", "0", "-1", "1e999", "-inf", "nan", "NaN", "NA", "null", "..", "1,5", "1.234,5", "1 234", "50%",
    "12.3*", "9007199254740993", "18446744073709551616", "1e-320", "0x1F", "٣", "−5", "½", "\u00a0", "\u200b",
    "e\u0301", "2024-02-30", "0000-00-00", "9999-12-31", "99999-01-01", "112", "2024Q5", "2024M13", "=1+1",
    "@SUM(A1)", "\x1b[31m", "[/x]", "[south]", "<b>", "'; drop table x; --", '"', "'", "\\", "\r\n", "a\nb",
    "\t", ",", ";", "True", "USA", "Atlantis", "USA+CHN", "é", "日本", "🙂", "x" * 5_000, "../../etc/passwd",
    "%s%n", "{0}", "$(id)",
)  # fmt: skip
DTYPES = (
    pl.Categorical(), pl.Boolean(), pl.Int8(), pl.UInt64(), pl.Int128(), pl.Float32(), pl.Decimal(38, 2),
    pl.Date(), pl.Datetime("ns", "UTC"), pl.Duration(), pl.Time(), pl.Binary(), pl.String(), pl.Null(),
    pl.List(pl.String()), pl.Array(pl.Float64(), 2), pl.Struct({"a": pl.Int64()}), pl.Object(),
)  # fmt: skip
TOKENS = (*(cell.encode() for cell in CELLS), b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\n" * 50)


@dataclass(frozen=True)
class Reader:
    """A command that reads a user's files.

    Attributes
    ----------
    command
        Words after ``parity``; ``{NAME}`` is the path of the file of that name, ``{out}`` a place to write.
    files
        Good files: name, with its ending, to content. The first is the one that is damaged, or any of them.
    share
        Of the inputs, against the others: the quick ones can have more.
    """

    command: str
    files: dict[str, str | bytes]
    share: float = 1


def _scores() -> str:
    rows = [
        f"m{model},b{bench},{0.2 + 0.08 * model - 0.05 * bench:.2f},"
        f"202{model % 5 + 1}-0{model % 9 + 1}-11,{('USA', 'CHN', 'KAZ')[model % 3]}"
        for model in range(9)
        for bench in range(4)
    ]
    return "\n".join(["model,benchmark,score,date,country", *rows])


def _labels() -> str:
    said = ("complete", "denial", "evasive")
    rows = [
        f"m{model},{government},{language},question,{pair},{said[(model + pair) % 3]},j1"
        for model in range(2)
        for government in ("CN", "US", "RU")
        for language in ("en", "zh")
        for pair in range(6)
    ]
    return "\n".join(["model,government,language,form,pair,compliance,judge", *rows])


def _flows() -> str:
    rows = [
        f"{reporter},{partner},{flow},TOTAL,{year},{1000 * (year - 2010) * (len(flow) + i)}"
        for year in range(2015, 2024)
        for i, pair in enumerate(
            (("DEU", "KAZ"), ("FRA", "KAZ"), ("CHN", "KAZ"), ("DEU", "RUS"), ("DEU", "TUR"))
        )
        for flow, (reporter, partner) in (("export", pair), ("import", pair[::-1]))
    ]
    return "\n".join(["reporter,partner,flow,hs,period,value", *rows])


SPEC = """[index]
id = "own"
data = "{data.csv}"
id_column = "code"
name_column = "name"

[steps]
order = ["impute", "treat", "normalise"]

[steps.impute]
method = "median"

[steps.treat]
winmax = 2

[steps.normalise]
method = "minmax"

[steps.aggregate]
method = "arithmetic"

[[indicator]]
code = "a"
group = "g"
weight = 2

[[indicator]]
code = "b"
group = "g"
direction = -1

[[group]]
code = "g"

[[robustness.choice]]
field = "treat.winmax"
range = [1, 5]
"""
DATA = "code,name,a,b\n" + "\n".join(f"C{n},Land {n},{n * 1.5},{20 - n}" for n in range(12))
IMETA = (
    "Level,iCode,iName,Type,Parent,Direction,Weight\n1,a,A,Indicator,g,1,1\n1,b,B,Indicator,g,-1,1\n"
    "2,g,G,Aggregate,,1,1\n"
)
IDATA = "uCode,uName,a,b\n" + "\n".join(f"C{n},Land {n},{n * 1.5},{20 - n}" for n in range(8))
ORDERS = "device,to,on,note\nH100,CHN,2024-01-01,first\nA100,RUS,2023-01-01,\nRTX 4090,KAZ,2024-06-01,x\n"
PLEDGES = """[own-1]
country = "KAZ"
who = "The ministry"
what = "Build it"
made = 2024-01-01
due = 2026-12-31
source = "https://example.org/a"
"""
BLOCS = (
    "bloc,iso3,date_from,date_to\nBaltics,EST,2004-05-01,\nBaltics,LVA,2004-05-01,\nBaltics,LTU,2004-05-01,\n"
)
TEXT = "Russia ranks 31st of 83 in the Global AI Index. It is six to nine months behind the US. China has 15."


def readers() -> dict[str, Reader]:
    """Return every command that reads a user's file, by a short name."""
    trade = {path.name: path.read_bytes() for path in sorted(TRADE.iterdir())}

    def imports(preset: str, *names: str) -> Reader:
        files = " ".join("{" + name + "}" for name in names)
        return Reader(f"trade import {preset} {files} --out {{out}}.parquet", {n: trade[n] for n in names}, 2)

    mapped = " ".join(
        f"--map {each}={each}" for each in ("reporter", "partner", "flow", "hs", "period", "value")
    )
    return {
        "index-build": Reader("index build {spec.toml}", {"data.csv": DATA, "spec.toml": SPEC}, 3),
        "index-audit": Reader("index audit {spec.toml}", {"data.csv": DATA, "spec.toml": SPEC}),
        "index-compare": Reader(
            "index compare {spec.toml} --published {p.csv}",
            {"p.csv": "code,rank\nC1,3\nC2,2\nC3,1\nC4,4\nC5,5\n", "data.csv": DATA, "spec.toml": SPEC},
        ),
        "coinr": Reader(
            "index import-coinr {i.csv} {m.csv} --out {out}", {"m.csv": IMETA, "i.csv": IDATA}, 3
        ),
        "rank-data": Reader(
            "rank --index {spec.toml} --no-intervals", {"data.csv": DATA, "spec.toml": SPEC}, 2
        ),
        "chips-screen": Reader("chips screen {orders.csv}", {"orders.csv": ORDERS}, 2),
        "labels": Reader("audit analyse {labels.csv}", {"labels.csv": _labels()}),
        "models": Reader(
            "audit analyse {labels.csv} --models {models.csv}",
            {
                "models.csv": "model,developer,country,base_country\nm0,A,CHN,\nm1,B,USA,CHN\n",
                "labels.csv": _labels(),
            },
        ),
        "scores": Reader("capability fit {scores.csv} --draws 20", {"scores.csv": _scores()}),
        "scores-figure": Reader(
            "capability fit {scores.csv} --draws 20 --out {out}.html", {"scores.csv": _scores()}, 0.2
        ),
        "lag-scores": Reader("lag KAZ --scores {scores.csv}", {"scores.csv": _scores()}, 0.3),
        "pledges": Reader("pledges list --file {p.toml}", {"p.toml": PLEDGES}, 2),
        "calendar": Reader("pledges list --file {p.toml} --ics {out}.ics", {"p.toml": PLEDGES}, 2),
        "blocs": Reader("bloc show Baltics --blocs {b.csv} --draws 0", {"b.csv": BLOCS}, 2),
        "check": Reader("check {text.txt}", {"text.txt": TEXT}, 2),
        "sql": Reader("data sql", {"query.sql": "select iso3, population from countries limit 3"}, 2),
        "journal": Reader(
            "robustness --index {spec.toml} --draws 64 --base 0 --journal {j.journal}",
            {"j.journal": b"", "data.csv": DATA, "spec.toml": SPEC},
        ),
        "trade-data": Reader("trade depend KAZ --codes total --data {flows.csv}", {"flows.csv": _flows()}, 2),
        "trade-mirror": Reader(
            "trade mirror KAZ --reporter DEU --codes total --data {f.csv}", {"f.csv": _flows()}
        ),
        "trade-csv": Reader(
            f"trade import csv {{f.csv}} {mapped} --out {{out}}.parquet", {"f.csv": _flows()}, 2
        ),
        "comtrade": imports("comtrade", "comtrade.csv"),
        "wits": imports("wits", "wits.csv"),
        "taiwan": imports("taiwan", "taiwan.csv"),
        "eurostat": imports("eurostat-sdmx", "eurostat.csv"),
        "baci": imports("baci", "BACI_HS17_Y2021.csv", "BACI_HS17_Y2022.csv"),
        "comext": imports("comext", "full_v2_202152.dat", "full_v2_202252.dat"),
    }


def _bytes(content: bytes, rng: random.Random) -> bytes:
    """Damage bytes: flip, cut, repeat, put in what readers stumble over."""
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        at = rng.randrange(len(content) + 1)
        to = min(len(content), at + rng.choice((1, 1, 4, 40)))
        piece = rng.choice(
            (b"", bytes([rng.randrange(256)]), content[at:to] * 2, rng.choice(TOKENS), rng.randbytes(4))
        )
        content = content[:at] + piece + content[to:]
    return content[: rng.randrange(len(content) + 1)] if rng.random() < 0.1 else content


def _cells(content: str, rng: random.Random) -> str:
    """Damage a table by its cells, rows and columns; its separator and headings too."""
    mark = "\t" if "\t" in content else ","
    rows = [line.split(mark) for line in content.splitlines()]
    for _ in range(rng.choice((1, 1, 1, 3, 10))):
        row = rng.choice(rows)
        column = rng.randrange(max(map(len, rows)))
        kind = rng.randrange(11)
        if kind <= 3:
            row[column % len(row)] = rng.choice(CELLS)
        elif kind == 4:
            value = rng.choice(CELLS)
            for each in rows[1:]:
                each[column % len(each)] = value
        elif kind == 5:
            rows.append(list(rng.choice(rows)))
        elif kind == 6:
            row.append(rng.choice(CELLS))
        elif kind == 7:
            rows = [each[:column] + each[column + 1 :] or [""] for each in rows]
        elif kind == 8:
            rows[0][column % len(rows[0])] = rng.choice([*CELLS, *rows[0]])
        elif kind == 9:
            rows = rows[: rng.randrange(1, len(rows) + 1)]
        else:
            rng.shuffle(rows)
    if rng.random() < 0.1:
        mark = rng.choice((";", "\t", "|", ", "))
    ending = rng.choice(("\n", "\n", "\n", "\r\n", "\r"))
    quote = rng.random() < 0.2
    return ending.join(
        mark.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' if quote else cell for cell in row)
        for row in rows
    )


def _tables(content: str, rng: random.Random) -> tuple[str, bytes]:
    """Turn a table into Parquet or Excel, with columns of a type that nobody expects."""
    frame = pl.read_csv(io.StringIO(content), infer_schema_length=None)
    for _ in range(rng.choice((0, 1, 1, 3))):
        name, dtype = rng.choice(frame.columns), rng.choice(DTYPES)
        try:
            if rng.random() < 0.5:
                frame = frame.with_columns(pl.lit(None).cast(dtype).alias(name))
            else:
                frame = frame.with_columns(pl.col(name).cast(dtype, strict=False))
        except Exception:  # this library cannot make such a column: another draw will
            continue
    if rng.random() < 0.2:
        frame = frame.head(rng.choice((0, 1)))
    out = io.BytesIO()
    if rng.random() < 0.8:
        frame.write_parquet(out)
        return ".parquet", out.getvalue()
    frame.with_columns(pl.all().cast(pl.String, strict=False)).write_excel(out)
    return ".xlsx", out.getvalue()


def damaged(reader: Reader, rng: random.Random, folder: Path, *, whole: bool = False) -> str:
    """Write a reader's files, one of them damaged (or none); return the command that reads them."""
    victim = (
        "" if whole else next(iter(reader.files)) if rng.random() < 0.7 else rng.choice(list(reader.files))
    )
    paths = {name: folder / name for name in reader.files}
    for name, good in reader.files.items():
        content: str | bytes = good
        if isinstance(good, str):
            for other in reader.files:
                content = good = good.replace(f"{{{other}}}", other)
        if name == victim:
            table = Path(name).suffix in (".csv", ".dat")
            text = good.decode("utf-8-sig") if isinstance(good, bytes) else good
            how = rng.random()
            try:
                if table and how < 0.15:
                    ending, content = _tables(text, rng)
                    paths[name] = folder / f"{Path(name).stem}{ending}"
                elif table and how < 0.75:
                    content = _cells(text, rng)
                else:
                    content = _bytes(text.encode(), rng)
            except Exception:  # this library cannot write such a table: bytes then
                content = _bytes(text.encode(), rng)
        if isinstance(content, str):
            content = content.encode("utf-8", "surrogatepass")
        paths[name].write_bytes(content)
    command = reader.command.replace("{out}", str(folder / "out"))
    for name, path in paths.items():
        command = command.replace(f"{{{name}}}", str(path))
    return command


class SlowError(BaseException):
    """An answer took longer than LIMIT; no kind of Exception, so that nothing catches it on the way."""


def _too_long(*_: object) -> None:
    raise SlowError


def fault(name: str, number: int, folder: Path) -> str:
    """Run one case; return the traceback that came of it, or nothing.

    A number below nothing leaves the files whole: the command must answer then.
    """
    from parity.cli.main import main

    reader, whole = readers()[name], number < 0
    words = damaged(reader, random.Random(f"{name} {number}"), folder, whole=whole).split(" ")
    if name == "sql":
        words.append((folder / "query.sql").read_bytes().decode(errors="replace"))
    if random.Random(number).random() < 0.3 and name not in ("baci", "comext"):
        words.append("--json")
    out, err = io.StringIO(), io.StringIO()
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(LIMIT)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main(words)
    except SystemExit as end:
        if whole and end.code:
            return err.getvalue()
    except SlowError:
        return f"longer than {LIMIT} s\n{traceback.format_exc()}"
    except BaseException:  # a panic of a library in Rust is no Exception
        return traceback.format_exc()
    finally:
        signal.alarm(0)
    if "Traceback" in err.getvalue() or "cannot write the answer" in err.getvalue():
        return err.getvalue()
    if "--json" in words and out.getvalue().lstrip()[:1] == "{":
        json.loads(out.getvalue(), parse_constant=_no_json)
    return ""


def _no_json(constant: str) -> float:
    raise ValueError(f"{constant} in JSON")


def batch(name: str, numbers: range) -> dict[int, str]:
    """Run some cases of a reader in this process; return the tracebacks by number."""
    found = {}
    os.environ["COLUMNS"] = "100"
    for number in numbers:
        with tempfile.TemporaryDirectory() as folder:
            try:
                said = fault(name, number, Path(folder))
            except Exception:  # the answer is no JSON
                said = traceback.format_exc()
        if said:
            found[number] = said
    return found


def _batches(inputs: int, chosen: dict[str, Reader], size: int = 25) -> Iterator[tuple[str, range]]:
    total = sum(reader.share for reader in chosen.values())
    for name, reader in chosen.items():
        count = round(inputs * reader.share / total)
        for start in range(0, count, size):
            yield name, range(start, min(start + size, count))


def run(inputs: int, chosen: dict[str, Reader], workers: int) -> Counter[str]:
    """Run all cases, print what failed, and count the failures by what raised them."""
    kinds: Counter[str] = Counter()
    left = list(_batches(inputs, chosen))
    while left:
        done: list[tuple[str, range]] = []
        with ProcessPoolExecutor(workers) as pool:
            asked = [(each, pool.submit(batch, *each)) for each in left]
            for each, future in asked:
                try:
                    found = future.result()
                except BrokenProcessPool:
                    # Whatever was running died with it: single cases tell which.
                    break
                done.append(each)
                for number, said in found.items():
                    lines = said.strip().splitlines()
                    where = [line.strip() for line in lines if 'File "' in line and "/parity/" in line]
                    kinds[f"{lines[-1][:120]} | {where[-1] if where else ''}"] += 1
                    print(f"{each[0]} {number}: {lines[-1][:200]}", flush=True)
        left = [each for each in left if each not in done]
        if left and len(left[0][1]) == 1:
            name, numbers = left.pop(0)
            kinds["the process died"] += 1
            print(f"{name} {numbers[0]}: the process died", flush=True)
        elif left:
            name, numbers = left.pop(0)
            left = [(name, range(number, number + 1)) for number in numbers] + left
    return kinds


@click.command()
@click.argument("reader", required=False)
@click.argument("number", type=int, required=False)
@click.option("--inputs", default=INPUTS, show_default=True, help="How many inputs in all.")
@click.option("--workers", default=os.cpu_count() or 1, help="Processes.")
def command(reader: str | None, number: int | None, inputs: int, workers: int) -> None:
    """Damage files, read them, and fail where anything but an answer or a message comes of it."""
    known = readers()
    if reader and reader not in known:
        raise click.UsageError(f"no reader '{reader}'; there are {', '.join(known)}")
    if reader and number is not None:
        folder = Path(tempfile.mkdtemp())
        said = fault(reader, number, folder)
        click.echo(f"{folder}\n{said or 'answered, or refused with a message'}")
        sys.exit(bool(said))
    start = time.monotonic()
    kinds = run(inputs, {reader: known[reader]} if reader else known, workers)
    for kind, count in kinds.most_common():
        click.echo(f"{count:6}  {kind}")
    click.echo(f"{inputs:,} inputs, {kinds.total()} failures, {time.monotonic() - start:.0f} s")
    sys.exit(bool(kinds))


if __name__ == "__main__":
    command()
