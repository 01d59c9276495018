"""Whether the storage can be reached at all: while it cannot, nothing is begun, and something small asks for it."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from typing import Final

from megadesk.errors import MegaDeskError, StoreUnavailableError

_WAITS_S: Final = (0.0, 1.0, 2.0, 3.0, 5.0)
"""Before each probe; the last one from then on. A probe is one small request."""


class Circuit:
    """Open while the storage is away. Thread-safe."""

    def __init__(self, probe: Callable[[], object], closed: Callable[[], None]) -> None:
        """``probe`` asks the storage something small and raises StoreUnavailableError when it is away, once, without
        trying again. ``closed`` is told, in a thread of the circuit's, when it is there again."""
        self._probe = probe
        self._closed = closed
        self._lock = threading.Lock()
        self._end: threading.Event | None = None
        """Of the probing that goes on."""
        self._stopped = False

    @property
    def is_open(self) -> bool:
        return self._end is not None

    def open(self) -> None:
        """The storage was found away: probe for it until it is back."""
        with self._lock:
            if self._end is not None or self._stopped:
                return
            self._end = threading.Event()
            threading.Thread(target=self._wait, args=(self._end,), name="storage-probe", daemon=True).start()

    def close(self) -> None:
        """Take it as back: somebody wants to see for himself."""
        with self._lock:
            if self._end is not None:
                self._end.set()
                self._end = None

    def stop(self) -> None:
        """For good. A probe that is under way is not waited for."""
        with self._lock:
            self._stopped = True
        self.close()

    def _wait(self, end: threading.Event) -> None:
        for wait_s in itertools.chain(_WAITS_S, itertools.repeat(_WAITS_S[-1])):
            if end.wait(wait_s):
                return
            try:
                self._probe()
            except StoreUnavailableError:
                continue
            except MegaDeskError:
                pass  # it answers; what else is wrong the transfers will say
            break
        with self._lock:
            if self._end is not end:
                return
            self._end = None
        self._closed()
