"""Links over HTTP: pages, records and pieces of packs, from servers that nobody vouches for (docs/format.md, "Links").

Knows URLs, names and bytes, no keys: a fragment never comes here. All goes through the one HTTP client, so its limits
hold: no redirects, no cookies, nothing unpacked, bytes and waiting counted (stores/http.py).

Pieces of packs are asked for at multiples of 64 KiB, so that sizes do not show in what is asked.
"""

from __future__ import annotations

import datetime
import re
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from megadesk.errors import (
    LinkError,
    LinkExpiredError,
    LinkNotFoundError,
    LinkRevokedError,
    LinkUsedUpError,
    MegaDeskError,
    StoreError,
    StoreProtocolError,
)
from megadesk.stores.http import Answer, HttpClient
from megadesk.stores.http_errors import error_for, http_date
from megadesk.stores.http_net import Timeouts
from megadesk.stores.http_place import HttpPlace, split_url
from megadesk.stores.reading import ReadingStore

UNIT: Final = 1 << 16
MAX_RECORD_BYTES: Final = 64 << 20
MAX_PAGE_BYTES: Final = 1 << 30
"""Of a page with everything in it, which goes to a file."""
ENOUGH: Final = "enough"
_ANSWER_BYTES: Final = 1 << 16
_RANGE: Final = re.compile(r"bytes ([0-9]{1,19})-([0-9]{1,19})/([0-9]{1,19})")
_PACK: Final = re.compile(r"packs/[0-9a-f]{2}/([0-9a-f]{32})")
_SESSION: Final = re.compile(r"[A-Za-z0-9._~=-]{1,200}")


class Web:
    """Requests to any origin, one client for each. Thread-safe."""

    def __init__(self, timeouts: Timeouts | None = None) -> None:
        self._timeouts = timeouts
        self._clients: dict[tuple[str, str, int], HttpClient] = {}
        self._lock = threading.Lock()

    def _client(self, place: HttpPlace) -> HttpClient:
        origin = (place.scheme, place.host, place.port)
        with self._lock:
            client = self._clients.get(origin)
            if client is None:
                client = self._clients[origin] = HttpClient(place, timeouts=self._timeouts)
            return client

    def request(self, method: str, url: str, *, headers: Mapping[str, str] | None = None, name: str = "") -> _Asked:
        """For ``with``: an answer of any status. Raises LinkAddressError for what is no http(s) URL."""
        place, target = split_url(url)
        return _Asked(self._client(place), method, target, headers, name)

    def close(self) -> None:
        with self._lock:
            clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            client.close()


class _Asked:
    def __init__(
        self, client: HttpClient, method: str, target: str, headers: Mapping[str, str] | None, name: str
    ) -> None:
        self._request = client.request(method, target, headers=headers, name=name)

    def __enter__(self) -> Answer:
        return self._request.__enter__()

    def __exit__(self, *about: object) -> None:
        self._request.__exit__(*about)  # type: ignore[arg-type]


def read_all(answer: Answer, max_bytes: int, what: str) -> bytes:
    """The whole body, refused as soon as it is more than ``max_bytes``."""
    return b"".join(bounded(answer, max_bytes, what))


def bounded(answer: Answer, max_bytes: int, what: str) -> Iterator[bytes]:
    if (answer.length or 0) > max_bytes:
        raise StoreProtocolError(f"{what} is larger than it may be.")
    count = 0
    for chunk in answer.chunks():
        count += len(chunk)
        if count > max_bytes:
            raise StoreProtocolError(f"{what} is larger than it may be.")
        yield chunk
    if answer.length is not None and count != answer.length:
        raise StoreProtocolError(f"{what} ended early.")


def fetch_page(web: Web, url: str, write: Callable[[bytes], object], max_bytes: int = MAX_PAGE_BYTES) -> None:
    """Give a page's bytes to ``write``, as they come, until it answers ENOUGH. Raises LinkError, StoreError."""
    with web.request("GET", url) as answer:
        if answer.status != 200:
            raise refused(answer, url)
        count = 0
        for chunk in answer.chunks():
            count += len(chunk)
            if count > max_bytes:
                raise StoreProtocolError("The page is larger than it may be.")
            if write(chunk) is ENOUGH:
                return
        if answer.length is not None and count != answer.length:
            raise StoreProtocolError("The page ended early.")


def gives_parts(web: Web, url: str, at: int) -> bool:
    """Whether the host of a file gives out ranges of it; asks for the byte at ``at``."""
    with web.request("GET", url, headers={"range": f"bytes={at}-{at}"}) as answer:
        return answer.status == 206


# --- what answers mean


class _Said(msgspec.Struct):
    error: str = ""


_GONE: Final[dict[str, tuple[type[LinkError], str]]] = {
    "revoked": (LinkRevokedError, "This link was taken back by who made it."),
    "expired": (LinkExpiredError, "This link has expired."),
    "used-up": (LinkUsedUpError, "This link was downloaded as often as it may be."),
    "session": (LinkExpiredError, "This download has lasted longer than the server lets one. Open the link again."),
    "not-found": (LinkNotFoundError, "What this link showed is not there any more."),
    "unknown": (LinkNotFoundError, "There is no such link at this address."),
}
_ASK: Final = "Ask whoever sent it for a new one."


def refused(answer: Answer, url: str = "") -> MegaDeskError:
    """The error for an answer without the thing: the link's own reasons, a bucket's, or the server's."""
    try:
        body = read_all(answer, _ANSWER_BYTES, "The answer")
    except StoreError:
        body = b""
    if answer.status in (403, 404, 410):
        code = _code(body)
        if code in _GONE:
            kind, text = _GONE[code]
            error = kind(text, remedy=_ASK)
            error.said = True
            return error
        if answer.status == 403 and (_says_expired(body) or _signature_ended(url, answer)):
            return LinkExpiredError("This link has expired: its signature is no longer valid.", remedy=_ASK)
        if answer.status == 404 or b"<Code>NoSuchKey</Code>" in body:
            return LinkNotFoundError("There is nothing at this link any more: it was taken back, or never was.")
        if answer.status == 403:
            # Buckets do not tell strangers whether something is missing or only not theirs.
            return LinkNotFoundError("Its place does not give this link out: it was taken back, or its time is over.")
        if answer.status == 410:
            return LinkRevokedError("This link does not exist any more.", remedy=_ASK)
    return error_for(answer.status, answer.headers)


def _code(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=_Said).error
    except (msgspec.DecodeError, RecursionError):
        return ""


def _says_expired(body: bytes) -> bool:
    """What Amazon, Ceph and others answer to a presigned URL whose time is over."""
    text = body.lower()
    return b"expired" in text or b"<code>requestexpired</code>" in text


def _signature_ended(url: str, answer: Answer) -> bool:
    """Whether a presigned URL's time is over by the server's own clock: Ceph does not say why it refuses one."""
    query = dict(urllib.parse.parse_qsl(url.partition("?")[2]))
    try:
        signed = datetime.datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
        ends_s = signed.timestamp() + int(query["X-Amz-Expires"])
    except (KeyError, ValueError, OverflowError):
        return False
    return (http_date(answer.headers.get("date", "")) or time.time()) >= ends_s


# --- packs


class WebPacks(ReadingStore):
    """Packs by their names in a locker (``packs/aa/hex``), each from the URL that ``url_of`` gives for its id."""

    def __init__(self, web: Web, url_of: Callable[[str], str], start_of: Callable[[str], int] = lambda pack: 0) -> None:
        """``start_of``: where a pack begins in what is at its URL, for packs that are parts of one file."""
        self._web = web
        self._url_of = url_of
        self._start_of = start_of

    def get(self, name: str, *, offset: int = 0, length: int | None = None, max_bytes: int | None = None) -> bytes:
        if length is None:
            raise StoreProtocolError("A link's packs are read in pieces.", object_name=name)
        out = bytearray(length)
        self.get_into(name, memoryview(out), offset)
        return bytes(out)

    def get_into(self, name: str, buffer: memoryview, offset: int = 0) -> None:
        found = _PACK.fullmatch(name)
        if found is None:
            raise StoreProtocolError("A link has packs only.", object_name=name)
        wanted = buffer.nbytes
        base = self._start_of(found[1])
        first = base + offset - offset % UNIT
        last = base - (-(offset + wanted) // UNIT) * UNIT - 1
        headers = {"range": f"bytes={first}-{last}"}
        url = self._url_of(found[1])
        with self._web.request("GET", url, headers=headers, name=name) as answer:
            if answer.status == 206:
                skip = base + offset - self._start(answer, name, first)
            elif answer.status == 200:
                skip = base + offset  # the server knows no ranges and sends everything
            else:
                raise refused(answer, url)
            filled = 0
            for chunk in answer.chunks():
                piece = memoryview(chunk)[skip:] if skip else memoryview(chunk)
                skip = max(0, skip - len(chunk))
                piece = piece[: wanted - filled]
                buffer[filled : filled + len(piece)] = piece
                filled += len(piece)
                if filled == wanted and answer.status == 200:
                    break
        if filled != wanted:
            raise StoreProtocolError(f"The object {name} ended early.", object_name=name)

    @staticmethod
    def _start(answer: Answer, name: str, first: int) -> int:
        found = _RANGE.fullmatch(answer.headers.get("content-range", ""))
        if found is None or int(found[1]) != first or not first <= int(found[2]) < int(found[3]):
            raise StoreProtocolError(f"The server sends another part of {name}.", object_name=name)
        if answer.length is not None and answer.length > UNIT + int(found[2]) - first + 1:
            raise StoreProtocolError(f"The server sends too much of {name}.", object_name=name)
        return first

    def close(self) -> None:
        """The connections are the caller's."""


class _Opened(msgspec.Struct):
    session: str
    record_bytes: int
    downloads_left: int | None = None


@dataclass(frozen=True)
class Opening:
    """A download that a server counted. ``session`` lets one fetch record and packs for a day."""

    session: str
    downloads_left: int | None


class LinkServer:
    """The routes of a server of links for one link. ``base`` ends in '/'; ``link``: the id in hexadecimal."""

    def __init__(self, web: Web, base: str, link: str) -> None:
        self._web = web
        self._at = f"{base}l/{link}"
        self._session = ""
        self._lock = threading.Lock()

    def open(self) -> Opening:
        """Counts one download. Raises LinkError, StoreError."""
        with self._web.request("POST", f"{self._at}/open") as answer:
            if answer.status != 200:
                raise refused(answer)
            body = read_all(answer, _ANSWER_BYTES, "The answer")
        try:
            found = msgspec.json.decode(body, type=_Opened)
        except (msgspec.DecodeError, RecursionError):
            raise StoreProtocolError("The server does not answer as one of links.") from None
        if not _SESSION.fullmatch(found.session):
            raise StoreProtocolError("The server's session cannot be one.")
        self.use(found.session)
        return Opening(found.session, found.downloads_left)

    def use(self, session: str) -> None:
        """Go on with a session of before."""
        if not _SESSION.fullmatch(session):
            raise StoreProtocolError("That is no session.")
        with self._lock:
            self._session = session

    def record(self) -> bytes:
        with self._web.request("GET", f"{self._at}/record?s={self._session}") as answer:
            if answer.status != 200:
                raise refused(answer)
            return read_all(answer, MAX_RECORD_BYTES, "The link's record")

    def packs(self) -> WebPacks:
        return WebPacks(self._web, lambda pack: f"{self._at}/packs/{pack}?s={self._session}")
