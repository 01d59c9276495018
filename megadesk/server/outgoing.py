"""Objects on their way to a client: ranges, in pieces, never whole in memory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from starlette.types import Receive, Scope, Send

from megadesk.errors import MegaDeskError
from megadesk.server.answers import STRICT_HEADERS, Refusal, refusal, refusal_for
from megadesk.server.work import Workers
from megadesk.stores.api import Store
from megadesk.stores.handles import ReadHandle

PIECE_BYTES: Final = 1 << 20
_SEND_BYTES: Final = 256 << 10
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Range(NamedTuple):
    """``first`` is None for the last ``tail`` bytes; ``last`` (inclusive) is None for all that follows."""

    first: int | None
    last: int | None
    tail: int = 0


def parse_range(header: str | None) -> Range | None:
    """One range of bytes. None for none, for several and for what cannot be read: ignored (RFC 9110, 14.2)."""
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        return Range(None, None, int(match[2]))
    start, end = int(match[1]), int(match[2]) if match[2] else None
    return Range(start, end) if end is None or end >= start else None


def part_of(wanted: Range | None, size_bytes: int) -> tuple[int, int]:
    """Start and count within an object of that size. Raises Refusal (416) where it has no such bytes."""
    if wanted is None:
        return 0, size_bytes
    if wanted.first is None:
        count = min(wanted.tail, size_bytes)
        start = size_bytes - count
    else:
        start = wanted.first
        count = size_bytes - start if wanted.last is None else min(wanted.last + 1, size_bytes) - start
    if count <= 0:
        raise Refusal(416, "range", f"The object has {size_bytes} bytes.", {"content-range": f"bytes */{size_bytes}"})
    return start, count


class ObjectResponse:
    """An ASGI application that sends one object, or the part that the request's Range header names."""

    def __init__(
        self, handle: ReadHandle, start: int, count: int, *, partial: bool, workers: Workers, headers: Mapping[str, str]
    ) -> None:
        """Takes over the handle."""
        self._handle = handle
        self._start = start
        self._count = count
        self._workers = workers
        self._extra = headers
        self.status_code = 206 if partial else 200
        self.headers = {
            **STRICT_HEADERS,
            "content-type": "application/octet-stream",
            "accept-ranges": "bytes",
            "content-length": str(count),
            **headers,
        }
        if partial:
            self.headers["content-range"] = f"bytes {start}-{start + count - 1}/{handle.size_bytes}"

    @classmethod
    async def open(
        cls, store: Store, name: str, range_header: str | None, workers: Workers, headers: Mapping[str, str]
    ) -> ObjectResponse:
        """Raises Refusal."""
        try:
            handle = await workers.finish(store.open_read, name)
        except MegaDeskError as error:
            raise refusal_for(error) from error
        wanted = parse_range(range_header)
        try:
            start, count = part_of(wanted, handle.size_bytes)
        except Refusal:
            handle.close()
            raise
        return cls(handle, start, count, partial=wanted is not None, workers=workers, headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
            start = {"type": "http.response.start", "status": self.status_code, "headers": headers}
            if scope["method"] == "HEAD" or not self._count:
                await send(start)
                await send({"type": "http.response.body", "body": b""})
                return
            at, end = self._start, self._start + self._count
            started = False
            while at < end:
                # The first piece comes before the head: what cannot be read can still be told by a status.
                try:
                    piece = await self._workers.finish(self._handle.read, at, min(PIECE_BYTES, end - at))
                except MegaDeskError as error:
                    if started:
                        raise BrokenOffError(str(error)) from error
                    await refusal(refusal_for(error), self._extra)(scope, receive, send)
                    return
                at += len(piece)
                if not started:
                    await send(start)
                    started = True
                view = memoryview(piece)
                for first in range(0, len(piece), _SEND_BYTES):
                    last = at == end and first + _SEND_BYTES >= len(piece)
                    body = view[first : first + _SEND_BYTES]
                    await send({"type": "http.response.body", "body": body, "more_body": not last})
        finally:
            self._handle.close()


class BrokenOffError(Exception):
    """The storage failed in the middle of an answer: the connection is closed, so that the client sees it too."""
