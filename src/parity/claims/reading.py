"""What people bring: text, web pages, PDF and Word files, one or a folder of them, and their language."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import statistics
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from parity.catalogue import files
from parity.catalogue.web import html_text
from parity.claims.dateline import page_date
from parity.errors import ParityError, missing_extra, one_of

# Words that no English text of some length does without, and the least share of its words that they are.
_ENGLISH = re.compile(
    "the|of|and|to|in|a|is|that|for|on|as|with|by|was|are|it|at|from|be|has|have|its|an|this|which|not|or"
)
_LEAST = 0.12
# Words that are looked at, and as few as tell nothing.
_READ, _FEW = 400, 20
_NAMES = {
    "ar": "Arabic", "cs": "Czech", "de": "German", "es": "Spanish", "fa": "Persian", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "kk": "Kazakh",
    "ko": "Korean", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "sv": "Swedish",
    "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip


def foreign(text: str) -> str:
    """Return the language of a text that is not in English, as "Russian"; empty for English or a few words.

    Words such as "the" and "of" tell English apart at once; what has few of them is named by py3langid (a
    classifier over byte sequences), or "another language" where that is not installed or not certain.
    """
    sample = text[: 40 * _READ]
    written = re.findall(r"[^\W\d_]+", sample)[:_READ]
    words = [word.casefold() for word in written]
    # Scripts that part no words are told by their letters.
    letters = sum(character.isalpha() and ord(character) > 0x24F for character in sample)
    if len(words) < _FEW and letters < _FEW:
        return ""
    if sum(bool(_ENGLISH.fullmatch(word)) for word in words) >= _LEAST * len(words):
        return ""
    # A list of names and figures is in no language.
    if letters < _FEW and 2 * sum(word.islower() for word in written) < len(words):
        return ""
    try:
        import py3langid
    except ImportError:
        return "another language" if letters > len(sample) / 3 else ""
    return _NAMES.get(str(py3langid.classify(sample)[0]), "")


ENDINGS = (".txt", ".md", ".html", ".htm", ".pdf", ".docx")
"""Endings of the files that are read from a folder; a file that is named may have any."""
# What a file begins with that is none of these.
_OTHERS = {
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file; save it as .docx or PDF",
    b"{\\rtf": "a file in Rich Text Format; save it as .docx, PDF or plain text",
    b"\x89PNG": "a picture; only text can be checked",
    b"\xff\xd8\xff": "a picture; only text can be checked",
}
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset=[\"']?\s*([\w-]{3,20})", re.I)
_MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body|article|main|div|p|h1)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it was brought.

    Attributes
    ----------
    name
        File that it is from.
    text
        What there is to read; empty where it could not be read.
    day
        Its date, where a page's metadata tell it.
    problem
        Why it could not be read.
    """

    name: str
    text: str
    day: dt.date | None = None
    problem: str = ""


def texts(paths: Iterable[str | os.PathLike[str]]) -> Iterator[Text]:
    """Yield the texts of files and folders, in the order given, those of a folder by name.

    Parameters
    ----------
    paths
        Files of any of ``ENDINGS``, or in plain text under any name; folders, whose files of these endings
        are read; - is standard input.

    Yields
    ------
    Text
        One for each file. A file that is damaged, binary or absent has the ``problem`` in place of a text, so
        that the others go on.

    Raises
    ------
    ParityError
        If a folder holds no such file.
    """
    for path in paths:
        if path == "-":
            yield _tried("-", sys.stdin.buffer.read)
            continue
        for file in _files(Path(path)):
            name = file.name if Path(path).is_dir() else str(file)
            yield _tried(name, partial(files.read_bytes, file))


def _tried(name: str, content: Callable[[], bytes]) -> Text:
    try:
        return read(name, content())
    except ParityError as problem:
        return Text(name, "", problem=str(problem))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.iterdir() if file.suffix.lower() in ENDINGS and file.is_file())
    if not found:
        raise ParityError(f"{path}: holds no file that ends in {one_of(ENDINGS)}")
    return found


def read(name: str, content: bytes) -> Text:
    """Return the text of a file by what it holds, whatever it is called.

    Parameters
    ----------
    name
        What to call it in a message.
    content
        Its bytes.

    Raises
    ------
    ParityError
        If it holds no text, is damaged, locked or of another kind, or what reads its kind is not installed.
    """
    for start, kind in _OTHERS.items():
        if content.startswith(start):
            raise ParityError(f"{name}: is {kind}")
    if content.startswith(b"%PDF-"):
        return _with_text(name, _parsed(name, "PDF", lambda: _pdf(content)))
    if content.startswith(b"PK\x03\x04"):
        return _with_text(name, _parsed(name, "Word", lambda: _docx(name, content)))
    if b"\0" in content[:8192] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ParityError(
            f"{name}: holds binary data that is no text, PDF or Word file, whatever it is called"
        )
    if not content.strip():
        raise ParityError(f"{name}: the file is empty")
    declared = _CHARSET.search(content[:4096])
    source = files.decode(content, name, _encoding(declared.group(1).decode() if declared else ""))
    if _MARKUP.match(source[:2000]):
        return _with_text(name, html_text(source), page_date(source))
    return _with_text(name, source)


def _encoding(declared: str) -> str:
    try:
        "".encode(declared or "utf-8")
    except LookupError:
        return "utf-8-sig"
    return "utf-8-sig" if declared.lower() in ("", "utf-8", "utf8") else declared


def _with_text(name: str, text: str, day: dt.date | None = None) -> Text:
    if not text.strip():
        raise ParityError(f"{name}: holds no text; of a scanned page, run text recognition (OCR) first")
    return Text(name, text, day)


def _parsed(name: str, kind: str, parse: Callable[[], str]) -> str:
    """Return what a parser reads, or say that the file is damaged: on such a file parsers fail in any way."""
    try:
        return parse()
    except ParityError:
        raise
    except ImportError as problem:
        raise missing_extra(f"{name}: reading {kind} files", "texts") from problem
    except Exception as problem:
        raise ParityError(f"{name}: is damaged, or no {kind} file: {str(problem).splitlines()[0]}") from None


def _pdf(content: bytes) -> str:
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    pages = PdfReader(io.BytesIO(content)).pages
    return "\n\n".join(_flowing(page.extract_text()) for page in pages)


def _flowing(page: str) -> str:
    """Return a page with the lines of a paragraph joined, and words parted at a line's end made whole."""
    lines = [line.strip() for line in page.split("\n")]
    lengths = [len(line) for line in lines if line]
    usual = statistics.quantiles(lengths, n=5)[-1] if len(lengths) > 1 else 0.0
    parts = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if re.search(r"[a-z]-$", line) and following[:1].islower():
            parts.append(line[:-1])
        elif following and not re.search(r"[.!?:]$", line) and _is_full(line, following, usual):
            parts.append(f"{line} ")
        else:
            parts.append(f"{line}\n")
    return "".join(parts)


def _is_full(line: str, following: str, usual: float) -> bool:
    """Return whether a line ends because the next word had no room, or goes on in lower case."""
    return following[0].islower() or len(line) + 1 + len(following.split()[0]) > usual


def _docx(name: str, content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if "word/document.xml" not in parts.namelist():
            raise ParityError(
                f"{name}: is an archive or a workbook; give the text as .docx, PDF or plain text"
            )
        if sum(part.file_size for part in parts.infolist()) > files.MAX_TEXT_BYTES:
            raise ParityError(f"{name}: unpacks to more than {files.MAX_TEXT_BYTES >> 20} MB")
    from docx import Document
    from docx.table import Table

    blocks = []
    for block in Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            rows = ("\t".join(cell.text.strip() for cell in row.cells) for row in block.rows)
            blocks.append("\n".join(rows))
        else:
            blocks.append(block.text)
    return "\n\n".join(blocks)
