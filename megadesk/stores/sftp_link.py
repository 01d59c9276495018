"""The connection behind an SFTP store: one SSH connection with a few channels, in a thread of its own.

asyncssh runs in an event loop; the store's callers are plain threads. `Link.start` hands a coroutine over and gives
something to wait on. A connection that is lost is made anew by the next call, never in the middle of one.

Several channels, because a server handles the requests of a channel one after another: while it syncs one object,
others go on. A server that allows only one is used with one.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from typing import Any, Final, Generic, TypeVar

import asyncssh

from megadesk.errors import StoreProtocolError, StoreUnavailableError
from megadesk.stores.sftp_errors import FOREIGN, LOST, reason
from megadesk.stores.sftp_hosts import Visit, connect
from megadesk.stores.sftp_place import SftpCredentials, SftpPlace

_T = TypeVar("_T")
CHANNELS: Final = 4
STALL_S: Final = 180.0
_IN_FLIGHT: Final = 4 << 20
_MIN_BLOCK: Final = 32 << 10  # what every server takes (draft-ietf-secsh-filexfer-02, section 3)
_MAX_BLOCK: Final = 255 << 10  # OpenSSH hangs up at 256 KiB


class Channel:
    """One SFTP session. Belongs to the link's thread."""

    def __init__(self, client: asyncssh.SFTPClient) -> None:
        self.client = client
        self.users = 0
        self.dead = False
        self.read_bytes = _block(client.limits.max_read_len)
        self.write_bytes = _block(client.limits.max_write_len)
        self._waiting = 0
        self._moved_s = 0.0

    async def step(self, request: Awaitable[_T]) -> _T:
        """Await one request, watched: a channel on which nothing moves for STALL_S counts as lost."""
        with self.working():
            return await request

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """As `step`, for several requests; each that came through is told by `moved`."""
        if not self._waiting:
            self.moved()
        self._waiting += 1
        try:
            yield
        except LOST:
            self.dead = True
            raise
        finally:
            self._waiting -= 1
            self.moved()

    def moved(self) -> None:
        self._moved_s = asyncio.get_running_loop().time()

    def stalled(self) -> bool:
        return bool(self._waiting) and asyncio.get_running_loop().time() - self._moved_s > STALL_S


def depth(block_bytes: int, size_bytes: int) -> int:
    """How many requests of ``block_bytes`` to keep on their way for ``size_bytes``."""
    return max(1, min(_IN_FLIGHT // block_bytes, math.ceil(size_bytes / block_bytes)))


async def together(*actions: Coroutine[Any, Any, None]) -> None:
    """Run all at once; the first error ends the others and is raised."""
    if len(actions) == 1:
        return await actions[0]
    try:
        async with asyncio.TaskGroup() as group:
            for action in actions:
                group.create_task(action)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None


class Running(Generic[_T]):
    """A coroutine that was handed to the link."""

    def __init__(self) -> None:
        self.task: asyncio.Task[_T] | None = None
        self.done = threading.Event()

    def finished(self, task: asyncio.Task[_T]) -> None:
        if not task.cancelled():
            task.exception()  # an answer that nobody fetches (a listing given up) is no news
        self.done.set()


class Link:
    """Thread-safe: `start`, `wait`, `run`, `close`. The rest belongs to the link's thread."""

    def __init__(self, place: SftpPlace, credentials: SftpCredentials) -> None:
        self._place = place
        self._credentials = credentials
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self._connection: asyncssh.SSHClientConnection | None = None
        self._visit: Visit | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._opening = asyncio.Lock()
        self._channels: list[Channel] = []
        self._most_channels = CHANNELS
        self._background: set[asyncio.Future[None]] = set()
        self.number = 0
        """Counts the connections, so that it can be told whether a later call had another one."""

    # --- any thread

    def run(self, work: Callable[[], Coroutine[Any, Any, _T]]) -> _T:
        return self.wait(self.start(work))

    def start(self, work: Callable[[], Coroutine[Any, Any, _T]]) -> Running[_T]:
        """Let ``work()`` run in the link's thread."""
        running: Running[_T] = Running()
        with self._lock:
            if self._closed:
                raise StoreUnavailableError("The storage was closed.")
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=_serve, args=(self._loop,), name="sftp", daemon=True)
                self._thread.start()
            loop = self._loop

            def begin() -> None:
                running.task = loop.create_task(work())
                running.task.add_done_callback(running.finished)

            loop.call_soon_threadsafe(begin)
        return running

    def wait(self, running: Running[_T]) -> _T:
        """What the coroutine gives or raises. When the waiting is interrupted, the coroutine is ended first."""
        try:
            running.done.wait()
        except BaseException:
            if self._loop is not None and not running.done.is_set():
                self._loop.call_soon_threadsafe(lambda: running.task and running.task.cancel())
                running.done.wait(10)
            raise
        assert running.task is not None
        try:
            return running.task.result()
        except asyncio.CancelledError:
            raise StoreUnavailableError("The storage was closed.") from None

    def close(self) -> None:
        """End the connection and the thread; calls under way fail."""
        with self._lock:
            self._closed = True
            loop, thread = self._loop, self._thread
            if loop is not None and not loop.is_closed():
                loop.call_soon_threadsafe(lambda: loop.create_task(self._hang_up()))
        if thread is not None:
            thread.join(10)

    # --- the link's thread

    @contextlib.asynccontextmanager
    async def channel(self) -> AsyncIterator[Channel]:
        """The channel with the least to do; a new one when all are busy. Raises what `connect` raises."""
        channel = await self._idle_channel()
        channel.users += 1
        try:
            yield channel
        finally:
            channel.users -= 1

    def aside(self, action: Coroutine[Any, Any, None]) -> None:
        """Let something run whose end and failure nobody needs to know (closing a file that was read)."""

        async def quietly() -> None:
            with contextlib.suppress(*FOREIGN):
                await action

        task = asyncio.ensure_future(quietly())
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _idle_channel(self) -> Channel:
        await self._connected()
        self._channels = [channel for channel in self._channels if not channel.dead]
        if not self._channels or (
            len(self._channels) < self._most_channels and all(channel.users for channel in self._channels)
        ):
            async with self._opening:
                await self._open_channel()
        return min(self._channels, key=lambda channel: channel.users)

    async def _open_channel(self) -> None:
        """Unless another call has just done so."""
        free = [channel for channel in self._channels if not channel.dead and not channel.users]
        if free or len(self._channels) >= self._most_channels:
            return
        assert self._connection is not None
        try:
            client = await asyncio.wait_for(self._connection.start_sftp_client(path_encoding=None), STALL_S)
        except FOREIGN as error:
            if self._channels:
                self._most_channels = len(self._channels)
                return
            if isinstance(error, LOST) or self._visit is None or self._visit.lost:
                raise StoreUnavailableError(
                    f"The server {self._place.server} ended the connection ({reason(error)})."
                ) from error
            raise StoreProtocolError(
                f"The server {self._place.server} offers no SFTP ({reason(error)}).",
                remedy="Ask who runs it to turn on the sftp subsystem.",
            ) from error
        self._channels.append(Channel(client))

    async def _connected(self) -> None:
        """One try at a time: who comes while it goes on gets its outcome, who comes later makes another."""
        if self._visit is not None and not self._visit.lost:
            return
        if self._connecting is None or self._connecting.done():
            self._connecting = asyncio.ensure_future(self._connect())
        await asyncio.shield(self._connecting)

    async def _connect(self) -> None:
        self._channels, self._most_channels = [], CHANNELS
        if self._connection is not None:
            self._connection.abort()
        self._connection, self._visit = await connect(self._place, self._credentials)
        self.number += 1
        self.aside(self._watch(self._connection, self._visit))

    async def _watch(self, connection: asyncssh.SSHClientConnection, visit: Visit) -> None:
        while not visit.lost:
            await asyncio.sleep(STALL_S / 10)
            if any(channel.stalled() for channel in self._channels):
                connection.abort()

    async def _hang_up(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            if self._connection is not None:
                self._connection.close()
                with contextlib.suppress(TimeoutError, *FOREIGN):
                    await asyncio.wait_for(self._connection.wait_closed(), 2)
                self._connection.abort()
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
        finally:
            loop.stop()


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()


def _block(limit: int) -> int:
    return max(_MIN_BLOCK, min(_MAX_BLOCK, limit))
