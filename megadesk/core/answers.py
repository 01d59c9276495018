"""What an open locker answers. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field

from megadesk.core.redundancy import PartState
from megadesk.tree.rows import NodeRow


@dataclass(frozen=True)
class FoundRow:
    """A search result."""

    path: str
    row: NodeRow


@dataclass(frozen=True)
class StoredIn:
    """Where a file's content lies."""

    address: str
    packs: int
    """Objects in the storage that hold parts of it; small files share theirs with others."""
    slices: int


@dataclass(frozen=True)
class LockerStatus:
    """The locker at a glance; sizes in bytes, times in milliseconds since 1970."""

    name: str
    locker_id: str
    store_address: str
    store_kind: str
    free_bytes: int | None
    files: int
    folders: int
    bytes: int
    entries: int
    devices: int
    pending_transfers: int
    refreshed_ms: int | None
    checked_ms: int | None
    read_only_reason: str | None
    trouble: str | None
    stores: list[PartState] = field(default_factory=list)
    """Of a spread: each of its stores."""
    sync_pairs: int = 0
    sync_problems: int = 0
