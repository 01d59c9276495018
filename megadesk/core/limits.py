"""Speed limits of open lockers: what the settings say, at the time of the week that it is."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from megadesk.state.settings import Settings, limits_at
from megadesk.stores.limit import LimitStore

log = logging.getLogger(__name__)
LOOK_EVERY_S = 20.0


class SpeedLimits:
    """Keeps stores to the limits. Thread-safe. A thread looks at the clock only where there is a schedule."""

    def __init__(
        self,
        load: Callable[[], Settings],
        *,
        now: Callable[[], datetime] = datetime.now,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._load = load
        self._now = now
        self._look_every_s = look_every_s
        self._stores: list[LimitStore] = []
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, store: LimitStore) -> None:
        with self._lock:
            self._stores.append(store)

    def apply(self, settings: Settings) -> None:
        """From now on these settings count."""
        up, down = limits_at(settings, self._now())
        with self._lock:
            for store in self._stores:
                store.set_limits(up_bytes_per_s=up or None, down_bytes_per_s=down or None)
            if settings.limit_schedule and self._thread is None and not self._stopped.is_set():
                self._thread = threading.Thread(target=self._look, name="speed-limits", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        with self._lock:
            thread, self._stores = self._thread, []
        if thread is not None:
            thread.join(5)

    def _look(self) -> None:
        while not self._stopped.wait(self._look_every_s):
            self.apply(self._load())
