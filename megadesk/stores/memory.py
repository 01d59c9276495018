"""A store in memory: for tests, and the measure of what the contract means."""

from __future__ import annotations

import bisect
import threading
from collections.abc import Iterator, Sequence

from megadesk.errors import InputError, ObjectExistsError, ObjectNotFoundError
from megadesk.stores.api import (
    Data,
    ObjectInfo,
    Store,
    StoreProperties,
    as_views,
    check_name,
    check_prefix,
    check_range,
    size_of,
)


class MemoryStore(Store):
    """Objects in a dict. Durable for as long as the object lives; every put copies."""

    def __init__(self, *, max_object_bytes: int = (1 << 32) - 1) -> None:
        self._lock = threading.Lock()
        self._objects: dict[str, bytes] = {}
        self._properties = StoreProperties(
            kind="memory",
            address="memory:",
            atomic_create=True,
            durable_put=True,
            max_object_bytes=max_object_bytes,
            range_get=True,
        )

    @property
    def properties(self) -> StoreProperties:
        return self._properties

    def put(self, name: str, data: Data, *, create_only: bool = False) -> None:
        check_name(name)
        if size_of(data) > self._properties.max_object_bytes:
            raise InputError(f"The object {name} is larger than the storage allows.")
        content = b"".join(as_views(data))
        with self._lock:
            if create_only and name in self._objects:
                raise ObjectExistsError(f"The object {name} exists already.", object_name=name)
            self._objects[name] = content

    def get(self, name: str, *, offset: int = 0, length: int | None = None, max_bytes: int | None = None) -> bytes:
        content = self._content(name)
        count = check_range(ObjectInfo(name, len(content)), offset, length, max_bytes)
        return content[offset : offset + count]

    def stat(self, name: str) -> ObjectInfo:
        return ObjectInfo(name, len(self._content(name)))

    def list(self, prefix: str = "", start_after: str = "") -> Iterator[ObjectInfo]:
        check_prefix(prefix)
        with self._lock:
            names = sorted(self._objects)
        first = max(bisect.bisect_left(names, prefix), bisect.bisect_right(names, start_after))
        return self._infos(names, first, prefix)

    def _infos(self, names: Sequence[str], first: int, prefix: str) -> Iterator[ObjectInfo]:
        for index in range(first, len(names)):
            if not names[index].startswith(prefix):
                return
            with self._lock:
                content = self._objects.get(names[index])
            if content is not None:
                yield ObjectInfo(names[index], len(content))

    def delete(self, name: str) -> None:
        check_name(name)
        with self._lock:
            self._objects.pop(name, None)

    def flush(self) -> None:
        return

    def _content(self, name: str) -> bytes:
        check_name(name)
        with self._lock:
            content = self._objects.get(name)
        if content is None:
            raise ObjectNotFoundError(f"The object {name} is not in the storage.", object_name=name)
        return content
