"""A store in a folder that is reached over SFTP: any account with SSH.

Layout and marker are those of the folder store, so one folder can be used through both.

put: hidden temporary file in the object's own folder, fsync@openssh.com where offered, then one step gives it its
name: posix-rename@openssh.com, or for create-only hardlink@openssh.com, which fails if the name is taken. Where there
are no hard links, a lock file made with O_EXCL guards look-then-rename: exclusive among MegaDesk processes only, and
``properties.atomic_create`` turns False. `flush` syncs the folders, which OpenSSH allows like files. Where a server
offers no fsync, durability is what the server makes of it.

When the connection breaks, the call fails with StoreUnavailableError and the next one connects anew. Temporary files
that stay behind are removed by a later `flush`: one's own at once, those of others when they are a day old.

The protocol is draft-ietf-secsh-filexfer-02 (version 3) with the extensions of OpenSSH's PROTOCOL, section 4.
"""

from __future__ import annotations

import collections
import contextlib
import functools
import stat
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any, Final, TypeAlias, TypeVar

import asyncssh

from megadesk.errors import InputError, ObjectNotFoundError, StoreError
from megadesk.stores import folder_os
from megadesk.stores.api import (
    Data,
    ObjectInfo,
    Store,
    StoreProperties,
    as_views,
    check_name,
    check_prefix,
    check_range,
    is_name,
)
from megadesk.stores.folder_os import Entry
from megadesk.stores.sftp_errors import FOREIGN, NOT_THERE, convert
from megadesk.stores.sftp_files import Files, kind_of
from megadesk.stores.sftp_link import Channel, Link, Running
from megadesk.stores.sftp_place import SftpCredentials, SftpPlace

_T = TypeVar("_T")
_Entries: TypeAlias = list[Entry]
_Names: TypeAlias = list[str]
_MAX_OBJECT: Final = (1 << 32) - 1
_STALE_TEMPORARY_S: Final = 86400.0
_LISTED_AHEAD: Final = 8


class SftpStore(Store):
    """Objects as files on a server. See the module and `Store`."""

    def __init__(self, place: SftpPlace, credentials: SftpCredentials | None = None, *, create: bool = False) -> None:
        """Connect, and look that the folder is there; with ``create`` make and mark it if it is not.

        Raises AddressError (not a folder), StoreUnavailableError, StoreReadOnlyError, and what
        `sftp_hosts.connect` raises. The credentials stay in memory.
        """
        self._place = place
        self._link = Link(place, credentials or SftpCredentials())
        self._files = Files(place)
        self._lock = threading.Lock()
        self._flush_lock = threading.Lock()
        self._dirty: dict[str, tuple[int, int] | None] = {}
        self._stale: set[str] = set()
        try:
            self._call(lambda channel: self._files.open(channel, create=create), writing=create)
        except BaseException:
            self._link.close()
            raise

    @property
    def properties(self) -> StoreProperties:
        return StoreProperties(
            kind="sftp",
            address=self._place.address,
            atomic_create=self._files.hard_links,
            durable_put=False,
            max_object_bytes=_MAX_OBJECT,
            range_get=True,
        )

    def put(self, name: str, data: Data, *, create_only: bool = False) -> None:
        check_name(name)
        views = as_views(data)
        size_bytes = sum(view.nbytes for view in views)
        try:
            if size_bytes > _MAX_OBJECT:
                raise InputError(f"The object {name} is larger than an SFTP store takes.")
            self._call(lambda channel: self._put(channel, name, views, size_bytes, create_only), name, writing=True)
        finally:
            for view in views:
                view.release()

    async def _put(
        self, channel: Channel, name: str, views: Sequence[memoryview], size_bytes: int, create_only: bool
    ) -> None:
        connection = self._link.number
        folder = name.rpartition("/")[0]
        temporary = f"{folder}/{folder_os.temporary_name()}" if folder else folder_os.temporary_name()
        try:
            try:
                await self._files.write_new(channel, temporary, views, size_bytes)
                if create_only:
                    await self._files.publish_new(channel, temporary, name)
                else:
                    await self._files.replace(channel, temporary, name)
            except FOREIGN as error:
                # Before the temporary file goes: after that there may be room again.
                raise await self._files.why_not_written(channel, error, name, size_bytes) from error
        except BaseException:
            self._stale.add(temporary)
            if not channel.dead:
                with contextlib.suppress(*FOREIGN):
                    await self._files.remove(channel, temporary)
                    self._stale.discard(temporary)
            raise
        with self._lock:
            self._dirty[name] = (size_bytes, connection)

    def get(self, name: str, *, offset: int = 0, length: int | None = None, max_bytes: int | None = None) -> bytes:
        check_name(name)
        parts: dict[int, bytes] = {}

        def size(info: ObjectInfo) -> int:
            return check_range(info, offset, length, max_bytes)

        self._call(lambda channel: self._read(channel, name, offset, size, parts.__setitem__), name)
        return b"".join(parts[position] for position in sorted(parts))

    def get_into(self, name: str, buffer: memoryview, offset: int = 0) -> None:
        check_name(name)
        with buffer.cast("B") as view:

            def size(info: ObjectInfo) -> int:
                return check_range(info, offset, view.nbytes, None)

            def take(position: int, data: bytes) -> None:
                view[position - offset : position - offset + len(data)] = data

            self._call(lambda channel: self._read(channel, name, offset, size, take), name)

    async def _read(
        self,
        channel: Channel,
        name: str,
        offset: int,
        size: Callable[[ObjectInfo], int],
        take: Callable[[int, bytes], None],
    ) -> None:
        try:
            file, info = await self._files.open_object(channel, name)
        except NOT_THERE as error:
            await self._files.check_root(channel)
            raise _not_found(name) from error
        try:
            await self._files.read(channel, file, name, offset, size(info), take)
        finally:
            if not channel.dead:
                self._link.aside(file.close())

    def stat(self, name: str) -> ObjectInfo:
        check_name(name)
        return self._call(lambda channel: self._stat(channel, name), name)

    async def _stat(self, channel: Channel, name: str) -> ObjectInfo:
        try:
            attrs = await channel.step(channel.client.lstat(self._place.below(name)))
        except NOT_THERE as error:
            await self._files.check_root(channel)
            raise _not_found(name) from error
        if kind_of(attrs) != stat.S_IFREG:
            raise _not_found(name)
        return ObjectInfo(name, attrs.size or 0)

    def list(self, prefix: str = "", start_after: str = "") -> Iterator[ObjectInfo]:
        return self._walk(check_prefix(prefix)[:-1], start_after, None)

    def _walk(self, folder: str, start_after: str, scan: Running[_Entries] | None) -> Iterator[ObjectInfo]:
        """Depth first; the next few folders are read ahead, since each costs several round trips."""
        start = f"{folder}/" if folder else ""
        entries = self._link.wait(scan or self._scan_soon(folder, start_after))
        later = iter([start + name for name, size_bytes in entries if size_bytes is None])
        ahead: collections.deque[Running[_Entries]] = collections.deque()
        for name, size_bytes in entries:
            if size_bytes is not None:
                yield ObjectInfo(start + name, size_bytes)
                continue
            while len(ahead) < _LISTED_AHEAD and (inner := next(later, None)) is not None:
                ahead.append(self._scan_soon(inner, start_after))
            yield from self._walk(start + name, start_after, ahead.popleft())

    def _scan_soon(self, folder: str, start_after: str) -> Running[_Entries]:
        return self._start(lambda channel: self._scan(channel, folder, start_after))

    async def _scan(self, channel: Channel, folder: str, start_after: str) -> _Entries:
        """The objects and folders of one folder that a listing still needs, in the order of the objects' names."""
        start = f"{folder}/" if folder else ""
        before = time.time() - _STALE_TEMPORARY_S
        found: _Entries = []
        try:
            async for name, attrs in self._files.entries(channel, folder):
                kind = kind_of(attrs)
                if _is_temporary(name) and kind == stat.S_IFREG and (attrs.mtime or before) < before:
                    self._stale.add(start + name)
                if not is_name(start + name) or kind not in (stat.S_IFREG, stat.S_IFDIR):
                    continue
                # Of all names in a folder, only those in the folder that start_after itself lies in may be on either
                # side. "a/x" sorts after "a-b" and "a.b", so a folder is compared with its slash.
                whole = f"{start}{name}/" if kind == stat.S_IFDIR else start + name
                if whole > start_after or (kind == stat.S_IFDIR and start_after.startswith(whole)):
                    found.append(Entry(name, None if kind == stat.S_IFDIR else attrs.size or 0))
        except NOT_THERE:
            found = []
        if not found:
            # A folder that was unmounted or replaced on the server reads as empty: that is no listing.
            await self._files.check_root(channel)
        return sorted(found, key=lambda entry: entry.name + "/" if entry.size_bytes is None else entry.name)

    def delete(self, name: str) -> None:
        check_name(name)
        self._call(lambda channel: self._delete(channel, name), name, writing=True)
        with self._lock:
            self._dirty[name] = None

    async def _delete(self, channel: Channel, name: str) -> None:
        try:
            await self._files.remove(channel, name)
        except NOT_THERE:
            await self._files.check_root(channel)
        except asyncssh.SFTPError:
            if not await self._files.is_folder(channel, name):
                raise

    def flush(self) -> None:
        # One at a time: a second caller's puts may be among those that the first is still syncing.
        with self._flush_lock:
            with self._lock:
                dirty, self._dirty = self._dirty, {}
            try:
                lost = self._call(lambda channel: self._sync(channel, dirty), writing=True) if dirty else ""
            except BaseException:
                with self._lock:
                    self._dirty = {**dirty, **self._dirty}
                raise
        if lost:
            raise StoreError(
                f"The server lost the object {lost} that it had taken already.",
                object_name=lost,
                remedy="Open the locker again; what was being written is then written anew.",
            )
        if self._stale:
            with contextlib.suppress(StoreError):
                self._call(self._remove_stale)

    async def _sync(self, channel: Channel, dirty: dict[str, tuple[int, int] | None]) -> str:
        """Sync the folders of these objects and all above, since another process may have made those. What was put
        over an earlier connection is looked at: the server may have been restarted. Gives one that is gone."""
        folders = {parent for name in dirty for parent in _parents(name)}
        await self._files.sync_folders(channel, sorted(folders))
        for name, put in dirty.items():
            if put is None or put[1] == self._link.number:
                continue
            try:
                there = (await self._stat(channel, name)).size_bytes == put[0]
            except ObjectNotFoundError:
                there = False
            if not there:
                return name
        return ""

    async def _remove_stale(self, channel: Channel) -> None:
        for name in tuple(self._stale):
            with contextlib.suppress(asyncssh.SFTPError):
                await self._files.remove(channel, name)
            self._stale.discard(name)

    def free_bytes(self) -> int | None:
        return self._call(self._files.free_bytes)

    def sweep(self, *, older_than_s: float = _STALE_TEMPORARY_S, now: Callable[[], float] = time.time) -> int:
        """Remove temporary and lock files that crashed processes left, if older than this. Gives how many.

        Never touches a file of any other name. A day leaves room for clocks that disagree.
        """
        before = now() - older_than_s
        todo = [""]
        count = 0
        while todo:
            folders, removed = self._call(
                functools.partial(self._sweep_in, folder=todo.pop(), before=before), writing=True
            )
            todo += folders
            count += removed
        return count

    async def _sweep_in(self, channel: Channel, folder: str, before: float) -> tuple[_Names, int]:
        start = f"{folder}/" if folder else ""
        folders: _Names = []
        old: _Names = []
        with contextlib.suppress(*NOT_THERE):
            async for name, attrs in self._files.entries(channel, folder):
                kind = kind_of(attrs)
                if kind == stat.S_IFDIR and is_name(start + name):
                    folders.append(start + name)
                elif kind == stat.S_IFREG and _is_temporary(name) and (attrs.mtime or before) < before:
                    old.append(start + name)
        for name in old:
            with contextlib.suppress(*NOT_THERE):
                await self._files.remove(channel, name)
        return folders, len(old)

    def close(self) -> None:
        self._link.close()

    # --- to the link's thread and back

    def _call(
        self, action: Callable[[Channel], Coroutine[Any, Any, _T]], name: str = "", *, writing: bool = False
    ) -> _T:
        return self._link.wait(self._start(action, name, writing=writing))

    def _start(
        self, action: Callable[[Channel], Coroutine[Any, Any, _T]], name: str = "", *, writing: bool = False
    ) -> Running[_T]:
        async def act() -> _T:
            async with self._link.channel() as channel:
                try:
                    return await action(channel)
                except FOREIGN as error:
                    raise convert(error, name, writing=writing) from error

        return self._link.start(act)


def _is_temporary(name: str) -> bool:
    return name.startswith(folder_os.TEMPORARY_START) and name.endswith(folder_os.TEMPORARY_ENDS)


def _parents(name: str) -> Iterator[str]:
    while name:
        name = name.rpartition("/")[0]
        yield name


def _not_found(name: str) -> ObjectNotFoundError:
    return ObjectNotFoundError(f"The object {name} is not in the storage.", object_name=name)
