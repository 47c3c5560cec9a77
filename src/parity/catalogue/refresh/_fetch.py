"""Downloads: HTTPS, a deadline, a size limit, retries, checksums."""

from __future__ import annotations

import json
import os
import re
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from parity import __version__
from parity.catalogue import files
from parity.catalogue.refresh._recipes import Download
from parity.errors import NoAnswerError, ParityError

if TYPE_CHECKING:
    from requests import Response

CHUNK = 1 << 16
MAX_BYTES = 200 << 20
MAX_PAGES = 100
MAX_HOPS = 5
LOOPBACK = ("127.0.0.1", "localhost", "::1")
AGENT = f"parity/{__version__} (open AI index; data update)"

Progress = Callable[[str, int, int], None]


def read_checksums(path: str | os.PathLike[str]) -> dict[str, str]:
    """Return the checksums of a file in the format of ``sha256sum``: file -> SHA-256.

    Parameters
    ----------
    path
        Lines of a checksum, spaces and a file's name.

    Raises
    ------
    ParityError
        If a line is something else.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(files.read_text(path).splitlines(), start=1):
        match = re.fullmatch(r"([0-9a-fA-F]{64}) [ *](\S.*)", line)
        if match is None:
            raise ParityError(f"{path}: line {number} is not 'SHA-256, two spaces, name of a file'")
        name, checksum = Path(match[2]).name, match[1].lower()
        if found.setdefault(name, checksum) != checksum:
            raise ParityError(f"{path}: line {number} gives {name} another checksum than a line before it")
    return found


@dataclass(frozen=True)
class Client:
    """How files are fetched.

    Attributes
    ----------
    mirror
        Address of a folder that holds copies as ``HOST/PATH``; the publishers' own by default.
    timeout
        Seconds to wait for an answer to start, and for each further piece of it.
    deadline
        Seconds that one file may take in all.
    retries
        Further attempts after a failed one.
    checksums
        File -> SHA-256 that it must have; a file that is not among them is refused. ``None``: no list.
    progress
        Called with the file's name, the bytes so far and those expected (0 if unknown).
    fetched
        File -> the address it came from.
    """

    mirror: str = ""
    timeout: float = 30.0
    deadline: float = 600.0
    retries: int = 2
    checksums: Mapping[str, str] | None = None
    progress: Progress = lambda file, done, total: None
    fetched: dict[str, str] = field(default_factory=dict)

    def fetch(self, download: Download, folder: Path) -> None:
        """Put one file of a source into a folder.

        Parameters
        ----------
        download
            What to fetch.
        folder
            Where to put it.

        Raises
        ------
        NoAnswerError
            If the publisher does not answer with the whole file, in words that name the
            address and what came instead.
        """
        if download.form == "pages":
            self._pages(download, folder)
        else:
            self._file(download.file, download.url, folder)
        if download.form == "zip":
            _unpack(folder / download.file, folder)

    def _file(self, file: str, url: str, folder: Path) -> Path:
        import pooch
        import requests

        pooch.get_logger().setLevel("ERROR")
        address = self._address(url)
        if self.checksums is not None and file not in self.checksums:
            raise NoAnswerError(
                f"{address}: the list of checksums has none for {file}; add it, or update without a list"
            )
        keeper = pooch.create(
            folder,
            base_url="",
            registry={file: None if self.checksums is None else self.checksums[file]},
            urls={file: address},
            retry_if_failed=self.retries,
        )
        try:
            path = keeper.fetch(file, downloader=self._stream)
        except requests.exceptions.RequestException as problem:
            raise NoAnswerError(f"{address} {_what_happened(problem)}") from None
        except ValueError as problem:
            raise NoAnswerError(
                f"{address}: the checksum of {file} is not the one required ({str(problem).split('. ')[0]}); "
                "the publisher has changed the file, or it was altered on the way"
            ) from None
        self.fetched[file] = address
        return Path(path)

    def _address(self, url: str) -> str:
        if not self.mirror:
            return url
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        return f"{self.mirror.rstrip('/')}/{parts.netloc}{quote(path, safe='/.')}"

    def _stream(self, url: str, output: Any, _: object) -> None:
        """Write the answer to a file, as pooch asks of a downloader."""
        import requests

        began = time.monotonic()
        with _opened(url, self.timeout) as answer, open(output, "wb") as draft:
            if 400 <= answer.status_code < 500:  # asking again would bring the same answer
                raise NoAnswerError(f"{url} answered {answer.status_code} {answer.reason}")
            answer.raise_for_status()
            total, done = _expected(answer), 0
            for piece in _pieces(answer):
                draft.write(piece)
                done += len(piece)
                self.progress(Path(urlsplit(url).path).name, done, total)
                if time.monotonic() - began > self.deadline:
                    raise requests.exceptions.Timeout(f"not whole after {self.deadline:g} seconds")
                if done > MAX_BYTES:
                    raise requests.exceptions.RequestException(f"is larger than {MAX_BYTES >> 20} MB")

    def _pages(self, download: Download, folder: Path) -> None:
        """Fetch page after page of the World Bank's interface and write their rows as one list."""
        rows: list[Any] = []
        page, pages = 1, 1
        while page <= pages:
            path = self._file(f"{download.file}.{page}", f"{download.url}&page={page}", folder)
            head, body = _page(path, download.url)
            pages = min(int(head["pages"]), MAX_PAGES)
            rows += body
            page += 1
            path.unlink()
            self.fetched[download.file] = self.fetched.pop(path.name)
        (folder / download.file).write_text(json.dumps(rows), encoding="utf-8")


@contextmanager
def _opened(url: str, timeout: float) -> Iterator[Response]:
    """Lend the answer at an address, having looked at every redirection before following it."""
    import requests

    with requests.Session() as session:
        session.headers["User-Agent"] = AGENT
        for _ in range(MAX_HOPS):
            _check_secure(url)
            answer = session.get(url, stream=True, timeout=timeout, allow_redirects=False)
            if answer.next is None or answer.next.url is None:
                yield answer
                return
            url = answer.next.url
        raise NoAnswerError(f"{url} redirects more than {MAX_HOPS} times")


def _pieces(answer: Response) -> Iterator[bytes]:
    """Yield the content as it arrives: a piece may be a single byte, so that the deadline is seen to."""
    import requests
    import urllib3.exceptions

    try:
        while piece := answer.raw.read1(CHUNK, decode_content=True):
            yield piece
    except urllib3.exceptions.ReadTimeoutError as problem:
        raise requests.exceptions.ReadTimeout(problem) from None
    except (urllib3.exceptions.ProtocolError, urllib3.exceptions.DecodeError) as problem:
        raise requests.exceptions.ChunkedEncodingError(problem) from None


def _check_secure(url: str) -> None:
    """Refuse plain HTTP; a server on this machine is the exception."""
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ParityError(f"{url}: only HTTPS addresses are fetched")


def _expected(answer: Response) -> int:
    length = answer.headers.get("Content-Length", "")
    return int(length) if length.isdigit() and not answer.headers.get("Content-Encoding") else 0


def _what_happened(problem: Exception) -> str:
    import requests

    if isinstance(problem, requests.exceptions.HTTPError) and problem.response is not None:
        return f"answered {problem.response.status_code} {problem.response.reason}"
    if isinstance(problem, requests.exceptions.SSLError):
        return "has a certificate that cannot be verified"
    if isinstance(problem, requests.exceptions.Timeout):
        return "did not answer in time"
    if isinstance(problem, requests.exceptions.ChunkedEncodingError):
        return "broke off before the end of the file"
    if isinstance(problem, requests.exceptions.ConnectionError):
        return "cannot be reached; is there a connection to the Internet?"
    return f"could not be fetched ({problem})"


def _page(path: Path, url: str) -> tuple[dict[str, Any], list[Any]]:
    """Return head and rows of a page; an error comes as a list of messages with status 200."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        head, rows = content
        int(head["pages"])
    except (ValueError, TypeError, KeyError, IndexError):
        start = path.read_text(encoding="utf-8", errors="replace")[:120]
        raise NoAnswerError(f"{url} answered with something else than a page of rows: {start}") from None
    return head, rows or []


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack the tables of an archive, by their bare names, within the size limit."""
    try:
        with zipfile.ZipFile(archive) as packed:
            left = MAX_BYTES
            for part in packed.infolist():
                if part.filename.endswith(".csv"):
                    with packed.open(part) as stream:
                        content = stream.read(left + 1)
                    left -= len(content)
                    if left < 0:
                        raise NoAnswerError(f"{archive.name} unpacks to more than {MAX_BYTES >> 20} MB")
                    (folder / Path(part.filename).name).write_bytes(content)
    except zipfile.BadZipFile:
        raise NoAnswerError(f"{archive.name} is not an archive, or a damaged one") from None
