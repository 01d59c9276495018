"""Where a program on this machine serves a locker's links right now, for the other programs that use the locker.

The address is in a file beside the index; it counts while a process holds the lock, which the system drops with the
process. Nothing in it is secret.
"""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

from megadesk.state.files import replace_file
from megadesk.state.lock import FileLock, HeldLock

_MAX_BYTES = 4096


class Beacon:
    """Thread-safe."""

    def __init__(self, file: Path, lock: FileLock) -> None:
        self._file = file
        self._lock = lock
        self._mine = threading.Lock()
        self._held: HeldLock | None = None
        self._url = ""

    def announce(self, url: str) -> None:
        """This program serves at ``url`` from now on; "" ends it. Raises LockerBusyError while another one does,
        LocalFileError."""
        with self._mine:
            if url and self._held is None:
                self._held = self._lock.hold(timeout_s=1.0)
            self._url = url
            if url:
                replace_file(self._file, url.encode())
                return
            held, self._held = self._held, None
            if held is not None:
                with contextlib.suppress(OSError):
                    os.unlink(self._file)
                held.release()

    def url(self) -> str:
        """Where links are served, by this program or another; "" when none does."""
        if self._url:
            return self._url
        free = self._lock.try_hold(shared=True)
        if free is not None:
            free.release()
            return ""
        try:
            return self._file.read_bytes()[:_MAX_BYTES].decode()
        except (OSError, UnicodeDecodeError):
            return ""
