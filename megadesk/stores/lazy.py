"""A store that is opened when it is first needed, so that a locker can be shown while its storage is away."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

from megadesk.stores.api import Data, MendReport, ObjectInfo, PartStatus, Store, StoreProperties
from megadesk.stores.handles import Listening, ReadHandle, WriteHandle
from megadesk.stores.link_host import LinkHost


class LazyStore(Store):
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

    def put(self, name: str, data: Data, *, create_only: bool = False) -> None:
        self._store().put(name, data, create_only=create_only)

    def get(self, name: str, *, offset: int = 0, length: int | None = None, max_bytes: int | None = None) -> bytes:
        return self._store().get(name, offset=offset, length=length, max_bytes=max_bytes)

    def get_into(self, name: str, buffer: memoryview, offset: int = 0) -> None:
        self._store().get_into(name, buffer, offset)

    def open_read(self, name: str) -> ReadHandle:
        return self._store().open_read(name)

    def open_write(self, name: str, size_bytes: int) -> WriteHandle:
        return self._store().open_write(name, size_bytes)

    def stat(self, name: str) -> ObjectInfo:
        return self._store().stat(name)

    def list(self, prefix: str = "", start_after: str = "") -> Iterator[ObjectInfo]:
        return self._store().list(prefix, start_after)

    def delete(self, name: str) -> None:
        self._store().delete(name)

    def flush(self) -> None:
        self._store().flush()

    def free_bytes(self) -> int | None:
        return self._store().free_bytes()

    def sweep(self) -> int:
        return self._store().sweep()

    def signed_url(self, name: str, *, lasts_s: int, content_type: str = "") -> str | None:
        return self._store().signed_url(name, lasts_s=lasts_s, content_type=content_type)

    def link_host(self) -> LinkHost | None:
        return self._store().link_host()

    def parts(self) -> Sequence[PartStatus]:
        with self._lock:
            opened = self._opened
        return opened.parts() if opened is not None else ()

    def doubt(self, name: str) -> bool:
        return self._store().doubt(name)

    def mend(
        self, *, repair: bool, read_data: bool, step: Callable[[str], None], create: bool = False
    ) -> MendReport | None:
        return self._store().mend(repair=repair, read_data=read_data, step=step, create=create)

    def mend_known(self) -> int:
        return self._store().mend_known()

    def listen(self, prefix: str) -> Listening:
        return self._store().listen(prefix)

    def close(self) -> None:
        with self._lock:
            if self._opened is not None:
                self._opened.close()
