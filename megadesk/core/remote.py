"""What a storage shows to whoever runs it: names and sizes of objects, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from megadesk.stores.api import ObjectInfo, Store


@dataclass(frozen=True)
class RemoteListing:
    """The first objects by name, as the storage itself lists them."""

    objects: tuple[ObjectInfo, ...]
    complete: bool
    """No more than these are there."""

    @property
    def size_bytes(self) -> int:
        return sum(info.size_bytes for info in self.objects)


def remote_listing(store: Store, limit: int) -> RemoteListing:
    """Ask the storage for at most ``limit`` names. Raises StoreError."""
    found: list[ObjectInfo] = []
    for info in store.list():
        if len(found) == limit:
            return RemoteListing(tuple(sorted(found)), complete=False)
        found.append(info)
    return RemoteListing(tuple(sorted(found)), complete=True)
