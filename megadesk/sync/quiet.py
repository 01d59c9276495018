"""Whether a file is being written: two seconds without a change before it is read.

Half a second is enough where the system can tell that no program has the file open for writing. The system's stamp of
the last change (ctime) counts, unless the clock was set: then the file is watched for two seconds by a clock that
nobody sets.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

QUIET_S = 2.0
CLOSED_S = 0.5
"""Of quiet, for files that are known to be closed."""
_MAX_WATCHED = 100_000


class Quiet:
    """Remembers files that were seen changing. For one thread."""

    def __init__(
        self,
        quiet_s: float = QUIET_S,
        *,
        now_ns: Callable[[], int] = time.time_ns,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._quiet_s = quiet_s
        self._now_ns = now_ns
        self._monotonic = monotonic
        self._watched: dict[bytes, tuple[tuple[int, int, int, int], float]] = {}

    def may_ask(self, status: os.stat_result) -> bool:
        """Whether the file may be read if no program has it open for writing."""
        return self._now_ns() - status.st_ctime_ns >= min(CLOSED_S, self._quiet_s) * 1e9

    def __call__(self, path: bytes, status: os.stat_result) -> bool:
        """Whether the file in this state may be read."""
        age_ns = self._now_ns() - status.st_ctime_ns
        if age_ns >= self._quiet_s * 1e9:
            self._watched.pop(path, None)
            return True
        state = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        now_s = self._monotonic()
        known = self._watched.get(path)
        if known is None or known[0] != state:
            if len(self._watched) >= _MAX_WATCHED:
                self._watched.clear()
            self._watched[path] = (state, now_s)
            return self._quiet_s <= 0
        if now_s - known[1] >= self._quiet_s:
            del self._watched[path]
            return True
        return False
