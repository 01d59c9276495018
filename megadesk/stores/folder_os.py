"""The operating system's side of the folder store: directory handles, writing, reading, error numbers.

On POSIX every folder inside a store is opened relative to the one above it and without following symbolic links, so
what somebody plants in a store cannot lead out of it. Elsewhere (Windows) the same is done by looking before opening.
Functions raise OSError; only `convert` makes typed errors.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Final, NamedTuple, Self

from megadesk.errors import (
    StoreAccessError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreProtocolError,
    StoreReadOnlyError,
    StoreUnavailableError,
)

TEMPORARY_START: Final = ".~"
TEMPORARY_ENDS: Final = (".md.tmp", ".md.lock")
"""Hidden, so never an object; sync clients commonly leave ".~" and ".tmp" files alone."""

CHUNK: Final = 512 * 1024
READ_CHUNK: Final = 1024 * 1024
DIRECT_CHUNK: Final = 4 * 1024 * 1024
DIRECT_FROM: Final = 256 * 1024
_LET_GO_FROM: Final = 1024 * 1024
ALIGNMENT: Final = 4096
_VECTORS: Final = 64

_DIR_FD: Final = {
    os.open,
    os.stat,
    os.mkdir,
    os.link,
    os.unlink,
    os.rename,
} <= os.supports_dir_fd and os.scandir in os.supports_fd
_COMMON: Final = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
READ: Final = os.O_RDONLY | _COMMON
WRITE: Final = os.O_WRONLY | _COMMON
NEW: Final = WRITE | os.O_CREAT | os.O_EXCL
DIRECT: Final[int] = getattr(os, "O_DIRECT", 0)
_FOLDER: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_JUNCTION: Final = 0xA0000003
_datasync: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)


def _numbers(*names: str) -> frozenset[int]:
    return frozenset(getattr(errno, name) for name in names if hasattr(errno, name))


NOT_THERE: Final = _numbers("ENOENT", "ENOTDIR", "ELOOP")
NO_LINKS: Final = _numbers("EPERM", "EACCES", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EINVAL")
_UNSUPPORTED: Final = _numbers("EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS")
_FULL: Final = _numbers("ENOSPC", "EDQUOT")
_REFUSED: Final = _numbers("EACCES", "EPERM")
_BUSY: Final = _numbers("EMFILE", "ENFILE", "EBUSY", "EAGAIN", "ENOMEM", "ETXTBSY", "EDEADLK")
_IN_THE_WAY: Final = _numbers("ELOOP", "ENOTDIR", "EISDIR", "ENOTEMPTY", "EEXIST", "ENAMETOOLONG", "EFBIG")
_SHARING_VIOLATIONS: Final = (32, 33)


def convert(error: OSError, name: str, *, writing: bool) -> StoreError:
    """The typed error for what the system said about an object (or about the store as a whole: ``name`` empty)."""
    number = error.errno
    what = f"The object {name}" if name else "The store folder"
    said = error.strerror or type(error).__name__
    if getattr(error, "winerror", None) in _SHARING_VIOLATIONS or number in _BUSY:
        return StoreBusyError(f"{what} is in use just now ({said}).", object_name=name)
    if number in _FULL:
        return StoreFullError(
            f"{what} does not fit: there is no room left ({said}).", object_name=name, remedy="Make room there."
        )
    if number == errno.EROFS:
        return StoreReadOnlyError(
            f"{what} cannot be written: the file system is read-only.",
            object_name=name,
            remedy="Make the drive writable (a switch on it, or how it is mounted), and try again.",
        )
    if number in _REFUSED:
        kind = StoreReadOnlyError if writing else StoreAccessError
        refused = f"{what} may not be written ({said})." if writing else f"{what} may not be read ({said})."
        return kind(refused, object_name=name, remedy="Check the folder's rights.")
    if number in _IN_THE_WAY:
        foreign = f"Something foreign is in the place of the object {name} ({said})."
        if not name:
            foreign = f"Something foreign is in the place of the store folder ({said})."
        return StoreProtocolError(foreign, object_name=name)
    # Everything else is an input/output error of the drive, or one of the many ways of a network or FUSE mount
    # to say that it is gone (ESTALE, ENOTCONN, ENODEV, EHOSTDOWN, ...).
    return StoreUnavailableError(
        f"{what} cannot be written now ({said})." if writing else f"{what} cannot be read now ({said}).",
        object_name=name,
        remedy="Check that the drive or network folder is connected.",
    )


class Entry(NamedTuple):
    """What a folder holds: ``size_bytes`` is None for a folder."""

    name: str
    size_bytes: int | None


class Directory:
    """An open folder; on POSIX a file descriptor, so it stays the same folder whatever its path becomes."""

    def __init__(self, path: str, descriptor: int | None) -> None:
        self._path = path
        self._descriptor = descriptor

    @classmethod
    def open_root(cls, path: str) -> Self:
        """The folder at ``path``; symbolic links on the way are the user's own and are followed."""
        if _DIR_FD:
            return cls(path, os.open(path, _FOLDER))
        if not stat.S_ISDIR(os.stat(path).st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
        return cls(path, None)

    def open_folder(self, name: str, *, create: bool = False) -> Directory:
        """A folder in this one, made if asked. A symbolic link or a file in its place raises OSError (`NOT_THERE`)."""
        path = os.path.join(self._path, name)
        try:
            if self._descriptor is not None:
                return Directory(path, os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=self._descriptor))
            info = os.lstat(path)
            if not stat.S_ISDIR(info.st_mode) or getattr(info, "st_reparse_tag", 0) == _JUNCTION:
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
            return Directory(path, None)
        except FileNotFoundError:
            if not create:
                raise
        with contextlib.suppress(FileExistsError):
            os.mkdir(self._place(name), dir_fd=self._descriptor)
        return self.open_folder(name)

    def open(self, name: str, flags: int) -> int:
        return os.open(self._place(name), flags, 0o666, dir_fd=self._descriptor)

    def lstat(self, name: str) -> os.stat_result:
        return os.stat(self._place(name), dir_fd=self._descriptor, follow_symlinks=False)

    def replace(self, old: str, new: str) -> None:
        at = self._descriptor
        os.replace(self._place(old), self._place(new), src_dir_fd=at, dst_dir_fd=at)

    def rename_new(self, old: str, new: str) -> None:
        """Windows only: there rename refuses a name that is taken, atomically."""
        os.rename(self._place(old), self._place(new))

    def link(self, old: str, new: str) -> None:
        at = self._descriptor
        os.link(self._place(old), self._place(new), src_dir_fd=at, dst_dir_fd=at)

    def remove(self, name: str) -> None:
        os.unlink(self._place(name), dir_fd=self._descriptor)

    def remove_quietly(self, name: str) -> None:
        with contextlib.suppress(OSError):
            self.remove(name)

    def entries(self, wanted: Callable[[str, bool], bool]) -> Iterator[Entry]:
        """Regular files and folders for which ``wanted(name, is_folder)`` holds, in no order; links are left out."""
        with os.scandir(self._path if self._descriptor is None else self._descriptor) as found:
            for entry in found:
                # What goes away between being read and being looked at was not there during the whole listing.
                with contextlib.suppress(FileNotFoundError):
                    if entry.is_dir(follow_symlinks=False):
                        if wanted(entry.name, True):
                            yield Entry(entry.name, None)
                    elif entry.is_file(follow_symlinks=False) and wanted(entry.name, False):
                        yield Entry(entry.name, entry.stat(follow_symlinks=False).st_size)

    def identity(self) -> tuple[int, int]:
        """Device and inode number."""
        info = os.stat(self._path if self._descriptor is None else self._descriptor)
        return info.st_dev, info.st_ino

    def sync(self) -> None:
        """Make names in this folder durable, where the system can do that for folders at all."""
        if self._descriptor is not None:
            sync_descriptor(self._descriptor)

    def close(self) -> None:
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _place(self, name: str) -> str:
        return name if self._descriptor is not None else os.path.join(self._path, name)


def regular(info: os.stat_result) -> os.stat_result:
    """``info`` if it is of a regular file. A folder, link, pipe or device in the place of an object is not there."""
    if not stat.S_ISREG(info.st_mode):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    return info


def temporary_name() -> str:
    return f"{TEMPORARY_START}{secrets.token_hex(12)}{TEMPORARY_ENDS[0]}"


def sync_descriptor(descriptor: int) -> None:
    """fdatasync. File systems without it (some FUSE ones) are taken to write through."""
    try:
        _datasync(descriptor)
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise


def can_be_direct(views: Sequence[memoryview]) -> bool:
    """Whether O_DIRECT can write these buffers: large, every address and length a multiple of 4096.

    Read-only buffers do not tell their address to Python, so they are written the usual way.
    """
    return (
        DIRECT != 0
        and sum(view.nbytes for view in views) >= DIRECT_FROM
        and all(
            not view.readonly
            and view.nbytes % ALIGNMENT == 0
            and ctypes.addressof(ctypes.c_char.from_buffer(view)) % ALIGNMENT == 0
            for view in views
        )
    )


def write_new(directory: Directory, name: str, views: Sequence[memoryview], *, direct: bool) -> bool:
    """Write a new file and make its content durable (its name is not: see `Directory.sync`).

    ``direct`` (only if `can_be_direct`): past the page cache, which halves the processor time and spreads the waiting
    for the disk over the whole write. Gives False if the file system refused that and the usual way was taken.
    No preallocation: it gains nothing for direct writes, and where a file system lacks it, the C library's substitute
    writes one byte into every block, which on network mounts is worse than all it could save.
    """
    done = 0
    refused = False
    if direct:
        try:
            done = _write_direct(directory, name, views)
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                raise
        refused = done == 0
        if done == sum(view.nbytes for view in views):
            return True
    if refused:
        # Linux may have made the file before it found that it cannot be opened so.
        directory.remove_quietly(name)
    descriptor = directory.open(name, WRITE if done else NEW)
    try:
        os.lseek(descriptor, done, os.SEEK_SET)
        for group in _groups(_after(views, done), CHUNK):
            _write_group(descriptor, group)
        sync_descriptor(descriptor)
    finally:
        os.close(descriptor)
    return not refused


def _write_direct(directory: Directory, name: str, views: Sequence[memoryview]) -> int:
    """Bytes written and made durable with O_DIRECT: fewer than all if the system would not go on that way."""
    done = 0
    descriptor = directory.open(name, NEW | DIRECT)
    try:
        for view in views:
            for start in range(0, view.nbytes, DIRECT_CHUNK):
                with view[start : start + DIRECT_CHUNK] as chunk:
                    try:
                        count = os.write(descriptor, chunk)
                    except OSError as error:
                        if error.errno not in _UNSUPPORTED:
                            raise
                        return done
                    done += count
                    if count < chunk.nbytes:
                        # The rest may not be aligned any more; a full disk says so again.
                        return done
        sync_descriptor(descriptor)
    finally:
        os.close(descriptor)
    return done


def _after(views: Iterable[memoryview], skip: int) -> Iterator[memoryview]:
    for view in views:
        if skip < view.nbytes:
            yield view[skip:]
        skip = max(0, skip - view.nbytes)


def _groups(views: Iterable[memoryview], limit: int) -> Iterator[list[memoryview]]:
    """The views cut and gathered into groups of about ``limit`` bytes for one system call each."""
    group: list[memoryview] = []
    size = 0
    for view in views:
        for start in range(0, view.nbytes, limit):
            group.append(view[start : start + limit])
            size += group[-1].nbytes
            if size >= limit or len(group) >= _VECTORS:
                yield group
                group, size = [], 0
    if group:
        yield group


def _write_group(descriptor: int, group: list[memoryview]) -> None:
    while group:
        count = os.writev(descriptor, group) if hasattr(os, "writev") else os.write(descriptor, group[0])
        group = list(_after(group, count))


def read_at(descriptor: int, count: int, offset: int) -> bytes:
    """Up to ``count`` bytes; fewer only where the file ends."""
    if not hasattr(os, "pread"):
        with open(descriptor, "rb", buffering=0, closefd=False) as file:
            file.seek(offset)
            return file.read(count) or b""
    parts = []
    while count:
        part = os.pread(descriptor, count, offset)
        if not part:
            break
        parts.append(part)
        count -= len(part)
        offset += len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def let_go(descriptor: int, offset: int, size_bytes: int) -> None:
    """What was read of a large object is not kept in memory by the system: whoever restores gigabytes reads them once.

    The pages serve what is written next, instead of others that would have to be found. A wish, which may be ignored.
    """
    if size_bytes >= _LET_GO_FROM and hasattr(os, "posix_fadvise"):
        with contextlib.suppress(OSError):
            os.posix_fadvise(descriptor, offset, size_bytes, os.POSIX_FADV_DONTNEED)


def read_into(descriptor: int, buffer: memoryview, offset: int) -> int:
    """Fill ``buffer``; gives how many bytes there were."""
    done = 0
    with open(descriptor, "rb", buffering=0, closefd=False) as file:
        if not hasattr(os, "preadv"):
            file.seek(offset)
        while done < buffer.nbytes:
            # Short steps let the system read ahead while the last one is copied.
            with buffer[done : done + READ_CHUNK] as rest:
                if hasattr(os, "preadv"):
                    count = os.preadv(descriptor, [rest], offset + done)
                else:
                    count = file.readinto(rest) or 0
            if not count:
                break
            done += count
    return done
