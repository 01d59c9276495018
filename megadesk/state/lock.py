"""Locks between processes, and between the threads of one process.

Each hold opens the lock file anew: ``flock`` belongs to the open file, so two threads of one process exclude
one another just as two processes do. The operating system drops the lock when its holder dies, however it
dies, so a lock file that lies about means nothing. The file holds the holder's process number, for the error
message only.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import threading
import time
from pathlib import Path
from types import TracebackType

from megadesk.errors import LockerBusyError
from megadesk.state.files import local_error, private_folder

DEFAULT_TIMEOUT_S = 30.0
_FIRST_PAUSE_S = 0.002
_LONGEST_PAUSE_S = 0.05

if sys.platform == "win32":
    import msvcrt

    # Windows locks ranges, and against reading too: lock one byte far behind the process number.
    _LOCKED_BYTE = 1 << 30

    def _try_lock(fd: int, shared: bool) -> bool:
        """msvcrt has no shared locks: a shared hold is exclusive here, which is slower and as safe."""
        os.lseek(fd, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(fd: int) -> None:
        os.lseek(fd, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(fd: int, shared: bool) -> bool:
        try:
            fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in {errno.EWOULDBLOCK, errno.EACCES, errno.EINTR}:
                return False
            raise
        return True

    def _unlock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_UN)


class HeldLock:
    """A lock that is held until `release` or the end of the ``with`` block. Any thread may release it."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._guard = threading.Lock()

    def release(self) -> None:
        """Idempotent."""
        with self._guard:
            fd, self._fd = self._fd, -1
        if fd < 0:
            return
        # Unlocked by hand before it is closed: a child that was forked meanwhile has the same open file.
        with contextlib.suppress(OSError):
            os.ftruncate(fd, 0)
        with contextlib.suppress(OSError):
            _unlock(fd)
        os.close(fd)

    def __enter__(self) -> HeldLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


class FileLock:
    """A lock named by a file, which is made when missing (0600) and never deleted.

    ``with FileLock(path): ...`` or ``with lock.hold(timeout_s=1, shared=True): ...``. One FileLock may be
    used by many threads. It is not re-entrant: a thread that asks for what it holds gets LockerBusyError when
    the time is up.
    """

    def __init__(self, path: Path, *, timeout_s: float = DEFAULT_TIMEOUT_S, what: str = "The locker") -> None:
        """``timeout_s`` serves the plain ``with``; ``what`` begins the sentence of the error."""
        self.path = path
        self._timeout_s = timeout_s
        self._what = what
        self._mine = threading.local()

    def hold(self, *, timeout_s: float | None = None, shared: bool = False) -> HeldLock:
        """Wait at most ``timeout_s`` (0: do not wait; None: the lock's own) and hold the lock.

        Shared holders exclude exclusive ones only. Raises LockerBusyError, naming the holder's process when
        known; LocalFileError when the lock file cannot be made.
        """
        limit_s = self._timeout_s if timeout_s is None else timeout_s
        deadline = time.monotonic() + limit_s
        pause_s = _FIRST_PAUSE_S
        while True:
            held = self.try_hold(shared=shared)
            if held is not None:
                return held
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                raise LockerBusyError(
                    f"{self._what} is in use by {self._holder()}.",
                    remedy="Wait until it has finished, or close it, and try again.",
                )
            time.sleep(min(pause_s, left_s))
            pause_s = min(pause_s * 1.5, _LONGEST_PAUSE_S)

    def try_hold(self, *, shared: bool = False) -> HeldLock | None:
        """Hold the lock if it is free this moment, else None. Raises LocalFileError."""
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOINHERIT", 0)
        try:
            fd = self._open(flags)
            try:
                if not _try_lock(fd, shared) or not self._is_current(fd):
                    os.close(fd)
                    return None
            except BaseException:
                with contextlib.suppress(OSError):
                    os.close(fd)
                raise
        except OSError as error:
            raise local_error(error, self.path, "lock") from error
        # A full disk must not keep anybody from locking.
        with contextlib.suppress(OSError):
            os.ftruncate(fd, 0)
            os.lseek(fd, 0, os.SEEK_SET)
            os.write(fd, b"%d\n" % os.getpid())
        return HeldLock(fd)

    def _open(self, flags: int) -> int:
        try:
            return os.open(self.path, flags, 0o600)
        except FileNotFoundError:
            private_folder(self.path.parent)
            return os.open(self.path, flags, 0o600)

    def _is_current(self, fd: int) -> bool:
        """False if the file was replaced between opening and locking it: then it excludes nobody."""
        try:
            return os.path.samestat(os.fstat(fd), os.stat(self.path))
        except FileNotFoundError:
            return False

    def _holder(self) -> str:
        try:
            pid = int(self.path.read_bytes()[:20])
        except (OSError, ValueError):
            return "another process"
        return "another part of this program" if pid == os.getpid() else f"another process (number {pid})"

    def __enter__(self) -> FileLock:
        held = self.hold()
        stack: list[HeldLock] = self._mine.__dict__.setdefault("stack", [])
        stack.append(held)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        stack: list[HeldLock] = self._mine.stack
        stack.pop().release()
