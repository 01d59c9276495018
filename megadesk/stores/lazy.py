"""A store that is opened when it is first needed, so that a locker can be shown while its storage is away."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from megadesk.stores.api import PartStatus, Store, StoreProperties
from megadesk.stores.forward import ForwardStore
from megadesk.stores.handles import ReadHandle, WriteHandle


class LazyStore(ForwardStore):
    """Opens the store behind it at the first operation, and tries again at the next one when that fails."""

    def __init__(self, opener: Callable[[], Store]) -> None:
        """``opener`` may raise any StoreError; it is called until it succeeds once."""
        self._opener = opener
        self._lock = threading.Lock()
        self._opened: Store | None = None

    def _store(self) -> Store:
        with self._lock:
            if self._opened is None:
                self._opened = self._opener()
            return self._opened

    def reopen(self) -> None:
        """Open anew at the next operation. The old store is closed: operations under way fail or finish."""
        with self._lock:
            opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()

    @property
    def properties(self) -> StoreProperties:
        """As of the store behind; unlike there, the first call may do input and output."""
        return self._store().properties

    def open_read(self, name: str) -> ReadHandle:
        return self._store().open_read(name)

    def open_write(self, name: str, size_bytes: int) -> WriteHandle:
        return self._store().open_write(name, size_bytes)

    def parts(self) -> Sequence[PartStatus]:
        with self._lock:
            opened = self._opened
        return opened.parts() if opened is not None else ()

    def close(self) -> None:
        with self._lock:
            if self._opened is not None:
                self._opened.close()
