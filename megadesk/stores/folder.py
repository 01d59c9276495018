"""A store in a folder: a local disk, a USB drive, a network mount, a folder that some sync client carries away.

Layout: an object's name is its path below the folder. Names that start with a dot are never objects (the store's own
marker, see folder_root, and temporary files bear such).

put: hidden temporary file in the object's own folder, fdatasync, then one atomic step gives it its name; `flush`
then syncs the folders. Create-only uses a hard link, which fails if the name is taken. Where there are no
hard links (FAT, some network mounts), a lock file guards look-then-rename: exclusive among MegaDesk processes only, and
``properties.atomic_create`` turns False.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from megadesk.errors import (
    InputError,
    ObjectExistsError,
    ObjectNotFoundError,
    StoreBusyError,
    StoreError,
    StoreProtocolError,
)
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
from megadesk.stores.folder_handles import FolderReadHandle, FolderWriteHandle
from megadesk.stores.folder_os import Directory, Entry, regular
from megadesk.stores.folder_root import StoreRoot, create_root
from megadesk.stores.handles import ReadHandle, WriteHandle

_MAX_OBJECT: Final = (1 << 32) - 1
_STALE_LOCK_S: Final = 60.0
_STALE_TEMPORARY_S: Final = 86400.0


class FolderStore(Store):
    """Objects as files in a folder. See the module and `Store`."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Open a folder that exists; nothing is written. Relative paths are taken from the working directory, once.

        Raises StoreUnavailableError when the folder is not there, AddressError when it is not a folder.
        """
        self._root = StoreRoot(path, self._left)
        self._lock = threading.Lock()
        self._flush_lock = threading.Lock()
        self._publish_lock = threading.Lock()
        self._dirty: set[str] = set()
        self._syncing: set[str] = set()
        self._unflushed: dict[str, int] = {}  # objects put since the last flush, with their sizes
        self._lost = False  # a sync failed: nothing can be said of what was put before
        self._was_away = False  # the drive was: what was put before is there, or it is not
        self._hard_links = True
        self._direct = True

    @classmethod
    def create(cls, path: str | os.PathLike[str]) -> FolderStore:
        """Make the folder (and those above it) if it is not there, mark it as a store, and open it.

        A folder that exists keeps what it holds. Raises AddressError (not a folder), StoreReadOnlyError,
        StoreFullError, StoreUnavailableError.
        """
        create_root(path)
        return cls(path)

    @property
    def path(self) -> str:
        """The folder, absolute; bytes that are not UTF-8 as surrogate escapes."""
        return self._root.path

    @property
    def properties(self) -> StoreProperties:
        return StoreProperties(
            kind="folder",
            address=self._root.address,
            atomic_create=self._hard_links,
            durable_put=False,
            max_object_bytes=_MAX_OBJECT,
            range_get=True,
        )

    def put(self, name: str, data: Data, *, create_only: bool = False) -> None:
        folder = check_name(name).rpartition("/")[0]
        views = as_views(data)
        size_bytes = sum(view.nbytes for view in views)
        try:
            if size_bytes > _MAX_OBJECT:
                raise InputError(f"The object {name} is larger than a folder store takes.")
            with self._converting(name, writing=True), self._folder(folder, create=True) as directory:
                self._put_in(directory, name, views, create_only)
        finally:
            for view in views:
                view.release()
        self._was_put(name, size_bytes)

    def _was_put(self, name: str, size_bytes: int) -> None:
        with self._lock:
            self._dirty.add(name.rpartition("/")[0])
            self._unflushed[name] = size_bytes

    def _put_in(self, directory: Directory, name: str, views: Sequence[memoryview], create_only: bool) -> None:
        temporary = folder_os.temporary_name()
        direct = self._direct and folder_os.can_be_direct(views)
        try:
            if not folder_os.write_new(directory, temporary, views, direct=direct) and direct:
                self._direct = False
            self._publish(directory, temporary, name, create_only)
        except BaseException:
            directory.remove_quietly(temporary)
            raise

    def _publish(self, directory: Directory, temporary: str, name: str, create_only: bool) -> None:
        last = name.rpartition("/")[2]
        if not create_only:
            directory.replace(temporary, last)
            return
        try:
            self._publish_new(directory, temporary, last)
        except FileExistsError as error:
            raise ObjectExistsError(f"The object {name} exists already.", object_name=name) from error

    def _publish_new(self, directory: Directory, temporary: str, last: str) -> None:
        """Give the temporary file its name if that is free; FileExistsError if not."""
        if os.name == "nt":
            directory.rename_new(temporary, last)
            return
        if self._hard_links:
            try:
                directory.link(temporary, last)
            except FileExistsError:
                # A network file system that sends a request twice reports its own success as a collision.
                if not os.path.samestat(directory.lstat(temporary), directory.lstat(last)):
                    raise
            except OSError as error:
                if error.errno not in folder_os.NO_LINKS:
                    raise
                self._publish_guarded(directory, temporary, last)
                self._hard_links = False
                return
            directory.remove_quietly(temporary)
            return
        self._publish_guarded(directory, temporary, last)

    def _publish_guarded(self, directory: Directory, temporary: str, last: str) -> None:
        lock = f"{folder_os.TEMPORARY_START}{last}{folder_os.TEMPORARY_ENDS[1]}"
        with self._publish_lock:
            try:
                os.close(directory.open(lock, folder_os.NEW))
            except FileExistsError as error:
                # Both times are the file system's own clock. A live holder needs the lock for two system calls.
                with contextlib.suppress(FileNotFoundError):
                    age_s = directory.lstat(temporary).st_mtime - directory.lstat(lock).st_mtime
                    if age_s > _STALE_LOCK_S:
                        directory.remove(lock)
                raise StoreBusyError(
                    f"The object {last} is being written by another process.", object_name=last, retry_after_s=0.1
                ) from error
            try:
                with contextlib.suppress(FileNotFoundError):
                    directory.lstat(last)
                    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), last)
                directory.replace(temporary, last)
            finally:
                directory.remove_quietly(lock)

    def get(self, name: str, *, offset: int = 0, length: int | None = None, max_bytes: int | None = None) -> bytes:
        with self._object(name) as (descriptor, info):
            count = check_range(info, offset, length, max_bytes)
            content = folder_os.read_at(descriptor, count, offset)
        if len(content) != count:
            raise _ended_early(name)
        return content

    def get_into(self, name: str, buffer: memoryview, offset: int = 0) -> None:
        with self._object(name) as (descriptor, info), buffer.cast("B") as view:
            count = check_range(info, offset, view.nbytes, None)
            if folder_os.read_into(descriptor, view, offset) != count:
                raise _ended_early(name)
            folder_os.let_go(descriptor, offset, count)

    def open_read(self, name: str) -> ReadHandle:
        with self._finding(name):
            descriptor, size_bytes = self._open_object(name)
        return FolderReadHandle(name, descriptor, size_bytes, lambda: self._converting(name))

    def open_write(self, name: str, size_bytes: int) -> WriteHandle:
        folder = check_name(name).rpartition("/")[0]
        if size_bytes > _MAX_OBJECT:
            raise InputError(f"The object {name} is larger than a folder store takes.")

        def publish(directory: Directory, temporary: str, create_only: bool) -> None:
            # The store may have gone since the folder was opened: then nothing may be written to what is left of it.
            self._root.check()
            self._publish(directory, temporary, name, create_only)
            self._was_put(name, size_bytes)

        with self._converting(name, writing=True):
            directory = self._open_folder(folder, create=True)
        return FolderWriteHandle(name, size_bytes, directory, lambda: self._converting(name, writing=True), publish)

    def stat(self, name: str) -> ObjectInfo:
        folder, _, last = check_name(name).rpartition("/")
        with self._finding(name), self._folder(folder) as directory:
            return ObjectInfo(name, regular(directory.lstat(last)).st_size)

    def list(self, prefix: str = "", start_after: str = "") -> Iterator[ObjectInfo]:
        return self._walk(check_prefix(prefix)[:-1], start_after)

    def _walk(self, folder: str, start_after: str) -> Iterator[ObjectInfo]:
        start = f"{folder}/" if folder else ""
        for name, size_bytes in self._scan(folder, start_after):
            if size_bytes is None:
                yield from self._walk(start + name, start_after)
            else:
                yield ObjectInfo(start + name, size_bytes)

    def _scan(self, folder: str, start_after: str) -> Sequence[Entry]:
        """The objects and folders of one folder that a listing still needs, in the order of the objects' names."""
        start = f"{folder}/" if folder else ""

        def wanted(name: str, is_folder: bool) -> bool:
            if not is_name(start + name):
                return False
            # Of all names in a folder, only those in the folder that start_after itself lies in may be on either side.
            whole = f"{start}{name}/" if is_folder else start + name
            return whole > start_after or (is_folder and start_after.startswith(whole))

        with self._converting(""):
            try:
                with self._folder(folder) as directory:
                    found = [*directory.entries(wanted)]
            except OSError as error:
                if error.errno not in folder_os.NOT_THERE:
                    raise
                found = []
            # A folder that was deleted or unmounted under our hands reads as empty: that is no listing.
            self._root.check()
        # "a/x" sorts after "a-b" and "a.b", so a folder is compared with its slash.
        return sorted(found, key=lambda entry: entry.name + "/" if entry.size_bytes is None else entry.name)

    def delete(self, name: str) -> None:
        folder, _, last = check_name(name).rpartition("/")
        with self._converting(name, writing=True):
            try:
                with self._folder(folder) as directory:
                    if stat.S_ISDIR(directory.lstat(last).st_mode):
                        return
                    directory.remove(last)
            except OSError as error:
                if error.errno not in folder_os.NOT_THERE:
                    raise
                self._root.check()
                return
        with self._lock:
            self._dirty.add(folder)
            self._unflushed.pop(name, None)

    def flush(self) -> None:
        # One at a time: a second caller's puts may be among those that the first is still syncing.
        with self._flush_lock:
            with self._lock:
                was_away, unflushed = self._was_away, self._unflushed
            if was_away:
                self._look_again(dict(unflushed))
            with self._lock:
                if self._lost:
                    raise StoreError(
                        "The storage was disconnected before everything was written to it.",
                        remedy="Open the locker again; what was being written is then written anew.",
                    )
                self._syncing, self._dirty = self._dirty, set()
                unflushed, self._unflushed = self._unflushed, {}
            try:
                missing = self._sync(self._syncing)
            except BaseException:
                with self._lock:
                    self._dirty |= self._syncing
                    self._unflushed = unflushed | self._unflushed
                raise
            finally:
                with self._lock:
                    self._syncing = set()
        if missing:
            raise StoreError(f"The folder {missing} vanished from the storage while it was written to.")

    def _look_again(self, unflushed: dict[str, int]) -> None:
        """After the drive was away: lost is what is not there now. What is, is whole: its content was synced first.

        Raises what `StoreRoot.check` raises while the drive is still away.
        """
        with self._converting(""):
            self._root.check()
        for name, size_bytes in unflushed.items():
            try:
                is_there = self.stat(name).size_bytes == size_bytes
            except ObjectNotFoundError:
                is_there = False
            if not is_there:
                self._lost = True
                return
        self._was_away = False

    def _sync(self, folders: set[str]) -> str:
        """Sync these folders and all above them, since another process may have made those; gives one that is gone."""
        missing = ""
        todo = {parent for folder in folders for parent in _with_parents(folder)}
        with self._converting("", writing=True):
            for folder in sorted(todo):
                try:
                    with self._folder(folder) as directory:
                        try:
                            directory.sync()
                        except OSError:
                            # A failed write may be reported only once: a later sync that succeeds proves nothing.
                            self._lost = True
                            raise
                except OSError as error:
                    if error.errno not in folder_os.NOT_THERE:
                        raise
                    self._root.check()
                    missing = folder
        return missing

    def free_bytes(self) -> int | None:
        with self._converting(""):
            self._root.check()
            return shutil.disk_usage(self._root.path).free

    def sweep(self, *, older_than_s: float = _STALE_TEMPORARY_S, now: Callable[[], float] = time.time) -> int:
        """Remove temporary and lock files that crashed processes left, if older than this. Gives how many.

        Never touches a file of any other name. A day leaves room for clocks that disagree.
        """
        before = now() - older_than_s
        count = 0
        todo = [""]
        while todo:
            folder = todo.pop()
            start = f"{folder}/" if folder else ""
            with self._converting("", writing=True):
                try:
                    with self._folder(folder) as directory:
                        for name, size_bytes in [*directory.entries(lambda *_: True)]:
                            if size_bytes is None:
                                todo += [start + name] if is_name(start + name) else []
                            elif name.startswith(folder_os.TEMPORARY_START) and name.endswith(folder_os.TEMPORARY_ENDS):
                                with contextlib.suppress(FileNotFoundError):
                                    if directory.lstat(name).st_mtime < before:
                                        directory.remove(name)
                                        count += 1
                except OSError as error:
                    if error.errno not in folder_os.NOT_THERE:
                        raise
        return count

    def _left(self) -> None:
        """The drive went away: what was put and not flushed before may be gone."""
        with self._lock:
            self._was_away = self._was_away or bool(self._dirty) or bool(self._syncing)

    @contextlib.contextmanager
    def _folder(self, folder: str, *, create: bool = False) -> Iterator[Directory]:
        """A folder of the store, open. With ``create`` made if missing; the store's own folder never is."""
        directory = self._open_folder(folder, create=create)
        try:
            yield directory
        finally:
            directory.close()

    def _open_folder(self, folder: str, *, create: bool) -> Directory:
        directory = self._root.open(mark=create)
        try:
            for name in folder.split("/") if folder else ():
                inner = directory.open_folder(name, create=create)
                directory.close()
                directory = inner
        except BaseException:
            directory.close()
            raise
        return directory

    @contextlib.contextmanager
    def _object(self, name: str) -> Iterator[tuple[int, ObjectInfo]]:
        with self._finding(name):
            descriptor, size_bytes = self._open_object(name)
            try:
                yield descriptor, ObjectInfo(name, size_bytes)
            finally:
                os.close(descriptor)

    def _open_object(self, name: str) -> tuple[int, int]:
        """An object's file, open, and its size. Raises OSError."""
        folder, _, last = check_name(name).rpartition("/")
        with self._folder(folder) as directory:
            # Looked at first: to open a planted pipe or device could block or do something.
            regular(directory.lstat(last))
            descriptor = directory.open(last, folder_os.READ)
        try:
            return descriptor, regular(os.fstat(descriptor)).st_size
        except BaseException:
            os.close(descriptor)
            raise

    @contextlib.contextmanager
    def _finding(self, name: str) -> Iterator[None]:
        """For reading one object: what is not there is ObjectNotFoundError, unless the whole store is not there."""
        with self._converting(name):
            try:
                yield
            except OSError as error:
                if error.errno not in folder_os.NOT_THERE:
                    raise
                self._root.check()
                raise ObjectNotFoundError(f"The object {name} is not in the storage.", object_name=name) from error

    @contextlib.contextmanager
    def _converting(self, name: str, *, writing: bool = False) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            self._root.check()
            raise folder_os.convert(error, name, writing=writing) from error
        except OSError as error:
            raise folder_os.convert(error, name, writing=writing) from error


def _with_parents(folder: str) -> Iterator[str]:
    yield folder
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder


def _ended_early(name: str) -> StoreProtocolError:
    return StoreProtocolError(f"The object {name} ended early.", object_name=name)
