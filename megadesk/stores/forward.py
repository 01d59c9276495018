"""What all wrappers around a store have in common: they pass on what they do not change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from megadesk.stores.api import Data, MendReport, ObjectInfo, PartStatus, Store, StoreProperties
from megadesk.stores.handles import Listening
from megadesk.stores.link_host import LinkHost

_T = TypeVar("_T")


class ForwardStore(Store):
    """Another store, unchanged. Closing it closes that one.

    `open_read` and `open_write` are not passed on: they stay made of `get` and `put`, which is what wrappers change.
    """

    def __init__(self, inner: Store) -> None:
        self._inner = inner

    def _store(self) -> Store:
        """Where everything goes."""
        return self._inner

    @property
    def properties(self) -> StoreProperties:
        return self._store().properties

    def put(self, name: str, data: Data, *, create_only: bool = False) -> None:
        self._store().put(name, data, create_only=create_only)

    def get(self, name: str, *, offset: int = 0, length: int | None = None, max_bytes: int | None = None) -> bytes:
        return self._store().get(name, offset=offset, length=length, max_bytes=max_bytes)

    def get_into(self, name: str, buffer: memoryview, offset: int = 0) -> None:
        self._store().get_into(name, buffer, offset)

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
        return self._store().parts()

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

    def together(self, action: Callable[[], _T]) -> _T:
        return self._store().together(action)

    def close(self) -> None:
        self._store().close()
