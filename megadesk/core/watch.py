"""Keeping an open window current: what other programs on this machine and other devices write, noticed soon.

Other programs share the index: looking at it costs a fraction of a millisecond. Other devices are asked about through
the storage, seldom, and more seldom while nothing happens or the storage is away.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from megadesk.errors import MegaDeskError

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
ASK_FIRST_S = 15.0
ASK_AT_MOST_EVERY_S = 240.0


class Watch:
    """A thread that looks and asks until it is stopped. Errors of asking are the locker's to tell, not ours."""

    def __init__(
        self,
        entries: Callable[[], int],
        refresh: Callable[[], int],
        changed: Callable[[], None],
        *,
        look_every_s: float = LOOK_EVERY_S,
        ask_first_s: float = ASK_FIRST_S,
    ) -> None:
        """``entries`` counts those applied; ``refresh`` asks the storage and says how many came."""
        self._entries = entries
        self._refresh = refresh
        self._changed = changed
        self._look_every_s = look_every_s
        self._ask_first_s = ask_first_s
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="locker-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        pause_s = self._ask_first_s
        waited_s = 0.0
        known = self._count(0)
        while not self._stopped.wait(self._look_every_s):
            waited_s += self._look_every_s
            count = self._count(known)
            if count != known:
                known = count
                pause_s = self._ask_first_s
                self._changed()
            if waited_s >= pause_s:
                waited_s = 0.0
                pause_s = self._ask_first_s if self._ask() else min(pause_s * 2, ASK_AT_MOST_EVERY_S)

    def _count(self, known: int) -> int:
        try:
            return self._entries()
        except MegaDeskError:  # busy or closing: the next look will tell
            return known

    def _ask(self) -> bool:
        try:
            return self._refresh() > 0
        except MegaDeskError as error:
            log.info("the storage could not be asked: %s", type(error).__name__)
            return False
