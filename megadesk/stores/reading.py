"""What the stores that only links read from have in common: nothing is written, nothing listed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from megadesk.errors import StoreReadOnlyError
from megadesk.stores.api import Data, ObjectInfo, Store, StoreProperties

_MAX_BYTES: Final = 64 << 20


class ReadingStore(Store):
    """A store of objects that somebody else keeps; a subclass says how to `get` them."""

    kind = "link"

    @property
    def properties(self) -> StoreProperties:
        return StoreProperties(
            kind=self.kind,
            address="",
            atomic_create=False,
            durable_put=True,
            max_object_bytes=_MAX_BYTES,
            range_get=True,
        )

    def put(self, name: str, data: Data, *, create_only: bool = False) -> None:
        raise _read_only(name)

    def delete(self, name: str) -> None:
        raise _read_only(name)

    def stat(self, name: str) -> ObjectInfo:
        raise _read_only(name)

    def list(self, prefix: str = "", start_after: str = "") -> Iterator[ObjectInfo]:
        raise _read_only(prefix)

    def flush(self) -> None:
        """Nothing is ever written."""


def _read_only(name: str) -> StoreReadOnlyError:
    return StoreReadOnlyError("A link can only be read.", object_name=name)
