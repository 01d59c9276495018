"""Telling clients at once what came: server-sent events (HTML standard, 9.2), from a hub to any number of listeners.

Events: ``hello`` at the beginning (what is there now is to be looked at), ``put`` with a name, ``reset`` when events
were lost (look again), comments as heartbeats. Each has an id; a client that comes back with the last one it saw
(``Last-Event-ID``) gets what it missed, or ``reset`` where that is not known any more.

Objects that other servers or programs put are found by looking into the store every few seconds, as long as
somebody listens.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.types import Receive, Scope, Send

from megadesk.errors import MegaDeskError
from megadesk.server.answers import STRICT_HEADERS
from megadesk.server.gate import Counts
from megadesk.server.space import OWN
from megadesk.server.work import Workers
from megadesk.stores.api import Store

log = logging.getLogger(__name__)

KEPT: Final = 1024
_RECENT: Final = 4096
_AFTER_ALL: Final = "~"  # greater than any character of a name


class Listener:
    """One client that listens. ``overflowed``: it did not keep up, and is told to look again."""

    def __init__(self, prefix: str, owner: str, limit: int) -> None:
        self.prefix = prefix
        self.owner = owner
        self._limit = limit
        self._waiting: deque[tuple[str, str, str]] = deque()
        self._arrived = asyncio.Event()
        self.closed = False

    def offer(self, event_id: str, kind: str, name: str) -> None:
        if len(self._waiting) >= self._limit:
            self._waiting.clear()
            kind, name = "reset", ""
        self._waiting.append((event_id, kind, name))
        self._arrived.set()

    def close(self) -> None:
        self.closed = True
        self._arrived.set()

    async def next(self) -> bytes:
        """What to send, at once if something waits. b"" when the listener was closed."""
        await self._arrived.wait()
        self._arrived.clear()
        text = "".join(_event(*waiting) for waiting in self._waiting)
        self._waiting.clear()
        return text.encode()


class Hub:
    """Everything here belongs to the event loop's thread."""

    def __init__(self, *, queue: int) -> None:
        self._run = secrets.token_hex(6)
        self._number = 0
        self._kept: deque[tuple[int, str]] = deque(maxlen=KEPT)
        self._recent: OrderedDict[str, None] = OrderedDict()
        self._queue = queue
        self.listeners: set[Listener] = set()
        self.closed = False

    def publish(self, name: str, *, polled: bool = False) -> None:
        """An object came. ``polled``: found in the store, so perhaps one that was published here."""
        if polled and name in self._recent:
            return
        self._recent[name] = None
        self._recent.move_to_end(name)
        if len(self._recent) > _RECENT:
            self._recent.popitem(last=False)
        self._number += 1
        self._kept.append((self._number, name))
        for listener in self.listeners:
            if name.startswith(listener.prefix):
                listener.offer(self._id(self._number), "put", name)

    def subscribe(self, prefix: str, owner: str) -> Listener:
        """Hear of what comes from now on; `welcome` it when it may begin."""
        listener = Listener(prefix, owner, self._queue)
        self.listeners.add(listener)
        return listener

    def welcome(self, listener: Listener, last_id: str) -> None:
        """Tell what was missed since ``last_id``, or that everything is to be looked at."""
        run, _, number = last_id.partition("-")
        known = run == self._run and number.isascii() and number.isdigit() and len(number) < 19
        seen = int(number) if known else -1
        first = self._kept[0][0] if self._kept else self._number + 1
        if not known or not first - 1 <= seen <= self._number:
            listener.offer(self._id(self._number), "reset" if last_id else "hello", "")
            return
        for kept, name in self._kept:
            if kept > seen and name.startswith(listener.prefix):
                listener.offer(self._id(kept), "put", name)

    def leave(self, listener: Listener) -> None:
        self.listeners.discard(listener)

    def close(self) -> None:
        """End all streams; nobody is let in any more."""
        self.closed = True
        for listener in self.listeners:
            listener.close()

    def _id(self, number: int) -> str:
        return f"{self._run}-{number}"


class EventResponse:
    """An ASGI application: the stream of one listener, until either side ends it."""

    def __init__(
        self,
        hub: Hub,
        listener: Listener,
        heartbeat_s: float,
        counts: Counts,
        still_allowed: Callable[[], Awaitable[bool]],
    ) -> None:
        """``still_allowed`` is asked at every heartbeat: a stream would outlive the token that opened it."""
        self._still_allowed = still_allowed
        self._hub = hub
        self._counts = counts
        self._listener = listener
        self._heartbeat_s = heartbeat_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # x-accel-buffering: nginx would hold events back.
        headers = {**STRICT_HEADERS, "content-type": "text/event-stream", "x-accel-buffering": "no"}
        encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
        gone = asyncio.ensure_future(_until_gone(receive))
        arriving = asyncio.ensure_future(self._listener.next())
        self._counts.streams += 1
        try:
            await send({"type": "http.response.start", "status": 200, "headers": encoded})
            await send({"type": "http.response.body", "body": b"retry: 1000\n\n", "more_body": True})
            loop = asyncio.get_running_loop()
            next_look = loop.time() + self._heartbeat_s
            while not gone.done():
                await asyncio.wait({gone, arriving}, timeout=self._heartbeat_s, return_when=asyncio.FIRST_COMPLETED)
                if loop.time() >= next_look:
                    next_look = loop.time() + self._heartbeat_s
                    if not await self._still_allowed():
                        break
                body = b": alive\n\n"
                if arriving.done():
                    body = arriving.result()
                    arriving = asyncio.ensure_future(self._listener.next())
                if body and not gone.done():
                    await send({"type": "http.response.body", "body": body, "more_body": True})
                if self._listener.closed:
                    break
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._counts.streams -= 1
            arriving.cancel()
            gone.cancel()
            self._hub.leave(self._listener)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _event(event_id: str, kind: str, name: str) -> str:
    return f"id: {event_id}\nevent: {kind}\ndata: {json.dumps({'name': name})}\n\n"


class Poll:
    """Looks for what other servers put, while anybody listens. For the event loop's thread."""

    def __init__(self, store: Store, hub: Hub, workers: Workers, every_s: float) -> None:
        """``every_s`` 0: never."""
        self._store = store
        self._hub = hub
        self._workers = workers
        self._every_s = every_s
        self._highest: dict[str, dict[str, str]] = {}
        self._lock = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    async def ready(self, prefix: str) -> None:
        """From when this returns on, nothing that comes below ``prefix`` is missed. Raises StoreError."""
        if not self._every_s:
            return
        async with self._lock:
            if prefix not in self._highest:
                highest: dict[str, str] = {}
                await self._workers.run(lambda: new_names(self._store, prefix, highest))
                self._highest[prefix] = highest
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        while self._hub.listeners and not self._hub.closed:
            await asyncio.sleep(self._every_s)
            async with self._lock:
                wanted = {listener.prefix for listener in self._hub.listeners}
                for prefix in list(self._highest):
                    if prefix not in wanted:
                        del self._highest[prefix]
                for prefix in wanted & set(self._highest):
                    with contextlib.suppress(MegaDeskError):  # it is looked at again soon
                        await self._look(prefix)

    async def _look(self, prefix: str) -> None:
        highest = self._highest[prefix]
        for name in await self._workers.run(lambda: new_names(self._store, prefix, highest)):
            self._hub.publish(name, polled=True)

    def close(self) -> None:
        if self._task is not None:
            self._task.cancel()


def new_names(store: Store, prefix: str, highest: dict[str, str]) -> list[str]:
    """Names below ``prefix`` that are greater than the highest known one of their folder; ``highest`` is brought up to
    date. Two listings a folder, however many objects lie there. Raises StoreError.

    For logs, which are one folder a device: of a folder that holds objects, the sub-folders are not looked at.
    """
    found: list[str] = []
    after = ""
    while True:
        info = next(iter(store.list(prefix, after)), None)
        if info is None:
            return found
        folder = info.name[: info.name.rfind("/") + 1]
        after = folder + _AFTER_ALL
        if info.name.startswith(OWN):
            continue
        for each in store.list(folder, highest.get(folder, "")):
            if "/" not in each.name[len(folder) :]:
                found.append(each.name)
                highest[folder] = each.name
