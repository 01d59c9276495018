"""A sub-folder of a store as a store of its own: several lockers in one place."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence

from megadesk.errors import InputError
from megadesk.stores.api import (
    MAX_NAME,
    Data,
    MendReport,
    ObjectInfo,
    PartStatus,
    Store,
    StoreProperties,
    check_name,
    check_prefix,
)
from megadesk.stores.handles import Listening, PrefixListening, ReadHandle, WriteHandle


class PrefixStore(Store):
    """All names of ``inner`` below a folder, with the folder left out.

    ``properties.address`` names the store and the folder for people; it does not open again. Closing closes ``inner``.
    """

    def __init__(self, inner: Store, folder: str) -> None:
        """``folder`` ends with '/'. InputError for what is no folder name."""
        if not check_prefix(folder):
            raise InputError("The folder in the store is empty.")
        self._inner = inner
        self._folder = folder

    @property
    def properties(self) -> StoreProperties:
        whole = self._inner.properties
        return dataclasses.replace(whole, address=f"{whole.address.rstrip('/')}/{self._folder[:-1]}")

    def put(self, name: str, data: Data, *, create_only: bool = False) -> None:
        self._inner.put(self._whole(name), data, create_only=create_only)

    def get(self, name: str, *, offset: int = 0, length: int | None = None, max_bytes: int | None = None) -> bytes:
        return self._inner.get(self._whole(name), offset=offset, length=length, max_bytes=max_bytes)

    def get_into(self, name: str, buffer: memoryview, offset: int = 0) -> None:
        self._inner.get_into(self._whole(name), buffer, offset)

    def open_read(self, name: str) -> ReadHandle:
        return self._inner.open_read(self._whole(name))

    def open_write(self, name: str, size_bytes: int) -> WriteHandle:
        return self._inner.open_write(self._whole(name), size_bytes)

    def stat(self, name: str) -> ObjectInfo:
        return ObjectInfo(name, self._inner.stat(self._whole(name)).size_bytes)

    def list(self, prefix: str = "", start_after: str = "") -> Iterator[ObjectInfo]:
        found = self._inner.list(self._folder + check_prefix(prefix), self._folder + start_after if start_after else "")
        return (ObjectInfo(info.name[len(self._folder) :], info.size_bytes) for info in found)

    def delete(self, name: str) -> None:
        self._inner.delete(self._whole(name))

    def flush(self) -> None:
        self._inner.flush()

    def free_bytes(self) -> int | None:
        return self._inner.free_bytes()

    def sweep(self) -> int:
        return self._inner.sweep()

    def signed_url(self, name: str, *, lasts_s: int, content_type: str = "") -> str | None:
        return self._inner.signed_url(self._whole(name), lasts_s=lasts_s, content_type=content_type)

    def parts(self) -> Sequence[PartStatus]:
        return self._inner.parts()

    def doubt(self, name: str) -> bool:
        return self._inner.doubt(self._whole(name))

    def mend(
        self, *, repair: bool, read_data: bool, step: Callable[[str], None], create: bool = False
    ) -> MendReport | None:
        return self._inner.mend(repair=repair, read_data=read_data, step=step, create=create)

    def mend_known(self) -> int:
        return self._inner.mend_known()

    def listen(self, prefix: str) -> Listening:
        return PrefixListening(self._inner.listen(self._folder + check_prefix(prefix)), self._folder)

    def close(self) -> None:
        self._inner.close()

    def _whole(self, name: str) -> str:
        whole = self._folder + check_name(name)
        if len(whole) > MAX_NAME:
            raise InputError(f"The name {name!a} is too long below {self._folder}.")
        return whole
