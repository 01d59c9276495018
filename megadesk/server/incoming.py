"""Bodies on their way in: objects in pieces to the store below, small JSON as a whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final, TypeVar

import msgspec
from starlette.requests import Request
from starlette.types import Receive

from megadesk.errors import MegaDeskError, Retry, StoreError
from megadesk.server.answers import Refusal, refusal_for
from megadesk.server.work import Workers
from megadesk.stores.api import Store
from megadesk.stores.handles import WriteHandle

_T = TypeVar("_T")

PIECE_BYTES: Final = 512 << 10
WHOLE_BYTES: Final = 512 << 10
"""Objects up to this size are held whole and put in one go."""


class ClientGoneError(Exception):
    """The connection ended before the body did."""


def announced_size(request: Request, limit: int) -> int:
    """The body's size. Raises Refusal when it is not announced, or is too large."""
    if request.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise Refusal(415, "encoding", "Objects are sent as they are, without a content encoding.")
    text = request.headers.get("content-length", "")
    if not (text.isascii() and text.isdigit()):
        raise Refusal(411, "length", "The size must be announced by Content-Length.")
    size_bytes = int(text) if len(text) < 20 else limit + 1
    if size_bytes > limit:
        raise Refusal(413, "too-large", f"At most {limit} bytes are taken.")
    return size_bytes


async def body_of(receive: Receive) -> AsyncIterator[bytes]:
    """The body as it comes. Raises ClientGoneError when it ends early."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        if message.get("body"):
            yield message["body"]
        if not message.get("more_body"):
            return


async def read_json(request: Request, kind: type[_T], limit: int) -> _T:
    """The body as a value of that type. Raises Refusal."""
    size_bytes = announced_size(request, limit)
    content = bytearray()
    async for part in body_of(request.receive):
        content += part
        if len(content) > size_bytes:
            raise Refusal(400, "length", "The body is longer than announced.")
    try:
        return msgspec.json.decode(bytes(content), type=kind)
    except msgspec.MsgspecError as error:
        raise Refusal(400, "json", f"The body is not what is expected here: {error}") from None
    except UnicodeDecodeError:
        raise Refusal(400, "json", "The body is not UTF-8.") from None


async def take_object(
    receive: Receive, store: Store, name: str, size_bytes: int, workers: Workers, *, create_only: bool
) -> None:
    """Put the body as an object. Raises ClientGoneError, Refusal and StoreError; then there is no new object."""
    if size_bytes <= WHOLE_BYTES:
        content = bytearray()
        async for part in body_of(receive):
            content += part
            if len(content) > size_bytes:
                break
        if len(content) != size_bytes:
            raise Refusal(400, "length", "The body is not as long as announced.")
        await workers.finish(store.put, name, content, create_only=create_only)
        return
    try:
        handle = await workers.finish(store.open_write, name, size_bytes)
    except StoreError:
        raise
    except MegaDeskError as error:
        raise refusal_for(error) from error
    writing: asyncio.Future[None] | None = None
    try:
        pending: list[bytes] = []
        count = 0
        async for part in body_of(receive):
            pending.append(part)
            count += len(part)
            if count >= PIECE_BYTES:
                # One piece is written while the next one comes.
                if writing is not None:
                    await writing
                writing = asyncio.ensure_future(workers.finish(_write, handle, pending))
                pending, count = [], 0
        if writing is not None:
            await writing
        await workers.finish(_write, handle, pending)
        await workers.finish(handle.commit, create_only=create_only)
    finally:
        if writing is not None and not writing.done():
            await asyncio.wait([writing])
        await workers.finish(handle.close)


def _write(handle: WriteHandle, parts: list[bytes]) -> None:
    # Each as it came: to join them first would copy all of them.
    for part in parts:
        handle.write(part)


class Flusher:
    """Makes puts durable, many at once: a flush that begins after a put returned covers it."""

    def __init__(self, store: Store, workers: Workers, reopen: Callable[[], None] | None = None) -> None:
        """``reopen``: what to do about a store that cannot promise anything any more (a drive that was pulled out)."""
        self._store = store
        self._reopen = reopen
        self._workers = workers
        self._running: asyncio.Future[None] | None = None
        self._next: asyncio.Future[None] | None = None

    async def make_durable(self) -> None:
        """As `flush`, but nothing where puts are durable by themselves. Raises Refusal."""
        if self._store.properties.durable_put:
            return
        try:
            await self.flush()
        except MegaDeskError as error:
            raise refusal_for(error) from error

    async def flush(self) -> None:
        """Raises what `Store.flush` raises."""
        try:
            await self._flush()
        except StoreError as error:
            if error.retry is Retry.PERMANENT and self._reopen is not None:
                await self._workers.run(self._reopen)
            raise

    async def _flush(self) -> None:
        if self._running is None or self._running.done():
            self._running = asyncio.ensure_future(self._workers.run(self._store.flush))
            await asyncio.shield(self._running)
            return
        if self._next is None or self._next.done():
            self._next = asyncio.ensure_future(self._after(self._running))
        await asyncio.shield(self._next)

    async def _after(self, running: asyncio.Future[None]) -> None:
        await asyncio.wait([running])
        self._running, self._next = self._next, None
        await self._workers.run(self._store.flush)
