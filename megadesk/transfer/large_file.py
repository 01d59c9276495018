"""A file of several slices while it is being written: hidden until all of it is there, and resumable.

The temporary file's name follows from the content, so that a later run finds what an earlier one left. It is not
trusted: a slice found in it counts only if its keyed digest is the one in the manifest.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
import sys
import threading
from collections.abc import Callable

from megadesk.crypto import aead
from megadesk.format.ops import FileContent
from megadesk.transfer import temporaries
from megadesk.transfer.upload import slice_size

if sys.platform != "win32":
    import fcntl

CREATE_FLAGS = (
    os.O_RDWR
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)

_WRITE_BYTES = 128 << 10
"""Linux takes memory for the page cache in pieces as large as what is written at once. Large pieces are those that have
lain idle longest, which a virtual machine's host has taken back: getting them again cost four times the write."""


def temporary_name(path: str) -> str:
    """A new hidden name beside ``path``."""
    return os.path.join(os.path.dirname(path), temporaries.PREFIX + os.urandom(8).hex())


def write_fully(descriptor: int, data: memoryview, offset: int) -> None:
    done = 0
    while done < len(data):
        done += os.pwrite(descriptor, data[done : done + _WRITE_BYTES], offset + done)


class LargeFile:
    """Shared by the fetchers of one file. Slices are claimed, written in any order, and accounted for."""

    def __init__(
        self, path: str, content: FileContent, mode: int, mtime_ns: int, publish: Callable[[str], None]
    ) -> None:
        """``publish`` gives the whole file, which it is told by its temporary path, its name at last."""
        self.path = path
        self.content = content
        self.spoilt = False
        self.resumed = False
        """The temporary file was there before: slices may be in it already."""
        self._publish = publish
        self._mode = mode
        self._mtime_ns = mtime_ns
        self._count = len(content.slices)
        self._lock = threading.Lock()
        self._next = 0
        self._left = self._count
        self._descriptor = -1
        self._temporary = ""

    def claim(self) -> range | None:
        """The next slices to fetch, which fill a stretch of one pack without a gap, or None when there are none."""
        with self._lock:
            first = self._next
            if first >= self._count:
                return None
            self._next += 1
            pack = self.content.slices[first].pack
            start, end = self._place(first)
            while self._next < self._count and self.content.slices[self._next].pack == pack:
                # Either way round: several threads seal the slices of a pack.
                low, high = self._place(self._next)
                if low == end:
                    end = high
                elif high == start:
                    start = low
                else:
                    break
                self._next += 1
            return range(first, self._next)

    def stretch(self, run: range) -> tuple[int, int]:
        """Where in its pack a claimed run begins and ends."""
        places = [self._place(position) for position in run]
        return min(start for start, _ in places), max(end for _, end in places)

    def _place(self, position: int) -> tuple[int, int]:
        start = self.content.slices[position].offset
        return start, start + aead.slice_stored_size(slice_size(self.content.size, position))

    def open(self) -> int:
        """Descriptor of the temporary file, made or found at the first call. Raises OSError."""
        with self._lock:
            if self._descriptor < 0:
                if not self._take_over():
                    self._temporary = temporary_name(self.path)
                    self._descriptor = os.open(self._temporary, CREATE_FLAGS, 0o600)
                _reserve(self._descriptor, self.content.size)
            return self._descriptor

    def _take_over(self) -> bool:
        """Open the file that belongs to this content, new or left by an earlier run, unless somebody uses it."""
        if sys.platform == "win32":  # no lock there, so never a shared name
            return False
        name = hashlib.sha256(b"".join(ref.digest for ref in self.content.slices)).hexdigest()[:16]
        path = os.path.join(os.path.dirname(self.path), f"{temporaries.PREFIX}{name}.part")
        try:
            descriptor = os.open(path, CREATE_FLAGS & ~os.O_EXCL, 0o600)
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.EISDIR, errno.EACCES, errno.EPERM):
                return False
            raise
        status = os.fstat(descriptor)
        ours = stat.S_ISREG(status.st_mode) and status.st_nlink == 1 and status.st_uid == os.geteuid()
        try:
            if not ours:
                raise BlockingIOError
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor, self._temporary = descriptor, path
        self.resumed = status.st_size > 0
        return True

    def spoil(self) -> bool:
        """The file cannot be completed. True for the first to say so."""
        with self._lock:
            first = not self.spoilt
            self.spoilt = True
            self._left -= self._count - self._next
            self._next = self._count
            return first

    def finished_one(self) -> bool:
        """True for whoever finished the last slice."""
        with self._lock:
            self._left -= 1
            return self._left == 0

    def finish(self) -> None:
        """Give the complete file its name. Raises OSError."""
        descriptor = self._descriptor
        os.ftruncate(descriptor, self.content.size)
        os.fchmod(descriptor, self._mode)
        os.utime(descriptor, ns=(self._mtime_ns, self._mtime_ns))
        self._publish(self._temporary)
        self.leave()

    def leave(self) -> None:
        """Close what there is and keep it for a later run."""
        with self._lock:
            descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def discard(self) -> None:
        """Remove what there is."""
        if self._temporary:
            with contextlib.suppress(OSError):
                os.unlink(self._temporary)
        self.leave()


def _reserve(descriptor: int, size_bytes: int) -> None:
    """Fail now rather than after gigabytes when the disk is too small. Raises OSError for that only.

    Looked up and not allocated: writing into allocated blocks costs ext4 nearly twice the processor time.
    """
    if not hasattr(os, "fstatvfs"):
        return
    space = os.fstatvfs(descriptor)
    free = space.f_bavail * space.f_frsize + os.fstat(descriptor).st_blocks * 512
    if free < size_bytes:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
