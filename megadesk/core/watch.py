"""Keeping an open window current: what other programs on this machine and other devices write, noticed soon.

Other programs share the index: looking whether its file was written to costs some microseconds. Other devices are asked
about through the storage, seldom, and more seldom while nothing happens or the storage is away. A storage that tells of
new objects by itself is listened to: then it is asked at once.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable

from megadesk.errors import MegaDeskError, StoreError
from megadesk.stores.handles import Listening

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
ASK_FIRST_S = 15.0
ASK_AT_MOST_EVERY_S = 240.0
LISTEN_AGAIN_FIRST_S = 1.0
LISTEN_AGAIN_AT_MOST_S = 60.0


class Others(Listening):
    """What is heard, but for what this device put itself."""

    def __init__(self, inner: Listening, own: str) -> None:
        """``own``: the folder of this device's log."""
        self._inner = inner
        self._own = own

    def __next__(self) -> str:
        while (name := next(self._inner)).startswith(self._own):
            pass
        return name

    def close(self) -> None:
        self._inner.close()


class Watch:
    """A thread that looks and asks until it is stopped. Errors of asking are the locker's to tell, not ours."""

    def __init__(
        self,
        entries: Callable[[], int],
        refresh: Callable[[], int],
        changed: Callable[[], None],
        *,
        stamp: Callable[[], object] | None = None,
        listen: Callable[[], Listening | None] | None = None,
        look_every_s: float = LOOK_EVERY_S,
        ask_first_s: float = ASK_FIRST_S,
    ) -> None:
        """``entries`` counts those applied; ``refresh`` asks the storage and says how many came. ``listen`` gives what
        others put, as it comes, or None where the storage does not tell; it may raise StoreError. ``stamp`` is another
        value once ``entries`` may be another one; what it misses is seen when the storage is asked."""
        self._entries = entries
        self._refresh = refresh
        self._changed = changed
        self._stamp = stamp
        self._look_every_s = look_every_s
        self._ask_first_s = ask_first_s
        self._listen = listen
        self._stopped = threading.Event()
        self._wake = threading.Event()
        """Set when it stops, or when something was heard."""
        self._heard = False
        self._listening: Listening | None = None
        self._listening_lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run, name="locker-watch", daemon=True)]
        if listen is not None:
            self._threads.append(threading.Thread(target=self._hear, name="locker-listen", daemon=True))

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        self._stopped.set()
        self._wake.set()
        with self._listening_lock:
            if self._listening is not None:
                self._listening.close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout_s)

    def _run(self) -> None:
        pause_s = self._ask_first_s
        waited_s = 0.0
        stamp = self._stamped()
        known = self._count(0)
        while not self._stopped.is_set():
            began = time.monotonic()
            self._wake.wait(self._look_every_s)
            if self._stopped.is_set():
                return
            # Cleared before the storage is asked: what is heard meanwhile asks once more.
            self._wake.clear()
            heard, self._heard = self._heard, False
            waited_s += time.monotonic() - began
            asks = heard or waited_s >= pause_s
            before, stamp = stamp, self._stamped()
            count = self._count(known) if asks or stamp is None or stamp != before else known
            if count != known:
                known = count
                pause_s = self._ask_first_s
                self._changed()
            if asks:
                waited_s = 0.0
                pause_s = self._ask_first_s if self._ask() else min(pause_s * 2, ASK_AT_MOST_EVERY_S)

    def _hear(self) -> None:
        """Wake the other thread at everything that is heard."""
        pause_s = LISTEN_AGAIN_FIRST_S
        while not self._stopped.is_set():
            try:
                listening = self._begin_to_listen()
                if listening is None:
                    return
                for _ in listening:
                    pause_s = LISTEN_AGAIN_FIRST_S
                    self._heard = True
                    self._wake.set()
            except StoreError as error:
                log.info("the storage cannot be heard: %s", type(error).__name__)
            # A server that is back meets its clients one by one, not all at the same moment.
            if self._stopped.wait(pause_s * random.uniform(0.5, 1.0)):  # noqa: S311 - nothing secret
                return
            pause_s = min(pause_s * 2, LISTEN_AGAIN_AT_MOST_S)

    def _begin_to_listen(self) -> Listening | None:
        """None when there is nothing to listen to, or the watch has stopped."""
        assert self._listen is not None
        listening = self._listen()
        with self._listening_lock:
            self._listening = listening
            if listening is not None and self._stopped.is_set():
                listening.close()
                return None
        return listening

    def _stamped(self) -> object:
        """None: nobody knows."""
        try:
            return self._stamp() if self._stamp is not None else None
        except OSError:
            return None

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
