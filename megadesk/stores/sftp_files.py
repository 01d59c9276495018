"""The steps that an SFTP store is made of: folders, files, names. Coroutines, for the link's thread.

They raise what asyncssh raises, but for errors that only they can tell. Names are those of objects ("a/b"), of
temporary files, or of folders ("" is the store itself).
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import stat
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any, Final, Protocol

import asyncssh

from megadesk.errors import (
    AddressError,
    ObjectExistsError,
    StoreBusyError,
    StoreError,
    StoreFault,
    StoreProtocolError,
    StoreUnavailableError,
)
from megadesk.stores import folder_os
from megadesk.stores.api import ObjectInfo
from megadesk.stores.folder_root import MARKER
from megadesk.stores.sftp_errors import FOREIGN, LOST, NOT_THERE, convert, explained_by_file_system
from megadesk.stores.sftp_link import Channel, depth, together
from megadesk.stores.sftp_place import SftpPlace

_NEW: Final = asyncssh.FXF_WRITE | asyncssh.FXF_CREAT | asyncssh.FXF_EXCL
_TAKEN: Final = (asyncssh.SFTPFailure, asyncssh.SFTPFileAlreadyExists, asyncssh.SFTPPermissionDenied)
_MARKER_BYTES: Final = 32
_STALE_LOCK_S: Final = 60
_FOLDERS_AT_ONCE: Final = 16


class File(Protocol):
    """What is used of asyncssh's file, for bytes."""

    async def read(self, size: int, offset: int) -> bytes: ...
    async def write(self, data: bytes, offset: int) -> int: ...
    async def stat(self) -> asyncssh.SFTPAttrs: ...
    async def fsync(self) -> None: ...
    async def close(self) -> None: ...


def kind_of(attrs: asyncssh.SFTPAttrs) -> int:
    """S_IFREG, S_IFDIR, ... ; 0 when the server does not say."""
    return stat.S_IFMT(attrs.permissions or 0)


class Files:
    """What is known about one store's folder and server, and the steps. Belongs to the link's thread."""

    def __init__(self, place: SftpPlace) -> None:
        self._place = place
        self._marker: bytes | None = None
        self._overwrites = True
        self._syncs = True
        self._syncs_folders = True
        self.hard_links = True

    # --- the store's own folder

    async def open(self, channel: Channel, *, create: bool) -> None:
        """Look at the folder; with ``create`` make it, and those above it, and mark it."""
        if create:
            await self._make_root(channel)
        try:
            attrs = await channel.step(channel.client.stat(self._place.path))
        except NOT_THERE as error:
            raise self._no_root() from error
        if kind_of(attrs) != stat.S_IFDIR:
            raise AddressError("What the SFTP address names is not a folder.")
        self._marker = await self._read_marker(channel)
        if create:
            await self._mark(channel)

    async def _make_root(self, channel: Channel) -> None:
        path = self._place.path
        if path == b".":
            return
        parts = path.split(b"/")
        for count in range(1, len(parts) + 1):
            folder = b"/".join(parts[:count])
            if not folder:
                continue
            try:
                await channel.step(channel.client.stat(folder))
            except NOT_THERE:
                with contextlib.suppress(asyncssh.SFTPFailure, asyncssh.SFTPFileAlreadyExists):
                    await channel.step(channel.client.mkdir(folder))

    async def check_root(self, channel: Channel) -> None:
        """Raise StoreUnavailableError unless the folder is there and bears the marker that it had."""
        try:
            attrs = await channel.step(channel.client.stat(self._place.path))
        except NOT_THERE as error:
            raise self._no_root() from error
        if kind_of(attrs) != stat.S_IFDIR:
            raise self._no_root()
        if self._marker is not None and await self._read_marker(channel) != self._marker:
            raise StoreUnavailableError(
                "Another folder is in the place of the storage on the server.",
                remedy="Check that the server's disk is mounted, or open the locker again.",
            )

    def _no_root(self) -> StoreUnavailableError:
        return StoreUnavailableError(
            f"The storage folder is not there on {self._place.server}.",
            remedy="Check the path in the address, and that the server's disk is mounted.",
            fault=StoreFault.NO_PLACE,
        )

    async def _read_marker(self, channel: Channel) -> bytes | None:
        try:
            file = await self._open(channel, MARKER, asyncssh.FXF_READ)
        except (*NOT_THERE, asyncssh.SFTPFailure, asyncssh.SFTPPermissionDenied):
            return None
        content = await channel.step(file.read(_MARKER_BYTES, 0))
        await channel.step(file.close())
        return content if len(content) == _MARKER_BYTES else None

    async def _mark(self, channel: Channel) -> None:
        """Mark the folder as a store unless it is. Two at a time: the first one's mark stays where links are."""
        self._marker = self._marker or await self._read_marker(channel)
        if self._marker is not None:
            return
        temporary = folder_os.temporary_name()
        content = secrets.token_hex(_MARKER_BYTES // 2).encode()
        try:
            await self.write_new(channel, temporary, [memoryview(content)], len(content))
            await self.publish_new(channel, temporary, MARKER)
        except ObjectExistsError:
            await self.remove(channel, temporary)
        self._marker = await self._read_marker(channel)

    # --- writing

    async def write_new(self, channel: Channel, temporary: str, views: Sequence[memoryview], size_bytes: int) -> None:
        """A new file with this content, synced where the server can. Folders are made as needed."""
        file = await self._create(channel, temporary)
        blocks = _blocks(views, channel.write_bytes)

        async def send() -> None:
            for offset, block in blocks:
                await channel.step(file.write(block, offset))

        try:
            await together(*[send() for _ in range(depth(channel.write_bytes, size_bytes))])
        except BaseException:
            if not channel.dead:
                with contextlib.suppress(*FOREIGN):
                    await channel.step(file.close())
            raise
        # One round trip for both: a server handles the requests about one file in their order.
        synced, closed = await asyncio.gather(
            self._sync(channel, file), channel.step(file.close()), return_exceptions=True
        )
        for outcome in (synced, closed):
            if isinstance(outcome, BaseException):
                raise outcome

    async def _create(self, channel: Channel, name: str) -> File:
        for _ in range(3):
            try:
                return await self._open(channel, name, _NEW)
            except NOT_THERE:
                await self.check_root(channel)
                await self._make_folders(channel, name.rpartition("/")[0])
        raise StoreProtocolError("Something foreign is in the place of a folder of the storage.", object_name=name)

    async def _make_folders(self, channel: Channel, folder: str) -> None:
        parts = folder.split("/") if folder else []
        for count in range(1, len(parts) + 1):
            # Failure: it is there (or is a file; then opening what is in it says so).
            with contextlib.suppress(asyncssh.SFTPFailure, asyncssh.SFTPFileAlreadyExists):
                await channel.step(channel.client.mkdir(self._place.below("/".join(parts[:count]))))

    async def _sync(self, channel: Channel, file: File) -> None:
        if self._syncs:
            try:
                await channel.step(file.fsync())
            except asyncssh.SFTPOpUnsupported:
                self._syncs = False

    async def replace(self, channel: Channel, temporary: str, name: str) -> None:
        """Give the temporary file its name, in place of what bears it."""
        old, new = self._place.below(temporary), self._place.below(name)
        if self._overwrites:
            try:
                return await channel.step(channel.client.posix_rename(old, new))
            except asyncssh.SFTPOpUnsupported:
                self._overwrites = False
        # A server without the extension cannot do it in one step: for a moment there is none.
        try:
            await channel.step(channel.client.rename(old, new))
        except _TAKEN:
            if not await self._is_object(channel, name):
                raise
            await self.remove(channel, name)
            await channel.step(channel.client.rename(old, new))

    async def publish_new(self, channel: Channel, temporary: str, name: str) -> None:
        """Give the temporary file its name if that is free; ObjectExistsError if not (the file stays then)."""
        if self.hard_links:
            try:
                await channel.step(channel.client.link(self._place.below(temporary), self._place.below(name)))
            except asyncssh.SFTPOpUnsupported:
                self.hard_links = False
            except _TAKEN:
                await self._refuse_taken(channel, name)
                # Not taken: a file system without hard links says no more than this either.
                await self._publish_guarded(channel, temporary, name)
                self.hard_links = False
                return
            else:
                with contextlib.suppress(asyncssh.SFTPError):
                    await self.remove(channel, temporary)
                return
        await self._publish_guarded(channel, temporary, name)

    async def _publish_guarded(self, channel: Channel, temporary: str, name: str) -> None:
        folder, slash, last = name.rpartition("/")
        lock = f"{folder}{slash}{folder_os.TEMPORARY_START}{last}{folder_os.TEMPORARY_ENDS[1]}"
        try:
            file = await self._open(channel, lock, _NEW)
        except _TAKEN as error:
            await self._refuse_taken(channel, name)
            with contextlib.suppress(*NOT_THERE):
                held = await channel.step(channel.client.lstat(self._place.below(lock)))
                own = await channel.step(channel.client.lstat(self._place.below(temporary)))
                # Both times are the server's own clock. A live holder needs the lock for three requests.
                if (own.mtime or 0) - (held.mtime or 0) > _STALE_LOCK_S:
                    await self.remove(channel, lock)
                raise StoreBusyError(
                    f"The object {name} is being written by another process.", object_name=name, retry_after_s=0.1
                ) from error
            raise
        try:
            await channel.step(file.close())
            await self._refuse_taken(channel, name)
            # The plain rename: OpenSSH and many others refuse it when the name is taken.
            await channel.step(channel.client.rename(self._place.below(temporary), self._place.below(name)))
        finally:
            if not channel.dead:
                with contextlib.suppress(*FOREIGN):
                    await self.remove(channel, lock)

    async def _refuse_taken(self, channel: Channel, name: str) -> None:
        try:
            attrs = await channel.step(channel.client.lstat(self._place.below(name)))
        except NOT_THERE:
            return
        if kind_of(attrs) == stat.S_IFDIR:
            raise StoreProtocolError(f"A folder is in the place of the object {name}.", object_name=name)
        raise ObjectExistsError(f"The object {name} exists already.", object_name=name)

    async def why_not_written(self, channel: Channel, error: BaseException, name: str, size_bytes: int) -> StoreError:
        """The typed error for a failed put; where the server gives no reason, its file system may."""
        if isinstance(error, LOST):
            channel.dead = True
        elif isinstance(error, asyncssh.SFTPFailure):
            with contextlib.suppress(*FOREIGN):
                vfs = await channel.step(channel.client.statvfs(self._place.path))
                explained = explained_by_file_system(vfs, name, size_bytes)
                if explained is not None:
                    return explained
                if await self.is_folder(channel, name):
                    return StoreProtocolError(f"A folder is in the place of the object {name}.", object_name=name)
        elif isinstance(error, NOT_THERE):
            await self.check_root(channel)
            return StoreUnavailableError(
                f"The object {name} vanished from the storage while it was written.", object_name=name
            )
        return convert(error, name, writing=True)

    async def remove(self, channel: Channel, name: str) -> None:
        await channel.step(channel.client.remove(self._place.below(name)))

    async def is_folder(self, channel: Channel, name: str) -> bool:
        return await self._kind(channel, name) == stat.S_IFDIR

    async def _is_object(self, channel: Channel, name: str) -> bool:
        return await self._kind(channel, name) == stat.S_IFREG

    async def _kind(self, channel: Channel, name: str) -> int:
        try:
            return kind_of(await channel.step(channel.client.lstat(self._place.below(name))))
        except NOT_THERE:
            return 0

    async def sync_folders(self, channel: Channel, folders: Sequence[str]) -> None:
        """Make the names in these folders durable, as far as the server can. Folders that are gone are left out."""
        todo = iter(folders)

        async def sync() -> None:
            for folder in todo:
                if not (self._syncs and self._syncs_folders):
                    return
                await self._sync_folder(channel, folder)

        await together(*[sync() for _ in range(min(_FOLDERS_AT_ONCE, len(folders)))])
        if not self._syncs:
            await self.check_root(channel)

    async def _sync_folder(self, channel: Channel, folder: str) -> None:
        try:
            file = await self._open(channel, folder, asyncssh.FXF_READ)
        except NOT_THERE:
            return await self.check_root(channel)
        except (asyncssh.SFTPFailure, asyncssh.SFTPPermissionDenied, asyncssh.SFTPOpUnsupported):
            self._syncs_folders = False  # only POSIX systems open folders as files
            return None
        try:
            await self._sync(channel, file)
        finally:
            if not channel.dead:
                await channel.step(file.close())

    # --- reading

    async def open_object(self, channel: Channel, name: str) -> tuple[File, ObjectInfo]:
        """The object, open, and its size. SFTPNoSuchFile for what is not a file."""
        try:
            file = await self._open(channel, name, asyncssh.FXF_READ)
        except asyncssh.SFTPFailure as error:
            if not await self.is_folder(channel, name):
                raise
            raise asyncssh.SFTPNoSuchFile("It is a folder") from error
        attrs = await channel.step(file.stat())
        if kind_of(attrs) != stat.S_IFREG:
            await channel.step(file.close())
            raise asyncssh.SFTPNoSuchFile("It is not a file")
        return file, ObjectInfo(name, attrs.size or 0)

    async def read(
        self, channel: Channel, file: File, name: str, offset: int, count: int, take: Callable[[int, bytes], None]
    ) -> None:
        """Hand ``count`` bytes from ``offset`` on to ``take(position, data)``, in any order."""
        step = channel.read_bytes
        spans = iter([(at, min(step, offset + count - at)) for at in range(offset, offset + count, step)])

        async def fetch() -> None:
            for position, left in spans:
                at = position
                while at < position + left:
                    data = await channel.step(file.read(position + left - at, at))
                    if not data or len(data) > position + left - at:
                        raise StoreProtocolError(f"The object {name} ended early.", object_name=name)
                    take(at, data)
                    at += len(data)

        await together(*[fetch() for _ in range(depth(step, count))])

    async def entries(self, channel: Channel, folder: str) -> AsyncIterator[tuple[str, asyncssh.SFTPAttrs]]:
        """Names (those that are ASCII) and attributes of what is in a folder, not followed, in any order."""
        with channel.working():
            async for entry in channel.client.scandir(self._place.below(folder)):
                channel.moved()
                raw = entry.filename
                if isinstance(raw, bytes) and raw.isascii() and raw not in (b".", b".."):
                    name = raw.decode("ascii")
                    attrs = entry.attrs
                    if attrs.permissions is None or attrs.size is None:
                        attrs = await channel.client.lstat(self._place.below(f"{folder}/{name}" if folder else name))
                    yield name, attrs

    async def free_bytes(self, channel: Channel) -> int | None:
        try:
            vfs = await channel.step(channel.client.statvfs(self._place.path))
        except asyncssh.SFTPOpUnsupported:
            return None
        except NOT_THERE as error:
            raise self._no_root() from error
        return vfs.bavail * vfs.frsize

    async def _open(self, channel: Channel, name: str, flags: int) -> File:
        opening: Any = channel.client.open(self._place.below(name), flags, encoding=None, block_size=0)
        file: File = await channel.step(opening)
        return file


def _blocks(views: Sequence[memoryview], block_bytes: int) -> Iterator[tuple[int, bytes]]:
    """The content in blocks of this size (the last one is smaller), with their offsets."""
    offset = 0
    parts: list[memoryview] = []
    room = block_bytes
    for view in views:
        at = 0
        while at < view.nbytes:
            part = view[at : at + room]
            parts.append(part)
            at += part.nbytes
            room -= part.nbytes
            if not room:
                yield offset, b"".join(parts)
                offset += block_bytes
                parts, room = [], block_bytes
    if parts:
        yield offset, b"".join(parts)
